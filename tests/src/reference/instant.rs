//! Points in time of the `Date…` operators.
//!
//! Either one of the W3C profiles of ISO 8601 (<https://www.w3.org/TR/NOTE-datetime>) or seconds since
//! 1970-01-01T00:00:00Z:
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>.

const NANOSECONDS: i128 = 1_000_000_000;

/// Nanoseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Instant(i128);

impl Instant {
    /// The time that `text` writes, if it writes one. Four digits alone are a year.
    pub fn read(text: &str) -> Option<Instant> {
        date_and_time(text).or_else(|| epoch(text)).map(Instant)
    }

    /// This time, that many seconds later.
    pub fn plus_seconds(self, seconds: i64) -> Instant {
        Instant(self.0 + i128::from(seconds) * NANOSECONDS)
    }

    /// Whole seconds since 1970.
    pub fn epoch_seconds(self) -> i128 {
        self.0.div_euclid(NANOSECONDS)
    }

    /// In Unix time: seconds since 1970, with a fraction if it has one.
    pub fn to_unix(self) -> String {
        match self.0.rem_euclid(NANOSECONDS) {
            0 => self.epoch_seconds().to_string(),
            nanoseconds => format!("{}.{nanoseconds:09}", self.epoch_seconds()),
        }
    }

    /// In ISO 8601, with the fraction of the second if it has one.
    pub fn to_iso(self) -> String {
        let seconds = self.epoch_seconds();
        let (year, month, day) = civil(seconds.div_euclid(86_400));
        let time = seconds.rem_euclid(86_400);
        let fraction = match self.0.rem_euclid(NANOSECONDS) {
            0 => String::new(),
            nanoseconds => format!(".{nanoseconds:09}"),
        };
        let (hour, minute, second) = (time / 3_600, time / 60 % 60, time % 60);
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z")
    }
}

/// So many digits, and what follows them.
fn digits(text: &str, count: usize) -> Option<(i128, &str)> {
    let (digits, rest) = text.split_at_checked(count)?;
    let all_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
    if all_digits { Some((digits.parse().ok()?, rest)) } else { None }
}

fn date_and_time(text: &str) -> Option<i128> {
    let (year, rest) = digits(text, 4)?;
    let Some(rest) = rest.strip_prefix('-') else {
        return if rest.is_empty() { Some(days(year, 1, 1)? * 86_400 * NANOSECONDS) } else { None };
    };
    let (month, rest) = digits(rest, 2)?;
    let Some(rest) = rest.strip_prefix('-') else {
        return if rest.is_empty() { Some(days(year, month, 1)? * 86_400 * NANOSECONDS) } else { None };
    };
    let (day, rest) = digits(rest, 2)?;
    let midnight = days(year, month, day)? * 86_400 * NANOSECONDS;
    let Some(rest) = rest.strip_prefix('T') else { return if rest.is_empty() { Some(midnight) } else { None } };
    let (hour, rest) = digits(rest, 2)?;
    let (minute, rest) = digits(rest.strip_prefix(':')?, 2)?;
    let (second, rest) = match rest.strip_prefix(':') {
        Some(rest) => digits(rest, 2)?,
        None => (0, rest),
    };
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let (nanoseconds, zone) = match rest.strip_prefix('.') {
        Some(rest) => fraction(rest)?,
        None => (0, rest),
    };
    let of_the_day = (hour * 3_600 + minute * 60 + second - offset(zone)?) * NANOSECONDS;
    Some(midnight + of_the_day + nanoseconds)
}

/// The digits after the decimal point of a second, in nanoseconds, and what follows them.
fn fraction(text: &str) -> Option<(i128, &str)> {
    let end = text.find(|char: char| !char.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end)?;
    if digits.is_empty() {
        return None;
    }
    let nine: String = digits.chars().chain("000000000".chars()).take(9).collect();
    Some((nine.parse().ok()?, rest))
}

/// What a time zone adds to the time, in seconds.
fn offset(zone: &str) -> Option<i128> {
    if zone == "Z" {
        return Some(0);
    }
    let (sign, rest) = match (zone.strip_prefix('+'), zone.strip_prefix('-')) {
        (Some(rest), _) => (1, rest),
        (_, Some(rest)) => (-1, rest),
        _ => return None,
    };
    let (hours, rest) = digits(rest, 2)?;
    let (minutes, rest) = digits(rest.strip_prefix(':')?, 2)?;
    if rest.is_empty() && hours < 24 && minutes < 60 { Some(sign * (hours * 3_600 + minutes * 60)) } else { None }
}

fn epoch(text: &str) -> Option<i128> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, "0"));
    let short = !whole.is_empty() && whole.len() <= 15;
    if !short || !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (nanoseconds, rest) = fraction(rest)?;
    if rest.is_empty() { Some(whole.parse::<i128>().ok()? * NANOSECONDS + nanoseconds) } else { None }
}

fn leap(year: i128) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_of_month(year: i128, month: i128) -> i128 {
    match month {
        2 if leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 to the first day of a year.
fn days_before(year: i128) -> i128 {
    let leap_days = |year: i128| year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    (year - 1970) * 365 + leap_days(year - 1) - leap_days(1969)
}

/// Days from 1970-01-01 to that day, if the calendar has it.
fn days(year: i128, month: i128, day: i128) -> Option<i128> {
    if !(1..=12).contains(&month) || day < 1 || day > days_of_month(year, month) {
        return None;
    }
    let months: i128 = (1..month).map(|earlier| days_of_month(year, earlier)).sum();
    Some(days_before(year) + months + day - 1)
}

/// The year, month and day of that many days after 1970-01-01.
fn civil(days: i128) -> (i128, i128, i128) {
    let mut year = 1970 + days.div_euclid(366);
    while days_before(year + 1) <= days {
        year += 1;
    }
    let mut day = days - days_before(year);
    let mut month = 1;
    while day >= days_of_month(year, month) {
        day -= days_of_month(year, month);
        month += 1;
    }
    (year, month, day + 1)
}

#[cfg(test)]
mod tests {
    use super::Instant;

    #[test]
    fn the_same_instant_in_many_forms() {
        let noon = Instant::read("1796083200").unwrap();
        for form in ["2026-12-01", "2026-12", "2026-12-01T00:00Z", "2026-12-01T02:00:00.000+02:00", "1796083200.0"] {
            assert_eq!(Instant::read(form), Some(noon), "{form}");
        }
        assert_eq!(noon.to_iso(), "2026-12-01T00:00:00Z");
        assert_eq!(noon.plus_seconds(-1).to_iso(), "2026-11-30T23:59:59Z");
        assert_eq!(Instant::read("2024-02-29T23:59:59.250Z").unwrap().to_iso(), "2024-02-29T23:59:59.250000000Z");
        assert_eq!(Instant::read("1969-12-31T23:59:59Z").unwrap().epoch_seconds(), -1);
        assert_eq!(Instant::read("2026").unwrap().to_iso(), "2026-01-01T00:00:00Z");
    }

    #[test]
    fn what_is_no_time() {
        for text in ["", "30 June 2027", "2026-13", "2025-02-29", "2026-12-01T24:00Z", "2026-12-01T00:00:00", "-5"] {
            assert_eq!(Instant::read(text), None, "{text}");
        }
    }
}
