//! The effort of reading and answering grows with the length of a text, whichever part of it is repeated.

#![no_main]

use arbitrary::Unstructured;
use keytrace::{
    import,
    json::{edit, print},
    policy, scenario,
};
use keytrace_fuzz::{
    policies,
    pump::{Pump, grows_with_length},
    seeds, text,
};
use keytrace_tests::{File, generate::mutate::Dice};
use libfuzzer_sys::fuzz_target;

fuzz_target!(
    init: seeds::write_if_asked(seeds),
    |bytes: &[u8]| {
        let Some((choices, bytes)) = bytes.split_at_checked(CHOICES) else { return };
        let text = text(bytes);
        let mut choices = Unstructured::new(choices);
        let reader: u8 = choices.arbitrary().unwrap_or_default();
        let Some(pump) = Pump::new(&mut choices, &text) else { return };
        READERS[usize::from(reader) % READERS.len()](&pump);
    }
);

/// The bytes in front of the text: which reader, three places, whether to number.
const CHOICES: usize = 8;

const READERS: [fn(&Pump<'_>); 5] = [
    |pump| {
        grows_with_length(pump, 32 << 10, |text| {
            policies::kinds().for_each(|kind| drop(policy::read_text(text, kind)));
        });
    },
    |pump| grows_with_length(pump, 32 << 10, |text| drop(scenario::read(text))),
    |pump| {
        grows_with_length(pump, 16 << 10, |text| {
            // One answer: that all of them take the time of all of them is no surprise.
            scenario::read(text).value.and_then(|scenario| keytrace::answer(&scenario, 0));
        });
    },
    |pump| grows_with_length(pump, 32 << 10, |text| drop(import::recognise(text))),
    |pump| {
        grows_with_length(pump, 32 << 10, |text| {
            drop(edit::read(text).map(|value| print::pretty(&value, "", "  ")));
        });
    },
];

fn seeds(files: &[File]) -> Vec<Vec<u8>> {
    let mut dice = Dice::new(5);
    let texts = seeds::scenarios(files).into_iter().chain(seeds::policies(files)).chain(seeds::aws_outputs(files));
    let seed = |text: Vec<u8>| [&dice.roll().to_le_bytes()[..], &text].concat();
    texts.map(seed).collect()
}
