use keytrace::{
    Answer,
    compile::CompiledWorld,
    decision::Decision,
    evaluate::{Question, evaluate, settle},
    problem::Reading,
    scenario::{self, Scenario},
    trace::Silent,
};

use crate::{ExpectedProblem, File};

/// A file of the corpus, read once and each of its requests answered once.
pub struct Run<'f> {
    /// The file.
    pub file: &'f File,
    /// What it reads as.
    pub reading: Reading<Scenario>,
    /// The problems that it is there to have; `None` if it is there to be answered.
    pub expected_problems: Option<Vec<ExpectedProblem>>,
    /// An answer to each request; none if it is there to be refused.
    pub answers: Vec<Answer>,
}

impl<'f> Run<'f> {
    /// Reads and answers.
    #[must_use]
    pub fn new(file: &'f File) -> Self {
        let reading = scenario::read(&file.text);
        let expected_problems = file.expected_problems();
        let scenario = reading.value.as_ref().filter(|_| expected_problems.is_none());
        let answers = scenario
            .into_iter()
            .flat_map(|scenario| (0..scenario.requests.len()).filter_map(|index| keytrace::answer(scenario, index)));
        let answers = answers.collect();
        Self { file, reading, expected_problems, answers }
    }

    /// The scenario, if it is there to be answered.
    #[must_use]
    pub fn scenario(&self) -> Option<&Scenario> {
        self.reading.value.as_ref().filter(|_| self.expected_problems.is_none())
    }

    /// What came out other than expected, a line each; nothing if all is as it should be.
    #[must_use]
    pub fn mismatches(&self) -> Vec<String> {
        let problems = &self.reading.problems;
        if let Some(expected) = &self.expected_problems {
            let found = |expected: &&ExpectedProblem| {
                problems.iter().any(|problem| {
                    problem.code.as_str() == expected.code
                        && expected.pointer.as_ref().is_none_or(|pointer| *pointer == problem.pointer)
                })
            };
            let missed = expected.iter().filter(|problem| !found(problem));
            let seen: Vec<String> =
                problems.iter().map(|problem| format!("{} at {}", problem.code, problem.pointer)).collect();
            return missed.map(|problem| format!("expected {problem:?}, found {seen:?}")).collect();
        }
        let Some(scenario) = self.scenario() else {
            return problems.iter().map(|problem| format!("refused: {problem} ({})", problem.pointer)).collect();
        };
        let mut lines = Vec::new();
        for (index, (case, answer)) in scenario.requests.iter().zip(&self.answers).enumerate() {
            let Some(expect) = &case.expect else {
                lines.push(format!("request {index} expects nothing"));
                continue;
            };
            for mismatch in expect.mismatches(scenario, index, answer) {
                let (what, expected, found) = (mismatch.what, mismatch.expected, mismatch.found);
                lines.push(format!("request {index}: {what}: expected `{expected}`, found `{found}`"));
            }
        }
        lines
    }

    /// The requests that come to something else when nobody watches.
    #[must_use]
    pub fn watched_otherwise(&self) -> Vec<usize> {
        let Some(scenario) = self.scenario() else { return Vec::new() };
        let same = |index: usize, answer: &Answer| {
            let watched = answer.authorizations.iter().map(|authorized| authorized.decision);
            watched.eq(silent(scenario, index))
        };
        self.answers
            .iter()
            .enumerate()
            .filter(|(index, answer)| !same(*index, answer))
            .map(|(index, _)| index)
            .collect()
    }
}

/// What each authorization of a request comes to when nobody watches.
#[must_use]
pub fn silent(scenario: &Scenario, request: usize) -> Vec<Decision> {
    let Some(request) = scenario.requests.get(request).map(|case| &case.request) else { return Vec::new() };
    let (world, assumptions) = (&scenario.world, scenario.assumptions);
    let compiled = CompiledWorld::new(world);
    let decide = |authorization| {
        let context = request.context(authorization, world, &assumptions);
        let question = Question::new(request, authorization, &context, world, &compiled, assumptions);
        settle(&compiled, &question, evaluate(&compiled, &question, &mut Silent))
    };
    request.authorizations.iter().map(decide).collect()
}
