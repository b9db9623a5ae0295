use alloc::{format, vec::Vec};

use super::Output;
use super::draft::Draft;
use crate::arn::{Arn, KeyArn};
use crate::catalog::Action;
use crate::json::Value;

/// The keys of the scenario.
impl Draft {
    pub fn keys(&self) -> impl Iterator<Item = (usize, KeyArn)> {
        let arn = |key: &Value| KeyArn::parse(key.get("KeyMetadata")?.get("Arn")?.as_str()?);
        self.list("/keys").iter().enumerate().filter_map(move |(index, key)| Some((index, arn(key)?)))
    }

    /// The key of that ARN, id, alias name or alias ARN, if there is just one.
    pub fn find_key(&self, identifier: &str) -> Option<(usize, KeyArn)> {
        let arn = Arn::parse(identifier);
        let alias = arn.map_or(identifier, |arn| arn.resource);
        let has_alias = |index: usize, key: &KeyArn| {
            arn.is_none_or(|arn| arn.account == key.account().as_str() && arn.region == key.region())
                && self
                    .list(&format!("/keys/{index}/Aliases"))
                    .iter()
                    .filter_map(|one| one.as_str().or_else(|| one.get("AliasName")?.as_str()))
                    .any(|name| name == alias)
        };
        let mut found = self
            .keys()
            .filter(|(index, key)| key.as_str() == identifier || key.id() == identifier || has_alias(*index, key));
        found.next().filter(|_| found.next().is_none())
    }

    /// The place of the key of that ARN, made if there is none.
    pub fn key_entry(&mut self, arn: &KeyArn) -> usize {
        if let Some((index, _)) = self.keys().find(|(_, known)| known == arn) {
            return index;
        }
        let index = self.list("/keys").len();
        let key = Value::object([("KeyMetadata", Value::object([("Arn", Value::text(arn.as_str()))]))]);
        self.put("/keys/-", &key, format!("key `{}` added", arn.id()));
        self.touched_keys.push(index);
        index
    }

    /// The place of the key that an output is about which does not print its key.
    pub fn key_of_output(&mut self, output: &Output, operation: &str) -> Option<(usize, KeyArn)> {
        let name = output.kind.name();
        if let Some(identifier) = output.command.option(operation, "--key-id") {
            if let Some(found) = self.find_key(identifier) {
                return Some(found);
            }
            if let Some(arn) = KeyArn::parse(identifier) {
                return Some((self.key_entry(&arn), arn));
            }
            self.note(format!(
                "{name} was not placed: no key here is known as `{identifier}`; \
                 paste the output of `aws kms describe-key --key-id {identifier}` along"
            ));
            return None;
        }
        let mut keys = self.keys();
        let only = keys.next().filter(|_| keys.next().is_none());
        drop(keys);
        let requested = || self.find_key(self.requested_key()?);
        if let Some((index, arn)) = only.or_else(requested) {
            self.note(format!(
                "{name} does not say which key it belongs to: taken to be that of `{}`; \
                 paste the command with its `--key-id` along to be sure",
                arn.id()
            ));
            return Some((index, arn));
        }
        self.note(format!(
            "{name} was not placed: nothing says which key it belongs to; \
             paste the output of `aws kms describe-key` along"
        ));
        None
    }

    /// Says how to find what is still missing of the keys that the paste is about.
    pub fn ask_about_keys(&mut self) {
        let keys: Vec<(usize, KeyArn)> = self.keys().filter(|(index, _)| self.touched_keys.contains(index)).collect();
        for (index, arn) in keys {
            let (id, region) = (arn.id(), arn.region());
            let metadata = self.value(&format!("/keys/{index}/KeyMetadata")).and_then(Value::as_object);
            let described = metadata.is_some_and(|members| members.len() > 1);
            let has_policy = self.value(&format!("/keys/{index}/Policy")).is_some();
            if !described {
                self.note(format!(
                    "of key `{id}` only the ARN is known, the rest is taken to be as KMS makes keys by default; \
                     `aws kms describe-key --key-id {id} --region {region}` prints it"
                ));
            }
            if !has_policy {
                self.note(format!(
                    "the key policy of key `{id}` is not known; \
                     `aws kms get-key-policy --policy-name default --key-id {id} --region {region}` prints it"
                ));
            }
        }
    }

    /// The key that the first request names, the first if it names several.
    fn requested_key(&self) -> Option<&str> {
        let parameters = self.value("/requests/0/parameters")?;
        KEY_PARAMETERS.iter().find_map(|name| parameters.get(name)?.as_str())
    }

    /// Whether the first request names that key for an action, by whatever name it calls it.
    pub fn same_key(&self, action: Action, key: Option<&str>) -> bool {
        let requested = self.value("/requests/0/parameters").and_then(|named| named.get(key_parameter(action)));
        match (requested.and_then(Value::as_str), key) {
            (None, None) => true,
            (Some(requested), Some(key)) => {
                requested == key || self.find_key(requested).is_some_and(|(_, arn)| arn.as_str() == key)
            }
            _ => false,
        }
    }
}

const KEY_PARAMETERS: [&str; 4] = ["KeyId", "SourceKeyId", "DestinationKeyId", "TargetKeyId"];

/// The parameter that names the key on which an action is asked.
pub(super) const fn key_parameter(action: Action) -> &'static str {
    match action {
        Action::ReEncryptFrom => "SourceKeyId",
        Action::ReEncryptTo => "DestinationKeyId",
        Action::CreateAlias | Action::UpdateAlias => "TargetKeyId",
        _ => "KeyId",
    }
}
