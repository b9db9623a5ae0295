//! Two evaluators that share nothing agree on worlds that nobody wrote.
//!
//! A million requests and more: `WORLDS=100000 cargo test --profile bench -p keytrace-tests --test differential`.
//! One world again: `WORLD=4711 cargo test -p keytrace-tests --test differential`.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may stop at the first surprise"
)]

use std::{
    fmt::Write,
    sync::atomic::{AtomicU64, Ordering},
    thread,
};

use keytrace::{
    Answer,
    decision::{AllowedBy, Decision, Match, Missing, PolicyType},
    scenario::{self, DecisionName},
};
use keytrace_tests::{
    reference::{Reference, Refusal},
    worlds,
};

/// What an evaluator says: the decision, who allowed, denied or was missing, and on which permission.
type Opinion = (String, Option<&'static str>, Option<String>);

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

/// What was compared, and what differed.
#[derive(Default)]
struct Tally {
    requests: u64,
    by_decision: [u64; 4],
    too_many: u64,
    left_open: u64,
    differences: u64,
    told: String,
}

impl Tally {
    fn add(&mut self, other: Tally) {
        self.requests += other.requests;
        self.too_many += other.too_many;
        self.left_open += other.left_open;
        self.differences += other.differences;
        self.told += &other.told;
        for (sum, count) in self.by_decision.iter_mut().zip(other.by_decision) {
            *sum += count;
        }
    }
}

#[test]
fn both_evaluators_agree() {
    let only = number("WORLD");
    let (first, count) = only.map_or((0, number("WORLDS").unwrap_or(1_500)), |seed| (seed, 1));
    let next = AtomicU64::new(first);
    let work = || {
        let mut tally = Tally::default();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= first + count {
                return tally;
            }
            tally.add(compare(seed, only.is_some()));
        }
    };
    let mut all = Tally::default();
    thread::scope(|scope| {
        let cores = thread::available_parallelism().map_or(1, Into::into);
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        workers.into_iter().for_each(|worker| all.add(worker.join().unwrap()));
    });
    println!(
        "{} requests of {count} worlds: {} allowed, {} explicitly denied, {} implicitly denied, {} undetermined; {} left open that are not, {} with too many unknowns to try",
        all.requests,
        all.by_decision[0],
        all.by_decision[1],
        all.by_decision[2],
        all.by_decision[3],
        all.left_open,
        all.too_many
    );
    assert_eq!(all.differences, 0, "\n{}", all.told.chars().take(8_000).collect::<String>());
    assert!(all.left_open * 2_000 < all.requests, "the first evaluator leaves too much open");
    assert!(all.too_many * 20 < all.requests, "the second evaluator gives up too often");
}

fn compare(seed: u64, show: bool) -> Tally {
    let world = worlds::world(seed);
    let text = serde_json::to_string_pretty(&world).unwrap();
    if show {
        println!("{text}");
    }
    let reading = scenario::read(&text);
    let Some(scenario) = reading.value else { panic!("world {seed} is refused: {:?}", reading.problems.first()) };
    let reference = Reference::read(&world).unwrap();
    let mut tally = Tally::default();
    for request in 0..scenario.requests.len() {
        let answer = keytrace::answer(&scenario, request).unwrap();
        let found = opinion(&scenario, request, &answer);
        tally.requests += 1;
        tally.by_decision[DecisionName::from(answer.decision) as usize] += 1;
        let expected: Opinion = match reference.decide(request) {
            Ok(verdict) => (verdict.decision.name().into(), verdict.policy, verdict.authorization),
            Err(Refusal::TooMany) => {
                tally.too_many += 1;
                continue;
            }
            Err(Refusal::Unanswerable(why)) => panic!("world {seed}, request {request}: {why}"),
        };
        // What two unknown values are to each other, and what they come to in several authorizations together, is
        // left open by the first evaluator: seldom, and never the other way round.
        if matches!(answer.decision, Decision::Undetermined { .. }) && expected.0 != "Undetermined" {
            tally.left_open += 1;
            continue;
        }
        if !alike(&answer, &found, &expected) {
            tally.differences += 1;
            let _ = writeln!(tally.told, "world {seed}, request {request}: first {found:?}, second {expected:?}");
        }
    }
    tally
}

/// Where something is unknown, whether a denial is explicit and who denies can differ from one completion to
/// the next: there only allowed, denied or undetermined counts.
fn alike(answer: &Answer, found: &Opinion, expected: &Opinion) -> bool {
    let open = answer.authorizations.iter().any(|authorized| {
        let statements = authorized.trace.policies.iter().flat_map(|policy| &policy.statements);
        statements.into_iter().any(|statement| statement.outcome == Match::Depends)
            || authorized.trace.grants.iter().any(|grant| grant.outcome == Match::Depends)
    });
    let kind = |decision: &str| decision.trim_start_matches("Explicit").trim_start_matches("Implicit").to_string();
    if open || expected.1.is_none() { kind(&found.0) == kind(&expected.0) } else { found == expected }
}

fn opinion(scenario: &scenario::Scenario, request: usize, answer: &Answer) -> Opinion {
    let policy = match answer.decision {
        Decision::Allowed { by } => match by {
            AllowedBy::KeyPolicy { .. } => Some("key policy"),
            AllowedBy::IdentityPolicy { .. } => Some("identity policy"),
            AllowedBy::Grant { .. } => Some("grant"),
            AllowedBy::RootUser => None,
        },
        Decision::ExplicitDeny { policy_type, .. } => Some(word(policy_type)),
        Decision::ImplicitDeny { missing } => Some(match missing {
            Missing::CrossAccountOperation => "cross-account operation",
            Missing::SamePartition => "same partition",
            Missing::Policy(policy_type) => word(policy_type),
        }),
        Decision::Undetermined { .. } => None,
    };
    let deciding = scenario.requests[request].request.authorizations[answer.deciding].action;
    (DecisionName::from(answer.decision).as_str().into(), policy, Some(deciding.iam_name().into()))
}

const fn word(policy_type: PolicyType) -> &'static str {
    match policy_type {
        PolicyType::ResourceControlPolicy => "resource control policy",
        PolicyType::ServiceControlPolicy => "service control policy",
        PolicyType::VpcEndpointPolicy => "VPC endpoint policy",
        PolicyType::KeyPolicy => "key policy",
        PolicyType::Grant => "grant",
        PolicyType::IdentityPolicy => "identity policy",
        PolicyType::PermissionsBoundary => "permissions boundary",
        PolicyType::SessionPolicy => "session policy",
    }
}
