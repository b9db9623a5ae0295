//! A policy document as its author wrote it: every element of the policy language, with positions.
//!
//! Grammar: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>.
//! A [`Document`] exists only if the text has no error, so whoever holds one need not check again.
//! Nothing here has heard of a request.
//!
//! ```
//! use keytrace::policy::{self, Effect, PolicyKind};
//!
//! let reading = policy::read_text(
//!     r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}}"#,
//!     PolicyKind::Identity,
//! );
//! assert_eq!(reading.value.unwrap().statements[0].effect, Effect::Allow);
//! ```

pub mod action;
pub mod condition;
pub mod principal;
mod read;
pub mod resource;
pub mod value;
pub mod variable;

pub use read::{read, read_text};

use alloc::{boxed::Box, vec::Vec};

use crate::json::Span;
use action::ActionPattern;
use condition::Condition;
use principal::PrincipalEntry;
use resource::ResourcePattern;

/// The policy types of which documents are read. Which elements are allowed depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PolicyKind {
    /// A key policy: <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html>
    Key,
    /// An identity-based policy of a user, group or role; a permissions boundary is one too.
    Identity,
    /// A policy that is passed for a session: like an identity-based policy, but for incomplete ARNs
    /// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>).
    Session,
    /// A service control policy:
    /// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html>
    ServiceControl,
    /// A resource control policy that a customer wrote:
    /// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html>
    ResourceControl,
    /// The policy of a VPC endpoint:
    /// <https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html>
    VpcEndpoint,
}

impl PolicyKind {
    /// Every kind.
    pub const ALL: &'static [PolicyKind] = &[
        PolicyKind::Key,
        PolicyKind::Identity,
        PolicyKind::Session,
        PolicyKind::ServiceControl,
        PolicyKind::ResourceControl,
        PolicyKind::VpcEndpoint,
    ];

    /// Whether statements speak of whoever the policy is attached to, and so name no principal.
    #[must_use]
    pub const fn is_attached(self) -> bool {
        matches!(self, Self::Identity | Self::Session | Self::ServiceControl)
    }

    /// Whether IAM's own rules for names of statements hold.
    const fn is_of_iam(self) -> bool {
        matches!(self, Self::Identity | Self::Session)
    }
}

/// A policy document without an error in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The bytes of the document.
    pub span: Span,
    /// The version of the language that it is written in.
    pub version: Version,
    /// The statements in order.
    pub statements: Vec<Statement>,
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// `2008-10-17`, or none written: policy variables are plain text.
    V2008,
    /// `2012-10-17`
    V2012,
}

/// One statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The bytes of the statement.
    pub span: Span,
    /// Its name, if it has one. Has no part in evaluation.
    pub sid: Option<Box<str>>,
    /// What it does when it matches.
    pub effect: Effect,
    /// Whom it speaks of.
    pub principal: Element<PrincipalEntry>,
    /// Which actions it speaks of.
    pub action: Element<ActionPattern>,
    /// Which resources it speaks of.
    pub resource: Element<ResourcePattern>,
    /// All of them must hold.
    pub conditions: Vec<Condition>,
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_effect.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// `"Allow"`
    Allow,
    /// `"Deny"`
    Deny,
}

/// `Principal`/`NotPrincipal`, `Action`/`NotAction` or `Resource`/`NotResource`: one of the two, or none.
/// A statement with both cannot be written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Element<T> {
    /// Neither is there. In identity policies that is the rule for principals; in a key policy AWS
    /// stores a statement without `Action` or `Resource`, and it matches nothing
    /// (<https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html>).
    Absent,
    /// The plain element: one of these.
    Is(Span, Vec<T>),
    /// The element with `Not`: none of these.
    IsNot(Span, Vec<T>),
}

impl<T> Element<T> {
    /// What is listed.
    #[must_use]
    pub fn entries(&self) -> &[T] {
        match self {
            Element::Absent => &[],
            Element::Is(_, entries) | Element::IsNot(_, entries) => entries,
        }
    }

    /// Where it stands.
    #[must_use]
    pub const fn span(&self) -> Option<Span> {
        match self {
            Element::Absent => None,
            Element::Is(span, _) | Element::IsNot(span, _) => Some(*span),
        }
    }
}
