//! Puts what the `aws` command printed where it belongs.

use std::{fmt, rc::Rc};

use keytrace::{
    import::{self, OutputKind, Placed, Unrecognised},
    json::edit::EditError,
};

use super::{Back, Document, Notice, Selection, State};
use crate::examples::EMPTY_WORLD;

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

impl State {
    /// What the scenario would be with `paste` in its place.
    ///
    /// # Errors
    ///
    /// If there is nothing to place, or no place for it.
    pub fn placed(&self, paste: &str) -> Result<Placed, Refusal> {
        let outputs = import::recognise(paste).map_err(Refusal::Unrecognised)?;
        import::place(&outputs, self.world()).map_err(Refusal::NoPlace)
    }

    /// Whether text that is pasted into the editor has a place of its own. A policy without a word on whose
    /// it is has one only while there is nothing else: later on it is put where the caret is.
    pub fn takes_from_editor(&self, paste: &str) -> bool {
        let loose = |kind| matches!(kind, OutputKind::KeyPolicy | OutputKind::IdentityPolicy | OutputKind::Unknown);
        let Ok(outputs) = import::recognise(paste) else { return false };
        let nothing_yet = matches!(self.document.text().trim(), "" | "{}") || self.document.text() == EMPTY_WORLD;
        (nothing_yet || outputs.iter().any(|output| !loose(output.kind)))
            && import::place(&outputs, self.world()).is_ok()
    }

    /// The scenario that outputs are placed in. A built-in example is nobody's scenario: a new one is begun.
    fn world(&self) -> &str {
        if self.document.is_own() { self.document.text() } else { EMPTY_WORLD }
    }

    pub(super) fn place(&mut self, paste: &str) {
        let Ok(placed) = self.placed(paste) else { return };
        let before = Rc::clone(&self.document);
        let document = Document::read(&placed.text);
        if before.is_own() {
            self.replace(document);
        } else {
            self.open(document);
        }
        self.selection = placed.spans.first().map(|span| Selection::glance(*span, self.selection));
        self.notice = Some(Notice {
            sentences: placed.summary,
            notes: placed.notes,
            back: Some(Back { label: "Undo", document: before }),
        });
    }
}
