//! `Grants` of a key, as `list-grants` prints them.

use alloc::{boxed::Box, format, vec::Vec};

use super::fields::{Fields, text};
use crate::{
    arn::{AccountId, PrincipalArn, PrincipalKind},
    catalog::{Action, ActionSet},
    json::{Kind, Path, Value},
    policy::principal::{Principal, grant_principal},
    problem::{Code, Problems},
    world::{EncryptionContextConstraint, Grant, GrantConstraints},
};

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantListEntry.html>, and what `CreateGrant`
/// returned, and when the grant was retired or revoked.
const GRANT: &[&str] = &[
    "KeyId",
    "GrantId",
    "Name",
    "CreationDate",
    "GranteePrincipal",
    "GranteeServicePrincipal",
    "RetiringPrincipal",
    "RetiringServicePrincipal",
    "IssuingAccount",
    "Operations",
    "Constraints",
    "GrantToken",
    "DeletionDate",
];

pub(super) fn grant(value: &Value, path: &Path<'_>, problems: &mut Problems<'_>) -> Option<Grant> {
    let fields = Fields::of(value, GRANT, path, problems)?;
    let mut operations = ActionSet::EMPTY;
    let names = fields.list("Operations", problems, operation);
    names.into_iter().for_each(|action| operations.insert(action));
    let grantee_text =
        fields.text("GranteePrincipal", problems).or_else(|| fields.text("GranteeServicePrincipal", problems));
    if grantee_text.is_none() {
        fields.required("GranteePrincipal", "\"arn:aws:iam::111122223333:role/App\"", problems)?;
    }
    let grantee =
        ["GranteePrincipal", "GranteeServicePrincipal"].into_iter().find_map(|name| principal(&fields, name, problems));
    let retiring_principal = ["RetiringPrincipal", "RetiringServicePrincipal"]
        .into_iter()
        .find_map(|name| principal(&fields, name, problems));
    let here = path.member("Constraints");
    let constraints = fields.get("Constraints").filter(|value| value.kind != Kind::Null);
    let constraints = constraints.and_then(|value| self::constraints(value, &here, problems)).unwrap_or_default();
    Some(Grant {
        span: value.span,
        id: fields.text("GrantId", problems).map(Into::into),
        grantee_text: grantee_text?.into(),
        grantee: grantee?,
        retiring_principal,
        issuing_account: issuing_account(&fields, problems),
        operations,
        constraints,
        token: fields.text("GrantToken", problems).map(Into::into),
        created: fields.time("CreationDate", problems),
        deleted: fields.time("DeletionDate", problems),
    })
}

/// The operations that a grant can have
/// (<https://docs.aws.amazon.com/kms/latest/developerguide/grants.html#terms-grant-operations>).
fn operation(value: &Value, path: &Path<'_>, problems: &mut Problems<'_>) -> Option<Action> {
    let name = text(value, path, problems)?;
    match Action::from_name(name) {
        Some(action) if action.grantable() => Some(action),
        Some(_) => {
            let message = format!("no grant can have `{name}`");
            problems.push(Code::InvalidValue, value.span, path, message);
            None
        }
        None => {
            problems.push(Code::UnknownOperation, value.span, path, format!("`{name}` is no operation of KMS"));
            None
        }
    }
}

fn principal(fields: &Fields<'_, '_>, name: &'static str, problems: &mut Problems<'_>) -> Option<Principal> {
    let written = fields.text(name, problems)?;
    let principal = grant_principal(written);
    if principal.is_none() {
        let message = format!(
            "`{written}` is nobody whom a grant can name; write the ARN of an account's root, a user, a role or a session"
        );
        fields.invalid(name, message, problems);
    }
    principal
}

/// `arn:aws:iam::111122223333:root`, as `list-grants` prints it, or the number alone.
fn issuing_account(fields: &Fields<'_, '_>, problems: &mut Problems<'_>) -> Option<AccountId> {
    let written = fields.text("IssuingAccount", problems)?;
    let root = PrincipalArn::parse(written).filter(|arn| *arn.kind() == PrincipalKind::Root);
    let account = AccountId::parse(written).or_else(|| root.map(|arn| arn.account()));
    if account.is_none() {
        let message = format!("`{written}` is no account; write one such as `arn:aws:iam::111122223333:root`");
        fields.invalid("IssuingAccount", message, problems);
    }
    account
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html>
fn constraints(value: &Value, path: &Path<'_>, problems: &mut Problems<'_>) -> Option<GrantConstraints> {
    let known = ["EncryptionContextEquals", "EncryptionContextSubset", "SourceArn"];
    let fields = Fields::of(value, &known, path, problems)?;
    let equals = pairs(&fields, "EncryptionContextEquals", path, problems);
    let subset = pairs(&fields, "EncryptionContextSubset", path, problems);
    let encryption_context = match (equals, subset) {
        (Some(_), Some(_)) => {
            let message = "a grant has `EncryptionContextEquals` or `EncryptionContextSubset`, not both";
            fields.invalid("EncryptionContextSubset", message.into(), problems);
            None
        }
        (Some(pairs), None) => Some(EncryptionContextConstraint::Equals(pairs)),
        (None, Some(pairs)) => Some(EncryptionContextConstraint::Subset(pairs)),
        (None, None) => None,
    };
    Some(GrantConstraints { encryption_context, source_arn: fields.text("SourceArn", problems).map(Into::into) })
}

fn pairs(
    fields: &Fields<'_, '_>,
    name: &'static str,
    path: &Path<'_>,
    problems: &mut Problems<'_>,
) -> Option<Vec<(Box<str>, Box<str>)>> {
    let value = fields.get(name).filter(|value| value.kind != Kind::Null)?;
    let Some(members) = value.as_object() else {
        fields.invalid(name, "an object of strings such as `{\"tenant\": \"42\"}` was expected".into(), problems);
        return None;
    };
    let here = path.member(name);
    let mut pairs = Vec::with_capacity(members.len());
    for member in members {
        let content = text(&member.value, &here.member(&member.name), problems)?;
        pairs.push((member.name.clone(), content.into()));
    }
    Some(pairs)
}
