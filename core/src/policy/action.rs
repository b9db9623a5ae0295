//! `Action` and `NotAction`.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html>

use alloc::{boxed::Box, format};

use crate::{
    catalog::{Action, ActionSet},
    json::{Path, Span},
    pattern::Pattern,
    problem::{Code, Problems},
};

/// One entry of `Action` or `NotAction`, resolved against the catalog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionPattern {
    /// The bytes of the entry.
    pub span: Span,
    /// As written.
    pub text: Box<str>,
    /// The KMS actions that it names. Empty for actions of other services.
    pub actions: ActionSet,
}

impl ActionPattern {
    /// Reads `prefix:Name`, or `*` for every action. Prefix and name are compared without case, `*` and
    /// `?` may stand anywhere in the name.
    pub(super) fn read(text: &str, span: Span, path: &Path<'_>, problems: &mut Problems<'_>) -> Self {
        let mut none = |code, message| {
            problems.push(code, span, path, message);
            ActionSet::EMPTY
        };
        let actions = if text.contains("${") {
            none(Code::VariableUnsupportedInElement, format!("`{text}`: no policy variable can stand in an action"))
        } else if text == "*" {
            ActionSet::ALL
        } else {
            match text.split_once(':') {
                Some((prefix, name)) if !prefix.is_empty() && !name.is_empty() && !name.contains([':', ' ']) => {
                    if prefix.contains(['*', '?']) {
                        none(
                            Code::WildcardInServiceName,
                            format!("`{text}`: AWS does not document wildcards in the service prefix; write `kms:`"),
                        );
                    }
                    let set = named(prefix, name);
                    if prefix.eq_ignore_ascii_case("kms") && set.is_empty() {
                        none(Code::UnknownAction, unknown(text));
                    }
                    set
                }
                _ => none(
                    Code::InvalidAction,
                    format!("`{text}` is no action; write the service and the action, such as `kms:Decrypt`, or `*`"),
                ),
            }
        };
        Self { span, text: text.into(), actions }
    }
}

fn named(prefix: &str, name: &str) -> ActionSet {
    if !Pattern::wildcards(&prefix.to_ascii_lowercase()).matches_text("kms") {
        return ActionSet::EMPTY;
    }
    let pattern = Pattern::wildcards(&name.to_ascii_lowercase());
    let mut set = ActionSet::EMPTY;
    for action in Action::ALL {
        if pattern.matches_text(&action.name().to_ascii_lowercase()) {
            set.insert(*action);
        }
    }
    set
}

fn unknown(text: &str) -> alloc::string::String {
    if text.eq_ignore_ascii_case("kms:ReEncrypt") {
        return format!(
            "`{text}` is an operation but no action, so it matches nothing; write `kms:ReEncryptFrom` and `kms:ReEncryptTo`, or `kms:ReEncrypt*`"
        );
    }
    format!("`{text}` matches no action of KMS; look for a slip in the name")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (ActionSet, Option<Code>) {
        let mut problems = Problems::new(text);
        let pattern = ActionPattern::read(text, Span::default(), &Path::Root, &mut problems);
        (pattern.actions, problems.into_list().first().map(|problem| problem.code))
    }

    #[test]
    fn patterns_name_actions_of_the_catalog() {
        assert_eq!(read("KMS:decrypt"), (ActionSet::from_actions(&[Action::Decrypt]), None));
        assert_eq!(read("kms:generatedatakey*").0.iter().count(), 4);
        assert_eq!(read("*"), (ActionSet::ALL, None));
        assert_eq!(read("kms:?erify"), (ActionSet::from_actions(&[Action::Verify]), None));
        assert_eq!(read("s3:*"), (ActionSet::EMPTY, None));
    }

    #[test]
    fn what_names_none_is_seen() {
        assert_eq!(read("kms:ReEncrypt").1, Some(Code::UnknownAction));
        assert_eq!(read("Decrypt").1, Some(Code::InvalidAction));
        assert_eq!(read("kms:${aws:username}").1, Some(Code::VariableUnsupportedInElement));
    }
}
