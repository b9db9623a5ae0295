//! `Resource` and `NotResource`.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>

use alloc::{boxed::Box, format, string::String};

use super::{
    PolicyKind, Version,
    variable::{Variable, Wildcards, template},
};
use crate::{
    json::{Path, Span},
    pattern::Pattern,
    problem::{Code, Problems},
};

/// One entry of `Resource` or `NotResource`: a pattern over a whole ARN. A `*` crosses `/` and `:`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourcePattern {
    /// The bytes of the entry.
    pub span: Span,
    /// As written.
    pub text: Box<str>,
    /// What it matches. An incomplete ARN of an identity-based policy is filled up with `*`
    /// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>).
    pub pattern: Pattern<Variable>,
}

impl ResourcePattern {
    pub(super) fn read(
        text: &str,
        kind: PolicyKind,
        version: Version,
        span: Span,
        path: &Path<'_>,
        problems: &mut Problems<'_>,
    ) -> Self {
        let mut fields = text.split(':');
        let filled = match fields.next() {
            Some("arn") => {
                let missing = 6_usize.saturating_sub(text.split(':').count());
                if missing > 0 && kind == PolicyKind::Session {
                    let message =
                        format!("`{text}` is no whole ARN, which a session policy needs; write all six fields");
                    problems.push(Code::InvalidArnResource, span, path, message);
                }
                // AWS documents the filling of identity-based policies only.
                let filled = if kind == PolicyKind::Identity { missing } else { 0 };
                String::from(text) + &":*".repeat(filled)
            }
            Some("*") if text == "*" => text.into(),
            _ => {
                let message = format!(
                    "`{text}` is no ARN, and AWS takes nothing else but `*` (`Resource {text} must be in ARN format or \"*\".`); write the key's ARN, such as `arn:aws:kms:us-west-2:111122223333:key/…`"
                );
                problems.push(Code::InvalidArnPrefix, span, path, message);
                text.into()
            }
        };
        let misplaced = version == Version::V2012 && fields_before_resource(&filled).contains("${");
        if misplaced {
            let message = format!(
                "`{text}`: a policy variable counts only after the fifth colon of an ARN; this matches nothing"
            );
            problems.push(Code::VariableBeforeFifthColon, span, path, message);
        }
        if version == Version::V2008 && text.contains("${") {
            let message =
                format!("`{text}`: the variable is plain text unless the policy has `\"Version\": \"2012-10-17\"`");
            problems.push(Code::VariableUnsupportedInVersion, span, path, message);
        }
        // Read as plain text, a variable in the wrong place matches no ARN.
        let version = if misplaced { Version::V2008 } else { version };
        let pattern = template(&filled, version, Wildcards::Count).unwrap_or_else(|fault| {
            problems.push(fault.code, span, path, fault.message);
            Pattern::default()
        });
        Self { span, text: text.into(), pattern }
    }
}

fn fields_before_resource(arn: &str) -> &str {
    let fifth_colon = arn.match_indices(':').nth(4).map_or(arn.len(), |(at, _)| at);
    arn.get(..fifth_colon).unwrap_or_default()
}
