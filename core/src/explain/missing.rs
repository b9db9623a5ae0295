//! Who would have had to allow and did not, in sentences.

use alloc::{format, string::String, vec::Vec};

use super::{Subject, page};
use crate::{
    arn::AccountId,
    decision::{Match, Missing, PolicyId, PolicyType, PrincipalForm, Relation},
    policy::Effect,
    trace::{StatementTrace, Trace},
    world::{Target, World},
};

/// Everybody who would have had to allow and did not, in AWS's order: the decision names only the first.
pub(super) fn all_missing(subject: &Subject<'_>) -> Vec<Missing> {
    let situation = subject.question.situation();
    let answers = subject.answers;
    let mut all = Vec::new();
    match situation.relation {
        Relation::OtherPartition => return Vec::from([Missing::SamePartition]),
        Relation::OtherAccount if !situation.works_across_accounts => all.push(Missing::CrossAccountOperation),
        _ => {}
    }
    let mut silent = |kind, allow: Match| {
        if allow == Match::No {
            all.push(Missing::Policy(kind));
        }
    };
    silent(PolicyType::ServiceControlPolicy, answers.service_control_policies.allow.outcome);
    silent(PolicyType::VpcEndpointPolicy, answers.vpc_endpoint_policy.allow.outcome);
    let grants = answers.grants.to_caller.outcome | answers.grants.to_account.outcome;
    let key_side = answers.key_policy.names_caller() | grants;
    match situation.relation {
        Relation::IamOnly => {}
        Relation::Retiring => {
            let through_iam = answers.grants.to_account.outcome & answers.identity_policies.allow.outcome;
            silent(PolicyType::Grant, answers.grants.to_caller.outcome | through_iam);
        }
        _ => silent(PolicyType::KeyPolicy, key_side),
    }
    // In the key's own account IAM policies are one of several ways: they are missing where the key's side
    // takes that one and no other.
    let iam_counts = match situation.relation {
        Relation::IamOnly | Relation::OtherAccount => true,
        Relation::SameAccount => key_side != Match::No && !named_directly(subject),
        Relation::Retiring => grants != Match::No && answers.grants.to_caller.outcome != Match::Yes,
        Relation::OtherPartition | Relation::Service => false,
    };
    let told = situation.relation == Relation::Retiring;
    if iam_counts && !told && !situation.root_user && !named_as_role(subject) {
        silent(PolicyType::IdentityPolicy, answers.identity_policies.allow.outcome);
    }
    if iam_counts {
        silent(PolicyType::PermissionsBoundary, answers.permissions_boundary.allow.outcome);
        silent(PolicyType::SessionPolicy, answers.session_policies.allow.outcome);
    }
    all
}

/// Whether a statement of the key policy or a grant allows the caller without the help of any other policy.
fn named_directly(subject: &Subject<'_>) -> bool {
    use PrincipalForm::{Everyone, FederatedUser, RoleSession, Service, User};
    let direct = [Everyone, User, RoleSession, FederatedUser, Service];
    direct.into_iter().any(|form| subject.answers.key_policy.allow(form).outcome != Match::No)
        || subject.answers.grants.to_caller.outcome != Match::No
}

/// Whether the key policy allows the caller within its boundary and session policies. No IAM policy is
/// needed then.
fn named_as_role(subject: &Subject<'_>) -> bool {
    let limited = [PrincipalForm::Role, PrincipalForm::ParentUser];
    subject.question.situation().relation == Relation::SameAccount
        && limited.into_iter().any(|form| subject.answers.key_policy.allow(form).outcome != Match::No)
}

/// Who would have had to allow, in a sentence.
pub(super) fn missing(subject: &Subject<'_>, missing: Missing) -> String {
    let action = subject.authorization.action.iam_name();
    let Missing::Policy(kind) = missing else {
        return match missing {
            Missing::CrossAccountOperation => {
                format!("`{action}` cannot be used on a key of another account, whatever policies say")
            }
            _ => "caller and key are in different partitions of AWS, which never meet".into(),
        };
    };
    match kind {
        PolicyType::KeyPolicy => key_policy(subject, action),
        PolicyType::Grant if subject.grant_is_missing() => "the scenario has no such grant that somebody could retire".into(),
        PolicyType::Grant => match subject.request.caller.account() {
            Some(account) if subject.answers.grants.to_account.outcome != Match::No => format!(
                "the grant does not let the caller retire it; account {account} may, by an IAM policy that allows `{action}`, and no policy of the caller does"
            ),
            _ => "the caller is neither the retiring principal of the grant, nor its grantee with `RetireGrant`, nor of an account that can delegate it: that of the key, of the grant, or of the retiring principal".into(),
        },
        PolicyType::ServiceControlPolicy => {
            let level = silent_level(subject.world, subject.request.caller.account(), subject.trace);
            let level = level.map_or_else(|| "a level of the organization".into(), target);
            format!("no service control policy of {level} allows `{action}`, and every level must")
        }
        PolicyType::ResourceControlPolicy => format!("no resource control policy allows `{action}`"),
        PolicyType::VpcEndpointPolicy => {
            format!("the policy of the VPC endpoint that the request comes through does not allow `{action}`")
        }
        PolicyType::PermissionsBoundary => {
            format!("the permissions boundary does not allow `{action}`, and nothing is allowed beyond it")
        }
        PolicyType::SessionPolicy if subject.request.caller.session.policies.is_none() => {
            "a federated user has only what a session policy passes on, and none was passed; only a statement that names the session itself needs none".into()
        }
        PolicyType::SessionPolicy => {
            format!("no policy that was passed for the session allows `{action}`, and the session has no more than those allow")
        }
        PolicyType::IdentityPolicy => identity_policy(subject, action),
    }
}

fn key_policy(subject: &Subject<'_>, action: &str) -> String {
    if subject.is_missing() {
        return "the scenario has no such key; of a key in another account KMS does not tell whether it is there or does not allow the request".into();
    }
    match subject.request.caller.account() {
        Some(account) => format!(
            "no statement of the key policy allows `{action}` to the caller, and none lets IAM policies of account {account} decide"
        ),
        None => format!(
            "no statement of the key policy allows `{action}` to {}; IAM policies have no say for a service",
            subject.request.caller.name()
        ),
    }
}

fn identity_policy(subject: &Subject<'_>, action: &str) -> String {
    let owner = subject.key().map(|key| key.arn.account());
    let caller = subject.request.caller.account();
    match (subject.question.situation().relation, owner, caller) {
        (Relation::IamOnly, _, None) => format!(
            "no IAM policy speaks for {}, and `{action}` has no key whose policy could",
            subject.request.caller.name()
        ),
        (Relation::IamOnly, ..) if subject.is_missing() => {
            format!("no IAM policy of the caller allows `{action}`, and what is not there has no key policy")
        }
        (Relation::IamOnly, ..) if subject.on_alias() => {
            format!("no IAM policy of the caller allows `{action}` on the alias, and no key policy speaks for an alias")
        }
        (Relation::IamOnly, ..) => {
            format!("no IAM policy of the caller allows `{action}`, and no key policy speaks for this operation")
        }
        (_, Some(owner), Some(account)) if owner != account => format!(
            "the key belongs to account {owner}, so account {account} must allow `{action}` too, and no IAM policy of the caller does"
        ),
        (_, _, Some(account)) if subject.answers.key_policy.names_caller() == Match::No => {
            format!("a grant lets IAM policies of account {account} decide, and none of the caller's allows `{action}`")
        }
        (_, _, account) => format!(
            "the key policy lets IAM policies of account {} decide, and none of the caller's allows `{action}`",
            account.map(|account| format!("{account}")).unwrap_or_default()
        ),
    }
}

/// The first level, from the root down, whose service control policies do not allow.
pub(crate) fn silent_level<'w>(world: &'w World, account: Option<AccountId>, trace: &Trace) -> Option<&'w Target> {
    let organization = world.organization.as_ref()?;
    let mut levels: Vec<usize> = organization.levels(account?).collect();
    levels.reverse();
    let allows = |level: usize| {
        let of_level = trace
            .policies
            .iter()
            .filter(|policy| matches!(policy.policy, PolicyId::ServiceControl { target, .. } if target == level));
        of_level.into_iter().any(|policy| {
            let full_access = world.control_policy(policy.policy).is_some_and(|policy| policy.document.is_none());
            let allow =
                |statement: &StatementTrace| statement.effect == Effect::Allow && statement.outcome != Match::No;
            full_access || policy.statements.iter().any(allow)
        })
    };
    let silent = levels.into_iter().find(|level| !allows(*level))?;
    organization.targets.get(silent)
}

/// `account 111122223333`, `unit Production (ou-ab12-11111111)`, `the root`
pub(super) fn target(target: &Target) -> String {
    let name = target.name.as_deref().map(|name| format!("{name} ")).unwrap_or_default();
    match (target.account, target.parent) {
        (Some(account), _) => format!("account {name}{account}"),
        (None, None) => format!("the root {}", target.id),
        (None, Some(_)) => format!("unit {name}{}", target.id),
    }
}

pub(super) const fn missing_page(missing: Missing) -> &'static str {
    match missing {
        Missing::CrossAccountOperation => page::CROSS_ACCOUNT,
        Missing::SamePartition => page::ARNS,
        Missing::Policy(PolicyType::KeyPolicy) => page::DEFAULT_KEY_POLICY,
        Missing::Policy(PolicyType::Grant) => page::RETIRE_GRANT,
        Missing::Policy(PolicyType::ServiceControlPolicy) => page::SCP_EVALUATION,
        Missing::Policy(PolicyType::ResourceControlPolicy) => page::RCP,
        Missing::Policy(PolicyType::VpcEndpointPolicy) => page::ENDPOINT,
        Missing::Policy(PolicyType::PermissionsBoundary) => page::BOUNDARY,
        Missing::Policy(PolicyType::SessionPolicy) => page::SESSION,
        Missing::Policy(PolicyType::IdentityPolicy) => page::IAM_POLICIES,
    }
}

/// Who would have had to allow, as a policy type.
pub(super) const fn missing_policy(missing: Missing) -> Option<PolicyType> {
    match missing {
        Missing::Policy(kind) => Some(kind),
        Missing::CrossAccountOperation | Missing::SamePartition => None,
    }
}
