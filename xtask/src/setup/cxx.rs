//! The C++ compiler that libFuzzer is built with.

use std::process::Command;

use super::apt;
use crate::process::capture;
use crate::report::{Failure, Outcome};

/// Finds the compiler that `CXX` names, else `c++`, or gets Debian's.
pub fn cxx() -> Outcome {
    let runs = |compiler: &str| capture(Command::new(compiler).arg("--version")).map(|_| ());
    if let Ok(named) = std::env::var("CXX") {
        return runs(&named).map_err(|failure| format!("CXX is `{named}`: {failure}").into());
    }
    runs("c++").or_else(|_| {
        apt::install(&["g++"], "fuzzing")
            .map_err(|failure| Failure::from(format!("{failure}; or set CXX to a C++ compiler")))?;
        runs("c++")
    })
}
