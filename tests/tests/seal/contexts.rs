//! The bytes that an encryption context stands for.

use keytrace::seal::EncryptionContext;
use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

use super::{cases, contexts, pairs};

proptest! {
    #![proptest_config(cases(2000))]

    /// Two contexts have the same bytes only if they are the same.
    #[test]
    fn the_encoding_is_injective(one in contexts(), other in contexts()) {
        prop_assert_eq!(one.aad() == other.aad(), one == other);
        prop_assert_eq!(EncryptionContext::from_aad(&one.aad()), Some(one));
    }

    /// What can be read is written in one way only.
    #[test]
    fn any_bytes_are_read_strictly(bytes in proptest::collection::vec(0u8..4, 0..24)) {
        if let Some(context) = EncryptionContext::from_aad(&bytes) {
            prop_assert_eq!(context.aad(), bytes);
        }
    }

    #[test]
    fn one_bit_makes_another_context_or_none(context in contexts(), at in any::<u16>(), bit in 0..8) {
        let mut bytes = context.aad();
        if !bytes.is_empty() {
            let at = usize::from(at) % bytes.len();
            bytes[at] ^= 1u8 << bit;
            prop_assert!(EncryptionContext::from_aad(&bytes) != Some(context));
        }
    }

    #[test]
    fn order_does_not_matter(pairs in pairs(), seed in any::<u64>()) {
        let mut shuffled = pairs.clone();
        fastrand::Rng::with_seed(seed).shuffle(&mut shuffled);
        let of = |pairs| EncryptionContext::from_pairs::<String, String>(pairs).unwrap();
        prop_assert_eq!(of(shuffled).aad(), of(pairs).aad());
    }
}

/// What other emulators take for the same, since they put keys and values behind one another.
#[test]
fn the_bounds_of_texts_count() {
    let contexts: Vec<_> = [
        vec![("a", "bc")],
        vec![("ab", "c")],
        vec![("abc", "")],
        vec![("", "abc")],
        vec![("a", "b"), ("c", "")],
        vec![],
        vec![("", "")],
        vec![("\u{e9}", "")],
        vec![("e\u{301}", "")],
        vec![("a", "bc\0")],
    ]
    .into_iter()
    .map(|pairs| EncryptionContext::from_pairs(pairs).unwrap().aad())
    .collect();
    for (index, one) in contexts.iter().enumerate() {
        assert!(!contexts[index + 1..].contains(one), "{one:?}");
    }
}
