//! Who asks for what, and what comes along with the request.

use serde_json::Value;

use super::{
    cast::{Caller, Kind},
    context_keys::ContextKey,
    dice::{Dice, Object},
    documents::named,
    endpoints::ENDPOINTS,
    grants::SOURCE_ARNS,
    keys::{ABROAD, HOME},
    operations::{crosses_accounts, is_without_key},
    parameters::parameters,
    plan::Plan,
    statements::PolicyType,
};

/// One request.
pub(super) fn request(dice: &mut Dice, plan: &Plan) -> Value {
    let caller = plan.caller(dice);
    let abroad = plan.keys.first().is_some_and(|key| key.account != caller.account);
    let mut wanted = dice.pick(&plan.operations);
    // Of what no other account can ask for, it asks less often.
    if abroad && !crosses_accounts(wanted) && dice.percent(60) {
        wanted = dice.pick(&plan.operations);
    }
    let (operation, drawn) = match parameters(dice, plan, caller, wanted) {
        Some(drawn) => (wanted, Some(drawn)),
        None => ("DescribeKey", parameters(dice, plan, caller, "DescribeKey")),
    };
    let (values, region) = drawn.map_or((Object::default(), None), |drawn| (drawn.values, drawn.region));
    let region = match region {
        None if is_without_key(operation) && (plan.comparable || dice.percent(80)) => {
            Some(dice.pick(&[HOME, HOME, HOME, ABROAD]))
        }
        region => region,
    };
    let passes_on = !matches!(caller.kind, Kind::Service | Kind::LinkedSession);
    let managed = plan.keys.first().is_some_and(|key| key.shape.aws_managed);
    let via = (passes_on && dice.percent(if managed { 60 } else { 15 }))
        .then(|| format!("{}.{HOME}.amazonaws.com", dice.pick(&["s3", "s3", "ec2", "dynamodb"])));
    let endpoint = dice.any(ENDPOINTS.get(..plan.endpoints).unwrap_or_default());
    let endpoint = endpoint.filter(|_| via.is_none() && caller.kind != Kind::Service && dice.percent(55));
    let told = values.has("EncryptionContext");
    let around = Surroundings { caller, via: via.is_some(), endpoint: endpoint.is_some(), encryption_context: told };
    let (given, unknown) = context(dice, plan, &around);
    Object::with("principal", principal(dice, plan, caller))
        .and("operation", operation)
        .and("parameters", values)
        .and_if("region", region)
        .and_if("via", via)
        .and_if("vpcEndpoint", endpoint.copied())
        .and("context", given)
        .and_if("unknown", (!unknown.is_empty()).then_some(unknown))
        .and_if("unlisted", (!plan.comparable && dice.percent(12)).then_some("unknown"))
        .into()
}

struct Surroundings {
    caller: &'static Caller,
    via: bool,
    endpoint: bool,
    /// Whether the parameter tells the encryption context.
    encryption_context: bool,
}

fn principal(dice: &mut Dice, plan: &Plan, caller: &Caller) -> Value {
    let session = matches!(caller.kind, Kind::Session | Kind::Federated);
    let temporary = session || caller.kind == Kind::LinkedSession;
    let federated = caller.kind == Kind::Federated;
    let mut told = Object::default().and_if("user", federated.then_some(caller.entity));
    let mfa = match caller.kind {
        Kind::User => dice.percent(20),
        Kind::Session => dice.percent(35),
        _ => false,
    };
    if mfa {
        let present = dice.percent(75);
        let age = present && (plan.comparable || dice.percent(80));
        told = told.and("mfa", present).and_if("mfaAge", age.then(|| dice.pick(&[120, 300, 4000])));
    }
    if (temporary || mfa) && (plan.comparable || dice.percent(75)) {
        told = told.and("tokenIssueTime", dice.pick(&["2026-11-23T09:30:00Z", "2026-11-23T10:00:00Z"]));
    }
    if session && dice.percent(30) {
        let tags: &[[&str; 2]] = &[["team", "red"], ["TEAM", "blue"], ["key", "1234abcd-12ab-34cd-56ef-1234567890ab"]];
        let [name, value] = dice.pick(tags);
        told = told.and("tags", Object::with(name, value));
    }
    told = told.and_if("sourceIdentity", (session && dice.percent(20)).then_some("dana@example.com"));
    let limited = match caller.kind {
        Kind::Federated => plan.comparable || dice.percent(75),
        Kind::Session => plan.session_policies && dice.percent(60),
        _ => false,
    };
    if limited {
        let count = if plan.comparable { 1 } else { dice.pick(&[1, 1, 1, 2]) };
        let policies: Vec<Value> = (0..count)
            .map(|index| named(dice, plan, PolicyType::Session, &format!("Session{index}"), caller.account))
            .collect();
        told = told.and("sessionPolicies", policies);
    }
    if told.is_empty() { caller.arn.into() } else { Object::with("Arn", caller.arn).joined(&told).into() }
}

/// A pair of the encryption context that is told beside the parameters is one for the constraints of grants
/// only if the parameter is not there. The second evaluator knows the parameter alone, so there must be one.
const PAIRS: &str = "kms:EncryptionContext";

/// What is given by hand, and what nobody knows.
fn context(dice: &mut Dice, plan: &Plan, around: &Surroundings) -> (Object, Vec<&'static str>) {
    let mut given = Object::default();
    let mut unknown: Vec<&str> = Vec::new();
    for key in plan.condition_keys() {
        let known = given.has(key.name) || unknown.contains(&key.name);
        let pair = key.name.starts_with(PAIRS) && !around.encryption_context;
        if known || pair || (around.endpoint && key.name == "aws:SourceIp") || is_of_the_call(key) {
            continue;
        }
        let chance = dice.between(0, 99);
        // What follows from the rest seldom needs to be said.
        let said = if key.given.is_empty() { 0 } else { 40 };
        if chance < said {
            given = given.and(key.name, dice.pick(key.given));
        } else if chance < said + 36 && !plan.comparable {
            unknown.push(key.name);
        } else if chance < said + 40 && !plan.comparable && !key.always {
            given = given.and(key.name, Value::Null);
        }
    }
    if plan.comparable && !given.has("aws:UserAgent") {
        given = given.and("aws:UserAgent", "aws-cli/2.31");
    }
    let from_nowhere = !around.endpoint && !given.has("aws:SourceVpce") && !given.has("aws:SourceIp");
    if plan.comparable && from_nowhere && around.caller.kind != Kind::Service {
        given = given.and("aws:SourceIp", "192.0.2.1");
    }
    if around.caller.kind == Kind::Service && (plan.comparable || dice.percent(75)) {
        given = given.and("aws:SourceArn", dice.pick(SOURCE_ARNS));
    }
    if around.via && (plan.comparable || dice.percent(50)) {
        let (first, last) = ("athena.amazonaws.com", dice.pick(&["s3.amazonaws.com", "athena.amazonaws.com"]));
        given = given
            .and("aws:CalledVia", vec![first, last])
            .and("aws:CalledViaFirst", first)
            .and("aws:CalledViaLast", last);
    }
    (given, unknown)
}

/// Whether it belongs to how the call is made, and is said there.
fn is_of_the_call(key: &ContextKey) -> bool {
    ["aws:SourceArn", "aws:CalledVia", "aws:CalledViaFirst"].contains(&key.name)
}
