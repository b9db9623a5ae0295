//! `expect`: what a request should come to, as much as the author wants to pin.

use alloc::{boxed::Box, format, string::String, vec::Vec};

use super::{
    Scenario,
    fields::{Fields, text},
};
use crate::{
    Answer,
    decision::{AllowedBy, Decision, Missing, PolicyType, PrincipalForm, StatementId},
    json::{Kind, Path, Value},
    problem::{Code, Problems},
    trace::Reason,
};

/// What a request should come to.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// The decision.
    pub decision: DecisionName,
    /// Who carried or denied it.
    pub by: Option<PolicyType>,
    /// The deciding statement.
    pub statement: Option<ExpectedStatement>,
    /// How the key policy named the caller.
    pub principal: Option<PrincipalForm>,
    /// Who would have had to allow.
    pub missing: Option<Missing>,
    /// The keys that an undetermined decision hangs on.
    pub unknown: Option<Vec<Box<str>>>,
    /// AWS's sentence.
    pub message: Option<Box<str>>,
    /// Reasons that occur in the trace.
    pub reasons: Vec<Reason>,
}

/// A decision without its grounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecisionName {
    /// `"Allowed"`
    Allowed,
    /// `"ExplicitDeny"`
    ExplicitDeny,
    /// `"ImplicitDeny"`
    ImplicitDeny,
    /// `"Undetermined"`
    Undetermined,
}

impl DecisionName {
    /// As it is written: `Allowed`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        DECISIONS.iter().find(|(_, decision)| *decision == self).map_or("", |(name, _)| name)
    }
}

impl From<Decision> for DecisionName {
    fn from(decision: Decision) -> Self {
        match decision {
            Decision::Allowed { .. } => Self::Allowed,
            Decision::ExplicitDeny { .. } => Self::ExplicitDeny,
            Decision::ImplicitDeny { .. } => Self::ImplicitDeny,
            Decision::Undetermined { .. } => Self::Undetermined,
        }
    }
}

/// A statement by its `Sid` or its position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExpectedStatement {
    /// Its `Sid`.
    Sid(Box<str>),
    /// Its position, from 0.
    Index(usize),
}

/// Something that came out other than expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Which part of the expectation.
    pub what: &'static str,
    /// What was expected.
    pub expected: String,
    /// What came.
    pub found: String,
}

const DECISIONS: &[(&str, DecisionName)] = &[
    ("Allowed", DecisionName::Allowed),
    ("ExplicitDeny", DecisionName::ExplicitDeny),
    ("ImplicitDeny", DecisionName::ImplicitDeny),
    ("Undetermined", DecisionName::Undetermined),
];

const POLICY_TYPES: &[(&str, PolicyType)] =
    &[("key policy", PolicyType::KeyPolicy), ("identity policy", PolicyType::IdentityPolicy)];

const MISSING: &[(&str, Missing)] = &[
    ("key policy", Missing::Policy(PolicyType::KeyPolicy)),
    ("identity policy", Missing::Policy(PolicyType::IdentityPolicy)),
    ("session policy", Missing::Policy(PolicyType::SessionPolicy)),
    ("cross-account operation", Missing::CrossAccountOperation),
    ("same partition", Missing::SamePartition),
];

const FORMS: &[(&str, PrincipalForm)] = &[
    ("everyone", PrincipalForm::Everyone),
    ("account", PrincipalForm::Account),
    ("user", PrincipalForm::User),
    ("role", PrincipalForm::Role),
    ("session", PrincipalForm::RoleSession),
    ("federatedUser", PrincipalForm::FederatedUser),
    ("parentUser", PrincipalForm::ParentUser),
    ("service", PrincipalForm::Service),
];

pub(super) fn expectation(value: &Value, path: &Path<'_>, problems: &mut Problems<'_>) -> Option<Expectation> {
    let known = ["decision", "by", "statement", "principal", "missing", "unknown", "message", "reasons"];
    let fields = Fields::of(value, &known, path, problems)?;
    fields.required("decision", "\"Allowed\"", problems)?;
    let unknown = fields
        .get("unknown")
        .map(|_| fields.list("unknown", problems, |value, path, problems| text(value, path, problems).map(Into::into)));
    let reasons = fields.list("reasons", problems, |value, path, problems| {
        let name = text(value, path, problems)?;
        let reason = Reason::ALL.iter().copied().find(|reason| reason.name() == name);
        if reason.is_none() {
            problems.push(Code::InvalidValue, value.span, path, format!("`{name}` is no reason of a trace"));
        }
        reason
    });
    let statement = fields.get("statement").and_then(|value| match &value.kind {
        Kind::String(sid) => Some(ExpectedStatement::Sid(sid.clone())),
        Kind::Number(number) => number.parse().ok().map(ExpectedStatement::Index),
        _ => None,
    });
    if statement.is_none() && fields.get("statement").is_some() {
        fields.invalid("statement", "a statement is named by its `Sid` or its position, from 0".into(), problems);
    }
    Some(Expectation {
        decision: fields.word("decision", DECISIONS, problems)?,
        by: fields.word("by", POLICY_TYPES, problems),
        statement,
        principal: fields.word("principal", FORMS, problems),
        missing: fields.word("missing", MISSING, problems),
        unknown,
        message: fields.text("message", problems).map(Into::into),
        reasons,
    })
}

impl Expectation {
    /// All that came out other than expected; nothing if all is as it should be.
    #[must_use]
    pub fn mismatches(&self, scenario: &Scenario, answer: &Answer) -> Vec<Mismatch> {
        let mut mismatches = Vec::new();
        let mut check = |what, expected: Option<String>, found: String| {
            if let Some(expected) = expected.filter(|expected| *expected != found) {
                mismatches.push(Mismatch { what, expected, found });
            }
        };
        let word = |words: &[(&'static str, PolicyType)], found| {
            words.iter().find(|(_, kind)| *kind == found).map_or("another policy type", |(word, _)| word)
        };
        let (by, statement, missing) = match answer.decision {
            Decision::Allowed { by: AllowedBy::KeyPolicy { statement, .. } } => {
                (Some(PolicyType::KeyPolicy), Some(statement), None)
            }
            Decision::Allowed { by: AllowedBy::IdentityPolicy { statement } } => {
                (Some(PolicyType::IdentityPolicy), Some(statement), None)
            }
            Decision::ExplicitDeny { policy_type, by } => (Some(policy_type), Some(by), None),
            Decision::ImplicitDeny { missing } => (None, None, Some(missing)),
            Decision::Allowed { by: AllowedBy::RootUser } | Decision::Undetermined { .. } => (None, None, None),
        };
        let decision = DecisionName::from(answer.decision);
        check("decision", Some(self.decision.as_str().into()), decision.as_str().into());
        check(
            "by",
            self.by.map(|by| word(POLICY_TYPES, by).into()),
            by.map_or("nobody", |by| word(POLICY_TYPES, by)).into(),
        );
        let expected = self.statement.as_ref().map(|expected| match expected {
            ExpectedStatement::Sid(sid) => String::from(&**sid),
            ExpectedStatement::Index(index) => format!("{index}"),
        });
        let by_index = matches!(self.statement, Some(ExpectedStatement::Index(_)));
        let found = statement.map(|id| if by_index { format!("{}", id.statement) } else { sid(scenario, id) });
        check("statement", expected, found.unwrap_or_else(|| "none".into()));
        let form = match answer.decision {
            Decision::Allowed { by: AllowedBy::KeyPolicy { form, .. } } => {
                FORMS.iter().find(|(_, known)| *known == form).map_or("", |(word, _)| word)
            }
            _ => "none",
        };
        let expected = self.principal.and_then(|form| FORMS.iter().find(|(_, known)| *known == form));
        check("principal", expected.map(|(word, _)| (*word).into()), form.into());
        let name = |missing| {
            MISSING.iter().find(|(_, known)| *known == missing).map_or("another policy type", |(word, _)| word)
        };
        check("missing", self.missing.map(|missing| name(missing).into()), missing.map_or("nobody", name).into());
        let unknown = self.unknown.as_ref().map(|keys| {
            let mut keys: Vec<String> = keys.iter().map(|key| key.to_lowercase()).collect();
            keys.sort();
            keys.join(", ")
        });
        let mut found: Vec<String> = answer.hangs_on.iter().map(|key| key.to_lowercase()).collect();
        found.sort();
        check("unknown", unknown, found.join(", "));
        let message = answer.explanation.aws_message.clone().unwrap_or_default();
        check("message", self.message.as_deref().map(Into::into), message);
        for reason in self.reasons.iter().filter(|reason| !answer.trace.has(**reason)) {
            mismatches.push(Mismatch {
                what: "reasons",
                expected: reason.name().into(),
                found: "not in the trace".into(),
            });
        }
        mismatches
    }
}

fn sid(scenario: &Scenario, id: StatementId) -> String {
    let statement = scenario.world.document(id.policy).and_then(|document| document.statements.get(id.statement));
    statement.and_then(|statement| statement.sid.as_deref()).map_or_else(|| format!("#{}", id.statement), Into::into)
}
