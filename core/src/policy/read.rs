mod conditions;
mod statement;

use alloc::{collections::BTreeSet, format, string::String, vec::Vec};

use super::{Document, PolicyKind, Version};
use crate::{
    json::{self, Kind, Member, Path, Source, Span, Value},
    problem::{Code, Problems, Reading},
};

/// Reads a policy that is a text of its own.
#[must_use]
pub fn read_text(text: &str, kind: PolicyKind) -> Reading<Document> {
    let mut problems = Problems::new(text);
    let value = json::parse(&Source::plain(text), &mut problems);
    let document = value.map(|value| read(&value, kind, &Path::Root, &mut problems));
    problems.with(document)
}

/// Reads a policy that stands at `path` of a larger text. The document is what could be understood;
/// it is sound only if `problems` has no error.
pub fn read(value: &Value, kind: PolicyKind, path: &Path<'_>, problems: &mut Problems<'_>) -> Document {
    let mut document = Document { span: value.span, version: Version::V2008, statements: Vec::new() };
    let Some(members) = object(value, path, problems, "a policy is an object with `Version` and `Statement`") else {
        return document;
    };
    characters(value, path, problems);
    document.version = version(members, value.span, path, problems);
    let mut reader = Reader { kind, version: document.version, problems };
    let mut statement = None;
    for member in members {
        let here = path.member(&member.name);
        match &*member.name {
            "Version" => {}
            "Id" if !kind.is_of_iam() => {
                reader.string(&member.value, &here);
            }
            "Id" => reader.report(
                Code::InvalidPolicyElement,
                member.name_span,
                &here,
                "an identity policy has no `Id`; remove it",
            ),
            "Statement" => {
                if statement.replace(member).is_some() {
                    reader.report(
                        Code::DuplicateKey,
                        member.name_span,
                        &here,
                        "a second `Statement`; put all statements into one list",
                    );
                }
                document.statements.extend(reader.statements(&member.value, &here));
            }
            name => reader.unknown_element(name, member.name_span, &here, &["Version", "Id", "Statement"]),
        }
    }
    if document.statements.is_empty() && statement.is_none_or(|member| matches!(member.value.kind, Kind::Array(_))) {
        reader.report(
            Code::MissingStatement,
            value.span,
            path,
            "a policy needs a `Statement` with at least one statement in it",
        );
    }
    reader.unique_sids(&document, path);
    document
}

fn object<'v>(value: &'v Value, path: &Path<'_>, problems: &mut Problems<'_>, expected: &str) -> Option<&'v [Member]> {
    let members = value.as_object();
    if members.is_none() {
        let message = format!("{expected}, but this is {}", value.kind_in_words());
        problems.push(Code::DataTypeMismatch, value.span, path, message);
    }
    members
}

/// IAM, STS and KMS take tab, line feed, carriage return and U+0020 to U+00FF
/// (<https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html>).
fn characters(value: &Value, path: &Path<'_>, problems: &mut Problems<'_>) {
    let mut check = |text: &str, span: Span, path: &Path<'_>| {
        let taken = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{ff}');
        if let Some(character) = text.chars().find(|character| !taken(*character)) {
            let message = format!(
                "`{character}` (U+{:04X}) cannot stand in a policy; AWS takes characters up to U+00FF",
                u32::from(character)
            );
            problems.push(Code::InvalidCharacter, span, path, message);
        }
    };
    match &value.kind {
        Kind::String(text) => check(text, value.span, path),
        Kind::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                characters(element, &path.element(index), problems);
            }
        }
        Kind::Object(members) => {
            for member in members {
                check(&member.name, member.name_span, &path.member(&member.name));
            }
            for member in members {
                characters(&member.value, &path.member(&member.name), problems);
            }
        }
        _ => {}
    }
}

/// The version comes first: it decides how every other text is read.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html>
fn version(members: &[Member], whole: Span, path: &Path<'_>, problems: &mut Problems<'_>) -> Version {
    let mut versions = members.iter().filter(|member| &*member.name == "Version");
    let Some(member) = versions.next() else {
        problems.push(
            Code::MissingVersion,
            Span::new(whole.start, whole.start + 1),
            path,
            "no `Version`, so policy variables are plain text; add `\"Version\": \"2012-10-17\"`",
        );
        return Version::V2008;
    };
    let here = path.member("Version");
    if let Some(second) = versions.next() {
        problems.push(Code::DuplicateKey, second.name_span, &here, "a second `Version`; remove one");
    }
    match member.value.as_str() {
        Some("2012-10-17") => Version::V2012,
        Some("2008-10-17") => Version::V2008,
        _ => {
            problems.push(Code::InvalidVersion, member.value.span, &here, "the language has two versions; write `\"2012-10-17\"` (or `\"2008-10-17\"`, which has no policy variables)");
            Version::V2012
        }
    }
}

struct Reader<'p, 't> {
    kind: PolicyKind,
    version: Version,
    problems: &'p mut Problems<'t>,
}

impl Reader<'_, '_> {
    fn report(&mut self, code: Code, span: Span, path: &Path<'_>, message: impl Into<String>) {
        self.problems.push(code, span, path, message);
    }

    fn string<'v>(&mut self, value: &'v Value, path: &Path<'_>) -> Option<&'v str> {
        let text = value.as_str();
        if text.is_none() {
            let message = format!("a string was expected, but this is {}", value.kind_in_words());
            self.report(Code::DataTypeMismatch, value.span, path, message);
        }
        text
    }

    fn unknown_element(&mut self, name: &str, span: Span, path: &Path<'_>, known: &[&str]) {
        let meant = known.iter().find(|known| known.eq_ignore_ascii_case(name.trim_end_matches('s')));
        let message = match meant {
            // What the `aws` command prints around a document.
            _ if ["Policy", "PolicyName", "PolicyDocument", "PolicyVersion"].contains(&name) => {
                format!(
                    "`{name}` is what the `aws` command prints around a policy; put here only the document with `Version` and `Statement`"
                )
            }
            Some(meant) => format!("`{name}` is no policy element; write `{meant}`"),
            None => format!("`{name}` is no policy element; what can stand here: {}", known.join(", ")),
        };
        self.report(Code::InvalidPolicyElement, span, path, message);
    }

    fn unique_sids(&mut self, document: &Document, path: &Path<'_>) {
        if !self.kind.is_of_iam() {
            return;
        }
        let mut seen = BTreeSet::new();
        for (index, statement) in document.statements.iter().enumerate() {
            let Some(sid) = statement.sid.as_deref().filter(|sid| !sid.is_empty()) else { continue };
            if !seen.insert(sid) {
                let message = format!("`{sid}` is the `Sid` of an earlier statement; each is unique in a policy");
                self.report(
                    Code::UniqueSidsRequired,
                    statement.span,
                    &path.member("Statement").element(index).member("Sid"),
                    message,
                );
            }
        }
    }
}
