//! The encryption, held against the published vectors of NIST and of Wycheproof. tests/vectors/README.md says
//! where they come from.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::{collections::BTreeMap, fs, path::Path};

use keytrace::seal::{
    MacAlgorithm, MacKeyMaterial,
    primitives::{Gcm, IV_BYTES, TAG_BYTES, hkdf_sha512, hmac, kdf_in_counter_mode},
};
use serde_json::Value;

fn main() {
    nist_gcm_encrypt();
    nist_gcm_decrypt();
    nist_kdf();
    nist_hmac();
    wycheproof_gcm();
    wycheproof_hmac();
    wycheproof_hkdf();
}

fn nist_gcm_encrypt() {
    let cases = nist("nist-gcmEncryptExtIV256.rsp");
    for case in &cases {
        let mut text = case.bytes("PT");
        let tag = gcm(&case.bytes("Key")).encrypt(&case.array("IV"), &case.bytes("AAD"), &mut text).unwrap();
        assert_eq!((text, tag.to_vec()), (case.bytes("CT"), case.bytes("Tag")), "{case:?}");
    }
    passed("NIST CAVP GCM, encrypt", 375, cases.len(), "256-bit keys, 96-bit IVs, 128-bit tags");
}

fn nist_gcm_decrypt() {
    let cases = nist("nist-gcmDecrypt256.rsp");
    let mut opened = 0;
    for case in &cases {
        let mut text = case.bytes("CT");
        let gcm = gcm(&case.bytes("Key"));
        let result = gcm.decrypt(&case.array("IV"), &case.bytes("AAD"), &mut text, &case.array("Tag"));
        assert_eq!(result.is_err(), case.fails, "{case:?}");
        // What fails leaves nothing of a plaintext behind.
        assert_eq!(text, if case.fails { case.bytes("CT") } else { case.bytes("PT") });
        opened += usize::from(result.is_ok());
    }
    let note = format!("{opened} open, {} do not", cases.len() - opened);
    passed("NIST CAVP GCM, decrypt", 375, cases.len(), &note);
}

fn nist_kdf() {
    let cases = nist("nist-KDFCTR_gen.rsp");
    for case in &cases {
        let bits: usize = case.fields["L"].parse().unwrap();
        let mut output = vec![0; bits / 8];
        kdf_in_counter_mode(&case.bytes("KI"), &[&case.bytes("FixedInputData")], &mut output);
        assert_eq!(output, case.bytes("KO"), "{case:?}");
    }
    passed("NIST CAVP SP 800-108", 40, cases.len(), "counter mode, HMAC-SHA-256, 32-bit counter in front");
}

fn nist_hmac() {
    let cases = nist("nist-hmac-examples.txt");
    for case in &cases {
        let algorithm = MacAlgorithm::from_name(&case.fields["HMAC"].replace("SHA", "HMAC_SHA_")).unwrap();
        assert_eq!(hmac(algorithm, &case.bytes("Key"), &case.bytes("Text")), case.bytes("Mac"), "{case:?}");
    }
    passed("NIST HMAC examples", 12, cases.len(), "SHA-224, 256, 384, 512");
}

fn wycheproof_gcm() {
    let (mut valid, mut invalid, mut other_iv) = (0, 0, 0);
    for (_, test) in wycheproof("wycheproof-aes-gcm.json") {
        let bytes = |name: &str| hex(test[name].as_str().unwrap());
        let Ok(iv) = <[u8; IV_BYTES]>::try_from(bytes("iv")) else {
            // No initialization vector of another length can be given to this engine.
            other_iv += 1;
            continue;
        };
        let (gcm, aad, plaintext) = (gcm(&bytes("key")), bytes("aad"), bytes("msg"));
        let mut text = bytes("ct");
        let tag: [u8; TAG_BYTES] = bytes("tag").try_into().unwrap();
        let opened = gcm.decrypt(&iv, &aad, &mut text, &tag).is_ok();
        let is_valid = test["result"] == "valid";
        assert_eq!(opened, is_valid, "{test}");
        if is_valid {
            assert_eq!(text, plaintext, "{test}");
            assert_eq!(gcm.encrypt(&iv, &aad, &mut text).unwrap(), tag, "{test}");
            assert_eq!(text, bytes("ct"), "{test}");
            valid += 1;
        } else {
            invalid += 1;
        }
    }
    let note = format!("{valid} open, {invalid} do not; {other_iv} more have an IV that is not of 96 bits");
    passed("Wycheproof AES-GCM", 66, valid + invalid, &note);
    assert_eq!(other_iv, 39);
}

fn wycheproof_hmac() {
    let (mut valid, mut invalid, mut of_kms) = (0, 0, 0);
    for bits in [224, 256, 384, 512] {
        let algorithm = MacAlgorithm::from_name(&format!("HMAC_SHA_{bits}")).unwrap();
        for (group, test) in wycheproof(&format!("wycheproof-hmac-sha{bits}.json")) {
            let bytes = |name: &str| hex(test[name].as_str().unwrap());
            let (key, message, tag) = (bytes("key"), bytes("msg"), bytes("tag"));
            let is_valid = test["result"] == "valid";
            // Half of them are about MACs that are cut short.
            assert_eq!(hmac(algorithm, &key, &message)[..tag.len()] == tag, is_valid, "{test}");
            *if is_valid { &mut valid } else { &mut invalid } += 1;
            let whole = group["tagSize"].as_u64() == Some(algorithm.mac_bytes() as u64 * 8);
            if let Ok(material) = MacKeyMaterial::import(algorithm, &key)
                && !message.is_empty()
            {
                of_kms += 1;
                assert_eq!(material.verify_mac(&message, &tag).is_ok(), is_valid && whole, "{test}");
            }
        }
    }
    let note = format!("{valid} right, {invalid} wrong; {of_kms} with keys that KMS has too");
    passed("Wycheproof HMAC", 694, valid + invalid, &note);
}

fn wycheproof_hkdf() {
    let cases = wycheproof("wycheproof-hkdf-sha512.json");
    for (_, test) in &cases {
        let bytes = |name: &str| hex(test[name].as_str().unwrap());
        let mut output = bytes("okm");
        output.fill(0);
        hkdf_sha512(&bytes("salt"), &bytes("ikm"), &[&bytes("info")], &mut output).unwrap();
        assert_eq!(output, bytes("okm"), "{test}");
    }
    passed("Wycheproof HKDF-SHA-512", 72, cases.len(), "outputs of up to 64 bytes");
}

/// Says how many there were: as many as the file is known to hold.
fn passed(what: &str, expected: usize, count: usize, note: &str) {
    println!("{what:<26} {count:>4} passed ({note})");
    assert_eq!(count, expected, "{what}");
}

fn gcm(key: &[u8]) -> Gcm {
    Gcm::new(key.try_into().unwrap())
}

fn read(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors").join(name)).unwrap()
}

/// One case of a file of NIST's.
#[derive(Debug)]
struct Case {
    fields: BTreeMap<String, String>,
    fails: bool,
}

impl Case {
    fn bytes(&self, name: &str) -> Vec<u8> {
        hex(&self.fields[name])
    }

    fn array<const COUNT: usize>(&self, name: &str) -> [u8; COUNT] {
        self.bytes(name).try_into().unwrap()
    }
}

fn nist(name: &str) -> Vec<Case> {
    let text = read(name);
    let blocks = text.split("\n\n").filter(|block| !block.trim().is_empty() && !block.starts_with('#'));
    let case = |block: &str| {
        let fields = block.lines().filter_map(|line| line.split_once('='));
        Case {
            fields: fields.map(|(name, value)| (name.trim().to_string(), value.trim().to_string())).collect(),
            fails: block.lines().any(|line| line == "FAIL"),
        }
    };
    blocks.map(case).collect()
}

/// Every test of a file of Wycheproof's, with its group.
fn wycheproof(name: &str) -> Vec<(Value, Value)> {
    let file: Value = serde_json::from_str(&read(name)).unwrap();
    let mut tests = Vec::new();
    for group in file["testGroups"].as_array().unwrap() {
        tests.extend(group["tests"].as_array().unwrap().iter().map(|test| (group.clone(), test.clone())));
    }
    tests
}

fn hex(digits: &str) -> Vec<u8> {
    assert!(digits.len().is_multiple_of(2));
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect()
}
