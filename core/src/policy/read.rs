use alloc::{boxed::Box, format, string::String, vec::Vec};

use super::{
    Document, Effect, Element, PolicyKind, Statement, Version,
    action::ActionPattern,
    condition::{Comparison, Condition, ConditionOperator, ConditionValue, SetOperator, operand},
    principal::{Principal, PrincipalEntry, PrincipalType},
    resource::ResourcePattern,
};
use crate::{
    catalog::find_condition_key,
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
            "Id" if kind == PolicyKind::Key => {
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

/// What a statement's member names are good for, in the order of AWS's grammar.
const ELEMENTS: &[&str] =
    &["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"];

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
        let message = match known.iter().find(|known| known.eq_ignore_ascii_case(name.trim_end_matches('s'))) {
            Some(meant) => format!("`{name}` is no policy element; write `{meant}`"),
            None => format!("`{name}` is no policy element; what can stand here: {}", known.join(", ")),
        };
        self.report(Code::InvalidPolicyElement, span, path, message);
    }

    fn statements(&mut self, value: &Value, path: &Path<'_>) -> Vec<Statement> {
        match &value.kind {
            Kind::Array(elements) => {
                let read = |(index, element)| self.statement(element, &path.element(index));
                elements.iter().enumerate().filter_map(read).collect()
            }
            _ => self.statement(value, path).into_iter().collect(),
        }
    }

    fn statement(&mut self, value: &Value, path: &Path<'_>) -> Option<Statement> {
        let members = object(value, path, self.problems, "a statement is an object")?;
        let mut effect = None;
        let mut statement = Statement {
            span: value.span,
            sid: None,
            effect: Effect::Deny,
            principal: Element::Absent,
            action: Element::Absent,
            resource: Element::Absent,
            conditions: Vec::new(),
        };
        for (index, member) in members.iter().enumerate() {
            let here = path.member(&member.name);
            let before = members.get(..index).unwrap_or_default();
            if before.iter().any(|earlier| earlier.name == member.name) {
                self.repeated(member, &here);
            }
            match &*member.name {
                "Sid" => statement.sid = self.sid(&member.value, &here).or(statement.sid),
                "Effect" => effect = self.effect(&member.value, &here).or(effect),
                "Principal" | "NotPrincipal" => {
                    let entries = self.principals(&member.value, &here);
                    self.element(&mut statement.principal, member, entries, &here);
                }
                "Action" | "NotAction" => {
                    let entries = self.strings(&member.value, &here, |reader, text, span, path| {
                        ActionPattern::read(text, span, path, reader.problems)
                    });
                    self.element(&mut statement.action, member, entries, &here);
                }
                "Resource" | "NotResource" => {
                    let entries = self.strings(&member.value, &here, |reader, text, span, path| {
                        ResourcePattern::read(text, reader.version, span, path, reader.problems)
                    });
                    self.element(&mut statement.resource, member, entries, &here);
                }
                "Condition" => statement.conditions = self.conditions(&member.value, &here),
                name => self.unknown_element(name, member.name_span, &here, ELEMENTS),
            }
        }
        match effect {
            Some(effect) => statement.effect = effect,
            None if members.iter().any(|member| &*member.name == "Effect") => {}
            None => self.report(
                Code::MissingEffect,
                value.span,
                path,
                "a statement needs `\"Effect\": \"Allow\"` or `\"Effect\": \"Deny\"`",
            ),
        }
        self.required(&statement, path);
        Some(statement)
    }

    /// A name twice in one object. AWS refuses that today; documents stored before keep the meaning that
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_policies.html> gives for `Effect`
    /// (the last one), `Action` and `Resource` (all of them together).
    fn repeated(&mut self, member: &Member, path: &Path<'_>) {
        let name = &member.name;
        let (code, message) = match &**name {
            "Effect" => (
                Code::RepeatedElement,
                format!("`{name}` again: AWS refuses this today; in an older policy the last one counts"),
            ),
            "Action" | "Resource" => (
                Code::RepeatedElement,
                format!("`{name}` again: AWS refuses this today; in an older policy all of them count together"),
            ),
            _ => (Code::DuplicateKey, format!("`{name}` again; a statement has it once")),
        };
        self.report(code, member.name_span, path, message);
    }

    /// What this policy type needs and does not have, by
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>.
    fn required(&mut self, statement: &Statement, path: &Path<'_>) {
        let span = statement.span;
        match (self.kind, &statement.principal) {
            (PolicyKind::Key, Element::Absent) => {
                self.report(Code::MissingPrincipal, span, path, "a key policy's statement needs a `Principal`, such as `{\"AWS\": \"arn:aws:iam::111122223333:role/App\"}`");
            }
            (PolicyKind::Key, Element::IsNot(place, _)) if statement.effect == Effect::Allow => {
                self.report(Code::AllowWithNotPrincipal, *place, &path.member("NotPrincipal"), "`NotPrincipal` works only with `\"Effect\": \"Deny\"`; list those who are allowed under `Principal`");
            }
            (PolicyKind::Identity, element @ (Element::Is(place, _) | Element::IsNot(place, _))) => {
                let name = if matches!(element, Element::Is(..)) { "Principal" } else { "NotPrincipal" };
                self.report(
                    Code::UnsupportedPrincipal,
                    *place,
                    &path.member(name),
                    "an identity policy speaks of whoever it is attached to; remove `Principal`",
                );
            }
            _ => {}
        }
        let absent = [
            ("Action", Code::MissingAction, matches!(statement.action, Element::Absent)),
            ("Resource", Code::MissingResource, matches!(statement.resource, Element::Absent)),
        ];
        for (name, code, _) in absent.into_iter().filter(|(.., absent)| *absent) {
            if self.kind == PolicyKind::Key {
                let message = format!("KMS stores a statement without `{name}`, but it matches nothing; add `{name}`");
                self.report(Code::StatementWithoutEffect, span, path, message);
            } else {
                self.report(code, span, path, format!("a statement needs `{name}` or `Not{name}`"));
            }
        }
    }

    fn element<T>(&mut self, element: &mut Element<T>, member: &Member, entries: Vec<T>, path: &Path<'_>) {
        let span = member.span();
        let negated = member.name.starts_with("Not");
        *element = match (core::mem::replace(element, Element::Absent), negated) {
            (Element::Absent, false) => Element::Is(span, entries),
            (Element::Absent, true) => Element::IsNot(span, entries),
            (Element::Is(place, mut all), false) => {
                all.extend(entries);
                Element::Is(place, all)
            }
            (Element::IsNot(place, mut all), true) => {
                all.extend(entries);
                Element::IsNot(place, all)
            }
            (first, _) => {
                let plain = member.name.trim_start_matches("Not");
                let message = format!("`{plain}` and `Not{plain}` exclude each other; keep one of them");
                self.report(Code::UnsupportedElementCombination, member.name_span, path, message);
                first
            }
        };
    }

    /// A string or a list of strings.
    fn strings<T>(
        &mut self,
        value: &Value,
        path: &Path<'_>,
        mut read: impl FnMut(&mut Self, &str, Span, &Path<'_>) -> T,
    ) -> Vec<T> {
        match &value.kind {
            Kind::Array(elements) => {
                if elements.is_empty() {
                    self.report(
                        Code::EmptyArray,
                        value.span,
                        path,
                        "an empty list matches nothing, so the statement has no effect",
                    );
                }
                let mut entries = Vec::with_capacity(elements.len());
                for (index, element) in elements.iter().enumerate() {
                    let here = path.element(index);
                    if let Some(text) = self.string(element, &here) {
                        entries.push(read(self, text, element.span, &here));
                    }
                }
                entries
            }
            _ => match self.string(value, path) {
                Some(text) => Vec::from([read(self, text, value.span, path)]),
                None => Vec::new(),
            },
        }
    }

    fn effect(&mut self, value: &Value, path: &Path<'_>) -> Option<Effect> {
        match self.string(value, path)? {
            "Allow" => Some(Effect::Allow),
            "Deny" => Some(Effect::Deny),
            other => {
                let message = format!("`{other}` is no effect; write `Allow` or `Deny`, in this letter case");
                self.report(Code::InvalidEffect, value.span, path, message);
                None
            }
        }
    }

    /// IAM takes letters and digits; KMS takes spaces too, and does not document the rest
    /// (<https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html>).
    fn sid(&mut self, value: &Value, path: &Path<'_>) -> Option<Box<str>> {
        let text = self.string(value, path)?;
        if self.kind == PolicyKind::Identity && !text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            let message = format!("`{text}`: a `Sid` of an IAM policy has letters A to Z, a to z and digits only");
            self.report(Code::UnsupportedSid, value.span, path, message);
        }
        Some(text.into())
    }

    fn unique_sids(&mut self, document: &Document, path: &Path<'_>) {
        if self.kind != PolicyKind::Identity {
            return;
        }
        for (index, statement) in document.statements.iter().enumerate() {
            let before = document.statements.get(..index).unwrap_or_default();
            let Some(sid) = statement.sid.as_deref().filter(|sid| !sid.is_empty()) else { continue };
            if before.iter().any(|earlier| earlier.sid.as_deref() == Some(sid)) {
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

    fn principals(&mut self, value: &Value, path: &Path<'_>) -> Vec<PrincipalEntry> {
        if value.as_str() == Some("*") {
            return Vec::from([PrincipalEntry { span: value.span, text: "*".into(), principal: Principal::Everyone }]);
        }
        let Some(members) = value.as_object() else {
            self.report(
                Code::InvalidPrincipalFormat,
                value.span,
                path,
                "write `\"*\"`, or a map such as `{\"AWS\": \"arn:aws:iam::111122223333:role/App\"}`",
            );
            return Vec::new();
        };
        if members.is_empty() {
            self.report(
                Code::EmptyObject,
                value.span,
                path,
                "an empty `Principal` names nobody, so the statement has no effect",
            );
        }
        let mut entries = Vec::new();
        for (index, member) in members.iter().enumerate() {
            let here = path.member(&member.name);
            if members.iter().take(index).any(|earlier| earlier.name == member.name) {
                self.report(
                    Code::DuplicateKey,
                    member.name_span,
                    &here,
                    format!("`{}` again; put all of them into one list", member.name),
                );
            }
            match PrincipalType::read(&member.name) {
                Some(kind) => entries.extend(self.strings(&member.value, &here, |reader, text, span, path| {
                    PrincipalEntry::read(kind, text, span, path, reader.problems)
                })),
                None => {
                    let message = format!("`{}` is no kind of principal; write `AWS` or `Service`", member.name);
                    self.report(Code::InvalidPrincipalKey, member.name_span, &here, message);
                }
            }
        }
        entries
    }

    fn conditions(&mut self, value: &Value, path: &Path<'_>) -> Vec<Condition> {
        let mut conditions: Vec<Condition> = Vec::new();
        let Some(operators) = object(value, path, self.problems, "`Condition` is an object of operators") else {
            return conditions;
        };
        if operators.is_empty() {
            self.report(Code::EmptyObject, value.span, path, "an empty `Condition` says nothing; remove it");
        }
        for (index, member) in operators.iter().enumerate() {
            let here = path.member(&member.name);
            if operators.iter().take(index).any(|earlier| earlier.name == member.name) {
                self.report(
                    Code::DuplicateKey,
                    member.name_span,
                    &here,
                    format!("`{}` again; put all its keys into one object", member.name),
                );
            }
            let operator = self.operator(member, &here);
            let Some(keys) =
                object(&member.value, &here, self.problems, "an operator holds an object of condition keys")
            else {
                continue;
            };
            for (index, key) in keys.iter().enumerate() {
                let path = here.member(&key.name);
                self.distinct_key(keys.get(..index).unwrap_or_default(), key, &path);
                if let Some(operator) = operator {
                    let condition = self.condition(operator, &member.name, key, &path);
                    conditions.push(condition);
                }
            }
        }
        conditions
    }

    fn operator(&mut self, member: &Member, path: &Path<'_>) -> Option<ConditionOperator> {
        let operator = ConditionOperator::parse(&member.name);
        match operator {
            None => {
                let message = match ConditionOperator::meant(&member.name) {
                    Some(meant) => format!("`{}` is no condition operator; write `{meant}`", member.name),
                    None => format!(
                        "`{}` is no condition operator; one is written like `StringEquals` or `ForAnyValue:StringLike`",
                        member.name
                    ),
                };
                self.report(Code::InvalidConditionOperator, member.name_span, path, message);
            }
            Some(ConditionOperator { comparison: Comparison::Null, if_exists: true, .. }) => {
                self.report(
                    Code::NullWithIfExists,
                    member.name_span,
                    path,
                    "`Null` tests whether a key exists, so it takes no `IfExists`; write `Null`",
                );
            }
            Some(ConditionOperator { comparison: Comparison::Null, set: Some(set), .. }) => {
                let constant = if set == SetOperator::ForAllValues { "always" } else { "never" };
                self.report(
                    Code::NullWithQualifier,
                    member.name_span,
                    path,
                    format!("`{}` {constant} holds; write `Null`", member.name),
                );
            }
            Some(_) => {}
        }
        operator
    }

    fn distinct_key(&mut self, before: &[Member], key: &Member, path: &Path<'_>) {
        let Some(earlier) = before.iter().find(|earlier| earlier.name.eq_ignore_ascii_case(&key.name)) else { return };
        let (code, message) = if earlier.name == key.name {
            (Code::DuplicateKey, format!("`{}` again under one operator; put all values into one list", key.name))
        } else {
            (
                Code::DuplicateKeysWithDifferentCase,
                format!("`{}` and `{}` are one condition key; put all values into one list", earlier.name, key.name),
            )
        };
        self.report(code, key.name_span, path, message);
    }

    fn condition(&mut self, operator: ConditionOperator, name: &str, member: &Member, path: &Path<'_>) -> Condition {
        self.condition_key(operator, member, path);
        let list = match &member.value.kind {
            Kind::Array(elements) => {
                if elements.is_empty() {
                    self.report(
                        Code::EmptyArray,
                        member.value.span,
                        path,
                        "an empty list of values; no value can match it",
                    );
                }
                elements.iter().enumerate().map(|(index, element)| (element, path.element(index))).collect()
            }
            _ => Vec::from([(&member.value, *path)]),
        };
        if operator.comparison == Comparison::Bool && list.len() > 1 {
            self.report(
                Code::InvalidConditionMultipleBoolean,
                member.value.span,
                path,
                "a Boolean condition takes one value, `true` or `false`",
            );
        }
        let mut values = Vec::with_capacity(list.len());
        for (value, here) in &list {
            let text = match &value.kind {
                Kind::String(text) => text,
                Kind::Number(spelled) => spelled,
                Kind::Bool(true) => "true",
                Kind::Bool(false) => "false",
                Kind::Null | Kind::Array(_) | Kind::Object(_) => {
                    let message = format!(
                        "a condition value is a string, number or Boolean, but this is {}",
                        value.kind_in_words()
                    );
                    self.report(Code::DataTypeMismatch, value.span, here, message);
                    continue;
                }
            };
            self.condition_value(operator, text, value.span, here);
            let operand = operand(operator, text, self.version, value.span, here, self.problems);
            values.push(ConditionValue { span: value.span, text: text.into(), operand });
        }
        Condition { span: member.span(), operator, operator_name: name.into(), key: member.name.clone(), values }
    }

    /// Text that does not do what it looks like.
    fn condition_value(&mut self, operator: ConditionOperator, text: &str, span: Span, path: &Path<'_>) {
        let takes_variables = matches!(
            operator.comparison,
            Comparison::String | Comparison::StringIgnoreCase | Comparison::StringLike | Comparison::Arn
        );
        if text.contains("${") && !takes_variables {
            self.report(
                Code::InvalidVariableForOperator,
                span,
                path,
                format!("`{text}`: policy variables work under string and ARN operators only"),
            );
        } else if text.contains("${") && self.version == Version::V2008 {
            let message =
                format!("`{text}`: the variable is plain text unless the policy has `\"Version\": \"2012-10-17\"`");
            self.report(Code::VariableUnsupportedInVersion, span, path, message);
        }
        let exact = matches!(operator.comparison, Comparison::String | Comparison::StringIgnoreCase);
        if exact && text.replace("${*}", "").replace("${?}", "").contains(['*', '?']) {
            let message =
                format!("`{text}`: this operator compares `*` and `?` literally; for wildcards write `StringLike`");
            self.report(Code::WildcardWithoutLikeOperator, span, path, message);
        }
    }

    /// Whether operator and key go together, by
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>.
    fn condition_key(&mut self, operator: ConditionOperator, member: &Member, path: &Path<'_>) {
        let name = &member.name;
        let span = member.name_span;
        let well_formed = name.split_once(':').is_some_and(|(service, key)| !service.is_empty() && !key.is_empty());
        if !well_formed {
            self.report(
                Code::InvalidConditionKeyFormat,
                span,
                path,
                format!("`{name}` is no condition key; write the service and the key, such as `aws:SourceIp`"),
            );
            return;
        }
        let Some(info) = find_condition_key(name) else {
            let service = name.split(':').next().unwrap_or_default();
            if service.eq_ignore_ascii_case("aws") || service.eq_ignore_ascii_case("kms") {
                self.report(
                    Code::InvalidConditionKey,
                    span,
                    path,
                    format!("AWS documents no condition key `{name}`; a request never has it"),
                );
            }
            return;
        };
        match operator.set {
            None if info.multivalued && operator.comparison != Comparison::Null => {
                self.report(
                    Code::MissingQualifier,
                    span,
                    path,
                    format!("`{name}` has several values; write `ForAnyValue:` or `ForAllValues:` before the operator"),
                );
            }
            Some(SetOperator::ForAllValues) if !info.multivalued && operator.comparison != Comparison::Null => {
                let refused = ["kms:EncryptionContext:", "aws:RequestTag/"].contains(&info.name);
                if refused && self.kind == PolicyKind::Key {
                    // <https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html>
                    self.report(Code::ForAllValuesOverlyPermissive, span, path, format!("KMS refuses `ForAllValues` on `{name}`, which also holds when the request does not have the key; leave the set operator out"));
                } else {
                    self.report(Code::ForAllValuesWithSingleValuedKey, span, path, format!("`ForAllValues` also holds when the request does not have `{name}`, which has one value; leave the set operator out"));
                }
            }
            _ => {}
        }
    }
}
