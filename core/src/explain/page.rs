//! AWS's pages, by what they settle.

pub const DEFAULT_KEY_POLICY: &str = "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html";
pub const KEY_POLICIES: &str = "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html";
pub const IAM_POLICIES: &str = "https://docs.aws.amazon.com/kms/latest/developerguide/iam-policies.html";
pub const CROSS_ACCOUNT: &str =
    "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html";
pub const GRANTS: &str = "https://docs.aws.amazon.com/kms/latest/developerguide/grants.html";
pub const EVALUATION: &str =
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html";
pub const ARNS: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html";
pub const PRINCIPAL: &str =
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html";
pub const NOT_PRINCIPAL: &str =
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html";
pub const ACTION: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html";
pub const RESOURCE: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html";
pub const OPERATORS: &str =
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html";
pub const SET_OPERATORS: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html";
pub const VARIABLES: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html";
pub const ROOT_USER: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html";
pub const SCP: &str = "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html";
pub const RCP: &str = "https://docs.aws.amazon.com/kms/latest/developerguide/resource-control-policies.html";
pub const ENDPOINT: &str = "https://docs.aws.amazon.com/kms/latest/developerguide/kms-vpc-endpoint.html";
pub const BOUNDARY: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html";
pub const GRANT_TOKEN: &str = "https://docs.aws.amazon.com/kms/latest/developerguide/using-grant-token.html";
pub const CREATE_GRANT: &str = "https://docs.aws.amazon.com/kms/latest/developerguide/create-grant-overview.html";
pub const GRANT_CONSTRAINTS: &str = "https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html";
pub const RETIRE_GRANT: &str = "https://docs.aws.amazon.com/kms/latest/developerguide/grant-delete.html";
pub const SCP_EVALUATION: &str =
    "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html";
pub const SESSION: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session";
pub const KEY_STATE: &str = "https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html";
pub const KMS_CONDITION_KEYS: &str = "https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html";
pub const POLICY_EVALUATION: &str = "https://docs.aws.amazon.com/kms/latest/developerguide/policy-evaluation.html";
