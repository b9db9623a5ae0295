//! Grants on the keys of a world.

use serde_json::Value;

use super::{
    cast::{Caller, Kind},
    dice::{Dice, Object},
    keys::Key,
    operations::{actions, grantable},
    parameters::pairs,
    plan::Plan,
};

/// The name of an encryption context constraint, and its pairs.
type ContextConstraint = (&'static str, Vec<[&'static str; 2]>);

const CONTEXT_CONSTRAINTS: &[&str] = &["EncryptionContextSubset", "EncryptionContextEquals"];

/// A grant.
#[derive(Debug)]
pub(super) struct Grant {
    pub id: String,
    pub token: Option<String>,
    pub operations: Vec<&'static str>,
    pub constraint: Option<ContextConstraint>,
    pub source_arn: Option<&'static str>,
    /// What else `list-grants` prints, and we beside it.
    rest: Object,
}

/// Source ARNs of grants and requests.
pub(super) const SOURCE_ARNS: &[&str] =
    &["arn:aws:cloudtrail:us-west-2:111122223333:trail/audit", "arn:aws:cloudtrail:us-west-2:444455556666:trail/audit"];

/// When a grant was made, seen from noon of 23 November: long ago, minutes ago, not yet.
const CREATED: &[&str] = &[
    "2026-10-01T00:00:00Z",
    "2026-11-23T11:54:00Z",
    "2026-11-23T11:57:30Z",
    "2026-11-23T11:57:30Z",
    "2026-11-23T13:00:00Z",
];
const DELETED: &[&str] = &["2026-11-20T00:00:00Z", "2026-11-23T11:58:00Z", "2026-11-23T11:58:00Z"];

impl Grant {
    /// The entry under `Grants`.
    pub(super) fn print(&self) -> Value {
        let mut constraints = Object::default().and_if("SourceArn", self.source_arn);
        if let Some((name, pairs)) = &self.constraint {
            constraints = constraints.and(name, context(pairs));
        }
        let constrained = self.constraint.is_some() || self.source_arn.is_some();
        Object::with("GrantId", self.id.as_str())
            .and("Operations", self.operations.clone())
            .and_if("Constraints", constrained.then_some(constraints))
            .and_if("GrantToken", self.token.as_deref())
            .joined(&self.rest)
            .into()
    }
}

/// Pairs as an encryption context.
pub(super) fn context(pairs: &[[&'static str; 2]]) -> Value {
    pairs.iter().fold(Object::default(), |context, [name, value]| context.and(name, *value)).into()
}

/// Gives the keys of a world up to four grants each.
pub(super) fn hand_out(dice: &mut Dice, plan: &mut Plan) {
    let mut number = 0;
    let counts: Vec<usize> = plan.keys.iter().map(|_| dice.pick(&[0, 1, 1, 2, 2, 3, 3, 4])).collect();
    for (position, count) in counts.into_iter().enumerate() {
        let mut grants = Vec::new();
        for _ in 0..count {
            number += 1;
            grants.extend(grant(dice, plan, position, number));
        }
        if let Some(key) = plan.keys.get_mut(position) {
            key.grants = grants;
        }
    }
}

fn grant(dice: &mut Dice, plan: &Plan, position: usize, number: usize) -> Option<Grant> {
    let key = plan.keys.get(position)?;
    // What the world's requests ask for, and some more.
    let pool = grantable(key);
    let asked: Vec<&str> = plan.operations.iter().flat_map(|operation| actions(operation)).collect();
    let count = dice.between(0, 2);
    let mut operations: Vec<&str> =
        pool.iter().filter(|name| asked.contains(name) && dice.percent(75)).copied().collect();
    operations.extend(dice.some(&pool, if operations.is_empty() { 2 } else { count }));
    operations.sort_unstable();
    operations.dedup();
    let grantee = plan.caller(dice);
    let by_service = grantee.kind == Kind::Service && dice.percent(70);
    let constraint =
        (key.is_symmetric() && dice.percent(35)).then(|| (dice.pick(CONTEXT_CONSTRAINTS), pairs(dice, plan, 1)));
    // KMS demands both of a grant to a service.
    let source_arn = (by_service || dice.percent(10)).then(|| dice.pick(SOURCE_ARNS));
    let mut rest = if by_service {
        Object::with("GranteeServicePrincipal", grantee.arn)
    } else {
        Object::with("GranteePrincipal", principal(dice, grantee))
    };
    if by_service && dice.percent(50) {
        rest = rest.and("RetiringServicePrincipal", grantee.arn);
    } else if by_service || dice.percent(50) {
        let retiring = plan.caller(dice);
        rest = rest.and("RetiringPrincipal", principal(dice, retiring));
    }
    let issuing_account = if grantee.has_account() && dice.percent(50) { grantee.account } else { key.account };
    let issuing_account = match dice.between(0, 9) {
        0..=2 => None,
        3 | 4 => Some(issuing_account.into()),
        _ => Some(format!("arn:aws:iam::{issuing_account}:root")),
    };
    rest = rest.and_if("IssuingAccount", issuing_account).and_if("Name", dice.percent(20).then_some("for-the-app"));
    if dice.percent(10) {
        // The `aws` command prints seconds.
        rest = rest.and("CreationDate", 1_790_000_000.5);
    } else if dice.percent(70) {
        rest = rest.and("CreationDate", dice.pick(CREATED));
    }
    if dice.percent(12) {
        rest = rest.and("DeletionDate", dice.pick(DELETED));
    }
    let token = dice.percent(60).then(|| format!("token{number}"));
    Some(Grant { id: format!("{number:064x}"), token, operations, constraint, source_arn, rest })
}

/// A grant to be made: like one that is there, so that a grantee may pass on what it has, or any.
pub(super) fn create_grant(dice: &mut Dice, plan: &Plan, key: &Key) -> Object {
    let parent = dice.any(&key.grants).filter(|_| dice.percent(70));
    let operations = match parent {
        Some(parent) if dice.percent(75) => {
            let count = dice.between(1, parent.operations.len());
            dice.some(&parent.operations, count)
        }
        _ => {
            let count = dice.between(1, 3);
            dice.some(&grantable(key), count)
        }
    };
    let grantee = plan.caller(dice);
    let mut values = Object::with("Operations", operations);
    let mut constraints = Object::default();
    let mut constrained = false;
    let inherited = parent.and_then(|parent| child_constraint(dice, parent));
    let constraint = inherited.or_else(|| {
        let drawn = key.is_symmetric() && dice.percent(25);
        drawn.then(|| (dice.pick(CONTEXT_CONSTRAINTS), pairs(dice, plan, 1)))
    });
    if let Some((name, pairs)) = constraint {
        constraints = constraints.and(name, context(&pairs));
        constrained = true;
    }
    let by_service = grantee.kind == Kind::Service;
    let source_arn = parent.and_then(|parent| parent.source_arn).filter(|_| dice.percent(75));
    if let Some(source_arn) = source_arn.or_else(|| by_service.then(|| dice.pick(SOURCE_ARNS))) {
        constraints = constraints.and("SourceArn", source_arn);
        constrained = true;
    }
    if by_service {
        values = values.and("GranteeServicePrincipal", grantee.arn).and("RetiringServicePrincipal", grantee.arn);
    } else {
        values = values.and("GranteePrincipal", principal(dice, grantee));
        if dice.percent(40) {
            let retiring = plan.caller(dice);
            if retiring.has_account() {
                values = values.and("RetiringPrincipal", principal(dice, retiring));
            }
        }
    }
    values.and_if("Constraints", constrained.then_some(constraints))
}

/// The parent's constraint: as it is, tightened, loosened, or none.
fn child_constraint(dice: &mut Dice, parent: &Grant) -> Option<ContextConstraint> {
    let (name, pairs) = parent.constraint.as_ref()?;
    let mut pairs = pairs.clone();
    match dice.between(0, 9) {
        0 => return None,
        1 | 2 => pairs.retain(|_| dice.percent(60)),
        3 | 4 if !pairs.iter().any(|[name, _]| name.eq_ignore_ascii_case("stage")) => pairs.push(["stage", "prod"]),
        _ => {}
    }
    let name = if dice.percent(25) { dice.pick(CONTEXT_CONSTRAINTS) } else { name };
    (!pairs.is_empty()).then_some((name, pairs))
}

/// How a grant may name a principal: itself, its user or role, its account, or one that is nearly it.
pub(super) fn principal(dice: &mut Dice, caller: &Caller) -> String {
    if let Some(other) = dice.any(caller.not_named_by).filter(|_| dice.percent(6)) {
        return String::from(*other);
    }
    match dice.between(0, 9) {
        0 | 1 if caller.has_account() => format!("arn:aws:iam::{}:root", caller.account),
        2..=5 if !caller.entity.is_empty() => caller.entity.into(),
        _ => caller.arn.into(),
    }
}
