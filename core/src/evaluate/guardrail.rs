//! The policies that only narrow and bind whole accounts or ways in: service control policies, resource
//! control policies, VPC endpoint policies.

use super::{Question, identity, statement};
use crate::{
    arn::{AccountId, Arn},
    assumption::AccountInEndpointPolicy,
    catalog::Action,
    compile::CompiledWorld,
    decision::{Answer, Finding, Match, PolicyId, PolicyType, PrincipalForm, StatementId},
    policy::Effect,
    request::Identity,
    trace::Observer,
    world::Organization,
};

/// Why the policies of a type take no part in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NotInPlay {
    /// The world has no organization.
    NoOrganization,
    /// The organization has consolidated billing only, and so no policies.
    NoPolicies,
    /// The account is not in the organization.
    OutsideOrganization,
    /// It is the management account.
    ManagementAccount,
    /// The caller is a session of a service-linked role.
    ServiceLinkedRole,
    /// The caller is an AWS service.
    ServicePrincipal,
    /// AWS manages the key.
    AwsManagedKey,
    /// `kms:RetireGrant` is exempt.
    RetireGrant,
    /// The operation has no resource.
    NoResource,
    /// The request does not come through a VPC endpoint.
    NoVpcEndpoint,
}

impl Question<'_> {
    /// The organization and the account whose service control policies bind the caller.
    ///
    /// # Errors
    /// Why none do (<https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html>).
    pub fn bound_by_service_control_policies(&self) -> Result<(&Organization, AccountId), NotInPlay> {
        let Some(account) = self.caller.account() else { return Err(NotInPlay::ServicePrincipal) };
        let organization = self.member(account)?;
        if self.caller.is_service_linked_role(self.world) {
            return Err(NotInPlay::ServiceLinkedRole);
        }
        Ok((organization, account))
    }

    /// The organization and the account whose resource control policies bind the resource, whoever calls.
    ///
    /// # Errors
    /// Why none do: <https://docs.aws.amazon.com/kms/latest/developerguide/resource-control-policies.html>,
    /// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html>.
    pub fn bound_by_resource_control_policies(&self) -> Result<(&Organization, AccountId), NotInPlay> {
        let owner = Arn::parse(&self.resource).and_then(|arn| AccountId::parse(arn.account));
        let Some(account) = owner else { return Err(NotInPlay::NoResource) };
        if self.action == Action::RetireGrant {
            return Err(NotInPlay::RetireGrant);
        }
        if self.on.kms_key(self.world).is_some_and(|key| key.aws_managed) {
            return Err(NotInPlay::AwsManagedKey);
        }
        let organization = self.member(account)?;
        if self.caller.is_service_linked_role(self.world) {
            return Err(NotInPlay::ServiceLinkedRole);
        }
        Ok((organization, account))
    }

    fn member(&self, account: AccountId) -> Result<&Organization, NotInPlay> {
        match &self.world.organization {
            None => Err(NotInPlay::NoOrganization),
            Some(organization) if organization.management_account == account => Err(NotInPlay::ManagementAccount),
            Some(organization) if !organization.has(account) => Err(NotInPlay::OutsideOrganization),
            Some(organization) if !organization.has_policies => Err(NotInPlay::NoPolicies),
            Some(organization) => Ok(organization),
        }
    }
}

/// Every level from the account up to the root must allow; a deny on any level denies.
///
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html>
pub(super) fn service_control_policies<O: Observer>(
    compiled: &CompiledWorld,
    question: &Question<'_>,
    observer: &mut O,
) -> Answer {
    let Ok((organization, account)) = question.bound_by_service_control_policies() else { return Answer::NOT_IN_PLAY };
    let mut all = Answer::NOT_IN_PLAY;
    for target in organization.levels(account) {
        let mut level = Answer { deny: all.deny, allow: Finding::default() };
        let attached = compiled.targets.get(target).map(|target| &*target.service_control_policies);
        for (policy, compiled) in attached.unwrap_or_default().iter().enumerate() {
            let id = PolicyId::ServiceControl { target, policy };
            match compiled {
                Some(compiled) => {
                    identity::policy(PolicyType::ServiceControlPolicy, id, compiled, question, &mut level, observer)
                }
                None => {
                    observer.policy_begins(PolicyType::ServiceControlPolicy, id);
                    level.allow.outcome = Match::Yes;
                }
            }
        }
        all.deny = level.deny;
        all.allow.outcome = all.allow.outcome & level.allow.outcome;
        if !O::WATCHING && all.deny.outcome == Match::Yes {
            break;
        }
    }
    all
}

/// AWS's own `RCPFullAWSAccess` allows everything on every level, and the others can only deny.
///
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_evaluation.html>
pub(super) fn resource_control_policies<O: Observer>(
    compiled: &CompiledWorld,
    question: &Question<'_>,
    observer: &mut O,
) -> Answer {
    let Ok((organization, account)) = question.bound_by_resource_control_policies() else { return Answer::NOT_IN_PLAY };
    let mut all = Answer::NOT_IN_PLAY;
    for target in organization.levels(account) {
        let attached = compiled.targets.get(target).map(|target| &*target.resource_control_policies);
        for (policy, compiled) in attached.unwrap_or_default().iter().enumerate() {
            let id = PolicyId::ResourceControl { target, policy };
            observer.policy_begins(PolicyType::ResourceControlPolicy, id);
            for (index, statement) in compiled.iter().flat_map(|policy| &policy.statements).enumerate() {
                let matched = statement::resource_policy_statement(index, statement, question, observer);
                if statement.effect == Effect::Deny {
                    all.deny.take(matched.outcome, StatementId { policy: id, statement: index });
                }
            }
        }
    }
    all
}

/// The policy of the endpoint that the request came through.
///
/// <https://docs.aws.amazon.com/kms/latest/developerguide/kms-vpc-endpoint.html>,
/// <https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html>
pub(super) fn vpc_endpoint_policy<O: Observer>(
    compiled: &CompiledWorld,
    question: &Question<'_>,
    observer: &mut O,
) -> Answer {
    let Some(endpoint) = question.request.vpc_endpoint else { return Answer::NOT_IN_PLAY };
    let Some(Some(policy)) = compiled.endpoint_policies.get(endpoint) else { return Answer::NOT_IN_PLAY };
    let id = PolicyId::VpcEndpoint(endpoint);
    let mut answer = Answer::default();
    observer.policy_begins(PolicyType::VpcEndpointPolicy, id);
    for (index, statement) in policy.statements.iter().enumerate() {
        let by = StatementId { policy: id, statement: index };
        let matched = statement::resource_policy_statement(index, statement, question, observer);
        match statement.effect {
            Effect::Deny => answer.deny.take(matched.outcome, by),
            Effect::Allow => answer.allow.take(within_endpoint(matched.by_form, question), by),
        }
        if !O::WATCHING && answer.deny.outcome == Match::Yes {
            break;
        }
    }
    answer
}

/// Whether an allow of an endpoint policy reaches the caller in any of the forms that it names it in.
fn within_endpoint(mut by_form: [Match; 8], question: &Question<'_>) -> Match {
    let root_only = question.assumptions.account_in_endpoint_policy == AccountInEndpointPolicy::RootUserOnly;
    if root_only
        && !matches!(question.caller.identity, Identity::Root(_))
        && let Some(account) = by_form.get_mut(PrincipalForm::Account as usize)
    {
        *account = Match::No;
    }
    by_form.into_iter().fold(Match::No, |so_far, form| so_far | form)
}
