//! Who can do what.

use std::collections::HashMap;

use keytrace::{
    advise::who_can::{self, Cell, Condition, Subject, Way},
    evaluate::Told,
    problem::Reading,
    request::ContextValue,
    scenario,
};
use serde::Serialize;
use wasm_bindgen::prelude::{JsError, JsValue, wasm_bindgen};

use crate::{encode, view::ProblemView};

/// Everybody against every permission, for each key of a scenario.
#[derive(Serialize)]
struct MatrixView<'a> {
    problems: Vec<ProblemView<'a>>,
    matrix: Option<Matrix>,
}

#[derive(Serialize)]
struct Matrix {
    subjects: Vec<SubjectView>,
    permissions: Vec<&'static str>,
    keys: Vec<KeyView>,
}

#[derive(Serialize)]
struct SubjectView {
    kind: &'static str,
    name: String,
}

#[derive(Serialize)]
struct KeyView {
    arn: String,
    rows: Vec<RowView>,
}

#[derive(Serialize)]
struct RowView {
    subjects: Vec<usize>,
    cells: Vec<CellView>,
}

#[derive(Serialize)]
struct CellView {
    verdict: &'static str,
    condition: Option<ConditionView>,
}

#[derive(Serialize)]
struct ConditionView {
    allowing: Vec<WayView>,
    denying: Vec<WayView>,
    complete: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WayView {
    identity_policy: bool,
    context: HashMap<String, Option<Vec<String>>>,
}

/// Who can do what with each key of a scenario, given as JSON text: its users and roles, whom its policies and grants
/// name, anyone else in each account, anyone elsewhere, and services.
///
/// # Errors
/// Only if the result cannot be made into an object. Faults of the text are in `problems`.
#[wasm_bindgen(js_name = whoCan, unchecked_return_type = "WhoCan")]
pub fn who_can(scenario: &str) -> Result<JsValue, JsError> {
    // Who asks is the question here, so that no request is needed.
    let Reading { value, problems } = scenario::read_world(scenario);
    let matrix = value.map(|scenario| Matrix::new(&who_can::WhoCan::new(&scenario), scenario.world.keys.len()));
    encode(&MatrixView { problems: problems.iter().map(ProblemView::from).collect(), matrix })
}

impl Matrix {
    fn new(who_can: &who_can::WhoCan, keys: usize) -> Self {
        let subject = |subject: &&Subject| {
            let (kind, name) = match subject {
                Subject::Listed(place) => {
                    let principal = who_can.world().principals.get(*place);
                    ("listed", principal.map(|principal| principal.arn.as_str().to_owned()).unwrap_or_default())
                }
                Subject::Named(arn) => ("named", arn.as_str().to_owned()),
                Subject::AnyoneElseIn(account) => ("anyoneElseIn", account.to_string()),
                Subject::AnyoneElsewhere => ("anyoneElsewhere", String::new()),
                Subject::Service(name) => ("service", name.to_string()),
            };
            SubjectView { kind, name }
        };
        let key = |key: usize| {
            let rows = who_can.rows(key).into_iter().map(|row| RowView {
                subjects: row.subjects,
                cells: row.cells.into_iter().map(CellView::from).collect(),
            });
            let arn = who_can.world().keys.get(key).map(|key| key.arn.as_str().to_owned()).unwrap_or_default();
            KeyView { arn, rows: rows.collect() }
        };
        Self {
            subjects: who_can.subjects().iter().map(subject).collect(),
            permissions: who_can::permissions().map(|action| action.iam_name()).collect(),
            keys: (0..keys).map(key).collect(),
        }
    }
}

impl From<Cell> for CellView {
    fn from(cell: Cell) -> Self {
        match cell {
            Cell::Allowed(_) => Self { verdict: "allowed", condition: None },
            Cell::Denied(_) => Self { verdict: "denied", condition: None },
            Cell::Depends(condition) => Self { verdict: "depends", condition: Some(condition.into()) },
        }
    }
}

impl From<Condition> for ConditionView {
    fn from(Condition { ways, denying, complete }: Condition) -> Self {
        let views = |ways: Vec<Way>| ways.into_iter().map(WayView::from).collect();
        Self { allowing: views(ways), denying: views(denying), complete }
    }
}

impl From<Way> for WayView {
    fn from(way: Way) -> Self {
        let told = |told| match told {
            Told::Key { name, value } => {
                let values = match value {
                    ContextValue::Values(values) => Some(values.iter().map(|value| value.to_string()).collect()),
                    ContextValue::Absent | ContextValue::Unknown => None,
                };
                Some((name.into(), values))
            }
            // How old a grant is was not asked.
            Told::Grant { .. } => None,
        };
        Self { identity_policy: way.identity_policy, context: way.told.into_iter().filter_map(told).collect() }
    }
}
