//! What becomes of the requests of a world, before and after an edit.

use keytrace::{
    decision::{AllowedBy, Decision, GrantId, Missing, PolicyId, StatementId},
    scenario::{Case, DecisionName, Scenario},
};

use super::WorldDraft;
use crate::silent;

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
