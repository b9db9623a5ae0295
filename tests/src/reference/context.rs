//! The request context: for each condition key, that it is absent, its values, or that nobody knows.

use std::collections::HashMap;

use super::keys;
use super::world::Assumptions;

/// What is known of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    Absent,
    Values(Vec<String>),
    /// Nobody knows it.
    Unknown,
    /// It has one of these values, and AWS does not say which: names that differ in case only are one key.
    OneOf(Vec<String>),
}

/// The request context of one authorization. Keys are in lower case.
#[derive(Debug, Default)]
pub(super) struct Context {
    entries: HashMap<String, Entry>,
    untold_is_unknown: bool,
}

/// A way to fill in what nobody knows.
#[derive(Clone, Debug, Default)]
pub(super) struct Completion {
    /// Keys with what they are taken to be.
    pub keys: Vec<(String, Option<Vec<String>>)>,
    /// Grants that may or may not work yet, by their place in memory, with what they are taken to do.
    pub grants: Vec<(usize, bool)>,
}

/// A context without anything unknown: what a decision looks at.
#[derive(Clone, Copy)]
pub(super) struct View<'view> {
    context: &'view Context,
    completion: &'view Completion,
    assumptions: &'view Assumptions,
}

impl Context {
    pub fn new(untold_is_unknown: bool) -> Context {
        Context { entries: HashMap::new(), untold_is_unknown }
    }

    pub fn set(&mut self, key: &str, entry: Entry) {
        self.entries.insert(key.to_owned(), entry);
    }

    /// The request has the key, with this value.
    pub fn value(&mut self, key: &str, value: &str) {
        self.set(key, Entry::Values(vec![value.to_owned()]));
    }

    /// The request has the key with this value, or does not have it.
    pub fn optional(&mut self, key: &str, value: Option<&str>) {
        self.set(key, value.map_or(Entry::Absent, |value| Entry::Values(vec![value.to_owned()])));
    }

    /// The request has the key with these values, or does not have it if there are none.
    pub fn list(&mut self, key: &str, values: Vec<String>) {
        self.set(key, if values.is_empty() { Entry::Absent } else { Entry::Values(values) });
    }

    /// The request has the key, but its value is not known, unless it is.
    pub fn known_or_unknown(&mut self, key: &str, value: Option<&str>) {
        self.set(key, value.map_or(Entry::Unknown, |value| Entry::Values(vec![value.to_owned()])));
    }

    /// A key for each pair, its name after the prefix. Pairs whose names differ in case only are one key.
    pub fn family(&mut self, prefix: &str, pairs: &[(String, String)]) {
        for (name, value) in pairs {
            let key = format!("{prefix}{}", name.to_lowercase());
            let entry = match self.entries.remove(&key) {
                Some(Entry::Values(mut values) | Entry::OneOf(mut values)) if !values.contains(value) => {
                    values.push(value.clone());
                    Entry::OneOf(values)
                }
                Some(same) => same,
                None => Entry::Values(vec![value.clone()]),
            };
            self.set(&key, entry);
        }
    }

    /// What is known of the key.
    pub fn entry(&self, key: &str) -> &Entry {
        match self.entries.get(key) {
            Some(entry) => entry,
            None if self.untold_is_unknown && keys::is_untold(key) => &Entry::Unknown,
            None => &Entry::Absent,
        }
    }
}

impl<'view> View<'view> {
    pub fn new(context: &'view Context, completion: &'view Completion, assumptions: &'view Assumptions) -> Self {
        View { context, completion, assumptions }
    }

    pub fn assumptions(&self) -> &'view Assumptions {
        self.assumptions
    }

    /// The values of the key; nothing if the request does not have it.
    pub fn values(&self, key: &str) -> Option<&'view [String]> {
        match self.context.entry(key) {
            Entry::Absent => None,
            Entry::Values(values) => Some(values),
            Entry::Unknown | Entry::OneOf(_) => {
                let (_, values) = self.completion.keys.iter().find(|(name, _)| name == key)?;
                values.as_deref()
            }
        }
    }

    /// Whether a grant that may or may not work yet is taken to work.
    pub fn grant_works(&self, place: usize) -> bool {
        self.completion.grants.iter().any(|(grant, works)| *grant == place && *works)
    }
}
