//! The words for typed outcomes.

use alloc::{format, string::String};

use crate::{
    assumption::Assumption,
    decision::{PolicyType, PrincipalForm},
    policy::condition::{Comparison, Condition, Relation, SetOperator},
    request::{ContextValue, Origin},
    trace::Reason,
};

/// AWS's pages, by what they settle.
pub(super) mod page {
    pub const DEFAULT_KEY_POLICY: &str =
        "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html";
    pub const KEY_POLICIES: &str = "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html";
    pub const IAM_POLICIES: &str = "https://docs.aws.amazon.com/kms/latest/developerguide/iam-policies.html";
    pub const CROSS_ACCOUNT: &str =
        "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html";
    pub const GRANTS: &str = "https://docs.aws.amazon.com/kms/latest/developerguide/grants.html";
    pub const EVALUATION: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html";
    pub const ARNS: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html";
    pub const PRINCIPAL: &str =
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html";
    pub const NOT_PRINCIPAL: &str =
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html";
    pub const ACTION: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html";
    pub const RESOURCE: &str =
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html";
    pub const OPERATORS: &str =
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html";
    pub const SET_OPERATORS: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html";
    pub const VARIABLES: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html";
    pub const FEDERATION: &str = "https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html";
    pub const ROOT_USER: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html";
    pub const SCP: &str = "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html";
    pub const RCP: &str = "https://docs.aws.amazon.com/kms/latest/developerguide/resource-control-policies.html";
    pub const ENDPOINT: &str = "https://docs.aws.amazon.com/kms/latest/developerguide/kms-vpc-endpoint.html";
    pub const BOUNDARY: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html";
}

pub(super) const fn policy_type(kind: PolicyType) -> &'static str {
    match kind {
        PolicyType::ResourceControlPolicy => "resource control policies",
        PolicyType::ServiceControlPolicy => "service control policies",
        PolicyType::VpcEndpointPolicy => "VPC endpoint policy",
        PolicyType::KeyPolicy => "key policy",
        PolicyType::Grant => "grants",
        PolicyType::IdentityPolicy => "identity-based policies",
        PolicyType::PermissionsBoundary => "permissions boundary",
        PolicyType::SessionPolicy => "session policies",
    }
}

/// The name in AWS's AccessDenied message, with its article
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html>).
pub(super) const fn in_message(kind: PolicyType) -> (&'static str, &'static str) {
    match kind {
        PolicyType::ResourceControlPolicy => ("a", "resource control policy"),
        PolicyType::ServiceControlPolicy => ("a", "service control policy"),
        PolicyType::VpcEndpointPolicy => ("a", "VPC endpoint policy"),
        PolicyType::KeyPolicy | PolicyType::Grant => ("a", "resource-based policy"),
        PolicyType::IdentityPolicy => ("an", "identity-based policy"),
        PolicyType::PermissionsBoundary => ("a", "permissions boundary"),
        PolicyType::SessionPolicy => ("a", "session policy"),
    }
}

pub(super) const fn policy_type_page(kind: PolicyType) -> &'static str {
    match kind {
        PolicyType::ResourceControlPolicy => page::RCP,
        PolicyType::ServiceControlPolicy => page::SCP,
        PolicyType::VpcEndpointPolicy => page::ENDPOINT,
        PolicyType::KeyPolicy => page::KEY_POLICIES,
        PolicyType::Grant => page::GRANTS,
        PolicyType::IdentityPolicy => page::IAM_POLICIES,
        PolicyType::PermissionsBoundary => page::BOUNDARY,
        PolicyType::SessionPolicy => page::FEDERATION,
    }
}

pub(super) const fn form(form: PrincipalForm) -> &'static str {
    match form {
        PrincipalForm::Everyone => "everyone",
        PrincipalForm::Account => "the caller's account, which lets its IAM policies decide",
        PrincipalForm::User => "the calling user",
        PrincipalForm::Role => "the role of the calling session",
        PrincipalForm::RoleSession => "the calling session",
        PrincipalForm::FederatedUser => "the calling federated-user session",
        PrincipalForm::ParentUser => "the user who made the calling session",
        PrincipalForm::Service => "the calling service",
    }
}

/// Why an element other than a condition does not match.
pub(super) const fn element_reason(reason: Reason) -> &'static str {
    match reason {
        Reason::PrincipalNotListed => "does not name the caller",
        Reason::OtherAccount => "names somebody of another account",
        Reason::NoPrincipalElement => "the statement has no `Principal`",
        Reason::PrincipalListedInNotPrincipal => "lists the caller on every level, so the statement leaves it out",
        Reason::ActionNotListed => "does not list the operation",
        Reason::ActionListedInNotAction => "lists the operation, so the statement leaves it out",
        Reason::NoActionElement => "KMS stores a statement without `Action`, but it matches nothing",
        Reason::ResourceNotListed => "does not match the resource of the request",
        Reason::ResourceListedInNotResource => "matches the resource of the request, so the statement leaves it out",
        Reason::NoResourceElement => "KMS stores a statement without `Resource`, but it matches nothing",
        Reason::KeyAbsent => "the request does not have the key",
        Reason::KeyPresent => "the request has the key",
        Reason::ValueDiffers => "the request's value is none of these",
        Reason::ValueDiffersInCaseOnly => "would match if letter case did not count",
        Reason::ValueListed => "the request's value is one of these",
        Reason::ValueMalformed => "cannot be read as what the operator compares",
        Reason::SomeValueNotListed => "a value of the request is none of these",
        Reason::NoValueListed => "no value of the request is one of these",
        Reason::VariableWithoutValue => "a policy variable has no value in this request, and no default",
    }
}

/// Why a condition does not hold, with the request's value.
pub(super) fn condition_reason(reason: Reason, condition: &Condition, value: &ContextValue, origin: Origin) -> String {
    let key = &condition.key;
    let has = context_value(value);
    match reason {
        Reason::KeyAbsent if origin == Origin::NotCarried => {
            format!("a request for this operation never has `{key}`")
        }
        Reason::KeyAbsent => format!("the request does not have `{key}`"),
        Reason::KeyPresent => format!("the request has `{key}` ({has})"),
        Reason::ValueDiffers if is_ordered(condition) => {
            format!("the request has {has}, for which `{}` does not hold", condition.operator_name)
        }
        Reason::ValueDiffers => format!("the request has {has}, which is none of the values"),
        Reason::ValueDiffersInCaseOnly => {
            format!(
                "the request has {has}; it would match if letter case did not count, but `{}` compares case",
                condition.operator_name
            )
        }
        Reason::ValueListed => format!("the request has {has}, which the condition excludes"),
        Reason::ValueMalformed => format!(
            "the request has {has}; it or the policy's value cannot be read as what `{}` compares",
            condition.operator_name
        ),
        Reason::SomeValueNotListed => format!("the request has {has}, and not every one of them is listed"),
        Reason::NoValueListed => format!("the request has {has}, and none of them is listed"),
        Reason::VariableWithoutValue => "a policy variable has no value in this request, and no default".into(),
        other => element_reason(other).into(),
    }
}

/// Whether the operator asks for more or less, rather than for one of the values.
fn is_ordered(condition: &Condition) -> bool {
    matches!(condition.operator.comparison, Comparison::Numeric(relation) | Comparison::Date(relation) if relation != Relation::Equals)
}

/// Why a condition holds.
pub(super) fn condition_holds(condition: &Condition, value: &ContextValue) -> String {
    let operator = condition.operator;
    match value {
        ContextValue::Absent if operator.set == Some(SetOperator::ForAllValues) => {
            "the request does not have the key, and `ForAllValues` holds for no values at all".into()
        }
        ContextValue::Absent if operator.if_exists => {
            "the request does not have the key, and `IfExists` lets that pass".into()
        }
        ContextValue::Absent if operator.negated => {
            "the request does not have the key, so it has none of the excluded values".into()
        }
        ContextValue::Absent => "the request does not have the key".into(),
        ContextValue::Unknown => "holds whatever the value is".into(),
        ContextValue::Values(_) => format!("the request has {}", context_value(value)),
    }
}

/// `` `a`, `b` ``, `absent`, `unknown`
pub(super) fn context_value(value: &ContextValue) -> String {
    match value {
        ContextValue::Absent => "absent".into(),
        ContextValue::Unknown => "unknown".into(),
        ContextValue::Values(values) => {
            let mut text = String::new();
            for value in values {
                if !text.is_empty() {
                    text.push_str(", ");
                }
                text.push('`');
                text.push_str(value);
                text.push('`');
            }
            text
        }
    }
}

pub(super) const fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Given => "given with the request",
        Origin::Caller => "follows from the caller",
        Origin::Session => "follows from the caller's credentials",
        Origin::WithoutMfa => {
            "the session is taken to have been started without MFA; if not, say `\"mfa\": true` at the principal"
        }
        Origin::Key => "a property of the key",
        Origin::Parameter => "a parameter of the request or its default",
        Origin::ViaService => "follows from how the request came: directly or through a service",
        Origin::Time => "the time of the request",
        Origin::EveryRequest => "true of every request to KMS, whose endpoints speak TLS only",
        Origin::AlwaysPresent => "AWS puts it into every request, but nobody gave its value; add it under `context`",
        Origin::NotCarried => "requests for this operation never carry it",
        Origin::Ambiguous => "two keys differ only in letter case, and AWS does not document which one counts",
        Origin::Undocumented => "AWS does not document it for this request",
        Origin::OnBehalf => {
            "there when the service calls on behalf of a resource, but nobody gave its value; add it under `context`"
        }
        Origin::Unlisted => "neither given nor derivable: what `unlisted` says",
    }
}

/// What is assumed, and the page that is silent.
pub(super) const fn assumption(assumption: Assumption) -> (&'static str, &'static str) {
    match assumption {
        Assumption::WildcardsInVariableValues => (
            "AWS does not say whether `*` and `?` inside the value of a policy variable are wildcards (`wildcardsInVariableValues`)",
            page::VARIABLES,
        ),
        Assumption::PlainOperatorOnSeveralValues => (
            "AWS does not say what an operator without `ForAllValues` or `ForAnyValue` makes of several values (`plainOperatorOnSeveralValues`)",
            page::SET_OPERATORS,
        ),
        Assumption::EmptyStringIsNull => {
            ("AWS does not say whether `Null` takes an empty value for absence (`emptyStringIsNull`)", page::OPERATORS)
        }
        Assumption::UnresolvedVariable => (
            "AWS's page contradicts itself on whether a policy variable without a value spoils only its own value or the whole statement (`unresolvedVariable`)",
            page::VARIABLES,
        ),
        Assumption::IfExistsBeatsForAnyValue => (
            "AWS does not say whether `ForAnyValue:…IfExists` holds when the key is absent (`ifExistsBeatsForAnyValue`)",
            page::SET_OPERATORS,
        ),
    }
}
