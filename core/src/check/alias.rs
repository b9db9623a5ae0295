//! The names of aliases.
//!
//! <https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html#KMS-CreateAlias-request-AliasName>

use alloc::format;

use super::{AuthorizedRequest, ErrorName, KmsError, validation};
use crate::catalog::Action;

/// The page names an error for reserved names only in so far as it lists `InvalidAliasNameException`, which
/// no other operation has; its sentence is ours. The other messages are AWS's, from reports of real calls.
pub(super) fn check(request: &AuthorizedRequest<'_>) -> Result<(), KmsError> {
    let Some(name) = request.text("AliasName") else { return Ok(()) };
    let Some(own) = name.strip_prefix("alias/").filter(|own| !own.is_empty()) else {
        let page = "https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html";
        return Err(validation(format!("Alias must start with the prefix \"alias/\". Please see {page}")));
    };
    if !own.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-')) {
        return Err(validation(format!("{name} contains invalid characters for an alias")));
    }
    if own.starts_with("aws/") && request.is(Action::CreateAlias) {
        let message = format!("{name} begins with alias/aws/ which is reserved for AWS managed keys.");
        return Err(KmsError::new(ErrorName::InvalidAliasName, message));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{
        KeyFacts,
        fixture::{ARN, error_of, text},
    };

    #[test]
    fn names_of_aliases() {
        let error =
            |action, name: &str| error_of(action, KeyFacts::new(ARN), &[text("AliasName", name)]).map(|(name, _)| name);
        let longest = format!("alias/{}", "x".repeat(250));
        for name in ["alias/Orders_2-b/c", "alias/aws", "alias/awsome/x", &longest] {
            assert_eq!(error(Action::CreateAlias, name), None, "{name}");
        }
        for name in ["Orders", "alias/", "alias/a:b", "alias/a b", "alias/é", &format!("{longest}x")] {
            assert_eq!(error(Action::CreateAlias, name), Some(ErrorName::Validation), "{name}");
        }
        assert_eq!(error(Action::CreateAlias, "alias/aws/s3"), Some(ErrorName::InvalidAliasName));
        assert_eq!(error(Action::DeleteAlias, "alias/aws/s3"), None);
    }
}
