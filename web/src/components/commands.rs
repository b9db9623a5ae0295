//! The commands whose output makes a scenario.

use yew::prelude::*;

use super::copy_button::CopyButton;

/// What to run, and what it tells. Capitals are for the user to fill in.
const COMMANDS: &[(&str, &str)] = &[
    ("aws sts get-caller-identity", "who calls"),
    ("aws kms describe-key --key-id KEY", "the KMS key"),
    ("aws kms get-key-policy --key-id KEY --policy-name default", "its key policy"),
    ("aws kms list-aliases --key-id KEY", "its aliases"),
    ("aws kms list-resource-tags --key-id KEY", "its tags"),
    ("aws kms list-grants --key-id KEY", "its grants"),
    ("aws iam get-role --role-name ROLE", "the caller’s role"),
    ("aws iam get-role-policy --role-name ROLE --policy-name POLICY", "an inline policy"),
    ("aws iam get-policy-version --policy-arn ARN --version-id VERSION", "a managed policy"),
    ("aws ec2 describe-vpc-endpoints --vpc-endpoint-ids ENDPOINT", "a VPC endpoint"),
    ("aws organizations list-roots", "the organization"),
    ("aws organizations describe-policy --policy-id POLICY", "an SCP or RCP"),
];

/// A list of commands to copy.
#[component]
pub fn Commands() -> Html {
    html! {
        <dl class="commands">
            <div class="commands__row">
                <dt>{ "the error itself" }</dt>
                <dd><code>{ "An error occurred (AccessDeniedException) when calling the Decrypt operation: User: … is not authorized to perform: …" }</code></dd>
            </div>
            { for COMMANDS.iter().map(|(command, tells)| html! {
                <div class="commands__row">
                    <dt>{ tells }</dt>
                    <dd><code>{ command }</code><CopyButton text={*command} what={*command} /></dd>
                </div>
            }) }
        </dl>
    }
}
