//! Who calls, and how the entries of a `Principal` element name them.
//!
//! "AWS JSON policy elements: Principal"
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>) and
//! "NotPrincipal" (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html>).

use super::arn::{Arn, is_account_id};
use super::context::View;
use super::document::{Document, PrincipalEntry};
use super::world::{CallerText, Principal, World};

/// The caller of a request.
#[derive(Debug)]
pub(super) struct Caller<'world> {
    pub kind: CallerKind,
    /// The ARN or the service name, as AWS prints it.
    pub name: &'world str,
    /// Its ARN, unless it is a service.
    pub arn: Option<Arn>,
    /// The user; the role of a session; the user who asked for a federated session.
    pub principal: Option<&'world Principal>,
    groups: Vec<&'world Principal>,
    pub text: &'world CallerText,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CallerKind {
    User,
    /// A session of a role.
    Session,
    /// What GetFederationToken gives.
    FederatedUser,
    RootUser,
    Service,
}

/// How an entry names the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// Like everyone else.
    Everyone,
    /// By its account.
    Account,
    /// By the role whose session it is, or by the user who asked for the federated session.
    Origin,
    /// Itself.
    Itself,
}

impl<'world> Caller<'world> {
    /// The caller of that request, if the scenario lists the user or role that it takes.
    pub fn of(world: &'world World, text: &'world CallerText) -> Result<Caller<'world>, &'static str> {
        let name = text.name.as_str();
        let Some(arn) = Arn::read(name) else {
            let kind = CallerKind::Service;
            return Ok(Caller { kind, name, arn: None, principal: None, groups: Vec::new(), text });
        };
        let listed = |test: &dyn Fn(&Principal) -> bool| world.principals.iter().find(|principal| test(principal));
        let (kind, principal) = match arn.resource.split('/').collect::<Vec<_>>().as_slice() {
            ["root"] => (CallerKind::RootUser, None),
            ["user", ..] => (CallerKind::User, listed(&|principal| principal.arn == arn)),
            ["assumed-role", role, _] => {
                let is_it = |principal: &Principal| {
                    principal.is("role") && principal.name() == *role && principal.arn.same_account(&arn)
                };
                (CallerKind::Session, listed(&is_it))
            }
            ["federated-user", ..] => {
                let user = text.user.as_deref();
                (CallerKind::FederatedUser, listed(&|principal| Some(principal.arn.text.as_str()) == user))
            }
            _ => return Err("a caller who is no user, session, root user or service"),
        };
        if principal.is_none() && matches!(kind, CallerKind::User | CallerKind::Session) {
            return Err("a caller who is not listed under principals");
        }
        let in_its_account = |other: &&Principal| other.is("group") && other.arn.same_account(&arn);
        let groups = principal.into_iter().flat_map(|principal| {
            let is_member = |group: &&Principal| principal.groups.iter().any(|name| name == group.name());
            world.principals.iter().filter(in_its_account).filter(is_member).collect::<Vec<_>>()
        });
        let groups = groups.collect();
        Ok(Caller { kind, name, arn: Some(arn), principal, groups, text })
    }

    /// Its account id; AWS does not say which account a service has.
    pub fn account(&self) -> Option<&str> {
        self.arn.as_ref().map(|arn| arn.account.as_str())
    }

    /// Whether it belongs to the account of that ARN.
    pub fn is_in_account_of(&self, other: &Arn) -> bool {
        self.arn.as_ref().is_some_and(|arn| arn.same_account(other))
    }

    /// The identity-based policies: its own, its groups', its role's, or those of the user behind it.
    pub fn identity_policies(&self) -> impl Iterator<Item = &'world Document> {
        self.principal.into_iter().chain(self.groups.iter().copied()).flat_map(|principal| &principal.policies)
    }

    /// The permissions boundary of the user or role.
    pub fn boundary(&self) -> Option<&'world Document> {
        self.principal?.boundary.as_ref()
    }

    /// Whether it is a session of a service-linked role: SCPs and RCPs do not apply to it.
    pub fn is_service_linked_role(&self) -> bool {
        let role = self.principal.filter(|_| self.kind == CallerKind::Session);
        role.is_some_and(|role| role.arn.resource.starts_with("role/aws-service-role/"))
    }

    /// The value of `aws:PrincipalArn`: for a session of a role the role, with its path.
    pub fn principal_arn(&self) -> Option<&str> {
        match (self.kind, self.principal) {
            (CallerKind::Session, Some(role)) => Some(&role.arn.text),
            _ => self.arn.as_ref().map(|arn| arn.text.as_str()),
        }
    }

    /// The name of the session.
    pub fn session_name(&self) -> Option<&str> {
        self.name.split('/').nth(2).filter(|_| self.kind == CallerKind::Session)
    }

    /// The unique id of the user or role: what the scenario says, else what `aws:userid` tells.
    fn unique_id<'view>(&'view self, view: &View<'view>) -> Option<&'view str> {
        if let Some(id) = self.principal.and_then(|principal| principal.unique_id.as_deref()) {
            return Some(id);
        }
        // "Understanding unique ID prefixes": AIDA is a user, AROA a role.
        match (self.kind, view.values("aws:userid")) {
            (CallerKind::User, Some([id])) => Some(id.as_str()).filter(|id| id.starts_with("AIDA")),
            (CallerKind::Session, Some([id])) => id.split(':').next().filter(|id| id.starts_with("AROA")),
            _ => None,
        }
    }

    /// How the entry names the caller, if it does.
    pub fn named_by(&self, entry: &PrincipalEntry, resource: &str, view: &View) -> Option<Named> {
        match entry {
            PrincipalEntry::Everyone => Some(Named::Everyone),
            PrincipalEntry::Service(name) => {
                let is_it = self.kind == CallerKind::Service && name == self.name;
                is_it.then_some(Named::Itself)
            }
            PrincipalEntry::Nobody => None,
            PrincipalEntry::Aws(text) => self.named_by_text(text, resource, view),
        }
    }

    fn named_by_text(&self, text: &str, resource: &str, view: &View) -> Option<Named> {
        let arn = self.arn.as_ref()?;
        if is_account_id(text) {
            // An account belongs to one partition, and the policy speaks of its own.
            let elsewhere = Arn::read(resource).is_some_and(|resource| resource.partition != arn.partition);
            return (text == arn.account && !elsewhere).then_some(Named::Account);
        }
        let Some(named) = Arn::read(text) else { return self.named_by_unique_id(text, view) };
        if named.resource == "root" {
            return named.same_account(arn).then_some(Named::Account);
        }
        if named == *arn {
            return Some(Named::Itself);
        }
        let origin = self.principal.filter(|_| self.kind != CallerKind::User);
        origin.filter(|principal| principal.arn == named).map(|_| Named::Origin)
    }

    fn named_by_unique_id(&self, text: &str, view: &View) -> Option<Named> {
        let named = if self.kind == CallerKind::User { Named::Itself } else { Named::Origin };
        (self.unique_id(view) == Some(text)).then_some(named)
    }

    /// Whether a `Deny` with these entries under `NotPrincipal` spares the caller.
    ///
    /// AWS looks at account, role and session (or account and user) one by one: each must be listed. Whoever
    /// has a permissions boundary is always denied.
    pub fn is_spared_by(&self, entries: &[PrincipalEntry], resource: &str, view: &View) -> bool {
        let levels: &[Named] = match self.kind {
            CallerKind::User => &[Named::Account, Named::Itself],
            CallerKind::Session | CallerKind::FederatedUser => &[Named::Account, Named::Origin, Named::Itself],
            CallerKind::RootUser => &[Named::Account],
            CallerKind::Service => &[Named::Itself],
        };
        let listed: Vec<Named> = entries.iter().filter_map(|entry| self.named_by(entry, resource, view)).collect();
        let everyone = listed.contains(&Named::Everyone);
        self.boundary().is_none() && (everyone || levels.iter().all(|level| listed.contains(level)))
    }
}
