//! A small draft as a scenario file.

#![expect(clippy::indexing_slicing, reason = "serde_json adds a member that is not there")]

use serde_json::{Map, Value, json};

use super::{SmallDraft, SmallGrant, SmallPlace, SmallStatement};
use crate::generate::{KEY_ARN, allow_all};

impl SmallDraft {
    fn policy(&self, is: impl Fn(SmallPlace) -> bool) -> Option<Value> {
        let here: Vec<&SmallStatement> = self.statements.iter().filter(|statement| is(statement.place)).collect();
        if here.is_empty() {
            return None;
        }
        let mut statements: Vec<Value> = here.iter().map(|statement| statement.print()).collect();
        let narrows = |place| !matches!(place, SmallPlace::Key(_) | SmallPlace::Identity);
        if here.iter().all(|one| one.denies && narrows(one.place) && one.place != SmallPlace::ResourceControl) {
            statements.push(allow_all());
        }
        Some(json!({ "Version": "2012-10-17", "Statement": statements }))
    }

    pub(super) fn print(&self) -> Value {
        let policy = |place| self.policy(|other| other == place);
        let mut key_policy = self
            .policy(|place| matches!(place, SmallPlace::Key(_)))
            .unwrap_or_else(|| json!({ "Version": "2012-10-17", "Statement": [] }));
        let delegation =
            json!({ "Effect": "Allow", "Principal": { "AWS": "111122223333" }, "Action": "kms:*", "Resource": "*" });
        if let Some(statements) = key_policy["Statement"].as_array_mut() {
            statements.push(delegation);
        }
        let named = |document: Value| json!({ "PolicyName": "Policy", "PolicyDocument": document });
        let mut role = json!({ "Arn": "arn:aws:iam::111122223333:role/App", "RoleId": "AROAEXAMPLEAPP0000001" });
        role["Policies"] = policy(SmallPlace::Identity).map(named).into_iter().collect();
        if let Some(boundary) = policy(SmallPlace::Boundary) {
            role["PermissionsBoundary"] = json!({ "PolicyDocument": boundary });
        }
        let mut principal = json!({ "Arn": "arn:aws:sts::111122223333:assumed-role/App/i-1" });
        principal["sessionPolicies"] = policy(SmallPlace::Session).map(named).into_iter().collect();
        let control = |document: Value| json!({ "Name": "Control", "Content": document });
        let mut account = json!({ "Id": "111122223333" });
        if let Some(service) = policy(SmallPlace::ServiceControl) {
            account["ServiceControlPolicies"] = json!([control(service)]);
        }
        let resource: Value = policy(SmallPlace::ResourceControl).map(control).into_iter().collect();
        let root = json!({ "Id": "r-ab12", "ResourceControlPolicies": resource, "Accounts": [account] });
        let unknown: Vec<&str> = self.unknown.iter().map(|key| key.name).collect();
        let parse = |value: &str| serde_json::from_str(value).unwrap_or_else(|_| Value::from(value));
        json!({
            "keytrace": 1,
            "now": "2026-11-23T12:00:00Z",
            "organization": { "Id": "o-exampleorgid", "MasterAccountId": "999999999999", "Root": root },
            "principals": [role],
            "keys": [{
                "KeyMetadata": { "Arn": KEY_ARN },
                "Policy": key_policy,
                "Grants": self.grant.iter().map(SmallGrant::print).collect::<Vec<_>>(),
            }],
            "requests": [{
                "principal": principal,
                "operation": "Decrypt",
                "parameters": { "KeyId": KEY_ARN },
                "context": {},
                "unknown": unknown,
            }],
            "assumptions": self.assumptions.iter().map(|(name, value)| (String::from(*name), parse(value))).collect::<Map<_, _>>(),
        })
    }
}

impl SmallStatement {
    fn print(&self) -> Value {
        let mut statement = json!({ "Effect": if self.denies { "Deny" } else { "Allow" } });
        match self.place {
            SmallPlace::Key("*") | SmallPlace::ResourceControl => statement["Principal"] = "*".into(),
            SmallPlace::Key(name) => statement["Principal"] = json!({ "AWS": name }),
            _ => {}
        }
        statement["Action"] = "kms:Decrypt".into();
        statement["Resource"] = "*".into();
        for condition in &self.conditions {
            statement["Condition"][condition.operator.as_str()][condition.key.as_str()] =
                condition.values.clone().into();
        }
        statement
    }
}

impl SmallGrant {
    fn print(&self) -> Value {
        let mut grant = json!({
            "GranteePrincipal": "arn:aws:iam::111122223333:role/App",
            "Operations": ["Decrypt"],
            "CreationDate": if self.young { "2026-11-23T11:58:00Z" } else { "2026-10-01T00:00:00Z" },
        });
        if let Some((name, tenant)) = self.tenant {
            grant["Constraints"][name] = json!({ "tenant": tenant });
        }
        if self.for_source {
            grant["Constraints"]["SourceArn"] = Self::SOURCE.into();
        }
        grant
    }
}
