//! The condition keys that a request to AWS KMS can carry.

mod table;

pub use table::ALL;

use super::ActionSet;

/// What kind of value a condition key holds, and so which operators suit it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ValueType {
    /// Any text: `String…` operators.
    String,
    /// An ARN: `Arn…` operators.
    Arn,
    /// `true` or `false`: `Bool`.
    Bool,
    /// A number: `Numeric…` operators.
    Numeric,
    /// A point in time: `Date…` operators.
    Date,
    /// A point in time as a date or as seconds since 1970: `Date…` and `Numeric…` operators.
    DateOrNumeric,
    /// An IP address: `IpAddress` and `NotIpAddress`.
    Ip,
}

/// When a condition key is part of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Presence {
    /// AWS documents that every signed request of the actions in
    /// [`carried_by`](ConditionKeyInfo::carried_by) has it.
    EveryRequest,
    /// Only where there is something to tell.
    Sometimes,
}

/// A condition key, or a family of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConditionKeyInfo {
    /// The name as AWS spells it. That of a family is what its members begin with:
    /// `kms:EncryptionContext:`, `aws:PrincipalTag/`.
    pub name: &'static str,
    /// Whether [`name`](Self::name) is to be continued.
    pub family: bool,
    /// What it holds.
    pub value: ValueType,
    /// Whether one request can carry several values of it, so that `ForAllValues` and `ForAnyValue`
    /// make sense.
    pub multivalued: bool,
    /// When it is there.
    pub presence: Presence,
    /// The actions of KMS whose requests can carry it.
    pub carried_by: ActionSet,
    /// The AWS page that describes it.
    pub page: &'static str,
    /// For a family whose members are numbered from 0: how many there are.
    numbered: Option<u8>,
}

impl ConditionKeyInfo {
    /// What `name` adds to the name of this family, if it is a member of it. Case does not matter.
    ///
    /// ```
    /// use keytrace::catalog::find_condition_key;
    ///
    /// let tags = find_condition_key("aws:PrincipalTag/team").unwrap();
    /// assert_eq!(tags.member("AWS:principaltag/Team"), Some("Team"));
    /// assert_eq!(tags.member("aws:PrincipalTag/"), None);
    /// ```
    #[must_use]
    pub fn member<'name>(&self, name: &'name str) -> Option<&'name str> {
        let (prefix, member) = name.split_at_checked(self.name.len())?;
        let exists = match self.numbered {
            None => !member.is_empty(),
            // `PCR07` is not how AWS writes `PCR7`.
            Some(count) => {
                (member == "0" || !member.starts_with(['0', '+']))
                    && member.parse::<u8>().is_ok_and(|number| number < count)
            }
        };
        (self.family && exists && prefix.eq_ignore_ascii_case(self.name)).then_some(member)
    }
}

/// The condition key of that name, or the family that it belongs to.
///
/// AWS compares the names of condition keys without case, members of families included
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html>).
#[must_use]
pub fn find(name: &str) -> Option<&'static ConditionKeyInfo> {
    // Asked for each key of each request: lengths are compared first, families last.
    let is_named = |key: &&ConditionKeyInfo| key.name.len() == name.len() && key.name.eq_ignore_ascii_case(name);
    let named = ALL.iter().filter(|key| !key.family).find(is_named);
    named.or_else(|| ALL.iter().filter(|key| key.family).find(|key| key.member(name).is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Action;
    use alloc::{string::String, vec::Vec};

    fn actions(name: &str) -> Vec<Action> {
        find(name).unwrap().carried_by.iter().collect()
    }

    #[test]
    fn the_table_is_sorted_and_names_are_unique() {
        let names: Vec<String> = ALL.iter().map(|key| key.name.to_ascii_lowercase()).collect();
        assert!(names.is_sorted_by(|a, b| a < b));
        let of_kms = names.iter().filter(|name| name.starts_with("kms:")).count();
        let of_aws = names.iter().filter(|name| name.starts_with("aws:")).count();
        assert_eq!((of_kms, of_aws, names.len()), (42, 53, 104));
    }

    #[test]
    fn names_are_found_without_case() {
        for key in ALL.iter().filter(|key| !key.family) {
            assert_eq!(find(&key.name.to_uppercase()), Some(key));
        }
        assert_eq!(find("KMS:encryptioncontext:Tenant").unwrap().name, "kms:EncryptionContext:");
        assert_eq!(find("kms:EncryptionContextKeys").unwrap().name, "kms:EncryptionContextKeys");
        assert_eq!(find("aws:RequestTag/é").unwrap().name, "aws:RequestTag/");
        for unknown in ["", "kms:", "kms:EncryptionContext", "kms:EncryptionContext:", "aws:PrincipalTag/", "s3:prefix"]
        {
            assert_eq!(find(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn attestation_registers_are_numbered() {
        assert!(find("kms:RecipientAttestation:PCR31").is_some());
        assert!(find("kms:RecipientAttestation:NitroTPMPCR0").is_some());
        for unknown in ["PCR32", "PCR", "PCR08", "PCR+1", "NitroTPMPCR24", "ImageSha512"] {
            let name = ["kms:RecipientAttestation:", unknown].concat();
            assert_eq!(find(&name), None, "{name}");
        }
    }

    #[test]
    fn requests_carry_what_the_permissions_table_says() {
        assert_eq!(actions("kms:ValidTo"), [Action::ImportKeyMaterial]);
        assert_eq!(actions("aws:TagKeys"), [Action::CreateKey, Action::TagResource, Action::UntagResource]);
        assert_eq!(actions("kms:EncryptionContext:x").len(), 10);
        assert_eq!(actions("kms:RequestAlias").len(), 17);
        assert_eq!(actions("kms:RecipientAttestation:ImageSha384").len(), 5);
    }

    #[test]
    fn keys_of_key_properties() {
        let spec = find("kms:KeySpec").unwrap().carried_by;
        assert!(spec.contains(Action::CreateKey) && spec.contains(Action::UpdateAlias));
        for action in [Action::RetireGrant, Action::SynchronizeMultiRegionKey, Action::ListKeys] {
            assert!(!spec.contains(action), "{action:?}");
        }
        let account = find("kms:CallerAccount").unwrap().carried_by;
        assert!(account.contains(Action::RetireGrant) && account.contains(Action::DescribeCustomKeyStores));
        assert!(!account.contains(Action::GenerateRandom) && !account.contains(Action::ListRetirableGrants));
        assert!(!find("kms:ResourceAliases").unwrap().carried_by.contains(Action::CreateKey));
    }

    #[test]
    fn twelve_keys_are_in_every_request() {
        let always: Vec<&str> =
            ALL.iter().filter(|key| key.presence == Presence::EveryRequest).map(|key| key.name).collect();
        let expected = [
            "aws:CurrentTime",
            "aws:EpochTime",
            "aws:PrincipalAccount",
            "aws:PrincipalArn",
            "aws:PrincipalIsAWSService",
            "aws:PrincipalType",
            "aws:RequestedRegion",
            "aws:ResourceAccount",
            "aws:SecureTransport",
            "aws:UserAgent",
            "aws:userid",
            "aws:ViaAWSService",
        ];
        assert_eq!(always, expected);
    }

    #[test]
    fn multivalued_keys() {
        let several: Vec<&str> =
            ALL.iter().filter(|key| key.multivalued && !key.name.ends_with("OrgPaths")).map(|key| key.name).collect();
        let expected = [
            "aws:CalledVia",
            "aws:PrincipalServiceNamesList",
            "aws:TagKeys",
            "kms:EncryptionContextKeys",
            "kms:GrantOperations",
            "kms:ResourceAliases",
        ];
        assert_eq!(several, expected);
    }
}
