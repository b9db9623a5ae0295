//! Operations and the permissions that they take.

use std::collections::BTreeMap;

use keytrace::{
    assumption::PendingDeletionError,
    catalog::{AccessLevel, Action, KeyOrigin, KeySpec, KeyUsage, Operation, ResourceType},
    check::{AuthorizedRequest, KeyFacts, check},
    request::{Parameter, ParameterValue},
    world::MultiRegionKeyType,
};
use keytrace_tests::coverage::{Coverage, Point, Verdict, out_of_reach};

use crate::markdown::{count, link, standing, table};

pub fn section(coverage: &Coverage) -> String {
    let rows = Action::ALL.iter().map(|action| row(coverage, *action));
    let operations = table(
        &[
            "Operation",
            "Authorized on",
            "Access level",
            "On keys of other accounts",
            "By a grant",
            "Keys",
            "Allowed",
            "Denied",
            "Scenarios",
        ],
        rows,
    );
    let several = table(&["Operation", "Permissions, each decided by itself", "Scenarios"], several(coverage));
    format!(
        "## Operations\n\n\
         Every operation of the KMS API, by the action that policies name. *Keys* says which keys KMS does it with once \
         it is authorized; an authorized request on another key ends in an error, not in a denial. *On keys of other \
         accounts* links to a scenario across accounts: an allowed one where the operation works there, else one \
         that is denied.\n\n{operations}\n\
         ### Operations that take several permissions\n\n\
         Each is decided against the policies of its own resource, with its own request context; the operation is \
         allowed if all are. `ReEncrypt` has no action of its name.\n\n{several}"
    )
}

fn row(coverage: &Coverage, action: Action) -> Vec<String> {
    let points = |verdict| [Point::Action(action, verdict)];
    let across = |verdict| [Point::AcrossAccounts(action, verdict)];
    let foreign = match (action.resource(), action.cross_account()) {
        (ResourceType::Key, true) => format!("yes, {}", count(coverage, across(Verdict::Allowed))),
        (ResourceType::Key, false) if out_of_reach(&Point::AcrossAccounts(action, Verdict::Denied)).is_some() => {
            "no".into()
        }
        (ResourceType::Key, false) => format!("no, {}", count(coverage, across(Verdict::Denied))),
        _ => "no key".into(),
    };
    let grant =
        if action.grantable() { format!("yes, {}", count(coverage, [Point::ByGrant(action)])) } else { "no".into() };
    vec![
        link(&format!("`{}`", action.name()), action.page()),
        authorized_on(action).into(),
        access_level(action.access_level()).into(),
        foreign,
        grant,
        keys(action),
        count(coverage, points(Verdict::Allowed)),
        count(coverage, points(Verdict::Denied)),
        standing(coverage, [Verdict::Allowed, Verdict::Denied].map(|verdict| Point::Action(action, verdict))),
    ]
}

fn authorized_on(action: Action) -> &'static str {
    match action.resource() {
        ResourceType::Key if action.also_on_alias() => "key and alias",
        ResourceType::Key => "key",
        ResourceType::CustomKeyStore => "`*` (custom key store)",
        ResourceType::None => "`*`",
    }
}

const fn access_level(level: AccessLevel) -> &'static str {
    match level {
        AccessLevel::List => "List",
        AccessLevel::Read => "Read",
        AccessLevel::Write => "Write",
        AccessLevel::PermissionsManagement => "Permissions management",
        AccessLevel::Tagging => "Tagging",
    }
}

/// The kinds of key that AWS tells apart, each by an example.
const KINDS: [(&str, KeySpec, KeyUsage); 6] = [
    ("symmetric", KeySpec::SymmetricDefault, KeyUsage::EncryptDecrypt),
    ("HMAC", KeySpec::Hmac256, KeyUsage::GenerateVerifyMac),
    ("asymmetric for encryption", KeySpec::Rsa2048, KeyUsage::EncryptDecrypt),
    ("asymmetric for signatures", KeySpec::Rsa2048, KeyUsage::SignVerify),
    ("for key agreement", KeySpec::EccNistP256, KeyUsage::KeyAgreement),
    ("for encapsulation", KeySpec::MlKem768, KeyUsage::EncapsulateDecapsulate),
];

/// With which keys KMS does it, found by trying.
fn keys(action: Action) -> String {
    if action.resource() != ResourceType::Key || action == Action::SynchronizeMultiRegionKey {
        return "none".into();
    }
    let regions = [None, Some(MultiRegionKeyType::Primary)];
    let origins = [KeyOrigin::AwsKms, KeyOrigin::External, KeyOrigin::AwsCloudHsm];
    let does = |kinds: &[(&str, KeySpec, KeyUsage)], origins: &[KeyOrigin], regions: &[Option<MultiRegionKeyType>]| {
        let any_region = |kind: &(&str, KeySpec, KeyUsage), origin: KeyOrigin| {
            regions.iter().any(|region| fits(action, *kind, origin, *region))
        };
        kinds.iter().any(|kind| origins.iter().any(|origin| any_region(kind, *origin)))
    };
    let fitting: Vec<&str> =
        KINDS.iter().filter(|kind| does(&[**kind], &origins, &regions)).map(|(name, ..)| *name).collect();
    let mut words = match fitting.len() {
        0 => "none".to_string(),
        count if count == KINDS.len() => "any".to_string(),
        _ => fitting.join(", "),
    };
    let by_origin = origins.map(|origin| does(&KINDS, &[origin], &regions));
    words += match by_origin {
        [true, true, true] => "",
        [true, false, false] => ", material made by KMS",
        [false, true, false] => ", imported material",
        [true, true, false] => ", not in a custom key store",
        _ => ", of some origins",
    };
    if !does(&KINDS, &origins, &[None]) {
        words += ", multi-Region primary";
    }
    words
}

fn fits(
    action: Action,
    (_, spec, usage): (&str, KeySpec, KeyUsage),
    origin: KeyOrigin,
    multi_region: Option<MultiRegionKeyType>,
) -> bool {
    let arn = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    let key = KeyFacts { spec, usage, origin, multi_region, ..KeyFacts::new(arn) };
    // The one operation that an enabled key is never in the state for.
    if action == Action::CancelKeyDeletion {
        return true;
    }
    // The algorithm is the key's: otherwise it would be that of symmetric keys.
    let algorithm = spec.algorithms(usage).first().copied().unwrap_or_default();
    let names = ["EncryptionAlgorithm", "SourceEncryptionAlgorithm", "DestinationEncryptionAlgorithm"];
    let parameters = names.map(|name| Parameter { name: name.into(), value: ParameterValue::Text(algorithm.into()) });
    check(&AuthorizedRequest {
        operation: Operation::Of(action),
        keys: vec![(action, key)],
        parameters: &parameters,
        pending_deletion_error: PendingDeletionError::default(),
    })
    .is_ok()
}

/// Operations whose requests needed more than one permission.
fn several(coverage: &Coverage) -> Vec<Vec<String>> {
    let mut operations: BTreeMap<&'static str, Vec<(usize, Action, &'static str)>> = BTreeMap::new();
    for point in coverage.points() {
        if let Point::Permission(operation, index, action, on) = point {
            operations.entry(operation).or_default().push((index, action, on));
        }
    }
    operations.retain(|_, permissions| permissions.iter().any(|(index, ..)| *index > 0));
    let row = |(operation, permissions): (&'static str, Vec<(usize, Action, &'static str)>)| {
        let words = permissions.iter().enumerate().map(|(place, (_, action, on))| {
            let again = permissions.iter().take(place).any(|(_, earlier, other)| (earlier, other) == (action, on));
            format!("`{}` on {}", action.iam_name(), if again { "the other key" } else { on })
        });
        let second = permissions.iter().filter(|(index, ..)| *index > 0);
        let points = second.map(|(index, action, on)| Point::Permission(operation, *index, *action, on));
        let page = Operation::from_name(operation).map_or("", Operation::page);
        vec![
            link(&format!("`{operation}`"), page),
            words.collect::<Vec<_>>().join("; "),
            count(coverage, points.collect::<Vec<_>>()),
        ]
    };
    operations.into_iter().map(row).collect()
}
