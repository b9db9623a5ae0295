//! How a verdict and the signs of a trace look: a word, a shape and a colour each.

use keytrace::{
    Answer,
    decision::Decision,
    explain::{NodeKind, Sign},
};

use crate::components::Icon;

/// The last part of the class names that colour a verdict.
pub const fn class_of_verdict(answer: &Answer) -> &'static str {
    match (answer.decision, &answer.error) {
        (Decision::Allowed { .. }, None) => "allowed",
        (Decision::Allowed { .. }, Some(_)) => "fails",
        (Decision::ExplicitDeny { .. }, _) => "explicit-deny",
        (Decision::ImplicitDeny { .. }, _) => "implicit-deny",
        (Decision::Undetermined { .. }, _) => "undetermined",
    }
}

/// The shape of a verdict.
pub const fn icon_of_verdict(answer: &Answer) -> Icon {
    match (answer.decision, &answer.error) {
        (Decision::Allowed { .. }, None) => Icon::Allowed,
        (Decision::Allowed { .. }, Some(_)) => Icon::Fails,
        (Decision::ExplicitDeny { .. }, _) => Icon::ExplicitDeny,
        (Decision::ImplicitDeny { .. }, _) => Icon::ImplicitDeny,
        (Decision::Undetermined { .. }, _) => Icon::Undetermined,
    }
}

/// What heads the list of a decision's reasons.
pub const fn heading_of_reasons(decision: &Decision) -> &'static str {
    match decision {
        Decision::Allowed { .. } => "What allows it",
        Decision::ExplicitDeny { .. } | Decision::ImplicitDeny { .. } => "What stands in the way",
        Decision::Undetermined { .. } => "What it hangs on",
    }
}

/// The last part of the class names that colour a node of the trace.
pub const fn class_of_sign(sign: Sign) -> &'static str {
    match sign {
        Sign::Allows => "allows",
        Sign::Denies => "denies",
        Sign::Silent => "silent",
        Sign::Matches => "matches",
        Sign::DoesNotMatch => "does-not-match",
        Sign::Depends => "depends",
        Sign::NotApplicable => "not-applicable",
    }
}

/// A sign in a word. A permission is what is allowed or denied; all that is inside does it.
pub const fn word_of_sign(kind: NodeKind, sign: Sign) -> &'static str {
    match (sign, kind) {
        (Sign::Allows, NodeKind::Authorization) => "allowed",
        (Sign::Denies | Sign::Silent, NodeKind::Authorization) => "denied",
        (Sign::Allows, _) => "allows",
        (Sign::Denies, _) => "denies",
        (Sign::Silent, _) => "silent",
        (Sign::Matches, _) => "matches",
        (Sign::DoesNotMatch, _) => "no match",
        (Sign::Depends, _) => "depends",
        (Sign::NotApplicable, _) => "no part",
    }
}

/// The shape of a sign.
pub const fn icon_of_sign(sign: Sign) -> Icon {
    match sign {
        Sign::Allows => Icon::Allowed,
        Sign::Denies => Icon::ExplicitDeny,
        Sign::Silent => Icon::ImplicitDeny,
        Sign::Matches => Icon::Check,
        Sign::DoesNotMatch => Icon::Cross,
        Sign::Depends => Icon::Undetermined,
        Sign::NotApplicable => Icon::NotApplicable,
    }
}
