//! Encryption, decryption and data keys.

use alloc::{format, vec::Vec};

use zeroize::Zeroizing;

use super::{
    super::{
        call::{Call, Outcome, Stop},
        cause::Cause,
        parameters::base64,
    },
    key_id, not_modelled,
};
use crate::{
    arn::KeyArn,
    catalog::{KeySpec, key_spec::DEFAULT_ENCRYPTION_ALGORITHM},
    check::{ErrorName, KmsError, validation},
    json::Value,
    random::random_bytes,
    seal::{
        self, Attempt, Blob, EncryptionContext, Evidence, KeyMaterialId, MAX_BLOB_BYTES, MAX_PLAINTEXT_BYTES,
        OpenError, SealError, diagnose,
    },
};

/// What was decrypted, by what.
struct Opened {
    plaintext: Zeroizing<Vec<u8>>,
    algorithm: &'static str,
    material: Option<KeyMaterialId>,
}

/// What was encrypted, with what.
struct Sealed {
    ciphertext: Vec<u8>,
    algorithm: &'static str,
    material: Option<KeyMaterialId>,
}

fn material_id(name: &'static str, id: Option<KeyMaterialId>) -> Option<(&'static str, Value)> {
    id.map(|id| (name, Value::text(&format!("{id}"))))
}

/// The algorithm that the request names, in AWS's spelling, or the only one of symmetric keys.
fn algorithm(call: &Call<'_>, key: usize, parameter: &str) -> Outcome<&'static str> {
    let key = call.kms_key(key)?;
    let name = call.parameters.text(parameter).unwrap_or(DEFAULT_ENCRYPTION_ALGORITHM);
    let known = key.key_spec.algorithms(key.key_usage).iter().find(|known| **known == name);
    // Which algorithms fit a key was checked before.
    known
        .copied()
        .ok_or_else(|| KmsError::new(ErrorName::InvalidKeyUsage, format!("{name} does not fit the key.")).into())
}

/// Encrypts under the current key material.
fn seal_under(
    call: &mut Call<'_>,
    key: usize,
    algorithm: &'static str,
    context: &EncryptionContext,
    plaintext: &[u8],
) -> Outcome<Sealed> {
    let found = call.kms_key(key)?;
    if found.key_spec != KeySpec::SymmetricDefault {
        return asymmetric::encrypt(call, key, algorithm, plaintext);
    }
    if found.in_custom_key_store {
        return Err(not_modelled("encryption in a custom key store".into()));
    }
    let material = call.draft.current_material(key, call.random)?;
    let ciphertext = seal::seal(&material, context, plaintext, call.random).map_err(|error| match error {
        SealError::Random(error) => error.into(),
        error => Stop::from(validation(format!("{error}"))),
    })?;
    if let Ok(blob) = Blob::parse(&ciphertext) {
        call.sealed.push((blob.seal_id(), context.clone()));
    }
    call.material = Some(material.id());
    Ok(Sealed { ciphertext, algorithm, material: Some(material.id()) })
}

/// Decrypts, whatever material of the key it was. `named` is the key that the request names, if it does.
fn open_with(
    call: &mut Call<'_>,
    key: usize,
    named: bool,
    algorithm: &'static str,
    context: &EncryptionContext,
) -> Outcome<Opened> {
    let ciphertext = call.parameters.required_blob("CiphertextBlob", 1..=MAX_BLOB_BYTES)?;
    let found = call.kms_key(key)?;
    if found.key_spec != KeySpec::SymmetricDefault {
        return asymmetric::decrypt(call, key, algorithm, &ciphertext);
    }
    if found.in_custom_key_store {
        return Err(not_modelled("decryption in a custom key store".into()));
    }
    let blob = Blob::parse(&ciphertext);
    let material = blob.as_ref().ok().and_then(|blob| call.draft.vault.material(&found.arn, blob.key_material_id()));
    let outcome = match (&blob, &material) {
        (Ok(blob), _) if named && !blob.is_of(&found.arn) => Err(OpenError::IncorrectKey),
        (Ok(blob), Some(material)) => seal::open(blob, material, context),
        _ => Err(OpenError::InvalidCiphertext),
    };
    match outcome {
        Ok(plaintext) => {
            let id = material.map(|material| material.id());
            call.material = id;
            Ok(Opened { plaintext, algorithm: DEFAULT_ENCRYPTION_ALGORITHM, material: id })
        }
        Err(error) => {
            let attempt = Attempt { ciphertext: &ciphertext, key: named.then_some(&found.arn), context };
            let recorded = blob.ok().and_then(|blob| call.seals.get(&blob.seal_id()));
            let known: Vec<&EncryptionContext> = call.seals.values().take(MOST_KNOWN).collect();
            let evidence = Evidence { material: material.as_ref(), sealed_under: recorded, known_contexts: &known };
            Err(Stop::Error(told(error), Some(Cause::Ciphertext(diagnose(&attempt, &evidence)))))
        }
    }
}

/// So many of the encryption contexts that this world has seen are tried on a ciphertext that it did not make.
const MOST_KNOWN: usize = 200;

/// What the caller gets, which says nothing of the cause. The message of `IncorrectKeyException` is that of AWS's
/// sample (<https://docs.aws.amazon.com/kms/latest/developerguide/ct-decrypt.html>); the other error has none.
fn told(error: OpenError) -> KmsError {
    match error {
        OpenError::IncorrectKey => {
            let message = "The key ID in the request does not identify a CMK that can perform this operation.";
            KmsError::new(ErrorName::IncorrectKey, message)
        }
        OpenError::InvalidCiphertext => KmsError::new(ErrorName::InvalidCiphertext, ""),
    }
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html>
pub(super) fn encrypt(call: &mut Call<'_>) -> Outcome {
    let key = call.key()?;
    let algorithm = algorithm(call, key, "EncryptionAlgorithm")?;
    let plaintext = call.parameters.required_blob("Plaintext", 1..=MAX_PLAINTEXT_BYTES)?;
    let context = call.parameters.encryption_context("EncryptionContext")?;
    let sealed = seal_under(call, key, algorithm, &context, &plaintext)?;
    let arn = &call.kms_key(key)?.arn;
    Ok(Value::object([
        ("CiphertextBlob", base64(&sealed.ciphertext)),
        key_id(arn),
        ("EncryptionAlgorithm", Value::text(sealed.algorithm)),
    ]))
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html>
pub(super) fn decrypt(call: &mut Call<'_>) -> Outcome {
    let key = call.key()?;
    no_recipient(call)?;
    let algorithm = algorithm(call, key, "EncryptionAlgorithm")?;
    let context = call.parameters.encryption_context("EncryptionContext")?;
    let named = call.parameters.text("KeyId").is_some();
    let opened = open_with(call, key, named, algorithm, &context)?;
    let mut members = Vec::from([
        key_id(&call.kms_key(key)?.arn),
        ("Plaintext", base64(&opened.plaintext)),
        ("EncryptionAlgorithm", Value::text(opened.algorithm)),
    ]);
    members.extend(material_id("KeyMaterialId", opened.material));
    Ok(Value::object(members))
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_ReEncrypt.html>: nothing of the plaintext leaves KMS.
pub(super) fn re_encrypt(call: &mut Call<'_>) -> Outcome {
    let (source, destination) = (call.nth_key(0)?, call.nth_key(1)?);
    let from = algorithm(call, source, "SourceEncryptionAlgorithm")?;
    let to = algorithm(call, destination, "DestinationEncryptionAlgorithm")?;
    let context = call.parameters.encryption_context("SourceEncryptionContext")?;
    let new_context = call.parameters.encryption_context("DestinationEncryptionContext")?;
    let named = call.parameters.text("SourceKeyId").is_some();
    let opened = open_with(call, source, named, from, &context)?;
    let sealed = seal_under(call, destination, to, &new_context, &opened.plaintext)?;
    let arn = |key: &KeyArn| Value::text(key.as_str());
    let mut members = Vec::from([
        ("CiphertextBlob", base64(&sealed.ciphertext)),
        ("SourceKeyId", arn(&call.kms_key(source)?.arn)),
        ("KeyId", arn(&call.kms_key(destination)?.arn)),
        ("SourceEncryptionAlgorithm", Value::text(opened.algorithm)),
        ("DestinationEncryptionAlgorithm", Value::text(sealed.algorithm)),
    ]);
    members.extend(material_id("SourceKeyMaterialId", opened.material));
    members.extend(material_id("DestinationKeyMaterialId", sealed.material));
    Ok(Value::object(members))
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKey.html>,
/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKeyWithoutPlaintext.html>
pub(super) fn generate_data_key(call: &mut Call<'_>, in_clear: bool) -> Outcome {
    let key = call.key()?;
    no_recipient(call)?;
    let length = match (call.parameters.text("KeySpec"), call.parameters.number("NumberOfBytes")?) {
        (Some("AES_128"), _) => 16,
        (Some(_), _) => 32,
        // Its bounds were checked before.
        (None, Some(bytes)) => usize::try_from(bytes).unwrap_or_default(),
        // AWS's sentence, from reports of real calls.
        (None, None) => return Err(validation("Please specify either number of bytes or key spec.").into()),
    };
    let context = call.parameters.encryption_context("EncryptionContext")?;
    let data_key = random_bytes(length, call.random)?;
    let sealed = seal_under(call, key, DEFAULT_ENCRYPTION_ALGORITHM, &context, &data_key)?;
    let mut members = Vec::from([("CiphertextBlob", base64(&sealed.ciphertext))]);
    if in_clear {
        members.push(("Plaintext", base64(&data_key)));
    }
    members.push(key_id(&call.kms_key(key)?.arn));
    members.extend(material_id("KeyMaterialId", sealed.material));
    Ok(Value::object(members))
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateRandom.html>
pub(super) fn generate_random(call: &mut Call<'_>) -> Outcome {
    no_recipient(call)?;
    let Some(bytes) = call.parameters.number("NumberOfBytes")? else {
        call.parameters.required("NumberOfBytes")?;
        return Err(validation("NumberOfBytes is no number.").into());
    };
    let drawn = random_bytes(usize::try_from(bytes).unwrap_or_default(), call.random)?;
    Ok(Value::object([("Plaintext", base64(&drawn))]))
}

/// What goes to an enclave is encrypted for it.
fn no_recipient(call: &Call<'_>) -> Outcome<()> {
    match call.parameters.written("Recipient") {
        None => Ok(()),
        Some(_) => Err(not_modelled("a ciphertext for the enclave of a `Recipient`".into())),
    }
}

/// RSA keys.
mod asymmetric {
    use super::{Call, Opened, Outcome, Sealed};

    #[cfg(feature = "signatures")]
    pub(super) fn encrypt(
        call: &mut Call<'_>,
        key: usize,
        algorithm: &'static str,
        plaintext: &[u8],
    ) -> Outcome<Sealed> {
        let found = call.kms_key(key)?;
        let Some(with) = crate::sign::EncryptionAlgorithm::from_name(algorithm) else {
            return Err(super::not_modelled(alloc::format!("`{algorithm}`")));
        };
        let pair = call.draft.vault.pair(&found.arn, found.key_spec, call.random)?;
        Ok(Sealed { ciphertext: pair.encrypt(with, plaintext, call.random)?, algorithm, material: None })
    }

    #[cfg(feature = "signatures")]
    pub(super) fn decrypt(
        call: &mut Call<'_>,
        key: usize,
        algorithm: &'static str,
        ciphertext: &[u8],
    ) -> Outcome<Opened> {
        let found = call.kms_key(key)?;
        let Some(with) = crate::sign::EncryptionAlgorithm::from_name(algorithm) else {
            return Err(super::not_modelled(alloc::format!("`{algorithm}`")));
        };
        let pair = call.draft.vault.pair(&found.arn, found.key_spec, call.random)?;
        let plaintext = pair.decrypt(with, ciphertext, call.random).map_err(|error| match error {
            // As KMS, which says nothing more.
            crate::sign::SignError::InvalidCiphertext => {
                crate::check::KmsError::new(crate::check::ErrorName::InvalidCiphertext, "").into()
            }
            error => super::Stop::from(error),
        })?;
        Ok(Opened { plaintext, algorithm, material: None })
    }

    #[cfg(not(feature = "signatures"))]
    pub(super) fn encrypt(_: &mut Call<'_>, _: usize, algorithm: &'static str, _: &[u8]) -> Outcome<Sealed> {
        Err(super::not_modelled(alloc::format!("`{algorithm}`, in a build without the feature `signatures`,")))
    }

    #[cfg(not(feature = "signatures"))]
    pub(super) fn decrypt(_: &mut Call<'_>, _: usize, algorithm: &'static str, _: &[u8]) -> Outcome<Opened> {
        Err(super::not_modelled(alloc::format!("`{algorithm}`, in a build without the feature `signatures`,")))
    }
}
