//! Requests for the tests of the checks.

use alloc::string::String;

use super::{AuthorizedRequest, ErrorName, KeyFacts, KmsError, check};
use crate::{
    assumption::PendingDeletionError,
    catalog::{Action, KeySpec, KeyUsage, Operation},
    request::{Parameter, ParameterValue},
};

pub(super) const ARN: &str = "arn:aws:kms:us-west-2:111122223333:key/1234abcd";

pub(super) fn key(spec: KeySpec, usage: KeyUsage) -> KeyFacts<'static> {
    KeyFacts { spec, usage, ..KeyFacts::new(ARN) }
}

pub(super) fn text(name: &str, value: &str) -> Parameter {
    Parameter { name: name.into(), value: ParameterValue::Text(value.into()) }
}

pub(super) fn list(name: &str, values: &[&str]) -> Parameter {
    let values = values.iter().map(|value| (*value).into()).collect();
    Parameter { name: name.into(), value: ParameterValue::List(values) }
}

pub(super) fn pairs(name: &str, pairs: &[(&str, &str)]) -> Parameter {
    let pairs = pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    Parameter { name: name.into(), value: ParameterValue::Pairs(pairs) }
}

pub(super) fn check_keys(action: Action, keys: &[KeyFacts<'_>], parameters: &[Parameter]) -> Result<(), KmsError> {
    check(&AuthorizedRequest {
        operation: Operation::Of(action),
        keys: keys.iter().map(|key| (action, *key)).collect(),
        parameters,
        pending_deletion_error: PendingDeletionError::default(),
    })
}

pub(super) fn error_of(action: Action, key: KeyFacts<'_>, parameters: &[Parameter]) -> Option<(ErrorName, String)> {
    check_keys(action, &[key], parameters).err().map(|error| (error.name, error.message))
}
