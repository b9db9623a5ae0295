use super::{Scenario, Standing, fields::Fields, requests, world};
use crate::{
    assumption::{Assumptions, SeveralValues, Spoils},
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
    "principals",
    "keys",
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
    let mut problems = Problems::new(text);
    let value = json::parse(&Source::plain(text), &mut problems);
    let scenario = value.and_then(|value| scenario(&value, &mut problems));
    problems.with(scenario)
}

fn scenario(value: &Value, problems: &mut Problems<'_>) -> Option<Scenario> {
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
    let world = World {
        principals: fields.list("principals", problems, world::principal),
        keys: fields.list("keys", problems, world::key),
    };
    world::check(&world, problems);
    let now = fields.text("now", problems);
    if let Some(now) = now.filter(|now| crate::policy::value::date(now).is_none()) {
        fields.invalid("now", alloc::format!("`{now}` is no time; write one such as `2026-11-23T12:00:00Z`"), problems);
    }
    let read_request = |value: &Value, path: &Path<'_>, problems: &mut Problems<'_>| {
        requests::case(value, &world, now, path, problems)
    };
    let requests = fields.list("requests", problems, read_request);
    if requests.is_empty() && fields.get("requests").is_none_or(|list| list.as_array().is_some_and(<[_]>::is_empty)) {
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
    let known = [
        "wildcardsInVariableValues",
        "plainOperatorOnSeveralValues",
        "emptyStringIsNull",
        "unresolvedVariable",
        "ifExistsBeatsForAnyValue",
    ];
    let path = Path::Root;
    let path = path.member("assumptions");
    let Some(fields) = Fields::of(value, &known, &path, problems) else { return Assumptions::default() };
    let several = [("any", SeveralValues::Any), ("all", SeveralValues::All)];
    let spoils = [("value", Spoils::Value), ("statement", Spoils::Statement)];
    Assumptions {
        wildcards_in_variable_values: fields.boolean("wildcardsInVariableValues", problems).unwrap_or_default(),
        plain_operator_on_several_values: fields
            .word("plainOperatorOnSeveralValues", &several, problems)
            .unwrap_or_default(),
        empty_string_is_null: fields.boolean("emptyStringIsNull", problems).unwrap_or_default(),
        unresolved_variable: fields.word("unresolvedVariable", &spoils, problems).unwrap_or_default(),
        if_exists_beats_for_any_value: fields.boolean("ifExistsBeatsForAnyValue", problems).unwrap_or_default(),
    }
}
