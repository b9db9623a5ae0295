//! The global keys of a request context, as AWS's table of them says who has which.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>; the values of the
//! caller's keys: "Information available in policy variables",
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>.

use super::arn::Arn;
use super::authorization::Authorization;
use super::caller::{Caller, CallerKind};
use super::context::{Context, Entry};
use super::derive_kms;
use super::world::{Request, World};

/// The context of one authorization.
pub(super) fn context(world: &World, caller: &Caller, request: &Request, authorization: &Authorization) -> Context {
    let mut context = Context::new(request.untold_is_unknown);
    principal(&mut context, caller);
    session(&mut context, caller);
    service(&mut context, request);
    network(&mut context, world, caller, request);
    time(&mut context, world);
    this_request(&mut context, authorization);
    organization(&mut context, world, caller, authorization);
    derive_kms::keys(&mut context, world, caller, request, authorization);
    by_hand(&mut context, request);
    sources(&mut context, world, caller, request);
    context
}

/// Properties of the principal.
fn principal(context: &mut Context, caller: &Caller) {
    let service = caller.kind == CallerKind::Service;
    context.value("aws:principalisawsservice", if service { "true" } else { "false" });
    context.optional("aws:principalservicename", Some(caller.name).filter(|_| service));
    // A service may have more names than the one that it calls under.
    context.set("aws:principalservicenameslist", if service { Entry::Unknown } else { Entry::Absent });
    context.known_or_unknown("aws:principalaccount", caller.account());
    context.known_or_unknown("aws:principalarn", caller.principal_arn());
    let kind = match caller.kind {
        CallerKind::User => Some("User"),
        CallerKind::Session => Some("AssumedRole"),
        CallerKind::FederatedUser => Some("FederatedUser"),
        CallerKind::RootUser => Some("Account"),
        CallerKind::Service => None,
    };
    context.known_or_unknown("aws:principaltype", kind);
    let id = caller.principal.and_then(|principal| principal.unique_id.clone());
    let last_name = caller.name.rsplit('/').next().unwrap_or_default();
    let user_id = match caller.kind {
        CallerKind::User => id,
        CallerKind::Session => id.zip(caller.session_name()).map(|(id, session)| format!("{id}:{session}")),
        CallerKind::FederatedUser => caller.account().map(|account| format!("{account}:{last_name}")),
        CallerKind::RootUser => caller.account().map(str::to_owned),
        CallerKind::Service => None,
    };
    context.known_or_unknown("aws:userid", user_id.as_deref());
    context.optional("aws:username", Some(last_name).filter(|_| caller.kind == CallerKind::User));
    // A session tag takes the place of the tags whose keys differ from its own in case only.
    let session_tags = &caller.text.tags;
    let replaced = |key: &str| session_tags.iter().any(|(session, _)| session.eq_ignore_ascii_case(key));
    let tags = caller.principal.map(|principal| principal.tags.as_slice()).unwrap_or_default();
    let kept: Vec<(String, String)> = tags.iter().filter(|(key, _)| !replaced(key)).cloned().collect();
    context.family("aws:principaltag/", &kept);
    context.family("aws:principaltag/", session_tags);
}

/// Properties of the role session, or of the lack of one: long-term credentials.
fn session(context: &mut Context, caller: &Caller) {
    let text = caller.text;
    let temporary = match caller.kind {
        CallerKind::Session | CallerKind::FederatedUser => true,
        CallerKind::User | CallerKind::RootUser => text.mfa.is_some() || text.token_issue_time.is_some(),
        CallerKind::Service => false,
    };
    match &text.token_issue_time {
        Some(time) => context.value("aws:tokenissuetime", time),
        None => context.set("aws:tokenissuetime", if temporary { Entry::Unknown } else { Entry::Absent }),
    }
    let mfa = match (text.mfa, caller.kind) {
        (Some(mfa), _) => Some(if mfa { "true" } else { "false" }),
        (None, CallerKind::Session) => Some("false"),
        (None, _) => None,
    };
    context.optional("aws:multifactorauthpresent", mfa);
    match &text.mfa_age {
        Some(age) => context.value("aws:multifactorauthage", age),
        None if text.mfa == Some(true) => context.set("aws:multifactorauthage", Entry::Unknown),
        None => context.set("aws:multifactorauthage", Entry::Absent),
    }
    if let Some(identity) = &text.source_identity {
        context.value("aws:sourceidentity", identity);
    }
}

/// Calls that a service makes with the caller's credentials: forward access sessions.
fn service(context: &mut Context, request: &Request) {
    context.value("aws:viaawsservice", if request.via.is_some() { "true" } else { "false" });
    // Only some services set them. A chain that is told has its ends.
    let service = request.via.as_deref().and_then(|via| via.split_once('.')).map(|(service, _)| service);
    let sets = service.filter(|service| SETS_CALLED_VIA.contains(service));
    let chain = match request.given.get("aws:calledvia") {
        Some(given) => given.clone().unwrap_or_default(),
        None => sets.map(|service| vec![format!("{service}.amazonaws.com")]).unwrap_or_default(),
    };
    let is_unknown = request.unknown.iter().any(|key| key == "aws:calledvia");
    for (key, end) in [("aws:calledviafirst", chain.first()), ("aws:calledvialast", chain.last())] {
        if is_unknown {
            context.set(key, Entry::Unknown);
        } else {
            context.optional(key, end.map(String::as_str));
        }
    }
    context.list("aws:calledvia", chain);
}

/// "CalledVia services" of that page.
const SETS_CALLED_VIA: [&str; 18] = [
    "aoss",
    "athena",
    "backup",
    "cloud9",
    "cloudformation",
    "databrew",
    "dataexchange",
    "dynamodb",
    "imagebuilder",
    "kms",
    "mgn",
    "nimble",
    "omics",
    "ram",
    "robomaker",
    "servicecatalog-appregistry",
    "sqlworkbench",
    "ssm-guiconnect",
];

/// Properties of the network.
fn network(context: &mut Context, world: &World, caller: &Caller, request: &Request) {
    // "Included in the request context, except when the requester uses a VPC endpoint": nobody told it.
    if caller.kind != CallerKind::Service {
        let endpoint_by_hand = matches!(request.given.get("aws:sourcevpce"), Some(Some(_)));
        context.set("aws:sourceip", if endpoint_by_hand { Entry::Absent } else { Entry::Unknown });
    }
    if request.via.is_some() || caller.kind == CallerKind::Service {
        // A call that a service makes does not come through the caller's endpoint, and what an earlier call
        // told of its network is not carried on.
        let keys =
            ["sourcevpc", "sourcevpce", "sourcevpcarn", "vpcsourceip", "vpceaccount", "vpceorgid", "vpceorgpaths"];
        for key in keys {
            context.set(&format!("aws:{key}"), Entry::Absent);
        }
    }
    let endpoint = world.endpoints.iter().find(|endpoint| Some(&endpoint.id) == request.endpoint.as_ref());
    let Some(endpoint) = endpoint else { return };
    context.value("aws:sourcevpce", &endpoint.id);
    context.known_or_unknown("aws:sourcevpc", endpoint.vpc.as_deref());
    context.set("aws:sourcevpcarn", Entry::Unknown);
    context.known_or_unknown("aws:vpceaccount", endpoint.owner.as_deref());
    context.set("aws:sourceip", Entry::Absent);
    context.set("aws:vpcsourceip", Entry::Unknown);
    let organization = world.organization.as_ref();
    match (endpoint.owner.as_deref(), organization) {
        (Some(owner), Some(organization)) => {
            if let Some(path) = organization.path(owner) {
                context.value("aws:vpceorgid", &organization.id);
                context.value("aws:vpceorgpaths", &path);
            }
        }
        (None, _) => {
            context.set("aws:vpceorgid", Entry::Unknown);
            context.set("aws:vpceorgpaths", Entry::Unknown);
        }
        (Some(_), None) => {}
    }
}

fn time(context: &mut Context, world: &World) {
    let seconds = world.time().map(|time| time.epoch_seconds().to_string());
    context.known_or_unknown("aws:currenttime", world.now.as_deref());
    context.known_or_unknown("aws:epochtime", seconds.as_deref());
}

/// Properties of the request itself and of its resource.
fn this_request(context: &mut Context, authorization: &Authorization) {
    // KMS endpoints speak TLS only.
    context.value("aws:securetransport", "true");
    context.set("aws:useragent", Entry::Unknown);
    context.known_or_unknown("aws:requestedregion", authorization.region.as_deref());
}

/// The organizations of the caller's account and of the resource's.
fn organization(context: &mut Context, world: &World, caller: &Caller, authorization: &Authorization) {
    let organization = world.organization.as_ref();
    let path_of = |account: &str| Some((organization?.id.clone(), organization?.path(account)?));
    if caller.kind == CallerKind::Service {
        context.set("aws:principalorgid", Entry::Absent);
        context.set("aws:principalorgpaths", Entry::Absent);
    }
    if let Some((id, path)) = caller.account().and_then(path_of) {
        context.value("aws:principalorgid", &id);
        context.value("aws:principalorgpaths", &path);
    }
    // What has no resource takes place in the caller's account.
    let owner = authorization.resource.arn().map(|arn| arn.account.as_str());
    match owner.or(caller.account()) {
        None => context.set("aws:resourceaccount", Entry::Unknown),
        Some(account) => {
            context.value("aws:resourceaccount", account);
            if let Some((id, path)) = path_of(account) {
                context.value("aws:resourceorgid", &id);
                context.value("aws:resourceorgpaths", &path);
            }
        }
    }
}

/// What the scenario says of keys by hand, which wins over what follows from the rest.
fn by_hand(context: &mut Context, request: &Request) {
    for key in &request.unknown {
        context.set(key, Entry::Unknown);
    }
    for (key, values) in &request.given {
        context.set(key, values.clone().map_or(Entry::Absent, Entry::Values));
    }
}

/// The resource on whose behalf a service calls: only a service principal's own calls have it.
fn sources(context: &mut Context, world: &World, caller: &Caller, request: &Request) {
    let by_hand = |key: &str| request.given.contains_key(key) || request.unknown.iter().any(|name| name == key);
    let service = caller.kind == CallerKind::Service;
    let mut derived = |key: &str, value: Option<String>, entry: Entry| {
        if !by_hand(key) {
            context.set(key, value.map_or(entry, |value| Entry::Values(vec![value])));
        }
    };
    if !service {
        for key in ["aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"] {
            derived(key, None, Entry::Absent);
        }
        return;
    }
    let given = |key: &str| match request.given.get(key) {
        Some(Some(values)) => values.first().cloned(),
        _ => None,
    };
    derived("aws:sourcearn", None, Entry::Unknown);
    let of_the_arn = given("aws:sourcearn").and_then(|arn| Arn::read(&arn)).map(|arn| arn.account);
    let of_the_arn = of_the_arn.filter(|account| !account.is_empty());
    derived("aws:sourceaccount", of_the_arn.clone(), Entry::Unknown);
    let account = given("aws:sourceaccount").or_else(|| of_the_arn.filter(|_| !by_hand("aws:sourceaccount")));
    let organization = world.organization.as_ref();
    let path = account.as_deref().and_then(|account| organization?.path(account));
    let id = path.as_ref().and_then(|_| Some(organization?.id.clone()));
    // Of an account outside the organization nothing is told.
    let untold = match &account {
        Some(_) if request.untold_is_unknown => Entry::Unknown,
        Some(_) => Entry::Absent,
        None if request.given.get("aws:sourceaccount") == Some(&None) => Entry::Absent,
        None => Entry::Unknown,
    };
    derived("aws:sourceorgid", id, untold.clone());
    derived("aws:sourceorgpaths", path, untold);
}
