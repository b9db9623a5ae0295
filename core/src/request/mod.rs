//! Who asks what of which key, and the request context that AWS would make of it.

mod authorization;
mod caller;
mod context;
mod derive;
mod encryption_context;

pub use authorization::{Authorization, Fault, Resource};
pub use caller::{Caller, Identity, Session};
pub use context::{ContextEntry, ContextValue, Origin, RequestContext};
pub use encryption_context::RequestedEncryptionContext;

use alloc::{boxed::Box, vec::Vec};

use crate::{assumption::Assumptions, catalog::Operation, json::Span, policy::Document, world::World};

/// One request to KMS.
#[derive(Clone, Debug)]
pub struct Request {
    /// The bytes of its description.
    pub span: Span,
    /// Who asks.
    pub caller: Caller,
    /// For what.
    pub operation: Operation,
    /// The permissions that it takes, at least one: all of them, or the operation is denied.
    pub authorizations: Vec<Authorization>,
    /// The parameters of the operation.
    pub parameters: Vec<Parameter>,
    /// The service that called on the caller's behalf, such as `s3.us-west-2.amazonaws.com`.
    pub via: Option<Box<str>>,
    /// The VPC endpoint of the world that it comes through.
    pub vpc_endpoint: Option<usize>,
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
    /// A key policy.
    Policy(Document),
    /// A key policy that AWS would refuse, and why.
    MalformedPolicy(Box<str>),
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
    /// The context of one of its authorizations: given, derived, or unknown, each value with its origin.
    #[must_use]
    pub fn context(&self, authorization: &Authorization, world: &World, assumptions: &Assumptions) -> RequestContext {
        derive::context(self, authorization, world, assumptions)
    }

    /// A parameter by its name in the API; those of `Constraints` stand beside the others.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&ParameterValue> {
        self.parameters.iter().find(|parameter| &*parameter.name == name).map(|parameter| &parameter.value)
    }

    /// A parameter that is a string, number or Boolean.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.parameter(name)? {
            ParameterValue::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A parameter that is an encryption context, or tags; none if it is not given.
    #[must_use]
    pub fn pairs(&self, name: &str) -> &[(Box<str>, Box<str>)] {
        match self.parameter(name) {
            Some(ParameterValue::Pairs(pairs)) => pairs,
            _ => &[],
        }
    }

    /// A parameter that is a list; empty if it is not given.
    #[must_use]
    pub fn list(&self, name: &str) -> &[Box<str>] {
        match self.parameter(name) {
            Some(ParameterValue::List(list)) => list,
            _ => &[],
        }
    }
}
