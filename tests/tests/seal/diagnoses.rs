//! Why something does not open.

use keytrace::seal::{Attempt, Cause, Difference, EncryptionContext, Evidence, Part, diagnose, seal};
use proptest::{
    collection::vec,
    prelude::{any, prop_assert, prop_assert_eq, proptest},
};

use super::{Drawn, cases, contexts, material, pairs};

fn cause(ciphertext: &[u8], given: &EncryptionContext, evidence: &Evidence<'_>) -> Cause {
    diagnose(&Attempt { ciphertext, key: None, context: given }, evidence)
}

proptest! {
    #![proptest_config(cases(200))]

    /// With a record of what was sealed, every difference is named, and they lead from the one to the other.
    #[test]
    fn a_record_names_every_difference(sealed_under in contexts(), given in contexts()) {
        let material = material(1);
        let blob = seal(&material, &sealed_under, b"x", &mut Drawn::with_seed(2)).unwrap();
        let evidence = Evidence {
            material: Some(&material),
            sealed_under: Some(&sealed_under),
            known_contexts: &[],
        };
        match cause(&blob, &given, &evidence) {
            Cause::Opens => prop_assert_eq!(given, sealed_under),
            Cause::EncryptionContext { sealed_under: found, differences } => {
                prop_assert_eq!(&found, &sealed_under);
                prop_assert!(!differences.is_empty());
                prop_assert_eq!(mended(&given, &differences), sealed_under);
            }
            other => prop_assert!(false, "{other}"),
        }
    }

    /// Without a record: a pair too many is found by trying, and so is one that is known from elsewhere.
    #[test]
    fn one_mistake_is_found_without_a_record(pairs in pairs(), which in any::<u8>()) {
        let material = material(1);
        let whole = EncryptionContext::from_pairs(pairs.clone()).unwrap();
        if !pairs.is_empty() {
            let mut fewer = pairs.clone();
            let pair = fewer.remove(usize::from(which) % pairs.len());
            let fewer = EncryptionContext::from_pairs(fewer).unwrap();
            let other = EncryptionContext::from_pairs([pair.clone(), ("elsewhere\0".into(), "x".into())]).unwrap();
            let (key, value) = (pair.0.as_str().into(), pair.1.as_str().into());

            let evidence = Evidence { material: Some(&material), ..Evidence::default() };
            let blob = seal(&material, &fewer, b"x", &mut Drawn::with_seed(2)).unwrap();
            let Cause::EncryptionContext { differences, .. } = cause(&blob, &whole, &evidence) else { panic!() };
            prop_assert_eq!(differences, [Difference::Extra { key, value }]);

            let (key, value) = (pair.0.as_str().into(), pair.1.as_str().into());
            let evidence = Evidence { known_contexts: &[&other], ..evidence };
            let blob = seal(&material, &whole, b"x", &mut Drawn::with_seed(2)).unwrap();
            let Cause::EncryptionContext { differences, .. } = cause(&blob, &fewer, &evidence) else { panic!() };
            prop_assert_eq!(differences, [Difference::Missing { key, value }]);
        }
    }

    /// Damage is never taken for another context, and no bytes stop it.
    #[test]
    fn damage_is_damage(context in contexts(), at in any::<u16>(), bit in 0..8) {
        let material = material(1);
        let mut blob = seal(&material, &context, b"x", &mut Drawn::with_seed(2)).unwrap();
        let at = usize::from(at) % blob.len();
        blob[at] ^= 1u8 << bit;
        let evidence = Evidence { material: Some(&material), sealed_under: Some(&context), known_contexts: &[] };
        let found = cause(&blob, &context, &evidence);
        prop_assert!(
            matches!(found, Cause::Malformed(_) | Cause::NoKeyMaterial { .. } | Cause::Damaged(_)),
            "byte {at}: {found}"
        );
        if at >= blob.len() - 17 {
            prop_assert_eq!(found, Cause::Damaged(Part::Ciphertext));
        }
    }

    #[test]
    fn any_bytes_are_malformed(bytes in vec(any::<u8>(), 0..300), context in contexts()) {
        let found = cause(&bytes, &context, &Evidence::default());
        prop_assert!(matches!(found, Cause::Malformed(_)) && !found.to_string().is_empty());
    }
}

/// The context that comes of mending every difference.
fn mended(given: &EncryptionContext, differences: &[Difference]) -> EncryptionContext {
    let mut pairs: Vec<(String, String)> = given.iter().map(|(key, value)| (key.into(), value.into())).collect();
    for difference in differences {
        match difference {
            Difference::Missing { key, value } => pairs.push(((**key).into(), (**value).into())),
            Difference::Extra { key, .. } => pairs.retain(|(other, _)| **other != **key),
            Difference::Value { key, sealed, .. } => {
                pairs
                    .iter_mut()
                    .filter(|(other, _)| **other == **key)
                    .for_each(|(_, value)| *value = (**sealed).into());
            }
            Difference::Key { sealed, given, .. } => {
                pairs.iter_mut().filter(|(other, _)| **other == **given).for_each(|(key, _)| *key = (**sealed).into());
            }
        }
    }
    EncryptionContext::from_pairs(pairs).unwrap()
}
