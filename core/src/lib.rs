//! Why did AWS KMS say yes or no, what would make it say otherwise?
//!
//! ```
//! let scenario = r#"{
//!   "keytrace": 1,
//!   "principals": [{ "Arn": "arn:aws:iam::111122223333:role/App", "Policies": [] }],
//!   "keys": [{ "KeyMetadata": { "Arn": "arn:aws:kms:us-west-2:111122223333:key/1234abcd" },
//!     "Policy": { "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "kms:*", "Resource": "*",
//!       "Principal": { "AWS": "arn:aws:iam::111122223333:root" } }] } }],
//!   "requests": [{ "principal": "arn:aws:sts::111122223333:assumed-role/App/i-1", "operation": "Decrypt",
//!     "parameters": { "KeyId": "1234abcd" } }]
//! }"#;
//! let scenario = keytrace::scenario::read(scenario).value.unwrap();
//! let answer = keytrace::answer(&scenario, 0).unwrap();
//! assert_eq!(answer.explanation.summary, "the key policy lets IAM policies of account 111122223333 decide, and none of the caller's allows `kms:Decrypt`");
//! ```
//!
//! This crate models how AWS KMS authorizes a request, as AWS documents it: key policies, grants and
//! identity-based policies, within permissions boundaries, session policies, service control policies,
//! resource control policies and VPC endpoint policies, within an account and across accounts; and what
//! becomes of an authorized request by the state and type of its key. It does no I/O and reads no clock.
//!
//! The modules, in the order in which data flows through them:

#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

pub mod problem;

pub mod json;

pub mod arn;
pub mod pattern;

pub mod catalog;

pub mod policy;

pub mod world;

pub mod compile;

pub mod request;

pub mod assumption;

pub mod decision;

pub mod trace;

pub mod evaluate;
mod undetermined;

pub mod random;

pub mod seal;

pub mod advise;

pub mod check;

pub mod audit;

pub mod explain;

pub mod import;

pub mod scenario;

#[cfg(feature = "signatures")]
pub mod sign;

pub mod service;

mod answer;

pub use answer::{Answer, Authorized, answer};
