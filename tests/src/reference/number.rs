//! Numbers of the `Numeric…` operators: integers and decimals, compared exactly.

use std::cmp::Ordering;

/// A decimal number, its digits without zeros that change nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    negative: bool,
    whole: String,
    fraction: String,
}

impl Decimal {
    /// The number that `text` writes, if it is one: digits, with a sign and a decimal point if need be.
    pub fn read(text: &str) -> Option<Decimal> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let only_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !only_digits(whole) || !only_digits(fraction) {
            return None;
        }
        let whole = whole.trim_start_matches('0').to_owned();
        let fraction = fraction.trim_end_matches('0').to_owned();
        let zero = whole.is_empty() && fraction.is_empty();
        Some(Decimal { negative: negative && !zero, whole, fraction })
    }

    /// The order of the two numbers.
    pub fn compare(&self, other: &Decimal) -> Ordering {
        let sizes = || {
            let wholes = self.whole.len().cmp(&other.whole.len()).then_with(|| self.whole.cmp(&other.whole));
            wholes.then_with(|| self.fraction.cmp(&other.fraction))
        };
        match (self.negative, other.negative) {
            (false, false) => sizes(),
            (true, true) => sizes().reverse(),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Decimal;

    #[test]
    fn order() {
        let ascending = ["-10", "-9.5", "-0.25", "0", "0.05", "0.5", "1", "9.99", "10", "123456789012345678901"];
        for pair in ascending.windows(2) {
            let [less, more] = pair else { continue };
            let (less, more) = (Decimal::read(less).unwrap(), Decimal::read(more).unwrap());
            assert!(less.compare(&more).is_lt() && more.compare(&less).is_gt());
        }
        assert!(Decimal::read("900.50").unwrap().compare(&Decimal::read("0900.5").unwrap()).is_eq());
        assert!(Decimal::read("-0").unwrap().compare(&Decimal::read("0.0").unwrap()).is_eq());
        for not_a_number in ["", "one", "1e3", "1.", ".5", "1,5", " 1"] {
            assert_eq!(Decimal::read(not_a_number), None, "{not_a_number}");
        }
    }
}
