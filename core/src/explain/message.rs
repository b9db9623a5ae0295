//! The sentence that AWS prints.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html>

use alloc::{format, string::String};

use super::{missing::missing_policy, words};
use crate::{
    decision::{Decision, Missing, PolicyType},
    request::{Authorization, Request},
    world::World,
};

/// AWS's message for a denial: one fixed phrasing for each of the two kinds. It names one policy type,
/// whichever others stand in the way too. Where the account is in one organization with the policy, AWS
/// may add the ARN of the policy that denies.
pub(crate) fn access_denied(
    request: &Request,
    authorization: &Authorization,
    decision: Decision,
    world: &World,
) -> Option<String> {
    let action = authorization.action.iam_name();
    let because = match decision {
        Decision::Allowed { .. } | Decision::Undetermined { .. } => return None,
        Decision::ExplicitDeny { policy_type, .. } => {
            let (article, name) = words::in_message(policy_type);
            format!(" with an explicit deny in {article} {name}")
        }
        // AWS has no phrase for a grant that does not let somebody retire it.
        Decision::ImplicitDeny { missing: Missing::Policy(PolicyType::Grant) } => String::new(),
        Decision::ImplicitDeny { missing } => match missing_policy(missing) {
            Some(kind) => format!(" because no {} allows the {action} action", words::in_message(kind).1),
            None => String::new(),
        },
    };
    Some(format!(
        "User: {} is not authorized to perform: {action} on resource: {}{because}",
        request.caller.name(),
        authorization.resource.arn(world)
    ))
}
