//! `Principal` and `NotPrincipal`.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html>

use super::Question;
use crate::{
    arn::PrincipalArn,
    compile::CompiledElement,
    decision::{Match, PrincipalForm},
    policy::principal::Principal,
    request::Identity,
    trace::{ElementKind, Observer, Reason, ValueTrace},
};

/// How an element names the caller.
#[derive(Default)]
pub(super) struct Named {
    pub outcome: Match,
    pub by_form: [Match; 8],
}

pub(super) fn principal<O: Observer>(
    element: &CompiledElement<Principal>,
    question: &Question<'_>,
    observer: &mut O,
) -> Named {
    let (named, reason) = match element {
        CompiledElement::Absent => (Named::default(), Reason::NoPrincipalElement),
        CompiledElement::Is(entries) => {
            let named = listed(entries, question, observer);
            let elsewhere = !entries.is_empty() && entries.iter().all(|entry| is_other_account(entry, question));
            (named, if elsewhere { Reason::OtherAccount } else { Reason::PrincipalNotListed })
        }
        CompiledElement::IsNot(entries) => {
            let named = listed(entries, question, observer);
            // Denied is whoever is not listed on every level: account, then user or role, then session; and
            // whoever has a permissions boundary, listed or not.
            let entity = question.caller.principal(question.world);
            let bounded = entity.is_some_and(|entity| entity.permissions_boundary.is_some());
            let excepted = named.by_form.get(PrincipalForm::Everyone as usize).copied().unwrap_or_default()
                | levels(question).iter().fold(Match::Yes, |so_far, level| {
                    so_far & named.by_form.get(*level as usize).copied().unwrap_or_default()
                });
            let outcome = if bounded { Match::Yes } else { !excepted };
            (Named { outcome, by_form: [outcome; 8] }, Reason::PrincipalListedInNotPrincipal)
        }
    };
    let reason = (named.outcome == Match::No).then_some(reason);
    observer.element_ends(ElementKind::Principal, named.outcome, reason);
    named
}

fn listed<O: Observer>(entries: &[Principal], question: &Question<'_>, observer: &mut O) -> Named {
    let mut named = Named::default();
    for (index, entry) in entries.iter().enumerate() {
        let hit = entry_names_caller(entry, question);
        if let Some((outcome, form)) = hit {
            named.outcome = named.outcome | outcome;
            if let Some(by_form) = named.by_form.get_mut(form as usize) {
                *by_form = *by_form | outcome;
            }
        }
        if O::WATCHING {
            let elsewhere = hit.is_none() && is_other_account(entry, question);
            observer.value(ValueTrace {
                index,
                outcome: hit.map_or(Match::No, |(outcome, _)| outcome),
                reason: elsewhere.then_some(Reason::OtherAccount),
                form: hit.map(|(_, form)| form),
            });
        }
    }
    named
}

/// The levels on which `NotPrincipal` must list a caller to except it.
fn levels(question: &Question<'_>) -> &'static [PrincipalForm] {
    use PrincipalForm::{Account, FederatedUser, ParentUser, Role, RoleSession, Service, User};
    match question.caller.identity {
        Identity::Root(_) => &[Account],
        Identity::User { .. } => &[Account, User],
        Identity::RoleSession { .. } => &[Account, Role, RoleSession],
        Identity::FederatedUser { .. } => &[Account, ParentUser, FederatedUser],
        Identity::Service(_) => &[Service],
    }
}

/// Whether an entry names the caller, and how. ARNs are compared with case; that of a role covers its
/// sessions, that of a user the federated-user sessions that the user made.
pub(super) fn entry_names_caller(entry: &Principal, question: &Question<'_>) -> Option<(Match, PrincipalForm)> {
    let caller = question.caller;
    let entity = caller.principal(question.world);
    let same =
        |arn: &PrincipalArn, other: Option<&PrincipalArn>| other.is_some_and(|other| other.as_str() == arn.as_str());
    let form = match entry {
        Principal::Everyone => PrincipalForm::Everyone,
        Principal::Account { account, partition } => {
            // A bare account id is the account of that number in the partition of the policy, which is the
            // key's: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
            let partition = partition.as_deref().or_else(|| question.partition_of_resource());
            let arn = caller.arn().filter(|arn| arn.account() == *account)?;
            partition.is_none_or(|partition| partition == arn.partition()).then_some(PrincipalForm::Account)?
        }
        Principal::Arn(arn) => match caller.identity {
            Identity::User { .. } if same(arn, caller.arn()) => PrincipalForm::User,
            Identity::RoleSession { .. } if same(arn, caller.arn()) => PrincipalForm::RoleSession,
            Identity::RoleSession { .. } if same(arn, entity.map(|role| &role.arn)) => PrincipalForm::Role,
            Identity::FederatedUser { .. } if same(arn, caller.arn()) => PrincipalForm::FederatedUser,
            Identity::FederatedUser { .. } if same(arn, entity.map(|user| &user.arn)) => PrincipalForm::ParentUser,
            _ => return None,
        },
        Principal::UniqueId(id) => {
            let (form, prefix) = match caller.identity {
                Identity::User { .. } => (PrincipalForm::User, "AIDA"),
                Identity::RoleSession { .. } => (PrincipalForm::Role, "AROA"),
                Identity::FederatedUser { .. } => (PrincipalForm::ParentUser, "AIDA"),
                _ => return None,
            };
            return match entity.and_then(|entity| entity.unique_id.as_deref()) {
                Some(known) => (known == &**id).then_some((Match::Yes, form)),
                // Nobody told the unique id of this user or role: it may be this one.
                None => id.starts_with(prefix).then_some((Match::Depends, form)),
            };
        }
        Principal::Service(name) => match &caller.identity {
            Identity::Service(service) if service == name => PrincipalForm::Service,
            _ => return None,
        },
        Principal::Unreadable => return None,
    };
    Some((Match::Yes, form))
}

fn is_other_account(entry: &Principal, question: &Question<'_>) -> bool {
    let account = match entry {
        Principal::Account { account, .. } => *account,
        Principal::Arn(arn) => arn.account(),
        _ => return false,
    };
    question.caller.account().is_some_and(|caller| caller != account)
}
