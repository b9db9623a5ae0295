//! What KMS checks once a request is authorized.
//!
//! An authorized request can still fail: its key is disabled, is of another type, or a parameter is out of
//! bounds. That is no denial: the decision stays `Allowed`, and the caller gets an error of KMS. Checked
//! here is what a scenario can show. Ciphertexts, signatures and key material are not, nor are quotas. A
//! parameter that is left out is no error, unless its absence is what an error is about: scenarios give
//! what matters to them.
//!
//! [`check`] is the order; each check has its file.

mod algorithm;
mod alias;
mod aws_managed;
mod create_key;
mod error;
mod existing;
#[cfg(test)]
mod fixture;
mod grant;
mod key_state;
mod key_type;
mod lockout;
mod named;
mod parameters;

pub use error::{ErrorName, KmsError};
pub(crate) use named::unseen;
pub(crate) use parameters::constraint;

use alloc::{boxed::Box, string::String, vec::Vec};

use crate::{
    assumption::{Assumptions, PendingDeletionError},
    catalog::{Action, KeyOrigin, KeySpec, KeyState, KeyUsage, Operation},
    request::{Parameter, ParameterValue, Request},
    world::{KmsKey, MultiRegionKeyType, World},
};

/// A request that is authorized, and what there is to know of it.
#[derive(Clone, Debug)]
pub struct AuthorizedRequest<'a> {
    /// The operation.
    pub operation: Operation,
    /// Each key that it was authorized on, with the action.
    ///
    /// Of `UpdateAlias` the key that the alias names now comes first, then the one that it is to name; of
    /// `UpdatePrimaryRegion` the primary key, then the replica. Aliases and keys to be are no keys here.
    pub keys: Vec<(Action, KeyFacts<'a>)>,
    /// Its parameters; those of `Constraints` stand beside the others.
    pub parameters: &'a [Parameter],
    /// Which error a key that is pending deletion ends in, where AWS leaves it open.
    pub pending_deletion_error: PendingDeletionError,
}

/// What the checks need to know of a key.
///
/// ```
/// use keytrace::{catalog::{KeyState, KeyUsage}, check::KeyFacts};
///
/// let key = KeyFacts::new("arn:aws:kms:us-west-2:111122223333:key/1234abcd");
/// assert_eq!((key.state, key.usage), (KeyState::Enabled, KeyUsage::EncryptDecrypt));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct KeyFacts<'a> {
    /// Its ARN, for messages.
    pub arn: &'a str,
    /// Its state.
    pub state: KeyState,
    /// What it is made of.
    pub spec: KeySpec,
    /// What it is for.
    pub usage: KeyUsage,
    /// Where its material comes from.
    pub origin: KeyOrigin,
    /// Whether it is in a custom key store, also if its origin does not tell.
    pub in_custom_key_store: bool,
    /// For multi-Region keys.
    pub multi_region: Option<MultiRegionKeyType>,
    /// Whether AWS manages it.
    pub aws_managed: bool,
}

impl<'a> KeyFacts<'a> {
    /// The key that `CreateKey` makes when asked for nothing in particular.
    #[must_use]
    pub fn new(arn: &'a str) -> Self {
        Self {
            arn,
            state: KeyState::default(),
            spec: KeySpec::default(),
            usage: KeyUsage::default(),
            origin: KeyOrigin::default(),
            in_custom_key_store: false,
            multi_region: None,
            aws_managed: false,
        }
    }

    /// Custom key stores hold the keys of two origins, and no others.
    const fn is_in_custom_key_store(&self) -> bool {
        self.in_custom_key_store || matches!(self.origin, KeyOrigin::AwsCloudHsm | KeyOrigin::ExternalKeyStore)
    }
}

impl<'a> From<&'a KmsKey> for KeyFacts<'a> {
    fn from(key: &'a KmsKey) -> Self {
        Self {
            arn: key.arn.as_str(),
            state: key.state,
            spec: key.key_spec,
            usage: key.key_usage,
            origin: key.origin,
            in_custom_key_store: key.in_custom_key_store,
            multi_region: key.multi_region,
            aws_managed: key.aws_managed,
        }
    }
}

/// Whether KMS does what an authorized request of a world asks for: what it names is there, [`check`], a new key
/// policy is one, what is there already, and the key policy lockout safety check.
///
/// # Errors
///
/// The first that is found.
pub fn outcome(request: &Request, world: &World, assumptions: &Assumptions) -> Result<(), KmsError> {
    named::check(request)?;
    check(&AuthorizedRequest::new(request, world, assumptions))?;
    lockout::well_formed(request)?;
    existing::check(request, world)?;
    lockout::check(request, world, assumptions)
}

/// Whether KMS does what an authorized request asks for, or the error that the caller gets.
///
/// The key policy lockout safety check is not here, as it asks for another authorization; the operations
/// that have it know no dry run, so it can come after all of this.
///
/// UNDOCUMENTED: the order. AWS's pages say that a dry run is checked like any other request
/// (<https://docs.aws.amazon.com/kms/latest/developerguide/testing-permissions.html>), not which of two
/// errors wins.
///
/// ```
/// use keytrace::{
///     assumption::{Assumptions, PendingDeletionError},
///     catalog::{Action, KeyState, Operation},
///     check::{AuthorizedRequest, KeyFacts, check},
/// };
///
/// let arn = "arn:aws:kms:us-west-2:111122223333:key/1234abcd";
/// let key = KeyFacts { state: KeyState::Disabled, ..KeyFacts::new(arn) };
/// let error = check(&AuthorizedRequest {
///     operation: Operation::Of(Action::Decrypt),
///     keys: vec![(Action::Decrypt, key)],
///     parameters: &[],
///     pending_deletion_error: PendingDeletionError::default(),
/// });
/// assert_eq!(error.unwrap_err().to_string(), format!("DisabledException: {arn} is disabled."));
/// ```
///
/// # Errors
///
/// The first that is found.
pub fn check(request: &AuthorizedRequest<'_>) -> Result<(), KmsError> {
    aws_managed::check(request)?;
    key_state::check(request)?;
    key_type::check_usage(request)?;
    key_type::check(request)?;
    algorithm::check(request)?;
    grant::check(request)?;
    alias::check(request)?;
    create_key::check(request)?;
    parameters::check(request)?;
    dry_run(request)
}

/// A dry run never does anything: what would have succeeded ends in this error instead.
///
/// <https://docs.aws.amazon.com/kms/latest/developerguide/testing-permissions.html>. The message is AWS's,
/// from reports of real calls.
fn dry_run(request: &AuthorizedRequest<'_>) -> Result<(), KmsError> {
    use Action::{
        CreateGrant, Decapsulate, Decrypt, DeriveSharedSecret, Encapsulate, Encrypt, GenerateDataKey,
        GenerateDataKeyPair, GenerateDataKeyPairWithoutPlaintext, GenerateDataKeyWithoutPlaintext, GenerateMac,
        ReEncryptFrom, ReEncryptTo, RetireGrant, RevokeGrant, Sign, Verify, VerifyMac,
    };
    let takes_it = match request.operation {
        Operation::ReEncrypt => true,
        #[rustfmt::skip] // A list.
        Operation::Of(action) => matches!(action,
            CreateGrant | Decapsulate | Decrypt | DeriveSharedSecret | Encapsulate | Encrypt | GenerateDataKey
            | GenerateDataKeyPair | GenerateDataKeyPairWithoutPlaintext | GenerateDataKeyWithoutPlaintext | GenerateMac
            | ReEncryptFrom | ReEncryptTo | RetireGrant | RevokeGrant | Sign | Verify | VerifyMac),
    };
    if takes_it && request.text("DryRun") == Some("true") {
        let message = "The request would have succeeded, but the DryRun option is set.";
        return Err(KmsError::new(ErrorName::DryRunOperation, message));
    }
    Ok(())
}

impl<'a> AuthorizedRequest<'a> {
    /// A request of a scenario, once every permission that it takes is allowed.
    #[must_use]
    pub fn new(request: &'a Request, world: &'a World, assumptions: &Assumptions) -> Self {
        let authorizations = request.authorizations.iter();
        let keys = authorizations.filter_map(|one| Some((one.action, one.resource.kms_key(world)?.into()))).collect();
        Self {
            operation: request.operation,
            keys,
            parameters: &request.parameters,
            pending_deletion_error: assumptions.pending_deletion_error,
        }
    }

    /// Whether the operation is the one named after an action.
    fn is(&self, action: Action) -> bool {
        self.operation == Operation::Of(action)
    }

    /// The first key, of operations that have one.
    fn key(&self) -> Option<&KeyFacts<'a>> {
        self.keys.first().map(|(_, key)| key)
    }

    fn parameter(&self, name: &str) -> Option<&'a ParameterValue> {
        self.parameters.iter().find(|parameter| &*parameter.name == name).map(|parameter| &parameter.value)
    }

    /// A parameter that is a string, number or Boolean.
    fn text(&self, name: &str) -> Option<&'a str> {
        match self.parameter(name)? {
            ParameterValue::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A parameter that is a list of strings; empty if it is not given.
    fn list(&self, name: &str) -> &'a [Box<str>] {
        match self.parameter(name) {
            Some(ParameterValue::List(list)) => list,
            _ => &[],
        }
    }

    /// A parameter that is an encryption context; empty if it is not given.
    fn pairs(&self, name: &str) -> &'a [(Box<str>, Box<str>)] {
        match self.parameter(name) {
            Some(ParameterValue::Pairs(pairs)) => pairs,
            _ => &[],
        }
    }
}

/// What most errors of parameters are.
pub(crate) fn validation(message: impl Into<String>) -> KmsError {
    KmsError::new(ErrorName::Validation, message)
}

#[cfg(test)]
mod tests {
    use super::{
        fixture::{ARN, check_keys, error_of, key, text},
        *,
    };
    use alloc::vec;

    #[test]
    fn a_dry_run_never_succeeds() {
        let dry = [text("DryRun", "true")];
        let (name, message) = error_of(Action::Encrypt, KeyFacts::new(ARN), &dry).unwrap();
        assert_eq!(name, ErrorName::DryRunOperation);
        assert_eq!(message, "The request would have succeeded, but the DryRun option is set.");
        assert_eq!(error_of(Action::Encrypt, KeyFacts::new(ARN), &[text("DryRun", "false")]), None);
        // An operation that has no such parameter does not heed it.
        assert_eq!(error_of(Action::DescribeKey, KeyFacts::new(ARN), &dry), None);
    }

    /// State, then type, then algorithm, then parameters, then the dry run.
    #[test]
    fn the_first_error_wins() {
        let mut key = KeyFacts { state: KeyState::Disabled, ..key(KeySpec::Rsa2048, KeyUsage::EncryptDecrypt) };
        let mut parameters =
            [text("SigningAlgorithm", "ECDSA_SHA_256"), text("MessageType", "NONE"), text("DryRun", "true")];
        let error = |key, parameters: &[Parameter]| error_of(Action::Sign, key, parameters).unwrap();
        assert_eq!(error(key, &parameters).0, ErrorName::Disabled);
        key.state = KeyState::Enabled;
        assert!(error(key, &parameters).1.contains("key usage is ENCRYPT_DECRYPT"));
        key.usage = KeyUsage::SignVerify;
        assert!(error(key, &parameters).1.contains("Algorithm ECDSA_SHA_256 is incompatible"));
        parameters[0] = text("SigningAlgorithm", "RSASSA_PSS_SHA_256");
        assert!(error(key, &parameters).1.contains("'messageType'"));
        parameters[1] = text("MessageType", "DIGEST");
        assert_eq!(error(key, &parameters).0, ErrorName::DryRunOperation);
    }

    /// Both halves of `ReEncrypt` are checked before the dry run ends it.
    #[test]
    fn every_key_of_an_operation_counts() {
        let [source, mut destination] = [KeyFacts::new(ARN); 2];
        destination.state = KeyState::Disabled;
        let request = |destination| {
            check(&AuthorizedRequest {
                operation: Operation::ReEncrypt,
                keys: vec![(Action::ReEncryptFrom, source), (Action::ReEncryptTo, destination)],
                parameters: &[text("DryRun", "true")],
                pending_deletion_error: PendingDeletionError::default(),
            })
            .map_err(|error| error.name)
        };
        assert_eq!(request(destination), Err(ErrorName::Disabled));
        destination.state = KeyState::Enabled;
        assert_eq!(request(destination), Err(ErrorName::DryRunOperation));
    }

    #[test]
    fn operations_without_a_key_have_parameters_too() {
        let check = |bytes| check_keys(Action::GenerateRandom, &[], &[text("NumberOfBytes", bytes)]);
        assert!(check("1024").is_ok() && check("1025").is_err());
    }
}
