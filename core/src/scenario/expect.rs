//! `expect`: what a request should come to, as much as the author wants to pin.

use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

use super::{
    Scenario,
    fields::{Fields, text},
};
use crate::{
    Answer,
    assumption::Assumption,
    catalog::Action,
    decision::{AllowedBy, Decision, Missing, PolicyType, PrincipalForm, StatementId},
    explain,
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
    /// The permission that decided, of an operation that takes several.
    pub authorization: Option<Action>,
    /// The grant that carried it, by its id or its position on the key.
    pub grant: Option<ExpectedStatement>,
    /// The root, unit or account whose service control policies do not allow.
    pub level: Option<Box<str>>,
    /// The error that the caller gets; `Some(None)` if there is none.
    pub error: Option<Option<Box<str>>>,
    /// Assumptions that the verdict rests on.
    pub assumptions: Vec<Assumption>,
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

/// A statement by its `Sid` or its position; a grant by its id or its position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExpectedStatement {
    /// Its `Sid` or id.
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

const POLICY_TYPES: &[(&str, PolicyType)] = &[
    ("resource control policy", PolicyType::ResourceControlPolicy),
    ("service control policy", PolicyType::ServiceControlPolicy),
    ("VPC endpoint policy", PolicyType::VpcEndpointPolicy),
    ("key policy", PolicyType::KeyPolicy),
    ("grant", PolicyType::Grant),
    ("identity policy", PolicyType::IdentityPolicy),
    ("permissions boundary", PolicyType::PermissionsBoundary),
    ("session policy", PolicyType::SessionPolicy),
];

/// What can be missing beside a policy.
const MISSING: &[(&str, Missing)] =
    &[("cross-account operation", Missing::CrossAccountOperation), ("same partition", Missing::SamePartition)];

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
    let known = [
        "decision",
        "by",
        "statement",
        "principal",
        "missing",
        "unknown",
        "message",
        "reasons",
        "authorization",
        "grant",
        "level",
        "error",
        "assumptions",
    ];
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
    let assumptions = fields.list("assumptions", problems, |value, path, problems| {
        let name = text(value, path, problems)?;
        let assumption = Assumption::ALL.iter().copied().find(|assumption| assumption.name() == name);
        if assumption.is_none() {
            problems.push(Code::InvalidValue, value.span, path, format!("`{name}` is no assumption"));
        }
        assumption
    });
    let authorization = fields.text("authorization", problems).and_then(|name| {
        let action = Action::from_name(name);
        if action.is_none() {
            fields.invalid("authorization", format!("`{name}` is no action of KMS"), problems);
        }
        action
    });
    let error = fields.get("error").map(|_| fields.text("error", problems).map(Into::into));
    let statement = named(&fields, "statement", problems);
    let grant = named(&fields, "grant", problems);
    let missing: Vec<(&str, Missing)> = POLICY_TYPES
        .iter()
        .map(|(word, kind)| (*word, Missing::Policy(*kind)))
        .chain(MISSING.iter().copied())
        .collect();
    Some(Expectation {
        decision: fields.word("decision", DECISIONS, problems)?,
        by: fields.word("by", POLICY_TYPES, problems),
        statement,
        principal: fields.word("principal", FORMS, problems),
        missing: fields.word("missing", &missing, problems),
        unknown,
        message: fields.text("message", problems).map(Into::into),
        reasons,
        authorization,
        grant,
        level: fields.text("level", problems).map(Into::into),
        error,
        assumptions,
    })
}

/// By name or by position.
fn named(fields: &Fields<'_, '_>, name: &'static str, problems: &mut Problems<'_>) -> Option<ExpectedStatement> {
    let written = fields.get(name)?;
    let named = match &written.kind {
        Kind::String(name) => Some(ExpectedStatement::Sid(name.clone())),
        Kind::Number(number) => number.parse().ok().map(ExpectedStatement::Index),
        _ => None,
    };
    if named.is_none() {
        fields.invalid(
            name,
            "a statement is named by its `Sid` or its position, from 0; a grant by its id or position".into(),
            problems,
        );
    }
    named
}

impl Expectation {
    /// All that came out other than expected; nothing if all is as it should be.
    #[must_use]
    pub fn mismatches(&self, scenario: &Scenario, request: usize, answer: &Answer) -> Vec<Mismatch> {
        let mut mismatches = Vec::new();
        let mut check = |what, expected: Option<String>, found: String| {
            if let Some(expected) = expected.filter(|expected| *expected != found) {
                mismatches.push(Mismatch { what, expected, found });
            }
        };
        let Some(asked) = scenario.requests.get(request).map(|case| &case.request) else { return mismatches };
        let (Some(deciding), Some(decided)) =
            (asked.authorizations.get(answer.deciding), answer.authorizations.get(answer.deciding))
        else {
            return mismatches;
        };
        let word = |kind| POLICY_TYPES.iter().find(|(_, other)| *other == kind).map_or("", |(word, _)| word);
        let (by, statement, missing) = match answer.decision {
            Decision::Allowed { by: AllowedBy::KeyPolicy { statement, .. } } => {
                (Some(PolicyType::KeyPolicy), Some(statement), None)
            }
            Decision::Allowed { by: AllowedBy::IdentityPolicy { statement } } => {
                (Some(PolicyType::IdentityPolicy), Some(statement), None)
            }
            Decision::Allowed { by: AllowedBy::Grant { .. } } => (Some(PolicyType::Grant), None, None),
            Decision::ExplicitDeny { policy_type, by } => (Some(policy_type), Some(by), None),
            Decision::ImplicitDeny { missing } => (None, None, Some(missing)),
            Decision::Allowed { by: AllowedBy::RootUser } | Decision::Undetermined { .. } => (None, None, None),
        };
        let decision = DecisionName::from(answer.decision);
        check("decision", Some(self.decision.as_str().into()), decision.as_str().into());
        check("by", self.by.map(|by| word(by).into()), by.map_or("nobody", word).into());
        let expected = self.statement.as_ref().map(ExpectedStatement::to_string);
        let by_index = matches!(self.statement, Some(ExpectedStatement::Index(_)));
        let found = statement.map(|id| if by_index { id.statement.to_string() } else { sid(scenario, id) });
        check("statement", expected, found.unwrap_or_else(|| "none".into()));
        let form = match answer.decision {
            Decision::Allowed { by: AllowedBy::KeyPolicy { form, .. } } => {
                FORMS.iter().find(|(_, known)| *known == form).map_or("", |(word, _)| word)
            }
            _ => "none",
        };
        let expected = self.principal.and_then(|form| FORMS.iter().find(|(_, known)| *known == form));
        check("principal", expected.map(|(word, _)| (*word).into()), form.into());
        let name = |missing| match missing {
            Missing::Policy(kind) => word(kind),
            other => MISSING.iter().find(|(_, known)| *known == other).map_or("", |(word, _)| word),
        };
        check("missing", self.missing.map(|missing| name(missing).into()), missing.map_or("nobody", name).into());
        check("unknown", self.unknown.as_deref().map(sorted), sorted(&decided.hangs_on));
        check(
            "authorization",
            self.authorization.map(|action| action.iam_name().into()),
            deciding.action.iam_name().into(),
        );
        let by_index = matches!(self.grant, Some(ExpectedStatement::Index(_)));
        let grant = match answer.decision {
            Decision::Allowed { by: AllowedBy::Grant { grant } } if by_index => grant.grant.to_string(),
            Decision::Allowed { by: AllowedBy::Grant { grant } } => {
                let grant = scenario.world.keys.get(grant.key).and_then(|key| key.grants.get(grant.grant));
                grant.and_then(|grant| grant.id.as_deref()).unwrap_or("without an id").into()
            }
            _ => "none".into(),
        };
        check("grant", self.grant.as_ref().map(ExpectedStatement::to_string), grant);
        let level = explain::silent_level(&scenario.world, asked.caller.account(), &decided.trace)
            .map_or("none", |target| &*target.id);
        check("level", self.level.as_deref().map(Into::into), level.into());
        let error = |error: Option<&str>| String::from(error.unwrap_or("none"));
        check(
            "error",
            self.error.as_ref().map(|expected| error(expected.as_deref())),
            error(answer.error.as_ref().map(|found| found.name.as_str())),
        );
        let message = answer.error.as_ref().map(|error| error.message.clone()).unwrap_or_default();
        check("message", self.message.as_deref().map(Into::into), message);
        for reason in self.reasons.iter().filter(|reason| !answer.has(**reason)) {
            mismatches.push(Mismatch {
                what: "reasons",
                expected: reason.name().into(),
                found: "not in the trace".into(),
            });
        }
        for assumption in self.assumptions.iter().filter(|assumption| !answer.assumptions.contains(assumption)) {
            mismatches.push(Mismatch {
                what: "assumptions",
                expected: assumption.name().into(),
                found: "the verdict does not rest on it".into(),
            });
        }
        mismatches
    }
}

impl fmt::Display for ExpectedStatement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sid(name) => f.write_str(name),
            Self::Index(index) => write!(f, "{index}"),
        }
    }
}

fn sorted(keys: &[Box<str>]) -> String {
    let mut keys: Vec<String> = keys.iter().map(|key| key.to_lowercase()).collect();
    keys.sort();
    keys.join(", ")
}

fn sid(scenario: &Scenario, id: StatementId) -> String {
    let statement = scenario.world.document(id.policy).and_then(|document| document.statements.get(id.statement));
    statement.and_then(|statement| statement.sid.as_deref()).map_or_else(|| format!("#{}", id.statement), Into::into)
}
