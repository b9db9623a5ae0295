//! Signatures that really happen: what `Sign`, `Verify` and `GetPublicKey` do once they are authorized. Only with
//! the feature `signatures`.
//!
//! ```
//! use keytrace::{
//!     catalog::KeySpec,
//!     random::{Random, RandomError},
//!     sign::{MessageType, SignError, SigningAlgorithm, SigningKey},
//! };
//!
//! # struct System(u8);
//! # impl Random for System {
//! #     fn fill(&mut self, bytes: &mut [u8]) -> Result<(), RandomError> {
//! #         bytes.iter_mut().for_each(|byte| { self.0 = self.0.wrapping_add(1); *byte = self.0; });
//! #         Ok(())
//! #     }
//! # }
//! # let mut random = System(0);
//! // `CreateKey`, with a source of random bytes that the caller brings.
//! let key = SigningKey::generate(KeySpec::EccNistP256, &mut random)?;
//!
//! // `Sign` takes a message or its digest, `Verify` as well; the two need not take the same.
//! let algorithm = SigningAlgorithm::EcdsaSha256;
//! let signature = key.sign(algorithm, MessageType::Raw, b"ship it", &mut random)?;
//! key.verify(algorithm, MessageType::Raw, b"ship it", &signature)?;
//!
//! // KMS never answers `SignatureValid: false`: it fails.
//! let error = key.verify(algorithm, MessageType::Raw, b"ship it twice", &signature).unwrap_err();
//! assert_eq!(error, SignError::InvalidSignature);
//! assert_eq!(error.name(), "KMSInvalidSignatureException");
//!
//! // `GetPublicKey`: what other libraries verify with.
//! assert_eq!(key.public_key().len(), 91);
//! # Ok::<(), SignError>(())
//! ```
//!
//! | key spec | algorithms | signature | public key |
//! |---|---|---|---|
//! | `RSA_2048`, `_3072`, `_4096` | `RSASSA_PSS_SHA_…`, `RSASSA_PKCS1_V1_5_SHA_256`, `_384`, `_512` | 256, 384, 512 bytes | SubjectPublicKeyInfo, 294, 422, 550 bytes |
//! | `ECC_NIST_P256`, `ECC_SECG_P256K1` | `ECDSA_SHA_256` | DER, up to 72 bytes | 91, 88 bytes |
//! | `ECC_NIST_P384` | `ECDSA_SHA_384` | DER, up to 104 bytes | 120 bytes |
//! | `ECC_NIST_P521` | `ECDSA_SHA_512` | DER, up to 139 bytes | 158 bytes |
//! | `ECC_NIST_EDWARDS25519` | `ED25519_SHA_512`, `ED25519_PH_SHA_512` | 64 bytes | 44 bytes |
//!
//! Signatures and keys are in the formats that KMS gives: ECDSA signatures in DER (ANSI X9.62, RFC 3279), public
//! keys as SubjectPublicKeyInfo in DER (RFC 5280), private keys as PKCS #8
//! (<https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html>,
//! <https://docs.aws.amazon.com/kms/latest/APIReference/API_GetPublicKey.html>). `SM2DSA` and
//! `ML_DSA_SHAKE_256` are not here. Who may sign, and whether the key is enabled and of the right usage, is not
//! asked here either: see [`check`](crate::check).
//!
//! # What it withstands
//!
//! The cryptography is RustCrypto's, compiled without assembly. Private keys and seeds are wiped when dropped and
//! do not show in `Debug`; copies that the compiler makes on the stack may stay behind. The code is written to
//! take the same time for every key, but WebAssembly promises nothing about time, and nobody has measured this
//! module.
//!
//! RSA deserves a word. The crate `rsa` leaked its private key through the time that it took, up to 0.9
//! (RUSTSEC-2023-0071, "Marvin"). This is 0.10, whose authors replaced the arithmetic and hardened every private
//! operation for that reason; here each one is blinded besides, with fresh randomness for base, exponents and
//! primes. Some copies of values in between are not wiped. Nothing here decrypts PKCS #1 v1.5, which is where
//! such leaks are at their worst. If somebody who must not have your keys can measure how long you sign or
//! decrypt, use AWS KMS itself, which keeps them in hardware.

mod algorithm;
mod ecdsa;
mod ed25519;
mod encryption;
mod error;
mod key;
mod rsa;
mod seed;
mod verifying;

pub use algorithm::{MESSAGE_LIMIT, MessageType, SIGNATURE_LIMIT, SigningAlgorithm};
pub use encryption::EncryptionAlgorithm;
pub use error::SignError;
pub use key::SigningKey;
pub use seed::Seed;
pub use verifying::VerifyingKey;

#[cfg(test)]
mod tests;
