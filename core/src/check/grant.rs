//! What `CreateGrant` asks of a grant.
//!
//! <https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html>
//!
//! UNDOCUMENTED: the error. The page speaks of a `ValidationError` for an unsupported operation, which
//! callers get as `ValidationException`; for the rest it names none, and the same is taken.

use alloc::{format, vec::Vec};

use super::{AuthorizedRequest, ErrorName, KeyFacts, KmsError, key_type::supports, parameters::not_one_of, validation};
use crate::{
    arn::{AccountId, Arn, PrincipalArn, PrincipalKind},
    catalog::{Action, KeySpec},
};

const EQUALS: &str = "EncryptionContextEquals";
const SUBSET: &str = "EncryptionContextSubset";

pub(super) fn check(request: &AuthorizedRequest<'_>) -> Result<(), KmsError> {
    let Some(key) = request.key().filter(|_| request.is(Action::CreateGrant)) else { return Ok(()) };
    principals(request)?;
    let operations = operations(request, key)?;
    encryption_context(request, key, &operations)?;
    source_arn(request)
}

/// One grantee, at most one retiring principal; a service as grantee needs a source ARN and somebody who
/// may retire the grant. The sentences are ours.
fn principals(request: &AuthorizedRequest<'_>) -> Result<(), KmsError> {
    let given = |name| request.parameter(name).is_some();
    let service = given("GranteeServicePrincipal");
    let (retiring, retiring_service) = (given("RetiringPrincipal"), given("RetiringServicePrincipal"));
    if service && given("GranteePrincipal") {
        return Err(validation("You must specify either GranteePrincipal or GranteeServicePrincipal, but not both."));
    }
    if retiring && retiring_service {
        return Err(validation("You can specify RetiringPrincipal or RetiringServicePrincipal, but not both."));
    }
    for name in ["GranteePrincipal", "RetiringPrincipal"] {
        // An ARN is that of an account, a user, a role or a session. AWS's sentence, from reports of real calls.
        let text = request.text(name).unwrap_or_default();
        let sound = PrincipalArn::parse(text).is_some_and(|arn| !matches!(arn.kind(), PrincipalKind::Group { .. }));
        if (text.starts_with("arn:") || text.contains('*')) && !sound {
            let message = format!("ARN does not refer to a valid principal: {text}");
            return Err(KmsError::new(ErrorName::InvalidArn, message));
        }
    }
    if service && !given("SourceArn") {
        return Err(validation("A grant with GranteeServicePrincipal must have a SourceArn constraint."));
    }
    if service && !retiring && !retiring_service {
        let message = "A grant with GranteeServicePrincipal must have a RetiringPrincipal or RetiringServicePrincipal.";
        return Err(validation(message));
    }
    Ok(())
}

/// The operations that a grant can have
/// (<https://docs.aws.amazon.com/kms/latest/developerguide/grants.html#terms-grant-operations>), as far as
/// the type of the key supports them. The second sentence is ours.
fn operations(request: &AuthorizedRequest<'_>, key: &KeyFacts<'_>) -> Result<Vec<Action>, KmsError> {
    let grantable = || Action::ALL.iter().filter(|action| action.grantable());
    let mut operations = Vec::new();
    for name in request.list("Operations") {
        let Some(&action) = grantable().find(|action| action.name() == &**name) else {
            let names: Vec<&str> = grantable().map(|action| action.name()).collect();
            return Err(not_one_of("Operations", name, &names));
        };
        if !supports(action, key) {
            return Err(validation(format!("The operation {name} is not supported by {}.", key.arn)));
        }
        operations.push(action);
    }
    Ok(operations)
}

/// One constraint of the two, with at most eight pairs of at most 384 characters; and only where the
/// operations have an encryption context to compare it with. `DescribeKey` and `RetireGrant` have none and
/// may stand beside those that have, and `CreateGrant` hands the constraint on.
///
/// AWS's own sentence is that for two constraints, from reports of real calls.
///
/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html#KMS-CreateGrant-request-Constraints>
fn encryption_context(
    request: &AuthorizedRequest<'_>,
    key: &KeyFacts<'_>,
    operations: &[Action],
) -> Result<(), KmsError> {
    if request.parameter(EQUALS).is_some() && request.parameter(SUBSET).is_some() {
        return Err(validation("More than one constraint supplied"));
    }
    for name in [EQUALS, SUBSET] {
        let pairs = request.pairs(name);
        if pairs.len() > 8 {
            return Err(validation(format!("{name} can have up to 8 encryption context pairs.")));
        }
        if pairs.iter().any(|(_, value)| value.chars().count() > 384) {
            return Err(validation(format!("The values of {name} cannot exceed 384 characters.")));
        }
        if !pairs.is_empty() && key.spec != KeySpec::SymmetricDefault {
            let passes =
                |action: &&Action| matches!(action, Action::CreateGrant | Action::DescribeKey | Action::RetireGrant);
            if let Some(operation) = operations.iter().find(|action| !passes(action)) {
                let message = format!("{name} does not apply to {} with {}.", operation.name(), key.arn);
                return Err(validation(message));
            }
        }
    }
    Ok(())
}

/// The ARN of a resource, with its account
/// (<https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html>). The sentence is ours.
fn source_arn(request: &AuthorizedRequest<'_>) -> Result<(), KmsError> {
    let Some(text) = request.text("SourceArn") else { return Ok(()) };
    let sound = Arn::parse(text).is_some_and(|arn| {
        arn.partition.starts_with("aws")
            && !arn.service.is_empty()
            && AccountId::parse(arn.account).is_some()
            && !arn.resource.is_empty()
    });
    if sound && (20..=512).contains(&text.chars().count()) {
        return Ok(());
    }
    Err(validation(format!("Value '{text}' at 'constraints.sourceArn' is not the ARN of a resource with its account.")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        catalog::KeyUsage,
        check::{
            ErrorName,
            fixture::{ARN, error_of, key, list, pairs, text},
        },
        request::Parameter,
    };

    fn grant(key: KeyFacts<'_>, parameters: &[Parameter]) -> Option<alloc::string::String> {
        let (name, message) = error_of(Action::CreateGrant, key, parameters)?;
        assert_eq!(name, ErrorName::Validation);
        Some(message)
    }

    fn refused(parameters: &[Parameter]) -> bool {
        grant(KeyFacts::new(ARN), parameters).is_some()
    }

    const ORDERS: &str = "arn:aws:dynamodb:us-west-2:111122223333:table/orders";

    #[test]
    fn operations_follow_the_type_of_the_key() {
        let signing = key(KeySpec::Rsa2048, KeyUsage::SignVerify);
        let operations = |names: &[&str]| [list("Operations", names)];
        assert_eq!(grant(signing, &operations(&["Sign", "GetPublicKey", "DescribeKey", "CreateGrant"])), None);
        assert!(grant(signing, &operations(&["Sign", "Decrypt"])).is_some_and(|message| message.contains("Decrypt")));
        assert!(grant(KeyFacts::new(ARN), &operations(&["Sign"])).is_some());
        for name in ["ReEncrypt", "PutKeyPolicy", "decrypt"] {
            assert!(grant(KeyFacts::new(ARN), &operations(&[name])).is_some(), "{name} is no grant operation");
        }
        let custom = KeyFacts { in_custom_key_store: true, ..KeyFacts::new(ARN) };
        assert_eq!(grant(custom, &operations(&["GenerateDataKey"])), None);
        assert!(grant(custom, &operations(&["GenerateDataKeyPair"])).is_some());
    }

    #[test]
    fn a_context_constraint_needs_operations_with_a_context() {
        let constraint = pairs(SUBSET, &[("tenant", "42")]);
        let with = |key, operation| grant(key, &[list("Operations", &[operation]), constraint.clone()]).is_some();
        let (signing, mac) =
            (key(KeySpec::Rsa2048, KeyUsage::SignVerify), key(KeySpec::Hmac256, KeyUsage::GenerateVerifyMac));
        let encrypting = key(KeySpec::Rsa2048, KeyUsage::EncryptDecrypt);
        assert!(!with(KeyFacts::new(ARN), "Decrypt"));
        assert!(with(encrypting, "Decrypt") && with(signing, "Sign") && with(mac, "VerifyMac"));
        assert!(!with(signing, "DescribeKey") && !with(signing, "RetireGrant") && !with(signing, "CreateGrant"));
    }

    #[test]
    fn a_context_constraint_is_one_and_small() {
        let tenant = &[("tenant", "42")];
        assert!(refused(&[pairs(EQUALS, tenant), pairs(SUBSET, tenant)]));
        let (longest, longer) = ("x".repeat(384), "x".repeat(385));
        assert!(!refused(&[pairs(EQUALS, &[("a", &longest)])]) && refused(&[pairs(EQUALS, &[("a", &longer)])]));
        let many = ["a", "b", "c", "d", "e", "f", "g", "h", "i"].map(|name| (name, "1"));
        assert!(!refused(&[pairs(SUBSET, &many[..8])]) && refused(&[pairs(SUBSET, &many)]));
    }

    #[test]
    fn a_service_as_grantee_needs_a_source_and_somebody_to_retire_the_grant() {
        let service = text("GranteeServicePrincipal", "dynamodb.amazonaws.com");
        let source = text("SourceArn", ORDERS);
        let retiring = text("RetiringPrincipal", "arn:aws:iam::111122223333:role/Admin");
        let retiring_service = text("RetiringServicePrincipal", "dynamodb.amazonaws.com");
        assert!(refused(&[service.clone(), retiring.clone()]));
        assert!(refused(&[service.clone(), source.clone()]));
        assert!(!refused(&[service.clone(), source.clone(), retiring.clone()]));
        assert!(!refused(&[service.clone(), source.clone(), retiring_service.clone()]));
        assert!(refused(&[service.clone(), source, retiring.clone(), retiring_service]));
        let user = text("GranteePrincipal", "arn:aws:iam::111122223333:user/Bob");
        assert!(refused(&[service, user.clone()]) && !refused(&[user, retiring]));
    }

    #[test]
    fn a_source_arn_names_a_resource_of_an_account() {
        assert!(!refused(&[text("SourceArn", ORDERS)]));
        for arn in ["orders", "arn:aws:s3:::orders-of-the-last-year", "arn:aws:sqs:us-west-2:111122223333:"] {
            assert!(refused(&[text("SourceArn", arn)]), "{arn}");
        }
    }

    #[test]
    fn other_operations_do_not_make_grants() {
        let parameters = [list("Operations", &["Sign"])];
        assert_eq!(error_of(Action::ListGrants, KeyFacts::new(ARN), &parameters), None);
    }
}
