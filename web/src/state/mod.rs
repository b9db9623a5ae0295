//! All that the playground knows, and all that can happen to it.
//!
//! What is shown is computed from [`State`]; a decision is never stored. Nothing that the user wrote is
//! ever dropped: a text that makes room for another one is [kept](State::kept).

mod document;
mod folds;
mod placement;
mod relocate;
mod ruling;

pub use document::Document;
pub use folds::{Folds, NodePath};
pub use placement::{Paste, Refusal};
pub use ruling::Ruling;

use std::rc::Rc;

use keytrace::{import::Output, json::Span};
use yew::Reducible;

use crate::examples::{self, EMPTY_WORLD};
use relocate::relocate;

/// How many of the user's earlier texts are kept.
const MOST_KEPT: usize = 20;

/// Everything that the page shows follows from this.
#[derive(Clone, PartialEq)]
pub struct State {
    /// What the editor holds.
    pub document: Rc<Document>,
    /// Counts the texts that did not come out of the editor and have to be put into it.
    pub revision: u32,
    /// The last version of it without errors, whose verdict stands while there are some.
    pub sound: Option<Rc<Document>>,
    /// Which of its requests is shown.
    pub request: usize,
    /// The user's texts that made room for another, the latest first.
    pub kept: Vec<Rc<Document>>,
    /// Outputs that were pasted and belong to something that nobody has told yet.
    pub waiting: Vec<Output>,
    /// What just happened, and the way back.
    pub notice: Option<Notice>,
    /// What was last asked to be selected in the editor.
    pub selection: Option<Selection>,
    /// Nodes of the trace that the user opened or closed.
    pub folds: Folds,
    /// What a narrow screen shows.
    pub pane: Pane,
    /// Whether the dialog for pasting is open.
    pub pasting: bool,
    /// Light or dark.
    pub theme: Theme,
}

/// What just happened, and the way back.
#[derive(Clone, PartialEq)]
pub struct Notice {
    /// What was done.
    pub sentences: Vec<String>,
    /// What else there is to know or to do.
    pub notes: Vec<String>,
    /// The way back.
    pub back: Option<Back>,
}

/// An earlier text that can be brought back.
#[derive(Clone, PartialEq)]
pub struct Back {
    /// What the button says.
    pub label: &'static str,
    pub document: Rc<Document>,
}

/// A place in the editor's text to be brought into view.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Selection {
    pub span: Span,
    /// Whether the editor takes the focus. What is typed next would replace the selection.
    pub focus: bool,
    /// Tells a second request for the same place from the first.
    serial: u32,
}

impl Selection {
    /// Selects `span`, because the user asked for it.
    fn choose(span: Span, before: Option<Self>) -> Self {
        let serial = before.map_or(0, |before| before.serial.wrapping_add(1));
        Self { span, focus: true, serial }
    }

    /// Only shows where `span` begins.
    fn glance(span: Span, before: Option<Self>) -> Self {
        let start = Span::new(span.start, span.start);
        Self { focus: false, ..Self::choose(start, before) }
    }
}

/// The two halves of the page, of which a narrow screen shows one at a time.
#[derive(Clone, Copy, Default, PartialEq)]
pub enum Pane {
    #[default]
    Scenario,
    Verdict,
}

/// Light or dark.
#[derive(Clone, Copy, Default, Debug, PartialEq)]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    Light,
    Dark,
}

/// What the user can do.
#[derive(Clone)]
pub enum Action {
    /// Changed the text in the editor.
    Typed(String),
    /// Chose a built-in example.
    OpenExample(usize),
    /// Asked for an empty world.
    StartEmpty,
    /// Chose one of the kept texts.
    OpenKept(usize),
    /// Pasted what the `aws` command printed.
    Place(Paste),
    /// Took the way back that the notice offers.
    GoBack,
    /// Closed the notice.
    DismissNotice,
    /// Asked for even indentation.
    Format,
    /// Chose among the scenario's requests.
    ChooseRequest(usize),
    /// Asked to see a place that the verdict speaks of.
    Reveal(Span),
    /// Asked to see the place of a problem.
    RevealProblem(Span),
    /// Opened or closed a node of the trace.
    Fold(NodePath, bool),
    /// Chose what a narrow screen shows.
    ShowPane(Pane),
    /// Opened or closed the dialog for pasting.
    ShowPasting(bool),
    /// Chose light or dark.
    ChooseTheme(Theme),
}

impl State {
    /// The page as it opens: with the text of the last visit, or the first example.
    pub fn new(text: Option<&str>, kept: Vec<Rc<Document>>, theme: Theme) -> Self {
        let document = Document::read(text.unwrap_or_else(|| examples::text(0)));
        Self {
            sound: document.is_sound().then(|| Rc::clone(&document)),
            document,
            revision: 0,
            request: 0,
            kept,
            waiting: Vec::new(),
            notice: None,
            selection: None,
            folds: Folds::default(),
            pane: Pane::default(),
            pasting: false,
            theme,
        }
    }

    /// Whether the verdict shown is that of an earlier text.
    pub fn is_stale(&self) -> bool {
        self.sound.as_ref().is_some_and(|sound| *sound != self.document)
    }

    fn apply(&mut self, action: Action) {
        match action {
            Action::Typed(text) => self.change(Document::read(&text)),
            Action::OpenExample(index) => self.open_beside_own(Document::read(examples::text(index))),
            Action::StartEmpty => self.open_beside_own(Document::read(EMPTY_WORLD)),
            Action::OpenKept(index) => {
                if let Some(document) = self.kept.get(index).cloned() {
                    self.open(document);
                }
            }
            Action::Place(paste) => self.place(&paste),
            Action::GoBack => {
                if let Some(back) = self.notice.take().and_then(|notice| notice.back) {
                    self.open(back.document);
                }
            }
            Action::DismissNotice => self.notice = None,
            Action::Format => {
                if let Some(text) = self.document.formatted() {
                    self.replace(Document::read(&text));
                }
            }
            Action::ChooseRequest(index) => {
                self.request = index;
                self.folds = Folds::default();
            }
            Action::Reveal(span) => {
                let before = self.sound.as_ref().unwrap_or(&self.document);
                self.select(relocate(span, before.text(), self.document.text()));
            }
            Action::RevealProblem(span) => self.select(span),
            Action::Fold(path, open) => self.folds.set(path, open),
            Action::ShowPane(pane) => self.pane = pane,
            Action::ShowPasting(open) => self.pasting = open,
            Action::ChooseTheme(theme) => self.theme = theme,
        }
    }

    /// Takes an edit that was made outside the editor.
    fn replace(&mut self, document: Rc<Document>) {
        self.revision = self.revision.wrapping_add(1);
        self.change(document);
    }

    /// Takes an edit of the text; while it has errors, the last verdict stands.
    fn change(&mut self, document: Rc<Document>) {
        if document.is_sound() {
            self.sound = Some(Rc::clone(&document));
        }
        self.document = document;
    }

    /// Takes another text; what the user wrote in the present one is kept.
    fn open(&mut self, document: Rc<Document>) {
        self.kept.retain(|kept| *kept != document && *kept != self.document);
        if self.document.is_own() && self.document != document {
            self.kept.insert(0, Rc::clone(&self.document));
            self.kept.truncate(MOST_KEPT);
        }
        self.sound = None;
        self.replace(document);
        self.request = 0;
        self.waiting = Vec::new();
        self.notice = None;
        self.selection = None;
        self.folds = Folds::default();
    }

    /// Takes one of the page's own texts, and offers the way back to the user's.
    fn open_beside_own(&mut self, document: Rc<Document>) {
        let own = self.document.is_own().then(|| Rc::clone(&self.document));
        self.open(document);
        self.notice = own.map(|document| Notice {
            sentences: vec!["Your text is kept, also in the Examples menu.".to_owned()],
            notes: Vec::new(),
            back: Some(Back { label: "Back to my text", document }),
        });
    }

    fn select(&mut self, span: Span) {
        self.selection = Some(Selection::choose(span, self.selection));
        self.pane = Pane::Scenario;
    }
}

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut state = Rc::unwrap_or_clone(self);
        state.apply(action);
        Rc::new(state)
    }
}

#[cfg(test)]
mod tests;
