//! Who asks what of which key, and the request context that AWS would make of it.

mod caller;
mod context;
mod derive;

pub use caller::{Caller, Identity, Session};
pub use context::{ContextEntry, ContextValue, Origin, RequestContext};

use alloc::{boxed::Box, vec::Vec};

use crate::{catalog::Action, json::Span, world::World};

/// One request to KMS.
#[derive(Clone, Debug)]
pub struct Request {
    /// The bytes of its description.
    pub span: Span,
    /// Who asks.
    pub caller: Caller,
    /// What is asked: the permission that the operation needs.
    pub action: Action,
    /// Of which key of the world; `None` for operations without one.
    pub key: Option<usize>,
    /// The alias name by which the request named the key.
    pub request_alias: Option<Box<str>>,
    /// The parameters of the operation.
    pub parameters: Vec<Parameter>,
    /// The Region that the request goes to, if given or that of the key.
    pub region: Option<Box<str>>,
    /// The service that called on the caller's behalf, such as `s3.us-west-2.amazonaws.com`.
    pub via: Option<Box<str>>,
    /// The time of the request, as written.
    pub now: Option<Box<str>>,
    /// Context given by hand. It wins over what is derived.
    pub given: Vec<(Box<str>, ContextValue)>,
    /// What becomes of context keys that are neither given nor derived.
    pub unlisted: Unlisted,
}

/// A parameter of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name in the API. Those of `Constraints` stand beside the others.
    pub name: Box<str>,
    /// Its value.
    pub value: ParameterValue,
}

/// The shapes of parameters that a request context is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParameterValue {
    /// A string, number or Boolean, as text.
    Text(Box<str>),
    /// A list of strings.
    List(Vec<Box<str>>),
    /// An encryption context, or tags.
    Pairs(Vec<(Box<str>, Box<str>)>),
    /// Something else, of which only the presence counts.
    Opaque,
}

/// What becomes of context keys that are neither given nor derived.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unlisted {
    /// The request does not have them.
    #[default]
    Absent,
    /// Nobody knows.
    Unknown,
}

impl Request {
    /// The request context: given, derived, or unknown, each value with its origin.
    #[must_use]
    pub fn context(&self, world: &World) -> RequestContext {
        derive::context(self, world)
    }

    fn text(&self, name: &str) -> Option<&str> {
        match self.parameter(name)? {
            ParameterValue::Text(text) => Some(text),
            _ => None,
        }
    }

    fn pairs(&self, name: &str) -> &[(Box<str>, Box<str>)] {
        match self.parameter(name) {
            Some(ParameterValue::Pairs(pairs)) => pairs,
            _ => &[],
        }
    }

    fn list(&self, name: &str) -> &[Box<str>] {
        match self.parameter(name) {
            Some(ParameterValue::List(list)) => list,
            _ => &[],
        }
    }

    fn parameter(&self, name: &str) -> Option<&ParameterValue> {
        self.parameters.iter().find(|parameter| &*parameter.name == name).map(|parameter| &parameter.value)
    }
}
