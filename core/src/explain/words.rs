//! The words for typed outcomes.

use alloc::{format, string::String, vec::Vec};

use super::page;
use crate::{
    assumption::Assumption,
    decision::{PolicyType, PrincipalForm},
    evaluate::NotInPlay,
    policy::condition::{Comparison, Condition, Relation, SetOperator},
    request::{ContextValue, Origin},
    trace::Reason,
};

/// What AWS calls the policies of a type.
#[must_use]
pub const fn policy_type(kind: PolicyType) -> &'static str {
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

/// AWS's page about the policies of a type.
#[must_use]
pub const fn policy_type_page(kind: PolicyType) -> &'static str {
    match kind {
        PolicyType::ResourceControlPolicy => page::RCP,
        PolicyType::ServiceControlPolicy => page::SCP,
        PolicyType::VpcEndpointPolicy => page::ENDPOINT,
        PolicyType::KeyPolicy => page::KEY_POLICIES,
        PolicyType::Grant => page::GRANTS,
        PolicyType::IdentityPolicy => page::IAM_POLICIES,
        PolicyType::PermissionsBoundary => page::BOUNDARY,
        PolicyType::SessionPolicy => page::SESSION,
    }
}

/// Whom a statement or a grant names in that form.
#[must_use]
pub const fn form(form: PrincipalForm) -> &'static str {
    match form {
        PrincipalForm::Everyone => "everyone",
        PrincipalForm::Account => "the caller's account, and so everybody in it",
        PrincipalForm::User => "the calling user",
        PrincipalForm::Role => "the role of the calling session",
        PrincipalForm::RoleSession => "the calling session",
        PrincipalForm::FederatedUser => "the calling federated-user session",
        PrincipalForm::ParentUser => "the user who made the calling session",
        PrincipalForm::Service => "the calling service",
    }
}

/// Why an element other than a condition, or a grant, does not match.
#[must_use]
pub const fn element_reason(reason: Reason) -> &'static str {
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
        Reason::GrantOperationNotListed => "the grant does not have the operation",
        Reason::GranteeIsAnother => "the grant is for somebody else",
        Reason::EncryptionContextDiffers => "the encryption context is not exactly the one that the grant asks for",
        Reason::EncryptionContextPairMissing => "the encryption context lacks a pair that the grant asks for",
        Reason::SourceArnDiffers => "the request is not made on behalf of the resource that the grant asks for",
        Reason::ChildGrantTooWide => {
            "a grant made through this one can have only its operations, and constraints as strict or stricter"
        }
        Reason::NotYetEffective => {
            "the grant may not be everywhere yet: that takes up to five minutes; with its token in `GrantTokens` it is effective at once"
        }
        Reason::GrantDeleted => "the grant was retired or revoked",
        Reason::RetiringPrincipalIsAnother => {
            "neither its retiring principal, nor the grantee of `RetireGrant`, nor an account that may delegate it is the caller's"
        }
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
        Reason::ValueDiffers => format!("the request has {has}, which is none of {}", listed(condition)),
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

/// The values of a condition as the policy has them, the first few.
fn listed(condition: &Condition) -> String {
    const SHOWN: usize = 4;
    let values: Vec<String> = condition.values.iter().take(SHOWN).map(|value| format!("`{}`", value.text)).collect();
    let more = condition.values.len().saturating_sub(SHOWN);
    if more > 0 { format!("{} and {more} more", values.join(", ")) } else { values.join(", ") }
}

/// Whether the operator asks for more or less, rather than for one of the values.
fn is_ordered(condition: &Condition) -> bool {
    matches!(condition.operator.comparison, Comparison::Numeric(relation) | Comparison::Date(relation) if relation != Relation::Equals)
}

/// Why a condition holds.
pub(super) fn condition_holds(condition: &Condition, value: &ContextValue, origin: Origin) -> String {
    let operator = condition.operator;
    let lacks = if origin == Origin::NotCarried {
        "a request for this operation never has the key"
    } else {
        "the request does not have the key"
    };
    match value {
        ContextValue::Absent if operator.set == Some(SetOperator::ForAllValues) => {
            format!("{lacks}, and `ForAllValues` holds for no values at all")
        }
        ContextValue::Absent if operator.if_exists => {
            format!("{lacks}, and `IfExists` lets that pass")
        }
        ContextValue::Absent if operator.negated => {
            format!("{lacks}, so it has none of the excluded values")
        }
        ContextValue::Absent => lacks.into(),
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
        Origin::Organization => "follows from the organization",
        Origin::VpcEndpoint => "follows from the VPC endpoint that the request comes through",
        Origin::Time => "the time of the request",
        Origin::EveryRequest => "true of every request to KMS, whose endpoints speak TLS only",
        Origin::AlwaysPresent => "AWS puts it into every request, but nobody gave its value; add it under `context`",
        Origin::NotCarried => "requests for this operation never carry it",
        Origin::Ambiguous => "two keys differ only in letter case, and AWS does not document which one counts",
        Origin::Undocumented => "AWS does not document it for this request",
        Origin::OnBehalf => {
            "there when the service calls on behalf of a resource, but nobody gave its value; add it under `context`"
        }
        Origin::Address => {
            "there unless the request comes through a VPC endpoint, but nobody gave its value; add it under `context`"
        }
        Origin::Unlisted => "neither given nor derivable: what `unlisted` says",
    }
}

/// Why the policies of a type take no part.
#[must_use]
pub const fn not_in_play(why: NotInPlay) -> &'static str {
    match why {
        NotInPlay::NoOrganization => "the scenario has no organization",
        NotInPlay::NoPolicies => "an organization with consolidated billing only has no such policies",
        NotInPlay::OutsideOrganization => "the account is not in the organization",
        NotInPlay::ManagementAccount => "they do not bind the management account",
        NotInPlay::ServiceLinkedRole => "they do not bind service-linked roles",
        NotInPlay::ServicePrincipal => "they bind users, roles and root users, and the caller is an AWS service",
        NotInPlay::AwsManagedKey => "they do not bind AWS managed keys",
        NotInPlay::RetireGrant => "`kms:RetireGrant` is exempt from them",
        NotInPlay::NoResource => "the operation is on no resource",
        NotInPlay::NoVpcEndpoint => "the request does not come through a VPC endpoint",
    }
}

/// What AWS leaves open, and the page that is silent or contradicts another.
#[must_use]
pub const fn assumption(assumption: Assumption) -> (&'static str, &'static str) {
    match assumption {
        Assumption::WildcardsInVariableValues => (
            "AWS does not say whether `*` and `?` inside the value of a policy variable are wildcards",
            page::VARIABLES,
        ),
        Assumption::SeveralValues => (
            "AWS does not say what an operator without `ForAllValues` or `ForAnyValue` makes of several values",
            page::SET_OPERATORS,
        ),
        Assumption::EmptyStringIsNull => {
            ("AWS does not say whether `Null` takes an empty value for absence", page::OPERATORS)
        }
        Assumption::UnresolvedVariable => (
            "AWS's page contradicts itself on whether a policy variable without a value spoils only its own value or the whole statement",
            page::VARIABLES,
        ),
        Assumption::IfExistsBeatsForAnyValue => {
            ("AWS does not say whether `ForAnyValue:…IfExists` holds when the key is absent", page::SET_OPERATORS)
        }
        Assumption::GrantsUnderBoundaries => (
            "AWS does not say whether a permissions boundary or a session policy that is silent limits what a grant gives",
            page::GRANTS,
        ),
        Assumption::AccountGrantee => {
            ("AWS does not say whom in the account a grant to an account reaches", page::GRANTS)
        }
        Assumption::OwnerIssuedGrant => (
            "AWS does not say whether a grant that the key's owner made is enough for somebody of another account",
            page::POLICY_EVALUATION,
        ),
        Assumption::GrantContextKeyCase => (
            "AWS's pages contradict each other on whether letter case counts in the names of a grant's encryption-context constraint",
            page::GRANT_CONSTRAINTS,
        ),
        Assumption::GrantSourceArn => {
            ("AWS does not say whether `SourceArn` of a grant may have wildcards", page::GRANT_CONSTRAINTS)
        }
        Assumption::OmittedNumbers => (
            "AWS does not say whether a number that the request leaves out counts as its default",
            page::KMS_CONDITION_KEYS,
        ),
        Assumption::AccountInEndpointPolicy => (
            "AWS does not say whom in the account an account reaches as principal of an interface endpoint's policy",
            page::ENDPOINT,
        ),
        Assumption::SeveralSessionPolicies => ("AWS does not say how several session policies combine", page::SESSION),
        Assumption::PendingDeletionError => (
            "AWS's table offers two errors for a key that is pending deletion and does not say which one comes",
            page::KEY_STATE,
        ),
        Assumption::ReEncryptOnRelatedKeys => (
            "AWS does not say whether two related multi-Region keys count as one in `kms:ReEncryptOnSameKey`",
            page::KMS_CONDITION_KEYS,
        ),
    }
}
