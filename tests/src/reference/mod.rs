//! A second evaluator: slow, literal, written from AWS's pages without a look at the first one.
//!
//! It reads the JSON of a scenario and shares no type with the library. Everything known, it decides in two
//! values, the way AWS's pages put it ([`decide`]). What is unknown it fills in, in every way that could make
//! a difference, and looks whether the decisions agree ([`completion`]).
//!
//! Key states and errors are none of its business, nor are documents that AWS would refuse.

mod action;
mod arn;
mod authorization;
mod caller;
mod candidates;
mod compare;
mod completion;
mod condition;
mod context;
mod decide;
mod derive;
mod derive_kms;
mod document;
mod grant;
mod instant;
mod json;
mod keys;
mod number;
mod organization;
mod pattern;
mod statement;
mod variable;
mod verdict;
mod world;

pub use verdict::{Decision, Refusal, Verdict};

use serde_json::Value;
use world::World;

/// A scenario, read once.
#[derive(Debug)]
pub struct Reference {
    world: World,
}

impl Reference {
    /// Reads the JSON of a scenario file.
    ///
    /// # Errors
    /// If it is no scenario.
    pub fn read(scenario: &Value) -> Result<Reference, Refusal> {
        Ok(Reference { world: World::read(scenario).map_err(Refusal::Unanswerable)? })
    }

    /// How many requests it holds.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.world.requests.len()
    }

    /// The verdict on the request at that position.
    ///
    /// # Errors
    /// If the request has no meaning here, or if what is unknown can be filled in in too many ways.
    pub fn decide(&self, request: usize) -> Result<Verdict, Refusal> {
        let request = self.world.requests.get(request).ok_or(Refusal::Unanswerable("no such request"))?;
        completion::verdict(&self.world, request)
    }
}
