//! The scenario file: a world, requests, and what they are expected to come to.
//!
//! One JSON file is the whole state: the playground's document, a test case, an example. It mirrors what
//! the `aws` command prints, so that a paste fits where it belongs. `www/scenario.schema.json` describes
//! it to editors; unknown fields are errors with a position.

mod authorizations;
mod callers;
mod expect;
mod fields;
mod grants;
mod key_id;
mod key_life;
mod keys;
mod organization;
mod parameters;
mod principals;
mod read;
mod requests;
mod vpc_endpoints;
mod world;

pub use expect::{DecisionName, Expectation, ExpectedStatement, Mismatch};
pub(crate) use fields::time;
#[cfg(test)]
pub(crate) use parameters::PARAMETERS;
pub(crate) use read::read_call;
pub use read::{VERSION, read, read_world};

use alloc::{boxed::Box, vec::Vec};

use crate::{assumption::Assumptions, request::Request, world::World};

/// A scenario without an error in it.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// What it shows, in a line.
    pub title: Option<Box<str>>,
    /// The page of AWS that settles it.
    pub doc: Option<Box<str>>,
    /// How sure we are.
    pub standing: Option<Standing>,
    /// The rule, for a reader.
    pub notes: Option<Box<str>>,
    /// Principals and keys.
    pub world: World,
    /// At least one.
    pub requests: Vec<Case>,
    /// How to read what AWS does not document.
    pub assumptions: Assumptions,
}

/// A request and what is expected of it.
#[derive(Clone, Debug)]
pub struct Case {
    /// The request.
    pub request: Request,
    /// As much as the author pinned.
    pub expect: Option<Expectation>,
}

/// How sure we are of an expectation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The page says so.
    Documented,
    /// Seen in real accounts, on no page.
    Observed,
    /// Follows from what is documented.
    Inferred,
}
