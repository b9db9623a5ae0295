//! What a request meets: principals and keys with their policies and grants, the organization that they
//! are in, the VPC endpoints that requests come through.

mod grant;
mod key;
mod organization;
mod principal;
mod vpc_endpoint;

pub use grant::{EncryptionContextConstraint, Grant, GrantConstraints};
pub use key::{KmsKey, MultiRegionKeyType};
pub use organization::{ControlPolicy, Levels, Organization, Target};
pub use principal::{IdentityPolicy, PermissionsBoundary, Principal, Tag};
pub use vpc_endpoint::VpcEndpoint;

use alloc::vec::Vec;

use crate::{
    arn::{PrincipalArn, PrincipalKind},
    decision::PolicyId,
    policy::Document,
};

/// Everything that takes part in a decision, except for the request.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// Users, roles and groups.
    pub principals: Vec<Principal>,
    /// KMS keys.
    pub keys: Vec<KmsKey>,
    /// The organization that some of the accounts are in.
    pub organization: Option<Organization>,
    /// VPC endpoints for KMS.
    pub vpc_endpoints: Vec<VpcEndpoint>,
    /// The policies that were passed when a session was made, a list for each session that has some.
    pub session_policies: Vec<Vec<IdentityPolicy>>,
}

impl World {
    /// The role of that name in the account of somebody; names are unique there, whatever the path.
    #[must_use]
    pub fn role(&self, of: &PrincipalArn, name: &str) -> Option<usize> {
        self.position(of, |kind| matches!(kind, PrincipalKind::Role { name: role } if &**role == name))
    }

    /// The group of that name in the account of somebody.
    #[must_use]
    pub fn group(&self, of: &PrincipalArn, name: &str) -> Option<usize> {
        self.position(of, |kind| matches!(kind, PrincipalKind::Group { name: group } if &**group == name))
    }

    /// The user, role or group with that ARN.
    #[must_use]
    pub fn principal(&self, arn: &str) -> Option<usize> {
        self.principals.iter().position(|principal| principal.arn.as_str() == arn)
    }

    /// A policy document of this world.
    #[must_use]
    pub fn document(&self, id: PolicyId) -> Option<&Document> {
        match id {
            PolicyId::Key(key) => self.keys.get(key).map(|key| &key.policy),
            PolicyId::Identity { principal, policy } => {
                self.principals.get(principal)?.policies.get(policy).map(|policy| &policy.document)
            }
            PolicyId::PermissionsBoundary { principal } => {
                self.principals.get(principal)?.permissions_boundary.as_ref().map(|boundary| &boundary.document)
            }
            PolicyId::Session { session, policy } => {
                self.session_policies.get(session)?.get(policy).map(|policy| &policy.document)
            }
            PolicyId::ServiceControl { .. } | PolicyId::ResourceControl { .. } => {
                self.control_policy(id)?.document.as_ref()
            }
            PolicyId::VpcEndpoint(endpoint) => self.vpc_endpoints.get(endpoint)?.policy.as_ref(),
        }
    }

    /// A service or resource control policy of this world.
    #[must_use]
    pub fn control_policy(&self, id: PolicyId) -> Option<&ControlPolicy> {
        let target = |target: usize| self.organization.as_ref()?.targets.get(target);
        match id {
            PolicyId::ServiceControl { target: on, policy } => target(on)?.service_control_policies.get(policy),
            PolicyId::ResourceControl { target: on, policy } => target(on)?.resource_control_policies.get(policy),
            _ => None,
        }
    }

    fn position(&self, of: &PrincipalArn, is: impl Fn(&PrincipalKind) -> bool) -> Option<usize> {
        self.principals.iter().position(|principal| same_account(&principal.arn, of) && is(principal.arn.kind()))
    }
}

/// Account numbers are unique in a partition only.
fn same_account(one: &PrincipalArn, other: &PrincipalArn) -> bool {
    one.account() == other.account() && one.partition() == other.partition()
}
