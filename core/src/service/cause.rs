use core::fmt;

use crate::{catalog::KeyState, seal};

/// Why a call was refused, for the person who debugs. The caller gets AWS's error and nothing else, as some of this
/// would help somebody who should not decrypt.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// The caller is not authorized. The trace says why.
    NotAuthorized,
    /// The caller is authorized, but the key is in a state that does not allow it.
    KeyState(KeyState),
    /// The caller is authorized and the key is in order, but the ciphertext does not open.
    Ciphertext(seal::Cause),
    /// Nothing tells which key the ciphertext is of, so that nobody could be authorized.
    UnreadableCiphertext(seal::Cause),
    /// KMS does not do what is asked: its error says why.
    Request,
    /// The call would have succeeded. It was a dry run.
    DryRun,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let authorized = "the caller is authorized";
        match self {
            Self::NotAuthorized => f.write_str("the caller is not authorized; the trace says why"),
            Self::KeyState(state) => {
                let why = match state {
                    KeyState::Enabled => "the key is enabled, and the operation needs another state",
                    KeyState::Disabled => "the key is disabled; `EnableKey` makes it usable",
                    KeyState::PendingDeletion | KeyState::PendingReplicaDeletion => {
                        "the key is pending deletion; `CancelKeyDeletion` and then `EnableKey` make it usable"
                    }
                    KeyState::PendingImport => {
                        "the key has no key material, or some of it is missing; `ImportKeyMaterial` makes it usable"
                    }
                    KeyState::Unavailable => "the key's custom key store is not available",
                    KeyState::Creating => "the key is still being created, which is over when the clock moves on",
                    KeyState::Updating => {
                        "the primary Region of the key is being changed, which is over when the clock moves on"
                    }
                };
                write!(f, "{authorized}, but {why}")
            }
            Self::Ciphertext(cause) => write!(f, "{authorized}, but {cause}"),
            Self::UnreadableCiphertext(cause) => write!(f, "nothing tells which key the ciphertext is of: {cause}"),
            Self::Request => f.write_str("KMS does not do what is asked; its error says why"),
            Self::DryRun => write!(f, "{authorized}, and the call would have succeeded; it was a dry run"),
        }
    }
}
