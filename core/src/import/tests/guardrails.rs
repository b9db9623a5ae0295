//! Pastes about what only narrows: permissions boundaries, control policies, VPC endpoints.

use super::*;

pub(super) const BOUNDED: &str = r#"{"Role": {"Path": "/", "RoleName": "Billing", "RoleId": "AROAEXAMPLEBILLING001",
    "Arn": "arn:aws:iam::444455556666:role/Billing", "CreateDate": "2024-01-01T00:00:00+00:00",
    "PermissionsBoundary": {"PermissionsBoundaryType": "Policy",
        "PermissionsBoundaryArn": "arn:aws:iam::444455556666:policy/Edge"}}}
"#;

#[test]
fn a_boundary_needs_its_document() {
    let version = r#"$ aws iam get-policy-version --policy-arn arn:aws:iam::444455556666:policy/Edge --version-id v1
        {"PolicyVersion": {"Document": {"Version": "2012-10-17",
            "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}, "VersionId": "v1", "IsDefaultVersion": true}}"#;
    // In any order, and only if the command says which policy it is.
    for paste in [[BOUNDED, version].concat(), [version, "\n", BOUNDED].concat()] {
        let placed = put(&paste, &with_key_and_request());
        let action = at(&placed, "/principals/0/PermissionsBoundary/PolicyDocument/Statement/Action");
        assert_eq!(action.as_deref(), Some("s3:*"));
        assert_eq!(at(&placed, "/principals/0/Policies").as_deref(), Some("[]"));
        assert!(!noted(&placed, "permissions boundary") && !noted(&placed, "whose policy"), "{:?}", placed.notes);
        assert!(crate::scenario::read(&placed.text).value.is_some());

        // From then on its ARN says where it belongs.
        let wider = put(&version.replace("s3:*", "kms:*"), &placed.text);
        let action = at(&wider, "/principals/0/PermissionsBoundary/PolicyDocument/Statement/Action");
        assert_eq!(action.as_deref(), Some("kms:*"));
        assert_eq!(put(BOUNDED, &wider.text).notes.iter().filter(|note| note.contains("boundary")).count(), 0);
        let unbounded = BOUNDED.split(",\n    \"PermissionsBoundary\"").next().unwrap().to_string() + "}}";
        assert!(noted(&put(&unbounded, &wider.text), "take its `PermissionsBoundary` out"));
    }
    // A policy can be attached and bound at once.
    let attached = put(version, &with_key_and_request());
    let both = put(&[BOUNDED, version].concat(), &attached.text);
    assert!(at(&both, "/principals/0/PermissionsBoundary/PolicyDocument").is_some());
    assert!(at(&both, "/principals/0/Policies/0/PolicyDocument").is_some());
    assert!(at(&both, "/principals/0/Policies/1").is_none());
}

pub(super) const ROOTS: &str = r#"{"Roots": [{"Id": "r-ab12", "Name": "Root", "PolicyTypes": [],
    "Arn": "arn:aws:organizations::999999999999:root/o-exampleorgid/r-ab12"}]}
"#;

#[test]
fn an_organization_needs_its_root() {
    let organization = r#"{"Organization": {"Id": "o-exampleorgid", "FeatureSet": "ALL",
        "Arn": "arn:aws:organizations::999999999999:organization/o-exampleorgid",
        "MasterAccountArn": "arn:aws:organizations::999999999999:account/o-exampleorgid/999999999999",
        "MasterAccountId": "999999999999", "MasterAccountEmail": "owner@example.com", "AvailablePolicyTypes": []}}"#;
    assert_eq!(kinds(&[organization, ROOTS].concat()), [OutputKind::DescribeOrganization, OutputKind::ListRoots]);
    let alone = put(organization, &with_key_and_request());
    assert_eq!(alone.text, with_key_and_request());
    assert!(noted(&alone, "aws organizations list-roots"));

    let placed = put(&[organization, ROOTS].concat(), &with_key_and_request());
    for (pointer, value) in
        [("Id", "o-exampleorgid"), ("FeatureSet", "ALL"), ("MasterAccountId", "999999999999"), ("Root/Id", "r-ab12")]
    {
        assert_eq!(at(&placed, &["/organization/", pointer].concat()).as_deref(), Some(value));
    }
    assert!(!placed.text.contains("owner@example.com"));
    assert!(crate::scenario::read(&placed.text).value.is_some());
    // Where an account stands decides which policies bind it, and nobody told.
    assert!(noted(&placed, "account 444455556666 is not in the tree"));
    let listed =
        placed.text.replace("\"Name\": \"Root\"", "\"Name\": \"Root\", \"Accounts\": [{\"Id\": \"444455556666\"}]");
    let again = put(ROOTS, &listed);
    assert_eq!(again.text, listed);
    assert!(!noted(&again, "not in the tree"));
    assert!(noted(&put(r#"{"Roots": []}"#, ""), "was not placed"));
}

#[test]
fn control_policies_go_where_they_are_attached() {
    let policy = |kind: &str, managed: bool| {
        alloc::format!(
            r#"{{"Policy": {{"PolicySummary": {{"Id": "p-12345678", "Name": "NoDeletion", "Type": "{kind}", "AwsManaged": {managed},
                "Arn": "arn:aws:organizations::999999999999:policy/o-exampleorgid/p-12345678"}},
                "Content": "{{\"Version\": \"2012-10-17\", \"Statement\": {{\"Effect\": \"Deny\", \"Action\": \"kms:Schedule*\", \"Resource\": \"*\"}}}}"}}}}"#
        )
    };
    let scp = policy("SERVICE_CONTROL_POLICY", false);
    assert_eq!(kinds(&scp), [OutputKind::DescribePolicy]);
    let unplaced = put(&scp, &with_key_and_request());
    assert_eq!(unplaced.text, with_key_and_request());
    assert!(noted(&unplaced, "under `ServiceControlPolicies`") && noted(&unplaced, "--policy-id p-12345678"));

    let scenario = r#"{"organization": {"Root": {"ServiceControlPolicies": ["FullAWSAccess"], "OrganizationalUnits": [
        {"Accounts": [{"ServiceControlPolicies": [{"Name": "Other", "Id": "p-1"}, {"Name": "NoDeletion", "Content": {}}]}]},
        {"ServiceControlPolicies": [{"Name": "Renamed", "Id": "p-12345678", "Content": {}}],
         "ResourceControlPolicies": [{"Name": "NoDeletion", "Id": "p-9", "Content": {}}]}]}}}"#;
    let placed = put(&scp, scenario);
    for place in ["0/Accounts/0/ServiceControlPolicies/1", "1/ServiceControlPolicies/0"] {
        let action = ["/organization/Root/OrganizationalUnits/", place, "/Content/Statement/Action"].concat();
        assert_eq!(at(&placed, &action).as_deref(), Some("kms:Schedule*"), "{place}");
    }
    assert_eq!(placed.notes, [""; 0]);
    assert!(noted(&put(&policy("RESOURCE_CONTROL_POLICY", false), scenario), "under `ResourceControlPolicies`"));

    let own = put(&policy("SERVICE_CONTROL_POLICY", true), scenario);
    assert_eq!((own.text.as_str(), own.notes.len()), (scenario, 0));
    assert!(recognise(&policy("TAG_POLICY", false)).unwrap_err().to_string().contains("`TAG_POLICY` has no say"));
}

#[test]
fn endpoints_of_other_services_are_left_out() {
    let endpoint = |id: &str, service: &str| {
        alloc::format!(
            r#"{{"VpcEndpointId": "{id}", "VpcEndpointType": "Interface", "VpcId": "vpc-1a2b3c4d", "State": "available",
                "ServiceName": "com.amazonaws.eu-central-1.{service}", "OwnerId": "444455556666", "SubnetIds": ["subnet-1"],
                "PolicyDocument": "{{\n  \"Statement\": [{{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"*\", \"Resource\": \"*\"}}]\n}}"}}"#
        )
    };
    let (kms, s3) = (endpoint("vpce-1", "kms"), endpoint("vpce-2", "s3"));
    let output = alloc::format!("{{\"VpcEndpoints\": [{s3}, {kms}]}}");
    assert_eq!(kinds(&output), [OutputKind::DescribeVpcEndpoints]);
    let placed = put(&output, &with_key_and_request());
    assert_eq!(at(&placed, "/vpcEndpoints/0/VpcEndpointId").as_deref(), Some("vpce-1"));
    assert_eq!(at(&placed, "/vpcEndpoints/0/PolicyDocument/Statement/0/Effect").as_deref(), Some("Allow"));
    assert_eq!(at(&placed, "/vpcEndpoints/0/SubnetIds"), None);
    assert_eq!(at(&placed, "/vpcEndpoints/1"), None);
    assert!(noted(&placed, "`vpcEndpoint`"));
    assert!(crate::scenario::read(&placed.text).value.is_some());

    let used = placed.text.replace("\"operation\":", "\"vpcEndpoint\": \"vpce-1\", \"operation\":");
    let again = put(&output, &used);
    assert_eq!((again.text.as_str(), again.notes.len()), (used.as_str(), 0));
    let others = alloc::format!("{{\"VpcEndpoints\": [{s3}]}}");
    assert!(recognise(&others).unwrap_err().to_string().contains("none of these VPC endpoints is one of KMS"));
}
