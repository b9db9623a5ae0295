//! Packages of Debian and its relatives.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use super::cache;
use crate::process::{capture, run_logged};
use crate::report::{Outcome, say, span};

/// Installs packages if that can be done without asking for a password.
pub fn install(packages: &[&str], why: &str) -> Outcome {
    let names = packages.join(" ");
    let by_hand = format!("apt-get update && apt-get install --no-install-recommends {names}");
    if !Path::new("/usr/bin/apt-get").exists() {
        return Err(format!("{why} needs {names}, and this system has no apt-get to install it").into());
    }
    let Some(root) = Root::find() else {
        return Err(format!("{why} needs {names}; as root, run `{by_hand}`, then try again").into());
    };
    say(format_args!("installing {names} with apt-get, about a minute"));
    let started = Instant::now();
    let log = cache::folder()?.join("log/apt.log");
    let install = || {
        let mut install = root.command("apt-get");
        install.args(["install", "--yes", "--no-install-recommends"]).args(packages);
        run_logged(&mut install, &log)
    };
    let refresh = || run_logged(root.command("apt-get").arg("update"), &log);
    // On a new machine the package lists are missing or name packages that are gone: fetched first if the
    // package is unknown, and once more if its download fails.
    let known = capture(Command::new("apt-cache").arg("show").args(packages).stderr(std::process::Stdio::null()));
    let installed = match known {
        Ok(_) => install().or_else(|_| refresh().and_then(|()| install())),
        Err(_) => refresh().and_then(|()| install()),
    };
    match installed {
        Ok(()) => {
            say(format_args!("installed {names} in {}", span(started.elapsed())));
            Ok(())
        }
        Err(_) => Err(format!(
            "apt-get could not install {names} (see {}); as root, run `{by_hand}`, then try again",
            log.display()
        )
        .into()),
    }
}

/// How to become root.
enum Root {
    Already,
    Sudo,
}

impl Root {
    fn find() -> Option<Root> {
        if capture(Command::new("id").arg("-u")).is_ok_and(|id| id == "0") {
            return Some(Root::Already);
        }
        capture(Command::new("sudo").args(["-n", "true"])).is_ok().then_some(Root::Sudo)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = match self {
            Root::Already => Command::new("env"),
            Root::Sudo => Command::new("sudo"),
        };
        if matches!(self, Root::Sudo) {
            command.args(["-n", "env"]);
        }
        command.args(["DEBIAN_FRONTEND=noninteractive", program]);
        command
    }
}
