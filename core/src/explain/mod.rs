//! Sentences: what AWS itself would print, and our own account of a decision.
//!
//! Nothing is decided here. A [`Trace`] holds ids and typed outcomes; this module
//! puts them into words, ties each to its place in the text and to the page of AWS that settles it.

pub(crate) mod deciding;
mod grants;
mod message;
mod missing;
mod page;
mod reasons;
mod tree;
mod words;

pub use grants::check_page;
pub use words::{assumption, element_reason, form, not_in_play, policy_type, policy_type_page};

pub(crate) use message::access_denied;
pub(crate) use missing::silent_level;

use alloc::{boxed::Box, format, string::String, vec::Vec};

use crate::{
    answer::{Answer, Authorized},
    assumption::Assumptions,
    check::ErrorName,
    compile::{CompiledWorld, Slots},
    decision::{AllowedBy, Answers, Decision, Match, PrincipalForm, Relation},
    evaluate::Question,
    json::Span,
    request::{Authorization, ContextValue, Fault, Origin, Request, RequestContext, Resource},
    scenario::Scenario,
    trace::{GrantCheck, Trace},
    world::{KmsKey, World},
};

/// One request's decision, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct Explanation {
    /// The request in a sentence: who asks for what on which key.
    pub question: String,
    /// The decision in a word or two: `Allowed`, `Denied by an explicit Deny`.
    pub verdict: String,
    /// The decision in a sentence: who carried it, or who would have had to and did not.
    pub summary: String,
    /// The error that the caller gets, with AWS's message; `None` if there is none.
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
    /// What would decide an undetermined decision, whatever else is unknown: what allows first, then what denies.
    pub would_decide: Vec<Reason>,
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
    /// One permission of an operation that takes several.
    Authorization,
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

/// What there is to explain: one authorization, decided.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'a> {
    pub world: &'a World,
    pub request: &'a Request,
    pub authorization: &'a Authorization,
    pub question: &'a Question<'a>,
    pub answers: &'a Answers,
    pub decision: Decision,
    pub trace: &'a Trace,
    pub context: &'a RequestContext,
    pub asked: &'a Slots,
    pub hangs_on: &'a [Box<str>],
}

impl Subject<'_> {
    fn key(&self) -> Option<&KmsKey> {
        self.authorization.resource.kms_key(self.world)
    }

    const fn is_missing(&self) -> bool {
        matches!(self.authorization.resource, Resource::Missing(_))
    }

    const fn grant_is_missing(&self) -> bool {
        matches!(self.authorization.fault, Some(Fault::NoSuchGrant | Fault::NoSuchGrantToken))
    }

    const fn on_alias(&self) -> bool {
        matches!(self.authorization.resource, Resource::Alias(_))
    }
}

/// Puts a decision into words.
pub(crate) fn explain(
    scenario: &Scenario,
    request: &Request,
    compiled: &CompiledWorld,
    answer: &Answer,
) -> Explanation {
    let each = |index: usize, then: &mut dyn FnMut(&Subject<'_>)| {
        let (Some(authorization), Some(decided)) =
            (request.authorizations.get(index), answer.authorizations.get(index))
        else {
            return;
        };
        let Authorized { answers, decision, trace, context, hangs_on, situation: _, would_decide: _ } = decided;
        let world = &scenario.world;
        let question = Question::new(request, authorization, context, world, compiled, scenario.assumptions);
        let (decision, asked) = (*decision, &compiled.slots);
        let question = &question;
        then(&Subject { world, request, authorization, question, answers, decision, trace, context, asked, hangs_on });
    };
    let mut explanation = Explanation {
        question: question(request, &scenario.world),
        verdict: verdict(answer).into(),
        aws_message: answer.error.as_ref().map(|error| error.message.clone()),
        assumptions: assumptions(answer, &scenario.assumptions),
        ..Explanation::default()
    };
    if let Some(sets) = answer.authorizations.get(answer.deciding).and_then(|one| one.would_decide.as_ref()) {
        explanation.would_decide = deciding::would_decide(sets, request, answer.deciding, &scenario.world, compiled);
    }
    let several = answer.authorizations.len() > 1;
    for index in 0..answer.authorizations.len() {
        each(index, &mut |subject| {
            let denied = matches!(subject.decision, Decision::ExplicitDeny { .. } | Decision::ImplicitDeny { .. });
            let what = several.then(|| on(subject));
            // Every permission that is denied stands in the way; of what carried or is open all count.
            let told =
                denied || !matches!(answer.decision, Decision::ExplicitDeny { .. } | Decision::ImplicitDeny { .. });
            if told {
                explanation.reasons.extend(reasons::reasons(subject).into_iter().map(|reason| Reason {
                    text: what.as_ref().map_or_else(|| reason.text.clone(), |what| format!("{what}: {}", reason.text)),
                    reported: reason.reported && index == answer.deciding,
                    ..reason
                }));
            }
            let tree = tree::tree(subject);
            match what {
                Some(title) => explanation.tree.push(Node {
                    kind: NodeKind::Authorization,
                    sign: decided_sign(subject.decision),
                    title,
                    detail: String::new(),
                    span: None,
                    page: Some(subject.authorization.action.page()),
                    children: tree,
                }),
                None => explanation.tree = tree,
            }
            if index == answer.deciding {
                explanation.summary = summary(subject);
                if several && matches!(subject.decision, Decision::Allowed { .. }) {
                    let first = core::mem::take(&mut explanation.summary);
                    let (count, action) = (answer.authorizations.len(), subject.authorization.action.iam_name());
                    explanation.summary =
                        format!("each of the {count} permissions that it takes is allowed; `{action}`: {first}");
                }
                explanation.context = context(subject);
            }
        });
    }
    if let (Decision::ImplicitDeny { .. }, Some(error)) = (answer.decision, &answer.error)
        && error.name != ErrorName::AccessDenied
    {
        let what = nothing_there(request.authorizations.get(answer.deciding));
        explanation.summary = format!("{what}, so KMS answers `{}`: {}", error.name, error.message);
    }
    if let (Decision::Allowed { .. }, Some(error)) = (answer.decision, &answer.error) {
        explanation.summary =
            format!("{}; and yet KMS answers `{}`: {}", explanation.summary, error.name, error.message);
    }
    explanation
}

/// What the request names and the scenario does not have.
fn nothing_there(authorization: Option<&Authorization>) -> String {
    let arn = match authorization.map(|authorization| &authorization.resource) {
        Some(Resource::Missing(arn)) => &**arn,
        _ => "",
    };
    match authorization.and_then(|authorization| authorization.fault) {
        Some(Fault::NoSuchAlias) => format!("no key of the scenario has the alias `{arn}`"),
        Some(Fault::NoSuchGrant) => "the key has no such grant in the scenario".into(),
        Some(Fault::NoSuchGrantToken) => "no grant of the scenario has that token".into(),
        Some(Fault::NoSuchCiphertextKey) => format!("the ciphertext is of `{arn}`, which the scenario does not hold"),
        Some(Fault::UnreadableCiphertext) => "the ciphertext does not say which key encrypted it".into(),
        Some(Fault::AliasNotTaken | Fault::InvalidArn | Fault::InvalidKeyId | Fault::OtherRegion) => {
            "the request names its key in a way that the operation does not take".into()
        }
        _ => format!("no key of the scenario is `{arn}`"),
    }
}

/// `kms:CreateAlias on arn:aws:kms:…:alias/orders`
fn on(subject: &Subject<'_>) -> String {
    format!("{} on {}", subject.authorization.action.iam_name(), subject.question.resource())
}

fn question(request: &Request, world: &World) -> String {
    let via = request.via.as_deref().map(|service| format!(" through {service}")).unwrap_or_default();
    let mut resources: Vec<&str> = Vec::new();
    for authorization in &request.authorizations {
        let arn = authorization.resource.arn(world);
        if !resources.contains(&arn) && (arn != "*" || request.authorizations.len() == 1) {
            resources.push(arn);
        }
    }
    let name = request.operation.name();
    format!("{} asks for kms:{name} on {}{via}", request.caller.name(), resources.join(", "))
}

fn verdict(answer: &Answer) -> &'static str {
    match (answer.decision, &answer.error) {
        (Decision::Allowed { .. }, None) => "Allowed",
        (Decision::Allowed { .. }, Some(error)) if error.name == ErrorName::DryRunOperation => "Allowed, in a dry run",
        (Decision::Allowed { .. }, Some(_)) => "Allowed, but it fails",
        (Decision::ExplicitDeny { .. }, _) => "Denied by an explicit deny",
        (Decision::ImplicitDeny { .. }, _) => "Denied: nothing allows it",
        (Decision::Undetermined { .. }, _) => "Undetermined",
    }
}

const fn decided_sign(decision: Decision) -> Sign {
    match decision {
        Decision::Allowed { .. } => Sign::Allows,
        Decision::ExplicitDeny { .. } => Sign::Denies,
        Decision::ImplicitDeny { .. } => Sign::Silent,
        Decision::Undetermined { .. } => Sign::Depends,
    }
}

/// What the verdict rests on, with the switch and how it stands.
fn assumptions(answer: &Answer, at: &Assumptions) -> Vec<Reason> {
    let reason = |assumption: &crate::assumption::Assumption| {
        let (text, page) = words::assumption(*assumption);
        let [first, second] = assumption.words();
        let (now, other) = if at.is_changed(*assumption) { (second, first) } else { (first, second) };
        let text =
            format!("{text}; taken as `{}`: `{now}`. With `{other}` the verdict would be another", assumption.name());
        Reason { text, span: None, page, reported: false }
    };
    answer.assumptions.iter().map(reason).collect()
}

fn summary(subject: &Subject<'_>) -> String {
    let action = subject.authorization.action.iam_name();
    let statement = |id| tree::statement_in_its_policy(subject.world, id);
    let grants = &subject.answers.grants;
    match subject.decision {
        Decision::Allowed { by: AllowedBy::KeyPolicy { statement: id, form: PrincipalForm::Account } } => {
            format!("{} allows it: it names the account, and to its root user that is enough", statement(id))
        }
        Decision::Allowed { by: AllowedBy::KeyPolicy { statement: id, form } } => {
            format!("{} allows it: it names {}", statement(id), words::form(form))
        }
        Decision::Allowed { by: AllowedBy::IdentityPolicy { statement: id } } => {
            let lets = match subject.question.situation().relation {
                Relation::IamOnly => "",
                Relation::Retiring => ", and an account that may retire the grant can let its IAM policies decide",
                _ if subject.answers.key_policy.names_caller() == Match::Yes => ", and the key policy lets it",
                _ => ", and a grant lets it",
            };
            format!("{} allows it{lets}", statement(id))
        }
        Decision::Allowed { by: AllowedBy::Grant { grant } } => {
            let name = grants::grant_name(subject.world, grant);
            match subject.question.situation().relation {
                Relation::Retiring => format!("{name} lets the caller retire it"),
                Relation::OtherAccount if grants.issued_by_caller.outcome == Match::Yes => {
                    format!(
                        "{name} allows it, and since it was made from the caller's account it speaks for both sides"
                    )
                }
                _ => format!("{name} allows it"),
            }
        }
        Decision::Allowed { by: AllowedBy::RootUser } => {
            format!("the root user may do `{action}` in its account, since no policy can be attached to it")
        }
        Decision::ExplicitDeny { by, .. } => format!("{} denies it, and a deny beats every allow", statement(by)),
        Decision::ImplicitDeny { missing } => missing::missing(subject, missing),
        Decision::Undetermined { .. } if subject.hangs_on.is_empty() => {
            let open = subject.trace.grants.iter().filter(|grant| grant.outcome == Match::Depends);
            let checks = open.flat_map(|grant| grant.checks.iter().map(move |check| (grant.grant, check)));
            let open = checks.into_iter().find(|(_, check)| check.outcome == Match::Depends);
            match open {
                Some((grant, check)) if check.check == GrantCheck::Effective => format!(
                    "{} may not be everywhere yet, or still be: changes to grants take up to five minutes",
                    grants::grant_name(subject.world, grant)
                ),
                Some((grant, check)) if check.check == GrantCheck::Chain => format!(
                    "{} allows it if what it would give is no more than it has itself; the request does not tell `Operations`",
                    grants::grant_name(subject.world, grant)
                ),
                _ => "it depends on a value that is not known".into(),
            }
        }
        Decision::Undetermined { .. } => {
            let keys: Vec<String> = subject.hangs_on.iter().map(|key| format!("`{key}`")).collect();
            format!("it depends on the value of {}, which is not known", keys.join(", "))
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
