//! Who appears in a world: three accounts of one organization, one outside of it, and services.

/// The account that owns most keys.
pub(super) const OWNER: &str = "111122223333";
/// The account that shares them; in some worlds outside of the organization.
pub(super) const PARTNER: &str = "444455556666";
/// The organization's management account.
pub(super) const MANAGEMENT: &str = "999999999999";
/// Every account.
pub(super) const ACCOUNTS: &[&str] = &[OWNER, PARTNER, MANAGEMENT, OUTSIDER];

const OUTSIDER: &str = "777788889999";

/// What kind of principal asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The root user of an account.
    Root,
    /// An IAM user.
    User,
    /// A session of a role.
    Session,
    /// A session of a service-linked role.
    LinkedSession,
    /// A federated user.
    Federated,
    /// An AWS service for itself.
    Service,
}

/// A caller, and how the elements of a policy can name it.
#[derive(Debug)]
pub(super) struct Caller {
    /// As the request names it.
    pub arn: &'static str,
    pub kind: Kind,
    /// Empty for a service.
    pub account: &'static str,
    /// The user or role whose policies count; empty where there is none.
    pub entity: &'static str,
    /// Other principals that are close to it and do not name it.
    pub not_named_by: &'static [&'static str],
}

/// A user, role or group under `principals`.
#[derive(Debug)]
pub(super) struct Entity {
    pub arn: &'static str,
    /// Empty for groups.
    pub unique_id: &'static str,
    /// Groups that a user may be in, by name.
    pub groups: &'static [&'static str],
}

const fn caller(kind: Kind, account: &'static str, arn: &'static str, entity: &'static str) -> Caller {
    Caller { arn, kind, account, entity, not_named_by: &[] }
}

impl Caller {
    const fn but_not(self, not_named_by: &'static [&'static str]) -> Self {
        Self { not_named_by, ..self }
    }

    /// The principal elements that name this caller itself or the user or role that it is of.
    pub(super) fn names(&self) -> Vec<&'static str> {
        [self.entity, self.arn].into_iter().filter(|name| !name.is_empty() && self.kind != Kind::Root).collect()
    }

    /// Whether it is of this account, in the partition where the keys are: short names of keys and aliases
    /// are looked up there.
    pub(super) fn is_of(&self, account: &str) -> bool {
        self.account == account && self.arn.starts_with("arn:aws:")
    }

    /// Whether it is of an account, and not a service.
    pub(super) fn has_account(&self) -> bool {
        !self.account.is_empty()
    }
}

/// Both spellings of an account as a principal.
pub(super) fn account_principals(account: &str) -> [String; 2] {
    [format!("arn:aws:iam::{account}:root"), account.into()]
}

const LINKED_ROLE: &str =
    "arn:aws:iam::111122223333:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling";
const PARTNERS_LINKED_ROLE: &str =
    "arn:aws:iam::444455556666:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling";
const DANA: &str = "arn:aws:iam::111122223333:user/dev/Dana";
const EVE: &str = "arn:aws:iam::111122223333:user/Eve";
const APP: &str = "arn:aws:iam::111122223333:role/App";
const BATCH: &str = "arn:aws:iam::111122223333:role/service/Batch";
const PAT: &str = "arn:aws:iam::444455556666:user/Pat";
const COURIER: &str = "arn:aws:iam::444455556666:role/eu/Courier";
const ADMIN: &str = "arn:aws:iam::999999999999:role/Admin";
const VISITOR: &str = "arn:aws:iam::777788889999:role/Visitor";
/// A user of another partition, for whom nothing here is reachable.
const LIN: &str = "arn:aws-cn:iam::444455556666:user/Lin";

/// Everybody who may ask; who stands here twice asks twice as often.
pub(super) static CALLERS: &[Caller] = &[
    caller(Kind::User, OWNER, DANA, DANA).but_not(&["arn:aws:iam::111122223333:user/Dana", EVE]),
    caller(Kind::User, OWNER, EVE, EVE).but_not(&["arn:aws:iam::111122223333:user/eve"]),
    caller(Kind::Session, OWNER, "arn:aws:sts::111122223333:assumed-role/App/i-1", APP)
        .but_not(&["arn:aws:sts::111122223333:assumed-role/App/i-2", "arn:aws:iam::111122223333:role/app"]),
    caller(Kind::Session, OWNER, "arn:aws:sts::111122223333:assumed-role/App/i-1", APP),
    caller(Kind::Session, OWNER, "arn:aws:sts::111122223333:assumed-role/App/i-2", APP),
    caller(Kind::Session, OWNER, "arn:aws:sts::111122223333:assumed-role/Batch/job", BATCH)
        .but_not(&["arn:aws:iam::111122223333:role/Batch", APP]),
    caller(Kind::Session, OWNER, "arn:aws:sts::111122223333:assumed-role/Batch/job", BATCH),
    caller(Kind::Federated, OWNER, "arn:aws:sts::111122223333:federated-user/Bob", DANA),
    caller(Kind::Federated, OWNER, "arn:aws:sts::111122223333:federated-user/Eve", EVE)
        .but_not(&["arn:aws:sts::111122223333:federated-user/Bob", DANA]),
    caller(Kind::Root, OWNER, "arn:aws:iam::111122223333:root", ""),
    caller(
        Kind::LinkedSession,
        OWNER,
        "arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForAutoScaling/AutoScaling",
        LINKED_ROLE,
    ),
    caller(Kind::User, PARTNER, PAT, PAT),
    caller(Kind::Session, PARTNER, "arn:aws:sts::444455556666:assumed-role/Courier/job", COURIER)
        .but_not(&["arn:aws:iam::444455556666:role/Courier"]),
    caller(Kind::Session, PARTNER, "arn:aws:sts::444455556666:assumed-role/Courier/job", COURIER),
    caller(Kind::Federated, PARTNER, "arn:aws:sts::444455556666:federated-user/Pat", PAT),
    caller(Kind::Root, PARTNER, "arn:aws:iam::444455556666:root", ""),
    caller(
        Kind::LinkedSession,
        PARTNER,
        "arn:aws:sts::444455556666:assumed-role/AWSServiceRoleForAutoScaling/AutoScaling",
        PARTNERS_LINKED_ROLE,
    ),
    caller(Kind::Session, MANAGEMENT, "arn:aws:sts::999999999999:assumed-role/Admin/a", ADMIN),
    caller(Kind::Session, OUTSIDER, "arn:aws:sts::777788889999:assumed-role/Visitor/v", VISITOR),
    caller(Kind::Service, "", "cloudtrail.amazonaws.com", ""),
    caller(Kind::Service, "", "logs.us-west-2.amazonaws.com", "").but_not(&["logs.amazonaws.com"]),
];

/// Who asks in vain.
pub(super) static FROM_ELSEWHERE: &Caller = &caller(Kind::User, PARTNER, LIN, LIN);

/// Every user, role and group.
pub(super) static ENTITIES: &[Entity] = &[
    Entity { arn: DANA, unique_id: "AIDAEXAMPLEDANA000001", groups: &["Developers", "Auditors"] },
    Entity { arn: EVE, unique_id: "AIDAEXAMPLEEVE0000001", groups: &["Developers"] },
    Entity { arn: APP, unique_id: "AROAEXAMPLEAPP0000001", groups: &[] },
    Entity { arn: BATCH, unique_id: "AROAEXAMPLEBATCH00001", groups: &[] },
    Entity { arn: LINKED_ROLE, unique_id: "AROAEXAMPLELINKED0001", groups: &[] },
    Entity { arn: PAT, unique_id: "AIDAEXAMPLEPAT0000001", groups: &["Partners"] },
    Entity { arn: COURIER, unique_id: "AROAEXAMPLECOURIER001", groups: &[] },
    Entity { arn: PARTNERS_LINKED_ROLE, unique_id: "AROAEXAMPLELINKED0002", groups: &[] },
    Entity { arn: ADMIN, unique_id: "AROAEXAMPLEADMIN00001", groups: &[] },
    Entity { arn: VISITOR, unique_id: "AROAEXAMPLEVISITOR001", groups: &[] },
    Entity { arn: LIN, unique_id: "AIDAEXAMPLELIN0000001", groups: &[] },
    Entity { arn: "arn:aws:iam::111122223333:group/Developers", unique_id: "", groups: &[] },
    Entity { arn: "arn:aws:iam::111122223333:group/eu/Auditors", unique_id: "", groups: &[] },
    Entity { arn: "arn:aws:iam::444455556666:group/Partners", unique_id: "", groups: &[] },
];

impl Entity {
    /// Whether it is a group.
    pub(super) fn is_group(&self) -> bool {
        self.unique_id.is_empty()
    }

    /// Whether AWS alone decides about its policies.
    pub(super) fn is_linked(&self) -> bool {
        self.arn.contains(":role/aws-service-role/")
    }

    /// Whether it is a user.
    pub(super) fn is_user(&self) -> bool {
        self.arn.contains(":user/")
    }
}
