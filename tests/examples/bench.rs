//! How long sealing and opening take natively, for `tests/bench/seal.mjs`:
//!
//! ```sh
//! bench (envelope|blob) (seal|open) BYTES SAMPLES    # the time of a call in each sample, as JSON
//! ```

use std::{error::Error, hint::black_box, time::Instant};

use keytrace::{
    arn::KeyArn,
    random::{Random, RandomError},
    seal::{
        self, Blob, EncryptionContext, KeyMaterial,
        envelope::{self, DataKey, EncryptedDataKey},
    },
};
use serde_json::json;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// A sample is as many calls as take this long, so that the clock's own steps do not show.
const SAMPLE_SECONDS: f64 = 0.005;

const KEY: &str = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

/// The operating system's randomness, which a program would use.
struct System;

impl Random for System {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), RandomError> {
        getrandom::fill(bytes).map_err(|_| RandomError::Unavailable)
    }
}

fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let [what, operation, bytes, samples] = arguments[..] else {
        return Err("say `(envelope|blob) (seal|open) BYTES SAMPLES`".into());
    };
    let plaintext = vec![42; bytes.parse()?];
    let samples = samples.parse()?;
    let context = EncryptionContext::from_pairs([("tenant", "4711"), ("purpose", "invoices")])?;
    let key = KeyArn::parse(KEY).ok_or("no ARN")?;
    match (what, operation) {
        ("envelope", "seal") => {
            let (data_key, encrypted) = data_key(&key)?;
            measure(samples, || envelope::seal(&data_key, &encrypted, &context, &plaintext, &mut System));
        }
        ("envelope", "open") => {
            let (data_key, encrypted) = data_key(&key)?;
            let message = envelope::seal(&data_key, &encrypted, &context, &plaintext, &mut System)?;
            measure(samples, || envelope::open(&message, |_| Some(data_key.clone())));
        }
        ("blob", "seal") => {
            let material = KeyMaterial::generate(&key, &mut System)?;
            measure(samples, || seal::seal(&material, &context, &plaintext, &mut System));
        }
        ("blob", "open") => {
            let material = KeyMaterial::generate(&key, &mut System)?;
            let blob = seal::seal(&material, &context, &plaintext, &mut System)?;
            measure(samples, || seal::open(&Blob::parse(&blob).ok()?, &material, &context).ok());
        }
        _ => return Err(format!("nothing to measure is called `{what} {operation}`").into()),
    }
    Ok(())
}

/// A data key, with one that is as long as if KMS had encrypted it.
fn data_key(key: &KeyArn) -> Outcome<(DataKey, [EncryptedDataKey; 1])> {
    Ok((DataKey::generate(&mut System)?, [EncryptedDataKey::by_kms(key, vec![0; 223])]))
}

/// Prints the time of a call in each sample, in nanoseconds, and how many calls were measured in all.
fn measure<T>(samples: u32, mut call: impl FnMut() -> T) {
    let mut time = |calls: u32| {
        let start = Instant::now();
        for _ in 0..calls {
            black_box(call());
        }
        start.elapsed().as_secs_f64()
    };
    let mut calls = 1;
    while time(calls) < SAMPLE_SECONDS {
        calls *= 2;
    }
    let nanoseconds: Vec<f64> = (0..samples).map(|_| time(calls) / f64::from(calls) * 1e9).collect();
    println!("{}", json!({ "nanoseconds": nanoseconds, "calls": u64::from(calls) * u64::from(samples) }));
}
