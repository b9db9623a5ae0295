use std::fmt;

use keytrace::{
    assumption::Assumption,
    catalog::{Action, KeyState},
    check::ErrorName,
    decision::{Match, PolicyType, PrincipalForm},
    evaluate::NotInPlay,
    explain::{self, policy_type},
    policy::Effect,
    request::Origin,
    trace::Reason,
};

/// Something that a scenario can be evidence of.
///
/// What an expectation can pin counts only where it is pinned: a reason that occurs in some trace, but that
/// no author foresaw, is no evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Point {
    /// An action that was asked for, as a permission of whatever operation: allowed, or denied.
    Action(Action, Verdict),
    /// An operation that is named after no action.
    Operation(&'static str, Verdict),
    /// A permission that an operation takes: the operation, which of its permissions, the action, what it is on.
    Permission(&'static str, usize, Action, &'static str),
    /// An action on a key of another account.
    AcrossAccounts(Action, Verdict),
    /// An action that a grant allowed.
    ByGrant(Action),
    /// A condition key or family, by its name in the catalog: a condition on it alone settled whether its
    /// statement applies.
    ConditionKey(&'static str, Match),
    /// Where a value of that condition key or family came from.
    Origin(&'static str, Origin),
    /// A condition operator alone settled whether its statement applies.
    Operator(Operator, Match),
    /// A "no" of a trace.
    Reason(Reason),
    /// Policies of that type allowed.
    AllowedBy(PolicyType),
    /// The root user of an account, where no key is involved.
    AllowedToRootUser,
    /// A policy of that type denied explicitly.
    DeniedBy(PolicyType),
    /// Policies of that type would have had to allow.
    Missing(PolicyType),
    /// The operation cannot be used on another account's key.
    MissingCrossAccountOperation,
    /// Caller and key are in different partitions.
    MissingSamePartition,
    /// How a statement of a key policy that settled the request named the caller.
    Form(PrincipalForm, Effect),
    /// How a grant that allowed the request named the caller.
    Grantee(PrincipalForm),
    /// Policies of that type are there, and take no part in the request.
    NotInPlay(PolicyType, NotInPlay),
    /// An assumption on which a verdict rests, at its default or switched.
    Assumption(Assumption, Reading),
    /// What became of a request in that relation of caller and resource.
    Situation(&'static str, &'static str),
    /// The error that the caller gets.
    Error(ErrorName),
    /// A key in that state.
    KeyState(KeyState),
    /// A cell of AWS's table of key states: action, column, and the footnote that applied; none for success.
    KeyStateCell(Action, KeyState, Option<&'static str>),
    /// A check of a grant, by name. Failed or open: it alone kept the grant from allowing.
    GrantCheck(&'static str, Match),
}

/// Whether a request was allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// It was.
    Allowed,
    /// It was not, explicitly or implicitly.
    Denied,
}

/// Which reading of an assumption.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reading {
    /// The first.
    Default,
    /// The other.
    Switched,
}

/// A condition operator as a policy writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Operator {
    /// `StringLike`
    pub plain: &'static str,
    /// `ForAnyValue`, or nothing.
    pub set: &'static str,
    /// Whether `IfExists` stands behind it.
    pub if_exists: bool,
}

impl Operator {
    /// Every condition operator of the policy language without set operator and `IfExists`.
    ///
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>
    #[rustfmt::skip] // A list: a family a line or two.
    pub const PLAIN: &'static [&'static str] = &[
        "StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike",
        "NumericEquals", "NumericNotEquals",
        "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals",
        "DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals",
        "Bool", "BinaryEquals", "IpAddress", "NotIpAddress",
        "ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike",
        "Null",
    ];

    /// What can stand before an operator.
    pub const SETS: &'static [&'static str] = &["", "ForAllValues", "ForAnyValue"];

    /// Takes the name of an operator apart; `None` if there is no such operator.
    #[must_use]
    pub fn named(written: &str) -> Option<Self> {
        let (set, rest) = written.split_once(':').unwrap_or(("", written));
        let (plain, if_exists) = rest.strip_suffix("IfExists").map_or((rest, false), |plain| (plain, true));
        let known = |names: &[&'static str], name: &str| names.iter().copied().find(|known| *known == name);
        Some(Self { plain: known(Self::PLAIN, plain)?, set: known(Self::SETS, set)?, if_exists })
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let colon = if self.set.is_empty() { "" } else { ":" };
        let if_exists = if self.if_exists { "IfExists" } else { "" };
        write!(f, "{}{colon}{}{if_exists}", self.set, self.plain)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Allowed => "allowed",
            Self::Denied => "denied",
        })
    }
}

/// As the list of what no scenario reaches prints it.
impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let outcome = |outcome: &Match| match outcome {
            Match::Yes => "holds",
            Match::No => "does not hold",
            Match::Depends => "depends",
        };
        match self {
            Self::Action(action, verdict) => write!(f, "{} {verdict}", action.iam_name()),
            Self::Operation(name, verdict) => write!(f, "{name} {verdict}"),
            Self::Permission(operation, _, action, on) => write!(f, "{operation} takes {} on {on}", action.iam_name()),
            Self::AcrossAccounts(action, verdict) => write!(f, "{} across accounts {verdict}", action.iam_name()),
            Self::ByGrant(action) => write!(f, "{} allowed by a grant", action.iam_name()),
            Self::ConditionKey(name, held) => write!(f, "condition key {name} {}", outcome(held)),
            Self::Origin(name, origin) => write!(f, "condition key {name} from {origin:?}"),
            Self::Operator(operator, held) => write!(f, "operator {operator} {}", outcome(held)),
            Self::Reason(reason) => write!(f, "reason {}", reason.name()),
            Self::AllowedBy(kind) => write!(f, "allowed by {}", policy_type(*kind)),
            Self::AllowedToRootUser => f.write_str("allowed to the root user"),
            Self::DeniedBy(kind) => write!(f, "explicitly denied by {}", policy_type(*kind)),
            Self::Missing(kind) => write!(f, "missing {}", policy_type(*kind)),
            Self::MissingCrossAccountOperation => f.write_str("missing cross-account operation"),
            Self::MissingSamePartition => f.write_str("missing same partition"),
            Self::Form(form, effect) => write!(f, "{effect:?} in a key policy for {}", explain::form(*form)),
            Self::Grantee(form) => write!(f, "grant for {}", explain::form(*form)),
            Self::NotInPlay(kind, why) => write!(f, "{}: {}", policy_type(*kind), explain::not_in_play(*why)),
            Self::Assumption(assumption, reading) => write!(f, "assumption {} {reading:?}", assumption.name()),
            Self::Situation(relation, decision) => write!(f, "{relation}: {decision}"),
            Self::Error(error) => write!(f, "error {error}"),
            Self::KeyState(state) => write!(f, "key state {}", state.name()),
            Self::KeyStateCell(action, column, footnote) => {
                write!(f, "{} on a key in state {}: [{}]", action.name(), column.name(), footnote.unwrap_or("succeeds"))
            }
            Self::GrantCheck(check, held) => write!(f, "grant check {check} {}", outcome(held)),
        }
    }
}
