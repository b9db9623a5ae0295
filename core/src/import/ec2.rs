use alloc::{format, string::String};

use super::draft::Draft;
use super::{Output, document::document, kms};
use crate::json::Value;

/// What of an endpoint plays a part, or tells a reader which one it is.
const FIELDS: &[&str] = &["VpcEndpointId", "VpcEndpointType", "VpcId", "ServiceName", "OwnerId", "PolicyDocument"];

/// Whether an endpoint leads to KMS: its service is `com.amazonaws.us-west-2.kms`, or `…kms-fips`.
pub(super) fn is_of_kms(endpoint: &Value) -> bool {
    let service = endpoint.get("ServiceName").and_then(Value::as_str);
    service.is_some_and(|service| matches!(service.rsplit('.').next(), Some("kms" | "kms-fips")))
}

/// `{"VpcEndpoints": [{"VpcEndpointId": "vpce-0a1b2c3d", "ServiceName": …, "PolicyDocument": "{…}", …}]}`, usually
/// of a whole account: endpoints of other services are left out.
pub(super) fn describe_vpc_endpoints(draft: &mut Draft, output: &Output) {
    let endpoints = output.value.get("VpcEndpoints").and_then(Value::as_array).unwrap_or_default();
    for endpoint in endpoints.iter().filter(|endpoint| is_of_kms(endpoint)) {
        let id_of = |endpoint: &Value| endpoint.get("VpcEndpointId").and_then(Value::as_str).map(String::from);
        let Some(id) = id_of(endpoint) else { continue };
        let value = Value::object(FIELDS.iter().filter_map(|name| {
            let value = endpoint.get(name)?;
            Some((*name, if *name == "PolicyDocument" { document(value, &output.text) } else { value.clone() }))
        }));
        let known = draft.list("/vpcEndpoints").iter().position(|known| id_of(known).as_ref() == Some(&id));
        match known {
            Some(index) => {
                draft.put(&format!("/vpcEndpoints/{index}"), &value, format!("VPC endpoint `{id}` replaced"));
            }
            None => draft.put("/vpcEndpoints/-", &value, format!("VPC endpoint `{id}` added")),
        }
    }
    if draft.list("/requests").iter().all(|request| request.get("vpcEndpoint").is_none()) {
        draft.note("no request is said to come through a VPC endpoint; write its id as `vpcEndpoint` of those that do");
    }
    kms::warn_of_more(draft, output);
}
