//! What an unknown key could be, as far as it can matter: what policies compare it with and what lies next
//! to that, something that nothing mentions, and absence.

use super::arn::{Arn, is_account_id};
use super::authorization::Resource;
use super::condition::Test;
use super::context::{Completion, Context, Entry, View};
use super::decide::Case;
use super::document::{Document, PrincipalElement, PrincipalEntry, Statement};
use super::grant::Grant;
use super::keys::{self, Holds};
use super::neighbours::{as_a, filled, filled_by_component, near, unmentioned};
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
    // A text with variables is read as if each unknown key had a value that nothing mentions …
    let fresh = |name: &String| (name.clone(), Some(vec![unmentioned(name)]));
    let seed = Completion { keys: names.iter().map(fresh).collect(), grants: Vec::new() };
    let direct: Vec<(String, Vec<String>)> = names
        .into_iter()
        .map(|name| {
            let mut values = search.alternatives(&name);
            values.extend(search.compared_with(&name, std::slice::from_ref(&seed)));
            (name, unique(values))
        })
        .collect();
    // … and then as if one of them had each of the values that it is compared with.
    let seeds = search.seeds(&seed, &direct);
    let with_solutions = direct.iter().map(|(name, values)| {
        let mut values = values.clone();
        values.extend(search.compared_with(name, &seeds));
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
        entries.chain(self.grants().flat_map(Grant::principals)).filter_map(|entry| match entry {
            PrincipalEntry::Aws(text) if !is_account_id(text) && Arn::read(text).is_none() => Some(text.as_str()),
            _ => None,
        })
    }

    /// Grants on the keys of the cases.
    fn grants(&self) -> impl Iterator<Item = &Grant> {
        let keys = self.cases.iter().filter_map(|(case, _)| match case.authorization.resource {
            Resource::Key(key) => Some(key),
            _ => None,
        });
        keys.flat_map(|key| &key.grants)
    }

    /// Source ARNs that grants ask for.
    fn source_arns(&self) -> impl Iterator<Item = &str> {
        self.grants().filter_map(|grant| grant.constraints.source_arn.as_deref())
    }

    fn tests(&self) -> impl Iterator<Item = &Test> {
        self.statements.iter().flat_map(|statement| &statement.condition)
    }

    /// The values of which an ambiguous key has one.
    fn alternatives(&self, key: &str) -> Vec<String> {
        let entries = self.cases.iter().map(|(_, context)| context.entry(key));
        let values = entries.filter_map(|entry| match entry {
            Entry::OneOf(values) => Some(values),
            _ => None,
        });
        unique(values.flatten().cloned().collect())
    }

    /// The seed with each value of each key that stands as a variable somewhere.
    fn seeds(&self, seed: &Completion, known: &[(String, Vec<String>)]) -> Vec<Completion> {
        let is_variable = |key: &str| {
            let templates = self.statements.iter().flat_map(|statement| templates(statement));
            templates.flat_map(Template::variables).any(|variable| variable.key == key)
        };
        let variables = known.iter().filter(|(name, _)| is_variable(name));
        let pairs = variables.flat_map(|(name, values)| values.iter().map(move |value| (name, value)));
        let seeds = pairs.map(|(name, value)| {
            let mut seed = seed.clone();
            for (_, values) in seed.keys.iter_mut().filter(|(key, _)| key == name) {
                *values = Some(vec![value.clone()]);
            }
            seed
        });
        seeds.collect()
    }

    fn views<'view>(&'view self, seed: &'view Completion) -> impl Iterator<Item = View<'view>> {
        self.cases.iter().map(move |(_, context)| View::new(context, seed, &self.world.assumptions))
    }

    /// Values next to those that the key is compared with.
    fn compared_with(&self, key: &str, seeds: &[Completion]) -> Vec<String> {
        let mut values = Vec::new();
        let mut patterns: Vec<Vec<Token>> = Vec::new();
        for test in self.tests().filter(|test| test.key == key) {
            for template in &test.values {
                for view in seeds.iter().flat_map(|seed| self.views(seed)) {
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
        patterns.sort_by_key(|pattern| filled(pattern, "*"));
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
        let alternatives = self.alternatives(key);
        if !alternatives.is_empty() {
            let candidates = alternatives.into_iter().map(|value| Some(vec![value])).collect();
            return Open { name: key.to_owned(), candidates };
        }
        let kind = keys::holds(key);
        let mut values: Vec<String> = values.into_iter().filter_map(|value| as_a(kind, key, value)).collect();
        values.push(unmentioned(key));
        values.extend(match kind {
            Holds::Bool => vec!["true".to_owned(), "false".to_owned()],
            // A range of one version may hold all addresses of that version.
            Holds::Address => vec!["192.0.2.211".to_owned(), "2001:db8:ffff::d3".to_owned()],
            _ => Vec::new(),
        });
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
