//! The folder for tools that are slow to build: one for all checkouts, kept when `target/` is deleted.

use std::path::PathBuf;

use crate::report::Outcome;

pub fn folder() -> Outcome<PathBuf> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = set("KEYTRACE_CACHE")
        .or_else(|| set("XDG_CACHE_HOME").map(|caches| caches.join("keytrace")))
        .or_else(|| set("HOME").map(|home| home.join(".cache/keytrace")))
        .ok_or("nowhere to keep tools: set KEYTRACE_CACHE to a folder, or HOME")?;
    std::path::absolute(&folder).map_err(|error| format!("cannot tell where {} lies: {error}", folder.display()).into())
}
