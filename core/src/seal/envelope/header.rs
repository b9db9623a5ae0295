use alloc::{borrow::ToOwned, vec::Vec};

use super::{
    EncryptedDataKey, MAX_FRAME_BYTES, OpenError, SealError,
    data_key::{DataKey, MessageKey},
};
use crate::{
    random::{Random, draw},
    seal::{
        EncryptionContext,
        bytes::Reader,
        primitives::{IV_BYTES, TAG_BYTES},
    },
};

/// The header of a message: all that is needed to get at its data key.
///
/// | bytes | what |
/// |---|---|
/// | 1 | version, 2 |
/// | 2 | algorithm suite, `04 78` |
/// | 32 | message id, random |
/// | 2, *n* | encryption context, behind its length |
/// | 2 | number of encrypted data keys; of each of them, |
/// | 2, *n* | the key provider id, behind its length |
/// | 2, *n* | the key provider information, behind its length |
/// | 2, *n* | the ciphertext, behind its length |
/// | 1 | content type, 2: in frames |
/// | 4 | bytes of plaintext in a frame |
/// | 32 | commitment to the data key |
/// | 16 | tag of all of the above |
///
/// <https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/message-format.html#header-structure>
#[derive(Clone, Debug)]
pub struct Header {
    /// All of it but the tag.
    bytes: Vec<u8>,
    pub(super) message_id: [u8; 32],
    context: EncryptionContext,
    encrypted_data_keys: Vec<EncryptedDataKey>,
    pub(super) frame_bytes: u32,
    commitment: [u8; 32],
    tag: [u8; TAG_BYTES],
}

/// The longest header that is read or written, in bytes: 1 MiB.
pub const MAX_HEADER_BYTES: usize = 1 << 20;

/// How many encrypted data keys a message may have.
pub const MAX_ENCRYPTED_DATA_KEYS: usize = 64;

pub(super) const SUITE: [u8; 2] = [0x04, 0x78];
const VERSION: u8 = 2;
const FRAMED: u8 = 2;
/// Frames have numbers from 1, so that no frame has it too.
const HEADER_IV: [u8; IV_BYTES] = [0; IV_BYTES];

impl Header {
    /// Reads the header of a message that is there from its start: the header, and how many bytes it takes. `None`
    /// if it goes on behind these bytes; [`HeaderReader`] is for such.
    ///
    /// # Errors
    ///
    /// When it is no header that can be opened here. Nothing that is told here depends on a key.
    pub fn read(message: &[u8]) -> Result<Option<(Self, usize)>, OpenError> {
        match read(message) {
            Ok(read) => Ok(Some(read)),
            Err(Unread::TooFew { enough }) if enough <= MAX_HEADER_BYTES => Ok(None),
            Err(Unread::TooFew { .. }) => Err(OpenError::TooLarge),
            Err(Unread::No(error)) => Err(error),
        }
    }

    /// The encryption context. It is authentic once an [`Opener`](super::Opener) was made of this header; whether
    /// it is the one that you expect is yours to check.
    #[must_use]
    pub const fn encryption_context(&self) -> &EncryptionContext {
        &self.context
    }

    /// The data key, each time encrypted by somebody else.
    #[must_use]
    pub fn encrypted_data_keys(&self) -> &[EncryptedDataKey] {
        &self.encrypted_data_keys
    }

    /// How many bytes of plaintext a frame has.
    #[must_use]
    pub const fn frame_bytes(&self) -> u32 {
        self.frame_bytes
    }

    /// A new header, as bytes with its tag, with the key of its message.
    pub(super) fn write(
        data_key: &DataKey,
        encrypted_data_keys: &[EncryptedDataKey],
        context: &EncryptionContext,
        frame_bytes: u32,
        random: &mut dyn Random,
    ) -> Result<(Vec<u8>, MessageKey, [u8; 32]), SealError> {
        let count = encrypted_data_keys.len();
        if count == 0 || count > MAX_ENCRYPTED_DATA_KEYS {
            return Err(SealError::EncryptedDataKeys);
        }
        let mut message_id = [0; 32];
        draw(&mut message_id, random)?;
        let key = MessageKey::derive(data_key, &message_id);

        let mut bytes = [&[VERSION][..], &SUITE, &message_id].concat();
        write_counted(&mut bytes, &context.aad())?;
        bytes.extend(length(count)?);
        for key in encrypted_data_keys {
            for part in [key.key_provider_id.as_bytes(), &key.key_provider_info, &key.ciphertext] {
                write_counted(&mut bytes, part)?;
            }
        }
        bytes.push(FRAMED);
        bytes.extend(frame_bytes.to_be_bytes());
        bytes.extend(key.commitment());
        let total = bytes.len() + TAG_BYTES;
        let tag = key.gcm.encrypt(&HEADER_IV, &bytes, &mut []).ok().filter(|_| total <= MAX_HEADER_BYTES);
        bytes.extend(tag.ok_or(SealError::HeaderLength { bytes: total })?);
        Ok((bytes, key, message_id))
    }

    /// The key of the message, if this data key is the one that it commits to and nothing of the header changed.
    pub(super) fn unlock(&self, data_key: &DataKey) -> Result<MessageKey, OpenError> {
        let key = MessageKey::derive(data_key, &self.message_id);
        if !key.is_committed_to(&self.commitment) {
            return Err(OpenError::Invalid);
        }
        let authentic = key.gcm.decrypt(&HEADER_IV, &self.bytes, &mut [], &self.tag);
        authentic.map(|()| key).map_err(|_| OpenError::Invalid)
    }
}

fn length(length: usize) -> Result<[u8; 2], SealError> {
    u16::try_from(length).map(u16::to_be_bytes).map_err(|_| SealError::EncryptedDataKeys)
}

fn write_counted(bytes: &mut Vec<u8>, part: &[u8]) -> Result<(), SealError> {
    bytes.extend(length(part.len())?);
    bytes.extend(part);
    Ok(())
}

/// Collects the header of a message from pieces of any size.
///
/// ```
/// use keytrace::seal::envelope::{HeaderReader, OpenError};
///
/// let mut reader = HeaderReader::new();
/// assert!(reader.feed(&[2, 4]).unwrap().is_none());
/// assert_eq!(reader.feed(b"\x79").unwrap_err(), OpenError::Unsupported { version: 2, suite: 0x0479 });
/// ```
#[derive(Clone, Debug, Default)]
pub struct HeaderReader {
    bytes: Vec<u8>,
    /// With fewer bytes there is no use in looking.
    enough: usize,
}

impl HeaderReader {
    /// With nothing read yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a piece of the message: gives the header, once it is there, with those bytes that follow it.
    ///
    /// # Errors
    ///
    /// Those of [`Header::read`].
    pub fn feed(&mut self, piece: &[u8]) -> Result<Option<(Header, Vec<u8>)>, OpenError> {
        self.bytes.extend(piece);
        if self.bytes.len() < self.enough {
            return Ok(None);
        }
        match read(&self.bytes) {
            Ok((header, taken)) => {
                let rest = self.bytes.get(taken..).unwrap_or_default().to_vec();
                self.bytes.clear();
                Ok(Some((header, rest)))
            }
            Err(Unread::TooFew { enough }) if enough > MAX_HEADER_BYTES => Err(OpenError::TooLarge),
            Err(Unread::TooFew { enough }) => {
                self.enough = enough;
                Ok(None)
            }
            Err(Unread::No(error)) => Err(error),
        }
    }
}

enum Unread {
    /// It goes on behind these bytes: so many there have to be at least.
    TooFew {
        enough: usize,
    },
    No(OpenError),
}

impl From<OpenError> for Unread {
    fn from(error: OpenError) -> Self {
        Self::No(error)
    }
}

fn read(bytes: &[u8]) -> Result<(Header, usize), Unread> {
    let mut reader = Fields { reader: Reader::new(bytes), bytes: bytes.len() };
    let [version] = reader.array()?;
    if !matches!(version, 1 | 2) {
        return Err(OpenError::Malformed.into());
    }
    let suite = if version == 2 {
        reader.array()?
    } else {
        let [_, first, second] = reader.array()?;
        [first, second]
    };
    let unsupported = OpenError::Unsupported { version, suite: u16::from_be_bytes(suite) };
    if (version, suite) != (VERSION, SUITE) {
        return Err(unsupported.into());
    }
    let message_id = reader.array()?;
    let context = EncryptionContext::from_aad(reader.counted()?).ok_or(OpenError::Malformed)?;
    let count = usize::from(u16::from_be_bytes(reader.array()?));
    if count == 0 {
        return Err(OpenError::Malformed.into());
    }
    if count > MAX_ENCRYPTED_DATA_KEYS {
        return Err(OpenError::TooLarge.into());
    }
    // First all lengths, so that what is read again and again is not also copied again and again.
    let mut parts = Vec::with_capacity(count);
    for _ in 0..count {
        parts.push([reader.counted()?, reader.counted()?, reader.counted()?]);
    }
    let [content_type] = reader.array()?;
    match content_type {
        FRAMED => {}
        1 => return Err(unsupported.into()),
        _ => return Err(OpenError::Malformed.into()),
    }
    let frame_bytes = u32::from_be_bytes(reader.array()?);
    if frame_bytes == 0 {
        return Err(OpenError::Malformed.into());
    }
    if frame_bytes > MAX_FRAME_BYTES {
        return Err(OpenError::TooLarge.into());
    }
    let commitment = reader.array()?;
    let authenticated = reader.taken();
    let tag = reader.array()?;
    let taken = reader.taken();
    if taken > MAX_HEADER_BYTES {
        return Err(OpenError::TooLarge.into());
    }
    let encrypted_data_key = |[id, info, ciphertext]: [&[u8]; 3]| {
        Ok(EncryptedDataKey {
            key_provider_id: core::str::from_utf8(id).map_err(|_| OpenError::Malformed)?.to_owned(),
            key_provider_info: info.to_vec(),
            ciphertext: ciphertext.to_vec(),
        })
    };
    let encrypted_data_keys = parts.into_iter().map(encrypted_data_key).collect::<Result<_, OpenError>>()?;
    let bytes = bytes.get(..authenticated).unwrap_or_default().to_vec();
    Ok((Header { bytes, message_id, context, encrypted_data_keys, frame_bytes, commitment, tag }, taken))
}

/// Takes fields from the front, and says how many bytes there have to be if there are too few.
struct Fields<'a> {
    reader: Reader<'a>,
    bytes: usize,
}

impl<'a> Fields<'a> {
    const fn taken(&self) -> usize {
        self.bytes - self.reader.left()
    }

    fn array<const COUNT: usize>(&mut self) -> Result<[u8; COUNT], Unread> {
        let enough = self.taken() + COUNT;
        self.reader.array().ok_or(Unread::TooFew { enough })
    }

    fn counted(&mut self) -> Result<&'a [u8], Unread> {
        let count = usize::from(u16::from_be_bytes(self.array()?));
        let enough = self.taken() + count;
        self.reader.take(count).ok_or(Unread::TooFew { enough })
    }
}
