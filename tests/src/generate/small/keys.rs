//! Condition keys whose values few conditions tell apart.

/// A condition key that nobody knows.
#[derive(Debug)]
pub struct SmallKey {
    /// Its name.
    pub name: &'static str,
    /// Whether AWS puts it into every request.
    pub always: bool,
    /// Whether a request may have several values.
    pub several: bool,
    pub(super) kind: Kind,
}

/// What kind of values it has.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
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

pub(super) static KEYS: &[SmallKey] = &[
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
    /// Operators that compare them.
    pub(super) const fn operators(self) -> &'static [&'static str] {
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
            Self::Arn => {
                &["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "StringEquals", "StringLike", "StringNotLike"]
            }
        }
    }

    /// Values in policies.
    pub(super) const fn listed(self, several: bool) -> &'static [&'static str] {
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
    pub(super) fn found(self) -> Vec<String> {
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
            Self::EncryptionContext => texts(&["42", "7", "4", "4*", "x"]),
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
            Self::Arn => {
                let resources = ["a", "b", "ab", "a:b", "b:::a"];
                let places = ["s3::", "s3:us-west-2:", "sns::", "sns:us-west-2:"];
                let arns = places.iter().flat_map(|place| resources.map(|name| format!("arn:aws:{place}:{name}")));
                // Under operators for texts a `*` can be meant as it stands.
                arns.chain(texts(self.listed(false))).collect()
            }
        }
    }
}
