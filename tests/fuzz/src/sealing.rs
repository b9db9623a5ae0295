//! What the targets `blob`, `envelope` and `life` share: a key, a source of bytes, and the changes that an input asks for.
//!
//! An input is a byte that says what it is, and the rest: 0 is a ciphertext as it stands; anything else is what
//! to seal, and how to change it after that.

use arbitrary::{Arbitrary, Result, Unstructured};
use keytrace::{
    arn::KeyArn,
    random::{Random, RandomError},
    seal::{EncryptionContext, KeyMaterial},
};

/// Bytes that differ from call to call and are the same in every run.
#[derive(Clone, Debug)]
pub struct Counted(pub u64);

impl Random for Counted {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), RandomError> {
        for byte in bytes {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *byte = (self.0 >> 56) as u8;
        }
        Ok(())
    }
}

/// The key material of every blob here.
#[must_use]
pub fn material() -> KeyMaterial {
    let key = KeyArn::parse("arn:aws:kms:us-west-2:111122223333:key/1234abcd").expect("an ARN");
    KeyMaterial::import(&key, &[7; 32]).expect("32 bytes")
}

/// What an input asks for.
#[derive(Debug)]
pub struct Order {
    /// The encryption context to seal under.
    pub context: EncryptionContext,
    /// Another one.
    pub other: EncryptionContext,
    /// The lengths of the pieces that things come in; never empty, never 0.
    pub pieces: Vec<usize>,
    /// Where to change what was sealed, and how.
    pub changes: Vec<(u16, u8)>,
    /// How many bytes to cut off.
    pub cut: u8,
}

impl Arbitrary<'_> for Order {
    fn arbitrary(input: &mut Unstructured<'_>) -> Result<Self> {
        Ok(Self {
            context: context(input)?,
            other: context(input)?,
            pieces: {
                let mut pieces = vec![usize::from(input.arbitrary::<u8>()?) + 1];
                pieces.extend(
                    (0..input.int_in_range(0..=3)?).map(|_| input.arbitrary::<u8>().map_or(1, usize::from).max(1)),
                );
                pieces
            },
            changes: (0..input.int_in_range(0..=3)?).map(|_| input.arbitrary()).collect::<Result<_>>()?,
            cut: if input.ratio(1, 4)? { input.arbitrary()? } else { 0 },
        })
    }
}

fn context(input: &mut Unstructured<'_>) -> Result<EncryptionContext> {
    let pairs = (0..input.int_in_range(0..=4)?).map(|_| input.arbitrary::<(String, String)>());
    let pairs = pairs.collect::<Result<Vec<_>>>()?;
    // One that has a key twice is as good as none.
    Ok(EncryptionContext::from_pairs(pairs).unwrap_or_default())
}

impl Order {
    /// What becomes of sealed bytes.
    #[must_use]
    pub fn change(&self, sealed: &[u8]) -> Vec<u8> {
        let mut bytes = sealed.to_vec();
        for (at, change) in &self.changes {
            let at = usize::from(*at) % bytes.len();
            bytes[at] ^= change;
        }
        bytes.truncate(bytes.len().saturating_sub(usize::from(self.cut)));
        bytes
    }
}
