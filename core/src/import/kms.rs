use alloc::{format, vec::Vec};

use super::Output;
use super::document::document;
use super::draft::Draft;
use crate::arn::{Arn, KeyArn};
use crate::json::{Kind, Value};

/// `{"KeyMetadata": {"Arn": …, …}}`
pub(super) fn describe_key(draft: &mut Draft, output: &Output) {
    let Some(metadata) = output.value.get("KeyMetadata") else { return };
    let Some(arn) = metadata.get("Arn").and_then(Value::as_str).and_then(KeyArn::parse) else {
        draft.note(format!("{} was not placed: its `Arn` is not that of a key", output.kind.name()));
        return;
    };
    let index = draft.key_entry(&arn);
    replace(draft, index, &arn, "KeyMetadata", "description", metadata);
}

/// `{"Policy": "{\n  \"Version\" …", "PolicyName": "default"}`, or the document alone.
pub(super) fn key_policy(draft: &mut Draft, output: &Output) {
    let policy = output.value.get("Policy").unwrap_or(&output.value);
    let policy = document(policy, &output.text);
    if let Some((index, arn)) = draft.key_of_output(output, "get-key-policy") {
        replace(draft, index, &arn, "Policy", "key policy", &policy);
    }
}

/// `{"Tags": [{"TagKey": "env", "TagValue": "prod"}], "Truncated": false}`
pub(super) fn list_resource_tags(draft: &mut Draft, output: &Output) {
    let Some(tags) = output.value.get("Tags") else { return };
    if let Some((index, arn)) = draft.key_of_output(output, "list-resource-tags") {
        replace(draft, index, &arn, "Tags", "tags", tags);
        warn_of_more(draft, output);
    }
}

/// `{"Grants": [{"KeyId": "arn:aws:kms:…", "GrantId": …}]}`
pub(super) fn list_grants(draft: &mut Draft, output: &Output) {
    let grants = output.value.get("Grants").and_then(Value::as_array).unwrap_or_default();
    let mut keys: Vec<&str> = Vec::new();
    for key in grants.iter().filter_map(|grant| grant.get("KeyId")?.as_str()) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    for key in &keys {
        let found = draft.find_key(key).or_else(|| KeyArn::parse(key).map(|arn| (draft.key_entry(&arn), arn)));
        let Some((index, arn)) = found else {
            draft.note(format!("grants of `{key}` were not placed: no key here is known by that id"));
            continue;
        };
        let of_key = grants.iter().filter(|grant| grant.get("KeyId").and_then(Value::as_str) == Some(key));
        replace(draft, index, &arn, "Grants", "grants", &Value::array(of_key.cloned()));
    }
    if keys.is_empty()
        && let Some((index, arn)) = draft.key_of_output(output, "list-grants")
    {
        replace(draft, index, &arn, "Grants", "grants", &Value::array(Vec::new()));
    }
    warn_of_more(draft, output);
}

/// `{"Aliases": [{"AliasName": "alias/orders", "AliasArn": …, "TargetKeyId": "1234abcd-…"}]}`, usually
/// of a whole account: those of keys that are not in the scenario are left out.
pub(super) fn list_aliases(draft: &mut Draft, output: &Output) {
    let aliases = output.value.get("Aliases").and_then(Value::as_array).unwrap_or_default();
    let keys: Vec<(usize, KeyArn)> = draft.keys().collect();
    let mut found = false;
    for (index, arn) in keys {
        let names: Vec<Value> =
            aliases.iter().filter_map(|alias| Some(Value::text(name_of_alias(alias, &arn)?))).collect();
        if names.is_empty() {
            if !draft.list(&format!("/keys/{index}/Aliases")).is_empty() {
                draft.note(format!(
                    "key `{0}` has no alias in this output, those it has in the scenario are left; \
                     `aws kms list-aliases --key-id {0} --region {1}` prints them all",
                    arn.id(),
                    arn.region()
                ));
            }
            continue;
        }
        found = true;
        replace(draft, index, &arn, "Aliases", "aliases", &Value::array(names));
    }
    if !found {
        draft.note(format!(
            "{} names no alias of a key of the scenario; paste the output of `aws kms describe-key` along",
            output.kind.name()
        ));
    }
    warn_of_more(draft, output);
}

fn name_of_alias<'a>(alias: &'a Value, key: &KeyArn) -> Option<&'a str> {
    let target = alias.get("TargetKeyId")?.as_str()?;
    let arn = Arn::parse(alias.get("AliasArn")?.as_str()?)?;
    let same_place = arn.account == key.account().as_str() && arn.region == key.region();
    (same_place && target == key.id()).then(|| alias.get("AliasName")?.as_str()).flatten()
}

fn replace(draft: &mut Draft, index: usize, arn: &KeyArn, field: &str, what: &str, value: &Value) {
    let pointer = format!("/keys/{index}/{field}");
    let done = if draft.value(&pointer).is_some() { "replaced" } else { "added" };
    draft.put(&pointer, value, format!("{what} of key `{}` {done}", arn.id()));
    draft.touched_keys.push(index);
}

pub(super) fn warn_of_more(draft: &mut Draft, output: &Output) {
    let truncated = output.value.get("Truncated").is_some_and(|value| value.kind == Kind::Bool(true));
    if truncated || output.value.get("NextToken").is_some() {
        draft.note(format!(
            "{} goes on: AWS has more than it prints here; run it without `--max-items`",
            output.kind.name()
        ));
    }
}
