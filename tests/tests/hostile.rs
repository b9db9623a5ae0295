//! Nothing that is typed or pasted stops the program or sends it round in circles, and what it says about a
//! broken text points into that text.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use keytrace::{
    explain::{Explanation, Node},
    import,
    json::{Span, edit},
    policy::{self, PolicyKind},
    problem::Problem,
    scenario,
};
use keytrace_tests::{
    File, corpus,
    generate::mutate::{Dice, boundary, mutated},
};

/// Reads a text as a scenario, answers what it asks, and looks at every span on the way.
fn read_and_answer(text: &str) {
    let reading = scenario::read(text);
    reading.problems.iter().for_each(|problem| sound_problem(problem, text));
    let Some(scenario) = reading.value else {
        assert!(!reading.problems.is_empty(), "refused without a word: {text}");
        return;
    };
    for index in 0..scenario.requests.len() {
        sound_explanation(&keytrace::answer(&scenario, index).unwrap().explanation, text);
    }
    assert!(keytrace::answer(&scenario, scenario.requests.len()).is_none());
}

fn sound_problem(problem: &Problem, text: &str) {
    sound_span(problem.span, text);
    assert!(problem.line >= 1 && problem.column >= 1, "{problem:?}");
    assert!(usize::try_from(problem.line).unwrap() <= text.matches('\n').count() + 1, "{problem:?}");
    assert!(!problem.message.trim().is_empty(), "{problem:?}");
    assert!(problem.pointer.is_empty() || problem.pointer.starts_with('/'), "{problem:?}");
}

/// Start and end lie in the text, in this order, between characters.
fn sound_span(span: Span, text: &str) {
    assert!(span.start <= span.end && span.of(text).is_some(), "{span:?} of {} bytes: {text}", text.len());
}

fn sound_explanation(explanation: &Explanation, text: &str) {
    for reason in explanation.reasons.iter().chain(&explanation.assumptions) {
        assert!(!reason.text.is_empty() && reason.page.starts_with("https://"), "{reason:?}");
        reason.span.into_iter().for_each(|span| sound_span(span, text));
    }
    assert!(!explanation.summary.is_empty() && !explanation.verdict.is_empty() && !explanation.question.is_empty());
    explanation.tree.iter().for_each(|node| sound_node(node, text));
}

fn sound_node(node: &Node, text: &str) {
    node.span.into_iter().for_each(|span| sound_span(span, text));
    node.children.iter().for_each(|child| sound_node(child, text));
}

/// Takes a paste apart and puts it into a scenario.
fn paste(paste: &str, scenario: &str) {
    let outputs = match import::recognise(paste) {
        Ok(outputs) => outputs,
        Err(refused) => {
            sound_span(refused.span, paste);
            assert!(!refused.message.trim().is_empty());
            return;
        }
    };
    outputs.iter().for_each(|output| sound_span(output.span, paste));
    let Ok(placed) = import::place(&outputs, scenario) else {
        assert!(edit::read(scenario).is_err() || !scenario.trim_start().starts_with('{'), "refused: {scenario}");
        return;
    };
    assert!(edit::read(&placed.text).is_ok(), "no JSON any more: {}", placed.text);
    placed.spans.iter().for_each(|span| sound_span(*span, &placed.text));
    read_and_answer(&placed.text);
}

/// Every `stride`th scenario, so that all rules have a chance.
fn some(stride: usize) -> Vec<File> {
    corpus().unwrap().into_iter().step_by(stride).collect()
}

#[test]
fn a_scenario_may_end_anywhere() {
    for file in some(23) {
        for end in (0..file.text.len()).step_by(3) {
            read_and_answer(&file.text[..boundary(&file.text, end)]);
        }
    }
}

#[test]
fn a_scenario_may_have_any_fault() {
    let mut dice = Dice::new(1);
    for file in some(5) {
        for _ in 0..12 {
            read_and_answer(&mutated(&file.text, 4, &mut dice));
        }
    }
}

/// A policy that stands in a string has two layers of escapes, and its positions go through both.
#[test]
fn a_policy_in_a_string_may_have_any_fault() {
    let mut dice = Dice::new(2);
    let whole = format!(
        "{{ \"keytrace\": 1, \"keys\": [{{ \"KeyMetadata\": {{ \"Arn\": \"{KEY}\" }}, \"Policy\": POLICY }}],\n\
        \"requests\": [{{ \"principal\": \"arn:aws:iam::444455556666:root\", \"operation\": \"Decrypt\" }}] }}"
    );
    for _ in 0..1500 {
        let policy = mutated(POLICY, 3, &mut dice);
        let written = match dice.below(3) {
            0 => keytrace::json::print::quoted(&policy),
            1 => keytrace::json::print::quoted(&url_encoded(&policy)),
            _ => mutated(&keytrace::json::print::quoted(&url_encoded(&policy)), 2, &mut dice),
        };
        read_and_answer(&whole.replace("POLICY", &written));
    }
}

#[test]
fn a_policy_alone_may_have_any_fault() {
    let mut dice = Dice::new(3);
    for _ in 0..1500 {
        let text = mutated(POLICY, 4, &mut dice);
        for kind in [PolicyKind::Key, PolicyKind::Identity] {
            let reading = policy::read_text(&text, kind);
            reading.problems.iter().for_each(|problem| sound_problem(problem, &text));
        }
    }
}

#[test]
fn a_paste_may_end_anywhere() {
    let whole = OUTPUTS.concat();
    for end in (0..whole.len()).step_by(7) {
        paste(&whole[..boundary(&whole, end)], "");
    }
}

#[test]
fn a_paste_may_have_any_fault() {
    let mut dice = Dice::new(4);
    let scenario = import::place(&import::recognise(&OUTPUTS.concat()).unwrap(), "").unwrap().text;
    for round in 0..2500 {
        let mut outputs = Vec::new();
        for _ in 0..=dice.below(3) {
            outputs.push(mutated(dice.choose(OUTPUTS), 3, &mut dice));
        }
        let before = match round % 3 {
            0 => String::new(),
            1 => scenario.clone(),
            _ => mutated(&scenario, 2, &mut dice),
        };
        paste(&outputs.concat(), &before);
    }
}

/// Inputs that grow what a careless reader does quadratically, exponentially or by recursion. Each has to
/// come to an end.
#[test]
fn enormous_and_odd_texts_come_to_an_end() {
    let many = 100_000;
    let deep = |open: &str, close: &str| [open.repeat(many), close.repeat(many)].concat();
    let list = |item: &str| format!("[{}{item}]", format!("{item},").repeat(many));
    let texts = [
        deep("[", "]"),
        deep("{\"a\":", "}"),
        "[".repeat(many),
        "{\"a\":".repeat(many),
        "\"".repeat(many),
        "\\\"".repeat(many),
        "{".repeat(many),
        ",".repeat(many),
        "/*".repeat(many),
        "\u{feff}".repeat(1000),
        "\0".repeat(1000),
        list("1"),
        list("{}"),
        list("\"\""),
        format!("{{{}\"a\":1}}", "\"a\":1,".repeat(5000)),
        format!("{{\"keytrace\": {}}}", "9".repeat(many)),
        format!("{{\"keytrace\": 1e{}}}", "9".repeat(many)),
        format!("{{\"keytrace\": 1, \"title\": \"{}\"}}", "é".repeat(many)),
        format!("{{\"keytrace\": 1, \"title\": \"{}\"}}", "\\ud800".repeat(many)),
        format!("{{\"keytrace\": 1, \"keys\": {}}}", list("{}")),
        format!("{{\"keytrace\": 1, \"principals\": {}}}", list("0")),
        format!("{{\"keytrace\": 1, \"requests\": {}}}", list("[]")),
        format!("{{\"keytrace\": 1, \"{}\": 1}}", "k".repeat(many)),
    ];
    for text in &texts {
        read_and_answer(text);
        paste(text, "");
        paste(OUTPUTS[0], text);
    }
}

/// The same inside a policy that is otherwise sound.
#[test]
fn enormous_and_odd_values_come_to_an_end() {
    let many = 20_000;
    let list = |item: &str| format!("[{}{item}]", format!("{item},").repeat(many));
    let wild = format!("\"{}b\"", "*a".repeat(2000));
    let arn = format!("\"arn:aws:kms:us-west-2:444455556666:key/{}b\"", "*?".repeat(2000));
    let context = format!("\"{}\"", "a".repeat(20_000));
    let condition = |operator: &str, value: &str| format!("{{\"{operator}\": {{\"aws:SourceVpc\": {value}}}}}");
    let none = "{}".to_string();
    for (action, resource, condition, context) in [
        (list("\"kms:*e*e*e*\""), "\"*\"".into(), none.clone(), "1".into()),
        (format!("\"kms:{}t\"", "*e".repeat(2000)), arn.clone(), none.clone(), "null".into()),
        ("\"kms:*\"".into(), list("\"arn:aws:kms:*:*:key/*\""), none, "true".into()),
        ("\"kms:*\"".into(), arn, condition("StringLike", &wild), context.clone()),
        ("\"kms:*\"".into(), "\"*\"".into(), condition("ForAllValues:StringNotLike", &list("\"a*\"")), context.clone()),
        (
            "\"kms:*\"".into(),
            "\"*\"".into(),
            condition("StringEqualsIgnoreCase", &list("\"ß${aws:username}\"")),
            context,
        ),
        ("\"kms:*\"".into(), "\"*\"".into(), condition("StringLike", "\"*x*\""), list("\"y\"")),
        ("\"kms:*\"".into(), "\"*\"".into(), condition("NumericEquals", &"9".repeat(500)), "9".repeat(500)),
        ("\"kms:*\"".into(), "\"*\"".into(), condition("NumericLessThan", "1e999999999"), "-1e-999999999".into()),
        ("\"kms:*\"".into(), "\"*\"".into(), condition("DateEquals", "\"99999-12-31T24:61:61Z\""), "1e308".into()),
        ("\"kms:*\"".into(), "\"*\"".into(), condition("DateLessThan", "-99999999999999999999"), "\"-0\"".into()),
        ("\"kms:*\"".into(), "\"*\"".into(), condition("IpAddress", "\"::ffff:1.2.3.4/96\""), "\"1.2.3.4\"".into()),
        ("\"kms:*\"".into(), "\"*\"".into(), condition("IpAddress", "\"0.0.0.0/99\""), "\"fe80::1%eth0\"".into()),
        ("\"kms:*\"".into(), "\"*\"".into(), condition("BinaryEquals", "\"====\""), "\"QQ=\"".into()),
        ("\"kms:*\"".into(), "\"*\"".into(), condition("ArnLike", "\":::::\""), "\"::::::::\"".into()),
    ] {
        let scenario = format!(
            "{{ \"keytrace\": 1, \"keys\": [{{ \"KeyMetadata\": {{ \"Arn\": \"{KEY}\" }}, \"Policy\": {{ \"Version\": \"2012-10-17\",\n\
            \"Statement\": [{{ \"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": {action}, \"Resource\": {resource},\n\
            \"Condition\": {condition} }}] }} }}],\n\"requests\": [{{ \"principal\": \"arn:aws:iam::444455556666:root\",\n\
            \"operation\": \"Decrypt\", \"context\": {{ \"aws:SourceVpc\": {context} }} }}] }}"
        );
        read_and_answer(&scenario);
    }
}

const KEY: &str = "arn:aws:kms:eu-central-1:444455556666:key/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0";

const POLICY: &str = r#"{
  "Version": "2012-10-17",
  "Id": "orders",
  "Statement": [
    { "Sid": "Account", "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::444455556666:root" },
      "Action": "kms:*", "Resource": "*" },
    { "Sid": "Ünusual", "Effect": "Deny", "NotPrincipal": { "AWS": ["444455556666", "*"], "Service": "s3.amazonaws.com" },
      "NotAction": ["kms:Decrypt", "kms:Re*"], "NotResource": "arn:aws:kms:*:*:key/${aws:username, 'none'}",
      "Condition": { "ForAnyValue:StringNotLikeIfExists": { "aws:CalledVia": ["a*", "${aws:userid}"] },
        "Null": { "aws:TokenIssueTime": true }, "IpAddress": { "aws:SourceIp": "203.0.113.0/24" } } }
  ]
}"#;

/// What the `aws` command prints in a terminal, with the commands.
const OUTPUTS: &[&str] = &[
    r#"$ aws kms describe-key --key-id alias/orders
{
    "KeyMetadata": {
        "AWSAccountId": "444455556666",
        "KeyId": "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",
        "Arn": "arn:aws:kms:eu-central-1:444455556666:key/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",
        "Description": "orders {é😀}",
        "KeyManager": "CUSTOMER",
        "KeySpec": "SYMMETRIC_DEFAULT",
        "MultiRegion": true,
        "MultiRegionConfiguration": { "MultiRegionKeyType": "PRIMARY" }
    }
}
"#,
    r#"$ aws kms get-key-policy --policy-name default \
    --key-id 0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0
{
    "Policy": "{\n  \"Version\" : \"2012-10-17\",\n  \"Statement\" : [ {\n    \"Effect\" : \"Allow\",\n    \"Principal\" : {\n      \"AWS\" : \"arn:aws:iam::444455556666:root\"\n    },\n    \"Action\" : \"kms:*\",\n    \"Resource\" : \"*\"\n  } ]\n}",
    "PolicyName": "default"
}
"#,
    r#"$ aws kms list-aliases
{ "Aliases": [
    { "AliasName": "alias/orders", "AliasArn": "arn:aws:kms:eu-central-1:444455556666:alias/orders",
      "TargetKeyId": "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0" } ] }
"#,
    r#"$ aws kms list-resource-tags --key-id 0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0
{"Tags": [{"TagKey": "team", "TagValue": "blue"}], "Truncated": false}
"#,
    r#"$ aws kms list-grants --key-id 0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0
{"Grants": [{"KeyId": "arn:aws:kms:eu-central-1:444455556666:key/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",
  "GrantId": "1a", "GranteePrincipal": "arn:aws:iam::444455556666:role/Billing", "Operations": ["Decrypt"],
  "Constraints": {"EncryptionContextSubset": {"a": "b"}}}]}
"#,
    r#"$ aws iam get-role --role-name Billing
{"Role": {"Path": "/batch/", "RoleName": "Billing", "RoleId": "AROAEXAMPLEBILLING001",
  "Arn": "arn:aws:iam::444455556666:role/batch/Billing", "AssumeRolePolicyDocument": {"Statement": []},
  "Tags": [{"Key": "team", "Value": "blue"}]}}
"#,
    r#"$ aws iam get-role-policy --role-name Billing --policy-name Use
{"RoleName": "Billing", "PolicyName": "Use", "PolicyDocument": {"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": ["kms:Decrypt"], "Resource": "*"}]}}
"#,
    r#"$ aws iam get-policy-version --policy-arn arn:aws:iam::444455556666:policy/Use --version-id v2
{"PolicyVersion": {"Document": {"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "kms:*",
  "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": false}}}}, "VersionId": "v2"}}
"#,
    r#"$ aws sts get-caller-identity
{ "UserId": "AROAEXAMPLEBILLING001:batch-7", "Account": "444455556666",
  "Arn": "arn:aws:sts::444455556666:assumed-role/Billing/batch-7" }
"#,
    "$ aws sts get-caller-identity --output text\n444455556666\tarn:aws:iam::444455556666:user/Ann\tAIDAEXAMPLEANN0000001\n",
    "$ aws kms decrypt --key-id alias/orders\n\nAn error occurred (AccessDeniedException) when calling the Decrypt \
     operation: User: arn:aws:sts::444455556666:assumed-role/Billing/batch-7 is not authorized to perform: kms:Decrypt \
     on resource: arn:aws:kms:eu-central-1:444455556666:key/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0 because no \
     identity-based policy allows the kms:Decrypt action\n",
    POLICY,
];

/// As IAM encodes a document: everything but letters, digits and a few signs.
fn url_encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
