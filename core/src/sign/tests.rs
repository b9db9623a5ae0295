//! What holds for every key, whatever its cryptography: the vectors of others are in `tests/tests/sign_….rs`.

use alloc::{format, string::ToString, vec, vec::Vec};

use super::*;
use crate::{
    catalog::{KeySpec, KeyUsage},
    random::{
        RandomError,
        sources::{By, Counting},
    },
};

const CURVES: [KeySpec; 5] = [
    KeySpec::EccNistP256,
    KeySpec::EccNistP384,
    KeySpec::EccNistP521,
    KeySpec::EccSecgP256k1,
    KeySpec::EccNistEdwards25519,
];

fn key(spec: KeySpec, seed: u8) -> SigningKey {
    SigningKey::from_seed(spec, &Seed::new([seed; Seed::LENGTH])).unwrap()
}

fn algorithms(spec: KeySpec) -> impl Iterator<Item = SigningAlgorithm> {
    SigningAlgorithm::ALL.iter().copied().filter(move |algorithm| algorithm.fits(spec))
}

/// A message that the algorithm takes, both ways if it takes both.
fn messages(algorithm: SigningAlgorithm) -> Vec<(MessageType, Vec<u8>)> {
    let digest = algorithm.digest(MessageType::Raw, b"message");
    [(MessageType::Raw, b"message".to_vec()), (MessageType::Digest, digest)]
        .into_iter()
        .filter(|(message_type, _)| algorithm.takes(*message_type))
        .collect()
}

/// Whatever is changed about a signature, the message, the key or the algorithm: it does not verify.
fn signs_and_verifies(spec: KeySpec, key: &SigningKey, other: &SigningKey) {
    for algorithm in algorithms(spec) {
        let messages = messages(algorithm);
        for (message_type, message) in &messages {
            let signature = key.sign(algorithm, *message_type, message, &mut Counting(3)).unwrap();
            // The message and its digest are the same message.
            for (verified_type, verified) in &messages {
                assert_eq!(key.verify(algorithm, *verified_type, verified, &signature), Ok(()), "{algorithm}");
            }
            let invalid = Err(SignError::InvalidSignature);
            let verify = |message: &[u8], signature: &[u8]| key.verify(algorithm, *message_type, message, signature);
            let mut changed = message.clone();
            changed[0] ^= 1;
            assert_eq!(verify(&changed, &signature), invalid, "{algorithm}");
            assert_eq!(other.verify(algorithm, *message_type, message, &signature), invalid, "{algorithm}");
            for at in (0..signature.len()).step_by(7) {
                let mut changed = signature.clone();
                changed[at] ^= 0x10;
                assert_eq!(verify(message, &changed), invalid, "{algorithm} {at}");
            }
            let longer = [&signature[..], &[0]].concat();
            assert_eq!(verify(message, &longer), invalid);
            assert_eq!(verify(message, &signature[1..]), invalid);
            assert_eq!(verify(message, &[]), Err(SignError::SignatureLength));
            assert_eq!(verify(message, &[0; SIGNATURE_LIMIT]), invalid);
            assert_eq!(verify(message, &[0; SIGNATURE_LIMIT + 1]), Err(SignError::SignatureLength));
            for another in algorithms(spec).filter(|another| *another != algorithm) {
                if another.check(spec, *message_type, message).is_ok() {
                    assert_eq!(key.verify(another, *message_type, message, &signature), invalid, "{another}");
                }
            }
        }
    }
}

/// As `GetPublicKey` and `ImportKeyMaterial` would have it: what is written is read again, by its own spec only.
fn survives_writing(spec: KeySpec, key: &SigningKey) {
    let pkcs8 = key.to_pkcs8().unwrap();
    assert_eq!(SigningKey::from_pkcs8(spec, &pkcs8).unwrap().to_pkcs8().unwrap(), pkcs8);
    assert_eq!(VerifyingKey::from_der(spec, key.public_key()).unwrap().as_der(), key.public_key());
    for &another in KeySpec::ALL.iter().filter(|another| **another != spec) {
        let supported = algorithms(another).next().is_some();
        let error =
            if supported { SignError::InvalidKeyMaterial(another) } else { SignError::UnsupportedKeySpec(another) };
        assert_eq!(SigningKey::from_pkcs8(another, &pkcs8).unwrap_err(), error);
        assert_eq!(VerifyingKey::from_der(another, key.public_key()).unwrap_err(), error);
    }
    for length in 0..pkcs8.len() {
        assert!(SigningKey::from_pkcs8(spec, &pkcs8[..length]).is_err(), "{length}");
    }
    for length in 0..key.public_key().len() {
        assert!(VerifyingKey::from_der(spec, &key.public_key()[..length]).is_err(), "{length}");
    }
    assert!(SigningKey::from_pkcs8(spec, &[&pkcs8[..], &[0]].concat()).is_err());
    assert_eq!(format!("{key:?}"), format!("SigningKey({}, ..)", spec.name()));
    assert_eq!(format!("{:?}", key.verifying_key()), format!("VerifyingKey({}, ..)", spec.name()));
}

#[test]
fn elliptic_curves() {
    for (spec, length) in CURVES.into_iter().zip([91, 120, 158, 88, 44]) {
        let (one, other) = (key(spec, 1), key(spec, 2));
        signs_and_verifies(spec, &one, &other);
        survives_writing(spec, &one);
        assert_eq!(one.public_key().len(), length, "{}", spec.name());
        assert_eq!(one.spec(), spec);
        assert_ne!(one.public_key(), other.public_key());
        assert_eq!(one.public_key(), key(spec, 1).public_key());
        assert_eq!(one.public_key(), one.clone().public_key());
    }
}

/// Making one takes half a second without optimization; the longer ones are read from files in the tests outside.
#[test]
fn rsa_2048() {
    let (one, other) = (key(KeySpec::Rsa2048, 1), key(KeySpec::Rsa2048, 2));
    signs_and_verifies(KeySpec::Rsa2048, &one, &other);
    survives_writing(KeySpec::Rsa2048, &one);
    assert_eq!(one.public_key().len(), 294);
    assert_eq!(one.public_key(), key(KeySpec::Rsa2048, 1).public_key());
    for &algorithm in EncryptionAlgorithm::ALL {
        let limit = algorithm.plaintext_limit(KeySpec::Rsa2048).unwrap();
        let mut random = Counting(1);
        for length in [1, 32, limit] {
            let plaintext = vec![length as u8; length];
            let ciphertext = one.encrypt(algorithm, &plaintext, &mut random).unwrap();
            assert_eq!(ciphertext.len(), 256);
            assert_ne!(one.encrypt(algorithm, &plaintext, &mut random).unwrap(), ciphertext);
            assert_eq!(*one.decrypt(algorithm, &ciphertext, &mut random).unwrap(), plaintext);
            assert_eq!(other.decrypt(algorithm, &ciphertext, &mut random), Err(SignError::InvalidCiphertext));
            let mut changed = ciphertext;
            changed[255] ^= 1;
            assert_eq!(one.decrypt(algorithm, &changed, &mut random), Err(SignError::InvalidCiphertext));
        }
        for length in [0, limit + 1] {
            let error = one.encrypt(algorithm, &vec![0; length], &mut random);
            assert_eq!(error, Err(SignError::PlaintextLength { limit }));
        }
        assert_eq!(one.decrypt(algorithm, &[], &mut random), Err(SignError::InvalidCiphertext));
    }
    let [sha1, sha256] = [EncryptionAlgorithm::RsaesOaepSha1, EncryptionAlgorithm::RsaesOaepSha256];
    let ciphertext = one.encrypt(sha1, b"plaintext", &mut Counting(1)).unwrap();
    assert_eq!(one.decrypt(sha256, &ciphertext, &mut Counting(1)), Err(SignError::InvalidCiphertext));
}

/// Forgetting to normalize `s` shows in tests against this as it shows against KMS: half of the time.
#[test]
fn s_is_high_or_low() {
    let key = key(KeySpec::EccSecgP256k1, 1);
    let mut random = Counting(0);
    let signature = || key.sign(SigningAlgorithm::EcdsaSha256, MessageType::Raw, b"message", &mut random).unwrap();
    let signatures: Vec<_> = core::iter::repeat_with(signature).take(64).collect();
    let is_high = |der: &&Vec<u8>| k256::ecdsa::Signature::from_der(der).is_ok_and(|read| read.normalize_s() != read);
    let high = signatures.iter().filter(is_high).count();
    assert!((16..=48).contains(&high), "{high} of 64");
    for signature in &signatures {
        assert_eq!(key.verify(SigningAlgorithm::EcdsaSha256, MessageType::Raw, b"message", signature), Ok(()));
    }
}

/// Which algorithms say the same twice, and which do not.
#[test]
fn signing_again_gives_another_signature_where_it_does_with_kms() {
    for spec in CURVES.into_iter().chain([KeySpec::Rsa2048]) {
        let key = key(spec, 1);
        for algorithm in algorithms(spec) {
            let (message_type, message) = messages(algorithm).remove(0);
            let mut random = Counting(0);
            let mut sign = || key.sign(algorithm, message_type, &message, &mut random).unwrap();
            let deterministic = ["RSASSA_PKCS1", "ED25519"].iter().any(|start| algorithm.name().starts_with(start));
            assert_eq!(sign() == sign(), deterministic, "{algorithm}");
        }
    }
}

#[test]
fn without_randomness_nothing_is_made() {
    let mut failing = By(|_: &mut [u8]| Err(RandomError::Unavailable));
    let error = SignError::Random(RandomError::Unavailable);
    assert_eq!(error.name(), "KMSInternalException");
    for spec in CURVES.into_iter().chain([KeySpec::Rsa2048]) {
        assert_eq!(SigningKey::generate(spec, &mut failing).unwrap_err(), error);
        let key = key(spec, 1);
        for algorithm in algorithms(spec) {
            let (message_type, message) = messages(algorithm).remove(0);
            let signed = key.sign(algorithm, message_type, &message, &mut failing);
            if spec == KeySpec::EccNistEdwards25519 {
                assert!(signed.is_ok());
            } else {
                assert_eq!(signed, Err(error), "{algorithm}");
            }
        }
    }
    // A source that writes nothing does not make the search for a key run for ever.
    let mut idle = By(|_: &mut [u8]| Ok(()));
    let stuck = SignError::Random(RandomError::Stuck);
    assert_eq!(SigningKey::generate(KeySpec::EccNistP256, &mut idle).unwrap_err(), stuck);
    let rsa = key(KeySpec::Rsa2048, 1);
    let oaep = EncryptionAlgorithm::RsaesOaepSha256;
    assert_eq!(rsa.encrypt(oaep, b"plaintext", &mut failing), Err(error));
    assert_eq!(rsa.decrypt(oaep, &[0; 256], &mut failing), Err(error));
}

#[test]
fn other_keys_do_not_sign() {
    for &spec in KeySpec::ALL {
        if algorithms(spec).next().is_none() {
            let error = SignError::UnsupportedKeySpec(spec);
            assert_eq!(SigningKey::generate(spec, &mut Counting(0)).unwrap_err(), error);
            assert_eq!(SigningKey::from_seed(spec, &Seed::new([1; Seed::LENGTH])).unwrap_err(), error);
            assert_eq!(error.name(), "UnsupportedOperationException");
        } else {
            assert!(spec.supports(KeyUsage::SignVerify));
        }
    }
    let key = key(KeySpec::EccNistP256, 1);
    let error = key.encrypt(EncryptionAlgorithm::RsaesOaepSha1, b"plaintext", &mut Counting(0)).unwrap_err();
    assert_eq!(error.to_string(), "Algorithm RSAES_OAEP_SHA_1 is incompatible with key spec ECC_NIST_P256.");
    assert_eq!(error.name(), "InvalidKeyUsageException");
    assert!(key.decrypt(EncryptionAlgorithm::RsaesOaepSha1, &[0; 256], &mut Counting(0)).is_err());
}

/// RFC 8032, 7.1 (test 2) and 7.3: the signatures of Ed25519 and Ed25519ph are settled by the message.
#[test]
fn rfc_8032() {
    let hex = |text: &str| -> Vec<u8> {
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
    };
    #[rustfmt::skip]
    let rows = [
        (SigningAlgorithm::Ed25519Sha512, MessageType::Raw,
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", hex("72"),
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
        (SigningAlgorithm::Ed25519PhSha512, MessageType::Digest,
            "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
            SigningAlgorithm::Ed25519PhSha512.digest(MessageType::Raw, b"abc"),
            "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
            "98a70222f0b8121aa9d30f813d683f809e462b469c7ff87639499bb94e6dae4131f85042463c2a355a2003d062adf5aaa10b8c61e636062aaad11c2a26083406"),
    ];
    for (algorithm, message_type, private, message, public, signature) in rows {
        let pkcs8 = [hex("302e020100300506032b657004220420"), hex(private)].concat();
        let key = SigningKey::from_pkcs8(KeySpec::EccNistEdwards25519, &pkcs8).unwrap();
        let written: alloc::string::String = key.public_key()[12..].iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(written, public);
        assert_eq!(key.sign(algorithm, message_type, &message, &mut Counting(0)), Ok(hex(signature)), "{algorithm}");
    }
}
