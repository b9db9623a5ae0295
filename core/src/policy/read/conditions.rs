use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    vec::Vec,
};

use super::{Reader, object};
use crate::{
    catalog::find_condition_key,
    json::{Kind, Member, Path, Span, Value},
    policy::{
        PolicyKind, Version,
        condition::{Comparison, Condition, ConditionOperator, ConditionValue, SetOperator, operand},
    },
    problem::Code,
};

impl Reader<'_, '_> {
    pub(super) fn conditions(&mut self, value: &Value, path: &Path<'_>) -> Vec<Condition> {
        let mut conditions: Vec<Condition> = Vec::new();
        let Some(operators) = object(value, path, self.problems, "`Condition` is an object of operators") else {
            return conditions;
        };
        if operators.is_empty() {
            self.report(Code::EmptyObject, value.span, path, "an empty `Condition` says nothing; remove it");
        }
        let mut seen = BTreeSet::new();
        for member in operators {
            let here = path.member(&member.name);
            if !seen.insert(&member.name) {
                self.report(
                    Code::DuplicateKey,
                    member.name_span,
                    &here,
                    format!("`{}` again; put all its keys into one object", member.name),
                );
            }
            let operator = self.operator(member, &here);
            let Some(keys) =
                object(&member.value, &here, self.problems, "an operator holds an object of condition keys")
            else {
                continue;
            };
            let mut seen = BTreeMap::new();
            for key in keys {
                let path = here.member(&key.name);
                let earlier = *seen.entry(key.name.to_ascii_lowercase()).or_insert(key);
                if !core::ptr::eq(earlier, key) {
                    self.distinct_key(earlier, key, &path);
                }
                if let Some(operator) = operator {
                    let condition = self.condition(operator, &member.name, key, &path);
                    conditions.push(condition);
                }
            }
        }
        conditions
    }

    fn operator(&mut self, member: &Member, path: &Path<'_>) -> Option<ConditionOperator> {
        let operator = ConditionOperator::parse(&member.name);
        match operator {
            None => {
                let message = match ConditionOperator::meant(&member.name) {
                    Some(meant) => format!("`{}` is no condition operator; write `{meant}`", member.name),
                    None => format!(
                        "`{}` is no condition operator; one is written like `StringEquals` or `ForAnyValue:StringLike`",
                        member.name
                    ),
                };
                self.report(Code::InvalidConditionOperator, member.name_span, path, message);
            }
            Some(ConditionOperator { comparison: Comparison::Null, if_exists: true, .. }) => {
                self.report(
                    Code::NullWithIfExists,
                    member.name_span,
                    path,
                    "`Null` tests whether a key exists, so it takes no `IfExists`; write `Null`",
                );
            }
            Some(ConditionOperator { comparison: Comparison::Null, set: Some(set), .. }) => {
                let constant = if set == SetOperator::ForAllValues { "always" } else { "never" };
                self.report(
                    Code::NullWithQualifier,
                    member.name_span,
                    path,
                    format!("`{}` {constant} holds; write `Null`", member.name),
                );
            }
            Some(_) => {}
        }
        operator
    }

    fn distinct_key(&mut self, earlier: &Member, key: &Member, path: &Path<'_>) {
        let (code, message) = if earlier.name == key.name {
            (Code::DuplicateKey, format!("`{}` again under one operator; put all values into one list", key.name))
        } else {
            (
                Code::DuplicateKeysWithDifferentCase,
                format!("`{}` and `{}` are one condition key; put all values into one list", earlier.name, key.name),
            )
        };
        self.report(code, key.name_span, path, message);
    }

    fn condition(&mut self, operator: ConditionOperator, name: &str, member: &Member, path: &Path<'_>) -> Condition {
        self.condition_key(operator, member, path);
        let list = match &member.value.kind {
            Kind::Array(elements) => {
                if elements.is_empty() {
                    self.report(
                        Code::EmptyArray,
                        member.value.span,
                        path,
                        "an empty list of values; no value can match it",
                    );
                }
                elements.iter().enumerate().map(|(index, element)| (element, path.element(index))).collect()
            }
            _ => Vec::from([(&member.value, *path)]),
        };
        if operator.comparison == Comparison::Bool && list.len() > 1 {
            self.report(
                Code::InvalidConditionMultipleBoolean,
                member.value.span,
                path,
                "a Boolean condition takes one value, `true` or `false`",
            );
        }
        let mut values = Vec::with_capacity(list.len());
        for (value, here) in &list {
            let text = match &value.kind {
                Kind::String(text) => text,
                Kind::Number(spelled) => spelled,
                Kind::Bool(true) => "true",
                Kind::Bool(false) => "false",
                Kind::Null | Kind::Array(_) | Kind::Object(_) => {
                    let message = format!(
                        "a condition value is a string, number or Boolean, but this is {}",
                        value.kind_in_words()
                    );
                    self.report(Code::DataTypeMismatch, value.span, here, message);
                    continue;
                }
            };
            self.condition_value(operator, text, value.span, here);
            let operand = operand(operator, text, self.version, value.span, here, self.problems);
            values.push(ConditionValue { span: value.span, text: text.into(), operand });
        }
        Condition { span: member.span(), operator, operator_name: name.into(), key: member.name.clone(), values }
    }

    /// Text that does not do what it looks like.
    fn condition_value(&mut self, operator: ConditionOperator, text: &str, span: Span, path: &Path<'_>) {
        let takes_variables = matches!(
            operator.comparison,
            Comparison::String | Comparison::StringIgnoreCase | Comparison::StringLike | Comparison::Arn
        );
        if text.contains("${") && !takes_variables {
            self.report(
                Code::InvalidVariableForOperator,
                span,
                path,
                format!("`{text}`: policy variables work under string and ARN operators only"),
            );
        } else if text.contains("${") && self.version == Version::V2008 {
            let message =
                format!("`{text}`: the variable is plain text unless the policy has `\"Version\": \"2012-10-17\"`");
            self.report(Code::VariableUnsupportedInVersion, span, path, message);
        }
        let exact = matches!(operator.comparison, Comparison::String | Comparison::StringIgnoreCase);
        if exact && text.replace("${*}", "").replace("${?}", "").contains(['*', '?']) {
            let message =
                format!("`{text}`: this operator compares `*` and `?` literally; for wildcards write `StringLike`");
            self.report(Code::WildcardWithoutLikeOperator, span, path, message);
        }
    }

    /// Whether operator and key go together, by
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>.
    fn condition_key(&mut self, operator: ConditionOperator, member: &Member, path: &Path<'_>) {
        let name = &member.name;
        let span = member.name_span;
        let well_formed = name.split_once(':').is_some_and(|(service, key)| !service.is_empty() && !key.is_empty());
        if !well_formed {
            self.report(
                Code::InvalidConditionKeyFormat,
                span,
                path,
                format!("`{name}` is no condition key; write the service and the key, such as `aws:SourceIp`"),
            );
            return;
        }
        let Some(info) = find_condition_key(name) else {
            let service = name.split(':').next().unwrap_or_default();
            if service.eq_ignore_ascii_case("aws") || service.eq_ignore_ascii_case("kms") {
                self.report(
                    Code::InvalidConditionKey,
                    span,
                    path,
                    format!("AWS documents no condition key `{name}`; a request never has it"),
                );
            }
            return;
        };
        match operator.set {
            None if info.multivalued && operator.comparison != Comparison::Null => {
                self.report(
                    Code::MissingQualifier,
                    span,
                    path,
                    format!("`{name}` has several values; write `ForAnyValue:` or `ForAllValues:` before the operator"),
                );
            }
            Some(SetOperator::ForAllValues) if !info.multivalued && operator.comparison != Comparison::Null => {
                let refused = ["kms:EncryptionContext:", "aws:RequestTag/"].contains(&info.name);
                if refused && self.kind == PolicyKind::Key {
                    // <https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html>
                    self.report(Code::ForAllValuesOverlyPermissive, span, path, format!("KMS refuses `ForAllValues` on `{name}`, which also holds when the request does not have the key; leave the set operator out"));
                } else {
                    self.report(Code::ForAllValuesWithSingleValuedKey, span, path, format!("`ForAllValues` also holds when the request does not have `{name}`, which has one value; leave the set operator out"));
                }
            }
            _ => {}
        }
    }
}
