use alloc::{boxed::Box, collections::BTreeMap, vec::Vec};

/// The place of a condition key in a request context.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(pub(crate) u32);

/// The condition keys that some policy asks for, each with its slot. Names that differ only in case
/// share one: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html>.
#[derive(Clone, Debug, Default)]
pub struct Slots {
    /// As first written.
    names: Vec<Box<str>>,
    by_name: BTreeMap<Box<str>, Slot>,
}

impl Slots {
    /// The slot of that key; a new one if none asked for it before.
    pub fn intern(&mut self, name: &str) -> Slot {
        let folded = name.to_lowercase().into_boxed_str();
        let next = Slot(u32::try_from(self.names.len()).unwrap_or(u32::MAX));
        let slot = *self.by_name.entry(folded).or_insert(next);
        if slot == next {
            self.names.push(name.into());
        }
        slot
    }

    /// The keys in the order of their slots.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|name| &**name)
    }

    /// The slot of that key, if some policy asks for it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Slot> {
        self.by_name.get(name.to_lowercase().as_str()).copied()
    }

    /// Whether some policy asks for that key.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.by_name.contains_key(name.to_lowercase().as_str())
    }
}
