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
/// list; theirs is made as the others are.
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
