//! Statements of every policy type, drawn around a plan.

use serde_json::Value;

use super::{
    cast::{Caller, Kind, OWNER, account_principals},
    conditions::{Place, conditions},
    dice::{Dice, Object, one_or_list},
    operations::actions,
    plan::Plan,
};

/// The policy types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PolicyType {
    Key,
    Identity,
    Boundary,
    Session,
    ServiceControl,
    ResourceControl,
    Endpoint,
}

/// What a statement does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    Allow,
    Deny,
}

const WIDE_ACTIONS: &[&str] = &[
    "kms:*",
    "kms:*",
    "kms:*",
    "kms:*crypt",
    "kms:Generate*",
    "kms:ReEncrypt*",
    "kms:?e*",
    "kms:Describe*",
    "kms:CreateGrant",
    "kms:*Grant*",
    "kms:Get*",
    "s3:*",
];

const WIDE_RESOURCES: &[&str] = &[
    "arn:aws:kms:*:111122223333:key/*",
    "arn:aws:kms:us-west-2:*:key/*",
    "arn:aws:kms:us-west-2:111122223333:key/1234abcd-*",
    "arn:aws:kms:*:*:key/mrk-*",
    "arn:aws:kms:us-west-2:111122223333:key/????abcd*",
    "arn:aws:kms:eu-central-1:444455556666:key/*",
    "arn:aws:kms:us-west-2:111122223333:alias/*",
    "arn:aws:kms:*:*:alias/orders",
    "arn:aws:kms:us-west-2:111122223333:key/${aws:PrincipalTag/key, '1234abcd*'}",
    "arn:aws:kms:us-west-2:111122223333:key/${aws:PrincipalTag/key}",
    "arn:aws:s3:::orders/*",
];

/// A statement that says yes to everything, seldom on a condition.
pub(super) fn open(dice: &mut Dice, plan: &Plan, policy_type: PolicyType, old_version: bool) -> Value {
    let everybody = (policy_type == PolicyType::Endpoint).then_some("*");
    let action = if dice.percent(70) { "kms:*" } else { "*" };
    let statement = Object::with("Effect", "Allow").and_if("Principal", everybody);
    let place = Place { key_policy: false, old_version };
    let count = usize::from(dice.percent(18));
    let condition = conditions(dice, plan, place, count);
    statement.and("Action", action).and("Resource", "*").and_if("Condition", condition).into()
}

/// A statement of a key policy that lets this account's IAM policies decide, seldom on a condition.
pub(super) fn delegation(dice: &mut Dice, plan: &Plan, account: &str, old_version: bool) -> Value {
    let [arn, id] = account_principals(account);
    let principal = Object::with("AWS", if dice.percent(80) { arn } else { id });
    let action = if dice.percent(85) { "kms:*".into() } else { action(dice, plan, PolicyType::Key) };
    let statement = Object::with("Effect", "Allow").and("Principal", principal);
    let place = Place { key_policy: true, old_version };
    let count = usize::from(dice.percent(18));
    let condition = conditions(dice, plan, place, count);
    statement.and("Action", action).and("Resource", "*").and_if("Condition", condition).into()
}

/// A statement with this effect; `index` keeps its `Sid` apart from those of the others.
pub(super) fn statement(
    dice: &mut Dice,
    plan: &Plan,
    policy_type: PolicyType,
    effect: Effect,
    index: usize,
    old_version: bool,
) -> Value {
    let mut statement = Object::default();
    if dice.percent(35) {
        let space = if policy_type == PolicyType::Key { " " } else { "" };
        statement = statement.and("Sid", format!("Statement{space}{index}"));
    }
    statement = statement.and("Effect", if effect == Effect::Allow { "Allow" } else { "Deny" });
    if let Some((element, value)) = principal(dice, plan, policy_type, effect) {
        statement = statement.and(element, value);
    }
    let stored_without = policy_type == PolicyType::Key && !plan.comparable && dice.percent(2);
    if !stored_without {
        let negated = policy_type != PolicyType::ResourceControl && dice.percent(7);
        let element = if negated { "NotAction" } else { "Action" };
        statement = statement.and(element, action(dice, plan, policy_type));
    }
    let element = if dice.percent(6) { "NotResource" } else { "Resource" };
    statement = statement.and(element, resource(dice, plan, policy_type, old_version));
    let conditional = if effect == Effect::Allow { 48 } else { 82 };
    let count = if dice.percent(conditional) { dice.pick(&[1, 1, 1, 2]) } else { 0 };
    let place = Place { key_policy: policy_type == PolicyType::Key, old_version };
    statement.and_if("Condition", conditions(dice, plan, place, count)).into()
}

fn action(dice: &mut Dice, plan: &Plan, policy_type: PolicyType) -> Value {
    let count = dice.pick(&[1, 1, 2, 3]);
    let mut drawn: Vec<String> = Vec::new();
    for _ in 0..count {
        let asked = dice.any(&plan.operations).copied().filter(|_| dice.percent(60));
        drawn.extend(match asked {
            Some(operation) => {
                let action = format!("kms:{}", dice.pick(&actions(operation)));
                // Letter case is of no matter in actions.
                Some(match dice.between(0, 39) {
                    0 => action.to_ascii_lowercase(),
                    1 => action.to_ascii_uppercase(),
                    _ => action,
                })
            }
            None if dice.percent(15) && policy_type != PolicyType::ResourceControl => Some("*".into()),
            None => Some(dice.pick(WIDE_ACTIONS).into()),
        });
    }
    drawn.sort_unstable();
    drawn.dedup();
    let drawn: Vec<&str> = drawn.iter().map(String::as_str).collect();
    one_or_list(dice, &drawn)
}

fn resource(dice: &mut Dice, plan: &Plan, policy_type: PolicyType, old_version: bool) -> Value {
    let every = if policy_type == PolicyType::Key { 85 } else { 62 };
    if dice.percent(every) {
        return one_or_list(dice, &["*"]);
    }
    let mut drawn: Vec<String> = Vec::new();
    for _ in 0..dice.pick(&[1, 1, 2]) {
        let key = dice.any(&plan.keys).filter(|_| dice.percent(55));
        let mut text = key.map_or_else(|| dice.pick(WIDE_RESOURCES).into(), |key| key.arn());
        if text.contains("${") && (old_version && plan.comparable) {
            text = "*".into();
        }
        // In an identity policy the end of an ARN may be left out.
        if policy_type == PolicyType::Identity && dice.percent(10) {
            text = "arn:aws:kms".into();
        }
        if !drawn.contains(&text) {
            drawn.push(text);
        }
    }
    let drawn: Vec<&str> = drawn.iter().map(String::as_str).collect();
    one_or_list(dice, &drawn)
}

fn principal(dice: &mut Dice, plan: &Plan, policy_type: PolicyType, effect: Effect) -> Option<(&'static str, Value)> {
    match policy_type {
        PolicyType::Key => {}
        PolicyType::Endpoint if !plan.comparable && dice.percent(35) => {}
        PolicyType::Endpoint | PolicyType::ResourceControl => return Some(("Principal", "*".into())),
        _ => return None,
    }
    if effect == Effect::Deny && dice.percent(18) {
        return Some(("NotPrincipal", excepted(dice, plan)));
    }
    let everybody = if effect == Effect::Deny { 45 } else { 22 };
    if policy_type == PolicyType::Key && dice.percent(everybody) {
        let value = if dice.percent(60) { "*".into() } else { Object::with("AWS", "*").into() };
        return Some(("Principal", value));
    }
    let mut names = Vec::new();
    for _ in 0..dice.pick(&[1, 1, 2, 3]) {
        let caller = plan.caller(dice);
        names.push(name(dice, plan, caller));
    }
    Some(("Principal", principal_map(dice, names)))
}

/// How a principal element may name this caller, or nearly name it.
fn name(dice: &mut Dice, plan: &Plan, caller: &Caller) -> String {
    let nearly = dice.any(caller.not_named_by).copied().filter(|_| dice.percent(8));
    if let Some(other) = nearly.filter(|other| !plan.comparable || !other.contains(":sts:")) {
        return other.into();
    }
    if !plan.comparable && dice.percent(3) {
        return dice.pick(&["AROAEXAMPLEAPP0000001", "AIDAEXAMPLEDANA000001", "AROAEXAMPLEOTHER00001"]).into();
    }
    // See [`Plan::session_policies`]; a federated user hardly ever comes without one.
    let limited = plan.comparable && (plan.session_policies || caller.kind == Kind::Federated);
    let names: Vec<&str> = caller.names().into_iter().filter(|name| !(limited && name.contains(":sts:"))).collect();
    match dice.any(&names).copied().filter(|_| caller.kind == Kind::Service || dice.percent(65)) {
        Some(name) => name.into(),
        None if caller.has_account() => dice.pick(&account_principals(caller.account).each_ref()).clone(),
        None => dice.pick(&account_principals(OWNER).each_ref()).clone(),
    }
}

/// Whom `NotPrincipal` excepts: a caller on every level, or on all but one.
fn excepted(dice: &mut Dice, plan: &Plan) -> Value {
    let caller = plan.caller(dice);
    let mut levels: Vec<String> = caller.names().into_iter().map(String::from).collect();
    if caller.has_account() {
        let [arn, id] = account_principals(caller.account);
        levels.push(if dice.percent(70) { arn } else { id });
    }
    levels.dedup();
    if levels.len() > 1 && dice.percent(40) {
        // Which levels a federated user has, AWS does not say.
        let least = if plan.comparable && caller.kind == Kind::Federated { levels.len() - 1 } else { 0 };
        let level = dice.between(least, levels.len() - 1);
        levels.remove(level);
    }
    principal_map(dice, levels)
}

fn principal_map(dice: &mut Dice, mut names: Vec<String>) -> Value {
    names.sort_unstable();
    names.dedup();
    let (services, principals): (Vec<&str>, Vec<&str>) =
        names.iter().map(String::as_str).partition(|name| name.ends_with(".amazonaws.com"));
    let mut map = Object::default();
    if !principals.is_empty() {
        map = map.and("AWS", one_or_list(dice, &principals));
    }
    if !services.is_empty() {
        map = map.and("Service", one_or_list(dice, &services));
    }
    map.into()
}
