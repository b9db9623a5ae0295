//! Data of any size under a data key, for JavaScript.

use js_sys::{Array, Uint8Array};
use keytrace::{
    arn::KeyArn,
    seal::{
        EncryptionContext,
        envelope::{DEFAULT_FRAME_BYTES, DataKey, EncryptedDataKey, Header, HeaderReader, OpenError, Opener, Sealer},
    },
};
use wasm_bindgen::prelude::{JsError, JsValue, wasm_bindgen};
use zeroize::Zeroizing;

use crate::{
    random::Platform,
    read::{self, Record},
};

/// Seals data that come in chunks of any size, under a data key. The message is in the format of the AWS Encryption
/// SDK, and what the methods return are its parts, in order.
///
/// ```js
/// const sealer = new EnvelopeSealer({ dataKey, encryptedDataKeys, encryptionContext: { file: "report.pdf" } });
/// const sealing = new TransformStream({
///   transform: (chunk, controller) => controller.enqueue(sealer.update(chunk)),
///   flush: (controller) => controller.enqueue(sealer.finish()),
/// });
/// const sealed = new Blob([plaintext]).stream().pipeThrough(sealing);
/// const message = new Uint8Array(await new Response(sealed).arrayBuffer());
/// assert.deepEqual(openEnvelope(message, dataKey), plaintext);
/// ```
#[wasm_bindgen]
#[derive(Debug)]
pub struct EnvelopeSealer {
    /// `None` once the message is finished, so that its keys are gone.
    sealer: Option<Sealer>,
    /// Until it was handed out.
    header: Vec<u8>,
    frame_bytes: usize,
    /// More plaintext than this is not waiting for its frame.
    waiting: usize,
}

#[wasm_bindgen]
impl EnvelopeSealer {
    /// Begins a message.
    ///
    /// # Errors
    /// If the options are none, the header cannot be written, or there are no random bytes.
    #[wasm_bindgen(constructor)]
    pub fn new(#[wasm_bindgen(unchecked_param_type = "SealOptions")] options: &JsValue) -> Result<Self, JsError> {
        let Options { data_key, encrypted, context, frame_bytes } = Options::read(options)?;
        let (sealer, header) = Sealer::new(&data_key, &encrypted, &context, frame_bytes, &mut Platform)?;
        Ok(Self { sealer: Some(sealer), header, frame_bytes: usize::try_from(frame_bytes)?, waiting: 0 })
    }

    /// Takes a chunk of the plaintext, and returns what of the message is ready. That may be nothing yet.
    ///
    /// # Errors
    /// If the message is finished, or there are more data than it can hold.
    #[wasm_bindgen(unchecked_return_type = "Uint8Array<ArrayBuffer>")]
    pub fn update(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Uint8Array")] chunk: &JsValue,
    ) -> Result<Uint8Array, JsError> {
        let chunk = read::bytes(chunk, "chunk")?;
        let mut message = self.room(chunk.len())?;
        if let Err(error) = self.sealer.as_mut().ok_or_else(finished)?.update(&chunk, &mut message) {
            // A part of the chunk is missing: what is left must not be finished and taken for all.
            self.sealer = None;
            return Err(error.into());
        }
        self.header.clear();
        self.waiting = self.waiting.saturating_add(chunk.len()).min(self.frame_bytes);
        Ok(Uint8Array::new_from_slice(&message))
    }

    /// Returns the end of the message, without which nobody takes it for whole.
    ///
    /// # Errors
    /// If it is finished already, or there are more data than it can hold.
    #[wasm_bindgen(unchecked_return_type = "Uint8Array<ArrayBuffer>")]
    pub fn finish(&mut self) -> Result<Uint8Array, JsError> {
        let mut message = self.room(0)?;
        self.sealer.take().ok_or_else(finished)?.finish(&mut message)?;
        Ok(Uint8Array::new_from_slice(&message))
    }

    /// Room for all that is ready once so many bytes have come, with the header in front if it is due.
    fn room(&self, bytes: usize) -> Result<Vec<u8>, JsError> {
        let plaintext = self.waiting.saturating_add(bytes);
        let frames = plaintext.checked_div(self.frame_bytes).unwrap_or_default().saturating_add(1);
        let framing = frames.saturating_mul(MOST_FRAMING);
        let mut room = read::room(self.header.len().saturating_add(plaintext).saturating_add(framing))?;
        room.extend(&self.header);
        Ok(room)
    }
}

/// What a frame takes beside its ciphertext, in bytes, at most.
const MOST_FRAMING: usize = 4 + 4 + 12 + 4 + 16;

/// Opens a message that comes in chunks of any size. Every byte that it returns was authentic and in its place; that
/// nothing is missing is known only when `finish` returns.
///
/// ```js
/// const opener = new EnvelopeOpener();
/// const plaintext = [];
/// for (const chunk of chunks) {
///   plaintext.push(opener.update(chunk));
///   if (opener.needsDataKey) {
///     const { encryptionContext, encryptedDataKeys } = opener.header;
///     // Is it the message that you expect?
///     assert.equal(encryptionContext.file, "report.pdf");
///     const { Plaintext } = await kms.decrypt({
///       CiphertextBlob: encryptedDataKeys[0].ciphertext,
///       EncryptionContext: encryptionContext,
///     });
///     opener.useDataKey(Plaintext);
///   }
/// }
/// plaintext.push(opener.finish());
/// ```
#[wasm_bindgen]
#[derive(Debug)]
pub struct EnvelopeOpener {
    /// Once it came in.
    header: Option<Header>,
    stage: Stage,
    /// What came behind the header and before the data key.
    rest: Vec<u8>,
    /// More plaintext than this is not waiting for its frame to be whole.
    waiting: usize,
}

#[derive(Debug)]
enum Stage {
    Header(HeaderReader),
    DataKey,
    Frames(Box<Opener>),
    Finished,
    /// For ever.
    Failed(OpenError),
}

/// So much is looked at to find the end of the header, before more is.
const HEADER_PIECE: usize = 64 << 10;

#[wasm_bindgen]
impl EnvelopeOpener {
    /// With nothing read yet.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self { header: None, stage: Stage::Header(HeaderReader::new()), rest: Vec::new(), waiting: 0 }
    }

    /// What the message says of itself, once so much of it came in. It is authentic once `useDataKey` took a key;
    /// whether it is what you expect is yours to check.
    ///
    /// # Errors
    /// Only if no object can be made of it.
    #[wasm_bindgen(getter, unchecked_return_type = "EnvelopeHeader | undefined")]
    pub fn header(&self) -> Result<JsValue, JsError> {
        self.header.as_ref().map_or(Ok(JsValue::UNDEFINED), header_view)
    }

    /// Whether the header is there and the data key is not: nothing can be opened before `useDataKey`.
    #[wasm_bindgen(getter, js_name = needsDataKey)]
    #[must_use]
    pub fn needs_data_key(&self) -> bool {
        matches!(self.stage, Stage::DataKey)
    }

    /// Takes the data key, 32 bytes. What came behind the header is opened by the next `update` or by `finish`.
    ///
    /// # Errors
    /// If it is not the data key of this message, or the header was changed. Another key may be tried then.
    #[wasm_bindgen(js_name = useDataKey)]
    pub fn use_data_key(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Uint8Array", js_name = dataKey)] data_key: &JsValue,
    ) -> Result<(), JsError> {
        let data_key = read_data_key(data_key)?;
        match (&self.stage, &self.header) {
            (Stage::DataKey, Some(header)) => {
                self.stage = Stage::Frames(Box::new(Opener::new(header, &data_key)?));
                Ok(())
            }
            (Stage::Failed(error), _) => Err((*error).into()),
            (Stage::Finished, _) => Err(finished()),
            (Stage::Frames(_), _) => Err(JsError::new("the data key is there already")),
            _ => Err(JsError::new("the data key comes after the header: when `needsDataKey` says so")),
        }
    }

    /// Takes a chunk of the message, and returns the plaintext that it completes. That may be nothing yet.
    ///
    /// # Errors
    /// If it is no message that can be opened, the data key is due, or a frame is not what was sealed. Nothing is
    /// opened after that.
    #[wasm_bindgen(unchecked_return_type = "Uint8Array<ArrayBuffer>")]
    pub fn update(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Uint8Array")] chunk: &JsValue,
    ) -> Result<Uint8Array, JsError> {
        let chunk = read::bytes(chunk, "chunk")?;
        let plaintext = match &mut self.stage {
            Stage::Header(_) => self.read_header(&chunk).map(|()| Zeroizing::default())?,
            Stage::DataKey => return Err(no_data_key()),
            Stage::Frames(_) => self.open(&chunk)?,
            Stage::Finished => return Err(finished()),
            Stage::Failed(error) => return Err((*error).into()),
        };
        Ok(Uint8Array::new_from_slice(&plaintext))
    }

    /// Returns what is left of the plaintext, if the message was whole. Only then is it all of it.
    ///
    /// # Errors
    /// If something is missing or wrong.
    #[wasm_bindgen(unchecked_return_type = "Uint8Array<ArrayBuffer>")]
    pub fn finish(&mut self) -> Result<Uint8Array, JsError> {
        match self.stage {
            Stage::Header(_) => return Err(self.failed(OpenError::Truncated)),
            Stage::DataKey => return Err(no_data_key()),
            Stage::Finished => return Err(finished()),
            Stage::Failed(error) => return Err(error.into()),
            Stage::Frames(_) => {}
        }
        let plaintext = self.open(&[])?;
        if let Stage::Frames(opener) = std::mem::replace(&mut self.stage, Stage::Finished) {
            opener.finish().map_err(|error| self.failed(error))?;
        }
        Ok(Uint8Array::new_from_slice(&plaintext))
    }

    fn read_header(&mut self, chunk: &[u8]) -> Result<(), JsError> {
        let Stage::Header(reader) = &mut self.stage else { return Ok(()) };
        let mut later = chunk;
        while !later.is_empty() {
            let (piece, behind) = later.split_at_checked(HEADER_PIECE).unwrap_or((later, &[]));
            later = behind;
            match reader.feed(piece) {
                Ok(None) => {}
                Ok(Some((header, rest))) => {
                    self.rest = read::room(rest.len().saturating_add(later.len()))?;
                    self.rest.extend(rest);
                    self.rest.extend(later);
                    self.header = Some(header);
                    self.stage = Stage::DataKey;
                    return Ok(());
                }
                Err(error) => return Err(self.failed(error)),
            }
        }
        Ok(())
    }

    fn open(&mut self, chunk: &[u8]) -> Result<Zeroizing<Vec<u8>>, JsError> {
        let Stage::Frames(opener) = &mut self.stage else { return Ok(Zeroizing::default()) };
        let most = self.waiting.saturating_add(self.rest.len()).saturating_add(chunk.len());
        // All at once: a `Vec` that grows would leave copies of the plaintext behind.
        let mut plaintext = Zeroizing::new(read::room(most)?);
        let rest = std::mem::take(&mut self.rest);
        let opened = opener.update(&rest, &mut plaintext).and_then(|()| opener.update(chunk, &mut plaintext));
        opened.map_err(|error| self.failed(error))?;
        self.waiting = most.saturating_sub(plaintext.len());
        Ok(plaintext)
    }

    fn failed(&mut self, error: OpenError) -> JsError {
        self.stage = Stage::Failed(error);
        error.into()
    }
}

impl Default for EnvelopeOpener {
    fn default() -> Self {
        Self::new()
    }
}

/// Seals data in one go: the whole message. `EnvelopeSealer` takes them in chunks.
///
/// ```js
/// const EncryptionContext = { file: "report.pdf" };
/// const { KeyId, Plaintext, CiphertextBlob } = await kms.generateDataKey({
///   KeyId: "alias/reports",
///   KeySpec: "AES_256",
///   EncryptionContext,
/// });
/// const message = sealEnvelope(plaintext, {
///   dataKey: Plaintext,
///   encryptedDataKeys: [encryptedByKms(KeyId, CiphertextBlob)],
///   encryptionContext: EncryptionContext,
/// });
/// ```
///
/// # Errors
/// Those of `EnvelopeSealer`.
#[wasm_bindgen(js_name = sealEnvelope, unchecked_return_type = "Uint8Array<ArrayBuffer>")]
pub fn seal_envelope(
    #[wasm_bindgen(unchecked_param_type = "Uint8Array")] plaintext: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "SealOptions")] options: &JsValue,
) -> Result<Uint8Array, JsError> {
    let plaintext = read::bytes(plaintext, "plaintext")?;
    let mut sealer = EnvelopeSealer::new(options)?;
    let mut message = sealer.room(plaintext.len())?;
    let mut engine = sealer.sealer.take().ok_or_else(finished)?;
    engine.update(&plaintext, &mut message)?;
    engine.finish(&mut message)?;
    Ok(Uint8Array::new_from_slice(&message))
}

/// Reads the header of a message that is there from its start: with what it says, `Decrypt` gives the data key.
///
/// # Errors
/// If it is no header that can be opened here, or goes on behind these bytes.
#[wasm_bindgen(js_name = readEnvelopeHeader, unchecked_return_type = "EnvelopeHeader")]
pub fn read_envelope_header(
    #[wasm_bindgen(unchecked_param_type = "Uint8Array")] message: &JsValue,
) -> Result<JsValue, JsError> {
    let (header, _) = Header::read(&read::bytes(message, "message")?)?.ok_or(OpenError::Truncated)?;
    header_view(&header)
}

/// Opens a whole message: its plaintext. `EnvelopeOpener` takes it in chunks.
///
/// ```js
/// const { encryptionContext, encryptedDataKeys } = readEnvelopeHeader(message);
/// const { Plaintext } = await kms.decrypt({
///   CiphertextBlob: encryptedDataKeys[0].ciphertext,
///   EncryptionContext: encryptionContext,
/// });
/// const opened = openEnvelope(message, Plaintext);
/// ```
///
/// # Errors
/// If it is no message that can be opened here, is not whole, was changed, or has another data key.
#[wasm_bindgen(js_name = openEnvelope, unchecked_return_type = "Uint8Array<ArrayBuffer>")]
pub fn open_envelope(
    #[wasm_bindgen(unchecked_param_type = "Uint8Array")] message: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "Uint8Array", js_name = dataKey)] data_key: &JsValue,
) -> Result<Uint8Array, JsError> {
    let message = read::bytes(message, "message")?;
    let (header, start) = Header::read(&message)?.ok_or(OpenError::Truncated)?;
    let mut opener = Opener::new(&header, &read_data_key(data_key)?)?;
    let frames = message.get(start..).unwrap_or_default();
    let mut plaintext = Zeroizing::new(read::room(frames.len())?);
    opener.update(frames, &mut plaintext)?;
    opener.finish()?;
    Ok(Uint8Array::new_from_slice(&plaintext))
}

/// A data key that KMS encrypted, from `KeyId` and `CiphertextBlob` of what `GenerateDataKey` or `Encrypt` returned,
/// as the AWS Encryption SDK writes it.
///
/// # Errors
/// If `keyId` is not the ARN of a key, which is what KMS returns.
#[wasm_bindgen(js_name = encryptedByKms, unchecked_return_type = "EncryptedDataKey")]
pub fn encrypted_by_kms(
    #[wasm_bindgen(unchecked_param_type = "string", js_name = keyId)] key_id: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "Uint8Array", js_name = ciphertextBlob)] ciphertext_blob: &JsValue,
) -> Result<JsValue, JsError> {
    let key_id = read::text(key_id, "keyId")?;
    let key = KeyArn::parse(&key_id)
        .ok_or_else(|| JsError::new(&format!("`{key_id}` is not the ARN of a key, which KMS returns as `KeyId`")))?;
    let blob = read::bytes(ciphertext_blob, "ciphertextBlob")?;
    encrypted_data_key_view(&EncryptedDataKey::by_kms(&key, blob.to_vec()))
}

/// What `types.d.ts` calls `SealOptions`.
struct Options {
    data_key: DataKey,
    encrypted: Vec<EncryptedDataKey>,
    context: EncryptionContext,
    frame_bytes: u32,
}

impl Options {
    fn read(value: &JsValue) -> Result<Self, JsError> {
        const NAMES: [&str; 4] = ["dataKey", "encryptedDataKeys", "encryptionContext", "frameLength"];
        let options = Record::read(value, "options", &NAMES)?;
        let [data_key, encrypted, context, frame_length] = NAMES.map(|name| options.get(name));
        let encrypted = read::elements(&encrypted, "encryptedDataKeys")?;
        Ok(Self {
            encrypted: encrypted.iter().map(|value| read_encrypted_data_key(&value)).collect::<Result<_, _>>()?,
            context: read_encryption_context(&context)?,
            frame_bytes: read_frame_length(&frame_length)?,
            data_key: read_data_key(&data_key)?,
        })
    }
}

fn read_data_key(value: &JsValue) -> Result<DataKey, JsError> {
    let bytes = read::bytes(value, "dataKey")?;
    let wrong = || format!("a data key has 32 bytes, as `GenerateDataKey` gives for `AES_256`, not {}", bytes.len());
    DataKey::new(&bytes).ok_or_else(|| JsError::new(&wrong()))
}

fn read_encrypted_data_key(value: &JsValue) -> Result<EncryptedDataKey, JsError> {
    const NAMES: [&str; 3] = ["keyProviderId", "keyProviderInfo", "ciphertext"];
    let encrypted = Record::read(value, "an encrypted data key", &NAMES)?;
    let [id, info, ciphertext] = NAMES;
    Ok(EncryptedDataKey {
        key_provider_id: read::text(&encrypted.get(id), id)?,
        key_provider_info: read::bytes(&encrypted.get(info), info)?.to_vec(),
        ciphertext: read::bytes(&encrypted.get(ciphertext), ciphertext)?.to_vec(),
    })
}

fn read_encryption_context(value: &JsValue) -> Result<EncryptionContext, JsError> {
    if value.is_undefined() {
        return Ok(EncryptionContext::default());
    }
    let pairs = read::properties(value, "encryptionContext")?.into_iter();
    let pairs =
        pairs.map(|(key, value)| read::text(&value, &format!("encryptionContext.{key}")).map(|text| (key, text)));
    Ok(EncryptionContext::from_pairs(pairs.collect::<Result<Vec<_>, _>>()?)?)
}

fn read_frame_length(value: &JsValue) -> Result<u32, JsError> {
    if value.is_undefined() {
        return Ok(DEFAULT_FRAME_BYTES);
    }
    let whole = |number: &f64| number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(number);
    let number = value.as_f64().filter(whole);
    let number = number.ok_or_else(|| JsError::new("`frameLength` has to be a whole number of bytes"))?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was just found to fit")]
    Ok(number as u32)
}

fn header_view(header: &Header) -> Result<JsValue, JsError> {
    let pairs = header.encryption_context().iter().map(|(key, value)| (key, JsValue::from_str(value)));
    let encrypted = header.encrypted_data_keys().iter().map(encrypted_data_key_view);
    read::object([
        ("encryptionContext", read::object(pairs)?),
        ("encryptedDataKeys", encrypted.collect::<Result<Array, _>>()?.into()),
        ("frameLength", header.frame_bytes().into()),
    ])
}

fn encrypted_data_key_view(encrypted: &EncryptedDataKey) -> Result<JsValue, JsError> {
    read::object([
        ("keyProviderId", JsValue::from_str(&encrypted.key_provider_id)),
        ("keyProviderInfo", Uint8Array::new_from_slice(&encrypted.key_provider_info).into()),
        ("ciphertext", Uint8Array::new_from_slice(&encrypted.ciphertext).into()),
    ])
}

fn finished() -> JsError {
    JsError::new("the message is finished")
}

fn no_data_key() -> JsError {
    JsError::new("the data key is due: read `header`, get at the data key, and call `useDataKey`")
}
