//! What each operation does once it is authorized and nothing stands in its way: a file for each family.

mod alias;
mod deletion;
mod encryption;
mod grant;
mod import;
mod key;
mod listing;
mod mac;
mod multi_region;
mod policy;
mod rotation;
#[cfg(feature = "signatures")]
mod signature;
mod tag;

use alloc::{format, string::String};

use super::call::{Call, Outcome, Stop};
use crate::{
    catalog::{Action, Operation},
    json::Value,
};

/// Does what is asked.
pub(super) fn perform(call: &mut Call<'_>) -> Outcome {
    let Operation::Of(action) = call.request.operation else { return encryption::re_encrypt(call) };
    match action {
        Action::CancelKeyDeletion => deletion::cancel(call),
        Action::CreateAlias => alias::create(call),
        Action::CreateGrant => grant::create(call),
        Action::CreateKey => key::create(call),
        Action::Decrypt => encryption::decrypt(call),
        Action::DeleteAlias => alias::delete(call),
        Action::DeleteImportedKeyMaterial => import::delete(call),
        Action::DescribeKey => key::describe(call),
        Action::DisableKey => key::disable(call),
        Action::DisableKeyRotation => rotation::disable(call),
        Action::EnableKey => key::enable(call),
        Action::EnableKeyRotation => rotation::enable(call),
        Action::Encrypt => encryption::encrypt(call),
        Action::GenerateDataKey => encryption::generate_data_key(call, true),
        Action::GenerateDataKeyWithoutPlaintext => encryption::generate_data_key(call, false),
        Action::GenerateMac => mac::generate(call),
        Action::GenerateRandom => encryption::generate_random(call),
        Action::GetKeyPolicy => policy::get(call),
        Action::GetKeyRotationStatus => rotation::status(call),
        Action::GetParametersForImport => import::parameters(call),
        Action::ImportKeyMaterial => import::import(call),
        Action::ListAliases => alias::list(call),
        Action::ListGrants => grant::list(call),
        Action::ListKeyPolicies => policy::list(call),
        Action::ListKeyRotations => rotation::list(call),
        Action::ListKeys => key::list(call),
        Action::ListResourceTags => tag::list(call),
        Action::ListRetirableGrants => grant::list_retirable(call),
        Action::PutKeyPolicy => policy::put(call),
        Action::ReplicateKey => multi_region::replicate(call),
        Action::RetireGrant => grant::retire(call),
        Action::RevokeGrant => grant::revoke(call),
        Action::RotateKeyOnDemand => rotation::rotate_on_demand(call),
        Action::ScheduleKeyDeletion => deletion::schedule(call),
        Action::TagResource => tag::add(call),
        Action::UntagResource => tag::remove(call),
        Action::UpdateAlias => alias::update(call),
        Action::UpdateKeyDescription => key::update_description(call),
        Action::UpdatePrimaryRegion => multi_region::update_primary_region(call),
        Action::VerifyMac => mac::verify(call),
        #[cfg(feature = "signatures")]
        Action::GetPublicKey => signature::public_key(call),
        #[cfg(feature = "signatures")]
        Action::Sign => signature::sign(call),
        #[cfg(feature = "signatures")]
        Action::Verify => signature::verify(call),
        _ => Err(not_modelled(format!("what `{}` does", action.name()))),
    }
}

/// Where our knowledge ends, rather than a result that is made up.
fn not_modelled(what: String) -> Stop {
    Stop::NotModelled(format!("{what} is not modelled; KMS would do it"))
}

/// What an operation answers that has nothing to say.
fn nothing() -> Value {
    Value::object([])
}

/// What many operations answer: the ARN of their key.
fn key_id(arn: &crate::arn::KeyArn) -> (&'static str, Value) {
    ("KeyId", Value::text(arn.as_str()))
}
