use alloc::{boxed::Box, vec::Vec};

use crate::{arn::PrincipalArn, json::Span, policy::Document};

/// A user, role or group of IAM.
#[derive(Clone, Debug)]
pub struct Principal {
    /// The bytes of its description.
    pub span: Span,
    /// Its ARN, path included.
    pub arn: PrincipalArn,
    /// `AIDA…` or `AROA…`, if known.
    pub unique_id: Option<Box<str>>,
    /// Tags of the user or role.
    pub tags: Vec<Tag>,
    /// Names of the groups that a user is in.
    pub groups: Vec<Box<str>>,
    /// Inline and managed identity-based policies.
    pub policies: Vec<IdentityPolicy>,
    /// The permissions boundary of a user or role.
    pub permissions_boundary: Option<PermissionsBoundary>,
}

impl Principal {
    /// Whether it is a service-linked role: one whose path says so. Neither SCPs nor RCPs bind it
    /// (<https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html>).
    #[must_use]
    pub fn is_service_linked_role(&self) -> bool {
        self.arn.as_str().contains(":role/aws-service-role/")
    }
}

/// A managed policy that limits what identity-based policies give.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html>
#[derive(Clone, Debug)]
pub struct PermissionsBoundary {
    /// Its ARN.
    pub arn: Option<Box<str>>,
    /// What it says.
    pub document: Document,
}

/// A tag. Keys are compared without case in conditions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// The key.
    pub key: Box<str>,
    /// The value.
    pub value: Box<str>,
}

/// An identity-based policy, inline or managed; or a policy that was passed for a session.
#[derive(Clone, Debug)]
pub struct IdentityPolicy {
    /// Its name.
    pub name: Box<str>,
    /// The ARN of a managed policy.
    pub arn: Option<Box<str>>,
    /// What it says.
    pub document: Document,
}
