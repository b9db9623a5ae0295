//! Values as CloudTrail writes them.

use alloc::{format, string::String, vec::Vec};

use jiff::{Timestamp, tz::Offset};

use crate::{
    json::{Kind, Member, Span, Value, print},
    policy::value,
};

/// An object that stands in no text.
pub(super) fn object(members: Vec<(String, Value)>) -> Value {
    let member = |(name, value): (String, Value)| Member { name: name.into(), name_span: Span::default(), value };
    Kind::Object(members.into_iter().map(member).collect()).into()
}

/// The name of a parameter or of a member of a result: with a small letter in front.
pub(super) fn member_name(name: &str) -> String {
    // https://docs.aws.amazon.com/kms/latest/developerguide/ct-create-keystore.html
    if name == "CloudHsmClusterId" {
        return "clusterId".into();
    }
    let mut name = String::from(name);
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    name
}

/// A string, a number or a Boolean; nothing that could hold something else.
pub(super) fn scalar(value: &Value) -> Option<Value> {
    match &value.kind {
        Kind::String(_) | Kind::Number(_) | Kind::Bool(_) => Some(value.kind.clone().into()),
        Kind::Null | Kind::Array(_) | Kind::Object(_) => None,
    }
}

/// The scalars of a list.
pub(super) fn list(value: &Value) -> Option<Value> {
    Some(Value::array(value.as_array()?.iter().filter_map(scalar)))
}

/// Pairs of strings, such as an encryption context: their names are the caller's, and stay as they are.
pub(super) fn pairs(value: &Value) -> Option<Value> {
    let pair = |member: &Member| Some((String::from(&*member.name), text(&member.value)?));
    Some(object(value.as_object()?.iter().filter_map(pair).collect()))
}

/// A scalar as the string as which it is sent.
fn text(value: &Value) -> Option<Value> {
    match &value.kind {
        Kind::Number(text) => Some(Value::text(text)),
        Kind::Bool(truth) => Some(Value::text(if *truth { "true" } else { "false" })),
        _ => scalar(value),
    }
}

/// <https://docs.aws.amazon.com/kms/latest/developerguide/ct-tagresource.html>
pub(super) fn tags(value: &Value) -> Option<Value> {
    let tag = |tag: &Value| chosen(tag, &["TagKey", "TagValue"], scalar);
    Some(Value::array(value.as_array()?.iter().filter_map(tag)))
}

/// <https://docs.aws.amazon.com/kms/latest/developerguide/ct-creategrant.html>
pub(super) fn constraints(value: &Value) -> Option<Value> {
    chosen(value, &["EncryptionContextEquals", "EncryptionContextSubset", "SourceArn"], |value| {
        pairs(value).or_else(|| scalar(value))
    })
}

/// The members of an object that have one of some names.
fn chosen(value: &Value, names: &[&str], shape: impl Fn(&Value) -> Option<Value>) -> Option<Value> {
    value.as_object()?;
    let members = names.iter().filter_map(|name| Some((member_name(name), shape(value.get(name)?)?)));
    Some(object(members.collect()))
}

/// A key policy, which is a text in the API. A scenario may have it as the JSON that it is.
pub(super) fn policy(value: &Value) -> Option<Value> {
    match &value.kind {
        Kind::Object(_) => Some(Value::text(&print::compact(value))),
        _ => scalar(value),
    }
}

/// A member of a result, as what holds it is written: every name with a small letter, and dates as below.
pub(super) fn member(name: &str, value: &Value) -> (String, Value) {
    let is_date = name.ends_with("Date") || name == "ValidTo";
    let date = if is_date { date(value) } else { None };
    (member_name(name), date.unwrap_or_else(|| members(value)))
}

fn members(value: &Value) -> Value {
    match &value.kind {
        Kind::Array(elements) => Value::array(elements.iter().map(members)),
        Kind::Object(members) => object(members.iter().map(|one| member(&one.name, &one.value)).collect()),
        other => other.clone().into(),
    }
}

/// A date inside of `requestParameters` and `responseElements`: `May 21, 2025, 5:47:45 AM`. Older samples write it
/// otherwise.
///
/// <https://docs.aws.amazon.com/kms/latest/developerguide/ct-importkeymaterial.html>
pub(super) fn date(value: &Value) -> Option<Value> {
    let written = match &value.kind {
        Kind::String(text) => text,
        // Seconds, of which KMS counts the whole ones.
        Kind::Number(text) => text.split_once('.').map_or(&**text, |(whole, _)| whole),
        _ => return None,
    };
    let date = Offset::UTC.to_datetime(value::date(written)?);
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = usize::try_from(date.month()).ok().and_then(|month| months.get(month.checked_sub(1)?))?;
    let hour = match date.hour() % 12 {
        0 => 12,
        hour => hour,
    };
    let half = if date.hour() < 12 { "AM" } else { "PM" };
    let (day, year, minute, second) = (date.day(), date.year(), date.minute(), date.second());
    Some(Value::text(&format!("{month} {day}, {year}, {hour}:{minute:02}:{second:02} {half}")))
}

/// `eventTime` and the like: `2025-05-20T20:45:00Z`.
pub(super) fn time(time: Timestamp) -> Value {
    let seconds = Timestamp::from_second(time.as_second()).unwrap_or(time);
    Value::text(&format!("{seconds}"))
}

/// A UUID of random bytes, version 4 (RFC 9562).
pub(super) fn uuid(bytes: &[u8]) -> Value {
    let mut text = String::with_capacity(36);
    for (index, byte) in bytes.iter().take(16).enumerate() {
        let byte = match index {
            6 => byte & 0x0f | 0x40,
            8 => byte & 0x3f | 0x80,
            _ => *byte,
        };
        if matches!(index, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        text.push_str(&format!("{byte:02x}"));
    }
    Value::text(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_samples() {
        let printed = |text: &str| date(&Value::text(text)).and_then(|date| date.as_str().map(String::from));
        assert_eq!(printed("2025-05-21T05:47:45Z").as_deref(), Some("May 21, 2025, 5:47:45 AM"));
        assert_eq!(printed("2022-08-10T22:38:27Z").as_deref(), Some("Aug 10, 2022, 10:38:27 PM"));
        assert_eq!(printed("2020-11-18T03:29:18+02:00").as_deref(), Some("Nov 18, 2020, 1:29:18 AM"));
        assert_eq!(printed("2026-01-01T00:00:00Z").as_deref(), Some("Jan 1, 2026, 12:00:00 AM"));
        assert_eq!(printed("2026-12-31T12:00:09Z").as_deref(), Some("Dec 31, 2026, 12:00:09 PM"));
        assert_eq!(printed("soon"), None);
        assert_eq!(date(&Kind::Number("1747806465.5".into()).into()), date(&Value::text("2025-05-21T05:47:45Z")));
    }

    #[test]
    fn ids_are_of_version_4() {
        assert_eq!(uuid(&[0; 16]).as_str(), Some("00000000-0000-4000-8000-000000000000"));
        assert_eq!(uuid(&[255; 16]).as_str(), Some("ffffffff-ffff-4fff-bfff-ffffffffffff"));
    }

    #[test]
    fn what_has_not_the_shape_of_a_parameter_is_left_out() {
        let nested = Value::object([("Plaintext", Value::text("secret"))]);
        assert_eq!(scalar(&nested), None);
        assert_eq!(list(&Value::array([nested.clone()])), Some(Value::array([])));
        assert_eq!(pairs(&Value::object([("a", nested.clone())])), Some(object(Vec::new())));
        assert_eq!(tags(&Value::array([nested.clone()])), Some(Value::array([object(Vec::new())])));
        assert_eq!(constraints(&nested), Some(object(Vec::new())));
    }
}
