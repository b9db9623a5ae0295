//! What JavaScript hands in, read strictly: a slip of the caller's is an error, never something else that gets sealed.

use js_sys::{Array, ArrayBuffer, Object, Reflect, Symbol, Uint8Array};
use wasm_bindgen::{JsCast as _, JsError, JsValue};
use zeroize::Zeroizing;

/// The bytes of a `Uint8Array`, of this realm or another one: Node.js and its test frameworks have several.
/// `what` names it in the error. They are wiped when dropped; what JavaScript has is left as it is.
pub fn bytes(value: &JsValue, what: &str) -> Result<Zeroizing<Vec<u8>>, JsError> {
    let tag = || Reflect::get(value, &Symbol::to_string_tag()).ok();
    if !ArrayBuffer::is_view(value) || tag().is_none_or(|tag| tag != "Uint8Array") {
        return Err(JsError::new(&format!("`{what}` has to be a Uint8Array")));
    }
    let array: &Uint8Array = value.unchecked_ref();
    let length = usize::try_from(array.length())?;
    let mut bytes = Zeroizing::new(room(length)?);
    bytes.resize(length, 0);
    array.copy_to(&mut bytes);
    Ok(bytes)
}

/// Room for so many bytes, or an error where the memory of WebAssembly would have no end but a trap.
pub fn room(bytes: usize) -> Result<Vec<u8>, JsError> {
    let mut room = Vec::new();
    room.try_reserve_exact(bytes).map_err(|_| JsError::new(&format!("there is no memory for {bytes} bytes")))?;
    Ok(room)
}

/// A text. One with half a surrogate pair has no UTF-8, and would become the same as another one.
pub fn text(value: &JsValue, what: &str) -> Result<String, JsError> {
    let text = value.as_string().ok_or_else(|| JsError::new(&format!("`{what}` has to be a string")))?;
    if JsValue::from_str(&text) != *value {
        return Err(JsError::new(&format!("`{what}` has half a surrogate pair, which no UTF-8 stands for")));
    }
    Ok(text)
}

/// The elements of an array.
pub fn elements(value: &JsValue, what: &str) -> Result<Array, JsError> {
    if !Array::is_array(value) {
        return Err(JsError::new(&format!("`{what}` has to be an array")));
    }
    Ok(value.unchecked_ref::<Array>().clone())
}

/// The properties of a plain object. A `Map` or an object of a class has others than those that it shows.
pub fn properties(value: &JsValue, what: &str) -> Result<Vec<(String, JsValue)>, JsError> {
    if !is_plain(value) {
        return Err(JsError::new(&format!("`{what}` has to be a plain object")));
    }
    let unreadable = |_| JsError::new(&format!("`{what}` cannot be read"));
    let property = |name: JsValue| {
        let of = Reflect::get(value, &name).map_err(unreadable)?;
        Ok((text(&name, &format!("each name in {what}"))?, of))
    };
    Reflect::own_keys(value).map_err(unreadable)?.iter().map(property).collect()
}

fn is_plain(value: &JsValue) -> bool {
    let prototype = |value: &JsValue| Reflect::get_prototype_of(value).map(JsValue::from);
    // `Object.prototype`, of whichever realm, has none of its own.
    let is_last = |value: &JsValue| value.is_null() || prototype(value).is_ok_and(|none| none.is_null());
    value.is_object() && prototype(value).is_ok_and(|value| is_last(&value))
}

/// An object whose properties are known by name.
pub struct Record {
    properties: Vec<(String, JsValue)>,
}

impl Record {
    /// Reads one. A name that is not known is an error: misspelt, an encryption context would be left out.
    pub fn read(value: &JsValue, what: &str, names: &[&str]) -> Result<Self, JsError> {
        let properties = properties(value, what)?;
        match properties.iter().find(|(name, _)| !names.contains(&name.as_str())) {
            Some((name, _)) => {
                Err(JsError::new(&format!("`{what}` has no `{name}`; there are `{}`", names.join("`, `"))))
            }
            None => Ok(Self { properties }),
        }
    }

    /// The value of a property, `undefined` if it is not there.
    pub fn get(&self, name: &str) -> JsValue {
        let found = self.properties.iter().find(|(known, _)| known == name);
        found.map_or(JsValue::UNDEFINED, |(_, value)| value.clone())
    }
}

/// An object of these properties. `__proto__` is a name like any other.
pub fn object<'a>(properties: impl IntoIterator<Item = (&'a str, JsValue)>) -> Result<JsValue, JsError> {
    let entry = |(name, value): (&str, JsValue)| Array::of2(&JsValue::from_str(name), &value);
    let entries: Array = properties.into_iter().map(entry).collect();
    let object = Object::from_entries(&entries).map_err(|_| JsError::new("no object could be made"))?;
    Ok(object.into())
}
