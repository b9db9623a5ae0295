//! The decision on one authorization, everything known.
//!
//! For keys: "Troubleshooting AWS KMS permissions"
//! (<https://docs.aws.amazon.com/kms/latest/developerguide/policy-evaluation.html>); for the policies around them:
//! "How AWS enforcement code logic evaluates requests"
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html>)
//! and "Cross-account policy evaluation logic"
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html>).

use super::authorization::{Authorization, Resource};
use super::caller::{Caller, CallerKind, Named};
use super::context::View;
use super::document::Document;
use super::grant::{Grant, GrantRequest, Reach, Standing};
use super::organization::Level;
use super::statement::{self, Answer, Target};
use super::verdict::{Decision, word};
use super::world::{Endpoint, Key, World};

/// A decision, and who allowed it, denied it, or would have had to allow it.
pub(super) type Outcome = (Decision, Option<&'static str>);

/// One authorization with all that takes part in it.
pub(super) struct Case<'case> {
    pub world: &'case World,
    pub caller: &'case Caller<'case>,
    pub endpoint: Option<&'case Endpoint>,
    pub grant_tokens: &'case [String],
    pub grant_request: &'case GrantRequest,
    pub authorization: &'case Authorization<'case>,
    /// The action in lower case.
    pub action: &'case str,
}

/// What the policies say, one by one.
struct Said {
    resource_control: Answer,
    service_control: Answer,
    endpoint: Answer,
    /// How the key policy names the caller where it allows.
    key_policy: Vec<Named>,
    key_policy_denies: bool,
    identity: Answer,
    boundary: Answer,
    session: Answer,
    /// Grants on the key that let the caller do it.
    grants: Vec<(Reach, Issuer)>,
}

/// Which account issued a grant.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Issuer {
    /// The caller's.
    Caller,
    /// The key's, and that is not the caller's.
    Owner,
    Another,
}

/// A policy that is not there neither denies nor limits.
const NO_LIMIT: Answer = Answer { allows: true, denies: false };
const SILENT: Answer = Answer { allows: false, denies: false };

impl Case<'_> {
    /// The decision.
    pub fn decide(&self, view: &View) -> Outcome {
        let said = self.said(view);
        if let Some(policy) = said.explicit_deny() {
            return (Decision::ExplicitDeny, Some(policy));
        }
        if let Some(missing) = self.cannot_be().or_else(|| said.closed_gate()) {
            return (Decision::ImplicitDeny, Some(missing));
        }
        let result = match (self.authorization.grant, &self.authorization.resource) {
            (Some(grant), Resource::Key(key)) => self.retire(grant, key, &said, view),
            (_, Resource::Key(_)) if self.caller.kind == CallerKind::Service => service(&said),
            (_, Resource::Key(key)) if self.caller.is_in_account_of(&key.arn) => self.own_key(&said),
            (_, Resource::Key(_)) => self.foreign_key(&said),
            _ => self.without_key(&said),
        };
        match result {
            Ok(by) => (Decision::Allowed, by),
            Err(missing) => (Decision::ImplicitDeny, Some(missing)),
        }
    }

    fn target(&self) -> Target<'_> {
        Target { action: self.action, resource: self.authorization.resource.text() }
    }

    fn said(&self, view: &View) -> Said {
        let (target, caller) = (self.target(), self.caller);
        // The key policy takes no part in RetireGrant: the grant decides.
        let key = match self.authorization.resource {
            Resource::Key(key) if self.authorization.grant.is_none() => Some(key),
            _ => None,
        };
        let (key_policy, key_policy_denies) = match key {
            Some(key) => statement::key_policy(&key.policy, caller, target, view),
            None => (Vec::new(), false),
        };
        let attached = |document: &Document| statement::attached(document, target, view);
        Said {
            resource_control: self.resource_control(view),
            service_control: self.service_control(view),
            endpoint: self
                .endpoint
                .map_or(NO_LIMIT, |endpoint| statement::endpoint_policy(&endpoint.policy, caller, target, view)),
            key_policy,
            key_policy_denies,
            identity: statement::together(caller.identity_policies(), target, view),
            boundary: caller.boundary().map_or(NO_LIMIT, attached),
            session: self.session(view),
            grants: key.map(|key| self.grants(key, view)).unwrap_or_default(),
        }
    }

    /// RCPs bind the resources of member accounts, whoever calls, but neither AWS managed keys nor
    /// RetireGrant nor service-linked roles. RCPFullAWSAccess is always there, so that none is ever missing.
    fn resource_control(&self, view: &View) -> Answer {
        let of_aws = matches!(self.authorization.resource, Resource::Key(key) if key.managed_by_aws);
        let exempt = of_aws || self.authorization.grant.is_some() || self.caller.is_service_linked_role();
        let account = self.authorization.resource.arn().map(|arn| arn.account.as_str());
        let levels = self.levels(account.filter(|_| !exempt));
        let documents = levels.iter().flat_map(|level| &level.resource_control_policies);
        Answer { allows: true, ..statement::together(documents, self.target(), view) }
    }

    /// SCPs bind the users, roles and root user of member accounts, but no service-linked roles. Every
    /// level must allow, and none deny.
    fn service_control(&self, view: &View) -> Answer {
        let account = self.caller.account().filter(|_| !self.caller.is_service_linked_role());
        let answers = self
            .levels(account)
            .into_iter()
            .map(|level| statement::together(&level.service_control_policies, self.target(), view));
        answers.fold(NO_LIMIT, |all, level| Answer {
            allows: all.allows && level.allows,
            denies: all.denies || level.denies,
        })
    }

    fn levels(&self, account: Option<&str>) -> Vec<&Level> {
        let organization = self.world.organization.as_ref();
        account.and_then(|account| Some(organization?.levels(account))).unwrap_or_default()
    }

    /// Session policies limit role sessions if some were passed. A federated user for whom none was passed
    /// has no permissions.
    fn session(&self, view: &View) -> Answer {
        let policies = &self.caller.text.session_policies;
        match self.caller.kind {
            CallerKind::Session if policies.is_empty() => return NO_LIMIT,
            CallerKind::FederatedUser if policies.is_empty() => return SILENT,
            CallerKind::Session | CallerKind::FederatedUser => {}
            CallerKind::User | CallerKind::RootUser | CallerKind::Service => return NO_LIMIT,
        }
        let answer = statement::together(policies, self.target(), view);
        if !view.assumptions().all_session_policies_must_allow {
            return answer;
        }
        let all = policies.iter().all(|document| statement::attached(document, self.target(), view).allows);
        Answer { allows: all, ..answer }
    }

    fn grants(&self, key: &Key, view: &View) -> Vec<(Reach, Issuer)> {
        let action = self.authorization.action;
        let serves = |grant: &&Grant| {
            grant.lists(action) && self.works(grant, view) && grant.fits(action, self.grant_request, view)
        };
        let of = |grant: &Grant| Some((grant.reaches(self.caller, view)?, self.issuer(grant, key)));
        key.grants.iter().filter(serves).filter_map(of).collect()
    }

    fn issuer(&self, grant: &Grant, key: &Key) -> Issuer {
        if self.caller.account() == Some(grant.issuer.as_str()) {
            Issuer::Caller
        } else if grant.issuer == key.arn.account {
            Issuer::Owner
        } else {
            Issuer::Another
        }
    }

    fn works(&self, grant: &Grant, view: &View) -> bool {
        match grant.standing(self.world.time(), self.grant_tokens) {
            Standing::InForce => true,
            Standing::NotInForce => false,
            Standing::Open => view.grant_works(place(grant)),
        }
    }

    /// What no policy can make up for: a key of another account and an operation that does not work there,
    /// or a key of another partition.
    fn cannot_be(&self) -> Option<&'static str> {
        let Resource::Key(key) = self.authorization.resource else { return None };
        let arn = self.caller.arn.as_ref()?;
        if arn.partition != key.arn.partition {
            Some(word::SAME_PARTITION)
        } else if !arn.same_account(&key.arn) && !self.authorization.action.crosses_accounts {
            Some(word::CROSS_ACCOUNT_OPERATION)
        } else {
            None
        }
    }

    /// A key of the caller's own account: the key policy by itself, or the key policy and IAM, or a grant.
    fn own_key(&self, said: &Said) -> Result<Option<&'static str>, &'static str> {
        let root = self.caller.kind == CallerKind::RootUser;
        // Boundary and session policies do not limit what the key policy gives to the user, to the session
        // itself or to everyone; they do limit what it gives to the role, or to the user behind a session.
        let unlimited = |named: &Named| match named {
            Named::Itself | Named::Everyone => true,
            Named::Account => root,
            Named::Origin => false,
        };
        let limits_allow = said.boundary.allows && said.session.allows;
        let through_origin = said.key_policy.contains(&Named::Origin);
        let delegates = said.key_policy.contains(&Named::Account);
        if said.key_policy.iter().any(unlimited) || through_origin && limits_allow {
            return Ok(Some(word::KEY_POLICY));
        }
        // A grant to the account opens the key to its IAM policies as the key policy does.
        let direct = said.grants.iter().any(|(reach, _)| *reach == Reach::Direct);
        let through_iam = said.grants.iter().any(|(reach, _)| *reach == Reach::ThroughIam);
        if delegates && said.identity.allows && limits_allow {
            return Ok(Some(word::IDENTITY_POLICY));
        }
        let may_use_grant = limits_allow || !self.world.assumptions.boundaries_limit_grants;
        if direct && may_use_grant {
            return Ok(Some(word::GRANT));
        }
        if through_iam && said.identity.allows && limits_allow {
            return Ok(Some(word::IDENTITY_POLICY));
        }
        if !(through_origin || delegates || direct || through_iam) {
            return Err(word::KEY_POLICY);
        }
        let needs_iam = !through_origin && !direct;
        if needs_iam && !said.identity.allows {
            return Err(word::IDENTITY_POLICY);
        }
        Err(if said.boundary.allows { word::SESSION_POLICY } else { word::PERMISSIONS_BOUNDARY })
    }

    /// A key of another account: that account must let the caller in, and the caller's account must let
    /// it out. A grant that the caller's own account issued does both.
    fn foreign_key(&self, said: &Said) -> Result<Option<&'static str>, &'static str> {
        let assumptions = &self.world.assumptions;
        let root = self.caller.kind == CallerKind::RootUser;
        let let_in = !said.key_policy.is_empty() || !said.grants.is_empty();
        let limits_allow = said.boundary.allows && said.session.allows;
        if let_in && root {
            return Ok(Some(if said.key_policy.is_empty() { word::GRANT } else { word::KEY_POLICY }));
        }
        if let_in && said.identity.allows && limits_allow {
            return Ok(Some(word::IDENTITY_POLICY));
        }
        let suffices = |(reach, issuer): &(Reach, Issuer)| {
            let owner = *issuer == Issuer::Owner && assumptions.owner_issued_grant_suffices;
            *reach == Reach::Direct && (*issuer == Issuer::Caller || owner)
        };
        let grant = said.grants.iter().any(suffices);
        if grant && (limits_allow || !assumptions.boundaries_limit_grants) {
            return Ok(Some(word::GRANT));
        }
        if !let_in {
            return Err(word::KEY_POLICY);
        }
        if !grant && !said.identity.allows {
            return Err(word::IDENTITY_POLICY);
        }
        Err(if said.boundary.allows { word::SESSION_POLICY } else { word::PERMISSIONS_BOUNDARY })
    }

    /// What concerns no key that exists: IAM alone decides, and a root user may do everything.
    fn without_key(&self, said: &Said) -> Result<Option<&'static str>, &'static str> {
        if self.caller.kind == CallerKind::RootUser {
            return Ok(None);
        }
        if !said.identity.allows {
            return Err(word::IDENTITY_POLICY);
        }
        if !said.boundary.allows {
            return Err(word::PERMISSIONS_BOUNDARY);
        }
        if said.session.allows { Ok(Some(word::IDENTITY_POLICY)) } else { Err(word::SESSION_POLICY) }
    }

    /// RetireGrant is for the retiring principal; for the grantee, if the grant says so; and for the
    /// accounts that issued the grant, own the key or are the retiring principal, which may pass it on in
    /// IAM policies.
    ///
    /// <https://docs.aws.amazon.com/kms/latest/developerguide/grant-delete.html>
    fn retire(&self, grant: &Grant, key: &Key, said: &Said, view: &View) -> Result<Option<&'static str>, &'static str> {
        if !self.works(grant, view) {
            return Err(word::GRANT);
        }
        let as_grantee = grant.reaches(self.caller, view).filter(|_| grant.lists(self.authorization.action));
        let reaches = [grant.reaches_to_retire(self.caller, view), as_grantee];
        let same_partition = self.caller.arn.as_ref().is_some_and(|arn| arn.partition == key.arn.partition);
        let issuer = same_partition && self.caller.account() == Some(grant.issuer.as_str());
        let accountable = issuer || self.caller.is_in_account_of(&key.arn);
        let root = self.caller.kind == CallerKind::RootUser;
        let direct = reaches.contains(&Some(Reach::Direct)) || accountable && root;
        let through_iam = (reaches.contains(&Some(Reach::ThroughIam)) || accountable) && said.identity.allows;
        let limits_allow = said.boundary.allows && said.session.allows;
        if direct && (limits_allow || !self.world.assumptions.boundaries_limit_grants) {
            return Ok(Some(word::GRANT));
        }
        if through_iam && limits_allow {
            return Ok(Some(word::IDENTITY_POLICY));
        }
        if !direct && !through_iam {
            return Err(word::GRANT);
        }
        Err(if said.boundary.allows { word::SESSION_POLICY } else { word::PERMISSIONS_BOUNDARY })
    }
}

/// A service that calls for itself has no IAM policies: the key policy or a grant must name it.
fn service(said: &Said) -> Result<Option<&'static str>, &'static str> {
    if !said.key_policy.is_empty() {
        Ok(Some(word::KEY_POLICY))
    } else if !said.grants.is_empty() {
        Ok(Some(word::GRANT))
    } else {
        Err(word::KEY_POLICY)
    }
}

/// What tells a grant from every other.
pub(super) fn place(grant: &Grant) -> usize {
    std::ptr::from_ref(grant).addr()
}

impl Said {
    /// The first policy type that denies.
    fn explicit_deny(&self) -> Option<&'static str> {
        let denials = [
            (self.resource_control.denies, word::RESOURCE_CONTROL_POLICY),
            (self.service_control.denies, word::SERVICE_CONTROL_POLICY),
            (self.endpoint.denies, word::ENDPOINT_POLICY),
            (self.key_policy_denies, word::KEY_POLICY),
            (self.identity.denies, word::IDENTITY_POLICY),
            (self.boundary.denies, word::PERMISSIONS_BOUNDARY),
            (self.session.denies, word::SESSION_POLICY),
        ];
        denials.into_iter().find_map(|(denies, policy)| denies.then_some(policy))
    }

    /// The policies that must allow whatever the key and the caller's account say.
    fn closed_gate(&self) -> Option<&'static str> {
        if !self.service_control.allows {
            return Some(word::SERVICE_CONTROL_POLICY);
        }
        (!self.endpoint.allows).then_some(word::ENDPOINT_POLICY)
    }
}
