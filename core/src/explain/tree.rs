//! The trace as a tree of sentences.

use alloc::{format, string::String, string::ToString, vec, vec::Vec};

use super::{
    NOT_READ, Node, NodeKind, Sign, Subject,
    words::{self, page},
};
use crate::{
    arn::PrincipalArn,
    decision::{Match, PolicyId, PolicyType, StatementId},
    json::Span,
    policy::{Effect, Element, Statement, principal::Principal},
    scenario::Scenario,
    trace::{ElementKind, ElementTrace, PolicyTrace, Reason, StatementTrace, ValueTrace},
};

/// Every policy type in the order of evaluation.
pub(super) fn tree(subject: &Subject<'_>) -> Vec<Node> {
    let order = [
        PolicyType::ResourceControlPolicy,
        PolicyType::ServiceControlPolicy,
        PolicyType::VpcEndpointPolicy,
        PolicyType::KeyPolicy,
        PolicyType::Grant,
        PolicyType::IdentityPolicy,
        PolicyType::PermissionsBoundary,
        PolicyType::SessionPolicy,
    ];
    order.into_iter().map(|kind| policy_type(subject, kind)).collect()
}

fn policy_type(subject: &Subject<'_>, kind: PolicyType) -> Node {
    let policies = subject.trace.policies.iter().filter(|policy| policy.policy_type == kind);
    let children: Vec<Node> = policies.map(|policy| self::policy(subject, policy)).collect();
    let (sign, detail) = match kind {
        _ if NOT_READ.contains(&kind) => (Sign::NotApplicable, "not read by this version: taken as not there"),
        PolicyType::Grant => grants(subject),
        PolicyType::SessionPolicy if subject.answers.session_policies.allow.outcome == Match::No => {
            (Sign::Silent, "a federated user has only what a session policy passes on, and none was passed")
        }
        PolicyType::SessionPolicy => (Sign::NotApplicable, "not read by this version: taken as not there"),
        PolicyType::KeyPolicy if children.is_empty() => (Sign::NotApplicable, "the operation has no key"),
        _ if children.is_empty() => (Sign::Silent, "the caller has none"),
        _ => (sum(&children), ""),
    };
    Node {
        kind: NodeKind::PolicyType,
        sign,
        title: words::policy_type(kind).into(),
        detail: detail.into(),
        span: None,
        page: Some(words::policy_type_page(kind)),
        children,
    }
}

fn grants(subject: &Subject<'_>) -> (Sign, &'static str) {
    match (subject.answers.grants, subject.request.key) {
        (_, None) => (Sign::NotApplicable, "the operation has no key"),
        (Match::No, _) => (Sign::Silent, "no grant on the key covers the operation"),
        _ => (Sign::Depends, "a grant on the key covers the operation; this version does not evaluate grants"),
    }
}

/// What several statements or policies come to: a deny beats an allow.
fn sum(children: &[Node]) -> Sign {
    let order = [Sign::Denies, Sign::Depends, Sign::Allows];
    order.into_iter().find(|sign| children.iter().any(|child| child.sign == *sign)).unwrap_or(Sign::Silent)
}

fn policy(subject: &Subject<'_>, traced: &PolicyTrace) -> Node {
    let document = subject.scenario.world.document(traced.policy);
    let statements = document.map_or(&[][..], |document| &document.statements);
    let node = |statement: &StatementTrace| Some(self::statement(subject, statements.get(statement.index)?, statement));
    let children: Vec<Node> = traced.statements.iter().filter_map(node).collect();
    Node {
        kind: NodeKind::Policy,
        sign: sum(&children),
        title: policy_title(subject.scenario, traced.policy),
        detail: String::new(),
        span: document.map(|document| document.span),
        page: None,
        children,
    }
}

/// `key policy of 1234abcd-…`, `policy UseKey of role App`
pub(super) fn policy_title(scenario: &Scenario, id: PolicyId) -> String {
    match id {
        PolicyId::Key(key) => {
            let id = scenario.world.keys.get(key).map_or("", |key| key.arn.id());
            format!("key policy of {id}")
        }
        PolicyId::Identity { principal, policy } => {
            let Some(owner) = scenario.world.principals.get(principal) else { return String::new() };
            let name = owner.policies.get(policy).map_or("", |policy| &*policy.name);
            let resource = owner.arn.as_str().rsplit(':').next().unwrap_or_default();
            let (kind, path) = resource.split_once('/').unwrap_or(("", resource));
            format!("policy {name} of {kind} {}", path.rsplit('/').next().unwrap_or(path))
        }
    }
}

/// `Allow use`, or `statement 3` without a `Sid`.
fn statement_name(statement: &Statement, index: usize) -> String {
    match statement.sid.as_deref().filter(|sid| !sid.is_empty()) {
        Some(sid) => format!("statement `{sid}`"),
        None => format!("statement {}", index + 1),
    }
}

/// ``statement `Allow use` of key policy of 1234abcd-…``
pub(super) fn statement_in_its_policy(scenario: &Scenario, id: StatementId) -> String {
    let statement = scenario.world.document(id.policy).and_then(|document| document.statements.get(id.statement));
    let name = statement.map_or_else(String::new, |statement| statement_name(statement, id.statement));
    match id.policy {
        PolicyId::Key(_) => format!("{name} of the key policy"),
        PolicyId::Identity { .. } => format!("{name} of {}", policy_title(scenario, id.policy)),
    }
}

fn statement(subject: &Subject<'_>, statement: &Statement, traced: &StatementTrace) -> Node {
    let sign = match (traced.outcome, traced.effect) {
        (Match::Yes, Effect::Allow) => Sign::Allows,
        (Match::Yes, Effect::Deny) => Sign::Denies,
        (Match::Depends, _) => Sign::Depends,
        (Match::No, _) => Sign::DoesNotMatch,
    };
    let effect = if traced.effect == Effect::Allow { "Allow" } else { "Deny" };
    let failed: Vec<String> = traced
        .elements
        .iter()
        .filter(|element| element.outcome == Match::No)
        .map(|element| element_title(statement, element.element))
        .collect();
    let detail = match traced.outcome {
        Match::Yes => "every element matches".into(),
        Match::Depends => "depends on a value that is not known".into(),
        Match::No => format!("does not match: {}", failed.join(", ")),
    };
    Node {
        kind: NodeKind::Statement,
        sign,
        title: format!("{effect}: {}", statement_name(statement, traced.index)),
        detail,
        span: Some(statement.span),
        page: None,
        children: traced.elements.iter().map(|element| self::element(subject, statement, element)).collect(),
    }
}

const fn sign(outcome: Match) -> Sign {
    match outcome {
        Match::Yes => Sign::Matches,
        Match::Depends => Sign::Depends,
        Match::No => Sign::DoesNotMatch,
    }
}

fn element(subject: &Subject<'_>, statement: &Statement, traced: &ElementTrace) -> Node {
    let span = match traced.element {
        ElementKind::Principal => statement.principal.span(),
        ElementKind::Action => statement.action.span(),
        ElementKind::Resource => statement.resource.span(),
        ElementKind::Condition(index) => statement.conditions.get(index).map(|condition| condition.span),
    };
    Node {
        kind: NodeKind::Element,
        sign: sign(traced.outcome),
        title: element_title(statement, traced.element),
        detail: element_detail(subject, statement, traced),
        span: span.or(Some(statement.span)),
        page: Some(element_page(statement, traced)),
        children: traced.values.iter().filter_map(|value| self::value(statement, traced, value)).collect(),
    }
}

fn name<T>(element: &Element<T>, plain: &str) -> String {
    match element {
        Element::IsNot(..) => format!("Not{plain}"),
        _ => plain.to_string(),
    }
}

/// `Principal`, `NotAction`, `StringEquals aws:PrincipalArn`
pub(super) fn element_title(statement: &Statement, element: ElementKind) -> String {
    match element {
        ElementKind::Principal => name(&statement.principal, "Principal"),
        ElementKind::Action => name(&statement.action, "Action"),
        ElementKind::Resource => name(&statement.resource, "Resource"),
        ElementKind::Condition(index) => statement
            .conditions
            .get(index)
            .map_or_else(String::new, |condition| format!("{} {}", condition.operator_name, condition.key)),
    }
}

pub(super) fn element_detail(subject: &Subject<'_>, statement: &Statement, traced: &ElementTrace) -> String {
    let ElementKind::Condition(index) = traced.element else { return plain_detail(subject, statement, traced) };
    let Some(condition) = statement.conditions.get(index) else { return String::new() };
    let (value, origin) = subject.context.look_up(&condition.key);
    match (traced.outcome, traced.reason) {
        (Match::No, Some(reason)) => {
            let why = words::condition_reason(reason, condition, &value, origin);
            let set = matches!(reason, Reason::SomeValueNotListed | Reason::NoValueListed);
            let case = traced.values.iter().any(|value| value.reason == Some(Reason::ValueDiffersInCaseOnly));
            if set && case { format!("{why}; one would be if letter case did not count") } else { why }
        }
        (Match::Depends, _) => format!("`{}` is unknown: {}", condition.key, words::origin(origin)),
        _ => words::condition_holds(condition, &value),
    }
}

fn plain_detail(subject: &Subject<'_>, statement: &Statement, traced: &ElementTrace) -> String {
    match (traced.outcome, traced.reason, traced.element) {
        (Match::No, Some(Reason::ActionNotListed), _) => {
            format!("does not list `{}`", subject.request.action.iam_name())
        }
        (Match::No, Some(Reason::ResourceNotListed), _) if lists_alias(subject, statement) => {
            "does not match the key: the ARN of an alias never stands for its key, so write the key's ARN".into()
        }
        (Match::No, Some(Reason::PrincipalNotListed), _) => match almost_caller(subject, statement) {
            Some(listed) => format!("names `{listed}`, which is the caller but for its path or letter case"),
            None => words::element_reason(Reason::PrincipalNotListed).into(),
        },
        (Match::No, Some(reason), _) => words::element_reason(reason).into(),
        (Match::Depends, ..) => "depends on a value that is not known".into(),
        (Match::Yes, _, ElementKind::Principal) => {
            let forms: Vec<&str> = traced.values.iter().filter_map(|value| value.form).map(words::form).collect();
            match forms.first() {
                Some(form) => format!("names {form}"),
                None => "does not leave the caller out".into(),
            }
        }
        _ => String::new(),
    }
}

/// Whether `Resource` lists an alias although the request is about a key
/// (<https://docs.aws.amazon.com/kms/latest/developerguide/cmks-in-iam-policies.html>).
fn lists_alias(subject: &Subject<'_>, statement: &Statement) -> bool {
    subject.request.key.is_some() && statement.resource.entries().iter().any(|entry| entry.text.contains(":alias/"))
}

/// An entry of `Principal` that has the caller's name and account, and yet another ARN.
fn almost_caller<'s>(subject: &Subject<'_>, statement: &'s Statement) -> Option<&'s str> {
    let caller = &subject.request.caller;
    let own = caller.principal(&subject.scenario.world).map(|entity| &entity.arn).or_else(|| caller.arn())?;
    let name = |arn: &str| arn.rsplit('/').next().unwrap_or_default().to_lowercase();
    let almost = |listed: &PrincipalArn| {
        listed.account() == own.account()
            && core::mem::discriminant(listed.kind()) == core::mem::discriminant(own.kind())
            && name(listed.as_str()) == name(own.as_str())
    };
    statement.principal.entries().iter().find_map(|entry| match &entry.principal {
        Principal::Arn(listed) if almost(listed) => Some(&*entry.text),
        _ => None,
    })
}

pub(super) fn element_page(statement: &Statement, traced: &ElementTrace) -> &'static str {
    match (traced.element, traced.reason) {
        (_, Some(Reason::VariableWithoutValue)) => page::VARIABLES,
        (ElementKind::Principal, _) if matches!(statement.principal, Element::IsNot(..)) => page::NOT_PRINCIPAL,
        (ElementKind::Principal, _) => page::PRINCIPAL,
        (ElementKind::Action, _) => page::ACTION,
        (ElementKind::Resource, _) => page::RESOURCE,
        (ElementKind::Condition(_), Some(Reason::SomeValueNotListed | Reason::NoValueListed)) => page::SET_OPERATORS,
        (ElementKind::Condition(index), _) => {
            let info = statement
                .conditions
                .get(index)
                .and_then(|condition| crate::catalog::find_condition_key(&condition.key));
            info.map_or(page::OPERATORS, |info| info.page)
        }
    }
}

fn value(statement: &Statement, element: &ElementTrace, traced: &ValueTrace) -> Option<Node> {
    let (text, span): (&str, Span) = match element.element {
        ElementKind::Principal => {
            let entry = statement.principal.entries().get(traced.index)?;
            (&entry.text, entry.span)
        }
        ElementKind::Action => {
            let entry = statement.action.entries().get(traced.index)?;
            (&entry.text, entry.span)
        }
        ElementKind::Resource => {
            let entry = statement.resource.entries().get(traced.index)?;
            (&entry.text, entry.span)
        }
        ElementKind::Condition(index) => {
            let value = statement.conditions.get(index)?.values.get(traced.index)?;
            (&value.text, value.span)
        }
    };
    let detail = match (traced.outcome, traced.reason, traced.form) {
        (Match::Yes, _, Some(form)) => format!("names {}", words::form(form)),
        (Match::No, Some(reason), _) => words::element_reason(reason).into(),
        _ => String::new(),
    };
    Some(Node {
        kind: NodeKind::Value,
        sign: sign(traced.outcome),
        title: text.into(),
        detail,
        span: Some(span),
        page: None,
        children: vec![],
    })
}
