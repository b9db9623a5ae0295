//! KMS as it lives: its operations on a world, each authorized, done and recorded.
//!
//! ```
//! use keytrace::{json::Value, service::{Kms, Outcome, Timestamp}};
//! # use keytrace::random::{Random, RandomError};
//! # struct Source(u8);
//! # impl Random for Source {
//! #     fn fill(&mut self, bytes: &mut [u8]) -> Result<(), RandomError> {
//! #         bytes.iter_mut().for_each(|byte| { self.0 = self.0.wrapping_add(1); *byte = self.0 });
//! #         Ok(())
//! #     }
//! # }
//! # let mut random = Source(0);
//! let world = r#"{
//!     "keytrace": 1,
//!     "now": "2026-11-24T12:00:00Z",
//!     "principals": [{"Arn": "arn:aws:iam::111122223333:user/alice", "Policies": [{"PolicyName": "all", "PolicyDocument": {
//!         "Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}}}]}]
//! }"#;
//! let mut kms = Kms::open(world, Timestamp::UNIX_EPOCH).value.unwrap();
//! let mut call = |operation: &str, parameters: &str| {
//!     let principal = "arn:aws:iam::111122223333:user/alice";
//!     let request = format!(r#"{{"principal": "{principal}", "operation": "{operation}", "parameters": {parameters}}}"#);
//!     match kms.call(&request, &mut random).value.unwrap().outcome {
//!         Outcome::Done(result) => result,
//!         other => panic!("{other:?}"),
//!     }
//! };
//! let text = |value: &Value, name: &str| value.get(name).unwrap().as_str().unwrap().to_owned();
//!
//! let created = call("CreateKey", "{}");
//! let key = text(created.get("KeyMetadata").unwrap(), "KeyId");
//! let sealed = call("Encrypt", &format!(r#"{{"KeyId": "{key}", "Plaintext": "aGVsbG8="}}"#));
//! let opened = call("Decrypt", &format!(r#"{{"CiphertextBlob": "{}"}}"#, text(&sealed, "CiphertextBlob")));
//! assert_eq!(text(&opened, "Plaintext"), "aGVsbG8=");
//! ```
//!
//! # What the world is
//!
//! The text of a [scenario](crate::scenario) is the whole state but for secrets: an operation changes it where the
//! `aws` command would print something else from then on, and `now` is its clock. So whatever reads a scenario reads
//! a world in the middle of its life, and every call can be looked at as the scenario that it was
//! ([`Reply::scenario`]).
//!
//! Key material is beside the text, in memory, and is wiped with the [`Kms`]. A scenario can bring its own, as
//! `KeyMaterial` of a key; a key that comes without gets some when it is first used.
//!
//! # Ciphertexts
//!
//! They are not those of AWS KMS, which nobody can open offline, nor the other way round: see
//! [`seal`](crate::seal).

mod call;
mod cause;
mod clock;
mod default_policy;
mod draft;
mod kms;
mod metadata;
mod operation;
mod parameters;
mod state;
mod vault;

pub use cause::Cause;
pub use clock::ServiceEvent;
pub use default_policy::{ConsolePolicy, console_policy, default_policy};
/// The times of a world: a point in time, read and written as in ISO 8601.
pub use jiff::Timestamp;
pub use kms::{ClockError, Kms, Outcome, Reply};
