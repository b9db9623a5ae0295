use alloc::boxed::Box;

use crate::{
    catalog::Action,
    world::{KmsKey, World},
};

/// A permission that an operation takes: an action on a resource. Each is decided by itself, with its own
/// request context (<https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html>).
#[derive(Clone, Debug)]
pub struct Authorization {
    /// What is asked.
    pub action: Action,
    /// Of what.
    pub resource: Resource,
    /// The alias name by which the request named the key.
    pub request_alias: Option<Box<str>>,
    /// The Region that it is asked in, if given or that of the resource.
    pub region: Option<Box<str>>,
    /// Why KMS finds nothing to do it on, or not what was named.
    pub fault: Option<Fault>,
}

/// Why the identifier in a request leads nowhere: the error that KMS answers with, whoever asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No key has that id.
    NoSuchKey,
    /// No key has that alias.
    NoSuchAlias,
    /// It has the form of no key identifier.
    InvalidKeyId,
    /// It is an ARN, but not that of a key or an alias.
    InvalidArn,
    /// Its ARN is of another Region than the request.
    OtherRegion,
    /// It is an alias, and the operation takes none.
    AliasNotTaken,
    /// The key has no grant of that id.
    NoSuchGrant,
    /// No grant has that token.
    NoSuchGrantToken,
    /// The key that encrypted the ciphertext is not there.
    NoSuchCiphertextKey,
    /// Nothing tells which key encrypted the ciphertext.
    UnreadableCiphertext,
}

/// What an action is authorized on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resource {
    /// A key of the world: its key policy takes part.
    Key(usize),
    /// `RetireGrant`: a grant on a key of the world. The grant says who may.
    Grant {
        /// The key.
        key: usize,
        /// The grant on it; a number that none has if it is not there.
        grant: usize,
    },
    /// An alias, by its ARN. Only IAM policies speak of it
    /// (<https://docs.aws.amazon.com/kms/latest/developerguide/alias-access.html>).
    Alias(Box<str>),
    /// A key that is to be made, by its ARN.
    NewKey(Box<str>),
    /// A key, or the alias or grant by which a key is named, that is not there: by the ARN that the request
    /// comes to. No key policy speaks of it.
    Missing(Box<str>),
    /// Nothing that exists.
    None,
}

impl Resource {
    /// The key of the world whose properties the request context has.
    #[must_use]
    pub const fn key(&self) -> Option<usize> {
        match self {
            Self::Key(key) | Self::Grant { key, .. } => Some(*key),
            Self::Alias(_) | Self::NewKey(_) | Self::Missing(_) | Self::None => None,
        }
    }

    /// That key.
    #[must_use]
    pub fn kms_key<'w>(&self, world: &'w World) -> Option<&'w KmsKey> {
        world.keys.get(self.key()?)
    }

    /// What `Resource` is compared with, and what AWS's messages print. Where an operation has no key,
    /// only a `*` of its own stands for that
    /// (<https://docs.aws.amazon.com/kms/latest/developerguide/cmks-in-iam-policies.html>).
    #[must_use]
    pub fn arn<'r>(&'r self, world: &'r World) -> &'r str {
        match self {
            Self::Key(_) | Self::Grant { .. } => self.kms_key(world).map_or("*", |key| key.arn.as_str()),
            Self::Alias(arn) | Self::NewKey(arn) | Self::Missing(arn) => arn,
            Self::None => "*",
        }
    }
}
