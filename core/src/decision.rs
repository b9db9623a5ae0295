//! The specification: from what each policy type answered to one decision.
//!
//! Read [`decide`] beside AWS's pages:
//! - Determining whether a request is allowed or denied within an account,
//!   <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html>
//! - Cross-account policy evaluation logic,
//!   <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html>
//! - Troubleshooting AWS KMS permissions (the flowchart),
//!   <https://docs.aws.amazon.com/kms/latest/developerguide/policy-evaluation.html>
//! - Default key policy,
//!   <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html>
//!
//! Everything is three-valued: where nobody knows a value, a [`Match`] is [`Match::Depends`], and so is
//! every conclusion that rests on it.

mod answers;

pub use answers::{
    Answer, Answers, Finding, GrantAnswer, GrantId, KeyPolicyAnswer, Match, PolicyId, PolicyType, PrincipalForm,
    StatementId,
};

use crate::{
    assumption::{Assumptions, GrantsUnderBoundaries, OwnerIssuedGrant},
    policy::Effect,
};

/// Who stands where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Situation {
    /// The caller as seen from the resource.
    pub relation: Relation,
    /// Whether the caller is the root user of its account, to whom no IAM policy can be attached.
    pub root_user: bool,
    /// Whether the operation can be used on another account's key:
    /// <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html>.
    pub works_across_accounts: bool,
}

/// The caller as seen from the resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// No key is involved, or only its alias: nothing but the caller's own policies can allow.
    IamOnly,
    /// The account that owns the key.
    SameAccount,
    /// Another account of the same partition.
    OtherAccount,
    /// Another partition. Partitions never mix:
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>.
    OtherPartition,
    /// An AWS service calling for itself. IAM policies have no say.
    Service,
    /// `RetireGrant`: the grant says who may, and no key policy does:
    /// <https://docs.aws.amazon.com/kms/latest/developerguide/grant-delete.html>.
    Retiring,
}

/// Yes, no, or unknown, and on what grounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The request is allowed.
    Allowed {
        /// What carried it.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AllowedBy {
    /// The key policy named the caller directly; no IAM policy is needed.
    KeyPolicy {
        /// How it named the caller.
        form: PrincipalForm,
        /// The statement.
        statement: StatementId,
    },
    /// An identity-based policy, as the key policy or a grant lets it (or no key is involved).
    IdentityPolicy {
        /// The statement.
        statement: StatementId,
    },
    /// A grant.
    Grant {
        /// Which.
        grant: GrantId,
    },
    /// The root user of an account, where no key is involved.
    RootUser,
}

/// Who would have had to allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
pub fn decide(situation: Situation, answers: &Answers, assumptions: &Assumptions) -> Decision {
    // An explicit deny in any policy overrides every allow.
    for (policy_type, deny) in answers.denies() {
        if let Some(by) = deny.certain() {
            return Decision::ExplicitDeny { policy_type, by };
        }
    }
    let sides = Sides::new(situation, answers, assumptions);
    let possible_deny = answers.denies().into_iter().find(|(_, deny)| deny.outcome == Match::Depends);
    match (sides.allowed(situation), possible_deny) {
        (Match::No, _) => Decision::ImplicitDeny { missing: missing(situation, answers, &sides) },
        (Match::Yes, Some((on, _))) => Decision::Undetermined { on, effect: Effect::Deny },
        (Match::Depends, _) => Decision::Undetermined { on: depends(answers, &sides), effect: Effect::Allow },
        (Match::Yes, None) => Decision::Allowed { by: carried(situation, answers, &sides) },
    }
}

/// The two sides of a request, and what stands between them.
struct Sides {
    /// Policies that only narrow: each must allow, whoever else does.
    guardrails: Match,
    /// The caller's account: its IAM policies, within boundary and session policies.
    caller: Match,
    /// The key policy names the caller directly, and how.
    direct: (Finding, PrincipalForm),
    /// The key policy names the caller's account, which lets its IAM policies decide.
    delegated: Match,
    /// A grant to the caller itself.
    granted: Match,
    /// A grant that speaks for the caller's account as well, since it was issued there.
    granted_on_both_sides: Match,
    /// What would allow without any identity-based policy, if boundary and session policies let it.
    needs_no_identity_policy: Match,
    /// A grant to the caller's account, which lets its IAM policies decide.
    granted_to_account: Match,
    /// Whoever may be named: the key policy or a grant names the caller or its account.
    key: Match,
}

impl Sides {
    fn new(situation: Situation, answers: &Answers, assumptions: &Assumptions) -> Self {
        let limits = answers.permissions_boundary.allow.outcome & answers.session_policies.allow.outcome;
        // No IAM policy can be attached to a root user: it has what its account has.
        let identity = if situation.root_user { Match::Yes } else { answers.identity_policies.allow.outcome };
        let grants = &answers.grants;
        let limited_grants = match assumptions.grants_under_boundaries {
            GrantsUnderBoundaries::Pass => Match::Yes,
            GrantsUnderBoundaries::Limited => limits,
        };
        let both_sides = match assumptions.owner_issued_grant {
            OwnerIssuedGrant::NeedsCallerSide => grants.issued_by_caller.outcome,
            OwnerIssuedGrant::Suffices => grants.to_caller.outcome,
        };
        Self {
            guardrails: answers.resource_control_policies.allow.outcome
                & answers.service_control_policies.allow.outcome
                & answers.vpc_endpoint_policy.allow.outcome,
            caller: identity & limits,
            direct: direct(situation, answers, limits),
            delegated: answers.key_policy.allow(PrincipalForm::Account).outcome,
            granted: grants.to_caller.outcome & limited_grants,
            granted_on_both_sides: both_sides & limited_grants,
            needs_no_identity_policy: match situation.relation {
                Relation::SameAccount => {
                    answers.key_policy.allow(PrincipalForm::Role).outcome
                        | answers.key_policy.allow(PrincipalForm::ParentUser).outcome
                        | grants.to_caller.outcome
                }
                Relation::OtherAccount => both_sides,
                Relation::Retiring => grants.to_caller.outcome,
                Relation::IamOnly | Relation::OtherPartition | Relation::Service => Match::No,
            },
            granted_to_account: grants.to_account.outcome,
            key: answers.key_policy.names_caller() | grants.to_caller.outcome | grants.to_account.outcome,
        }
    }

    fn allowed(&self, situation: Situation) -> Match {
        let direct = self.direct.0.outcome;
        self.guardrails
            & match situation.relation {
                Relation::IamOnly => self.caller,
                // The key policy alone, or the key policy and an IAM policy, or a grant.
                Relation::SameAccount => {
                    direct | (self.delegated & self.caller) | self.granted | (self.granted_to_account & self.caller)
                }
                // Both accounts must allow; being named does not waive the caller's side.
                Relation::OtherAccount => {
                    ((self.key & self.caller) | self.granted_on_both_sides)
                        & Match::from(situation.works_across_accounts)
                }
                Relation::OtherPartition => Match::No,
                Relation::Service => direct | self.granted,
                Relation::Retiring => self.granted | (self.granted_to_account & self.caller),
            }
    }
}

/// The allow of the key policy that needs no IAM policy, and how it names the caller. A statement that
/// names a role is limited by its boundary and session policies, one that names the session or everyone is
/// not; for a root user the account is the caller itself.
fn direct(situation: Situation, answers: &Answers, limits: Match) -> (Finding, PrincipalForm) {
    use PrincipalForm as Form;
    let mut strongest = (Finding::default(), Form::Everyone);
    for (form, limit) in [
        (Form::User, Match::Yes),
        (Form::RoleSession, Match::Yes),
        (Form::FederatedUser, Match::Yes),
        (Form::Role, limits),
        (Form::ParentUser, limits),
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

/// What carried an allowed request: the way that needs the fewest others first.
fn carried(situation: Situation, answers: &Answers, sides: &Sides) -> AllowedBy {
    let (direct, form) = sides.direct;
    let key_policy = direct.certain().map(|statement| AllowedBy::KeyPolicy { form, statement });
    let identity = answers.identity_policies.allow.certain();
    let identity =
        identity.filter(|_| sides.caller == Match::Yes).map(|statement| AllowedBy::IdentityPolicy { statement });
    let grants = &answers.grants;
    let granted = |finding: Finding<GrantId>| finding.certain().map(|grant| AllowedBy::Grant { grant });
    let to_account = granted(grants.to_account);
    let carried = match situation.relation {
        Relation::SameAccount | Relation::Service => key_policy
            .or(identity.filter(|_| sides.delegated == Match::Yes))
            .or(granted(grants.to_caller))
            .or(identity)
            .or(to_account),
        Relation::OtherAccount => identity
            .filter(|_| sides.key == Match::Yes)
            .or(key_policy.filter(|_| sides.caller == Match::Yes))
            .or(granted(grants.issued_by_caller))
            .or(granted(grants.to_caller))
            .or(to_account),
        Relation::Retiring => granted(grants.to_caller).or(identity).or(to_account),
        Relation::IamOnly | Relation::OtherPartition => identity,
    };
    carried.unwrap_or(AllowedBy::RootUser)
}

/// Who would have had to allow and did not, the key's side first: AWS's message names the
/// resource-based policy when both are silent (UNDOCUMENTED, seen in error reports).
fn missing(situation: Situation, answers: &Answers, sides: &Sides) -> Missing {
    match situation.relation {
        Relation::OtherPartition => return Missing::SamePartition,
        Relation::OtherAccount if !situation.works_across_accounts => return Missing::CrossAccountOperation,
        _ => {}
    }
    let silent = |(_, answer): &(PolicyType, Answer)| answer.allow.outcome == Match::No;
    let guardrails = [
        (PolicyType::ResourceControlPolicy, answers.resource_control_policies),
        (PolicyType::ServiceControlPolicy, answers.service_control_policies),
        (PolicyType::VpcEndpointPolicy, answers.vpc_endpoint_policy),
    ];
    if let Some((policy_type, _)) = guardrails.into_iter().find(silent) {
        return Missing::Policy(policy_type);
    }
    let caller_identity = if situation.root_user { Match::Yes } else { answers.identity_policies.allow.outcome };
    let key_side = match situation.relation {
        Relation::IamOnly => None,
        // An account that may let its IAM policies decide has not, as long as none allows.
        Relation::Retiring => {
            let grants = &answers.grants;
            Some((PolicyType::Grant, grants.to_caller.outcome | (grants.to_account.outcome & caller_identity)))
        }
        // IAM policies have no say for a service: whatever the key policy gives, it gives alone.
        Relation::Service => Some((PolicyType::KeyPolicy, Match::No)),
        _ => Some((PolicyType::KeyPolicy, sides.key)),
    };
    if let Some((policy_type, Match::No)) = key_side {
        return Missing::Policy(policy_type);
    }
    // Named as a role, as the user behind a federated user or by a grant, the caller needs no IAM policy, but
    // its boundary and session policies limit what that gives.
    let needs_identity = sides.needs_no_identity_policy == Match::No;
    let caller = [
        (PolicyType::IdentityPolicy, answers.identity_policies),
        (PolicyType::PermissionsBoundary, answers.permissions_boundary),
        (PolicyType::SessionPolicy, answers.session_policies),
    ];
    let needed = |kind: PolicyType| match kind {
        PolicyType::IdentityPolicy => needs_identity && !situation.root_user,
        _ => true,
    };
    let mut silent = caller.into_iter().filter(|(kind, _)| needed(*kind)).filter(silent);
    Missing::Policy(silent.next().map_or(PolicyType::KeyPolicy, |(policy_type, _)| policy_type))
}

/// The first policy type whose allow depends.
fn depends(answers: &Answers, sides: &Sides) -> PolicyType {
    let order = [
        (PolicyType::ResourceControlPolicy, answers.resource_control_policies.allow.outcome),
        (PolicyType::ServiceControlPolicy, answers.service_control_policies.allow.outcome),
        (PolicyType::VpcEndpointPolicy, answers.vpc_endpoint_policy.allow.outcome),
        (PolicyType::KeyPolicy, sides.direct.0.outcome | sides.delegated),
        (PolicyType::Grant, sides.granted | sides.granted_to_account),
        (PolicyType::IdentityPolicy, answers.identity_policies.allow.outcome),
        (PolicyType::PermissionsBoundary, answers.permissions_boundary.allow.outcome),
        (PolicyType::SessionPolicy, answers.session_policies.allow.outcome),
    ];
    order.into_iter().find(|(_, outcome)| *outcome == Match::Depends).map_or(PolicyType::KeyPolicy, |(kind, _)| kind)
}
