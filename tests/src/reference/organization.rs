//! An organization: its tree, and the policies on the way from the root to an account.
//!
//! <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html>,
//! <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_evaluation.html>.

use std::collections::HashMap;

use serde_json::Value;

use super::document::{Document, Kind};
use super::json::{list, text};

/// An organization of AWS Organizations.
#[derive(Debug)]
pub(super) struct Organization {
    pub id: String,
    management_account: String,
    /// With consolidated billing alone there are no policies.
    has_policies: bool,
    root: String,
    /// Root, units and accounts, as they come.
    levels: Vec<Level>,
    accounts: HashMap<String, Place>,
}

/// What is attached to the root, a unit or an account.
#[derive(Debug)]
pub(super) struct Level {
    pub service_control_policies: Vec<Document>,
    /// Without RCPFullAWSAccess, which is everywhere and allows everything.
    pub resource_control_policies: Vec<Document>,
}

/// Where an account is.
#[derive(Debug)]
struct Place {
    /// `o-…/r-…/ou-…/`, with a slash at the end.
    path: String,
    /// Positions of the root, the units on the way, and the account itself.
    levels: Vec<usize>,
}

impl Organization {
    pub fn read(organization: &Value) -> Organization {
        let word = |member: &str| text(organization, member).unwrap_or_default().to_owned();
        let root = organization.get("Root").unwrap_or(&Value::Null);
        let mut read = Organization {
            id: word("Id"),
            management_account: word("MasterAccountId"),
            has_policies: text(organization, "FeatureSet") != Some("CONSOLIDATED_BILLING"),
            root: text(root, "Id").unwrap_or_default().to_owned(),
            levels: Vec::new(),
            accounts: HashMap::new(),
        };
        let path = format!("{}/", read.id);
        read.unit(root, &path, &[]);
        read
    }

    /// The root or a unit, below the path and the levels above it.
    fn unit(&mut self, unit: &Value, above: &str, levels_above: &[usize]) {
        let path = format!("{above}{}/", text(unit, "Id").unwrap_or_default());
        let levels = self.with_level(unit, levels_above);
        for account in list(unit, "Accounts") {
            let levels = self.with_level(account, &levels);
            let id = text(account, "Id").unwrap_or_default().to_owned();
            self.accounts.insert(id, Place { path: path.clone(), levels });
        }
        for unit in list(unit, "OrganizationalUnits") {
            self.unit(unit, &path, &levels);
        }
    }

    fn with_level(&mut self, place: &Value, above: &[usize]) -> Vec<usize> {
        let levels = above.iter().copied().chain([self.levels.len()]).collect();
        self.levels.push(Level {
            // Organizations attaches FullAWSAccess by itself; an empty list says that it was taken away.
            service_control_policies: match place.get("ServiceControlPolicies") {
                Some(_) => documents(place, "ServiceControlPolicies"),
                None => vec![Document::full_access()],
            },
            resource_control_policies: documents(place, "ResourceControlPolicies"),
        });
        levels
    }

    /// The path of an account of the organization. The management account need not be listed: it is then
    /// taken to be directly below the root.
    pub fn path(&self, account: &str) -> Option<String> {
        match self.accounts.get(account) {
            Some(place) => Some(place.path.clone()),
            None if account == self.management_account => Some(format!("{}/{}/", self.id, self.root)),
            None => None,
        }
    }

    /// The levels whose policies bind that account: none for the management account, whatever is attached.
    pub fn levels(&self, account: &str) -> Vec<&Level> {
        if !self.has_policies || account == self.management_account {
            return Vec::new();
        }
        let levels = self.accounts.get(account).map(|place| place.levels.as_slice()).unwrap_or_default();
        levels.iter().filter_map(|level| self.levels.get(*level)).collect()
    }
}

fn documents(place: &Value, member: &str) -> Vec<Document> {
    let document = |policy: &Value| match policy.as_str() {
        Some("FullAWSAccess" | "RCPFullAWSAccess") => Some(Document::full_access()),
        _ => policy.get("Content").map(|content| Document::read(content, Kind::Other)),
    };
    list(place, member).iter().filter_map(document).collect()
}
