//! `Condition`: every operator, with and without set operator and `IfExists`.

use serde_json::Value;

use super::{
    context_keys::{ContextKey, Family},
    dice::{Dice, Object},
    plan::Plan,
};

const TEXT: &[&str] = &[
    "StringEquals",
    "StringEquals",
    "StringLike",
    "StringLike",
    "StringNotEquals",
    "StringNotEquals",
    "StringNotLike",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
];
const NUMBER: &[&str] = &[
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
];
const DATE: &[&str] =
    &["DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"];
const ARN: &[&str] = &["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "StringLike", "StringNotLike"];

/// Which document a condition is for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// In a key policy KMS refuses some set operators.
    pub key_policy: bool,
    /// Under the old version a variable is plain text.
    pub old_version: bool,
}

/// So many conditions, each with its own operator and key.
pub(super) fn conditions(dice: &mut Dice, plan: &Plan, place: Place, count: usize) -> Option<Value> {
    let mut block: Vec<(String, Vec<(String, Value)>)> = Vec::new();
    for _ in 0..count {
        let key = plan.condition_key(dice);
        let (operator, value) = condition(dice, plan, place, key);
        // Letters of a condition key's name are of no matter.
        let name = if dice.percent(4) { key.name.to_ascii_lowercase() } else { key.name.into() };
        match block.iter_mut().find(|(known, _)| *known == operator) {
            Some((_, keys)) if keys.iter().any(|(known, _)| known.eq_ignore_ascii_case(&name)) => {}
            Some((_, keys)) => keys.push((name, value)),
            None => block.push((operator, vec![(name, value)])),
        }
    }
    let object = |members: Vec<(String, Value)>| {
        members.into_iter().fold(Object::default(), |object, (name, value)| object.and(&name, value))
    };
    let block = block.into_iter().fold(Object::default(), |block, (operator, keys)| block.and(&operator, object(keys)));
    (count > 0).then(|| block.into())
}

fn condition(dice: &mut Dice, plan: &Plan, place: Place, key: &ContextKey) -> (String, Value) {
    if dice.percent(12) {
        return ("Null".into(), boolean(dice));
    }
    let operator = match key.family {
        Family::Text => dice.pick(TEXT),
        Family::Number => dice.pick(NUMBER),
        Family::Date => dice.pick(DATE),
        Family::Boolean => "Bool",
        Family::Binary => "BinaryEquals",
        Family::Address => dice.pick(&["IpAddress", "NotIpAddress"]),
        Family::Arn => dice.pick(ARN),
    };
    let wanted = if key.multivalued { 88 } else { 10 };
    let for_all = !(place.key_policy && key.refuses_for_all_values());
    let set = match dice.percent(if plan.comparable && key.multivalued { 100 } else { wanted }) {
        true if for_all && dice.percent(50) => "ForAllValues:",
        true => "ForAnyValue:",
        false => "",
    };
    let if_exists = if dice.percent(25) { "IfExists" } else { "" };
    (format!("{set}{operator}{if_exists}"), values(dice, plan, place, key))
}

fn boolean(dice: &mut Dice) -> Value {
    let truth = dice.percent(50);
    if dice.percent(25) { truth.into() } else { truth.to_string().into() }
}

fn values(dice: &mut Dice, plan: &Plan, place: Place, key: &ContextKey) -> Value {
    if key.family == Family::Boolean {
        return boolean(dice);
    }
    let count = dice.pick(&[1, 1, 1, 2]);
    let mut listed = dice.some(key.listed, count);
    if plan.comparable && place.old_version {
        listed.retain(|value| !value.contains("${"));
    }
    // What is not of the operator's type matches nothing; AWS stores it all the same.
    if !plan.comparable && key.family != Family::Address && dice.percent(2) {
        listed = vec!["soon"];
    }
    match *listed {
        [] => "nothing".into(),
        [value] if dice.percent(70) => value.into(),
        _ => listed.into(),
    }
}
