//! What nobody can do to a key that AWS manages.

use alloc::format;

use super::{AuthorizedRequest, ErrorName, KmsError};
use crate::catalog::Action;

/// "You cannot change any properties of AWS managed keys, rotate them, change their key policies, or schedule
/// them for deletion": <https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-cmk>.
/// The key policies that AWS gives them do not allow any of this to begin with. The pages name no error; this
/// one and its sentence are ours.
pub(super) fn check(request: &AuthorizedRequest<'_>) -> Result<(), KmsError> {
    let Some((_, key)) = request.keys.iter().find(|(action, key)| key.aws_managed && changes(*action)) else {
        return Ok(());
    };
    let message = format!("{} is managed by AWS, which is not valid for this operation.", key.arn);
    Err(KmsError::new(ErrorName::UnsupportedOperation, message))
}

const fn changes(action: Action) -> bool {
    use Action::{
        CancelKeyDeletion, CreateAlias, DeleteAlias, DeleteImportedKeyMaterial, DisableKey, DisableKeyRotation,
        EnableKey, EnableKeyRotation, GetParametersForImport, ImportKeyMaterial, PutKeyPolicy, ReplicateKey,
        RotateKeyOnDemand, ScheduleKeyDeletion, TagResource, UntagResource, UpdateAlias, UpdateKeyDescription,
        UpdatePrimaryRegion,
    };
    #[rustfmt::skip] // A list.
    let changes = matches!(action,
        CancelKeyDeletion | CreateAlias | DeleteAlias | DeleteImportedKeyMaterial | DisableKey | DisableKeyRotation
        | EnableKey | EnableKeyRotation | GetParametersForImport | ImportKeyMaterial | PutKeyPolicy | ReplicateKey
        | RotateKeyOnDemand | ScheduleKeyDeletion | TagResource | UntagResource | UpdateAlias | UpdateKeyDescription
        | UpdatePrimaryRegion);
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{
        KeyFacts,
        fixture::{ARN, error_of},
    };

    #[test]
    fn what_aws_manages_is_used_and_not_changed() {
        let error = |action| {
            let key = KeyFacts { aws_managed: true, ..KeyFacts::new(ARN) };
            error_of(action, key, &[]).map(|(name, _)| name)
        };
        for action in [Action::Decrypt, Action::DescribeKey, Action::GetKeyPolicy, Action::ListGrants] {
            assert_eq!(error(action), None, "{}", action.name());
        }
        for action in [Action::DisableKey, Action::PutKeyPolicy, Action::TagResource, Action::EnableKeyRotation] {
            assert_eq!(error(action), Some(ErrorName::UnsupportedOperation), "{}", action.name());
        }
    }
}
