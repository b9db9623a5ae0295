use crate::catalog::{Action, Operation};

/// What CloudTrail shows of an operation. What is not named here is never shown, so that no secret is, nor any
/// parameter or result that somebody adds one day.
pub(super) struct Row {
    /// `readOnly`: whether it changes nothing. Using a key changes nothing.
    pub read_only: bool,
    /// The parameters in `requestParameters`, in the order of AWS's sample; `requestParameters` is null if none is
    /// given.
    pub parameters: &'static [&'static str],
    /// The members of the result in `responseElements`. Those of operations that change nothing are never shown.
    pub results: &'static [&'static str],
    /// Whether `responseElements.keyId` is the ARN of the key even though the operation does not return it: "entries
    /// for this operation recorded on or after December 2022".
    pub key_arn: bool,
}

macro_rules! is {
    (reads) => {
        true
    };
    (writes) => {
        false
    };
    (returned) => {
        false
    };
    (added) => {
        true
    };
}

macro_rules! rows {
    ($($name:ident $access:ident [$($parameter:ident)*] [$($result:ident)*] $key_arn:ident;)*) => {
        impl Row {
            /// The row of an action. Each half of `ReEncrypt` is recorded as the whole.
            const fn of_action(action: Action) -> &'static Self {
                match action {
                    $(Action::$name => &Row {
                        read_only: is!($access),
                        parameters: &[$(stringify!($parameter)),*],
                        results: &[$(stringify!($result)),*],
                        key_arn: is!($key_arn),
                    },)*
                    Action::ReEncryptFrom | Action::ReEncryptTo => Self::RE_ENCRYPT,
                }
            }
        }
    };
}

// The pages are https://docs.aws.amazon.com/kms/latest/developerguide/<page>.html. Where none is named, AWS prints no
// sample, or none that we have seen, and the row follows from the others.
//
// `DryRun` and `DryRunModifiers` are in no sample. They are shown as any parameter is that is no secret.
rows! {
    // operation                        page: parameters, members of the result, and whether the key's ARN is
    //                                  added to them
    CancelKeyDeletion writes            // ct-cancel-key-deletion
        [KeyId] [KeyId] returned;
    ConnectCustomKeyStore writes        // ct-connect-keystore
        [CustomKeyStoreId] [] returned;
    CreateAlias writes                  // ct-createalias
        [AliasName TargetKeyId] [] added;
    CreateCustomKeyStore writes         // ct-create-keystore
        [CustomKeyStoreName CustomKeyStoreType CloudHsmClusterId XksProxyUriEndpoint XksProxyUriPath
            XksProxyVpcEndpointServiceName XksProxyVpcEndpointServiceOwner XksProxyConnectivity]
        [CustomKeyStoreId] returned;
    CreateGrant writes                  // ct-creategrant
        [KeyId Constraints Operations GranteePrincipal GranteeServicePrincipal RetiringPrincipal
            RetiringServicePrincipal Name DryRun]
        [GrantId] added;
    CreateKey writes                    // ct-createkey
        [Policy Description Origin BypassPolicyLockoutSafetyCheck CustomerMasterKeySpec KeySpec KeyUsage MultiRegion
            CustomKeyStoreId XksKeyId Tags]
        [KeyMetadata] returned;
    Decapsulate reads                   // ct-decapsulate
        [KeyId EncapsulationAlgorithm DryRun] [] returned;
    Decrypt reads                       // ct-decrypt
        [EncryptionAlgorithm KeyId EncryptionContext DryRun DryRunModifiers] [] returned;
    DeleteAlias writes                  // ct-deletealias
        [AliasName] [] added;
    DeleteCustomKeyStore writes         // ct-delete-keystore
        [CustomKeyStoreId] [] returned;
    DeleteImportedKeyMaterial writes    // ct-deleteimportedkeymaterial
        [KeyId KeyMaterialId] [KeyId KeyMaterialId] returned;
    DeriveSharedSecret reads
        [KeyAgreementAlgorithm KeyId DryRun] [] returned;
    DescribeCustomKeyStores reads       // ct-describe-keystores
        [CustomKeyStoreId CustomKeyStoreName Limit Marker] [] returned;
    DescribeKey reads                   // ct-describekey
        [KeyId] [] returned;
    DisableKey writes                   // ct-disablekey
        [KeyId] [] added;
    DisableKeyRotation writes           // ct-disable-key-rotation
        [KeyId] [] returned;
    DisconnectCustomKeyStore writes     // ct-disconnect-keystore
        [CustomKeyStoreId] [] returned;
    EnableKey writes                    // ct-enablekey
        [KeyId] [] added;
    EnableKeyRotation writes            // ct-enablekeyrotation
        [KeyId RotationPeriodInDays] [] added;
    Encapsulate reads
        [KeyId EncapsulationAlgorithm DryRun] [] returned;
    Encrypt reads                       // ct-encrypt
        [KeyId EncryptionAlgorithm EncryptionContext DryRun] [] returned;
    GenerateDataKey reads               // ct-generatedatakey
        [KeyId KeySpec NumberOfBytes EncryptionContext DryRun] [] returned;
    GenerateDataKeyPair reads           // ct-generatedatakeypair
        [KeyPairSpec EncryptionContext KeyId DryRun] [] returned;
    GenerateDataKeyPairWithoutPlaintext reads // ct-generatedatakeypairwithoutplaintext
        [KeyPairSpec EncryptionContext KeyId DryRun] [] returned;
    GenerateDataKeyWithoutPlaintext reads // ct-generatedatakeyplaintext
        [KeyId KeySpec NumberOfBytes EncryptionContext DryRun] [] returned;
    GenerateMac reads                   // ct-generatemac
        [MacAlgorithm KeyId DryRun] [] returned;
    GenerateRandom reads                // ct-generaterandom, whose `requestParameters` is null
        [] [] returned;
    GetKeyLastUsage reads
        [KeyId] [] returned;
    GetKeyPolicy reads                  // ct-getkeypolicy
        [KeyId PolicyName] [] returned;
    GetKeyRotationStatus reads          // ct-getkeyrotationstatus
        [KeyId] [] returned;
    GetParametersForImport reads        // ct-getparametersforimport
        [KeyId WrappingAlgorithm WrappingKeySpec] [] returned;
    GetPublicKey reads
        [KeyId] [] returned;
    ImportKeyMaterial writes            // ct-importkeymaterial
        [KeyId ValidTo ExpirationModel ImportType KeyMaterialDescription KeyMaterialId] [KeyId KeyMaterialId] added;
    ListAliases reads                   // ct-listaliases
        [Limit Marker KeyId] [] returned;
    ListGrants reads                    // ct-listgrants
        [KeyId Marker Limit GrantId GranteePrincipal GranteeServicePrincipal] [] returned;
    ListKeyPolicies reads
        [KeyId Marker Limit] [] returned;
    ListKeyRotations reads              // ct-listkeyrotations
        [KeyId IncludeKeyMaterial Marker Limit] [] returned;
    ListKeys reads
        [Limit Marker] [] returned;
    ListResourceTags reads
        [KeyId Marker Limit] [] returned;
    ListRetirableGrants reads
        [RetiringPrincipal Marker Limit] [] returned;
    PutKeyPolicy writes                 // ct-put-key-policy
        [KeyId PolicyName Policy BypassPolicyLockoutSafetyCheck] [] returned;
    ReplicateKey writes                 // ct-replicate-key
        [KeyId ReplicaRegion BypassPolicyLockoutSafetyCheck Description Policy Tags]
        [ReplicaKeyMetadata ReplicaPolicy ReplicaTags] returned;
    RetireGrant writes                  // ct-retire-grant, whose `requestParameters` is null
        [] [] returned;
    RevokeGrant writes                  // ct-revoke-grant
        [KeyId GrantId DryRun] [] returned;
    RotateKeyOnDemand writes            // ct-rotatekeyondemand
        [KeyId] [KeyId] returned;
    ScheduleKeyDeletion writes          // ct-schedule-key-deletion
        [PendingWindowInDays KeyId] [KeyId KeyState DeletionDate PendingWindowInDays] returned;
    Sign reads                          // ct-sign
        [MessageType KeyId SigningAlgorithm DryRun] [] returned;
    SynchronizeMultiRegionKey writes    // nobody can request it: see `service_event`
        [] [] returned;
    TagResource writes                  // ct-tagresource
        [KeyId Tags] [] added;
    UntagResource writes                // ct-untagresource
        [KeyId TagKeys] [] added;
    UpdateAlias writes                  // ct-updatealias
        [AliasName TargetKeyId] [] added;
    UpdateCustomKeyStore writes         // ct-update-keystore
        [CustomKeyStoreId NewCustomKeyStoreName CloudHsmClusterId XksProxyUriEndpoint XksProxyUriPath
            XksProxyVpcEndpointServiceName XksProxyVpcEndpointServiceOwner XksProxyConnectivity]
        [] returned;
    UpdateKeyDescription writes         // ct-update-key-description
        [KeyId Description] [] returned;
    UpdatePrimaryRegion writes          // ct-update-primary-region
        [KeyId PrimaryRegion] [] added;
    Verify reads                        // ct-verify
        [SigningAlgorithm KeyId MessageType DryRun] [] returned;
    VerifyMac reads                     // ct-verifymac
        [MacAlgorithm KeyId DryRun] [] returned;
}

impl Row {
    // ct-reencrypt
    const RE_ENCRYPT: &'static Self = &Self {
        read_only: true,
        parameters: &[
            "SourceKeyId",
            "SourceEncryptionAlgorithm",
            "SourceEncryptionContext",
            "DestinationKeyId",
            "DestinationEncryptionAlgorithm",
            "DestinationEncryptionContext",
            "DryRun",
            "DryRunModifiers",
        ],
        results: &[],
        key_arn: false,
    };

    pub const fn of(operation: Operation) -> &'static Self {
        match operation {
            Operation::Of(action) => Self::of_action(action),
            Operation::ReEncrypt => Self::RE_ENCRYPT,
        }
    }
}

/// `eventName`: "`ReEncrypt`", never one of its halves
/// (<https://docs.aws.amazon.com/kms/latest/developerguide/ct-reencrypt.html>).
pub(super) const fn event_name(operation: Operation) -> &'static str {
    match operation {
        Operation::Of(Action::ReEncryptFrom | Action::ReEncryptTo) => Operation::ReEncrypt.name(),
        other => other.name(),
    }
}
