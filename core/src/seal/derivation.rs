use super::primitives::kdf_in_counter_mode;

/// What a key is derived for. A key that was derived for one purpose is never that of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// The id of key material.
    KeyMaterialId,
    /// The key of one ciphertext, and its commitment.
    Encrypt,
}

impl Purpose {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::KeyMaterialId => b"keytrace/v1/key-material-id",
            Self::Encrypt => b"keytrace/v1/encrypt",
        }
    }
}

/// Fills `output` from key material, for a purpose, under a context that is given in parts.
///
/// The fixed input data are the label, a zero byte, the context and the length of the output in bits as
/// four bytes, as SP 800-108 suggests and as the AWS Encryption SDK's hierarchical keyring has it.
pub(super) fn derive(material: &[u8; 32], purpose: Purpose, context: [&[u8]; 2], output: &mut [u8]) {
    let [first, second] = context;
    let bits = bits(output.len());
    kdf_in_counter_mode(material, &[purpose.label(), &[0], first, second, &bits], output);
}

/// INVARIANT: what is derived has at most 64 bytes.
fn bits(bytes: usize) -> [u8; 4] {
    u32::try_from(bytes).map_or(u32::MAX, |bytes| bytes.saturating_mul(8)).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same comes from npm's `@aws-crypto/kdf-ctr-mode-node` and from Python's `cryptography`.
    #[test]
    fn agrees_with_the_hierarchical_keyring() {
        let material: [u8; 32] = core::array::from_fn(|index| index as u8);
        let nonce: [u8; 16] = core::array::from_fn(|index| 0x40 + index as u8);
        let mut key = [0; 32];
        kdf_in_counter_mode(&material, &[b"aws-kms-hierarchy", &[0], &nonce, &bits(32)], &mut key);
        assert_eq!(key[..4], [0x3f, 0xeb, 0x5a, 0x30][..]);
        assert_eq!(key[28..], [0x26, 0x42, 0x9f, 0x80][..]);
    }

    #[test]
    fn purposes_and_lengths_are_kept_apart() {
        let derived = |material: u8, purpose, bytes: usize| {
            let mut output = alloc::vec![0; bytes];
            derive(&[material; 32], purpose, [b"a", b"b"], &mut output);
            output
        };
        let id = derived(1, Purpose::KeyMaterialId, 32);
        assert_ne!(id, derived(1, Purpose::Encrypt, 32));
        assert_ne!(id, derived(1, Purpose::KeyMaterialId, 64)[..32]);
        assert_ne!(id, derived(2, Purpose::KeyMaterialId, 32));
    }
}
