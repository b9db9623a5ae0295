//! How much time and memory an input may take. Both grow with its length and with nothing else.

use std::time::Duration;

use cpu_time::ThreadTime;

/// A fixed part, and one for each byte of the input.
#[derive(Clone, Copy, Debug)]
pub struct Bound {
    /// Bytes that may be in use at one time.
    memory: (u64, u64),
    /// Nanoseconds that the engine may run. Generous: a machine under load makes every number larger.
    time: (u64, u64),
}

/// For reading. A text may have 500 problems, and each may hold a pointer that is as long as the text.
pub const READING: Bound = Bound { memory: (1 << 20, 1500), time: (200_000_000, 50_000) };

/// For one answer with its explanation.
pub const ANSWERING: Bound = Bound { memory: (1 << 20, 1500), time: (200_000_000, 50_000) };

impl Bound {
    /// Bytes in use at one time and nanoseconds: a fixed part of each, and one for each byte of the input.
    #[must_use]
    pub const fn new(memory: (u64, u64), time: (u64, u64)) -> Self {
        Self { memory, time }
    }

    /// Does some work on an input of that many bytes, and stops if it takes more than it may.
    pub fn hold<T>(self, bytes: usize, work: impl FnOnce() -> T) -> T {
        let (result, cost) = measured(work);
        let most = |(fixed, each): (u64, u64)| fixed + each * bytes as u64;
        assert!(cost.memory <= most(self.memory), "{cost:?} for {bytes} bytes");
        assert!(cost.time.as_nanos() <= u128::from(most(self.time)), "{cost:?} for {bytes} bytes");
        result
    }
}

/// What some work took.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// Bytes that were in use at one time.
    pub memory: u64,
    /// Bytes that were allocated in all.
    pub allocated: u64,
    /// How long the thread was running.
    pub time: Duration,
}

/// Does some work and says what it took.
pub fn measured<T>(work: impl FnOnce() -> T) -> (T, Cost) {
    let began = ThreadTime::now();
    let mut result = None;
    let used = allocation_counter::measure(|| result = Some(work()));
    let cost = Cost { memory: used.bytes_max, allocated: used.bytes_total, time: began.elapsed() };
    (result.expect("the work was done"), cost)
}
