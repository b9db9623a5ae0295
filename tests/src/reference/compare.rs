//! Comparing one value of a request with one value of a policy, family by family.
//!
//! What cannot be read as the family's kind of value fits nothing: AWS only warns of such values when a
//! policy is saved, and does not say what becomes of them.

use std::net::IpAddr;

use super::condition::Order;
use super::instant::Instant;
use super::number::Decimal;
use super::pattern::{self, Token};

/// `true` or `false`, in any case.
pub(super) fn truth(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

impl Order {
    fn holds(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Order::Equal => ordering.is_eq(),
            Order::Less => ordering.is_lt(),
            Order::LessOrEqual => ordering.is_le(),
            Order::Greater => ordering.is_gt(),
            Order::GreaterOrEqual => ordering.is_ge(),
        }
    }
}

/// Whether the number of the request stands so to that of the policy.
pub(super) fn numeric(order: Order, request: &str, policy: &str) -> bool {
    let (Some(request), Some(policy)) = (Decimal::read(request), Decimal::read(policy)) else { return false };
    order.holds(request.compare(&policy))
}

/// Whether the time of the request stands so to that of the policy.
pub(super) fn date(order: Order, request: &str, policy: &str) -> bool {
    let (Some(request), Some(policy)) = (Instant::read(request), Instant::read(policy)) else { return false };
    order.holds(request.cmp(&policy))
}

/// Whether the address lies in the range. Without a length the range is that address alone.
pub(super) fn address(request: &str, policy: &str) -> bool {
    let Ok(request) = request.parse::<IpAddr>() else { return false };
    let Some((network, length)) = range(policy) else { return false };
    let (request, network, width) = match (request, network) {
        (IpAddr::V4(request), IpAddr::V4(network)) => {
            (u128::from(request.to_bits()), u128::from(network.to_bits()), 32)
        }
        (IpAddr::V6(request), IpAddr::V6(network)) => (request.to_bits(), network.to_bits(), 128),
        // An address of one version lies in no range of the other.
        _ => return false,
    };
    // Bits after the prefix are ignored.
    let shift = width - length;
    request.checked_shr(shift).unwrap_or(0) == network.checked_shr(shift).unwrap_or(0)
}

/// The address and the length of the prefix that `text` writes.
pub(super) fn range(text: &str) -> Option<(IpAddr, u32)> {
    let (address, length) = match text.split_once('/') {
        Some((address, length)) => (address, Some(length)),
        None => (text, None),
    };
    let address: IpAddr = address.parse().ok()?;
    let width = if address.is_ipv4() { 32 } else { 128 };
    let length = match length {
        Some(length) if length.bytes().all(|byte| byte.is_ascii_digit()) => length.parse().ok()?,
        Some(_) => return None,
        None => width,
    };
    if length <= width { Some((address, length)) } else { None }
}

/// Whether the ARN of the request fits the pattern, component by component: a wildcard in one of the first
/// five does not reach past a colon.
pub(super) fn arn(pattern: &[Token], request: &str) -> bool {
    let components: Vec<&[Token]> = pattern.splitn(6, |token| *token == Token::Char(':')).collect();
    let values: Vec<&str> = request.splitn(6, ':').collect();
    let both_arns = components.len() == 6 && values.len() == 6 && values.first() == Some(&"arn");
    both_arns && components.iter().zip(&values).all(|(pattern, value)| pattern::matches(pattern, value))
}

/// The bytes that base64 writes.
pub(super) fn bytes(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim_end_matches('=');
    if !text.len().is_multiple_of(4) || text.len() - digits.len() > 2 {
        return None;
    }
    let mut bits: u32 = 0;
    let mut count = 0;
    let mut bytes = Vec::new();
    for char in digits.bytes() {
        let value = match char {
            b'A'..=b'Z' => char - b'A',
            b'a'..=b'z' => char - b'a' + 26,
            b'0'..=b'9' => char - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::super::pattern::tokens;
    use super::{address, arn, bytes, truth};

    #[test]
    fn addresses() {
        assert!(address("203.0.113.200", "203.0.113.5/24"));
        assert!(!address("203.0.114.1", "203.0.113.5/24"));
        assert!(address("2001:db8::1", "2001:DB8:0:0:0:0:0:1"));
        assert!(address("198.51.100.7", "0.0.0.0/0") && !address("198.51.100.7", "::/0"));
        assert!(!address("198.51.100.7", "198.51.100.0/33") && !address("here", "0.0.0.0/0"));
    }

    #[test]
    fn arns() {
        let topic = "arn:aws:sns:us-west-2:123456789012:TOPIC";
        assert!(arn(&tokens("arn:aws:sns:*:123456789012:*"), topic));
        assert!(!arn(&tokens("arn:aws:sns:*:TOPIC"), topic));
        assert!(!arn(&tokens("*TOPIC"), topic));
        assert!(!arn(&tokens("arn:aws:sns:us-west-2:123456789012:TOPIC"), "TOPIC"));
    }

    #[test]
    fn others() {
        assert_eq!(bytes("QmluYXJ5").unwrap(), b"Binary");
        assert_eq!(bytes("QmluYXJ5IQ==").unwrap(), b"Binary!");
        assert_eq!(bytes("QmluYXJ5IQ"), None);
        assert_eq!((truth("True"), truth("yes")), (Some(true), None));
    }
}
