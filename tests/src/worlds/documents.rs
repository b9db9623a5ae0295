//! Whole policy documents, and what stands around them in a scenario.

use serde_json::Value;

use super::{
    cast::ENTITIES,
    dice::{Dice, Object},
    keys::Key,
    plan::Plan,
    statements::{Effect, PolicyType, delegation, open, statement},
};

/// What a policy is like.
#[derive(Clone, Copy, Debug)]
enum Mood {
    /// It allows everything.
    Open,
    /// It allows everything but what it denies.
    Denying,
    /// It allows what it lists.
    Listing,
    /// It allows some and denies some.
    Mixed,
}

use Mood::{Denying, Listing, Mixed, Open};

/// A document of any type but a key policy.
pub(super) fn document(dice: &mut Dice, plan: &Plan, policy_type: PolicyType) -> Value {
    let moods: &[Mood] = match policy_type {
        PolicyType::Identity => &[Open, Open, Listing, Listing, Listing, Mixed],
        PolicyType::ResourceControl => &[Mixed],
        PolicyType::ServiceControl => &[Open, Denying, Denying, Denying, Listing, Listing, Listing],
        _ => &[Open, Denying, Denying, Listing, Listing, Mixed],
    };
    let mood = dice.pick(moods);
    let old_version = is_old(dice, policy_type);
    let mut statements = Vec::new();
    if matches!(mood, Open | Denying) {
        statements.push(open(dice, plan, policy_type, old_version));
    }
    let more = match mood {
        Open => 0,
        Denying => dice.pick(&[1, 1, 2]),
        Listing | Mixed => dice.pick(&[1, 2, 2, 3]),
    };
    for _ in 0..more {
        let effect = match mood {
            _ if policy_type == PolicyType::ResourceControl => Effect::Deny,
            Denying => Effect::Deny,
            Mixed if dice.percent(35) => Effect::Deny,
            _ => Effect::Allow,
        };
        let index = statements.len();
        statements.push(statement(dice, plan, policy_type, effect, index, old_version));
    }
    around(dice, plan, policy_type, statements, old_version)
}

/// A key policy.
pub(super) fn key_policy(dice: &mut Dice, plan: &Plan, key: &Key) -> Value {
    if key.shape.aws_managed {
        return aws_managed(key);
    }
    let old_version = is_old(dice, PolicyType::Key);
    let mut statements = Vec::new();
    if dice.percent(80) {
        statements.push(delegation(dice, plan, key.account, old_version));
    }
    for caller in &plan.callers {
        if caller.has_account() && caller.account != key.account && dice.percent(55) {
            statements.push(delegation(dice, plan, caller.account, old_version));
        }
    }
    let least = usize::from(statements.is_empty());
    for _ in 0..dice.pick(&[least, 1, 1, 2, 3]) {
        let effect = if dice.percent(68) { Effect::Allow } else { Effect::Deny };
        let index = statements.len();
        statements.push(statement(dice, plan, PolicyType::Key, effect, index, old_version));
    }
    around(dice, plan, PolicyType::Key, statements, old_version)
}

/// As AWS writes it for S3: everybody of the account through the service, and nobody else
/// (<https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-key>).
fn aws_managed(key: &Key) -> Value {
    let Key { account, region, .. } = key;
    let through =
        Object::with("kms:CallerAccount", *account).and("kms:ViaService", format!("s3.{region}.amazonaws.com"));
    let actions = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"];
    let usage = Object::with("Effect", "Allow")
        .and("Principal", Object::with("AWS", "*"))
        .and("Action", actions.as_slice())
        .and("Resource", "*")
        .and("Condition", Object::with("StringEquals", through));
    let view = Object::with("Effect", "Allow")
        .and("Principal", Object::with("AWS", format!("arn:aws:iam::{account}:root")))
        .and("Action", ["kms:Describe*", "kms:Get*", "kms:List*", "kms:RevokeGrant"].as_slice())
        .and("Resource", "*");
    let statements = vec![Value::from(usage), Value::from(view)];
    Object::with("Version", "2012-10-17").and("Id", "auto-s3-2").and("Statement", statements).into()
}

fn is_old(dice: &mut Dice, policy_type: PolicyType) -> bool {
    !matches!(policy_type, PolicyType::ServiceControl | PolicyType::ResourceControl) && dice.percent(6)
}

fn around(
    dice: &mut Dice,
    plan: &Plan,
    policy_type: PolicyType,
    mut statements: Vec<Value>,
    old_version: bool,
) -> Value {
    let version = if old_version { dice.pick(&[Some("2008-10-17"), None]) } else { Some("2012-10-17") };
    let id = (policy_type == PolicyType::Key && dice.percent(20)).then_some("key-policy");
    let statement = match statements.pop() {
        Some(only) if statements.is_empty() && dice.percent(40) => only,
        last => {
            statements.extend(last);
            statements.into()
        }
    };
    let document = Object::with("Statement", statement).and_if("Id", id).and_if("Version", version);
    if plan.comparable || dice.percent(94) { document.into() } else { Value::from(document).to_string().into() }
}

/// A policy with its name, in the shape of IAM's lists.
pub(super) fn named(dice: &mut Dice, plan: &Plan, policy_type: PolicyType, name: &str, account: &str) -> Value {
    let arn = dice.percent(30).then(|| format!("arn:aws:iam::{account}:policy/{name}"));
    let document = document(dice, plan, policy_type);
    Object::with("PolicyName", name).and_if("PolicyArn", arn).and("PolicyDocument", document).into()
}

/// Users, roles and groups with their policies: those who ask, and the groups that they are in.
pub(super) fn principals(dice: &mut Dice, plan: &Plan) -> Vec<Value> {
    let asks = |arn: &str| plan.callers.iter().any(|caller| caller.entity == arn);
    let mut listed = Vec::new();
    let mut groups: Vec<&str> = Vec::new();
    for entity in ENTITIES.iter().filter(|entity| !entity.is_group() && asks(entity.arn)) {
        let account = entity.arn.split(':').nth(4).unwrap_or_default();
        let id = if entity.is_user() { "UserId" } else { "RoleId" };
        let told = plan.comparable || dice.percent(85);
        let mut printed = Object::with("Arn", entity.arn).and_if(id, told.then_some(entity.unique_id));
        let tags: &[[&str; 2]] =
            &[["team", "blue"], ["Team", "red"], ["env", "prod"], ["key", "1234abcd*"], ["name", "Dana"]];
        let tag = |[key, value]: [&str; 2]| Value::from(Object::with("Key", key).and("Value", value));
        let count = dice.pick(&[0, 0, 1, 2]);
        let mut tags = dice.some(tags, count);
        // Tags that differ only in case are for a world in which not everything need be known.
        tags.dedup_by_key(|[key, _]| if plan.comparable { key.to_ascii_lowercase() } else { String::from(*key) });
        if !tags.is_empty() {
            printed = printed.and("Tags", tags.into_iter().map(tag).collect::<Vec<_>>());
        }
        let member_of: Vec<&str> = entity.groups.iter().filter(|_| dice.percent(40)).copied().collect();
        if !member_of.is_empty() {
            printed = printed.and("Groups", member_of.clone());
            groups.extend(member_of);
        }
        if !entity.is_linked() && dice.percent(34) {
            let arn = dice.percent(50).then(|| format!("arn:aws:iam::{account}:policy/Boundary"));
            let boundary = Object::default().and_if("PermissionsBoundaryArn", arn);
            let document = document(dice, plan, PolicyType::Boundary);
            printed = printed.and("PermissionsBoundary", boundary.and("PolicyDocument", document));
        }
        let policies = dice.pick(&[0, 1, 1, 1, 1, 1, 2, 2]);
        listed.push(printed.and("Policies", policies_of(dice, plan, account, policies)).into());
    }
    for entity in ENTITIES.iter().filter(|entity| entity.is_group()) {
        let name = entity.arn.rsplit('/').next().unwrap_or_default();
        let account = entity.arn.split(':').nth(4).unwrap_or_default();
        if groups.contains(&name) {
            let count = dice.pick(&[0, 1]);
            let policies = policies_of(dice, plan, account, count);
            listed.push(Object::with("Arn", entity.arn).and("Policies", policies).into());
        }
    }
    listed
}

fn policies_of(dice: &mut Dice, plan: &Plan, account: &str, count: usize) -> Vec<Value> {
    (0..count).map(|index| named(dice, plan, PolicyType::Identity, &format!("Policy{index}"), account)).collect()
}
