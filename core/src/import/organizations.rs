use alloc::{format, string::String, vec, vec::Vec};

use super::Output;
use super::document::document;
use super::draft::Draft;
use crate::arn::{AccountId, Arn};
use crate::json::{Kind, Value};

/// `{"Roots": [{"Id": "r-ab12", "Arn": "arn:aws:organizations::999999999999:root/o-exampleorgid/r-ab12", …}]}`:
/// the ARN tells the organization and its management account too.
pub(super) fn list_roots(draft: &mut Draft, output: &Output) {
    let roots = output.value.get("Roots").and_then(Value::as_array).unwrap_or_default();
    let field = |name| roots.first().and_then(|root| root.get(name)).and_then(Value::as_str);
    let told = field("Arn").and_then(Arn::parse).and_then(|arn| {
        let (organization, root) = arn.resource.strip_prefix("root/")?.split_once('/')?;
        Some((organization, root, AccountId::parse(arn.account)?))
    });
    let Some((organization, root, management_account)) = told else {
        draft.note(format!("{} was not placed: it has no root with its `Arn`", output.kind.name()));
        return;
    };
    let done = format!("root `{root}` of organization `{organization}` noted");
    draft.put("/organization/Id", &Value::text(organization), &*done);
    draft.put("/organization/MasterAccountId", &Value::text(management_account.as_str()), &*done);
    draft.put("/organization/Root/Id", &Value::text(root), &*done);
    if let Some(name) = field("Name") {
        draft.put("/organization/Root/Name", &Value::text(name), &*done);
    }
    draft.touched_organization = true;
}

/// `{"Organization": {"Id": "o-exampleorgid", "FeatureSet": "ALL", "MasterAccountId": "999999999999", …}}`. Its
/// root, without which there are no levels, is in the output of `list-roots`.
pub(super) fn describe_organization(draft: &mut Draft, output: &Output) {
    let Some(organization) = output.value.get("Organization") else { return };
    if draft.value("/organization/Root").is_none() {
        draft.note(format!(
            "{} was not placed: the root of the organization is not known; \
             paste the output of `aws organizations list-roots` along",
            output.kind.name()
        ));
        return;
    }
    let field = |name| organization.get(name).and_then(Value::as_str);
    let done = format!("organization `{}` noted", field("Id").unwrap_or_default());
    for name in ["Id", "MasterAccountId", "FeatureSet"] {
        if let Some(value) = field(name) {
            draft.put(&format!("/organization/{name}"), &Value::text(value), &*done);
        }
    }
    draft.touched_organization = true;
}

/// The list under a target of the tree in which policies of a type stand, as `describe-policy` names the type.
pub(super) fn list_of_policy_type(name: &str) -> Option<&'static str> {
    match name {
        "SERVICE_CONTROL_POLICY" => Some("ServiceControlPolicies"),
        "RESOURCE_CONTROL_POLICY" => Some("ResourceControlPolicies"),
        _ => None,
    }
}

/// `{"Policy": {"PolicySummary": {"Id": "p-12345678", "Name": …, "Type": …}, "Content": "{…}"}}`. It does not
/// say what the policy is attached to.
pub(super) fn describe_policy(draft: &mut Draft, output: &Output) {
    let Some(policy) = output.value.get("Policy") else { return };
    let summary = |name| policy.get("PolicySummary").and_then(|summary| summary.get(name));
    let field = |name| summary(name).and_then(Value::as_str).unwrap_or_default();
    let (Some(list), Some(content)) = (list_of_policy_type(field("Type")), policy.get("Content")) else { return };
    let (id, name) = (field("Id"), field("Name"));
    if summary("AwsManaged").is_some_and(|managed| managed.kind == Kind::Bool(true)) {
        draft.did(format!("`{name}` is AWS's own policy, whose name stands for its content"));
        return;
    }
    let places = draft.attached(list, id, name);
    for place in &places {
        let done = format!("content of policy `{name}` replaced");
        draft.put(&format!("{place}/Content"), &document(content, &output.text), done);
    }
    if places.is_empty() {
        draft.note(format!(
            "{} was not placed: nothing says what policy `{name}` is attached to; put \
             `{{\"Name\": \"{name}\", \"Id\": \"{id}\", \"Content\": …}}` under `{list}` of each root, unit or account \
             that `aws organizations list-targets-for-policy --policy-id {id}` prints",
            output.kind.name()
        ));
    }
}

impl Draft {
    /// Where in the organization a policy stands: by its id, or by its name where no id is written.
    fn attached(&self, list: &str, id: &str, name: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut targets = vec![String::from("/organization/Root")];
        while let Some(target) = targets.pop() {
            for (index, policy) in self.list(&format!("{target}/{list}")).iter().enumerate() {
                let is = |field: &str, text: &str| policy.get(field).map(|value| value.as_str() == Some(text));
                if is("Id", id).or(is("Name", name)) == Some(true) {
                    found.push(format!("{target}/{list}/{index}"));
                }
            }
            for children in ["OrganizationalUnits", "Accounts"] {
                let count = self.list(&format!("{target}/{children}")).len();
                targets.extend((0..count).map(|index| format!("{target}/{children}/{index}")));
            }
        }
        found
    }

    /// The accounts that the tree of the organization has.
    fn accounts_in_organization(&self) -> Vec<AccountId> {
        let mut accounts = Vec::new();
        let mut targets: Vec<&Value> = self.value("/organization/Root").into_iter().collect();
        while let Some(target) = targets.pop() {
            let children = |name| target.get(name).and_then(Value::as_array).unwrap_or_default();
            accounts.extend(children("Accounts").iter().filter_map(|it| AccountId::parse(it.get("Id")?.as_str()?)));
            targets.extend(children("OrganizationalUnits"));
        }
        accounts
    }

    /// Says how to find the place of accounts that would count as outside of the organization.
    pub fn ask_about_organization(&mut self) {
        if !self.touched_organization {
            return;
        }
        let mut known = self.accounts_in_organization();
        known.extend(self.value("/organization/MasterAccountId").and_then(Value::as_str).and_then(AccountId::parse));
        let owners = self.keys().map(|(_, arn)| arn.account()).chain(self.principals().map(|(_, arn)| arn.account()));
        let owners: Vec<AccountId> = owners.collect();
        for account in owners {
            if !known.contains(&account) {
                known.push(account);
                self.note(format!(
                    "account {account} is not in the tree of the organization, and so counts as outside of it; put \
                     `{{\"Id\": \"{account}\"}}` under `Accounts` of the root or unit that \
                     `aws organizations list-parents --child-id {account}` prints"
                ));
            }
        }
    }
}
