//! What some scenario has to reach, and what none can.

use std::collections::BTreeSet;

use keytrace::{
    assumption::Assumption,
    catalog::{
        Action, KeyOrigin, KeyState, ResourceType, condition_key,
        key_state::{KeyTraits, StateError, in_state},
    },
    check::ErrorName,
    decision::{Match, PolicyType, PrincipalForm},
    evaluate::NotInPlay,
    policy::Effect,
    trace::{GrantCheck, Reason},
};

use super::{Operator, Point, Reading, Verdict, grant_check};

/// In the order in which they are asked.
pub const POLICY_TYPES: [PolicyType; 8] = [
    PolicyType::ResourceControlPolicy,
    PolicyType::ServiceControlPolicy,
    PolicyType::VpcEndpointPolicy,
    PolicyType::KeyPolicy,
    PolicyType::Grant,
    PolicyType::IdentityPolicy,
    PolicyType::PermissionsBoundary,
    PolicyType::SessionPolicy,
];

/// Every form in which a policy or a grant can name the caller.
pub const FORMS: [PrincipalForm; 8] = [
    PrincipalForm::Everyone,
    PrincipalForm::Account,
    PrincipalForm::User,
    PrincipalForm::Role,
    PrincipalForm::RoleSession,
    PrincipalForm::FederatedUser,
    PrincipalForm::ParentUser,
    PrincipalForm::Service,
];

/// Why the policies of a type can take no part, by type.
pub const NOT_IN_PLAY: &[(PolicyType, NotInPlay)] = &[
    (PolicyType::ServiceControlPolicy, NotInPlay::NoOrganization),
    (PolicyType::ServiceControlPolicy, NotInPlay::NoPolicies),
    (PolicyType::ServiceControlPolicy, NotInPlay::OutsideOrganization),
    (PolicyType::ServiceControlPolicy, NotInPlay::ManagementAccount),
    (PolicyType::ServiceControlPolicy, NotInPlay::ServiceLinkedRole),
    (PolicyType::ServiceControlPolicy, NotInPlay::ServicePrincipal),
    (PolicyType::ResourceControlPolicy, NotInPlay::NoOrganization),
    (PolicyType::ResourceControlPolicy, NotInPlay::NoPolicies),
    (PolicyType::ResourceControlPolicy, NotInPlay::OutsideOrganization),
    (PolicyType::ResourceControlPolicy, NotInPlay::ManagementAccount),
    (PolicyType::ResourceControlPolicy, NotInPlay::ServiceLinkedRole),
    (PolicyType::ResourceControlPolicy, NotInPlay::AwsManagedKey),
    (PolicyType::ResourceControlPolicy, NotInPlay::RetireGrant),
    (PolicyType::ResourceControlPolicy, NotInPlay::NoResource),
    (PolicyType::VpcEndpointPolicy, NotInPlay::NoVpcEndpoint),
];

/// Everything that a grant can ask of a request.
pub const GRANT_CHECKS: [GrantCheck; 7] = [
    GrantCheck::Operations,
    GrantCheck::Grantee,
    GrantCheck::RetiringPrincipal,
    GrantCheck::EncryptionContext,
    GrantCheck::SourceArn,
    GrantCheck::Chain,
    GrantCheck::Effective,
];

/// Every point that there is, also those that are [`out_of_reach`].
#[must_use]
pub fn required() -> BTreeSet<Point> {
    let mut points = BTreeSet::new();
    for &action in Action::ALL {
        let verdicts = [Verdict::Allowed, Verdict::Denied];
        points.extend(verdicts.map(|verdict| Point::Action(action, verdict)));
        if action.resource() == ResourceType::Key {
            points.insert(Point::AcrossAccounts(action, Verdict::Denied));
            points.extend(cells(action));
        }
        if action.cross_account() {
            points.insert(Point::AcrossAccounts(action, Verdict::Allowed));
        }
        if action.grantable() {
            points.insert(Point::ByGrant(action));
        }
    }
    points.extend([Verdict::Allowed, Verdict::Denied].map(|verdict| Point::Operation("ReEncrypt", verdict)));
    for key in condition_key::ALL {
        points.extend([Match::Yes, Match::No].map(|held| Point::ConditionKey(key.name, held)));
    }
    points.extend(operators().flat_map(|operator| [Match::Yes, Match::No].map(|held| Point::Operator(operator, held))));
    points.extend(Reason::ALL.iter().copied().map(Point::Reason));
    points.extend([Point::AllowedToRootUser, Point::MissingCrossAccountOperation, Point::MissingSamePartition]);
    for kind in POLICY_TYPES {
        points.extend([Point::AllowedBy(kind), Point::DeniedBy(kind), Point::Missing(kind)]);
    }
    for form in FORMS {
        points.extend([Point::Form(form, Effect::Allow), Point::Form(form, Effect::Deny), Point::Grantee(form)]);
    }
    points.extend(NOT_IN_PLAY.iter().map(|(kind, why)| Point::NotInPlay(*kind, *why)));
    for &assumption in Assumption::ALL {
        points.extend([Reading::Default, Reading::Switched].map(|reading| Point::Assumption(assumption, reading)));
    }
    points.extend(KeyState::ALL.iter().copied().map(Point::KeyState));
    points.extend(ErrorName::ALL.iter().copied().map(Point::Error));
    for check in GRANT_CHECKS {
        points.extend([Match::Yes, Match::No, Match::Depends].map(|held| Point::GrantCheck(grant_check(check), held)));
    }
    points
}

/// What AWS's table of key states says of an action.
fn cells(action: Action) -> impl Iterator<Item = Point> {
    let origins = KeyOrigin::ALL.iter();
    let keys = origins.flat_map(|origin| [false, true].map(|store| (*origin, store)));
    let traits = keys.flat_map(move |(origin, in_custom_key_store)| {
        let targets = [false, action == Action::UpdateAlias];
        targets.map(|is_new_target| KeyTraits { origin, in_custom_key_store, is_new_target })
    });
    let columns = || KeyState::ALL.iter().copied().filter(|state| *state != KeyState::PendingReplicaDeletion);
    traits.flat_map(move |key| {
        columns().map(move |state| {
            let footnote = in_state(action, state, key).err().map(StateError::footnote);
            Point::KeyStateCell(action, state, footnote)
        })
    })
}

/// Every operator with everything that can stand before and behind it.
pub fn operators() -> impl Iterator<Item = Operator> {
    let all = Operator::PLAIN.iter().flat_map(|plain| Operator::SETS.iter().map(move |set| (*plain, *set)));
    let all = all.flat_map(|(plain, set)| [false, true].map(|if_exists| Operator { plain, set, if_exists }));
    all.filter(|operator| operator.plain != "Null" || !operator.if_exists)
}

/// Why no scenario can reach a point, if none can.
#[must_use]
pub fn out_of_reach(point: &Point) -> Option<&'static str> {
    use Action::{
        Decapsulate, DeleteImportedKeyMaterial, DeriveSharedSecret, Encapsulate, GenerateMac, GetPublicKey,
        ReplicateKey, Sign, UpdatePrimaryRegion, Verify, VerifyMac,
    };
    use PolicyType::{
        Grant, PermissionsBoundary, ResourceControlPolicy, ServiceControlPolicy, SessionPolicy, VpcEndpointPolicy,
    };
    Some(match *point {
        Point::Action(Action::SynchronizeMultiRegionKey, _)
        | Point::AcrossAccounts(Action::SynchronizeMultiRegionKey, _)
        | Point::KeyStateCell(Action::SynchronizeMultiRegionKey, ..) => {
            "KMS itself keeps multi-Region keys alike: nobody can ask for it"
        }
        Point::Error(
            ErrorName::Conflict
            | ErrorName::ExpiredImportToken
            | ErrorName::IncorrectKey
            | ErrorName::IncorrectKeyMaterial
            | ErrorName::InvalidCiphertext
            | ErrorName::InvalidImportToken
            | ErrorName::InvalidMarker
            | ErrorName::KmsInternal
            | ErrorName::KmsInvalidMac
            | ErrorName::KmsInvalidSignature
            | ErrorName::Tag,
        ) => "only a call that is carried out can end so: `tests/lives/`",
        Point::AcrossAccounts(Action::DeleteAlias, _) => {
            "the operation names the alias without its account, so it is always one of the caller's own"
        }
        Point::KeyStateCell(_, KeyState::Creating | KeyState::Updating, Some("7")) => {
            "only multi-Region keys are ever in this state, and no custom key store has one"
        }
        Point::KeyStateCell(
            Decapsulate
            | DeleteImportedKeyMaterial
            | DeriveSharedSecret
            | Encapsulate
            | GenerateMac
            | GetPublicKey
            | ReplicateKey
            | Sign
            | UpdatePrimaryRegion
            | Verify
            | VerifyMac,
            KeyState::Unavailable,
            None,
        ) => "only keys in a custom key store are ever in this state, and no such key fits the operation",
        Point::GrantCheck("Operations", Match::Depends) => "the operations of a grant are known",
        Point::Reason(Reason::NoPrincipalElement) => {
            "a statement of a key policy without `Principal` is refused when it is read"
        }
        Point::AllowedBy(
            ResourceControlPolicy | ServiceControlPolicy | VpcEndpointPolicy | PermissionsBoundary | SessionPolicy,
        ) => "it only limits what others allow",
        Point::DeniedBy(Grant) => "a grant never denies",
        Point::Missing(ResourceControlPolicy) => {
            "AWS's own `RCPFullAWSAccess` is always attached, so resource control policies are never silent"
        }
        Point::Grantee(PrincipalForm::Everyone) => "`CreateGrant` takes no `*` as grantee",
        Point::Grantee(PrincipalForm::ParentUser) => {
            "a grant to a user is not one to the federated-user sessions that the user makes"
        }
        Point::Operator(Operator { plain: "Null", set: "ForAllValues", .. }, Match::No) => {
            "`ForAllValues:Null` always holds"
        }
        Point::Operator(Operator { plain: "Null", set: "ForAnyValue", .. }, Match::Yes) => {
            "`ForAnyValue:Null` never holds"
        }
        _ => return None,
    })
}
