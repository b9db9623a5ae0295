use super::Action;

/// An operation of the KMS API.
///
/// Each needs the permission of its own name, and some need others beside it; only `ReEncrypt` has no
/// permission of its own name.
///
/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_Operations.html>
///
/// ```
/// use keytrace::catalog::{Action, Operation};
///
/// assert_eq!(Operation::from_name("kms:reencrypt"), Some(Operation::ReEncrypt));
/// assert_eq!(Operation::from_name("Decrypt"), Some(Operation::Of(Action::Decrypt)));
/// assert_eq!(Operation::ReEncrypt.name(), "ReEncrypt");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// The operation that an action is named after; also one half of `ReEncrypt`, asked for by itself.
    Of(Action),
    /// `ReEncrypt`, which needs [`Action::ReEncryptFrom`] and [`Action::ReEncryptTo`].
    ReEncrypt,
}

impl Operation {
    /// The operation of that name, with or without `kms:`, in any case.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let bare = name.rsplit_once(':').map_or(name, |(_, bare)| bare);
        match Action::from_name(name) {
            Some(action) => Some(Self::Of(action)),
            None if bare.eq_ignore_ascii_case("ReEncrypt") => Some(Self::ReEncrypt),
            None => None,
        }
    }

    /// Its name: `Decrypt`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Of(action) => action.name(),
            Self::ReEncrypt => "ReEncrypt",
        }
    }

    /// The AWS page that describes it.
    #[must_use]
    pub const fn page(self) -> &'static str {
        match self {
            Self::Of(action) => action.page(),
            Self::ReEncrypt => Action::ReEncryptFrom.page(),
        }
    }
}
