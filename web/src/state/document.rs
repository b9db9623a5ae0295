//! A text and what the engine read in it.

use std::rc::Rc;

use keytrace::{
    json::{self, Source, print},
    problem::{Problem, Problems, Reading, Severity},
    scenario::{self, Scenario},
};

use super::Ruling;
use crate::examples::{self, EMPTY_WORLD};

/// A text together with what reading it gave. The two cannot fall apart: neither changes.
pub struct Document {
    text: String,
    reading: Reading<Scenario>,
}

impl Document {
    /// Reads `text`. Line ends become `\n`, as they are in the editor, so that positions agree.
    pub fn read(text: &str) -> Rc<Self> {
        let text = match text.contains('\r') {
            true => text.replace("\r\n", "\n").replace('\r', "\n"),
            false => text.to_owned(),
        };
        let reading = scenario::read(&text);
        Rc::new(Self { text, reading })
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// All that is wrong or doubtful, in the order of the text.
    pub fn problems(&self) -> &[Problem] {
        &self.reading.problems
    }

    /// How many problems keep it from being evaluated.
    pub fn errors(&self) -> usize {
        self.problems().iter().filter(|problem| problem.severity() == Severity::Error).count()
    }

    /// The scenario, if there is no error.
    pub fn scenario(&self) -> Option<&Scenario> {
        self.reading.value.as_ref()
    }

    pub fn is_sound(&self) -> bool {
        self.scenario().is_some()
    }

    /// What the engine says to each request.
    pub fn rulings(&self) -> Vec<Ruling> {
        let Some(scenario) = self.scenario() else { return Vec::new() };
        (0..scenario.requests.len()).filter_map(|index| keytrace::answer(scenario, index)).map(Ruling::from).collect()
    }

    /// Whether the user wrote it: it is neither empty nor one of the texts that come with the page.
    pub fn is_own(&self) -> bool {
        !self.text.trim().is_empty() && self.text != EMPTY_WORLD && examples::index_of(&self.text).is_none()
    }

    /// What to call it in a menu.
    pub fn title(&self) -> String {
        let title = self.scenario().and_then(|scenario| scenario.title.as_deref());
        title.map_or_else(|| format!("Untitled, {} lines", self.text.lines().count()), str::to_owned)
    }

    /// The same values, evenly indented; `None` if it is not JSON.
    pub fn formatted(&self) -> Option<String> {
        let mut problems = Problems::new(&self.text);
        let value = json::parse(&Source::plain(&self.text), &mut problems)?;
        (problems.errors() == 0).then(|| print::pretty(&value, "", "  ") + "\n")
    }
}

/// Documents are the same if their texts are: what was read in them follows from that.
impl PartialEq for Document {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Document {}
