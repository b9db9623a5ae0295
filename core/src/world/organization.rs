use alloc::{boxed::Box, string::String, vec::Vec};

use crate::{arn::AccountId, json::Span, policy::Document};

/// An organization of AWS Organizations.
///
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_getting-started_concepts.html>
#[derive(Clone, Debug)]
pub struct Organization {
    /// `o-exampleorgid`
    pub id: Box<str>,
    /// The management account, which neither SCPs nor RCPs bind.
    pub management_account: AccountId,
    /// Whether it has policies at all: with `CONSOLIDATED_BILLING` it has none.
    pub has_policies: bool,
    /// Root, organizational units and accounts: what policies are attached to. The root comes first, and
    /// everything after what it is in.
    pub targets: Vec<Target>,
}

/// The root, a unit or an account: AWS calls what a policy is attached to its target.
#[derive(Clone, Debug)]
pub struct Target {
    /// The bytes of its description.
    pub span: Span,
    /// `r-ab12`, `ou-ab12-11111111`, or the number of the account.
    pub id: Box<str>,
    /// Its name.
    pub name: Option<Box<str>>,
    /// The number, if it is an account.
    pub account: Option<AccountId>,
    /// What it is in; only the root is in nothing.
    pub parent: Option<usize>,
    /// What is attached to it.
    pub service_control_policies: Vec<ControlPolicy>,
    /// What is attached to it beside `RCPFullAWSAccess`, which is always there.
    pub resource_control_policies: Vec<ControlPolicy>,
}

/// A service or resource control policy.
#[derive(Clone, Debug)]
pub struct ControlPolicy {
    /// The bytes of its description.
    pub span: Span,
    /// Its name.
    pub name: Box<str>,
    /// Its ARN, if known.
    pub arn: Option<Box<str>>,
    /// What it says; `None` is AWS's own `FullAWSAccess` or `RCPFullAWSAccess`, which allows everything.
    pub document: Option<Document>,
}

impl Organization {
    /// Whether an account is in it. The management account is, listed or not.
    #[must_use]
    pub fn has(&self, account: AccountId) -> bool {
        account == self.management_account || self.target(account).is_some()
    }

    /// The levels from an account up to the root, the account first; none if it is not in the tree.
    #[must_use]
    pub fn levels(&self, account: AccountId) -> Levels<'_> {
        Levels { organization: self, next: self.target(account) }
    }

    /// The path that `aws:PrincipalOrgPaths` has for an account: `o-…/r-…/ou-…/`
    /// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgpaths>).
    /// The management account stands in the root unless it is listed elsewhere.
    #[must_use]
    pub fn path(&self, account: AccountId) -> Option<Box<str>> {
        let mut ids: Vec<&str> = self
            .levels(account)
            .filter_map(|level| self.targets.get(level))
            .filter(|target| target.account.is_none())
            .map(|target| &*target.id)
            .collect();
        if ids.is_empty() && account == self.management_account {
            ids.extend(self.targets.first().map(|root| &*root.id));
        }
        if ids.is_empty() {
            return None;
        }
        let mut path = String::from(&*self.id);
        path.push('/');
        for id in ids.iter().rev() {
            path.push_str(id);
            path.push('/');
        }
        Some(path.into())
    }

    fn target(&self, account: AccountId) -> Option<usize> {
        self.targets.iter().position(|target| target.account == Some(account))
    }
}

/// Walks up a tree of units.
#[derive(Clone, Debug)]
pub struct Levels<'o> {
    organization: &'o Organization,
    next: Option<usize>,
}

impl Iterator for Levels<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let level = self.next?;
        // What something is in comes before it, so a walk ends.
        self.next = self.organization.targets.get(level).and_then(|target| target.parent).filter(|up| *up < level);
        Some(level)
    }
}
