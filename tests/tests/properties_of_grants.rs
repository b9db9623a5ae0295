//! Rules of AWS about grants, tried on whole worlds that nobody wrote.
//!
//! <https://docs.aws.amazon.com/kms/latest/developerguide/grants.html>

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use keytrace::{
    catalog::Action,
    decision::{Decision, Missing, PolicyType},
    request::Resource,
};
use keytrace_tests::generate::{Decided, WorldDraft, decided_worlds, grounds, mutate::Dice, reach};
use serde_json::{Map, Value, json};

/// A grant for one of those who ask: some operations, seldom constrained, some old, some minutes, some by token.
fn some_grant(world: &Decided, dice: &mut Dice) -> Value {
    let request = dice.below(world.scenario.requests.len());
    let caller = &world.scenario.requests[request].request.caller;
    let principal = caller.principal(&world.scenario.world).filter(|_| dice.below(3) > 0);
    let name = principal.map_or(caller.name(), |principal| principal.arn.as_str());
    let grantee = match caller.account() {
        None => json!({ "GranteeServicePrincipal": name }),
        Some(account) if dice.below(5) == 0 => json!({ "GranteePrincipal": format!("arn:aws:iam::{account}:root") }),
        Some(_) => json!({ "GranteePrincipal": name }),
    };
    let operations = Action::ALL.iter().filter(|action| action.grantable() && dice.below(3) > 0);
    let mut grant = grantee;
    grant["Operations"] = operations.map(|action| Value::from(action.name())).collect();
    if dice.below(4) == 0 {
        grant["Operations"] = json!(["CreateGrant", "Decrypt", "DescribeKey", "RetireGrant"]);
    }
    if dice.below(2) == 0 {
        let asked = world.draft.0["requests"][request]["parameters"].get("EncryptionContext").cloned();
        let subset = asked.unwrap_or_else(|| json!({ "tenant": "42" }));
        grant["Constraints"] = json!({ "EncryptionContextSubset": subset });
    }
    if let Some(account) = caller.account().filter(|_| dice.below(2) == 0) {
        grant["IssuingAccount"] = account.as_str().into();
    }
    grant["CreationDate"] = dice.choose(&["2026-10-01T00:00:00Z", "2026-11-23T11:57:30Z"]).into();
    grant
}

/// The grants of a world, by place.
fn grants(draft: &WorldDraft) -> Vec<String> {
    let keys = draft.places("/keys");
    keys.iter().flat_map(|key| draft.places(&format!("{key}/Grants"))).collect()
}

/// The members of the grant that stands there.
fn grant<'d>(draft: &'d mut WorldDraft, place: &str) -> &'d mut Map<String, Value> {
    draft.0.pointer_mut(place).unwrap().as_object_mut().unwrap()
}

fn push_grant(draft: &mut WorldDraft, key: usize, grant: Value) {
    draft.0["keys"][key]["Grants"].as_array_mut().unwrap().push(grant);
}

/// "Grants … allow access, never deny it."
#[test]
fn adding_a_grant_never_denies() {
    let (mut allowed, mut open) = (0, 0);
    for world in decided_worlds(20_000, 100) {
        let mut dice = Dice::new(world.seed);
        for _ in 0..6 {
            let key = dice.below(world.scenario.world.keys.len());
            let added = some_grant(&world, &mut dice);
            let after = world.after(|draft| push_grant(draft, key, added.clone())).unwrap();
            world.compare(&after, &format!("with {added}"), |before, after| {
                // Whoever was denied by a statement still is.
                reach(after) >= reach(before) && (reach(before) > 0 || before == after)
            });
            let changed =
                after.iter().flatten().zip(world.decisions.iter().flatten()).filter(|(a, b)| reach(**a) != reach(**b));
            changed.for_each(|(after, _)| if reach(*after) == 3 { allowed += 1 } else { open += 1 });
        }
    }
    assert!(allowed > 100 && open > 30, "{allowed} {open}");
}

/// A grant allows its operations and nothing else.
#[test]
fn a_grant_speaks_of_its_operations_only() {
    for world in decided_worlds(21_000, 120) {
        let asked: Vec<Action> = world
            .requests()
            .flat_map(|(_, case)| &case.request.authorizations)
            .map(|authorization| authorization.action)
            .collect();
        let others = Action::ALL.iter().filter(|action| action.grantable() && !asked.contains(action));
        let others: Vec<&str> = others.map(|action| action.name()).collect();
        let after = world.after(|draft| {
            for (_, case) in world.requests() {
                let Some(grantee) = case.request.caller.arn() else { continue };
                let grant = json!({ "GranteePrincipal": grantee.as_str(), "Operations": others });
                (0..world.scenario.world.keys.len()).for_each(|key| push_grant(draft, key, grant.clone()));
            }
        });
        world.compare(&after.unwrap(), "with grants for other operations", |before, after| before == after);
    }
}

#[test]
fn removing_a_grant_never_allows() {
    let mut removed = 0;
    for world in decided_worlds(22_000, 120) {
        for place in grants(&world.draft) {
            let (list, index) = place.rsplit_once('/').unwrap();
            let after = world.after(|draft| {
                draft.0.pointer_mut(list).unwrap().as_array_mut().unwrap().remove(index.parse().unwrap());
            });
            let Some(after) = after else { continue };
            world.compare(&after, &format!("without {place}"), |before, after| {
                // Nobody can retire what is not there, and a deny that looks at it has nothing to look at.
                let gone = Decision::ImplicitDeny { missing: Missing::Policy(PolicyType::Grant) };
                reach(after) <= reach(before) || after == gone
            });
            removed += 1;
        }
    }
    assert!(removed > 150, "{removed}");
}

/// A grant that was retired or revoked long ago is gone.
/// <https://docs.aws.amazon.com/kms/latest/developerguide/grant-delete.html>
#[test]
fn a_deleted_grant_is_none() {
    for world in decided_worlds(23_000, 120) {
        let nobody = world.after(|draft| {
            for place in grants(draft) {
                let grant = grant(draft, &place);
                for name in ["GranteeServicePrincipal", "RetiringPrincipal", "RetiringServicePrincipal"] {
                    grant.remove(name);
                }
                grant.insert("GranteePrincipal".into(), "arn:aws:iam::123412341234:role/Stranger".into());
            }
        });
        let deleted = world.after(|draft| {
            for place in grants(draft) {
                grant(draft, &place).insert("DeletionDate".into(), "2026-01-01T00:00:00Z".into());
            }
        });
        let (nobody, deleted) = (nobody.unwrap(), deleted.unwrap());
        for (request, case) in world.requests() {
            for (index, authorization) in case.request.authorizations.iter().enumerate() {
                let (nobody, deleted) = (nobody[request][index], deleted[request][index]);
                let seed = world.seed;
                match authorization.resource {
                    // Nor can it be retired once more.
                    Resource::Grant { .. } => {
                        assert!(reach(deleted) < 2, "world {seed}, request {request}: {deleted:?}")
                    }
                    _ => assert_eq!(grounds(nobody), grounds(deleted), "world {seed}, request {request}"),
                }
            }
        }
    }
}

/// What a grant asks of a request, made stricter: an encryption context with one pair more, exactly this
/// encryption context, a source, fewer operations.
/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html>
#[test]
fn a_stricter_grant_never_allows_more() {
    const SUBSET: &str = "EncryptionContextSubset";
    type Tighten = fn(&mut Map<String, Value>) -> bool;
    fn constraints(grant: &mut Map<String, Value>) -> &mut Map<String, Value> {
        grant.entry("Constraints").or_insert_with(|| json!({})).as_object_mut().unwrap()
    }
    let ways: [(&str, Tighten); 5] = [
        ("one pair more", |grant| {
            let Some(subset) = constraints(grant).get_mut(SUBSET) else { return false };
            let name = if subset.get("stage").is_some() { "tenant" } else { "stage" };
            subset.as_object_mut().unwrap().insert(name.into(), "prod".into()).is_none()
        }),
        ("Equals for Subset", |grant| {
            let constraints = constraints(grant);
            let Some(subset) = constraints.remove(SUBSET) else { return false };
            constraints.insert("EncryptionContextEquals".into(), subset).is_none()
        }),
        ("an encryption context", |grant| {
            let constraints = constraints(grant);
            let free = constraints.keys().all(|name| name == "SourceArn");
            free && constraints.insert(SUBSET.into(), json!({ "tenant": "42" })).is_none()
        }),
        ("a source", |grant| {
            let source = "arn:aws:cloudtrail:us-west-2:111122223333:trail/audit";
            let constraints = constraints(grant);
            !constraints.contains_key("SourceArn") && constraints.insert("SourceArn".into(), source.into()).is_none()
        }),
        ("fewer operations", |grant| {
            let operations = grant["Operations"].as_array_mut().unwrap();
            let fewer = operations.iter().step_by(2).cloned().collect();
            *operations = fewer;
            true
        }),
    ];
    let mut denied = [0; 5];
    for world in decided_worlds(24_000, 120) {
        let mut dice = Dice::new(world.seed);
        for _ in 0..2 {
            let key = dice.below(world.scenario.world.keys.len());
            let added = some_grant(&world, &mut dice);
            let with = |grant: Value| world.after(|draft| push_grant(draft, key, grant)).unwrap();
            let before = with(added.clone());
            for ((edit, tighten), denied) in ways.into_iter().zip(&mut denied) {
                let mut tightened = added.clone();
                if !tighten(tightened.as_object_mut().unwrap()) {
                    continue;
                }
                let both = before.iter().flatten().zip(with(tightened).into_iter().flatten());
                for (before, after) in both.map(|(before, after)| (reach(*before), reach(after))) {
                    assert!(after <= before, "world {}, {edit} in {added}: {before} became {after}", world.seed);
                    *denied += usize::from(after < before);
                }
            }
        }
    }
    assert!(denied.iter().all(|count| *count > 3), "{denied:?}");
}

/// "Use a grant token … to use the permissions in the grant immediately."
/// <https://docs.aws.amazon.com/kms/latest/developerguide/using-grant-token.html>
#[test]
fn a_grant_token_only_hastens() {
    let mut hastened = 0;
    for world in decided_worlds(25_000, 200) {
        let mut dice = Dice::new(world.seed);
        let key = dice.below(world.scenario.world.keys.len());
        let mut added = some_grant(&world, &mut dice);
        added["GrantToken"] = "fresh".into();
        added["CreationDate"] = "2026-11-23T11:57:30Z".into();
        let with = |tokens: &[&str]| {
            world.after(|draft| {
                push_grant(draft, key, added.clone());
                for request in draft.0["requests"].as_array_mut().unwrap() {
                    let list = request["parameters"].as_object_mut().unwrap().entry("GrantTokens");
                    list.or_insert_with(|| json!([]))
                        .as_array_mut()
                        .unwrap()
                        .extend(tokens.iter().map(|token| Value::from(*token)));
                }
            })
        };
        let (without, with) = (with(&[]).unwrap(), with(&["fresh"]).unwrap());
        for (without, with) in without.iter().flatten().zip(with.iter().flatten()) {
            assert!(reach(*with) >= reach(*without), "world {}: {without:?} became {with:?}", world.seed);
            hastened += usize::from(reach(*with) > reach(*without));
        }
    }
    assert!(hastened > 20, "{hastened}");
}

/// What may be in effect or not is one of the two once it is old.
/// <https://docs.aws.amazon.com/kms/latest/developerguide/grants.html#terms-eventual-consistency>
#[test]
fn a_young_grant_is_in_effect_or_not() {
    let mut open = 0;
    for world in decided_worlds(26_000, 200) {
        let settle = |in_effect: bool| {
            world.after(|draft| {
                for place in grants(draft) {
                    let grant = grant(draft, &place);
                    let young = ["2026-11-23T11:57:30Z", "2026-11-23T11:58:00Z"];
                    let is_young =
                        |date: Option<&Value>| date.and_then(Value::as_str).is_some_and(|date| young.contains(&date));
                    if is_young(grant.get("DeletionDate")) {
                        grant.remove("DeletionDate");
                        if !in_effect {
                            grant.insert("DeletionDate".into(), "2026-01-01T00:00:00Z".into());
                        }
                    }
                    if is_young(grant.get("CreationDate")) {
                        let date = if in_effect { "2026-01-01T00:00:00Z" } else { "2027-01-01T00:00:00Z" };
                        grant.insert("CreationDate".into(), date.into());
                    }
                }
            })
        };
        let (with, without) = (settle(true).unwrap(), settle(false).unwrap());
        let now = world.draft.0.get("now").is_some();
        for (request, case) in world.requests() {
            let seed = world.seed;
            let token =
                case.request.parameter("GrantTokens").is_some() || case.request.parameter("GrantToken").is_some();
            if token || !now {
                continue;
            }
            for (index, before) in world.decisions[request].iter().enumerate() {
                let (with, without) = (reach(with[request][index]), reach(without[request][index]));
                let before = reach(*before);
                assert!(
                    without <= before && before <= with,
                    "world {seed}, request {request}: {without} {before} {with}"
                );
                open += usize::from(without < with);
            }
        }
    }
    assert!(open > 20, "{open}");
}
