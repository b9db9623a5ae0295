//! Grants on the key. A grant allows or is silent; it never denies.
//!
//! <https://docs.aws.amazon.com/kms/latest/developerguide/grants.html>

use alloc::boxed::Box;

use jiff::{SignedDuration, Timestamp};

use super::{Question, principal};
use crate::{
    assumption::{AccountGrantee, GrantContextKeyCase, GrantSourceArn},
    catalog::{Action, find_condition_key},
    compile::CompiledWorld,
    decision::{GrantAnswer, GrantId, Match, PrincipalForm},
    pattern::Pattern,
    policy::{principal::Principal, value},
    request::{ContextValue, Identity, ParameterValue, Resource},
    trace::{GrantCheck, GrantCheckTrace, Observer, Reason, Silent},
    world::{EncryptionContextConstraint, Grant, KmsKey},
};

/// How long a grant takes to be everywhere, made or deleted, at most. "Usually a few seconds … in some
/// cases five minutes" (<https://docs.aws.amazon.com/kms/latest/developerguide/grants.html#terms-eventual-consistency>).
const EVENTUALLY: SignedDuration = SignedDuration::from_mins(5);

/// What the grants on the key say.
pub(super) fn grants<O: Observer>(compiled: &CompiledWorld, question: &Question<'_>, observer: &mut O) -> GrantAnswer {
    let mut answer = GrantAnswer::default();
    let Some(key) = question.on.kms_key(question.world) else { return answer };
    let (index, only) = match *question.on {
        Resource::Key(index) => (index, None),
        Resource::Grant { key, grant } => (key, Some(grant)),
        _ => return answer,
    };
    let now = question.request.now.as_deref().and_then(value::date);
    for (position, grant) in key.grants.iter().enumerate() {
        if only.is_some_and(|only| only != position) || !O::WATCHING && !could_matter(grant, question) {
            continue;
        }
        let id = GrantId { key: index, grant: position };
        observer.grant_begins(id);
        let mut checks = Checks { outcome: Match::Yes, observer };
        let form = if only.is_some() {
            may_retire(grant, key, question, &mut checks)
        } else {
            checks.allows(grant, compiled, question)
        };
        checks.check(GrantCheck::Effective, effective(grant, position, now, question));
        let outcome = checks.outcome;
        observer.grant_ends(outcome, form);
        let issuer = grant.issuing_account.unwrap_or_else(|| key.arn.account());
        if form == Some(PrincipalForm::Account) {
            answer.to_account.take(outcome, id);
        } else {
            answer.to_caller.take(outcome, id);
            if question.caller.account() == Some(issuer) {
                answer.issued_by_caller.take(outcome, id);
            }
        }
    }
    answer
}

/// What one grant comes to, whether it is in effect, and whether it names the caller.
pub(super) fn seen(
    position: usize,
    key: &KmsKey,
    compiled: &CompiledWorld,
    question: &Question<'_>,
) -> (Match, Match, Match) {
    let Some(grant) = key.grants.get(position) else { return (Match::No, Match::No, Match::No) };
    let only = match *question.on {
        Resource::Grant { grant, .. } => Some(grant),
        _ => None,
    };
    if only.is_some_and(|only| only != position) {
        return (Match::No, Match::No, Match::No);
    }
    let now = question.request.now.as_deref().and_then(value::date);
    let mut checks = Checks { outcome: Match::Yes, observer: &mut Silent };
    match only {
        Some(_) => may_retire(grant, key, question, &mut checks),
        None => checks.allows(grant, compiled, question),
    };
    let (effective, _) = effective(grant, position, now, question);
    let named = names_caller(&grant.grantee, question).map_or(Match::No, |(outcome, _)| outcome);
    (checks.outcome & effective, effective, named)
}

/// What a silent decision need not look at any closer.
fn could_matter(grant: &Grant, question: &Question<'_>) -> bool {
    matches!(question.on, Resource::Grant { .. }) || grant.operations.contains(question.action)
}

/// What one grant asks of the request, check by check.
struct Checks<'o, O> {
    outcome: Match,
    observer: &'o mut O,
}

impl<O: Observer> Checks<'_, O> {
    fn check(&mut self, check: GrantCheck, (outcome, reason): (Match, Reason)) {
        self.outcome = self.outcome & outcome;
        self.tell(check, (outcome, reason));
    }

    /// Tells of a check that does not settle the grant by itself.
    fn tell(&mut self, check: GrantCheck, (outcome, reason): (Match, Reason)) {
        let reason = (outcome != Match::Yes).then_some(reason);
        self.observer.grant_check(GrantCheckTrace { check, outcome, reason });
    }

    /// Everything but time; how the grantee names the caller, if it does.
    fn allows(&mut self, grant: &Grant, compiled: &CompiledWorld, question: &Question<'_>) -> Option<PrincipalForm> {
        let listed = Match::from(grant.operations.contains(question.action));
        self.check(GrantCheck::Operations, (listed, Reason::GrantOperationNotListed));
        let named = names_caller(&grant.grantee, question);
        let grantee = named.map_or(Match::No, |(outcome, _)| outcome);
        self.check(GrantCheck::Grantee, (grantee, Reason::GranteeIsAnother));
        if let Some(constraint) = &grant.constraints.encryption_context
            && carries_encryption_context(question.action)
        {
            self.check(GrantCheck::EncryptionContext, encryption_context(constraint, question));
        }
        if let Some(source) = &grant.constraints.source_arn {
            let value = compiled.source_arn.map_or(&ContextValue::Absent, |slot| question.value(slot));
            let outcome = source_arn(source, value, question);
            self.check(GrantCheck::SourceArn, (outcome, Reason::SourceArnDiffers));
        }
        if question.action == Action::CreateGrant {
            self.check(GrantCheck::Chain, (child_is_no_wider(grant, question), Reason::ChildGrantTooWide));
        }
        named.map(|(_, form)| form)
    }
}

/// Whether a principal of a grant is the caller or its account. A role covers its sessions; a user does
/// not cover federated users, of whom AWS says nothing here.
fn names_caller(principal: &Principal, question: &Question<'_>) -> Option<(Match, PrincipalForm)> {
    let root = matches!(question.caller.identity, Identity::Root(_));
    let reaches = |form: PrincipalForm| match form {
        PrincipalForm::Account => root || question.assumptions.account_grantee == AccountGrantee::Delegates,
        PrincipalForm::ParentUser => false,
        _ => true,
    };
    principal::entry_names_caller(principal, question).filter(|(_, form)| reaches(*form))
}

/// Constraints on the encryption context bind the operations that have one as a parameter. For
/// `CreateGrant` they bind what the new grant may be.
fn carries_encryption_context(action: Action) -> bool {
    !matches!(action, Action::CreateGrant | Action::RetireGrant)
        && find_condition_key("kms:EncryptionContextKeys").is_some_and(|key| key.carried_by.contains(action))
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html>
fn encryption_context(constraint: &EncryptionContextConstraint, question: &Question<'_>) -> (Match, Reason) {
    let requested = &question.encryption_context;
    let same_name = |one: &str, other: &str| same_name(one, other, question);
    // A pair that the constraint asks for: there with that value, or nobody knows.
    let has = |name: &str, value: &str| {
        let pairs = requested.pairs.iter().filter(|(other, _)| same_name(other, name));
        let found = pairs.map(|(_, found)| match found {
            ContextValue::Values(values) => Match::from(values.iter().any(|found| &**found == value)),
            ContextValue::Unknown => Match::Depends,
            ContextValue::Absent => Match::No,
        });
        found.fold(if requested.open { Match::Depends } else { Match::No }, |so_far, found| so_far | found)
    };
    let all = constraint.pairs().iter().fold(Match::Yes, |so_far, (name, value)| so_far & has(name, value));
    match constraint {
        EncryptionContextConstraint::Subset(_) => (all, Reason::EncryptionContextPairMissing),
        EncryptionContextConstraint::Equals(pairs) => {
            let known = requested.pairs.iter().filter(|(_, value)| matches!(value, ContextValue::Values(_)));
            let asked_for = |name: &str| pairs.iter().any(|(other, _)| same_name(other, name));
            let too_many = known.clone().count() > pairs.len() || known.clone().any(|(name, _)| !asked_for(name));
            let mut unknown = requested.pairs.iter().filter(|(_, value)| *value == ContextValue::Unknown);
            let perhaps_more = requested.open || unknown.any(|(name, _)| !asked_for(name));
            let too_few = !requested.open && requested.pairs.len() < pairs.len();
            let no_more = match (too_many || too_few, perhaps_more) {
                (true, _) => Match::No,
                (false, true) => Match::Depends,
                (false, false) => Match::Yes,
            };
            (all & no_more, Reason::EncryptionContextDiffers)
        }
    }
}

fn same_name(one: &str, other: &str, question: &Question<'_>) -> bool {
    match question.assumptions.grant_context_key_case {
        GrantContextKeyCase::Sensitive => one == other,
        GrantContextKeyCase::Insensitive => {
            one.chars().flat_map(char::to_lowercase).eq(other.chars().flat_map(char::to_lowercase))
        }
    }
}

/// A request that no service makes on behalf of a resource has no source ARN, and so not this one.
fn source_arn(constraint: &str, value: &ContextValue, question: &Question<'_>) -> Match {
    match value {
        ContextValue::Absent => Match::No,
        ContextValue::Unknown => Match::Depends,
        ContextValue::Values(values) => {
            Match::from(values.iter().any(|value| same_source(constraint, value, question)))
        }
    }
}

fn same_source(constraint: &str, value: &str, question: &Question<'_>) -> bool {
    match question.assumptions.grant_source_arn {
        GrantSourceArn::Exact => constraint == value,
        GrantSourceArn::Pattern => Pattern::wildcards(constraint).matches_text(value),
    }
}

/// A grant that is made through this one: operations that this one has, and constraints as strict or
/// stricter (<https://docs.aws.amazon.com/kms/latest/developerguide/create-grant-overview.html>). That
/// `SourceArn` is kept is our reading: AWS does not speak of it.
fn child_is_no_wider(parent: &Grant, question: &Question<'_>) -> Match {
    let request = question.request;
    let Some(ParameterValue::List(operations)) = request.parameter("Operations") else { return Match::Depends };
    let has = |name: &str| Action::from_name(name).is_some_and(|action| parent.operations.contains(action));
    let operations = operations.iter().all(|operation| has(operation));
    let holds = |child: &[(Box<str>, Box<str>)], pairs: &[(Box<str>, Box<str>)]| {
        let has = |(name, value): &(Box<str>, Box<str>)| {
            child.iter().any(|(other, found)| same_name(other, name, question) && found == value)
        };
        pairs.iter().all(has)
    };
    let equals = request.parameter("EncryptionContextEquals").map(|_| request.pairs("EncryptionContextEquals"));
    let subset = request.parameter("EncryptionContextSubset").map(|_| request.pairs("EncryptionContextSubset"));
    let context = match (&parent.constraints.encryption_context, equals, subset) {
        (None, ..) => true,
        (Some(EncryptionContextConstraint::Subset(pairs)), Some(child), _)
        | (Some(EncryptionContextConstraint::Subset(pairs)), None, Some(child)) => holds(child, pairs),
        (Some(EncryptionContextConstraint::Equals(pairs)), Some(child), _) => {
            holds(child, pairs) && holds(pairs, child)
        }
        (Some(_), ..) => false,
    };
    let source =
        parent.constraints.source_arn.as_deref().is_none_or(|source| request.text("SourceArn") == Some(source));
    Match::from(operations && context && source)
}

/// Who may retire a grant: whom it names for that, its grantee if it has the operation, and whomever IAM
/// policies of an account let that made the grant, owns the key or is the retiring principal itself.
///
/// <https://docs.aws.amazon.com/kms/latest/developerguide/grant-delete.html>
fn may_retire<O: Observer>(
    grant: &Grant,
    key: &KmsKey,
    question: &Question<'_>,
    checks: &mut Checks<'_, O>,
) -> Option<PrincipalForm> {
    let named = |principal: &Principal| {
        principal::entry_names_caller(principal, question).filter(|(_, form)| *form != PrincipalForm::ParentUser)
    };
    let retiring = grant.retiring_principal.as_ref().and_then(named);
    let listed = grant.operations.contains(Action::RetireGrant);
    let grantee = names_caller(&grant.grantee, question);
    if grantee.is_some() && !listed {
        checks.tell(GrantCheck::Operations, (Match::No, Reason::GrantOperationNotListed));
    }
    let grantee = grantee.filter(|_| listed);
    let account = question.caller.account().filter(|account| {
        *account == key.arn.account() || *account == grant.issuing_account.unwrap_or_else(|| key.arn.account())
    });
    let account = account.map(|_| (Match::Yes, PrincipalForm::Account));
    let itself = |named: &(Match, PrincipalForm)| named.1 != PrincipalForm::Account;
    let by_itself = retiring.filter(itself).or(grantee.filter(itself));
    let named = by_itself.or(retiring).or(grantee).or(account);
    // That IAM policies of an account may let the caller retire it does not make it the grant's own principal.
    checks.tell(
        GrantCheck::RetiringPrincipal,
        (by_itself.map_or(Match::No, |(outcome, _)| outcome), Reason::RetiringPrincipalIsAnother),
    );
    checks.outcome = named.map_or(Match::No, |(outcome, _)| outcome);
    named.map(|(_, form)| form)
}

/// Whether it is everywhere. Its token makes it effective at once
/// (<https://docs.aws.amazon.com/kms/latest/developerguide/using-grant-token.html>).
fn effective(grant: &Grant, position: usize, now: Option<Timestamp>, question: &Question<'_>) -> (Match, Reason) {
    let told = question.grants_in_effect.iter().find(|(other, _)| *other == position);
    if let Some((_, in_effect)) = told {
        return (Match::from(*in_effect), Reason::NotYetEffective);
    }
    if let (Some(created), Some(now)) = (grant.created, now)
        && now < created
    {
        return (Match::No, Reason::NotYetEffective);
    }
    if let Some(deleted) = grant.deleted {
        return match now {
            Some(now) if now < deleted => (Match::Yes, Reason::GrantDeleted),
            Some(now) if now.duration_since(deleted) < EVENTUALLY => (Match::Depends, Reason::GrantDeleted),
            _ => (Match::No, Reason::GrantDeleted),
        };
    }
    let with_token = grant.token.as_deref().is_some_and(|token| {
        let request = question.request;
        request.text("GrantToken") == Some(token) || request.list("GrantTokens").iter().any(|given| &**given == token)
    });
    let outcome = match (grant.created, now) {
        _ if with_token => Match::Yes,
        (Some(created), Some(now)) if now.duration_since(created) < EVENTUALLY => Match::Depends,
        _ => Match::Yes,
    };
    (outcome, Reason::NotYetEffective)
}
