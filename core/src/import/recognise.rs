use alloc::{borrow::ToOwned, format, string::String, vec::Vec};
use core::fmt;

use super::paste::{Form, Piece, pieces};
use super::{Output, OutputKind, access_denied, document, ec2, organizations, sts};
use crate::json::edit::{self, EditError};
use crate::json::{Kind, Span, Value};

/// Why a paste was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unrecognised {
    /// Where in the paste.
    pub span: Span,
    /// What is wrong and what to paste instead.
    pub message: String,
}

impl fmt::Display for Unrecognised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl core::error::Error for Unrecognised {}

/// Tells what a paste holds, in its order. JSON that is nothing to place comes along as
/// [`OutputKind::Unknown`] and becomes a note; other text between outputs is passed over.
///
/// # Errors
///
/// If it holds nothing that can be placed.
pub fn recognise(paste: &str) -> Result<Vec<Output>, Unrecognised> {
    let mut lines = Lines { paste, at: 0, line: 1 };
    let outputs: Vec<Output> = pieces(paste).into_iter().filter_map(|piece| output(&mut lines, piece)).collect();
    match outputs.iter().find(|output| output.kind == OutputKind::Unknown) {
        Some(unknown) if outputs.iter().all(|output| output.kind == OutputKind::Unknown) => {
            Err(Unrecognised { span: unknown.span, message: unknown.value.as_str().unwrap_or_default().to_owned() })
        }
        None if outputs.is_empty() => Err(Unrecognised {
            span: Span::new(0, u32::try_from(paste.len()).unwrap_or(u32::MAX)),
            message:
                "this is no output of the `aws` command that can be placed; with `--output json` it is a JSON object"
                    .into(),
        }),
        _ => Ok(outputs),
    }
}

fn output(lines: &mut Lines<'_>, piece: Piece<'_>) -> Option<Output> {
    let begins = lines.of(piece.span);
    let (kind, value) = match piece.form {
        Form::Line => line(piece.text)?,
        Form::CutOffJson => {
            let message = "is cut off: copy it down to the last `}`";
            (OutputKind::Unknown, Value::text(&format!("the JSON that begins on line {} {message}", begins)))
        }
        Form::Json => match edit::read(piece.text) {
            Ok(value) => json(&value, &piece),
            Err(EditError::NotJson(problem)) => {
                let line = begins + problem.line as usize - 1;
                (
                    OutputKind::Unknown,
                    Value::text(&format!("line {line} of the paste is not JSON: {}", problem.message)),
                )
            }
            Err(other) => (OutputKind::Unknown, Value::text(&format!("{other}"))),
        },
    };
    Some(Output { span: piece.span, kind, value, text: piece.text.into(), command: piece.command })
}

/// Counts the lines of a paste, once from its beginning to its end.
struct Lines<'t> {
    paste: &'t str,
    at: u32,
    line: usize,
}

impl Lines<'_> {
    /// The line on which a piece begins that stands behind those asked for before.
    fn of(&mut self, span: Span) -> usize {
        self.line += Span::new(self.at, span.start).of(self.paste).map_or(0, |between| between.matches('\n').count());
        self.at = span.start;
        self.line
    }
}

fn line(line: &str) -> Option<(OutputKind, Value)> {
    let denied = access_denied::read(line).map(|value| (OutputKind::AccessDenied, value));
    denied.or_else(|| Some((OutputKind::GetCallerIdentity, sts::read_text(line)?)))
}

fn json(value: &Value, piece: &Piece<'_>) -> (OutputKind, Value) {
    // `--query Policy` prints the document inside a string.
    let value = document::document(value, piece.text);
    let kind = kind_of(&value);
    if kind != OutputKind::Unknown {
        return (kind, value);
    }
    // SDKs print errors as JSON too.
    let mut messages = value.as_object().unwrap_or_default().iter().filter_map(|member| member.value.as_str());
    match messages.find_map(access_denied::read) {
        Some(denied) => (OutputKind::AccessDenied, denied),
        None => (OutputKind::Unknown, Value::text(&advice(&value))),
    }
}

/// Outputs are told apart by their members.
fn kind_of(value: &Value) -> OutputKind {
    let is_text = |name| value.get(name).and_then(Value::as_str).is_some();
    let is_object = |name| value.get(name).is_some_and(|inner| matches!(inner.kind, Kind::Object(_)));
    let is_list = |name| value.get(name).and_then(Value::as_array).is_some();
    let list_has = |list, name| {
        let elements = value.get(list).and_then(Value::as_array).unwrap_or_default();
        elements.iter().all(|element| element.get(name).is_some())
    };
    let has = |name| value.get(name).is_some();
    let kinds = [
        (has("keytrace"), OutputKind::Scenario),
        (is_object("KeyMetadata"), OutputKind::DescribeKey),
        (is_text("Policy"), OutputKind::GetKeyPolicy),
        (is_control_policy(value), OutputKind::DescribePolicy),
        (is_list("Roots"), OutputKind::ListRoots),
        (is_object("Organization"), OutputKind::DescribeOrganization),
        (vpc_endpoints(value).iter().any(ec2::is_of_kms), OutputKind::DescribeVpcEndpoints),
        (is_list("Grants"), OutputKind::ListGrants),
        (is_list("Aliases") && list_has("Aliases", "AliasName"), OutputKind::ListAliases),
        (is_list("Tags") && list_has("Tags", "TagKey"), OutputKind::ListResourceTags),
        (is_text("RoleName") && has("PolicyDocument"), OutputKind::GetRolePolicy),
        (is_text("UserName") && has("PolicyDocument"), OutputKind::GetUserPolicy),
        (is_text("GroupName") && has("PolicyDocument"), OutputKind::GetGroupPolicy),
        (is_object("PolicyVersion"), OutputKind::GetPolicyVersion),
        (is_object("Role"), OutputKind::GetRole),
        (is_object("User"), OutputKind::GetUser),
        (is_text("UserId") && is_text("Account") && is_text("Arn"), OutputKind::GetCallerIdentity),
        (has("Statement") && document::names_principals(value), OutputKind::KeyPolicy),
        (has("Statement"), OutputKind::IdentityPolicy),
    ];
    kinds.into_iter().find(|(fits, _)| *fits).map_or(OutputKind::Unknown, |(_, kind)| kind)
}

/// A service or resource control policy: policies of other types say nothing about KMS.
fn is_control_policy(value: &Value) -> bool {
    let summary = value.get("Policy").and_then(|policy| policy.get("PolicySummary"));
    let kind = summary.and_then(|summary| summary.get("Type")).and_then(Value::as_str);
    kind.and_then(organizations::list_of_policy_type).is_some()
}

fn vpc_endpoints(value: &Value) -> &[Value] {
    value.get("VpcEndpoints").and_then(Value::as_array).unwrap_or_default()
}

/// What to paste instead of an output that has nothing to place.
fn advice(value: &Value) -> String {
    let field = |object: &Value, name: &str| object.get(name).and_then(Value::as_str).map(String::from);
    if value.get("VpcEndpoints").is_some() {
        return "none of these VPC endpoints is one of KMS, whose service is called `com.amazonaws.<Region>.kms`"
            .into();
    }
    if let Some(summary) = value.get("Policy").and_then(|policy| policy.get("PolicySummary")) {
        let kind = field(summary, "Type").unwrap_or_else(|| "…".into());
        return format!(
            "a policy of type `{kind}` has no say in what KMS allows; service and resource control policies have"
        );
    }
    if let Some(policy) = value.get("Policy") {
        let arn = field(policy, "Arn").unwrap_or_else(|| "…".into());
        let version = field(policy, "DefaultVersionId").unwrap_or_else(|| "…".into());
        return format!(
            "`aws iam get-policy` does not print the policy document; \
             paste the output of `aws iam get-policy-version --policy-arn {arn} --version-id {version}`"
        );
    }
    if let Some(attached) = value.get("AttachedPolicies").and_then(Value::as_array) {
        let arns: Vec<String> = attached.iter().filter_map(|policy| field(policy, "PolicyArn")).collect();
        let commands: Vec<String> = arns.iter().map(|arn| format!("`aws iam get-policy --policy-arn {arn}`")).collect();
        let list = if commands.is_empty() { "there is none".into() } else { commands.join(", ") };
        return format!(
            "this lists the names of managed policies only: {list}; the version that is printed there as \
             `DefaultVersionId` is what `aws iam get-policy-version` needs"
        );
    }
    if let Some(names) = value.get("PolicyNames").and_then(Value::as_array) {
        let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
        let names = if names.is_empty() { "none".into() } else { names.join(", ") };
        return format!(
            "this lists the names of policies only ({names}); paste what `get-role-policy`, `get-user-policy`, \
             `get-group-policy` or `get-key-policy` prints of them"
        );
    }
    let members: Vec<&str> = value.as_object().unwrap_or_default().iter().map(|member| &*member.name).take(5).collect();
    format!(
        "JSON with `{}` is no output that can be placed; key policies come from `aws kms get-key-policy`, \
         callers from `aws sts get-caller-identity`, their policies from `aws iam get-role-policy` and \
         `aws iam get-policy-version`",
        members.join("`, `")
    )
}
