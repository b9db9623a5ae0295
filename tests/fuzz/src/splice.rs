//! Scenarios put together from parts of the corpus: bytes choose a scenario and what is exchanged in it.
//!
//! Any bytes spoil a JSON text long before they reach a rule of AWS's. Parts that have the same role in
//! another scenario, such as a condition, a principal or a session's tags, mostly fit, and meet in ways that
//! nobody thought of.

use std::{collections::BTreeMap, sync::LazyLock};

use arbitrary::Unstructured;
use keytrace::{
    json::{Kind, Value, edit, print},
    scenario,
};

use crate::{
    seeds,
    tree::{at_mut, bare, children, named, without_place},
};

/// What has no part in a decision.
const PROSE: [&str; 7] = ["$schema", "title", "doc", "standing", "notes", "expect", "expectProblems"];

/// Objects whose members' names are not fixed: what is in them has the role that these names bring along.
const MAPS: [&str; 6] = ["Condition", "Condition.*", "context", "EncryptionContext", "tags", "RoleSessionTags"];

/// At most so many exchanges.
const MOST: usize = 24;

/// The parts of the corpus.
struct Parts {
    scenarios: Vec<Value>,
    /// The values of each role.
    values: BTreeMap<String, Vec<Value>>,
    /// The names of members that objects of each role have.
    names: BTreeMap<String, Vec<String>>,
}

static PARTS: LazyLock<Parts> = LazyLock::new(|| {
    let mut parts = Parts { scenarios: Vec::new(), values: BTreeMap::new(), names: BTreeMap::new() };
    for file in seeds::corpus() {
        let Ok(root) = edit::read(&file.text) else { continue };
        let mut root = bare(&root);
        without_prose(&mut root);
        parts.gather(&root, "");
        parts.scenarios.push(root);
    }
    for values in parts.values.values_mut() {
        // The same order in every run, each value once.
        let mut by_text: BTreeMap<String, Value> = BTreeMap::new();
        values.drain(..).for_each(|value| drop(by_text.insert(print::pretty(&value, "", ""), value)));
        values.extend(by_text.into_values());
    }
    for names in parts.names.values_mut() {
        names.sort();
        names.dedup();
    }
    parts
});

impl Parts {
    fn gather(&mut self, value: &Value, role: &str) {
        self.values.entry(role.into()).or_default().push(value.clone());
        for member in value.as_object().unwrap_or_default() {
            self.names.entry(role.into()).or_default().push(member.name.to_string());
        }
        for (child, role) in children(value).into_iter().zip(roles_inside(value, role)) {
            self.gather(child, &role);
        }
    }
}

fn without_prose(value: &mut Value) {
    crate::tree::change(value, &mut |value| {
        if let Kind::Object(members) = &mut value.kind {
            members.retain(|member| !PROSE.contains(&&*member.name));
        }
    });
}

/// The role of each child: its name, where names are fixed.
fn roles_inside(value: &Value, role: &str) -> Vec<String> {
    match &value.kind {
        Kind::Array(elements) => elements.iter().map(|_| format!("{role}[]")).collect(),
        Kind::Object(members) if MAPS.contains(&role) => members.iter().map(|_| format!("{role}.*")).collect(),
        Kind::Object(members) => members.iter().map(|member| member.name.to_string()).collect(),
        _ => Vec::new(),
    }
}

/// A scenario for each scenario of the corpus, as it is.
#[must_use]
pub fn plain_choices() -> Vec<Vec<u8>> {
    (0..PARTS.scenarios.len()).map(|index| u16::try_from(index).expect("a few thousand").to_le_bytes().into()).collect()
}

/// The scenario that these bytes choose. Any bytes choose one; where they end, nothing more is exchanged.
/// What makes a scenario unreadable is mostly taken back: others try what is refused.
#[must_use]
pub fn chosen(bytes: &[u8]) -> Value {
    let mut bytes = Unstructured::new(bytes);
    let base = usize::from(bytes.arbitrary::<u16>().unwrap_or_default()) % PARTS.scenarios.len();
    let mut scenario = PARTS.scenarios[base].clone();
    let mut readable = is_readable(&scenario);
    for _ in 0..MOST {
        let mut next = scenario.clone();
        if bytes.is_empty() || exchange(&mut next, &mut bytes).is_err() {
            break;
        }
        let next_readable = is_readable(&next);
        if next_readable || !readable || bytes.ratio(1, 16).unwrap_or_default() {
            (scenario, readable) = (next, next_readable);
        }
    }
    scenario
}

fn is_readable(value: &Value) -> bool {
    scenario::read(&print::pretty(value, "", "")).value.is_some()
}

/// Exchanges one thing.
fn exchange(scenario: &mut Value, bytes: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    let mut places = Vec::new();
    places_in(scenario, "", &mut Vec::new(), &mut places);
    let (way, role) = &places[usize::from(bytes.arbitrary::<u16>()?) % places.len()];
    let Some(value) = at_mut(scenario, way) else { return Ok(()) };
    let choice = usize::from(bytes.arbitrary::<u8>()?);
    match (&mut value.kind, choice % 6) {
        // Another value that has this role somewhere.
        (_, 0) | (Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_), _) => {
            if let Some(other) = pick(PARTS.values.get(role), bytes)? {
                *value = other;
            }
        }
        // One more element, or one more member, that is found in such places.
        (Kind::Array(elements), 1 | 2) => {
            if let Some(other) = pick(PARTS.values.get(&format!("{role}[]")), bytes)? {
                let at = bytes.choose_index(elements.len() + 1)?;
                elements.insert(at, other);
            }
        }
        (Kind::Object(members), 1 | 2) => {
            let Some(name) = pick(PARTS.names.get(role), bytes)? else { return Ok(()) };
            let inside = if MAPS.contains(&role.as_str()) { format!("{role}.*") } else { name.clone() };
            if let Some(other) = pick(PARTS.values.get(&inside), bytes)? {
                // Twice the same name is refused almost everywhere; that has been seen after a few times.
                if choice < 250 {
                    members.retain(|member| *member.name != *name);
                }
                members.push(named(&name, other));
            }
        }
        // One less, or in another order.
        (Kind::Array(elements), 3) if !elements.is_empty() => {
            elements.remove(bytes.choose_index(elements.len())?);
        }
        (Kind::Object(members), 3) if !members.is_empty() => {
            members.remove(bytes.choose_index(members.len())?);
        }
        (Kind::Array(elements), _) if !elements.is_empty() => {
            let again = elements[bytes.choose_index(elements.len())?].clone();
            elements.push(again);
        }
        // The same under another name: `NotAction` for `Action`, one operator for another.
        (Kind::Object(members), _) if !members.is_empty() => {
            let at = bytes.choose_index(members.len())?;
            if let Some(name) = pick(PARTS.names.get(role), bytes)? {
                members[at].name = name.into();
            }
        }
        _ => {}
    }
    Ok(())
}

fn pick<T: Clone>(from: Option<&Vec<T>>, bytes: &mut Unstructured<'_>) -> arbitrary::Result<Option<T>> {
    let Some(from) = from.filter(|from| !from.is_empty()) else { return Ok(None) };
    Ok(Some(from[usize::from(bytes.arbitrary::<u16>()?) % from.len()].clone()))
}

fn places_in(value: &Value, role: &str, way: &mut Vec<usize>, places: &mut Vec<(Vec<usize>, String)>) {
    places.push((way.clone(), role.into()));
    for (index, (child, role)) in children(value).into_iter().zip(roles_inside(value, role)).enumerate() {
        way.push(index);
        places_in(child, &role, way, places);
        way.pop();
    }
}

/// The scenario with the statements of every policy in the opposite order.
#[must_use]
pub fn with_statements_turned(scenario: &Value) -> Value {
    let mut turned = scenario.clone();
    crate::tree::change(&mut turned, &mut |value| {
        if let Kind::Object(members) = &mut value.kind {
            for member in members.iter_mut().filter(|member| &*member.name == "Statement") {
                if let Kind::Array(statements) = &mut member.value.kind {
                    statements.reverse();
                }
            }
        }
    });
    turned
}

/// The scenario with the members of every object in the opposite order; `None` if a name is repeated
/// somewhere, since then their order matters.
#[must_use]
pub fn with_members_turned(scenario: &Value) -> Option<Value> {
    let mut repeated = false;
    let mut turned = scenario.clone();
    crate::tree::change(&mut turned, &mut |value| {
        if let Kind::Object(members) = &mut value.kind {
            let mut names: Vec<String> = members.iter().map(|member| member.name.to_lowercase()).collect();
            names.sort();
            repeated |= names.windows(2).any(|pair| pair[0] == pair[1]);
            members.reverse();
        }
    });
    (!repeated).then(|| without_place(turned.kind))
}
