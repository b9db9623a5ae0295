use alloc::{format, string::String, vec, vec::Vec};

use sha2::{Digest as _, Sha256};

use super::*;
use crate::{
    arn::KeyArn,
    random::sources::{By, Counting},
};

fn key() -> KeyArn {
    KeyArn::parse("arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab").unwrap()
}

fn material() -> KeyMaterial {
    KeyMaterial::import(&key(), &core::array::from_fn::<u8, 32, _>(|index| index as u8)).unwrap()
}

fn context(pairs: &[(&str, &str)]) -> EncryptionContext {
    EncryptionContext::from_pairs(pairs.iter().copied()).unwrap()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The nonce `40..4f` and the initialization vector `80..8b`.
fn known_nonces() -> impl Random {
    let mut calls = 0;
    By(move |bytes: &mut [u8]| {
        calls += 1;
        let (nonce, iv) = bytes.split_at_mut(16);
        Counting(if calls == 1 { 0x40 } else { 0 }).fill(nonce)?;
        Counting(0x80).fill(iv)
    })
}

/// Made by another program: tests/vectors/README.md has it.
#[test]
fn known_answers() {
    for (pairs, plaintext, commitment, sealed, hash) in [
        (
            &[][..],
            vec![0],
            "45957ce7aec5aafcf30bb1af2598a54d0605cb1b0cd6167e752d8d42188ed944",
            "943e3a533e50618f525451ec84cd389b6d",
            "12a22abfbbb7c0a0ccad33400b6f39ce9b17f04684e361acd4561e7b2cc09ad6",
        ),
        (
            &[("tenant", "a"), ("Purpose", "test"), ("😀", "～")],
            b"hello keytrace".to_vec(),
            "5103ddb0728f2484a11fbb9733f62e37b3b6d2699f1d0377584aa41eb18aa828",
            "0019732ce611f1790d2b6b20c7fddf7392cc31bc96c7214321d759cbf254",
            "a3da32d812e24081e4fa254c5ba28e2cf88332fad162b6109f1ffcd5cb3ec4fd",
        ),
        (
            &[("a", "bc")],
            vec![0; 4096],
            "eaf8fe660b1f3b4eec635041a36b564b8999f1db44c51aa7ffda07882c1a9085",
            "a66bed9352bee7acb32517dd813f7009",
            "35ea640079de7e4132d912404f2aab1cc35de3b64a6742083571d1b6bdd4a934",
        ),
    ] {
        let context = context(pairs);
        let blob = seal(&material(), &context, &plaintext, &mut known_nonces()).unwrap();
        assert_eq!(blob.len(), plaintext.len() + 116 + 75);
        assert_eq!(hex(&blob[143..175]), commitment);
        assert!(hex(&blob).ends_with(sealed));
        assert_eq!(hex(&Sha256::digest(&blob)), hash);
        let blob = Blob::parse(&blob).unwrap();
        assert_eq!(*open(&blob, &material(), &context).unwrap(), plaintext);
    }
}

#[test]
fn plaintexts_have_1_to_4096_bytes() {
    let seal = |bytes: usize| super::seal(&material(), &context(&[]), &vec![0; bytes], &mut Counting(0));
    assert_eq!(seal(0), Err(SealError::EmptyPlaintext));
    assert!(seal(1).is_ok() && seal(4096).is_ok_and(|blob| blob.len() <= MAX_BLOB_BYTES));
    let error = seal(4097).unwrap_err();
    assert_eq!(error, SealError::PlaintextTooLong { bytes: 4097 });
    assert!(format!("{error}").contains("4097 bytes") && format!("{error}").contains("at most 4096"));
}

#[test]
fn the_longest_arn_still_fits() {
    let arn = |id: usize| KeyArn::parse(&format!("arn:aws:kms:us-east-1:111122223333:key/{}", "k".repeat(id))).unwrap();
    let prefix = arn(1).as_str().len() - 1;
    let longest = KeyMaterial::generate(&arn(MAX_KEY_ARN_BYTES - prefix), &mut Counting(0)).unwrap();
    let blob = seal(&longest, &context(&[]), &[7; 4096], &mut Counting(0)).unwrap();
    assert!(blob.len() <= MAX_BLOB_BYTES);
    assert_eq!(*open(&Blob::parse(&blob).unwrap(), &longest, &context(&[])).unwrap(), [7; 4096]);
    let longer = KeyMaterial::generate(&arn(MAX_KEY_ARN_BYTES - prefix + 1), &mut Counting(0)).unwrap();
    let error = seal(&longer, &context(&[]), &[7], &mut Counting(0)).unwrap_err();
    assert_eq!(error, SealError::KeyArnTooLong { bytes: 513 });
}

#[test]
fn without_random_bytes_nothing_is_sealed() {
    let mut failing = By(|_: &mut [u8]| Err(RandomError::Unavailable));
    let error = seal(&material(), &context(&[]), b"x", &mut failing).unwrap_err();
    assert_eq!(error, SealError::Random(RandomError::Unavailable));
    let mut stuck = By(|bytes: &mut [u8]| Counting(3).fill(bytes));
    let error = seal(&material(), &context(&[]), b"x", &mut stuck).unwrap_err();
    assert_eq!(error, SealError::Random(RandomError::Stuck));
}

#[test]
fn a_named_key_has_to_be_the_one() {
    let primary = KeyArn::parse("arn:aws:kms:us-east-1:111122223333:key/mrk-1234").unwrap();
    let replica = KeyArn::parse("arn:aws:kms:eu-west-1:111122223333:key/mrk-1234").unwrap();
    let material = KeyMaterial::generate(&primary, &mut Counting(0)).unwrap();
    let blob = seal(&material, &context(&[]), b"x", &mut Counting(0)).unwrap();
    let blob = Blob::parse(&blob).unwrap();
    assert_eq!(blob.require_key(&primary), Ok(()));
    assert_eq!(blob.require_key(&replica), Ok(()));
    assert_eq!(blob.require_key(&key()), Err(OpenError::IncorrectKey));
    let related = material.of_related_key(&replica).unwrap();
    assert_eq!(**open(&blob, &related, &context(&[])).unwrap(), *b"x");
}

#[test]
fn bytes_that_are_no_blob() {
    let blob = seal(&material(), &context(&[]), b"x", &mut Counting(0)).unwrap();
    for length in 0..blob.len() {
        assert!(Blob::parse(&blob[..length]).is_err(), "{length}");
    }
    let with = |index: usize, byte: u8| {
        let mut blob = blob.clone();
        blob[index] = byte;
        Blob::parse(&blob).map(|blob| blob.plaintext_bytes()).unwrap_err()
    };
    assert_eq!(with(0, b'X'), BlobError::NotABlob);
    assert_eq!(with(3, 2), BlobError::UnknownVersion { version: 2, suite: 1 });
    assert_eq!(with(4, 9), BlobError::UnknownVersion { version: 1, suite: 9 });
    assert_eq!(with(5, 1), BlobError::UnknownVersion { version: 1, suite: 1 });
    assert_eq!(with(6, 0xff), BlobError::Truncated);
    assert_eq!(with(7, 0), BlobError::NoKeyArn);
    assert_eq!(with(8, 0xff), BlobError::NoKeyArn);
    assert_eq!(Blob::parse(b"").unwrap_err(), BlobError::Empty);
    let long = [&blob[..], &[0; 4096]].concat();
    assert_eq!(Blob::parse(&long).unwrap_err(), BlobError::TooLong);
    assert_eq!(OpenError::from(BlobError::TooLong).name(), "InvalidCiphertextException");
}

#[test]
fn what_people_give_instead_is_recognised() {
    use base64ct::{Base64, Base64Url, Encoding as _};

    let blob = seal(&material(), &context(&[]), b"x", &mut Counting(0)).unwrap();
    let aws = [&[1, 2, 2, 0, 0x78][..], &[0xfe; 147]].concat();
    let sdk = [&[2, 5, 0x78][..], &[0xfe; 500]].concat();
    let mut lines: Vec<u8> = Vec::new();
    for line in Base64::encode_string(&blob).as_bytes().chunks(76) {
        lines.extend(line);
        lines.extend(b"\r\n");
    }
    for (bytes, what) in [
        (aws.clone(), Some(Foreign::AwsKmsCiphertext)),
        (sdk.clone(), Some(Foreign::EncryptionSdkMessage)),
        (vec![1, 0x80, 3, 0x78, 0, 0], Some(Foreign::EncryptionSdkMessage)),
        (Base64::encode_string(&blob).into_bytes(), Some(Foreign::Base64OfBlob)),
        (lines, Some(Foreign::Base64OfBlob)),
        (Base64::encode_string(&aws).into_bytes(), Some(Foreign::Base64OfAwsKmsCiphertext)),
        (Base64Url::encode_string(&aws).into_bytes(), Some(Foreign::Base64OfAwsKmsCiphertext)),
        (Base64::encode_string(&sdk).into_bytes(), Some(Foreign::Base64OfEncryptionSdkMessage)),
        (b"c2VjcmV0IHRleHQ=".to_vec(), Some(Foreign::Base64)),
        (b"  { \"CiphertextBlob\": \"S1RD\" }".to_vec(), Some(Foreign::Json)),
        (b"fileb://ciphertext.bin".to_vec(), Some(Foreign::FileName)),
        (b"1234abcd-12ab-34cd-56ef-1234567890ab\xff\xfe".to_vec(), Some(Foreign::EmulatorCiphertext)),
        (b"two words".to_vec(), None),
        (b"short".to_vec(), None),
        (vec![0xff; 40], None),
    ] {
        assert_eq!(Foreign::recognise(&bytes), what, "{bytes:?}");
        let error = Blob::parse(&bytes).unwrap_err();
        assert_eq!(error, what.map_or(BlobError::NotABlob, BlobError::Foreign));
        assert!(!format!("{error}").is_empty());
    }
}
