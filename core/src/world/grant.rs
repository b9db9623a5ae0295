use alloc::boxed::Box;

use crate::{catalog::ActionSet, json::Span};

/// A grant as `list-grants` shows it. It has no effect field: a grant cannot deny.
///
/// This version reads grants but does not evaluate them: where one could carry the request, the
/// decision says so instead of guessing.
///
/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantListEntry.html>
#[derive(Clone, Debug)]
pub struct Grant {
    /// The bytes of its description.
    pub span: Span,
    /// `GrantId`
    pub id: Option<Box<str>>,
    /// `GranteePrincipal` or `GranteeServicePrincipal`
    pub grantee: Box<str>,
    /// `Operations`
    pub operations: ActionSet,
}
