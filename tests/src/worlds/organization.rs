//! The organization: a tree with service and resource control policies on every level.

use serde_json::Value;

use super::{
    cast::{MANAGEMENT, OWNER, PARTNER},
    dice::{Dice, Object},
    documents::document,
    plan::Plan,
    statements::PolicyType,
};

/// An organization with the owner's account in a unit of a unit or above, and mostly the partner's in another.
pub(super) fn organization(dice: &mut Dice, plan: &Plan) -> Value {
    let payments = unit(dice, plan, "ou-ab12-33333333", "Payments");
    let production = unit(dice, plan, "ou-ab12-11111111", "Production");
    let sandbox = unit(dice, plan, "ou-ab12-22222222", "Sandbox");
    let root = level(dice, plan, Object::with("Id", "r-ab12").and("Name", "Root"));
    let owner = account(dice, plan, OWNER);
    let partner = account(dice, plan, PARTNER);
    let listed = dice.percent(30).then(|| Value::from(Object::with("Id", MANAGEMENT).and("Name", "management")));
    let (mut at_root, mut at_production, mut at_sandbox) = (Vec::from_iter(listed), Vec::new(), Vec::new());
    let mut units: Vec<Value> = Vec::new();
    match dice.between(0, 3) {
        0 => at_root.push(owner),
        1 => at_production.push(owner),
        _ => units.push(payments.and("Accounts", vec![owner]).into()),
    }
    match dice.between(0, 9) {
        0 | 1 => {}
        2..=4 => at_production.push(partner),
        _ => at_sandbox.push(partner),
    }
    let production = production.and("Accounts", at_production).and("OrganizationalUnits", units);
    let units: Vec<Value> = vec![production.into(), sandbox.and("Accounts", at_sandbox).into()];
    let root = root.and("OrganizationalUnits", units).and("Accounts", at_root);
    let features = match dice.between(0, 19) {
        0 => Some("CONSOLIDATED_BILLING"),
        1..=4 => Some("ALL"),
        _ => None,
    };
    Object::with("Id", "o-exampleorgid")
        .and("MasterAccountId", MANAGEMENT)
        .and_if("FeatureSet", features)
        .and("Root", root)
        .into()
}

fn unit(dice: &mut Dice, plan: &Plan, id: &str, name: &str) -> Object {
    level(dice, plan, Object::with("Id", id).and("Name", name))
}

fn account(dice: &mut Dice, plan: &Plan, id: &str) -> Value {
    let name = dice.percent(70).then(|| format!("account {id}"));
    level(dice, plan, Object::with("Id", id).and_if("Name", name)).into()
}

/// The policies of one level. Most levels have what Organizations attaches by itself.
fn level(dice: &mut Dice, plan: &Plan, level: Object) -> Object {
    let full = || vec![Value::from("FullAWSAccess")];
    let service = match dice.between(0, 99) {
        0..=63 => None,
        64..=74 => Some(full()),
        75..=90 => {
            let mut attached = full();
            attached.push(control(dice, plan, PolicyType::ServiceControl, "Guardrail"));
            Some(attached)
        }
        91..=98 => Some(vec![control(dice, plan, PolicyType::ServiceControl, "Listed")]),
        _ => Some(Vec::new()),
    };
    let resource = match dice.between(0, 99) {
        0..=86 => None,
        87..=90 => Some(vec![Value::from("RCPFullAWSAccess")]),
        91..=94 => Some(vec!["RCPFullAWSAccess".into(), control(dice, plan, PolicyType::ResourceControl, "Perimeter")]),
        _ => Some(vec![control(dice, plan, PolicyType::ResourceControl, "Perimeter")]),
    };
    level.and_if("ServiceControlPolicies", service).and_if("ResourceControlPolicies", resource)
}

fn control(dice: &mut Dice, plan: &Plan, policy_type: PolicyType, name: &str) -> Value {
    let id = dice.percent(30).then_some("p-12345678");
    let kind = if policy_type == PolicyType::ServiceControl { "service" } else { "resource" };
    let arn =
        id.map(|id| format!("arn:aws:organizations::{MANAGEMENT}:policy/o-exampleorgid/{kind}_control_policy/{id}"));
    let content = document(dice, plan, policy_type);
    Object::with("Name", name).and_if("Id", id).and_if("Arn", arn).and("Content", content).into()
}
