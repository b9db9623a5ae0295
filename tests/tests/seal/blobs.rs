//! Ciphertext blobs.

use std::collections::BTreeSet;

use keytrace::random::{Random, RandomError};
use keytrace::seal::{Blob, EncryptionContext, Foreign, KeyMaterial, OpenError, SealError, open, seal};
use proptest::{
    collection::vec,
    prelude::{any, prop_assert, prop_assert_eq, proptest},
};

use super::{Drawn, cases, contexts, key, material};

fn opened(bytes: &[u8], material: &KeyMaterial, context: &EncryptionContext) -> Result<Vec<u8>, OpenError> {
    open(&Blob::parse(bytes)?, material, context).map(|plaintext| plaintext.to_vec())
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn what_was_sealed_opens(context in contexts(), plaintext in vec(any::<u8>(), 1..300), seed in any::<u64>()) {
        let material = material(seed);
        let blob = seal(&material, &context, &plaintext, &mut Drawn::with_seed(seed ^ 1)).unwrap();
        prop_assert_eq!(opened(&blob, &material, &context), Ok(plaintext));
    }

    #[test]
    fn another_context_does_not_open(context in contexts(), other in contexts(), seed in any::<u64>()) {
        let material = material(seed);
        let blob = seal(&material, &context, b"x", &mut Drawn::with_seed(seed ^ 1)).unwrap();
        prop_assert_eq!(opened(&blob, &material, &other).is_ok(), context == other);
    }

    /// A pair more, a pair less, a character more or less in one of them.
    #[test]
    fn a_context_that_is_nearly_right_does_not_open(context in contexts(), which in any::<u8>(), how in 0..4) {
        let mut pairs: Vec<(String, String)> =
            context.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect();
        let index = usize::from(which) % pairs.len().max(1);
        match (how, pairs.get_mut(index)) {
            (0, Some((key, _))) => key.push('x'),
            (1, Some((_, value))) => drop(value.pop().is_none().then(|| value.push(' '))),
            (2, Some(_)) => drop(pairs.remove(index)),
            _ => pairs.push(("one more".into(), String::new())),
        }
        let material = material(1);
        let blob = seal(&material, &context, b"x", &mut Drawn::with_seed(2)).unwrap();
        if let Ok(changed) = EncryptionContext::from_pairs(pairs) {
            prop_assert!(changed != context);
            prop_assert_eq!(opened(&blob, &material, &changed), Err(OpenError::InvalidCiphertext));
        }
    }

    /// Its own material opens a blob, that of no other key and no other rotation.
    #[test]
    fn only_its_own_material_opens_it(one in any::<u64>(), other in any::<u64>()) {
        let context = EncryptionContext::default();
        let blob = seal(&material(one), &context, b"x", &mut Drawn::with_seed(3)).unwrap();
        prop_assert_eq!(opened(&blob, &material(other), &context).is_ok(), one == other);
        let mut secret = *material(one).reveal();
        secret[(other % 32) as usize] ^= 1 << (other / 32 % 8);
        let nearly = KeyMaterial::import(material(one).key(), &secret).unwrap();
        prop_assert_eq!(opened(&blob, &nearly, &context), Err(OpenError::InvalidCiphertext));
        let elsewhere = KeyMaterial::import(&key("5678"), material(one).reveal()).unwrap();
        prop_assert_eq!(opened(&blob, &elsewhere, &context), Err(OpenError::InvalidCiphertext));
    }

    /// The front of one blob and the rest of another, under everything that both have in common.
    #[test]
    fn two_blobs_cannot_be_spliced(cut in any::<u16>(), seed in any::<u64>()) {
        let (material, context) = (material(1), EncryptionContext::default());
        let mut random = Drawn::with_seed(seed);
        let one = seal(&material, &context, b"the same length", &mut random).unwrap();
        let other = seal(&material, &context, b"the same length", &mut random).unwrap();
        let cut = usize::from(cut) % one.len();
        let spliced = [&one[..cut], &other[cut..]].concat();
        let is_one_of_them = spliced == one || spliced == other;
        prop_assert_eq!(opened(&spliced, &material, &context).is_ok(), is_one_of_them);
    }

    #[test]
    fn any_bytes_come_to_nothing(bytes in vec(any::<u8>(), 0..400), front in 0..2) {
        let bytes = if front == 0 { bytes } else { [&b"KTC\x01\x01\0\0\x33"[..], &bytes].concat() };
        prop_assert!(opened(&bytes, &material(1), &EncryptionContext::default()).is_err());
        let _ = Foreign::recognise(&bytes);
    }
}

/// Each bit of a blob, one after the other; each length; whatever is put behind it.
#[test]
fn no_bit_of_a_blob_can_be_changed() {
    let (material, context) = (material(1), EncryptionContext::from_pairs([("a", "1")]).unwrap());
    let blob = seal(&material, &context, b"attack at dawn", &mut Drawn::with_seed(2)).unwrap();
    let mut changed = blob.clone();
    for bit in 0..blob.len() * 8 {
        changed[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(opened(&changed, &material, &context), Err(OpenError::InvalidCiphertext), "bit {bit}");
        changed[bit / 8] ^= 1 << (bit % 8);
    }
    for length in 0..blob.len() {
        assert!(opened(&blob[..length], &material, &context).is_err());
    }
    for more in 1..40 {
        changed.push(more);
        assert!(opened(&changed, &material, &context).is_err());
    }
}

#[test]
fn every_rotation_opens_all_older_blobs() {
    let context = EncryptionContext::from_pairs([("tenant", "a")]).unwrap();
    let (mut materials, mut blobs) = (Vec::new(), Vec::new());
    let mut random = Drawn::with_seed(5);
    for rotation in 0..26u8 {
        materials.push(KeyMaterial::generate(&key("1234"), &mut random).unwrap());
        blobs.push(seal(materials.last().unwrap(), &context, &[rotation], &mut random).unwrap());
        for (sealed, bytes) in blobs.iter().enumerate() {
            let blob = Blob::parse(bytes).unwrap();
            // The blob says which of them it was.
            let material = materials.iter().find(|material| material.id() == blob.key_material_id()).unwrap();
            assert_eq!(**open(&blob, material, &context).unwrap(), [sealed as u8]);
        }
    }
}

/// The commitment comes from the same derivation as the key: where no two are alike, no two keys are.
#[test]
fn no_two_seals_share_a_key() {
    let (material, context) = (material(1), EncryptionContext::default());
    let mut random = Drawn::with_seed(6);
    let (mut commitments, mut seals, mut sealed) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for _ in 0..5000 {
        let blob = seal(&material, &context, b"the same", &mut random).unwrap();
        seals.insert(Blob::parse(&blob).unwrap().seal_id());
        let tail = blob.len() - 8 - 16;
        commitments.insert(blob[tail - 32..tail].to_vec());
        sealed.insert(blob[tail..].to_vec());
    }
    assert_eq!((commitments.len(), seals.len(), sealed.len()), (5000, 5000, 5000));
}

/// Whatever is wrong with the random bytes: nothing is sealed.
#[test]
fn faults_of_the_source_are_seen() {
    struct Source<F>(F);
    impl<F: FnMut(&mut [u8]) -> Result<(), RandomError>> Random for Source<F> {
        fn fill(&mut self, bytes: &mut [u8]) -> Result<(), RandomError> {
            (self.0)(bytes)
        }
    }
    let sealed = |random: &mut dyn Random| seal(&material(1), &EncryptionContext::default(), b"x", random);
    let stuck = Err(SealError::Random(RandomError::Stuck));
    let failing = sealed(&mut Source(|_: &mut [u8]| Err(RandomError::Unavailable)));
    assert_eq!(failing, Err(SealError::Random(RandomError::Unavailable)));
    let silent = sealed(&mut Source(|_: &mut [u8]| Ok(())));
    assert_eq!(silent, stuck, "writes nothing");
    let zeros = sealed(&mut Source(|bytes: &mut [u8]| {
        bytes.fill(0);
        Ok(())
    }));
    assert_eq!(zeros, stuck, "all zero");
    let mut repeating = Source(|bytes: &mut [u8]| Drawn::with_seed(1).fill(bytes));
    assert_eq!(sealed(&mut repeating), stuck, "the same bytes each time");
    let mut drawn = Drawn::with_seed(1);
    let short = sealed(&mut Source(|bytes: &mut [u8]| {
        let written = bytes.len() / 2;
        drawn.fill(&mut bytes[..written])
    }));
    assert_eq!(short, stuck, "fewer bytes than asked for");
}
