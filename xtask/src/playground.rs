//! The playground: built by Trunk, and served while one works on it.

use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::process::{CommandExt, parent_id};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use crate::arguments::{DEFAULT_PORT, ServeOptions};
use crate::process::{cargo, run};
use crate::report::{Failure, Outcome, say, span};
use crate::setup::Tools;

/// Where the playground that is being worked on is built; `dist/` holds the one that is released.
const SERVED: &str = "target/serve";

/// Builds the playground for release into `dist/`.
pub fn build(tools: &Tools) -> Outcome {
    run_trunk_build(tools, "dist", true)
}

/// Builds the playground, serves it and builds it again on changes, until it is stopped.
pub fn serve(options: &ServeOptions) -> Outcome {
    let port = free_port(options.port)?;
    let tools = Tools::prepare()?;
    run_trunk_build(&tools, SERVED, options.release)?;

    let own = std::env::current_exe().map_err(|error| format!("cannot tell where xtask itself lies: {error}"))?;
    Command::new(own)
        .args(["announce", &port.to_string()])
        .spawn()
        .map_err(|error| format!("cannot watch for the page to answer: {error}"))?;

    let mut trunk = trunk(&tools, "serve", SERVED, options.release);
    trunk.args(["--address", "127.0.0.1", "--port", &port.to_string()]);
    if options.open {
        trunk.arg("--open");
    }
    // Trunk takes the place of this process, so that whatever stops the one stops the other.
    Err(format!("trunk could not be started: {}", trunk.exec()).into())
}

/// Prints the address as soon as the page answers there. Runs beside the server that started it, and
/// gives up when that is gone.
pub fn announce(port: u16) -> Outcome {
    let server = parent_id();
    while parent_id() == server {
        if answers(port) {
            say(format_args!("Keytrace is at http://127.0.0.1:{port}/ and reloads on changes; Ctrl-C stops it"));
            return Ok(());
        }
        thread::sleep(Duration::from_millis(100));
    }
    Ok(())
}

fn run_trunk_build(tools: &Tools, folder: &str, release: bool) -> Outcome {
    say(format_args!("building the playground into {folder}/: 2 minutes the first time, then seconds"));
    let started = Instant::now();
    // Trunk is kept from the network, as it would look there for tools of its own choice. So the crates
    // have to be here before.
    run(cargo().arg("fetch"))?;
    run(&mut trunk(tools, "build", folder, release))
        .map_err(|_| Failure::from("the playground does not build; the reason is above"))?;
    say(format_args!("built the playground in {}", span(started.elapsed())));
    Ok(())
}

fn trunk(tools: &Tools, verb: &str, folder: &str, release: bool) -> Command {
    let mut trunk = tools.command("trunk");
    trunk.args(["--log", "warn", verb, "--offline", "--dist", folder]);
    if release {
        trunk.arg("--release");
    }
    // Where a backtrace of Trunk itself would follow each error of the compiler.
    trunk.env("RUST_BACKTRACE", "0");
    trunk
}

/// The port that was asked for, or else the first free one from the default on.
fn free_port(wanted: Option<u16>) -> Outcome<u16> {
    let bind = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    if let Some(port) = wanted {
        return match bind(port) {
            Ok(_) => Ok(port),
            Err(error) if error.kind() == ErrorKind::AddrInUse => {
                Err(format!("port {port} is in use; stop what runs there or choose another with --port").into())
            }
            Err(error) => Err(format!("port {port} cannot be used: {error}; choose another with --port").into()),
        };
    }
    let free = (DEFAULT_PORT..DEFAULT_PORT + 100).find(|&port| bind(port).is_ok());
    let port = free.ok_or("no port from 8090 to 8189 is free; choose one with --port")?;
    if port != DEFAULT_PORT {
        say(format_args!("port {DEFAULT_PORT} is in use; taking {port}"));
    }
    Ok(port)
}

fn answers(port: u16) -> bool {
    let limit = Duration::from_secs(5);
    let Ok(mut stream) = TcpStream::connect_timeout(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)), limit) else {
        return false;
    };
    let mut status = [0; 12];
    let asked = stream
        .set_read_timeout(Some(limit))
        .and_then(|()| stream.write_all(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"))
        .and_then(|()| stream.read_exact(&mut status));
    asked.is_ok() && status.ends_with(b" 200")
}
