//! What AWS leaves open; what is answered beside the decision.

use keytrace::{assumption::Assumption, check::ErrorName, explain, trace::Reason};
use keytrace_tests::coverage::{Coverage, Point, Reading};

use crate::markdown::{count, link, standing, table};

pub fn section(coverage: &Coverage) -> String {
    let rows = Assumption::ALL.iter().map(|assumption| {
        let (text, page) = explain::assumption(*assumption);
        let [default, other] = assumption.words().map(|word| format!("`{word}`"));
        let points = [Reading::Default, Reading::Switched].map(|reading| Point::Assumption(*assumption, reading));
        let [at_default, switched] = points.map(|point| count(coverage, [point]));
        vec![
            format!("`{}`", assumption.name()),
            format!("{text} ({})", link("page", page)),
            default,
            at_default,
            other,
            switched,
            standing(coverage, points),
        ]
    });
    let heading = [
        "Switch",
        "What AWS leaves open",
        "Default",
        "Scenarios with it",
        "Other reading",
        "Scenarios with it",
        "Together",
    ];
    format!(
        "## Assumptions\n\n\
         Where AWS's documentation is silent or contradicts itself, the reading is a switch under `assumptions` of a \
         scenario. Every answer names the switches that its verdict rests on: those whose other reading would make \
         another decision or another error. Counted are scenarios whose author says so too.\n\n{}",
        table(&heading, rows),
    )
}

pub fn answers(coverage: &Coverage) -> String {
    let reasons = Reason::ALL.iter().map(|reason| {
        let points = [Point::Reason(*reason)];
        let words = explain::element_reason(*reason).into();
        vec![format!("`{}`", reason.name()), words, standing(coverage, points)]
    });
    let errors = ErrorName::ALL.iter().map(|error| {
        let points = [Point::Error(*error)];
        let page = coverage.of(points).pages().next().unwrap_or_default();
        let page = if page.is_empty() { String::new() } else { link("page", page) };
        vec![format!("`{error}`"), when(*error).into(), page, standing(coverage, points)]
    });
    format!(
        "## What an answer says beside the decision\n\n\
         ### Why something did not match\n\n\
         Each value, element, condition and grant of a trace that does not match says why. Counted are scenarios whose \
         author expects that reason.\n\n{}\n\
         ### Errors\n\n\
         What the caller gets: the error of a denial, or that of an authorized request which KMS cannot do. Of an \
         undetermined request no error is told.\n\n{}",
        table(&["Reason", "In words", "Scenarios"], reasons),
        table(&["Error", "When", "AWS's page", "Scenarios"], errors),
    )
}

const fn when(error: ErrorName) -> &'static str {
    match error {
        ErrorName::AccessDenied => "nobody allowed the request, or somebody denied it",
        ErrorName::AlreadyExists => "an alias or a replica of that name is there already",
        ErrorName::Conflict => "an automatic rotation is under way or due",
        ErrorName::Disabled => "the key is disabled",
        ErrorName::DryRunOperation => "the request would have succeeded, but it was a dry run",
        ErrorName::ExpiredImportToken => "the import token is older than 24 hours",
        ErrorName::IncorrectKey => "another key than the one that is named encrypted the ciphertext",
        ErrorName::IncorrectKeyMaterial => "the imported key material is not what it has to be",
        ErrorName::InvalidAliasName => "no alias can have that name",
        ErrorName::InvalidArn => "an ARN is none of a key or alias, or an alias is given where none is taken",
        ErrorName::InvalidCiphertext => "the ciphertext does not decrypt",
        ErrorName::InvalidGrantToken => "no grant has that token",
        ErrorName::InvalidImportToken => "the import token is not one of the key's",
        ErrorName::InvalidKeyUsage => "usage or spec of the key do not fit the operation or the algorithm",
        ErrorName::InvalidMarker => "the place from which a list was to go on is none",
        ErrorName::KmsInternal => "there are no random bytes",
        ErrorName::KmsInvalidMac => "the MAC is not that of the message",
        ErrorName::KmsInvalidSignature => "the signature is not that of the message",
        ErrorName::KmsInvalidState => "the state of the key does not fit the operation",
        ErrorName::LimitExceeded => "the key has as many aliases as it can have",
        ErrorName::MalformedPolicyDocument => "the new key policy is malformed, or would lock its author out",
        ErrorName::NotFound => "the key, the alias, the grant or the key policy is not there",
        ErrorName::Tag => "a tag is none that a key can have",
        ErrorName::UnsupportedOperation => "the operation does not take that key",
        ErrorName::Validation => "a parameter is not what the operation takes",
    }
}
