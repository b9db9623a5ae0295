//! A call that KMS is about to carry out.

use alloc::{collections::BTreeMap, format, string::String, vec::Vec};

use base64ct::{Base64, Encoding as _};
use jiff::Timestamp;

use super::{
    cause::Cause,
    clock::ServiceEvent,
    draft::{Draft, DraftError},
    parameters::Parameters,
};
use crate::{
    arn::{AccountId, KeyArn},
    audit,
    catalog::KeyState,
    check::{ErrorName, KmsError},
    json::Value,
    random::{Random, RandomError, random_bytes},
    request::Request,
    seal::{self, Attempt, EncryptionContext, Evidence, KeyMaterialId, diagnose},
    world::{KmsKey, World},
};

/// The encryption contexts of ciphertexts that a world made, by [`Blob::seal_id`](crate::seal::Blob::seal_id): for
/// whoever debugs, as a ciphertext does not tell.
pub(super) type Seals = BTreeMap<[u8; 28], EncryptionContext>;

/// A call, the world that it finds, and the one that it leaves behind.
pub(super) struct Call<'a> {
    pub world: &'a World,
    pub request: &'a Request,
    pub parameters: Parameters<'a>,
    pub draft: Draft,
    pub now: Timestamp,
    pub random: &'a mut dyn Random,
    pub seals: &'a Seals,
    pub sealed: Vec<([u8; 28], EncryptionContext)>,
    /// The key material that was used.
    pub material: Option<KeyMaterialId>,
    /// What KMS did beside, by itself.
    pub events: Vec<ServiceEvent>,
}

/// Why a call ends without a result.
#[derive(Clone, Debug)]
pub(super) enum Stop {
    Error(KmsError, Option<Cause>),
    NotModelled(String),
}

impl From<KmsError> for Stop {
    fn from(error: KmsError) -> Self {
        Self::Error(error, None)
    }
}

/// The sentence is ours.
impl From<RandomError> for Stop {
    fn from(error: RandomError) -> Self {
        KmsError::new(ErrorName::KmsInternal, format!("{error}")).into()
    }
}

impl From<DraftError> for Stop {
    fn from(error: DraftError) -> Self {
        match error {
            DraftError::Random(error) => error.into(),
            DraftError::Error(error) => error.into(),
        }
    }
}

#[cfg(feature = "signatures")]
impl From<crate::sign::SignError> for Stop {
    fn from(error: crate::sign::SignError) -> Self {
        let name = ErrorName::from_name(error.name()).unwrap_or(ErrorName::KmsInternal);
        KmsError::new(name, format!("{error}")).into()
    }
}

/// What an operation comes to.
pub(super) type Outcome<T = Value> = Result<T, Stop>;

impl<'a> Call<'a> {
    /// What CloudTrail records of it. Without random bytes the ids are zeros rather than that nothing is recorded.
    pub fn records(&mut self, outcome: Result<&Value, &KmsError>, blocked_by_vpc_endpoint: bool) -> Vec<Value> {
        let mut random = [0; 96];
        if self.random.fill(&mut random).is_err() {
            random = [0; 96];
        }
        let material = self.material.map(|id| format!("{id}"));
        let mut records = audit::records(&audit::Event {
            request: self.request,
            parameters: self.parameters.all(),
            world: self.world,
            time: self.now,
            outcome,
            key_material_id: material.as_deref(),
            blocked_by_vpc_endpoint,
            random,
        });
        records.extend(self.events.iter().map(|event| event.record.clone()));
        records
    }

    /// The keys that it is authorized on.
    pub fn keys(&self) -> impl Iterator<Item = &'a KmsKey> {
        let world = self.world;
        self.request.authorizations.iter().filter_map(move |one| one.resource.kms_key(world))
    }

    /// The key that it is about, by its place in the scenario.
    pub fn key(&self) -> Outcome<usize> {
        self.nth_key(0)
    }

    /// One of several keys, in the order of the authorizations.
    pub fn nth_key(&self, n: usize) -> Outcome<usize> {
        let mut keys = self.request.authorizations.iter().filter_map(|one| one.resource.key());
        // Whatever is not there ended in an error before.
        keys.nth(n).ok_or_else(|| KmsError::new(ErrorName::NotFound, "Key does not exist").into())
    }

    pub fn kms_key(&self, key: usize) -> Outcome<&'a KmsKey> {
        let found = self.world.keys.get(key);
        found.ok_or_else(|| KmsError::new(ErrorName::NotFound, "Key does not exist").into())
    }

    /// The Region that the call is made in.
    pub fn region(&self) -> &'a str {
        let own = self.request.authorizations.iter().find_map(|one| one.region.as_deref());
        let first = self.world.keys.first().map(|key| key.arn.region());
        own.or(first).unwrap_or("us-east-1")
    }

    /// The caller's account; of a service, that of the first key.
    pub fn account(&self) -> Option<AccountId> {
        let first = self.world.keys.first().map(|key| key.arn.account());
        self.request.caller.account().or(first)
    }

    pub fn partition(&self) -> &'a str {
        let first = self.world.keys.first().map(|key| key.arn.partition());
        self.request.caller.arn().map(crate::arn::PrincipalArn::partition).or(first).unwrap_or("aws")
    }

    /// The keys of the caller's account in the Region of the call.
    pub fn own_keys(&self) -> Vec<usize> {
        let (account, region) = (self.account(), self.region());
        let own = |key: &KmsKey| Some(key.arn.account()) == account && key.arn.region() == region;
        let keys = self.world.keys.iter().enumerate();
        keys.filter(|(_, key)| own(key)).map(|(index, _)| index).collect()
    }

    /// Random bytes in hexadecimal.
    pub fn random_hex(&mut self, bytes: usize) -> Outcome<String> {
        let drawn = random_bytes(bytes, self.random)?;
        Ok(drawn.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// A key that is to be made.
    pub fn new_arn(&self, region: &str, id: &str) -> Outcome<KeyArn> {
        let account = self.account().map(|account| format!("{account}")).unwrap_or_default();
        let text = format!("arn:{}:kms:{region}:{account}:key/{id}", self.partition());
        KeyArn::parse(&text).ok_or_else(|| KmsError::new(ErrorName::InvalidArn, format!("Invalid arn {text}")).into())
    }

    /// Why it is refused with this error, unless its operation knows better.
    pub fn cause(&self, error: &KmsError) -> Cause {
        match error.name {
            ErrorName::AccessDenied => Cause::NotAuthorized,
            ErrorName::DryRunOperation => Cause::DryRun,
            ErrorName::InvalidCiphertext => {
                self.unreadable_ciphertext().map_or(Cause::Request, Cause::UnreadableCiphertext)
            }
            ErrorName::Disabled | ErrorName::KmsInvalidState => {
                let mut states = self.keys().map(|key| key.state);
                states.find(|state| *state != KeyState::Enabled).map_or(Cause::Request, Cause::KeyState)
            }
            _ => Cause::Request,
        }
    }

    /// Why KMS could not even tell which key a ciphertext is of.
    fn unreadable_ciphertext(&self) -> Option<seal::Cause> {
        let text = self.parameters.text("CiphertextBlob")?;
        let bytes = Base64::decode_vec(text).unwrap_or_else(|_| text.as_bytes().to_vec());
        let context = EncryptionContext::default();
        Some(diagnose(&Attempt { ciphertext: &bytes, key: None, context: &context }, &Evidence::default()))
    }
}
