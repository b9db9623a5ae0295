//! A draft as the text of a scenario file.

use std::fmt;

use keytrace::json::print::quoted;

use super::{Condition, Draft, Element, Given, KEY_ARN, Statement};

impl fmt::Display for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (group, own) = self.identity_policies.split_last().map_or((&[][..], &[][..]), |(last, own)| {
            if self.identity_policies.len() > 1 { (&**last, own) } else { (&[][..], &self.identity_policies[..]) }
        });
        let own =
            list(own.iter().enumerate().map(|(index, statements)| named_policy(&format!("Own{index}"), statements)));
        let group = list([named_policy("OfTheGroup", group)]);
        let role_id = self.role_id.map(|id| format!(r#""RoleId": "{id}", "#)).unwrap_or_default();
        let user = self.caller.user.map(|user| format!(r#", "user": "{user}""#)).unwrap_or_default();
        let given = self.context.iter().filter_map(|(key, given)| {
            let value = match given {
                Given::Absent => "null".into(),
                Given::Unknown => return None,
                Given::Values(values) => texts(values),
            };
            Some(format!("{}: {value}", quoted(key)))
        });
        let unknown = self.context.iter().filter(|(_, given)| *given == Given::Unknown).map(|(key, _)| quoted(key));
        let assumptions = self.assumptions.iter().map(|(name, value)| format!(r#""{name}": {value}"#));
        writeln!(f, "{{\n  \"keytrace\": 1,\n  \"now\": \"2026-11-23T12:00:00Z\",\n  \"principals\": [")?;
        writeln!(
            f,
            r#"    {{ "Arn": "arn:aws:iam::111122223333:user/Dana", "Groups": ["Team"], "Policies": {own} }},"#
        )?;
        writeln!(f, r#"    {{ "Arn": "arn:aws:iam::111122223333:group/Team", "Policies": {group} }},"#)?;
        writeln!(f, r#"    {{ "Arn": "arn:aws:iam::111122223333:role/App", {role_id}"Policies": {own} }},"#)?;
        writeln!(
            f,
            r#"    {{ "Arn": "arn:aws:iam::444455556666:role/Partner", "RoleId": "AROAEXAMPLEPARTNER001", "Policies": {own} }}"#
        )?;
        writeln!(f, "  ],\n  \"keys\": [{{ \"KeyMetadata\": {{ \"Arn\": \"{KEY_ARN}\" }},")?;
        writeln!(f, "    \"Policy\": {} }}],", policy(&self.key_policy))?;
        writeln!(f, r#"  "requests": [{{ "principal": {{ "Arn": "{}"{user} }},"#, self.caller.arn)?;
        writeln!(f, r#"    "operation": "{}", "parameters": {{ "KeyId": "{KEY_ARN}" }},"#, self.operation)?;
        writeln!(f, "    \"context\": {}, \"unknown\": {} }}],", object(given), list(unknown))?;
        writeln!(f, "  \"assumptions\": {}\n}}", object(assumptions))
    }
}

fn named_policy(name: &str, statements: &[Statement]) -> String {
    // A policy needs a statement; one about another service says nothing about keys.
    let silent = Statement {
        denies: false,
        principal: None,
        action: Element::of(&["s3:ListBucket"]),
        resource: Element::of(&["*"]),
        conditions: Vec::new(),
    };
    let document = if statements.is_empty() { policy(&[silent]) } else { policy(statements) };
    format!(r#"{{ "PolicyName": "{name}", "PolicyDocument": {document} }}"#)
}

fn policy(statements: &[Statement]) -> String {
    let statements = list(statements.iter().map(statement));
    format!(r#"{{ "Version": "2012-10-17", "Statement": {statements} }}"#)
}

fn statement(statement: &Statement) -> String {
    let effect = if statement.denies { "Deny" } else { "Allow" };
    let mut members = vec![format!(r#""Effect": "{effect}""#)];
    members.extend(statement.principal.as_ref().map(|principal| {
        let not = if principal.negated { "Not" } else { "" };
        let of = |service| principal.values.iter().filter(move |name| name.ends_with(".amazonaws.com") == service);
        let kinds = [("AWS", texts(of(false))), ("Service", texts(of(true)))];
        let kinds =
            kinds.iter().filter(|(_, names)| names != "[]").map(|(kind, names)| format!(r#""{kind}": {names}"#));
        format!(r#""{not}Principal": {}"#, object(kinds))
    }));
    members.push(element("Action", &statement.action));
    members.push(element("Resource", &statement.resource));
    if !statement.conditions.is_empty() {
        members.push(format!(r#""Condition": {}"#, conditions(&statement.conditions)));
    }
    object(members)
}

fn element(name: &str, element: &Element) -> String {
    format!(r#""{}{name}": {}"#, if element.negated { "Not" } else { "" }, texts(&element.values))
}

/// Under each operator its keys.
fn conditions(conditions: &[Condition]) -> String {
    let first = |(index, condition): &(usize, &Condition)| {
        conditions.iter().position(|other| other.operator == condition.operator) == Some(*index)
    };
    let operators = conditions.iter().enumerate().filter(first).map(|(_, condition)| &condition.operator);
    object(operators.map(|operator| {
        let keys = conditions.iter().filter(|condition| condition.operator == *operator);
        format!(
            "{}: {}",
            quoted(operator),
            object(keys.map(|key| format!("{}: {}", quoted(&key.key), texts(&key.values))))
        )
    }))
}

fn texts<'t>(values: impl IntoIterator<Item = &'t String>) -> String {
    list(values.into_iter().map(|value| quoted(value)))
}

fn list(items: impl IntoIterator<Item = String>) -> String {
    format!("[{}]", items.into_iter().collect::<Vec<_>>().join(", "))
}

fn object(members: impl IntoIterator<Item = String>) -> String {
    format!("{{{}}}", members.into_iter().collect::<Vec<_>>().join(", "))
}
