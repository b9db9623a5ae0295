use alloc::{format, string::String, vec::Vec};

use super::draft::Draft;
use crate::json::{Kind, Value};

impl Draft {
    /// Takes note of the boundary that `get-role` or `get-user` prints of a principal. That is its ARN alone:
    /// it is put into the scenario once its document is known.
    pub fn note_boundary(&mut self, index: usize, holder: &str, printed: Option<&Value>) {
        let arn = |boundary: &Value| boundary.get("PermissionsBoundaryArn").and_then(Value::as_str).map(String::from);
        let known = self.value(&pointer(index)).filter(|known| known.kind != Kind::Null);
        match (printed.and_then(arn), known) {
            (Some(printed), Some(known)) if arn(known).as_ref() == Some(&printed) => {}
            (Some(printed), _) => self.boundaries.push((index, printed)),
            (None, Some(_)) => self.note(format!(
                "`{holder}` has no permissions boundary; take its `PermissionsBoundary` out of the scenario"
            )),
            (None, None) => {}
        }
    }

    /// Puts the document of a managed policy wherever the policy is a permissions boundary; whether it is one.
    pub fn put_boundary(&mut self, policy: &str, document: &Value) -> bool {
        let is_known = |index: &usize| {
            let known = self.value(&pointer(*index)).and_then(|boundary| boundary.get("PermissionsBoundaryArn"));
            known.and_then(Value::as_str) == Some(policy)
        };
        let known: Vec<usize> = (0..self.list("/principals").len()).filter(is_known).collect();
        for index in &known {
            let done = format!("permissions boundary of {} replaced", self.holder(*index));
            self.put(&format!("{}/PolicyDocument", pointer(*index)), document, done);
        }
        let noted = self.boundaries.iter().filter(|(_, arn)| arn == policy).map(|(index, _)| *index);
        let noted: Vec<usize> = noted.collect();
        for index in &noted {
            let boundary =
                Value::object([("PermissionsBoundaryArn", Value::text(policy)), ("PolicyDocument", document.clone())]);
            let done = format!("permissions boundary of {} added", self.holder(*index));
            self.put(&pointer(*index), &boundary, done);
        }
        self.boundaries.retain(|(_, arn)| arn != policy);
        !known.is_empty() || !noted.is_empty()
    }

    /// Says how to find the documents of boundaries of which only the ARN came.
    pub fn ask_about_boundaries(&mut self) {
        for (index, arn) in core::mem::take(&mut self.boundaries) {
            self.note(format!(
                "{} has the permissions boundary `{arn}`, of which only the ARN is known, so it is not in the \
                 scenario; paste the same again together with the command and output of \
                 `aws iam get-policy-version --policy-arn {arn} --version-id …`, whose version \
                 `aws iam get-policy --policy-arn {arn}` prints as `DefaultVersionId`",
                self.holder(index)
            ));
        }
    }

    fn holder(&self, index: usize) -> String {
        let arn = self.value(&format!("/principals/{index}/Arn")).and_then(Value::as_str);
        format!("`{}`", arn.unwrap_or_default())
    }
}

fn pointer(index: usize) -> String {
    format!("/principals/{index}/PermissionsBoundary")
}
