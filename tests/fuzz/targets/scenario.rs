//! Any bytes as a scenario: if it can be read, every request of it is answered.

#![no_main]

use keytrace_fuzz::{seeds, sound, text};
use libfuzzer_sys::fuzz_target;

fuzz_target!(
    init: seeds::write_if_asked(seeds::scenarios),
    |bytes: &[u8]| {
        // Whether it is refused does not matter here.
        let _ = sound::answers(&text(bytes));
    }
);
