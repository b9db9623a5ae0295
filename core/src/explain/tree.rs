//! The trace as a tree of sentences.

use alloc::{format, string::String, string::ToString, vec, vec::Vec};

use super::{Node, NodeKind, Sign, Subject, grants, missing, page, words};
use crate::{
    arn::PrincipalArn,
    assumption::AccountInEndpointPolicy,
    decision::{Answer, Match, PolicyId, PolicyType, PrincipalForm, Relation, StatementId},
    evaluate::NotInPlay,
    json::Span,
    policy::{Effect, Element, Statement, principal::Principal},
    trace::{ElementKind, ElementTrace, PolicyTrace, Reason, StatementTrace, ValueTrace},
    world::World,
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
    let mut children: Vec<Node> = policies.map(|policy| self::policy(subject, policy)).collect();
    if kind == PolicyType::Grant {
        children.extend(subject.trace.grants.iter().filter_map(|traced| grants::node(subject, traced)));
    }
    let (sign, detail) = match kind {
        PolicyType::ResourceControlPolicy => match subject.question.bound_by_resource_control_policies() {
            Err(why) => (Sign::NotApplicable, words::not_in_play(why).to_string()),
            Ok(_) if sum(&children) == Sign::Silent => {
                (Sign::Allows, "AWS's own `RCPFullAWSAccess` allows everything, and no other denies it".into())
            }
            Ok(_) => (sum(&children), String::new()),
        },
        PolicyType::ServiceControlPolicy => match subject.question.bound_by_service_control_policies() {
            Err(why) => (Sign::NotApplicable, words::not_in_play(why).to_string()),
            Ok(_) => (narrowed(subject.answers.service_control_policies), silent_level(subject)),
        },
        PolicyType::VpcEndpointPolicy => match subject.request.vpc_endpoint {
            None => (Sign::NotApplicable, words::not_in_play(NotInPlay::NoVpcEndpoint).to_string()),
            Some(_) if children.is_empty() => (Sign::Allows, "AWS's default policy, which allows everything".into()),
            Some(_) => (narrowed(subject.answers.vpc_endpoint_policy), String::new()),
        },
        PolicyType::KeyPolicy => match subject.question.situation().relation {
            Relation::IamOnly if subject.on_alias() => {
                (Sign::NotApplicable, "an alias has no policy: only IAM policies speak of it".to_string())
            }
            _ if subject.is_missing() => (Sign::NotApplicable, "the scenario has no such key".into()),
            Relation::IamOnly => (Sign::NotApplicable, "the operation has no key".into()),
            Relation::Retiring => {
                (Sign::NotApplicable, "`kms:RetireGrant` has no effect in a key policy: the grant says who may".into())
            }
            _ => (sum(&children), String::new()),
        },
        PolicyType::Grant => match subject.question.situation().relation {
            _ if subject.is_missing() => (Sign::NotApplicable, "the scenario has no such key".to_string()),
            Relation::IamOnly => (Sign::NotApplicable, "the operation has no key".to_string()),
            _ if children.is_empty() => (Sign::Silent, "there is no grant on the key".into()),
            _ => (sum(&children), String::new()),
        },
        PolicyType::IdentityPolicy if children.is_empty() => (Sign::Silent, "the caller has none".into()),
        PolicyType::IdentityPolicy => (sum(&children), String::new()),
        PolicyType::PermissionsBoundary if children.is_empty() => {
            (Sign::NotApplicable, "the caller has none".to_string())
        }
        PolicyType::PermissionsBoundary => (narrowed(subject.answers.permissions_boundary), String::new()),
        PolicyType::SessionPolicy if children.is_empty() => match subject.answers.session_policies.allow.outcome {
            Match::No => (
                Sign::Silent,
                "a federated user has only what a session policy passes on, and none was passed".to_string(),
            ),
            _ => (Sign::NotApplicable, "none was passed".into()),
        },
        PolicyType::SessionPolicy => (narrowed(subject.answers.session_policies), String::new()),
    };
    Node {
        kind: NodeKind::PolicyType,
        sign,
        title: words::policy_type(kind).into(),
        detail,
        span: None,
        page: Some(words::policy_type_page(kind)),
        children,
    }
}

/// What the policies that only narrow come to.
const fn narrowed(answer: Answer) -> Sign {
    match (answer.deny.outcome, answer.allow.outcome) {
        (Match::Yes, _) => Sign::Denies,
        (_, Match::No) => Sign::Silent,
        (Match::Depends, _) | (_, Match::Depends) => Sign::Depends,
        (Match::No, Match::Yes) => Sign::Allows,
    }
}

fn silent_level(subject: &Subject<'_>) -> String {
    if subject.answers.service_control_policies.allow.outcome != Match::No {
        return String::new();
    }
    let level = missing::silent_level(subject.world, subject.request.caller.account(), subject.trace);
    level.map(|level| format!("none of {} allows it", missing::target(level))).unwrap_or_default()
}

/// What several statements or policies come to: a deny beats an allow.
fn sum(children: &[Node]) -> Sign {
    let order = [Sign::Denies, Sign::Depends, Sign::Allows];
    order.into_iter().find(|sign| children.iter().any(|child| child.sign == *sign)).unwrap_or(Sign::Silent)
}

fn policy(subject: &Subject<'_>, traced: &PolicyTrace) -> Node {
    let document = subject.world.document(traced.policy);
    let statements = document.map_or(&[][..], |document| &document.statements);
    let node = |statement: &StatementTrace| Some(self::statement(subject, statements.get(statement.index)?, statement));
    let children: Vec<Node> = traced.statements.iter().filter_map(node).collect();
    let own = subject.world.control_policy(traced.policy).filter(|policy| policy.document.is_none());
    Node {
        kind: NodeKind::Policy,
        sign: if own.is_some() { Sign::Allows } else { sum(&children) },
        title: policy_title(subject.world, traced.policy),
        detail: own.map_or("", |_| "AWS's own, which allows everything").into(),
        span: own.map(|policy| policy.span).or(document.map(|document| document.span)),
        page: None,
        children,
    }
}

/// `key policy of 1234abcd-…`, `policy UseKey of role App`, `service control policy DenyKms of the root r-ab12`
pub(super) fn policy_title(world: &World, id: PolicyId) -> String {
    let owner = |principal: usize| {
        let Some(owner) = world.principals.get(principal) else { return String::new() };
        let resource = owner.arn.as_str().rsplit(':').next().unwrap_or_default();
        let (kind, path) = resource.split_once('/').unwrap_or(("", resource));
        format!("{kind} {}", path.rsplit('/').next().unwrap_or(path))
    };
    let attached_to = |target: usize| {
        let target = world.organization.as_ref().and_then(|organization| organization.targets.get(target));
        target.map(missing::target).unwrap_or_default()
    };
    let name = world.control_policy(id).map_or("", |policy| &*policy.name);
    match id {
        PolicyId::Key(key) => {
            let id = world.keys.get(key).map_or("", |key| key.arn.id());
            format!("key policy of {id}")
        }
        PolicyId::Identity { principal, policy } => {
            let policies = world.principals.get(principal).map(|owner| &*owner.policies).unwrap_or_default();
            let name = policies.get(policy).map_or("", |policy| &*policy.name);
            format!("policy {name} of {}", owner(principal))
        }
        PolicyId::PermissionsBoundary { principal } => format!("permissions boundary of {}", owner(principal)),
        PolicyId::Session { session, policy } => {
            let policies = world.session_policies.get(session).map(|policies| &**policies).unwrap_or_default();
            format!("session policy {}", policies.get(policy).map_or("", |policy| &*policy.name))
        }
        PolicyId::ServiceControl { target, .. } => {
            format!("service control policy {name} of {}", attached_to(target))
        }
        PolicyId::ResourceControl { target, .. } => {
            format!("resource control policy {name} of {}", attached_to(target))
        }
        PolicyId::VpcEndpoint(endpoint) => {
            let id = world.vpc_endpoints.get(endpoint).map_or("", |endpoint| &*endpoint.id);
            format!("policy of VPC endpoint {id}")
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
pub(super) fn statement_in_its_policy(world: &World, id: StatementId) -> String {
    let statement = world.document(id.policy).and_then(|document| document.statements.get(id.statement));
    let name = statement.map_or_else(String::new, |statement| statement_name(statement, id.statement));
    match id.policy {
        PolicyId::Key(_) => format!("{name} of the key policy"),
        _ => format!("{name} of {}", policy_title(world, id.policy)),
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

pub(super) const fn sign(outcome: Match) -> Sign {
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
        children: traced.values.iter().filter_map(|value| self::value(subject, statement, traced, value)).collect(),
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
        _ => words::condition_holds(condition, &value, origin),
    }
}

fn plain_detail(subject: &Subject<'_>, statement: &Statement, traced: &ElementTrace) -> String {
    match (traced.outcome, traced.reason, traced.element) {
        (Match::No, Some(Reason::ActionNotListed), _) => {
            format!("does not list `{}`", subject.authorization.action.iam_name())
        }
        (Match::No, Some(Reason::ResourceNotListed), _)
            if lists_alias(subject, statement) && subject.authorization.action.also_on_alias() =>
        {
            format!(
                "lists the alias; `{}` must be allowed on the key too, by the key's own ARN or in its key policy",
                subject.authorization.action.iam_name()
            )
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
        (Match::Yes, _, ElementKind::Principal) => match traced.values.iter().find_map(|value| value.form) {
            Some(form) => format!("names {}", named(subject, statement, form)),
            None => "does not leave the caller out".into(),
        },
        _ => String::new(),
    }
}

/// Whom a statement names. An account in an allow of a key policy gives nothing by itself; anywhere else it
/// stands for everybody in it.
fn named(subject: &Subject<'_>, statement: &Statement, form: PrincipalForm) -> &'static str {
    let of_key = subject.key().is_some_and(|key| key.policy.statements.iter().any(|own| own.span == statement.span));
    let reading = subject.question.assumptions().account_in_endpoint_policy;
    match (form, statement.effect) {
        (PrincipalForm::Account, Effect::Allow) if of_key => "the caller's account, which lets its IAM policies decide",
        (PrincipalForm::Account, Effect::Allow) if reading == AccountInEndpointPolicy::RootUserOnly => {
            "the caller's account, which stands for its root user"
        }
        _ => words::form(form),
    }
}

/// Whether `Resource` lists an alias although the request is about a key
/// (<https://docs.aws.amazon.com/kms/latest/developerguide/cmks-in-iam-policies.html>).
fn lists_alias(subject: &Subject<'_>, statement: &Statement) -> bool {
    subject.key().is_some() && statement.resource.entries().iter().any(|entry| entry.text.contains(":alias/"))
}

/// An entry of `Principal` that has the caller's name and account, and yet another ARN.
fn almost_caller<'s>(subject: &Subject<'_>, statement: &'s Statement) -> Option<&'s str> {
    let caller = &subject.request.caller;
    let own = caller.principal(subject.world).map(|entity| &entity.arn).or_else(|| caller.arn())?;
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

fn value(subject: &Subject<'_>, statement: &Statement, element: &ElementTrace, traced: &ValueTrace) -> Option<Node> {
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
        (Match::Yes, _, Some(form)) => format!("names {}", named(subject, statement, form)),
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
