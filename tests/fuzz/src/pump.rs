//! Texts in which one part stands many times, in order to see how the effort grows with their length.

use arbitrary::Unstructured;

use crate::bounds::{Cost, measured};

/// How a text is made longer.
#[derive(Debug)]
pub struct Pump<'t> {
    head: &'t str,
    /// The part that is repeated, in two halves.
    part: [&'t str; 2],
    tail: &'t str,
    /// Whether a number stands between the halves, another one in each repetition: what has to be unique
    /// stays so.
    numbered: bool,
}

impl<'t> Pump<'t> {
    /// The pump that the first bytes choose for the text in the rest.
    #[must_use]
    pub fn new(bytes: &mut Unstructured<'_>, text: &'t str) -> Option<Self> {
        let mut place = || Some(boundary(text, usize::from(bytes.arbitrary::<u16>().ok()?) % (text.len() + 1)));
        let mut places = [place()?, place()?, place()?];
        let numbered = bytes.arbitrary().ok()?;
        places.sort_unstable();
        let [start, middle, end] = places;
        let part = [&text[start..middle], &text[middle..end]];
        (start < end).then_some(Self { head: &text[..start], part, tail: &text[end..], numbered })
    }

    /// The text with the part so often that it has about `bytes` bytes.
    #[must_use]
    pub fn of_length(&self, bytes: usize) -> String {
        let [left, right] = self.part;
        let mut text = String::with_capacity(bytes + self.head.len() + self.tail.len());
        text += self.head;
        let mut number = 0_u32;
        while text.len() + self.tail.len() < bytes {
            text += left;
            if self.numbered {
                text += &number.to_string();
                number += 1;
            }
            text += right;
        }
        text + self.tail
    }
}

fn boundary(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default()
}

/// Stops if work on a text that is four times as long takes much more than four times the effort: memory
/// counted, and running time where it is long enough to be told from chance.
pub fn grows_with_length(pump: &Pump<'_>, bytes: usize, work: impl Fn(&str)) {
    let (short, long) = (pump.of_length(bytes), pump.of_length(4 * bytes));
    let cost = |text: &str| measured(|| work(text)).1;
    let excess = |short: Cost, long: Cost| {
        long.time.as_millis() > 40 + 9 * short.time.as_millis() || long.allocated > (8 << 20) + 9 * short.allocated
    };
    let seen = (cost(&short), cost(&long));
    // Whatever else the machine did in that moment is not the engine's fault: only the best of some tries
    // counts.
    if excess(seen.0, seen.1) && (0..3).all(|_| excess(cost(&short), cost(&long))) {
        panic!("{} bytes: {:?}, {} bytes: {:?}, {pump:#?}", short.len(), seen.0, long.len(), seen.1);
    }
}
