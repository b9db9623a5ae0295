//! What kinds of key `CreateKey` makes.
//!
//! <https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html>

use alloc::{format, vec::Vec};

use super::{AuthorizedRequest, ErrorName, KmsError, parameters::not_one_of, validation};
use crate::catalog::{Action, KeyOrigin, KeySpec, KeyUsage};

pub(super) fn check(request: &AuthorizedRequest<'_>) -> Result<(), KmsError> {
    if !request.is(Action::CreateKey) {
        return Ok(());
    }
    let spec = named(request, "KeySpec", KeySpec::ALL, KeySpec::name)?.unwrap_or_default();
    let usage = named(request, "KeyUsage", KeyUsage::ALL, KeyUsage::name)?;
    let origin = named(request, "Origin", KeyOrigin::ALL, KeyOrigin::name)?.unwrap_or_default();
    usage_of_spec(spec, usage)?;
    let custom = matches!(origin, KeyOrigin::AwsCloudHsm | KeyOrigin::ExternalKeyStore);
    if custom || request.parameter("CustomKeyStoreId").is_some() {
        custom_key_store(request, spec)?;
    }
    Ok(())
}

/// A key has one usage, which only symmetric encryption need not name. The error is known from reports of
/// real calls, as are its sentences.
fn usage_of_spec(spec: KeySpec, usage: Option<KeyUsage>) -> Result<(), KmsError> {
    match usage {
        Some(usage) if !spec.supports(usage) => {
            Err(validation(format!("KeyUsage {} is not compatible with KeySpec {}.", usage.name(), spec.name())))
        }
        None if spec != KeySpec::SymmetricDefault => {
            Err(validation("You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys."))
        }
        _ => Ok(()),
    }
}

/// Custom key stores hold symmetric encryption keys of a single Region. The sentences are ours.
fn custom_key_store(request: &AuthorizedRequest<'_>, spec: KeySpec) -> Result<(), KmsError> {
    let message = if spec != KeySpec::SymmetricDefault {
        format!("KeySpec {} is not supported in a custom key store.", spec.name())
    } else if request.text("MultiRegion") == Some("true") {
        "Multi-Region keys are not supported in a custom key store.".into()
    } else {
        return Ok(());
    };
    Err(KmsError::new(ErrorName::UnsupportedOperation, message))
}

/// A parameter that is one of several names.
fn named<T: Copy>(
    request: &AuthorizedRequest<'_>,
    parameter: &str,
    all: &[T],
    name: fn(T) -> &'static str,
) -> Result<Option<T>, KmsError> {
    let Some(text) = request.text(parameter) else { return Ok(None) };
    match all.iter().copied().find(|one| name(*one) == text) {
        Some(one) => Ok(Some(one)),
        None => Err(not_one_of(parameter, text, &all.iter().copied().map(name).collect::<Vec<_>>())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        check::fixture::{check_keys, text},
        request::Parameter,
    };
    use ErrorName::{UnsupportedOperation, Validation};

    fn create(parameters: &[Parameter]) -> Result<(), ErrorName> {
        check_keys(Action::CreateKey, &[], parameters).map_err(|error| error.name)
    }

    #[test]
    fn the_usage_fits_the_spec() {
        assert_eq!(create(&[]), Ok(()));
        for &spec in KeySpec::ALL {
            for &usage in KeyUsage::ALL {
                let outcome = create(&[text("KeySpec", spec.name()), text("KeyUsage", usage.name())]);
                assert_eq!(outcome.is_ok(), spec.supports(usage), "{} {}", spec.name(), usage.name());
            }
            let unsaid = create(&[text("KeySpec", spec.name())]);
            assert_eq!(unsaid.is_ok(), spec == KeySpec::SymmetricDefault, "{}", spec.name());
        }
        for parameter in ["KeySpec", "KeyUsage", "Origin"] {
            assert_eq!(create(&[text(parameter, "NONE")]), Err(Validation), "{parameter}");
        }
    }

    #[test]
    fn custom_key_stores_hold_symmetric_keys_of_one_region() {
        let store = [text("CustomKeyStoreId", "cks-1234abcd"), text("Origin", "AWS_CLOUDHSM")];
        assert_eq!(create(&store), Ok(()));
        for part in store {
            assert_eq!(create(&[part.clone(), text("MultiRegion", "true")]), Err(UnsupportedOperation));
            let rsa = [part, text("KeySpec", "RSA_2048"), text("KeyUsage", "SIGN_VERIFY")];
            assert_eq!(create(&rsa), Err(UnsupportedOperation));
        }
        assert_eq!(create(&[text("Origin", "EXTERNAL"), text("MultiRegion", "true")]), Ok(()));
    }
}
