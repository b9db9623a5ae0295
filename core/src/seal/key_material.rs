use alloc::{boxed::Box, format, string::String};
use core::fmt;

use zeroize::Zeroizing;

use super::derivation::{Purpose, derive};
use crate::{
    arn::KeyArn,
    random::{Random, RandomError, draw},
};

/// The key material of a symmetric encryption key: 256 secret bits, and the key that they belong to.
///
/// A key that was rotated has several. Each seals for as long as it is the current one, and opens for ever:
/// <https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html>.
///
/// It is wiped from memory when it is dropped, and does not print:
///
/// ```
/// use keytrace::{arn::KeyArn, seal::KeyMaterial};
///
/// let key = KeyArn::parse("arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab").unwrap();
/// let material = KeyMaterial::import(&key, &[7; 32]).unwrap();
/// assert!(format!("{material:?}").ends_with("secret: … }"));
/// assert!(KeyMaterial::import(&key, &[7; 16]).is_err());
/// ```
#[derive(Clone)]
pub struct KeyMaterial {
    key: KeyArn,
    id: KeyMaterialId,
    // In a place of its own, so that a move leaves no copy behind.
    secret: Box<Zeroizing<[u8; KeyMaterial::BYTES]>>,
}

impl KeyMaterial {
    /// Bytes of secret: no more, no less. HMAC pads shorter keys with zeros, so that two lengths could be one key.
    pub const BYTES: usize = 32;

    /// Key material that is known already: imported by `ImportKeyMaterial`, or kept from an earlier session.
    ///
    /// # Errors
    ///
    /// When it has not 32 bytes.
    pub fn import(key: &KeyArn, secret: &[u8]) -> Result<Self, KeyMaterialError> {
        if secret.len() != Self::BYTES {
            return Err(KeyMaterialError { bytes: secret.len() });
        }
        Ok(Self::with(key, |own| {
            own.copy_from_slice(secret);
            Ok(())
        })
        .unwrap_or_else(|never: core::convert::Infallible| match never {}))
    }

    /// New key material: what `CreateKey` and every rotation make.
    ///
    /// # Errors
    ///
    /// When there are no random bytes.
    pub fn generate(key: &KeyArn, random: &mut dyn Random) -> Result<Self, RandomError> {
        Self::with(key, |own| draw(own, random))
    }

    fn with<E>(key: &KeyArn, fill: impl FnOnce(&mut [u8]) -> Result<(), E>) -> Result<Self, E> {
        let mut secret = Box::new(Zeroizing::new([0; Self::BYTES]));
        fill(secret.as_mut_slice())?;
        let id = KeyMaterialId::of(key, &secret);
        Ok(Self { key: key.clone(), id, secret })
    }

    /// The same material in a multi-Region key that is related to its own: the other's primary or replica. `None`
    /// if the two keys are not related.
    ///
    /// <https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html>
    #[must_use]
    pub fn of_related_key(&self, key: &KeyArn) -> Option<Self> {
        is_same_or_related(&self.key, key).then(|| Self { key: key.clone(), ..self.clone() })
    }

    /// The key that it belongs to.
    #[must_use]
    pub const fn key(&self) -> &KeyArn {
        &self.key
    }

    /// Its id, which is no secret.
    #[must_use]
    pub const fn id(&self) -> KeyMaterialId {
        self.id
    }

    /// The secret itself, for somebody who asked to keep it. Nothing else here gives it away.
    #[must_use]
    pub fn reveal(&self) -> &[u8; Self::BYTES] {
        &self.secret
    }
}

impl fmt::Debug for KeyMaterial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyMaterial")
            .field("key", &self.key.as_str())
            .field("id", &self.id)
            .field("secret", &format_args!("…"))
            .finish()
    }
}

/// Whether a ciphertext of one key can be opened by the other: they are the same, or multi-Region keys that
/// differ in their Region only.
pub(super) fn is_same_or_related(one: &KeyArn, other: &KeyArn) -> bool {
    one == other || (is_multi_region(one) && region_apart(one) == region_apart(other))
}

/// Ids of multi-Region keys begin with `mrk-`, those of other keys never.
fn is_multi_region(key: &KeyArn) -> bool {
    key.id().starts_with("mrk-")
}

fn region_apart(key: &KeyArn) -> String {
    format!("arn:{}:kms::{}:key/{}", key.partition(), key.account(), key.id())
}

/// `KeyMaterialId`: names key material without telling it. It prints as 64 hexadecimal digits.
///
/// As in KMS it is computed from the key and the material, so that material that is imported once more can be
/// told from any other; how KMS does it is not published. Related multi-Region keys share their material and its
/// id, so their Region plays no part in it.
/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_ImportKeyMaterial.html#KMS-ImportKeyMaterial-request-KeyMaterialId>
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyMaterialId([u8; KeyMaterialId::BYTES]);

impl KeyMaterialId {
    /// Bytes of an id.
    pub const BYTES: usize = 32;

    fn of(key: &KeyArn, secret: &[u8; KeyMaterial::BYTES]) -> Self {
        let region_apart = if is_multi_region(key) { region_apart(key) } else { String::from(key.as_str()) };
        let mut id = [0; Self::BYTES];
        derive(secret, Purpose::KeyMaterialId, [region_apart.as_bytes(), &[]], &mut id);
        Self(id)
    }

    /// The id of these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; Self::BYTES]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; Self::BYTES] {
        &self.0
    }

    /// Reads 64 hexadecimal digits, in lower case as AWS prints them.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; Self::BYTES];
        base16(text.as_bytes(), &mut bytes)?;
        Some(Self(bytes))
    }
}

fn base16(digits: &[u8], bytes: &mut [u8]) -> Option<()> {
    let (pairs, rest) = digits.as_chunks::<2>();
    if !rest.is_empty() || pairs.len() != bytes.len() {
        return None;
    }
    let value = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    for ([high, low], byte) in pairs.iter().zip(bytes) {
        *byte = value(*high)? << 4 | value(*low)?;
    }
    Some(())
}

impl fmt::Display for KeyMaterialId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for KeyMaterialId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Key material of a symmetric encryption key has 32 bytes, and this has not. KMS answers
/// `IncorrectKeyMaterialException` or `InvalidCiphertextException` to what it cannot import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyMaterialError {
    /// How many it has.
    pub bytes: usize,
}

impl fmt::Display for KeyMaterialError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let wanted = KeyMaterial::BYTES;
        write!(f, "key material of a symmetric encryption key has {wanted} bytes; this has {}", self.bytes)
    }
}

impl core::error::Error for KeyMaterialError {}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;
    use crate::random::sources::Counting;

    fn key(text: &str) -> KeyArn {
        KeyArn::parse(text).unwrap()
    }

    #[test]
    fn its_id_depends_on_key_and_material() {
        let one = key("arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab");
        let secret: [u8; 32] = core::array::from_fn(|index| index as u8);
        let material = KeyMaterial::import(&one, &secret).unwrap();
        let text = "d521b02420bc693e549c836c38a614dec3bab719359d5becc950b64d8eddc67d";
        assert_eq!(material.id().to_string(), text);
        assert_eq!(KeyMaterialId::parse(text), Some(material.id()));
        assert_eq!(KeyMaterialId::parse(&text.to_uppercase()), None);
        assert_eq!(KeyMaterialId::parse(&text[2..]), None);
        assert_eq!(KeyMaterialId::parse(&text[1..]), None);

        let other = key("arn:aws:kms:us-east-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab");
        assert_ne!(KeyMaterial::import(&other, &secret).unwrap().id(), material.id());
        assert!(material.of_related_key(&other).is_none());
        assert_ne!(KeyMaterial::import(&one, &[0; 32]).unwrap().id(), material.id());
    }

    #[test]
    fn related_multi_region_keys_share_it() {
        let primary = key("arn:aws:kms:us-east-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab");
        let replica = key("arn:aws:kms:eu-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab");
        let material = KeyMaterial::generate(&primary, &mut Counting(0)).unwrap();
        let related = material.of_related_key(&replica).unwrap();
        assert_eq!((related.id(), related.key()), (material.id(), &replica));
        assert_eq!(KeyMaterial::import(&replica, material.reveal()).unwrap().id(), material.id());
        for stranger in [
            "arn:aws:kms:eu-west-1:111122223333:key/mrk-99999999999999999999999999999999",
            "arn:aws:kms:eu-west-1:444455556666:key/mrk-1234abcd12ab34cd56ef1234567890ab",
            "arn:aws-cn:kms:cn-north-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab",
        ] {
            assert!(material.of_related_key(&key(stranger)).is_none(), "{stranger}");
        }
    }
}
