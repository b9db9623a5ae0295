//! A second evaluator: slow, literal, written from AWS's pages without a look at the first one.
//!
//! It reads the JSON of a scenario and shares neither types nor tables with the library. Everything known, it
//! decides in two values, the way AWS's pages put it (`decide`). What is unknown it fills in, in every way
//! that could make a difference, and looks whether the decisions agree (`completion`).
//!
//! Key states and errors are none of its business, nor are documents that AWS would refuse. As it is given
//! parsed JSON, it never sees a repeated name but the last of its values.

mod action;
mod arn;
mod authorization;
mod caller;
mod candidates;
mod compare;
mod completion;
mod condition;
mod context;
mod decide;
mod derive;
mod derive_kms;
mod document;
mod grant;
mod instant;
mod json;
mod keys;
mod neighbours;
mod number;
mod organization;
mod pattern;
mod statement;
mod variable;
mod verdict;
mod world;

pub use verdict::{Decision, Refusal, Verdict};

use serde_json::Value;
use world::World;

/// A scenario, read once.
#[derive(Debug)]
pub struct Reference {
    world: World,
}

impl Reference {
    /// Reads the JSON of a scenario file.
    ///
    /// # Errors
    /// If it is no scenario.
    pub fn read(scenario: &Value) -> Result<Reference, Refusal> {
        Ok(Reference { world: World::read(scenario).map_err(Refusal::Unanswerable)? })
    }

    /// How many requests it holds.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.world.requests.len()
    }

    /// The verdict on the request at that position.
    ///
    /// # Errors
    /// If the request has no meaning here, or if what is unknown can be filled in in too many ways.
    pub fn decide(&self, request: usize) -> Result<Verdict, Refusal> {
        let request = self.world.requests.get(request).ok_or(Refusal::Unanswerable("no such request"))?;
        completion::verdict(&self.world, request)
    }
}

#[cfg(test)]
mod tests {
    use super::{Decision, Reference, Refusal};
    use serde_json::{Value, json};

    fn scenario(condition: &Value, request: &Value) -> Value {
        json!({
            "keytrace": 1,
            "principals": [{ "Arn": "arn:aws:iam::111122223333:role/App", "Policies": [{
                "PolicyDocument": { "Version": "2012-10-17", "Statement": [
                    { "Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*", "Condition": condition }
                ] }
            }] }],
            "keys": [{
                "KeyMetadata": { "Arn": "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab" },
                "Policy": { "Version": "2012-10-17", "Statement": [
                    { "Effect": "Allow", "Principal": { "AWS": "111122223333" }, "Action": "kms:*", "Resource": "*" }
                ] }
            }],
            "requests": [request]
        })
    }

    fn decide(condition: &Value, unknown: &[&str]) -> (Decision, Option<&'static str>) {
        let request = json!({
            "principal": "arn:aws:sts::111122223333:assumed-role/App/s", "operation": "Decrypt", "unknown": unknown
        });
        let verdict = Reference::read(&scenario(condition, &request)).unwrap().decide(0).unwrap();
        (verdict.decision, verdict.policy)
    }

    #[test]
    fn delegation_and_iam() {
        assert_eq!(decide(&json!({}), &[]), (Decision::Allowed, Some("identity policy")));
        let elsewhere = json!({ "StringEquals": { "aws:SourceVpce": "vpce-1" } });
        assert_eq!(decide(&elsewhere, &[]), (Decision::ImplicitDeny, Some("identity policy")));
    }

    #[test]
    fn unknown_keys_are_filled_in() {
        let address = json!({ "IpAddress": { "aws:SourceIp": "203.0.113.0/24" } });
        assert_eq!(decide(&address, &["aws:SourceIp"]), (Decision::Undetermined, None));
        // Whatever it is, it is not both.
        let both =
            json!({ "StringLike": { "aws:SourceVpce": "vpce-1*" }, "StringEquals": { "aws:SourceVpce": "vpce-2" } });
        assert_eq!(decide(&both, &["aws:SourceVpce"]), (Decision::ImplicitDeny, Some("identity policy")));
        // The only text that begins and ends so is none that the policy holds.
        let overlap =
            json!({ "StringLike": { "aws:SourceVpce": "vpce-1*" }, "StringLikeIfExists": { "aws:SourceVpce": "*2" } });
        assert_eq!(decide(&overlap, &["aws:SourceVpce"]), (Decision::Undetermined, None));
        let always = json!({ "Null": { "aws:UserAgent": "true" } });
        assert_eq!(decide(&always, &["aws:UserAgent"]), (Decision::ImplicitDeny, Some("identity policy")));
    }

    #[test]
    fn what_cannot_be_answered() {
        let request = json!({ "principal": "arn:aws:sts::111122223333:assumed-role/Nobody/s", "operation": "Decrypt" });
        let reference = Reference::read(&scenario(&json!({}), &request)).unwrap();
        assert!(matches!(reference.decide(0), Err(Refusal::Unanswerable(_))));
        assert_eq!(reference.requests(), 1);
        assert!(matches!(reference.decide(1), Err(Refusal::Unanswerable(_))));
    }
}
