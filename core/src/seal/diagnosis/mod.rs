//! Why a ciphertext does not open. This is for the person who debugs, who has the world at hand; the caller of
//! `Decrypt` gets an [`OpenError`](super::OpenError) and nothing else.

mod difference;
mod guess;

pub use difference::{Difference, Unlike};

use alloc::{collections::BTreeSet, vec::Vec};
use core::fmt;

use super::{Blob, BlobError, EncryptionContext, KeyMaterial, KeyMaterialId, MessageKeys};
use crate::arn::KeyArn;

/// What a caller of `Decrypt` gave.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    /// `CiphertextBlob`
    pub ciphertext: &'a [u8],
    /// `KeyId`, if it was given, as the ARN of the key.
    pub key: Option<&'a KeyArn>,
    /// `EncryptionContext`
    pub context: &'a EncryptionContext,
}

/// What is at hand to find out the cause. The less there is, the less can be said.
#[derive(Clone, Copy, Debug, Default)]
pub struct Evidence<'a> {
    /// The key material that the blob names.
    pub material: Option<&'a KeyMaterial>,
    /// The encryption context under which the blob was sealed, where somebody kept a record of that by
    /// [`Blob::seal_id`].
    pub sealed_under: Option<&'a EncryptionContext>,
    /// Encryption contexts that were seen elsewhere, the likeliest first. A blob has only a commitment to its
    /// own, so that is found by trying.
    pub known_contexts: &'a [&'a EncryptionContext],
}

/// Why a ciphertext does not open.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// Nothing is wrong with it: it opens.
    Opens,
    /// It is no ciphertext blob of Keytrace.
    Malformed(BlobError),
    /// The caller named another key than the one that sealed it.
    IncorrectKey {
        /// The key that sealed it.
        sealed_by: KeyArn,
    },
    /// The key material that sealed it is not at hand.
    NoKeyMaterial {
        /// The key that the blob names.
        key: KeyArn,
        /// The key material that the blob names.
        id: KeyMaterialId,
    },
    /// It was sealed under another encryption context.
    EncryptionContext {
        /// That encryption context.
        sealed_under: EncryptionContext,
        /// How what was given differs from it: at least in one thing.
        differences: Vec<Difference>,
    },
    /// Key, key material and encryption context are right; this part of the blob is not what was sealed.
    Damaged(Part),
    /// It was sealed under an encryption context that nobody here knows, or its header is damaged. Nothing tells
    /// one from the other.
    UnknownEncryptionContext,
}

/// A part of a ciphertext blob.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Key ARN, nonce or initialization vector.
    Header,
    /// The commitment.
    Commitment,
    /// The ciphertext or its tag.
    Ciphertext,
}

/// Finds out why a ciphertext does not open.
///
/// Where no record says under which encryption context it was sealed, up to 2,000 are tried: those that are
/// known, then what was given with a pair left out, added, or in another case.
///
/// ```
/// use keytrace::seal::{Attempt, Cause, Difference, EncryptionContext, Evidence, KeyMaterial, diagnose, seal};
/// # use keytrace::{arn::KeyArn, random::{Random, RandomError}};
/// # struct Source(u8);
/// # impl Random for Source {
/// #     fn fill(&mut self, bytes: &mut [u8]) -> Result<(), RandomError> {
/// #         bytes.iter_mut().for_each(|byte| { self.0 = self.0.wrapping_add(1); *byte = self.0 });
/// #         Ok(())
/// #     }
/// # }
/// # let mut random = Source(0);
/// # let key = KeyArn::parse("arn:aws:kms:us-east-1:111122223333:key/1234abcd").unwrap();
/// let material = KeyMaterial::generate(&key, &mut random).unwrap();
/// let sealed_under = EncryptionContext::from_pairs([("tenant", "a"), ("stage", "prod")]).unwrap();
/// let ciphertext = seal(&material, &sealed_under, b"secret", &mut random).unwrap();
///
/// let context = EncryptionContext::from_pairs([("Tenant", "a"), ("stage", "prod")]).unwrap();
/// let attempt = Attempt { ciphertext: &ciphertext, key: None, context: &context };
/// let cause = diagnose(&attempt, &Evidence { material: Some(&material), ..Evidence::default() });
/// let Cause::EncryptionContext { differences, .. } = cause else { panic!("{cause}") };
/// assert_eq!(differences.len(), 1);
/// assert_eq!(differences[0].to_string(), "the key is `tenant`, not `Tenant`: case counts");
/// ```
#[must_use]
pub fn diagnose(attempt: &Attempt<'_>, evidence: &Evidence<'_>) -> Cause {
    let blob = match Blob::parse(attempt.ciphertext) {
        Ok(blob) => blob,
        Err(error) => return Cause::Malformed(error),
    };
    if attempt.key.is_some_and(|key| !blob.is_of(key)) {
        return Cause::IncorrectKey { sealed_by: blob.key().clone() };
    }
    let Some(material) = evidence.material.filter(|material| material.id() == blob.key_material_id()) else {
        return Cause::NoKeyMaterial { key: blob.key().clone(), id: blob.key_material_id() };
    };
    let bench = Bench { blob: &blob, material };
    if let Some(cause) = bench.with_the_right_context(attempt.context) {
        return cause;
    }
    let differs = |sealed_under: &EncryptionContext| Cause::EncryptionContext {
        differences: difference::between(sealed_under, attempt.context),
        sealed_under: sealed_under.clone(),
    };
    match evidence.sealed_under {
        // The record speaks of this blob: its context was the right one, whatever became of the blob since.
        Some(recorded) => match bench.with_the_right_context(recorded) {
            Some(Cause::Opens) => differs(recorded),
            Some(damage) => damage,
            None => Cause::Damaged(Part::Header),
        },
        None => {
            let found = bench.search(attempt.context, evidence.known_contexts);
            found.map_or(Cause::UnknownEncryptionContext, |found| differs(&found))
        }
    }
}

/// A blob and the material that it names.
struct Bench<'a> {
    blob: &'a Blob<'a>,
    material: &'a KeyMaterial,
}

/// How much is tried: encryption contexts, and bytes of all of them together.
const MOST_TRIED: usize = 2000;
const MOST_BYTES_TRIED: usize = 8 << 20;

impl Bench<'_> {
    /// What is wrong with the blob if this is its encryption context. Its key is derived from the header and the
    /// context, so that one thing suffices to show that both are right: the commitment or the tag.
    fn with_the_right_context(&self, context: &EncryptionContext) -> Option<Cause> {
        let aad = context.aad();
        let keys = MessageKeys::derive(self.material, self.blob.header(), &aad);
        match (keys.are_committed_to(self.blob), keys.decrypt(self.blob, &aad).is_ok()) {
            (true, true) => Some(Cause::Opens),
            (true, false) => Some(Cause::Damaged(Part::Ciphertext)),
            (false, true) => Some(Cause::Damaged(Part::Commitment)),
            (false, false) => None,
        }
    }

    fn search(&self, given: &EncryptionContext, known: &[&EncryptionContext]) -> Option<EncryptionContext> {
        let mut tried = BTreeSet::new();
        let mut bytes = 0usize;
        let known_ones = known.iter().map(|context| (*context).clone());
        for candidate in known_ones.chain(guess::near(given, known)) {
            let aad = candidate.aad();
            bytes = bytes.saturating_add(aad.len());
            if tried.len() >= MOST_TRIED || bytes > MOST_BYTES_TRIED {
                break;
            }
            if candidate != *given && self.commits_to(&aad) {
                return Some(candidate);
            }
            tried.insert(candidate);
        }
        None
    }

    fn commits_to(&self, aad: &[u8]) -> bool {
        MessageKeys::derive(self.material, self.blob.header(), aad).are_committed_to(self.blob)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Opens => f.write_str("nothing is wrong with the ciphertext: it opens"),
            Self::Malformed(error) => error.fmt(f),
            Self::IncorrectKey { sealed_by } => {
                write!(f, "another key sealed it than the one that the request names: {}", sealed_by.as_str())
            }
            Self::NoKeyMaterial { key, id } => {
                write!(f, "{} sealed it with key material {id}, which is not here", key.as_str())
            }
            Self::EncryptionContext { differences, .. } => {
                f.write_str("it was sealed under another encryption context: ")?;
                for (index, difference) in differences.iter().enumerate() {
                    write!(f, "{}{difference}", if index == 0 { "" } else { "; " })?;
                }
                Ok(())
            }
            Self::Damaged(part) => {
                let part = match part {
                    Part::Header => "header",
                    Part::Commitment => "commitment",
                    Part::Ciphertext => "ciphertext or its tag",
                };
                write!(f, "key and encryption context are right, but the ciphertext blob is damaged: its {part} was changed")
            }
            Self::UnknownEncryptionContext => f.write_str(
                "it was sealed under an encryption context that is not known here, or the header of the ciphertext blob \
                 is damaged",
            ),
        }
    }
}

#[cfg(test)]
mod tests;
