//! Pastes in the shapes that the `aws` command prints, with made-up contents.

mod guardrails;

use super::*;
use crate::json::edit::read;
use alloc::string::ToString;

const KEY: &str = "arn:aws:kms:eu-central-1:444455556666:key/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0";

const DESCRIBE_KEY: &str = r#"{
    "KeyMetadata": {
        "AWSAccountId": "444455556666",
        "KeyId": "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",
        "Arn": "arn:aws:kms:eu-central-1:444455556666:key/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",
        "CreationDate": "2025-03-08T10:15:02.123000+01:00",
        "Enabled": true,
        "Description": "invoices {eu}",
        "KeyUsage": "ENCRYPT_DECRYPT",
        "KeyState": "Enabled",
        "Origin": "AWS_KMS",
        "KeyManager": "CUSTOMER",
        "CustomerMasterKeySpec": "SYMMETRIC_DEFAULT",
        "KeySpec": "SYMMETRIC_DEFAULT",
        "EncryptionAlgorithms": [
            "SYMMETRIC_DEFAULT"
        ],
        "MultiRegion": false,
        "CurrentKeyMaterialId": "7c1f"
    }
}
"#;

const KEY_POLICY: &str = r#"{
    "Policy": "{\n  \"Version\" : \"2012-10-17\",\n  \"Id\" : \"key-default-1\",\n  \"Statement\" : [ {\n    \"Sid\" : \"Enable IAM User Permissions\",\n    \"Effect\" : \"Allow\",\n    \"Principal\" : {\n      \"AWS\" : \"arn:aws:iam::444455556666:root\"\n    },\n    \"Action\" : \"kms:*\",\n    \"Resource\" : \"*\"\n  } ]\n}",
    "PolicyName": "default"
}
"#;

const CALLER: &str = r#"{
    "UserId": "AROAEXAMPLEBILLING001:batch-7",
    "Account": "444455556666",
    "Arn": "arn:aws:sts::444455556666:assumed-role/Billing/batch-7"
}
"#;

const ROLE_POLICY: &str = r#"{
    "RoleName": "Billing",
    "PolicyName": "UseInvoiceKey",
    "PolicyDocument": {
        "Version": "2012-10-17",
        "Statement": [
            { "Effect": "Allow", "Action": ["kms:Decrypt"], "Resource": "*" }
        ]
    }
}
"#;

const DENIED: &str = "An error occurred (AccessDeniedException) when calling the Decrypt operation: User: \
    arn:aws:sts::444455556666:assumed-role/Billing/batch-7 is not authorized to perform: kms:Decrypt on resource: \
    arn:aws:kms:eu-central-1:444455556666:key/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0 because no identity-based policy \
    allows the kms:Decrypt action\n";

fn put(paste: &str, scenario: &str) -> Placed {
    let placed = place(&recognise(paste).unwrap(), scenario).unwrap();
    for span in &placed.spans {
        read(span.of(&placed.text).unwrap()).unwrap();
    }
    placed
}

fn at(placed: &Placed, pointer: &str) -> Option<String> {
    let root = read(&placed.text).unwrap();
    let value = pointer.split('/').skip(1).try_fold(&root, |value, step| {
        step.parse::<usize>().map_or_else(|_| value.get(step), |index| value.as_array()?.get(index))
    })?;
    Some(value.as_str().map_or_else(|| value.span.of(&placed.text).unwrap().to_string(), ToString::to_string))
}

fn kinds(paste: &str) -> Vec<OutputKind> {
    recognise(paste).unwrap().iter().map(|output| output.kind).collect()
}

fn noted(placed: &Placed, what: &str) -> bool {
    placed.notes.iter().any(|note| note.contains(what))
}

fn with_key_and_request() -> String {
    put(&[DESCRIBE_KEY, KEY_POLICY, DENIED].concat(), "").text
}

#[test]
fn a_whole_terminal_becomes_a_scenario() {
    let paste = [
        "~ % aws kms decrypt --key-id alias/invoices --ciphertext-blob fileb://invoice\n\n",
        DENIED,
        "~ % aws kms get-key-policy --key-id 0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0 --policy-name default\n",
        KEY_POLICY,
        "~ % aws kms list-aliases\n",
        r#"{"Aliases": [
            {"AliasName": "alias/aws/s3", "AliasArn": "arn:aws:kms:eu-central-1:444455556666:alias/aws/s3"},
            {"AliasName": "alias/invoices", "AliasArn": "arn:aws:kms:eu-central-1:444455556666:alias/invoices",
             "TargetKeyId": "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0", "CreationDate": "2025-03-08T10:15:40+01:00"}]}"#,
        "\n~ % aws iam get-role-policy --role-name Billing --policy-name UseInvoiceKey\n",
        ROLE_POLICY,
        "~ % aws kms describe-key --key-id alias/invoices\n",
        DESCRIBE_KEY,
        "~ % aws sts get-caller-identity\n",
        CALLER,
    ];
    let placed = put(&paste.concat(), "");
    let keys = at(&placed, "/keys").unwrap();
    assert_eq!(read(&keys).unwrap().as_array().unwrap().len(), 1);
    let expected = [
        ("/keytrace", "1"),
        ("/keys/0/KeyMetadata/Arn", KEY),
        ("/keys/0/KeyMetadata/Description", "invoices {eu}"),
        ("/keys/0/Policy/Statement/0/Sid", "Enable IAM User Permissions"),
        ("/keys/0/Aliases", r#"["alias/invoices"]"#),
        ("/principals/0/Arn", "arn:aws:iam::444455556666:role/Billing"),
        ("/principals/0/RoleId", "AROAEXAMPLEBILLING001"),
        ("/principals/0/Policies/0/PolicyName", "UseInvoiceKey"),
        ("/principals/0/Policies/0/PolicyDocument/Statement/0/Action/0", "kms:Decrypt"),
        ("/requests/0/principal", "arn:aws:sts::444455556666:assumed-role/Billing/batch-7"),
        ("/requests/0/operation", "Decrypt"),
        ("/requests/0/parameters/KeyId", KEY),
    ];
    for (pointer, value) in expected {
        assert_eq!(at(&placed, pointer).as_deref(), Some(value), "{pointer}");
    }
    // All that is left open is what no output told.
    let open = ["`Billing` is taken to have no path", "encryption context"];
    assert!(open.iter().all(|what| noted(&placed, what)), "{:?}", placed.notes);
    assert_eq!(placed.notes.len(), open.len(), "{:?}", placed.notes);
}

/// However much is pasted, placing it ends soon.
#[test]
fn a_paste_without_end_is_placed_in_part() {
    let grant = |index: usize| alloc::format!(r#"{{"KeyId": "{KEY}{index}", "GrantId": "a"}}"#);
    let grants: Vec<String> = (0..2_000).map(grant).collect();
    let placed = put(&alloc::format!("{{\"Grants\": [{}]}}", grants.join(", ")), "");
    assert!(noted(&placed, "more than is placed at once"));
    assert!(at(&placed, "/keys/100/Grants/0").is_some() && at(&placed, "/keys/1000").is_none());
}

/// Pasting the same again changes nothing but what is replaced by itself.
#[test]
fn placing_twice_is_placing_once() {
    let paste = [DESCRIBE_KEY, KEY_POLICY, CALLER, ROLE_POLICY, DENIED].concat();
    let once = put(&paste, "").text;
    assert_eq!(put(&paste, &once).text, once);
}

#[test]
fn key_policies_come_as_json_and_as_text() {
    let text = "$ aws kms get-key-policy --policy-name default --output text --key-id \\\n  0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0\n\
        {\n  \"Version\" : \"2012-10-17\",\n  \"Statement\" : [ {\n    \"Effect\" : \"Deny\",\n    \"Principal\" : \"*\",\n    \
        \"Action\" : \"kms:*\",\n    \"Resource\" : \"*\"\n  } ]\n}\tdefault\n";
    assert_eq!(kinds(text), [OutputKind::KeyPolicy]);
    assert_eq!(kinds(KEY_POLICY), [OutputKind::GetKeyPolicy]);
    let placed = put(text, &with_key_and_request());
    assert_eq!(at(&placed, "/keys/0/Policy/Statement/0/Effect").as_deref(), Some("Deny"));
    assert_eq!(placed.notes, [""; 0]);
    // `--query Policy` prints the string alone.
    let query =
        r#""{\"Statement\": [{\"Effect\": \"Deny\", \"Principal\": \"*\", \"Action\": \"*\", \"Resource\": \"*\"}]}""#;
    assert_eq!(kinds(query), [OutputKind::KeyPolicy]);
}

#[test]
fn a_key_policy_goes_to_the_key_that_is_named_or_to_the_only_one() {
    let only = put(KEY_POLICY, &put(DESCRIBE_KEY, "").text);
    assert!(only.text.contains("Enable IAM User Permissions") && noted(&only, "taken to be that of `0f1e2d3c"));

    let other = DESCRIBE_KEY.replace("0f1e2d3c", "aaaaaaaa");
    let two = put(&[DESCRIBE_KEY, &other].concat(), "").text;
    let unplaced = put(KEY_POLICY, &two);
    assert_eq!(unplaced.text, two);
    assert!(noted(&unplaced, "nothing says which key"));

    let named = "aws kms get-key-policy --policy-name default --key-id aaaaaaaa-4b5a-6978-8796-a5b4c3d2e1f0\n";
    let placed = put(&[named, KEY_POLICY].concat(), &two);
    assert!(at(&placed, "/keys/1/Policy/Id").is_some() && at(&placed, "/keys/0/Policy").is_none());

    let requested = put(KEY_POLICY, &put(DENIED, &two).text);
    assert!(at(&requested, "/keys/0/Policy/Id").is_some() && noted(&requested, "taken to be that of `0f1e2d3c"));

    let unknown = put(&["aws kms get-key-policy --key-id alias/x\n", KEY_POLICY].concat(), &two);
    assert_eq!(unknown.text, two);
    assert!(noted(&unknown, "`aws kms describe-key --key-id alias/x`"));
}

#[test]
fn a_key_that_cannot_be_read_as_json_inside_its_string_stays_a_string() {
    let placed = put(r#"{"Policy": "{oops", "PolicyName": "default"}"#, &put(DESCRIBE_KEY, "").text);
    assert_eq!(at(&placed, "/keys/0/Policy").as_deref(), Some("{oops"));
}

#[test]
fn grants_are_sorted_to_their_keys() {
    let grants = r#"{"Grants": [
        {"KeyId": "arn:aws:kms:eu-central-1:444455556666:key/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",
         "GrantId": "a1", "Name": "", "CreationDate": "2025-04-01T00:00:00+02:00",
         "GranteePrincipal": "arn:aws:iam::444455556666:role/Billing",
         "IssuingAccount": "arn:aws:iam::444455556666:root", "Operations": ["Decrypt", "GenerateDataKey"],
         "Constraints": {"EncryptionContextSubset": {"tenant": "42"}}},
        {"KeyId": "arn:aws:kms:eu-central-1:444455556666:key/ffffffff", "GrantId": "b2", "Operations": ["Encrypt"]}],
        "Truncated": true}"#;
    let placed = put(grants, &put(DESCRIBE_KEY, "").text);
    assert_eq!(at(&placed, "/keys/0/Grants/0/Constraints/EncryptionContextSubset/tenant").as_deref(), Some("42"));
    let issuer = at(&placed, "/keys/0/Grants/0/IssuingAccount");
    assert_eq!(issuer.as_deref(), Some("arn:aws:iam::444455556666:root"));
    assert_eq!(at(&placed, "/keys/1/Grants/0/GrantId").as_deref(), Some("b2"));
    assert!(noted(&placed, "AWS has more") && noted(&placed, "of key `ffffffff` only the ARN is known"));
    let none = put("{\"Grants\": [], \"Truncated\": false}", &placed.text.replace("ffffffff", "x"));
    assert!(noted(&none, "was not placed"));
}

/// All that `list-grants` can print is what the reader takes, and the state of a key comes with its description.
#[test]
fn grants_and_key_states_count_as_they_are_pasted() {
    let grants = r#"{"Grants": [{"KeyId": "arn:aws:kms:eu-central-1:444455556666:key/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",
        "GrantId": "a1", "Name": "", "CreationDate": 1743458400.0, "GranteePrincipal": "arn:aws:iam::444455556666:role/Billing",
        "RetiringPrincipal": "dynamodb.eu-central-1.amazonaws.com", "IssuingAccount": "arn:aws:iam::444455556666:root",
        "Operations": ["Decrypt"], "Constraints": {"EncryptionContextEquals": {}}}]}"#;
    let disabled = DESCRIBE_KEY
        .replace("\"Enabled\": true", "\"Enabled\": false")
        .replace("\"KeyState\": \"Enabled\"", "\"KeyState\": \"Disabled\"");
    let silent = KEY_POLICY.replace("444455556666:root", "444455556666:user/Admin");
    let placed = put(&[&disabled, &silent, DENIED, grants].concat(), "");
    let scenario = crate::scenario::read(&placed.text).value.unwrap();
    let answer = crate::answer(&scenario, 0).unwrap();
    assert!(matches!(answer.decision, crate::decision::Decision::Allowed { .. }));
    assert_eq!(answer.error.map(|error| error.name), Some(crate::check::ErrorName::Disabled));
}

#[test]
fn aliases_of_other_keys_are_left_out() {
    let alias = |account: &str, name: &str| {
        alloc::format!(
            r#"{{"AliasName": "{name}", "AliasArn": "arn:aws:kms:eu-central-1:{account}:{name}",
               "TargetKeyId": "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"}}"#
        )
    };
    let scenario = put(DESCRIBE_KEY, "").text;
    let own = alias("444455556666", "alias/a");
    let foreign = alias("999988887777", "alias/b");
    let placed = put(&alloc::format!("{{\"Aliases\": [{own}, {foreign}]}}"), &scenario);
    assert_eq!(at(&placed, "/keys/0/Aliases").as_deref(), Some("[\"alias/a\"]"));
    let kept = put(&alloc::format!("{{\"Aliases\": [{foreign}]}}"), &placed.text);
    assert_eq!(kept.text, placed.text);
    assert!(noted(&kept, "those it has in the scenario are left"));
}

#[test]
fn tags_of_a_key() {
    let tags = r#"{"Tags": [{"TagKey": "env", "TagValue": "prod"}], "Truncated": false}"#;
    let placed = put(tags, &put(DESCRIBE_KEY, "").text);
    assert_eq!(at(&placed, "/keys/0/Tags/0/TagValue").as_deref(), Some("prod"));
}

#[test]
fn url_encoded_documents_are_decoded() {
    let version = r#"$ aws iam get-policy-version --policy-arn arn:aws:iam::444455556666:policy/team/UseKeys --version-id v2
        {"PolicyVersion": {"Document": "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22kms%3A%2A%22%2C%22Resource%22%3A%22%2A%22%7D%7D",
         "VersionId": "v2", "IsDefaultVersion": false, "CreateDate": "2025-01-01T00:00:00+00:00"}}"#;
    let placed = put(version, &with_key_and_request());
    assert_eq!(at(&placed, "/principals/0/Policies/0/PolicyDocument/Statement/Action").as_deref(), Some("kms:*"));
    assert_eq!(at(&placed, "/principals/0/Policies/0/PolicyName").as_deref(), Some("UseKeys"));
    assert!(noted(&placed, "not its default version") && noted(&placed, "does not say whose policy it is"));
    // Its ARN says where it belongs the next time.
    let again = put(version, &placed.text);
    assert_eq!(again.text, placed.text);
    assert!(!noted(&again, "whose policy"));
}

#[test]
fn an_identity_policy_goes_to_the_caller() {
    let policy = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}}"#;
    assert_eq!(kinds(policy), [OutputKind::IdentityPolicy]);
    let once = put(policy, &with_key_and_request());
    let twice = put(policy, &once.text);
    assert_eq!(at(&twice, "/principals/0/Policies/1/PolicyName").as_deref(), Some("UnnamedPolicy2"));
    let nobody = put(policy, "{}");
    assert_eq!(nobody.text, "{}");
    assert!(noted(&nobody, "nothing says whose policy it is"));
}

#[test]
fn inline_policies_of_roles_users_and_groups() {
    let scenario = with_key_and_request();
    let placed = put(ROLE_POLICY, &scenario);
    let replaced = put(&ROLE_POLICY.replace("kms:Decrypt", "kms:Encrypt"), &placed.text);
    assert!(replaced.text.contains("kms:Encrypt") && at(&replaced, "/principals/0/Policies/1").is_none());

    let of_user = ROLE_POLICY.replace("RoleName", "UserName");
    assert_eq!(kinds(&of_user), [OutputKind::GetUserPolicy]);
    let placed = put(&of_user, &scenario);
    assert_eq!(at(&placed, "/principals/1/Arn").as_deref(), Some("arn:aws:iam::444455556666:user/Billing"));
    assert!(noted(&placed, "`aws iam get-user --user-name Billing`") && noted(&placed, "list-groups-for-user"));

    let of_group = ROLE_POLICY.replace("RoleName", "GroupName");
    let placed = put(&of_group, &scenario);
    assert_eq!(at(&placed, "/principals/1/Arn").as_deref(), Some("arn:aws:iam::444455556666:group/Billing"));

    let elsewhere = placed.text.replace("444455556666:role", "999988887777:role");
    assert!(noted(&put(ROLE_POLICY, &elsewhere), "taken to be `arn:aws:iam::999988887777:role/Billing`"));

    let nobody = put(ROLE_POLICY, "{\"keytrace\": 1}");
    assert!(noted(&nobody, "nothing says which account role `Billing` belongs to"));
}

#[test]
fn get_role_corrects_what_was_assumed() {
    let role = r#"{"Role": {"Path": "/batch/", "RoleName": "Billing", "RoleId": "AROAEXAMPLEBILLING001",
        "Arn": "arn:aws:iam::444455556666:role/batch/Billing", "CreateDate": "2024-01-01T00:00:00+00:00",
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []},
        "Tags": [{"Key": "team", "Value": "finance"}], "MaxSessionDuration": 3600,
        "PermissionsBoundary": {"PermissionsBoundaryType": "Policy",
            "PermissionsBoundaryArn": "arn:aws:iam::444455556666:policy/Edge"}}}"#;
    let placed = put(role, &put(ROLE_POLICY, &with_key_and_request()).text);
    assert_eq!(at(&placed, "/principals/0/Arn").as_deref(), Some("arn:aws:iam::444455556666:role/batch/Billing"));
    assert_eq!(at(&placed, "/principals/0/RoleId").as_deref(), Some("AROAEXAMPLEBILLING001"));
    assert_eq!(at(&placed, "/principals/0/Tags/0/Value").as_deref(), Some("finance"));
    assert!(at(&placed, "/principals/0/Policies/0").is_some() && at(&placed, "/principals/1").is_none());
    assert_eq!(at(&placed, "/principals/0/PermissionsBoundary"), None);
    assert!(noted(&placed, "get-policy-version --policy-arn arn:aws:iam::444455556666:policy/Edge"));

    let user = r#"{"User": {"Path": "/", "UserName": "Ann", "UserId": "AIDAEXAMPLEANN0000001",
        "Arn": "arn:aws:iam::444455556666:user/Ann", "CreateDate": "2024-01-01T00:00:00+00:00"}}"#;
    let placed = put(user, "");
    assert_eq!(at(&placed, "/principals/0/UserId").as_deref(), Some("AIDAEXAMPLEANN0000001"));
    assert!(noted(&placed, "no policy of user `Ann` is known"));
}

#[test]
fn the_caller_is_who_runs_the_command() {
    let text = "444455556666\tarn:aws:iam::444455556666:user/ops/Ann\tAIDAEXAMPLEANN0000001\n";
    assert_eq!(kinds(text), [OutputKind::GetCallerIdentity]);
    let placed = put(text, &put(DESCRIBE_KEY, "").text);
    assert_eq!(at(&placed, "/requests/0/principal").as_deref(), Some("arn:aws:iam::444455556666:user/ops/Ann"));
    assert_eq!(at(&placed, "/requests/0/parameters/KeyId").as_deref(), Some(KEY));
    assert_eq!(at(&placed, "/principals/0/UserId").as_deref(), Some("AIDAEXAMPLEANN0000001"));
    assert!(noted(&placed, "taken to be `Decrypt`"));

    let scenario = r#"{"requests": [{"principal": {"Arn": "arn:aws:iam::444455556666:root", "mfa": true},
        "operation": "Encrypt", "expect": {"decision": "Allowed"}}]}"#;
    let changed = put(CALLER, scenario);
    assert_eq!(
        at(&changed, "/requests/0/principal/Arn").as_deref(),
        Some("arn:aws:sts::444455556666:assumed-role/Billing/batch-7")
    );
    assert_eq!(at(&changed, "/requests/0/operation").as_deref(), Some("Encrypt"));
    assert!(noted(&changed, "for another caller") && noted(&changed, "besides the ARN"));
    let root = r#"{"UserId": "444455556666", "Account": "444455556666", "Arn": "arn:aws:iam::444455556666:root"}"#;
    assert!(at(&put(root, ""), "/principals/0").is_none());
}

#[test]
fn denials_become_the_request_in_all_their_forms() {
    let python = "botocore.exceptions.ClientError: An error occurred (AccessDeniedException) when calling the CreateGrant \
        operation: User: arn:aws:iam::444455556666:user/Ann is not authorized to perform: kms:CreateGrant on resource: \
        arn:aws:kms:eu-central-1:444455556666:key/1 with an explicit deny in a resource-based policy";
    let placed = put(python, &with_key_and_request());
    assert_eq!(at(&placed, "/requests/0/operation").as_deref(), Some("CreateGrant"));
    assert_eq!(at(&placed, "/keys/1/KeyMetadata/Arn").as_deref(), Some("arn:aws:kms:eu-central-1:444455556666:key/1"));
    assert!(at(&placed, "/requests/1").is_none());

    let sdk = r#"{"__type": "AccessDeniedException", "Message": "User: arn:aws:iam::444455556666:user/Ann is not authorized to perform: kms:ListKeys on resource: * because no identity-based policy allows the kms:ListKeys action"}"#;
    let placed = put(sdk, "");
    assert_eq!(at(&placed, "/requests/0/parameters").as_deref(), Some("{}"));

    let bare = "User: arn:aws:iam::444455556666:user/Ann is not authorized to perform: kms:Decrypt";
    assert!(noted(&put(bare, ""), "names no key"));
    assert!(noted(&put(bare, &put(DESCRIBE_KEY, "").text), "the only one here"));

    let foreign = "User: arn:aws:iam::444455556666:user/Ann is not authorized to perform: s3:GetObject on resource: x";
    assert!(noted(&put(foreign, ""), "`s3:GetObject` is not an action of KMS"));
}

/// Each half of a request that takes several permissions is asked for with the parameter that names its key.
#[test]
fn denials_of_halves_name_their_keys() {
    let denied = |action: &str, resource: &str| {
        let who = "User: arn:aws:iam::444455556666:user/Ann is not authorized to perform:";
        put(&alloc::format!("{who} kms:{action} on resource: {resource} because …"), &with_key_and_request())
    };
    let alias = "arn:aws:kms:eu-central-1:444455556666:alias/a/b";
    for (action, resource, parameter, value) in [
        ("ReEncryptFrom", KEY, "SourceKeyId", KEY),
        ("ReEncryptTo", KEY, "DestinationKeyId", KEY),
        ("UpdateAlias", KEY, "TargetKeyId", KEY),
        ("CreateAlias", alias, "AliasName", "alias/a/b"),
        ("CreateAlias", alias, "TargetKeyId", KEY),
        ("DeleteAlias", alias, "AliasName", "alias/a/b"),
    ] {
        let placed = denied(action, resource);
        let found = at(&placed, &["/requests/0/parameters/", parameter].concat());
        assert_eq!(found.as_deref(), Some(value), "{action} on {resource}");
        assert_eq!(at(&placed, "/requests/0/parameters/KeyId"), None, "{action}");
    }
    // A request that asks for both halves keeps asking.
    let whole = denied("ReEncryptTo", KEY).text.replace("\"ReEncryptTo\"", "\"ReEncrypt\"");
    let who = "User: arn:aws:iam::444455556666:user/Ann is not authorized to perform: kms:ReEncryptTo on resource: ";
    assert_eq!(put(&[who, KEY].concat(), &whole).text, whole);
}

#[test]
fn a_request_that_asks_the_same_keeps_its_parameters() {
    let scenario =
        with_key_and_request().replace("\"parameters\": {", "\"parameters\": {\n  \"EncryptionContext\": {},");
    let placed = put(DENIED, &scenario);
    assert_eq!(placed.text, scenario);
    assert_eq!(placed.summary, ["request asks about `kms:Decrypt` already"]);
}

#[test]
fn a_pasted_scenario_replaces_the_text_as_it_is() {
    let scenario = "{ \"keytrace\":1,   \"keys\": [] }";
    let placed = put(&[DESCRIBE_KEY, scenario].concat(), "{\"x\": []}");
    assert!(placed.text.starts_with("{ \"keytrace\":1,   \"keys\": [") && placed.text.contains(KEY));
    assert_eq!(put(scenario, "").text, scenario);
}

#[test]
fn what_is_not_recognised_says_what_to_paste() {
    let message = |paste| recognise(paste).unwrap_err().to_string();
    assert!(message("").contains("--output json"));
    assert!(message("hello\nworld").contains("--output json"));
    assert!(message("\n\n{\"KeyMetadata\": {").contains("line 3 is cut off"));
    assert!(message("{\"Policy\":\n \"a\" \"b\": }").contains("line 2 of the paste is not JSON"));
    assert!(message("{\"Keys\": []}").contains("`Keys` is no output"));
    let policy =
        r#"{"Policy": {"PolicyName": "P", "Arn": "arn:aws:iam::444455556666:policy/P", "DefaultVersionId": "v4"}}"#;
    assert!(
        message(policy).contains("get-policy-version --policy-arn arn:aws:iam::444455556666:policy/P --version-id v4")
    );
    let attached = r#"{"AttachedPolicies": [{"PolicyName": "P", "PolicyArn": "arn:aws:iam::444455556666:policy/P"}]}"#;
    assert!(message(attached).contains("get-policy --policy-arn arn:aws:iam::444455556666:policy/P"));
    assert!(message(r#"{"PolicyNames": ["A", "B"]}"#).contains("(A, B)"));
    // Together with something that can be placed it becomes a note.
    let placed = put(&["{\"Keys\": []}\n", DESCRIBE_KEY].concat(), "");
    assert!(noted(&placed, "`Keys` is no output") && placed.text.contains(KEY));
}

#[test]
fn a_scenario_that_is_not_json_is_left_alone() {
    let outputs = recognise(DESCRIBE_KEY).unwrap();
    assert!(place(&outputs, "{\n  \"keys\": [,]\n}").unwrap_err().to_string().starts_with("2:12: JSON_SYNTAX_ERROR"));
    assert!(place(&outputs, "[]").is_err());
    // What is JSON but no scenario yet is filled as far as possible.
    let placed = put(DESCRIBE_KEY, "{\"keys\": 1}");
    assert_eq!(placed.text, "{\"keys\": 1}");
    assert!(noted(&placed, "nothing was put at `/keys/-`"));
    assert_eq!(placed.summary, [""; 0]);
}

#[test]
fn no_paste_and_no_scenario_is_too_broken() {
    let paste = ["$ aws kms get-key-policy --key-id 1 \\\n", DESCRIBE_KEY, KEY_POLICY, CALLER, DENIED, ROLE_POLICY];
    let paste = [&paste.concat(), guardrails::BOUNDED, guardrails::ROOTS].concat();
    let scenario = put(&paste, "").text;
    for end in (0..paste.len()).step_by(5).filter(|end| paste.is_char_boundary(*end)) {
        let Ok(outputs) = recognise(&paste[..end]) else { continue };
        for text in ["", scenario.as_str(), r#"{"keys": [1], "principals": {}, "requests": [[]]}"#] {
            let placed = place(&outputs, text).unwrap();
            read(&placed.text).unwrap();
        }
    }
}
