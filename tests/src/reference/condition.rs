//! The `Condition` element: operators, keys and values.
//!
//! "IAM JSON policy elements: Condition operators"
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>) and
//! "Set operators for multivalued context keys"
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>).

use super::compare;
use super::context::View;
use super::pattern;
use super::variable::Template;

/// One operator applied to one key: all of a statement's tests must hold.
#[derive(Clone, Debug)]
pub(super) struct Test {
    set: SetOperator,
    pub operator: Operator,
    if_exists: bool,
    /// In lower case: case does not matter in the names of keys.
    pub key: String,
    /// What the policy compares with. Only under some operators do variables in it count.
    pub values: Vec<Template>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SetOperator {
    None,
    ForAllValues,
    ForAnyValue,
}

/// An operator: what it compares, and whether it is the negated one of its pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Operator {
    pub family: Family,
    pub negated: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    StringEquals,
    StringEqualsIgnoreCase,
    StringLike,
    Numeric(Order),
    Date(Order),
    Bool,
    Binary,
    IpAddress,
    Arn,
    Null,
    /// No operator of AWS's: nothing fits it.
    Unknown,
}

/// How a number or a time must stand to that of the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Operator {
    fn read(name: &str) -> Operator {
        let (family, negated) = match name {
            "StringEquals" => (Family::StringEquals, false),
            "StringNotEquals" => (Family::StringEquals, true),
            "StringEqualsIgnoreCase" => (Family::StringEqualsIgnoreCase, false),
            "StringNotEqualsIgnoreCase" => (Family::StringEqualsIgnoreCase, true),
            "StringLike" => (Family::StringLike, false),
            "StringNotLike" => (Family::StringLike, true),
            "NumericEquals" => (Family::Numeric(Order::Equal), false),
            "NumericNotEquals" => (Family::Numeric(Order::Equal), true),
            "NumericLessThan" => (Family::Numeric(Order::Less), false),
            "NumericLessThanEquals" => (Family::Numeric(Order::LessOrEqual), false),
            "NumericGreaterThan" => (Family::Numeric(Order::Greater), false),
            "NumericGreaterThanEquals" => (Family::Numeric(Order::GreaterOrEqual), false),
            "DateEquals" => (Family::Date(Order::Equal), false),
            "DateNotEquals" => (Family::Date(Order::Equal), true),
            "DateLessThan" => (Family::Date(Order::Less), false),
            "DateLessThanEquals" => (Family::Date(Order::LessOrEqual), false),
            "DateGreaterThan" => (Family::Date(Order::Greater), false),
            "DateGreaterThanEquals" => (Family::Date(Order::GreaterOrEqual), false),
            "Bool" => (Family::Bool, false),
            "BinaryEquals" => (Family::Binary, false),
            "IpAddress" => (Family::IpAddress, false),
            "NotIpAddress" => (Family::IpAddress, true),
            // ArnEquals and ArnLike behave identically, and so do their negations.
            "ArnEquals" | "ArnLike" => (Family::Arn, false),
            "ArnNotEquals" | "ArnNotLike" => (Family::Arn, true),
            "Null" => (Family::Null, false),
            _ => (Family::Unknown, false),
        };
        Operator { family, negated }
    }

    /// Whether values under it may hold variables: string and ARN operators only.
    fn takes_variables(self) -> bool {
        let strings = [Family::StringEquals, Family::StringEqualsIgnoreCase, Family::StringLike];
        strings.contains(&self.family) || self.family == Family::Arn
    }

    /// Whether `*` and `?` in its values are wildcards.
    pub fn takes_wildcards(self) -> bool {
        matches!(self.family, Family::StringLike | Family::Arn)
    }
}

impl Test {
    pub fn read(operator: &str, key: &str, values: &[String], has_variables: bool) -> Test {
        let (set, operator) = match (operator.strip_prefix("ForAllValues:"), operator.strip_prefix("ForAnyValue:")) {
            (Some(operator), _) => (SetOperator::ForAllValues, operator),
            (_, Some(operator)) => (SetOperator::ForAnyValue, operator),
            _ => (SetOperator::None, operator),
        };
        let (operator, if_exists) = match operator.strip_suffix("IfExists") {
            Some(operator) => (operator, true),
            None => (operator, false),
        };
        let operator = Operator::read(operator);
        let has_variables = has_variables && operator.takes_variables();
        let values = values.iter().map(|value| Template::read(value, has_variables)).collect();
        Test { set, operator, if_exists, key: key.to_ascii_lowercase(), values }
    }

    /// Whether the request passes the test.
    pub fn holds(&self, view: &View) -> bool {
        let values = view.values(&self.key);
        if self.operator.family == Family::Null {
            return self.null_holds(values, view);
        }
        // A set operator looks at what there is: a missing key and empty values are no values.
        let not_null = || values.unwrap_or_default().iter().filter(|value| !value.is_empty());
        match (self.set, values) {
            (SetOperator::ForAllValues, _) => not_null().all(|value| self.fits(value, view)),
            // AWS's pages say true (IfExists) and false (ForAnyValue) of the missing key.
            (SetOperator::ForAnyValue, None) => self.if_exists && view.assumptions().if_exists_beats_for_any_value,
            (SetOperator::ForAnyValue, Some(_)) => not_null().any(|value| self.fits(value, view)),
            (SetOperator::None, None) => self.if_exists || self.operator.negated,
            (SetOperator::None, Some([value])) => self.fits(value, view),
            // AWS requires a set operator for several values and does not say what happens without one. A
            // negated operator is taken to be the opposite of the plain one.
            (SetOperator::None, Some(values)) => {
                if view.assumptions().plain_operator_needs_all == self.operator.negated {
                    values.iter().any(|value| self.fits(value, view))
                } else {
                    values.iter().all(|value| self.fits(value, view))
                }
            }
        }
    }

    fn null_holds(&self, values: Option<&[String]>, view: &View) -> bool {
        match self.set {
            SetOperator::ForAllValues => return true,
            SetOperator::ForAnyValue => return false,
            SetOperator::None => {}
        }
        let empty = matches!(values, Some([value]) if value.is_empty()) && view.assumptions().empty_string_is_null;
        let present = values.is_some_and(|values| !values.is_empty()) && !empty;
        self.values.iter().any(|value| match compare::truth(&value.written) {
            Some(must_be_absent) => must_be_absent != present,
            None => false,
        })
    }

    /// What the operator says of one value of the request: that it fits one of the policy's values, or, if
    /// the operator is negated, that it fits none of them.
    fn fits(&self, value: &str, view: &View) -> bool {
        self.values.iter().any(|wanted| self.operator.family.fits(wanted, value, view)) != self.operator.negated
    }
}

impl Family {
    /// Whether the value of the request fits that of the policy. A value whose variable has no value fits
    /// nothing.
    fn fits(self, wanted: &Template, value: &str, view: &View) -> bool {
        let text = || wanted.text(view);
        let tokens = || wanted.tokens(view);
        let written = wanted.written.as_str();
        match self {
            Family::StringEquals => text().is_some_and(|text| text == value),
            Family::StringEqualsIgnoreCase => text().is_some_and(|text| text.to_lowercase() == value.to_lowercase()),
            Family::StringLike => tokens().is_some_and(|tokens| pattern::matches(&tokens, value)),
            Family::Arn => tokens().is_some_and(|tokens| compare::arn(&tokens, value)),
            Family::Numeric(order) => compare::numeric(order, value, written),
            Family::Date(order) => compare::date(order, value, written),
            Family::Bool => compare::truth(written).is_some_and(|wanted| compare::truth(value) == Some(wanted)),
            Family::Binary => compare::bytes(written).is_some_and(|bytes| compare::bytes(value) == Some(bytes)),
            Family::IpAddress => compare::address(value, written),
            Family::Null | Family::Unknown => false,
        }
    }
}
