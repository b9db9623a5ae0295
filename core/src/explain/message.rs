//! The sentence that AWS prints.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html>

use alloc::{format, string::String};

use super::{Subject, missing_policy, words};
use crate::decision::Decision;

/// AWS's message for a denial: one fixed phrasing for each of the two kinds. It names one policy type,
/// whichever others stand in the way too.
pub(super) fn access_denied(subject: &Subject<'_>) -> Option<String> {
    let action = subject.request.action.iam_name();
    let because = match subject.decision {
        Decision::Allowed { .. } | Decision::Undetermined { .. } => return None,
        Decision::ExplicitDeny { policy_type, .. } => {
            let (article, name) = words::in_message(policy_type);
            format!(" with an explicit deny in {article} {name}")
        }
        Decision::ImplicitDeny { missing } => match missing_policy(missing) {
            Some(kind) => format!(" because no {} allows the {action} action", words::in_message(kind).1),
            None => String::new(),
        },
    };
    Some(format!(
        "User: {} is not authorized to perform: {action} on resource: {}{because}",
        subject.request.caller.name(),
        subject.question.resource()
    ))
}
