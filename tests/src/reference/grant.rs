//! Grants: whom they reach, under which constraints, and from when on.
//!
//! "Grants in AWS KMS" (<https://docs.aws.amazon.com/kms/latest/developerguide/grants.html>), "Creating grants"
//! (<https://docs.aws.amazon.com/kms/latest/developerguide/create-grant-overview.html>) and
//! <https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html>.

use serde_json::Value;

use super::action::Action;
use super::arn::{Arn, is_account_id};
use super::caller::{Caller, CallerKind, Named};
use super::compare;
use super::context::View;
use super::document::PrincipalEntry;
use super::instant::Instant;
use super::json::{pairs, text, text_of, texts};
use super::pattern;
use super::world::Assumptions;

/// A new or deleted grant is known everywhere after five minutes at most.
const CONSISTENCY_SECONDS: i64 = 5 * 60;

/// A grant.
#[derive(Debug)]
pub(super) struct Grant {
    pub id: Option<String>,
    pub token: Option<String>,
    created: Option<Instant>,
    deleted: Option<Instant>,
    deleted_at_all: bool,
    grantee: PrincipalEntry,
    retiring: Option<PrincipalEntry>,
    /// The id of the account that issued it.
    pub issuer: String,
    operations: Vec<String>,
    pub constraints: Constraints,
}

/// The constraints of a grant, or those that CreateGrant asks for.
#[derive(Debug, Default)]
pub(super) struct Constraints {
    pub context: Option<ContextConstraint>,
    pub source_arn: Option<String>,
}

/// EncryptionContextEquals or EncryptionContextSubset.
#[derive(Debug)]
pub(super) struct ContextConstraint {
    pub equals: bool,
    pub pairs: Vec<(String, String)>,
}

/// Whether a grant works at the time of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    InForce,
    NotInForce,
    /// It may or may not have become known, or its deletion.
    Open,
}

/// How a grant reaches the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// It names the caller.
    Direct,
    /// It names the caller's account, whose IAM policies may pass on what it gives.
    ThroughIam,
}

/// A grantee or retiring principal: an ARN, a unique id, or a service.
fn principal(object: &Value, member: &str, service_member: &str) -> Option<PrincipalEntry> {
    if let Some(service) = text(object, service_member) {
        return Some(PrincipalEntry::Service(service.to_owned()));
    }
    let name = text(object, member)?.to_owned();
    let service = Arn::read(&name).is_none() && name.contains(".amazonaws.com");
    Some(if service { PrincipalEntry::Service(name) } else { PrincipalEntry::Aws(name) })
}

fn time(object: &Value, member: &str) -> Option<Instant> {
    Instant::read(&object.get(member).and_then(text_of)?)
}

impl Grant {
    /// A grant as ListGrants shows it, on a key of that account.
    pub fn read(grant: &Value, account_of_key: &str) -> Option<Grant> {
        let issuer = text(grant, "IssuingAccount").unwrap_or(account_of_key);
        Some(Grant {
            id: text(grant, "GrantId").map(str::to_owned),
            token: text(grant, "GrantToken").map(str::to_owned),
            created: time(grant, "CreationDate"),
            deleted: time(grant, "DeletionDate"),
            deleted_at_all: grant.get("DeletionDate").is_some_and(|date| !date.is_null()),
            grantee: principal(grant, "GranteePrincipal", "GranteeServicePrincipal")?,
            retiring: principal(grant, "RetiringPrincipal", "RetiringServicePrincipal"),
            issuer: Arn::read(issuer).map_or_else(|| issuer.to_owned(), |arn| arn.account),
            operations: texts(grant, "Operations"),
            constraints: Constraints::read(grant.get("Constraints").unwrap_or(&Value::Null)),
        })
    }

    /// The grantee and the retiring principal.
    pub fn principals(&self) -> impl Iterator<Item = &PrincipalEntry> {
        std::iter::once(&self.grantee).chain(&self.retiring)
    }

    /// Whether its operations hold that of the action.
    pub fn lists(&self, action: Action) -> bool {
        action.in_grants && self.operations.iter().any(|operation| operation == action.name)
    }

    /// Whether it works, given the time of the request and the request's grant tokens.
    pub fn standing(&self, now: Option<Instant>, tokens: &[String]) -> Standing {
        let after = |time: Instant| time.plus_seconds(CONSISTENCY_SECONDS);
        let token_given = self.token.as_ref().is_some_and(|token| tokens.contains(token));
        let made = match (now, self.created) {
            (Some(now), Some(created)) if now < created => Standing::NotInForce,
            (Some(now), Some(created)) if now < after(created) && !token_given => Standing::Open,
            _ => Standing::InForce,
        };
        let left = match (now, self.deleted) {
            _ if !self.deleted_at_all => Standing::InForce,
            (Some(now), Some(deleted)) if now < deleted => Standing::InForce,
            (Some(now), Some(deleted)) if now < after(deleted) => Standing::Open,
            _ => Standing::NotInForce,
        };
        match (made, left) {
            (Standing::NotInForce, _) | (_, Standing::NotInForce) => Standing::NotInForce,
            (Standing::InForce, Standing::InForce) => Standing::InForce,
            _ => Standing::Open,
        }
    }

    /// How it reaches the caller as its grantee.
    pub fn reaches(&self, caller: &Caller, view: &View) -> Option<Reach> {
        reach(&self.grantee, caller, view)
    }

    /// How it reaches the caller as its retiring principal.
    pub fn reaches_to_retire(&self, caller: &Caller, view: &View) -> Option<Reach> {
        match self.retiring.as_ref()? {
            PrincipalEntry::Aws(name) if is_account(name) => by_account(name, caller),
            entry => reach(entry, caller, view),
        }
    }

    /// Whether the constraints let this request through.
    pub fn fits(&self, action: Action, request: &GrantRequest, view: &View) -> bool {
        let assumptions = view.assumptions();
        let source = self.constraints.source_arn.as_deref().is_none_or(|wanted| match view.values("aws:sourcearn") {
            Some([given]) if assumptions.grant_source_arn_is_pattern => compare::arn(&pattern::tokens(wanted), given),
            Some([given]) => given == wanted,
            _ => false,
        });
        if action.name == "CreateGrant" {
            return source && self.lets_create(request, assumptions);
        }
        let context = self.constraints.context.as_ref().filter(|_| action.takes_encryption_context());
        source && context.is_none_or(|constraint| constraint.fits(&request.encryption_context, assumptions))
    }

    /// Whether a grant made through this one gives no more than it: operations of this grant only, a context
    /// constraint that is equal or stricter, the same source ARN.
    fn lets_create(&self, child: &GrantRequest, assumptions: &Assumptions) -> bool {
        let operations = child.operations.iter().all(|operation| self.operations.contains(operation));
        let source =
            self.constraints.source_arn.is_none() || self.constraints.source_arn == child.constraints.source_arn;
        let context = match (&self.constraints.context, &child.constraints.context) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(parent), Some(child)) if parent.equals => child.equals && parent.fits(&child.pairs, assumptions),
            (Some(parent), Some(child)) => parent.fits(&child.pairs, assumptions),
        };
        operations && source && context
    }
}

/// What of a request matters to the constraints of grants.
#[derive(Debug, Default)]
pub(super) struct GrantRequest {
    pub encryption_context: Vec<(String, String)>,
    /// CreateGrant: what the new grant is to allow.
    pub operations: Vec<String>,
    pub constraints: Constraints,
}

impl Constraints {
    pub fn read(constraints: &Value) -> Constraints {
        let context = ["EncryptionContextEquals", "EncryptionContextSubset"].into_iter().find_map(|name| {
            constraints.get(name)?.as_object()?;
            Some(ContextConstraint { equals: name.ends_with("Equals"), pairs: pairs(constraints, name) })
        });
        Constraints { context, source_arn: text(constraints, "SourceArn").map(str::to_owned) }
    }
}

impl ContextConstraint {
    /// Whether the pairs are those of the constraint, or hold them all. Values count to the letter; of names
    /// the API Reference says that case does not matter, the Developer Guide that it does.
    fn fits(&self, context: &[(String, String)], assumptions: &Assumptions) -> bool {
        let same = |one: &(String, String), other: &(String, String)| {
            let names = if assumptions.grant_context_names_in_case {
                one.0 == other.0
            } else {
                one.0.to_lowercase() == other.0.to_lowercase()
            };
            names && one.1 == other.1
        };
        let holds_all = |these: &[(String, String)], those: &[(String, String)]| {
            those.iter().all(|wanted| these.iter().any(|pair| same(pair, wanted)))
        };
        let no_more = || self.pairs.len() == context.len() && holds_all(&self.pairs, context);
        holds_all(context, &self.pairs) && (!self.equals || no_more())
    }
}

fn is_account(name: &str) -> bool {
    is_account_id(name) || Arn::read(name).is_some_and(|arn| arn.resource == "root")
}

/// Of an account: the root user directly, everybody else through IAM.
fn by_account(name: &str, caller: &Caller) -> Option<Reach> {
    let arn = caller.arn.as_ref()?;
    let its_own = name == arn.account || Arn::read(name).is_some_and(|named| named.same_account(arn));
    let reach = if caller.kind == CallerKind::RootUser { Reach::Direct } else { Reach::ThroughIam };
    its_own.then_some(reach)
}

fn reach(entry: &PrincipalEntry, caller: &Caller, view: &View) -> Option<Reach> {
    if let PrincipalEntry::Aws(name) = entry
        && is_account(name)
    {
        let root_only = view.assumptions().account_grantee_is_root_user;
        return by_account(name, caller).filter(|reach| *reach == Reach::Direct || !root_only);
    }
    // Accounts are dealt with above: what the resource is does not matter here.
    match caller.named_by(entry, "", view)? {
        // A role stands for its sessions; a user does not stand for the federated sessions it asked for.
        Named::Origin if caller.kind == CallerKind::FederatedUser => None,
        _ => Some(Reach::Direct),
    }
}
