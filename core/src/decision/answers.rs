//! What the policies of each type said about a request.

use core::ops::{BitAnd, BitOr, Not};

/// Whether something matches, allows, denies: `No`, `Yes`, or it depends on what nobody knows.
/// `&`, `|` and `!` are Kleene's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Match {
    /// It does not.
    #[default]
    No,
    /// It depends.
    Depends,
    /// It does.
    Yes,
}

impl From<bool> for Match {
    fn from(yes: bool) -> Self {
        if yes { Match::Yes } else { Match::No }
    }
}

impl BitAnd for Match {
    type Output = Self;
    fn bitand(self, other: Self) -> Self {
        self.min(other)
    }
}

impl BitOr for Match {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        self.max(other)
    }
}

impl Not for Match {
    type Output = Self;
    fn not(self) -> Self {
        match self {
            Match::No => Match::Yes,
            Match::Depends => Match::Depends,
            Match::Yes => Match::No,
        }
    }
}

/// The policy types, in the order in which AWS's page goes through them. Where the endpoint policy
/// stands in that order is not documented.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PolicyType {
    /// Resource control policies of the key's account.
    ResourceControlPolicy,
    /// Service control policies of the caller's account.
    ServiceControlPolicy,
    /// The policy of the VPC endpoint that the request came through.
    VpcEndpointPolicy,
    /// The key policy: the resource-based policy of KMS.
    KeyPolicy,
    /// Grants on the key.
    Grant,
    /// Identity-based policies of the caller.
    IdentityPolicy,
    /// The permissions boundary of the caller.
    PermissionsBoundary,
    /// Policies passed when the session was made.
    SessionPolicy,
}

/// Which document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PolicyId {
    /// The policy of that key of the world.
    Key(usize),
    /// A policy of a user, role or group of the world.
    Identity {
        /// The position of the user, role or group.
        principal: usize,
        /// The position of the policy there.
        policy: usize,
    },
    /// The permissions boundary of a user or role of the world.
    PermissionsBoundary {
        /// The position of the user or role.
        principal: usize,
    },
    /// A policy that was passed for a session.
    Session {
        /// The position of the session.
        session: usize,
        /// The position of the policy there.
        policy: usize,
    },
    /// A service control policy.
    ServiceControl {
        /// The position of the root, unit or account that it is attached to.
        target: usize,
        /// The position of the policy there.
        policy: usize,
    },
    /// A resource control policy.
    ResourceControl {
        /// The position of the root, unit or account that it is attached to.
        target: usize,
        /// The position of the policy there.
        policy: usize,
    },
    /// The policy of that VPC endpoint of the world.
    VpcEndpoint(usize),
}

/// Which grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GrantId {
    /// The position of the key that it is on.
    pub key: usize,
    /// The position of the grant there.
    pub grant: usize,
}

/// Which statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatementId {
    /// The document.
    pub policy: PolicyId,
    /// The position of the statement in it.
    pub statement: usize,
}

/// How a statement of a key policy named the caller. It changes what else must allow:
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html>.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PrincipalForm {
    /// `*`
    Everyone,
    /// The account, which lets its IAM policies decide.
    Account,
    /// The IAM user.
    User,
    /// The role of the session.
    Role,
    /// This very role session.
    RoleSession,
    /// This very federated-user session.
    FederatedUser,
    /// The user who made the federated-user session.
    ParentUser,
    /// The service.
    Service,
}

/// Whether something was found, and the first statement or grant that showed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding<T = StatementId> {
    /// Whether.
    pub outcome: Match,
    /// By what; `None` if nothing was needed.
    pub by: Option<T>,
}

impl<T> Default for Finding<T> {
    fn default() -> Self {
        Self { outcome: Match::No, by: None }
    }
}

impl<T: Copy> Finding<T> {
    /// Takes a statement or grant into account: the first with the strongest outcome stays.
    pub fn take(&mut self, outcome: Match, by: T) {
        if outcome > self.outcome {
            *self = Self { outcome, by: Some(by) };
        }
    }

    pub(super) fn certain(self) -> Option<T> {
        self.by.filter(|_| self.outcome == Match::Yes)
    }
}

/// What the policies of one type say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// Whether a statement denies.
    pub deny: Finding,
    /// Whether a statement allows.
    pub allow: Finding,
}

impl Answer {
    /// No policy of this type takes part, so it stands in nobody's way.
    pub const NOT_IN_PLAY: Self =
        Self { deny: Finding { outcome: Match::No, by: None }, allow: Finding { outcome: Match::Yes, by: None } };
}

/// What the key policy says: its allows are kept apart by how they named the caller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyPolicyAnswer {
    /// Whether a statement denies.
    pub deny: Finding,
    /// Whether a statement allows, by [`PrincipalForm`].
    pub allow: [Finding; 8],
}

impl KeyPolicyAnswer {
    /// The allows that named the caller in this form.
    #[must_use]
    pub fn allow(&self, form: PrincipalForm) -> Finding {
        self.allow.get(form as usize).copied().unwrap_or_default()
    }

    /// Whether a statement allows the caller in any form.
    #[must_use]
    pub fn names_caller(&self) -> Match {
        self.allow.iter().fold(Match::No, |so_far, found| so_far | found.outcome)
    }
}

/// What the grants on the key say. A grant cannot deny.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GrantAnswer {
    /// Whether a grant allows the caller itself.
    pub to_caller: Finding<GrantId>,
    /// Whether one of those was issued from the caller's own account.
    pub issued_by_caller: Finding<GrantId>,
    /// Whether a grant allows the caller's account, which lets its IAM policies decide.
    pub to_account: Finding<GrantId>,
}

/// What all policy types say.
#[derive(Clone, Copy, Debug)]
pub struct Answers {
    /// Allow at every level, deny at any.
    pub resource_control_policies: Answer,
    /// Allow at every level, deny at any.
    pub service_control_policies: Answer,
    /// Of the endpoint that the request came through.
    pub vpc_endpoint_policy: Answer,
    /// Of the key.
    pub key_policy: KeyPolicyAnswer,
    /// On the key.
    pub grants: GrantAnswer,
    /// Of the caller.
    pub identity_policies: Answer,
    /// Of the caller.
    pub permissions_boundary: Answer,
    /// Of the caller's session.
    pub session_policies: Answer,
}

impl Answers {
    /// The denies, in AWS's order of the policy types.
    pub(super) fn denies(&self) -> [(PolicyType, Finding); 7] {
        [
            (PolicyType::ResourceControlPolicy, self.resource_control_policies.deny),
            (PolicyType::ServiceControlPolicy, self.service_control_policies.deny),
            (PolicyType::VpcEndpointPolicy, self.vpc_endpoint_policy.deny),
            (PolicyType::KeyPolicy, self.key_policy.deny),
            (PolicyType::IdentityPolicy, self.identity_policies.deny),
            (PolicyType::PermissionsBoundary, self.permissions_boundary.deny),
            (PolicyType::SessionPolicy, self.session_policies.deny),
        ]
    }
}
