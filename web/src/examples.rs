//! The scenarios that come with the page; the tests of the engine run the same files.

/// A built-in scenario.
pub struct Example {
    /// What it is about, in a few words, for the menu.
    pub label: &'static str,
    /// The scenario file.
    pub text: &'static str,
}

macro_rules! examples {
    ($($label:literal: $file:literal,)*) => {
        /// The built-in scenarios, in the order in which they teach.
        pub const EXAMPLES: &[Example] = &[
            $(Example { label: $label, text: include_str!(concat!("../../tests/scenarios/examples/", $file, ".json")) },)*
        ];
    };
}

examples! {
    "The API’s default key policy": "01-default-key-policy-of-the-api",
    "The console’s default key policy": "02-default-key-policy-of-the-console",
    "An IAM allow without delegation": "03-iam-allow-without-delegation",
    "Delegation of some actions only": "04-delegation-of-some-actions",
    "Another account, one side missing": "05-cross-account-with-one-side-missing",
    "MFA required by a condition": "06-mfa-required",
    "Encryption context in the wrong case": "07-encryption-context-differs-in-case",
    "A Deny that beats everything": "08-a-deny-that-beats-everything",
    "An AWS managed key, called directly": "09-aws-managed-key-called-directly",
    "A role session named by its ARN": "10-role-session-named-by-its-arn",
    "A grant for another encryption context": "11-grant-for-another-encryption-context",
    "An SCP that lacks an allow at one level": "12-scp-without-an-allow-at-one-level",
    "A permissions boundary that cuts a role": "13-permissions-boundary-that-cuts-a-role",
    "ReEncrypt with one half denied": "14-re-encrypt-with-one-half-denied",
    "Allowed, on a disabled key": "15-allowed-on-a-disabled-key",
    "A grant beside a silent boundary": "16-grant-beside-a-silent-boundary",
    "A VPC endpoint policy for another key": "17-vpc-endpoint-policy-for-another-key",
    "What nobody told": "18-what-nobody-told",
}

/// What a new scenario begins with.
pub const EMPTY_WORLD: &str = r#"{
  "keytrace": 1,
  "principals": [],
  "keys": [],
  "requests": []
}
"#;

/// The text of the example at `index`; an empty world if there is none.
pub fn text(index: usize) -> &'static str {
    EXAMPLES.get(index).map_or(EMPTY_WORLD, |example| example.text)
}

/// Which example `text` is, unchanged.
pub fn index_of(text: &str) -> Option<usize> {
    EXAMPLES.iter().position(|example| example.text == text)
}
