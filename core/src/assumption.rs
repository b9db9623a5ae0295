//! What AWS does not document, as named switches.
//!
//! Each has two readings. The first is the default; a trace names the switches on which its verdict
//! rests, which are those whose other reading would change it.
//!
//! ```
//! use keytrace::assumption::{Assumption, Assumptions, SeveralValues};
//!
//! let default = Assumptions::default();
//! assert_eq!(default.plain_operator_on_several_values, SeveralValues::Any);
//! let other = default.with(Assumption::SeveralValues, true);
//! assert_eq!(other.plain_operator_on_several_values, SeveralValues::All);
//! assert_eq!(Assumption::SeveralValues.words(), ["any", "all"]);
//! ```

macro_rules! assumptions {
    ($($(#[$doc:meta])* $field:ident: $Type:ident = $name:literal {
        $(#[$first_doc:meta])* $First:ident = $first:literal,
        $(#[$second_doc:meta])* $Second:ident = $second:literal,
    })*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
            pub enum $Type {
                $(#[$first_doc])*
                #[default]
                $First,
                $(#[$second_doc])*
                $Second,
            }
        )*

        /// What AWS does not document, as switches with a default.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct Assumptions {
            $($(#[$doc])* pub $field: $Type,)*
        }

        /// One of the [`Assumptions`], as a trace names it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Assumption {
            $($(#[$doc])* $Type,)*
        }

        impl Assumption {
            /// Every assumption.
            pub const ALL: &'static [Assumption] = &[$(Assumption::$Type,)*];

            /// The name under `assumptions` of a scenario.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Assumption::$Type => $name,)* }
            }

            /// The two readings in a scenario, the default first. `false` and `true` are written as JSON Booleans.
            #[must_use]
            pub const fn words(self) -> [&'static str; 2] {
                match self { $(Assumption::$Type => [$first, $second],)* }
            }
        }

        impl Assumptions {
            /// Whether one is at its second reading.
            #[must_use]
            pub fn is_changed(&self, assumption: Assumption) -> bool {
                match assumption { $(Assumption::$Type => self.$field == $Type::$Second,)* }
            }

            /// The same with one of them at its first or second reading.
            #[must_use]
            pub const fn with(mut self, assumption: Assumption, changed: bool) -> Self {
                match assumption {
                    $(Assumption::$Type => self.$field = if changed { $Type::$Second } else { $Type::$First },)*
                }
                self
            }
        }
    };
}

assumptions! {
    /// What `*` and `?` inside the value of a policy variable are.
    wildcards_in_variable_values: WildcardsInVariableValues = "wildcardsInVariableValues" {
        /// Plain characters.
        Literal = "false",
        /// Wildcards.
        Wildcards = "true",
    }
    /// What an operator without `ForAllValues` or `ForAnyValue` makes of a key that has several values.
    plain_operator_on_several_values: SeveralValues = "plainOperatorOnSeveralValues" {
        /// One that matches is enough.
        Any = "any",
        /// All must match.
        All = "all",
    }
    /// Whether `Null` takes a single empty value for absence.
    empty_string_is_null: EmptyStringIsNull = "emptyStringIsNull" {
        /// The key is there.
        No = "false",
        /// It counts as absent.
        Yes = "true",
    }
    /// What a policy variable spoils that has neither value nor default.
    unresolved_variable: UnresolvedVariable = "unresolvedVariable" {
        /// Its own value: that value matches nothing.
        Value = "value",
        /// The whole statement: it does not apply.
        Statement = "statement",
    }
    /// Whether `ForAnyValue:…IfExists` holds when the key is absent.
    if_exists_beats_for_any_value: IfExistsBeatsForAnyValue = "ifExistsBeatsForAnyValue" {
        /// No value is no match.
        No = "false",
        /// `IfExists` lets it pass.
        Yes = "true",
    }
    /// Whether a permissions boundary and session policies that are silent limit what a grant gives.
    grants_under_boundaries: GrantsUnderBoundaries = "grantsUnderBoundaries" {
        /// A grant stands for itself; only an explicit deny stops it.
        Pass = "pass",
        /// Both must allow as well.
        Limited = "limited",
    }
    /// Whom a grant to an account reaches.
    account_grantee: AccountGrantee = "accountGrantee" {
        /// Its root user, and whomever IAM policies of the account allow the operation.
        Delegates = "delegates",
        /// Its root user.
        RootUserOnly = "rootUserOnly",
    }
    /// What a grant is worth that the key's owner made for somebody of another account.
    owner_issued_grant: OwnerIssuedGrant = "ownerIssuedGrant" {
        /// An IAM policy of the other account must allow as well.
        NeedsCallerSide = "needsCallerSide",
        /// The grant is enough.
        Suffices = "suffices",
    }
    /// How the names in an encryption-context constraint of a grant are compared: AWS's API page and its
    /// guide contradict each other.
    grant_context_key_case: GrantContextKeyCase = "grantContextKeyCase" {
        /// Without letter case, as the API page says.
        Insensitive = "insensitive",
        /// With letter case, as the guide says.
        Sensitive = "sensitive",
    }
    /// How `SourceArn` in a grant's constraints is compared.
    grant_source_arn: GrantSourceArn = "grantSourceArn" {
        /// As it is.
        Exact = "exact",
        /// `*` and `?` are wildcards.
        Pattern = "pattern",
    }
    /// What `kms:RotationPeriodInDays` and `kms:ScheduleKeyDeletionPendingWindowInDays` are when the
    /// request leaves the parameter out.
    omitted_numbers: OmittedNumbers = "omittedNumbers" {
        /// The operation's default.
        Default = "default",
        /// Absent.
        Absent = "absent",
    }
    /// Whom an account reaches as principal of the policy of an interface endpoint.
    account_in_endpoint_policy: AccountInEndpointPolicy = "accountInEndpointPolicy" {
        /// Everybody of the account.
        Everybody = "everybody",
        /// Its root user, as AWS documents it for gateway endpoints.
        RootUserOnly = "rootUserOnly",
    }
    /// How several session policies of one session combine.
    several_session_policies: SeveralSessionPolicies = "severalSessionPolicies" {
        /// One that allows is enough.
        Any = "any",
        /// Each must allow.
        All = "all",
    }
    /// Which error an operation ends in whose key is pending deletion, where AWS's table offers two.
    pending_deletion_error: PendingDeletionError = "pendingDeletionError" {
        /// `KMSInvalidStateException`
        InvalidState = "KMSInvalidStateException",
        /// `DisabledException`
        Disabled = "DisabledException",
    }
    /// Whether `kms:ReEncryptOnSameKey` takes two related multi-Region keys for one.
    re_encrypt_on_related_keys: ReEncryptOnRelatedKeys = "reEncryptOnRelatedKeys" {
        /// They are two keys.
        Different = "different",
        /// They are one.
        Same = "same",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn switching_one_leaves_the_others() {
        for &one in Assumption::ALL {
            let changed = Assumptions::default().with(one, true);
            assert!(Assumption::ALL.iter().all(|other| changed.is_changed(*other) == (*other == one)));
            assert_eq!(changed.with(one, false), Assumptions::default());
        }
    }
}
