use alloc::{boxed::Box, vec::Vec};

use super::{ContextValue, Request};
use crate::catalog::Action;

/// The encryption context that a request carries, as the constraints of a grant see it: with the case of
/// its names.
///
/// <https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html>
#[derive(Clone, Debug, Default)]
pub struct RequestedEncryptionContext {
    /// Its pairs. What nobody knows may be there with any value, or not at all.
    pub pairs: Vec<(Box<str>, ContextValue)>,
    /// Whether nobody knows which pairs there are.
    pub open: bool,
}

/// The parameter that holds the encryption context of an action: each half of `ReEncrypt` has its own.
pub(super) const fn parameter_of(action: Action) -> &'static str {
    match action {
        Action::ReEncryptFrom => "SourceEncryptionContext",
        Action::ReEncryptTo => "DestinationEncryptionContext",
        _ => "EncryptionContext",
    }
}

const FAMILY: &str = "kms:EncryptionContext:";

impl Request {
    /// The encryption context that an action's key sees: the parameter; without one, what was given by hand.
    #[must_use]
    pub fn encryption_context(&self, action: Action) -> RequestedEncryptionContext {
        let name = parameter_of(action);
        let mut requested = RequestedEncryptionContext::default();
        if self.parameter(name).is_some() {
            let pairs = self.pairs(name).iter();
            requested.pairs = pairs.map(|(name, value)| (name.clone(), ContextValue::one(value.clone()))).collect();
            return requested;
        }
        for (key, value) in &self.given {
            if key.eq_ignore_ascii_case("kms:EncryptionContextKeys") {
                requested.open = *value == ContextValue::Unknown;
            }
            let Some((prefix, name)) = key.split_at_checked(FAMILY.len()) else { continue };
            if prefix.eq_ignore_ascii_case(FAMILY) && !name.is_empty() && *value != ContextValue::Absent {
                requested.pairs.push((name.into(), value.clone()));
            }
        }
        requested
    }
}
