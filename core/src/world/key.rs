use alloc::{boxed::Box, vec::Vec};

use super::{Grant, Tag};
use crate::{
    arn::KeyArn,
    catalog::{KeyOrigin, KeySpec, KeyState, KeyUsage},
    json::Span,
    policy::Document,
};

/// A KMS key as `describe-key` shows it, with its policy, aliases, tags and grants.
///
/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_KeyMetadata.html>
#[derive(Clone, Debug)]
pub struct KmsKey {
    /// The bytes of its description.
    pub span: Span,
    /// Its ARN.
    pub arn: KeyArn,
    /// What it is made of; `SYMMETRIC_DEFAULT` if not given.
    pub key_spec: KeySpec,
    /// What it is for; the one use of its spec if not given.
    pub key_usage: KeyUsage,
    /// Where its material comes from; `AWS_KMS` if not given.
    pub origin: KeyOrigin,
    /// Its state; `Enabled` if not given.
    pub state: KeyState,
    /// Whether AWS manages it.
    pub aws_managed: bool,
    /// Whether its material is in a custom key store.
    pub in_custom_key_store: bool,
    /// For multi-Region keys.
    pub multi_region: Option<MultiRegionKeyType>,
    /// The key policy named `default`.
    pub policy: Document,
    /// Alias names, such as `alias/orders`.
    pub aliases: Vec<Box<str>>,
    /// Tags.
    pub tags: Vec<Tag>,
    /// Grants.
    pub grants: Vec<Grant>,
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_MultiRegionConfiguration.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MultiRegionKeyType {
    /// `PRIMARY`
    Primary,
    /// `REPLICA`
    Replica,
}

impl MultiRegionKeyType {
    /// As AWS spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Primary => "PRIMARY",
            Self::Replica => "REPLICA",
        }
    }
}
