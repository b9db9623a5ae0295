//! The key policy lockout safety check.

use alloc::vec::Vec;

use super::{ErrorName, KmsError};
use crate::{
    answer::decision,
    arn::KeyArn,
    assumption::Assumptions,
    catalog::{Action, KeyOrigin, KeySpec, KeyState, KeyUsage, Operation},
    compile::CompiledWorld,
    decision::Decision,
    policy::Document,
    request::{Authorization, ParameterValue, Request, Resource},
    world::{KmsKey, MultiRegionKeyType, World},
};

/// A new key policy is one that AWS takes
/// (<https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html#API_PutKeyPolicy_Errors>). The
/// message for principals is AWS's, from reports of real calls; what else it says is ours.
pub(super) fn well_formed(request: &Request) -> Result<(), KmsError> {
    match request.parameter("Policy") {
        Some(ParameterValue::MalformedPolicy(message)) => {
            Err(KmsError::new(ErrorName::MalformedPolicyDocument, &**message))
        }
        _ => Ok(()),
    }
}

/// A new key policy must let the caller put another one later, unless the request bypasses the check.
///
/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html#KMS-PutKeyPolicy-request-BypassPolicyLockoutSafetyCheck>.
/// Which policies take part in the check and in which context is not documented: this asks for
/// `kms:PutKeyPolicy` as the caller would, with the new policy in place. The message is AWS's, from reports
/// of real calls.
pub(super) fn check(request: &Request, world: &World, assumptions: &Assumptions) -> Result<(), KmsError> {
    let Some(ParameterValue::Policy(policy)) = request.parameter("Policy") else { return Ok(()) };
    if request.text("BypassPolicyLockoutSafetyCheck") == Some("true") {
        return Ok(());
    }
    let Some((world, key)) = with_policy(request, world, policy) else { return Ok(()) };
    let region = world.keys.get(key).map(|key| key.arn.region().into());
    let authorization = Authorization {
        action: Action::PutKeyPolicy,
        resource: Resource::Key(key),
        request_alias: None,
        region,
        fault: None,
    };
    let later = Request {
        operation: Operation::Of(Action::PutKeyPolicy),
        authorizations: Vec::from([authorization]),
        parameters: Vec::new(),
        ..request.clone()
    };
    match decision(&later, &world, &CompiledWorld::new(&world), assumptions) {
        Some(Decision::ExplicitDeny { .. } | Decision::ImplicitDeny { .. }) => Err(KmsError::new(
            ErrorName::MalformedPolicyDocument,
            "The new key policy will not allow you to update the key policy in the future.",
        )),
        // What nobody knows is no reason to refuse.
        _ => Ok(()),
    }
}

/// The world as it would be with the new policy, and the key that has it.
fn with_policy(request: &Request, world: &World, policy: &Document) -> Option<(World, usize)> {
    let mut world = world.clone();
    let first = request.authorizations.first()?;
    match request.operation {
        Operation::Of(Action::PutKeyPolicy) => {
            let key = first.resource.key()?;
            world.keys.get_mut(key)?.policy = policy.clone();
            Some((world, key))
        }
        Operation::Of(Action::ReplicateKey) => {
            let primary = first.resource.kms_key(&world)?;
            let arn = &primary.arn;
            let (partition, region) = (arn.partition(), request.text("ReplicaRegion")?);
            let replica = alloc::format!("arn:{partition}:kms:{region}:{}:key/{}", arn.account(), arn.id());
            let replica = KmsKey {
                arn: KeyArn::parse(&replica)?,
                multi_region: Some(MultiRegionKeyType::Replica),
                state: KeyState::default(),
                aliases: Vec::new(),
                tags: Vec::new(),
                grants: Vec::new(),
                policy: policy.clone(),
                ..primary.clone()
            };
            world.keys.push(replica);
            let key = world.keys.len().checked_sub(1)?;
            Some((world, key))
        }
        Operation::Of(Action::CreateKey) => {
            let caller = request.caller.arn()?;
            let (partition, account) = (caller.partition(), caller.account());
            let region = first.region.as_deref().or_else(|| world.keys.first().map(|key| key.arn.region()));
            // Without a Region anywhere, any will do: the policy of the key is its own.
            let region = region.unwrap_or("us-east-1");
            let arn = alloc::format!("arn:{partition}:kms:{region}:{account}:key/00000000-0000-0000-0000-000000000000");
            let multi_region = request.text("MultiRegion") == Some("true");
            let origin = request.text("Origin").and_then(KeyOrigin::from_name).unwrap_or_default();
            world.keys.push(KmsKey {
                span: policy.span,
                arn: KeyArn::parse(&arn)?,
                key_spec: request.text("KeySpec").and_then(KeySpec::from_name).unwrap_or_default(),
                key_usage: request.text("KeyUsage").and_then(KeyUsage::from_name).unwrap_or_default(),
                origin,
                state: KeyState::default(),
                aws_managed: false,
                in_custom_key_store: request.text("CustomKeyStoreId").is_some(),
                multi_region: multi_region.then_some(MultiRegionKeyType::Primary),
                policy: policy.clone(),
                aliases: Vec::new(),
                tags: Vec::new(),
                grants: Vec::new(),
            });
            let key = world.keys.len().checked_sub(1)?;
            Some((world, key))
        }
        _ => None,
    }
}
