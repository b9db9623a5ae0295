//! The kinds of policy, and a scenario around a policy of each.

use keytrace::{json::print::quoted, policy::PolicyKind};

/// Every kind of policy.
pub fn kinds() -> impl Iterator<Item = PolicyKind> {
    // A kind that is new does not compile before it has its place here.
    let next = |kind: &PolicyKind| match kind {
        PolicyKind::Key => Some(PolicyKind::Identity),
        PolicyKind::Identity => Some(PolicyKind::Session),
        PolicyKind::Session => Some(PolicyKind::ServiceControl),
        PolicyKind::ServiceControl => Some(PolicyKind::ResourceControl),
        PolicyKind::ResourceControl => Some(PolicyKind::VpcEndpoint),
        PolicyKind::VpcEndpoint => None,
    };
    std::iter::successors(Some(PolicyKind::Key), next)
}

/// The three ways in which a policy stands in a scenario: as an object, in a string, URL-encoded in a string.
#[must_use]
pub fn written(policy: &str) -> [String; 3] {
    [policy.into(), quoted(policy), quoted(&url_encoded(policy))]
}

/// As IAM encodes a document: everything but letters, digits and a few signs.
fn url_encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// A scenario in which everything is allowed but for what this policy says, and different callers ask for
/// different things.
#[must_use]
pub fn scenario(kind: PolicyKind, policy: &str) -> String {
    let written =
        |place: PolicyKind, otherwise: &str| if place == kind { policy.to_string() } else { otherwise.into() };
    let named = |place: PolicyKind, aws: &str| {
        if place == kind { format!(r#"{{ "Name": "P", "Content": {policy} }}"#) } else { format!(r#""{aws}""#) }
    };
    let identity = written(PolicyKind::Identity, EVERYTHING);
    let session = written(PolicyKind::Session, EVERYTHING);
    let key = written(PolicyKind::Key, EVERYTHING_BY_EVERYBODY);
    let endpoint = written(PolicyKind::VpcEndpoint, EVERYTHING_BY_EVERYBODY);
    let service_control = named(PolicyKind::ServiceControl, "FullAWSAccess");
    let resource_control = named(PolicyKind::ResourceControl, "RCPFullAWSAccess");
    format!(
        r#"{{ "keytrace": 1,
  "organization": {{ "Id": "o-exampleorgid", "MasterAccountId": "999999999999", "Root": {{ "Id": "r-ab12",
    "Accounts": [{{ "Id": "111122223333", "ServiceControlPolicies": ["FullAWSAccess", {service_control}],
      "ResourceControlPolicies": [{resource_control}] }}] }} }},
  "vpcEndpoints": [{{ "VpcEndpointId": "vpce-0a1b2c3d", "VpcId": "vpc-0a1b2c3d", "PolicyDocument": {endpoint} }}],
  "principals": [
    {{ "Arn": "{ROLE}", "RoleId": "AROAEXAMPLEAPP0000001", "Policies": [{{ "PolicyName": "P", "PolicyDocument": {identity} }}] }},
    {{ "Arn": "{FOREIGN}", "Policies": [{{ "PolicyName": "P", "PolicyDocument": {EVERYTHING} }}] }}],
  "keys": [{{ "KeyMetadata": {{ "Arn": "{KEY}" }}, "Policy": {key} }}],
  "requests": [
    {{ "principal": {{ "Arn": "{SESSION}", "sessionPolicies": [{{ "PolicyDocument": {session} }}] }},
      "operation": "Decrypt", "vpcEndpoint": "vpce-0a1b2c3d",
      "parameters": {{ "KeyId": "{KEY}", "EncryptionContext": {{ "table": "orders" }} }} }},
    {{ "principal": "{FOREIGN}", "operation": "GenerateDataKey", "unlisted": "unknown", "parameters": {{ "KeyId": "{KEY}" }} }},
    {{ "principal": "arn:aws:iam::111122223333:root", "operation": "ListKeys" }}] }}"#
    )
}

const ROLE: &str = "arn:aws:iam::111122223333:role/App";
const SESSION: &str = "arn:aws:sts::111122223333:assumed-role/App/i-1";
const FOREIGN: &str = "arn:aws:iam::444455556666:user/Dana";
const KEY: &str = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const EVERYTHING: &str =
    r#"{ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "kms:*", "Resource": "*" }] }"#;
const EVERYTHING_BY_EVERYBODY: &str = r#"{ "Version": "2012-10-17", "Statement": [
    { "Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*" }] }"#;

#[cfg(test)]
mod tests {
    use keytrace::decision::Decision;

    use super::*;

    #[test]
    fn everything_is_allowed() {
        for kind in kinds() {
            let policy = match kind {
                PolicyKind::Key | PolicyKind::VpcEndpoint => EVERYTHING_BY_EVERYBODY,
                // One that says nothing about KMS.
                PolicyKind::ResourceControl => {
                    r#"{ "Version": "2012-10-17", "Statement": [
                        { "Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": "*" }] }"#
                }
                PolicyKind::Identity | PolicyKind::Session | PolicyKind::ServiceControl => EVERYTHING,
            };
            for policy in written(policy) {
                let decisions = crate::sound::answers(&scenario(kind, &policy)).unwrap();
                let allowed = |decision: &Decision| matches!(decision, Decision::Allowed { .. });
                assert!(decisions.len() == 3 && decisions.iter().flatten().all(allowed), "{kind:?}: {decisions:?}");
            }
        }
    }
}
