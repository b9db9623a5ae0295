//! Tags of keys.
//!
//! <https://docs.aws.amazon.com/kms/latest/developerguide/tagging-keys.html>

use alloc::{collections::BTreeSet, format, vec::Vec};

use super::{
    super::{
        call::{Call, Outcome},
        draft::text,
    },
    listing::{Pages, page},
    nothing,
};
use crate::{
    check::{ErrorName, KmsError},
    json::Value,
};

/// <https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html>
const TAGS_PER_KEY: usize = 50;

/// The tags of the request, each as it is stored.
///
/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_Tag.html>. The sentences are ours.
fn asked(call: &Call<'_>) -> Outcome<Vec<Value>> {
    let fault = |message| Err(KmsError::new(ErrorName::Tag, message).into());
    let mut seen = BTreeSet::new();
    let mut tags = Vec::new();
    for (key, value) in call.parameters.pairs("Tags") {
        if !(1..=128).contains(&key.chars().count()) {
            return fault(format!("The tag key '{key}' must have 1 to 128 characters."));
        }
        if value.chars().count() > 256 {
            return fault(format!("The value of the tag '{key}' must have at most 256 characters."));
        }
        if key.starts_with("aws:") {
            return fault(format!("The tag key '{key}' begins with aws:, which is reserved for AWS."));
        }
        if !seen.insert(key) {
            return fault(format!("The tag key '{key}' is given twice."));
        }
        tags.push(Value::object([("TagKey", Value::text(key)), ("TagValue", Value::text(value))]));
    }
    Ok(tags)
}

/// The tags of a key that is to be made.
pub(super) fn of_new_key(call: &Call<'_>) -> Outcome<Vec<Value>> {
    let tags = asked(call)?;
    if tags.len() > TAGS_PER_KEY { Err(too_many().into()) } else { Ok(tags) }
}

fn too_many() -> KmsError {
    KmsError::new(ErrorName::LimitExceeded, format!("A key can have at most {TAGS_PER_KEY} tags."))
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_TagResource.html>
pub(super) fn add(call: &mut Call<'_>) -> Outcome {
    let key = call.key()?;
    if call.parameters.written("Tags").is_none() {
        call.parameters.required("Tags")?;
    }
    let mut tags: Vec<Value> = call.draft.state.list_of_key(key, "Tags").to_vec();
    for tag in asked(call)? {
        match tags.iter_mut().find(|other| text(other, "TagKey") == text(&tag, "TagKey")) {
            Some(other) => *other = tag,
            None => tags.push(tag),
        }
    }
    if tags.len() > TAGS_PER_KEY {
        return Err(too_many().into());
    }
    call.draft.state.set(&format!("/keys/{key}/Tags"), &Value::array(tags))?;
    Ok(nothing())
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_UntagResource.html>
pub(super) fn remove(call: &mut Call<'_>) -> Outcome {
    let key = call.key()?;
    if call.parameters.written("TagKeys").is_none() {
        call.parameters.required("TagKeys")?;
    }
    let gone = call.parameters.list("TagKeys");
    let mut tags: Vec<Value> = call.draft.state.list_of_key(key, "Tags").to_vec();
    tags.retain(|tag| text(tag, "TagKey").is_none_or(|own| !gone.iter().any(|gone| &**gone == own)));
    call.draft.state.set(&format!("/keys/{key}/Tags"), &Value::array(tags))?;
    Ok(nothing())
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_ListResourceTags.html>
pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let key = call.key()?;
    let tags = call.draft.state.list_of_key(key, "Tags").to_vec();
    page(call, "Tags", tags, &Pages { usual: 50, most: 50 })
}
