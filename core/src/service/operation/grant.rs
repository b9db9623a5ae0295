//! Grants: made, listed, retired, revoked.

use alloc::{format, string::String, vec::Vec};

use base64ct::{Base64, Encoding as _};

use super::{
    super::{
        call::{Call, Outcome},
        draft::{text, without},
        state::time,
    },
    listing::{Pages, page},
    nothing,
};
use crate::{
    check::{ErrorName, KmsError},
    json::Value,
    request::Resource,
};

const PAGES: Pages = Pages { usual: 50, most: 100 };

/// What a scenario knows of a grant and `list-grants` does not print.
const UNSEEN: [&str; 2] = ["GrantToken", "DeletionDate"];

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html>. A grant with a name that is asked for
/// once more is the same grant.
///
/// KMS gives a new token each time, and any of them will do; here the grant has one.
pub(super) fn create(call: &mut Call<'_>) -> Outcome {
    let key = call.key()?;
    let parameters = call.parameters;
    if parameters.text("GranteePrincipal").is_none() && parameters.text("GranteeServicePrincipal").is_none() {
        parameters.required("GranteePrincipal")?;
    }
    if parameters.list("Operations").is_empty() {
        parameters.required("Operations")?;
    }
    let asked = asked(call);
    let result = |grant: &Value| {
        let member = |name| grant.get(name).cloned().unwrap_or(Value::null());
        Value::object([("GrantToken", member("GrantToken")), ("GrantId", member("GrantId"))])
    };
    if parameters.text("Name").is_some()
        && let Some(same) = call.draft.state.list_of_key(key, "Grants").iter().find(|grant| is_same(grant, &asked))
    {
        return Ok(result(same));
    }
    let id = call.random_hex(32)?;
    let token = Base64::encode_string(format!("keytrace grant {id} {}", call.random_hex(16)?).as_bytes());
    let issuer = format!(
        "arn:{}:iam::{}:root",
        call.partition(),
        call.account().map(|own| format!("{own}")).unwrap_or_default()
    );
    let mut members = Vec::from([
        ("KeyId", Value::text(call.kms_key(key)?.arn.as_str())),
        ("GrantId", Value::text(&id)),
        ("CreationDate", time(call.now)),
        ("IssuingAccount", Value::text(&issuer)),
        ("GrantToken", Value::text(&token)),
    ]);
    members.extend(asked);
    let grant = Value::object(members);
    call.draft.state.set(&format!("/keys/{key}/Grants/-"), &grant)?;
    Ok(result(&grant))
}

/// What a grant is asked to be.
fn asked<'a>(call: &Call<'a>) -> Vec<(&'static str, Value)> {
    let texts =
        ["Name", "GranteePrincipal", "GranteeServicePrincipal", "RetiringPrincipal", "RetiringServicePrincipal"];
    let text = |name| Some((name, Value::text(call.parameters.text(name)?)));
    let mut members: Vec<(&str, Value)> = texts.into_iter().filter_map(text).collect();
    let operations = call.parameters.list("Operations").iter().map(|name| Value::text(name));
    members.push(("Operations", Value::array(operations)));
    members.extend(call.parameters.written("Constraints").map(|constraints| ("Constraints", constraints.clone())));
    members
}

/// Whether a grant is what is asked for, in whatever order its operations and pairs stand.
fn is_same(grant: &Value, asked: &[(&'static str, Value)]) -> bool {
    let own = [
        "Name",
        "GranteePrincipal",
        "GranteeServicePrincipal",
        "RetiringPrincipal",
        "RetiringServicePrincipal",
        "Operations",
        "Constraints",
    ];
    grant.get("DeletionDate").is_none()
        && own.into_iter().all(|name| {
            let wanted = asked.iter().find(|(other, _)| *other == name).map(|(_, value)| value);
            grant.get(name).map(sorted) == wanted.map(sorted)
        })
}

/// A value as a text that does not depend on order.
fn sorted(value: &Value) -> String {
    use crate::json::{Kind, print::quoted};
    let mut parts: Vec<String> = match &value.kind {
        Kind::Array(elements) => elements.iter().map(sorted).collect(),
        Kind::Object(members) => {
            members.iter().map(|member| format!("{}:{}", quoted(&member.name), sorted(&member.value))).collect()
        }
        Kind::String(text) => return quoted(text),
        Kind::Number(number) => return String::from(&**number),
        Kind::Bool(_) | Kind::Null => return format!("{:?}", value.kind),
    };
    parts.sort();
    format!("[{}]", parts.join(","))
}

/// A grant as `list-grants` prints it.
fn shown(grant: &Value, arn: &str) -> Value {
    let shown = without(grant, &UNSEEN);
    // What the scenario writes down may leave out its key.
    if shown.get("KeyId").is_some() { shown } else { super::super::draft::with(&shown, "KeyId", Value::text(arn)) }
}

fn is_live(grant: &&Value) -> bool {
    grant.get("DeletionDate").is_none()
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_ListGrants.html>
pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let key = call.key()?;
    let arn = &call.kms_key(key)?.arn;
    let parameters = call.parameters;
    let wanted = |grant: &&Value| {
        ["GrantId", "GranteePrincipal", "GranteeServicePrincipal"]
            .into_iter()
            .all(|name| parameters.text(name).is_none_or(|wanted| text(grant, name) == Some(wanted)))
    };
    let grants = call.draft.state.list_of_key(key, "Grants").iter().filter(is_live).filter(wanted);
    let entries = grants.map(|grant| shown(grant, arn.as_str())).collect();
    page(call, "Grants", entries, &PAGES)
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_ListRetirableGrants.html>: of any key of the Region, in
/// whatever account.
pub(super) fn list_retirable(call: &mut Call<'_>) -> Outcome {
    let principal = call.parameters.required("RetiringPrincipal")?;
    let region = call.region();
    let mut entries = Vec::new();
    for (index, key) in call.world.keys.iter().enumerate().filter(|(_, key)| key.arn.region() == region) {
        let grants = call.draft.state.list_of_key(index, "Grants").iter().filter(is_live);
        let retirable = grants.filter(|grant| text(grant, "RetiringPrincipal") == Some(principal));
        entries.extend(retirable.map(|grant| shown(grant, key.arn.as_str())));
    }
    page(call, "Grants", entries, &PAGES)
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_RetireGrant.html>
pub(super) fn retire(call: &mut Call<'_>) -> Outcome {
    let named = call.request.authorizations.iter().find_map(|one| match one.resource {
        Resource::Grant { key, grant } => Some((key, grant)),
        _ => None,
    });
    let (key, grant) = named.ok_or_else(gone)?;
    delete(call, key, grant)
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_RevokeGrant.html>
pub(super) fn revoke(call: &mut Call<'_>) -> Outcome {
    let key = call.key()?;
    let id = call.parameters.required("GrantId")?;
    let mut grants = call.draft.state.list_of_key(key, "Grants").iter();
    let grant = grants.position(|grant| text(grant, "GrantId") == Some(id)).ok_or_else(gone)?;
    delete(call, key, grant)
}

fn gone() -> KmsError {
    KmsError::new(ErrorName::NotFound, "The grant does not exist.")
}

/// It may be seen for a while: see [`clock`](super::super::clock).
fn delete(call: &mut Call<'_>, key: usize, grant: usize) -> Outcome {
    let place = format!("/keys/{key}/Grants/{grant}/DeletionDate");
    let deleted =
        call.draft.state.list_of_key(key, "Grants").get(grant).is_none_or(|one| one.get("DeletionDate").is_some());
    if deleted {
        return Err(gone().into());
    }
    call.draft.state.set(&place, &time(call.now))?;
    Ok(nothing())
}
