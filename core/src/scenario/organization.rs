//! `organization`: a tree of units and accounts, with the policies that are attached to them.

use alloc::{boxed::Box, format, vec::Vec};

use super::{fields::Fields, world::embedded};
use crate::{
    arn::AccountId,
    json::{Kind, Path, Span, Value},
    policy::PolicyKind,
    problem::{Code, Problems},
    world::{ControlPolicy, Organization, Target},
};

/// `describe-organization` prints the first of these; the tree is ours.
const ORGANIZATION: &[&str] = &[
    "Id",
    "Arn",
    "FeatureSet",
    "MasterAccountArn",
    "MasterAccountId",
    "MasterAccountEmail",
    "AvailablePolicyTypes",
    "Root",
];

/// What `list-roots`, `list-organizational-units-for-parent` and `list-accounts` print of each, beside what
/// is attached to it and what is in it.
const TARGET: &[&str] = &[
    "Id",
    "Arn",
    "Name",
    "Email",
    "Status",
    "State",
    "JoinedMethod",
    "JoinedTimestamp",
    "PolicyTypes",
    "ServiceControlPolicies",
    "ResourceControlPolicies",
    "OrganizationalUnits",
    "Accounts",
];

pub(super) fn organization(value: &Value, problems: &mut Problems<'_>) -> Option<Organization> {
    let path = Path::Root;
    let path = path.member("organization");
    let fields = Fields::of(value, ORGANIZATION, &path, problems)?;
    fields.required("Id", "\"o-exampleorgid\"", problems)?;
    fields.required("MasterAccountId", "\"999999999999\"` (the management account)`", problems)?;
    let management_account = account(&fields, "MasterAccountId", problems);
    let features = [("ALL", true), ("CONSOLIDATED_BILLING", false)];
    let has_policies = fields.word("FeatureSet", &features, problems).unwrap_or(true);
    let root = fields.required("Root", "{\"Id\": \"r-ab12\", \"Accounts\": [ … ]}", problems)?;
    let mut tree = Tree { targets: Vec::new() };
    tree.target(root, None, false, &path.member("Root"), problems);
    Some(Organization {
        id: fields.text("Id", problems)?.into(),
        management_account: management_account?,
        has_policies,
        targets: tree.targets,
    })
}

fn account(fields: &Fields<'_, '_>, name: &'static str, problems: &mut Problems<'_>) -> Option<AccountId> {
    let written = fields.text(name, problems)?;
    let account = AccountId::parse(written);
    if account.is_none() {
        fields.invalid(name, format!("`{written}` is no account id: that is twelve digits"), problems);
    }
    account
}

struct Tree {
    targets: Vec<Target>,
}

impl Tree {
    fn target(
        &mut self,
        value: &Value,
        parent: Option<usize>,
        is_account: bool,
        path: &Path<'_>,
        problems: &mut Problems<'_>,
    ) -> Option<()> {
        let fields = Fields::of(value, TARGET, path, problems)?;
        fields.required("Id", if is_account { "\"111122223333\"" } else { "\"ou-ab12-11111111\"" }, problems)?;
        let id: Box<str> = fields.text("Id", problems)?.into();
        let account = if is_account { Some(self::account(&fields, "Id", problems)?) } else { None };
        if self.targets.iter().any(|other| other.id == id) {
            fields.invalid("Id", format!("`{id}` is in the organization twice"), problems);
        }
        let name = fields.text("Name", problems).map(Into::into);
        let service_control_policies = attached(&fields, PolicyKind::ServiceControl, value.span, problems);
        let resource_control_policies = attached(&fields, PolicyKind::ResourceControl, value.span, problems);
        let here = self.targets.len();
        self.targets.push(Target {
            span: value.span,
            id,
            name,
            account,
            parent,
            service_control_policies,
            resource_control_policies,
        });
        for (children, are_accounts) in [("OrganizationalUnits", false), ("Accounts", true)] {
            if is_account && fields.get(children).is_some() {
                fields.invalid(children, "nothing is in an account".into(), problems);
                continue;
            }
            fields.list(children, problems, |value, path, problems| {
                self.target(value, Some(here), are_accounts, path, problems)
            });
        }
        Some(())
    }
}

/// The policies that are attached somewhere. Organizations attaches `FullAWSAccess` by itself, so that is
/// what there is if the field is left out; `RCPFullAWSAccess` cannot be detached and is not listed.
fn attached(fields: &Fields<'_, '_>, kind: PolicyKind, whole: Span, problems: &mut Problems<'_>) -> Vec<ControlPolicy> {
    let (field, full_access) = match kind {
        PolicyKind::ServiceControl => ("ServiceControlPolicies", "FullAWSAccess"),
        _ => ("ResourceControlPolicies", "RCPFullAWSAccess"),
    };
    let own = |span| ControlPolicy { span, name: full_access.into(), arn: None, document: None };
    if kind == PolicyKind::ServiceControl && fields.get(field).is_none() {
        return Vec::from([own(whole)]);
    }
    fields.list(field, problems, |value, path, problems| match &value.kind {
        Kind::String(name) if &**name == full_access => Some(own(value.span)),
        Kind::String(name) => {
            let message = format!(
                "`{name}`: only AWS's own `{full_access}` is named; write `{{\"Name\": \"{name}\", \"Content\": {{ … }}}}`"
            );
            problems.push(Code::InvalidValue, value.span, path, message);
            None
        }
        _ => control_policy(value, kind, path, problems),
    })
}

/// What `describe-policy` prints of a policy beside its document.
const SUMMARY: &[&str] = &["Id", "Arn", "Name", "Description", "Type", "AwsManaged"];

/// What `describe-policy` prints: a summary, or what is in it, and the document as `Content`.
fn control_policy(
    value: &Value,
    kind: PolicyKind,
    path: &Path<'_>,
    problems: &mut Problems<'_>,
) -> Option<ControlPolicy> {
    if let Some([only]) = value.as_object()
        && &*only.name == "Policy"
    {
        return control_policy(&only.value, kind, &path.member("Policy"), problems);
    }
    let known = ["Id", "Arn", "Name", "Description", "Type", "AwsManaged", "PolicySummary", "Content"];
    let fields = Fields::of(value, &known, path, problems)?;
    let inside = path.member("PolicySummary");
    let summary = match fields.get("PolicySummary") {
        Some(summary) => Fields::of(summary, SUMMARY, &inside, problems)?,
        None => fields.clone(),
    };
    summary.required("Name", "\"DenyDeletion\"", problems)?;
    let content = fields.required("Content", "{ … }", problems)?;
    Some(ControlPolicy {
        span: value.span,
        name: summary.text("Name", problems)?.into(),
        arn: summary.text("Arn", problems).map(Into::into),
        document: Some(embedded(content, kind, &path.member("Content"), problems)?),
    })
}
