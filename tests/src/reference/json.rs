//! Small questions to JSON.

use serde_json::Value;

/// A value that stands alone, or the values of a list.
pub(super) fn one_or_many(value: &Value) -> impl Iterator<Item = &Value> {
    let (list, alone) = match value {
        Value::Array(list) => (list.as_slice(), None),
        Value::Null => (&[][..], None),
        alone => (&[][..], Some(alone)),
    };
    list.iter().chain(alone)
}

/// Text, number or truth value, as text.
pub(super) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(bool) => Some(bool.to_string()),
        _ => None,
    }
}

/// The text of a member.
pub(super) fn text<'value>(object: &'value Value, member: &str) -> Option<&'value str> {
    object.get(member)?.as_str()
}

/// The elements of a member that is a list.
pub(super) fn list<'value>(object: &'value Value, member: &str) -> &'value [Value] {
    object.get(member).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// The texts of a member that is a list of texts.
pub(super) fn texts(object: &Value, member: &str) -> Vec<String> {
    list(object, member).iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The pairs of a member that maps texts to texts.
pub(super) fn pairs(object: &Value, member: &str) -> Vec<(String, String)> {
    let map = object.get(member).and_then(Value::as_object);
    map.into_iter().flatten().filter_map(|(key, value)| Some((key.clone(), text_of(value)?))).collect()
}

/// Tags in the shape of IAM (`Key`, `Value`) or of KMS (`TagKey`, `TagValue`). The value may be left out.
pub(super) fn tags(object: &Value, member: &str) -> Vec<(String, String)> {
    let tag = |tag: &Value| {
        let key = text(tag, "Key").or_else(|| text(tag, "TagKey"))?;
        let value = text(tag, "Value").or_else(|| text(tag, "TagValue")).unwrap_or_default();
        Some((key.to_owned(), value.to_owned()))
    };
    list(object, member).iter().filter_map(tag).collect()
}
