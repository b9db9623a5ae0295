//! Values next to others: what a comparison tells apart, and what a pattern covers.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::arn::Arn;
use super::compare;
use super::condition::Family;
use super::instant::Instant;
use super::keys::{self, Holds};
use super::number::Decimal;
use super::pattern::Token;

/// The value as a key of that kind holds it, if one could.
pub(super) fn as_a(kind: Holds, key: &str, value: String) -> Option<String> {
    let fits = match kind {
        Holds::Text => true,
        Holds::Arn => Arn::read(&value).is_some(),
        Holds::Bool => matches!(value.as_str(), "true" | "false"),
        Holds::Number => Decimal::read(&value).is_some(),
        Holds::Address => value.parse::<IpAddr>().is_ok(),
        Holds::Time => {
            let unix = ["aws:epochtime", "kms:validto"].contains(&key);
            let write = if unix { Instant::to_unix } else { Instant::to_iso };
            return Instant::read(&value).map(write);
        }
    };
    fits.then_some(value)
}

/// A value that nothing mentions, or that is as good as any.
pub(super) fn unmentioned(key: &str) -> String {
    let value = match keys::holds(key) {
        Holds::Time if key != "aws:currenttime" && key != "aws:tokenissuetime" => "1767225600",
        Holds::Text => "nothing-mentions-this",
        Holds::Arn => "arn:aws:elsewhere:mars-north-1:000000000000:nothing/mentions-this",
        Holds::Bool => "true",
        Holds::Number => "1",
        Holds::Time => "2026-01-01T00:00:00Z",
        Holds::Address => "192.0.2.211",
    };
    value.to_owned()
}

/// Values that a comparison with `text` tells apart.
pub(super) fn near(family: Family, text: &str) -> Vec<String> {
    match family {
        Family::StringEquals | Family::Binary => vec![text.to_owned()],
        Family::StringEqualsIgnoreCase => {
            vec![text.to_owned(), text.to_lowercase(), text.to_uppercase()]
        }
        Family::Bool => vec!["true".to_owned(), "false".to_owned()],
        Family::Numeric(_) => {
            let Ok(number) = text.parse::<f64>() else { return Vec::new() };
            vec![text.to_owned(), (number - 1.0).to_string(), (number + 1.0).to_string()]
        }
        Family::Date(_) => {
            let Some(time) = Instant::read(text) else { return Vec::new() };
            [0, -1, 1].into_iter().map(|seconds| time.plus_seconds(seconds).to_iso()).collect()
        }
        Family::IpAddress => around(text),
        Family::StringLike | Family::Arn | Family::Null | Family::Unknown => Vec::new(),
    }
}

/// The first address of a range, and those just before and after it.
fn around(range: &str) -> Vec<String> {
    let Some((address, length)) = compare::range(range) else { return Vec::new() };
    let (bits, width) = match address {
        IpAddr::V4(address) => (u128::from(address.to_bits()), 32),
        IpAddr::V6(address) => (address.to_bits(), 128),
    };
    let size = 1_u128.checked_shl(width - length);
    let first = size.map_or(0, |size| bits / size * size);
    let after = size.and_then(|size| first.checked_add(size));
    let write = |bits: u128| match address {
        IpAddr::V4(_) => u32::try_from(bits).ok().map(|bits| Ipv4Addr::from_bits(bits).to_string()),
        IpAddr::V6(_) => Some(Ipv6Addr::from_bits(bits).to_string()),
    };
    [Some(first), first.checked_sub(1), after].into_iter().flatten().filter_map(write).collect()
}

/// The pattern with its stars replaced by that text and its question marks by a letter.
pub(super) fn filled(pattern: &[Token], stars: &str) -> String {
    let mut text = String::new();
    for token in pattern {
        match token {
            Token::Char(char) => text.push(*char),
            Token::Star => text.push_str(stars),
            Token::Question => text.push('x'),
        }
    }
    text
}

/// The pattern with the stars of each of its six components, as ARNs have them, replaced by what the other
/// pattern has there.
pub(super) fn filled_by_component(pattern: &[Token], other: &[Token]) -> String {
    let split = |pattern: &[Token]| -> Vec<Vec<Token>> {
        pattern.splitn(6, |token| *token == Token::Char(':')).map(<[Token]>::to_vec).collect()
    };
    let others = split(other);
    let components = split(pattern).into_iter().enumerate().map(|(position, component)| {
        let there = others.get(position).map(|other| filled(other, "")).unwrap_or_default();
        filled(&component, &there)
    });
    components.collect::<Vec<_>>().join(":")
}
