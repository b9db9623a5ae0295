//! The browser that the browser tests drive.

use std::path::PathBuf;

use super::apt;
use crate::report::{Failure, Outcome};

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// The Chromium named by `CHROMIUM`, else one on PATH, else Debian's package.
pub fn chromium() -> Outcome<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM").map(PathBuf::from) {
        return if named.is_file() {
            Ok(named)
        } else {
            Err(format!("CHROMIUM names {}, which is not there", named.display()).into())
        };
    }
    if let Some(found) = on_path() {
        return Ok(found);
    }
    apt::install(&["chromium"], "testing in a browser")
        .map_err(|failure| Failure::from(format!("{failure}; or set CHROMIUM to a Chromium or Chrome")))?;
    on_path().ok_or_else(|| "chromium was installed but is not on PATH; set CHROMIUM to its path".into())
}

fn on_path() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    NAMES.iter().find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|program| program.is_file()))
}
