//! What state a KMS key can be in, and what that means for each operation.
//!
//! Page: <https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html>. Its table is here in its
//! own notation: the numbers in brackets are its footnotes, each a [`StateError`].
//!
//! ```
//! use keytrace::catalog::{Action, KeyState};
//! use keytrace::catalog::key_state::{KeyTraits, StateError, in_state};
//!
//! let key = KeyTraits::default();
//! assert_eq!(in_state(Action::Decrypt, KeyState::Disabled, key), Err(StateError::Disabled));
//! assert_eq!(in_state(Action::DescribeKey, KeyState::Disabled, key), Ok(()));
//! ```

use super::{Action, KeyOrigin};

macro_rules! key_states {
    ($($(#[$note:meta])* $state:ident,)*) => {
        /// The state of a key, as `describe-key` prints it.
        ///
        /// <https://docs.aws.amazon.com/kms/latest/APIReference/API_KeyMetadata.html#KMS-Type-KeyMetadata-KeyState>
        ///
        /// ```
        /// use keytrace::catalog::KeyState;
        ///
        /// assert_eq!(KeyState::from_name("PendingImport"), Some(KeyState::PendingImport));
        /// assert_eq!(KeyState::default().name(), "Enabled");
        /// ```
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum KeyState {
            $($(#[$note])* $state,)*
        }

        impl KeyState {
            /// Every state.
            pub const ALL: &'static [KeyState] = &[$(KeyState::$state,)*];

            /// The name that AWS prints.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(KeyState::$state => stringify!($state),)* }
            }

            /// The state of that name. AWS prints them in one letter case only.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|state| state.name() == name)
            }
        }
    };
}

key_states! {
    /// The key can be used.
    #[default]
    Enabled,
    /// Somebody disabled the key, or its deletion was cancelled.
    Disabled,
    /// The key is deleted when its waiting period is over.
    PendingDeletion,
    /// The deletion of a multi-Region primary key waits for that of its replicas.
    PendingReplicaDeletion,
    /// Key material that is to be imported is missing: never imported, deleted or expired.
    PendingImport,
    /// The custom key store of the key is disconnected.
    Unavailable,
    /// A multi-Region replica key that is being made.
    Creating,
    /// A multi-Region key whose primary Region is being changed.
    Updating,
}

/// The properties of a key on which the footnotes of AWS's table depend.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyTraits {
    /// Where its material comes from.
    pub origin: KeyOrigin,
    /// Whether it is in a custom key store.
    pub in_custom_key_store: bool,
    /// Whether it is the key that `UpdateAlias` gives the alias to, rather than the one that loses it.
    pub is_new_target: bool,
}

/// Why an operation fails because of the state of its key: the footnotes of AWS's table.
///
/// Footnotes 12 and 13 are missing here, as they speak of operations that succeed and of what state a
/// key has.
///
/// <https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html#key-state-table>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StateError {
    /// \[1\] `DisabledException`: the key is disabled.
    Disabled,
    /// \[2\] or \[3\]: the key is pending deletion, for which the table offers `DisabledException` and
    /// `KMSInvalidStateException` and does not say which it is.
    PendingDeletionEither,
    /// \[3\] `KMSInvalidStateException`: the key is pending deletion.
    PendingDeletion,
    /// \[4\] `KMSInvalidStateException`: the key is not pending deletion.
    NotPendingDeletion,
    /// \[5\] `KMSInvalidStateException`: the key is pending import.
    PendingImport,
    /// \[6\] `UnsupportedOperationException`: the key material is imported.
    ImportedKeyMaterial,
    /// \[7\] `UnsupportedOperationException`: the key is in a custom key store.
    CustomKeyStore,
    /// \[8\] `KMSInvalidStateException`: the key is one for imported key material.
    PendingDeletionImported,
    /// \[9\] `UnsupportedOperationException`: the key cannot have imported key material.
    NoImportedKeyMaterial,
    /// \[10\] `KMSInvalidStateException`: the key that is to get the alias is pending deletion.
    NewTargetPendingDeletion,
    /// \[11\] `KMSInvalidStateException`: the key is unavailable.
    Unavailable,
    /// \[14\] `KMSInvalidStateException`: the key is being made.
    Creating,
    /// \[15\] `KMSInvalidStateException`: the key's primary Region is being changed.
    Updating,
}

impl StateError {
    /// The number of the footnote in AWS's table.
    #[must_use]
    pub const fn footnote(self) -> &'static str {
        match self {
            Self::Disabled => "1",
            Self::PendingDeletionEither => "2 or 3",
            Self::PendingDeletion => "3",
            Self::NotPendingDeletion => "4",
            Self::PendingImport => "5",
            Self::ImportedKeyMaterial => "6",
            Self::CustomKeyStore => "7",
            Self::PendingDeletionImported => "8",
            Self::NoImportedKeyMaterial => "9",
            Self::NewTargetPendingDeletion => "10",
            Self::Unavailable => "11",
            Self::Creating => "14",
            Self::Updating => "15",
        }
    }

    /// Whether the footnote speaks of this key; most speak of any.
    const fn speaks_of(self, key: KeyTraits) -> bool {
        let external = matches!(key.origin, KeyOrigin::External);
        match self {
            Self::CustomKeyStore => key.in_custom_key_store,
            Self::PendingDeletionImported => external,
            Self::NoImportedKeyMaterial => !external || key.in_custom_key_store,
            Self::NewTargetPendingDeletion => key.is_new_target,
            _ => true,
        }
    }
}

/// What AWS's table says of an operation on a key in that state.
///
/// Operations that use no key that exists already are not in the table and succeed. So do those that the
/// table calls not applicable: keys for which they make sense are never in that state.
///
/// <https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html#key-state-table>
///
/// ```
/// use keytrace::catalog::{Action, KeyOrigin, KeyState};
/// use keytrace::catalog::key_state::{KeyTraits, StateError, in_state};
///
/// let imported = KeyTraits { origin: KeyOrigin::External, ..KeyTraits::default() };
/// assert_eq!(in_state(Action::ImportKeyMaterial, KeyState::Enabled, imported), Ok(()));
/// assert_eq!(
///     in_state(Action::ImportKeyMaterial, KeyState::Enabled, KeyTraits::default()),
///     Err(StateError::NoImportedKeyMaterial),
/// );
/// ```
///
/// # Errors
///
/// The footnote that speaks of this key.
pub fn in_state(action: Action, state: KeyState, key: KeyTraits) -> Result<(), StateError> {
    let Some(row) = row(action) else { return Ok(()) };
    // Only the keys of custom key stores are ever unavailable.
    let in_custom_key_store = key.in_custom_key_store || state == KeyState::Unavailable;
    let key = KeyTraits { in_custom_key_store, ..key };
    let cell = match state {
        KeyState::Enabled => row.enabled,
        KeyState::Disabled => row.disabled,
        KeyState::PendingDeletion | KeyState::PendingReplicaDeletion => row.pending_deletion,
        KeyState::PendingImport => row.pending_import,
        KeyState::Unavailable => row.unavailable,
        KeyState::Creating => row.creating,
        KeyState::Updating => row.updating,
    };
    cell.iter().find(|footnote| footnote.speaks_of(key)).map_or(Ok(()), |footnote| Err(*footnote))
}

/// The footnotes of a cell in the order in which they are tried. None: the operation succeeds.
type Cell = &'static [StateError];

struct Row {
    enabled: Cell,
    disabled: Cell,
    pending_deletion: Cell,
    pending_import: Cell,
    unavailable: Cell,
    creating: Cell,
    updating: Cell,
}

#[rustfmt::skip] // A list: a footnote a line.
macro_rules! footnote {
    (1) => { StateError::Disabled };
    (3) => { StateError::PendingDeletion };
    (4) => { StateError::NotPendingDeletion };
    (5) => { StateError::PendingImport };
    (6) => { StateError::ImportedKeyMaterial };
    (7) => { StateError::CustomKeyStore };
    (8) => { StateError::PendingDeletionImported };
    (9) => { StateError::NoImportedKeyMaterial };
    (10) => { StateError::NewTargetPendingDeletion };
    (11) => { StateError::Unavailable };
    (14) => { StateError::Creating };
    (15) => { StateError::Updating };
}

#[rustfmt::skip] // A list: a form of cell a line.
macro_rules! cell {
    (ok) => { &[] };
    (na) => { &[] };
    ([2 or 3]) => { &[StateError::PendingDeletionEither] };
    ([$($number:tt)or+]) => { &[$(footnote!($number)),+] };
}

macro_rules! table {
    (
        without: [$($other:ident)*]
        $($operation:ident $enabled:tt $disabled:tt $deletion:tt $import:tt $unavailable:tt $creating:tt $updating:tt;)*
    ) => {
        const fn row(action: Action) -> Option<&'static Row> {
            match action {
                $(Action::$operation => Some(&Row {
                    enabled: cell!($enabled),
                    disabled: cell!($disabled),
                    pending_deletion: cell!($deletion),
                    pending_import: cell!($import),
                    unavailable: cell!($unavailable),
                    creating: cell!($creating),
                    updating: cell!($updating),
                }),)*
                $(Action::$other)|* => None,
            }
        }
    };
}

// <https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html#key-state-table>
//
// `PendingReplicaDeletion` shares its column with `PendingDeletion`. Footnotes 7 to 10 speak of some keys
// only; where a cell has two footnotes, the narrower comes first.
//
// UNDOCUMENTED: `Encapsulate` and `Decapsulate` are newer than the table and stand here as
// `DeriveSharedSecret` does; `GetKeyLastUsage` as `DescribeKey`. `ImportKeyMaterial` for a key pending
// deletion has footnote 9 alone, which leaves open how it fails for keys that it is made for; footnote 8
// is what the neighbouring `GetParametersForImport` says, and what earlier editions said of both.
table! {
    without: [
        ConnectCustomKeyStore CreateCustomKeyStore CreateKey DeleteCustomKeyStore DescribeCustomKeyStores
        DisconnectCustomKeyStore GenerateRandom ListKeys ListRetirableGrants SynchronizeMultiRegionKey
        UpdateCustomKeyStore
    ]

    // operation                         Enabled  Disabled  Pending   Pending  Un-        Creating  Updating
    //                                                      Deletion  Import   available
    CancelKeyDeletion                    [4]      [4]       ok        [4]      [4]        [4]       [4];
    CreateAlias                          ok       ok        [3]       ok       ok         ok        ok;
    CreateGrant                          ok       [1]       [2 or 3]  [5]      ok         [14]      ok;
    Decapsulate                          ok       [1]       [2 or 3]  [5]      na         [14]      ok;
    Decrypt                              ok       [1]       [2 or 3]  [5]      [11]       [14]      ok;
    DeleteAlias                          ok       ok        ok        ok       ok         ok        ok;
    DeleteImportedKeyMaterial            [9]      [9]       [9]       ok       na         [14]      [15];
    DeriveSharedSecret                   ok       [1]       [2 or 3]  [5]      na         [14]      ok;
    DescribeKey                          ok       ok        ok        ok       ok         ok        ok;
    DisableKey                           ok       ok        [3]       [5]      ok         [14]      [15];
    DisableKeyRotation                   [7]      [7 or 1]  [7 or 3]  [6]      [7]        [14]      [7];
    EnableKey                            ok       ok        [3]       [5]      ok         [14]      [15];
    EnableKeyRotation                    [7]      [7 or 1]  [7 or 3]  [6]      [7]        [14]      [7];
    Encapsulate                          ok       [1]       [2 or 3]  [5]      na         [14]      ok;
    Encrypt                              ok       [1]       [2 or 3]  [5]      [11]       [14]      ok;
    GenerateDataKey                      ok       [1]       [2 or 3]  [5]      [11]       [14]      ok;
    GenerateDataKeyPair                  ok       [1]       [2 or 3]  [5]      [7]        [14]      ok;
    GenerateDataKeyPairWithoutPlaintext  ok       [1]       [2 or 3]  [5]      [7]        [14]      ok;
    GenerateDataKeyWithoutPlaintext      ok       [1]       [2 or 3]  [5]      [11]       [14]      ok;
    GenerateMac                          ok       [1]       [2 or 3]  [5]      na         [14]      ok;
    GetKeyLastUsage                      ok       ok        ok        ok       ok         ok        ok;
    GetKeyPolicy                         ok       ok        ok        ok       ok         ok        ok;
    GetKeyRotationStatus                 [7]      [7]       [7]       [6]      [7]        [7]       [7];
    GetParametersForImport               [9]      [9]       [9 or 8]  ok       [9]        [14]      [15];
    GetPublicKey                         ok       ok        [2 or 3]  ok       na         [14]      ok;
    ImportKeyMaterial                    [9]      [9]       [9 or 8]  ok       [9]        [14]      ok;
    ListAliases                          ok       ok        ok        ok       ok         ok        ok;
    ListGrants                           ok       ok        ok        ok       ok         ok        ok;
    ListKeyPolicies                      ok       ok        ok        ok       ok         ok        ok;
    ListKeyRotations                     [7]      [7]       [7]       ok       [7]        [7]       [7];
    ListResourceTags                     ok       ok        ok        ok       ok         ok        ok;
    PutKeyPolicy                         ok       ok        ok        ok       ok         ok        ok;
    ReEncryptFrom                        ok       [1]       [2 or 3]  [5]      [11]       [14]      ok;
    ReEncryptTo                          ok       [1]       [2 or 3]  [5]      [11]       [14]      ok;
    ReplicateKey                         ok       [1]       [2 or 3]  [5]      na         [14]      [15];
    RetireGrant                          ok       ok        ok        ok       ok         ok        ok;
    RevokeGrant                          ok       ok        ok        ok       ok         ok        ok;
    RotateKeyOnDemand                    [7]      [7 or 1]  [7 or 3]  [5]      [7]        [14]      [7];
    ScheduleKeyDeletion                  ok       ok        [3]       ok       ok         ok        [15];
    Sign                                 ok       [1]       [2 or 3]  [5]      na         [14]      ok;
    TagResource                          ok       ok        [3]       ok       ok         ok        ok;
    UntagResource                        ok       ok        [3]       ok       ok         ok        ok;
    UpdateAlias                          ok       ok        [10]      ok       ok         ok        ok;
    UpdateKeyDescription                 ok       ok        [3]       ok       ok         ok        ok;
    UpdatePrimaryRegion                  ok       [1]       [2 or 3]  [5]      na         [14]      ok;
    Verify                               ok       [1]       [2 or 3]  [5]      na         [14]      ok;
    VerifyMac                            ok       [1]       [2 or 3]  [5]      na         [14]      ok;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::ResourceType;
    use alloc::{vec, vec::Vec};

    /// The columns of AWS's table.
    const COLUMNS: [KeyState; 7] = [
        KeyState::Enabled,
        KeyState::Disabled,
        KeyState::PendingDeletion,
        KeyState::PendingImport,
        KeyState::Unavailable,
        KeyState::Creating,
        KeyState::Updating,
    ];

    const PLAIN: KeyTraits = KeyTraits { origin: KeyOrigin::AwsKms, in_custom_key_store: false, is_new_target: false };
    const IMPORTED: KeyTraits = KeyTraits { origin: KeyOrigin::External, ..PLAIN };
    const CUSTOM: KeyTraits = KeyTraits { origin: KeyOrigin::AwsCloudHsm, in_custom_key_store: true, ..PLAIN };

    /// A row as it comes out for one key: the number of the footnote, `23` for either, 0 for success.
    fn outcomes(action: Action, key: KeyTraits) -> [u8; 7] {
        let number = |state| match in_state(action, state, key) {
            Ok(()) => 0,
            Err(StateError::PendingDeletionEither) => 23,
            Err(footnote) => footnote.footnote().parse().unwrap(),
        };
        COLUMNS.map(number)
    }

    /// Every row of AWS's table, as it reads for any key.
    #[test]
    fn rows_that_are_the_same_for_every_key() {
        use Action::*;
        #[rustfmt::skip] // A table: some operations a line.
        let rows: [(&[Action], [u8; 7]); 12] = [
            (&[CancelKeyDeletion], [4, 4, 0, 4, 4, 4, 4]),
            (&[CreateAlias, TagResource, UntagResource, UpdateKeyDescription], [0, 0, 3, 0, 0, 0, 0]),
            (&[CreateGrant], [0, 1, 23, 5, 0, 14, 0]),
            (&[Decrypt, Encrypt, ReEncryptFrom, ReEncryptTo, GenerateDataKey, GenerateDataKeyWithoutPlaintext], [0, 1, 23, 5, 11, 14, 0]),
            (&[GenerateMac, VerifyMac, Sign, Verify, DeriveSharedSecret, Encapsulate, Decapsulate], [0, 1, 23, 5, 0, 14, 0]),
            (&[DeleteAlias, DescribeKey, GetKeyLastUsage, GetKeyPolicy, ListAliases, ListGrants], [0; 7]),
            (&[ListKeyPolicies, ListResourceTags, PutKeyPolicy, RetireGrant, RevokeGrant], [0; 7]),
            (&[DisableKey, EnableKey], [0, 0, 3, 5, 0, 14, 15]),
            (&[GetPublicKey], [0, 0, 23, 0, 0, 14, 0]),
            (&[ReplicateKey], [0, 1, 23, 5, 0, 14, 15]),
            (&[UpdatePrimaryRegion], [0, 1, 23, 5, 0, 14, 0]),
            (&[ScheduleKeyDeletion], [0, 0, 3, 0, 0, 0, 15]),
        ];
        for (actions, expected) in rows {
            for &action in actions {
                assert_eq!(
                    [PLAIN, IMPORTED, CUSTOM].map(|key| outcomes(action, key)),
                    [expected; 3],
                    "{}",
                    action.name()
                );
            }
        }
    }

    /// The rows whose footnotes speak of some keys only: for a plain key, one with imported material and one
    /// in a custom key store.
    #[test]
    fn rows_that_depend_on_the_key() {
        use Action::*;
        #[rustfmt::skip] // A table: a key a line.
        let rows: [(&[Action], [[u8; 7]; 3]); 8] = [
            (&[GenerateDataKeyPair, GenerateDataKeyPairWithoutPlaintext], [
                [0, 1, 23, 5, 7, 14, 0],
                [0, 1, 23, 5, 7, 14, 0],
                [0, 1, 23, 5, 7, 14, 0],
            ]),
            (&[DeleteImportedKeyMaterial], [
                [9, 9, 9, 0, 0, 14, 15],
                [0, 0, 0, 0, 0, 14, 15],
                [9, 9, 9, 0, 0, 14, 15],
            ]),
            (&[DisableKeyRotation, EnableKeyRotation], [
                [0, 1, 3, 6, 7, 14, 0],
                [0, 1, 3, 6, 7, 14, 0],
                [7, 7, 7, 6, 7, 14, 7],
            ]),
            (&[GetKeyRotationStatus], [
                [0, 0, 0, 6, 7, 0, 0],
                [0, 0, 0, 6, 7, 0, 0],
                [7, 7, 7, 6, 7, 7, 7],
            ]),
            (&[ListKeyRotations], [
                [0, 0, 0, 0, 7, 0, 0],
                [0, 0, 0, 0, 7, 0, 0],
                [7, 7, 7, 0, 7, 7, 7],
            ]),
            (&[RotateKeyOnDemand], [
                [0, 1, 3, 5, 7, 14, 0],
                [0, 1, 3, 5, 7, 14, 0],
                [7, 7, 7, 5, 7, 14, 7],
            ]),
            (&[GetParametersForImport], [
                [9, 9, 9, 0, 9, 14, 15],
                [0, 0, 8, 0, 9, 14, 15],
                [9, 9, 9, 0, 9, 14, 15],
            ]),
            (&[ImportKeyMaterial], [
                [9, 9, 9, 0, 9, 14, 0],
                [0, 0, 8, 0, 9, 14, 0],
                [9, 9, 9, 0, 9, 14, 0],
            ]),
        ];
        for (actions, expected) in rows {
            for &action in actions {
                assert_eq!([PLAIN, IMPORTED, CUSTOM].map(|key| outcomes(action, key)), expected, "{}", action.name());
            }
        }
    }

    #[test]
    fn an_alias_leaves_a_key_pending_deletion_but_does_not_go_to_one() {
        let new = KeyTraits { is_new_target: true, ..PLAIN };
        assert_eq!(outcomes(Action::UpdateAlias, PLAIN), [0; 7]);
        assert_eq!(outcomes(Action::UpdateAlias, new), [0, 0, 10, 0, 0, 0, 0]);
    }

    #[test]
    fn a_primary_key_that_waits_for_its_replicas_is_pending_deletion() {
        let pending = [KeyState::PendingDeletion, KeyState::PendingReplicaDeletion];
        for &action in Action::ALL {
            for key in [PLAIN, IMPORTED, CUSTOM] {
                let [own, replicas] = pending.map(|state| in_state(action, state, key));
                assert_eq!(own, replicas, "{}", action.name());
            }
        }
    }

    #[test]
    fn the_table_has_every_operation_on_a_key() {
        let missing: Vec<_> = Action::ALL.iter().filter(|action| row(**action).is_none()).collect();
        let on_keys: Vec<_> = missing.into_iter().filter(|action| action.resource() == ResourceType::Key).collect();
        assert_eq!(on_keys, vec![&Action::SynchronizeMultiRegionKey]);
        for &state in KeyState::ALL {
            assert_eq!(in_state(Action::CreateKey, state, PLAIN), Ok(()));
            assert_eq!(KeyState::from_name(state.name()), Some(state));
        }
        assert_eq!(KeyState::from_name("enabled"), None);
        assert_eq!(KeyState::ALL.len(), 8);
    }
}
