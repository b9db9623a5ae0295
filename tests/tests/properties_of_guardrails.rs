//! Rules of AWS about policies that only narrow: SCPs and RCPs level by level, permissions boundaries,
//! session policies, VPC endpoint policies; and about the two sides that must allow.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html>

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use keytrace::{
    assumption::GrantsUnderBoundaries,
    decision::{AllowedBy, Decision, Missing, PolicyType, PrincipalForm},
    request::{Identity, Resource},
};
use keytrace_tests::generate::{
    Attachment, Decided, WorldDraft, allow_all, decided_worlds, deny_all, grounds, is_out_of_reach, reach,
    with_principal,
};
use serde_json::{Value, json};

const STRANGER: &str = "arn:aws:iam::123412341234:role/Stranger";

/// The policies of every level of an organization.
fn set_control_policies(draft: &mut WorldDraft, name: &str, policies: &Value) {
    for level in draft.levels() {
        draft.0.pointer_mut(&level).unwrap()[name] = policies.clone();
    }
}

fn control_policy(statement: Value) -> Value {
    json!([{ "Name": "Guardrail", "Content": { "Version": "2012-10-17", "Statement": [statement] } }])
}

fn about_another_service() -> Value {
    json!({ "Effect": "Allow", "Action": "s3:*", "Resource": "*" })
}

/// Key policies and grants that are for somebody else.
fn silence_keys(draft: &mut WorldDraft) {
    for key in draft.places("/keys") {
        let statements = draft.statements(&format!("{key}/Policy"));
        statements.retain(|statement| statement["Effect"] == "Deny");
        statements.push(with_principal(allow_all()));
        statements.last_mut().unwrap()["Principal"] = json!({ "AWS": STRANGER });
        for grant in draft.places(&format!("{key}/Grants")) {
            let grant = draft.0.pointer_mut(&grant).unwrap().as_object_mut().unwrap();
            for name in ["GranteeServicePrincipal", "RetiringServicePrincipal", "RetiringPrincipal"] {
                grant.remove(name);
            }
            grant.insert("GranteePrincipal".into(), STRANGER.into());
        }
    }
}

/// Every policy of a type, without its allows but for another service.
fn silence(draft: &mut WorldDraft, policy_type: PolicyType) {
    for (found, pointer) in draft.documents() {
        if found == policy_type {
            let statements = draft.statements(&pointer);
            statements.retain(|statement| statement["Effect"] == "Deny");
            statements.push(about_another_service());
        }
    }
}

fn allows_everything(draft: &mut WorldDraft, policy_type: PolicyType) {
    for (found, pointer) in draft.documents() {
        if found == policy_type {
            *draft.statements(&pointer) = match policy_type {
                PolicyType::VpcEndpointPolicy => vec![with_principal(allow_all())],
                _ => vec![allow_all()],
            };
        }
    }
}

/// "SCPs don't affect users or roles in the management account", nor service-linked roles, nor services, nor
/// accounts outside of the organization.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html>
#[test]
fn service_control_policies_bind_the_principals_of_member_accounts_only() {
    let (mut bound, mut exempt) = (0, 0);
    for world in decided_worlds(10_000, 150) {
        let levels = world.draft.levels();
        let Some(root) = levels.first() else { continue };
        let denies = control_policy(deny_all());
        let after = world.after(|draft| set_control_policies(draft, "ServiceControlPolicies", &denies)).unwrap();
        for (request, case) in world.requests() {
            let of_a_member = Attachment::ServiceControl(root).concerns(&world, request, 0);
            let caller = case.request.caller.name();
            for (before, after) in world.decisions[request].iter().zip(&after[request]) {
                if of_a_member {
                    let scp = matches!(after, Decision::ExplicitDeny { policy_type, .. } if *policy_type <= PolicyType::ServiceControlPolicy);
                    assert!(scp, "world {}, request {request} of {caller}: {after:?}", world.seed);
                    bound += 1;
                } else {
                    assert_eq!(before, after, "world {}, request {request} of {caller}", world.seed);
                    exempt += 1;
                }
            }
        }
    }
    assert!(bound > 200 && exempt > 200, "{bound} {exempt}");
}

/// "RCPs don't affect resources in the management account", calls of service-linked roles, keys that AWS
/// manages, and `kms:RetireGrant`; they do affect service principals and callers from elsewhere.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html>
#[test]
fn resource_control_policies_bind_the_keys_of_member_accounts_only() {
    let (mut bound, mut exempt) = (0, 0);
    for world in decided_worlds(11_000, 150) {
        let levels = world.draft.levels();
        let Some(root) = levels.first() else { continue };
        let denies = control_policy(with_principal(deny_all()));
        let after = world.after(|draft| set_control_policies(draft, "ResourceControlPolicies", &denies)).unwrap();
        for (request, case) in world.requests() {
            for (index, authorization) in case.request.authorizations.iter().enumerate() {
                if authorization.resource.key().is_none() {
                    continue;
                }
                let (before, after) = (world.decisions[request][index], after[request][index]);
                if Attachment::ResourceControl(root).concerns(&world, request, index) {
                    let rcp =
                        matches!(after, Decision::ExplicitDeny { policy_type: PolicyType::ResourceControlPolicy, .. });
                    assert!(rcp, "world {}, request {request}: {after:?}", world.seed);
                    bound += 1;
                } else {
                    assert_eq!(before, after, "world {}, request {request}", world.seed);
                    exempt += 1;
                }
            }
        }
    }
    assert!(bound > 200 && exempt > 200, "{bound} {exempt}");
}

/// "For a permission to be allowed for a specific account, there must be an explicit Allow statement at
/// every level from the root through each OU in the direct path to the account."
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html>
#[test]
fn every_level_must_allow() {
    let mut denied = 0;
    for world in decided_worlds(12_000, 80) {
        for level in world.draft.levels() {
            for policies in [json!([]), control_policy(about_another_service())] {
                let after =
                    world.after(|draft| draft.0.pointer_mut(&level).unwrap()["ServiceControlPolicies"] = policies);
                let after = after.unwrap();
                for (request, _) in world.requests() {
                    for (index, found) in after[request].iter().enumerate() {
                        if Attachment::ServiceControl(&level).concerns(&world, request, index) {
                            let missing = Missing::Policy(PolicyType::ServiceControlPolicy);
                            let silent = *found == Decision::ImplicitDeny { missing } || is_out_of_reach(*found);
                            let denied_before = reach(world.decisions[request][index]) == 0 && reach(*found) == 0;
                            assert!(
                                silent || denied_before,
                                "world {}, request {request}, {level}: {found:?}",
                                world.seed
                            );
                            denied += 1;
                        }
                    }
                }
            }
        }
    }
    assert!(denied > 300, "{denied}");
}

/// Boundary and session policies limit what identity policies give, and what a statement gives that names
/// the role or the user behind a federated user; not what one gives that names the user or session itself.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html>
#[test]
fn nothing_is_given_beyond_boundary_and_session_policies() {
    let mut allowed = [0; 2];
    for world in decided_worlds(13_000, 150) {
        let silenced = [PolicyType::PermissionsBoundary, PolicyType::SessionPolicy];
        for (policy_type, allowed) in silenced.into_iter().zip(&mut allowed) {
            let after = world.after(|draft| silence(draft, policy_type)).unwrap();
            for (request, case) in world.requests() {
                let caller = &case.request.caller;
                let principal = caller.principal(&world.scenario.world);
                let limited = match policy_type {
                    PolicyType::SessionPolicy => caller.session.policies.is_some(),
                    _ => principal.is_some_and(|principal| principal.permissions_boundary.is_some()),
                };
                for (authorization, found) in case.request.authorizations.iter().zip(&after[request]) {
                    let Decision::Allowed { by } = *found else { continue };
                    let key = authorization.resource.kms_key(&world.scenario.world);
                    let at_home = key.is_some_and(|key| caller.account() == Some(key.arn.account()));
                    use PrincipalForm::{Account, ParentUser, Role};
                    let beyond = match by {
                        AllowedBy::KeyPolicy { form, .. } => at_home && ![Account, Role, ParentUser].contains(&form),
                        AllowedBy::Grant { .. } => {
                            world.scenario.assumptions.grants_under_boundaries == GrantsUnderBoundaries::Pass
                        }
                        AllowedBy::IdentityPolicy { .. } | AllowedBy::RootUser => false,
                    };
                    assert!(!limited || beyond, "world {}, request {request}: {found:?}", world.seed);
                    *allowed += usize::from(limited);
                }
            }
        }
    }
    assert!(allowed.iter().all(|count| *count >= 10), "{allowed:?}");
}

/// "No permissions are granted by an SCP", nor by a boundary, a session policy or an endpoint policy.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html>
#[test]
fn guardrails_never_give() {
    for world in decided_worlds(14_000, 120) {
        let after = world.after(|draft| {
            silence_keys(draft);
            silence(draft, PolicyType::IdentityPolicy);
            use PolicyType::{PermissionsBoundary, ServiceControlPolicy, SessionPolicy, VpcEndpointPolicy};
            for guardrail in [PermissionsBoundary, ServiceControlPolicy, SessionPolicy, VpcEndpointPolicy] {
                allows_everything(draft, guardrail);
            }
        });
        for (request, case) in world.requests() {
            // The root user of an account has what the account has.
            let root = matches!(case.request.caller.identity, Identity::Root(_));
            for (authorization, found) in case.request.authorizations.iter().zip(&after.as_ref().unwrap()[request]) {
                let by_the_key = matches!(authorization.resource, Resource::Key(_));
                assert!(reach(*found) < 2 || root && !by_the_key, "world {}, request {request}: {found:?}", world.seed);
            }
        }
    }
}

#[test]
fn taking_a_guardrail_away_never_denies() {
    type Take = fn(&mut WorldDraft);
    let ways: [(&str, Take); 5] = [
        ("no SCPs", |draft| set_control_policies(draft, "ServiceControlPolicies", &json!(["FullAWSAccess"]))),
        ("no RCPs", |draft| set_control_policies(draft, "ResourceControlPolicies", &json!([]))),
        ("no boundaries", |draft| remove(draft, "/principals", "", "PermissionsBoundary")),
        ("no endpoint policies", |draft| remove(draft, "/vpcEndpoints", "", "PolicyDocument")),
        ("no session policies", |draft| {
            for request in draft.0["requests"].as_array_mut().unwrap() {
                // Without a policy a federated user has nothing.
                if request["principal"].get("user").is_none()
                    && let Some(principal) = request["principal"].as_object_mut()
                {
                    principal.remove("sessionPolicies");
                }
            }
        }),
    ];
    for world in decided_worlds(15_000, 100) {
        for (name, take) in ways {
            let after = world.after(take).unwrap();
            world.compare(&after, name, |before, after| reach(after) >= reach(before));
        }
    }
}

fn remove(draft: &mut WorldDraft, list: &str, inner: &str, name: &str) {
    for place in draft.places(list) {
        let object = draft.0.pointer_mut(&format!("{place}{inner}")).unwrap();
        object.as_object_mut().unwrap().remove(name);
    }
}

/// `FullAWSAccess`, `RCPFullAWSAccess`, the default endpoint policy, and a boundary or session policy that
/// allows everything.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html>
#[test]
fn what_allows_everything_limits_nothing() {
    for world in decided_worlds(16_000, 50) {
        let levels = world.draft.levels();
        // A boundary makes `NotPrincipal` deny.
        let excepting = world.draft.0.to_string().contains("NotPrincipal");
        for place in world.attachments(&levels) {
            let after = match place {
                Attachment::ServiceControl(_) => world.after(|draft| draft.attached(place).push(allow_all())),
                Attachment::Session(request) => {
                    let caller = &world.scenario.requests[request].request.caller;
                    if caller.session.policies.is_some() || !matches!(caller.identity, Identity::RoleSession { .. }) {
                        continue;
                    }
                    world.after(|draft| _ = draft.attached(place))
                }
                Attachment::Boundary(principal) => {
                    let principal = &world.scenario.world.principals[principal];
                    if excepting || principal.permissions_boundary.is_some() {
                        continue;
                    }
                    world.after(|draft| _ = draft.attached(place))
                }
                Attachment::Endpoint(endpoint) if world.scenario.world.vpc_endpoints[endpoint].policy.is_none() => {
                    world.after(|draft| _ = draft.attached(place))
                }
                Attachment::ResourceControl(level) => world.after(|draft| {
                    let level = draft.0.pointer_mut(level).unwrap().as_object_mut().unwrap();
                    let policies = level.entry("ResourceControlPolicies").or_insert_with(|| json!([]));
                    policies.as_array_mut().unwrap().push("RCPFullAWSAccess".into());
                }),
                _ => continue,
            };
            let after = after.unwrap();
            if let Attachment::ServiceControl(_) = place {
                world.compare(&after, "one SCP more that allows", |before, after| reach(after) >= reach(before));
            } else {
                world.compare(&after, &format!("{place:?}"), |before, after| grounds(before) == grounds(after));
            }
        }
        let full = control_policy(allow_all());
        let after = world.after(|draft| {
            for level in draft.levels() {
                let level = draft.0.pointer_mut(&level).unwrap();
                match level.get("ServiceControlPolicies").cloned() {
                    None => level["ServiceControlPolicies"] = full.clone(),
                    Some(policies) => {
                        let written =
                            |policy: &Value| if policy == "FullAWSAccess" { full[0].clone() } else { policy.clone() };
                        let written: Vec<Value> = policies.as_array().unwrap().iter().map(written).collect();
                        level["ServiceControlPolicies"] = written.into();
                    }
                }
            }
        });
        world
            .compare(&after.unwrap(), "`FullAWSAccess` written out", |before, after| grounds(before) == grounds(after));
    }
}

/// A unit that has nothing attached but what Organizations attaches by itself.
#[test]
fn a_unit_in_between_changes_nothing() {
    for world in decided_worlds(17_000, 120) {
        if world.draft.0.to_string().contains("OrgPaths") {
            continue;
        }
        let after = world.after(|draft| {
            for (index, level) in draft.levels().iter().enumerate() {
                if let Some(level) = draft.0.pointer_mut(level)
                    && let Some(accounts) = level.get_mut("Accounts").map(Value::take)
                {
                    let between = json!({ "Id": format!("ou-ab12-9999999{index}"), "Accounts": accounts });
                    level["Accounts"] = json!([]);
                    let units =
                        level.as_object_mut().unwrap().entry("OrganizationalUnits").or_insert_with(|| json!([]));
                    units.as_array_mut().unwrap().push(between);
                }
            }
        });
        world.compare(&after.unwrap(), "one unit more", |before, after| grounds(before) == grounds(after));
    }
}

/// "Unless the key policy explicitly allows it, you cannot use IAM policies to allow access to a KMS key."
/// <https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html>
#[test]
fn without_the_key_policy_and_grants_iam_policies_give_nothing() {
    for world in decided_worlds(18_000, 120) {
        let after = world.after(|draft| {
            silence_keys(draft);
            allows_everything(draft, PolicyType::IdentityPolicy);
        });
        for (request, case) in world.requests() {
            for (authorization, found) in case.request.authorizations.iter().zip(&after.as_ref().unwrap()[request]) {
                let by_the_key = matches!(authorization.resource, Resource::Key(_));
                assert!(!by_the_key || reach(*found) < 2, "world {}, request {request}: {found:?}", world.seed);
            }
        }
    }
}

/// "Cross-account access requires permission in the key policy and in an IAM policy of the external account."
/// <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html>
#[test]
fn another_accounts_key_needs_both_sides() {
    let mut seen = 0;
    for world in decided_worlds(19_000, 200) {
        let after = world.after(|draft| {
            silence(draft, PolicyType::IdentityPolicy);
            for key in draft.places("/keys") {
                draft.attached(key_of(&key)).push(with_principal(allow_all()));
                for grant in draft.places(&format!("{key}/Grants")) {
                    let grant = draft.0.pointer_mut(&grant).unwrap().as_object_mut().unwrap();
                    grant.remove("IssuingAccount");
                }
            }
            draft.0.as_object_mut().unwrap().remove("assumptions");
        });
        for (request, case) in world.requests() {
            for (authorization, found) in case.request.authorizations.iter().zip(&after.as_ref().unwrap()[request]) {
                if let Resource::Key(key) = authorization.resource
                    && is_foreign(&world, request, key)
                {
                    assert!(reach(*found) < 2, "world {}, request {request}: {found:?}", world.seed);
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 100, "{seen}");
}

fn key_of(pointer: &str) -> Attachment<'static> {
    Attachment::Key(pointer.rsplit('/').next().unwrap().parse().unwrap())
}

/// Whether a user, role or session of another account asks for a key.
fn is_foreign(world: &Decided, request: usize, key: usize) -> bool {
    let caller = &world.scenario.requests[request].request.caller;
    let owner = world.scenario.world.keys[key].arn.account();
    caller.entity().is_some() && caller.account() != Some(owner)
}
