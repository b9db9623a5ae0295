//! Randomness comes in as an argument: the engine has no source of its own.

use alloc::vec;
use core::fmt;

use zeroize::Zeroizing;

/// Where random bytes come from. The engine has no source of its own: whoever calls it brings one.
///
/// It has to be a cryptographic one, such as `crypto.getRandomValues` or the operating system's, wherever
/// somebody else's secrets are sealed or signatures mean something. A test may bring one that repeats itself from
/// run to run, but two calls must not give the same bytes.
///
/// ```
/// use keytrace::random::{Random, RandomError, random_bytes};
///
/// struct Counting(u8);
///
/// impl Random for Counting {
///     fn fill(&mut self, bytes: &mut [u8]) -> Result<(), RandomError> {
///         for byte in bytes {
///             self.0 = self.0.wrapping_add(1);
///             *byte = self.0;
///         }
///         Ok(())
///     }
/// }
///
/// assert_eq!(random_bytes(3, &mut Counting(0)).unwrap().len(), 3);
/// ```
pub trait Random {
    /// Writes random bytes over all of `bytes`.
    ///
    /// # Errors
    ///
    /// When there are none. Nothing is sealed or signed then, and nothing takes their place.
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), RandomError>;
}

/// Why there are no random bytes. To a caller of KMS this is a `KMSInternalException`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RandomError {
    /// The source says so.
    Unavailable,
    /// What it gave is not random: nothing but zeros, the same twice, or fewer bytes than asked for.
    Stuck,
}

impl fmt::Display for RandomError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unavailable => "the source of random bytes failed",
            Self::Stuck => "the source of random bytes gives bytes that are not random",
        })
    }
}

impl core::error::Error for RandomError {}

/// So many random bytes: what `GenerateRandom` and `GenerateDataKey` give. KMS gives 1 to 1,024 at once.
///
/// # Errors
///
/// When the source fails, or is seen to be stuck.
pub fn random_bytes(count: usize, random: &mut dyn Random) -> Result<Zeroizing<alloc::vec::Vec<u8>>, RandomError> {
    let mut bytes = Zeroizing::new(vec![0; count.max(FEWEST)]);
    draw(&mut bytes, random)?;
    // A few bytes may well be zeros or the same twice; so the few are the first of more.
    bytes.truncate(count);
    Ok(bytes)
}

/// With fewer bytes than this, chance alone could look like a fault.
const FEWEST: usize = 16;

/// A source that writes all but the last few bytes shows in so many.
const TAIL: usize = 8;

/// Fills at least [`FEWEST`] bytes, and looks whether the source works at all.
///
/// A replaced `crypto.getRandomValues` that writes nothing makes `getrandom` report success with zeros, and a
/// constant source would seal twice under one nonce. So every draw is made twice, over zeros and over ones: two
/// that are alike, that are nothing but the bytes from before, or that end in 8 of them, come from a source
/// that is stuck. A sound one looks like that once in 2^64 draws. This is a tripwire: a source that is weak in
/// any other way passes.
pub(crate) fn draw(bytes: &mut [u8], random: &mut dyn Random) -> Result<(), RandomError> {
    debug_assert!(bytes.len() >= FEWEST, "too few bytes to tell anything from");
    let mut again = Zeroizing::new(vec![0xff; bytes.len()]);
    bytes.fill(0);
    random.fill(bytes)?;
    random.fill(&mut again)?;
    let ends_in = |bytes: &[u8], byte: u8| bytes.iter().rev().take(TAIL).all(|last| *last == byte);
    if *bytes == **again || ends_in(bytes, 0) || ends_in(&again, 0xff) || ends_in(&again, 0) {
        bytes.fill(0);
        return Err(RandomError::Stuck);
    }
    Ok(())
}

#[cfg(test)]
pub(crate) mod sources {
    use super::*;

    /// Every byte is one more than the last.
    pub(crate) struct Counting(pub(crate) u8);

    impl Random for Counting {
        fn fill(&mut self, bytes: &mut [u8]) -> Result<(), RandomError> {
            for byte in bytes {
                *byte = self.0;
                self.0 = self.0.wrapping_add(1);
            }
            Ok(())
        }
    }

    /// Any function.
    pub(crate) struct By<F>(pub(crate) F);

    impl<F: FnMut(&mut [u8]) -> Result<(), RandomError>> Random for By<F> {
        fn fill(&mut self, bytes: &mut [u8]) -> Result<(), RandomError> {
            (self.0)(bytes)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{sources::*, *};

    #[test]
    fn a_source_that_fails_is_reported() {
        let mut failing = By(|_: &mut [u8]| Err(RandomError::Unavailable));
        assert_eq!(random_bytes(32, &mut failing), Err(RandomError::Unavailable));
        let mut calls = 0;
        let mut fails_later = By(|bytes: &mut [u8]| {
            calls += 1;
            bytes.fill(calls);
            if calls == 2 { Err(RandomError::Unavailable) } else { Ok(()) }
        });
        assert_eq!(random_bytes(1, &mut fails_later), Err(RandomError::Unavailable));
    }

    #[test]
    fn a_source_that_is_stuck_is_found_out() {
        for count in [1, 16, 28, 32, 1000] {
            let nothing = |_: &mut [u8]| Ok(());
            let zeros = |bytes: &mut [u8]| {
                bytes.fill(0);
                Ok(())
            };
            let constant = |bytes: &mut [u8]| {
                bytes.fill(0x41);
                Ok(())
            };
            let same = |bytes: &mut [u8]| Counting(7).fill(bytes);
            let mut counting = Counting(9);
            let short = |bytes: &mut [u8]| {
                let most = bytes.len() - 8;
                counting.fill(&mut bytes[..most])
            };
            assert_eq!(random_bytes(count, &mut By(nothing)), Err(RandomError::Stuck));
            assert_eq!(random_bytes(count, &mut By(zeros)), Err(RandomError::Stuck));
            assert_eq!(random_bytes(count, &mut By(constant)), Err(RandomError::Stuck));
            assert_eq!(random_bytes(count, &mut By(same)), Err(RandomError::Stuck));
            assert_eq!(random_bytes(count, &mut By(short)), Err(RandomError::Stuck));
            assert_eq!(random_bytes(count, &mut Counting(1)).unwrap().len(), count);
        }
    }
}
