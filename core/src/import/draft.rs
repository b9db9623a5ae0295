use alloc::{borrow::ToOwned, format, string::String, vec, vec::Vec};

use super::Placed;
use crate::json::edit::{self, EditError};
use crate::json::{Kind, Value};

/// What an empty text is filled from.
const EMPTY: &str = "{\n  \"keytrace\": 1,\n  \"principals\": [],\n  \"keys\": [],\n  \"requests\": []\n}\n";

/// So many changes are made for one paste. Each reads the whole text anew, and people paste a few outputs.
const MOST_EDITS: usize = 300;

/// The text of a scenario while outputs are put into it.
///
/// It is looked at as JSON, not as a scenario: what its author has not finished must not keep a paste
/// out.
pub(super) struct Draft {
    root: Value,
    placed: Placed,
    edits: usize,
    /// Whether the paste itself says who was denied what: then that is the request.
    pub denied: bool,
    /// The keys that the paste is about, by place.
    pub touched_keys: Vec<usize>,
    /// The principals that the paste is about, by place.
    pub touched_principals: Vec<usize>,
    /// Whether the paste is about the organization.
    pub touched_organization: bool,
    /// Permissions boundaries of which only the ARN is known, each with the place of whom it bounds.
    pub boundaries: Vec<(usize, String)>,
}

impl Draft {
    pub fn open(text: &str) -> Result<Self, EditError> {
        let text = if text.trim().is_empty() { EMPTY } else { text };
        let root = edit::read(text)?;
        if root.as_object().is_none() {
            return Err(EditError::NoSuchPlace { step: "keytrace".into(), inside: root.kind_in_words() });
        }
        let placed = Placed { text: text.to_owned(), spans: Vec::new(), summary: Vec::new(), notes: Vec::new() };
        Ok(Self {
            root,
            placed,
            edits: 0,
            denied: false,
            touched_keys: Vec::new(),
            touched_principals: Vec::new(),
            touched_organization: false,
            boundaries: Vec::new(),
        })
    }

    /// Goes on with another scenario.
    pub fn restart(&mut self, text: &str) {
        match Self::open(text) {
            Ok(other) => {
                self.placed.text = other.placed.text;
                self.placed.spans = vec![other.root.span];
                self.root = other.root;
                self.did("scenario replaced by the pasted one");
            }
            Err(error) => self.note(format!("the pasted scenario was not taken: {error}")),
        }
    }

    pub fn finish(self) -> Placed {
        self.placed
    }

    /// Puts a value in its place, and says what was done if that worked.
    pub fn put(&mut self, pointer: &str, value: &Value, done: impl Into<String>) {
        if self.edits == MOST_EDITS {
            self.note("the paste holds more than is placed at once: the rest of it was left out");
            return;
        }
        self.edits += 1;
        let edited = edit::set(&self.placed.text, pointer, value);
        match edited.and_then(|edited| Ok((edit::read(&edited.text)?, edited))) {
            Ok((root, edited)) => {
                self.placed.spans.iter_mut().for_each(|span| *span = edited.moved(*span));
                self.placed.spans.push(edited.span);
                self.placed.text = edited.text;
                self.root = root;
                self.did(done);
            }
            Err(error) => self.note(format!("nothing was put at `{pointer}`: {error}")),
        }
    }

    /// Says what was done.
    pub fn did(&mut self, what: impl Into<String>) {
        push_once(&mut self.placed.summary, what.into());
    }

    /// Says what was assumed or is not known.
    pub fn note(&mut self, what: impl Into<String>) {
        push_once(&mut self.placed.notes, what.into());
    }

    /// What stands at a JSON pointer. Steps have no `/` or `~` in them.
    pub fn value(&self, pointer: &str) -> Option<&Value> {
        pointer.split('/').skip(1).try_fold(&self.root, |value, step| match &value.kind {
            Kind::Array(elements) => elements.get(step.parse::<usize>().ok()?),
            _ => value.get(step),
        })
    }

    /// The elements of an array; none if there is no array.
    pub fn list(&self, pointer: &str) -> &[Value] {
        self.value(pointer).and_then(Value::as_array).unwrap_or_default()
    }
}

fn push_once(list: &mut Vec<String>, sentence: String) {
    if !list.contains(&sentence) {
        list.push(sentence);
    }
}
