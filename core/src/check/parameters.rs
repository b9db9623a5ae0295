//! What the values of parameters may be.

use alloc::{format, string::String};

use super::{AuthorizedRequest, ErrorName, KmsError, validation};
use crate::{
    catalog::{Action, Operation},
    request::ParameterValue,
};

/// What a parameter may be.
enum Limit {
    /// A number from the first to the second.
    Number(i64, i64),
    /// So many characters.
    Characters(usize, usize),
    /// So many strings, each of so many characters.
    Strings(usize, usize),
    /// One of these.
    OneOf(&'static [&'static str]),
}

/// Parameters that are limited alike wherever they occur, each with an operation whose page in the API
/// Reference says so: `https://docs.aws.amazon.com/kms/latest/APIReference/API_<operation>.html`.
///
/// Plaintexts, messages, ciphertexts and signatures are missing: what a scenario holds of them need not be
/// what is sent.
#[rustfmt::skip] // A table: a parameter a line.
const LIMITS: &[(&str, Limit)] = &[
    ("AliasName",                Limit::Characters(1, 256)),      // CreateAlias
    ("Description",              Limit::Characters(0, 8192)),     // CreateKey
    ("GrantId",                  Limit::Characters(1, 128)),      // RevokeGrant
    ("GrantToken",               Limit::Characters(1, 8192)),     // RetireGrant
    ("GrantTokens",              Limit::Strings(10, 8192)),       // Decrypt
    ("GranteePrincipal",         Limit::Characters(1, 256)),      // CreateGrant
    ("GranteeServicePrincipal",  Limit::Characters(1, 128)),      // CreateGrant
    ("KeyPairSpec",              Limit::OneOf(KEY_PAIR_SPECS)),   // GenerateDataKeyPair
    ("Name",                     Limit::Characters(1, 256)),      // CreateGrant
    ("NumberOfBytes",            Limit::Number(1, 1024)),         // GenerateDataKey
    ("PendingWindowInDays",      Limit::Number(7, 30)),           // ScheduleKeyDeletion
    ("RetiringPrincipal",        Limit::Characters(1, 256)),      // CreateGrant
    ("RetiringServicePrincipal", Limit::Characters(1, 128)),      // CreateGrant
    ("RotationPeriodInDays",     Limit::Number(90, 2560)),        // EnableKeyRotation
];

const KEY_PAIR_SPECS: &[&str] = &[
    "RSA_2048",
    "RSA_3072",
    "RSA_4096",
    "ECC_NIST_P256",
    "ECC_NIST_P384",
    "ECC_NIST_P521",
    "ECC_SECG_P256K1",
    "SM2",
    "ECC_NIST_EDWARDS25519",
    "ML_KEM_512",
    "ML_KEM_768",
    "ML_KEM_1024",
];

pub(super) fn check(request: &AuthorizedRequest<'_>) -> Result<(), KmsError> {
    for (name, limit) in LIMITS {
        if let Some(value) = request.parameter(name) {
            within(name, value, limit)?;
        }
    }
    data_key(request)?;
    grant_name(request)?;
    policy_name(request)?;
    expiration(request)
}

fn within(name: &str, value: &ParameterValue, limit: &Limit) -> Result<(), KmsError> {
    match (limit, value) {
        (Limit::Number(least, most), ParameterValue::Text(text)) => match text.parse::<i64>() {
            Ok(number) if number < *least => {
                Err(constraint(name, text, &format!("have value greater than or equal to {least}")))
            }
            Ok(number) if number > *most => {
                Err(constraint(name, text, &format!("have value less than or equal to {most}")))
            }
            _ => Ok(()),
        },
        (Limit::Characters(least, most), ParameterValue::Text(text)) => {
            length(name, text, text.chars().count(), *least, *most)
        }
        (Limit::Strings(most, longest), ParameterValue::List(list)) => {
            length(name, "[…]", list.len(), 0, *most)?;
            list.iter().try_for_each(|text| length(name, text, text.chars().count(), 1, *longest))
        }
        (Limit::OneOf(names), ParameterValue::Text(text)) if !names.contains(&&**text) => {
            Err(not_one_of(name, text, names))
        }
        _ => Ok(()),
    }
}

fn length(name: &str, shown: &str, length: usize, least: usize, most: usize) -> Result<(), KmsError> {
    if length < least {
        return Err(constraint(name, shown, &format!("have length greater than or equal to {least}")));
    }
    if length > most {
        return Err(constraint(name, shown, &format!("have length less than or equal to {most}")));
    }
    Ok(())
}

/// How AWS says that a parameter is not one of several names. In which order it lists them is not known.
pub(super) fn not_one_of(name: &str, value: &str, names: &[&str]) -> KmsError {
    constraint(name, value, &format!("satisfy enum value set: [{}]", names.join(", ")))
}

/// AWS's sentence for what a parameter must be, from reports of real calls.
pub(crate) fn constraint(name: &str, value: &str, must: &str) -> KmsError {
    let mut member = String::from(name);
    if let Some(first) = member.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    let sentence = "failed to satisfy constraint: Member must";
    validation(format!("1 validation error detected: Value '{value}' at '{member}' {sentence} {must}"))
}

/// The length of a data key is said in one of two ways
/// (<https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKey.html>). AWS's sentence, from
/// reports of real calls.
fn data_key(request: &AuthorizedRequest<'_>) -> Result<(), KmsError> {
    if !request.is(Action::GenerateDataKey) && !request.is(Action::GenerateDataKeyWithoutPlaintext) {
        return Ok(());
    }
    let Some(spec) = request.text("KeySpec") else { return Ok(()) };
    let specs = ["AES_256", "AES_128"];
    if !specs.contains(&spec) {
        return Err(not_one_of("KeySpec", spec, &specs));
    }
    if request.parameter("NumberOfBytes").is_some() {
        return Err(validation("Please specify either number of bytes or key spec."));
    }
    Ok(())
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html#KMS-CreateGrant-request-Name>
fn grant_name(request: &AuthorizedRequest<'_>) -> Result<(), KmsError> {
    let Some(name) = request.text("Name").filter(|_| request.is(Action::CreateGrant)) else { return Ok(()) };
    if name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ':' | '/' | '_' | '-')) {
        return Ok(());
    }
    Err(constraint("Name", name, "satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$"))
}

/// A second key policy named `AWS_RAM` belongs to AWS Resource Access Manager. Keys of a scenario have none
/// (<https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html>,
/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyPolicy.html>). The first sentence is AWS's.
fn policy_name(request: &AuthorizedRequest<'_>) -> Result<(), KmsError> {
    match (request.operation, request.text("PolicyName")) {
        (Operation::Of(Action::PutKeyPolicy), Some("AWS_RAM")) => {
            Err(validation("The AWS_RAM policy can only be managed by the RAM service."))
        }
        (Operation::Of(Action::GetKeyPolicy), Some("AWS_RAM")) => {
            Err(KmsError::new(ErrorName::NotFound, "The KMS key has no AWS_RAM key policy."))
        }
        _ => Ok(()),
    }
}

/// Imported key material that does not expire has no date to expire on
/// (<https://docs.aws.amazon.com/kms/latest/APIReference/API_ImportKeyMaterial.html#KMS-ImportKeyMaterial-request-ExpirationModel>).
///
/// UNDOCUMENTED: the error. The sentence is ours.
fn expiration(request: &AuthorizedRequest<'_>) -> Result<(), KmsError> {
    let stays = request.text("ExpirationModel") == Some("KEY_MATERIAL_DOES_NOT_EXPIRE");
    if stays && request.parameter("ValidTo").is_some() {
        return Err(validation("ValidTo must be omitted when ExpirationModel is KEY_MATERIAL_DOES_NOT_EXPIRE."));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{
        KeyFacts,
        fixture::{ARN, error_of, list, text},
    };
    use ErrorName::{NotFound, Validation};

    fn with(action: Action, name: &str, value: &str) -> Option<String> {
        let (error, message) = error_of(action, KeyFacts::new(ARN), &[text(name, value)])?;
        assert_eq!(error, Validation);
        Some(message)
    }

    #[test]
    fn numbers_have_bounds() {
        let rows = [
            (Action::EnableKeyRotation, "RotationPeriodInDays", ["90", "2560"], ["89", "2561"]),
            (Action::ScheduleKeyDeletion, "PendingWindowInDays", ["7", "30"], ["6", "31"]),
            (Action::GenerateDataKey, "NumberOfBytes", ["1", "1024"], ["0", "1025"]),
        ];
        for (action, name, within, without) in rows {
            assert!(within.iter().all(|value| with(action, name, value).is_none()), "{name}");
            assert!(without.iter().all(|value| with(action, name, value).is_some()), "{name}");
        }
        let expected = "1 validation error detected: Value '89' at 'rotationPeriodInDays' failed to satisfy constraint: \
                        Member must have value greater than or equal to 90";
        assert_eq!(with(Action::EnableKeyRotation, "RotationPeriodInDays", "89").unwrap(), expected);
    }

    #[test]
    fn texts_and_lists_have_lengths() {
        let (longest, longer) = ("x".repeat(8192), "x".repeat(8193));
        assert_eq!(with(Action::UpdateKeyDescription, "Description", &longest), None);
        assert!(with(Action::UpdateKeyDescription, "Description", &longer).is_some());
        assert!(with(Action::RevokeGrant, "GrantId", "").is_some());
        let tokens = |values: &[&str]| error_of(Action::Decrypt, KeyFacts::new(ARN), &[list("GrantTokens", values)]);
        assert_eq!(tokens(&["t"; 10]), None);
        assert!(tokens(&["t"; 11]).is_some() && tokens(&[&longer]).is_some());
    }

    #[test]
    fn a_data_key_has_one_length() {
        let generate = |parameters: &[_]| error_of(Action::GenerateDataKey, KeyFacts::new(ARN), parameters).is_none();
        let (spec, bytes) = (text("KeySpec", "AES_256"), text("NumberOfBytes", "32"));
        let both = [spec, bytes];
        assert!(generate(&[]) && generate(&both[..1]) && generate(&both[1..]));
        assert!(!generate(&both) && !generate(&[text("KeySpec", "RSA_2048")]));
        assert_eq!(with(Action::GenerateDataKeyPair, "KeyPairSpec", "ECC_NIST_P256"), None);
        assert!(with(Action::GenerateDataKeyPair, "KeyPairSpec", "AES_256").is_some());
    }

    #[test]
    fn names_of_grants_and_policies() {
        assert_eq!(with(Action::CreateGrant, "Name", "orders:2026/a_b-c"), None);
        assert!(with(Action::CreateGrant, "Name", "orders 2026").is_some());
        let ram = with(Action::PutKeyPolicy, "PolicyName", "AWS_RAM").unwrap();
        assert_eq!(ram, "The AWS_RAM policy can only be managed by the RAM service.");
        let policy = |name| error_of(Action::GetKeyPolicy, KeyFacts::new(ARN), &[text("PolicyName", name)]);
        assert_eq!(policy("AWS_RAM").unwrap().0, NotFound);
        assert_eq!(policy("default"), None);
    }

    #[test]
    fn material_that_stays_has_no_date() {
        let imported = KeyFacts { origin: crate::catalog::KeyOrigin::External, ..KeyFacts::new(ARN) };
        let import = |model| {
            let parameters = [text("ExpirationModel", model), text("ValidTo", "2027-01-01T00:00:00Z")];
            error_of(Action::ImportKeyMaterial, imported, &parameters).is_some()
        };
        assert!(import("KEY_MATERIAL_DOES_NOT_EXPIRE") && !import("KEY_MATERIAL_EXPIRES"));
    }
}
