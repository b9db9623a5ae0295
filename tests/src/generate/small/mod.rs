//! Requests of which little is unknown, so that all that it can turn out to be can be tried: up to three
//! condition keys whose values few conditions tell apart, and a grant that may be in effect or not.

mod keys;
mod print;

pub use keys::SmallKey;

use std::{collections::BTreeMap, fmt};

use proptest::{
    collection::vec,
    option,
    prelude::{Just, Strategy, any},
    prop_oneof,
    sample::{select, subsequence},
};

use super::{Condition, means};
use keys::{KEYS, Kind};

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
    /// Whether it asks for a source.
    pub for_source: bool,
}

impl SmallGrant {
    /// The source that a constraint asks for.
    const SOURCE: &str = "arn:aws:s3:::a";
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
        let compared =
            (sets, select(key.kind.operators()), if_exists, listed).prop_map(|(set, operator, if_exists, listed)| {
                Condition {
                    // KMS refuses this on a pair of the encryption context.
                    operator: if matches!(key.kind, Kind::EncryptionContext) && set == "ForAllValues:" {
                        operator.into()
                    } else {
                        format!("{set}{operator}{if_exists}")
                    },
                    key: key.name.into(),
                    values: listed.into_iter().map(String::from).collect(),
                }
            });
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

    /// What the draft compares a value with, and how each of these ends. Values whose kinds are few are all kept.
    fn seen(&self, key: &SmallKey, value: &str) -> Vec<bool> {
        if !matches!(key.kind, Kind::Text | Kind::Arn) {
            return key.kind.found().iter().map(|other| other == value).collect();
        }
        let conditions = self.statements.iter().flat_map(|statement| &statement.conditions);
        let listed = conditions.filter(|condition| condition.key == key.name && condition.operator != "Null");
        let compare = |condition: &Condition, listed: &str| {
            if condition.operator.contains("Arn") {
                // Component by component.
                let mut components = value.splitn(6, ':').zip(listed.splitn(6, ':'));
                components.all(|(value, listed)| means(listed, value))
            } else if condition.operator.contains("Like") {
                means(listed, value)
            } else if condition.operator.contains("IgnoreCase") {
                listed.eq_ignore_ascii_case(value)
            } else {
                listed == value
            }
        };
        let compared =
            listed.flat_map(|condition| condition.values.iter().map(move |listed| compare(condition, listed)));
        compared.chain([value == SmallGrant::SOURCE]).collect()
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
