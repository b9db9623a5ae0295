//! From a verdict to what to do about it, and only what was evaluated.

pub mod who_can;
