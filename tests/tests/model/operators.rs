//! Condition operators.

use keytrace::decision::Match;
use keytrace_tests::coverage::{Coverage, Operator, Point};

use crate::markdown::{count, table};

const PAGE: &str =
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html";
const SETS: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html";

pub fn section(coverage: &Coverage) -> String {
    let columns: Vec<(&str, bool)> = Operator::SETS.iter().flat_map(|set| [(*set, false), (*set, true)]).collect();
    let row = |plain: &&'static str| {
        let cells =
            columns.iter().map(|(set, if_exists)| cell(coverage, Operator { plain, set, if_exists: *if_exists }));
        std::iter::once(format!("`{plain}`")).chain(cells).collect()
    };
    let heading =
        ["Operator", "plain", "`…IfExists`", "`ForAllValues:`", "with `IfExists`", "`ForAnyValue:`", "with `IfExists`"];
    format!(
        "## Condition operators\n\n\
         AWS describes them under [condition operators]({PAGE}) and [single-valued and multivalued keys]({SETS}). Each \
         number counts scenarios in which a condition with the operator alone settled whether its statement applies, \
         some of them because it holds, some because it does not.\n\n{}",
        table(&heading, Operator::PLAIN.iter().map(row)),
    )
}

fn cell(coverage: &Coverage, operator: Operator) -> String {
    if operator.plain == "Null" && operator.if_exists {
        return "refused".into();
    }
    count(coverage, [Match::Yes, Match::No].map(|held| Point::Operator(operator, held)))
}
