//! The state of the keys.
//!
//! <https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html>

use alloc::format;

use super::{AuthorizedRequest, ErrorName, KeyFacts, KmsError};
use crate::{
    assumption::PendingDeletionError,
    catalog::{
        Action,
        key_state::{KeyTraits, StateError, in_state},
    },
};

pub(super) fn check(request: &AuthorizedRequest<'_>) -> Result<(), KmsError> {
    for (index, (action, key)) in request.keys.iter().enumerate() {
        let traits = KeyTraits {
            origin: key.origin,
            in_custom_key_store: key.is_in_custom_key_store(),
            is_new_target: *action == Action::UpdateAlias && index > 0,
        };
        in_state(*action, key.state, traits)
            .map_err(|footnote| error(footnote, key, request.pending_deletion_error))?;
    }
    Ok(())
}

/// AWS's sentences, but for footnotes 7, 8 and 9, which it describes without printing one. That of 9 is
/// known from reports of real calls; those of 7 and 8 are ours.
fn error(footnote: StateError, key: &KeyFacts<'_>, pending_deletion: PendingDeletionError) -> KmsError {
    use ErrorName::{Disabled, KmsInvalidState, UnsupportedOperation};
    let pending = "is pending deletion (or pending replica deletion).";
    let either = match pending_deletion {
        PendingDeletionError::InvalidState => KmsInvalidState,
        PendingDeletionError::Disabled => Disabled,
    };
    let (name, sentence) = match footnote {
        StateError::Disabled => (Disabled, "is disabled."),
        StateError::PendingDeletionEither => (either, pending),
        StateError::PendingDeletion | StateError::PendingDeletionImported => (KmsInvalidState, pending),
        StateError::NotPendingDeletion => (KmsInvalidState, "is not pending deletion (or pending replica deletion)."),
        StateError::PendingImport => (
            KmsInvalidState,
            "is pending import because no key material has ever been imported or one of the imported key materials is \
             deleted or expired.",
        ),
        StateError::ImportedKeyMaterial | StateError::NoImportedKeyMaterial => return wrong_origin(key),
        StateError::CustomKeyStore => (UnsupportedOperation, IN_CUSTOM_KEY_STORE),
        StateError::NewTargetPendingDeletion => (KmsInvalidState, "is pending deletion."),
        StateError::Unavailable => (KmsInvalidState, "is unavailable."),
        StateError::Creating => (KmsInvalidState, "is creating."),
        StateError::Updating => (KmsInvalidState, "is updating."),
    };
    KmsError::new(name, format!("{} {sentence}", key.arn))
}

/// Our own words.
pub(super) const IN_CUSTOM_KEY_STORE: &str = "is in a custom key store which is not valid for this operation.";

/// AWS's sentence for keys whose material does not come from where the operation needs it.
pub(super) fn wrong_origin(key: &KeyFacts<'_>) -> KmsError {
    let message = format!("{} origin is {} which is not valid for this operation.", key.arn, key.origin.name());
    KmsError::new(ErrorName::UnsupportedOperation, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        catalog::{KeyOrigin, KeyState, Operation},
        check::fixture::{ARN, check_keys, error_of},
    };
    use ErrorName::{Disabled, KmsInvalidState, UnsupportedOperation};
    use alloc::vec;

    /// One case for each footnote, with the whole sentence.
    #[test]
    fn footnotes_have_their_error_and_sentence() {
        let plain = KeyFacts::new(ARN);
        let imported = KeyFacts { origin: KeyOrigin::External, ..plain };
        let custom = KeyFacts { in_custom_key_store: true, ..plain };
        let pending = "is pending deletion (or pending replica deletion).";
        #[rustfmt::skip] // A table: a footnote a line, 2 and 3 once more than the page has them.
        let rows = [
            (Action::Decrypt, KeyState::Disabled, plain, Disabled, "is disabled."),
            (Action::Decrypt, KeyState::PendingDeletion, plain, KmsInvalidState, pending),
            (Action::TagResource, KeyState::PendingReplicaDeletion, plain, KmsInvalidState, pending),
            (Action::CancelKeyDeletion, KeyState::Enabled, plain, KmsInvalidState, "is not pending deletion (or pending replica deletion)."),
            (Action::Encrypt, KeyState::PendingImport, imported, KmsInvalidState, "is pending import because no key material has ever been imported or one of the imported key materials is deleted or expired."),
            (Action::EnableKeyRotation, KeyState::PendingImport, imported, UnsupportedOperation, "origin is EXTERNAL which is not valid for this operation."),
            (Action::EnableKeyRotation, KeyState::Enabled, custom, UnsupportedOperation, IN_CUSTOM_KEY_STORE),
            (Action::ImportKeyMaterial, KeyState::PendingDeletion, imported, KmsInvalidState, pending),
            (Action::ImportKeyMaterial, KeyState::Enabled, plain, UnsupportedOperation, "origin is AWS_KMS which is not valid for this operation."),
            (Action::Decrypt, KeyState::Unavailable, custom, KmsInvalidState, "is unavailable."),
            (Action::Sign, KeyState::Creating, plain, KmsInvalidState, "is creating."),
            (Action::DisableKey, KeyState::Updating, plain, KmsInvalidState, "is updating."),
        ];
        for (action, state, key, name, sentence) in rows {
            let actual = error_of(action, KeyFacts { state, ..key }, &[]);
            assert_eq!(actual, Some((name, format!("{ARN} {sentence}"))), "{} {}", action.name(), state.name());
        }
    }

    #[test]
    fn which_error_a_key_pending_deletion_ends_in_can_be_switched() {
        let key = KeyFacts { state: KeyState::PendingDeletion, ..KeyFacts::new(ARN) };
        let switched = |action| {
            check(&AuthorizedRequest {
                operation: Operation::Of(action),
                keys: vec![(action, key)],
                parameters: &[],
                pending_deletion_error: PendingDeletionError::Disabled,
            })
        };
        assert_eq!(switched(Action::Decrypt).unwrap_err().name, Disabled);
        // Where the page names one footnote only, there is nothing to switch.
        assert_eq!(switched(Action::TagResource).unwrap_err().name, KmsInvalidState);
    }

    #[test]
    fn an_alias_does_not_go_to_a_key_pending_deletion() {
        let [here, gone] =
            [KeyState::Enabled, KeyState::PendingDeletion].map(|state| KeyFacts { state, ..KeyFacts::new(ARN) });
        assert_eq!(check_keys(Action::UpdateAlias, &[gone, here], &[]), Ok(()));
        let error = check_keys(Action::UpdateAlias, &[here, gone], &[]).unwrap_err();
        assert_eq!((error.name, error.message), (KmsInvalidState, format!("{ARN} is pending deletion.")));
    }
}
