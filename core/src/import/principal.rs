use alloc::{format, string::String, vec::Vec};

use super::draft::Draft;
use crate::arn::{AccountId, PrincipalArn, PrincipalKind};
use crate::json::Value;

/// The principals of the scenario.
impl Draft {
    /// The caller of the first request.
    pub fn caller(&self) -> Option<&str> {
        let principal = self.value("/requests/0/principal")?;
        principal.as_str().or_else(|| principal.get("Arn")?.as_str())
    }

    pub fn principals(&self) -> impl Iterator<Item = (usize, PrincipalArn)> {
        let arn = |principal: &Value| PrincipalArn::parse(principal.get("Arn")?.as_str()?);
        self.list("/principals").iter().enumerate().filter_map(move |(index, one)| Some((index, arn(one)?)))
    }

    /// The place of the user, group or role of that account and name; paths do not matter, since names
    /// are unique in an account.
    pub fn find_principal(&self, account: AccountId, kind: &PrincipalKind) -> Option<usize> {
        self.principals().find(|(_, arn)| arn.account() == account && arn.kind() == kind).map(|(index, _)| index)
    }

    pub fn add_principal(&mut self, arn: &str) -> usize {
        let index = self.list("/principals").len();
        let principal = Value::object([("Arn", Value::text(arn)), ("Policies", Value::array(Vec::new()))]);
        self.put("/principals/-", &principal, format!("principal `{arn}` added"));
        self.touched_principals.push(index);
        index
    }

    /// The place of the principal whose policies a caller has, made if there is none: a user's own, a
    /// session's role. Root users, federated users and services have no place.
    pub fn caller_entry(&mut self, caller: &PrincipalArn) -> Option<usize> {
        let kind = match caller.kind() {
            PrincipalKind::AssumedRole { role, .. } => PrincipalKind::Role { name: role.clone() },
            kind @ (PrincipalKind::User { .. } | PrincipalKind::Role { .. }) => kind.clone(),
            PrincipalKind::Root | PrincipalKind::Group { .. } | PrincipalKind::FederatedUser { .. } => return None,
        };
        if let Some(index) = self.find_principal(caller.account(), &kind) {
            self.touched_principals.push(index);
            return Some(index);
        }
        let arn = match caller.kind() {
            PrincipalKind::AssumedRole { role, .. } => {
                self.note(format!(
                    "role `{role}` is taken to have no path; `aws iam get-role --role-name {role}` prints its ARN"
                ));
                format!("arn:{}:iam::{}:role/{role}", caller.partition(), caller.account())
            }
            _ => String::from(caller.as_str()),
        };
        Some(self.add_principal(&arn))
    }

    /// The place of the user, group or role of that name, made if there is none.
    pub fn entry_by_name(&mut self, output: &str, kind: &PrincipalKind) -> Option<usize> {
        let (word, name) = described(kind)?;
        let known: Vec<(usize, PrincipalArn)> = self.principals().filter(|(_, arn)| arn.kind() == kind).collect();
        let home = self.home();
        let at_home = known.iter().find(|(_, arn)| home.as_ref().is_some_and(|(_, account)| *account == arn.account()));
        if let Some((index, arn)) = at_home.or(known.first()) {
            if known.len() > 1 || at_home.is_none() {
                self.note(format!(
                    "{output} does not say which account {word} `{name}` belongs to: taken to be `{}`",
                    arn.as_str()
                ));
            }
            return Some(*index);
        }
        let Some((partition, account)) = home else {
            self.note(format!(
                "{output} was not placed: nothing says which account {word} `{name}` belongs to; \
                 paste the output of `aws sts get-caller-identity` along"
            ));
            return None;
        };
        self.note(format!(
            "{word} `{name}` is taken to belong to account {account} and to have no path; \
             `aws iam get-{word} --{word}-name {name}` prints its ARN"
        ));
        Some(self.add_principal(&format!("arn:{partition}:iam::{account}:{word}/{name}")))
    }

    /// The partition and account of the caller, else of the first key.
    fn home(&self) -> Option<(String, AccountId)> {
        let caller = self.caller().and_then(PrincipalArn::parse);
        let caller = caller.map(|arn| (arn.partition().into(), arn.account()));
        caller.or_else(|| self.keys().next().map(|(_, arn)| (arn.partition().into(), arn.account())))
    }

    /// Says how to find what is still missing of the principals that the paste is about.
    pub fn ask_about_principals(&mut self) {
        let touched: Vec<(usize, PrincipalArn)> =
            self.principals().filter(|(index, _)| self.touched_principals.contains(index)).collect();
        for (index, arn) in touched {
            let Some((word, name)) = described(arn.kind()) else { continue };
            if self.list(&format!("/principals/{index}/Policies")).is_empty() {
                self.note(format!(
                    "no policy of {word} `{name}` is known; `aws iam list-{word}-policies --{word}-name {name}` and \
                     `aws iam list-attached-{word}-policies --{word}-name {name}` print their names"
                ));
            }
            if word == "user" && self.value(&format!("/principals/{index}/Groups")).is_none() {
                self.note(format!(
                    "user `{name}` is taken to be in no group; \
                     `aws iam list-groups-for-user --user-name {name}` prints what belongs under `Groups`"
                ));
            }
        }
    }
}

/// A kind of IAM identity as the options of the `aws` command call it, and the name.
fn described(kind: &PrincipalKind) -> Option<(&'static str, &str)> {
    match kind {
        PrincipalKind::User { name } => Some(("user", name)),
        PrincipalKind::Role { name } => Some(("role", name)),
        PrincipalKind::Group { name } => Some(("group", name)),
        PrincipalKind::Root | PrincipalKind::AssumedRole { .. } | PrincipalKind::FederatedUser { .. } => None,
    }
}
