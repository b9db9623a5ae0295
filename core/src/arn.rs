//! Amazon Resource Names and the identifiers inside them.
//!
//! Forms: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html> and
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html>.
//!
//! ```
//! use keytrace::arn::{Arn, PrincipalArn, PrincipalKind};
//!
//! let arn = Arn::parse("arn:aws:kms:us-west-2:111122223333:alias/a:b").unwrap();
//! assert_eq!(arn.resource, "alias/a:b"); // the last field keeps its colons
//!
//! let session = PrincipalArn::parse("arn:aws:sts::111122223333:assumed-role/App/i-0abc").unwrap();
//! assert!(matches!(session.kind(), PrincipalKind::AssumedRole { role, .. } if &**role == "App"));
//! ```

use alloc::boxed::Box;
use core::fmt;

/// An ARN, split at its first five colons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arn<'a> {
    /// `aws`, `aws-cn`, `aws-us-gov`
    pub partition: &'a str,
    /// `kms`
    pub service: &'a str,
    /// `us-west-2`; empty for global services
    pub region: &'a str,
    /// Twelve digits; empty for some services
    pub account: &'a str,
    /// The rest, colons and slashes included
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// Splits an ARN; `None` if it does not begin with `arn` or has fewer than six fields.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut fields = text.splitn(6, ':');
        if fields.next()? != "arn" {
            return None;
        }
        Some(Self {
            partition: fields.next()?,
            service: fields.next()?,
            region: fields.next()?,
            account: fields.next()?,
            resource: fields.next()?,
        })
    }
}

/// An AWS account: twelve digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId([u8; 12]);

impl AccountId {
    /// Twelve digits, or `None`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits: [u8; 12] = text.as_bytes().try_into().ok()?;
        digits.iter().all(u8::is_ascii_digit).then_some(Self(digits))
    }

    /// The twelve digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // INVARIANT: digits are ASCII, so this never falls back.
        core::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The ARN of somebody: a user, a role, a session, an account's root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrincipalArn {
    text: Box<str>,
    account: AccountId,
    kind: PrincipalKind,
}

/// Which kind of principal an ARN names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrincipalKind {
    /// `arn:aws:iam::111122223333:root`: the account, or its root user
    Root,
    /// `…:user/path/Name`
    User {
        /// The name without its path.
        name: Box<str>,
    },
    /// `…:role/path/Name`
    Role {
        /// The name without its path.
        name: Box<str>,
    },
    /// `…:group/path/Name`, which no policy can name as a principal
    Group {
        /// The name without its path.
        name: Box<str>,
    },
    /// `arn:aws:sts::…:assumed-role/Name/Session`; the role's path is not part of it
    AssumedRole {
        /// The name of the role.
        role: Box<str>,
        /// The name of the session.
        session: Box<str>,
    },
    /// `arn:aws:sts::…:federated-user/Name`, a session of `GetFederationToken`
    FederatedUser {
        /// The name given to the session.
        name: Box<str>,
    },
}

impl PrincipalArn {
    /// Reads the ARN of an IAM or STS principal; wildcards are no part of one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let arn = Arn::parse(text)?;
        if !arn.region.is_empty() || text.contains(['*', '?', ' ']) {
            return None;
        }
        let last = |path: &str| path.rsplit('/').next().filter(|name| !name.is_empty()).map(Box::from);
        let kind = match (arn.service, arn.resource.split_once('/')) {
            ("iam", None) if arn.resource == "root" => PrincipalKind::Root,
            ("iam", Some(("user", path))) => PrincipalKind::User { name: last(path)? },
            ("iam", Some(("role", path))) => PrincipalKind::Role { name: last(path)? },
            ("iam", Some(("group", path))) => PrincipalKind::Group { name: last(path)? },
            ("sts", Some(("assumed-role", rest))) => {
                let (role, session) = rest.split_once('/')?;
                if role.is_empty() || session.is_empty() || session.contains('/') {
                    return None;
                }
                PrincipalKind::AssumedRole { role: role.into(), session: session.into() }
            }
            ("sts", Some(("federated-user", name))) if !name.is_empty() => {
                PrincipalKind::FederatedUser { name: name.into() }
            }
            _ => return None,
        };
        Some(Self { text: text.into(), account: AccountId::parse(arn.account)?, kind })
    }

    /// The whole ARN.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The account.
    #[must_use]
    pub const fn account(&self) -> AccountId {
        self.account
    }

    /// The partition: accounts of different partitions never meet.
    #[must_use]
    pub fn partition(&self) -> &str {
        Arn::parse(&self.text).map_or("", |arn| arn.partition)
    }

    /// Which kind of principal.
    #[must_use]
    pub const fn kind(&self) -> &PrincipalKind {
        &self.kind
    }
}

/// The ARN of a KMS key: `arn:aws:kms:us-west-2:111122223333:key/1234abcd-…`.
///
/// <https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyArn {
    text: Box<str>,
    account: AccountId,
}

impl KeyArn {
    /// Reads the ARN of a key.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let arn = Arn::parse(text)?;
        let id = arn.resource.strip_prefix("key/")?;
        let sound = arn.service == "kms" && !arn.region.is_empty() && !id.is_empty() && !text.contains(['*', '?', ' ']);
        Some(Self { text: text.into(), account: AccountId::parse(arn.account)? }).filter(|_| sound)
    }

    /// The whole ARN.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The account that owns the key.
    #[must_use]
    pub const fn account(&self) -> AccountId {
        self.account
    }

    /// The partition.
    #[must_use]
    pub fn partition(&self) -> &str {
        Arn::parse(&self.text).map_or("", |arn| arn.partition)
    }

    /// The Region.
    #[must_use]
    pub fn region(&self) -> &str {
        Arn::parse(&self.text).map_or("", |arn| arn.region)
    }

    /// The key id, `mrk-` included.
    #[must_use]
    pub fn id(&self) -> &str {
        self.text.rsplit("key/").next().unwrap_or_default()
    }
}

/// Whether a text has the form of a unique id of a user (`AIDA…`) or role (`AROA…`).
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids>
#[must_use]
pub fn is_unique_id(text: &str) -> bool {
    (text.starts_with("AIDA") || text.starts_with("AROA"))
        && (16..=128).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn principals_are_told_apart() {
        let kind = |text| PrincipalArn::parse(text).map(|arn| arn.kind);
        assert_eq!(kind("arn:aws:iam::111122223333:root"), Some(PrincipalKind::Root));
        assert_eq!(kind("arn:aws:iam::111122223333:user/a/b/Bob"), Some(PrincipalKind::User { name: "Bob".into() }));
        assert_eq!(kind("arn:aws:iam::111122223333:role/*"), None);
        assert_eq!(kind("arn:aws:sts::111122223333:assumed-role/App"), None);
        assert_eq!(kind("arn:aws:iam::1111:root"), None);
    }

    #[test]
    fn key_arns() {
        let key = KeyArn::parse("arn:aws-cn:kms:cn-north-1:111122223333:key/mrk-1234").unwrap();
        assert_eq!((key.partition(), key.region(), key.id()), ("aws-cn", "cn-north-1", "mrk-1234"));
        assert_eq!(KeyArn::parse("arn:aws:kms:us-west-2:111122223333:alias/x"), None);
    }
}
