//! Condition keys.

use std::collections::BTreeSet;

use keytrace::{
    catalog::{Action, ActionSet, ConditionKeyInfo, Presence, ResourceType, ValueType, condition_key},
    decision::Match,
    request::Origin,
};
use keytrace_tests::coverage::{Coverage, Point};

use crate::markdown::{count, link, standing, table};

pub fn section(coverage: &Coverage) -> String {
    let rows = |of_kms: bool| {
        let keys = condition_key::ALL.iter().filter(move |key| key.name.starts_with("kms:") == of_kms);
        keys.map(|key| row(coverage, key)).collect::<Vec<_>>()
    };
    let heading = [
        "Key",
        "Type",
        "Values",
        "Requests that can carry it",
        "Where its value comes from",
        "Holds",
        "Does not",
        "Scenarios",
    ];
    format!(
        "## Condition keys\n\n\
         The operations that carry a key are AWS's; of any other a condition on it never sees a value, and the answer \
         says so. *Always* marks keys that AWS puts into every request that can carry them: such a key is never taken \
         as absent, at worst as unknown. Where a value comes from was taken from the answers to the scenarios; a value \
         given under `context` always wins. Counted are scenarios in which a condition on the key alone settled \
         whether its statement applies.\n\n\
         ### Keys of KMS\n\n{}\n### Global keys and keys of other services\n\n{}",
        table(&heading, rows(true)),
        table(&heading, rows(false)),
    )
}

fn row(coverage: &Coverage, key: &'static ConditionKeyInfo) -> Vec<String> {
    let name = if key.family { format!("`{}`*name*", key.name) } else { format!("`{}`", key.name) };
    let values = match (key.multivalued, key.presence) {
        (true, _) => "several",
        (false, Presence::EveryRequest) => "one, always",
        (false, Presence::Sometimes) => "one",
    };
    let held = |outcome| [Point::ConditionKey(key.name, outcome)];
    vec![
        link(&name, key.page),
        value_type(key.value).into(),
        values.into(),
        carried_by(key.carried_by),
        origins(coverage, key.name),
        count(coverage, held(Match::Yes)),
        count(coverage, held(Match::No)),
        standing(coverage, [Match::Yes, Match::No].map(|outcome| Point::ConditionKey(key.name, outcome))),
    ]
}

const fn value_type(value: ValueType) -> &'static str {
    match value {
        ValueType::String => "String",
        ValueType::Arn => "ARN",
        ValueType::Bool => "Boolean",
        ValueType::Numeric => "Numeric",
        ValueType::Date => "Date",
        ValueType::DateOrNumeric => "Date, Numeric",
        ValueType::Ip => "IP address",
    }
}

/// Which operations, as shortly as it can be said.
fn carried_by(actions: ActionSet) -> String {
    let on =
        |resource| Action::ALL.iter().copied().filter(|action| action.resource() == resource).collect::<ActionSet>();
    let names = |set: ActionSet| set.iter().map(|action| format!("`{}`", action.name())).collect::<Vec<_>>().join(", ");
    // Nobody requests it, so it makes no difference.
    let nobodys = ActionSet::from_actions(&[Action::SynchronizeMultiRegionKey]);
    let on_key = on(ResourceType::Key).intersection(nobodys.complement());
    let with_alias: ActionSet = Action::ALL.iter().copied().filter(|action| action.accepts_alias()).collect();
    if actions == ActionSet::ALL {
        return "every operation".into();
    }
    if actions == with_alias {
        return "operations that take an alias as `KeyId`".into();
    }
    let missing = on_key.intersection(actions.complement());
    if missing.iter().count() > 3 {
        return names(actions);
    }
    let mut words = String::from("every operation on a key");
    if !missing.is_empty() {
        words += &format!(" but {}", names(missing));
    }
    let mut beside = actions.intersection(on_key.union(nobodys).complement());
    let stores = on(ResourceType::CustomKeyStore);
    if beside.intersection(stores) == stores {
        words += ", every one on a custom key store";
        beside = beside.intersection(stores.complement());
    }
    if !beside.is_empty() {
        words += &format!(", {}", names(beside));
    }
    words
}

/// Where values of a key came from in the answers to the corpus.
fn origins(coverage: &Coverage, name: &str) -> String {
    let of_key = |point: Point| match point {
        Point::Origin(key, origin) if key == name => Some(origin),
        _ => None,
    };
    let origins: BTreeSet<Origin> = coverage.points().filter_map(of_key).collect();
    let mut words: Vec<&str> = origins.into_iter().filter_map(origin).collect();
    words.dedup();
    if words.is_empty() { "given by hand".into() } else { words.join(", ") }
}

/// What a value follows from; nothing where somebody has to say it.
const fn origin(origin: Origin) -> Option<&'static str> {
    match origin {
        Origin::Caller => Some("the caller"),
        Origin::Session | Origin::WithoutMfa => Some("its credentials"),
        Origin::Key => Some("the key"),
        Origin::Parameter => Some("the parameters"),
        Origin::ViaService => Some("the service in between"),
        Origin::Organization => Some("the organization"),
        Origin::VpcEndpoint => Some("the VPC endpoint"),
        Origin::Time => Some("the time"),
        Origin::EveryRequest => Some("true of every request"),
        Origin::Given
        | Origin::AlwaysPresent
        | Origin::Address
        | Origin::NotCarried
        | Origin::Ambiguous
        | Origin::Undocumented
        | Origin::OnBehalf
        | Origin::Unlisted => None,
    }
}
