//! Who watches an evaluation, and what is left behind: plain data in the shape of the question. Policy, statement,
//! element, value; ids and typed outcomes, no sentences.

use alloc::vec::Vec;

use crate::{
    decision::{GrantId, Match, PolicyId, PolicyType, PrincipalForm},
    policy::Effect,
};

/// Every policy and grant that was looked at, in the order of evaluation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// The documents.
    pub policies: Vec<PolicyTrace>,
    /// The grants on the key.
    pub grants: Vec<GrantTrace>,
}

impl Trace {
    /// Whether a reason occurs anywhere.
    #[must_use]
    pub fn has(&self, reason: Reason) -> bool {
        let elements =
            self.policies.iter().flat_map(|policy| &policy.statements).flat_map(|statement| &statement.elements);
        let grants = self.grants.iter().flat_map(|grant| &grant.checks);
        elements.into_iter().any(|element| {
            element.reason == Some(reason) || element.values.iter().any(|value| value.reason == Some(reason))
        }) || grants.into_iter().any(|check| check.reason == Some(reason))
    }
}

/// One document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyTrace {
    /// Its type.
    pub policy_type: PolicyType,
    /// Which one.
    pub policy: PolicyId,
    /// Its statements.
    pub statements: Vec<StatementTrace>,
}

/// One statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementTrace {
    /// Its position in the document.
    pub index: usize,
    /// What it does when it matches.
    pub effect: Effect,
    /// Whether it matches.
    pub outcome: Match,
    /// Its elements.
    pub elements: Vec<ElementTrace>,
}

/// One element of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElementTrace {
    /// Which.
    pub element: ElementKind,
    /// Whether it matches.
    pub outcome: Match,
    /// Why not; or, for a match that no value explains, why.
    pub reason: Option<Reason>,
    /// Its values.
    pub values: Vec<ValueTrace>,
}

/// The elements that decide whether a statement matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ElementKind {
    /// `Principal` or `NotPrincipal`
    Principal,
    /// `Action` or `NotAction`
    Action,
    /// `Resource` or `NotResource`
    Resource,
    /// The condition at that position.
    Condition(usize),
}

/// One value of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ValueTrace {
    /// Its position in the element.
    pub index: usize,
    /// Whether it is hit; the `Not` of the element or operator does not count here.
    pub outcome: Match,
    /// Why it is not hit.
    pub reason: Option<Reason>,
    /// For principals: how it names the caller.
    pub form: Option<PrincipalForm>,
}

/// One grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantTrace {
    /// Which.
    pub grant: GrantId,
    /// Whether it allows the request.
    pub outcome: Match,
    /// How its grantee, or whoever may retire it, names the caller.
    pub form: Option<PrincipalForm>,
    /// What it asks of a request.
    pub checks: Vec<GrantCheckTrace>,
}

/// One thing that a grant asks of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GrantCheckTrace {
    /// Which.
    pub check: GrantCheck,
    /// Whether the request has it.
    pub outcome: Match,
    /// Why not.
    pub reason: Option<Reason>,
}

/// What a grant asks of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantCheck {
    /// `Operations` has the operation.
    Operations,
    /// `GranteePrincipal` or `GranteeServicePrincipal` is the caller or its account.
    Grantee,
    /// The caller may retire it: the retiring principal, the grantee of `RetireGrant`, or an account.
    RetiringPrincipal,
    /// `EncryptionContextEquals` or `EncryptionContextSubset`
    EncryptionContext,
    /// `SourceArn`
    SourceArn,
    /// A grant made through this one gives no more than this one.
    Chain,
    /// It is everywhere already, and still.
    Effective,
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// Every way of not matching.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Reason {
            $($(#[$doc])* $variant,)*
        }

        impl Reason {
            /// Every reason.
            pub const ALL: &'static [Reason] = &[$(Reason::$variant,)*];

            /// Its name in a scenario's `expect`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Reason::$variant => $name,)* }
            }
        }
    };
}

reasons! {
    /// Nobody listed is the caller.
    PrincipalNotListed = "principalNotListed",
    /// The entry names somebody of another account.
    OtherAccount = "otherAccount",
    /// The statement has no `Principal`.
    NoPrincipalElement = "noPrincipalElement",
    /// `NotPrincipal` lists the caller, on every level.
    PrincipalListedInNotPrincipal = "principalListedInNotPrincipal",
    /// No action listed is the request's.
    ActionNotListed = "actionNotListed",
    /// `NotAction` lists the request's action.
    ActionListedInNotAction = "actionListedInNotAction",
    /// KMS stored the statement without `Action`.
    NoActionElement = "noActionElement",
    /// No resource listed is the request's.
    ResourceNotListed = "resourceNotListed",
    /// `NotResource` lists the request's resource.
    ResourceListedInNotResource = "resourceListedInNotResource",
    /// KMS stored the statement without `Resource`.
    NoResourceElement = "noResourceElement",
    /// The request does not have the key.
    KeyAbsent = "keyAbsent",
    /// The request has the key, and `Null` asks for its absence.
    KeyPresent = "keyPresent",
    /// The request's value is none of the policy's.
    ValueDiffers = "valueDiffers",
    /// It would be one of them if letter case did not count.
    ValueDiffersInCaseOnly = "valueDiffersInCaseOnly",
    /// The request's value is one that the negated operator excludes.
    ValueListed = "valueListed",
    /// The value cannot be read as what the operator compares.
    ValueMalformed = "valueMalformed",
    /// `ForAllValues`: a value of the request is none of the policy's.
    SomeValueNotListed = "someValueNotListed",
    /// `ForAnyValue`: no value of the request is one of the policy's.
    NoValueListed = "noValueListed",
    /// A policy variable has no value in this request, and no default.
    VariableWithoutValue = "variableWithoutValue",
    /// The grant does not have the operation.
    GrantOperationNotListed = "grantOperationNotListed",
    /// The grant is for somebody else.
    GranteeIsAnother = "granteeIsAnother",
    /// The encryption context is not the one that the grant asks for.
    EncryptionContextDiffers = "encryptionContextDiffers",
    /// The encryption context lacks a pair that the grant asks for.
    EncryptionContextPairMissing = "encryptionContextPairMissing",
    /// The request is not made on behalf of the resource that the grant asks for.
    SourceArnDiffers = "sourceArnDiffers",
    /// The grant to be made through this one would give more.
    ChildGrantTooWide = "childGrantTooWide",
    /// The grant is so young that it may not be everywhere yet, or not made yet.
    NotYetEffective = "notYetEffective",
    /// The grant was retired or revoked.
    GrantDeleted = "grantDeleted",
    /// Neither the grant nor an account lets the caller retire it.
    RetiringPrincipalIsAnother = "retiringPrincipalIsAnother",
}

/// Sees an evaluation as it goes.
pub trait Observer {
    /// Whether to look at everything, also at what can no longer change the decision.
    const WATCHING: bool;
    /// A document is looked at.
    fn policy_begins(&mut self, _policy_type: PolicyType, _policy: PolicyId) {}
    /// A statement of it is looked at.
    fn statement_begins(&mut self, _index: usize, _effect: Effect) {}
    /// A value of an element was compared.
    fn value(&mut self, _value: ValueTrace) {}
    /// An element was decided; its values were reported before.
    fn element_ends(&mut self, _element: ElementKind, _outcome: Match, _reason: Option<Reason>) {}
    /// The statement was decided.
    fn statement_ends(&mut self, _outcome: Match) {}
    /// A grant is looked at.
    fn grant_begins(&mut self, _grant: GrantId) {}
    /// One of its checks was made.
    fn grant_check(&mut self, _check: GrantCheckTrace) {}
    /// The grant was decided.
    fn grant_ends(&mut self, _outcome: Match, _form: Option<PrincipalForm>) {}
}

/// Sees nothing. A decision under it allocates nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Observer for Silent {
    const WATCHING: bool = false;
}

/// The observer that writes a [`Trace`].
#[derive(Debug, Default)]
pub struct Watcher {
    trace: Trace,
    values: Vec<ValueTrace>,
}

impl Watcher {
    /// What was seen.
    #[must_use]
    pub fn into_trace(self) -> Trace {
        self.trace
    }

    fn statement(&mut self) -> Option<&mut StatementTrace> {
        self.trace.policies.last_mut()?.statements.last_mut()
    }
}

impl Observer for Watcher {
    const WATCHING: bool = true;

    fn policy_begins(&mut self, policy_type: PolicyType, policy: PolicyId) {
        self.trace.policies.push(PolicyTrace { policy_type, policy, statements: Vec::new() });
    }

    fn statement_begins(&mut self, index: usize, effect: Effect) {
        if let Some(policy) = self.trace.policies.last_mut() {
            policy.statements.push(StatementTrace { index, effect, outcome: Match::No, elements: Vec::new() });
        }
    }

    fn value(&mut self, value: ValueTrace) {
        self.values.push(value);
    }

    fn element_ends(&mut self, element: ElementKind, outcome: Match, reason: Option<Reason>) {
        let values = core::mem::take(&mut self.values);
        if let Some(statement) = self.statement() {
            statement.elements.push(ElementTrace { element, outcome, reason, values });
        }
    }

    fn statement_ends(&mut self, outcome: Match) {
        if let Some(statement) = self.statement() {
            statement.outcome = outcome;
        }
    }

    fn grant_begins(&mut self, grant: GrantId) {
        self.trace.grants.push(GrantTrace { grant, outcome: Match::No, form: None, checks: Vec::new() });
    }

    fn grant_check(&mut self, check: GrantCheckTrace) {
        if let Some(grant) = self.trace.grants.last_mut() {
            grant.checks.push(check);
        }
    }

    fn grant_ends(&mut self, outcome: Match, form: Option<PrincipalForm>) {
        if let Some(grant) = self.trace.grants.last_mut() {
            (grant.outcome, grant.form) = (outcome, form);
        }
    }
}
