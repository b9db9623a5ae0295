use alloc::vec::Vec;
use core::fmt;

use super::{
    KeyMaterialId, MAX_PLAINTEXT_BYTES, OpenError,
    bytes::Reader,
    foreign::Foreign,
    key_material::is_same_or_related,
    primitives::{IV_BYTES, TAG_BYTES},
};
use crate::arn::KeyArn;

/// A ciphertext blob, read but not opened: it says which key and which of its materials sealed it.
///
/// | offset | bytes | what |
/// |---|---|---|
/// | 0 | 3 | `KTC` |
/// | 3 | 1 | version, 1 |
/// | 4 | 1 | suite, 1: AES-256-GCM under a key of SP 800-108 in counter mode with HMAC-SHA-256; committed in 32 bytes |
/// | 5 | 1 | 0 |
/// | 6 | 2 | *L*, the length of the key ARN, big-endian: 1 to 512 |
/// | 8 | *L* | the key ARN |
/// | 8 + *L* | 32 | the id of the key material |
/// | 40 + *L* | 16 | the nonce that the key of this blob is derived with |
/// | 56 + *L* | 12 | the initialization vector; all up to here is the header |
/// | 68 + *L* | 32 | the commitment |
/// | 100 + *L* | *n* | the ciphertext, as long as the plaintext: 1 to 4,096 |
/// | 100 + *L* + *n* | 16 | the tag |
///
/// It is read strictly: there is one way to write what it says. This is not the format of KMS, which is not
/// published, and neither opens what the other sealed.
///
/// ```
/// use keytrace::seal::{Blob, BlobError, Foreign};
///
/// let error = Blob::parse(b"AQICAHhm8ubTtN8MmCsqcgHGI0Z7dGXbRKZ7HPnLfVCv").unwrap_err();
/// assert_eq!(error, BlobError::Foreign(Foreign::Base64OfAwsKmsCiphertext));
/// ```
#[derive(Clone, Debug)]
pub struct Blob<'a> {
    key: KeyArn,
    key_material_id: KeyMaterialId,
    header: &'a [u8],
    nonces: Nonces,
    commitment: &'a [u8; COMMITMENT_BYTES],
    ciphertext: &'a [u8],
    tag: &'a [u8; TAG_BYTES],
}

/// The longest ciphertext blob that `Decrypt` takes, in bytes. No blob of Keytrace is longer.
///
/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html#KMS-Decrypt-request-CiphertextBlob>
pub const MAX_BLOB_BYTES: usize = 6144;

/// The longest key ARN that a blob holds, in bytes.
pub const MAX_KEY_ARN_BYTES: usize = 512;

pub(super) const COMMITMENT_BYTES: usize = 32;
const MAGIC: &[u8; 3] = b"KTC";
const VERSION: u8 = 1;
const SUITE: u8 = 1;

/// What no two seals share: the nonce of the derivation and the initialization vector of AES-GCM.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Nonces(pub(super) [u8; 16 + IV_BYTES]);

impl Nonces {
    #[rustfmt::skip]
    pub(super) const fn iv(&self) -> &[u8; IV_BYTES] {
        // The nonce has 16 bytes; what is behind them is left.
        let [_, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, iv @ ..] = &self.0;
        iv
    }
}

/// Everything of a blob up to its commitment.
pub(super) fn header(key: &KeyArn, material: KeyMaterialId, nonces: &Nonces) -> Option<Vec<u8>> {
    let arn = key.as_str().as_bytes();
    let length = u16::try_from(arn.len()).ok().filter(|_| arn.len() <= MAX_KEY_ARN_BYTES)?;
    let [high, low] = length.to_be_bytes();
    Some([&MAGIC[..], &[VERSION, SUITE, 0, high, low], arn, material.as_bytes(), &nonces.0].concat())
}

impl<'a> Blob<'a> {
    /// Reads a ciphertext blob.
    ///
    /// # Errors
    ///
    /// When it is none of Keytrace's. The error is for the person who debugs; to a caller of KMS it is an
    /// [`OpenError::InvalidCiphertext`] like any other, which it turns into.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, BlobError> {
        let mut reader = Reader::new(bytes);
        if bytes.is_empty() {
            return Err(BlobError::Empty);
        }
        if reader.array() != Some(*MAGIC) {
            return Err(Foreign::recognise(bytes).map_or(BlobError::NotABlob, BlobError::Foreign));
        }
        let truncated = BlobError::Truncated;
        match reader.array().ok_or(truncated)? {
            [VERSION, SUITE, 0] => {}
            [version, suite, _] => return Err(BlobError::UnknownVersion { version, suite }),
        }
        let arn = reader.counted().ok_or(truncated)?;
        let arn = core::str::from_utf8(arn).ok().filter(|arn| arn.len() <= MAX_KEY_ARN_BYTES);
        let key = arn.and_then(KeyArn::parse).ok_or(BlobError::NoKeyArn)?;
        let key_material_id = KeyMaterialId::from_bytes(reader.array().ok_or(truncated)?);
        let nonces = Nonces(reader.array().ok_or(truncated)?);
        let header = bytes.get(..bytes.len() - reader.left()).ok_or(truncated)?;
        let commitment = reader.take(COMMITMENT_BYTES).and_then(|taken| taken.try_into().ok()).ok_or(truncated)?;
        let length = reader.left().checked_sub(TAG_BYTES).filter(|length| *length > 0).ok_or(truncated)?;
        if length > MAX_PLAINTEXT_BYTES {
            return Err(BlobError::TooLong);
        }
        let ciphertext = reader.take(length).ok_or(truncated)?;
        let tag = reader.take(TAG_BYTES).and_then(|taken| taken.try_into().ok()).ok_or(truncated)?;
        Ok(Self { key, key_material_id, header, nonces, commitment, ciphertext, tag })
    }

    /// The key that sealed it, so that `Decrypt` needs no `KeyId`.
    #[must_use]
    pub const fn key(&self) -> &KeyArn {
        &self.key
    }

    /// Which material of that key sealed it, so that it still opens after a rotation.
    #[must_use]
    pub const fn key_material_id(&self) -> KeyMaterialId {
        self.key_material_id
    }

    /// Names the act of sealing: 28 random bytes that no other blob has. Nothing in them is secret.
    #[must_use]
    pub const fn seal_id(&self) -> [u8; 28] {
        self.nonces.0
    }

    /// How many bytes were sealed. Encryption does not hide it.
    #[must_use]
    pub const fn plaintext_bytes(&self) -> usize {
        self.ciphertext.len()
    }

    /// Whether this key can open it: it sealed it, or is a multi-Region key that is related to the one that did.
    #[must_use]
    pub fn is_of(&self, key: &KeyArn) -> bool {
        is_same_or_related(&self.key, key)
    }

    /// What `Decrypt` and `ReEncrypt` check when the caller names a key.
    ///
    /// # Errors
    ///
    /// [`OpenError::IncorrectKey`], if another key sealed it.
    pub fn require_key(&self, key: &KeyArn) -> Result<(), OpenError> {
        if self.is_of(key) { Ok(()) } else { Err(OpenError::IncorrectKey) }
    }

    pub(super) const fn header(&self) -> &'a [u8] {
        self.header
    }

    pub(super) const fn iv(&self) -> &[u8; IV_BYTES] {
        self.nonces.iv()
    }

    pub(super) const fn commitment(&self) -> &'a [u8; COMMITMENT_BYTES] {
        self.commitment
    }

    pub(super) const fn ciphertext(&self) -> &'a [u8] {
        self.ciphertext
    }

    pub(super) const fn tag(&self) -> &'a [u8; TAG_BYTES] {
        self.tag
    }
}

/// Why bytes are no ciphertext blob of Keytrace. For the person who debugs: a caller of KMS never learns it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BlobError {
    /// There are no bytes.
    Empty,
    /// It begins like nothing that is known here.
    NotABlob,
    /// It is something else that people have at hand.
    Foreign(Foreign),
    /// It is of a version or suite that this version of Keytrace does not know.
    UnknownVersion {
        /// The version that it names.
        version: u8,
        /// The suite that it names.
        suite: u8,
    },
    /// Its end is missing.
    Truncated,
    /// It is longer than a plaintext of 4,096 bytes explains.
    TooLong,
    /// It names no key.
    NoKeyArn,
}

impl From<BlobError> for OpenError {
    fn from(_: BlobError) -> Self {
        Self::InvalidCiphertext
    }
}

impl fmt::Display for BlobError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the ciphertext is empty"),
            Self::NotABlob => f.write_str("this is no ciphertext blob of Keytrace"),
            Self::Foreign(foreign) => write!(f, "this is no ciphertext blob of Keytrace but {foreign}"),
            Self::UnknownVersion { version, suite } => write!(
                f,
                "this ciphertext blob is of version {version} and suite {suite}, of which this version of Keytrace knows \
                 nothing; or it is damaged"
            ),
            Self::Truncated => f.write_str("the end of this ciphertext blob is missing"),
            Self::TooLong => f.write_str("something follows this ciphertext blob, or it is damaged"),
            Self::NoKeyArn => f.write_str("this ciphertext blob names no key: it is damaged"),
        }
    }
}

impl core::error::Error for BlobError {}
