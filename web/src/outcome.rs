//! How a decision and the signs of a trace look: a word, a shape and a colour each.

use keytrace::{decision::Decision, explain::Sign};

use crate::components::Icon;

/// The last part of the class names that colour a decision.
pub const fn class_of_decision(decision: &Decision) -> &'static str {
    match decision {
        Decision::Allowed { .. } => "allowed",
        Decision::ExplicitDeny { .. } => "explicit-deny",
        Decision::ImplicitDeny { .. } => "implicit-deny",
        Decision::Undetermined { .. } => "undetermined",
    }
}

/// The shape of a decision.
pub const fn icon_of_decision(decision: &Decision) -> Icon {
    match decision {
        Decision::Allowed { .. } => Icon::Allowed,
        Decision::ExplicitDeny { .. } => Icon::ExplicitDeny,
        Decision::ImplicitDeny { .. } => Icon::ImplicitDeny,
        Decision::Undetermined { .. } => Icon::Undetermined,
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

/// A sign in a word.
pub const fn word_of_sign(sign: Sign) -> &'static str {
    match sign {
        Sign::Allows => "allows",
        Sign::Denies => "denies",
        Sign::Silent => "silent",
        Sign::Matches => "matches",
        Sign::DoesNotMatch => "no match",
        Sign::Depends => "depends",
        Sign::NotApplicable => "no part",
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
