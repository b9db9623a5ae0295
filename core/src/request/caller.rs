use alloc::{boxed::Box, vec::Vec};

use crate::{
    arn::{AccountId, PrincipalArn},
    json::Span,
    world::{Principal, Tag, World},
};

/// Who asks.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The bytes of its description.
    pub span: Span,
    /// Who it is.
    pub identity: Identity,
    /// What its credentials say.
    pub session: Session,
}

/// The kinds of callers that KMS meets. Its requests are always signed, so nobody is anonymous.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    /// The root user of an account.
    Root(PrincipalArn),
    /// An IAM user.
    User {
        /// Its ARN.
        arn: PrincipalArn,
        /// The user in the world.
        user: usize,
    },
    /// A session of a role.
    RoleSession {
        /// The ARN of the session.
        arn: PrincipalArn,
        /// The role in the world.
        role: usize,
    },
    /// A session of `GetFederationToken`.
    FederatedUser {
        /// The ARN of the session.
        arn: PrincipalArn,
        /// The user who asked for it, in the world.
        user: usize,
    },
    /// A service that calls for itself.
    Service(Box<str>),
}

/// What a caller's credentials say beyond who it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Session {
    /// Whether the user proved a second factor. Given for a user, it means temporary credentials.
    pub mfa: Option<bool>,
    /// Seconds since then.
    pub mfa_age: Option<Box<str>>,
    /// Session tags.
    pub tags: Vec<Tag>,
    /// The source identity.
    pub source_identity: Option<Box<str>>,
    /// When the credentials were issued.
    pub token_issue_time: Option<Box<str>>,
    /// The policies that were passed when the session was made: their position in the world.
    pub policies: Option<usize>,
}

impl Caller {
    /// The ARN as AWS's messages print it, or the name of the service.
    #[must_use]
    pub fn name(&self) -> &str {
        match &self.identity {
            Identity::Root(arn)
            | Identity::User { arn, .. }
            | Identity::RoleSession { arn, .. }
            | Identity::FederatedUser { arn, .. } => arn.as_str(),
            Identity::Service(name) => name,
        }
    }

    /// The ARN; a service has none.
    #[must_use]
    pub const fn arn(&self) -> Option<&PrincipalArn> {
        match &self.identity {
            Identity::Root(arn)
            | Identity::User { arn, .. }
            | Identity::RoleSession { arn, .. }
            | Identity::FederatedUser { arn, .. } => Some(arn),
            Identity::Service(_) => None,
        }
    }

    /// The account; a service has none.
    #[must_use]
    pub fn account(&self) -> Option<AccountId> {
        self.arn().map(PrincipalArn::account)
    }

    /// The user or role whose identity-based policies speak for the caller.
    #[must_use]
    pub const fn entity(&self) -> Option<usize> {
        match self.identity {
            Identity::User { user, .. } | Identity::FederatedUser { user, .. } => Some(user),
            Identity::RoleSession { role, .. } => Some(role),
            Identity::Root(_) | Identity::Service(_) => None,
        }
    }

    /// Whether it is a session of a service-linked role.
    #[must_use]
    pub fn is_service_linked_role(&self, world: &World) -> bool {
        self.principal(world).is_some_and(Principal::is_service_linked_role)
    }

    /// That user or role.
    #[must_use]
    pub fn principal<'w>(&self, world: &'w World) -> Option<&'w Principal> {
        world.principals.get(self.entity()?)
    }
}
