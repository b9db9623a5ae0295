//! Texts broken in many small ways.

/// A small generator of numbers that look random: the same seed gives the same numbers everywhere.
/// SplitMix64, by Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Dice that always fall in this way.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub const fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`; 0 if that is 0.
    pub fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.roll() % limit).unwrap_or_default()
    }

    /// One of these; nothing if there are none.
    pub fn choose<'t>(&mut self, from: &[&'t str]) -> &'t str {
        from.get(self.below(from.len())).copied().unwrap_or_default()
    }
}

/// What is put into a text: what means something to JSON, to policies or to the reader of a paste.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "\"",
    ":",
    ",",
    "\\",
    "\\u",
    "\\ud800",
    "\\udc00",
    "\\u0000",
    "\0",
    "\u{feff}",
    "\u{2028}",
    "é",
    "😀",
    "\u{10ffff}",
    "'",
    "//",
    "/*",
    "#",
    "null",
    "true",
    "-",
    "-0",
    "1e999",
    "0.1e-9",
    "%",
    "%7B",
    "%zz",
    "${",
    "${aws:username}",
    "${aws:username, 'x'}",
    "${*}",
    "$",
    "*",
    "?",
    "arn:",
    "::",
    "/",
    "aws ",
    "$ aws kms ",
    "\\\n",
    "\r\n",
    "\n",
    "\t",
    " ",
    "Not",
    "IfExists",
    "ForAllValues:",
    "\"Statement\": ",
    "\"Principal\": ",
    "[]",
    "{}",
    "\"\"",
];

/// A text after up to `most` small faults.
#[must_use]
pub fn mutated(text: &str, most: usize, dice: &mut Dice) -> String {
    let mut text = text.to_string();
    for _ in 0..=dice.below(most) {
        mutate(&mut text, dice);
    }
    text
}

fn mutate(text: &mut String, dice: &mut Dice) {
    let (one, other) = (place(text, dice), place(text, dice));
    let (start, end) = (one.min(other), one.max(other));
    let near = boundary(text, (start + 1 + dice.below(12)).min(text.len()));
    match dice.below(8) {
        0 => text.insert_str(one, dice.choose(PIECES)),
        1 => text.replace_range(start..near, dice.choose(PIECES)),
        2 => text.replace_range(start..near, ""),
        3 => text.replace_range(start..end, ""),
        4 => {
            // A part again, somewhere else; not so often that the text explodes.
            let part: String = text[start..end].chars().take(400).collect();
            let to = place(text, dice);
            text.insert_str(to, &part);
        }
        5 => {
            // Two parts change places.
            let middle = place(text, dice).clamp(start, end);
            let swapped = [&text[middle..end], &text[start..middle]].concat();
            text.replace_range(start..end, &swapped);
        }
        6 => {
            // A byte is another one; what that does to its neighbours is what a bad copy does.
            let mut bytes = std::mem::take(text).into_bytes();
            let at = dice.below(bytes.len());
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << dice.below(8);
            }
            *text = String::from_utf8_lossy(&bytes).into_owned();
        }
        _ => text.truncate(one),
    }
}

fn place(text: &str, dice: &mut Dice) -> usize {
    boundary(text, dice.below(text.len() + 1))
}

/// The last place at or before this one where a character begins.
#[must_use]
pub fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default()
}
