//! `Principal` and `NotPrincipal`.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>

use alloc::{boxed::Box, format, string::String};

use crate::{
    arn::{AccountId, Arn, PrincipalArn, PrincipalKind, is_unique_id},
    json::{Path, Span},
    problem::{Code, Problems},
};

/// One entry of `Principal` or `NotPrincipal`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrincipalEntry {
    /// The bytes of the entry.
    pub span: Span,
    /// As written.
    pub text: Box<str>,
    /// Whom it names.
    pub principal: Principal,
}

/// Whom an entry names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    /// `"*"`, or `{"AWS": "*"}`
    Everyone,
    /// `111122223333` or `arn:aws:iam::111122223333:root`: the account, which lets its IAM policies decide.
    Account {
        /// The account.
        account: AccountId,
        /// The partition; `None` if only the number is written.
        partition: Option<Box<str>>,
    },
    /// A user, role, role session or federated user, by ARN.
    Arn(PrincipalArn),
    /// `AIDA…`, `AROA…`: what AWS shows once the user or role is gone.
    UniqueId(Box<str>),
    /// `cloudtrail.amazonaws.com`
    Service(Box<str>),
    /// Could not be read; a problem says so.
    Unreadable,
}

/// The keys of the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PrincipalType {
    Aws,
    Service,
    Federated,
    CanonicalUser,
}

impl PrincipalType {
    pub(super) fn read(name: &str) -> Option<Self> {
        Some(match name {
            "AWS" => Self::Aws,
            "Service" => Self::Service,
            "Federated" => Self::Federated,
            "CanonicalUser" => Self::CanonicalUser,
            _ => return None,
        })
    }
}

impl PrincipalEntry {
    pub(super) fn read(
        kind: PrincipalType,
        text: &str,
        span: Span,
        path: &Path<'_>,
        problems: &mut Problems<'_>,
    ) -> Self {
        let principal = match kind {
            _ if text.contains("${") => Err((
                Code::VariableUnsupportedInElement,
                format!("`{text}`: no policy variable can stand in a principal; use a condition on `aws:PrincipalArn`"),
            )),
            PrincipalType::Aws => aws(text, span, path, problems),
            PrincipalType::Service => service(text),
            PrincipalType::Federated => Err((
                Code::FederatedPrincipalNotSupported,
                format!(
                    "`{text}`: identity providers are principals of role trust policies only; name the role instead"
                ),
            )),
            PrincipalType::CanonicalUser => Err((
                Code::InvalidPrincipal,
                format!("`{text}`: canonical user ids are for S3; write the account id under `AWS`"),
            )),
        };
        let principal = principal.unwrap_or_else(|(code, message)| {
            problems.push(code, span, path, message);
            Principal::Unreadable
        });
        Self { span, text: text.into(), principal }
    }
}

type Fault = (Code, String);

fn aws(text: &str, span: Span, path: &Path<'_>, problems: &mut Problems<'_>) -> Result<Principal, Fault> {
    if text == "*" {
        return Ok(Principal::Everyone);
    }
    if let Some(account) = AccountId::parse(text) {
        return Ok(Principal::Account { account, partition: None });
    }
    if is_unique_id(text) {
        let message = format!(
            "`{text}` is what AWS shows after the user or role was deleted; a new one of the same name does not match. Write the ARN"
        );
        problems.push(Code::DanglingPrincipal, span, path, message);
        return Ok(Principal::UniqueId(text.into()));
    }
    if text.contains(['*', '?']) {
        let message = format!(
            "`{text}`: a wildcard cannot stand for part of a principal; name the account, or use `*` with a condition on `aws:PrincipalArn`"
        );
        return Err((Code::UnsupportedWildcardInPrincipal, message));
    }
    let Some(arn) = PrincipalArn::parse(text) else {
        let message = format!(
            "`{text}` is no principal; write an account id, or the ARN of a user, role or session, such as `arn:aws:iam::111122223333:role/App`"
        );
        return Err((Code::InvalidPrincipal, message));
    };
    match arn.kind() {
        PrincipalKind::Root => Ok(Principal::Account {
            account: arn.account(),
            partition: Arn::parse(text).map(|arn| arn.partition.into()),
        }),
        PrincipalKind::Group { .. } => Err((
            Code::InvalidPrincipal,
            format!("`{text}`: a group cannot be a principal; name its users, or the account"),
        )),
        _ => Ok(Principal::Arn(arn)),
    }
}

fn service(text: &str) -> Result<Principal, Fault> {
    if text.contains(['*', '?']) {
        return Err((
            Code::UnsupportedWildcardInPrincipal,
            format!("`{text}`: a service principal is written in full"),
        ));
    }
    let labels_are_sound = text.split('.').all(|label| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    });
    if labels_are_sound && text.contains('.') {
        return Ok(Principal::Service(text.into()));
    }
    Err((
        Code::InvalidPrincipal,
        format!("`{text}` is no service principal; write one such as `cloudtrail.amazonaws.com`"),
    ))
}

/// Whom a grant names: an account, a user, a role, a session, or a service; or a unique id, which AWS
/// shows once the user or role is gone
/// (<https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html#KMS-CreateGrant-request-GranteePrincipal>).
pub(crate) fn grant_principal(text: &str) -> Option<Principal> {
    if is_unique_id(text) {
        return Some(Principal::UniqueId(text.into()));
    }
    if let Some(account) = AccountId::parse(text) {
        return Some(Principal::Account { account, partition: None });
    }
    match PrincipalArn::parse(text) {
        Some(arn) if *arn.kind() == PrincipalKind::Root => {
            Some(Principal::Account { account: arn.account(), partition: Some(arn.partition().into()) })
        }
        Some(arn) if matches!(arn.kind(), PrincipalKind::Group { .. }) => None,
        Some(arn) => Some(Principal::Arn(arn)),
        None => service(text).ok(),
    }
}
