//! Whole worlds, taken apart: where their policies stand, so that a property can add to them, take away,
//! reorder or respell what is there.

#![expect(clippy::indexing_slicing, reason = "serde_json adds a member that is not there")]

use keytrace::{
    decision::PolicyType,
    scenario::{self, Scenario},
};
use serde_json::{Value, json};

use super::mutate::Dice;
use crate::worlds;

/// A world that is edited before it is read: every document is an object with a list of statements.
#[derive(Clone, Debug)]
pub struct WorldDraft(pub Value);

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

    /// What stands there, or else this.
    pub(super) fn or_else(&mut self, pointer: &str, default: Value) -> String {
        if let Some((parent, name)) = pointer.rsplit_once('/')
            && let Some(parent) = self.0.pointer_mut(parent)
            && parent.get(name).is_none()
        {
            parent[name] = default;
        }
        pointer.into()
    }

    /// Adds this to the list that stands there.
    pub(super) fn pushed(&mut self, list: &str, element: Value) -> String {
        let list = self.or_else(list, json!([]));
        let elements = self.0.pointer_mut(&list).and_then(Value::as_array_mut);
        let last = elements.map_or(0, |elements| {
            elements.push(element);
            elements.len() - 1
        });
        format!("{list}/{last}")
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
