use alloc::{
    borrow::ToOwned,
    collections::{BTreeMap, BTreeSet},
    string::String,
    vec::Vec,
};

use crate::seal::EncryptionContext;

/// With no more pairs than this, every choice of them is tried: 256.
const MOST_PAIRS_TO_CHOOSE_FROM: usize = 8;

type Pairs = Vec<(String, String)>;

/// Encryption contexts that a person who gave this one may have meant, made from its own pairs and from
/// those that are known. Simple mistakes come first.
pub(super) fn near(given: &EncryptionContext, known: &[&EncryptionContext]) -> impl Iterator<Item = EncryptionContext> {
    let pairs: Pairs = given.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
    let known: BTreeSet<(String, String)> =
        known.iter().flat_map(|known| known.iter()).map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
    let each = 0..pairs.len();
    let one_other = {
        let (pairs, known) = (pairs.clone(), known.clone());
        each.flat_map(move |index| {
            let rewritten = pairs.get(index).map(rewritten).unwrap_or_default();
            let all: Pairs = rewritten.into_iter().chain(known.iter().cloned()).collect();
            let pairs = pairs.clone();
            all.into_iter().map(move |other| {
                let mut pairs = pairs.clone();
                if let Some(pair) = pairs.get_mut(index) {
                    *pair = other;
                }
                pairs
            })
        })
    };
    let one_more = {
        let pairs = pairs.clone();
        known.into_iter().map(move |more| pairs.iter().cloned().chain([more]).collect::<Pairs>())
    };
    // The same mistake in every pair.
    let all_other: Vec<Pairs> = REWRITINGS
        .iter()
        .map(|rewrite| pairs.iter().map(|(key, value)| (rewrite(key), rewrite(value))).collect())
        .collect();
    let candidates = fewer(pairs).chain(all_other).chain(one_other).chain(one_more);
    candidates.filter_map(|pairs| {
        // A key that comes twice is no context.
        let unique: BTreeMap<String, String> = pairs.iter().cloned().collect();
        (unique.len() == pairs.len()).then(|| EncryptionContext::from_pairs(unique).ok()).flatten()
    })
}

/// With fewer pairs: none, all but one, then every choice of a few.
fn fewer(pairs: Pairs) -> impl Iterator<Item = Pairs> {
    let count = pairs.len();
    let without = {
        let pairs = pairs.clone();
        (0..count).map(move |index| {
            let others = pairs.iter().enumerate().filter(|(other, _)| *other != index);
            others.map(|(_, pair)| pair.clone()).collect::<Pairs>()
        })
    };
    let choices = if count <= MOST_PAIRS_TO_CHOOSE_FROM { 1u32 << count } else { 0 };
    let chosen = (0..choices).map(move |choice| {
        let taken = pairs.iter().enumerate().filter(|(index, _)| choice >> index & 1 == 1);
        taken.map(|(_, pair)| pair.clone()).collect::<Pairs>()
    });
    [Pairs::new()].into_iter().chain(without).chain(chosen)
}

/// Ways to write a text that people take for the same.
const REWRITINGS: [fn(&str) -> String; 4] =
    [|text| text.to_lowercase(), |text| text.to_uppercase(), capitalised, |text| text.trim().to_owned()];

fn capitalised(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
}

/// A pair with its key, its value or both written in another way.
fn rewritten((key, value): &(String, String)) -> Pairs {
    let ways = |text: &str| {
        let mut ways: Vec<String> = REWRITINGS.iter().map(|rewrite| rewrite(text)).collect();
        ways.push(decapitalised(text));
        ways.push(text.to_owned());
        ways
    };
    let keys = ways(key);
    let values = ways(value);
    keys.iter().flat_map(|key| values.iter().map(|value| (key.clone(), value.clone()))).collect()
}

fn decapitalised(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map(|first| first.to_lowercase().chain(rest).collect()).unwrap_or_default()
}
