//! The secrets of a world, and what is known of its ciphertexts.

#[cfg(feature = "signatures")]
use alloc::sync::Arc;
use alloc::{boxed::Box, collections::BTreeMap, format, vec::Vec};

#[cfg(feature = "signatures")]
use jiff::Timestamp;
#[cfg(feature = "signatures")]
use sha2::{Digest as _, Sha256};

use crate::{
    arn::KeyArn,
    random::{Random, RandomError},
    seal::{KeyMaterial, KeyMaterialId, MacAlgorithm, MacKeyMaterial},
};
#[cfg(feature = "signatures")]
use crate::{
    catalog::KeySpec,
    sign::{SignError, SigningKey},
};

/// Key material by its key. Wiped when dropped; does not print.
#[derive(Clone, Default)]
pub(super) struct Vault {
    symmetric: BTreeMap<Box<str>, Vec<KeyMaterial>>,
    macs: BTreeMap<Box<str>, MacKeyMaterial>,
    #[cfg(feature = "signatures")]
    pairs: BTreeMap<Box<str>, Arc<SigningKey>>,
    #[cfg(feature = "signatures")]
    imports: BTreeMap<Box<str>, Vec<ImportParameters>>,
    /// Hashes of the material of keys that take only the same one back.
    #[cfg(feature = "signatures")]
    imported: BTreeMap<Box<str>, [u8; 32]>,
}

/// What `GetParametersForImport` gave out, until it is used or 24 hours are over.
#[cfg(feature = "signatures")]
#[derive(Clone)]
pub(super) struct ImportParameters {
    pub token: Vec<u8>,
    pub valid_to: Timestamp,
    pub algorithm: Box<str>,
    pub wrapping_key: Arc<SigningKey>,
}

/// Related multi-Region keys have one name, as they share their material.
pub(super) fn name(key: &KeyArn) -> Box<str> {
    if key.id().starts_with("mrk-") {
        format!("{}:{}:{}", key.partition(), key.account(), key.id()).into()
    } else {
        key.as_str().into()
    }
}

impl Vault {
    /// The material of a symmetric encryption key by its id.
    pub fn material(&self, key: &KeyArn, id: KeyMaterialId) -> Option<KeyMaterial> {
        let found = self.symmetric.get(&name(key))?.iter().find(|material| material.id() == id)?;
        found.of_related_key(key)
    }

    /// New material for a symmetric encryption key.
    pub fn generate(&mut self, key: &KeyArn, random: &mut dyn Random) -> Result<KeyMaterial, RandomError> {
        let material = KeyMaterial::generate(key, random)?;
        self.keep(material.clone());
        Ok(material)
    }

    pub fn keep(&mut self, material: KeyMaterial) {
        let materials = self.symmetric.entry(name(material.key())).or_default();
        if !materials.iter().any(|other| other.id() == material.id()) {
            materials.push(material);
        }
    }

    /// The material of an HMAC key; made when it is first asked for.
    pub fn mac(
        &mut self,
        key: &KeyArn,
        algorithm: MacAlgorithm,
        random: &mut dyn Random,
    ) -> Result<MacKeyMaterial, RandomError> {
        let name = name(key);
        if let Some(material) = self.macs.get(&name) {
            return Ok(material.clone());
        }
        let material = MacKeyMaterial::generate(algorithm, random)?;
        self.macs.insert(name, material.clone());
        Ok(material)
    }

    pub fn keep_mac(&mut self, key: &KeyArn, material: MacKeyMaterial) {
        self.macs.insert(name(key), material);
    }

    /// The key pair of an asymmetric key; made when it is first asked for, as RSA keys take their time.
    #[cfg(feature = "signatures")]
    pub fn pair(&mut self, key: &KeyArn, spec: KeySpec, random: &mut dyn Random) -> Result<Arc<SigningKey>, SignError> {
        let name = name(key);
        if let Some(pair) = self.pairs.get(&name) {
            return Ok(pair.clone());
        }
        let pair = Arc::new(SigningKey::generate(spec, random)?);
        self.pairs.insert(name, pair.clone());
        Ok(pair)
    }

    #[cfg(feature = "signatures")]
    pub fn keep_pair(&mut self, key: &KeyArn, pair: SigningKey) {
        self.pairs.insert(name(key), Arc::new(pair));
    }

    /// Wipes one material of a symmetric encryption key.
    pub fn forget_material(&mut self, key: &KeyArn, id: KeyMaterialId) {
        if let Some(materials) = self.symmetric.get_mut(&name(key)) {
            materials.retain(|material| material.id() != id);
        }
    }

    /// Wipes everything of a key.
    pub fn forget(&mut self, key: &KeyArn) {
        let name = name(key);
        self.symmetric.remove(&name);
        self.macs.remove(&name);
        #[cfg(feature = "signatures")]
        {
            self.imports.remove(&name);
            self.pairs.remove(&name);
        }
    }

    #[cfg(feature = "signatures")]
    pub fn keep_import(&mut self, key: &KeyArn, parameters: ImportParameters) {
        self.imports.entry(name(key)).or_default().push(parameters);
    }

    /// Whether a key that has one material for ever gets that one.
    #[cfg(feature = "signatures")]
    pub fn is_same_as_before(&mut self, key: &KeyArn, material: &[u8]) -> bool {
        let hash = Sha256::new().chain_update(b"keytrace/v1/imported").chain_update(material).finalize().into();
        *self.imported.entry(name(key)).or_insert(hash) == hash
    }

    #[cfg(feature = "signatures")]
    pub fn import(&self, key: &KeyArn, token: &[u8]) -> Option<&ImportParameters> {
        self.imports.get(&name(key))?.iter().find(|parameters| parameters.token == token)
    }
}
