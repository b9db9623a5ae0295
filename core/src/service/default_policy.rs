//! The key policies that keys get when nobody writes one.
//!
//! <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html>

use alloc::{format, vec::Vec};

use crate::{
    arn::AccountId,
    catalog::{KeyOrigin, KeySpec, KeyUsage},
    json::Value,
};

/// The key policy of a key that `CreateKey` or `ReplicateKey` makes without one: the account may let its IAM policies
/// speak.
///
/// <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-default-allow-root-enable-iam>
///
/// ```
/// use keytrace::{arn::AccountId, json::print, service::default_policy};
///
/// let policy = default_policy("aws", AccountId::parse("111122223333").unwrap());
/// assert!(print::pretty(&policy, "", "  ").contains("\"AWS\": \"arn:aws:iam::111122223333:root\""));
/// ```
#[must_use]
pub fn default_policy(partition: &str, account: AccountId) -> Value {
    document("key-default-1", [delegation(partition, account)])
}

/// What the console asks for when it makes a key.
#[derive(Clone, Debug)]
pub struct ConsolePolicy<'a> {
    /// The account of the key.
    pub account: AccountId,
    /// Its partition, such as `aws`.
    pub partition: &'a str,
    /// What the key is made of.
    pub spec: KeySpec,
    /// What it is for.
    pub usage: KeyUsage,
    /// Where its material comes from.
    pub origin: KeyOrigin,
    /// Whether it is a multi-Region key.
    pub multi_region: bool,
    /// The ARNs of the users and roles who administer it.
    pub administrators: &'a [&'a str],
    /// Whether they may delete it.
    pub administrators_may_delete: bool,
    /// The ARNs of the users and roles who use it, and of other accounts (`arn:aws:iam::444455556666:root`).
    pub users: &'a [&'a str],
}

/// The key policy that the AWS Management Console writes: four statements, or as many of them as there is somebody for.
///
/// What key users may do depends on the kind of key. For keys of usage `ENCAPSULATE_DECAPSULATE` AWS's page has no
/// list; theirs is made as the others are. The statement for services that AWS's page adds "for most key types",
/// without saying for which not, is there for all.
///
/// <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html>
///
/// ```
/// use keytrace::{arn::AccountId, catalog::{KeyOrigin, KeySpec, KeyUsage}, service::{ConsolePolicy, console_policy}};
///
/// let policy = console_policy(&ConsolePolicy {
///     account: AccountId::parse("111122223333").unwrap(),
///     partition: "aws",
///     spec: KeySpec::Hmac256,
///     usage: KeyUsage::GenerateVerifyMac,
///     origin: KeyOrigin::AwsKms,
///     multi_region: false,
///     administrators: &["arn:aws:iam::111122223333:role/Admin"],
///     administrators_may_delete: true,
///     users: &["arn:aws:iam::111122223333:role/App"],
/// });
/// let statements = policy.get("Statement").unwrap().as_array().unwrap();
/// assert_eq!(statements[2].get("Action").unwrap().as_array().unwrap()[1].as_str(), Some("kms:GenerateMac"));
/// ```
#[must_use]
pub fn console_policy(asked: &ConsolePolicy<'_>) -> Value {
    let mut statements = Vec::from([delegation(asked.partition, asked.account)]);
    if !asked.administrators.is_empty() {
        let actions = administration(asked);
        statements.push(statement("Allow access for Key Administrators", asked.administrators, &actions, None));
    }
    if !asked.users.is_empty() {
        statements.push(statement("Allow use of the key", asked.users, usage(asked.usage, asked.spec), None));
        let condition = Value::object([("Bool", Value::object([("kms:GrantIsForAWSResource", Value::text("true"))]))]);
        let actions = ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"];
        let sid = "Allow attachment of persistent resources";
        statements.push(statement(sid, asked.users, &actions, Some(condition)));
    }
    document("key-consolepolicy-3", statements)
}

/// <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-default-allow-administrators>
fn administration(asked: &ConsolePolicy<'_>) -> Vec<&'static str> {
    let mut actions = Vec::from([
        "kms:Create*",
        "kms:Describe*",
        "kms:Enable*",
        "kms:List*",
        "kms:Put*",
        "kms:Update*",
        "kms:Revoke*",
        "kms:Disable*",
        "kms:Get*",
        "kms:Delete*",
    ]);
    if asked.origin == KeyOrigin::External {
        actions.push("kms:ImportKeyMaterial");
    }
    actions.extend(["kms:TagResource", "kms:UntagResource"]);
    if asked.administrators_may_delete {
        actions.extend(["kms:ScheduleKeyDeletion", "kms:CancelKeyDeletion"]);
    }
    if asked.multi_region {
        actions.extend(["kms:ReplicateKey", "kms:UpdatePrimaryRegion"]);
    }
    // Only symmetric encryption keys rotate.
    if asked.spec == KeySpec::SymmetricDefault {
        actions.push("kms:RotateKeyOnDemand");
    }
    actions
}

/// <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-default-allow-users>
const fn usage(usage: KeyUsage, spec: KeySpec) -> &'static [&'static str] {
    match (usage, spec) {
        (KeyUsage::EncryptDecrypt, KeySpec::SymmetricDefault) => {
            &["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
        }
        (KeyUsage::EncryptDecrypt, _) => {
            &["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:DescribeKey", "kms:GetPublicKey"]
        }
        (KeyUsage::GenerateVerifyMac, _) => &["kms:DescribeKey", "kms:GenerateMac", "kms:VerifyMac"],
        (KeyUsage::SignVerify, _) => &["kms:DescribeKey", "kms:GetPublicKey", "kms:Sign", "kms:Verify"],
        (KeyUsage::KeyAgreement, _) => &["kms:DescribeKey", "kms:GetPublicKey", "kms:DeriveSharedSecret"],
        (KeyUsage::EncapsulateDecapsulate, _) => {
            &["kms:DescribeKey", "kms:GetPublicKey", "kms:Encapsulate", "kms:Decapsulate"]
        }
    }
}

fn delegation(partition: &str, account: AccountId) -> Value {
    let root = format!("arn:{partition}:iam::{account}:root");
    statement("Enable IAM User Permissions", &[&root], &["kms:*"], None)
}

fn document(id: &str, statements: impl IntoIterator<Item = Value>) -> Value {
    Value::object([
        ("Version", Value::text("2012-10-17")),
        ("Id", Value::text(id)),
        ("Statement", Value::array(statements)),
    ])
}

fn statement(sid: &str, principals: &[&str], actions: &[&str], condition: Option<Value>) -> Value {
    let one_or_several = |texts: &[&str]| match texts {
        [one] => Value::text(one),
        several => Value::array(several.iter().map(|text| Value::text(text))),
    };
    let mut members = Vec::from([
        ("Sid", Value::text(sid)),
        ("Effect", Value::text("Allow")),
        ("Principal", Value::object([("AWS", one_or_several(principals))])),
        ("Action", one_or_several(actions)),
        ("Resource", Value::text("*")),
    ]);
    members.extend(condition.map(|condition| ("Condition", condition)));
    Value::object(members)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        json::{Path, Source, parse, print},
        policy::{self, PolicyKind},
        problem::Problems,
    };
    use alloc::string::String;

    const ADMIN: &str = "arn:aws:iam::111122223333:role/Admin";
    const APP: &str = "arn:aws:iam::111122223333:role/App";

    fn asked(spec: KeySpec, usage: KeyUsage) -> ConsolePolicy<'static> {
        ConsolePolicy {
            account: AccountId::parse("111122223333").unwrap(),
            partition: "aws",
            spec,
            usage,
            origin: KeyOrigin::AwsKms,
            multi_region: false,
            administrators: &[ADMIN],
            administrators_may_delete: true,
            users: &[APP, "arn:aws:iam::444455556666:root"],
        }
    }

    fn statements(policy: &Value) -> Vec<(String, Vec<String>)> {
        let texts = |value: &Value| match value.as_array() {
            Some(several) => several.iter().filter_map(Value::as_str).map(String::from).collect(),
            None => value.as_str().into_iter().map(String::from).collect::<Vec<_>>(),
        };
        let statements = policy.get("Statement").unwrap().as_array().unwrap();
        statements
            .iter()
            .map(|one| (one.get("Sid").unwrap().as_str().unwrap().into(), texts(one.get("Action").unwrap())))
            .collect()
    }

    #[test]
    fn every_policy_is_one_without_a_fault() {
        for &spec in KeySpec::ALL {
            for (usage, _) in spec.uses() {
                let text = print::pretty(&console_policy(&asked(spec, *usage)), "", "  ");
                let mut problems = Problems::new(&text);
                let value = parse(&Source::plain(&text), &mut problems).unwrap();
                policy::read(&value, PolicyKind::Key, &Path::Root, &mut problems);
                assert_eq!(problems.into_list(), [], "{} {}", spec.name(), usage.name());
            }
        }
    }

    #[test]
    fn users_may_do_what_the_key_is_for() {
        let of = |spec, usage| statements(&console_policy(&asked(spec, usage))).remove(2).1;
        let symmetric = of(KeySpec::SymmetricDefault, KeyUsage::EncryptDecrypt);
        assert_eq!(
            symmetric,
            ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
        );
        assert!(!of(KeySpec::Rsa2048, KeyUsage::EncryptDecrypt).contains(&"kms:GenerateDataKey*".into()));
        assert!(of(KeySpec::EccNistP256, KeyUsage::SignVerify).contains(&"kms:Sign".into()));
        assert!(of(KeySpec::EccNistP256, KeyUsage::KeyAgreement).contains(&"kms:DeriveSharedSecret".into()));
        assert!(of(KeySpec::Hmac384, KeyUsage::GenerateVerifyMac).contains(&"kms:VerifyMac".into()));
    }

    #[test]
    fn administrators_manage_what_the_key_has() {
        let mut asked = asked(KeySpec::SymmetricDefault, KeyUsage::EncryptDecrypt);
        let of = |asked: &ConsolePolicy<'_>| statements(&console_policy(asked)).remove(1).1;
        let has = |asked: &ConsolePolicy<'_>, action: &str| of(asked).iter().any(|own| own == action);
        assert!(has(&asked, "kms:ScheduleKeyDeletion") && has(&asked, "kms:RotateKeyOnDemand"));
        assert!(!has(&asked, "kms:ImportKeyMaterial") && !has(&asked, "kms:ReplicateKey"));
        asked.administrators_may_delete = false;
        asked.origin = KeyOrigin::External;
        asked.multi_region = true;
        assert!(!has(&asked, "kms:ScheduleKeyDeletion") && !has(&asked, "kms:CancelKeyDeletion"));
        assert!(has(&asked, "kms:ImportKeyMaterial") && has(&asked, "kms:UpdatePrimaryRegion"));
    }

    #[test]
    fn who_is_not_there_has_no_statement() {
        let nobody = ConsolePolicy { administrators: &[], users: &[], ..asked(KeySpec::Rsa2048, KeyUsage::SignVerify) };
        let policy = console_policy(&nobody);
        assert_eq!(statements(&policy).len(), 1);
        assert_eq!(statements(&policy), statements(&default_policy("aws", nobody.account)));
    }
}
