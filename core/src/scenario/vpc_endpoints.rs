//! `vpcEndpoints`, as `describe-vpc-endpoints` prints them.

use alloc::format;

use super::{fields::Fields, world::embedded};
use crate::{
    arn::AccountId,
    json::{Kind, Path, Value},
    policy::PolicyKind,
    problem::Problems,
    world::VpcEndpoint,
};

/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html>. What plays no part in
/// authorization is taken and left alone.
const VPC_ENDPOINT: &[&str] = &[
    "VpcEndpointId",
    "VpcEndpointType",
    "VpcId",
    "ServiceName",
    "State",
    "PolicyDocument",
    "RouteTableIds",
    "SubnetIds",
    "Groups",
    "IpAddressType",
    "DnsOptions",
    "PrivateDnsEnabled",
    "RequesterManaged",
    "NetworkInterfaceIds",
    "DnsEntries",
    "CreationTimestamp",
    "Tags",
    "OwnerId",
    "LastError",
    "Ipv4Prefixes",
    "Ipv6Prefixes",
    "FailureReason",
    "ServiceNetworkArn",
    "ResourceConfigurationArn",
    "ServiceRegion",
];

pub(super) fn vpc_endpoint(value: &Value, path: &Path<'_>, problems: &mut Problems<'_>) -> Option<VpcEndpoint> {
    let fields = Fields::of(value, VPC_ENDPOINT, path, problems)?;
    fields.required("VpcEndpointId", "\"vpce-0a1b2c3d\"", problems)?;
    let owner = fields.text("OwnerId", problems);
    if let Some(owner) = owner.filter(|owner| AccountId::parse(owner).is_none()) {
        fields.invalid("OwnerId", format!("`{owner}` is no account id: that is twelve digits"), problems);
    }
    let policy = fields.get("PolicyDocument").filter(|value| value.kind != Kind::Null);
    let policy = match policy {
        Some(value) => Some(embedded(value, PolicyKind::VpcEndpoint, &path.member("PolicyDocument"), problems)?),
        None => None,
    };
    Some(VpcEndpoint {
        span: value.span,
        id: fields.text("VpcEndpointId", problems)?.into(),
        vpc: fields.text("VpcId", problems).map(Into::into),
        owner: owner.and_then(AccountId::parse),
        policy,
    })
}
