use alloc::vec::Vec;

use super::{
    Scenario, Standing, fields::Fields, keys, organization, principals, requests, requests::Surroundings,
    vpc_endpoints, world,
};
use crate::{
    assumption::{Assumption, Assumptions},
    json::{self, Kind, Path, Source, Value},
    problem::{Code, Problems, Reading},
    world::World,
};

/// The version of the format that this program reads.
pub const VERSION: &str = "1";

const FIELDS: &[&str] = &[
    "$schema",
    "keytrace",
    "title",
    "doc",
    "standing",
    "notes",
    "now",
    "organization",
    "principals",
    "keys",
    "vpcEndpoints",
    "requests",
    "assumptions",
    "expectProblems",
];

/// Reads a scenario.
///
/// ```
/// let reading = keytrace::scenario::read(r#"{"keytrace": 1, "keys": [], "requsts": []}"#);
/// assert!(reading.value.is_none());
/// let problem = &reading.problems[0];
/// assert_eq!((problem.pointer.as_str(), problem.line, problem.column), ("/requsts", 1, 29));
/// ```
#[must_use]
pub fn read(text: &str) -> Reading<Scenario> {
    read_as(Purpose::Scenario, text)
}

/// Reads a scenario that needs no request: a world that is to live, or of which everybody is asked.
///
/// ```
/// let reading = keytrace::scenario::read_world(r#"{"keytrace": 1, "keys": []}"#);
/// assert!(reading.value.unwrap().requests.is_empty());
/// ```
#[must_use]
pub fn read_world(text: &str) -> Reading<Scenario> {
    read_as(Purpose::World, text)
}

/// Reads a world with the request that is made of it: its ciphertexts are those of the world, so they name a key.
pub(crate) fn read_call(text: &str) -> Reading<Scenario> {
    read_as(Purpose::Call, text)
}

/// What a scenario is read for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Scenario,
    World,
    Call,
}

fn read_as(purpose: Purpose, text: &str) -> Reading<Scenario> {
    let mut problems = Problems::new(text);
    let value = json::parse(&Source::plain(text), &mut problems);
    let scenario = value.and_then(|value| scenario(&value, purpose, &mut problems));
    problems.with(scenario)
}

fn scenario(value: &Value, purpose: Purpose, problems: &mut Problems<'_>) -> Option<Scenario> {
    let fields = Fields::of(value, FIELDS, &Path::Root, problems)?;
    match fields.required("keytrace", VERSION, problems).map(|version| &version.kind) {
        Some(Kind::Number(number)) if &**number == VERSION => {}
        None => {}
        Some(_) => {
            fields.invalid("keytrace", alloc::format!("this program reads version `{VERSION}` of the format"), problems)
        }
    }
    let standings =
        [("documented", Standing::Documented), ("observed", Standing::Observed), ("inferred", Standing::Inferred)];
    let organization = fields.get("organization").filter(|value| value.kind != Kind::Null);
    let mut world = World {
        principals: fields.list("principals", problems, principals::principal),
        keys: fields.list("keys", problems, keys::key),
        organization: organization.and_then(|value| organization::organization(value, problems)),
        vpc_endpoints: fields.list("vpcEndpoints", problems, vpc_endpoints::vpc_endpoint),
        session_policies: Vec::new(),
    };
    world::check(&world, problems);
    let now = fields.text("now", problems);
    if let Some(now) = now.filter(|now| crate::policy::value::date(now).is_none()) {
        fields.invalid("now", alloc::format!("`{now}` is no time; write one such as `2026-11-23T12:00:00Z`"), problems);
    }
    let mut sessions = Vec::new();
    let surroundings = Surroundings { world: &world, keys: fields.get("keys"), now, lives: purpose == Purpose::Call };
    let requests = fields.list("requests", problems, |value, path, problems| {
        requests::case(value, &surroundings, &mut sessions, path, problems)
    });
    world.session_policies = sessions;
    let needed = purpose != Purpose::World;
    if needed
        && requests.is_empty()
        && fields.get("requests").is_none_or(|list| list.as_array().is_some_and(<[_]>::is_empty))
    {
        let message = "a scenario needs a request: `\"requests\": [{\"principal\": \"…\", \"operation\": \"Decrypt\", \"parameters\": {\"KeyId\": \"…\"}}]`";
        let span = fields.get("requests").map_or(value.span, |list| list.span);
        problems.push(Code::MissingField, span, &Path::Root.member("requests"), message);
    }
    Some(Scenario {
        title: fields.text("title", problems).map(Into::into),
        doc: fields.text("doc", problems).map(Into::into),
        standing: fields.word("standing", &standings, problems),
        notes: fields.text("notes", problems).map(Into::into),
        assumptions: fields.get("assumptions").map_or_else(Assumptions::default, |value| assumptions(value, problems)),
        world,
        requests,
    })
}

fn assumptions(value: &Value, problems: &mut Problems<'_>) -> Assumptions {
    let known: Vec<&str> = Assumption::ALL.iter().map(|assumption| assumption.name()).collect();
    let path = Path::Root;
    let path = path.member("assumptions");
    let mut assumptions = Assumptions::default();
    let Some(fields) = Fields::of(value, &known, &path, problems) else { return assumptions };
    for &assumption in Assumption::ALL {
        let Some(written) = fields.get(assumption.name()) else { continue };
        let [first, second] = assumption.words();
        // Two of the words are Booleans, and written as such.
        let word = match &written.kind {
            Kind::Bool(true) => Some("true"),
            Kind::Bool(false) => Some("false"),
            Kind::String(text) if !matches!(&**text, "true" | "false") => Some(&**text),
            _ => None,
        };
        match word {
            Some(word) if word == first || word == second => {
                assumptions = assumptions.with(assumption, word == second);
            }
            _ => {
                let message = alloc::format!("`{first}` or `{second}` was expected");
                fields.invalid(assumption.name(), message, problems);
            }
        }
    }
    assumptions
}
