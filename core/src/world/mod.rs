//! What a request meets: principals with their policies, keys with theirs.

mod grant;
mod key;
mod principal;

pub use grant::Grant;
pub use key::{KmsKey, MultiRegionKeyType};
pub use principal::{IdentityPolicy, Principal, Tag};

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
