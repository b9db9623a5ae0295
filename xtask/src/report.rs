//! What the person at the terminal gets to read.

use std::fmt;
use std::io::{IsTerminal, Write};
use std::time::Duration;

/// Why a chore stopped: one sentence, with the next step where there is one.
#[derive(Debug)]
pub struct Failure(String);

/// What a chore comes to.
pub type Outcome<T = ()> = Result<T, Failure>;

impl From<String> for Failure {
    fn from(sentence: String) -> Self {
        Failure(sentence)
    }
}

impl From<&str> for Failure {
    fn from(sentence: &str) -> Self {
        Failure(sentence.to_owned())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Says one line about what is being done.
pub fn say(line: impl fmt::Display) {
    println!("xtask: {line}");
}

/// A duration for people: `0.4 s`, `12 s`, `3 min 5 s`.
pub fn span(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", duration.as_secs_f64()),
        10..60 => format!("{seconds} s"),
        _ => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

/// A count that grows: redrawn in place on a terminal, a line every now and then in a log.
pub struct Counter {
    what: &'static str,
    terminal: bool,
    shown: usize,
}

impl Counter {
    pub fn new(what: &'static str) -> Self {
        Counter { what, terminal: std::io::stdout().is_terminal(), shown: 0 }
    }

    pub fn show(&mut self, done: usize, total: usize) {
        let step = if self.terminal { 1 } else { 50 };
        if done < self.shown + step && (done < total || done <= self.shown) {
            return;
        }
        self.shown = done;
        if self.terminal {
            print!("\rxtask: {} [{done}/{total}] ", self.what);
            // A count that could not be drawn is no reason to stop the work that is counted.
            let _ = std::io::stdout().flush();
        } else {
            say(format_args!("{} [{done}/{total}]", self.what));
        }
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        if self.terminal && self.shown > 0 {
            println!();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_read_like_speech() {
        assert_eq!(span(Duration::from_millis(420)), "0.4 s");
        assert_eq!(span(Duration::from_secs(59)), "59 s");
        assert_eq!(span(Duration::from_secs(185)), "3 min 5 s");
    }
}
