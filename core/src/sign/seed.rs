use core::{convert::Infallible, fmt};

use hmac::{Hmac, KeyInit, Mac};
use rsa::rand_core::{TryCryptoRng, TryRng};
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use crate::random::{Random, RandomError, draw};

/// 48 random bytes, which settle a key: the same seed and key spec give the same key.
///
/// This is how the slow work of making an RSA key can be put off until the key is used: `CreateKey` draws the
/// seed, which costs nothing, and whoever first needs the key calls
/// [`SigningKey::from_seed`](super::SigningKey::from_seed). A seed is as secret as the key. It is wiped when
/// dropped, and does not show in `Debug`.
///
/// ```
/// use keytrace::sign::Seed;
///
/// let seed = Seed::new([7; Seed::LENGTH]);
/// assert_eq!(format!("{seed:?}"), "Seed(..)");
/// ```
#[derive(Clone)]
pub struct Seed([u8; Seed::LENGTH]);

impl Seed {
    /// As many bytes as AWS KMS seeds its own generator with, 384 bits
    /// (<https://docs.aws.amazon.com/kms/latest/cryptographic-details/crypto-primitives.html>): 256 of entropy, and
    /// half as many that serve as a nonce (SP 800-90A, 8.6.7).
    pub const LENGTH: usize = 48;

    /// The seed that was kept from an earlier [`draw`](Self::draw).
    #[must_use]
    pub const fn new(bytes: [u8; Self::LENGTH]) -> Self {
        Self(bytes)
    }

    /// The bytes, to be kept as secret as a key.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; Self::LENGTH] {
        &self.0
    }

    /// A new seed.
    ///
    /// # Errors
    ///
    /// When the source fails, or is seen to be stuck.
    pub fn draw(random: &mut dyn Random) -> Result<Self, RandomError> {
        let mut seed = Self([0; Self::LENGTH]);
        draw(&mut seed.0, random)?;
        Ok(seed)
    }
}

impl Drop for Seed {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed(..)")
    }
}

/// `HMAC_DRBG` with SHA-256 (SP 800-90A, 10.1.2): random bytes without end, out of a seed.
///
/// It stands between the caller's source and the crates that make keys and signatures, because those search until
/// they find a prime or a scalar in range. With a source that fails, or repeats itself, they would search for
/// ever; with this one between, such a source is noticed before, and a search comes to its end.
pub(super) struct Generator {
    key: Zeroizing<[u8; 32]>,
    value: Zeroizing<[u8; 32]>,
}

impl Generator {
    /// `purpose` keeps apart what is made from the same seed: keys of two specs have nothing in common.
    pub(super) fn new(seed: &Seed, purpose: &str) -> Self {
        Self::instantiate(&[&seed.0, purpose.as_bytes()])
    }

    /// For one operation that needs randomness.
    pub(super) fn draw(random: &mut dyn Random, purpose: &str) -> Result<Self, RandomError> {
        Ok(Self::new(&Seed::draw(random)?, purpose))
    }

    fn instantiate(seed: &[&[u8]]) -> Self {
        let mut generator = Self { key: Zeroizing::new([0; 32]), value: Zeroizing::new([1; 32]) };
        generator.update(0, seed);
        generator.update(1, seed);
        generator
    }

    fn update(&mut self, round: u8, data: &[&[u8]]) {
        let value = self.value.clone();
        *self.key = self.mac([&value[..], &[round]].into_iter().chain(data.iter().copied()));
        self.step();
    }

    fn step(&mut self) {
        let value = self.value.clone();
        *self.value = self.mac([&value[..]]);
    }

    fn mac<'a>(&self, parts: impl IntoIterator<Item = &'a [u8]>) -> [u8; 32] {
        // A key that is shorter than a block is filled up with zeros (RFC 2104). One of the right length at once
        // leaves no error to think about.
        let mut key = Zeroizing::new([0; 64]);
        key.iter_mut().zip(self.key.iter()).for_each(|(to, from)| *to = *from);
        let mut mac = <Hmac<Sha256> as KeyInit>::new((&*key).into());
        parts.into_iter().for_each(|part| mac.update(part));
        mac.finalize().into_bytes().into()
    }
}

impl TryRng for Generator {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for part in bytes.chunks_mut(self.value.len()) {
            self.step();
            part.iter_mut().zip(self.value.iter()).for_each(|(to, from)| *to = *from);
        }
        self.update(0, &[]);
        Ok(())
    }
}

impl TryCryptoRng for Generator {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::sources::Counting;
    use rsa::rand_core::Rng;

    fn hex(text: &str) -> alloc::vec::Vec<u8> {
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
    }

    /// RFC 6979 draws its `k` from this very generator, seeded with the private key and the digest: A.2.5, P-256
    /// with SHA-256, message "sample".
    #[test]
    fn the_generator_is_that_of_sp_800_90a() {
        let private = hex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721");
        let digest = hex("af2bdbe1aa9b6ec1e2ade1d694f41fc71a831d0268e9891562113d8a62add1bf");
        let mut k = [0; 32];
        Generator::instantiate(&[&private, &digest]).fill_bytes(&mut k);
        assert_eq!(k[..], hex("a6e3c57dd01abe90086538398355dd4c3b17aa873382b0f24d6129493d8aad60"));
    }

    #[test]
    fn what_it_gives_depends_on_seed_and_purpose_and_never_comes_again() {
        let drawn = |seed: u8, purpose: &str| {
            let mut generator = Generator::new(&Seed::new([seed; Seed::LENGTH]), purpose);
            let mut bytes = [0; 100];
            generator.fill_bytes(&mut bytes);
            (bytes, generator.next_u64(), generator.next_u64(), generator.next_u32())
        };
        assert_eq!(drawn(1, "key"), drawn(1, "key"));
        assert_ne!(drawn(1, "key"), drawn(2, "key"));
        assert_ne!(drawn(1, "key"), drawn(1, "sign"));
        let (bytes, first, second, _) = drawn(1, "key");
        assert_ne!(bytes[..32], bytes[32..64]);
        assert_ne!(first, second);
    }

    #[test]
    fn a_seed_is_what_the_source_gives() {
        assert_eq!(Seed::draw(&mut Counting(0)).unwrap().as_bytes()[..3], [0, 1, 2]);
    }
}
