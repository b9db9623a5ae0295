//! The key policy of a key.

use super::{
    super::call::{Call, Outcome},
    key::opened,
    listing::{Pages, page},
    nothing,
};
use crate::json::{Value, print};

/// The key policy of the request, as the JSON that it is; `None` if it has none.
pub(super) fn written(call: &Call<'_>) -> Option<Value> {
    call.parameters.written("Policy").map(opened)
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html>
pub(super) fn put(call: &mut Call<'_>) -> Outcome {
    let key = call.key()?;
    let policy = match written(call) {
        Some(policy) => policy,
        None => Value::text(call.parameters.required("Policy")?),
    };
    call.draft.state.set(&alloc::format!("/keys/{key}/Policy"), &policy)?;
    Ok(nothing())
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyPolicy.html>
pub(super) fn get(call: &mut Call<'_>) -> Outcome {
    let key = call.key()?;
    let policy = call.draft.state.of_key(key, "Policy").map(opened);
    // A scenario may have it with what the `aws` command prints around it.
    let policy = policy.map(|policy| policy.get("Policy").map_or(policy.clone(), opened));
    let text = policy.map_or_else(Default::default, |policy| print::pretty(&policy, "", "  "));
    Ok(Value::object([("Policy", Value::text(&text)), ("PolicyName", Value::text("default"))]))
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_ListKeyPolicies.html>
pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    page(call, "PolicyNames", [Value::text("default")].into(), &Pages { usual: 100, most: 1000 })
}
