use alloc::{boxed::Box, vec::Vec};
use core::fmt;

use crate::seal::EncryptionContext;

/// One thing in which an encryption context differs from the one that a ciphertext was sealed under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// A pair was not given.
    Missing {
        /// Its key.
        key: Box<str>,
        /// Its value.
        value: Box<str>,
    },
    /// A pair was given that does not belong there.
    Extra {
        /// Its key.
        key: Box<str>,
        /// Its value.
        value: Box<str>,
    },
    /// A key was given with another value.
    Value {
        /// The key.
        key: Box<str>,
        /// The value that it was sealed with.
        sealed: Box<str>,
        /// The value that was given.
        given: Box<str>,
        /// How the two are unlike.
        unlike: Unlike,
    },
    /// A key was given that is nearly the right one. Its value is right, or has a [`Difference::Value`] of its own.
    Key {
        /// The key that it was sealed with.
        sealed: Box<str>,
        /// The key that was given.
        given: Box<str>,
        /// How the two are unlike.
        unlike: Unlike,
    },
}

/// How two texts are unlike that have to be the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unlike {
    /// Only in the case of letters.
    Case,
    /// Only in white space before or behind.
    Space,
    /// In more than that.
    Otherwise,
}

impl Unlike {
    fn of(one: &str, other: &str) -> Self {
        let lower = |text: &str| text.to_lowercase();
        if lower(one) == lower(other) {
            Self::Case
        } else if one.trim() == other.trim() {
            Self::Space
        } else {
            Self::Otherwise
        }
    }
}

/// In what a given encryption context differs from the right one, in the order of the keys of the right one; what
/// is extra comes last. Empty only if they are the same.
pub(super) fn between(sealed: &EncryptionContext, given: &EncryptionContext) -> Vec<Difference> {
    let mut differences = Vec::new();
    let mut strangers: Vec<(&str, &str)> = given.iter().filter(|(key, _)| sealed.get(key).is_none()).collect();
    for (key, value) in sealed.iter() {
        let found = match given.get(key) {
            Some(found) => found,
            None => {
                let near = |(other, _): &(&str, &str)| Unlike::of(key, other) != Unlike::Otherwise;
                let Some(position) = strangers.iter().position(near) else {
                    differences.push(Difference::Missing { key: key.into(), value: value.into() });
                    continue;
                };
                let (other, found) = strangers.remove(position);
                let unlike = Unlike::of(key, other);
                differences.push(Difference::Key { sealed: key.into(), given: other.into(), unlike });
                found
            }
        };
        if found != value {
            let unlike = Unlike::of(value, found);
            differences.push(Difference::Value { key: key.into(), sealed: value.into(), given: found.into(), unlike });
        }
    }
    let extra = |(key, value): (&str, &str)| Difference::Extra { key: key.into(), value: value.into() };
    differences.extend(strangers.into_iter().map(extra));
    differences
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { key, value } => write!(f, "the pair `{key}` = `{value}` is missing"),
            Self::Extra { key, value } => write!(f, "the pair `{key}` = `{value}` does not belong there"),
            Self::Value { key, sealed, given, unlike } => {
                write!(f, "the value of `{key}` is `{sealed}`, not `{given}`")?;
                hint(f, *unlike, sealed, given)
            }
            Self::Key { sealed, given, unlike } => {
                write!(f, "the key is `{sealed}`, not `{given}`")?;
                hint(f, *unlike, sealed, given)
            }
        }
    }
}

fn hint(f: &mut fmt::Formatter<'_>, unlike: Unlike, sealed: &str, given: &str) -> fmt::Result {
    match unlike {
        Unlike::Case => f.write_str(": case counts"),
        Unlike::Space => f.write_str(": white space counts"),
        // Characters that look alike can be written in more than one way.
        Unlike::Otherwise if !sealed.is_ascii() || !given.is_ascii() => {
            write!(f, ", that is `{}`, not `{}`", sealed.escape_default(), given.escape_default())
        }
        Unlike::Otherwise => Ok(()),
    }
}
