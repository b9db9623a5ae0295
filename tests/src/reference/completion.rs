//! Filling in what is unknown: every completion is decided, and the decisions are laid side by side.
//!
//! Unknown keys are filled in each for itself, also where AWS would never put two such values together
//! (`aws:CurrentTime` and `aws:EpochTime` are one time). So are grants that may not work yet.

use super::authorization::{self, Authorization, Resource};
use super::caller::Caller;
use super::candidates::{self, Open};
use super::context::{Completion, Context, View};
use super::decide::{Case, Outcome, place};
use super::derive;
use super::derive_kms;
use super::document::Document;
use super::grant::{Grant, Standing};
use super::verdict::{Decision, Refusal, Verdict};
use super::world::{Request, World};

/// So many completions are tried, and no more.
const MOST_COMPLETIONS: usize = 4_096;

/// An outcome, and the place of the authorization that it speaks of.
type Decided = (Outcome, usize);

/// The verdict on a request.
pub(super) fn verdict(world: &World, request: &Request) -> Result<Verdict, Refusal> {
    let caller = Caller::of(world, &request.caller).map_err(Refusal::Unanswerable)?;
    let authorizations = authorization::needed(world, request, &caller).map_err(Refusal::Unanswerable)?;
    let endpoint = world.endpoints.iter().find(|endpoint| Some(&endpoint.id) == request.endpoint.as_ref());
    if request.endpoint.is_some() && endpoint.is_none() {
        return Err(Refusal::Unanswerable("a VPC endpoint that is not listed"));
    }
    let contexts: Vec<Context> =
        authorizations.iter().map(|this| derive::context(world, &caller, request, this)).collect();
    let grant_tokens = authorization::grant_tokens(&request.parameters);
    let grant_requests: Vec<_> =
        authorizations.iter().map(|this| derive_kms::grant_request(&request.parameters, this)).collect();
    let actions: Vec<String> = authorizations.iter().map(|this| this.action.lower_name()).collect();
    let cases: Vec<(Case, &Context)> = authorizations
        .iter()
        .zip(&grant_requests)
        .zip(&actions)
        .zip(&contexts)
        .map(|(((authorization, grant_request), action), context)| {
            let case = Case {
                world,
                caller: &caller,
                endpoint,
                grant_tokens: &grant_tokens,
                grant_request,
                authorization,
                action,
            };
            (case, context)
        })
        .collect();

    let open_grants = open_grants(world, &authorizations, &grant_tokens);
    let open_keys = candidates::open(world, &cases, &policies(world, &caller, &cases));
    let decided = all_outcomes(world, &cases, &open_keys, &open_grants)?;
    Ok(together(&decided, &authorizations))
}

/// Every policy that takes part in one of the cases.
fn policies<'case>(
    world: &'case World,
    caller: &'case Caller,
    cases: &[(Case<'case>, &Context)],
) -> Vec<&'case Document> {
    let organization = world.organization.as_ref();
    let levels =
        |account: Option<&str>| account.and_then(|account| Some(organization?.levels(account))).unwrap_or_default();
    let mut documents: Vec<&Document> = caller.identity_policies().chain(caller.boundary()).collect();
    documents.extend(&caller.text.session_policies);
    for level in levels(caller.account()) {
        documents.extend(&level.service_control_policies);
    }
    for (case, _) in cases {
        documents.extend(case.endpoint.map(|endpoint| &endpoint.policy));
        for level in levels(case.authorization.resource.arn().map(|arn| arn.account.as_str())) {
            documents.extend(&level.resource_control_policies);
        }
        if let Resource::Key(key) = case.authorization.resource {
            documents.push(&key.policy);
        }
    }
    documents
}

/// Grants that may or may not work yet, and that could let something happen.
fn open_grants(world: &World, authorizations: &[Authorization], tokens: &[String]) -> Vec<usize> {
    let mut open: Vec<usize> = Vec::new();
    for authorization in authorizations {
        let Resource::Key(key) = authorization.resource else { continue };
        let matters = |grant: &&Grant| match authorization.grant {
            Some(to_retire) => std::ptr::eq(to_retire, *grant),
            None => grant.lists(authorization.action),
        };
        let is_open = |grant: &&Grant| grant.standing(world.time(), tokens) == Standing::Open;
        open.extend(key.grants.iter().filter(matters).filter(is_open).map(place));
    }
    open.sort_unstable();
    open.dedup();
    open
}

/// The outcomes of all completions, each kind once.
fn all_outcomes(
    world: &World,
    cases: &[(Case, &Context)],
    keys: &[Open],
    grants: &[usize],
) -> Result<Vec<Decided>, Refusal> {
    let choices: Vec<usize> = keys.iter().map(|key| key.candidates.len()).chain(grants.iter().map(|_| 2)).collect();
    let all = choices.iter().try_fold(1_usize, |product, choices| product.checked_mul(*choices));
    if all.is_none_or(|all| all > MOST_COMPLETIONS) {
        return Err(Refusal::TooMany);
    }
    let mut decided: Vec<Decided> = Vec::new();
    let mut chosen = vec![0_usize; choices.len()];
    loop {
        let picks = || chosen.iter().copied();
        let of_keys = keys.iter().zip(picks());
        let completion = Completion {
            keys: of_keys
                .filter_map(|(key, pick)| Some((key.name.clone(), key.candidates.get(pick)?.clone())))
                .collect(),
            grants: grants.iter().copied().zip(picks().skip(keys.len()).map(|pick| pick == 1)).collect(),
        };
        let outcome = decide_all(world, cases, &completion);
        if !decided.contains(&outcome) {
            decided.push(outcome);
        }
        if !next(&mut chosen, &choices) {
            return Ok(decided);
        }
    }
}

/// Goes on to the next choice, as an odometer does.
fn next(chosen: &mut [usize], choices: &[usize]) -> bool {
    for (chosen, choices) in chosen.iter_mut().zip(choices) {
        *chosen += 1;
        if *chosen < *choices {
            return true;
        }
        *chosen = 0;
    }
    false
}

/// The first authorization that is not allowed; the first of all if every one is allowed.
fn decide_all(world: &World, cases: &[(Case, &Context)], completion: &Completion) -> Decided {
    let mut first = None;
    for (position, (case, context)) in cases.iter().enumerate() {
        let outcome = case.decide(&View::new(context, completion, &world.assumptions));
        if outcome.0 != Decision::Allowed {
            return (outcome, position);
        }
        first.get_or_insert((outcome, position));
    }
    first.unwrap_or(((Decision::ImplicitDeny, None), 0))
}

/// One verdict out of all outcomes.
fn together(decided: &[Decided], authorizations: &[Authorization]) -> Verdict {
    let decisions = decided.iter().map(|((decision, _), _)| *decision);
    let some_allow = decisions.clone().any(|decision| decision == Decision::Allowed);
    let some_deny = decisions.clone().any(|decision| decision != Decision::Allowed);
    let decision = match (some_allow, some_deny) {
        (true, true) => Decision::Undetermined,
        _ => same(decisions).unwrap_or(Decision::ImplicitDeny),
    };
    let settled = decision != Decision::Undetermined;
    let policy = same(decided.iter().map(|((_, policy), _)| *policy)).flatten().filter(|_| settled);
    // Of an undetermined decision those count that are not allowed in some completion.
    let telling = decided.iter().filter(|((decision, _), _)| settled || *decision != Decision::Allowed);
    let position = same(telling.map(|(_, position)| *position));
    let action = position.and_then(|position| authorizations.get(position)).map(|authorization| authorization.action);
    Verdict { decision, policy, authorization: action.map(|action| format!("kms:{}", action.name)), position }
}

/// What all of them are, if they are all the same.
fn same<T: PartialEq>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let first = all.next()?;
    all.all(|other| other == first).then_some(first)
}
