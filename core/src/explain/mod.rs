//! Sentences: what AWS itself would print, and our own account of a decision.
//!
//! Nothing is decided here. A [`Trace`] holds ids and typed outcomes; this module
//! puts them into words, ties each to its place in the text and to the page of AWS that settles it.

mod message;
mod reasons;
mod tree;
mod words;

use crate::{
    compile::Slots,
    decision::{AllowedBy, Answers, Decision, Match, Missing, PolicyType, PrincipalForm},
    evaluate::Question,
    request::{ContextValue, Origin, Request, RequestContext},
    scenario::Scenario,
    trace::Trace,
};

use alloc::{boxed::Box, format, string::String, vec::Vec};

use crate::json::Span;

/// One request's decision, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct Explanation {
    /// The request in a sentence: who asks for what on which key.
    pub question: String,
    /// The decision in a word or two: `Allowed`, `Denied by an explicit Deny`.
    pub verdict: String,
    /// The decision in a sentence: who carried it, or who would have had to and did not.
    pub summary: String,
    /// What AWS prints for the denial; `None` if nothing is denied.
    pub aws_message: Option<String>,
    /// On a denial all that stands in the way, in AWS's order; on an allow all that carried it; on an
    /// undetermined decision all that it hangs on.
    pub reasons: Vec<Reason>,
    /// The whole evaluation: policy type, policy, statement, element, value.
    pub tree: Vec<Node>,
    /// The request context, each value with its origin.
    pub context: Vec<ContextLine>,
    /// What AWS does not document and this decision rests on.
    pub assumptions: Vec<Reason>,
}

/// A sentence with its evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct Reason {
    /// The sentence.
    pub text: String,
    /// The place in the scenario's text that it speaks of.
    pub span: Option<Span>,
    /// The page of AWS's documentation.
    pub page: &'static str,
    /// Whether AWS's own message would name this one.
    pub reported: bool,
}

/// A step of the evaluation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct Node {
    /// What the step looks at.
    pub kind: NodeKind,
    /// How it came out.
    pub sign: Sign,
    /// What it is about: a policy type, a policy, a statement, an element, a value.
    pub title: String,
    /// Why it came out so; empty where the title says it all.
    pub detail: String,
    /// The place in the scenario's text.
    pub span: Option<Span>,
    /// The page of AWS's documentation that has the rule.
    pub page: Option<&'static str>,
    /// The steps inside.
    pub children: Vec<Node>,
}

/// What a step of the evaluation looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub enum NodeKind {
    /// All policies of one type.
    PolicyType,
    /// One document.
    Policy,
    /// One statement.
    Statement,
    /// `Principal`, `Action`, `Resource` or one condition.
    Element,
    /// One value of an element.
    Value,
}

/// How a step came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub enum Sign {
    /// It allows the request.
    Allows,
    /// It denies the request explicitly.
    Denies,
    /// It says nothing about the request.
    Silent,
    /// An element or value that matches.
    Matches,
    /// A statement, element or value that does not match.
    DoesNotMatch,
    /// It depends on what nobody knows.
    Depends,
    /// It takes no part in this decision.
    NotApplicable,
}

/// One key of the request context.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct ContextLine {
    /// The condition key.
    pub key: String,
    /// Its values; `absent` or `unknown` without one.
    pub value: String,
    /// Where it comes from.
    pub origin: String,
    /// Whether a policy of the scenario asks for it.
    pub asked: bool,
}

/// What there is to explain.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'a> {
    pub scenario: &'a Scenario,
    pub request: &'a Request,
    pub question: &'a Question<'a>,
    pub answers: &'a Answers,
    pub decision: Decision,
    pub trace: &'a Trace,
    pub context: &'a RequestContext,
    pub asked: &'a Slots,
    pub hangs_on: &'a [Box<str>],
}

/// Puts a decision into words.
pub(crate) fn explain(subject: &Subject<'_>) -> Explanation {
    let assumptions = subject.trace.assumptions.iter().map(|assumption| {
        let (text, page) = words::assumption(*assumption);
        Reason { text: text.into(), span: None, page, reported: false }
    });
    Explanation {
        question: question(subject.request, subject.question.resource()),
        verdict: verdict(subject.decision).into(),
        summary: summary(subject),
        aws_message: message::access_denied(subject),
        reasons: reasons::reasons(subject),
        tree: tree::tree(subject),
        context: context(subject),
        assumptions: assumptions.collect(),
    }
}

fn question(request: &Request, resource: &str) -> String {
    let via = request.via.as_deref().map(|service| format!(" through {service}")).unwrap_or_default();
    format!("{} asks for {} on {resource}{via}", request.caller.name(), request.action.iam_name())
}

const fn verdict(decision: Decision) -> &'static str {
    match decision {
        Decision::Allowed { .. } => "Allowed",
        Decision::ExplicitDeny { .. } => "Denied by an explicit deny",
        Decision::ImplicitDeny { .. } => "Denied: nothing allows it",
        Decision::Undetermined { .. } => "Undetermined",
    }
}

fn summary(subject: &Subject<'_>) -> String {
    let action = subject.request.action.iam_name();
    let statement = |id| tree::statement_in_its_policy(subject.scenario, id);
    match subject.decision {
        Decision::Allowed { by: AllowedBy::KeyPolicy { statement: id, form: PrincipalForm::Account } } => {
            format!("{} allows it: it names the account, and to its root user that is enough", statement(id))
        }
        Decision::Allowed { by: AllowedBy::KeyPolicy { statement: id, form } } => {
            format!("{} allows it: it names {}", statement(id), words::form(form))
        }
        Decision::Allowed { by: AllowedBy::IdentityPolicy { statement: id } } if subject.request.key.is_some() => {
            format!("{} allows it, and the key policy lets it", statement(id))
        }
        Decision::Allowed { by: AllowedBy::IdentityPolicy { statement: id } } => format!("{} allows it", statement(id)),
        Decision::Allowed { by: AllowedBy::RootUser } => {
            format!("the root user may do `{action}` in its account, since no policy can be attached to it")
        }
        Decision::ExplicitDeny { by, .. } => format!("{} denies it, and a deny beats every allow", statement(by)),
        Decision::ImplicitDeny { missing } => reasons::missing(subject, missing),
        Decision::Undetermined { .. } if subject.hangs_on.is_empty() && subject.answers.grants == Match::Depends => {
            format!(
                "a grant on the key covers `{}`; this version does not evaluate grants",
                subject.request.action.name()
            )
        }
        Decision::Undetermined { .. } if subject.hangs_on.is_empty() => {
            "it depends on a value that is not known".into()
        }
        Decision::Undetermined { .. } => {
            let grant =
                if subject.answers.grants == Match::Depends { ", or on a grant that covers the operation" } else { "" };
            let keys: Vec<String> = subject.hangs_on.iter().map(|key| format!("`{key}`")).collect();
            format!("it depends on the value of {}, which is not known{grant}", keys.join(", "))
        }
    }
}

fn context(subject: &Subject<'_>) -> Vec<ContextLine> {
    let line = |key: &str, value: &ContextValue, origin: Origin| ContextLine {
        key: key.into(),
        value: words::context_value(value).replace('`', ""),
        origin: words::origin(origin).into(),
        asked: subject.asked.contains(key),
    };
    let mut lines: Vec<ContextLine> = Vec::new();
    // What a policy asks for comes first, whether the request has it or not.
    for key in subject.asked.names() {
        let (value, origin) = subject.context.look_up(key);
        lines.push(line(key, &value, origin));
    }
    let unasked = subject.context.entries().filter(|entry| !subject.asked.contains(&entry.name));
    let told = unasked.filter(|entry| entry.value != ContextValue::Absent);
    lines.extend(told.map(|entry| line(&entry.name, &entry.value, entry.origin)));
    lines
}

/// The policy types of which this version reads no documents.
pub(crate) const NOT_READ: &[PolicyType] = &[
    PolicyType::ResourceControlPolicy,
    PolicyType::ServiceControlPolicy,
    PolicyType::VpcEndpointPolicy,
    PolicyType::PermissionsBoundary,
];

/// Who would have had to allow, as a policy type.
const fn missing_policy(missing: Missing) -> Option<PolicyType> {
    match missing {
        Missing::Policy(kind) => Some(kind),
        Missing::CrossAccountOperation | Missing::SamePartition => None,
    }
}
