//! The caller's own policies: identity-based policies, permissions boundary, session policies.

use super::{Question, statement};
use crate::{
    assumption::SeveralSessionPolicies,
    compile::{CompiledPolicy, CompiledWorld},
    decision::{Answer, Finding, Match, PolicyId, PolicyType, StatementId},
    policy::Effect,
    request::Identity,
    trace::Observer,
};

/// Identity-based policies of the user or role, and of the user's groups.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html>
pub(super) fn identity_policies<O: Observer>(
    compiled: &CompiledWorld,
    question: &Question<'_>,
    observer: &mut O,
) -> Answer {
    let mut answer = Answer::default();
    let policies = question.caller.entity().and_then(|entity| compiled.identity_policies.get(entity));
    for (id, compiled) in policies.into_iter().flatten() {
        policy(PolicyType::IdentityPolicy, *id, compiled, question, &mut answer, observer);
        if !O::WATCHING && answer.deny.outcome == Match::Yes {
            break;
        }
    }
    answer
}

/// The boundary of the user or role; a federated user has that of the user who asked for the session.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html>
pub(super) fn permissions_boundary<O: Observer>(
    compiled: &CompiledWorld,
    question: &Question<'_>,
    observer: &mut O,
) -> Answer {
    let Some(principal) = question.caller.entity() else { return Answer::NOT_IN_PLAY };
    let Some(Some(boundary)) = compiled.permissions_boundaries.get(principal) else { return Answer::NOT_IN_PLAY };
    let mut answer = Answer::default();
    let id = PolicyId::PermissionsBoundary { principal };
    policy(PolicyType::PermissionsBoundary, id, boundary, question, &mut answer, observer);
    answer
}

/// The policies that were passed when the session was made. A session of `GetFederationToken` for which
/// none was passed has no permissions but those of a resource-based policy that names the session
/// (<https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html>).
pub(super) fn session_policies<O: Observer>(
    compiled: &CompiledWorld,
    question: &Question<'_>,
    observer: &mut O,
) -> Answer {
    let Some(session) = question.caller.session.policies else {
        return match question.caller.identity {
            Identity::FederatedUser { .. } => Answer { allow: Finding::default(), ..Answer::NOT_IN_PLAY },
            _ => Answer::NOT_IN_PLAY,
        };
    };
    let mut all = Answer::default();
    let mut each = Match::Yes;
    for (index, compiled) in compiled.session_policies.get(session).into_iter().flatten().enumerate() {
        let id = PolicyId::Session { session, policy: index };
        let mut one = Answer { deny: all.deny, allow: Finding::default() };
        policy(PolicyType::SessionPolicy, id, compiled, question, &mut one, observer);
        each = each & one.allow.outcome;
        all.deny = one.deny;
        if let Some(by) = one.allow.by {
            all.allow.take(one.allow.outcome, by);
        }
    }
    if question.assumptions.several_session_policies == SeveralSessionPolicies::All {
        all.allow.outcome = each;
    }
    all
}

/// Takes the statements of one document into account.
pub(super) fn policy<O: Observer>(
    policy_type: PolicyType,
    id: PolicyId,
    policy: &CompiledPolicy,
    question: &Question<'_>,
    answer: &mut Answer,
    observer: &mut O,
) {
    observer.policy_begins(policy_type, id);
    for (index, statement) in policy.statements.iter().enumerate() {
        let by = StatementId { policy: id, statement: index };
        let outcome = statement::identity_policy_statement(index, statement, question, observer);
        let found = if statement.effect == Effect::Deny { &mut answer.deny } else { &mut answer.allow };
        found.take(outcome, by);
        if !O::WATCHING && answer.deny.outcome == Match::Yes {
            return;
        }
    }
}
