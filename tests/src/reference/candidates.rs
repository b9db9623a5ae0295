//! What an unknown key could be, as far as it can matter: what policies compare it with and what lies next
//! to that, something that nothing mentions, and absence.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::arn::{Arn, is_account_id};
use super::authorization::Resource;
use super::compare;
use super::condition::{Family, Test};
use super::context::{Completion, Context, Entry, View};
use super::decide::Case;
use super::document::{Document, PrincipalElement, PrincipalEntry, Statement};
use super::instant::Instant;
use super::keys::{self, Holds};
use super::number::Decimal;
use super::pattern::Token;
use super::variable::Template;
use super::world::World;

/// An unknown key that some policy looks at.
#[derive(Debug)]
pub(super) struct Open {
    /// In lower case.
    pub name: String,
    /// What it is taken to be, one after the other.
    pub candidates: Vec<Option<Vec<String>>>,
}

/// The unknown keys that could matter to one of the cases.
pub(super) fn open(world: &World, cases: &[(Case, &Context)], policies: &[&Document]) -> Vec<Open> {
    let covers = |statement: &&Statement| cases.iter().any(|(case, _)| statement.covers_action(case.action));
    let statements: Vec<&Statement> = policies.iter().flat_map(|policy| &policy.statements).filter(covers).collect();
    let search = Search { world, cases, statements };
    let names: Vec<String> = search.mentioned().into_iter().filter(|key| search.is_open(key)).collect();
    if names.is_empty() {
        return Vec::new();
    }
    // What holds variables is read as if each unknown key had the value that nothing mentions.
    let fresh = |name: &String| (name.clone(), Some(vec![unmentioned(name)]));
    let seed = Completion { keys: names.iter().map(fresh).collect(), grants: Vec::new() };
    let direct: Vec<(String, Vec<String>)> =
        names.into_iter().map(|name| (name.clone(), search.compared_with(&name, &seed))).collect();
    let with_solutions = direct.iter().map(|(name, values)| {
        let mut values = values.clone();
        values.extend(search.as_variable(name, &seed, &direct));
        search.candidates(name, values)
    });
    with_solutions.collect()
}

struct Search<'search> {
    world: &'search World,
    cases: &'search [(Case<'search>, &'search Context)],
    statements: Vec<&'search Statement>,
}

impl Search<'_> {
    /// Keys that a statement, a principal or a grant looks at.
    fn mentioned(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for statement in &self.statements {
            names.extend(statement.condition.iter().map(|test| test.key.clone()));
            names.extend(templates(statement).flat_map(Template::variables).map(|variable| variable.key.clone()));
        }
        if self.unique_ids().next().is_some() {
            names.push("aws:userid".to_owned());
        }
        if self.source_arns().next().is_some() {
            names.push("aws:sourcearn".to_owned());
        }
        names.sort();
        names.dedup();
        names
    }

    fn is_open(&self, key: &str) -> bool {
        self.cases.iter().any(|(_, context)| matches!(context.entry(key), Entry::Unknown | Entry::OneOf(_)))
    }

    /// Unique ids that principals are named by.
    fn unique_ids(&self) -> impl Iterator<Item = &str> {
        let entries = self.statements.iter().flat_map(|statement| match &statement.principal {
            PrincipalElement::Principal(entries) | PrincipalElement::NotPrincipal(entries) => entries.as_slice(),
            PrincipalElement::None => &[],
        });
        entries.filter_map(|entry| match entry {
            PrincipalEntry::Aws(text) if !is_account_id(text) && Arn::read(text).is_none() => Some(text.as_str()),
            _ => None,
        })
    }

    /// Source ARNs that grants on the keys of the cases ask for.
    fn source_arns(&self) -> impl Iterator<Item = &str> {
        let keys = self.cases.iter().filter_map(|(case, _)| match case.authorization.resource {
            Resource::Key(key) => Some(key),
            _ => None,
        });
        keys.flat_map(|key| &key.grants).filter_map(|grant| grant.constraints.source_arn.as_deref())
    }

    fn tests(&self) -> impl Iterator<Item = &Test> {
        self.statements.iter().flat_map(|statement| &statement.condition)
    }

    fn views<'view>(&'view self, seed: &'view Completion) -> impl Iterator<Item = View<'view>> {
        self.cases.iter().map(move |(_, context)| View::new(context, seed, &self.world.assumptions))
    }

    /// Values next to those that the key is compared with.
    fn compared_with(&self, key: &str, seed: &Completion) -> Vec<String> {
        let mut values = Vec::new();
        let mut patterns: Vec<Vec<Token>> = Vec::new();
        for test in self.tests().filter(|test| test.key == key) {
            for template in &test.values {
                for view in self.views(seed) {
                    let Some(text) = template.text(&view) else { continue };
                    values.extend(near(test.operator.family, &text));
                    if test.operator.takes_wildcards() {
                        patterns.extend(template.tokens(&view).map(std::borrow::Cow::into_owned));
                    }
                }
            }
        }
        if key == "aws:userid" {
            for id in self.unique_ids() {
                let session = self.cases.first().and_then(|(case, _)| case.caller.session_name());
                values.push(session.map_or_else(|| id.to_owned(), |session| format!("{id}:{session}")));
            }
        }
        if key == "aws:sourcearn" {
            values.extend(self.source_arns().map(|arn| arn.replace('*', "").replace('?', "x")));
        }
        patterns.dedup();
        for pattern in &patterns {
            values.push(filled(pattern, ""));
            // Something that fits two patterns at once, where there is such a thing.
            for other in &patterns {
                values.push(filled_by_component(pattern, other));
                values.push(filled(pattern, &filled(other, "")));
            }
        }
        values
    }

    /// Values that a variable would need for a comparison to come out even.
    fn as_variable(&self, key: &str, seed: &Completion, known: &[(String, Vec<String>)]) -> Vec<String> {
        let mut values = Vec::new();
        for test in self.tests() {
            for template in &test.values {
                for view in self.views(seed) {
                    let of_search =
                        known.iter().find(|(name, _)| *name == test.key).map(|(_, values)| values.as_slice());
                    for wanted in of_search.or_else(|| view.values(&test.key)).unwrap_or_default() {
                        values.extend(template.solve(key, wanted, &view));
                    }
                }
            }
        }
        let resources = self.statements.iter().filter_map(|statement| statement.resource.as_ref());
        for template in resources.flat_map(|resource| &resource.entries) {
            for (view, (case, _)) in self.views(seed).zip(self.cases) {
                values.extend(template.solve(key, case.authorization.resource.text(), &view));
            }
        }
        values
    }

    /// The candidates for a key with these values next to others that matter.
    fn candidates(&self, key: &str, values: Vec<String>) -> Open {
        let entries = self.cases.iter().map(|(_, context)| context.entry(key));
        let mut alternatives: Vec<String> = Vec::new();
        for entry in entries {
            if let Entry::OneOf(values) = entry {
                alternatives.extend(values.iter().cloned());
            }
        }
        if !alternatives.is_empty() {
            let candidates = unique(alternatives).into_iter().map(|value| Some(vec![value])).collect();
            return Open { name: key.to_owned(), candidates };
        }
        let kind = keys::holds(key);
        let mut values: Vec<String> = values.into_iter().filter_map(|value| as_a(kind, key, value)).collect();
        values.push(unmentioned(key));
        if kind == Holds::Bool {
            values.extend(["true".to_owned(), "false".to_owned()]);
        }
        let values = unique(values);
        let mut candidates: Vec<Option<Vec<String>>> = values.iter().map(|value| Some(vec![value.clone()])).collect();
        if keys::is_multivalued(key) {
            for (position, one) in values.iter().enumerate() {
                let others = values.iter().skip(position + 1);
                candidates.extend(others.map(|other| Some(vec![one.clone(), other.clone()])));
            }
            if values.len() > 2 {
                candidates.push(Some(values));
            }
        }
        if key == "aws:principalservicenameslist" {
            // Whatever else the list of a service's names holds, it holds the name that it calls under.
            let own = self.cases.first().map(|(case, _)| case.caller.name.to_owned());
            for names in candidates.iter_mut().flatten() {
                names.extend(own.clone().filter(|own| !names.contains(own)));
            }
        } else if !keys::is_always_there(key) {
            candidates.push(None);
        }
        Open { name: key.to_owned(), candidates }
    }
}

fn templates(statement: &Statement) -> impl Iterator<Item = &Template> {
    let resources = statement.resource.iter().flat_map(|resource| &resource.entries);
    resources.chain(statement.condition.iter().flat_map(|test| &test.values))
}

fn unique(mut values: Vec<String>) -> Vec<String> {
    values.sort();
    values.dedup();
    values
}

/// The value as a key of that kind holds it, if one could.
fn as_a(kind: Holds, key: &str, value: String) -> Option<String> {
    let fits = match kind {
        Holds::Text => true,
        Holds::Arn => Arn::read(&value).is_some(),
        Holds::Bool => matches!(value.as_str(), "true" | "false"),
        Holds::Number => Decimal::read(&value).is_some(),
        Holds::Address => value.parse::<IpAddr>().is_ok(),
        Holds::Time => {
            let unix = ["aws:epochtime", "kms:validto"].contains(&key);
            let write = if unix { Instant::to_unix } else { Instant::to_iso };
            return Instant::read(&value).map(write);
        }
    };
    fits.then_some(value)
}

/// A value that nothing mentions, or that is as good as any.
fn unmentioned(key: &str) -> String {
    let value = match keys::holds(key) {
        Holds::Time if key != "aws:currenttime" && key != "aws:tokenissuetime" => "1767225600",
        Holds::Text => "nothing-mentions-this",
        Holds::Arn => "arn:aws:elsewhere:mars-north-1:000000000000:nothing/mentions-this",
        Holds::Bool => "true",
        Holds::Number => "1",
        Holds::Time => "2026-01-01T00:00:00Z",
        Holds::Address => "192.0.2.211",
    };
    value.to_owned()
}

/// Values that a comparison with `text` tells apart.
fn near(family: Family, text: &str) -> Vec<String> {
    match family {
        Family::StringEquals | Family::Binary => vec![text.to_owned()],
        Family::StringEqualsIgnoreCase => {
            vec![text.to_owned(), text.to_lowercase(), text.to_uppercase()]
        }
        Family::Bool => vec!["true".to_owned(), "false".to_owned()],
        Family::Numeric(_) => {
            let Ok(number) = text.parse::<f64>() else { return Vec::new() };
            vec![text.to_owned(), (number - 1.0).to_string(), (number + 1.0).to_string()]
        }
        Family::Date(_) => {
            let Some(time) = Instant::read(text) else { return Vec::new() };
            [0, -1, 1].into_iter().map(|seconds| time.plus_seconds(seconds).to_iso()).collect()
        }
        Family::IpAddress => around(text),
        Family::StringLike | Family::Arn | Family::Null | Family::Unknown => Vec::new(),
    }
}

/// The first address of a range, and those just before and after it.
fn around(range: &str) -> Vec<String> {
    let Some((address, length)) = compare::range(range) else { return Vec::new() };
    let (bits, width) = match address {
        IpAddr::V4(address) => (u128::from(address.to_bits()), 32),
        IpAddr::V6(address) => (address.to_bits(), 128),
    };
    let size = 1_u128.checked_shl(width - length);
    let first = size.map_or(0, |size| bits / size * size);
    let after = size.and_then(|size| first.checked_add(size));
    let write = |bits: u128| match address {
        IpAddr::V4(_) => u32::try_from(bits).ok().map(|bits| Ipv4Addr::from_bits(bits).to_string()),
        IpAddr::V6(_) => Some(Ipv6Addr::from_bits(bits).to_string()),
    };
    [Some(first), first.checked_sub(1), after].into_iter().flatten().filter_map(write).collect()
}

/// The pattern with its stars replaced by that text and its question marks by a letter.
fn filled(pattern: &[Token], stars: &str) -> String {
    let mut text = String::new();
    for token in pattern {
        match token {
            Token::Char(char) => text.push(*char),
            Token::Star => text.push_str(stars),
            Token::Question => text.push('x'),
        }
    }
    text
}

/// The pattern with the stars of each of its six components, as ARNs have them, replaced by what the other
/// pattern has there.
fn filled_by_component(pattern: &[Token], other: &[Token]) -> String {
    let split = |pattern: &[Token]| -> Vec<Vec<Token>> {
        pattern.splitn(6, |token| *token == Token::Char(':')).map(<[Token]>::to_vec).collect()
    };
    let others = split(other);
    let components = split(pattern).into_iter().enumerate().map(|(position, component)| {
        let there = others.get(position).map(|other| filled(other, "")).unwrap_or_default();
        filled(&component, &there)
    });
    components.collect::<Vec<_>>().join(":")
}
