//! Any bytes as a ciphertext blob; and blobs that were changed after they were sealed.

#![no_main]

use arbitrary::Unstructured;
use keytrace::seal::{
    Attempt, Blob, BlobError, Cause, EncryptionContext, Evidence, Foreign, OpenError, diagnose, open, seal,
};
use keytrace_fuzz::{
    bounds::Bound,
    sealing::{Counted, Order, material},
    seeds,
};
use keytrace_tests::File;
use libfuzzer_sys::fuzz_target;

/// A diagnosis tries a few thousand keys, whatever the input.
const DIAGNOSING: Bound = Bound::new((8 << 20, 20_000), (3_000_000_000, 200_000));

fuzz_target!(
    init: seeds::write_if_asked(seeds),
    |bytes: &[u8]| {
        match bytes.split_first() {
            Some((0, bytes)) => as_it_stands(bytes),
            Some((_, rest)) => {
                if let Ok(order) = Unstructured::new(rest).arbitrary() {
                    sealed_and_changed(&order, rest);
                }
            }
            None => {}
        }
    }
);

fn as_it_stands(bytes: &[u8]) {
    let none = EncryptionContext::default();
    if let Some(context) = EncryptionContext::from_aad(bytes) {
        assert_eq!(context.aad(), bytes, "read, but not as it is written");
    }
    let attempt = Attempt { ciphertext: bytes, key: None, context: &none };
    let material = material();
    let evidence = Evidence { material: Some(&material), ..Evidence::default() };
    let cause = DIAGNOSING.hold(bytes.len(), || diagnose(&attempt, &evidence));
    assert!(!cause.to_string().is_empty());
    match Blob::parse(bytes) {
        Ok(blob) => {
            assert!((1..=4096).contains(&blob.plaintext_bytes()) && blob.is_of(blob.key()));
            let opened = open(&blob, &material, &none);
            assert_eq!(opened.is_ok(), cause == Cause::Opens, "{cause}");
        }
        Err(error) => {
            assert_eq!(cause, Cause::Malformed(error));
            assert_eq!(OpenError::from(error), OpenError::InvalidCiphertext);
            if let BlobError::Foreign(foreign) = error {
                assert_eq!(Foreign::recognise(bytes), Some(foreign));
            }
        }
    }
}

fn sealed_and_changed(order: &Order, input: &[u8]) {
    let material = material();
    let mut plaintext = input.to_vec();
    plaintext.truncate(200);
    plaintext.push(1);
    let blob = seal(&material, &order.context, &plaintext, &mut Counted(1)).expect("a short plaintext");
    let changed = order.change(&blob);
    let opened = |bytes: &[u8], context: &EncryptionContext| {
        Blob::parse(bytes).map_err(OpenError::from).and_then(|blob| open(&blob, &material, context))
    };
    let result = opened(&changed, &order.context);
    assert_eq!(result.is_ok(), changed == blob);
    if let Ok(opened) = result {
        assert_eq!(*opened, plaintext);
    }
    assert_eq!(opened(&blob, &order.other).is_ok(), order.other == order.context);

    let attempt = Attempt { ciphertext: &changed, key: None, context: &order.other };
    let evidence = Evidence { material: Some(&material), sealed_under: Some(&order.context), known_contexts: &[] };
    let cause = DIAGNOSING.hold(changed.len(), || diagnose(&attempt, &evidence));
    if changed == blob {
        match cause {
            Cause::Opens => assert_eq!(order.other, order.context),
            Cause::EncryptionContext { differences, .. } => assert!(!differences.is_empty()),
            other => panic!("{other}"),
        }
    } else {
        assert!(matches!(cause, Cause::Malformed(_) | Cause::NoKeyMaterial { .. } | Cause::Damaged(_)), "{cause}");
    }
    // The same without a record: it comes to an end, and never to another context than the right one.
    let known = [&order.other];
    let evidence = Evidence { sealed_under: None, known_contexts: &known, ..evidence };
    let cause = DIAGNOSING.hold(changed.len() + input.len(), || diagnose(&attempt, &evidence));
    if let Cause::EncryptionContext { sealed_under, .. } = cause {
        assert_eq!(sealed_under, order.context);
    }
}

fn seeds(_: &[File]) -> Vec<Vec<u8>> {
    let mut random = Counted(1);
    let pairs = [("tenant", "a"), ("Purpose", "test")];
    let context = EncryptionContext::from_pairs(pairs).expect("two keys");
    let blob = |context, bytes: usize| {
        seal(&material(), context, &vec![7; bytes], &mut random.clone()).expect("a short plaintext")
    };
    let mut seeds = vec![
        blob(&EncryptionContext::default(), 1),
        blob(&context, 40),
        context.aad(),
        [&[1, 2, 2, 0, 0x78][..], &[9; 100]].concat(),
        b"AQICAHhm8ubTtN8MmCsqcgHGI0Z7dGXbRKZ7HPnLfVCv".to_vec(),
        b"S1RDAQEAADM=".to_vec(),
        b"{ \"CiphertextBlob\": \"S1RD\" }".to_vec(),
        b"1234abcd-12ab-34cd-56ef-1234567890ab\xff".to_vec(),
    ];
    seeds.iter_mut().for_each(|seed| seed.insert(0, 0));
    for length in [10, 40, 120, 400] {
        let mut order = vec![1; length];
        let _ = keytrace::random::Random::fill(&mut random, &mut order[1..]);
        seeds.push(order);
    }
    seeds
}
