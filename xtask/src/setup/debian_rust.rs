//! Debian's Rust as a compiler for wasm32, for machines that reach Debian's mirrors and not Rust's
//! release server.
//!
//! Debian keeps a second, current Rust for building browsers (`rustc-web`), with the source of the
//! standard library and of every crate which that needs. From these the library for wasm32 is built
//! once, by the unstable `-Zbuild-std`, and laid out as a sysroot: a folder that later builds use with
//! no unstable flag at all.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use super::wasm_compiler::{TARGET, builds_for_wasm};
use super::{apt, cache};
use crate::process::{capture, cargo, run_counted};
use crate::report::{Failure, Outcome, say, span};

const RUSTC: &str = "/usr/bin/rustc";
const LINKER: &str = "/usr/bin/rust-lld";
/// Raised when the way to build the sysroot changes, so that older ones are not used any more.
const RECIPE: u32 = 1;
/// Says in a finished sysroot which compiler it was made for.
const MADE_FOR: &str = "made-for.txt";

/// The folder with the wrappers of a sysroot that was built before and still fits what is installed.
pub fn find() -> Outcome<Option<PathBuf>> {
    let Some(rust) = DebianRust::installed() else {
        return Ok(None);
    };
    let sysroot = rust.sysroot()?;
    Ok(rust.made(&sysroot).then(|| sysroot.join("bin")))
}

/// The same, after installing and building what is missing.
pub fn prepare() -> Outcome<PathBuf> {
    if let Some(found) = find()? {
        return Ok(found);
    }
    let rust = install()?;
    let sysroot = rust.sysroot()?;
    let shelf = cache::folder()?.join("wasm-toolchain");
    fs::create_dir_all(&shelf).map_err(|error| unwritable(&shelf, &error))?;
    // When two builds start at once the second waits, and finds the work done.
    let lock = File::create(shelf.join(".lock")).map_err(|error| unwritable(&shelf, &error))?;
    lock.lock().map_err(|error| unwritable(&shelf, &error))?;
    if !rust.made(&sysroot) {
        rust.build(&shelf, &sysroot)?;
    }
    Ok(sysroot.join("bin"))
}

fn install() -> Outcome<DebianRust> {
    const WHY: &str = "compiling for WebAssembly without rustup's library";
    if let Some(rust) = DebianRust::installed() {
        return Ok(rust);
    }
    apt::install(&["rustc-web", "rust-web-src", "rust-web-llvm"], WHY)?;
    // The linker is a link into one release of lld, whose package has the link's own name.
    if !Path::new(LINKER).exists()
        && let Ok(aim) = fs::read_link(LINKER)
        && let Some(package) = aim.file_name().and_then(|name| name.to_str())
    {
        apt::install(&[package], WHY)?;
    }
    DebianRust::installed().ok_or_else(|| {
        let wanted = env!("CARGO_PKG_RUST_VERSION");
        format!("{RUSTC} of Debian's packages is older than Rust {wanted}, or lacks its linker or source").into()
    })
}

/// The compiler in `/usr/bin`, complete with linker and source, and new enough for us.
struct DebianRust {
    /// Where its own libraries lie.
    home: PathBuf,
    /// What it says of itself: `rustc -vV`.
    description: String,
}

impl DebianRust {
    fn installed() -> Option<DebianRust> {
        let rustc = |argument| capture(Command::new(RUSTC).arg(argument).env_remove("LD_LIBRARY_PATH")).ok();
        let linked = Path::new(RUSTC).is_file() && Path::new(LINKER).exists();
        let rust = DebianRust { home: linked.then(|| rustc("--print=sysroot"))??.into(), description: rustc("-vV")? };
        let sourced = rust.library().join("std/Cargo.toml").is_file();
        let recent = version(rust.says("release")) >= version(env!("CARGO_PKG_RUST_VERSION"));
        (sourced && recent).then_some(rust)
    }

    fn says(&self, field: &str) -> &str {
        let mut fields = self.description.lines().filter_map(|line| line.split_once(": "));
        fields.find(|(name, _)| *name == field).map_or("unknown", |(_, value)| value)
    }

    fn library(&self) -> PathBuf {
        self.home.join("lib/rustlib/src/rust/library")
    }

    fn sysroot(&self) -> Outcome<PathBuf> {
        Ok(cache::folder()?.join("wasm-toolchain").join(self.says("release")))
    }

    fn made_for(&self) -> String {
        format!("recipe {RECIPE}\n{}\n", self.description)
    }

    fn made(&self, sysroot: &Path) -> bool {
        fs::read_to_string(sysroot.join(MADE_FOR)).is_ok_and(|text| text == self.made_for())
            && builds_for_wasm(&sysroot.join("bin/rustc"))
    }

    fn build(&self, shelf: &Path, sysroot: &Path) -> Outcome {
        let release = self.says("release");
        say(format_args!("building the standard library of Rust {release} for {TARGET}: once, 1 to 3 minutes"));
        let started = Instant::now();
        // Made beside its final place and moved there when it is whole.
        let site = shelf.join(".building");
        let broken = |error: io::Error| unwritable(&site, &error);
        if site.exists() {
            fs::remove_dir_all(&site).map_err(broken)?;
        }
        self.write_seed(&site.join("seed")).map_err(broken)?;
        self.compile_library(&site)?;
        self.lay_out(&site).map_err(broken)?;
        if !builds_for_wasm(&site.join("sysroot/bin/rustc")) {
            return Err(format!("the library built from Debian's source does not work; see {}", site.display()).into());
        }
        if sysroot.exists() {
            fs::remove_dir_all(sysroot).map_err(broken)?;
        }
        fs::rename(site.join("sysroot"), sysroot).map_err(broken)?;
        fs::remove_dir_all(&site).map_err(broken)?;
        say(format_args!("built it in {}, kept in {}", span(started.elapsed()), sysroot.display()));
        Ok(())
    }

    /// An empty crate, as cargo builds the library only for some other crate. The crates that the library
    /// depends on come from Debian's source package, so that no registry is read.
    fn write_seed(&self, seed: &Path) -> io::Result<()> {
        fs::create_dir_all(seed.join(".cargo"))?;
        let manifest = "[package]\nname = \"seed\"\nedition = \"2024\"\n\n[lib]\npath = \"seed.rs\"\n\n\
                        [profile.release]\npanic = \"abort\"\n\n[workspace]\n";
        fs::write(seed.join("Cargo.toml"), manifest)?;
        fs::write(seed.join("seed.rs"), "#![no_std]\n")?;
        let vendor = self.library().join("vendor");
        if vendor.is_dir() {
            let config = format!(
                "[source.crates-io]\nreplace-with = \"debian\"\n\n[source.debian]\ndirectory = {vendor:?}\n\n\
                 [net]\noffline = true\n"
            );
            fs::write(seed.join(".cargo/config.toml"), config)?;
        }
        Ok(())
    }

    fn compile_library(&self, site: &Path) -> Outcome {
        let mut build = cargo();
        build.current_dir(site.join("seed"));
        build.args(["build", "--release", "--target", TARGET, "-Zbuild-std=std,panic_abort,proc_macro"]);
        build.env("CARGO_TARGET_DIR", site.join("target"));
        // A stable compiler may build its own library; nothing else is ever run with this set.
        build.env("RUSTC", RUSTC).env("RUSTC_BOOTSTRAP", "1");
        // With bitcode beside the code the library serves builds with and without link-time optimisation.
        build.env("RUSTFLAGS", "-Cembed-bitcode=yes");
        for name in ["CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_TARGET", "RUSTC_WRAPPER", "LD_LIBRARY_PATH"] {
            build.env_remove(name);
        }
        let log = cache::folder()?.join("log/wasm-toolchain.log");
        run_counted(&mut build, &log, "standard library")
    }

    fn lay_out(&self, site: &Path) -> io::Result<()> {
        let rustlib = site.join("sysroot/lib/rustlib");
        let library = rustlib.join(TARGET).join("lib");
        fs::create_dir_all(&library)?;
        for entry in fs::read_dir(site.join("target").join(TARGET).join("release/deps"))? {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.ends_with(".rlib") && !name.starts_with("libseed-") {
                fs::copy(entry.path(), library.join(&*name))?;
            }
        }
        // Build scripts and procedural macros run on this machine, with Debian's own library.
        let host = self.says("host");
        symlink(self.home.join("lib/rustlib").join(host), rustlib.join(host))?;

        let bin = site.join("sysroot/bin");
        fs::create_dir_all(&bin)?;
        for tool in ["rustc", "rustdoc"] {
            // It finds the sysroot from where it lies, so that the folder can be moved.
            let wrapper = format!(
                "#!/bin/sh\nunset LD_LIBRARY_PATH\n\
                 exec /usr/bin/{tool} --sysroot \"$(cd -- \"$(dirname -- \"$0\")/..\" && pwd -P)\" \"$@\"\n"
            );
            fs::write(bin.join(tool), wrapper)?;
            fs::set_permissions(bin.join(tool), fs::Permissions::from_mode(0o755))?;
        }
        fs::write(site.join("sysroot").join(MADE_FOR), self.made_for())
    }
}

/// The numbers of `1.96.0` or `1.97.0-nightly`, for comparing.
fn version(text: &str) -> Vec<u32> {
    text.split(['.', '-']).map_while(|number| number.parse().ok()).collect()
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    format!("cannot write {}: {error}", path.display()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_number() {
        assert!(version("1.100.0") > version("1.95.0"));
        assert!(version("1.96.0") >= version("1.96.0"));
        assert!(version("1.63.0") < version("1.95.0"));
        assert_eq!(version("unknown"), []);
    }
}
