//! What a request names: keys, aliases and grants that are not there, and identifiers that are none.

use alloc::{format, string::String};

use super::{ErrorName, KmsError};
use crate::{
    arn::Arn,
    catalog::Action,
    request::{Authorization, Fault, Request, Resource},
};

/// The first identifier that leads nowhere.
pub(super) fn check(request: &Request) -> Result<(), KmsError> {
    let mut faulty = request.authorizations.iter().filter_map(|authorization| error(request, authorization));
    faulty.next().map_or(Ok(()), Err)
}

/// The error of a request that nobody allows and whose key, alias or grant is not there: in its own account a
/// caller is told so before anything else, as there is no key whose policies could be asked.
///
/// UNDOCUMENTED: the pages list `NotFoundException` for every operation and do not say who gets it. Reports of
/// real calls have it for keys and aliases of the caller's account, and `AccessDeniedException` for those of
/// another, whether they are there or not. Whoever retires a grant is told by the grant, so it is looked up first.
pub(crate) fn unseen(request: &Request, authorization: &Authorization, foreign: bool) -> Option<KmsError> {
    let retires = authorization.action == Action::RetireGrant;
    let is_missing = matches!(authorization.resource, Resource::Missing(_)) && !foreign;
    if retires || is_missing { error(request, authorization) } else { None }
}

/// The messages are AWS's, from reports of real calls, but for those of grants, which are ours.
///
/// `InvalidArnException` stands on the pages of the operations that manage keys, and not on those of the
/// cryptographic ones, which know `NotFoundException` only:
/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html#API_CreateGrant_Errors>,
/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html#API_Encrypt_Errors>.
fn error(request: &Request, authorization: &Authorization) -> Option<KmsError> {
    let arn = match &authorization.resource {
        Resource::Missing(arn) => &**arn,
        _ => "",
    };
    let own = Arn::parse(arn).map_or(arn, |arn| arn.resource);
    let (name, message) = match authorization.fault? {
        Fault::NoSuchKey => (ErrorName::NotFound, format!("Key '{arn}' does not exist")),
        Fault::NoSuchAlias => (ErrorName::NotFound, format!("Alias {arn} is not found.")),
        Fault::InvalidKeyId => {
            (ErrorName::NotFound, format!("Invalid keyId '{}'", own.strip_prefix("key/").unwrap_or(own)))
        }
        Fault::OtherRegion => {
            let written = ["KeyId", "SourceKeyId", "DestinationKeyId", "TargetKeyId"];
            let arns = written.into_iter().filter_map(|name| request.text(name)).filter_map(Arn::parse);
            let region = arns.map(|arn| arn.region).next().unwrap_or_default();
            (ErrorName::NotFound, format!("Invalid arn {region}"))
        }
        Fault::InvalidArn if is_cryptographic(authorization.action) => {
            (ErrorName::NotFound, format!("Invalid arn {arn}"))
        }
        Fault::InvalidArn => (ErrorName::InvalidArn, format!("Invalid arn {arn}")),
        Fault::AliasNotTaken => (ErrorName::InvalidArn, "Key Aliases are not supported for this operation.".into()),
        Fault::NoSuchGrant => {
            let id = request.text("GrantId").unwrap_or_default();
            (ErrorName::NotFound, format!("Grant '{id}' does not exist"))
        }
        // AWS's sentence, from reports of real calls.
        Fault::NoSuchCiphertextKey => {
            let message = "The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.";
            (ErrorName::AccessDenied, message.into())
        }
        // AWS says nothing more.
        Fault::UnreadableCiphertext => (ErrorName::InvalidCiphertext, String::new()),
        Fault::NoSuchGrantToken => (ErrorName::InvalidGrantToken, "The grant token is not valid.".into()),
    };
    Some(KmsError::new(name, message))
}

/// Whether the operation uses a key, rather than managing it.
const fn is_cryptographic(action: Action) -> bool {
    use Action::{
        Decapsulate, Decrypt, DeriveSharedSecret, Encapsulate, Encrypt, GenerateDataKey, GenerateDataKeyPair,
        GenerateDataKeyPairWithoutPlaintext, GenerateDataKeyWithoutPlaintext, GenerateMac, ReEncryptFrom, ReEncryptTo,
        Sign, Verify, VerifyMac,
    };
    #[rustfmt::skip] // A list.
    let uses = matches!(action,
        Decapsulate | Decrypt | DeriveSharedSecret | Encapsulate | Encrypt | GenerateDataKey | GenerateDataKeyPair
        | GenerateDataKeyPairWithoutPlaintext | GenerateDataKeyWithoutPlaintext | GenerateMac | ReEncryptFrom
        | ReEncryptTo | Sign | Verify | VerifyMac);
    uses
}
