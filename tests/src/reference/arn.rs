//! ARNs: `arn:partition:service:region:account-id:resource`.
//!
//! The text is split at its first five colons, so the resource may hold more:
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>.

/// An ARN with all of its six parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Arn {
    pub text: String,
    pub partition: String,
    pub service: String,
    pub region: String,
    pub account: String,
    pub resource: String,
}

impl Arn {
    pub fn read(text: &str) -> Option<Arn> {
        let mut parts = text.splitn(6, ':');
        if parts.next() != Some("arn") {
            return None;
        }
        Some(Arn {
            text: text.to_owned(),
            partition: parts.next()?.to_owned(),
            service: parts.next()?.to_owned(),
            region: parts.next()?.to_owned(),
            account: parts.next()?.to_owned(),
            resource: parts.next()?.to_owned(),
        })
    }

    /// Whether this ARN and `other` belong to one account, which includes that they belong to one partition.
    pub fn same_account(&self, other: &Arn) -> bool {
        self.partition == other.partition && self.account == other.account
    }
}

/// Whether `text` is an account id.
pub(super) fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}
