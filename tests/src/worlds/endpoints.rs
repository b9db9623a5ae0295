//! Interface endpoints for KMS.

use serde_json::Value;

use super::{
    dice::{Dice, Object},
    documents::document,
    plan::Plan,
    statements::PolicyType,
};

/// Their ids; a world has the first, or both.
pub(super) const ENDPOINTS: &[&str] = &["vpce-0a1b2c3d", "vpce-0d3c2b1a"];

/// The entries under `vpcEndpoints`.
pub(super) fn endpoints(dice: &mut Dice, plan: &Plan) -> Vec<Value> {
    let owners = [Some("111122223333"), Some("111122223333"), Some("444455556666"), None];
    let networks = [Some("vpc-0a1b2c3d"), Some("vpc-0a1b2c3d"), None];
    let mut listed = Vec::new();
    for id in ENDPOINTS.iter().take(plan.endpoints) {
        // What is not told is unknown, and a comparable world has nothing unknown.
        let told = |drawn: Option<&'static str>, pool: &[Option<&'static str>]| {
            drawn.or_else(|| pool.iter().copied().flatten().next().filter(|_| plan.comparable))
        };
        let endpoint = Object::with("VpcEndpointId", *id)
            .and_if("VpcId", told(dice.pick(&networks), &networks))
            .and_if("OwnerId", told(dice.pick(&owners), &owners));
        let policy = dice.percent(75).then(|| document(dice, plan, PolicyType::Endpoint));
        listed.push(endpoint.and_if("PolicyDocument", policy).into());
    }
    listed
}
