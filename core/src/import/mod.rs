//! What the `aws` command prints, put where it belongs in a scenario.
//!
//! [`recognise`] tells what a paste is; [`place`] edits the text of a scenario, whose formatting stays
//! its author's. Whatever an output leaves open and had to be assumed is said in a note, with the
//! command that would tell.
//!
//! Taken: `aws kms describe-key`, `get-key-policy` (as JSON or text), `list-grants`, `list-aliases`,
//! `list-resource-tags`; `aws iam get-role`, `get-user`, `get-role-policy`, `get-user-policy`,
//! `get-group-policy`, `get-policy-version`; `aws organizations list-roots`, `describe-organization`,
//! `describe-policy`; `aws ec2 describe-vpc-endpoints`; `aws sts get-caller-identity` (as JSON or text); policy
//! documents alone; the sentence of an `AccessDenied` error; whole scenarios. One paste may hold
//! several of them, with the terminal's prompts and commands in between. The options of those commands
//! are read, since many an output does not say what it is about.
//!
//! ```
//! use keytrace::import;
//!
//! let paste = r#"
//! $ aws sts get-caller-identity
//! {
//!     "UserId": "AROAEXAMPLEAPP0000001:i-0abc",
//!     "Account": "111122223333",
//!     "Arn": "arn:aws:sts::111122223333:assumed-role/App/i-0abc"
//! }
//! $ aws kms decrypt --ciphertext-blob fileb://data --key-id alias/orders
//! An error occurred (AccessDeniedException) when calling the Decrypt operation: User: arn:aws:sts::111122223333:assumed-role/App/i-0abc is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab because no identity-based policy allows the kms:Decrypt action
//! "#;
//! let placed = import::place(&import::recognise(paste).unwrap(), "").unwrap();
//! assert!(placed.text.contains(r#""operation": "Decrypt""#));
//! assert!(placed.text.contains(r#""RoleId": "AROAEXAMPLEAPP0000001""#));
//! assert!(placed.notes.iter().any(|note| note.contains("aws kms get-key-policy")));
//! ```

mod access_denied;
mod boundary;
mod document;
mod draft;
mod ec2;
mod iam;
mod key;
mod kms;
mod organizations;
mod paste;
mod principal;
mod recognise;
mod sts;

pub use recognise::{Unrecognised, recognise};

use alloc::{boxed::Box, string::String, vec::Vec};

use self::draft::Draft;
use self::paste::Command;
use crate::json::edit::EditError;
use crate::json::{Span, Value};

/// One output in a paste.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// Where it stands in the paste.
    pub span: Span,
    /// What it is of.
    pub kind: OutputKind,
    /// What it says. For a sentence or a line, what the sentence or line says, as an object.
    value: Value,
    /// The text that the spans of `value` are about.
    text: Box<str>,
    /// The command above it in the paste.
    command: Command,
}

macro_rules! output_kinds {
    ($($kind:ident = $name:literal,)*) => {
        /// What a part of a paste is. In the order in which outputs are placed: first those that name
        /// keys, principals and the request, then those that belong to them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum OutputKind {
            $(#[doc = $name] $kind,)*
        }

        impl OutputKind {
            /// What it is called in sentences.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(OutputKind::$kind => $name,)* }
            }
        }
    };
}

output_kinds! {
    Scenario = "a scenario",
    DescribeKey = "the output of `aws kms describe-key`",
    ListAliases = "the output of `aws kms list-aliases`",
    GetRole = "the output of `aws iam get-role`",
    GetUser = "the output of `aws iam get-user`",
    ListRoots = "the output of `aws organizations list-roots`",
    DescribeOrganization = "the output of `aws organizations describe-organization`",
    AccessDenied = "the message of an access denied error",
    GetCallerIdentity = "the output of `aws sts get-caller-identity`",
    GetKeyPolicy = "the output of `aws kms get-key-policy`",
    KeyPolicy = "a key policy",
    ListResourceTags = "the output of `aws kms list-resource-tags`",
    ListGrants = "the output of `aws kms list-grants`",
    GetRolePolicy = "the output of `aws iam get-role-policy`",
    GetUserPolicy = "the output of `aws iam get-user-policy`",
    GetGroupPolicy = "the output of `aws iam get-group-policy`",
    GetPolicyVersion = "the output of `aws iam get-policy-version`",
    IdentityPolicy = "an identity policy",
    DescribePolicy = "the output of `aws organizations describe-policy`",
    DescribeVpcEndpoints = "the output of `aws ec2 describe-vpc-endpoints`",
    Unknown = "something that is not placed",
}

/// A scenario after a paste.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Its text.
    pub text: String,
    /// Where in it stands what was placed.
    pub spans: Vec<Span>,
    /// What was done, a sentence each.
    pub summary: Vec<String>,
    /// What had to be assumed or is still missing, and what would tell, a sentence each.
    pub notes: Vec<String>,
}

/// Puts outputs where they belong in the text of a scenario. An empty text becomes a scenario.
///
/// # Errors
///
/// If the scenario's text is not a JSON object: it is left as it is.
pub fn place(outputs: &[Output], scenario_text: &str) -> Result<Placed, EditError> {
    let mut draft = Draft::open(scenario_text)?;
    let mut ordered: Vec<&Output> = outputs.iter().collect();
    ordered.sort_by_key(|output| output.kind);
    for output in ordered {
        match output.kind {
            OutputKind::Scenario => draft.restart(&output.text),
            OutputKind::DescribeKey => kms::describe_key(&mut draft, output),
            OutputKind::ListAliases => kms::list_aliases(&mut draft, output),
            OutputKind::GetRole | OutputKind::GetUser => iam::identity(&mut draft, output),
            OutputKind::ListRoots => organizations::list_roots(&mut draft, output),
            OutputKind::DescribeOrganization => organizations::describe_organization(&mut draft, output),
            OutputKind::AccessDenied => access_denied::place(&mut draft, output),
            OutputKind::GetCallerIdentity => sts::get_caller_identity(&mut draft, output),
            OutputKind::GetKeyPolicy | OutputKind::KeyPolicy => kms::key_policy(&mut draft, output),
            OutputKind::ListResourceTags => kms::list_resource_tags(&mut draft, output),
            OutputKind::ListGrants => kms::list_grants(&mut draft, output),
            OutputKind::GetRolePolicy | OutputKind::GetUserPolicy | OutputKind::GetGroupPolicy => {
                iam::inline_policy(&mut draft, output);
            }
            OutputKind::GetPolicyVersion | OutputKind::IdentityPolicy => iam::unnamed_policy(&mut draft, output),
            OutputKind::DescribePolicy => organizations::describe_policy(&mut draft, output),
            OutputKind::DescribeVpcEndpoints => ec2::describe_vpc_endpoints(&mut draft, output),
            OutputKind::Unknown => draft.note(output.value.as_str().unwrap_or_default()),
        }
    }
    draft.ask_about_keys();
    draft.ask_about_principals();
    draft.ask_about_boundaries();
    draft.ask_about_organization();
    Ok(draft.finish())
}

#[cfg(test)]
mod tests;
