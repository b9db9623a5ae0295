//! Key states.

use keytrace::{
    catalog::{
        Action, KeyOrigin, KeyState, ResourceType,
        key_state::{KeyTraits, StateError, in_state},
    },
    check::ErrorName,
};
use keytrace_tests::coverage::{Coverage, Point, out_of_reach};

use crate::markdown::{count, shown, standing, table};

const PAGE: &str = "https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html";

/// The columns of AWS's table; that of `PendingDeletion` also speaks of `PendingReplicaDeletion`.
const COLUMNS: [KeyState; 7] = [
    KeyState::Enabled,
    KeyState::Disabled,
    KeyState::PendingDeletion,
    KeyState::PendingImport,
    KeyState::Unavailable,
    KeyState::Creating,
    KeyState::Updating,
];

pub fn section(coverage: &Coverage) -> String {
    let on_keys = || Action::ALL.iter().copied().filter(|action| action.resource() == ResourceType::Key);
    let fails = |action: &Action| COLUMNS.iter().any(|state| !footnotes(*action, *state).is_empty());
    let never = on_keys().filter(|action| !fails(action) && *action != Action::SynchronizeMultiRegionKey);
    let never: Vec<String> = never.map(|action| anywhere(coverage, action)).collect();
    let row = |action: Action| {
        let cells = COLUMNS.iter().map(|state| cell(coverage, action, *state));
        std::iter::once(format!("`{}`", action.name())).chain(cells).collect()
    };
    let states: Vec<&str> = std::iter::once("Operation").chain(COLUMNS.iter().map(|state| state.name())).collect();
    format!(
        "## Key states\n\n\
         [AWS's table]({PAGE}) of operations and key states, in its own notation: numbers are its footnotes, explained \
         below. Authorization comes first: who is denied never learns the state. `PendingReplicaDeletion` reads as \
         `PendingDeletion`. Several outcomes in a cell are those of different keys. Each leads to a scenario, but for \
         those that AWS calls not applicable, and for footnotes on keys that are never in that state.\n\n{}\n\
         In no state do these fail: {}.\n\n{}",
        table(&states, on_keys().filter(fails).map(row)),
        never.join(", "),
        table(&["Footnote", "What it says", "Error", "Scenarios"], legend(coverage)),
    )
}

/// An operation that no state stops, with the scenarios that show it.
fn anywhere(coverage: &Coverage, action: Action) -> String {
    let cells = COLUMNS.map(|state| Point::KeyStateCell(action, state, None));
    format!("`{}` ({})", action.name(), count(coverage, cells))
}

/// The footnotes that apply to some key in that state.
fn footnotes(action: Action, state: KeyState) -> Vec<StateError> {
    let mut found = Vec::new();
    for traits in traits(action) {
        if let Err(footnote) = in_state(action, state, traits)
            && !found.contains(&footnote)
        {
            found.push(footnote);
        }
    }
    found
}

fn traits(action: Action) -> impl Iterator<Item = KeyTraits> {
    let keys = [(KeyOrigin::AwsKms, false), (KeyOrigin::External, false), (KeyOrigin::AwsCloudHsm, true)];
    keys.into_iter().flat_map(move |(origin, in_custom_key_store)| {
        let targets = [false, action == Action::UpdateAlias];
        targets.map(|is_new_target| KeyTraits { origin, in_custom_key_store, is_new_target })
    })
}

fn cell(coverage: &Coverage, action: Action, state: KeyState) -> String {
    let succeeds = traits(action).any(|traits| in_state(action, state, traits).is_ok());
    let failures = footnotes(action, state).into_iter().map(|footnote| Some(footnote.footnote()));
    let outcomes = succeeds.then_some(None).into_iter().chain(failures);
    let outcome = |footnote: Option<&'static str>| {
        let point = Point::KeyStateCell(action, state, footnote);
        let success = if out_of_reach(&point).is_some() { "n/a" } else { "ok" };
        shown(&coverage.of([point]), footnote.unwrap_or(success))
    };
    outcomes.map(outcome).collect::<Vec<_>>().join(", ")
}

/// What a footnote says, in our words, and its error.
const fn said(footnote: StateError) -> (&'static str, ErrorName) {
    use ErrorName::{Disabled, KmsInvalidState, UnsupportedOperation};
    match footnote {
        StateError::Disabled => ("the key is disabled", Disabled),
        StateError::PendingDeletionEither => (
            "the key is pending deletion; AWS names `DisabledException` too and does not say which comes",
            KmsInvalidState,
        ),
        StateError::PendingDeletion => ("the key is pending deletion", KmsInvalidState),
        StateError::NotPendingDeletion => ("the key is not pending deletion", KmsInvalidState),
        StateError::PendingImport => ("key material that is to be imported is missing", KmsInvalidState),
        StateError::ImportedKeyMaterial => ("the key material is imported", UnsupportedOperation),
        StateError::CustomKeyStore => ("the key is in a custom key store", UnsupportedOperation),
        StateError::PendingDeletionImported => {
            ("the key is pending deletion and has imported material", KmsInvalidState)
        }
        StateError::NoImportedKeyMaterial => ("the key cannot have imported material", UnsupportedOperation),
        StateError::NewTargetPendingDeletion => {
            ("the key that is to get the alias is pending deletion", KmsInvalidState)
        }
        StateError::Unavailable => ("the key store is disconnected", KmsInvalidState),
        StateError::Creating => ("the replica key is being made", KmsInvalidState),
        StateError::Updating => ("the primary Region is being changed", KmsInvalidState),
    }
}

fn legend(coverage: &Coverage) -> Vec<Vec<String>> {
    let all = [
        StateError::Disabled,
        StateError::PendingDeletionEither,
        StateError::PendingDeletion,
        StateError::NotPendingDeletion,
        StateError::PendingImport,
        StateError::ImportedKeyMaterial,
        StateError::CustomKeyStore,
        StateError::PendingDeletionImported,
        StateError::NoImportedKeyMaterial,
        StateError::NewTargetPendingDeletion,
        StateError::Unavailable,
        StateError::Creating,
        StateError::Updating,
    ];
    let row = |footnote: StateError| {
        let number = footnote.footnote();
        let (words, error) = said(footnote);
        let of_footnote = |point: &Point| matches!(point, Point::KeyStateCell(_, _, Some(other)) if *other == number);
        let points: Vec<Point> = coverage.points().filter(of_footnote).collect();
        vec![number.into(), words.into(), format!("`{error}`"), standing(coverage, points)]
    };
    all.into_iter().map(row).collect()
}
