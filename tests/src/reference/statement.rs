//! Whether a statement applies to an authorization: all of its elements must match.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html>, element by element.

use super::caller::{Caller, CallerKind, Named};
use super::context::View;
use super::document::{Document, Element, PrincipalElement, Statement};
use super::pattern;
use super::variable::Template;

/// The quota of aliases per KMS key:
/// <https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html>.
const ALIASES_PER_KEY: usize = 50;

/// What a statement is compared with, besides its caller and the request context.
#[derive(Clone, Copy)]
pub(super) struct Target<'target> {
    /// The action in lower case, `kms:decrypt`.
    pub action: &'target str,
    /// The resource's ARN, or `*`.
    pub resource: &'target str,
}

impl Statement {
    /// Whether its `Action` or `NotAction` covers the action. Without either the statement is inert.
    pub fn covers_action(&self, action: &str) -> bool {
        self.action.as_ref().is_some_and(|element| element.holds(|pattern| pattern::matches(pattern, action)))
    }

    /// Whether everything but its principal matches.
    pub fn applies(&self, target: Target, view: &View) -> bool {
        let covers = |template: &Template| {
            // A variable may stand after the fifth colon only; elsewhere the entry matches nothing.
            !template.variable_before_fifth_colon()
                && template.tokens(view).is_some_and(|tokens| pattern::matches(&tokens, target.resource))
        };
        self.covers_action(target.action)
            && self.resource.as_ref().is_some_and(|element| element.holds(covers))
            && !(view.assumptions().unresolved_variable_spoils_statement && self.has_unresolved_variable(view))
            && !self.hangs_on_too_many_aliases(view)
            && self.condition.iter().all(|test| test.holds(view))
    }

    /// "If a KMS key exceeds this quota, principals who are authorized to use the KMS key by the
    /// `kms:ResourceAliases` condition are denied access to the KMS key."
    fn hangs_on_too_many_aliases(&self, view: &View) -> bool {
        let key = "kms:resourcealiases";
        let tested = || self.condition.iter().any(|test| test.key == key);
        let too_many = || view.values(key).is_some_and(|aliases| aliases.len() > ALIASES_PER_KEY);
        self.allows && tested() && too_many()
    }

    fn has_unresolved_variable(&self, view: &View) -> bool {
        let resources = self.resource.iter().flat_map(|element| &element.entries);
        let resources = resources.filter(|template| !template.variable_before_fifth_colon());
        let mut templates = resources.chain(self.condition.iter().flat_map(|test| &test.values));
        templates.any(|template| template.text(view).is_none())
    }

    /// How its `Principal` names the caller: every way in which it does.
    fn names(&self, caller: &Caller, resource: &str, view: &View) -> Vec<Named> {
        let PrincipalElement::Principal(entries) = &self.principal else { return Vec::new() };
        entries.iter().filter_map(|entry| caller.named_by(entry, resource, view)).collect()
    }

    /// Whether, of a `Deny`, it reaches the caller.
    fn reaches(&self, caller: &Caller, resource: &str, view: &View) -> bool {
        match &self.principal {
            PrincipalElement::None => false,
            PrincipalElement::Principal(_) => !self.names(caller, resource, view).is_empty(),
            PrincipalElement::NotPrincipal(entries) => !caller.is_spared_by(entries, resource, view),
        }
    }
}

impl<T> Element<T> {
    /// Whether an entry covers what is asked; of the `Not…` form, whether none does.
    fn holds(&self, covers: impl Fn(&T) -> bool) -> bool {
        self.entries.iter().any(covers) != self.negated
    }
}

/// What a policy says to an authorization.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Answer {
    pub allows: bool,
    pub denies: bool,
}

/// The answer of a policy that speaks of whomever it is attached to.
pub(super) fn attached(document: &Document, target: Target, view: &View) -> Answer {
    let mut answer = Answer::default();
    for statement in &document.statements {
        let already = if statement.allows { &mut answer.allows } else { &mut answer.denies };
        *already = *already || statement.applies(target, view);
    }
    answer
}

/// The answer of all of them together.
pub(super) fn together<'document>(
    documents: impl IntoIterator<Item = &'document Document>,
    target: Target,
    view: &View,
) -> Answer {
    documents.into_iter().map(|document| attached(document, target, view)).fold(Answer::default(), |one, other| {
        Answer { allows: one.allows || other.allows, denies: one.denies || other.denies }
    })
}

/// The ways in which a key policy names the caller in statements that allow, and whether one denies.
pub(super) fn key_policy(document: &Document, caller: &Caller, target: Target, view: &View) -> (Vec<Named>, bool) {
    let mut named = Vec::new();
    let mut denied = false;
    for statement in &document.statements {
        if statement.allows {
            let ways = statement.names(caller, target.resource, view);
            if !ways.is_empty() && statement.applies(target, view) {
                named.extend(ways);
            }
        } else if !denied {
            denied = statement.reaches(caller, target.resource, view) && statement.applies(target, view);
        }
    }
    (named, denied)
}

/// The answer of a VPC endpoint policy. An account in it stands for everyone in the account, or, as AWS's
/// page says of gateway endpoints, for its root user.
pub(super) fn endpoint_policy(document: &Document, caller: &Caller, target: Target, view: &View) -> Answer {
    let root_only = view.assumptions().endpoint_account_is_root_user && caller.kind != CallerKind::RootUser;
    let mut answer = Answer::default();
    for statement in &document.statements {
        let reached = match &statement.principal {
            // What the page says of the root user is that "access is granted" to it only: denied is everyone.
            PrincipalElement::Principal(_) if statement.allows => statement
                .names(caller, target.resource, view)
                .iter()
                .any(|named| !(root_only && *named == Named::Account)),
            _ => statement.reaches(caller, target.resource, view),
        };
        if reached && statement.applies(target, view) {
            let said = if statement.allows { &mut answer.allows } else { &mut answer.denies };
            *said = true;
        }
    }
    answer
}
