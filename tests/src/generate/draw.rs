//! What is drawn, and how often: small pools, so that what policy and request say often meets.

use keytrace::catalog::{Presence, find_condition_key};
use proptest::{
    collection::vec,
    option,
    prelude::{BoxedStrategy, Just, Strategy, any},
    prop_oneof,
    sample::{select, subsequence},
};

use super::{Caller, Condition, Draft, Element, Given, KEY_ARN, KEY_PRINCIPALS, Statement, cast};

/// A condition key of generated scenarios.
#[derive(Clone, Copy, Debug)]
pub struct ContextKey {
    /// Its name.
    pub name: &'static str,
    /// Operators that compare its values, without `Not`, set operator and `IfExists`.
    operators: &'static [&'static str],
    /// Values in policies.
    policy_values: &'static [&'static str],
    /// Values in requests.
    pub values: &'static [&'static str],
    /// Whether a request may have several values.
    multivalued: bool,
}

const TEXT: &[&str] = &[
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
];
const NUMERIC: &[&str] = &["NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericGreaterThanEquals"];
const DATE: &[&str] = &["DateEquals", "DateNotEquals", "DateGreaterThan", "DateLessThanEquals"];
const ARN: &[&str] = &["ArnEquals", "ArnNotLike", "StringLike"];
const ADDRESS: &[&str] = &["IpAddress", "NotIpAddress"];

/// The condition keys of generated scenarios, one for each family of operators, one that is used as a
/// policy variable, one that every request has, one that has several values.
pub const CONTEXT_KEYS: &[ContextKey] = &[
    ContextKey {
        name: "aws:username",
        operators: TEXT,
        policy_values: &["Dana", "DANA", "D*", "${aws:SourceVpc, 'Dana'}", ""],
        values: &["Dana", "dana", "1234abcd", "1234*", "*", ""],
        multivalued: false,
    },
    ContextKey {
        name: "aws:SourceVpc",
        operators: TEXT,
        policy_values: &["vpc-1", "VPC-1", "vpc-?", "*", "${aws:username}", "x${aws:username}*", "${aws:CalledVia}"],
        values: &["vpc-1", "vpc-2", "Dana", "*", ""],
        multivalued: false,
    },
    ContextKey {
        name: "aws:UserAgent",
        operators: TEXT,
        policy_values: &["aws-cli/*", "${aws:username, 'nobody'}"],
        values: &["aws-cli/2", "nobody"],
        multivalued: false,
    },
    ContextKey {
        name: "aws:CalledVia",
        operators: TEXT,
        policy_values: &["athena.amazonaws.com", "*.amazonaws.com", "${aws:username}"],
        values: &["athena.amazonaws.com", "Athena.amazonaws.com", "dynamodb", ""],
        multivalued: true,
    },
    ContextKey {
        name: "aws:MultiFactorAuthAge",
        operators: NUMERIC,
        policy_values: &["300", "3600.5", "soon"],
        values: &["300", "299.9", "4000", "never"],
        multivalued: false,
    },
    ContextKey {
        name: "aws:TokenIssueTime",
        operators: DATE,
        policy_values: &["2026-11-23T10:00:00Z", "2026-11-24", "yesterday"],
        values: &["2026-11-23T10:00:00Z", "2026-11-25T00:00:00Z", "1700000000", "today"],
        multivalued: false,
    },
    ContextKey {
        name: "aws:MultiFactorAuthPresent",
        operators: &["Bool"],
        policy_values: &["true", "false"],
        values: &["true", "false", "maybe"],
        multivalued: false,
    },
    ContextKey {
        name: "aws:SourceIp",
        operators: ADDRESS,
        policy_values: &["203.0.113.0/24", "2001:db8::/32", "0.0.0.0/0"],
        values: &["203.0.113.9", "198.51.100.7", "2001:db8::1", "here"],
        multivalued: false,
    },
    ContextKey {
        name: "aws:SourceArn",
        operators: ARN,
        policy_values: &["arn:aws:s3:::logs", "arn:aws:s3:::*", "arn:*:*:*:*:${aws:username}", "logs"],
        values: &["arn:aws:s3:::logs", "arn:aws:s3:::Dana", "arn:aws:s3", ""],
        multivalued: false,
    },
    ContextKey {
        name: "aws:userid",
        operators: TEXT,
        policy_values: &["AROAEXAMPLEAPP0000001:*", "AROA*:i-1", "*:job"],
        values: &["AROAEXAMPLEAPP0000001:i-1", "AROAEXAMPLEPARTNER001:job"],
        multivalued: false,
    },
];

/// The operations that generated requests ask for.
const OPERATIONS: &[&str] = &["Decrypt", "Encrypt", "GenerateDataKey", "DescribeKey", "CreateGrant", "PutKeyPolicy"];

const ACTIONS: &[&str] = &[
    "kms:*",
    "kms:*",
    "*",
    "kms:Decrypt",
    "kms:decrypt",
    "kms:*crypt",
    "kms:Generate*",
    "kms:?e*",
    "kms:CreateGrant",
    "s3:*",
];

const RESOURCES: &[&str] = &[
    "*",
    "*",
    "*",
    KEY_ARN,
    "arn:aws:kms:us-west-2:111122223333:key/*",
    "arn:aws:kms:*:*:key/5678*",
    "arn:aws:kms:us-west-2:111122223333:key/${aws:username}*",
];

/// A scenario with a request of one of these callers, whom its key policy often names.
pub fn scenario(callers: &[&'static Caller]) -> impl Strategy<Value = Draft> + use<> {
    select(callers.to_vec()).prop_flat_map(|caller| {
        let request = (select(OPERATIONS), context(), option::of(Just(cast::APP_ID)), assumptions());
        let key_policy = vec(prop_oneof![key_statement(), statement_for(caller)], 1..4);
        let identity_policies = vec(vec(identity_statement(), 0..3), 1..3);
        (request, key_policy, identity_policies).prop_map(
            move |((operation, context, role_id, assumptions), key_policy, identity_policies)| Draft {
                caller,
                operation,
                key_policy,
                identity_policies,
                context,
                role_id,
                assumptions,
            },
        )
    })
}

fn statement_for(caller: &Caller) -> impl Strategy<Value = Statement> + use<> {
    let names = [caller.named_by, caller.account_named_by].concat();
    (identity_statement(), select(names))
        .prop_map(|(statement, name)| Statement { principal: Some(Element::of(&[name])), ..statement })
}

/// A statement of a key policy.
pub fn key_statement() -> impl Strategy<Value = Statement> {
    let principals = vec(select(KEY_PRINCIPALS), 1..4);
    let not_principal = (identity_statement(), principals.clone()).prop_map(|(statement, values)| Statement {
        denies: true,
        principal: Some(Element { negated: true, ..Element::of(&values) }),
        ..statement
    });
    let principal = (identity_statement(), principals)
        .prop_map(|(statement, values)| Statement { principal: Some(Element::of(&values)), ..statement });
    prop_oneof![9 => principal, 1 => not_principal]
}

/// A statement of an identity policy.
pub fn identity_statement() -> impl Strategy<Value = Statement> {
    let rare = || prop_oneof![6 => Just(false), 1 => Just(true)];
    let action = element(ACTIONS, rare());
    let resource = element(RESOURCES, rare());
    (rare(), action, resource, conditions()).prop_map(|(denies, action, resource, conditions)| Statement {
        denies,
        principal: None,
        action,
        resource,
        conditions,
    })
}

/// The same statement, as a deny.
#[must_use]
pub fn denying(statement: Statement) -> Statement {
    Statement { denies: true, ..statement }
}

fn element(pool: &'static [&'static str], negated: impl Strategy<Value = bool>) -> impl Strategy<Value = Element> {
    (negated, vec(select(pool), 1..3)).prop_map(|(negated, values)| Element { negated, ..Element::of(&values) })
}

fn conditions() -> impl Strategy<Value = Vec<Condition>> {
    let count = prop_oneof![4 => Just(0usize), 4 => Just(1), 1 => Just(2)];
    count.prop_flat_map(|count| vec(condition(), count)).prop_map(|drawn| {
        let mut conditions: Vec<Condition> = Vec::new();
        for condition in drawn {
            if !conditions.iter().any(|other| (&other.operator, &other.key) == (&condition.operator, &condition.key)) {
                conditions.push(condition);
            }
        }
        conditions
    })
}

fn condition() -> impl Strategy<Value = Condition> {
    prop_oneof![6 => compared().boxed(), 1 => null().boxed()]
}

fn compared() -> impl Strategy<Value = Condition> {
    let set = prop_oneof![3 => Just(""), 1 => Just("ForAllValues:"), 1 => Just("ForAnyValue:")];
    let if_exists = prop_oneof![3 => Just(""), 1 => Just("IfExists")];
    (select(CONTEXT_KEYS), set, if_exists).prop_flat_map(|(key, set, if_exists)| {
        // AWS refuses several Boolean values.
        let most = if key.operators == ["Bool"] { 1 } else { 2 };
        (select(key.operators), vec(select(key.policy_values), 1..=most)).prop_map(move |(operator, values)| {
            Condition {
                operator: format!("{set}{operator}{if_exists}"),
                key: key.name.into(),
                values: Element::of(&values).values,
            }
        })
    })
}

fn null() -> impl Strategy<Value = Condition> {
    (select(CONTEXT_KEYS), select(&["true", "false"][..])).prop_map(|(key, value)| Condition {
        operator: "Null".into(),
        key: key.name.into(),
        values: vec![value.into()],
    })
}

fn context() -> impl Strategy<Value = Vec<(String, Given)>> {
    subsequence(CONTEXT_KEYS.iter().collect::<Vec<_>>(), 0..=CONTEXT_KEYS.len()).prop_flat_map(|keys| {
        keys.into_iter()
            .map(|key| given(key).prop_map(|given| (key.name.to_string(), given)).boxed())
            .collect::<Vec<_>>()
    })
}

fn given(key: &'static ContextKey) -> BoxedStrategy<Given> {
    let most = if key.multivalued { 3 } else { 1 };
    let values = vec(select(key.values), 1..=most).prop_map(|values| Given::Values(Element::of(&values).values));
    prop_oneof![2 => values, 1 => Just(Given::Absent), 2 => Just(Given::Unknown)].boxed()
}

/// All that a request may have for a key: nothing (unless AWS puts it into every request), one of its
/// values, a value that no policy knows, and several values.
pub fn context_values(name: &str) -> impl Iterator<Item = Given> {
    let key = CONTEXT_KEYS.iter().find(|key| key.name == name);
    let values = key.map_or(&[][..], |key| key.values);
    let single = values.iter().copied().chain(["other"]).map(|value| Given::Values(vec![value.into()]));
    let several = Given::Values(values.iter().map(|value| String::from(*value)).collect());
    let always = find_condition_key(name).is_some_and(|info| info.presence == Presence::EveryRequest);
    let absent = (!always).then_some(Given::Absent);
    absent.into_iter().chain(single).chain([several])
}

fn assumptions() -> impl Strategy<Value = Vec<(&'static str, &'static str)>> {
    let every = vec![
        ("wildcardsInVariableValues", "true"),
        ("plainOperatorOnSeveralValues", "\"all\""),
        ("emptyStringIsNull", "true"),
        ("unresolvedVariable", "\"statement\""),
        ("ifExistsBeatsForAnyValue", "true"),
    ];
    (any::<bool>(), subsequence(every, 0..=5)).prop_map(|(some, drawn)| if some { drawn } else { Vec::new() })
}
