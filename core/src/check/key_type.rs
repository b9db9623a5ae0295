//! The type of the keys: spec, usage, origin, custom key store, multi-Region.
//!
//! <https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-compare.html> and the page of each
//! operation, whose section "Errors" tells which of `InvalidKeyUsageException` and
//! `UnsupportedOperationException` it has.

use alloc::format;

use super::{
    AuthorizedRequest, ErrorName, KeyFacts, KmsError,
    key_state::{IN_CUSTOM_KEY_STORE, wrong_origin},
    validation,
};
use crate::{
    catalog::{Action, KeyOrigin, KeySpec, KeyUsage},
    world::MultiRegionKeyType::{Primary, Replica},
};

/// The usage of the keys. The sentence is AWS's, from reports of real calls.
pub(super) fn check_usage(request: &AuthorizedRequest<'_>) -> Result<(), KmsError> {
    match request.keys.iter().find(|(action, key)| !has_usage(*action, key)) {
        None => Ok(()),
        Some((_, key)) => {
            let (usage, operation) = (key.usage.name(), request.operation.name());
            let message = format!("{} key usage is {usage} which is not valid for {operation}.", key.arn);
            Err(KmsError::new(ErrorName::InvalidKeyUsage, message))
        }
    }
}

/// All else.
pub(super) fn check(request: &AuthorizedRequest<'_>) -> Result<(), KmsError> {
    request.keys.iter().try_for_each(|(action, key)| fits(*action, key))?;
    match &*request.keys {
        [(Action::UpdateAlias, current), (_, new)] => same_kind(current, new),
        [(Action::UpdatePrimaryRegion, primary), rest @ ..] => {
            require(primary.multi_region == Some(Primary), primary, NOT_PRIMARY)?;
            rest.iter().try_for_each(|(_, key)| require(key.multi_region == Some(Replica), key, NOT_REPLICA))
        }
        _ => Ok(()),
    }
}

/// Whether an action can be done with a key of that type at all, and so be in a grant on it
/// (<https://docs.aws.amazon.com/kms/latest/developerguide/grants.html#terms-grant-operations>).
pub(super) fn supports(action: Action, key: &KeyFacts<'_>) -> bool {
    has_usage(action, key) && fits(action, key).is_ok()
}

/// What a key must be used for to take part in a cryptographic operation
/// (<https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html#KMS-CreateKey-request-KeyUsage>).
pub(super) const fn usage_for(action: Action) -> Option<KeyUsage> {
    use Action::{
        Decapsulate, Decrypt, DeriveSharedSecret, Encapsulate, Encrypt, GenerateDataKey, GenerateDataKeyPair,
        GenerateDataKeyPairWithoutPlaintext, GenerateDataKeyWithoutPlaintext, GenerateMac, ReEncryptFrom, ReEncryptTo,
        Sign, Verify, VerifyMac,
    };
    match action {
        Decrypt | Encrypt | ReEncryptFrom | ReEncryptTo => Some(KeyUsage::EncryptDecrypt),
        GenerateDataKey | GenerateDataKeyWithoutPlaintext => Some(KeyUsage::EncryptDecrypt),
        GenerateDataKeyPair | GenerateDataKeyPairWithoutPlaintext => Some(KeyUsage::EncryptDecrypt),
        Sign | Verify => Some(KeyUsage::SignVerify),
        GenerateMac | VerifyMac => Some(KeyUsage::GenerateVerifyMac),
        DeriveSharedSecret => Some(KeyUsage::KeyAgreement),
        Decapsulate | Encapsulate => Some(KeyUsage::EncapsulateDecapsulate),
        _ => None,
    }
}

fn has_usage(action: Action, key: &KeyFacts<'_>) -> bool {
    usage_for(action).is_none_or(|usage| usage == key.usage)
}

fn fits(action: Action, key: &KeyFacts<'_>) -> Result<(), KmsError> {
    use Action::{
        GenerateDataKey, GenerateDataKeyPair, GenerateDataKeyPairWithoutPlaintext, GenerateDataKeyWithoutPlaintext,
    };
    match action {
        GenerateDataKey | GenerateDataKeyWithoutPlaintext => encrypts_data_keys(key),
        GenerateDataKeyPair | GenerateDataKeyPairWithoutPlaintext => {
            encrypts_data_keys(key)?;
            require(!key.is_in_custom_key_store(), key, IN_CUSTOM_KEY_STORE)
        }
        Action::GetPublicKey => require(is_asymmetric(key.spec), key, "is not an asymmetric KMS key."),
        Action::DisableKeyRotation | Action::EnableKeyRotation => {
            rotates(key)?;
            if key.origin == KeyOrigin::AwsKms { Ok(()) } else { Err(wrong_origin(key)) }
        }
        Action::RotateKeyOnDemand => rotates(key),
        Action::DeleteImportedKeyMaterial | Action::GetParametersForImport | Action::ImportKeyMaterial => {
            if key.origin == KeyOrigin::External { Ok(()) } else { Err(wrong_origin(key)) }
        }
        Action::ReplicateKey => require(key.multi_region == Some(Primary), key, NOT_PRIMARY),
        _ => Ok(()),
    }
}

const NOT_PRIMARY: &str = "is not a multi-Region primary key.";
const NOT_REPLICA: &str = "is not a multi-Region replica key.";

/// `UnsupportedOperationException`. AWS sends it without a message for `GetPublicKey` and rotation; the
/// sentences are ours.
fn require(condition: bool, key: &KeyFacts<'_>, otherwise: &str) -> Result<(), KmsError> {
    if condition {
        return Ok(());
    }
    Err(KmsError::new(ErrorName::UnsupportedOperation, format!("{} {otherwise}", key.arn)))
}

/// What automatic rotation and rotation on demand have in common
/// (<https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html>,
/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_RotateKeyOnDemand.html>).
///
/// UNDOCUMENTED: the error for AWS managed keys and for replica keys; both pages rule them out.
fn rotates(key: &KeyFacts<'_>) -> Result<(), KmsError> {
    require(key.spec == KeySpec::SymmetricDefault, key, "is not a symmetric encryption KMS key.")?;
    require(!key.is_in_custom_key_store(), key, IN_CUSTOM_KEY_STORE)?;
    require(!key.aws_managed, key, "is an AWS managed key, whose rotation cannot be changed.")?;
    require(
        key.multi_region != Some(Replica),
        key,
        "is a multi-Region replica key, which rotates with its primary key.",
    )
}

/// AWS's sentence, from reports of real calls.
fn encrypts_data_keys(key: &KeyFacts<'_>) -> Result<(), KmsError> {
    if key.spec == KeySpec::SymmetricDefault {
        return Ok(());
    }
    Err(KmsError::new(ErrorName::InvalidKeyUsage, "You cannot generate a data key with an asymmetric CMK"))
}

/// An alias goes from key to key only within a type and a usage
/// (<https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdateAlias.html>).
///
/// UNDOCUMENTED: the error. The sentence is ours.
fn same_kind(current: &KeyFacts<'_>, new: &KeyFacts<'_>) -> Result<(), KmsError> {
    // HMAC keys have a usage of their own, so this tells all three types apart.
    if is_asymmetric(current.spec) == is_asymmetric(new.spec) && current.usage == new.usage {
        return Ok(());
    }
    let message = "The current and the new KMS key of an alias must be of the same type and have the same key usage.";
    Err(validation(message))
}

fn is_asymmetric(spec: KeySpec) -> bool {
    spec != KeySpec::SymmetricDefault && !spec.supports(KeyUsage::GenerateVerifyMac)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{ARN, check_keys, error_of, key};
    use ErrorName::{InvalidKeyUsage, UnsupportedOperation, Validation};

    const SYMMETRIC: (KeySpec, KeyUsage) = (KeySpec::SymmetricDefault, KeyUsage::EncryptDecrypt);
    const HMAC: (KeySpec, KeyUsage) = (KeySpec::Hmac256, KeyUsage::GenerateVerifyMac);
    const ENCRYPTING: (KeySpec, KeyUsage) = (KeySpec::Rsa2048, KeyUsage::EncryptDecrypt);
    const SIGNING: (KeySpec, KeyUsage) = (KeySpec::Rsa2048, KeyUsage::SignVerify);
    const AGREEING: (KeySpec, KeyUsage) = (KeySpec::EccNistP256, KeyUsage::KeyAgreement);
    const ENCAPSULATING: (KeySpec, KeyUsage) = (KeySpec::MlKem768, KeyUsage::EncapsulateDecapsulate);

    /// The types of key that an action works with, as AWS's table has it.
    #[test]
    fn operations_by_key_type() {
        use Action::*;
        let types = [SYMMETRIC, HMAC, ENCRYPTING, SIGNING, AGREEING, ENCAPSULATING];
        let rows: [(&[Action], [u8; 6]); 8] = [
            (&[Encrypt, Decrypt, ReEncryptFrom, ReEncryptTo], [1, 0, 1, 0, 0, 0]),
            (&[GenerateDataKey, GenerateDataKeyWithoutPlaintext], [1, 0, 0, 0, 0, 0]),
            (&[GenerateDataKeyPair, GenerateDataKeyPairWithoutPlaintext, RotateKeyOnDemand], [1, 0, 0, 0, 0, 0]),
            (&[Sign, Verify], [0, 0, 0, 1, 0, 0]),
            (&[GenerateMac, VerifyMac], [0, 1, 0, 0, 0, 0]),
            (&[DeriveSharedSecret], [0, 0, 0, 0, 1, 0]),
            (&[Encapsulate, Decapsulate], [0, 0, 0, 0, 0, 1]),
            (&[GetPublicKey], [0, 0, 1, 1, 1, 1]),
        ];
        for (actions, expected) in rows {
            for &action in actions {
                let actual = types.map(|(spec, usage)| u8::from(supports(action, &key(spec, usage))));
                assert_eq!(actual, expected, "{}", action.name());
            }
        }
        for action in [CreateGrant, DescribeKey, RetireGrant, TagResource, GetKeyRotationStatus] {
            assert!(types.iter().all(|(spec, usage)| supports(action, &key(*spec, *usage))));
        }
    }

    #[test]
    fn messages_name_the_operation() {
        let expected = format!("{ARN} key usage is SIGN_VERIFY which is not valid for Encrypt.");
        assert_eq!(error_of(Action::Encrypt, key(SIGNING.0, SIGNING.1), &[]), Some((InvalidKeyUsage, expected)));
        let (name, _) = error_of(Action::GenerateDataKey, key(ENCRYPTING.0, ENCRYPTING.1), &[]).unwrap();
        assert_eq!(name, InvalidKeyUsage);
        let (name, _) = error_of(Action::GetPublicKey, key(HMAC.0, HMAC.1), &[]).unwrap();
        assert_eq!(name, UnsupportedOperation);
    }

    #[test]
    fn custom_key_stores_know_no_data_key_pairs_and_no_rotation() {
        let custom = KeyFacts { origin: KeyOrigin::AwsCloudHsm, ..KeyFacts::new(ARN) };
        let by_id = KeyFacts { in_custom_key_store: true, ..KeyFacts::new(ARN) };
        for key in [custom, by_id] {
            for action in [Action::GenerateDataKeyPair, Action::EnableKeyRotation, Action::RotateKeyOnDemand] {
                assert_eq!(error_of(action, key, &[]).map(|(name, _)| name), Some(UnsupportedOperation));
            }
            assert_eq!(error_of(Action::GenerateDataKey, key, &[]), None);
        }
    }

    #[test]
    fn imported_material_is_for_keys_made_for_it_and_is_not_rotated_by_itself() {
        let imported = KeyFacts { origin: KeyOrigin::External, ..KeyFacts::new(ARN) };
        let wrong = format!("{ARN} origin is AWS_KMS which is not valid for this operation.");
        for action in [Action::GetParametersForImport, Action::ImportKeyMaterial, Action::DeleteImportedKeyMaterial] {
            assert_eq!(error_of(action, KeyFacts::new(ARN), &[]), Some((UnsupportedOperation, wrong.clone())));
            assert_eq!(error_of(action, imported, &[]), None);
        }
        let wrong = format!("{ARN} origin is EXTERNAL which is not valid for this operation.");
        assert_eq!(error_of(Action::EnableKeyRotation, imported, &[]), Some((UnsupportedOperation, wrong)));
        assert_eq!(error_of(Action::RotateKeyOnDemand, imported, &[]), None);
    }

    #[test]
    fn rotation_is_set_on_customer_managed_keys_and_on_the_primary_key() {
        let managed = KeyFacts { aws_managed: true, ..KeyFacts::new(ARN) };
        let replica = KeyFacts { multi_region: Some(Replica), ..KeyFacts::new(ARN) };
        for key in [managed, replica] {
            for action in [Action::DisableKeyRotation, Action::EnableKeyRotation, Action::RotateKeyOnDemand] {
                assert_eq!(error_of(action, key, &[]).map(|(name, _)| name), Some(UnsupportedOperation));
            }
        }
        let primary = KeyFacts { multi_region: Some(Primary), ..KeyFacts::new(ARN) };
        assert_eq!(error_of(Action::EnableKeyRotation, primary, &[]), None);
    }

    #[test]
    fn only_a_primary_key_is_replicated_and_hands_its_part_to_a_replica() {
        let [single, primary, replica] =
            [None, Some(Primary), Some(Replica)].map(|multi_region| KeyFacts { multi_region, ..KeyFacts::new(ARN) });
        assert!(supports(Action::ReplicateKey, &primary));
        assert!(!supports(Action::ReplicateKey, &replica) && !supports(Action::ReplicateKey, &single));
        let update = |keys: [KeyFacts<'_>; 2]| check_keys(Action::UpdatePrimaryRegion, &keys, &[]).is_ok();
        assert!(update([primary, replica]));
        assert!(!update([replica, primary]) && !update([primary, single]) && !update([single, replica]));
    }

    #[test]
    fn an_alias_stays_with_its_type_and_usage() {
        let of = |(spec, usage)| key(spec, usage);
        let update = |current, new| check_keys(Action::UpdateAlias, &[current, new], &[]).map_err(|error| error.name);
        assert_eq!(update(of(SYMMETRIC), of(SYMMETRIC)), Ok(()));
        assert_eq!(update(of(ENCRYPTING), key(KeySpec::Rsa4096, KeyUsage::EncryptDecrypt)), Ok(()));
        for (current, new) in [(SYMMETRIC, ENCRYPTING), (SYMMETRIC, HMAC), (ENCRYPTING, SIGNING), (SIGNING, AGREEING)] {
            assert_eq!(update(of(current), of(new)), Err(Validation));
        }
    }
}
