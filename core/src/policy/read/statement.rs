use alloc::{boxed::Box, collections::BTreeSet, format, vec::Vec};

use super::{Reader, object};
use crate::{
    json::{Kind, Member, Path, Span, Value},
    policy::{
        Effect, Element, PolicyKind, Statement,
        action::ActionPattern,
        principal::{Principal, PrincipalEntry, PrincipalType},
        resource::ResourcePattern,
    },
    problem::Code,
};

/// What a statement's member names are good for, in the order of AWS's grammar.
const ELEMENTS: &[&str] =
    &["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"];

impl Reader<'_, '_> {
    pub(super) fn statements(&mut self, value: &Value, path: &Path<'_>) -> Vec<Statement> {
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
        let mut seen = BTreeSet::new();
        for member in members {
            let here = path.member(&member.name);
            if !seen.insert(&member.name) {
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
                        ResourcePattern::read(text, reader.kind, reader.version, span, path, reader.problems)
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
            (PolicyKind::ResourceControl, _) => self.resource_control(statement, path),
            (PolicyKind::Key | PolicyKind::VpcEndpoint, Element::Absent) => {
                let message = "a statement of this policy type needs a `Principal`, such as `{\"AWS\": \"arn:aws:iam::111122223333:role/App\"}`";
                self.report(Code::MissingPrincipal, span, path, message);
            }
            (PolicyKind::Key | PolicyKind::VpcEndpoint, Element::IsNot(place, _))
                if statement.effect == Effect::Allow =>
            {
                self.report(Code::AllowWithNotPrincipal, *place, &path.member("NotPrincipal"), "`NotPrincipal` works only with `\"Effect\": \"Deny\"`; list those who are allowed under `Principal`");
            }
            (kind, element @ (Element::Is(place, _) | Element::IsNot(place, _))) if kind.is_attached() => {
                let name = if matches!(element, Element::Is(..)) { "Principal" } else { "NotPrincipal" };
                let (code, message) = match kind {
                    PolicyKind::ServiceControl => (
                        Code::ScpSyntaxErrorPrincipal,
                        "a service control policy speaks of everybody in its accounts; remove `Principal`, and use a condition on `aws:PrincipalArn`",
                    ),
                    _ => (
                        Code::UnsupportedPrincipal,
                        "an identity policy speaks of whoever it is attached to; remove `Principal`",
                    ),
                };
                self.report(code, *place, &path.member(name), message);
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

    /// What a customer's resource control policy may say:
    /// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html>.
    fn resource_control(&mut self, statement: &Statement, path: &Path<'_>) {
        let span = statement.span;
        if statement.effect == Effect::Allow {
            let message = "only AWS's own `RCPFullAWSAccess` allows; a resource control policy of yours can only deny";
            self.report(Code::RcpSyntaxErrorAllow, span, &path.member("Effect"), message);
        }
        let everyone = |entry: &PrincipalEntry| entry.principal == Principal::Everyone;
        match &statement.principal {
            Element::Absent => {
                let message = "a statement of a resource control policy needs `\"Principal\": \"*\"`";
                self.report(Code::MissingPrincipal, span, path, message);
            }
            Element::Is(_, entries) if !entries.is_empty() && entries.iter().all(everyone) => {}
            other => {
                let name = if matches!(other, Element::IsNot(..)) { "NotPrincipal" } else { "Principal" };
                let message = "a resource control policy speaks of everybody: write `\"Principal\": \"*\"`, and use a condition on `aws:PrincipalArn`";
                self.report(Code::RcpSyntaxErrorPrincipal, other.span().unwrap_or(span), &path.member(name), message);
            }
        }
        match &statement.action {
            Element::IsNot(place, _) => {
                let message = "a resource control policy has no `NotAction`; list the actions under `Action`";
                self.report(Code::RcpSyntaxErrorNotAction, *place, &path.member("NotAction"), message);
            }
            Element::Is(_, entries) => {
                for entry in entries.iter().filter(|entry| &*entry.text == "*") {
                    let message = "an action of a resource control policy names its service, such as `kms:*`";
                    self.report(Code::RcpSyntaxErrorAction, entry.span, &path.member("Action"), message);
                }
            }
            Element::Absent => {}
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
        if self.kind.is_of_iam() && !text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            let message = format!("`{text}`: a `Sid` of an IAM policy has letters A to Z, a to z and digits only");
            self.report(Code::UnsupportedSid, value.span, path, message);
        }
        Some(text.into())
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
        let mut seen = BTreeSet::new();
        for member in members {
            let here = path.member(&member.name);
            if !seen.insert(&member.name) {
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
}
