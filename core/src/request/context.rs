use alloc::{boxed::Box, collections::BTreeMap, vec::Vec};

use super::{Authorization, Resource, Unlisted};
use crate::catalog::{Action, ConditionKeyInfo, Presence, find_condition_key};

/// The context of a request: condition keys and their values. Names are compared without case
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html>).
#[derive(Clone, Debug)]
pub struct RequestContext {
    entries: BTreeMap<Box<str>, ContextEntry>,
    action: Action,
    resource: Resource,
    /// Whether the request has an attestation document, whose content is not read.
    attested: bool,
    unlisted: Unlisted,
}

/// A key of the context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContextEntry {
    /// The condition key as AWS or the author spells it.
    pub name: Box<str>,
    /// Its value.
    pub value: ContextValue,
    /// Where that comes from.
    pub origin: Origin,
}

/// The value of a condition key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContextValue {
    /// The request does not have the key.
    Absent,
    /// Nobody knows.
    Unknown,
    /// One value, or several of a multivalued key; never none.
    Values(Vec<Box<str>>),
}

impl ContextValue {
    /// A single value.
    #[must_use]
    pub fn one(value: impl Into<Box<str>>) -> Self {
        Self::Values(Vec::from([value.into()]))
    }

    /// Several values; none is absence.
    #[must_use]
    pub fn several(values: Vec<Box<str>>) -> Self {
        if values.is_empty() { Self::Absent } else { Self::Values(values) }
    }
}

/// Where a value of the context comes from, or why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// Given with the request.
    Given,
    /// Follows from who the caller is.
    Caller,
    /// Follows from the caller's credentials.
    Session,
    /// Nobody said that the session was started with MFA.
    WithoutMfa,
    /// A property of the key.
    Key,
    /// A parameter of the request, or its default.
    Parameter,
    /// Follows from the service that calls on the caller's behalf.
    ViaService,
    /// Follows from the organization.
    Organization,
    /// Follows from the VPC endpoint that the request comes through.
    VpcEndpoint,
    /// The time of the request.
    Time,
    /// True of every request to KMS.
    EveryRequest,
    /// Every request has it, but nobody gave its value.
    AlwaysPresent,
    /// Requests for this operation never carry it.
    NotCarried,
    /// Two values whose keys differ only in case; AWS does not document which one counts.
    Ambiguous,
    /// AWS does not document it for this caller.
    Undocumented,
    /// There if a service calls on behalf of a resource, but nobody gave its value.
    OnBehalf,
    /// There unless the request comes through a VPC endpoint, but nobody gave its value.
    Address,
    /// Neither given nor derivable: what `unlisted` says.
    Unlisted,
}

impl RequestContext {
    pub(super) fn new(authorization: &Authorization, attested: bool, unlisted: Unlisted) -> Self {
        let Authorization { action, resource, .. } = authorization;
        Self { entries: BTreeMap::new(), action: *action, resource: resource.clone(), attested, unlisted }
    }

    /// Whether a request of this kind can carry a key. On an alias no key of KMS counts, and it has no tags:
    /// <https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html>.
    pub(super) fn carries(&self, info: &ConditionKeyInfo) -> bool {
        let of_key = info.name.starts_with("kms:") || info.name == "aws:ResourceTag/";
        info.carried_by.contains(self.action) && !(of_key && matches!(self.resource, Resource::Alias(_)))
    }

    /// Sets a key, unless it was given by hand.
    pub(super) fn set(&mut self, name: &str, value: ContextValue, origin: Origin) {
        let folded = name.to_lowercase().into_boxed_str();
        if self.entries.get(&folded).is_none_or(|entry| entry.origin != Origin::Given) {
            self.entries.insert(folded, ContextEntry { name: name.into(), value, origin });
        }
    }

    pub(super) fn one(&mut self, name: &str, value: &str, origin: Origin) {
        self.set(name, ContextValue::one(value), origin);
    }

    /// The values of a family such as `kms:EncryptionContext:`. Members that differ only in case cannot
    /// be told apart by a condition: AWS warns of it and does not say which counts
    /// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html>).
    pub(super) fn family<'t>(&mut self, prefix: &str, pairs: impl Iterator<Item = (&'t str, &'t str)>, origin: Origin) {
        let mut members: BTreeMap<Box<str>, Vec<(&str, &str)>> = BTreeMap::new();
        for (name, value) in pairs {
            members.entry(name.to_lowercase().into()).or_default().push((name, value));
        }
        for same in members.values() {
            let Some((name, value)) = same.first() else { continue };
            let name = alloc::format!("{prefix}{name}");
            if same.iter().all(|(_, other)| other == value) {
                self.one(&name, value, origin);
            } else {
                self.set(&name, ContextValue::Unknown, Origin::Ambiguous);
            }
        }
    }

    /// The keys that have a value, are known to be absent, or are known to be unknown, by name.
    pub fn entries(&self) -> impl Iterator<Item = &ContextEntry> {
        self.entries.values()
    }

    /// What the request has for a key, and why.
    #[must_use]
    pub fn look_up(&self, name: &str) -> (ContextValue, Origin) {
        if let Some(entry) = self.entries.get(name.to_lowercase().as_str()) {
            return (entry.value.clone(), entry.origin);
        }
        let info = find_condition_key(name);
        if info.is_some_and(|info| !self.carries(info)) {
            return (ContextValue::Absent, Origin::NotCarried);
        }
        let has_key = self.resource.key().is_some();
        match info {
            // Families whose members are all derived: one that is not there is absent.
            Some(info) if info.name == "kms:EncryptionContext:" => (ContextValue::Absent, Origin::Parameter),
            Some(info) if info.name == "aws:RequestTag/" => (ContextValue::Absent, Origin::Parameter),
            Some(info) if info.name == "aws:ResourceTag/" && has_key => (ContextValue::Absent, Origin::Key),
            // No attestation document, no value: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-attestation.html
            Some(info) if info.name.starts_with("kms:RecipientAttestation:") => {
                (if self.attested { ContextValue::Unknown } else { ContextValue::Absent }, Origin::Parameter)
            }
            Some(info) if info.name == "aws:PrincipalTag/" => (ContextValue::Absent, Origin::Caller),
            Some(info) if info.presence == Presence::EveryRequest => (ContextValue::Unknown, Origin::AlwaysPresent),
            _ => match self.unlisted {
                Unlisted::Absent => (ContextValue::Absent, Origin::Unlisted),
                Unlisted::Unknown => (ContextValue::Unknown, Origin::Unlisted),
            },
        }
    }
}
