/// What an action is authorized on, apart from aliases ([`Action::also_on_alias`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResourceType {
    /// A KMS key: its key policy takes part.
    Key,
    /// A custom key store. It has no ARN: IAM policies name it `*`.
    CustomKeyStore,
    /// Nothing that exists already: IAM policies say `*`.
    None,
}

/// AWS's access levels, as the Service Authorization Reference gives them.
///
/// Using a key, even to decrypt or to verify, counts as writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AccessLevel {
    /// Sees that something exists.
    List,
    /// Sees what it holds.
    Read,
    /// Uses or changes it.
    Write,
    /// Changes who may do what.
    PermissionsManagement,
    /// Changes its tags.
    Tagging,
}

macro_rules! yes_or_no {
    (yes) => {
        true
    };
    (no) => {
        false
    };
}

macro_rules! actions {
    ($($name:ident $resource:ident $access_level:ident $cross_account:ident $grantable:ident $alias:ident;)*) => {
        /// An action of AWS KMS: what the `Action` element of a policy can name.
        ///
        /// Most are named after the one API operation that needs them. `ReEncrypt` needs two,
        /// [`ReEncryptFrom`](Action::ReEncryptFrom) and [`ReEncryptTo`](Action::ReEncryptTo), and
        /// [`SynchronizeMultiRegionKey`](Action::SynchronizeMultiRegionKey) belongs to KMS itself.
        ///
        /// Ordered by name, as in AWS's table:
        /// <https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html>.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Action {
            $(#[doc = concat!("`kms:", stringify!($name), "`")] $name,)*
        }

        impl Action {
            /// Every action, ordered by name.
            pub const ALL: &'static [Action] = &[$(Action::$name,)*];

            const fn row(self) -> &'static Row {
                match self {
                    $(Action::$name => &Row {
                        iam_name: concat!("kms:", stringify!($name)),
                        name: stringify!($name),
                        resource: ResourceType::$resource,
                        access_level: AccessLevel::$access_level,
                        cross_account: yes_or_no!($cross_account),
                        grantable: yes_or_no!($grantable),
                        accepts_alias: yes_or_no!($alias),
                        api_page: concat!(
                            "https://docs.aws.amazon.com/kms/latest/APIReference/API_", stringify!($name), ".html"
                        ),
                    },)*
                }
            }
        }
    };
}

struct Row {
    name: &'static str,
    iam_name: &'static str,
    resource: ResourceType,
    access_level: AccessLevel,
    cross_account: bool,
    grantable: bool,
    accepts_alias: bool,
    api_page: &'static str,
}

actions! {
    // action                            authorized on   access level           cross-   a grant   KeyId may
    //                                                                          account  can allow be an alias
    CancelKeyDeletion                    Key             Write                  no       no        no;
    ConnectCustomKeyStore                CustomKeyStore  Write                  no       no        no;
    CreateAlias                          Key             Write                  no       no        no;
    CreateCustomKeyStore                 CustomKeyStore  Write                  no       no        no;
    CreateGrant                          Key             PermissionsManagement  yes      yes       no;
    CreateKey                            None            Write                  no       no        no;
    Decapsulate                          Key             Write                  yes      yes       yes;
    Decrypt                              Key             Write                  yes      yes       yes;
    DeleteAlias                          Key             Write                  no       no        no;
    DeleteCustomKeyStore                 CustomKeyStore  Write                  no       no        no;
    DeleteImportedKeyMaterial            Key             Write                  no       no        no;
    DeriveSharedSecret                   Key             Write                  yes      yes       yes;
    DescribeCustomKeyStores              CustomKeyStore  Read                   no       no        no;
    DescribeKey                          Key             Read                   yes      yes       yes;
    DisableKey                           Key             Write                  no       no        no;
    DisableKeyRotation                   Key             Write                  no       no        no;
    DisconnectCustomKeyStore             CustomKeyStore  Write                  no       no        no;
    EnableKey                            Key             Write                  no       no        no;
    EnableKeyRotation                    Key             Write                  no       no        no;
    Encapsulate                          Key             Write                  yes      yes       yes;
    Encrypt                              Key             Write                  yes      yes       yes;
    GenerateDataKey                      Key             Write                  yes      yes       yes;
    GenerateDataKeyPair                  Key             Write                  yes      yes       yes;
    GenerateDataKeyPairWithoutPlaintext  Key             Write                  yes      yes       yes;
    GenerateDataKeyWithoutPlaintext      Key             Write                  yes      yes       yes;
    GenerateMac                          Key             Write                  yes      yes       yes;
    GenerateRandom                       None            Write                  no       no        no;
    GetKeyLastUsage                      Key             Read                   no       no        no;
    GetKeyPolicy                         Key             Read                   no       no        no;
    GetKeyRotationStatus                 Key             Read                   yes      no        no;
    GetParametersForImport               Key             Read                   no       no        no;
    GetPublicKey                         Key             Read                   yes      yes       yes;
    ImportKeyMaterial                    Key             Write                  no       no        no;
    ListAliases                          None            List                   no       no        no;
    ListGrants                           Key             List                   yes      no        no;
    ListKeyPolicies                      Key             List                   no       no        no;
    ListKeyRotations                     Key             List                   no       no        no;
    ListKeys                             None            List                   no       no        no;
    ListResourceTags                     Key             List                   no       no        no;
    ListRetirableGrants                  None            List                   no       no        no;
    PutKeyPolicy                         Key             PermissionsManagement  no       no        no;
    ReEncryptFrom                        Key             Write                  yes      yes       yes;
    ReEncryptTo                          Key             Write                  yes      yes       yes;
    ReplicateKey                         Key             Write                  no       no        no;
    RetireGrant                          Key             PermissionsManagement  yes      yes       no;
    RevokeGrant                          Key             PermissionsManagement  yes      no        no;
    RotateKeyOnDemand                    Key             Write                  no       no        no;
    ScheduleKeyDeletion                  Key             Write                  no       no        no;
    Sign                                 Key             Write                  yes      yes       yes;
    SynchronizeMultiRegionKey            Key             Write                  no       no        no;
    TagResource                          Key             Tagging                no       no        no;
    UntagResource                        Key             Tagging                no       no        no;
    UpdateAlias                          Key             Write                  no       no        no;
    UpdateCustomKeyStore                 CustomKeyStore  Write                  no       no        no;
    UpdateKeyDescription                 Key             Write                  no       no        no;
    UpdatePrimaryRegion                  Key             Write                  no       no        no;
    Verify                               Key             Write                  yes      yes       yes;
    VerifyMac                            Key             Write                  yes      yes       yes;
}

impl Action {
    /// The name alone: `Decrypt`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// The name as policies write it: `kms:Decrypt`.
    #[must_use]
    pub const fn iam_name(self) -> &'static str {
        self.row().iam_name
    }

    /// The action of that name, with or without `kms:`, in any case: IAM compares action names so.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Action> {
        let name = match name.split_at_checked(4) {
            Some((prefix, rest)) if prefix.eq_ignore_ascii_case("kms:") => rest,
            _ => name,
        };
        Self::ALL.iter().copied().find(|action| action.name().eq_ignore_ascii_case(name))
    }

    /// What the action is authorized on.
    #[must_use]
    pub const fn resource(self) -> ResourceType {
        self.row().resource
    }

    /// What AWS counts the action as.
    #[must_use]
    pub const fn access_level(self) -> AccessLevel {
        self.row().access_level
    }

    /// Whether it can be used on a key of another account.
    #[must_use]
    pub const fn cross_account(self) -> bool {
        self.row().cross_account
    }

    /// Whether a grant can allow it.
    #[must_use]
    pub const fn grantable(self) -> bool {
        self.row().grantable
    }

    /// Whether the request's `KeyId` may be an alias name or alias ARN.
    ///
    /// True of cryptographic operations, `DescribeKey` and `GetPublicKey`
    /// (<https://docs.aws.amazon.com/kms/latest/developerguide/alias-using.html>).
    #[must_use]
    pub const fn accepts_alias(self) -> bool {
        self.row().accepts_alias
    }

    /// Whether IAM policies must allow the action on the alias too, besides the key
    /// (<https://docs.aws.amazon.com/kms/latest/developerguide/alias-access.html>).
    #[must_use]
    pub const fn also_on_alias(self) -> bool {
        matches!(self, Action::CreateAlias | Action::DeleteAlias | Action::UpdateAlias)
    }

    /// The AWS page that describes the operation.
    #[must_use]
    pub const fn page(self) -> &'static str {
        match self {
            Action::ReEncryptFrom | Action::ReEncryptTo => {
                "https://docs.aws.amazon.com/kms/latest/APIReference/API_ReEncrypt.html"
            }
            Action::SynchronizeMultiRegionKey => {
                "https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-auth.html"
            }
            other => other.row().api_page,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(test: impl Fn(Action) -> bool) -> usize {
        Action::ALL.iter().filter(|action| test(**action)).count()
    }

    #[test]
    fn the_table_is_sorted_and_complete() {
        assert_eq!(Action::ALL.len(), 58);
        assert!(Action::ALL.is_sorted_by(|a, b| a < b && a.name() < b.name()));
        assert_eq!(all(|action| action.resource() == ResourceType::Key), 47);
        assert_eq!(all(|action| action.resource() == ResourceType::CustomKeyStore), 6);
        assert_eq!(all(|action| action.resource() == ResourceType::None), 5);
    }

    #[test]
    fn names_are_found_in_any_case_with_and_without_the_prefix() {
        for &action in Action::ALL {
            assert_eq!(Action::from_name(action.name()), Some(action));
            assert_eq!(Action::from_name(action.iam_name()), Some(action));
            assert_eq!(Action::from_name(&action.iam_name().to_uppercase()), Some(action));
        }
        assert_eq!(Action::from_name("Kms:dEcRyPt"), Some(Action::Decrypt));
        for unknown in ["", "kms:", "kms", "kms:ReEncrypt", "s3:GetObject", "kms:kms:Decrypt", "décrypt"] {
            assert_eq!(Action::from_name(unknown), None, "{unknown}");
        }
    }

    /// `CreateGrant` takes these operations, each for some type of key
    /// (<https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html>).
    #[test]
    fn grants_can_allow_nineteen_actions_on_keys() {
        assert_eq!(all(Action::grantable), 19);
        assert_eq!(all(|action| action.grantable() && action.resource() != ResourceType::Key), 0);
        assert_eq!(all(|action| action.grantable() && !action.cross_account()), 0);
    }

    #[test]
    fn only_three_more_actions_cross_accounts() {
        let others = [Action::GetKeyRotationStatus, Action::ListGrants, Action::RevokeGrant];
        assert_eq!(all(|action| action.cross_account() && !action.grantable()), others.len());
        assert!(others.iter().all(|action| action.cross_account()));
    }

    #[test]
    fn aliases_identify_keys_of_cryptographic_operations_and_two_reads() {
        assert_eq!(all(Action::accepts_alias), 17);
        assert!(Action::DescribeKey.accepts_alias() && Action::GetPublicKey.accepts_alias());
        assert!(!Action::CreateGrant.accepts_alias() && !Action::GetKeyPolicy.accepts_alias());
        assert_eq!(all(Action::also_on_alias), 3);
    }

    #[test]
    fn pages_and_levels() {
        let api = "https://docs.aws.amazon.com/kms/latest/APIReference/API_";
        assert_eq!(Action::Decrypt.page().strip_prefix(api), Some("Decrypt.html"));
        assert_eq!(Action::ReEncryptTo.page().strip_prefix(api), Some("ReEncrypt.html"));
        assert_eq!(Action::VerifyMac.access_level(), AccessLevel::Write);
        assert_eq!(Action::PutKeyPolicy.access_level(), AccessLevel::PermissionsManagement);
        assert_eq!(Action::UntagResource.access_level(), AccessLevel::Tagging);
    }
}
