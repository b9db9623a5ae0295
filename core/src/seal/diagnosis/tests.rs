use alloc::{
    string::{String, ToString},
    vec,
};

use super::{super::seal, *};
use crate::random::sources::Counting;

fn key() -> KeyArn {
    KeyArn::parse("arn:aws:kms:us-east-1:111122223333:key/1234abcd").unwrap()
}

fn material() -> KeyMaterial {
    KeyMaterial::import(&key(), &[7; 32]).unwrap()
}

fn context(pairs: &[(&str, &str)]) -> EncryptionContext {
    EncryptionContext::from_pairs(pairs.iter().copied()).unwrap()
}

fn sealed(pairs: &[(&str, &str)]) -> Vec<u8> {
    seal(&material(), &context(pairs), b"plaintext", &mut Counting(0)).unwrap()
}

fn cause(ciphertext: &[u8], given: &EncryptionContext, known: &[&EncryptionContext]) -> Cause {
    let evidence = Evidence { material: Some(&material()), sealed_under: None, known_contexts: known };
    diagnose(&Attempt { ciphertext, key: None, context: given }, &evidence)
}

/// The sentences about a ciphertext that was sealed under one context and is opened under another.
fn sentences(sealed_under: &[(&str, &str)], given: &[(&str, &str)], known: &[&[(&str, &str)]]) -> Vec<String> {
    let known: Vec<_> = known.iter().map(|pairs| context(pairs)).collect();
    let known: Vec<_> = known.iter().collect();
    match cause(&sealed(sealed_under), &context(given), &known) {
        Cause::EncryptionContext { sealed_under: found, differences } => {
            assert_eq!(found, context(sealed_under));
            differences.iter().map(ToString::to_string).collect()
        }
        other => vec![other.to_string()],
    }
}

#[test]
fn the_pair_is_found_without_a_record() {
    let ab = &[("a", "1"), ("b", "2")][..];
    assert_eq!(sentences(&[("a", "1")], ab, &[]), ["the pair `b` = `2` does not belong there"]);
    assert_eq!(
        sentences(&[], ab, &[]),
        ["the pair `a` = `1` does not belong there", "the pair `b` = `2` does not belong there"]
    );
    assert_eq!(
        sentences(&[("Stage", "prod"), ("x", "1")], &[("stage", "PROD"), ("x", "1")], &[]),
        ["the key is `Stage`, not `stage`: case counts", "the value of `Stage` is `prod`, not `PROD`: case counts"]
    );
    assert_eq!(
        sentences(&[("stage", "prod")], &[("stage", "prod ")], &[]),
        ["the value of `stage` is `prod`, not `prod `: white space counts"]
    );
    assert_eq!(sentences(&[("É", "é")], &[("é", "é")], &[]), ["the key is `É`, not `é`: case counts"]);
}

#[test]
fn the_pair_is_found_among_known_contexts() {
    // The whole context is known.
    let known = &[("tenant", "a"), ("stage", "prod"), ("region", "eu")][..];
    assert_eq!(
        sentences(known, &[("tenant", "b"), ("stage", "prod"), ("owner", "me")], &[known]),
        [
            "the pair `region` = `eu` is missing",
            "the value of `tenant` is `a`, not `b`",
            "the pair `owner` = `me` does not belong there",
        ]
    );
    // Only the pair is, from a context of something else.
    assert_eq!(
        sentences(&[("tenant", "a"), ("x", "1")], &[("x", "1")], &[&[("tenant", "a"), ("y", "2")]]),
        ["the pair `tenant` = `a` is missing"]
    );
    assert_eq!(
        sentences(&[("tenant", "a"), ("x", "1")], &[("tenant", "b"), ("x", "1")], &[&[("tenant", "a")]]),
        ["the value of `tenant` is `a`, not `b`"]
    );
    // Letters that look alike.
    assert_eq!(
        sentences(&[("k", "\u{e9}")], &[("k", "e\u{301}")], &[&[("k", "\u{e9}")]]),
        ["the value of `k` is `\u{e9}`, not `e\u{301}`, that is `\\u{e9}`, not `e\\u{301}`"]
    );
}

#[test]
fn what_is_damaged_is_told_apart() {
    let (right, wrong) = (context(&[("a", "1")]), context(&[("a", "2")]));
    let blob = sealed(&[("a", "1")]);
    assert_eq!(cause(&blob, &right, &[]), Cause::Opens);

    let header = Blob::parse(&blob).unwrap().header().len();
    for index in 0..blob.len() {
        let mut damaged = blob.clone();
        damaged[index] ^= 1;
        let found = cause(&damaged, &right, &[&wrong]);
        let part = |part| found == Cause::Damaged(part);
        match index {
            _ if index >= header + 32 => assert!(part(Part::Ciphertext), "{index}: {found}"),
            _ if index >= header => assert!(part(Part::Commitment), "{index}: {found}"),
            _ if index >= header - 28 => assert_eq!(found, Cause::UnknownEncryptionContext, "{index}"),
            _ if index >= header - 60 => assert!(matches!(found, Cause::NoKeyMaterial { .. }), "{index}: {found}"),
            _ => assert!(!matches!(found, Cause::Opens | Cause::EncryptionContext { .. }), "{index}: {found}"),
        }
    }
    // With the record of what was sealed, a header shows its damage too.
    let mut damaged = blob.clone();
    damaged[10] = b'X';
    let material = material();
    let evidence = Evidence { material: Some(&material), sealed_under: Some(&right), known_contexts: &[] };
    let attempt = Attempt { ciphertext: &blob, key: None, context: &wrong };
    assert!(matches!(diagnose(&attempt, &evidence), Cause::EncryptionContext { .. }));
    let last = header - 1;
    damaged = blob.clone();
    damaged[last] ^= 1;
    let attempt = Attempt { ciphertext: &damaged, key: None, context: &right };
    assert_eq!(diagnose(&attempt, &evidence), Cause::Damaged(Part::Header));
}

#[test]
fn keys_and_materials_come_first() {
    let blob = sealed(&[]);
    let other = KeyArn::parse("arn:aws:kms:us-east-1:111122223333:key/5678").unwrap();
    let none = context(&[]);
    let material = material();
    let evidence = Evidence { material: Some(&material), ..Evidence::default() };
    let attempt = Attempt { ciphertext: &blob, key: Some(&other), context: &none };
    assert_eq!(diagnose(&attempt, &evidence), Cause::IncorrectKey { sealed_by: key() });
    let attempt = Attempt { key: None, ..attempt };
    let missing = Cause::NoKeyMaterial { key: key(), id: material.id() };
    assert_eq!(diagnose(&attempt, &Evidence::default()), missing);
    let another = KeyMaterial::import(&key(), &[8; 32]).unwrap();
    assert_eq!(diagnose(&attempt, &Evidence { material: Some(&another), ..Evidence::default() }), missing);
    let attempt = Attempt { ciphertext: b"{}", ..attempt };
    assert!(diagnose(&attempt, &evidence).to_string().contains("`CiphertextBlob`"));
}

/// However much there is to try, it comes to an end.
#[test]
fn the_search_is_bounded() {
    let long = "v".repeat(60_000);
    let pairs: Vec<_> = (0..30).map(|number| (number.to_string(), "v".repeat(2000))).collect();
    let many = EncryptionContext::from_pairs(pairs).unwrap();
    let big = context(&[("k", &long)]);
    assert_eq!(cause(&sealed(&[("nobody", "knows")]), &many, &[&big; 200]), Cause::UnknownEncryptionContext);
}
