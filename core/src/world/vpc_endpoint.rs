use alloc::boxed::Box;

use crate::{arn::AccountId, json::Span, policy::Document};

/// An interface endpoint for KMS.
///
/// <https://docs.aws.amazon.com/kms/latest/developerguide/kms-vpc-endpoint.html>
#[derive(Clone, Debug)]
pub struct VpcEndpoint {
    /// The bytes of its description.
    pub span: Span,
    /// `vpce-0a1b2c3d`
    pub id: Box<str>,
    /// `vpc-0a1b2c3d`
    pub vpc: Option<Box<str>>,
    /// The account that owns it.
    pub owner: Option<AccountId>,
    /// Its policy; `None` is AWS's default, which allows everything.
    pub policy: Option<Document>,
}
