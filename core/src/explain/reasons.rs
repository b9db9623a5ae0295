//! All that stands in the way of a request, or all that carried it.

use alloc::{format, string::String, vec::Vec};

use super::{
    Reason, Subject, grants,
    missing::{self, all_missing, missing_page},
    page,
    tree::{element_detail, element_page, element_title, statement_in_its_policy},
};
use crate::{
    decision::{AllowedBy, Decision, Match, Missing, PolicyId, PolicyType, PrincipalForm, Relation, StatementId},
    json::Span,
    policy::Effect,
    trace::{ElementKind, Reason as ReasonOfTrace, StatementTrace},
};

pub(super) fn reasons(subject: &Subject<'_>) -> Vec<Reason> {
    match subject.decision {
        Decision::Allowed { .. } => carried(subject),
        Decision::ExplicitDeny { .. } | Decision::ImplicitDeny { .. } => in_the_way(subject),
        Decision::Undetermined { .. } => open(subject),
    }
}

/// The statements that matched with an effect, in the order of evaluation.
fn matched(subject: &Subject<'_>, effect: Effect, outcome: Match) -> Vec<(PolicyType, StatementId, Span)> {
    let mut found = Vec::new();
    for policy in &subject.trace.policies {
        for traced in &policy.statements {
            if traced.effect == effect && traced.outcome == outcome {
                let id = StatementId { policy: policy.policy, statement: traced.index };
                found.push((policy.policy_type, id, span(subject, id)));
            }
        }
    }
    found
}

fn span(subject: &Subject<'_>, id: StatementId) -> Span {
    let document = subject.world.document(id.policy);
    document.and_then(|document| document.statements.get(id.statement)).map(|s| s.span).unwrap_or_default()
}

/// The statements and grants that give something; those that only narrow it are in the tree. A statement
/// that names the caller's account gives nothing by itself: it counts where IAM policies decided.
fn carried(subject: &Subject<'_>) -> Vec<Reason> {
    let by_iam = matches!(subject.decision, Decision::Allowed { by: AllowedBy::IdentityPolicy { .. } });
    let mut reasons = Vec::new();
    for policy in &subject.trace.policies {
        let page = match policy.policy_type {
            PolicyType::KeyPolicy => page::DEFAULT_KEY_POLICY,
            PolicyType::IdentityPolicy => page::IAM_POLICIES,
            _ => continue,
        };
        let allows = |traced: &&StatementTrace| traced.effect == Effect::Allow && traced.outcome == Match::Yes;
        for traced in policy.statements.iter().filter(allows) {
            let id = StatementId { policy: policy.policy, statement: traced.index };
            let delegates = policy.policy_type == PolicyType::KeyPolicy && delegates(subject, traced);
            if delegates && !by_iam {
                continue;
            }
            let what = if delegates { "lets IAM policies of the account decide" } else { "allows it" };
            let text = format!("{} {what}", statement_in_its_policy(subject.world, id));
            reasons.push(Reason { text, span: Some(span(subject, id)), page, reported: false });
        }
    }
    for traced in subject.trace.grants.iter().filter(|traced| traced.outcome == Match::Yes) {
        let name = grants::grant_name(subject.world, traced.grant);
        let text = match (subject.question.situation().relation, traced.form) {
            (_, Some(PrincipalForm::Account)) => format!("{name} lets IAM policies of the caller's account decide"),
            (Relation::Retiring, _) => format!("{name} lets the caller retire it"),
            _ => format!("{name} allows it"),
        };
        let grant = subject.world.keys.get(traced.grant.key).and_then(|key| key.grants.get(traced.grant.grant));
        reasons.push(Reason { text, span: grant.map(|grant| grant.span), page: page::GRANTS, reported: false });
    }
    // Allowed whatever the unknown turns out to be: by one statement or another.
    if reasons.is_empty() {
        let gives = |(kind, ..): &(PolicyType, StatementId, Span)| {
            matches!(kind, PolicyType::KeyPolicy | PolicyType::IdentityPolicy)
        };
        let either = matched(subject, Effect::Allow, Match::Depends).into_iter().filter(gives);
        reasons.extend(either.map(|(_, id, span)| Reason {
            text: format!(
                "{} allows it for some of the values that are not known",
                statement_in_its_policy(subject.world, id)
            ),
            span: Some(span),
            page: page::EVALUATION,
            reported: false,
        }));
    }
    if reasons.is_empty() {
        let text = "no policy can be attached to a root user; it has what its account has".into();
        reasons.push(Reason { text, span: None, page: page::ROOT_USER, reported: false });
    }
    reasons
}

fn in_the_way(subject: &Subject<'_>) -> Vec<Reason> {
    let mut reasons = Vec::new();
    for policy in &subject.trace.policies {
        let denies = |traced: &&StatementTrace| traced.effect == Effect::Deny && traced.outcome == Match::Yes;
        for traced in policy.statements.iter().filter(denies) {
            let id = StatementId { policy: policy.policy, statement: traced.index };
            let name = statement_in_its_policy(subject.world, id);
            let text = match why_it_holds(subject, traced, id) {
                Some(why) => format!("{name} denies it explicitly: {why}"),
                None => format!("{name} denies it explicitly"),
            };
            let reported = reasons.is_empty();
            reasons.push(Reason { text, span: Some(span(subject, id)), page: page::EVALUATION, reported });
        }
    }
    let mut reported = !reasons.is_empty();
    let all_missing = all_missing(subject);
    let key_policy = Missing::Policy(PolicyType::KeyPolicy);
    for missing in all_missing.iter().copied() {
        let text = missing::missing(subject, missing);
        reasons.push(Reason { text, span: None, page: missing_page(missing), reported: !reported });
        reported = true;
        if let Missing::Policy(kind) = missing
            && subject.question.situation().relation != Relation::OtherPartition
        {
            reasons.extend(near_misses(subject, kind));
            if kind == PolicyType::KeyPolicy {
                reasons.extend(near_miss_grants(subject));
                reasons.extend(allows_without_effect(subject));
            }
        }
    }
    // Where the key policy lets IAM policies decide and none allows, the key's side has other ways all the same.
    if !all_missing.is_empty() && !all_missing.contains(&key_policy) {
        if subject.question.situation().relation == Relation::SameAccount {
            reasons.extend(near_misses(subject, PolicyType::KeyPolicy));
        }
        reasons.extend(near_miss_grants(subject));
    }
    reasons
}

/// The conditions of a statement that matched, each with why it holds.
fn why_it_holds(subject: &Subject<'_>, traced: &StatementTrace, id: StatementId) -> Option<String> {
    let statement = subject.world.document(id.policy)?.statements.get(id.statement)?;
    let conditions = traced.elements.iter().filter(|element| matches!(element.element, ElementKind::Condition(_)));
    let why: Vec<String> = conditions
        .map(|element| {
            let (title, detail) =
                (element_title(statement, element.element), element_detail(subject, statement, element));
            format!("`{title}` holds, {detail}")
        })
        .collect();
    (!why.is_empty()).then(|| why.join("; "))
}

/// Statements that would allow but for one element.
fn near_misses(subject: &Subject<'_>, kind: PolicyType) -> Vec<Reason> {
    let mut reasons = Vec::new();
    for policy in subject.trace.policies.iter().filter(|policy| policy.policy_type == kind) {
        for traced in policy.statements.iter().filter(|traced| traced.effect == Effect::Allow) {
            let id = StatementId { policy: policy.policy, statement: traced.index };
            reasons.extend(near_miss(subject, traced, id));
        }
    }
    reasons
}

/// Grants that would allow but for one thing that they ask.
fn near_miss_grants(subject: &Subject<'_>) -> Vec<Reason> {
    let near = subject.trace.grants.iter().filter_map(|traced| {
        let (text, page) = grants::near_miss(subject, traced)?;
        let grant = subject.world.keys.get(traced.grant.key)?.grants.get(traced.grant.grant)?;
        Some(Reason { text, span: Some(grant.span), page, reported: false })
    });
    near.collect()
}

fn near_miss(subject: &Subject<'_>, traced: &StatementTrace, id: StatementId) -> Option<Reason> {
    let mut failed = traced.elements.iter().filter(|element| element.outcome == Match::No);
    let (only, None) = (failed.next()?, failed.next()) else { return None };
    // A statement about another operation, another account or nobody at all is no near miss.
    let about_others = matches!(only.reason, Some(ReasonOfTrace::OtherAccount)) || only.values.is_empty();
    if only.element == ElementKind::Action || only.element == ElementKind::Principal && about_others {
        return None;
    }
    let statement = subject.world.document(id.policy)?.statements.get(id.statement)?;
    let title = element_title(statement, only.element);
    let detail = element_detail(subject, statement, only);
    let but = match only.element {
        ElementKind::Condition(_) => format!("its condition `{title}` does not hold: {detail}"),
        _ if matches!(only.reason, Some(ReasonOfTrace::NoActionElement | ReasonOfTrace::NoResourceElement)) => detail,
        _ => format!("its `{title}` {detail}"),
    };
    let open = traced.elements.iter().any(|element| element.outcome == Match::Depends);
    let of_key = matches!(id.policy, PolicyId::Key(_));
    let would = match (of_key && delegates(subject, traced), open) {
        (true, _) => "would let IAM policies decide",
        (false, true) => "could allow it",
        (false, false) => "would allow it",
    };
    let text = format!("{} {would}, but {but}", statement_in_its_policy(subject.world, id));
    let span = match only.element {
        ElementKind::Principal => statement.principal.span(),
        ElementKind::Action => statement.action.span(),
        ElementKind::Resource => statement.resource.span(),
        ElementKind::Condition(index) => statement.conditions.get(index).map(|condition| condition.span),
    };
    let page = element_page(statement, only);
    Some(Reason { text, span: span.or(Some(statement.span)), page, reported: false })
}

/// Whether a statement names the caller as its account only, so that IAM policies have the last word.
fn delegates(subject: &Subject<'_>, traced: &StatementTrace) -> bool {
    let principal = traced.elements.iter().find(|element| element.element == ElementKind::Principal);
    let mut forms = principal.into_iter().flat_map(|element| &element.values).filter_map(|value| value.form).peekable();
    !subject.question.situation().root_user
        && forms.peek().is_some()
        && forms.all(|form| form == PrincipalForm::Account)
}

/// IAM statements that allow, and do nothing because the key policy does not let them.
fn allows_without_effect(subject: &Subject<'_>) -> Vec<Reason> {
    let identity = |(kind, ..): &(PolicyType, StatementId, Span)| *kind == PolicyType::IdentityPolicy;
    let allows = matched(subject, Effect::Allow, Match::Yes).into_iter().filter(identity);
    let reason = |(_, id, span)| Reason {
        text: format!(
            "{} allows it, which has no effect as long as the key policy does not let it",
            statement_in_its_policy(subject.world, id)
        ),
        span: Some(span),
        page: page::DEFAULT_KEY_POLICY,
        reported: false,
    };
    allows.map(reason).collect()
}

fn open(subject: &Subject<'_>) -> Vec<Reason> {
    let mut reasons = Vec::new();
    for effect in [Effect::Deny, Effect::Allow] {
        for (_, id, span) in matched(subject, effect, Match::Depends) {
            let would = if effect == Effect::Deny { "would deny" } else { "would allow" };
            let text = format!(
                "{} {would} it, depending on a value that is not known",
                statement_in_its_policy(subject.world, id)
            );
            reasons.push(Reason { text, span: Some(span), page: page::EVALUATION, reported: false });
        }
    }
    for traced in subject.trace.grants.iter().filter(|traced| traced.outcome == Match::Depends) {
        let Some(check) = traced.checks.iter().find(|check| check.outcome == Match::Depends) else { continue };
        let name = grants::grant_name(subject.world, traced.grant);
        let why = check.reason.map_or("a value is not known", super::words::element_reason);
        let text = format!("{name} would allow it, but it is open: {why}");
        let grant = subject.world.keys.get(traced.grant.key).and_then(|key| key.grants.get(traced.grant.grant));
        reasons.push(Reason {
            text,
            span: grant.map(|grant| grant.span),
            page: grants::check_page(check.check),
            reported: false,
        });
    }
    reasons
}
