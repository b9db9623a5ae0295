use alloc::string::String;
use core::fmt;

macro_rules! error_names {
    ($($(#[$note:meta])* $name:ident = $text:literal,)*) => {
        /// The errors that a request can end in, by AWS's names.
        ///
        /// <https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html> and the section "Errors"
        /// of each operation's page.
        ///
        /// ```
        /// use keytrace::check::ErrorName;
        ///
        /// assert_eq!(ErrorName::KmsInvalidState.as_str(), "KMSInvalidStateException");
        /// assert_eq!(ErrorName::from_name("DisabledException"), Some(ErrorName::Disabled));
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ErrorName {
            $($(#[$note])* #[doc = concat!("(`", $text, "`)")] $name,)*
        }

        impl ErrorName {
            /// Every one of them.
            pub const ALL: &'static [ErrorName] = &[$(ErrorName::$name,)*];

            /// The name that AWS gives it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(ErrorName::$name => $text,)* }
            }

            /// The error of that name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|error| error.as_str() == name)
            }
        }
    };
}

error_names! {
    /// Nobody allowed the request, or somebody denied it.
    AccessDenied = "AccessDeniedException",
    /// Something of that name is there already.
    AlreadyExists = "AlreadyExistsException",
    /// Something else is under way that the operation would get in the way of.
    Conflict = "ConflictException",
    /// The key is disabled.
    Disabled = "DisabledException",
    /// The request would have succeeded, but it was a dry run.
    DryRunOperation = "DryRunOperationException",
    /// The import token is older than 24 hours.
    ExpiredImportToken = "ExpiredImportTokenException",
    /// Another key than the one that the request names encrypted the ciphertext.
    IncorrectKey = "IncorrectKeyException",
    /// The key material that is imported is not what it has to be.
    IncorrectKeyMaterial = "IncorrectKeyMaterialException",
    /// No alias can have that name.
    InvalidAliasName = "InvalidAliasNameException",
    /// An ARN is none, or an alias is given where none is taken.
    InvalidArn = "InvalidArnException",
    /// The ciphertext does not decrypt: it was changed, or encrypted under another encryption context.
    InvalidCiphertext = "InvalidCiphertextException",
    /// No grant has that token.
    InvalidGrantToken = "InvalidGrantTokenException",
    /// The import token is not of this key, or not for what was wrapped.
    InvalidImportToken = "InvalidImportTokenException",
    /// The usage of the key, or its spec, does not fit the operation or the algorithm.
    InvalidKeyUsage = "InvalidKeyUsageException",
    /// The place from which a list was to go on is none.
    InvalidMarker = "InvalidMarkerException",
    /// KMS itself failed: here, for want of random bytes.
    KmsInternal = "KMSInternalException",
    /// The MAC is not that of the message.
    KmsInvalidMac = "KMSInvalidMacException",
    /// The signature is not that of the message.
    KmsInvalidSignature = "KMSInvalidSignatureException",
    /// The state of the key does not fit the operation.
    KmsInvalidState = "KMSInvalidStateException",
    /// A quota or a length was exceeded.
    LimitExceeded = "LimitExceededException",
    /// The key policy is malformed, or would lock its author out.
    MalformedPolicyDocument = "MalformedPolicyDocumentException",
    /// The key, the alias, the grant or the policy is not there.
    NotFound = "NotFoundException",
    /// A tag is none, or there are too many.
    Tag = "TagException",
    /// The operation does not take that key or that parameter.
    UnsupportedOperation = "UnsupportedOperationException",
    /// A parameter is not what the operation takes.
    Validation = "ValidationException",
}

impl fmt::Display for ErrorName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An error of KMS, as the caller gets it.
///
/// The message is AWS's where its documentation prints one, or where reports of real calls agree on one.
/// Elsewhere it is a short sentence of our own in AWS's manner: each function that makes one says so.
///
/// ```
/// use keytrace::check::{ErrorName, KmsError};
///
/// let error = KmsError::new(ErrorName::Disabled, "arn:aws:kms:us-west-2:111122223333:key/1234abcd is disabled.");
/// assert_eq!(error.to_string(), "DisabledException: arn:aws:kms:us-west-2:111122223333:key/1234abcd is disabled.");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KmsError {
    /// Which error.
    pub name: ErrorName,
    /// What it says.
    pub message: String,
}

impl KmsError {
    /// An error with its message.
    #[must_use]
    pub fn new(name: ErrorName, message: impl Into<String>) -> Self {
        Self { name, message: message.into() }
    }
}

impl fmt::Display for KmsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.message {
            "" => self.name.fmt(f),
            message => write!(f, "{}: {message}", self.name),
        }
    }
}

impl core::error::Error for KmsError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found() {
        for &error in ErrorName::ALL {
            assert_eq!(ErrorName::from_name(error.as_str()), Some(error));
        }
        assert_eq!(ErrorName::from_name("ValidationError"), None);
        assert!(ErrorName::ALL.is_sorted_by(|a, b| a < b && a.as_str().to_lowercase() < b.as_str().to_lowercase()));
    }
}
