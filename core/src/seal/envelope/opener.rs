use alloc::vec::Vec;
use core::fmt;

use zeroize::{Zeroize as _, Zeroizing};

use super::{
    DataKey, Header, OpenError,
    data_key::MessageKey,
    frame::{Frame, LAST},
};
use crate::seal::{
    bytes::Reader,
    primitives::{IV_BYTES, TAG_BYTES},
};

/// Opens a message whose frames come in pieces of any size. It keeps at most one frame of them, and gives out only
/// what is authentic.
///
/// ```
/// # use keytrace::seal::{EncryptionContext, envelope::{self, DataKey, EncryptedDataKey}};
/// # use keytrace::random::{Random, RandomError};
/// use keytrace::seal::envelope::{HeaderReader, OpenError, Opener};
/// # struct Source(u8);
/// # impl Random for Source {
/// #     fn fill(&mut self, bytes: &mut [u8]) -> Result<(), RandomError> {
/// #         bytes.iter_mut().for_each(|byte| { self.0 = self.0.wrapping_add(1); *byte = self.0 });
/// #         Ok(())
/// #     }
/// # }
/// # let mut random = Source(0);
/// # let data_key = DataKey::generate(&mut random).unwrap();
/// # let encrypted = [EncryptedDataKey { key_provider_id: "k".into(), key_provider_info: vec![], ciphertext: vec![] }];
/// # let context = EncryptionContext::default();
/// # let message = envelope::seal(&data_key, &encrypted, &context, &[7; 10_000], &mut random).unwrap();
///
/// let (mut reader, mut opener, mut plaintext) = (HeaderReader::new(), None, Vec::new());
/// for piece in message.chunks(1000) {
///     match &mut opener {
///         None => {
///             if let Some((header, rest)) = reader.feed(piece).unwrap() {
///                 let mut new = Opener::new(&header, &data_key).unwrap();
///                 new.update(&rest, &mut plaintext).unwrap();
///                 opener = Some(new);
///             }
///         }
///         Some(opener) => opener.update(piece, &mut plaintext).unwrap(),
///     }
/// }
/// assert_eq!(opener.unwrap().finish(), Ok(()));
/// assert_eq!(plaintext, [7; 10_000]);
/// ```
pub struct Opener {
    key: MessageKey,
    message_id: [u8; 32],
    frame_bytes: usize,
    /// Of the next frame.
    number: u32,
    /// The frame, as far as it came.
    held: Zeroizing<Vec<u8>>,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Open,
    /// The last frame was there.
    Whole,
    /// For ever.
    Failed(OpenError),
}

/// The most that stands before the ciphertext of a frame.
const MOST_BEFORE: usize = 4 + 4 + IV_BYTES + 4;

impl Opener {
    /// Opens the frames of the message with this header.
    ///
    /// # Errors
    ///
    /// [`OpenError::Invalid`], if the data key is another one or the header was changed.
    pub fn new(header: &Header, data_key: &DataKey) -> Result<Self, OpenError> {
        Ok(Self {
            key: header.unlock(data_key)?,
            message_id: header.message_id,
            frame_bytes: usize::try_from(header.frame_bytes).map_err(|_| OpenError::TooLarge)?,
            number: 1,
            held: Zeroizing::default(),
            state: State::Open,
        })
    }

    /// Takes a piece of the message, and appends the plaintext of those frames that are whole and authentic.
    ///
    /// # Errors
    ///
    /// When a frame is not what was sealed, or something follows the last one. Nothing is opened after that.
    pub fn update(&mut self, mut piece: &[u8], plaintext: &mut Vec<u8>) -> Result<(), OpenError> {
        loop {
            let taken = match self.state {
                State::Failed(error) => return Err(error),
                State::Whole if piece.is_empty() => return Ok(()),
                State::Whole => Err(OpenError::Malformed),
                State::Open => self.take(&mut piece, plaintext),
            };
            match taken {
                Ok(true) => {}
                Ok(false) => return Ok(()),
                Err(error) => {
                    self.held.zeroize();
                    self.state = State::Failed(error);
                }
            }
        }
    }

    /// Whether the message was whole. Only then is the plaintext all of it.
    ///
    /// # Errors
    ///
    /// [`OpenError::Truncated`], if the last frame is missing; or the error that was told before.
    pub fn finish(self) -> Result<(), OpenError> {
        match self.state {
            State::Whole => Ok(()),
            State::Open => Err(OpenError::Truncated),
            State::Failed(error) => Err(error),
        }
    }

    /// Takes what belongs to this frame, and opens it if that is all of it: `false` if more is needed.
    fn take(&mut self, piece: &mut &[u8], plaintext: &mut Vec<u8>) -> Result<bool, OpenError> {
        loop {
            let wanted = match self.layout()? {
                Layout::Incomplete { wanted } => wanted,
                Layout::Known { frame, iv, start, length } => {
                    let whole = start + length + TAG_BYTES;
                    if self.held.len() == whole {
                        self.open(frame, &iv, start, plaintext)?;
                        return Ok(true);
                    }
                    whole
                }
            };
            if piece.is_empty() {
                return Ok(false);
            }
            let (now, later) = piece.split_at_checked(wanted - self.held.len()).unwrap_or((piece, &[]));
            self.held.extend(now);
            *piece = later;
        }
    }

    /// What is known of the frame that is coming in.
    fn layout(&self) -> Result<Layout, OpenError> {
        let mut reader = Reader::new(&self.held);
        // Before its number it is not known which kind of frame it is.
        let Some(first) = reader.u32() else { return Ok(Layout::Incomplete { wanted: 4 }) };
        let is_last = first == LAST;
        let before = if is_last { MOST_BEFORE } else { 4 + IV_BYTES };
        if self.held.len() < before {
            return Ok(Layout::Incomplete { wanted: before });
        }
        let number = if is_last { reader.u32() } else { Some(first) }.ok_or(OpenError::Malformed)?;
        let iv = reader.array().ok_or(OpenError::Malformed)?;
        let length = if is_last { reader.u32() } else { None };
        let length = length.map_or(Ok(self.frame_bytes), usize::try_from).map_err(|_| OpenError::Malformed)?;
        if number != self.number || length > self.frame_bytes {
            return Err(OpenError::Malformed);
        }
        Ok(Layout::Known { frame: Frame { number, is_last }, iv, start: before, length })
    }

    fn open(
        &mut self,
        frame: Frame,
        iv: &[u8; IV_BYTES],
        start: usize,
        plaintext: &mut Vec<u8>,
    ) -> Result<(), OpenError> {
        let sealed = self.held.get_mut(start..).ok_or(OpenError::Malformed)?;
        let (text, tag) = sealed.split_last_chunk_mut::<TAG_BYTES>().ok_or(OpenError::Malformed)?;
        let aad = frame.aad(&self.message_id, text.len());
        self.key.gcm.decrypt(iv, &aad, text, tag).map_err(|_| OpenError::Invalid)?;
        plaintext.extend(&*text);
        self.held.zeroize();
        if frame.is_last {
            self.state = State::Whole;
        } else {
            self.number = self.number.checked_add(1).ok_or(OpenError::Malformed)?;
        }
        Ok(())
    }
}

enum Layout {
    /// More has to come before it is known how long it is.
    Incomplete { wanted: usize },
    Known {
        frame: Frame,
        iv: [u8; IV_BYTES],
        /// Where the ciphertext starts.
        start: usize,
        /// How long it is.
        length: usize,
    },
}

impl fmt::Debug for Opener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opener").field("number", &self.number).field("state", &self.state).finish_non_exhaustive()
    }
}
