//! Puts what the `aws` command printed where it belongs.

use std::{fmt, rc::Rc, slice};

use keytrace::{
    import::{self, Output, OutputKind, Placed, Unrecognised},
    json::edit::EditError,
};

use super::{Back, Document, Notice, Selection, State};
use crate::examples::EMPTY_WORLD;

/// A text that the user pasted.
#[derive(Clone, Debug, PartialEq)]
pub struct Paste {
    pub text: String,
    /// Whether it is to take the place of all that is there.
    pub afresh: bool,
}

impl Paste {
    /// A text that comes on top of what is there.
    pub const fn beside(text: String) -> Self {
        Self { text, afresh: false }
    }
}

/// Why a paste was not placed.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// It is nothing that can be placed.
    Unrecognised(Unrecognised),
    /// There is no place for it: the user's text cannot be edited at the moment.
    NoPlace(EditError),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unrecognised(unrecognised) => unrecognised.fmt(f),
            Self::NoPlace(error) => {
                write!(f, "the scenario cannot take anything in while it is not JSON; mend it first, at {error}")
            }
        }
    }
}

/// What a paste comes to.
#[derive(Debug)]
pub struct Placement {
    placed: Placed,
    /// What belongs to something that nobody has told yet.
    waiting: Vec<Output>,
}

impl State {
    /// What the scenario would be with `paste`, and what waits from earlier ones, in its place.
    ///
    /// # Errors
    ///
    /// If there is nothing to place, or no place for it.
    pub fn placement(&self, paste: &Paste) -> Result<Placement, Refusal> {
        let outputs = import::recognise(&paste.text).map_err(Refusal::Unrecognised)?;
        let mut all: Vec<Output> = outputs.into_iter().chain(self.waiting.iter().cloned()).collect();
        all.sort_by_key(|output| output.kind);
        all.dedup();

        let world = self.world(paste);
        let mut text = world.to_owned();
        let (mut ready, mut waiting, mut notes) = (Vec::new(), Vec::new(), Vec::new());
        for output in all {
            let alone = import::place(slice::from_ref(&output), &text).map_err(Refusal::NoPlace)?;
            if alone.spans.is_empty() && alone.summary.is_empty() && output.kind != OutputKind::Unknown {
                waiting.push(output);
                notes.extend(alone.notes);
            } else {
                text = alone.text;
                ready.push(output);
            }
        }
        // Together, so that nothing is said to be missing which the next output brings.
        let mut placed = import::place(&ready, world).map_err(Refusal::NoPlace)?;
        if !waiting.is_empty() {
            notes.push("what was not placed is kept, and tried again with the next paste".to_owned());
        }
        placed.notes.splice(..0, notes);
        Ok(Placement { placed, waiting })
    }

    /// Whether text that is pasted into the editor has a place of its own. A policy without a word on whose
    /// it is has one only while there is nothing else: later on it is put where the caret is.
    pub fn takes_from_editor(&self, paste: &Paste) -> bool {
        let loose = |kind| matches!(kind, OutputKind::KeyPolicy | OutputKind::IdentityPolicy | OutputKind::Unknown);
        let Ok(outputs) = import::recognise(&paste.text) else { return false };
        let text = self.document.text();
        let nothing_else = paste.afresh || text == EMPTY_WORLD || matches!(text.trim(), "" | "{}");
        (nothing_else || outputs.iter().any(|output| !loose(output.kind))) && self.placement(paste).is_ok()
    }

    /// The scenario that a paste is placed in. A built-in example is nobody's scenario: a new one is begun.
    fn world(&self, paste: &Paste) -> &str {
        if self.document.is_own() && !paste.afresh { self.document.text() } else { EMPTY_WORLD }
    }

    pub(super) fn place(&mut self, paste: &Paste) {
        let Ok(Placement { placed, waiting }) = self.placement(paste) else { return };
        let before = Rc::clone(&self.document);
        let document = Document::read(&placed.text);
        let changed = document != before;
        if before.is_own() && !paste.afresh {
            self.replace(document);
        } else {
            self.open(document);
        }
        self.waiting = waiting;
        self.selection = placed.spans.first().map(|span| Selection::glance(*span, self.selection));
        self.notice = Some(Notice {
            sentences: placed.summary,
            notes: placed.notes,
            back: changed.then_some(Back { label: "Undo", document: before }),
        });
    }
}
