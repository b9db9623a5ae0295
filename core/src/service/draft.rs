//! A world that is being changed: thrown away when something goes wrong, so that nothing is done by half.

use alloc::{borrow::ToOwned as _, format, vec::Vec};

use base64ct::{Base64, Encoding as _};
use jiff::{SignedDuration, Timestamp};
use zeroize::Zeroizing;

use super::{
    state::{State, time},
    vault::{self, Vault},
};
#[cfg(feature = "signatures")]
use crate::sign::SigningKey;
use crate::{
    arn::KeyArn,
    catalog::{KeySpec, KeyState, KeyUsage},
    check::KmsError,
    json::{Path, Value},
    problem::{Code, Problems},
    random::{Random, RandomError},
    scenario,
    seal::{KeyMaterial, KeyMaterialId, MacAlgorithm, MacKeyMaterial},
    world::{KmsKey, World},
};

/// The text of a world and its secrets.
#[derive(Clone)]
pub(super) struct Draft {
    pub state: State,
    pub vault: Vault,
}

/// Why a world cannot be changed.
#[derive(Clone, Debug)]
pub(super) enum DraftError {
    /// There are no random bytes.
    Random(RandomError),
    /// Something else, as KMS would say it.
    Error(KmsError),
}

impl From<RandomError> for DraftError {
    fn from(error: RandomError) -> Self {
        Self::Random(error)
    }
}

impl From<KmsError> for DraftError {
    fn from(error: KmsError) -> Self {
        Self::Error(error)
    }
}

/// What made a key rotate, as `list-key-rotations` prints it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RotationType {
    Automatic,
    OnDemand,
}

impl RotationType {
    /// As AWS spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Automatic => "AUTOMATIC",
            Self::OnDemand => "ON_DEMAND",
        }
    }
}

pub(super) const fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(days * 24)
}

impl Draft {
    /// A field of `KeyMetadata`.
    pub fn metadata(&self, key: usize, field: &str) -> Option<&Value> {
        self.state.of_key(key, "KeyMetadata")?.get(field)
    }

    pub fn metadata_text(&self, key: usize, field: &str) -> Option<&str> {
        self.metadata(key, field)?.as_str()
    }

    pub fn metadata_time(&self, key: usize, field: &str) -> Option<Timestamp> {
        scenario::time(self.metadata(key, field)?)
    }

    pub fn arn(&self, key: usize) -> Option<KeyArn> {
        KeyArn::parse(self.metadata_text(key, "Arn")?)
    }

    pub fn key_state(&self, key: usize) -> KeyState {
        let disabled = self.metadata(key, "Enabled").is_some_and(|value| value.kind == crate::json::Kind::Bool(false));
        let unsaid = if disabled { KeyState::Disabled } else { KeyState::Enabled };
        self.metadata_text(key, "KeyState").and_then(KeyState::from_name).unwrap_or(unsaid)
    }

    pub fn set_key_state(&mut self, key: usize, state: KeyState) -> Result<(), KmsError> {
        self.state.set_metadata(key, "KeyState", &Value::text(state.name()))?;
        self.state.set_metadata(key, "Enabled", &Value::boolean(state == KeyState::Enabled))
    }

    /// Whether it is the replica of a multi-Region key.
    pub fn is_replica(&self, key: usize) -> bool {
        let configuration = self.metadata(key, "MultiRegionConfiguration");
        let kind = configuration.and_then(|value| value.get("MultiRegionKeyType"));
        kind.and_then(Value::as_str) == Some("REPLICA")
    }

    /// The key and, of a multi-Region key, those that are related to it.
    pub fn relatives(&self, key: usize) -> Vec<usize> {
        let Some(name) = self.arn(key).map(|arn| vault::name(&arn)) else { return Vec::new() };
        let keys = 0..self.state.keys().len();
        keys.filter(|other| self.arn(*other).is_some_and(|arn| vault::name(&arn) == name)).collect()
    }

    /// The replicas of a primary key.
    pub fn replicas(&self, key: usize) -> Vec<usize> {
        if self.is_replica(key) {
            return Vec::new();
        }
        self.relatives(key).into_iter().filter(|other| *other != key).collect()
    }

    /// Takes a key out of the world, with all that belongs to it. Those behind it move up.
    pub fn remove_key(&mut self, key: usize) -> Result<(), KmsError> {
        if self.relatives(key).len() < 2
            && let Some(arn) = self.arn(key)
        {
            self.vault.forget(&arn);
        }
        let relatives = self.relatives(key);
        self.state.remove(&format!("/keys/{key}"))?;
        let moved = relatives.into_iter().filter(|other| *other != key);
        let moved: Vec<usize> = moved.map(|other| if other > key { other - 1 } else { other }).collect();
        self.tell_relatives(moved.first().copied())
    }

    /// What every multi-Region key says of its relatives.
    ///
    /// <https://docs.aws.amazon.com/kms/latest/APIReference/API_MultiRegionConfiguration.html>
    pub fn tell_relatives(&mut self, one: Option<usize>) -> Result<(), KmsError> {
        let Some(one) = one else { return Ok(()) };
        let relatives = self.relatives(one);
        let entry = |key: usize| {
            let arn = self.arn(key);
            let text = |text: Option<&str>| Value::text(text.unwrap_or_default());
            let (arn, region) = (arn.as_ref().map(KeyArn::as_str), arn.as_ref().map(KeyArn::region));
            Value::object([("Arn", text(arn)), ("Region", text(region))])
        };
        let primary = relatives.iter().copied().find(|key| !self.is_replica(*key));
        let replicas: Vec<Value> = relatives.iter().copied().filter(|key| Some(*key) != primary).map(entry).collect();
        let primary_key = primary.map(entry);
        for key in relatives {
            let kind = if Some(key) == primary { "PRIMARY" } else { "REPLICA" };
            let mut members = Vec::from([("MultiRegionKeyType", Value::text(kind))]);
            members.extend(primary_key.clone().map(|primary| ("PrimaryKey", primary)));
            members.push(("ReplicaKeys", Value::array(replicas.clone())));
            self.state.set_metadata(key, "MultiRegionConfiguration", &Value::object(members))?;
        }
        Ok(())
    }

    /// The key material that encrypts now. A key of the scenario that came without gets some.
    pub fn current_material(&mut self, key: usize, random: &mut dyn Random) -> Result<KeyMaterial, DraftError> {
        let Some(arn) = self.arn(key) else { return Err(RandomError::Unavailable.into()) };
        let id = self.metadata_text(key, "CurrentKeyMaterialId").and_then(KeyMaterialId::parse);
        if let Some(found) = id.and_then(|id| self.vault.material(&arn, id)) {
            return Ok(found);
        }
        let material = self.vault.generate(&arn, random)?;
        self.make_current(key, &material, id)?;
        Ok(material)
    }

    /// Says that this is the current material, in place of one that only its id was known of.
    fn make_current(
        &mut self,
        key: usize,
        material: &KeyMaterial,
        instead: Option<KeyMaterialId>,
    ) -> Result<(), KmsError> {
        let id = Value::text(&format!("{}", material.id()));
        for relative in self.relatives(key) {
            self.state.set_metadata(relative, "CurrentKeyMaterialId", &id)?;
            let stale = |rotation: &Value| {
                let of = rotation.get("KeyMaterialId").and_then(Value::as_str).and_then(KeyMaterialId::parse);
                instead.is_some() && of == instead
            };
            if let Some(at) = self.state.list_of_key(relative, "Rotations").iter().position(stale) {
                self.state.set(&format!("/keys/{relative}/Rotations/{at}/KeyMaterialId"), &id)?;
            }
        }
        Ok(())
    }

    /// The materials of a symmetric encryption key, oldest first, as `list-key-rotations` prints them.
    pub fn rotations(&self, key: usize) -> Vec<Value> {
        let listed = self.state.list_of_key(key, "Rotations");
        if !listed.is_empty() {
            return listed.to_owned();
        }
        let Some(id) = self.metadata_text(key, "CurrentKeyMaterialId") else { return Vec::new() };
        let arn = self.arn(key);
        Vec::from([Value::object([
            ("KeyId", Value::text(arn.as_ref().map_or("", KeyArn::as_str))),
            ("KeyMaterialId", Value::text(id)),
            ("KeyMaterialState", Value::text("CURRENT")),
        ])])
    }

    /// Makes another material the current one: what automatic rotation and rotation on demand do. The primary key
    /// rotates, and its replicas with it.
    ///
    /// <https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html>
    pub fn rotate(
        &mut self,
        key: usize,
        kind: RotationType,
        now: Timestamp,
        random: &mut dyn Random,
    ) -> Result<KeyMaterialId, DraftError> {
        // The material that a scenario's key had before has to be there, as it decrypts.
        self.current_material(key, random)?;
        let Some(arn) = self.arn(key) else { return Err(RandomError::Unavailable.into()) };
        let pending = self.rotations(key).iter().find_map(|rotation| {
            let is_pending = text(rotation, "KeyMaterialState") == Some("PENDING_ROTATION");
            KeyMaterialId::parse(text(rotation, "KeyMaterialId")?).filter(|_| is_pending)
        });
        let next = match pending {
            Some(imported) => imported,
            None => self.vault.generate(&arn, random)?.id(),
        };
        for relative in self.relatives(key) {
            let arn = self.arn(relative);
            let mut rotations: Vec<Value> = self.rotations(relative);
            for rotation in &mut rotations {
                if text(rotation, "KeyMaterialState") == Some("CURRENT") {
                    *rotation = with(rotation, "KeyMaterialState", Value::text("NON_CURRENT"));
                }
            }
            let id = format!("{next}");
            let position = rotations.iter().position(|rotation| text(rotation, "KeyMaterialId") == Some(&id));
            let mut entry = match position {
                Some(at) => rotations.remove(at),
                None => Value::object([
                    ("KeyId", Value::text(arn.as_ref().map_or("", KeyArn::as_str))),
                    ("KeyMaterialId", Value::text(&id)),
                ]),
            };
            entry = with(&entry, "KeyMaterialState", Value::text("CURRENT"));
            entry = with(&entry, "RotationDate", time(now));
            entry = with(&entry, "RotationType", Value::text(kind.name()));
            rotations.push(entry);
            self.state.set(&format!("/keys/{relative}/Rotations"), &Value::array(rotations))?;
            self.state.set_metadata(relative, "CurrentKeyMaterialId", &Value::text(&id))?;
        }
        Ok(next)
    }

    /// Deletes imported key material: this one, or the current one. The key needs it back before it does anything.
    ///
    /// <https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys-delete-key-material.html>
    pub fn delete_imported_material(&mut self, key: usize, id: Option<KeyMaterialId>) -> Result<(), KmsError> {
        let Some(arn) = self.arn(key) else { return Ok(()) };
        let current = self.metadata_text(key, "CurrentKeyMaterialId").and_then(KeyMaterialId::parse);
        let alone = self.relatives(key).len() < 2;
        let mut rotations = self.rotations(key);
        let mut waits = false;
        match id.or(current) {
            Some(id) => {
                let written = format!("{id}");
                for rotation in rotations.iter_mut().filter(|one| text(one, "KeyMaterialId") == Some(&written)) {
                    waits = text(rotation, "KeyMaterialState") == Some("PENDING_ROTATION");
                    *rotation = with(rotation, "ImportState", Value::text("PENDING_IMPORT"));
                    *rotation = without(rotation, &["ExpirationModel", "ValidTo"]);
                }
                // Related keys import their material each for itself.
                if alone {
                    self.vault.forget_material(&arn, id);
                }
            }
            None if alone => self.vault.forget(&arn),
            None => {}
        }
        let left = rotations.iter().filter_map(|rotation| scenario::time(rotation.get("ValidTo")?)).min();
        if !rotations.is_empty() {
            self.state.set(&format!("/keys/{key}/Rotations"), &Value::array(rotations))?;
        }
        match left {
            Some(left) => self.state.set_metadata(key, "ValidTo", &time(left))?,
            None => {
                self.state.remove_metadata(key, "ValidTo")?;
                self.state.remove_metadata(key, "ExpirationModel")?;
            }
        }
        let dying = matches!(self.key_state(key), KeyState::PendingDeletion | KeyState::PendingReplicaDeletion);
        if waits || dying { Ok(()) } else { self.set_key_state(key, KeyState::PendingImport) }
    }

    /// Whether imported key material is missing that the key had.
    pub fn lacks_material(&self, key: usize) -> bool {
        let needed = |one: &&Value| text(one, "KeyMaterialState") != Some("PENDING_ROTATION");
        let rotations = self.rotations(key);
        let mut needed = rotations.iter().filter(needed);
        let gone = needed.any(|one| text(one, "ImportState") == Some("PENDING_IMPORT"));
        gone || self.metadata(key, "ExpirationModel").is_none()
    }

    /// Takes the key material that the scenario brings.
    pub fn bring_material(&mut self, world: &World, problems: &mut Problems<'_>) {
        for (index, key) in world.keys.iter().enumerate() {
            let brought: Vec<Value> = self.state.list_of_key(index, "KeyMaterial").to_owned();
            let mut current = None;
            for (position, value) in brought.iter().enumerate() {
                let bytes = value.as_str().and_then(|text| Base64::decode_vec(text).ok()).unwrap_or_default();
                match self.keep_material(key, &Zeroizing::new(bytes)) {
                    Ok(id) => current = id.or(current),
                    Err(what) => {
                        let keys = Path::Root;
                        let keys = keys.member("keys");
                        let here = keys.element(index);
                        let here = here.member("KeyMaterial");
                        problems.push(Code::InvalidValue, value.span, &here.element(position), what);
                    }
                }
            }
            if let Some(id) = current {
                // A scenario that is too long by this was too long before.
                let _ = self.state.set_metadata(index, "CurrentKeyMaterialId", &Value::text(&format!("{id}")));
            }
        }
    }

    /// Key material that is known already: brought by a scenario, or imported. The id is that of symmetric ones.
    ///
    /// # Errors
    ///
    /// What it should have been.
    pub fn keep_material(
        &mut self,
        key: &KmsKey,
        bytes: &[u8],
    ) -> Result<Option<KeyMaterialId>, alloc::string::String> {
        match (key.key_spec, key.key_usage) {
            (KeySpec::SymmetricDefault, _) => {
                let material = KeyMaterial::import(&key.arn, bytes).map_err(|error| format!("{error}"))?;
                let id = material.id();
                self.vault.keep(material);
                Ok(Some(id))
            }
            (spec, KeyUsage::GenerateVerifyMac) => {
                let name = spec.algorithms(key.key_usage).first().copied().unwrap_or_default();
                let algorithm = MacAlgorithm::from_name(name).ok_or("no HMAC key")?;
                let material = MacKeyMaterial::import(algorithm, bytes).map_err(|error| format!("{error}"))?;
                self.vault.keep_mac(&key.arn, material);
                Ok(None)
            }
            #[cfg(feature = "signatures")]
            (spec, _) => {
                let pair = SigningKey::from_pkcs8(spec, bytes).map_err(|error| format!("{error}"))?;
                self.vault.keep_pair(&key.arn, pair);
                Ok(None)
            }
            #[cfg(not(feature = "signatures"))]
            _ => Ok(None),
        }
    }
}

/// A text in an object.
pub(super) fn text<'v>(object: &'v Value, name: &str) -> Option<&'v str> {
    object.get(name)?.as_str()
}

/// The object with this member, in its place or as the last.
pub(super) fn with(object: &Value, name: &str, value: Value) -> Value {
    let members = object.as_object().unwrap_or_default();
    let mut all: Vec<(&str, Value)> = members.iter().map(|member| (&*member.name, member.value.clone())).collect();
    match all.iter_mut().find(|(other, _)| *other == name) {
        Some((_, old)) => *old = value,
        None => all.push((name, value)),
    }
    Value::object(all)
}

/// The object without these members.
pub(super) fn without(object: &Value, names: &[&str]) -> Value {
    let members = object.as_object().unwrap_or_default();
    let left = members.iter().filter(|member| !names.contains(&&*member.name));
    Value::object(left.map(|member| (&*member.name, member.value.clone())).collect::<Vec<_>>())
}
