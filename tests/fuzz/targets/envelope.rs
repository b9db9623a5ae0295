//! Any bytes as a message under a data key; and messages that were changed after they were sealed.

#![no_main]

use arbitrary::Unstructured;
use keytrace::seal::{
    EncryptionContext,
    envelope::{DataKey, EncryptedDataKey, Header, HeaderReader, OpenError, Opener, Sealer, open},
};
use keytrace_fuzz::{
    bounds::READING,
    sealing::{Counted, Order},
    seeds,
};
use keytrace_tests::File;
use libfuzzer_sys::fuzz_target;

fuzz_target!(
    init: seeds::write_if_asked(seeds),
    |bytes: &[u8]| {
        match bytes.split_first() {
            Some((0, bytes)) => {
                let _ = opened(bytes, &[1]);
            }
            Some((_, rest)) => {
                if let Ok(order) = Unstructured::new(rest).arbitrary() {
                    sealed_and_changed(&order, rest);
                }
            }
            None => {}
        }
    }
);

fn data_key() -> DataKey {
    DataKey::new(&[9; 32]).expect("32 bytes")
}

/// Opens a message at once and in pieces, which comes to the same.
fn opened(message: &[u8], pieces: &[usize]) -> Result<Vec<u8>, OpenError> {
    let whole = READING.hold(message.len(), || open(message, |_| Some(data_key())));
    let whole = whole.map(|plaintext| plaintext.to_vec());
    let (end, out) = READING.hold(message.len(), || in_pieces(message, pieces));
    match &whole {
        Ok(plaintext) => assert_eq!((&out, end), (plaintext, Ok(()))),
        Err(error) => assert_eq!(end, Err(*error)),
    }
    if let Ok(Some((header, bytes))) = Header::read(message) {
        assert!(bytes <= message.len() && header.frame_bytes() > 0 && !header.encrypted_data_keys().is_empty());
    }
    whole
}

fn in_pieces(message: &[u8], pieces: &[usize]) -> (Result<(), OpenError>, Vec<u8>) {
    let (mut reader, mut opener, mut plaintext) = (HeaderReader::new(), None::<Opener>, Vec::new());
    let mut feed = |piece: &[u8], plaintext: &mut Vec<u8>| {
        if let Some(opener) = &mut opener {
            return opener.update(piece, plaintext);
        }
        let Some((header, rest)) = reader.feed(piece)? else { return Ok(()) };
        opener.insert(Opener::new(&header, &data_key())?).update(&rest, plaintext)
    };
    let (mut rest, mut lengths) = (message, pieces.iter().cycle());
    while !rest.is_empty() {
        let (piece, more) = rest.split_at(lengths.next().map_or(1, |length| (*length).min(rest.len())));
        rest = more;
        if let Err(error) = feed(piece, &mut plaintext) {
            return (Err(error), plaintext);
        }
    }
    (opener.map_or(Err(OpenError::Truncated), Opener::finish), plaintext)
}

fn sealed(context: &EncryptionContext, plaintext: &[u8], frame_bytes: u32, pieces: &[usize]) -> Vec<u8> {
    let encrypted = EncryptedDataKey {
        key_provider_id: "fuzz".into(),
        key_provider_info: b"one".to_vec(),
        ciphertext: vec![5; 48],
    };
    let (mut sealer, mut message) =
        Sealer::new(&data_key(), &[encrypted], context, frame_bytes, &mut Counted(1)).expect("a sound header");
    let (mut rest, mut lengths) = (plaintext, pieces.iter().cycle());
    while !rest.is_empty() {
        let (piece, more) = rest.split_at(lengths.next().map_or(1, |length| (*length).min(rest.len())));
        sealer.update(piece, &mut message).expect("few frames");
        rest = more;
    }
    sealer.finish(&mut message).expect("few frames");
    message
}

fn sealed_and_changed(order: &Order, plaintext: &[u8]) {
    let frame_bytes = u32::try_from(order.pieces.iter().sum::<usize>()).expect("a few hundred");
    let message = sealed(&order.context, plaintext, frame_bytes, &order.pieces);
    assert_eq!(message, sealed(&order.context, plaintext, frame_bytes, &[plaintext.len().max(1)]));
    let changed = order.change(&message);
    match opened(&changed, &order.pieces) {
        Ok(opened) => {
            assert!(changed == message, "changed, and opens");
            assert_eq!(opened, plaintext);
        }
        Err(error) => assert!(changed != message, "{error}"),
    }
    // Whatever comes out before the end was sealed there.
    let (_, out) = in_pieces(&changed, &order.pieces);
    assert!(plaintext.starts_with(&out));
}

fn seeds(_: &[File]) -> Vec<Vec<u8>> {
    let none = EncryptionContext::default();
    let context = EncryptionContext::from_pairs([("tenant", "a"), ("Purpose", "test")]).expect("two keys");
    let mut seeds = vec![
        sealed(&none, b"", 10, &[1]),
        sealed(&none, b"attack at dawn", 10, &[3]),
        sealed(&context, &[7; 100], 16, &[100]),
        [&[2, 5, 0x78][..], &[9; 100]].concat(),
        [&[1, 0x80, 1, 0x78][..], &[9; 100]].concat(),
    ];
    seeds.iter_mut().for_each(|seed| seed.insert(0, 0));
    for length in [10, 40, 120, 400] {
        let mut order = vec![1; length];
        let _ = keytrace::random::Random::fill(&mut Counted(length as u64), &mut order[1..]);
        seeds.push(order);
    }
    seeds
}
