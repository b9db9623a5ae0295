//! What is wrong with a text, where, and what to write instead.
//!
//! Reading never stops at the first fault. Codes are IAM Access Analyzer's where it has one for the
//! case, so that they can be looked up:
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html>.

use alloc::{string::String, vec::Vec};
use core::fmt;

use crate::json::{Path, Span};

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// AWS would refuse the document, or it cannot be understood. Nothing is evaluated.
    Error,
    /// AWS stores it, but it does not do what it looks like. Evaluated as AWS does.
    Warning,
}

/// One fault in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What kind of fault.
    pub code: Code,
    /// Where: a JSON pointer (RFC 6901); steps into a string that holds a document continue it.
    pub pointer: String,
    /// Where: bytes of the text.
    pub span: Span,
    /// Where: the line, from 1.
    pub line: u32,
    /// Where: the character in the line, from 1.
    pub column: u32,
    /// What is wrong and what to write instead.
    pub message: String,
}

impl Problem {
    /// How bad it is.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        self.code.severity()
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}: {}", self.line, self.column, self.code, self.message)
    }
}

/// A value, if the text holds a sound one, and all that is wrong or doubtful about the text.
#[derive(Clone, Debug)]
pub struct Reading<T> {
    /// There only if no problem is an [error](Severity::Error).
    pub value: Option<T>,
    /// In the order in which they were met.
    pub problems: Vec<Problem>,
}

macro_rules! codes {
    ($($severity:ident { $($variant:ident = $text:literal: $meaning:literal,)* })*) => {
        /// The kinds of fault.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[doc = $meaning] $variant,)*)*
        }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Code] = &[$($(Code::$variant,)*)*];

            /// The code as it is written: `INVALID_EFFECT`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $($(Code::$variant => $text,)*)* }
            }

            /// What it means, in a few words.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $($(Code::$variant => $meaning,)*)* }
            }

            /// Whether it stops evaluation.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $($(Code::$variant => Severity::$severity,)*)* }
            }
        }
    };
}

codes! {
    Error {
        JsonSyntaxError = "JSON_SYNTAX_ERROR": "not JSON",
        TooLarge = "TOO_LARGE": "more text than is read",
        TooDeep = "TOO_DEEP": "nested deeper than is read",
        DataTypeMismatch = "DATA_TYPE_MISMATCH": "a value of another JSON type was expected",
        DuplicateKey = "DUPLICATE_KEY": "the same name twice in one object, where AWS documents no meaning",
        DuplicateKeysWithDifferentCase = "DUPLICATE_KEYS_WITH_DIFFERENT_CASE": "the same condition key twice, in different case",
        InvalidVersion = "INVALID_VERSION": "no version of the policy language",
        InvalidPolicyElement = "INVALID_POLICY_ELEMENT": "no element of the policy language",
        MissingStatement = "MISSING_STATEMENT": "a policy without a statement",
        MissingEffect = "MISSING_EFFECT": "a statement without Effect",
        InvalidEffect = "INVALID_EFFECT": "an Effect other than Allow or Deny",
        MissingPrincipal = "MISSING_PRINCIPAL": "a key policy's statement without Principal",
        UnsupportedPrincipal = "UNSUPPORTED_PRINCIPAL": "Principal in a policy that has none",
        InvalidPrincipalFormat = "INVALID_PRINCIPAL_FORMAT": "Principal is neither `*` nor a map",
        InvalidPrincipalKey = "INVALID_PRINCIPAL_KEY": "no kind of principal",
        InvalidPrincipal = "INVALID_PRINCIPAL": "no principal that a policy can name",
        UnsupportedWildcardInPrincipal = "UNSUPPORTED_WILDCARD_IN_PRINCIPAL": "a wildcard for part of a principal",
        FederatedPrincipalNotSupported = "FEDERATED_PRINCIPAL_NOT_SUPPORTED": "an identity provider outside a role trust policy",
        AllowWithNotPrincipal = "ALLOW_WITH_NOT_PRINCIPAL": "NotPrincipal in a statement that allows",
        UnsupportedElementCombination = "UNSUPPORTED_ELEMENT_COMBINATION": "two elements that exclude each other",
        MissingAction = "MISSING_ACTION": "a statement without Action or NotAction",
        MissingResource = "MISSING_RESOURCE": "a statement without Resource or NotResource",
        InvalidAction = "INVALID_ACTION": "not an action",
        InvalidArnPrefix = "INVALID_ARN_PREFIX": "an ARN that does not begin with `arn`",
        InvalidArnResource = "INVALID_ARN_RESOURCE": "an ARN with fewer than six fields where AWS takes whole ones only",
        UnsupportedSid = "UNSUPPORTED_SID": "a Sid with characters that the policy type does not take",
        UniqueSidsRequired = "UNIQUE_SIDS_REQUIRED": "two statements with one Sid",
        InvalidConditionOperator = "INVALID_CONDITION_OPERATOR": "no condition operator",
        NullWithIfExists = "NULL_WITH_IF_EXISTS": "IfExists on the Null operator",
        InvalidConditionKeyFormat = "INVALID_CONDITION_KEY_FORMAT": "a condition key without a service prefix",
        InvalidConditionMultipleBoolean = "INVALID_CONDITION_MULTIPLE_BOOLEAN": "several Boolean values for one key",
        TypeMismatchIpRange = "TYPE_MISMATCH_IP_RANGE": "not an IP range in CIDR notation",
        ForAllValuesOverlyPermissive = "OVERLY_PERMISSIVE_CONDITION": "ForAllValues on a single-valued key that KMS refuses",
        MissingBraceInVariable = "MISSING_BRACE_IN_VARIABLE": "a policy variable without its closing brace",
        MissingQuoteInVariable = "MISSING_QUOTE_IN_VARIABLE": "a default value without its quotes",
        EmptyVariable = "EMPTY_VARIABLE": "a policy variable without a name",
        UnsupportedSpaceInVariable = "UNSUPPORTED_SPACE_IN_VARIABLE": "a space in a policy variable",
        VariableUnsupportedInElement = "VARIABLE_UNSUPPORTED_IN_ELEMENT": "a policy variable where none can stand",
        ScpSyntaxErrorPrincipal = "SCP_SYNTAX_ERROR_PRINCIPAL": "Principal or NotPrincipal in a service control policy",
        RcpSyntaxErrorPrincipal = "RCP_SYNTAX_ERROR_PRINCIPAL": "a Principal other than `*`, or NotPrincipal, in a resource control policy",
        RcpSyntaxErrorAllow = "RCP_SYNTAX_ERROR_ALLOW": "an Allow in a resource control policy of one's own",
        RcpSyntaxErrorNotAction = "RCP_SYNTAX_ERROR_NOTACTION": "NotAction in a resource control policy",
        RcpSyntaxErrorAction = "RCP_SYNTAX_ERROR_ACTION": "an action without a service in a resource control policy",
        InvalidCharacter = "INVALID_CHARACTER": "a character that AWS does not take in a policy",
        UnknownField = "UNKNOWN_FIELD": "a field that the scenario format does not have",
        MissingField = "MISSING_FIELD": "a field that the scenario format needs",
        InvalidValue = "INVALID_VALUE": "a value that does not fit its field",
        UnknownPrincipal = "UNKNOWN_PRINCIPAL": "a caller whose policies the scenario does not hold",
        UnknownOperation = "UNKNOWN_OPERATION": "no operation of KMS that somebody can request",
        UnknownVpcEndpoint = "UNKNOWN_VPC_ENDPOINT": "a VPC endpoint that the scenario does not hold",
    }
    Warning {
        RepeatedElement = "REPEATED_ELEMENT": "an element twice: read as AWS reads documents stored before it refused them",
        MissingVersion = "MISSING_VERSION": "no Version: policy variables are plain text",
        VariableUnsupportedInVersion = "VARIABLE_UNSUPPORTED_IN_VERSION": "a policy variable that the Version reads as plain text",
        StatementWithoutEffect = "STATEMENT_MATCHES_NOTHING": "a statement that KMS stores but that matches nothing",
        EmptyArray = "EMPTY_ARRAY": "an empty list, which matches nothing",
        EmptyObject = "EMPTY_OBJECT": "an empty object, which says nothing",
        UnknownAction = "UNKNOWN_ACTION": "a KMS action that does not exist: it matches nothing",
        WildcardInServiceName = "WILDCARD_IN_SERVICE_NAME": "a wildcard in an action's service prefix",
        InvalidConditionKey = "INVALID_SERVICE_CONDITION_KEY": "a condition key that AWS does not document",
        MissingQualifier = "MISSING_QUALIFIER": "a multivalued key without ForAllValues or ForAnyValue",
        ForAllValuesWithSingleValuedKey = "FORALLVALUES_WITH_SINGLE_VALUED_KEY": "ForAllValues on a single-valued key also holds when the key is absent",
        NullWithQualifier = "NULL_WITH_QUALIFIER": "a set operator on Null is constant",
        WildcardWithoutLikeOperator = "WILDCARD_WITHOUT_LIKE_OPERATOR": "a wildcard under an operator that compares it literally",
        TypeMismatchNumber = "TYPE_MISMATCH_NUMBER": "not a number: it never matches",
        TypeMismatchDate = "TYPE_MISMATCH_DATE": "not a date: it never matches",
        TypeMismatchBoolean = "TYPE_MISMATCH_BOOLEAN": "not a Boolean: it never matches",
        TypeMismatchBinary = "TYPE_MISMATCH_STRING": "not base64: it never matches",
        TypeMismatchArn = "TYPE_MISMATCH_ARN": "not an ARN: it never matches",
        VariableBeforeFifthColon = "VARIABLE_BEFORE_FIFTH_COLON": "a policy variable in a field of an ARN where it does not count: it matches nothing",
        InvalidVariableForOperator = "INVALID_VARIABLE_FOR_OPERATOR": "a policy variable under an operator that takes none",
        UnknownKey = "UNKNOWN_KEY": "a KMS key that the scenario does not hold",
        UnknownGrant = "UNKNOWN_GRANT": "a grant that the scenario does not hold",
        MalformedPolicy = "MALFORMED_POLICY": "a new key policy that KMS refuses: the request ends in an error",
        DanglingPrincipal = "INVALID_ROLE_REFERENCE": "a unique id instead of an ARN: the user or role was deleted",
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Gathers the problems of one text.
#[derive(Debug)]
pub struct Problems<'t> {
    text: &'t str,
    /// The offset of each line, made when the first problem is met.
    lines: Vec<usize>,
    list: Vec<Problem>,
    errors: usize,
}

impl<'t> Problems<'t> {
    /// At most this many are kept; a text with more is fixed from the top.
    pub const MOST: usize = 500;

    /// For problems of `text`.
    #[must_use]
    pub const fn new(text: &'t str) -> Self {
        Self { text, lines: Vec::new(), list: Vec::new(), errors: 0 }
    }

    /// The text that is read.
    #[must_use]
    pub const fn text(&self) -> &'t str {
        self.text
    }

    /// Notes a problem.
    pub fn push(&mut self, code: Code, span: Span, path: &Path<'_>, message: impl Into<String>) {
        self.errors += usize::from(code.severity() == Severity::Error);
        if self.list.len() >= Self::MOST {
            return;
        }
        let (line, column) = self.position(span.start as usize);
        self.list.push(Problem { code, pointer: path.pointer(), span, line, column, message: message.into() });
    }

    /// Takes over a problem of the same text.
    pub(crate) fn adopt(&mut self, problem: Problem) {
        self.errors += usize::from(problem.severity() == Severity::Error);
        if self.list.len() < Self::MOST {
            self.list.push(problem);
        }
    }

    /// Forgets warnings that turned out to be none.
    pub(crate) fn forget(&mut self, mut is_none: impl FnMut(&Problem) -> bool) {
        self.list.retain(|problem| problem.severity() == Severity::Error || !is_none(problem));
    }

    /// How many errors there are so far.
    #[must_use]
    pub const fn errors(&self) -> usize {
        self.errors
    }

    /// All of them.
    #[must_use]
    pub fn into_list(self) -> Vec<Problem> {
        self.list
    }

    /// The value, unless there was an error.
    #[must_use]
    pub fn with<T>(self, value: Option<T>) -> Reading<T> {
        Reading { value: value.filter(|_| self.errors == 0), problems: self.list }
    }

    pub(crate) fn position(&mut self, offset: usize) -> (u32, u32) {
        if self.lines.is_empty() {
            self.lines.push(0);
            self.lines.extend(self.text.match_indices('\n').map(|(index, _)| index + 1));
        }
        let line = self.lines.partition_point(|start| *start <= offset);
        let start = line.checked_sub(1).and_then(|index| self.lines.get(index)).copied().unwrap_or_default();
        let column = self.text.get(start..offset).map_or(0, |before| before.chars().count()) + 1;
        (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
    }
}
