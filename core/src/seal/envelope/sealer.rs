use alloc::vec::Vec;
use core::fmt;

use zeroize::Zeroizing;

use super::{
    DataKey, EncryptedDataKey, Header, MAX_FRAME_BYTES, SealError,
    data_key::MessageKey,
    frame::{Frame, LAST},
};
use crate::{
    random::Random,
    seal::{EncryptionContext, primitives::TAG_BYTES},
};

/// Seals data that come in pieces of any size. It keeps at most one frame of them.
///
/// ```
/// # use keytrace::seal::{EncryptionContext, envelope::{DataKey, EncryptedDataKey}};
/// # use keytrace::random::{Random, RandomError};
/// use keytrace::seal::envelope::{Sealer, DEFAULT_FRAME_BYTES};
/// # struct Source(u8);
/// # impl Random for Source {
/// #     fn fill(&mut self, bytes: &mut [u8]) -> Result<(), RandomError> {
/// #         bytes.iter_mut().for_each(|byte| { self.0 = self.0.wrapping_add(1); *byte = self.0 });
/// #         Ok(())
/// #     }
/// # }
/// # let mut random = Source(0);
/// # let context = EncryptionContext::default();
/// # let data_key = DataKey::generate(&mut random).unwrap();
/// # let encrypted = [EncryptedDataKey { key_provider_id: "k".into(), key_provider_info: vec![], ciphertext: vec![] }];
///
/// let (mut sealer, mut message) =
///     Sealer::new(&data_key, &encrypted, &context, DEFAULT_FRAME_BYTES, &mut random).unwrap();
/// for piece in [&[1; 3000][..], &[2; 9000]] {
///     sealer.update(piece, &mut message).unwrap();
/// }
/// sealer.finish(&mut message).unwrap();
/// # assert_eq!(keytrace::seal::envelope::open(&message, |_| Some(data_key)).unwrap().len(), 12_000);
/// ```
pub struct Sealer {
    key: MessageKey,
    message_id: [u8; 32],
    frame_bytes: usize,
    /// Of the next frame.
    number: u32,
    /// Its plaintext, as far as it came.
    held: Zeroizing<Vec<u8>>,
}

impl Sealer {
    /// Begins a message: the second thing is its header, with which it starts.
    ///
    /// `encrypted_data_keys` are the same data key, encrypted by everybody who shall be able to open the message.
    /// `frame_bytes` is how much plaintext is sealed at once.
    ///
    /// # Errors
    ///
    /// When there are no random bytes, or the header cannot be written.
    pub fn new(
        data_key: &DataKey,
        encrypted_data_keys: &[EncryptedDataKey],
        context: &EncryptionContext,
        frame_bytes: u32,
        random: &mut dyn Random,
    ) -> Result<(Self, Vec<u8>), SealError> {
        let wrong_length = SealError::FrameLength { bytes: frame_bytes };
        let bytes = usize::try_from(frame_bytes).map_err(|_| wrong_length)?;
        if frame_bytes == 0 || frame_bytes > MAX_FRAME_BYTES {
            return Err(wrong_length);
        }
        let (header, key, message_id) = Header::write(data_key, encrypted_data_keys, context, frame_bytes, random)?;
        // All at once: a `Vec` that grows would leave copies of the plaintext behind.
        let held = Zeroizing::new(Vec::with_capacity(bytes));
        Ok((Self { key, message_id, frame_bytes: bytes, number: 1, held }, header))
    }

    /// Takes a piece of the plaintext, and appends the frames that are full to `message`.
    ///
    /// # Errors
    ///
    /// When there are more data than a message can hold.
    pub fn update(&mut self, mut piece: &[u8], message: &mut Vec<u8>) -> Result<(), SealError> {
        while !piece.is_empty() {
            // A full frame waits until it is known that it is not the last.
            if self.held.len() == self.frame_bytes {
                self.write(false, message)?;
            }
            let room = self.frame_bytes - self.held.len();
            let (now, later) = piece.split_at_checked(room).unwrap_or((piece, &[]));
            self.held.extend(now);
            piece = later;
        }
        Ok(())
    }

    /// Appends the last frame, without which nobody takes the message for whole.
    ///
    /// # Errors
    ///
    /// When there are more data than a message can hold.
    pub fn finish(mut self, message: &mut Vec<u8>) -> Result<(), SealError> {
        self.write(true, message)
    }

    fn write(&mut self, is_last: bool, message: &mut Vec<u8>) -> Result<(), SealError> {
        let frame = Frame { number: self.number, is_last };
        // A frame of that number could be taken for the mark of the last one.
        if self.number == LAST && !is_last {
            return Err(SealError::TooManyFrames);
        }
        let length = u32::try_from(self.held.len()).map_err(|_| SealError::TooManyFrames)?;
        let iv = frame.iv();
        message.reserve(self.held.len() + 24 + TAG_BYTES);
        if is_last {
            message.extend(LAST.to_be_bytes());
        }
        message.extend(frame.number.to_be_bytes());
        message.extend(iv);
        if is_last {
            message.extend(length.to_be_bytes());
        }
        let aad = frame.aad(&self.message_id, self.held.len());
        let tag = self.key.gcm.encrypt(&iv, &aad, &mut self.held).map_err(|_| SealError::TooManyFrames)?;
        message.extend(self.held.iter());
        message.extend(tag);
        // What it held is ciphertext by now.
        self.held.clear();
        self.number = self.number.saturating_add(1);
        Ok(())
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealer")
            .field("frame_bytes", &self.frame_bytes)
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}
