//! Imported key material.
//!
//! <https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys.html>

use super::{
    super::call::{Call, Outcome},
    key_id,
};
use crate::{
    catalog::KeySpec,
    check::{ErrorName, KmsError},
    json::Value,
    seal::KeyMaterialId,
};

#[cfg(feature = "signatures")]
pub(super) use wrapped::{import, parameters};

/// Imported key material comes wrapped under an RSA key.
#[cfg(not(feature = "signatures"))]
pub(super) fn parameters(_: &mut Call<'_>) -> Outcome {
    Err(super::not_modelled("import, in a build without the feature `signatures`,".into()))
}

#[cfg(not(feature = "signatures"))]
pub(super) fn import(_: &mut Call<'_>) -> Outcome {
    Err(super::not_modelled("import, in a build without the feature `signatures`,".into()))
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_DeleteImportedKeyMaterial.html>
pub(super) fn delete(call: &mut Call<'_>) -> Outcome {
    let key = call.key()?;
    let found = call.kms_key(key)?;
    let asked = call.parameters.text("KeyMaterialId");
    let id = asked.and_then(KeyMaterialId::parse);
    let known = |id: &str| {
        call.draft.rotations(key).iter().any(|one| super::super::draft::text(one, "KeyMaterialId") == Some(id))
    };
    if let Some(asked) = asked
        && (found.key_spec != KeySpec::SymmetricDefault || !known(asked))
    {
        let message = alloc::format!("{} has no key material {asked}.", found.arn.as_str());
        return Err(KmsError::new(ErrorName::NotFound, message).into());
    }
    let current = call.draft.metadata_text(key, "CurrentKeyMaterialId").and_then(KeyMaterialId::parse);
    call.material = id.or(current);
    call.draft.delete_imported_material(key, id)?;
    let id = call.material.map(|id| ("KeyMaterialId", Value::text(&alloc::format!("{id}"))));
    Ok(Value::object([key_id(&found.arn)].into_iter().chain(id)))
}

/// With the RSA keys that wrap key material on its way.
#[cfg(feature = "signatures")]
mod wrapped {
    use alloc::{format, sync::Arc, vec::Vec};

    use jiff::SignedDuration;
    use zeroize::Zeroizing;

    use super::super::{
        super::{
            call::{Call, Outcome, Stop},
            draft::{text, with, without},
            parameters::base64,
            state::time,
            vault::ImportParameters,
        },
        key_id, not_modelled,
    };
    use crate::{
        catalog::{KeySpec, KeyState},
        check::{ErrorName, KmsError, validation},
        json::Value,
        random::random_bytes,
        scenario,
        seal::KeyMaterialId,
        sign::{EncryptionAlgorithm, SigningKey},
        world::KmsKey,
    };

    /// How long import parameters are good for.
    const GOOD_FOR: SignedDuration = SignedDuration::from_hours(24);

    /// <https://docs.aws.amazon.com/kms/latest/APIReference/API_GetParametersForImport.html>
    pub(in super::super) fn parameters(call: &mut Call<'_>) -> Outcome {
        let key = call.key()?;
        let algorithm = call.parameters.required("WrappingAlgorithm")?;
        let spec = call.parameters.required("WrappingKeySpec")?;
        let wraps = EncryptionAlgorithm::from_name(algorithm).is_some();
        let rsa = [KeySpec::Rsa2048, KeySpec::Rsa3072, KeySpec::Rsa4096].into_iter().find(|rsa| rsa.name() == spec);
        let (true, Some(rsa)) = (wraps, rsa) else {
            return Err(not_modelled(format!("wrapping with `{algorithm}` under a key of spec `{spec}`")));
        };
        let wrapping_key = Arc::new(SigningKey::generate(rsa, call.random)?);
        let token = random_bytes(64, call.random)?.to_vec();
        let valid_to = call.now.checked_add(GOOD_FOR).unwrap_or(call.now);
        let arn = &call.kms_key(key)?.arn;
        let result = Value::object([
            key_id(arn),
            ("ImportToken", base64(&token)),
            ("PublicKey", base64(wrapping_key.public_key())),
            ("ParametersValidTo", time(valid_to)),
        ]);
        let kept = ImportParameters { token, valid_to, algorithm: algorithm.into(), wrapping_key };
        call.draft.vault.keep_import(arn, kept);
        Ok(result)
    }

    /// <https://docs.aws.amazon.com/kms/latest/APIReference/API_ImportKeyMaterial.html>. The sentences of the errors are
    /// ours.
    pub(in super::super) fn import(call: &mut Call<'_>) -> Outcome {
        let key = call.key()?;
        let found = call.kms_key(key)?;
        let material = unwrapped(call, found)?;
        let expiry = expiry(call)?;
        let id = if found.key_spec == KeySpec::SymmetricDefault {
            Some(import_symmetric(call, key, found, &material)?)
        } else {
            import_other(call, found, &material)?;
            None
        };
        set_expiry(call, key, id, expiry)?;
        let complete = !call.draft.lacks_material(key);
        let dying = matches!(call.draft.key_state(key), KeyState::PendingDeletion | KeyState::PendingReplicaDeletion);
        // A key that was disabled before its material went comes back enabled, as any that waits for it.
        if complete && !dying && call.draft.key_state(key) == KeyState::PendingImport {
            call.draft.set_key_state(key, KeyState::Enabled)?;
        }
        call.material = id;
        let id = id.map(|id| ("KeyMaterialId", Value::text(&format!("{id}"))));
        Ok(Value::object([key_id(&found.arn)].into_iter().chain(id)))
    }

    fn unwrapped(call: &mut Call<'_>, key: &KmsKey) -> Outcome<Zeroizing<Vec<u8>>> {
        let token = call.parameters.required_blob("ImportToken", 1..=6144)?;
        let wrapped = call.parameters.required_blob("EncryptedKeyMaterial", 1..=6144)?;
        let Some(parameters) = call.draft.vault.import(&key.arn, &token).cloned() else {
            let message = "The import token is not one of this key's.";
            return Err(KmsError::new(ErrorName::InvalidImportToken, message).into());
        };
        if parameters.valid_to <= call.now {
            let message = "The import token has expired. Get a new one, with a new wrapping key.";
            return Err(KmsError::new(ErrorName::ExpiredImportToken, message).into());
        }
        let algorithm = EncryptionAlgorithm::from_name(&parameters.algorithm)
            .ok_or_else(|| not_modelled(format!("`{}`", parameters.algorithm)))?;
        parameters.wrapping_key.decrypt(algorithm, &wrapped, call.random).map_err(|error| match error {
            crate::sign::SignError::InvalidCiphertext => KmsError::new(ErrorName::InvalidCiphertext, "").into(),
            error => Stop::from(error),
        })
    }

    /// Until when the material is good, if it expires.
    fn expiry(call: &Call<'_>) -> Outcome<Option<jiff::Timestamp>> {
        if call.parameters.text("ExpirationModel") == Some("KEY_MATERIAL_DOES_NOT_EXPIRE") {
            return Ok(None);
        }
        let Some(written) = call.parameters.written("ValidTo") else {
            return Err(validation("ValidTo must be given when ExpirationModel is KEY_MATERIAL_EXPIRES.").into());
        };
        let date = scenario::time(written).ok_or_else(|| validation("ValidTo is no time."))?;
        let latest = call.now.checked_add(SignedDuration::from_hours(365 * 24)).unwrap_or(date);
        if date <= call.now || date > latest {
            return Err(validation("ValidTo must lie in the future, within 365 days.").into());
        }
        Ok(Some(date))
    }

    fn incorrect(message: alloc::string::String) -> Stop {
        KmsError::new(ErrorName::IncorrectKeyMaterial, message).into()
    }

    /// Symmetric encryption keys can have several materials: the first one, those that were imported once before, and
    /// new ones that wait for `RotateKeyOnDemand`.
    fn import_symmetric(call: &mut Call<'_>, key: usize, found: &KmsKey, material: &[u8]) -> Outcome<KeyMaterialId> {
        let id = call.draft.keep_material(found, material).map_err(incorrect)?;
        let id = id.ok_or_else(|| incorrect("The key material does not fit.".into()))?;
        let written = format!("{id}");
        let mut rotations = call.draft.rotations(key);
        let known = rotations.iter().position(|one| text(one, "KeyMaterialId") == Some(&written));
        let new = match call.parameters.text("ImportType") {
            Some("NEW_KEY_MATERIAL") => true,
            Some(_) => false,
            None => rotations.is_empty(),
        };
        let asked = call.parameters.text("KeyMaterialId");
        if asked.is_some_and(|asked| asked != written) {
            return Err(incorrect("The key material is not that of the KeyMaterialId in the request.".into()));
        }
        let description = call.parameters.text("KeyMaterialDescription").map(Value::text);
        let mut entry = match (known, new) {
            (Some(at), _) => rotations.get(at).cloned().unwrap_or(Value::null()),
            (None, false) => {
                return Err(incorrect(
                    "The key material was never imported into this key. To add it, set ImportType to NEW_KEY_MATERIAL."
                        .into(),
                ));
            }
            (None, true) => {
                let waits = rotations.iter().any(|one| text(one, "KeyMaterialState") == Some("PENDING_ROTATION"));
                if waits {
                    let message = "Another key material waits for its rotation.";
                    return Err(KmsError::new(ErrorName::KmsInvalidState, message).into());
                }
                let state = if rotations.is_empty() { "CURRENT" } else { "PENDING_ROTATION" };
                Value::object([
                    ("KeyId", Value::text(found.arn.as_str())),
                    ("KeyMaterialId", Value::text(&written)),
                    ("KeyMaterialState", Value::text(state)),
                ])
            }
        };
        entry = with(&entry, "ImportState", Value::text("IMPORTED"));
        if let Some(description) = description {
            entry = with(&entry, "KeyMaterialDescription", description);
        }
        if text(&entry, "KeyMaterialState") == Some("CURRENT") {
            call.draft.state.set_metadata(key, "CurrentKeyMaterialId", &Value::text(&written))?;
        }
        match known.and_then(|at| rotations.get_mut(at)) {
            Some(old) => *old = entry,
            None => rotations.push(entry),
        }
        call.draft.state.set(&format!("/keys/{key}/Rotations"), &Value::array(rotations))?;
        Ok(id)
    }

    /// Other keys have one material for ever, and take it back only.
    fn import_other(call: &mut Call<'_>, found: &KmsKey, material: &[u8]) -> Outcome<()> {
        if !call.draft.vault.is_same_as_before(&found.arn, material) {
            return Err(incorrect("The key material is not the one that was imported before.".into()));
        }
        call.draft.keep_material(found, material).map_err(incorrect)?;
        Ok(())
    }

    /// The key says when the first of its materials expires.
    fn set_expiry(
        call: &mut Call<'_>,
        key: usize,
        id: Option<KeyMaterialId>,
        expiry: Option<jiff::Timestamp>,
    ) -> Outcome<()> {
        let model = if expiry.is_some() { "KEY_MATERIAL_EXPIRES" } else { "KEY_MATERIAL_DOES_NOT_EXPIRE" };
        let mut rotations = if id.is_some() { call.draft.rotations(key) } else { Vec::new() };
        let written = id.map(|id| format!("{id}"));
        for rotation in rotations.iter_mut().filter(|one| text(one, "KeyMaterialId") == written.as_deref()) {
            *rotation = with(&without(rotation, &["ValidTo"]), "ExpirationModel", Value::text(model));
            if let Some(date) = expiry {
                *rotation = with(rotation, "ValidTo", time(date));
            }
        }
        let earliest = match id {
            Some(_) => rotations.iter().filter_map(|one| scenario::time(one.get("ValidTo")?)).min(),
            None => expiry,
        };
        if !rotations.is_empty() {
            call.draft.state.set(&format!("/keys/{key}/Rotations"), &Value::array(rotations))?;
        }
        let model = if earliest.is_some() { "KEY_MATERIAL_EXPIRES" } else { model };
        call.draft.state.set_metadata(key, "ExpirationModel", &Value::text(model))?;
        match earliest {
            Some(date) => call.draft.state.set_metadata(key, "ValidTo", &time(date))?,
            None => call.draft.state.remove_metadata(key, "ValidTo")?,
        }
        Ok(())
    }
}
