use super::{ConditionKeyInfo, Presence, ValueType};
use crate::catalog::{Action, ActionSet, ResourceType};
use ValueType::{Arn, Bool, Date, DateOrNumeric, Ip, Numeric, String};

/// AWS's page of global condition keys, at one of them.
macro_rules! iam {
    ($anchor:literal) => {
        concat!(
            "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-",
            $anchor
        )
    };
}

/// AWS's page of KMS's own condition keys, at one of them.
macro_rules! kms {
    ($anchor:literal) => {
        concat!("https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-", $anchor)
    };
}

const GLOBAL: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html";
const ATTESTATION: &str = "https://docs.aws.amazon.com/kms/latest/developerguide/conditions-attestation.html";
const KEY_POLICY_API: &str = "https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html";

// Which requests carry a key of KMS:
// https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html.

const ANY: ActionSet = ActionSet::ALL;

/// Actions on a key.
const ON_KEY: ActionSet = on(ResourceType::Key);

/// Those that describe it: the Service Authorization Reference lists no condition keys for what KMS
/// does itself to keep multi-Region keys alike.
const KEY: ActionSet = except(ON_KEY, &[Action::SynchronizeMultiRegionKey]);

/// Those that describe a key by its properties, and the one that gives a key its properties.
const PROPERTIES: ActionSet = and(except(KEY, &[Action::RetireGrant]), &[Action::CreateKey]);

const KEY_AND_CREATE: ActionSet = and(KEY, &[Action::CreateKey]);
const CALLER: ActionSet = KEY_AND_CREATE.union(on(ResourceType::CustomKeyStore));

/// Operations that encrypt or decrypt, with the data keys among them.
const ENCRYPTION: ActionSet = ActionSet::from_actions(&[
    Action::Decrypt,
    Action::Encrypt,
    Action::GenerateDataKey,
    Action::GenerateDataKeyPair,
    Action::GenerateDataKeyPairWithoutPlaintext,
    Action::GenerateDataKeyWithoutPlaintext,
    Action::ReEncryptFrom,
    Action::ReEncryptTo,
]);
const ENCRYPTION_CONTEXT: ActionSet = and(ENCRYPTION, &[Action::CreateGrant, Action::RetireGrant]);
const ALIAS_NAMED: ActionSet = accepting_aliases();
const ENCLAVE: ActionSet = ActionSet::from_actions(&[
    Action::Decrypt,
    Action::DeriveSharedSecret,
    Action::GenerateDataKey,
    Action::GenerateDataKeyPair,
    Action::GenerateRandom,
]);
const RE_ENCRYPT: ActionSet = ActionSet::from_actions(&[Action::ReEncryptFrom, Action::ReEncryptTo]);
const KEY_PAIR: ActionSet =
    ActionSet::from_actions(&[Action::GenerateDataKeyPair, Action::GenerateDataKeyPairWithoutPlaintext]);
const MAC: ActionSet = ActionSet::from_actions(&[Action::GenerateMac, Action::VerifyMac]);
const SIGNATURE: ActionSet = ActionSet::from_actions(&[Action::Sign, Action::Verify]);
const GRANT: ActionSet = ActionSet::from_actions(&[Action::CreateGrant]);
const GRANT_CONSTRAINT: ActionSet = and(GRANT, &[Action::RetireGrant]);
const GRANT_FOR_SERVICE: ActionSet = and(GRANT, &[Action::ListGrants, Action::RevokeGrant]);
const NEW_POLICY: ActionSet = ActionSet::from_actions(&[Action::CreateKey, Action::PutKeyPolicy]);
const POLICY_NAME: ActionSet = ActionSet::from_actions(&[Action::GetKeyPolicy, Action::PutKeyPolicy]);
const IMPORT: ActionSet = ActionSet::from_actions(&[Action::ImportKeyMaterial]);
const WRAPPING: ActionSet = ActionSet::from_actions(&[Action::GetParametersForImport]);
const DELETION: ActionSet = ActionSet::from_actions(&[Action::ScheduleKeyDeletion]);
const DISUSE: ActionSet = and(DELETION, &[Action::DisableKey]);
const TAGGING: ActionSet = ActionSet::from_actions(&[Action::CreateKey, Action::TagResource, Action::UntagResource]);

/// Every condition key and family, ordered by name without case.
///
/// Global keys come from AWS's list of them, `kms:` keys from the KMS Developer Guide.
#[rustfmt::skip] // A table: a key a line.
pub static ALL: &[ConditionKeyInfo] = &[
    key("aws:AssumedRoot",                            Bool,          ANY,                              iam!("assumedroot")),
    key("aws:CalledVia",                              String,        ANY,                              iam!("calledvia")).multivalued(),
    key("aws:CalledViaAWSMCP",                        String,        ANY,                              iam!("calledviaawasmcp")),
    key("aws:CalledViaFirst",                         String,        ANY,                              iam!("calledviafirst")),
    key("aws:CalledViaLast",                          String,        ANY,                              iam!("calledvialast")),
    key("aws:ChatbotSourceArn",                       Arn,           ANY,                              iam!("chatbotsourcearn")),
    key("aws:CurrentTime",                            Date,          ANY,                              iam!("currenttime")).always(),
    key("aws:Ec2InstanceSourcePrivateIPv4",           Ip,            ANY,                              iam!("ec2instancesourceprivateip4")),
    key("aws:Ec2InstanceSourceVpc",                   String,        ANY,                              iam!("ec2instancesourcevpc")),
    key("aws:EpochTime",                              DateOrNumeric, ANY,                              iam!("epochtime")).always(),
    key("aws:FederatedProvider",                      String,        ANY,                              iam!("federatedprovider")),
    key("aws:IsMcpServiceAction",                     Bool,          ANY,                              iam!("ismcpserviceaction")),
    key("aws:MultiFactorAuthAge",                     Numeric,       ANY,                              iam!("multifactorauthage")),
    key("aws:MultiFactorAuthPresent",                 Bool,          ANY,                              iam!("multifactorauthpresent")),
    key("aws:PrincipalAccount",                       String,        ANY,                              iam!("principalaccount")).always(),
    key("aws:PrincipalArn",                           Arn,           ANY,                              iam!("principalarn")).always(),
    key("aws:PrincipalIsAWSService",                  Bool,          ANY,                              iam!("principalisawsservice")).always(),
    key("aws:PrincipalOrgID",                         String,        ANY,                              iam!("principalorgid")),
    key("aws:PrincipalOrgPaths",                      String,        ANY,                              iam!("principalorgpaths")).multivalued(),
    key("aws:PrincipalServiceName",                   String,        ANY,                              iam!("principalservicename")),
    key("aws:PrincipalServiceNamesList",              String,        ANY,                              iam!("principalservicenameslist")).multivalued(),
    key("aws:PrincipalTag/",                          String,        ANY,                              iam!("principaltag")),
    key("aws:PrincipalType",                          String,        ANY,                              iam!("principaltype")).always(),
    key("aws:referer",                                String,        ANY,                              iam!("referer")),
    key("aws:RequestedRegion",                        String,        ANY,                              iam!("requestedregion")).always(),
    key("aws:RequestTag/",                            String,        TAGGING,                          iam!("requesttag")),
    key("aws:ResourceAccount",                        String,        ANY,                              iam!("resourceaccount")).always(),
    key("aws:ResourceOrgID",                          String,        ANY,                              iam!("resourceorgid")),
    key("aws:ResourceOrgPaths",                       String,        ANY,                              iam!("resourceorgpaths")).multivalued(),
    key("aws:ResourceTag/",                           String,        KEY_AND_CREATE,                   iam!("resourcetag")),
    key("aws:SecureTransport",                        Bool,          ANY,                              iam!("securetransport")).always(),
    key("aws:SignInSessionArn",                       Arn,           ANY,                              iam!("signinsessionarn")),
    key("aws:SourceAccount",                          String,        ANY,                              iam!("sourceaccount")),
    key("aws:SourceArn",                              Arn,           ANY,                              iam!("sourcearn")),
    key("aws:SourceIdentity",                         String,        ANY,                              iam!("sourceidentity")),
    // Absent from requests that come through a VPC endpoint.
    key("aws:SourceIp",                               Ip,            ANY,                              iam!("sourceip")),
    key("aws:SourceOrgID",                            String,        ANY,                              iam!("sourceorgid")),
    key("aws:SourceOrgPaths",                         String,        ANY,                              iam!("sourceorgpaths")).multivalued(),
    key("aws:SourceVpc",                              String,        ANY,                              iam!("sourcevpc")),
    key("aws:SourceVpcArn",                           Arn,           ANY,                              iam!("sourcevpcarn")),
    key("aws:SourceVpce",                             String,        ANY,                              iam!("sourcevpce")),
    key("aws:TagKeys",                                String,        TAGGING,                          iam!("tagkeys")).multivalued(),
    key("aws:TokenIssueTime",                         Date,          ANY,                              iam!("tokenissuetime")),
    key("aws:UserAgent",                              String,        ANY,                              iam!("useragent")).always(),
    key("aws:userid",                                 String,        ANY,                              iam!("userid")).always(),
    key("aws:username",                               String,        ANY,                              iam!("username")),
    key("aws:ViaAWSMCPService",                       Bool,          ANY,                              iam!("viaawsmcpservice")),
    key("aws:ViaAWSService",                          Bool,          ANY,                              iam!("viaawsservice")).always(),
    key("aws:ViaCustomerDomain",                      String,        ANY,                              GLOBAL),
    key("aws:VpceAccount",                            String,        ANY,                              iam!("vpceaccount")),
    key("aws:VpceOrgID",                              String,        ANY,                              iam!("vpceorgid")),
    key("aws:VpceOrgPaths",                           String,        ANY,                              iam!("vpceorgpaths")).multivalued(),
    key("aws:VpcSourceIp",                            Ip,            ANY,                              iam!("vpcsourceip")),
    key("codebuild:BuildArn",                         Arn,           ANY,                              iam!("codebuild-build-arn")),
    key("codebuild:ProjectArn",                       Arn,           ANY,                              iam!("codebuild-project-arn")),
    key("ec2:RoleDelivery",                           Numeric,       ANY,                              iam!("ec2-role-delivery")),
    key("ec2:SourceInstanceArn",                      Arn,           ANY,                              iam!("ec2-source-instance-arn")),
    key("glue:CredentialIssuingService",              String,        ANY,                              iam!("glue-credential-issuing")),
    key("glue:RoleAssumedBy",                         String,        ANY,                              iam!("glue-role-assumed-by")),
    key("identitystore:UserId",                       String,        ANY,                              iam!("identity-store-user-id")),
    key("kms:BypassPolicyLockoutSafetyCheck",         Bool,          NEW_POLICY,                       kms!("bypass-policy-lockout-safety-check")),
    key("kms:CallerAccount",                          String,        CALLER,                           kms!("caller-account")),
    // The former names of `kms:KeySpec` and `kms:KeyUsage`.
    key("kms:CustomerMasterKeySpec",                  String,        PROPERTIES,                       kms!("customer-master-key-spec")),
    key("kms:CustomerMasterKeyUsage",                 String,        PROPERTIES,                       kms!("customer-master-key-usage")),
    key("kms:DataKeyPairSpec",                        String,        KEY_PAIR,                         kms!("data-key-spec")),
    key("kms:EncryptionAlgorithm",                    String,        ENCRYPTION,                       kms!("encryption-algorithm")),
    key("kms:EncryptionContext:",                     String,        ENCRYPTION_CONTEXT,               kms!("encryption-context")),
    key("kms:EncryptionContextKeys",                  String,        ENCRYPTION_CONTEXT,               kms!("encryption-context-keys")).multivalued(),
    key("kms:ExpirationModel",                        String,        IMPORT,                           kms!("expiration-model")),
    key("kms:GrantConstraintSourceArn",               Arn,           GRANT,                            kms!("grant-constraint-source-arn")),
    key("kms:GrantConstraintType",                    String,        GRANT_CONSTRAINT,                 kms!("grant-constraint-type")),
    key("kms:GranteePrincipal",                       String,        GRANT,                            kms!("grantee-principal")),
    key("kms:GranteeServicePrincipal",                String,        GRANT,                            kms!("grantee-service-principal")),
    key("kms:GrantIsForAWSResource",                  Bool,          GRANT_FOR_SERVICE,                kms!("grant-is-for-aws-resource")),
    key("kms:GrantOperations",                        String,        GRANT,                            kms!("grant-operations")).multivalued(),
    key("kms:KeyAgreementAlgorithm",                  String,        one(Action::DeriveSharedSecret),  kms!("key-agreement-algorithm")),
    key("kms:KeyOrigin",                              String,        PROPERTIES,                       kms!("key-origin")),
    key("kms:KeySpec",                                String,        PROPERTIES,                       kms!("key-spec")),
    key("kms:KeyUsage",                               String,        PROPERTIES,                       kms!("key-usage")),
    key("kms:MacAlgorithm",                           String,        MAC,                              kms!("mac-algorithm")),
    key("kms:MessageType",                            String,        SIGNATURE,                        kms!("message-type")),
    key("kms:MultiRegion",                            Bool,          PROPERTIES,                       kms!("multiregion")),
    key("kms:MultiRegionKeyType",                     String,        PROPERTIES,                       kms!("multiregion-key-type")),
    key("kms:PolicyName",                             String,        POLICY_NAME,                      KEY_POLICY_API),
    key("kms:PrimaryRegion",                          String,        one(Action::UpdatePrimaryRegion), kms!("primary-region")),
    key("kms:RecipientAttestation:ImageSha384",       String,        ENCLAVE,                          ATTESTATION),
    key("kms:RecipientAttestation:NitroTPMPCR",       String,        ENCLAVE,                          ATTESTATION).numbered(24),
    key("kms:RecipientAttestation:PCR",               String,        ENCLAVE,                          ATTESTATION).numbered(32),
    key("kms:ReEncryptOnSameKey",                     Bool,          RE_ENCRYPT,                       kms!("reencrypt-on-same-key")),
    key("kms:ReplicaRegion",                          String,        one(Action::ReplicateKey),        kms!("replica-region")),
    key("kms:RequestAlias",                           String,        ALIAS_NAMED,                      kms!("request-alias")),
    key("kms:ResourceAliases",                        String,        KEY,                              kms!("resource-aliases")).multivalued(),
    key("kms:RetiringPrincipal",                      String,        GRANT,                            kms!("retiring-principal")),
    key("kms:RetiringServicePrincipal",               String,        GRANT,                            kms!("retiring-service-principal")),
    key("kms:RotationPeriodInDays",                   Numeric,       one(Action::EnableKeyRotation),   kms!("rotation-period-in-days")),
    key("kms:ScheduleKeyDeletionPendingWindowInDays", Numeric,       DELETION,                         kms!("schedule-key-deletion-pending-window-in-days")),
    key("kms:SigningAlgorithm",                       String,        SIGNATURE,                        kms!("signing-algorithm")),
    key("kms:TrailingDaysWithoutKeyUsage",            Numeric,       DISUSE,                           kms!("trailing-days-without-key-usage")),
    key("kms:ValidTo",                                DateOrNumeric, IMPORT,                           kms!("valid-to")),
    key("kms:ViaService",                             String,        KEY_AND_CREATE,                   kms!("via-service")),
    key("kms:WrappingAlgorithm",                      String,        WRAPPING,                         kms!("wrapping-algorithm")),
    key("kms:WrappingKeySpec",                        String,        WRAPPING,                         kms!("wrapping-key-spec")),
    key("lambda:SourceFunctionArn",                   Arn,           ANY,                              iam!("lambda-source-function-arn")),
    key("ssm:SourceInstanceArn",                      Arn,           ANY,                              iam!("ssm-source-instance-arn")),
];

/// A single-valued key that is not in every request. A name that ends in a separator is a family's.
const fn key(name: &'static str, value: ValueType, carried_by: ActionSet, page: &'static str) -> ConditionKeyInfo {
    let family = matches!(name.as_bytes(), [.., b':' | b'/']);
    let presence = Presence::Sometimes;
    ConditionKeyInfo { name, family, value, multivalued: false, presence, carried_by, page, numbered: None }
}

impl ConditionKeyInfo {
    const fn multivalued(self) -> Self {
        Self { multivalued: true, ..self }
    }

    const fn always(self) -> Self {
        Self { presence: Presence::EveryRequest, ..self }
    }

    const fn numbered(self, count: u8) -> Self {
        Self { family: true, numbered: Some(count), ..self }
    }
}

const fn one(action: Action) -> ActionSet {
    ActionSet::from_actions(&[action])
}

const fn and(set: ActionSet, more: &[Action]) -> ActionSet {
    set.union(ActionSet::from_actions(more))
}

const fn except(set: ActionSet, fewer: &[Action]) -> ActionSet {
    set.intersection(ActionSet::from_actions(fewer).complement())
}

const fn on(resource: ResourceType) -> ActionSet {
    let mut set = ActionSet::EMPTY;
    let mut rest = Action::ALL;
    while let [action, others @ ..] = rest {
        if action.resource() as u8 == resource as u8 {
            set.insert(*action);
        }
        rest = others;
    }
    set
}

const fn accepting_aliases() -> ActionSet {
    let mut set = ActionSet::EMPTY;
    let mut rest = Action::ALL;
    while let [action, others @ ..] = rest {
        if action.accepts_alias() {
            set.insert(*action);
        }
        rest = others;
    }
    set
}
