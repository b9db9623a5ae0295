//! What the AWS Encryption SDK is held against, `tests/interop/exchange.mjs`:
//!
//! ```sh
//! interop seal FOLDER    # for each case of FOLDER/cases.json, FOLDER/NUMBER.keytrace
//! interop open FOLDER    # opens each FOLDER/NUMBER.sdk, and says how many there were
//! interop kms            # does what the request on its standard input asks of KMS
//! ```

#![allow(clippy::indexing_slicing, reason = "what the other side sends is ours too")]

use std::{
    error::Error,
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

use keytrace::{
    arn::KeyArn,
    random::{self, Random, RandomError},
    seal::{
        self, Blob, EncryptionContext, KeyMaterial,
        envelope::{DataKey, Header, Opener, Sealer, raw_aes::WrappingKey},
    },
};
use serde_json::{Value, json};

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// The other side knows them too.
const NAMESPACE: &str = "keytrace-interop";
const NAME: &str = "wrapping key 1";
const KEY: [u8; 32] = [0x42; 32];
const KMS_KEY: &str = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const KMS_MATERIAL: [u8; 32] = [0x17; 32];

fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["seal", folder] => seal_all(Path::new(folder)),
        ["open", folder] => open_all(Path::new(folder)),
        ["kms"] => kms(),
        _ => Err("say `seal FOLDER`, `open FOLDER` or `kms`".into()),
    }
}

struct Case {
    number: usize,
    context: EncryptionContext,
    plaintext: Vec<u8>,
    frame_bytes: u32,
}

impl Case {
    fn file(&self, folder: &Path, ending: &str) -> PathBuf {
        folder.join(format!("{}.{ending}", self.number))
    }
}

fn cases(folder: &Path) -> Outcome<Vec<Case>> {
    let list: Value = serde_json::from_str(&fs::read_to_string(folder.join("cases.json"))?)?;
    let case = |(number, value): (usize, &Value)| {
        let frame_bytes = value["frameLength"].as_u64().and_then(|bytes| u32::try_from(bytes).ok());
        Ok(Case {
            number,
            context: context(&value["context"])?,
            plaintext: fs::read(folder.join(format!("{number}.plaintext")))?,
            frame_bytes: frame_bytes.ok_or("a case without a frame length")?,
        })
    };
    list.as_array().ok_or("no list of cases")?.iter().enumerate().map(case).collect()
}

fn context(value: &Value) -> Outcome<EncryptionContext> {
    let pairs = value.as_object().ok_or("no encryption context")?;
    let pairs = pairs.iter().map(|(key, value)| (key.as_str(), value.as_str().unwrap_or_default()));
    Ok(EncryptionContext::from_pairs(pairs)?)
}

fn wrapping_key() -> Outcome<WrappingKey<'static>> {
    Ok(WrappingKey { namespace: NAMESPACE, name: NAME, key: DataKey::new(&KEY).ok_or("a key of 32 bytes")? })
}

fn seal_all(folder: &Path) -> Outcome {
    let mut random = Drawn(fastrand::Rng::with_seed(4));
    for case in cases(folder)? {
        let data_key = DataKey::generate(&mut random)?;
        let encrypted = wrapping_key()?.encrypt(&data_key, &case.context, &mut random)?;
        let (mut sealer, mut message) =
            Sealer::new(&data_key, &[encrypted], &case.context, case.frame_bytes, &mut random)?;
        for piece in case.plaintext.chunks(1000) {
            sealer.update(piece, &mut message)?;
        }
        sealer.finish(&mut message)?;
        fs::write(case.file(folder, "keytrace"), message)?;
    }
    Ok(())
}

fn open_all(folder: &Path) -> Outcome {
    let cases = cases(folder)?;
    for case in &cases {
        let message = fs::read(case.file(folder, "sdk"))?;
        let (header, start) = Header::read(&message)?.ok_or("half a header")?;
        if *header.encryption_context() != case.context {
            return Err(format!("case {}: {:?}", case.number, header.encryption_context()).into());
        }
        let wrapping_key = wrapping_key()?;
        let mut encrypted = header.encrypted_data_keys().iter();
        let data_key = encrypted.find_map(|encrypted| wrapping_key.decrypt(encrypted, &case.context));
        let mut opener = Opener::new(&header, &data_key.ok_or("the data key does not open")?)?;
        let mut plaintext = Vec::new();
        for piece in message[start..].chunks(777) {
            opener.update(piece, &mut plaintext)?;
        }
        opener.finish()?;
        if plaintext != case.plaintext {
            return Err(format!("case {}: another plaintext", case.number).into());
        }
    }
    println!("{}", cases.len());
    Ok(())
}

/// `GenerateDataKey`, `Encrypt` and `Decrypt` of one key, for the SDK's keyring of KMS keys.
fn kms() -> Outcome {
    let mut request = String::new();
    io::stdin().read_to_string(&mut request)?;
    let request: Value = serde_json::from_str(&request)?;
    let key = KeyArn::parse(KMS_KEY).ok_or("no key ARN")?;
    let material = KeyMaterial::import(&key, &KMS_MATERIAL)?;
    let context = context(&request["EncryptionContext"])?;
    let bytes = |name: &str| unhex(request[name].as_str().unwrap_or_default());
    let mut random = Drawn(fastrand::Rng::new());
    let answer = match request["operation"].as_str() {
        Some("GenerateDataKey") => {
            let plaintext = random::random_bytes(32, &mut random)?;
            let ciphertext = seal::seal(&material, &context, &plaintext, &mut random)?;
            json!({ "Plaintext": hex(&plaintext), "CiphertextBlob": hex(&ciphertext), "KeyId": KMS_KEY })
        }
        Some("Encrypt") => {
            let ciphertext = seal::seal(&material, &context, &bytes("Plaintext"), &mut random)?;
            json!({ "CiphertextBlob": hex(&ciphertext), "KeyId": KMS_KEY })
        }
        Some("Decrypt") => {
            let ciphertext = bytes("CiphertextBlob");
            match Blob::parse(&ciphertext).map_err(Into::into).and_then(|blob| seal::open(&blob, &material, &context)) {
                Ok(plaintext) => json!({ "Plaintext": hex(&plaintext), "KeyId": KMS_KEY }),
                Err(error) => json!({ "error": error.name() }),
            }
        }
        other => return Err(format!("no such operation: {other:?}").into()),
    };
    println!("{answer}");
    Ok(())
}

/// Good enough for messages that hold no secret.
struct Drawn(fastrand::Rng);

impl Random for Drawn {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), RandomError> {
        self.0.fill(bytes);
        Ok(())
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(digits: &str) -> Vec<u8> {
    let digits: Vec<u8> = digits.chars().filter_map(|digit| digit.to_digit(16)).map(|digit| digit as u8).collect();
    digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}
