//! Rules of AWS about policies of every type, tried on whole worlds that nobody wrote.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>
//!
//! On many more worlds: `TIMES=50 cargo test --profile bench -p keytrace-tests --test 'properties_of_*'`.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use keytrace::decision::{Decision, PolicyType};
use keytrace_tests::generate::{
    Attachment, WorldDraft, decided_worlds, deny_all, fitting, grounds, mutate::Dice, reach, recased,
};
use serde_json::{Map, Value, json};

/// Any statement of a world: it speaks of what the requests are about.
fn some_statement(draft: &mut WorldDraft, dice: &mut Dice) -> Value {
    let documents = draft.documents();
    let (_, pointer) = &documents[dice.below(documents.len())];
    let statements = draft.statements(pointer);
    statements[dice.below(statements.len())].clone()
}

fn insert(statements: &mut Vec<Value>, statement: Value, dice: &mut Dice) {
    statements.insert(dice.below(statements.len() + 1), statement);
}

/// Changes every statement of every policy.
fn for_each_statement(draft: &mut WorldDraft, mut change: impl FnMut(PolicyType, &mut Map<String, Value>)) {
    for (policy_type, pointer) in draft.documents() {
        for statement in draft.statements(&pointer) {
            change(policy_type, statement.as_object_mut().unwrap());
        }
    }
}

/// A list of texts, or the one text that stands for it.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(list) => list.iter().flat_map(texts).collect(),
        Value::String(text) => vec![text.clone()],
        other => vec![other.to_string()],
    }
}

/// "An explicit deny in any of these policies overrides the allow": key policy, identity policy, policy of a
/// group, boundary, session policy, SCP and RCP of each level, endpoint policy, each in turn.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html>
#[test]
fn an_explicit_deny_wins_wherever_it_stands() {
    let mut denied = [0; 8];
    for world in decided_worlds(0, 50) {
        let levels = world.draft.levels();
        for place in world.attachments(&levels) {
            let policy_type = place.policy_type();
            let after = world.after(|draft| draft.attached(place).push(fitting(&deny_all(), policy_type, "Deny")));
            let after = after.unwrap_or_else(|| panic!("world {}: a deny at {place:?} is refused", world.seed));
            for (request, decisions) in after.iter().enumerate() {
                for (authorization, found) in decisions.iter().enumerate() {
                    if !place.concerns(&world, request, authorization) {
                        continue;
                    }
                    let before = world.decisions[request][authorization];
                    // Of several that deny, the first in AWS's order is named. A new boundary makes
                    // `NotPrincipal` deny as well.
                    let named = match found {
                        Decision::ExplicitDeny { policy_type: found, .. } => {
                            let others = reach(before) == 0 || matches!(place, Attachment::Boundary(_));
                            *found == policy_type || others && *found < policy_type
                        }
                        _ => false,
                    };
                    assert!(named, "world {}, request {request}, {place:?}: {before:?} became {found:?}", world.seed);
                    denied[policy_type as usize] += 1;
                }
            }
        }
    }
    denied[PolicyType::Grant as usize] = usize::MAX;
    assert!(denied.iter().all(|count| *count >= 100), "{denied:?}");
}

/// The order of statements, policies, levels' policies, groups, grants, conditions, values, parameters.
#[test]
fn order_does_not_matter() {
    for world in decided_worlds(3_900, 200) {
        let mut dice = Dice::new(world.seed);
        let after = world.after(|draft| draft.shuffle(&mut dice)).unwrap();
        world.compare(&after, "in another order", |before, after| grounds(before) == grounds(after));
    }
}

#[test]
fn adding_a_deny_anywhere_never_allows() {
    let (mut tried, mut denied) = (0, 0);
    for world in decided_worlds(3_000, 120) {
        let mut dice = Dice::new(world.seed);
        let levels = world.draft.levels();
        let places = world.attachments(&levels);
        for _ in 0..5 {
            let place = places[dice.below(places.len())];
            let after = world.after(|draft| {
                let deny = fitting(&some_statement(draft, &mut dice), place.policy_type(), "Deny");
                insert(draft.attached(place), deny, &mut dice);
            });
            let Some(after) = after else { continue };
            tried += 1;
            world.compare(&after, &format!("a deny at {place:?}"), |before, after| reach(after) <= reach(before));
            denied += usize::from(after.iter().flatten().zip(world.decisions.iter().flatten()).any(|(a, b)| a != b));
        }
    }
    assert!(tried > 500 && denied > 100, "{denied} of {tried}");
}

/// In an SCP of any level, in a boundary, a session policy, an endpoint policy, and where allows do allow.
#[test]
fn adding_an_allow_anywhere_never_denies() {
    let (mut tried, mut allowed) = (0, 0);
    for world in decided_worlds(4_000, 120) {
        let mut dice = Dice::new(world.seed);
        for _ in 0..6 {
            let mut place = String::new();
            let after = world.after(|draft| {
                let mut documents = draft.documents();
                documents.retain(|(policy_type, _)| *policy_type != PolicyType::ResourceControlPolicy);
                let (policy_type, pointer) = &documents[dice.below(documents.len())];
                let allow = fitting(&some_statement(draft, &mut dice), *policy_type, "Allow");
                insert(draft.statements(pointer), allow, &mut dice);
                place.clone_from(pointer);
            });
            let Some(after) = after else { continue };
            tried += 1;
            world.compare(&after, &format!("an allow at {place}"), |before, after| reach(after) >= reach(before));
            allowed += usize::from(after.iter().flatten().zip(world.decisions.iter().flatten()).any(|(a, b)| a != b));
        }
    }
    assert!(tried > 600 && allowed > 100, "{allowed} of {tried}");
}

/// "If there are multiple statements, AWS applies a logical OR": one that lists several actions is as many
/// statements, and a policy is as many policies as it has statements.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html>
#[test]
fn a_policy_is_no_more_than_its_statements() {
    for world in decided_worlds(5_000, 120) {
        let after = world.after(|draft| {
            for (_, pointer) in draft.documents() {
                let statements = std::mem::take(draft.statements(&pointer));
                for mut statement in statements {
                    statement.as_object_mut().unwrap().remove("Sid");
                    let actions = statement.get("Action").map_or_else(
                        || vec![Value::Null],
                        |actions| texts(actions).into_iter().map(Value::from).collect(),
                    );
                    for action in actions {
                        let mut alone = statement.clone();
                        if !action.is_null() {
                            alone["Action"] = action;
                        }
                        draft.statements(&pointer).push(alone);
                    }
                }
            }
            for principal in draft.places("/principals") {
                let Some(policies) = draft.0.pointer_mut(&format!("{principal}/Policies")) else { continue };
                let alone = policies.as_array().unwrap().iter().flat_map(|policy| {
                    let statements = policy["PolicyDocument"]["Statement"].as_array().unwrap();
                    statements.iter().enumerate().map(move |(index, statement)| {
                        let mut alone = policy.clone();
                        alone["PolicyName"] = format!("{}.{index}", policy["PolicyName"].as_str().unwrap()).into();
                        alone["PolicyDocument"]["Statement"] = json!([statement]);
                        alone
                    })
                });
                *policies = alone.collect();
            }
        });
        world.compare(&after.unwrap(), "in single statements", |before, after| grounds(before) == grounds(after));
    }
}

/// A group's policies speak for the users in it.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_groups.html>
#[test]
fn policies_of_a_group_are_those_of_its_members() {
    let mut moved = 0;
    for world in decided_worlds(6_000, 120) {
        for (user, principal) in world.scenario.world.principals.iter().enumerate() {
            if !principal.arn.as_str().contains(":user/") {
                continue;
            }
            let after = world.after(|draft| {
                let policies = draft.0["principals"][user]["Policies"].take();
                draft.0["principals"][user]["Policies"] = json!([]);
                draft.attached(Attachment::Group(user)).push(fitting(&deny_all(), PolicyType::IdentityPolicy, "Deny"));
                let group = draft.0["principals"].as_array_mut().unwrap().last_mut().unwrap();
                group["Policies"] = policies;
            });
            moved += 1;
            let edit = format!("{} in a group", principal.arn.as_str());
            world.compare(&after.unwrap(), &edit, |before, after| grounds(before) == grounds(after));
        }
    }
    assert!(moved > 100, "{moved}");
}

/// One text or a list of it, one statement or a list of it, a document or its text, an account's number or the
/// ARN of its root, `*` or `{"AWS": "*"}`: AWS takes either.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>
#[test]
fn spelling_does_not_matter() {
    for world in decided_worlds(8_050, 120) {
        let after = world.after(|draft| {
            for_each_statement(draft, |policy_type, statement| {
                let listed = |value: &mut Value| *value = texts(value).into_iter().map(Value::from).collect();
                for name in ["Action", "NotAction", "Resource", "NotResource"] {
                    statement.get_mut(name).into_iter().for_each(listed);
                }
                let conditions = statement.get_mut("Condition").and_then(Value::as_object_mut);
                for (_, keys) in conditions.into_iter().flatten() {
                    keys.as_object_mut().unwrap().values_mut().for_each(listed);
                }
                for name in ["Principal", "NotPrincipal"] {
                    let Some(principal) = statement.get_mut(name) else { continue };
                    if let Some(named) = principal.get_mut("AWS") {
                        *named = texts(named).iter().map(|name| Value::from(other_spelling(name))).collect();
                    } else if *principal == "*" && policy_type != PolicyType::ResourceControlPolicy {
                        *principal = json!({ "AWS": ["*"] });
                    }
                }
            });
            for (_, pointer) in draft.documents() {
                let document = draft.0.pointer_mut(&pointer).unwrap();
                *document = document.to_string().into();
            }
        });
        world.compare(&after.unwrap(), "spelled otherwise", |before, after| before == after);
    }
}

/// The other name of an account; any other principal as it is.
fn other_spelling(principal: &str) -> String {
    match principal.strip_prefix("arn:aws:iam::").and_then(|rest| rest.strip_suffix(":root")) {
        Some(account) => account.into(),
        None if principal.parse::<u64>().is_ok() => format!("arn:aws:iam::{principal}:root"),
        None => principal.into(),
    }
}

/// Titles, names and ids are for readers.
#[test]
fn names_do_not_matter() {
    for world in decided_worlds(7_000, 120) {
        let mut count = 0;
        let mut name = || {
            count += 1;
            Value::from(format!("Renamed{count}"))
        };
        let after = world.after(|draft| {
            draft.0["title"] = "Renamed".into();
            for_each_statement(draft, |_, statement| {
                statement.remove("Sid").or_else(|| statement.insert("Sid".into(), name()));
            });
            for (_, pointer) in draft.documents() {
                let document = draft.0.pointer_mut(&pointer).unwrap().as_object_mut().unwrap();
                document.remove("Id");
                let policy = draft.0.pointer_mut(pointer.rsplit_once('/').unwrap().0).unwrap();
                for (field, pattern) in [("PolicyName", ""), ("Name", "/Content")] {
                    if policy.get(field).is_some() && pointer.ends_with(pattern) {
                        policy[field] = name();
                    }
                }
            }
            for grant in
                draft.places("/keys").iter().flat_map(|key| draft.places(&format!("{key}/Grants"))).collect::<Vec<_>>()
            {
                draft.0.pointer_mut(&grant).unwrap()["Name"] = name();
            }
        });
        world.compare(&after.unwrap(), "renamed", |before, after| before == after);
    }
}

/// "IAM condition keys are not case sensitive", and neither are actions.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html>
#[test]
fn case_of_actions_and_condition_keys_does_not_matter() {
    for world in decided_worlds(9_000, 120) {
        let mut dice = Dice::new(world.seed);
        let after = world.after(|draft| {
            for_each_statement(draft, |_, statement| {
                for name in ["Action", "NotAction"] {
                    let Some(actions) = statement.get_mut(name) else { continue };
                    *actions = texts(actions).iter().map(|action| Value::from(recased(action, dice.roll()))).collect();
                }
                let conditions = statement.get_mut("Condition").and_then(Value::as_object_mut);
                for (_, keys) in conditions.into_iter().flatten() {
                    recase_names(keys, &mut dice);
                }
            });
            for request in draft.0["requests"].as_array_mut().unwrap() {
                recase_names(&mut request["context"], &mut dice);
                let unknown = request.get_mut("unknown").and_then(Value::as_array_mut);
                unknown
                    .into_iter()
                    .flatten()
                    .for_each(|key| *key = in_other_letters(key.as_str().unwrap(), &mut dice).into());
            }
        });
        world.compare(&after.unwrap(), "in other letters", |before, after| before == after);
    }
}

fn recase_names(object: &mut Value, dice: &mut Dice) {
    let members = std::mem::take(object.as_object_mut().unwrap());
    *object = members.into_iter().map(|(name, value)| (in_other_letters(&name, dice), value)).collect();
}

/// Grants compare the names of an encryption context, which may be with their case.
fn in_other_letters(key: &str, dice: &mut Dice) -> String {
    let (family, member) = key.split_at(if key.contains("Context:") { key.rfind(':').unwrap() } else { key.len() });
    recased(family, dice.roll()) + member
}
