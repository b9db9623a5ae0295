//! Condition keys, with values for policies and for requests: small pools, so that the two often meet.

use Family::{Address, Arn, Binary, Boolean, Date, Number, Text};

/// What a condition key's values are, and so which operators compare them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    Text,
    Number,
    Date,
    Boolean,
    Binary,
    Address,
    Arn,
}

/// A condition key.
#[derive(Debug)]
pub(super) struct ContextKey {
    pub name: &'static str,
    pub family: Family,
    /// Whether a request may have several values.
    pub multivalued: bool,
    /// Values in policies.
    pub listed: &'static [&'static str],
    /// Values that a request may give by hand; none for keys that always follow from the rest.
    pub given: &'static [&'static str],
    /// The operations that carry it; empty for all of them.
    pub operations: &'static [&'static str],
    /// AWS has it in every request.
    pub always: bool,
}

const CRYPTO: &[&str] = &[
    "Encrypt",
    "Decrypt",
    "ReEncrypt",
    "ReEncryptFrom",
    "ReEncryptTo",
    "GenerateDataKey",
    "GenerateDataKeyWithoutPlaintext",
    "GenerateDataKeyPair",
    "GenerateDataKeyPairWithoutPlaintext",
    "CreateGrant",
    "RetireGrant",
];
const RE_ENCRYPT: &[&str] = &["ReEncrypt", "ReEncryptFrom", "ReEncryptTo"];
const PAIR: &[&str] = &["GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext"];
const SIGNING: &[&str] = &["Sign", "Verify"];
const TAGGING: &[&str] = &["TagResource", "UntagResource", "CreateKey", "ReplicateKey"];
const GRANTS: &[&str] = &["CreateGrant", "ListGrants", "RevokeGrant"];
const ALIASED: &[&str] = &["Decrypt", "Encrypt", "GenerateDataKey", "DescribeKey", "GetPublicKey", "Sign", "ReEncrypt"];
const ATTESTED: &[&str] =
    &["Decrypt", "GenerateDataKey", "GenerateDataKeyPair", "GenerateRandom", "DeriveSharedSecret"];

const ACCOUNTS: &[&str] = &["111122223333", "444455556666"];
const ORGANIZATIONS: &[&str] = &["o-exampleorgid", "o-exampleorgid", "o-*", "o-another00001"];
const PATHS: &[&str] = &[
    "o-exampleorgid/r-ab12/*",
    "o-exampleorgid/r-ab12/ou-ab12-11111111/",
    "o-exampleorgid/*/ou-ab12-22222222/*",
    "o-another00001/*",
];
const BOOLEANS: &[&str] = &["true", "false"];
const SERVICES: &[&str] = &["s3.us-west-2.amazonaws.com", "*.us-west-2.amazonaws.com", "ec2.us-west-2.amazonaws.com"];
const TRAILS: &[&str] =
    &["arn:aws:cloudtrail:us-west-2:111122223333:trail/audit", "arn:aws:cloudtrail:us-west-2:444455556666:trail/audit"];

/// A key that follows from caller, key, organization or parameters.
const fn derived(name: &'static str, family: Family, listed: &'static [&'static str]) -> ContextKey {
    ContextKey { name, family, multivalued: false, listed, given: &[], operations: &[], always: false }
}

impl ContextKey {
    const fn several(self) -> Self {
        Self { multivalued: true, ..self }
    }

    const fn given(self, given: &'static [&'static str]) -> Self {
        Self { given, ..self }
    }

    const fn on(self, operations: &'static [&'static str]) -> Self {
        Self { operations, ..self }
    }

    const fn always(self) -> Self {
        Self { always: true, ..self }
    }

    /// Whether a request for this operation can have it.
    pub(super) fn is_carried_by(&self, operation: &str) -> bool {
        self.operations.is_empty() || self.operations.contains(&operation)
    }

    /// Whether its value follows from what a scenario says, whoever of these callers asks.
    pub(super) fn is_known(&self, by_services: bool) -> bool {
        !(OPEN.contains(&self.name) || by_services && OPEN_FOR_SERVICES.contains(&self.name))
    }

    /// Whether KMS refuses `ForAllValues` on it in a key policy.
    pub(super) fn refuses_for_all_values(&self) -> bool {
        self.name.starts_with("kms:EncryptionContext:") || self.name.starts_with("aws:RequestTag/")
    }
}

/// Keys whose values only AWS knows.
const OPEN: &[&str] = &["kms:TrailingDaysWithoutKeyUsage", "aws:VpcSourceIp"];

/// Keys whose values AWS does not document for a service that calls for itself.
const OPEN_FOR_SERVICES: &[&str] =
    &["aws:PrincipalArn", "aws:PrincipalAccount", "aws:PrincipalType", "aws:userid", "kms:CallerAccount"];

/// Every condition key that is drawn.
pub(super) static CONTEXT_KEYS: &[ContextKey] = &[
    // The caller
    derived("aws:username", Text, &["Dana", "Eve", "D*", "dana", "${aws:PrincipalTag/name}"]),
    derived(
        "aws:userid",
        Text,
        &["AIDAEXAMPLEDANA000001", "AROAEXAMPLEAPP0000001:*", "*:job", "111122223333*", "AROA*:i-1"],
    )
    .always(),
    derived(
        "aws:PrincipalArn",
        Arn,
        &[
            "arn:aws:iam::111122223333:role/App",
            "arn:aws:iam::*:role/*",
            "arn:aws:iam::111122223333:user/dev/*",
            "arn:aws:iam::*:root",
            "arn:aws:iam::444455556666:*",
            "arn:aws:iam::${aws:PrincipalAccount}:role/service/Batch",
            "arn:aws:sts::111122223333:assumed-role/App/i-1",
        ],
    )
    .always(),
    derived("aws:PrincipalAccount", Text, ACCOUNTS).always(),
    derived("aws:PrincipalAccount", Text, &["${aws:ResourceAccount}", "1111*"]).always(),
    derived("aws:PrincipalOrgID", Text, ORGANIZATIONS),
    derived("aws:PrincipalOrgID", Text, &["${aws:ResourceOrgID}"]),
    derived("aws:PrincipalOrgPaths", Text, PATHS).several(),
    derived("aws:PrincipalType", Text, &["User", "AssumedRole", "Account", "FederatedUser"]).always(),
    derived("aws:PrincipalTag/team", Text, &["blue", "red", "b*", "${aws:ResourceTag/team}", "BLUE"])
        .given(&["blue", "green", ""]),
    derived("aws:PrincipalTag/digest", Binary, &["YmxvYg==", "b3RoZXI="]).given(&["YmxvYg==", "b3RoZXI="]),
    derived("aws:PrincipalIsAWSService", Boolean, BOOLEANS).always(),
    derived("aws:PrincipalServiceName", Text, &["cloudtrail.amazonaws.com", "*.amazonaws.com"]),
    // The session
    derived("aws:MultiFactorAuthPresent", Boolean, BOOLEANS).given(BOOLEANS),
    derived("aws:MultiFactorAuthPresent", Boolean, &["true"]),
    derived("aws:MultiFactorAuthAge", Number, &["300", "3600", "120.5"]).given(&["120.5", "4000"]),
    derived("aws:TokenIssueTime", Date, &["2026-11-23T10:00:00Z", "2026-11-24"]).given(&["2026-11-23T11:59:59.5Z"]),
    derived("aws:SourceIdentity", Text, &["dana@example.com", "*@example.com"]).given(&["eve@example.com"]),
    derived("aws:FederatedProvider", Text, &["accounts.google.com", "arn:aws:iam::111122223333:saml-provider/*"])
        .given(&["accounts.google.com"]),
    // The network
    derived(
        "aws:SourceIp",
        Address,
        &["203.0.113.0/24", "198.51.100.7", "2001:db8::/32", "2001:db8:0::1", "0.0.0.0/0"],
    )
    .given(&["203.0.113.9", "198.51.100.7", "2001:db8::1"]),
    derived("aws:SourceIp", Address, &["203.0.113.7/24"]).given(&["203.0.113.200", "192.0.2.1"]),
    derived("aws:VpcSourceIp", Address, &["10.0.0.0/8"]).given(&["10.1.2.3"]),
    derived("aws:SourceVpce", Text, &["vpce-0a1b2c3d", "vpce-*"]),
    derived("aws:SourceVpc", Text, &["vpc-0a1b2c3d", "vpc-0*"]),
    derived("aws:VpceAccount", Text, ACCOUNTS),
    derived("aws:VpceOrgID", Text, ORGANIZATIONS),
    derived("aws:VpceOrgPaths", Text, PATHS).several(),
    // The resource
    derived("aws:ResourceAccount", Text, ACCOUNTS),
    derived("aws:ResourceAccount", Text, &["${aws:PrincipalAccount}"]),
    derived("aws:ResourceOrgID", Text, ORGANIZATIONS),
    derived("aws:ResourceOrgID", Text, &["${aws:PrincipalOrgID}"]),
    derived("aws:ResourceOrgPaths", Text, PATHS).several(),
    derived("aws:ResourceTag/env", Text, &["prod", "test", "${aws:PrincipalTag/env, 'prod'}"]),
    derived("aws:ResourceTag/Team", Text, &["blue", "${aws:PrincipalTag/team}"]),
    // The request
    derived("aws:RequestedRegion", Text, &["us-west-2", "eu-*", "us-*"]).always(),
    derived("aws:SecureTransport", Boolean, BOOLEANS).always(),
    derived("aws:CurrentTime", Date, &["2026-11-23T12:00:00Z", "2026-11", "2027-01-01T00:00+01:00", "1795435200"])
        .given(&["2026-12-24T00:00:00Z"])
        .always(),
    derived("aws:EpochTime", Number, &["1795435200", "1795435199.5"]).always(),
    derived("aws:EpochTime", Date, &["2026-11-23T12:00:00Z", "2026-11-24"]).always(),
    derived("aws:UserAgent", Text, &["aws-cli/*", "*Boto3*"]).given(&["aws-cli/2.31", "Boto3/1.40"]).always(),
    derived("aws:referer", Text, &["https://example.com/*"]).given(&["https://example.com/a"]),
    derived("aws:RequestTag/cost", Text, &["low", "high", "${aws:PrincipalTag/cost}"]).on(TAGGING),
    derived("aws:TagKeys", Text, &["cost", "owner", "c*"]).several().on(TAGGING),
    // Services
    derived("aws:SourceArn", Arn, TRAILS).given(TRAILS),
    derived("aws:SourceArn", Arn, &["arn:aws:cloudtrail:*:111122223333:*"]).given(TRAILS),
    derived("aws:SourceAccount", Text, ACCOUNTS).given(ACCOUNTS),
    derived("aws:SourceOrgID", Text, ORGANIZATIONS),
    derived("aws:SourceOrgPaths", Text, PATHS).several(),
    derived("aws:ViaAWSService", Boolean, BOOLEANS).always(),
    derived("aws:CalledVia", Text, &["athena.amazonaws.com", "*.amazonaws.com"]).several(),
    derived("aws:CalledViaFirst", Text, &["athena.amazonaws.com"]),
    derived("kms:ViaService", Text, SERVICES),
    // The key
    derived("kms:CallerAccount", Text, ACCOUNTS),
    derived("kms:CallerAccount", Text, &["${aws:ResourceAccount}"]),
    derived("kms:KeySpec", Text, &["SYMMETRIC_DEFAULT", "RSA_*", "ECC_NIST_P256"]),
    derived("kms:KeyUsage", Text, &["ENCRYPT_DECRYPT", "SIGN_VERIFY"]),
    derived("kms:KeyOrigin", Text, &["AWS_KMS", "EXTERNAL"]),
    derived("kms:MultiRegion", Boolean, BOOLEANS),
    derived("kms:MultiRegionKeyType", Text, &["PRIMARY", "REPLICA"]),
    derived("kms:ResourceAliases", Text, &["alias/orders", "alias/*", "alias/archive"]).several(),
    derived("kms:RequestAlias", Text, &["alias/orders", "alias/*"]).on(ALIASED),
    // Cryptographic operations
    derived("kms:EncryptionAlgorithm", Text, &["SYMMETRIC_DEFAULT", "RSAES_*"]).on(CRYPTO),
    derived("kms:EncryptionContext:tenant", Text, &["42", "7", "${aws:PrincipalTag/team}"]).on(CRYPTO),
    derived("kms:EncryptionContext:Stage", Text, &["prod", "Prod", "p*"]).on(CRYPTO),
    derived("kms:EncryptionContextKeys", Text, &["tenant", "stage", "Tenant"]).several().on(CRYPTO),
    derived("kms:ReEncryptOnSameKey", Boolean, BOOLEANS).on(RE_ENCRYPT),
    derived("kms:DataKeyPairSpec", Text, &["RSA_2048", "ECC_*"]).on(PAIR),
    derived("kms:SigningAlgorithm", Text, &["RSASSA_PSS_SHA_256", "ECDSA_*"]).on(SIGNING),
    derived("kms:MessageType", Text, &["RAW", "DIGEST"]).on(SIGNING),
    derived("kms:MacAlgorithm", Text, &["HMAC_SHA_256", "HMAC_SHA_512"]).on(&["GenerateMac", "VerifyMac"]),
    derived("kms:KeyAgreementAlgorithm", Text, &["ECDH"]).on(&["DeriveSharedSecret"]),
    derived("kms:RecipientAttestation:ImageSha384", Text, &["9fedcba8", "9FEDCBA8"]).given(&["9fedcba8"]).on(ATTESTED),
    // Grants
    derived("kms:GrantIsForAWSResource", Boolean, BOOLEANS).on(GRANTS),
    derived("kms:GrantOperations", Text, &["Decrypt", "Encrypt", "GenerateDataKey", "*Key"]).several().on(GRANTS),
    derived("kms:GranteePrincipal", Text, &["arn:aws:iam::111122223333:role/App", "*:role/*"]).on(GRANTS),
    derived("kms:GranteeServicePrincipal", Text, &["cloudtrail.amazonaws.com"]).on(GRANTS),
    derived("kms:RetiringPrincipal", Text, &["arn:aws:iam::111122223333:user/Eve", "*:role/*"]).on(GRANTS),
    derived("kms:GrantConstraintType", Text, &["EncryptionContextSubset", "EncryptionContextEquals"])
        .on(&["CreateGrant", "RetireGrant"]),
    derived("kms:GrantConstraintSourceArn", Arn, TRAILS).on(&["CreateGrant"]),
    // Managing keys
    derived("kms:PolicyName", Text, &["default"]).on(&["PutKeyPolicy", "GetKeyPolicy"]),
    derived("kms:BypassPolicyLockoutSafetyCheck", Boolean, BOOLEANS).on(&["PutKeyPolicy", "CreateKey"]),
    derived("kms:ExpirationModel", Text, &["KEY_MATERIAL_EXPIRES"]).on(&["ImportKeyMaterial"]),
    derived("kms:ValidTo", Date, &["2026-12-31T00:00:00Z"]).on(&["ImportKeyMaterial"]),
    derived("kms:WrappingAlgorithm", Text, &["RSAES_OAEP_SHA_256"]).on(&["GetParametersForImport"]),
    derived("kms:WrappingKeySpec", Text, &["RSA_4096"]).on(&["GetParametersForImport"]),
    derived("kms:RotationPeriodInDays", Number, &["365", "180"]).on(&["EnableKeyRotation"]),
    derived("kms:ScheduleKeyDeletionPendingWindowInDays", Number, &["30", "7"]).on(&["ScheduleKeyDeletion"]),
    derived("kms:TrailingDaysWithoutKeyUsage", Number, &["90"])
        .given(&["100"])
        .on(&["DisableKey", "ScheduleKeyDeletion"]),
    derived("kms:ReplicaRegion", Text, &["eu-*", "us-east-1"]).on(&["ReplicateKey"]),
    derived("kms:PrimaryRegion", Text, &["eu-*", "us-west-2"]).on(&["UpdatePrimaryRegion"]),
];
