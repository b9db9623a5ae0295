use alloc::{boxed::Box, vec::Vec};

use jiff::Timestamp;

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
    /// What time did to it and will do. No part of authorization.
    pub life: KeyLife,
}

/// The dates of a key: what `describe-key`, `get-key-rotation-status` and `list-key-rotations` print beside
/// what authorization asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyLife {
    /// `CreationDate`
    pub created: Option<Timestamp>,
    /// `Description`
    pub description: Box<str>,
    /// `DeletionDate`: when a key that is pending deletion ceases to be.
    pub deletion: Option<Timestamp>,
    /// `PendingDeletionWindowInDays` of a primary key that waits for its replicas to go.
    pub pending_window: Option<u16>,
    /// `ValidTo`: when imported key material expires.
    pub valid_to: Option<Timestamp>,
    /// Automatic rotation, if it is on.
    pub rotation: Option<AutomaticRotation>,
    /// The key materials, oldest first. A key that was never rotated may have none listed.
    pub rotations: Vec<KeyRotation>,
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyRotationStatus.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AutomaticRotation {
    /// `RotationPeriodInDays`
    pub period: u16,
    /// `NextRotationDate`
    pub next: Option<Timestamp>,
}

/// A key material of a key.
///
/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_RotationsListEntry.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRotation {
    /// `KeyMaterialId`: 64 hexadecimal digits.
    pub material_id: Option<Box<str>>,
    /// `KeyMaterialDescription`
    pub description: Option<Box<str>>,
    /// `KeyMaterialState`
    pub state: KeyMaterialState,
    /// `ImportState`: whether imported material is there; `true` for material that KMS made.
    pub imported: bool,
    /// `ValidTo`
    pub valid_to: Option<Timestamp>,
    /// `RotationDate`; the first material has none.
    pub date: Option<Timestamp>,
    /// `RotationType`; the first material has none.
    pub kind: Option<RotationType>,
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_RotationsListEntry.html#KMS-Type-RotationsListEntry-KeyMaterialState>
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeyMaterialState {
    /// It encrypts.
    #[default]
    Current,
    /// It still decrypts.
    NonCurrent,
    /// It was imported, and waits for `RotateKeyOnDemand`.
    PendingRotation,
}

impl KeyMaterialState {
    /// Every state, by the name that AWS prints.
    pub const NAMES: [(&'static str, Self); 3] =
        [("CURRENT", Self::Current), ("NON_CURRENT", Self::NonCurrent), ("PENDING_ROTATION", Self::PendingRotation)];
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_RotationsListEntry.html#KMS-Type-RotationsListEntry-RotationType>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RotationType {
    /// On the date of its schedule.
    Automatic,
    /// By `RotateKeyOnDemand`.
    OnDemand,
}

impl RotationType {
    /// Both, by the name that AWS prints.
    pub const NAMES: [(&'static str, Self); 2] = [("AUTOMATIC", Self::Automatic), ("ON_DEMAND", Self::OnDemand)];
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
