use std::{num::NonZero, panic, thread};

/// Does the same with every item, on all processors; the results come in the order of the items.
///
/// # Panics
/// As `work` does.
pub fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let share = items.len().div_ceil(threads).max(1);
    thread::scope(|scope| {
        let part = |part: &'_ [T]| part.iter().map(&work).collect::<Vec<R>>();
        let parts: Vec<_> = items.chunks(share).map(|items| scope.spawn(move || part(items))).collect();
        let finished = parts.into_iter().map(|part| part.join().unwrap_or_else(|why| panic::resume_unwind(why)));
        finished.flatten().collect()
    })
}
