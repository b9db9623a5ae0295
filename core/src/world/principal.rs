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
}

/// A tag. Keys are compared without case in conditions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// The key.
    pub key: Box<str>,
    /// The value.
    pub value: Box<str>,
}

/// An identity-based policy, inline or managed.
#[derive(Clone, Debug)]
pub struct IdentityPolicy {
    /// Its name.
    pub name: Box<str>,
    /// The ARN of a managed policy.
    pub arn: Option<Box<str>>,
    /// What it says.
    pub document: Document,
}
