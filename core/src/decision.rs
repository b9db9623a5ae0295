//! The specification: from what each policy type answered to one decision.
//!
//! Read [`decide`] beside AWS's pages:
//! - Determining whether a request is allowed or denied within an account,
//!   <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html>
//! - Cross-account policy evaluation logic,
//!   <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html>
//! - Default key policy,
//!   <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html>
//!
//! Everything is three-valued: where nobody knows a value, a [`Match`] is [`Match::Depends`], and so is
//! every conclusion that rests on it.

mod answers;

pub use answers::{Answer, Answers, Finding, KeyPolicyAnswer, Match, PolicyId, PolicyType, PrincipalForm, StatementId};

use crate::policy::Effect;

/// Who stands where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Situation {
    /// The caller as seen from the key.
    pub relation: Relation,
    /// Whether the caller is the root user of its account, to whom no IAM policy can be attached.
    pub root_user: bool,
    /// Whether the operation can be used on another account's key:
    /// <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html>.
    pub works_across_accounts: bool,
}

/// The caller as seen from the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// The operation has no key: only the caller's own policies count.
    NoKey,
    /// The account that owns the key.
    SameAccount,
    /// Another account of the same partition.
    OtherAccount,
    /// Another partition. Partitions never mix:
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>.
    OtherPartition,
    /// An AWS service calling for itself. IAM policies have no say.
    Service,
}

/// Yes, no, or unknown, and on what grounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The request is allowed.
    Allowed {
        /// The policy type that carried it.
        by: AllowedBy,
    },
    /// A statement denies it, whatever else allows.
    ExplicitDeny {
        /// The type of its policy.
        policy_type: PolicyType,
        /// The statement.
        by: StatementId,
    },
    /// Nobody denies it, but somebody who would have had to allow did not.
    ImplicitDeny {
        /// Who.
        missing: Missing,
    },
    /// It depends on what nobody knows.
    Undetermined {
        /// The first policy type whose answer depends.
        on: PolicyType,
        /// `Deny` if only a possible deny is open, `Allow` if the allow itself is.
        effect: Effect,
    },
}

/// What carried an allowed request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AllowedBy {
    /// The key policy named the caller directly; no IAM policy is needed.
    KeyPolicy {
        /// The statement.
        statement: StatementId,
        /// How it named the caller.
        form: PrincipalForm,
    },
    /// An identity-based policy, as the key policy lets it (or the operation has no key).
    IdentityPolicy {
        /// The statement.
        statement: StatementId,
    },
    /// The root user of an account, for an operation that has no key.
    RootUser,
}

/// Who would have had to allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The operation cannot be used on another account's key.
    CrossAccountOperation,
    /// Caller and key are in different partitions.
    SamePartition,
    /// The policy type that is silent.
    Policy(PolicyType),
}

/// The decision.
#[must_use]
pub fn decide(situation: Situation, answers: &Answers) -> Decision {
    let Answers { key_policy, identity_policies: identity, .. } = answers;
    let boundary = answers.permissions_boundary.allow.outcome;
    let session = answers.session_policies.allow.outcome;

    // An explicit deny in any policy overrides every allow.
    for (policy_type, deny) in answers.denies() {
        if let Some(by) = deny.certain() {
            return Decision::ExplicitDeny { policy_type, by };
        }
    }

    // Policies that only narrow: each must allow, whoever else does.
    let guardrails = answers.resource_control_policies.allow.outcome
        & answers.service_control_policies.allow.outcome
        & answers.vpc_endpoint_policy.allow.outcome;

    // The caller's side. No IAM policy can be attached to a root user: it has what its account has.
    let identity_allows = if situation.root_user { Match::Yes } else { identity.allow.outcome };
    let caller_side = identity_allows & boundary & session;

    // The key's side: the caller named directly, or its account, which lets its IAM policies decide.
    let (direct, form) = direct(situation, answers);
    let delegated = key_policy.allow(PrincipalForm::Account).outcome;
    let key_side = key_policy.names_caller() | answers.grants;

    let allowed = guardrails
        & match situation.relation {
            Relation::NoKey => caller_side,
            // The key policy alone, or the key policy and an IAM policy, or a grant.
            Relation::SameAccount => direct.outcome | (delegated & caller_side) | answers.grants,
            // Both accounts must allow; being named does not waive the caller's side. A grant may speak for
            // both: one that was issued from the caller's own account does.
            Relation::OtherAccount => {
                key_side & (caller_side | answers.grants) & Match::from(situation.works_across_accounts)
            }
            Relation::OtherPartition => Match::No,
            Relation::Service => direct.outcome | answers.grants,
        };

    let possible_deny = answers.denies().into_iter().find(|(_, deny)| deny.outcome == Match::Depends);
    match (allowed, possible_deny) {
        (Match::No, _) => Decision::ImplicitDeny { missing: missing(situation, answers, key_side, caller_side) },
        (Match::Yes, Some((on, _))) => Decision::Undetermined { on, effect: Effect::Deny },
        (Match::Depends, _) => {
            Decision::Undetermined { on: depends(answers, direct.outcome | delegated), effect: Effect::Allow }
        }
        (Match::Yes, None) => {
            let own_account = matches!(situation.relation, Relation::SameAccount | Relation::Service);
            let by = match (direct.certain(), identity.allow.certain()) {
                (Some(statement), _) if own_account || situation.root_user => AllowedBy::KeyPolicy { statement, form },
                (_, Some(statement)) => AllowedBy::IdentityPolicy { statement },
                (Some(statement), None) => AllowedBy::KeyPolicy { statement, form },
                (None, None) => AllowedBy::RootUser,
            };
            Decision::Allowed { by }
        }
    }
}

/// The allow of the key policy that needs no IAM policy, and how it names the caller. A statement that
/// names a role is limited by its boundary and session policies, one that names the session or everyone is
/// not; for a root user the account is the caller itself.
fn direct(situation: Situation, answers: &Answers) -> (Finding, PrincipalForm) {
    use PrincipalForm as Form;
    let limited = answers.permissions_boundary.allow.outcome & answers.session_policies.allow.outcome;
    let mut strongest = (Finding::default(), Form::Everyone);
    for (form, limit) in [
        (Form::User, Match::Yes),
        (Form::RoleSession, Match::Yes),
        (Form::FederatedUser, Match::Yes),
        (Form::Role, limited),
        (Form::ParentUser, limited),
        (Form::Service, Match::Yes),
        (Form::Everyone, Match::Yes),
        (Form::Account, Match::from(situation.root_user)),
    ] {
        let found = answers.key_policy.allow(form);
        let outcome = found.outcome & limit;
        if outcome > strongest.0.outcome {
            strongest = (Finding { outcome, by: found.by }, form);
        }
    }
    strongest
}

/// Who would have had to allow and did not, the key's side first: AWS's message names the
/// resource-based policy when both are silent (UNDOCUMENTED, seen in error reports).
fn missing(situation: Situation, answers: &Answers, key_side: Match, caller_side: Match) -> Missing {
    match situation.relation {
        Relation::OtherPartition => return Missing::SamePartition,
        Relation::OtherAccount if !situation.works_across_accounts => return Missing::CrossAccountOperation,
        _ => {}
    }
    let guardrails = [
        (PolicyType::ResourceControlPolicy, answers.resource_control_policies),
        (PolicyType::ServiceControlPolicy, answers.service_control_policies),
        (PolicyType::VpcEndpointPolicy, answers.vpc_endpoint_policy),
    ];
    if let Some((policy_type, _)) = guardrails.into_iter().find(|(_, answer)| answer.allow.outcome == Match::No) {
        return Missing::Policy(policy_type);
    }
    if situation.relation != Relation::NoKey && key_side == Match::No || situation.relation == Relation::Service {
        return Missing::Policy(PolicyType::KeyPolicy);
    }
    let caller = [
        (PolicyType::IdentityPolicy, answers.identity_policies),
        (PolicyType::PermissionsBoundary, answers.permissions_boundary),
        (PolicyType::SessionPolicy, answers.session_policies),
    ];
    // Named as a role or as the user behind a federated user, the caller needs no IAM policy, but its
    // boundary and session policies limit what the statement gives.
    let limited = answers.key_policy.allow(PrincipalForm::Role).outcome
        | answers.key_policy.allow(PrincipalForm::ParentUser).outcome;
    let only_limited = situation.relation == Relation::SameAccount
        && limited != Match::No
        && answers.key_policy.allow(PrincipalForm::Account).outcome == Match::No;
    let caller = caller.into_iter().filter(|(kind, _)| !only_limited || *kind != PolicyType::IdentityPolicy);
    let mut silent = caller.filter(|(_, answer)| answer.allow.outcome == Match::No && caller_side == Match::No);
    Missing::Policy(silent.next().map_or(PolicyType::KeyPolicy, |(policy_type, _)| policy_type))
}

/// The first policy type whose allow depends.
fn depends(answers: &Answers, key_policy: Match) -> PolicyType {
    let order = [
        (PolicyType::ResourceControlPolicy, answers.resource_control_policies.allow.outcome),
        (PolicyType::ServiceControlPolicy, answers.service_control_policies.allow.outcome),
        (PolicyType::VpcEndpointPolicy, answers.vpc_endpoint_policy.allow.outcome),
        (PolicyType::KeyPolicy, key_policy),
        (PolicyType::IdentityPolicy, answers.identity_policies.allow.outcome),
        (PolicyType::PermissionsBoundary, answers.permissions_boundary.allow.outcome),
        (PolicyType::SessionPolicy, answers.session_policies.allow.outcome),
    ];
    order.into_iter().find(|(_, outcome)| *outcome == Match::Depends).map_or(PolicyType::Grant, |(kind, _)| kind)
}
