//! The typed values that condition operators compare, read from the text that policies and requests
//! hold. Nothing here allocates, except for [`binary`].
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>

use alloc::vec::Vec;
use core::net::IpAddr;

use base64ct::{Base64, Encoding};
use ipnet::IpNet;
use jiff::{Timestamp, civil::DateTime, tz::Offset};
use rust_decimal::Decimal;

/// An integer or decimal, exactly. Up to 28 digits.
///
/// UNDOCUMENTED: exponents and signs; both are read.
#[must_use]
pub fn number(text: &str) -> Option<Decimal> {
    Decimal::from_str_exact(text).or_else(|_| Decimal::from_scientific(text)).ok()
}

/// `true` or `false`.
///
/// UNDOCUMENTED: other letter case; it is read as the same.
#[must_use]
pub fn boolean(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

/// A date in one of the W3C profiles of ISO 8601 (`2026`, `2026-11`, `2026-11-23`,
/// `2026-11-23T10:30Z`, `…:30:15.5+01:00`), or seconds since 1970.
///
/// UNDOCUMENTED: four digits alone are a year here, not seconds; without a time zone it is UTC.
#[must_use]
pub fn date(text: &str) -> Option<Timestamp> {
    if text.len() != 4
        && let Ok(seconds) = text.parse::<i64>()
    {
        return Timestamp::from_second(seconds).ok();
    }
    let (day, time) = text.split_once('T').map_or((text, None), |(day, time)| (day, Some(time)));
    let mut parts = day.split('-');
    let year = digits(parts.next()?, 4)?;
    let month = parts.next().map_or(Some(1), |part| digits(part, 2))?;
    let date = parts.next().map_or(Some(1), |part| digits(part, 2))?;
    if parts.next().is_some() {
        return None;
    }
    let (clock, offset) = time.map_or(Some(("00:00", 0)), zone)?;
    let mut parts = clock.split(':');
    let hour = digits(parts.next()?, 2)?;
    let minute = digits(parts.next()?, 2)?;
    let (second, nanosecond) = parts.next().map_or(Some((0, 0)), seconds)?;
    if parts.next().is_some() {
        return None;
    }
    let small = |number: i32| i8::try_from(number).ok();
    let civil = DateTime::new(
        i16::try_from(year).ok()?,
        small(month)?,
        small(date)?,
        small(hour)?,
        small(minute)?,
        small(second)?,
        nanosecond,
    );
    Offset::from_seconds(offset).ok()?.to_timestamp(civil.ok()?).ok()
}

fn digits(text: &str, length: usize) -> Option<i32> {
    (text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// Splits the zone off a time; the offset from UTC is in seconds.
fn zone(time: &str) -> Option<(&str, i32)> {
    if let Some(clock) = time.strip_suffix('Z') {
        return Some((clock, 0));
    }
    let Some(at) = time.find(['+', '-']) else { return Some((time, 0)) };
    let (clock, offset) = time.split_at(at);
    let (hours, minutes) = offset.get(1..)?.split_once(':')?;
    let seconds = (digits(hours, 2)? * 60 + digits(minutes, 2)?) * 60;
    Some((clock, if offset.starts_with('-') { -seconds } else { seconds }))
}

/// Seconds and nanoseconds.
fn seconds(text: &str) -> Option<(i32, i32)> {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(whole, part)| (whole, Some(part)));
    let nanoseconds = match fraction {
        None => 0,
        Some(part) if (1..=9).contains(&part.len()) => {
            digits(part, part.len())? * 10_i32.pow(9 - u32::try_from(part.len()).ok()?)
        }
        Some(_) => return None,
    };
    Some((digits(whole, 2)?, nanoseconds))
}

/// An IP range in CIDR notation. A bare address is a range of one (`/32`, `/128`); bits behind the
/// prefix do not count.
#[must_use]
pub fn ip_range(text: &str) -> Option<IpNet> {
    text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}

/// An IP address.
#[must_use]
pub fn ip_address(text: &str) -> Option<IpAddr> {
    text.parse().ok()
}

/// The bytes of a base64 text.
#[must_use]
pub fn binary(text: &str) -> Option<Vec<u8>> {
    Base64::decode_vec(text).ok()
}

/// Whether a base64 text stands for exactly these bytes; `None` if it is not base64.
#[must_use]
pub fn binary_equals(text: &str, bytes: &[u8]) -> Option<bool> {
    if text.is_empty() {
        return Some(bytes.is_empty());
    }
    let mut decoder = base64ct::Decoder::<Base64>::new(text.as_bytes()).ok()?;
    let mut equal = decoder.remaining_len() == bytes.len();
    let mut rest = bytes;
    while !decoder.is_finished() {
        let mut buffer = [0_u8; 64];
        let length = decoder.remaining_len().min(buffer.len());
        let chunk = decoder.decode(buffer.get_mut(..length)?).ok()?;
        let (head, tail) = rest.split_at(chunk.len().min(rest.len()));
        equal &= head == chunk;
        rest = tail;
    }
    Some(equal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_every_profile_are_one_instant() {
        let second = |text| date(text).map(Timestamp::as_second);
        let new_year = Some(1_767_225_600);
        for text in ["2026", "2026-01", "2026-01-01", "2026-01-01T00:00Z", "2026-01-01T00:00:00Z", "1767225600"] {
            assert_eq!(second(text), new_year, "{text}");
        }
        assert_eq!(second("2026-01-01T01:30:00.250+01:30"), new_year);
        assert_eq!(second("2025-12-31T19:00-05:00"), new_year);
        assert!(date("2026-01-01T00:00:00.5Z") > date("2026-01-01T00:00:00.499Z"));
        for text in [
            "",
            "yesterday",
            "2026-13",
            "2026-02-30",
            "2026-01-01T25:00Z",
            "26-01-01",
            "2026-1-1",
            "2026-01-01T00:00:00.Z",
        ] {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_are_exact() {
        assert_eq!(number("0.10"), number("0.1"));
        assert!(number("9007199254740993") > number("9007199254740992"));
        assert_eq!(number("1e3"), number("1000"));
        assert_eq!(number("ten"), None);
    }

    #[test]
    fn binary_compares_bytes() {
        let long = [7_u8; 200];
        let text = Base64::encode_string(&long);
        assert_eq!(binary_equals(&text, &long), Some(true));
        assert_eq!(binary_equals(&text, &long[..199]), Some(false));
        assert_eq!(binary_equals("QmluYXJ5", b"Binary"), Some(true));
        assert_eq!(binary_equals("!", b""), None);
    }

    #[test]
    fn ranges_and_addresses() {
        let inside = |range, address| ip_range(range).unwrap().contains(&ip_address(address).unwrap());
        assert!(inside("203.0.113.7/24", "203.0.113.200"));
        assert!(inside("2001:db8::/32", "2001:db8:1::1"));
        assert!(!inside("0.0.0.0/0", "::1"));
        assert!(!inside("203.0.113.7", "203.0.113.8"));
    }
}
