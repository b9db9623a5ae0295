//! One ciphertext that two keys open: plain AES-GCM has such, a blob has not.
//!
//! Dodis, Grubbs, Ristenpart, Woodage, "Fast Message Franking: From Invisible Salamanders to Encryptment",
//! CRYPTO 2018, <https://eprint.iacr.org/2019/016>.

use aes::{
    Aes256,
    cipher::{BlockCipherEncrypt, KeyInit},
};
use keytrace::seal::{
    Blob, EncryptionContext, KeyMaterial, OpenError, open,
    primitives::{Gcm, kdf_in_counter_mode},
    seal,
};
use proptest::prelude::{any, prop_assert_ne, proptest};

use super::{Drawn, cases, key};

/// A ciphertext with its tag, of 32 and 16 bytes, that opens under both keys.
fn salamander(keys: [&[u8; 32]; 2], iv: &[u8; 12], aad: &[u8]) -> ([u8; 32], [u8; 16]) {
    let first = [0; 16];
    // Of each key: GHASH as far as it is the same for any last block, the block that it is multiplied with.
    let terms = keys.map(|key| {
        let h = u128::from_be_bytes(block(key, [0; 16]));
        let mut sum = 0;
        for part in aad.chunks(16).chain([&first[..]]) {
            let mut padded = [0; 16];
            padded[..part.len()].copy_from_slice(part);
            sum = multiply(sum ^ u128::from_be_bytes(padded), h);
        }
        let square = multiply(h, h);
        let lengths = ((aad.len() as u128 * 8) << 64) | (32 * 8);
        let mask = u128::from_be_bytes(block(key, counter(iv, 1)));
        (square, multiply(sum, square) ^ multiply(lengths, h) ^ mask)
    });
    let last = multiply(terms[0].1 ^ terms[1].1, inverse(terms[0].0 ^ terms[1].0));
    let tag = terms[0].1 ^ multiply(last, terms[0].0);
    let mut text = [0; 32];
    text[16..].copy_from_slice(&last.to_be_bytes());
    (text, tag.to_be_bytes())
}

fn counter(iv: &[u8; 12], counter: u32) -> [u8; 16] {
    let mut block = [0; 16];
    block[..12].copy_from_slice(iv);
    block[12..].copy_from_slice(&counter.to_be_bytes());
    block
}

fn block(key: &[u8; 32], block: [u8; 16]) -> [u8; 16] {
    let mut block = block.into();
    Aes256::new(key.into()).encrypt_block(&mut block);
    block.into()
}

/// In GF(2^128), with the bits in the order of GCM.
fn multiply(x: u128, mut y: u128) -> u128 {
    let mut product = 0;
    for bit in (0..128).rev() {
        if x >> bit & 1 == 1 {
            product ^= y;
        }
        y = if y & 1 == 1 { y >> 1 ^ 0xe1 << 120 } else { y >> 1 };
    }
    product
}

fn inverse(x: u128) -> u128 {
    // To the power of 2^128 - 2.
    let (mut result, mut power) = (1 << 127, x);
    for _ in 1..128 {
        power = multiply(power, power);
        result = multiply(result, power);
    }
    result
}

fn opens(key: &[u8; 32], iv: &[u8; 12], aad: &[u8], (text, tag): &([u8; 32], [u8; 16])) -> Option<[u8; 32]> {
    let mut text = *text;
    Gcm::new(key).decrypt(iv, aad, &mut text, tag).ok().map(|()| text)
}

proptest! {
    #![proptest_config(cases(20))]

    /// The test has teeth: plain AES-GCM opens it under both keys, to two plaintexts.
    #[test]
    fn plain_gcm_takes_it(one in any::<[u8; 32]>(), other in any::<[u8; 32]>(), iv in any::<[u8; 12]>()) {
        let forged = salamander([&one, &other], &iv, b"aad");
        let (first, second) = (opens(&one, &iv, b"aad", &forged), opens(&other, &iv, b"aad", &forged));
        prop_assert_ne!(first.unwrap(), second.unwrap());
    }

    /// In a blob it opens under neither material, nor under both of two contexts.
    #[test]
    fn no_blob_opens_twice(one in any::<[u8; 32]>(), other in any::<[u8; 32]>(), seed in any::<u64>()) {
        let materials = [one, other].map(|secret| KeyMaterial::import(&key("1234"), &secret).unwrap());
        let none = EncryptionContext::default();
        let tenants = ["a", "b"].map(|tenant| EncryptionContext::from_pairs([("tenant", tenant)]).unwrap());
        let [first, second] = &materials;

        // Two materials, the same context: the blob of the first, as if it were that of the second.
        let pairs = [[(first, &none), (second, &none)], [(first, &tenants[0]), (first, &tenants[1])]];
        for pair in pairs {
            let blob = seal(first, pair[0].1, &[0; 32], &mut Drawn::with_seed(seed)).unwrap();
            let header = blob.len() - 32 - 32 - 16;
            let iv: [u8; 12] = blob[header - 12..header].try_into().unwrap();
            // Whoever makes it knows all secrets, and may choose every byte.
            for id in materials.iter().map(KeyMaterial::id) {
                let mut bytes = blob.clone();
                bytes[header - 60..header - 28].copy_from_slice(id.as_bytes());
                let keys = pair.map(|(material, context)| derived(material, &bytes[..header], context));
                // The associated data of two contexts are two; it is enough to try those of each.
                for (aad, commitment) in pair.iter().flat_map(|(_, context)| keys.map(|(_, c)| (context.aad(), c))) {
                    let (text, tag) = salamander([&keys[0].0, &keys[1].0], &iv, &aad);
                    bytes[header..header + 32].copy_from_slice(&commitment);
                    bytes[header + 32..header + 64].copy_from_slice(&text);
                    bytes[header + 64..].copy_from_slice(&tag);
                    let opened = pair.map(|(material, context)| open(&Blob::parse(&bytes).unwrap(), material, context));
                    let how_many = opened.iter().filter(|opened| opened.is_ok()).count();
                    prop_assert_ne!(how_many, 2);
                }
            }
        }
    }
}

/// Key and commitment of a blob, computed from what its format says.
fn derived(material: &KeyMaterial, header: &[u8], context: &EncryptionContext) -> ([u8; 32], [u8; 32]) {
    use sha2::{Digest, Sha256};

    let mut keys = [[0; 32]; 2];
    let hash = Sha256::digest(context.aad());
    let fixed: [&[u8]; 5] = [b"keytrace/v1/encrypt", &[0], header, &hash, &512u32.to_be_bytes()];
    kdf_in_counter_mode(material.reveal(), &fixed, keys.as_flattened_mut());
    (keys[0], keys[1])
}

/// The attack on a format that is like ours but commits to nothing works: so it is the commitment that stops it.
#[test]
fn without_the_commitment_it_would_open_twice() {
    let materials = [[1; 32], [2; 32]].map(|secret| KeyMaterial::import(&key("1234"), &secret).unwrap());
    let none = EncryptionContext::default();
    let blob = seal(&materials[0], &none, &[0; 32], &mut Drawn::with_seed(1)).unwrap();
    let header = blob.len() - 32 - 32 - 16;
    let iv: [u8; 12] = blob[header - 12..header].try_into().unwrap();
    let keys = [0, 1].map(|index| derived(&materials[index], &blob[..header], &none).0);
    let forged = salamander([&keys[0], &keys[1]], &iv, &none.aad());
    assert!(opens(&keys[0], &iv, &[], &forged).is_some() && opens(&keys[1], &iv, &[], &forged).is_some());

    let mut bytes = blob.clone();
    bytes[header + 32..header + 64].copy_from_slice(&forged.0);
    bytes[header + 64..].copy_from_slice(&forged.1);
    let blob = Blob::parse(&bytes).unwrap();
    assert!(open(&blob, &materials[0], &none).is_ok(), "whoever has the key may seal what he likes");
    assert_eq!(open(&blob, &materials[1], &none), Err(OpenError::InvalidCiphertext));
}
