use core::fmt;

use super::{MAX_ENCRYPTED_DATA_KEYS, MAX_FRAME_BYTES, MAX_HEADER_BYTES};
use crate::random::RandomError;

/// Why data were not sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SealError {
    /// Frames have 1 byte to [`MAX_FRAME_BYTES`].
    FrameLength {
        /// How many were asked for.
        bytes: u32,
    },
    /// There are 1 to [`MAX_ENCRYPTED_DATA_KEYS`] encrypted data keys, none of whose parts has more than 65,535 bytes.
    EncryptedDataKeys,
    /// The header would be longer than [`MAX_HEADER_BYTES`].
    HeaderLength {
        /// How long it would be.
        bytes: usize,
    },
    /// There are more than 2^32 - 1 frames. Longer frames take more data.
    TooManyFrames,
    /// There are no random bytes.
    Random(RandomError),
}

impl From<RandomError> for SealError {
    fn from(error: RandomError) -> Self {
        Self::Random(error)
    }
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FrameLength { bytes } => write!(f, "a frame has 1 to {MAX_FRAME_BYTES} bytes, not {bytes}"),
            Self::EncryptedDataKeys => write!(
                f,
                "a message has 1 to {MAX_ENCRYPTED_DATA_KEYS} encrypted data keys, no part of which is longer than 65535 bytes"
            ),
            Self::HeaderLength { bytes } => {
                write!(f, "the header takes {bytes} bytes; at most {MAX_HEADER_BYTES} are possible")
            }
            Self::TooManyFrames => {
                f.write_str("there are more data than 4294967295 frames hold: make the frames longer")
            }
            Self::Random(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for SealError {}

/// Why a message was not opened.
///
/// What depends on a key is told in one way, [`Invalid`](Self::Invalid); everything else can be seen without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OpenError {
    /// It is no message in the format of the AWS Encryption SDK, or it is damaged.
    Malformed,
    /// It is a message of that format with a version, algorithm suite or content type that is not opened here.
    Unsupported {
        /// The version of the message format, 1 or 2.
        version: u8,
        /// The algorithm suite, such as `0x0578`, which signs.
        suite: u16,
    },
    /// Its header is longer than [`MAX_HEADER_BYTES`], its frames than [`MAX_FRAME_BYTES`], or it has more than
    /// [`MAX_ENCRYPTED_DATA_KEYS`] encrypted data keys.
    TooLarge,
    /// It does not open: another data key, or something was changed. Which of these is not told.
    Invalid,
    /// Its end is missing.
    Truncated,
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed => {
                f.write_str("this is no message in the format of the AWS Encryption SDK, or it is damaged")
            }
            Self::Unsupported { version, suite } => {
                write!(f, "messages of version {version} with algorithm suite {suite:#06x} are not opened here; ")?;
                f.write_str("those of version 2 with 0x0478 are: framed, with key commitment, without signature")
            }
            Self::TooLarge => write!(
                f,
                "the message needs more memory than it may: its header has over {MAX_HEADER_BYTES} bytes, its frames over \
                 {MAX_FRAME_BYTES}, or there are over {MAX_ENCRYPTED_DATA_KEYS} encrypted data keys"
            ),
            Self::Invalid => f.write_str("the message does not open with this data key, or it is damaged"),
            Self::Truncated => f.write_str("the end of the message is missing"),
        }
    }
}

impl core::error::Error for OpenError {}
