//! What the corpus reaches: every scenario read once, every request answered once, and what that is evidence of.

mod notes;
mod point;
mod required;

pub use notes::{grant_check, relation};
pub use point::{Operator, Point, Reading, Verdict};
pub use required::{FORMS, GRANT_CHECKS, NOT_IN_PLAY, POLICY_TYPES, operators, out_of_reach, required};

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    io,
};

use keytrace::scenario::Standing;

use crate::{File, Run, corpus, in_parallel};

/// What the corpus reaches.
pub struct Coverage {
    /// Every scenario that is answered, by name.
    pub scenarios: Vec<Reached>,
    /// How many others are there to be refused.
    pub refused: usize,
    reached: BTreeMap<Point, BTreeSet<usize>>,
}

/// A scenario that was answered.
pub struct Reached {
    /// Its path below `tests/scenarios/`.
    pub name: String,
    /// The page that settles it.
    pub page: String,
    /// How sure its author is.
    pub standing: Standing,
    /// How long its text is.
    length: usize,
    /// How many scenarios reach the rarest of the points that it reaches.
    rarest: usize,
    points: Vec<Point>,
}

/// The scenarios behind something: first those that show nothing rarer beside it, of these the shortest.
pub struct Evidence<'c>(Vec<&'c Reached>);

impl Coverage {
    /// Answers the whole corpus.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn gather() -> io::Result<Self> {
        let files = corpus()?;
        let mut scenarios: Vec<Reached> = in_parallel(&files, Reached::of).into_iter().flatten().collect();
        let refused = files.len() - scenarios.len();
        let mut reached: BTreeMap<Point, BTreeSet<usize>> = BTreeMap::new();
        for (index, scenario) in scenarios.iter_mut().enumerate() {
            for point in std::mem::take(&mut scenario.points) {
                reached.entry(point).or_default().insert(index);
            }
        }
        for indices in reached.values() {
            for &index in indices {
                if let Some(scenario) = scenarios.get_mut(index) {
                    scenario.rarest = scenario.rarest.min(indices.len());
                }
            }
        }
        Ok(Self { scenarios, refused, reached })
    }

    /// Every point that some scenario reaches.
    pub fn points(&self) -> impl Iterator<Item = Point> {
        self.reached.keys().copied()
    }

    /// The scenarios that reach any of these points.
    #[must_use]
    pub fn of(&self, points: impl IntoIterator<Item = Point>) -> Evidence<'_> {
        let sets = points.into_iter().filter_map(|point| self.reached.get(&point));
        let indices: BTreeSet<usize> = sets.flatten().copied().collect();
        let mut scenarios: Vec<&Reached> = indices.into_iter().filter_map(|index| self.scenarios.get(index)).collect();
        // How documents are read is a poor example of anything else.
        let reads = |scenario: &Reached| scenario.name.starts_with("document/");
        scenarios.sort_by_key(|scenario| (reads(scenario), Reverse(scenario.rarest), scenario.length));
        Evidence(scenarios)
    }
}

impl Reached {
    fn of(file: &File) -> Option<Self> {
        let run = Run::new(file);
        let scenario = run.scenario()?;
        let answers = run.answers.iter().enumerate();
        let points = answers.flat_map(|(index, answer)| notes::points(scenario, index, answer)).collect();
        Some(Self {
            name: file.name.clone(),
            page: scenario.doc.as_deref().unwrap_or_default().into(),
            standing: scenario.standing?,
            length: file.text.len(),
            rarest: usize::MAX,
            points,
        })
    }
}

impl<'c> Evidence<'c> {
    /// How many there are.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.0.len()
    }

    /// How many of them have that standing.
    #[must_use]
    pub fn standing(&self, standing: Standing) -> usize {
        self.0.iter().filter(|scenario| scenario.standing == standing).count()
    }

    /// The one to read: to the point, short, and documented if any is.
    #[must_use]
    pub fn example(&self) -> Option<&'c Reached> {
        self.0.iter().find(|scenario| scenario.standing == Standing::Documented).or(self.0.first()).copied()
    }

    /// The pages that settle them, the most frequent first.
    pub fn pages(&self) -> impl Iterator<Item = &'c str> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for scenario in &self.0 {
            *counts.entry(&scenario.page).or_default() += 1;
        }
        let mut pages: Vec<_> = counts.into_iter().collect();
        pages.sort_by_key(|(_, count)| Reverse(*count));
        pages.into_iter().map(|(page, _)| page)
    }
}
