//! Requests of which little is unknown, so that all that it can turn out to be can be tried: up to three
//! condition keys whose values few conditions tell apart, and a grant that may be in effect or not.

use std::{collections::BTreeMap, fmt};

use proptest::{
    collection::vec,
    option,
    prelude::{Just, Strategy, any},
    prop_oneof,
    sample::{select, subsequence},
};
use serde_json::{Value, json};

use super::{Condition, KEY_ARN, means};

/// A condition key that nobody knows.
#[derive(Debug)]
pub struct SmallKey {
    /// Its name.
    pub name: &'static str,
    /// Whether AWS puts it into every request.
    pub always: bool,
    /// Whether a request may have several values.
    pub several: bool,
    kind: Kind,
}

/// What kind of values it has.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Text,
    /// Compared by operators for texts, and by grants.
    EncryptionContext,
    Bool,
    Number,
    Date,
    Address,
    Arn,
}

const fn key(name: &'static str, kind: Kind) -> SmallKey {
    SmallKey { name, kind, always: false, several: false }
}

static KEYS: &[SmallKey] = &[
    key("aws:SourceVpc", Kind::Text),
    key("aws:SourceVpce", Kind::Text),
    SmallKey { always: true, ..key("aws:UserAgent", Kind::Text) },
    SmallKey { several: true, ..key("aws:CalledVia", Kind::Text) },
    key("aws:MultiFactorAuthPresent", Kind::Bool),
    SmallKey { always: true, ..key("aws:SecureTransport", Kind::Bool) },
    key("aws:MultiFactorAuthAge", Kind::Number),
    key("aws:TokenIssueTime", Kind::Date),
    key("aws:SourceIp", Kind::Address),
    key("aws:SourceArn", Kind::Arn),
    key("kms:EncryptionContext:tenant", Kind::EncryptionContext),
];

impl Kind {
    const fn operators(self) -> &'static [&'static str] {
        match self {
            Self::Text | Self::EncryptionContext => &[
                "StringEquals",
                "StringNotEquals",
                "StringEqualsIgnoreCase",
                "StringNotEqualsIgnoreCase",
                "StringLike",
                "StringNotLike",
            ],
            Self::Bool => &["Bool"],
            Self::Number => &[
                "NumericEquals",
                "NumericNotEquals",
                "NumericLessThan",
                "NumericLessThanEquals",
                "NumericGreaterThan",
                "NumericGreaterThanEquals",
            ],
            Self::Date => &["DateEquals", "DateNotEquals", "DateLessThan", "DateGreaterThanEquals"],
            Self::Address => &["IpAddress", "NotIpAddress"],
            Self::Arn => &["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"],
        }
    }

    /// Values in policies.
    const fn listed(self, several: bool) -> &'static [&'static str] {
        match self {
            Self::Text if several => &["a", "b"],
            Self::Text => &["a", "b", "A", "a*", "*b", "?", "*"],
            Self::EncryptionContext => &["42", "7", "4*"],
            Self::Bool => &["true", "false"],
            Self::Number => &["100", "200"],
            Self::Date => &["2026-11-23T10:00:00Z", "2026-11-23T11:00:00Z"],
            Self::Address => &["10.0.0.0/8", "10.1.0.0/16", "10.1.2.3", "2001:db8::/32", "0.0.0.0/0"],
            Self::Arn => &["arn:aws:s3:::a", "arn:aws:s3:::*", "arn:aws:*:::a", "arn:aws:s3:*:*:?"],
        }
    }

    /// Values in requests: at least one of every kind that policies tell apart.
    fn found(self) -> Vec<String> {
        let texts = |values: &[&str]| values.iter().map(|value| String::from(*value)).collect();
        match self {
            // Whatever these patterns match as wildcards or as they stand, a text of three letters does.
            Self::Text => {
                let letters = ["a", "b", "A", "B", "c", "*", "?"];
                let longer = |texts: &Vec<String>| -> Vec<String> {
                    texts.iter().flat_map(|text| letters.map(|letter| text.clone() + letter)).collect()
                };
                let one: Vec<String> = texts(&letters);
                let two = longer(&one);
                let three = longer(&two);
                [one, two, three].concat()
            }
            Self::EncryptionContext => texts(&["42", "7", "4", "x"]),
            Self::Bool => texts(&["true", "false"]),
            Self::Number => texts(&["99.5", "100", "150", "200", "201"]),
            Self::Date => texts(&[
                "2026-11-23T09:59:59Z",
                "2026-11-23T10:00:00Z",
                "2026-11-23T10:30:00Z",
                "2026-11-23T11:00:00Z",
                "2026-11-23T11:00:01Z",
            ]),
            Self::Address => texts(&["9.9.9.9", "10.0.0.1", "10.1.0.1", "10.1.2.3", "2001:db8::1", "2001:db9::1"]),
            Self::Arn => texts(&[
                "arn:aws:s3:::a",
                "arn:aws:s3:::b",
                "arn:aws:s3:::ab",
                "arn:aws:sns:::a",
                "arn:aws:sns:::b",
                "arn:aws:s3:us-west-2::a",
                "arn:aws:s3:us-west-2::ab",
            ]),
        }
    }
}

/// Where a statement stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmallPlace {
    /// In the key policy, and whom it names.
    Key(&'static str),
    /// In an identity policy.
    Identity,
    /// In the permissions boundary.
    Boundary,
    /// In a session policy.
    Session,
    /// In an SCP of the account.
    ServiceControl,
    /// In an RCP of the root.
    ResourceControl,
}

/// A statement about `kms:Decrypt`.
#[derive(Clone, Debug)]
pub struct SmallStatement {
    /// Where it stands.
    pub place: SmallPlace,
    /// Whether it denies.
    pub denies: bool,
    /// No two of one operator and key.
    pub conditions: Vec<Condition>,
}

/// A grant to the caller.
#[derive(Clone, Debug)]
pub struct SmallGrant {
    /// Whether nobody knows if it is in effect.
    pub young: bool,
    /// The name of a constraint, and the tenant that it asks for.
    pub tenant: Option<(&'static str, &'static str)>,
    /// Whether it is for `arn:aws:s3:::a`.
    pub for_source: bool,
}

/// A request of which little is unknown.
#[derive(Clone)]
pub struct SmallDraft {
    /// The condition keys that are not known.
    pub unknown: Vec<&'static SmallKey>,
    /// What the policies say.
    pub statements: Vec<SmallStatement>,
    /// A grant to the caller.
    pub grant: Option<SmallGrant>,
    /// The assumptions that are not at their defaults.
    pub assumptions: Vec<(&'static str, &'static str)>,
}

/// A request of which little is unknown, and policies that ask for that.
pub fn small_drafts() -> impl Strategy<Value = SmallDraft> {
    subsequence(KEYS.iter().collect::<Vec<_>>(), 1..=3).prop_flat_map(|unknown| {
        let assumptions = subsequence(ASSUMPTIONS, 0..=2);
        let assumptions = prop_oneof![3 => Just(Vec::new()), 1 => assumptions];
        (Just(unknown.clone()), vec(statement(unknown), 1..7), option::weighted(0.35, grant()), assumptions).prop_map(
            |(unknown, statements, grant, assumptions)| SmallDraft { unknown, statements, grant, assumptions },
        )
    })
}

const ASSUMPTIONS: &[(&str, &str)] = &[
    ("plainOperatorOnSeveralValues", "all"),
    ("emptyStringIsNull", "true"),
    ("ifExistsBeatsForAnyValue", "true"),
    ("grantsUnderBoundaries", "limited"),
    ("grantSourceArn", "pattern"),
];

fn statement(keys: Vec<&'static SmallKey>) -> impl Strategy<Value = SmallStatement> {
    let places = vec![
        SmallPlace::Key("arn:aws:iam::111122223333:role/App"),
        SmallPlace::Key("arn:aws:sts::111122223333:assumed-role/App/i-1"),
        SmallPlace::Key("arn:aws:iam::111122223333:root"),
        SmallPlace::Key("*"),
        SmallPlace::Identity,
        SmallPlace::Identity,
        SmallPlace::Boundary,
        SmallPlace::Session,
        SmallPlace::ServiceControl,
        SmallPlace::ResourceControl,
    ];
    let conditions = prop_oneof![1 => Just(0..=0), 6 => Just(1..=1), 3 => Just(2..=2)];
    let conditions = conditions.prop_flat_map(move |count| vec(condition(keys.clone()), count));
    (select(places), any::<bool>(), conditions).prop_map(|(place, denies, drawn)| {
        let mut conditions: Vec<Condition> = Vec::new();
        for condition in drawn {
            if !conditions.iter().any(|other| (&other.operator, &other.key) == (&condition.operator, &condition.key)) {
                conditions.push(condition);
            }
        }
        SmallStatement { place, denies: denies || place == SmallPlace::ResourceControl, conditions }
    })
}

fn condition(keys: Vec<&'static SmallKey>) -> impl Strategy<Value = Condition> {
    select(keys).prop_flat_map(|key| {
        let in_set = if key.several { 4 } else { 1 };
        let sets = prop_oneof![4 => Just(""), in_set => Just("ForAnyValue:"), in_set => Just("ForAllValues:")];
        let if_exists = prop_oneof![3 => Just(""), 1 => Just("IfExists")];
        let most = if matches!(key.kind, Kind::Bool) { 1 } else { 2 };
        let listed = subsequence(key.kind.listed(key.several), 1..=most);
        let compared = (sets, select(key.kind.operators()), if_exists, listed).prop_map(
            |(set, operator, if_exists, listed)| Condition {
                // KMS refuses this on a pair of the encryption context.
                operator: if matches!(key.kind, Kind::EncryptionContext) && set == "ForAllValues:" {
                    operator.into()
                } else {
                    format!("{set}{operator}{if_exists}")
                },
                key: key.name.into(),
                values: listed.into_iter().map(String::from).collect(),
            },
        );
        let null = select(&["true", "false"][..]).prop_map(|value| Condition {
            operator: "Null".into(),
            key: key.name.into(),
            values: vec![value.into()],
        });
        prop_oneof![7 => compared, 1 => null]
    })
}

fn grant() -> impl Strategy<Value = SmallGrant> {
    let names = select(&["EncryptionContextEquals", "EncryptionContextSubset"][..]);
    let tenant = option::of((names, select(&["42", "7"][..])));
    (any::<bool>(), tenant, any::<bool>()).prop_map(|(young, tenant, for_source)| SmallGrant {
        young,
        tenant,
        for_source,
    })
}

impl SmallDraft {
    /// One value of every kind that this draft tells apart, for each key in turn; no value is absence.
    #[must_use]
    pub fn domains(&self) -> Vec<Vec<Vec<String>>> {
        self.unknown.iter().map(|key| self.domain(key)).collect()
    }

    fn domain(&self, key: &SmallKey) -> Vec<Vec<String>> {
        let mut kinds: BTreeMap<Vec<bool>, String> = BTreeMap::new();
        for value in key.kind.found() {
            kinds.entry(self.seen(key, &value)).or_insert(value);
        }
        let kinds: Vec<String> = kinds.into_values().collect();
        let absent = (!key.always).then(Vec::new);
        let values: Vec<Vec<String>> = if key.several {
            let sets = 1..1_usize << kinds.len();
            let of_set = |set: usize| kinds.iter().enumerate().filter(move |(index, _)| set >> index & 1 == 1);
            sets.map(|set| of_set(set).map(|(_, value)| value.clone()).collect()).collect()
        } else {
            kinds.into_iter().map(|value| vec![value]).collect()
        };
        absent.into_iter().chain(values).collect()
    }

    /// What texts the draft compares this one with, and how that ends. Values of other kinds are all kept.
    fn seen(&self, key: &SmallKey, value: &str) -> Vec<bool> {
        if !matches!(key.kind, Kind::Text) {
            return key.kind.found().iter().map(|other| other == value).collect();
        }
        let conditions = self.statements.iter().flat_map(|statement| &statement.conditions);
        let listed = conditions.filter(|condition| condition.key == key.name && condition.operator != "Null");
        let compare = |condition: &Condition, listed: &str| {
            if condition.operator.contains("Like") {
                means(listed, value)
            } else if condition.operator.contains("IgnoreCase") {
                listed.eq_ignore_ascii_case(value)
            } else {
                listed == value
            }
        };
        listed.flat_map(|condition| condition.values.iter().map(move |listed| compare(condition, listed))).collect()
    }

    fn policy(&self, is: impl Fn(SmallPlace) -> bool) -> Option<Value> {
        let here: Vec<&SmallStatement> = self.statements.iter().filter(|statement| is(statement.place)).collect();
        if here.is_empty() {
            return None;
        }
        let mut statements: Vec<Value> = here.iter().map(|statement| statement.print()).collect();
        let narrows = |place| !matches!(place, SmallPlace::Key(_) | SmallPlace::Identity);
        if here.iter().all(|one| one.denies && narrows(one.place) && one.place != SmallPlace::ResourceControl) {
            statements.push(super::allow_all());
        }
        Some(json!({ "Version": "2012-10-17", "Statement": statements }))
    }

    fn print(&self) -> Value {
        let policy = |place| self.policy(|other| other == place);
        let mut key_policy = self
            .policy(|place| matches!(place, SmallPlace::Key(_)))
            .unwrap_or_else(|| json!({ "Version": "2012-10-17", "Statement": [] }));
        let delegation = json!({ "Effect": "Allow", "Principal": { "AWS": "111122223333" }, "Action": "kms:*", "Resource": "*" });
        if let Some(statements) = key_policy["Statement"].as_array_mut() {
            statements.push(delegation);
        }
        let named = |document: Value| json!({ "PolicyName": "Policy", "PolicyDocument": document });
        let mut role = json!({ "Arn": "arn:aws:iam::111122223333:role/App", "RoleId": "AROAEXAMPLEAPP0000001" });
        role["Policies"] = policy(SmallPlace::Identity).map(named).into_iter().collect();
        if let Some(boundary) = policy(SmallPlace::Boundary) {
            role["PermissionsBoundary"] = json!({ "PolicyDocument": boundary });
        }
        let mut principal = json!({ "Arn": "arn:aws:sts::111122223333:assumed-role/App/i-1" });
        principal["sessionPolicies"] = policy(SmallPlace::Session).map(named).into_iter().collect();
        let control = |document: Value| json!({ "Name": "Control", "Content": document });
        let mut account = json!({ "Id": "111122223333" });
        if let Some(service) = policy(SmallPlace::ServiceControl) {
            account["ServiceControlPolicies"] = json!([control(service)]);
        }
        let resource: Value = policy(SmallPlace::ResourceControl).map(control).into_iter().collect();
        let root = json!({ "Id": "r-ab12", "ResourceControlPolicies": resource, "Accounts": [account] });
        let unknown: Vec<&str> = self.unknown.iter().map(|key| key.name).collect();
        let parse = |value: &str| serde_json::from_str(value).unwrap_or_else(|_| Value::from(value));
        json!({
            "keytrace": 1,
            "now": "2026-11-23T12:00:00Z",
            "organization": { "Id": "o-exampleorgid", "MasterAccountId": "999999999999", "Root": root },
            "principals": [role],
            "keys": [{
                "KeyMetadata": { "Arn": KEY_ARN },
                "Policy": key_policy,
                "Grants": self.grant.iter().map(SmallGrant::print).collect::<Vec<_>>(),
            }],
            "requests": [{
                "principal": principal,
                "operation": "Decrypt",
                "parameters": { "KeyId": KEY_ARN },
                "context": {},
                "unknown": unknown,
            }],
            "assumptions": self.assumptions.iter().map(|(name, value)| (String::from(*name), parse(value))).collect::<serde_json::Map<_, _>>(),
        })
    }
}

impl SmallStatement {
    fn print(&self) -> Value {
        let mut statement = json!({ "Effect": if self.denies { "Deny" } else { "Allow" } });
        match self.place {
            SmallPlace::Key("*") | SmallPlace::ResourceControl => statement["Principal"] = "*".into(),
            SmallPlace::Key(name) => statement["Principal"] = json!({ "AWS": name }),
            _ => {}
        }
        statement["Action"] = "kms:Decrypt".into();
        statement["Resource"] = "*".into();
        for condition in &self.conditions {
            statement["Condition"][condition.operator.as_str()][condition.key.as_str()] = condition.values.clone().into();
        }
        statement
    }
}

impl SmallGrant {
    fn print(&self) -> Value {
        let mut grant = json!({
            "GranteePrincipal": "arn:aws:iam::111122223333:role/App",
            "Operations": ["Decrypt"],
            "CreationDate": if self.young { "2026-11-23T11:58:00Z" } else { "2026-10-01T00:00:00Z" },
        });
        if let Some((name, tenant)) = self.tenant {
            grant["Constraints"][name] = json!({ "tenant": tenant });
        }
        if self.for_source {
            grant["Constraints"]["SourceArn"] = "arn:aws:s3:::a".into();
        }
        grant
    }
}

/// As the scenario file.
impl fmt::Display for SmallDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#}", self.print())
    }
}

/// A draft that fails is shown as the file that one can keep.
impl fmt::Debug for SmallDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
