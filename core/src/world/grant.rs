use alloc::{boxed::Box, vec::Vec};

use jiff::Timestamp;

use crate::{arn::AccountId, catalog::ActionSet, json::Span, policy::principal::Principal};

/// A grant as `list-grants` shows it. It has no effect field: a grant cannot deny.
///
/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantListEntry.html>
#[derive(Clone, Debug)]
pub struct Grant {
    /// The bytes of its description.
    pub span: Span,
    /// `GrantId`
    pub id: Option<Box<str>>,
    /// `GranteePrincipal` or `GranteeServicePrincipal`, as written.
    pub grantee_text: Box<str>,
    /// Who gets the permission.
    pub grantee: Principal,
    /// `RetiringPrincipal` or `RetiringServicePrincipal`: who may retire it without any policy.
    pub retiring_principal: Option<Principal>,
    /// `IssuingAccount`: the account that it was made from; the key's if not given.
    pub issuing_account: Option<AccountId>,
    /// `Operations`
    pub operations: ActionSet,
    /// What the request must carry beside that.
    pub constraints: GrantConstraints,
    /// What `CreateGrant` returned beside the id. With it the grant is effective at once.
    pub token: Option<Box<str>>,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// When it was retired or revoked.
    pub deleted: Option<Timestamp>,
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html>
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GrantConstraints {
    /// On the encryption context.
    pub encryption_context: Option<EncryptionContextConstraint>,
    /// `SourceArn`: the resource on whose behalf the request must be made.
    pub source_arn: Option<Box<str>>,
}

/// How the encryption context of a request must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EncryptionContextConstraint {
    /// `EncryptionContextEquals`: these pairs and no others.
    Equals(Vec<(Box<str>, Box<str>)>),
    /// `EncryptionContextSubset`: at least these pairs.
    Subset(Vec<(Box<str>, Box<str>)>),
}

impl EncryptionContextConstraint {
    /// Its pairs.
    #[must_use]
    pub fn pairs(&self) -> &[(Box<str>, Box<str>)] {
        match self {
            Self::Equals(pairs) | Self::Subset(pairs) => pairs,
        }
    }
}
