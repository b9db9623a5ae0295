//! The actions of AWS KMS, from the table "AWS KMS permissions"
//! (<https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html>) and the pages of
//! the API Reference.

/// What an action is authorized on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum On {
    Key,
    CustomKeyStore,
    Nothing,
}

/// An action: what `Action` in a policy names.
#[derive(Clone, Copy, Debug)]
pub(super) struct Action {
    /// Without `kms:`.
    pub name: &'static str,
    pub on: On,
    /// "Cross-account use: Yes" on the operation's page.
    pub crosses_accounts: bool,
    /// One of the values of GrantOperation.
    pub in_grants: bool,
}

impl PartialEq for Action {
    fn eq(&self, other: &Action) -> bool {
        self.name == other.name
    }
}

const fn on_key(name: &'static str) -> Action {
    Action { name, on: On::Key, crosses_accounts: false, in_grants: false }
}

const fn across_accounts(name: &'static str) -> Action {
    Action { name, on: On::Key, crosses_accounts: true, in_grants: false }
}

/// All that grants can allow works across accounts.
const fn in_grants(name: &'static str) -> Action {
    Action { name, on: On::Key, crosses_accounts: true, in_grants: true }
}

const fn on_store(name: &'static str) -> Action {
    Action { name, on: On::CustomKeyStore, crosses_accounts: false, in_grants: false }
}

const fn on_nothing(name: &'static str) -> Action {
    Action { name, on: On::Nothing, crosses_accounts: false, in_grants: false }
}

const ACTIONS: &[Action] = &[
    on_key("CancelKeyDeletion"),
    on_store("ConnectCustomKeyStore"),
    on_key("CreateAlias"),
    on_store("CreateCustomKeyStore"),
    in_grants("CreateGrant"),
    on_nothing("CreateKey"),
    in_grants("Decapsulate"),
    in_grants("Decrypt"),
    on_key("DeleteAlias"),
    on_store("DeleteCustomKeyStore"),
    on_key("DeleteImportedKeyMaterial"),
    in_grants("DeriveSharedSecret"),
    on_store("DescribeCustomKeyStores"),
    in_grants("DescribeKey"),
    on_key("DisableKey"),
    on_key("DisableKeyRotation"),
    on_store("DisconnectCustomKeyStore"),
    on_key("EnableKey"),
    on_key("EnableKeyRotation"),
    in_grants("Encapsulate"),
    in_grants("Encrypt"),
    in_grants("GenerateDataKey"),
    in_grants("GenerateDataKeyPair"),
    in_grants("GenerateDataKeyPairWithoutPlaintext"),
    in_grants("GenerateDataKeyWithoutPlaintext"),
    in_grants("GenerateMac"),
    on_nothing("GenerateRandom"),
    on_key("GetKeyLastUsage"),
    on_key("GetKeyPolicy"),
    across_accounts("GetKeyRotationStatus"),
    on_key("GetParametersForImport"),
    in_grants("GetPublicKey"),
    on_key("ImportKeyMaterial"),
    on_nothing("ListAliases"),
    across_accounts("ListGrants"),
    on_key("ListKeyPolicies"),
    on_key("ListKeyRotations"),
    on_nothing("ListKeys"),
    on_key("ListResourceTags"),
    on_nothing("ListRetirableGrants"),
    on_key("PutKeyPolicy"),
    in_grants("ReEncryptFrom"),
    in_grants("ReEncryptTo"),
    on_key("ReplicateKey"),
    in_grants("RetireGrant"),
    across_accounts("RevokeGrant"),
    on_key("RotateKeyOnDemand"),
    on_key("ScheduleKeyDeletion"),
    in_grants("Sign"),
    on_key("TagResource"),
    on_key("UntagResource"),
    on_key("UpdateAlias"),
    on_store("UpdateCustomKeyStore"),
    on_key("UpdateKeyDescription"),
    on_key("UpdatePrimaryRegion"),
    in_grants("Verify"),
    in_grants("VerifyMac"),
];

/// The action of that name, with or without `kms:`, in any case.
pub(super) fn find(name: &str) -> Option<Action> {
    let name = name.split_once(':').map_or(name, |(_, name)| name);
    ACTIONS.iter().copied().find(|action| action.name.eq_ignore_ascii_case(name))
}

impl Action {
    /// As policies write it, in lower case: case does not matter in actions.
    pub fn lower_name(self) -> String {
        format!("kms:{}", self.name.to_ascii_lowercase())
    }

    /// Whether it takes an encryption context for itself.
    pub fn takes_encryption_context(self) -> bool {
        let operations = [
            "Decrypt",
            "Encrypt",
            "GenerateDataKey",
            "GenerateDataKeyPair",
            "GenerateDataKeyPairWithoutPlaintext",
            "GenerateDataKeyWithoutPlaintext",
            "ReEncryptFrom",
            "ReEncryptTo",
        ];
        operations.contains(&self.name)
    }

    /// Whether its requests may name the key by an alias: cryptographic operations, DescribeKey, GetPublicKey.
    pub fn takes_aliases(self) -> bool {
        let others = ["CreateGrant", "RetireGrant"];
        self.in_grants && !others.contains(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::{ACTIONS, On, find};

    /// The Service Authorization Reference counts so many, with those that are too new for it.
    #[test]
    fn numbers_of_actions() {
        assert_eq!(ACTIONS.len(), 57);
        let count = |test: fn(&super::Action) -> bool| ACTIONS.iter().filter(|action| test(action)).count();
        assert_eq!(count(|action| action.in_grants), 19);
        assert_eq!(count(|action| action.on == On::Nothing), 5);
        assert_eq!(count(|action| action.on == On::CustomKeyStore), 6);
        assert_eq!(count(|action| action.crosses_accounts), 22);
        assert_eq!(find("KMS:decrypt").map(|action| action.name), Some("Decrypt"));
        assert!(find("kms:ReEncrypt").is_none());
    }
}
