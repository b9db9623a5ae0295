//! The Keytrace playground: a scenario in an editor beside its verdict.
//!
//! No rule of AWS's is spelled here. The engine reads, decides and explains; this crate keeps the user's
//! text, asks the engine and shows what it said.

#![forbid(unsafe_code)]

mod browser;
mod components;
mod examples;
mod outcome;
mod state;
#[cfg(test)]
mod testing;
mod utf16;

fn main() {
    yew::Renderer::<components::Playground>::new().render();
}
