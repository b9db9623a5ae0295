//! Policy documents, taken apart.
//!
//! "Grammar of the IAM JSON policy language":
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>. Documents that AWS
//! would refuse are none of this module's business: what does not read as the grammar says matches nothing.

use serde_json::Value;

use super::condition::Test;
use super::json::{one_or_many, text_of};
use super::pattern::{self, Token};
use super::variable::Template;

/// A policy document.
#[derive(Clone, Debug, Default)]
pub(super) struct Document {
    pub statements: Vec<Statement>,
}

/// What a policy is, as far as its documents are read differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Identity-based policies and permissions boundaries: an ARN that breaks off early goes on with `*`.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>
    Identity,
    /// Every other policy.
    Other,
}

/// A statement.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    /// `Allow` rather than `Deny`.
    pub allows: bool,
    pub principal: PrincipalElement,
    /// Patterns in lower case: case does not matter in actions.
    pub action: Option<Element<Vec<Token>>>,
    pub resource: Option<Element<Template>>,
    pub condition: Vec<Test>,
}

/// `Action` or `NotAction`, `Resource` or `NotResource`.
#[derive(Clone, Debug)]
pub(super) struct Element<T> {
    /// Whether it is the `Not…` form.
    pub negated: bool,
    pub entries: Vec<T>,
}

/// Whom a statement speaks of.
#[derive(Clone, Debug)]
pub(super) enum PrincipalElement {
    /// There is none: the policy belongs to its principal, or the statement to nobody.
    None,
    Principal(Vec<PrincipalEntry>),
    NotPrincipal(Vec<PrincipalEntry>),
}

/// An entry of `Principal` or `NotPrincipal`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PrincipalEntry {
    /// `"*"` or `{"AWS": "*"}`: AWS's page calls them equivalent.
    Everyone,
    /// An account id, an ARN or a unique id.
    Aws(String),
    Service(String),
    /// `Federated` and `CanonicalUser`, which name nobody who calls KMS.
    Nobody,
}

impl Document {
    /// AWS's policies `FullAWSAccess` and `RCPFullAWSAccess`.
    pub fn full_access() -> Document {
        let everything = Some(Element { negated: false, entries: vec![Template::read("*", false)] });
        let principal = PrincipalElement::Principal(vec![PrincipalEntry::Everyone]);
        let every_action = Some(Element { negated: false, entries: vec![pattern::tokens("*")] });
        let statement =
            Statement { allows: true, principal, action: every_action, resource: everything, condition: Vec::new() };
        Document { statements: vec![statement] }
    }

    /// The document itself, or a text that holds it, perhaps URL-encoded.
    pub fn read(document: &Value, kind: Kind) -> Document {
        let Value::String(text) = document else { return Document::of_object(document, kind) };
        let decoded = if text.trim_start().starts_with('%') { percent_decoded(text) } else { text.clone() };
        serde_json::from_str(&decoded).map(|value| Document::of_object(&value, kind)).unwrap_or_default()
    }

    fn of_object(document: &Value, kind: Kind) -> Document {
        let has_variables = document.get("Version").and_then(Value::as_str) == Some("2012-10-17");
        let statements = match document.get("Statement") {
            Some(Value::Array(statements)) => statements.as_slice(),
            Some(statement) => std::slice::from_ref(statement),
            None => &[],
        };
        let statements = statements.iter().map(|statement| Statement::read(statement, has_variables, kind));
        Document { statements: statements.collect() }
    }
}

impl Statement {
    fn read(statement: &Value, has_variables: bool, kind: Kind) -> Statement {
        Statement {
            allows: statement.get("Effect").and_then(Value::as_str) == Some("Allow"),
            principal: PrincipalElement::read(statement),
            action: element(statement, "Action", "NotAction", action),
            resource: element(statement, "Resource", "NotResource", |text| {
                Template::read(&completed(text, kind), has_variables)
            }),
            condition: tests(statement, has_variables),
        }
    }
}

impl PrincipalElement {
    fn read(statement: &Value) -> PrincipalElement {
        match (statement.get("Principal"), statement.get("NotPrincipal")) {
            (Some(principal), _) => PrincipalElement::Principal(entries(principal)),
            (None, Some(principal)) => PrincipalElement::NotPrincipal(entries(principal)),
            (None, None) => PrincipalElement::None,
        }
    }
}

fn entries(principal: &Value) -> Vec<PrincipalEntry> {
    let Value::Object(map) = principal else {
        return if principal.as_str() == Some("*") { vec![PrincipalEntry::Everyone] } else { Vec::new() };
    };
    let mut all = Vec::new();
    for (key, values) in map {
        all.extend(one_or_many(values).filter_map(Value::as_str).map(|value| match (key.as_str(), value) {
            ("AWS", "*") => PrincipalEntry::Everyone,
            ("AWS", value) => PrincipalEntry::Aws(value.to_owned()),
            ("Service", value) => PrincipalEntry::Service(value.to_owned()),
            _ => PrincipalEntry::Nobody,
        }));
    }
    all
}

fn element<T>(statement: &Value, name: &str, negated_name: &str, read: impl Fn(&str) -> T) -> Option<Element<T>> {
    let (negated, values) = match (statement.get(name), statement.get(negated_name)) {
        (Some(values), _) => (false, values),
        (None, values) => (true, values?),
    };
    Some(Element { negated, entries: one_or_many(values).filter_map(Value::as_str).map(read).collect() })
}

/// A pattern of actions, `prefix:name`. Of those without a colon a lone star alone means anything.
fn action(text: &str) -> Vec<Token> {
    let means_something = text == "*" || text.contains(':');
    if means_something { pattern::tokens(&text.to_ascii_lowercase()) } else { Vec::new() }
}

/// `arn:aws:kms` in an identity-based policy is `arn:aws:kms:*:*:*`.
fn completed(text: &str, kind: Kind) -> String {
    let fields = text.split(':').count();
    if kind == Kind::Identity && text.starts_with("arn:") && fields < 6 {
        return format!("{text}{}", ":*".repeat(6 - fields));
    }
    text.to_owned()
}

fn tests(statement: &Value, has_variables: bool) -> Vec<Test> {
    let Some(Value::Object(condition)) = statement.get("Condition") else { return Vec::new() };
    let mut tests = Vec::new();
    for (operator, keys) in condition {
        for (key, values) in keys.as_object().into_iter().flatten() {
            let values: Vec<String> = one_or_many(values).filter_map(text_of).collect();
            tests.push(Test::read(operator, key, &values, has_variables));
        }
    }
    tests
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(decoded) if byte == b'%' => {
                bytes.push(decoded);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
