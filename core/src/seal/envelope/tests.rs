use alloc::{string::ToString, vec};

use super::{raw_aes::WrappingKey, *};
use crate::random::{
    RandomError,
    sources::{By, Counting},
};

fn data_key() -> DataKey {
    DataKey::new(&[7; 32]).unwrap()
}

fn context() -> EncryptionContext {
    EncryptionContext::from_pairs([("file", "a"), ("Stage", "é")]).unwrap()
}

fn encrypted() -> EncryptedDataKey {
    EncryptedDataKey { key_provider_id: "k".into(), key_provider_info: vec![1, 2], ciphertext: vec![3] }
}

fn sealed(plaintext: &[u8], frame_bytes: u32, piece: usize) -> Vec<u8> {
    let (mut sealer, mut message) =
        Sealer::new(&data_key(), &[encrypted()], &context(), frame_bytes, &mut Counting(0)).unwrap();
    for piece in plaintext.chunks(piece) {
        sealer.update(piece, &mut message).unwrap();
    }
    sealer.finish(&mut message).unwrap();
    message
}

fn opened(message: &[u8], piece: usize) -> Result<Vec<u8>, OpenError> {
    let (mut reader, mut opener, mut plaintext) = (HeaderReader::new(), None::<Opener>, Vec::new());
    for piece in message.chunks(piece) {
        if let Some(opener) = &mut opener {
            opener.update(piece, &mut plaintext)?;
        } else if let Some((header, rest)) = reader.feed(piece)? {
            assert_eq!(header.encryption_context(), &context());
            assert_eq!(header.encrypted_data_keys(), [encrypted()]);
            let new = opener.insert(Opener::new(&header, &data_key())?);
            new.update(&rest, &mut plaintext)?;
        }
    }
    opener.ok_or(OpenError::Truncated)?.finish()?;
    Ok(plaintext)
}

fn plaintext(bytes: usize) -> Vec<u8> {
    (0..bytes).map(|index| index as u8).collect()
}

#[test]
fn pieces_of_any_size_come_to_the_same() {
    for bytes in [0, 1, 9, 10, 11, 20, 25, 100] {
        let message = sealed(&plaintext(bytes), 10, 100);
        for piece in [1, 3, 10, 64] {
            assert_eq!(sealed(&plaintext(bytes), 10, piece), message);
            assert_eq!(opened(&message, piece).unwrap(), plaintext(bytes));
        }
        let whole = open(&message, |_| Some(data_key())).unwrap();
        assert_eq!(*whole, plaintext(bytes));
    }
    let large = plaintext(3 << 20);
    let message = seal(&data_key(), &[encrypted()], &context(), &large, &mut Counting(0)).unwrap();
    assert_eq!(*open(&message, |_| Some(data_key())).unwrap(), large);
}

/// Every bit of a message counts; nothing that is cut off, added or put in another place goes unseen.
#[test]
fn nothing_of_a_message_can_be_changed() {
    let message = sealed(&plaintext(25), 10, 100);
    for index in 0..message.len() {
        for bit in 0..8 {
            let mut changed = message.clone();
            changed[index] ^= 1 << bit;
            let result = open(&changed, |_| Some(data_key()));
            assert!(result.is_err(), "byte {index}, bit {bit}");
        }
        assert!(opened(&message[..index], 7).is_err());
    }
    let longer = [&message[..], &[0]].concat();
    assert_eq!(opened(&longer, 50), Err(OpenError::Malformed));
    let other = open(&message, |_| DataKey::new(&[8; 32]));
    assert_eq!(other.unwrap_err(), OpenError::Invalid);
    assert_eq!(open(&message, |_| None).unwrap_err(), OpenError::Invalid);

    // The first two frames, the other way round and without the first.
    let last = 24 + 5 + 16;
    let frame = 4 + 12 + 10 + 16;
    let header = message.len() - last - 2 * frame;
    let (start, body) = message.split_at(header);
    let swapped = [start, &body[frame..2 * frame], &body[..frame], &body[2 * frame..]].concat();
    assert_eq!(opened(&swapped, 50), Err(OpenError::Malformed));
    let without = [start, &body[frame..]].concat();
    assert_eq!(opened(&without, 50), Err(OpenError::Malformed));
    let twice = [start, &body[..frame], body].concat();
    assert_eq!(opened(&twice, 50), Err(OpenError::Malformed));
    // A frame of another message under the same data key.
    let other = {
        let (mut sealer, mut message) =
            Sealer::new(&data_key(), &[encrypted()], &context(), 10, &mut Counting(9)).unwrap();
        sealer.update(&plaintext(25), &mut message).unwrap();
        sealer.finish(&mut message).unwrap();
        message
    };
    let spliced = [&message[..header + frame], &other[header + frame..]].concat();
    assert_eq!(opened(&spliced, 50), Err(OpenError::Invalid));
}

#[test]
fn what_failed_stays_failed() {
    let mut message = sealed(&plaintext(25), 10, 100);
    let (header, rest) = HeaderReader::new().feed(&message).unwrap().unwrap();
    let first = 4 + 12 + 10 + 16;
    let mut damaged = rest.clone();
    damaged[first + 20] ^= 1;
    let mut opener = Opener::new(&header, &data_key()).unwrap();
    let mut out = Vec::new();
    assert_eq!(opener.update(&damaged, &mut out), Err(OpenError::Invalid));
    assert_eq!(out, plaintext(10), "the first frame was authentic");
    assert_eq!(opener.update(&rest[first..], &mut out), Err(OpenError::Invalid));
    assert_eq!(opener.update(&[], &mut out), Err(OpenError::Invalid));
    assert_eq!((out.len(), opener.finish()), (10, Err(OpenError::Invalid)));

    message.truncate(message.len() - 1);
    assert_eq!(opened(&message, 1000), Err(OpenError::Truncated));
}

#[test]
fn limits_are_told() {
    let new =
        |keys: &[EncryptedDataKey], frame| Sealer::new(&data_key(), keys, &context(), frame, &mut Counting(0)).err();
    let one = [encrypted()];
    assert_eq!(new(&one, 0), Some(SealError::FrameLength { bytes: 0 }));
    assert_eq!(new(&one, MAX_FRAME_BYTES + 1), Some(SealError::FrameLength { bytes: MAX_FRAME_BYTES + 1 }));
    assert_eq!(new(&[], 10), Some(SealError::EncryptedDataKeys));
    assert_eq!(new(&vec![encrypted(); 65], 10), Some(SealError::EncryptedDataKeys));
    assert_eq!(new(&vec![encrypted(); 64], 10), None);
    let long = |bytes| EncryptedDataKey { ciphertext: vec![0; bytes], ..encrypted() };
    assert_eq!(new(&[long(65_536)], 10), Some(SealError::EncryptedDataKeys));
    assert_eq!(new(&[long(65_535)], 10), None);
    assert!(matches!(new(&vec![long(65_535); 20], 10), Some(SealError::HeaderLength { bytes: 1_310_000..1_400_000 })));
    let mut failing = By(|_: &mut [u8]| Err(RandomError::Unavailable));
    let error = seal(&data_key(), &one, &context(), b"x", &mut failing).unwrap_err();
    assert_eq!(error.to_string(), "the source of random bytes failed");
}

#[test]
fn headers_that_are_not_read() {
    let read = |bytes: &[u8]| HeaderReader::new().feed(bytes).map(|header| header.is_some());
    assert_eq!(read(b""), Ok(false));
    assert_eq!(read(b"KTC"), Err(OpenError::Malformed));
    assert_eq!(read(&[2, 5, 0x78]), Err(OpenError::Unsupported { version: 2, suite: 0x0578 }));
    assert_eq!(read(&[1, 0x80, 1, 0x78]), Err(OpenError::Unsupported { version: 1, suite: 0x0178 }));
    assert!(OpenError::Unsupported { version: 2, suite: 0x0578 }.to_string().contains("0x0578"));

    let start = [&[2, 4, 0x78][..], &[9; 32]].concat();
    assert_eq!(read(&[&start[..], &[0, 2, 0, 0]].concat()), Err(OpenError::Malformed), "an empty context that is not");
    assert_eq!(read(&[&start[..], &[0, 0, 0, 0]].concat()), Err(OpenError::Malformed), "no data key");
    assert_eq!(read(&[&start[..], &[0, 0, 0, 65]].concat()), Err(OpenError::TooLarge));
    let key = [&start[..], &[0, 0, 0, 1, 0, 0, 0, 0, 0, 0]].concat();
    assert_eq!(read(&[&key[..], &[1]].concat()), Err(OpenError::Unsupported { version: 2, suite: 0x0478 }));
    assert_eq!(read(&[&key[..], &[3]].concat()), Err(OpenError::Malformed));
    assert_eq!(read(&[&key[..], &[2, 0, 0, 0, 0]].concat()), Err(OpenError::Malformed));
    assert_eq!(read(&[&key[..], &[2, 1, 0, 0, 1]].concat()), Err(OpenError::TooLarge));
    // Too long: known before it is all there.
    let mut reader = HeaderReader::new();
    assert!(reader.feed(&[&start[..], &[0, 0, 0, 20]].concat()).unwrap().is_none());
    let error = (0..60).find_map(|_| reader.feed(&[&[0xff, 0xff][..], &[0; 0xffff]].concat()).err());
    assert_eq!(error, Some(OpenError::TooLarge));
}

#[test]
fn a_raw_key_wraps_a_data_key() {
    let wrapping = WrappingKey { namespace: "ours", name: "key-1", key: DataKey::new(&[1; 32]).unwrap() };
    let wrapped = wrapping.encrypt(&data_key(), &context(), &mut Counting(0)).unwrap();
    assert_eq!((wrapped.key_provider_info.len(), wrapped.ciphertext.len()), (5 + 20, 48));
    assert_eq!(wrapping.decrypt(&wrapped, &context()).unwrap().reveal(), data_key().reveal());
    assert!(wrapping.decrypt(&wrapped, &EncryptionContext::default()).is_none());
    let others = [
        WrappingKey { namespace: "theirs", ..wrapping.clone() },
        WrappingKey { name: "key-", ..wrapping.clone() },
        WrappingKey { key: data_key(), ..wrapping.clone() },
    ];
    assert!(others.iter().all(|other| other.decrypt(&wrapped, &context()).is_none()));
    for index in 0..wrapped.key_provider_info.len() {
        let mut changed = wrapped.clone();
        changed.key_provider_info[index] ^= 1;
        assert!(wrapping.decrypt(&changed, &context()).is_none(), "{index}");
    }
}
