//! Where policies are attached, and whom they bind there.

#![expect(clippy::indexing_slicing, reason = "serde_json adds a member that is not there")]

use keytrace::{
    catalog::Action,
    decision::PolicyType,
    request::{Identity, Resource},
};
use serde_json::{Value, json};

use super::{Decided, WorldDraft};

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

impl WorldDraft {
    /// The statements of a policy at that place, so that one can be added. Where nothing is attached, what
    /// AWS takes in its stead is written out first.
    ///
    /// # Panics
    /// If there is no such place.
    pub fn attached(&mut self, place: Attachment<'_>) -> &mut Vec<Value> {
        let document = |statements: Vec<Value>| json!({ "Version": "2012-10-17", "Statement": statements });
        let named = |statements| json!({ "PolicyName": "Added", "PolicyDocument": document(statements) });
        let control = || json!({ "Name": "Added", "Content": document(Vec::new()) });
        let pointer = match place {
            Attachment::Key(key) => format!("/keys/{key}/Policy"),
            Attachment::Endpoint(endpoint) => {
                let default = document(vec![with_principal(allow_all())]);
                self.or_else(&format!("/vpcEndpoints/{endpoint}/PolicyDocument"), default)
            }
            Attachment::Identity(principal) => {
                self.pushed(&format!("/principals/{principal}/Policies"), named(Vec::new()))
            }
            Attachment::Group(user) => self.added_group(user),
            Attachment::Boundary(principal) => {
                let boundary = json!({ "PolicyDocument": document(vec![allow_all()]) });
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
                self.pushed(&list, control())
            }
            Attachment::ResourceControl(level) => {
                let list = format!("{level}/ResourceControlPolicies");
                self.pushed(&list, control())
            }
        };
        let inner = ["/PolicyDocument", "/Content", ""].into_iter().find(|inner| {
            self.0.pointer(&format!("{pointer}{inner}")).is_some_and(|document| document.get("Statement").is_some())
        });
        self.statements(&format!("{pointer}{}", inner.unwrap_or_default()))
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
