//! Whole worlds, taken apart: where their policies stand, so that a property can add to them, take away,
//! reorder or respell what is there.

use keytrace::{
    catalog::Action,
    decision::{AllowedBy, Missing},
    decision::{Decision, GrantId, PolicyId, PolicyType, StatementId},
    request::{Identity, Resource},
    scenario::{self, Case, DecisionName, Scenario},
};
use serde_json::{Value, json};

use super::mutate::Dice;
use crate::{silent, worlds};

/// A world that is edited before it is read: every document is an object with a list of statements.
#[derive(Clone, Debug)]
pub struct WorldDraft(pub Value);

/// A world, and what becomes of its requests.
pub struct Decided {
    /// Its number.
    pub seed: u64,
    /// As it can be edited.
    pub draft: WorldDraft,
    /// As it is read.
    pub scenario: Scenario,
    /// What each authorization of each request comes to.
    pub decisions: Vec<Vec<Decision>>,
}

/// Where a policy is attached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attachment<'p> {
    /// To this key.
    Key(usize),
    /// To this user or role.
    Identity(usize),
    /// To a group that this user is in.
    Group(usize),
    /// As the permissions boundary of this user or role.
    Boundary(usize),
    /// To the session that makes this request.
    Session(usize),
    /// To the root, unit or account that stands here in the file, as a service control policy.
    ServiceControl(&'p str),
    /// The same, as a resource control policy.
    ResourceControl(&'p str),
    /// To this VPC endpoint.
    Endpoint(usize),
}

/// What allows everything.
#[must_use]
pub fn allow_all() -> Value {
    json!({ "Effect": "Allow", "Action": "*", "Resource": "*" })
}

/// What denies everything.
#[must_use]
pub fn deny_all() -> Value {
    json!({ "Effect": "Deny", "Action": "kms:*", "Resource": "*" })
}

/// So many worlds from this number on; with `TIMES=50` in the environment fifty times as many.
///
/// # Panics
/// If that is no number.
#[expect(clippy::expect_used, reason = "a test may refuse what it is told")]
pub fn decided_worlds(first: u64, count: u64) -> impl Iterator<Item = Decided> {
    let times: u64 = std::env::var("TIMES").map_or(1, |times| times.parse().expect("TIMES is a number"));
    (first..first + count * times).map(Decided::new)
}

impl Decided {
    /// # Panics
    /// If the world is refused: a drawn one is not.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a file that is refused is a fault of the generator")]
    pub fn new(seed: u64) -> Self {
        let draft = WorldDraft::drawn(seed);
        let scenario = draft.read().expect("a world that was drawn has no errors");
        let decisions = decisions(&scenario);
        Self { seed, draft, scenario, decisions }
    }

    /// What becomes of the requests after an edit; `None` if it made a file that is refused.
    #[must_use]
    pub fn after(&self, edit: impl FnOnce(&mut WorldDraft)) -> Option<Vec<Vec<Decision>>> {
        let mut draft = self.draft.clone();
        edit(&mut draft);
        Some(decisions(&draft.read()?))
    }

    /// Holds what each authorization came to against what it comes to now.
    ///
    /// # Panics
    /// If they do not go together.
    pub fn compare(&self, after: &[Vec<Decision>], edit: &str, holds: impl Fn(Decision, Decision) -> bool) {
        let both = self.decisions.iter().zip(after).enumerate();
        for (request, (before, after)) in both {
            for (authorization, (before, after)) in before.iter().zip(after).enumerate() {
                assert!(
                    holds(*before, *after),
                    "world {}, request {request}.{authorization}, {edit}: {before:?} became {after:?}",
                    self.seed
                );
            }
        }
    }

    /// Its requests, by number.
    pub fn requests(&self) -> impl Iterator<Item = (usize, &Case)> {
        self.scenario.requests.iter().enumerate()
    }
}

/// What each authorization of each request comes to.
#[must_use]
pub fn decisions(scenario: &Scenario) -> Vec<Vec<Decision>> {
    (0..scenario.requests.len()).map(|request| silent(scenario, request)).collect()
}

/// How far a decision goes towards an allow.
#[must_use]
pub fn reach(decision: impl Into<DecisionName>) -> u8 {
    match decision.into() {
        DecisionName::ExplicitDeny => 0,
        DecisionName::ImplicitDeny => 1,
        DecisionName::Undetermined => 2,
        DecisionName::Allowed => 3,
    }
}

/// A decision and its grounds without the numbers of policies, statements and grants, which tell where
/// they stand in the file.
#[must_use]
pub fn grounds(decision: Decision) -> Decision {
    let nowhere = StatementId { policy: PolicyId::Key(0), statement: 0 };
    match decision {
        Decision::Allowed { by } => Decision::Allowed {
            by: match by {
                AllowedBy::KeyPolicy { form, .. } => AllowedBy::KeyPolicy { statement: nowhere, form },
                AllowedBy::IdentityPolicy { .. } => AllowedBy::IdentityPolicy { statement: nowhere },
                AllowedBy::Grant { .. } => AllowedBy::Grant { grant: GrantId { key: 0, grant: 0 } },
                AllowedBy::RootUser => AllowedBy::RootUser,
            },
        },
        Decision::ExplicitDeny { policy_type, .. } => Decision::ExplicitDeny { policy_type, by: nowhere },
        other => other,
    }
}

/// Whether nobody can be asked to allow: another partition, or an operation that does not cross accounts.
#[must_use]
pub fn is_out_of_reach(decision: Decision) -> bool {
    use Missing::{CrossAccountOperation, SamePartition};
    matches!(decision, Decision::ImplicitDeny { missing: CrossAccountOperation | SamePartition })
}

impl WorldDraft {
    /// The world of this number.
    #[must_use]
    pub fn drawn(seed: u64) -> Self {
        let mut draft = Self(worlds::world(seed));
        for (_, pointer) in draft.documents() {
            let Some(document) = draft.0.pointer_mut(&pointer) else { continue };
            let text = document.as_str().and_then(|text| serde_json::from_str(text).ok());
            *document = text.unwrap_or_else(|| document.take());
            let statement = &mut document["Statement"];
            if statement.is_object() {
                *statement = json!([statement.take()]);
            }
        }
        draft
    }

    /// The scenario; `None` if there is something in it that AWS would refuse.
    #[must_use]
    pub fn read(&self) -> Option<Scenario> {
        scenario::read(&self.0.to_string()).value
    }

    /// Every policy that a request can meet, and where it stands. Those that a request brings as a
    /// parameter are not among them.
    #[must_use]
    pub fn documents(&self) -> Vec<(PolicyType, String)> {
        let mut found = Vec::new();
        let mut take = |policy_type, pointer: String| {
            found.extend(self.0.pointer(&pointer).is_some().then_some((policy_type, pointer)));
        };
        for principal in self.places("/principals") {
            take(PolicyType::PermissionsBoundary, format!("{principal}/PermissionsBoundary/PolicyDocument"));
            for policy in self.places(&format!("{principal}/Policies")) {
                take(PolicyType::IdentityPolicy, format!("{policy}/PolicyDocument"));
            }
        }
        for key in self.places("/keys") {
            take(PolicyType::KeyPolicy, format!("{key}/Policy"));
        }
        for endpoint in self.places("/vpcEndpoints") {
            take(PolicyType::VpcEndpointPolicy, format!("{endpoint}/PolicyDocument"));
        }
        for request in self.places("/requests") {
            for policy in self.places(&format!("{request}/principal/sessionPolicies")) {
                take(PolicyType::SessionPolicy, format!("{policy}/PolicyDocument"));
            }
        }
        for level in self.levels() {
            for (name, policy_type) in CONTROL_POLICIES {
                for policy in self.places(&format!("{level}/{name}")) {
                    take(policy_type, format!("{policy}/Content"));
                }
            }
        }
        found
    }

    /// The statements of the document that stands there.
    ///
    /// # Panics
    /// If none does.
    #[expect(clippy::expect_used, reason = "a place that is not there is a fault of the test")]
    pub fn statements(&mut self, pointer: &str) -> &mut Vec<Value> {
        let document = self.0.pointer_mut(pointer).expect("a document");
        document["Statement"].as_array_mut().expect("a list of statements")
    }

    /// The elements of a list of the file.
    #[must_use]
    pub fn places(&self, list: &str) -> Vec<String> {
        let count = self.0.pointer(list).and_then(Value::as_array).map_or(0, Vec::len);
        (0..count).map(|index| format!("{list}/{index}")).collect()
    }

    /// The root, the units and the accounts of the organization, what something is in before it.
    #[must_use]
    pub fn levels(&self) -> Vec<String> {
        let root = String::from("/organization/Root");
        let mut levels: Vec<String> = self.0.pointer(&root).map(|_| root).into_iter().collect();
        let mut next = 0;
        while let Some(level) = levels.get(next).cloned() {
            levels.extend(self.places(&format!("{level}/OrganizationalUnits")));
            levels.extend(self.places(&format!("{level}/Accounts")));
            next += 1;
        }
        levels
    }

    /// The root, the units and the entry of an account whose policies bind it; none if it is outside of the
    /// organization, is the one that manages it, or there are no policies in it.
    #[must_use]
    pub fn binding(&self, account: &str) -> Vec<String> {
        let organization = &self.0["organization"];
        if organization["FeatureSet"] == "CONSOLIDATED_BILLING" || organization["MasterAccountId"] == account {
            return Vec::new();
        }
        let levels = self.levels();
        let is_account = |level: &&String| self.0.pointer(&format!("{level}/Id")).is_some_and(|id| id == account);
        let Some(own) = levels.iter().find(is_account) else { return Vec::new() };
        levels.iter().filter(|level| own == *level || own.starts_with(&format!("{level}/"))).cloned().collect()
    }

    /// The statements of a policy at that place, so that one can be added. Where nothing is attached, what
    /// AWS takes in its stead is written out first.
    ///
    /// # Panics
    /// If there is no such place.
    pub fn attached(&mut self, place: Attachment<'_>) -> &mut Vec<Value> {
        let named = |statements: Vec<Value>| json!({ "PolicyName": "Added", "PolicyDocument": { "Version": "2012-10-17", "Statement": statements } });
        let pointer = match place {
            Attachment::Key(key) => format!("/keys/{key}/Policy"),
            Attachment::Endpoint(endpoint) => {
                let endpoint = format!("/vpcEndpoints/{endpoint}");
                let document = json!({ "Statement": [with_principal(allow_all())] });
                self.or_else(&format!("{endpoint}/PolicyDocument"), document)
            }
            Attachment::Identity(principal) => {
                self.pushed(&format!("/principals/{principal}/Policies"), named(Vec::new()))
            }
            Attachment::Group(user) => self.added_group(user),
            Attachment::Boundary(principal) => {
                let boundary = json!({ "PolicyDocument": { "Version": "2012-10-17", "Statement": [allow_all()] } });
                let boundary = self.or_else(&format!("/principals/{principal}/PermissionsBoundary"), boundary);
                format!("{boundary}/PolicyDocument")
            }
            Attachment::Session(request) => {
                let principal = &mut self.0["requests"][request]["principal"];
                if principal.is_string() {
                    *principal = json!({ "Arn": principal.take() });
                }
                // Without a policy a federated user has nothing.
                let federated = principal.get("user").is_some();
                let statements = if federated { Vec::new() } else { vec![allow_all()] };
                let list = format!("/requests/{request}/principal/sessionPolicies");
                if self.places(&list).is_empty() {
                    self.pushed(&list, named(statements));
                }
                format!("{list}/0")
            }
            Attachment::ServiceControl(level) => {
                let list = self.or_else(&format!("{level}/ServiceControlPolicies"), json!(["FullAWSAccess"]));
                self.pushed(&list, json!({ "Name": "Added", "Content": { "Version": "2012-10-17", "Statement": [] } }))
            }
            Attachment::ResourceControl(level) => {
                let list = format!("{level}/ResourceControlPolicies");
                self.pushed(&list, json!({ "Name": "Added", "Content": { "Version": "2012-10-17", "Statement": [] } }))
            }
        };
        let inner = ["/PolicyDocument", "/Content", ""].into_iter().find(|inner| {
            self.0.pointer(&format!("{pointer}{inner}")).is_some_and(|document| document.get("Statement").is_some())
        });
        self.statements(&format!("{pointer}{}", inner.unwrap_or_default()))
    }

    /// What stands there, or else this.
    fn or_else(&mut self, pointer: &str, default: Value) -> String {
        if let Some((parent, name)) = pointer.rsplit_once('/')
            && let Some(parent) = self.0.pointer_mut(parent)
            && parent.get(name).is_none()
        {
            parent[name] = default;
        }
        pointer.into()
    }

    fn pushed(&mut self, list: &str, element: Value) -> String {
        let list = self.or_else(list, json!([]));
        let elements = self.0.pointer_mut(&list).and_then(Value::as_array_mut);
        let last = elements.map_or(0, |elements| {
            elements.push(element);
            elements.len() - 1
        });
        format!("{list}/{last}")
    }

    /// A group of its own for a user, with a policy that has no statement yet.
    fn added_group(&mut self, user: usize) -> String {
        let user = format!("/principals/{user}");
        let arn = self.0.pointer(&format!("{user}/Arn")).and_then(Value::as_str).unwrap_or_default();
        let arn = format!("{}:group/Added", arn.split(":user/").next().unwrap_or_default());
        let groups = self.or_else(&format!("{user}/Groups"), json!([]));
        self.pushed(&groups, "Added".into());
        let policy = json!({ "PolicyName": "Added", "PolicyDocument": { "Version": "2012-10-17", "Statement": [] } });
        let group = json!({ "Arn": arn, "Policies": [policy] });
        format!("{}/Policies/0", self.pushed("/principals", group))
    }

    /// Every list and object of the file in another order, but for the requests themselves.
    pub fn shuffle(&mut self, dice: &mut Dice) {
        let requests = self.0["requests"].take();
        shuffled(&mut self.0, dice);
        self.0["requests"] = requests;
        if let Some(requests) = self.0["requests"].as_array_mut() {
            requests.iter_mut().for_each(|request| shuffled(request, dice));
        }
    }
}

/// What AWS calls the policies of a level of an organization.
const CONTROL_POLICIES: [(&str, PolicyType); 2] = [
    ("ServiceControlPolicies", PolicyType::ServiceControlPolicy),
    ("ResourceControlPolicies", PolicyType::ResourceControlPolicy),
];

fn shuffled(value: &mut Value, dice: &mut Dice) {
    match value {
        Value::Array(elements) => {
            elements.iter_mut().for_each(|element| shuffled(element, dice));
            shuffle(elements, dice);
        }
        Value::Object(members) => {
            let mut all: Vec<(String, Value)> = std::mem::take(members).into_iter().collect();
            all.iter_mut().for_each(|(_, member)| shuffled(member, dice));
            shuffle(&mut all, dice);
            members.extend(all);
        }
        _ => {}
    }
}

fn shuffle<T>(elements: &mut [T], dice: &mut Dice) {
    for last in (1..elements.len()).rev() {
        elements.swap(last, dice.below(last + 1));
    }
}

/// The same statement, said of everybody.
#[must_use]
pub fn with_principal(mut statement: Value) -> Value {
    statement["Principal"] = "*".into();
    statement
}

/// The same statement, as a policy of this type may have it.
#[must_use]
pub fn fitting(statement: &Value, policy_type: PolicyType, effect: &str) -> Value {
    let mut fitted = statement.clone();
    fitted["Effect"] = effect.into();
    let Some(members) = fitted.as_object_mut() else { return fitted };
    members.remove("Sid");
    // KMS stores statements that lack one of these; they say nothing.
    for name in ["Action", "Resource"] {
        if !members.contains_key(name) && !members.contains_key(&format!("Not{name}")) {
            members.insert(name.into(), "*".into());
        }
    }
    match policy_type {
        PolicyType::KeyPolicy | PolicyType::VpcEndpointPolicy => {
            let excepted = members.contains_key("NotPrincipal");
            if excepted && effect == "Allow" {
                members.remove("NotPrincipal");
            }
            if !members.contains_key("Principal") && !members.contains_key("NotPrincipal") {
                members.insert("Principal".into(), "*".into());
            }
        }
        PolicyType::ResourceControlPolicy => {
            members.remove("NotPrincipal");
            members.insert("Principal".into(), "*".into());
            let action = members.remove("NotAction").or_else(|| members.remove("Action"));
            let named = |action: &Value| if action == "*" { "kms:*".into() } else { action.clone() };
            let action = match action {
                Some(Value::Array(actions)) => actions.iter().map(named).collect::<Vec<_>>().into(),
                Some(action) => named(&action),
                None => "kms:*".into(),
            };
            members.insert("Action".into(), action);
        }
        _ => {
            members.remove("Principal");
            members.remove("NotPrincipal");
        }
    }
    fitted
}

impl Attachment<'_> {
    /// The type of a policy that is attached here.
    #[must_use]
    pub const fn policy_type(self) -> PolicyType {
        match self {
            Self::Key(_) => PolicyType::KeyPolicy,
            Self::Identity(_) | Self::Group(_) => PolicyType::IdentityPolicy,
            Self::Boundary(_) => PolicyType::PermissionsBoundary,
            Self::Session(_) => PolicyType::SessionPolicy,
            Self::ServiceControl(_) => PolicyType::ServiceControlPolicy,
            Self::ResourceControl(_) => PolicyType::ResourceControlPolicy,
            Self::Endpoint(_) => PolicyType::VpcEndpointPolicy,
        }
    }

    /// Whether a policy here has a say in one authorization of a request.
    #[must_use]
    pub fn concerns(self, world: &Decided, request: usize, authorization: usize) -> bool {
        let Some(asked) = world.scenario.requests.get(request).map(|case| &case.request) else { return false };
        let Some(authorization) = asked.authorizations.get(authorization) else { return false };
        let linked = asked.caller.is_service_linked_role(&world.scenario.world);
        let is_bound = |account: &str, level: &str| world.draft.binding(account).iter().any(|bound| bound == level);
        match self {
            Self::Key(key) => authorization.resource == Resource::Key(key),
            Self::Identity(principal) | Self::Group(principal) | Self::Boundary(principal) => {
                asked.caller.entity() == Some(principal)
            }
            Self::Session(session) => session == request,
            Self::Endpoint(endpoint) => asked.vpc_endpoint == Some(endpoint),
            Self::ServiceControl(level) => {
                !linked && asked.caller.account().is_some_and(|account| is_bound(account.as_str(), level))
            }
            Self::ResourceControl(level) => {
                let key = authorization.resource.kms_key(&world.scenario.world);
                let exempt = linked || authorization.action == Action::RetireGrant;
                !exempt && key.is_some_and(|key| !key.aws_managed && is_bound(key.arn.account().as_str(), level))
            }
        }
    }
}

impl Decided {
    /// Every place of this world where a policy can be attached, the levels given.
    #[must_use]
    pub fn attachments<'p>(&self, levels: &'p [String]) -> Vec<Attachment<'p>> {
        let world = &self.scenario.world;
        let mut places: Vec<Attachment<'_>> = (0..world.keys.len()).map(Attachment::Key).collect();
        for (index, principal) in world.principals.iter().enumerate() {
            let arn = principal.arn.as_str();
            if !arn.contains(":group/") {
                places.push(Attachment::Identity(index));
                places.extend(arn.contains(":user/").then_some(Attachment::Group(index)));
                places.extend((!principal.is_service_linked_role()).then_some(Attachment::Boundary(index)));
            }
        }
        for (index, case) in self.requests() {
            let caller = &case.request.caller;
            let session = matches!(caller.identity, Identity::RoleSession { .. } | Identity::FederatedUser { .. });
            places.extend((session && !caller.is_service_linked_role(world)).then_some(Attachment::Session(index)));
        }
        places.extend((0..world.vpc_endpoints.len()).map(Attachment::Endpoint));
        for level in levels {
            places.extend([Attachment::ServiceControl(level), Attachment::ResourceControl(level)]);
        }
        places
    }
}
