//! Chance, and the two shapes that everything drawn has: one of a pool, a JSON object.

use serde_json::{Map, Value};

/// Draws from pools. The same seed draws the same things.
#[derive(Debug)]
pub(super) struct Dice(fastrand::Rng);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    /// A number from `least` to `most`.
    pub(super) fn between(&mut self, least: usize, most: usize) -> usize {
        self.0.usize(least..=most)
    }

    /// Whether something happens that happens in so many of a hundred cases.
    pub(super) fn percent(&mut self, of_a_hundred: u32) -> bool {
        self.0.u32(0..100) < of_a_hundred
    }

    /// One of a pool. What is in it twice is drawn twice as often.
    #[expect(clippy::indexing_slicing, reason = "an empty pool is a fault of the generator")]
    pub(super) fn pick<T: Copy>(&mut self, pool: &[T]) -> T {
        pool[self.0.usize(..pool.len())]
    }

    /// One of a pool, if there is any in it.
    pub(super) fn any<'p, T>(&mut self, pool: &'p [T]) -> Option<&'p T> {
        if pool.is_empty() { None } else { pool.get(self.0.usize(..pool.len())) }
    }

    /// So many different ones of a pool, in its order; all of it where it has no more.
    pub(super) fn some<T: Copy>(&mut self, pool: &[T], count: usize) -> Vec<T> {
        let positions = 0..pool.len();
        let mut chosen = self.0.choose_multiple(positions, count);
        chosen.sort_unstable();
        chosen.into_iter().filter_map(|position| pool.get(position)).copied().collect()
    }
}

/// An object, written downwards.
#[derive(Debug, Default)]
pub(super) struct Object(Map<String, Value>);

impl Object {
    /// An object with this member.
    pub(super) fn with(name: &str, value: impl Into<Value>) -> Self {
        Self::default().and(name, value)
    }

    /// And this member; one of the same name is replaced.
    pub(super) fn and(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.into(), value.into());
        self
    }

    /// And the members of another.
    pub(super) fn joined(mut self, other: &Object) -> Self {
        self.0.extend(other.0.iter().map(|(name, value)| (name.clone(), value.clone())));
        self
    }

    /// Whether it has this member.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Whether it says nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// And this member, if there is something to say.
    pub(super) fn and_if(self, name: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.and(name, value),
            None => self,
        }
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Value::Object(object.0)
    }
}

/// A list of texts, or the text alone where there is one and chance says so: policies may hold either.
pub(super) fn one_or_list(dice: &mut Dice, values: &[&str]) -> Value {
    match values {
        [value] if dice.percent(50) => (*value).into(),
        _ => values.into(),
    }
}
