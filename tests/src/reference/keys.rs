//! The condition keys: what they hold, and which of them every request has.
//!
//! "AWS global condition context keys"
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>) and "AWS KMS
//! condition keys" (<https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html>).
//! All names are in lower case here: case does not matter in them.

/// What a key holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    Text,
    Arn,
    Bool,
    Number,
    Time,
    Address,
}

/// Keys with several values.
const MULTIVALUED: &[&str] = &[
    "aws:calledvia",
    "aws:principalorgpaths",
    "aws:principalservicenameslist",
    "aws:resourceorgpaths",
    "aws:sourceorgpaths",
    "aws:tagkeys",
    "aws:vpceorgpaths",
    "kms:encryptioncontextkeys",
    "kms:grantoperations",
    "kms:resourcealiases",
];

/// Keys that are in the context of every request, or of every one that concerns a resource.
const ALWAYS: &[&str] = &[
    "aws:currenttime",
    "aws:epochtime",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalisawsservice",
    "aws:principaltype",
    "aws:requestedregion",
    "aws:resourceaccount",
    "aws:securetransport",
    "aws:useragent",
    "aws:userid",
    "aws:viaawsservice",
];

/// Keys that a request may or may not have, where nothing in a scenario tells.
const UNTOLD: &[&str] = &[
    "aws:assumedroot",
    "aws:calledviaawsmcp",
    "aws:chatbotsourcearn",
    "aws:ec2instancesourceprivateipv4",
    "aws:ec2instancesourcevpc",
    "aws:federatedprovider",
    "aws:ismcpserviceaction",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:referer",
    "aws:resourceorgid",
    "aws:resourceorgpaths",
    "aws:signinsessionarn",
    "aws:sourceidentity",
    "aws:sourceip",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:sourcevpc",
    "aws:sourcevpcarn",
    "aws:sourcevpce",
    "aws:viaawsmcpservice",
    "aws:viacustomerdomain",
    "aws:vpceaccount",
    "aws:vpceorgid",
    "aws:vpceorgpaths",
    "aws:vpcsourceip",
    "codebuild:buildarn",
    "codebuild:projectarn",
    "ec2:roledelivery",
    "ec2:sourceinstancearn",
    "glue:credentialissuingservice",
    "glue:roleassumedby",
    "identitystore:userid",
    "lambda:sourcefunctionarn",
    "ssm:sourceinstancearn",
];

/// Whether a request can hold several values of it.
pub(super) fn is_multivalued(key: &str) -> bool {
    MULTIVALUED.contains(&key)
}

/// Whether every request has it, whoever calls and whatever is asked.
pub(super) fn is_always_there(key: &str) -> bool {
    ALWAYS.contains(&key)
}

/// Whether a request may or may not have it, and nothing that a scenario holds tells by itself.
pub(super) fn is_untold(key: &str) -> bool {
    UNTOLD.contains(&key)
}

/// What it holds.
pub(super) fn holds(key: &str) -> Holds {
    match key {
        "aws:assumedroot"
        | "aws:ismcpserviceaction"
        | "aws:multifactorauthpresent"
        | "aws:principalisawsservice"
        | "aws:securetransport"
        | "aws:viaawsmcpservice"
        | "aws:viaawsservice"
        | "kms:bypasspolicylockoutsafetycheck"
        | "kms:grantisforawsresource"
        | "kms:multiregion"
        | "kms:reencryptonsamekey" => Holds::Bool,
        "aws:multifactorauthage"
        | "ec2:roledelivery"
        | "kms:rotationperiodindays"
        | "kms:schedulekeydeletionpendingwindowindays"
        | "kms:trailingdayswithoutkeyusage" => Holds::Number,
        "aws:currenttime" | "aws:epochtime" | "aws:tokenissuetime" | "kms:validto" => Holds::Time,
        "aws:ec2instancesourceprivateipv4" | "aws:sourceip" | "aws:vpcsourceip" => Holds::Address,
        "aws:chatbotsourcearn"
        | "aws:principalarn"
        | "aws:signinsessionarn"
        | "aws:sourcearn"
        | "aws:sourcevpcarn"
        | "codebuild:buildarn"
        | "codebuild:projectarn"
        | "ec2:sourceinstancearn"
        | "kms:grantconstraintsourcearn"
        | "lambda:sourcefunctionarn"
        | "ssm:sourceinstancearn" => Holds::Arn,
        _ => Holds::Text,
    }
}
