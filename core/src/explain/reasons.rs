//! All that stands in the way of a request, or all that carried it.

use alloc::{format, string::String, vec::Vec};

use super::{
    Reason, Subject,
    tree::{element_detail, element_title, statement_in_its_policy},
    words::page,
};
use crate::{
    decision::{Decision, Match, Missing, PolicyType, PrincipalForm, Relation, StatementId},
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
    let document = subject.scenario.world.document(id.policy);
    document.and_then(|document| document.statements.get(id.statement)).map(|s| s.span).unwrap_or_default()
}

fn carried(subject: &Subject<'_>) -> Vec<Reason> {
    let allows = matched(subject, Effect::Allow, Match::Yes).into_iter().map(|(kind, id, span)| {
        let statement = statement_in_its_policy(subject.scenario, id);
        let (text, page) = match kind {
            PolicyType::KeyPolicy => (format!("{statement} allows it"), page::DEFAULT_KEY_POLICY),
            _ => (format!("{statement} allows it"), page::IAM_POLICIES),
        };
        Reason { text, span: Some(span), page, reported: false }
    });
    let mut reasons: Vec<Reason> = allows.collect();
    if reasons.is_empty() {
        let text = "no policy can be attached to a root user; it has what its account has".into();
        reasons.push(Reason { text, span: None, page: page::ROOT_USER, reported: false });
    }
    reasons
}

fn in_the_way(subject: &Subject<'_>) -> Vec<Reason> {
    let mut reasons = Vec::new();
    for (index, (_, id, span)) in matched(subject, Effect::Deny, Match::Yes).into_iter().enumerate() {
        let text = format!("{} denies it explicitly", statement_in_its_policy(subject.scenario, id));
        reasons.push(Reason { text, span: Some(span), page: page::EVALUATION, reported: index == 0 });
    }
    let mut reported = !reasons.is_empty();
    for missing in all_missing(subject) {
        let text = self::missing(subject, missing);
        reasons.push(Reason { text, span: None, page: missing_page(missing), reported: !reported });
        reported = true;
        if let Missing::Policy(kind) = missing
            && subject.question.situation().relation != Relation::OtherPartition
        {
            reasons.extend(near_misses(subject, kind));
            if kind == PolicyType::KeyPolicy {
                reasons.extend(allows_without_effect(subject));
            }
        }
    }
    reasons
}

/// Everybody who would have had to allow and did not, in AWS's order: the decision names only the first.
fn all_missing(subject: &Subject<'_>) -> Vec<Missing> {
    let situation = subject.question.situation();
    let mut all = Vec::new();
    match situation.relation {
        Relation::OtherPartition => all.push(Missing::SamePartition),
        Relation::OtherAccount if !situation.works_across_accounts => all.push(Missing::CrossAccountOperation),
        _ => {}
    }
    let key_policy = subject.answers.key_policy.names_caller();
    let key_is_silent = situation.relation != Relation::NoKey && key_policy == Match::No;
    if key_is_silent {
        all.push(Missing::Policy(PolicyType::KeyPolicy));
    }
    let identity_is_silent = subject.answers.identity_policies.allow.outcome == Match::No && !situation.root_user;
    // In the key's own account an IAM allow is one of two ways: it is missing where the key policy takes
    // that one and no other.
    let iam_counts = match situation.relation {
        Relation::NoKey | Relation::OtherAccount => true,
        Relation::SameAccount => !key_is_silent && !situation.root_user && !named_directly(subject),
        Relation::OtherPartition | Relation::Service => false,
    };
    if let Decision::ImplicitDeny { missing: missing @ Missing::Policy(PolicyType::SessionPolicy) } = subject.decision {
        all.push(missing);
    } else if iam_counts && identity_is_silent {
        all.push(Missing::Policy(PolicyType::IdentityPolicy));
    } else if iam_counts && subject.answers.session_policies.allow.outcome == Match::No {
        all.push(Missing::Policy(PolicyType::SessionPolicy));
    }
    all
}

/// Whether a statement of the key policy allows the caller without the help of IAM policies.
fn named_directly(subject: &Subject<'_>) -> bool {
    use PrincipalForm::{Everyone, FederatedUser, ParentUser, Role, RoleSession, Service, User};
    let direct = [Everyone, User, Role, RoleSession, FederatedUser, ParentUser, Service];
    direct.into_iter().any(|form| subject.answers.key_policy.allow(form).outcome != Match::No)
}

/// Who would have had to allow, in a sentence.
pub(super) fn missing(subject: &Subject<'_>, missing: Missing) -> String {
    let request = subject.request;
    let action = request.action.iam_name();
    let key = request.key.and_then(|key| subject.scenario.world.keys.get(key));
    let owner = key.map(|key| key.arn.account());
    let caller = request.caller.account();
    match missing {
        Missing::CrossAccountOperation => {
            format!("`{action}` cannot be used on a key of another account, whatever policies say")
        }
        Missing::SamePartition => "caller and key are in different partitions of AWS, which never meet".into(),
        Missing::Policy(PolicyType::KeyPolicy) => match caller {
            Some(account) => format!(
                "no statement of the key policy allows `{action}` to the caller, and none lets IAM policies of account {account} decide"
            ),
            None => format!("no statement of the key policy allows `{action}` to {}; IAM policies have no say for a service", request.caller.name()),
        },
        Missing::Policy(PolicyType::SessionPolicy) => {
            "a federated user has only what a session policy passes on, and none was passed; only a statement that names the session itself needs none".into()
        }
        Missing::Policy(_) => match (owner, caller) {
            (None, None) => format!("no IAM policy speaks for {}, and `{action}` has no key whose policy could", request.caller.name()),
            (None, _) => format!("no IAM policy of the caller allows `{action}`, and no key policy speaks for this operation"),
            (Some(owner), Some(account)) if owner != account => format!(
                "the key belongs to account {owner}, so account {account} must allow `{action}` too, and no IAM policy of the caller does"
            ),
            (_, account) => format!(
                "the key policy lets IAM policies of account {} decide, and none of the caller's allows `{action}`",
                account.map(|account| format!("{account}")).unwrap_or_default()
            ),
        },
    }
}

const fn missing_page(missing: Missing) -> &'static str {
    match missing {
        Missing::CrossAccountOperation => page::CROSS_ACCOUNT,
        Missing::SamePartition => page::ARNS,
        Missing::Policy(PolicyType::KeyPolicy) => page::DEFAULT_KEY_POLICY,
        Missing::Policy(PolicyType::SessionPolicy) => page::FEDERATION,
        Missing::Policy(_) => page::IAM_POLICIES,
    }
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

fn near_miss(subject: &Subject<'_>, traced: &StatementTrace, id: StatementId) -> Option<Reason> {
    let mut failed = traced.elements.iter().filter(|element| element.outcome == Match::No);
    let (only, None) = (failed.next()?, failed.next()) else { return None };
    // A statement about another operation, another account or nobody at all is no near miss.
    let about_others = matches!(only.reason, Some(ReasonOfTrace::OtherAccount)) || only.values.is_empty();
    if only.element == ElementKind::Action || only.element == ElementKind::Principal && about_others {
        return None;
    }
    let statement = subject.scenario.world.document(id.policy)?.statements.get(id.statement)?;
    let title = element_title(statement, only.element);
    let detail = element_detail(subject, statement, only);
    let but = match only.element {
        ElementKind::Condition(_) => format!("its condition `{title}` does not hold: {detail}"),
        _ => format!("its `{title}` {detail}"),
    };
    let open = traced.elements.iter().any(|element| element.outcome == Match::Depends);
    let would = match (delegates(subject, traced), open) {
        (true, _) => "would let IAM policies decide",
        (false, true) => "could allow it",
        (false, false) => "would allow it",
    };
    let text = format!("{} {would}, but {but}", statement_in_its_policy(subject.scenario, id));
    let span = match only.element {
        ElementKind::Principal => statement.principal.span(),
        ElementKind::Action => statement.action.span(),
        ElementKind::Resource => statement.resource.span(),
        ElementKind::Condition(index) => statement.conditions.get(index).map(|condition| condition.span),
    };
    Some(Reason {
        text,
        span: span.or(Some(statement.span)),
        page: super::tree::element_page(statement, only),
        reported: false,
    })
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
            statement_in_its_policy(subject.scenario, id)
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
                statement_in_its_policy(subject.scenario, id)
            );
            reasons.push(Reason { text, span: Some(span), page: page::EVALUATION, reported: false });
        }
    }
    let key = subject.request.key.and_then(|key| subject.scenario.world.keys.get(key));
    for grant in key.into_iter().flat_map(|key| &key.grants) {
        if grant.operations.contains(subject.request.action) && subject.answers.grants == Match::Depends {
            let text = format!(
                "a grant to `{}` covers `{}`; this version does not evaluate grants",
                grant.grantee,
                subject.request.action.name()
            );
            reasons.push(Reason { text, span: Some(grant.span), page: page::GRANTS, reported: false });
        }
    }
    reasons
}
