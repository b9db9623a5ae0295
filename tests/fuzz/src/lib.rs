//! What the fuzz targets in `targets/` share. Each takes any bytes, hands them to the engine as what its
//! name says, and stops at the first thing that is not as it should be:
//!
//! - a panic, an overflow, an input that takes too long;
//! - a place that does not lie in the text that it speaks of ([`sound`]);
//! - more memory or time than the length of the input explains ([`bounds`]);
//! - two ways to the same answer that lead to two answers.
//!
//! They start from the scenarios in `tests/scenarios/` ([`seeds`]) and from `corpus/`, which holds what fuzzing
//! found beyond them, and inputs that once went wrong.
//!
//! ```sh
//! cargo xtask fuzz                                   # 20 seconds each, as before a change lands
//! cargo xtask fuzz scenario --seconds 3600 --keep    # one for an hour; what is new goes into the corpus
//! cargo xtask fuzz scenario target/fuzz/crashes/scenario/crash-…    # that input again
//! ```
//!
//! A long run goes on where the last one stopped: what it found lies in `target/fuzz/found/`.

pub mod bounds;
pub mod policies;
pub mod pump;
pub mod sealing;
pub mod seeds;
pub mod sound;
pub mod splice;
pub mod tree;

use std::borrow::Cow;

/// Any bytes as text. JavaScript's strings reach the engine as sound UTF-8 too.
#[must_use]
pub fn text(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

/// Texts that share an input, with a NUL between them; what is not there is empty.
#[must_use]
pub fn texts<const COUNT: usize>(input: &str) -> [&str; COUNT] {
    let mut parts = input.splitn(COUNT, '\0');
    std::array::from_fn(|_| parts.next().unwrap_or_default())
}
