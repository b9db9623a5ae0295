//! What exists in AWS KMS, as tables: operations, actions, condition keys, key specs, key states.
//!
//! Every row is one line and names the AWS page that it was taken from. Nothing here knows of
//! policies, keys or requests.
//!
//! ```
//! use keytrace::catalog::{self, Action, Presence};
//!
//! let decrypt = Action::from_name("kms:decrypt").unwrap();
//! assert_eq!(decrypt.iam_name(), "kms:Decrypt");
//! assert!(decrypt.cross_account() && decrypt.grantable());
//!
//! let context = catalog::find_condition_key("KMS:EncryptionContext:tenant").unwrap();
//! assert!(context.carried_by.contains(decrypt));
//! assert!(!context.carried_by.contains(Action::DescribeKey));
//!
//! let time = catalog::find_condition_key("aws:CurrentTime").unwrap();
//! assert_eq!(time.presence, Presence::EveryRequest);
//! ```

mod action;
mod action_set;
pub mod condition_key;
pub mod key_spec;
pub mod key_state;
mod operation;

pub use action::{AccessLevel, Action, ResourceType};
pub use action_set::ActionSet;
pub use condition_key::{ConditionKeyInfo, Presence, ValueType, find as find_condition_key};
pub use key_spec::{KeyOrigin, KeySpec, KeyUsage};
pub use key_state::KeyState;
pub use operation::Operation;
