//! Lists come in pages.

use alloc::vec::Vec;

use base64ct::{Base64, Encoding as _};

use super::super::call::{Call, Outcome};
use crate::{
    check::{ErrorName, KmsError, constraint},
    json::Value,
};

/// How many entries a page has: unless told otherwise, and at most.
pub(super) struct Pages {
    pub usual: usize,
    pub most: i64,
}

/// A page of a list, as KMS gives it: with `Truncated`, and with `NextMarker` if there is more.
///
/// The marker is good for the list as it is: when the list changes meanwhile, entries may come twice or not at all.
pub(super) fn page(call: &Call<'_>, name: &str, entries: Vec<Value>, pages: &Pages) -> Outcome {
    let limit = match call.parameters.number("Limit")? {
        None => pages.usual,
        Some(limit) if limit < 1 => return Err(out_of_bounds(limit, "greater than or equal to 1").into()),
        Some(limit) if limit > pages.most => {
            let must = alloc::format!("less than or equal to {}", pages.most);
            return Err(out_of_bounds(limit, &must).into());
        }
        Some(limit) => usize::try_from(limit).unwrap_or(pages.usual),
    };
    let start = call.parameters.text("Marker").map_or(Ok(0), place)?;
    let end = start.saturating_add(limit).min(entries.len());
    let truncated = end < entries.len();
    let shown: Vec<Value> = entries.get(start..end).unwrap_or_default().to_vec();
    let mut members = Vec::from([(name, Value::array(shown))]);
    if truncated {
        members.push(("NextMarker", Value::text(&marker(end))));
    }
    members.push(("Truncated", Value::boolean(truncated)));
    Ok(Value::object(members))
}

fn out_of_bounds(limit: i64, must: &str) -> KmsError {
    constraint("Limit", &alloc::format!("{limit}"), &alloc::format!("have value {must}"))
}

fn marker(place: usize) -> alloc::string::String {
    Base64::encode_string(alloc::format!("keytrace {place}").as_bytes())
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_ListGrants.html#API_ListGrants_Errors>. The sentence is ours.
fn place(marker: &str) -> Result<usize, KmsError> {
    let bytes = Base64::decode_vec(marker).unwrap_or_default();
    let text = core::str::from_utf8(&bytes).ok().and_then(|text| text.strip_prefix("keytrace "));
    let place = text.and_then(|place| place.parse().ok());
    place.ok_or_else(|| KmsError::new(ErrorName::InvalidMarker, "The marker is not one that a list ended with."))
}
