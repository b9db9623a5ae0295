//! Who appears in a generated scenario.

/// A caller, and how the elements of a policy can name it.
#[derive(Debug)]
pub struct Caller {
    /// As the request names it.
    pub arn: &'static str,
    /// The user who made the federated-user session.
    pub user: Option<&'static str>,
    /// Where it stands, seen from the key.
    pub place: Place,
    /// The principals that name it, or its user or role. `*` names everybody.
    pub named_by: &'static [&'static str],
    /// The principals that name its account.
    pub account_named_by: &'static [&'static str],
}

/// Where a caller stands, seen from the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The root user of the key's account.
    Root,
    /// In the key's account.
    SameAccount,
    /// In another account.
    OtherAccount,
    /// An AWS service for itself.
    Service,
}

/// The key that every request asks for.
pub const KEY_ARN: &str = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

/// Everybody.
pub const EVERYONE: &str = "*";

/// The account of the key, in both spellings.
pub const ACCOUNT: &[&str] = &["arn:aws:iam::111122223333:root", "111122223333"];

const PARTNER_ACCOUNT: &[&str] = &["arn:aws:iam::444455556666:root", "444455556666"];

/// The unique id of the role `App`, if the scenario tells it.
pub(super) const APP_ID: &str = "AROAEXAMPLEAPP0000001";

/// A user of the key's account, who is in a group.
pub static DANA: Caller = Caller {
    arn: "arn:aws:iam::111122223333:user/Dana",
    user: None,
    place: Place::SameAccount,
    named_by: &["arn:aws:iam::111122223333:user/Dana"],
    account_named_by: ACCOUNT,
};

/// A session of a role of the key's account.
pub static APP_SESSION: Caller = Caller {
    arn: "arn:aws:sts::111122223333:assumed-role/App/i-1",
    user: None,
    place: Place::SameAccount,
    named_by: &["arn:aws:iam::111122223333:role/App", "arn:aws:sts::111122223333:assumed-role/App/i-1", APP_ID],
    account_named_by: ACCOUNT,
};

/// A session of a role of another account.
pub static PARTNER_SESSION: Caller = Caller {
    arn: "arn:aws:sts::444455556666:assumed-role/Partner/job",
    user: None,
    place: Place::OtherAccount,
    named_by: &["arn:aws:iam::444455556666:role/Partner", "arn:aws:sts::444455556666:assumed-role/Partner/job"],
    account_named_by: PARTNER_ACCOUNT,
};

/// The root user of the key's account.
pub static ROOT: Caller = Caller {
    arn: "arn:aws:iam::111122223333:root",
    user: None,
    place: Place::Root,
    named_by: ACCOUNT,
    account_named_by: ACCOUNT,
};

static FEDERATED: Caller = Caller {
    arn: "arn:aws:sts::111122223333:federated-user/Bob",
    user: Some("arn:aws:iam::111122223333:user/Dana"),
    place: Place::SameAccount,
    named_by: &["arn:aws:sts::111122223333:federated-user/Bob", "arn:aws:iam::111122223333:user/Dana"],
    account_named_by: ACCOUNT,
};

static SERVICE: Caller = Caller {
    arn: "cloudtrail.amazonaws.com",
    user: None,
    place: Place::Service,
    named_by: &["cloudtrail.amazonaws.com"],
    account_named_by: &[],
};

/// Every caller.
pub static EVERY_CALLER: [&Caller; 6] = [&DANA, &APP_SESSION, &PARTNER_SESSION, &ROOT, &FEDERATED, &SERVICE];

/// Every principal that a generated key policy may name.
pub const KEY_PRINCIPALS: &[&str] = &[
    EVERYONE,
    "arn:aws:iam::111122223333:root",
    "111122223333",
    "arn:aws:iam::444455556666:root",
    "444455556666",
    "arn:aws:iam::111122223333:user/Dana",
    "arn:aws:iam::111122223333:role/App",
    "arn:aws:sts::111122223333:assumed-role/App/i-1",
    "arn:aws:iam::444455556666:role/Partner",
    "arn:aws:sts::444455556666:assumed-role/Partner/job",
    "arn:aws:sts::111122223333:federated-user/Bob",
    "cloudtrail.amazonaws.com",
    APP_ID,
];

impl Caller {
    /// Whether a principal names this caller or its account, or everybody.
    #[must_use]
    pub fn is_named_by(&self, principal: &str) -> bool {
        principal == EVERYONE || self.named_by.contains(&principal) || self.account_named_by.contains(&principal)
    }
}
