//! The parameters of a call, as its operation needs them.

use alloc::{boxed::Box, format, string::String, vec::Vec};
use core::ops::RangeInclusive;

use base64ct::{Base64, Encoding as _};
use zeroize::Zeroizing;

use crate::{
    check::{KmsError, constraint, validation},
    json::Value,
    request::Request,
    seal::EncryptionContext,
};

/// The parameters of a call.
#[derive(Clone, Copy)]
pub(super) struct Parameters<'a> {
    request: &'a Request,
    written: Option<&'a Value>,
}

impl<'a> Parameters<'a> {
    pub fn new(request: &'a Request, written: Option<&'a Value>) -> Self {
        Self { request, written }
    }

    /// As the caller wrote it; `null` is as good as absence.
    pub fn written(&self, name: &str) -> Option<&'a Value> {
        self.written?.get(name).filter(|value| value.kind != crate::json::Kind::Null)
    }

    /// All of them, as the caller wrote them.
    pub const fn all(&self) -> Option<&'a Value> {
        self.written
    }

    pub fn text(&self, name: &str) -> Option<&'a str> {
        self.request.text(name)
    }

    /// What AWS says of a parameter that is missing, from reports of real calls.
    pub fn required(&self, name: &str) -> Result<&'a str, KmsError> {
        self.text(name).ok_or_else(|| missing(name))
    }

    pub fn flag(&self, name: &str) -> bool {
        self.text(name) == Some("true")
    }

    pub fn number(&self, name: &str) -> Result<Option<i64>, KmsError> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let number =
            text.parse().map_err(|_| validation(format!("Value '{text}' at '{}' is no number.", member(name))));
        number.map(Some)
    }

    pub fn list(&self, name: &str) -> &'a [Box<str>] {
        self.request.list(name)
    }

    pub fn pairs(&self, name: &str) -> &'a [(Box<str>, Box<str>)] {
        self.request.pairs(name)
    }

    /// Bytes, which the `aws` command takes in base64. It says itself when they are not; the sentence is ours.
    pub fn blob(&self, name: &str, lengths: RangeInclusive<usize>) -> Result<Option<Zeroizing<Vec<u8>>>, KmsError> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let bytes = Base64::decode_vec(text)
            .map_err(|_| validation(format!("Value at '{}' must be base64, with its padding.", member(name))))?;
        let bytes = Zeroizing::new(bytes);
        let (least, most) = (*lengths.start(), *lengths.end());
        // AWS never repeats bytes that may be secret.
        let length = |must: String| Err(constraint(name, "***", &must));
        if bytes.len() < least {
            return length(format!("have length greater than or equal to {least}"));
        }
        if bytes.len() > most {
            return length(format!("have length less than or equal to {most}"));
        }
        Ok(Some(bytes))
    }

    pub fn required_blob(&self, name: &str, lengths: RangeInclusive<usize>) -> Result<Zeroizing<Vec<u8>>, KmsError> {
        self.blob(name, lengths)?.ok_or_else(|| missing(name))
    }

    /// An encryption context. Absent and empty are the same.
    pub fn encryption_context(&self, name: &str) -> Result<EncryptionContext, KmsError> {
        let pairs = self.pairs(name).iter().map(|(key, value)| (&**key, &**value));
        EncryptionContext::from_pairs(pairs).map_err(|error| validation(format!("{error}")))
    }
}

fn missing(name: &str) -> KmsError {
    let sentence = "failed to satisfy constraint: Member must not be null";
    validation(format!("1 validation error detected: Value null at '{}' {sentence}", member(name)))
}

/// AWS's messages begin names with a small letter.
fn member(name: &str) -> String {
    let mut member = String::from(name);
    if let Some(first) = member.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    member
}

/// Bytes as the `aws` command prints them.
pub(super) fn base64(bytes: &[u8]) -> Value {
    Value::text(&Base64::encode_string(bytes))
}
