//! The text of the world, changed in its places.

use alloc::{format, string::String};

use jiff::Timestamp;

use crate::{
    check::{ErrorName, KmsError},
    json::{self, Value, edit},
};

/// The text of a scenario, and what it says.
#[derive(Clone, Debug)]
pub(super) struct State {
    text: String,
    root: Value,
}

impl State {
    /// A text that is JSON; one that was read as a scenario is.
    pub fn new(text: &str) -> Option<Self> {
        Some(Self { text: text.into(), root: edit::read(text).ok()? })
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn get(&self, name: &str) -> Option<&Value> {
        self.root.get(name)
    }

    /// What the scenario says of its keys, in their order.
    pub fn keys(&self) -> &[Value] {
        self.get("keys").and_then(Value::as_array).unwrap_or_default()
    }

    /// A part of what the scenario says of a key, such as `Aliases`.
    pub fn of_key(&self, key: usize, part: &str) -> Option<&Value> {
        self.keys().get(key)?.get(part)
    }

    /// The elements of such a part.
    pub fn list_of_key(&self, key: usize, part: &str) -> &[Value] {
        self.of_key(key, part).and_then(Value::as_array).unwrap_or_default()
    }

    /// Puts a value in its place: see [`edit::set`].
    ///
    /// # Errors
    ///
    /// When the text would become longer than a scenario may be. Its structure was seen to be right before.
    pub fn set(&mut self, pointer: &str, value: &Value) -> Result<(), KmsError> {
        edit::set(&self.text, pointer, value).map_err(too_long).and_then(|edited| self.replace(edited.text))
    }

    /// Takes a value out, if it is there.
    pub fn remove(&mut self, pointer: &str) -> Result<(), KmsError> {
        match edit::remove(&self.text, pointer) {
            Ok(edited) => self.replace(edited.text),
            Err(_) => Ok(()),
        }
    }

    /// Puts a field of `KeyMetadata`.
    pub fn set_metadata(&mut self, key: usize, field: &str, value: &Value) -> Result<(), KmsError> {
        self.set(&format!("/keys/{key}/KeyMetadata/{field}"), value)
    }

    /// Takes out a field of `KeyMetadata`.
    pub fn remove_metadata(&mut self, key: usize, field: &str) -> Result<(), KmsError> {
        self.remove(&format!("/keys/{key}/KeyMetadata/{field}"))
    }

    /// Moves the clock.
    pub fn set_now(&mut self, now: Timestamp) -> Result<(), KmsError> {
        self.set("/now", &time(now))
    }

    fn replace(&mut self, text: String) -> Result<(), KmsError> {
        self.root = edit::read(&text).map_err(too_long)?;
        self.text = text;
        Ok(())
    }
}

/// The only thing that can go wrong. The sentence is ours, as AWS has no such limit.
fn too_long(_: edit::EditError) -> KmsError {
    let message = format!("The scenario would grow beyond the {} bytes that it can have.", json::MAX_BYTES);
    KmsError::new(ErrorName::LimitExceeded, message)
}

/// A time as results and scenarios have it.
pub(super) fn time(time: Timestamp) -> Value {
    // Seconds are what KMS tells.
    let seconds = Timestamp::from_second(time.as_second()).unwrap_or(time);
    Value::text(&format!("{seconds}"))
}
