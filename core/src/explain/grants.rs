//! Grants in sentences.

use alloc::{format, string::String, vec::Vec};

use super::{Node, NodeKind, Sign, Subject, page, tree, words};
use crate::{
    decision::{GrantId, Match, PrincipalForm},
    trace::{GrantCheck, GrantCheckTrace, GrantTrace},
    world::{EncryptionContextConstraint, Grant, World},
};

/// So much of a grant's id tells it from others; whole it has 64 digits.
const SHOWN: usize = 12;

/// ``grant `0c237476b39f…` ``, `grant 2 of the key`
pub(super) fn grant_name(world: &World, id: GrantId) -> String {
    let grant = grant(world, id);
    match grant.and_then(|grant| grant.id.as_deref()) {
        Some(text) => match text.char_indices().nth(SHOWN) {
            Some((end, _)) => format!("grant `{}…`", text.get(..end).unwrap_or(text)),
            None => format!("grant `{text}`"),
        },
        None => format!("grant {} of the key", id.grant.saturating_add(1)),
    }
}

fn grant(world: &World, id: GrantId) -> Option<&Grant> {
    world.keys.get(id.key)?.grants.get(id.grant)
}

/// A grant with what it asks of a request.
pub(super) fn node(subject: &Subject<'_>, traced: &GrantTrace) -> Option<Node> {
    let grant = grant(subject.world, traced.grant)?;
    let failed: Vec<&str> =
        traced.checks.iter().filter(|check| check.outcome == Match::No).map(|check| title(check.check)).collect();
    let (sign, detail) = match (traced.outcome, traced.form) {
        (Match::Yes, Some(PrincipalForm::Account)) => (Sign::Allows, "lets IAM policies of the account decide".into()),
        (Match::Yes, _) => (Sign::Allows, format!("made for {}", grant.grantee_text)),
        (Match::Depends, _) => (Sign::Depends, "depends on what is not known".into()),
        (Match::No, _) => (Sign::DoesNotMatch, format!("does not match: {}", failed.join(", "))),
    };
    Some(Node {
        kind: NodeKind::Statement,
        sign,
        title: grant_name(subject.world, traced.grant),
        detail,
        span: Some(grant.span),
        page: None,
        children: traced.checks.iter().map(|traced| check(subject, grant, traced)).collect(),
    })
}

fn check(subject: &Subject<'_>, grant: &Grant, traced: &GrantCheckTrace) -> Node {
    Node {
        kind: NodeKind::Element,
        sign: tree::sign(traced.outcome),
        title: title(traced.check).into(),
        detail: detail(subject, grant, traced),
        span: Some(grant.span),
        page: Some(check_page(traced.check)),
        children: Vec::new(),
    }
}

const fn title(check: GrantCheck) -> &'static str {
    match check {
        GrantCheck::Operations => "Operations",
        GrantCheck::Grantee => "GranteePrincipal",
        GrantCheck::RetiringPrincipal => "who may retire it",
        GrantCheck::EncryptionContext => "encryption context",
        GrantCheck::SourceArn => "SourceArn",
        GrantCheck::Chain => "what a grant made through it may be",
        GrantCheck::Effective => "in effect",
    }
}

/// AWS's page about what a grant asks of a request.
#[must_use]
pub const fn check_page(check: GrantCheck) -> &'static str {
    match check {
        GrantCheck::Operations | GrantCheck::Grantee => page::GRANTS,
        GrantCheck::RetiringPrincipal => page::RETIRE_GRANT,
        GrantCheck::EncryptionContext | GrantCheck::SourceArn => page::GRANT_CONSTRAINTS,
        GrantCheck::Chain => page::CREATE_GRANT,
        GrantCheck::Effective => page::GRANT_TOKEN,
    }
}

fn detail(subject: &Subject<'_>, grant: &Grant, traced: &GrantCheckTrace) -> String {
    let why = traced.reason.map(words::element_reason).unwrap_or_default();
    match traced.check {
        GrantCheck::Operations if traced.outcome != Match::Yes => {
            format!("does not have `{}`", subject.authorization.action.name())
        }
        GrantCheck::Grantee if traced.outcome != Match::Yes => format!("is for `{}`", grant.grantee_text),
        GrantCheck::EncryptionContext if traced.outcome != Match::Yes => {
            let (name, pairs) = match &grant.constraints.encryption_context {
                Some(constraint @ EncryptionContextConstraint::Equals(_)) => ("exactly", constraint.pairs()),
                Some(constraint) => ("at least", constraint.pairs()),
                None => return why.into(),
            };
            let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("`{name}` = `{value}`")).collect();
            format!("{why}: {name} {}", pairs.join(", "))
        }
        GrantCheck::SourceArn if traced.outcome != Match::Yes => {
            format!("{why}: `{}`", grant.constraints.source_arn.as_deref().unwrap_or_default())
        }
        _ => why.into(),
    }
}

/// What kept a grant from allowing, if it was one thing only.
pub(super) fn near_miss(subject: &Subject<'_>, traced: &GrantTrace) -> Option<(String, &'static str)> {
    let mut failed = traced.checks.iter().filter(|check| check.outcome == Match::No);
    let (only, None) = (failed.next()?, failed.next()) else { return None };
    // A grant for another operation or for somebody else is no near miss.
    if matches!(only.check, GrantCheck::Operations | GrantCheck::Grantee | GrantCheck::RetiringPrincipal) {
        return None;
    }
    let grant = grant(subject.world, traced.grant)?;
    let name = grant_name(subject.world, traced.grant);
    Some((format!("{name} would allow it, but {}", detail(subject, grant, only)), check_page(only.check)))
}
