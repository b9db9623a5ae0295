//! From words on the command line to one chore.

pub const HELP: &str = "\
Every chore of Keytrace.

Usage: cargo xtask <chore>

  serve [--open] [--port N] [--release]
              set up what is missing, build the playground, serve it on 127.0.0.1 and reload it on
              changes; --open shows it in a browser, --port takes another port than 8090
  test        run everything that has to pass before a change lands
  test STEP   run one step of it, with the steps that it builds on
  test --list name the steps
  fuzz [TARGET] [--seconds N] [--keep]
              try any bytes as a policy, a scenario, a paste, an edit, as long as said (20 s each);
              --keep takes over into tests/fuzz/corpus/ what reached code that nothing there reached
  fuzz TARGET FILE...
              try these inputs only
  bench [WHAT] [--samples N]
              measure how long something takes, natively and as WebAssembly, beside others that do it;
              N is how often, 100 if not given
  build       build the playground for release into dist/
  setup       only set up what the chores above need

Environment:
  CHROMIUM              the browser for the browser tests
  KEYTRACE_CACHE        where tools are kept that are slow to build (~/.cache/keytrace)
  KEYTRACE_WASM_VIA     how to get a compiler for WebAssembly: auto, rustup or debian
  KEYTRACE_RUSTUP_WAIT  seconds that rustup gets to download one (90)";

/// The port of `serve` when none is given.
pub const DEFAULT_PORT: u16 = 8090;

/// What the caller asks for.
#[derive(Debug, PartialEq, Eq)]
pub enum Chore {
    Help,
    Setup,
    Build,
    Serve(ServeOptions),
    Test {
        step: Option<String>,
    },
    ListSteps,
    Fuzz(FuzzOptions),
    Bench(BenchOptions),
    /// Not for people: `serve` starts it beside the server.
    Announce {
        port: u16,
    },
}

#[derive(Debug, Default, PartialEq, Eq)]
pub struct ServeOptions {
    pub open: bool,
    pub port: Option<u16>,
    pub release: bool,
}

#[derive(Debug, PartialEq, Eq)]
pub struct FuzzOptions {
    /// All of them if none is named.
    pub target: Option<String>,
    /// For each target.
    pub seconds: u64,
    pub keep: bool,
    /// Inputs to try instead of new ones.
    pub files: Vec<String>,
}

impl Default for FuzzOptions {
    /// What runs before a change lands.
    fn default() -> Self {
        FuzzOptions { target: None, seconds: 20, keep: false, files: Vec::new() }
    }
}

#[derive(Debug, PartialEq, Eq)]
pub struct BenchOptions {
    /// All of them if none is named.
    pub name: Option<String>,
    /// How often each is measured.
    pub samples: u32,
}

impl Default for BenchOptions {
    fn default() -> Self {
        BenchOptions { name: None, samples: 100 }
    }
}

/// Reads the arguments that follow the program's name.
pub fn read(arguments: impl IntoIterator<Item = String>) -> Result<Chore, String> {
    let mut arguments = arguments.into_iter();
    let Some(chore) = arguments.next() else {
        return Ok(Chore::Help);
    };
    let words: Vec<String> = arguments.collect();
    if words.iter().any(|word| word == "-h" || word == "--help") {
        return Ok(Chore::Help);
    }
    match chore.as_str() {
        "help" | "-h" | "--help" => Ok(Chore::Help),
        "setup" => nothing_more(&words).map(|()| Chore::Setup),
        "build" => nothing_more(&words).map(|()| Chore::Build),
        "serve" => serve(words).map(Chore::Serve),
        "test" => test(words),
        "fuzz" => fuzz(words).map(Chore::Fuzz),
        "bench" => bench(words).map(Chore::Bench),
        "announce" => port(words.first().map(String::as_str)).map(|port| Chore::Announce { port }),
        _ => Err(format!("unknown chore `{chore}`")),
    }
}

fn serve(words: Vec<String>) -> Result<ServeOptions, String> {
    let mut options = ServeOptions::default();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        match word.split_once('=') {
            None if word == "--open" => options.open = true,
            None if word == "--release" => options.release = true,
            None if word == "--port" => options.port = Some(port(words.next().as_deref())?),
            Some(("--port", value)) => options.port = Some(port(Some(value))?),
            _ => return Err(unknown(&word)),
        }
    }
    Ok(options)
}

fn port(value: Option<&str>) -> Result<u16, String> {
    let value = value.ok_or("--port needs a number")?;
    match value.parse() {
        Ok(port) if port > 0 => Ok(port),
        _ => Err(format!("`{value}` is not a port; it is a number from 1 to 65535")),
    }
}

fn test(words: Vec<String>) -> Result<Chore, String> {
    let mut words = words.into_iter();
    let chore = match words.next() {
        None => Chore::Test { step: None },
        Some(word) if word == "--list" => Chore::ListSteps,
        Some(word) if word.starts_with('-') => return Err(unknown(&word)),
        Some(step) => Chore::Test { step: Some(step) },
    };
    nothing_more(&words.collect::<Vec<_>>()).map(|()| chore)
}

fn fuzz(words: Vec<String>) -> Result<FuzzOptions, String> {
    let mut options = FuzzOptions::default();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        match word.split_once('=') {
            None if word == "--keep" => options.keep = true,
            None if word == "--seconds" => options.seconds = seconds(words.next().as_deref())?,
            Some(("--seconds", value)) => options.seconds = seconds(Some(value))?,
            _ if word.starts_with('-') => return Err(unknown(&word)),
            _ if options.target.is_none() => options.target = Some(word),
            _ => options.files.push(word),
        }
    }
    Ok(options)
}

fn bench(words: Vec<String>) -> Result<BenchOptions, String> {
    let mut options = BenchOptions::default();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        match word.split_once('=') {
            None if word == "--samples" => options.samples = samples(words.next().as_deref())?,
            Some(("--samples", value)) => options.samples = samples(Some(value))?,
            None if !word.starts_with('-') && options.name.is_none() => options.name = Some(word),
            _ => return Err(unknown(&word)),
        }
    }
    Ok(options)
}

fn samples(value: Option<&str>) -> Result<u32, String> {
    let value = value.ok_or("--samples needs a number")?;
    match value.parse() {
        Ok(samples) if samples > 0 => Ok(samples),
        _ => Err(format!("`{value}` is no count; it is a number of samples from 1")),
    }
}

fn seconds(value: Option<&str>) -> Result<u64, String> {
    let value = value.ok_or("--seconds needs a number")?;
    match value.parse() {
        Ok(seconds) if seconds > 0 => Ok(seconds),
        _ => Err(format!("`{value}` is no time; it is a number of seconds from 1")),
    }
}

fn nothing_more(words: &[String]) -> Result<(), String> {
    words.first().map_or(Ok(()), |word| Err(unknown(word)))
}

fn unknown(word: &str) -> String {
    if word.starts_with('-') { format!("unknown flag `{word}`") } else { format!("unexpected argument `{word}`") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(line: &str) -> Result<Chore, String> {
        read(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn flags_may_come_in_any_order() {
        let options = ServeOptions { open: true, port: Some(8123), release: true };
        assert_eq!(reading("serve --release --port 8123 --open"), Ok(Chore::Serve(options)));
        let options = ServeOptions { port: Some(8123), ..ServeOptions::default() };
        assert_eq!(reading("serve --port=8123"), Ok(Chore::Serve(options)));
    }

    #[test]
    fn help_is_found_anywhere() {
        for line in ["", "help", "--help", "serve --help", "test -h"] {
            assert_eq!(reading(line), Ok(Chore::Help), "{line}");
        }
    }

    #[test]
    fn test_takes_one_step() {
        assert_eq!(reading("test"), Ok(Chore::Test { step: None }));
        assert_eq!(reading("test --list"), Ok(Chore::ListSteps));
        assert_eq!(reading("test node"), Ok(Chore::Test { step: Some("node".to_owned()) }));
    }

    #[test]
    fn fuzz_takes_a_target_and_inputs() {
        assert_eq!(reading("fuzz"), Ok(Chore::Fuzz(FuzzOptions::default())));
        let scenario = || FuzzOptions { target: Some("scenario".to_owned()), ..FuzzOptions::default() };
        let options = FuzzOptions { seconds: 3600, keep: true, ..scenario() };
        assert_eq!(reading("fuzz scenario --seconds=3600 --keep"), Ok(Chore::Fuzz(options)));
        let options = FuzzOptions { files: vec!["one".to_owned(), "two".to_owned()], ..scenario() };
        assert_eq!(reading("fuzz scenario one two"), Ok(Chore::Fuzz(options)));
    }

    #[test]
    fn bench_takes_a_name_and_a_count() {
        assert_eq!(reading("bench"), Ok(Chore::Bench(BenchOptions::default())));
        let seal = |samples| Ok(Chore::Bench(BenchOptions { name: Some("seal".to_owned()), samples }));
        assert_eq!(reading("bench seal"), seal(100));
        assert_eq!(reading("bench seal --samples 7"), seal(7));
        assert_eq!(reading("bench --samples=7 seal"), seal(7));
    }

    #[test]
    fn a_slip_is_named() {
        for (line, problem) in [
            ("frobnicate", "unknown chore `frobnicate`"),
            ("serve --prot 1", "unknown flag `--prot`"),
            ("serve --open=yes", "unknown flag `--open=yes`"),
            ("serve --port", "--port needs a number"),
            ("serve --port 0", "`0` is not a port; it is a number from 1 to 65535"),
            ("test node browser", "unexpected argument `browser`"),
            ("setup --fast", "unknown flag `--fast`"),
            ("fuzz --seconds 0", "`0` is no time; it is a number of seconds from 1"),
            ("fuzz --seconds", "--seconds needs a number"),
            ("bench seal open", "unexpected argument `open`"),
            ("bench --sample 1", "unknown flag `--sample`"),
            ("bench --samples", "--samples needs a number"),
            ("bench --samples 0", "`0` is no count; it is a number of samples from 1"),
            ("bench --samples=many", "`many` is no count; it is a number of samples from 1"),
        ] {
            assert_eq!(reading(line), Err(problem.to_owned()), "{line}");
        }
    }
}
