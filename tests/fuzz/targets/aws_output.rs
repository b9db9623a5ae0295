//! Any bytes as a paste from a terminal, put into a scenario (behind a NUL), and what that comes to.

#![no_main]

use keytrace::{
    import::{self, OutputKind},
    json::{Kind, edit},
};
use keytrace_fuzz::{bounds::READING, seeds, sound, text, texts};
use libfuzzer_sys::fuzz_target;

fuzz_target!(
    init: seeds::write_if_asked(seeds::aws_outputs),
    |bytes: &[u8]| {
        let text = text(bytes);
        let [paste, before] = texts(&text);
        let outputs = match READING.hold(paste.len(), || import::recognise(paste)) {
            Ok(outputs) => outputs,
            Err(refused) => {
                sound::span(refused.span, paste);
                assert!(!refused.message.trim().is_empty());
                return;
            }
        };
        outputs.iter().for_each(|output| sound::span(output.span, paste));
        assert!(outputs.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start), "one inside the other");

        let Ok(placed) = READING.hold(text.len(), || import::place(&outputs, before)) else {
            let sound = edit::read(before).is_ok_and(|value| matches!(value.kind, Kind::Object(_)));
            assert!(!sound && !before.trim().is_empty(), "refused: {before}");
            return;
        };
        placed.spans.iter().for_each(|span| sound::span(*span, &placed.text));
        assert!(placed.summary.iter().chain(&placed.notes).all(|sentence| !sentence.trim().is_empty()));
        let root = edit::read(&placed.text).expect("what was placed is JSON still");
        // It may well be unfinished: then there are problems.
        let _ = sound::answers(&placed.text);

        import::place(&outputs, &placed.text).expect("the same again");
        if root.get("keytrace").is_some() {
            let again = import::recognise(&placed.text).expect("a scenario is something to paste");
            assert_eq!(again.iter().map(|output| output.kind).collect::<Vec<_>>(), [OutputKind::Scenario]);
            let moved = import::place(&again, "").expect("a scenario can be placed");
            assert_eq!(moved.text.trim(), placed.text.trim());
        }
    }
);
