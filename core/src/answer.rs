use alloc::{boxed::Box, vec::Vec};

use crate::{
    arn::{AccountId, Arn},
    assumption::{Assumption, Assumptions},
    check::{self, ErrorName, KmsError},
    compile::CompiledWorld,
    decision::{Answers, Decision, Situation, decide},
    evaluate::{self, Deciding, Question},
    explain::{self, Explanation},
    request::{Authorization, Request, RequestContext},
    scenario::Scenario,
    trace::{Reason, Silent, Trace, Watcher},
    undetermined,
    world::World,
};

/// What becomes of a request: its decision, how it came about, the error that the caller gets, and all of
/// that in words.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Whether it is authorized: the decision of the authorization that settles it.
    pub decision: Decision,
    /// Which one that is: the first that is denied, else the first that is undetermined, else the first.
    pub deciding: usize,
    /// Every permission that the operation takes, in the order of the request.
    pub authorizations: Vec<Authorized>,
    /// The error that KMS answers with; `None` if it does what was asked, or nobody knows.
    pub error: Option<KmsError>,
    /// What AWS does not document and the verdict rests on: read the other way, it would be another.
    pub assumptions: Vec<Assumption>,
    /// In words.
    pub explanation: Explanation,
}

/// One permission that an operation takes, decided.
#[derive(Clone, Debug)]
pub struct Authorized {
    /// The decision.
    pub decision: Decision,
    /// Who stands where.
    pub situation: Situation,
    /// What the policies of each type said.
    pub answers: Answers,
    /// How it came about.
    pub trace: Trace,
    /// The request context.
    pub context: RequestContext,
    /// The condition keys that an undetermined decision hangs on, in the order of evaluation.
    pub hangs_on: Vec<Box<str>>,
    /// What would decide an undetermined decision; `None` also where too much is unknown to try all of it.
    pub would_decide: Option<Deciding>,
}

/// Decides one request of a scenario, watched; `None` if it has no request of that number.
#[must_use]
pub fn answer(scenario: &Scenario, request: usize) -> Option<Answer> {
    let asked = &scenario.requests.get(request)?.request;
    let compiled = CompiledWorld::new(&scenario.world);
    let watch = |authorization| authorized(scenario, asked, authorization, &compiled);
    let authorizations: Vec<Authorized> = asked.authorizations.iter().map(watch).collect();
    let deciding = deciding(authorizations.iter().map(|authorized| authorized.decision));
    let decision = authorizations.get(deciding)?.decision;
    let error = error(deciding, decision, asked, &scenario.world, &scenario.assumptions);
    let assumptions = rests_on(scenario, asked, &compiled, decision, error.as_ref());
    let explanation = Explanation::default();
    let mut answer = Answer { decision, deciding, authorizations, error, assumptions, explanation };
    answer.explanation = explain::explain(scenario, asked, &compiled, &answer);
    Some(answer)
}

impl Answer {
    /// Whether a reason occurs in the trace of any of its authorizations.
    #[must_use]
    pub fn has(&self, reason: Reason) -> bool {
        self.authorizations.iter().any(|authorized| authorized.trace.has(reason))
    }
}

fn authorized(
    scenario: &Scenario,
    request: &Request,
    authorization: &Authorization,
    compiled: &CompiledWorld,
) -> Authorized {
    let world = &scenario.world;
    let context = request.context(authorization, world, &scenario.assumptions);
    let question = Question::new(request, authorization, &context, world, compiled, scenario.assumptions);
    let mut watcher = Watcher::default();
    let answers = evaluate::answers(compiled, &question, &mut watcher);
    let decision = decide(question.situation(), &answers, &scenario.assumptions);
    let decision = evaluate::settle(compiled, &question, decision);
    let trace = watcher.into_trace();
    let hangs_on = undetermined::hangs_on(world, decision, question.situation(), &answers, &trace, &context);
    let open = matches!(decision, Decision::Undetermined { .. });
    let would_decide = if open { evaluate::deciding(compiled, &question) } else { None };
    Authorized { decision, situation: question.situation(), answers, trace, context, hangs_on, would_decide }
}

/// The authorization that settles a request: one that is denied settles it, whatever becomes of the others.
fn deciding(decisions: impl Iterator<Item = Decision>) -> usize {
    let rank = |decision| match decision {
        Decision::ExplicitDeny { .. } | Decision::ImplicitDeny { .. } => 0,
        Decision::Undetermined { .. } => 1,
        Decision::Allowed { .. } => 2,
    };
    decisions.map(rank).enumerate().min_by_key(|(_, rank)| *rank).map_or(0, |(index, _)| index)
}

/// The decision of a request as a whole, unwatched, and which authorization settles it.
fn settled(
    request: &Request,
    world: &World,
    compiled: &CompiledWorld,
    assumptions: &Assumptions,
) -> Option<(usize, Decision)> {
    let decide = |authorization: &Authorization| {
        let context = request.context(authorization, world, assumptions);
        let question = Question::new(request, authorization, &context, world, compiled, *assumptions);
        evaluate::settle(compiled, &question, evaluate::evaluate(compiled, &question, &mut Silent))
    };
    let decisions: Vec<Decision> = request.authorizations.iter().map(decide).collect();
    let deciding = deciding(decisions.iter().copied());
    decisions.get(deciding).map(|decision| (deciding, *decision))
}

/// The decision of a request as a whole, unwatched.
pub(crate) fn decision(
    request: &Request,
    world: &World,
    compiled: &CompiledWorld,
    assumptions: &Assumptions,
) -> Option<Decision> {
    settled(request, world, compiled, assumptions).map(|(_, decision)| decision)
}

/// What KMS answers with. Nobody knows how an undetermined request ends.
fn error(
    deciding: usize,
    decision: Decision,
    request: &Request,
    world: &World,
    assumptions: &Assumptions,
) -> Option<KmsError> {
    match decision {
        Decision::Undetermined { .. } => None,
        Decision::Allowed { .. } => check::outcome(request, world, assumptions).err(),
        Decision::ExplicitDeny { .. } | Decision::ImplicitDeny { .. } => {
            let authorization = request.authorizations.get(deciding)?;
            let owner = Arn::parse(authorization.resource.arn(world)).and_then(|arn| AccountId::parse(arn.account));
            let foreign = owner.is_some_and(|owner| Some(owner) != request.caller.account());
            if matches!(decision, Decision::ImplicitDeny { .. })
                && let Some(error) = check::unseen(request, authorization, foreign)
            {
                return Some(error);
            }
            let message = explain::access_denied(request, authorization, decision, world)?;
            Some(KmsError::new(ErrorName::AccessDenied, message))
        }
    }
}

/// The assumptions whose other reading would make another decision or another error.
fn rests_on(
    scenario: &Scenario,
    request: &Request,
    compiled: &CompiledWorld,
    decided: Decision,
    found: Option<&KmsError>,
) -> Vec<Assumption> {
    let kind = core::mem::discriminant::<Decision>;
    let matters = |assumption: &Assumption| {
        let changed = !scenario.assumptions.is_changed(*assumption);
        let other = scenario.assumptions.with(*assumption, changed);
        let Some((deciding, decision)) = settled(request, &scenario.world, compiled, &other) else { return false };
        let error = error(deciding, decision, request, &scenario.world, &other);
        kind(&decision) != kind(&decided) || error.map(|error| error.name) != found.map(|found| found.name)
    };
    Assumption::ALL.iter().copied().filter(matters).collect()
}
