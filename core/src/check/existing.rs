//! What is there already: aliases and replicas that would be made a second time, and the quota of aliases.

use alloc::format;

use super::{ErrorName, KmsError};
use crate::{
    catalog::{Action, Operation, key_spec::ALIASES_PER_KEY},
    request::Request,
    world::{KmsKey, World},
};

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html#API_CreateAlias_Errors>,
/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_ReplicateKey.html#API_ReplicateKey_Errors>,
/// <https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html>. The first message is AWS's,
/// from reports of real calls; the others are ours.
pub(super) fn check(request: &Request, world: &World) -> Result<(), KmsError> {
    let Some(key) = request.authorizations.iter().find_map(|authorization| authorization.resource.kms_key(world))
    else {
        return Ok(());
    };
    let same_account =
        |other: &&KmsKey| other.arn.account() == key.arn.account() && other.arn.partition() == key.arn.partition();
    let mut others = world.keys.iter().filter(same_account);
    match request.operation {
        Operation::Of(Action::CreateAlias) => {
            let name = request.text("AliasName").unwrap_or_default();
            let region = key.arn.region();
            let has =
                |other: &KmsKey| other.arn.region() == region && other.aliases.iter().any(|alias| &**alias == name);
            if others.any(has) {
                let (partition, account) = (key.arn.partition(), key.arn.account());
                let message =
                    format!("An alias with the name arn:{partition}:kms:{region}:{account}:{name} already exists");
                return Err(KmsError::new(ErrorName::AlreadyExists, message));
            }
            if key.aliases.len() >= ALIASES_PER_KEY {
                let message = format!("{} has {ALIASES_PER_KEY} aliases, and no key can have more.", key.arn.as_str());
                return Err(KmsError::new(ErrorName::LimitExceeded, message));
            }
        }
        Operation::Of(Action::ReplicateKey) => {
            let region = request.text("ReplicaRegion").unwrap_or_default();
            let replica = |other: &KmsKey| other.arn.region() == region && other.arn.id() == key.arn.id();
            if let Some(replica) = others.find(|other| replica(other)) {
                let message = format!("{} already exists.", replica.arn.as_str());
                return Err(KmsError::new(ErrorName::AlreadyExists, message));
            }
        }
        _ => {}
    }
    Ok(())
}
