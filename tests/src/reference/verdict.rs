//! What an evaluation comes to.

/// The decision on a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It is allowed.
    Allowed,
    /// A policy denies it.
    ExplicitDeny,
    /// Nothing denies it, but somebody who must allow it does not.
    ImplicitDeny,
    /// It hangs on something that nobody knows: some ways to fill it in allow, some deny.
    Undetermined,
}

impl Decision {
    /// The name as scenarios write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Decision::Allowed => "Allowed",
            Decision::ExplicitDeny => "ExplicitDeny",
            Decision::ImplicitDeny => "ImplicitDeny",
            Decision::Undetermined => "Undetermined",
        }
    }
}

/// A decision and its ground.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The decision. Of a request that every completion of the unknown denies, some explicitly and some
    /// not, it is `ImplicitDeny`.
    pub decision: Decision,
    /// In the words of scenarios, who allowed (`by`), denied (`by`) or would have had to allow (`missing`).
    /// Nothing if that hangs on something unknown, and where no policy takes part: a root user may do in
    /// its own account what concerns no key.
    pub policy: Option<&'static str>,
    /// The action of the authorization that decided, `kms:ReEncryptTo`: the first that is not allowed, or
    /// the first of all. Nothing if that hangs on something unknown.
    pub authorization: Option<String>,
    /// Its place among the authorizations of the operation, from 0.
    pub position: Option<usize>,
}

/// Why there is no verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// What is unknown can be filled in in more ways than are tried.
    TooMany,
    /// The scenario, or the request, has no meaning here.
    Unanswerable(&'static str),
}

/// The words of scenarios for who allows, denies or does not allow.
pub(super) mod word {
    pub const RESOURCE_CONTROL_POLICY: &str = "resource control policy";
    pub const SERVICE_CONTROL_POLICY: &str = "service control policy";
    pub const ENDPOINT_POLICY: &str = "VPC endpoint policy";
    pub const KEY_POLICY: &str = "key policy";
    pub const IDENTITY_POLICY: &str = "identity policy";
    pub const PERMISSIONS_BOUNDARY: &str = "permissions boundary";
    pub const SESSION_POLICY: &str = "session policy";
    pub const GRANT: &str = "grant";
    pub const CROSS_ACCOUNT_OPERATION: &str = "cross-account operation";
    pub const SAME_PARTITION: &str = "same partition";
}
