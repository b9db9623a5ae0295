//! Everybody whom the policies and grants of a world can tell apart.

use alloc::{boxed::Box, collections::BTreeSet, format, string::String, vec::Vec};

use crate::{
    arn::{AccountId, PrincipalArn, PrincipalKind},
    json::{Path, Source, Span, parse},
    policy::{self, Document, Element, PolicyKind, principal},
    problem::Problems,
    request::{Caller, Identity, Session},
    world::{IdentityPolicy, Principal, World},
};

/// Somebody who may have a permission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A user or role of the scenario, by its place among the principals. A role stands for its sessions.
    Listed(usize),
    /// A user, role or session that a policy or a grant names and the scenario does not list.
    Named(PrincipalArn),
    /// Anyone else in an account.
    AnyoneElseIn(AccountId),
    /// Anyone in an account that no policy names.
    AnyoneElsewhere,
    /// A service that calls for itself.
    Service(Box<str>),
}

/// What follows from who asks and of which key, and so is known of every request.
const SETTLED: &[&str] = &[
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalIsAWSService",
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:PrincipalServiceName",
    "aws:PrincipalServiceNamesList",
    "aws:PrincipalType",
    "aws:RequestedRegion",
    "aws:ResourceAccount",
    "aws:ResourceOrgID",
    "aws:ResourceOrgPaths",
    "aws:SecureTransport",
    "aws:username",
    "kms:CallerAccount",
    "kms:CustomerMasterKeySpec",
    "kms:CustomerMasterKeyUsage",
    "kms:KeyOrigin",
    "kms:KeySpec",
    "kms:KeyUsage",
    "kms:MultiRegion",
    "kms:MultiRegionKeyType",
    "kms:ResourceAliases",
];

impl Subject {
    /// Whether a condition key follows from who this is, and from the key.
    pub(super) fn settles(&self, name: &str) -> bool {
        let is = |other: &str| name.eq_ignore_ascii_case(other);
        let family = |family: &str| name.get(..family.len()).is_some_and(|start| start.eq_ignore_ascii_case(family));
        let of_organization = is("aws:PrincipalOrgID") || is("aws:PrincipalOrgPaths");
        match self {
            // Nobody knows the tags of somebody who is not listed, nor the organization of an account that is not.
            Self::Listed(_) if family("aws:PrincipalTag/") => true,
            Self::AnyoneElsewhere if of_organization => false,
            _ => family("aws:ResourceTag/") || SETTLED.iter().any(|settled| is(settled)),
        }
    }
}

/// A subject, and the callers who stand for it.
#[derive(Clone, Debug)]
pub(super) struct Surveyed {
    pub subject: Subject,
    pub callers: Callers,
}

/// Who asks for a subject.
#[derive(Clone, Debug)]
pub(super) enum Callers {
    /// Somebody whose IAM policies are told, or who has none.
    Told(Caller),
    /// Nobody told the IAM policies: once with none, once with one that allows everything.
    Untold { without: Caller, with: Caller },
}

const SESSION: &str = "session";

/// Finds everybody. Those who are not listed get places behind the principals of the world.
pub(super) fn survey(world: &mut World) -> Vec<Surveyed> {
    let named = Mentioned::in_world(world);
    let mut surveyed: Vec<Surveyed> = Vec::new();
    for (place, listed) in world.principals.iter().enumerate() {
        let identity = match listed.arn.kind() {
            PrincipalKind::User { .. } => Identity::User { arn: listed.arn.clone(), user: place },
            PrincipalKind::Role { name } => {
                let Some(arn) = session(&listed.arn, name, SESSION) else { continue };
                Identity::RoleSession { arn, role: place }
            }
            _ => continue,
        };
        surveyed.push(Surveyed { subject: Subject::Listed(place), callers: Callers::Told(caller(identity)) });
    }
    for arn in &named.principals {
        surveyed.extend(self::named(world, arn));
    }
    for (partition, account) in &named.accounts {
        let Some(anyone) = PrincipalArn::parse(&format!("arn:{partition}:iam::{account}:role/anyone-else")) else {
            continue;
        };
        let callers = untold(world, &anyone);
        surveyed.extend(callers.map(|callers| Surveyed { subject: Subject::AnyoneElseIn(*account), callers }));
    }
    let strangers = (1..=999_u64).map(|number| format!("{:012}", 1_000_000_000_000 - number));
    let known = |account: &AccountId| named.accounts.iter().any(|(_, other)| other == account);
    let stranger = strangers.filter_map(|text| AccountId::parse(&text)).find(|account| !known(account));
    let partition = named.accounts.iter().next().map_or("aws", |(partition, _)| partition);
    let anyone =
        stranger.and_then(|account| PrincipalArn::parse(&format!("arn:{partition}:iam::{account}:role/anyone")));
    if let Some(callers) = anyone.and_then(|anyone| untold(world, &anyone)) {
        surveyed.push(Surveyed { subject: Subject::AnyoneElsewhere, callers });
    }
    for service in &named.services {
        let callers = Callers::Told(caller(Identity::Service(service.clone())));
        surveyed.push(Surveyed { subject: Subject::Service(service.clone()), callers });
    }
    surveyed
}

/// Somebody whom a policy or grant names. A session of a role that is listed has the role's policies.
fn named(world: &mut World, arn: &PrincipalArn) -> Option<Surveyed> {
    let subject = Subject::Named(arn.clone());
    let listed = world.principal(arn.as_str());
    match arn.kind() {
        PrincipalKind::User { .. } | PrincipalKind::Role { .. } if listed.is_some() => None,
        PrincipalKind::Role { name } if world.role(arn, name).is_some() => None,
        PrincipalKind::AssumedRole { role, .. } => {
            let callers = match world.role(arn, role) {
                Some(role) => Callers::Told(caller(Identity::RoleSession { arn: arn.clone(), role })),
                None => untold(world, arn)?,
            };
            Some(Surveyed { subject, callers })
        }
        PrincipalKind::User { .. } | PrincipalKind::Role { .. } | PrincipalKind::FederatedUser { .. } => {
            Some(Surveyed { subject, callers: untold(world, arn)? })
        }
        _ => None,
    }
}

/// The callers for somebody whose IAM policies nobody told; they get two places in the world.
fn untold(world: &mut World, arn: &PrincipalArn) -> Option<Callers> {
    let entity = match arn.kind() {
        PrincipalKind::AssumedRole { role, .. } => {
            PrincipalArn::parse(&format!("arn:{}:iam::{}:role/{role}", arn.partition(), arn.account()))?
        }
        PrincipalKind::FederatedUser { .. } => {
            PrincipalArn::parse(&format!("arn:{}:iam::{}:user/unknown", arn.partition(), arn.account()))?
        }
        _ => arn.clone(),
    };
    let everything = everything()?;
    let mut place = |policies| {
        let principal = Principal {
            span: Span::default(),
            arn: entity.clone(),
            unique_id: None,
            tags: Vec::new(),
            groups: Vec::new(),
            policies,
            permissions_boundary: None,
        };
        world.principals.push(principal);
        world.principals.len().saturating_sub(1)
    };
    let (without, with) = (place(Vec::new()), place(Vec::from([everything])));
    let identity = |place| match arn.kind() {
        PrincipalKind::User { .. } => Some(Identity::User { arn: arn.clone(), user: place }),
        PrincipalKind::AssumedRole { .. } => Some(Identity::RoleSession { arn: arn.clone(), role: place }),
        PrincipalKind::FederatedUser { .. } => Some(Identity::FederatedUser { arn: arn.clone(), user: place }),
        PrincipalKind::Role { name } => Some(Identity::RoleSession { arn: session(arn, name, SESSION)?, role: place }),
        _ => None,
    };
    Some(Callers::Untold { without: caller(identity(without)?), with: caller(identity(with)?) })
}

fn session(role: &PrincipalArn, name: &str, session: &str) -> Option<PrincipalArn> {
    let (partition, account) = (role.partition(), role.account());
    PrincipalArn::parse(&format!("arn:{partition}:sts::{account}:assumed-role/{name}/{session}"))
}

fn caller(identity: Identity) -> Caller {
    Caller { span: Span::default(), identity, session: Session::default() }
}

/// The most that an identity policy can give.
fn everything() -> Option<IdentityPolicy> {
    let text = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;
    let mut problems = Problems::new(text);
    let value = parse(&Source::plain(text), &mut problems)?;
    let document = policy::read(&value, PolicyKind::Identity, &Path::Root, &mut problems);
    Some(IdentityPolicy { name: "everything".into(), arn: None, document })
}

/// Whom policies and grants mention.
#[derive(Default)]
struct Mentioned {
    principals: Vec<PrincipalArn>,
    accounts: BTreeSet<(String, AccountId)>,
    services: BTreeSet<Box<str>>,
}

impl Mentioned {
    fn in_world(world: &World) -> Self {
        let mut found = Self::default();
        for key in &world.keys {
            found.accounts.insert((key.arn.partition().into(), key.arn.account()));
            found.document(&key.policy);
            for grant in &key.grants {
                found.principal(&grant.grantee, key.arn.partition());
            }
        }
        for principal in &world.principals {
            found.accounts.insert((principal.arn.partition().into(), principal.arn.account()));
            principal.policies.iter().for_each(|policy| found.document(&policy.document));
            principal.permissions_boundary.iter().for_each(|boundary| found.document(&boundary.document));
        }
        for target in world.organization.iter().flat_map(|organization| &organization.targets) {
            let attached = target.service_control_policies.iter().chain(&target.resource_control_policies);
            attached.filter_map(|policy| policy.document.as_ref()).for_each(|document| found.document(document));
        }
        world.vpc_endpoints.iter().filter_map(|endpoint| endpoint.policy.as_ref()).for_each(|one| found.document(one));
        found
    }

    fn document(&mut self, document: &Document) {
        for statement in &document.statements {
            if let Element::Is(_, entries) | Element::IsNot(_, entries) = &statement.principal {
                entries.iter().for_each(|entry| self.principal(&entry.principal, "aws"));
            }
            for condition in &statement.conditions {
                condition.values.iter().for_each(|value| self.operand(&condition.key, &value.text));
            }
        }
    }

    fn principal(&mut self, principal: &principal::Principal, partition: &str) {
        match principal {
            principal::Principal::Account { account, partition: own } => {
                self.accounts.insert((own.as_deref().unwrap_or(partition).into(), *account));
            }
            principal::Principal::Arn(arn) => self.arn(arn.clone()),
            principal::Principal::Service(name) => {
                self.services.insert(name.clone());
            }
            principal::Principal::Everyone | principal::Principal::UniqueId(_) | principal::Principal::Unreadable => {}
        }
    }

    /// Conditions name callers too. A wildcard stands for somebody whom it matches.
    fn operand(&mut self, key: &str, written: &str) {
        if key.eq_ignore_ascii_case("aws:PrincipalArn") {
            let sample = written.replace(['*', '?'], "x");
            if let Some(arn) = PrincipalArn::parse(&sample) {
                self.arn(arn);
            }
        }
        if key.eq_ignore_ascii_case("aws:PrincipalAccount") || key.eq_ignore_ascii_case("kms:CallerAccount") {
            self.accounts.extend(AccountId::parse(written).map(|account| ("aws".into(), account)));
        }
    }

    fn arn(&mut self, arn: PrincipalArn) {
        self.accounts.insert((arn.partition().into(), arn.account()));
        if !matches!(arn.kind(), PrincipalKind::Root) && !self.principals.contains(&arn) {
            self.principals.push(arn);
        }
    }
}
