//! What AWS does not document, as named switches.
//!
//! ```
//! use keytrace::assumption::{Assumptions, SeveralValues};
//!
//! assert_eq!(Assumptions::default().plain_operator_on_several_values, SeveralValues::Any);
//! ```

/// What AWS does not document, as switches with a default. A trace names those that it rests on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Assumptions {
    /// Whether `*` and `?` inside the value of a policy variable are wildcards. Default: no.
    pub wildcards_in_variable_values: bool,
    /// What an operator without `ForAllValues` or `ForAnyValue` makes of a key that has several values.
    pub plain_operator_on_several_values: SeveralValues,
    /// Whether `Null` takes a single empty value for absence. Default: no.
    pub empty_string_is_null: bool,
    /// What a policy variable spoils that has neither value nor default.
    pub unresolved_variable: Spoils,
    /// Whether `ForAnyValue:…IfExists` holds when the key is absent. Default: no.
    pub if_exists_beats_for_any_value: bool,
}

/// What an operator without a set operator makes of several values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SeveralValues {
    /// One that matches is enough.
    #[default]
    Any,
    /// All must match.
    All,
}

/// What an unresolvable policy variable spoils.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Spoils {
    /// Its own value: that value matches nothing.
    #[default]
    Value,
    /// The whole statement: it does not apply.
    Statement,
}

/// One of the [`Assumptions`], as a trace names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Assumption {
    /// [`Assumptions::wildcards_in_variable_values`]
    WildcardsInVariableValues,
    /// [`Assumptions::plain_operator_on_several_values`]
    PlainOperatorOnSeveralValues,
    /// [`Assumptions::empty_string_is_null`]
    EmptyStringIsNull,
    /// [`Assumptions::unresolved_variable`]
    UnresolvedVariable,
    /// [`Assumptions::if_exists_beats_for_any_value`]
    IfExistsBeatsForAnyValue,
}

impl Assumption {
    /// Every assumption.
    pub const ALL: &'static [Assumption] = &[
        Assumption::WildcardsInVariableValues,
        Assumption::PlainOperatorOnSeveralValues,
        Assumption::EmptyStringIsNull,
        Assumption::UnresolvedVariable,
        Assumption::IfExistsBeatsForAnyValue,
    ];

    /// The name under `assumptions` of a scenario.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Assumption::WildcardsInVariableValues => "wildcardsInVariableValues",
            Assumption::PlainOperatorOnSeveralValues => "plainOperatorOnSeveralValues",
            Assumption::EmptyStringIsNull => "emptyStringIsNull",
            Assumption::UnresolvedVariable => "unresolvedVariable",
            Assumption::IfExistsBeatsForAnyValue => "ifExistsBeatsForAnyValue",
        }
    }
}
