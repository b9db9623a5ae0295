//! Signatures that other libraries made verify here, and ours verify there.
//!
//! `foreign.json` was made by OpenSSL and PyCryptodome, as `tests/vectors/sign/foreign.py` says; ours are verified by
//! Node.js, with `tests/sign/verify.mjs`. `-- --nocapture` prints how many there are.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may stop at the first surprise"
)]

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use base64ct::{Base64, Encoding};
use keytrace::{
    catalog::KeySpec,
    random::{Random, RandomError},
    sign::{
        EncryptionAlgorithm, MESSAGE_LIMIT, MessageType, Seed, SignError, SigningAlgorithm, SigningKey, VerifyingKey,
    },
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256, Sha384, Sha512};

fn bytes(value: &Value) -> Vec<u8> {
    Base64::decode_vec(value.as_str().unwrap()).unwrap()
}

fn foreign() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/sign/foreign.json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn keys(foreign: &Value) -> BTreeMap<&str, SigningKey> {
    let keys = foreign["keys"].as_object().unwrap().iter();
    keys.map(|(name, key)| {
        let spec = KeySpec::from_name(name).unwrap();
        (&**name, SigningKey::from_pkcs8(spec, &bytes(&key["pkcs8"])).unwrap())
    })
    .collect()
}

fn algorithm(value: &Value) -> SigningAlgorithm {
    SigningAlgorithm::from_name(value.as_str().unwrap()).unwrap()
}

fn digest(algorithm: SigningAlgorithm, message: &[u8]) -> Vec<u8> {
    match algorithm.digest_length() {
        32 => Sha256::digest(message).to_vec(),
        48 => Sha384::digest(message).to_vec(),
        _ => Sha512::digest(message).to_vec(),
    }
}

/// The same in every run; a test need not be unpredictable.
struct Dice(fastrand::Rng);

impl Random for Dice {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), RandomError> {
        self.0.fill(bytes);
        Ok(())
    }
}

fn dice() -> Dice {
    Dice(fastrand::Rng::with_seed(4))
}

#[test]
fn the_public_key_of_an_imported_one_is_that_of_openssl() {
    let foreign = foreign();
    let keys = keys(&foreign);
    assert_eq!(keys.len(), 8);
    for (name, key) in keys {
        let spki = bytes(&foreign["keys"][name]["spki"]);
        assert_eq!(key.public_key(), spki, "{name}");
        assert_eq!(VerifyingKey::from_der(key.spec(), &spki).unwrap().as_der(), spki, "{name}");
    }
}

#[test]
fn signatures_of_other_libraries_verify() {
    let foreign = foreign();
    let (keys, mut count) = (keys(&foreign), BTreeMap::new());
    for entry in foreign["signatures"].as_array().unwrap() {
        let (key, algorithm) = (&keys[entry["key"].as_str().unwrap()], algorithm(&entry["algorithm"]));
        let mut messages = vec![];
        if let Some(name) = entry["of"].as_str() {
            let message = bytes(&foreign["messages"][name]);
            if algorithm.takes(MessageType::Digest) {
                messages.push((MessageType::Digest, digest(algorithm, &message)));
            }
            messages.push((MessageType::Raw, message));
        } else {
            messages.push((MessageType::Digest, bytes(&entry["digest"])));
        }
        let signature = bytes(&entry["signature"]);
        for (message_type, mut message) in messages {
            assert_eq!(key.verify(algorithm, message_type, &message, &signature), Ok(()), "{entry}");
            message[0] ^= 1;
            let error = key.verify(algorithm, message_type, &message, &signature);
            assert_eq!(error, Err(SignError::InvalidSignature), "{entry}");
            *count.entry((entry["by"].as_str().unwrap(), algorithm.name(), message_type.name())).or_insert(0) += 1;
        }
    }
    println!("{}", foreign["made by"]);
    count.iter().for_each(|(what, count)| println!("{count} verify: {what:?}"));
    // Every algorithm, with all types of message that it takes.
    let of = |algorithm: &SigningAlgorithm, message_type: MessageType| {
        count.keys().any(|(_, name, type_name)| *name == algorithm.name() && *type_name == message_type.name())
    };
    for algorithm in SigningAlgorithm::ALL {
        for &message_type in MessageType::ALL {
            assert_eq!(of(algorithm, message_type), algorithm.takes(message_type), "{algorithm} {message_type}");
        }
    }
}

/// What KMS would not have made: another salt, another hash function for MGF1.
#[test]
fn other_parameters_of_pss_are_refused() {
    let foreign = foreign();
    let (keys, refused) = (keys(&foreign), foreign["refused"].as_array().unwrap());
    for entry in refused {
        let message = bytes(&foreign["messages"][entry["of"].as_str().unwrap()]);
        let key = &keys[entry["key"].as_str().unwrap()];
        let verified =
            key.verify(algorithm(&entry["algorithm"]), MessageType::Raw, &message, &bytes(&entry["signature"]));
        assert_eq!(verified, Err(SignError::InvalidSignature), "{}", entry["why"]);
    }
    println!("{} refused", refused.len());
}

#[test]
fn ciphertexts_of_openssl_decrypt() {
    let foreign = foreign();
    let (keys, ciphertexts) = (keys(&foreign), foreign["ciphertexts"].as_array().unwrap());
    for entry in ciphertexts {
        let algorithm = EncryptionAlgorithm::from_name(entry["algorithm"].as_str().unwrap()).unwrap();
        let decrypted =
            keys[entry["key"].as_str().unwrap()].decrypt(algorithm, &bytes(&entry["ciphertext"]), &mut dice());
        assert_eq!(*decrypted.unwrap(), bytes(&entry["plaintext"]));
    }
    println!("{} decrypt", ciphertexts.len());
}

/// Keys that we made, where that takes no time, and for RSA also keys of OpenSSL's.
fn ours(foreign: &Value) -> Vec<SigningKey> {
    let made = keys(foreign).into_values().map(|key| key.spec()).filter(|spec| {
        let long = [KeySpec::Rsa3072, KeySpec::Rsa4096];
        !long.contains(spec)
    });
    let mut keys: Vec<_> =
        made.map(|spec| SigningKey::from_seed(spec, &Seed::new([4; Seed::LENGTH])).unwrap()).collect();
    keys.extend(self::keys(foreign).into_values());
    keys
}

/// Node.js knows no Ed25519ph; that signatures of it are PyCryptodome's, byte for byte, is below.
#[test]
fn node_verifies_what_we_sign() {
    let foreign = foreign();
    let (mut entries, mut random) = (vec![], dice());
    let (mut signatures, mut ciphertexts) = (0, 0);
    let keys = ours(&foreign);
    for key in &keys {
        let (spec, spki) = (key.spec().name(), Base64::encode_string(key.public_key()));
        let pkcs8 = Base64::encode_string(&key.to_pkcs8().unwrap());
        entries.push(json!({ "kind": "key", "spec": spec, "spki": spki, "pkcs8": pkcs8 }));
        for &algorithm in SigningAlgorithm::ALL.iter().filter(|algorithm| algorithm.fits(key.spec())) {
            for message in [&b"m"[..], &[0xa5; MESSAGE_LIMIT]] {
                let mut sign = |message_type, signed: &[u8]| {
                    if !algorithm.takes(message_type) || !algorithm.takes(MessageType::Raw) {
                        return;
                    }
                    let signature = key.sign(algorithm, message_type, signed, &mut random).unwrap();
                    signatures += 1;
                    entries.push(json!({ "kind": "signature", "spec": spec, "spki": spki,
                        "algorithm": algorithm.name(), "message": Base64::encode_string(message),
                        "signature": Base64::encode_string(&signature) }));
                };
                // Several, as a signature of ECDSA is not always of the same length.
                for _ in 0..4 {
                    sign(MessageType::Raw, message);
                    sign(MessageType::Digest, &digest(algorithm, message));
                }
            }
        }
        for &algorithm in EncryptionAlgorithm::ALL {
            let Some(limit) = algorithm.plaintext_limit(key.spec()) else { continue };
            for plaintext in [&[1][..], &vec![0xa5; limit]] {
                let ciphertext = key.encrypt(algorithm, plaintext, &mut random).unwrap();
                ciphertexts += 1;
                entries
                    .push(json!({ "kind": "ciphertext", "spec": spec, "pkcs8": pkcs8, "algorithm": algorithm.name(),
                    "plaintext": Base64::encode_string(plaintext), "ciphertext": Base64::encode_string(&ciphertext) }));
            }
        }
    }
    let counted = node("sign/verify.mjs", &Value::from(entries));
    println!("Node.js verifies {counted}");
    assert_eq!(counted, json!({ "key": keys.len(), "signature": signatures, "ciphertext": ciphertexts }));
    assert!(signatures > 100 && ciphertexts > 10);
}

/// What a script of Node's answers to `input`.
fn node(script: &str, input: &Value) -> Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(script);
    let mut node = Command::new("node")
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Node.js 20.19 or later is in the PATH, see CONTRIBUTING.md");
    let written = node.stdin.take().unwrap().write_all(input.to_string().as_bytes());
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success(), "what Node.js says is above");
    written.unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Where a signature is settled by key and message, ours is the other library's to the byte.
#[test]
fn deterministic_signatures_are_the_same() {
    let foreign = foreign();
    let (keys, mut same, mut random) = (keys(&foreign), 0, dice());
    for entry in foreign["signatures"].as_array().unwrap() {
        let algorithm = algorithm(&entry["algorithm"]);
        if ["ED25519", "RSASSA_PKCS1"].iter().any(|start| algorithm.name().starts_with(start)) {
            let (message_type, message) = match entry["of"].as_str() {
                Some(name) => (MessageType::Raw, bytes(&foreign["messages"][name])),
                None => (MessageType::Digest, bytes(&entry["digest"])),
            };
            let key = &keys[entry["key"].as_str().unwrap()];
            let signature = key.sign(algorithm, message_type, &message, &mut random).unwrap();
            assert_eq!(signature, bytes(&entry["signature"]), "{entry}");
            same += 1;
        }
    }
    println!("{same} are the same");
    assert_eq!(same, 3 * 3 * 3 + 2 + 2);
}
