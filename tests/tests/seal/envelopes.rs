//! Messages under a data key.

use keytrace::seal::envelope::{
    DataKey, EncryptedDataKey, Header, HeaderReader, OpenError, Opener, Sealer, open, raw_aes::WrappingKey,
};
use proptest::{
    collection::vec,
    prelude::{any, prop_assert, prop_assert_eq, proptest},
};

use super::{Drawn, cases, contexts};

fn data_key(seed: u64) -> DataKey {
    DataKey::generate(&mut Drawn::with_seed(seed)).unwrap()
}

fn encrypted() -> EncryptedDataKey {
    EncryptedDataKey { key_provider_id: "k".into(), key_provider_info: vec![1], ciphertext: vec![2; 48] }
}

fn sealed(plaintext: &[u8], frame_bytes: u32, seed: u64) -> Vec<u8> {
    let context = Default::default();
    let mut random = Drawn::with_seed(seed);
    let (mut sealer, mut message) =
        Sealer::new(&data_key(1), &[encrypted()], &context, frame_bytes, &mut random).unwrap();
    sealer.update(plaintext, &mut message).unwrap();
    sealer.finish(&mut message).unwrap();
    message
}

/// In pieces of any lengths: what came out, and how it ended.
fn in_pieces(message: &[u8], cuts: &[usize], data_key: &DataKey) -> (Vec<u8>, Result<(), OpenError>) {
    let (mut reader, mut opener, mut plaintext) = (HeaderReader::new(), None::<Opener>, Vec::new());
    let (mut rest, mut cuts) = (message, cuts.iter().cycle());
    let mut feed = |piece: &[u8], plaintext: &mut Vec<u8>| {
        if let Some(opener) = &mut opener {
            return opener.update(piece, plaintext);
        }
        let Some((header, rest)) = reader.feed(piece)? else { return Ok(()) };
        opener.insert(Opener::new(&header, data_key)?).update(&rest, plaintext)
    };
    while !rest.is_empty() {
        let (piece, more) = rest.split_at((*cuts.next().unwrap()).clamp(1, rest.len()));
        rest = more;
        if let Err(error) = feed(piece, &mut plaintext) {
            return (plaintext, Err(error));
        }
    }
    (plaintext, opener.map_or(Err(OpenError::Truncated), Opener::finish))
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn pieces_of_any_size_come_to_the_same(
        plaintext in vec(any::<u8>(), 0..2000),
        frame in 1u32..300,
        cuts in vec(1usize..500, 1..6),
    ) {
        let message = sealed(&plaintext, frame, 1);
        prop_assert_eq!(in_pieces(&message, &cuts, &data_key(1)), (plaintext.clone(), Ok(())));
        let whole = open(&message, |_| Some(data_key(1))).unwrap();
        prop_assert_eq!(&*whole, &plaintext);
    }

    /// Whatever is changed, and however it comes in: no byte comes out that was not sealed there, and it is known
    /// in the end.
    #[test]
    fn nothing_that_was_changed_comes_out(at in any::<u32>(), bit in 0..8, cuts in vec(1usize..90, 1..4)) {
        let plaintext: Vec<u8> = (0..200).collect();
        let mut message = sealed(&plaintext, 32, 1);
        let at = at as usize % message.len();
        message[at] ^= 1u8 << bit;
        let (out, end) = in_pieces(&message, &cuts, &data_key(1));
        prop_assert!(end.is_err());
        prop_assert!(plaintext.starts_with(&out) && out.len() % 32 == 0);
    }

    #[test]
    fn what_is_cut_off_is_missed(left in any::<u32>(), cuts in vec(1usize..90, 1..4)) {
        let plaintext: Vec<u8> = (0..200).collect();
        let message = sealed(&plaintext, 32, 1);
        let left = left as usize % message.len();
        let (out, end) = in_pieces(&message[..left], &cuts, &data_key(1));
        prop_assert_eq!(end, Err(OpenError::Truncated));
        prop_assert!(plaintext.starts_with(&out));
    }

    #[test]
    fn two_messages_cannot_be_spliced(one in any::<u32>(), other in any::<u32>()) {
        let plaintext: Vec<u8> = (0..200).collect();
        let (first, second) = (sealed(&plaintext, 32, 1), sealed(&plaintext, 32, 2));
        let spliced = [&first[..one as usize % first.len()], &second[other as usize % second.len()..]].concat();
        if spliced != first && spliced != second {
            prop_assert!(open(&spliced, |_| Some(data_key(1))).is_err());
        }
    }

    #[test]
    fn any_bytes_come_to_nothing(bytes in vec(any::<u8>(), 0..300), front in 0..2, cuts in vec(1usize..90, 1..4)) {
        let bytes = if front == 0 { bytes } else { [&[2, 4, 0x78][..], &[0; 34], &[0, 1], &bytes].concat() };
        let (out, end) = in_pieces(&bytes, &cuts, &data_key(1));
        prop_assert!(out.is_empty() && end.is_err());
        let _ = Header::read(&bytes);
    }

    #[test]
    fn a_wrapped_data_key_is_bound_to_its_context(context in contexts(), other in contexts(), seed in any::<u64>()) {
        let wrapping = WrappingKey { namespace: "ours", name: "one", key: data_key(2) };
        let wrapped = wrapping.encrypt(&data_key(seed), &context, &mut Drawn::with_seed(seed)).unwrap();
        let unwrapped = *wrapping.decrypt(&wrapped, &context).unwrap().reveal();
        prop_assert_eq!(unwrapped, *data_key(seed).reveal());
        prop_assert_eq!(wrapping.decrypt(&wrapped, &other).is_some(), context == other);
    }
}
