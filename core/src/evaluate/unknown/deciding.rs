//! The smallest sets of unknowns that decide.

use alloc::{boxed::Box, collections::BTreeMap, vec::Vec};

use super::{Question, Unknowns};
use crate::{compile::CompiledWorld, decision::Decision, evaluate::evaluate, request::ContextValue, trace::Silent};

/// Something unknown, told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// A condition key has this value, or is not there.
    Key {
        /// Its name.
        name: Box<str>,
        /// One value of those that the policies do not tell apart.
        value: ContextValue,
    },
    /// A young or deleted grant is in effect, or is not.
    Grant {
        /// Its position among the grants of the key.
        position: usize,
        /// Whether it is.
        in_effect: bool,
    },
}

/// What would decide an undetermined decision: sets of unknowns that each suffice, whatever the others are, and of
/// which no part would.
///
/// Of values that no policy tells apart, one stands for all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deciding {
    /// Those that allow, smaller ones first.
    pub allowing: Vec<Vec<Told>>,
    /// Those that deny, smaller ones first.
    pub denying: Vec<Vec<Told>>,
}

/// Larger sets are not looked for: nobody could follow them.
const LARGEST: usize = 3;

/// More sets on one side are not told.
const MOST: usize = 24;

/// What would decide; `None` if something unknown has values that cannot be told apart completely, or there are too
/// many ways to fill in what is unknown.
///
/// ```
/// use keytrace::{compile::CompiledWorld, evaluate::{Question, Told, deciding}, request::ContextValue, scenario};
///
/// let text = r#"{"keytrace": 1,
///     "keys": [{"KeyMetadata": {"Arn": "arn:aws:kms:us-west-2:111122223333:key/1"}, "Policy": {
///         "Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt",
///         "Resource": "*", "Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}}}}],
///     "principals": [{"Arn": "arn:aws:iam::111122223333:user/Ann"}],
///     "requests": [{"principal": "arn:aws:iam::111122223333:user/Ann", "operation": "Decrypt",
///         "parameters": {"KeyId": "1"}, "unknown": ["aws:SourceVpce"]}]}"#;
/// let scenario = scenario::read(text).value.unwrap();
/// let compiled = CompiledWorld::new(&scenario.world);
/// let request = &scenario.requests[0].request;
/// let authorization = &request.authorizations[0];
/// let context = request.context(authorization, &scenario.world, &scenario.assumptions);
/// let question =
///     Question::new(request, authorization, &context, &scenario.world, &compiled, scenario.assumptions);
///
/// let sets = deciding(&compiled, &question).unwrap();
/// let told = Told::Key { name: "aws:SourceVpce".into(), value: ContextValue::one("vpce-1a2b3c4d") };
/// assert_eq!(sets.allowing, [[told]]);
/// assert_eq!(sets.denying.len(), 2); // another endpoint, or none
/// ```
#[must_use]
pub fn deciding(compiled: &CompiledWorld, question: &Question<'_>) -> Option<Deciding> {
    let unknowns = Unknowns::of(compiled, question)?;
    let completions = unknowns.completions(compiled, question)?;
    let places = unknowns.keys.len() + unknowns.grants.len();
    let mut found = Deciding::default();
    for size in 0..=LARGEST.min(places) {
        for subset in subsets(places, size) {
            let mut groups: BTreeMap<Vec<usize>, Option<bool>> = BTreeMap::new();
            for (turns, allowed) in &completions {
                let chosen: Vec<usize> = subset.iter().filter_map(|place| turns.get(*place).copied()).collect();
                groups
                    .entry(chosen)
                    .and_modify(|agreed| *agreed = agreed.filter(|agreed| agreed == allowed))
                    .or_insert(Some(*allowed));
            }
            for (chosen, agreed) in groups {
                let Some(allowed) = agreed else { continue };
                let side = if allowed { &mut found.allowing } else { &mut found.denying };
                let told: Vec<Told> =
                    subset.iter().zip(&chosen).filter_map(|(place, at)| unknowns.told(*place, *at)).collect();
                let contained = side.iter().any(|smaller| smaller.iter().all(|one| told.contains(one)));
                if !contained && side.len() < MOST {
                    side.push(told);
                }
            }
        }
    }
    Some(found)
}

impl Unknowns {
    /// Every way to fill in what is unknown, and whether it is allowed then; `None` if one is still open.
    fn completions(&self, compiled: &CompiledWorld, question: &Question<'_>) -> Option<Vec<(Vec<usize>, bool)>> {
        let counts: Vec<usize> = self.keys.iter().map(|(.., values)| values.len()).collect();
        let counts: Vec<usize> = counts.into_iter().chain(self.grants.iter().map(|_| 2)).collect();
        let mut filled = question.clone();
        let mut turns: Vec<(usize, usize)> = counts.iter().map(|count| (0, *count)).collect();
        let mut all = Vec::new();
        loop {
            self.fill(&turns, question, &mut filled);
            let allowed = match evaluate(compiled, &filled, &mut Silent) {
                Decision::Undetermined { .. } => return None,
                Decision::Allowed { .. } => true,
                Decision::ExplicitDeny { .. } | Decision::ImplicitDeny { .. } => false,
            };
            all.push((turns.iter().map(|(at, _)| *at).collect(), allowed));
            if !super::turn(&mut turns) {
                return Some(all);
            }
        }
    }

    fn told(&self, place: usize, at: usize) -> Option<Told> {
        if let Some((_, name, values)) = self.keys.get(place) {
            return Some(Told::Key { name: name.clone(), value: values.get(at)?.clone() });
        }
        let position = *self.grants.get(place.checked_sub(self.keys.len())?)?;
        Some(Told::Grant { position, in_effect: at == 1 })
    }
}

/// Every choice of so many of the first `count` numbers, each in ascending order.
fn subsets(count: usize, size: usize) -> Vec<Vec<usize>> {
    let mut all = Vec::from([Vec::new()]);
    for _ in 0..size {
        let longer = |subset: &Vec<usize>| {
            let next = subset.last().map_or(0, |last| last + 1);
            (next..count).map(|place| subset.iter().copied().chain([place]).collect()).collect::<Vec<_>>()
        };
        all = all.iter().flat_map(longer).collect();
    }
    all
}
