//! What holds for whatever is sealed, tried on contexts, plaintexts and bytes that nobody wrote.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod blobs;
mod contexts;
mod diagnoses;
mod envelopes;
mod salamander;

use keytrace::{
    arn::KeyArn,
    random::{Random, RandomError},
    seal::{EncryptionContext, KeyMaterial},
};
use proptest::{
    collection::vec,
    prelude::{Just, Strategy, any, prop_oneof},
    test_runner::{Config, RngSeed},
};

/// The same in every run, and no file of failures.
fn cases(cases: u32) -> Config {
    Config { cases, failure_persistence: None, rng_seed: RngSeed::Fixed(20_261_124), ..Config::default() }
}

/// Random bytes that are the same in every run.
struct Drawn(fastrand::Rng);

impl Drawn {
    fn with_seed(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }
}

impl Random for Drawn {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), RandomError> {
        self.0.fill(bytes);
        Ok(())
    }
}

fn key(id: &str) -> KeyArn {
    KeyArn::parse(&format!("arn:aws:kms:us-west-2:111122223333:key/{id}")).unwrap()
}

fn material(seed: u64) -> KeyMaterial {
    KeyMaterial::generate(&key("1234abcd-12ab-34cd-56ef-1234567890ab"), &mut Drawn::with_seed(seed)).unwrap()
}

/// Texts in which mistakes hide: short ones that repeat, letters that look alike, what separates things elsewhere.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("a"),
        Just("A"),
        Just("b"),
        Just("1"),
        Just(" "),
        Just("\0"),
        Just("="),
        Just("\u{e9}"),
        Just("e\u{301}"),
        Just("～"),
        Just("😀"),
    ];
    prop_oneof![4 => vec(piece, 0..4).prop_map(|pieces| pieces.concat()), 1 => any::<String>()]
}

fn pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    vec((texts(), texts()), 0..5).prop_map(|mut pairs| {
        pairs.sort();
        pairs.dedup_by(|one, other| one.0 == other.0);
        pairs
    })
}

fn contexts() -> impl Strategy<Value = EncryptionContext> {
    pairs().prop_map(|pairs| EncryptionContext::from_pairs(pairs).unwrap())
}
