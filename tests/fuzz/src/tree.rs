//! JSON values as trees: without their places, and with the ways into them.

use keytrace::json::{Kind, Member, Span, Value};

/// The value alone: where it stood does not matter.
#[must_use]
pub fn bare(value: &Value) -> Value {
    let kind = match &value.kind {
        Kind::Array(elements) => Kind::Array(elements.iter().map(bare).collect()),
        Kind::Object(members) => {
            Kind::Object(members.iter().map(|member| named(&member.name, bare(&member.value))).collect())
        }
        scalar => scalar.clone(),
    };
    without_place(kind)
}

/// A value that stands nowhere yet.
#[must_use]
pub fn without_place(kind: Kind) -> Value {
    Value { span: Span::default(), kind }
}

/// A member that stands nowhere yet.
#[must_use]
pub fn named(name: &str, value: Value) -> Member {
    Member { name: name.into(), name_span: Span::default(), value }
}

/// The values inside of this one.
pub fn children(value: &Value) -> Vec<&Value> {
    match &value.kind {
        Kind::Array(elements) => elements.iter().collect(),
        Kind::Object(members) => members.iter().map(|member| &member.value).collect(),
        _ => Vec::new(),
    }
}

/// The value at the end of a way: at each step the place among the children.
pub fn at_mut<'v>(value: &'v mut Value, way: &[usize]) -> Option<&'v mut Value> {
    way.iter().try_fold(value, |value, step| match &mut value.kind {
        Kind::Array(elements) => elements.get_mut(*step),
        Kind::Object(members) => members.get_mut(*step).map(|member| &mut member.value),
        _ => None,
    })
}

/// Calls `visit` with this value and all values inside.
pub fn every<'v>(value: &'v Value, visit: &mut dyn FnMut(&'v Value)) {
    visit(value);
    children(value).into_iter().for_each(|child| every(child, visit));
}

/// Calls `change` with this value and all values inside, the inner ones first.
pub fn change(value: &mut Value, change: &mut dyn FnMut(&mut Value)) {
    match &mut value.kind {
        Kind::Array(elements) => elements.iter_mut().for_each(|element| self::change(element, change)),
        Kind::Object(members) => members.iter_mut().for_each(|member| self::change(&mut member.value, change)),
        _ => {}
    }
    change(value);
}
