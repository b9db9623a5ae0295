//! Who can do what with which key: every subject against every permission, and on what the rest depends.
//!
//! ```
//! use keytrace::{advise::who_can::{Cell, Subject, WhoCan}, catalog::Action, scenario};
//!
//! let text = include_str!("../../../../tests/scenarios/examples/01-default-key-policy-of-the-api.json");
//! let scenario = scenario::read(text).value.unwrap();
//! let who_can = WhoCan::new(&scenario);
//! let anyone = who_can.subjects().iter().position(|subject| matches!(subject, Subject::AnyoneElsewhere)).unwrap();
//! assert!(matches!(who_can.cell(anyone, Action::Decrypt, 0), Cell::Denied(_)));
//! ```
//!
//! Nothing is asked of the request but who makes it, for what, on which key: everything else that a policy asks for is
//! unknown, and a cell that hangs on it is [`Cell::Depends`], with the sets of it that would allow. Of subjects whose
//! IAM policies nobody told, what an IAM policy could give is such a condition too.

mod actions;
mod subject;

pub use subject::Subject;

use alloc::{boxed::Box, string::String, vec::Vec};

use self::{
    actions::Classes,
    subject::{Callers, Surveyed},
};
use crate::{
    answer::{Answer, answer},
    assumption::Assumptions,
    catalog::{Action, ConditionKeyInfo, Operation, ResourceType, find_condition_key},
    compile::CompiledWorld,
    decision::{Decision, Missing, PolicyType},
    evaluate::{Question, Told, deciding, evaluate, settle},
    explain,
    json::Span,
    request::{Authorization, Caller, ContextValue, Request, Resource, Unlisted},
    scenario::{Case, Scenario},
    trace::Silent,
    world::World,
};

/// A world, made ready to be asked for everybody.
#[derive(Clone, Debug)]
pub struct WhoCan {
    /// The world of the scenario, and behind its principals those that stand for everybody else.
    world: World,
    compiled: CompiledWorld,
    assumptions: Assumptions,
    surveyed: Vec<Surveyed>,
    classes: Classes,
    /// The condition keys that policies ask for.
    asked: Vec<(Box<str>, &'static ConditionKeyInfo)>,
}

/// Whether a subject has a permission on a key.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Yes, whatever the request carries.
    Allowed(Decision),
    /// No, whatever the request carries.
    Denied(Decision),
    /// It depends.
    Depends(Condition),
}

/// What a cell depends on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Condition {
    /// What would allow, each for itself; smaller ones first.
    pub ways: Vec<Way>,
    /// What would deny, each for itself; smaller ones first.
    pub denying: Vec<Way>,
    /// Whether these are all. They are not where the values of something unknown cannot be told apart completely, or
    /// there are too many of them.
    pub complete: bool,
}

/// What together would decide, whatever else there is.
#[derive(Clone, Debug, PartialEq)]
pub struct Way {
    /// An IAM policy of the subject allows it, which nobody told.
    pub identity_policy: bool,
    /// What the request has to carry.
    pub told: Vec<Told>,
}

/// Subjects with the same permissions, on the same conditions.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// They, as positions in [`WhoCan::subjects`].
    pub subjects: Vec<usize>,
    /// A cell for each of [`permissions`]: those of the first of them. What allows or denies the others may be
    /// something else.
    pub cells: Vec<Cell>,
}

impl Cell {
    /// Whether both come to the same on the same conditions, whatever the grounds.
    fn agrees(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Allowed(_), Self::Allowed(_)) | (Self::Denied(_), Self::Denied(_)) => true,
            (Self::Depends(one), Self::Depends(other)) => one == other,
            _ => false,
        }
    }
}

/// The permissions that there are on a key, in the order of AWS's names. Who may retire a grant the grant says, and
/// `kms:SynchronizeMultiRegionKey` is nobody's to ask for.
///
/// ```
/// use keytrace::{advise::who_can::permissions, catalog::Action};
///
/// assert!(permissions().any(|action| action == Action::Decrypt));
/// assert!(!permissions().any(|action| action == Action::CreateKey));
/// ```
pub fn permissions() -> impl Iterator<Item = Action> {
    let of_nobody = [Action::RetireGrant, Action::SynchronizeMultiRegionKey];
    Action::ALL
        .iter()
        .copied()
        .filter(move |action| action.resource() == ResourceType::Key && !of_nobody.contains(action))
}

impl WhoCan {
    /// Finds everybody whom the policies and grants of a scenario can tell apart.
    #[must_use]
    pub fn new(scenario: &Scenario) -> Self {
        let mut world = scenario.world.clone();
        let surveyed = subject::survey(&mut world);
        let compiled = CompiledWorld::new(&world);
        let classes = Classes::new(&compiled, &world);
        let asked = compiled.slots.names().filter_map(|name| Some((name.into(), find_condition_key(name)?))).collect();
        Self { world, compiled, assumptions: scenario.assumptions, surveyed, classes, asked }
    }

    /// Everybody who is asked for.
    #[must_use]
    pub fn subjects(&self) -> Vec<&Subject> {
        self.surveyed.iter().map(|one| &one.subject).collect()
    }

    /// The world, with those behind the principals of the scenario who stand for everybody else.
    #[must_use]
    pub const fn world(&self) -> &World {
        &self.world
    }

    /// Whether a subject has a permission on a key of the world; denied if there is no such subject or key.
    #[must_use]
    pub fn cell(&self, subject: usize, action: Action, key: usize) -> Cell {
        let nobody = Cell::Denied(Decision::ImplicitDeny { missing: Missing::Policy(PolicyType::KeyPolicy) });
        let Some(surveyed) = self.surveyed.get(subject) else { return nobody };
        let ask = |caller| Asked::new(self, &surveyed.subject, caller, action, key);
        match &surveyed.callers {
            Callers::Told(caller) => {
                let asked = ask(caller);
                match asked.decision {
                    Decision::Allowed { .. } => Cell::Allowed(asked.decision),
                    Decision::Undetermined { .. } => Cell::Depends(asked.condition(false)),
                    denied => Cell::Denied(denied),
                }
            }
            Callers::Untold { without, with } => {
                let bare = ask(without);
                if matches!(bare.decision, Decision::Allowed { .. }) {
                    return Cell::Allowed(bare.decision);
                }
                let full = ask(with);
                let with = match full.decision {
                    Decision::ExplicitDeny { .. } | Decision::ImplicitDeny { .. } => {
                        return Cell::Denied(full.decision);
                    }
                    Decision::Allowed { .. } => Condition::one(Way { identity_policy: true, told: Vec::new() }),
                    Decision::Undetermined { .. } => full.condition(true),
                };
                let without = match bare.decision {
                    Decision::Undetermined { .. } => bare.condition(false),
                    _ => Condition {
                        denying: [Way { identity_policy: false, told: Vec::new() }].into(),
                        complete: true,
                        ..Condition::default()
                    },
                };
                Cell::Depends(with.or(without))
            }
        }
    }

    /// Every permission of a subject on a key. Permissions that nothing tells apart are asked for once.
    #[must_use]
    pub fn row(&self, subject: usize, key: usize) -> Vec<Cell> {
        let mut known: Vec<Option<Cell>> = Vec::new();
        known.resize_with(self.classes.count(), || None);
        let cell = |action| {
            let Some(class) = known.get_mut(self.classes.of(action)) else { return self.cell(subject, action, key) };
            class.get_or_insert_with(|| self.cell(subject, action, key)).clone()
        };
        permissions().map(cell).collect()
    }

    /// Everybody on a key, those with the same permissions together, in the order of the first of them.
    #[must_use]
    pub fn rows(&self, key: usize) -> Vec<Row> {
        let mut rows: Vec<Row> = Vec::new();
        for subject in 0..self.surveyed.len() {
            let cells = self.row(subject, key);
            let agrees = |row: &&mut Row| row.cells.iter().zip(&cells).all(|(one, other)| one.agrees(other));
            match rows.iter_mut().find(agrees) {
                Some(row) => row.subjects.push(subject),
                None => rows.push(Row { subjects: [subject].into(), cells }),
            }
        }
        rows
    }

    /// What a cell on a key depends on, in words: a sentence for each way that allows, without its "if".
    ///
    /// ```
    /// use keytrace::{advise::who_can::{Cell, Subject, WhoCan}, catalog::Action, scenario};
    ///
    /// let text = include_str!("../../../../tests/scenarios/examples/01-default-key-policy-of-the-api.json");
    /// let who_can = WhoCan::new(&scenario::read(text).value.unwrap());
    /// let is_anyone = |subject: &&Subject| matches!(subject, Subject::AnyoneElseIn(_));
    /// let anyone = who_can.subjects().iter().position(is_anyone).unwrap();
    /// let Cell::Depends(condition) = who_can.cell(anyone, Action::Decrypt, 0) else { panic!() };
    /// assert_eq!(who_can.in_words(&condition, 0), ["an IAM policy of theirs allows it"]);
    /// ```
    #[must_use]
    pub fn in_words(&self, condition: &Condition, key: usize) -> Vec<String> {
        explain::deciding::ways(&condition.ways, key, &self.world, &self.compiled)
    }

    /// The trace behind a cell: the request with nothing known but what is told here, answered. Of a subject whose IAM
    /// policies nobody told, with or without one that allows everything.
    #[must_use]
    pub fn answer(&self, subject: usize, action: Action, key: usize, way: &Way) -> Option<Answer> {
        answer(&self.witness(subject, action, key, way)?, 0)
    }

    /// The request behind a cell, in its world.
    #[must_use]
    pub fn witness(&self, subject: usize, action: Action, key: usize, way: &Way) -> Option<Scenario> {
        let surveyed = self.surveyed.get(subject)?;
        let caller = match &surveyed.callers {
            Callers::Told(caller) => caller,
            Callers::Untold { with, .. } if way.identity_policy => with,
            Callers::Untold { without, .. } => without,
        };
        let mut request = self.request(&surveyed.subject, caller, action, key);
        for told in &way.told {
            if let Told::Key { name, value } = told {
                request.given.retain(|(given, _)| !given.eq_ignore_ascii_case(name));
                request.given.push((name.clone(), value.clone()));
            }
        }
        Some(Scenario {
            title: None,
            doc: None,
            standing: None,
            notes: None,
            world: self.world.clone(),
            requests: [Case { request, expect: None }].into(),
            assumptions: self.assumptions,
        })
    }

    fn request(&self, subject: &Subject, caller: &Caller, action: Action, key: usize) -> Request {
        let region = self.world.keys.get(key).map(|key| key.arn.region().into());
        let on_key = Authorization { action, resource: Resource::Key(key), request_alias: None, region, fault: None };
        Request {
            span: Span::default(),
            caller: caller.clone(),
            operation: Operation::Of(action),
            authorizations: [on_key].into(),
            parameters: Vec::new(),
            via: None,
            vpc_endpoint: None,
            now: None,
            given: self.unknown(subject, action, key),
            unlisted: Unlisted::Unknown,
        }
    }

    /// What nobody knows of such a request: all that policies and the grants on the key ask for, that requests of the
    /// action can carry, and that does not follow from who asks and of which key.
    fn unknown(&self, subject: &Subject, action: Action, key: usize) -> Vec<(Box<str>, ContextValue)> {
        let open =
            |(name, info): &&(Box<str>, &ConditionKeyInfo)| info.carried_by.contains(action) && !subject.settles(name);
        let asked = self.asked.iter().filter(open).map(|(name, _)| name.clone());
        let grants = self.world.keys.get(key).into_iter().flat_map(|key| &key.grants);
        let constraints = grants.filter_map(|grant| grant.constraints.encryption_context.as_ref());
        let pairs = constraints.flat_map(|constraint| constraint.pairs());
        let pairs = pairs.map(|(name, _)| alloc::format!("kms:EncryptionContext:{name}"));
        let carries = |name: &String| find_condition_key(name).is_some_and(|info| info.carried_by.contains(action));
        let pairs = pairs.filter(carries).map(Box::from);
        let mut all: Vec<(Box<str>, ContextValue)> = Vec::new();
        for name in asked.chain(pairs) {
            if !all.iter().any(|(other, _)| *other == name) {
                all.push((name, ContextValue::Unknown));
            }
        }
        all
    }
}

impl Condition {
    fn one(way: Way) -> Self {
        Self { ways: [way].into(), denying: Vec::new(), complete: true }
    }

    /// With an IAM policy or without: what allows without one allows with one, and the other way round for denials.
    fn or(mut self, without: Self) -> Self {
        self.ways.retain(|way| !without.ways.iter().any(|other| way.contains(other)));
        self.ways.extend(without.ways);
        self.denying.iter_mut().for_each(|way| way.identity_policy = false);
        for way in without.denying {
            if !self.denying.iter().any(|other| way.contains(other)) {
                self.denying.push(way);
            }
        }
        let size = |way: &Way| way.told.len() + usize::from(way.identity_policy);
        self.ways.sort_by_key(size);
        self.denying.sort_by_key(size);
        self.complete &= without.complete;
        self
    }
}

impl Way {
    /// Whether it asks for all that the other asks for.
    fn contains(&self, other: &Self) -> bool {
        (self.identity_policy || !other.identity_policy) && other.told.iter().all(|told| self.told.contains(told))
    }
}

/// A request that was decided.
struct Asked<'w> {
    who_can: &'w WhoCan,
    request: Request,
    decision: Decision,
}

impl<'w> Asked<'w> {
    fn new(who_can: &'w WhoCan, subject: &Subject, caller: &Caller, action: Action, key: usize) -> Self {
        let request = who_can.request(subject, caller, action, key);
        let decide = |question: &Question<'_>| {
            settle(&who_can.compiled, question, evaluate(&who_can.compiled, question, &mut Silent))
        };
        let nobody = Decision::ImplicitDeny { missing: Missing::Policy(PolicyType::KeyPolicy) };
        let decision = who_can.question(&request, decide).unwrap_or(nobody);
        Self { who_can, request, decision }
    }

    fn condition(&self, identity_policy: bool) -> Condition {
        let sets =
            self.who_can.question(&self.request, |question| deciding(&self.who_can.compiled, question)).flatten();
        let way = |told| Way { identity_policy, told };
        match sets {
            Some(sets) => Condition {
                ways: sets.allowing.into_iter().map(way).collect(),
                denying: sets.denying.into_iter().map(way).collect(),
                complete: true,
            },
            None => Condition::default(),
        }
    }
}

impl WhoCan {
    fn question<T>(&self, request: &Request, ask: impl FnOnce(&Question<'_>) -> T) -> Option<T> {
        let authorization = request.authorizations.first()?;
        let context = request.context(authorization, &self.world, &self.assumptions);
        let question = Question::new(request, authorization, &context, &self.world, &self.compiled, self.assumptions);
        Some(ask(&question))
    }
}
