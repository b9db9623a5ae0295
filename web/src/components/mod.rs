//! What the page is made of: one component a file. Properties come in, [`Action`](crate::state::Action)s
//! go out; only [`Playground`] holds the state.

mod about;
mod aws_message;
mod commands;
mod context_table;
mod copy_button;
mod doc_link;
mod editor;
mod examples_menu;
mod header;
mod icon;
mod notice;
mod pane_switch;
mod paste_dialog;
mod playground;
mod problems;
mod prose;
mod reasons;
mod requests;
mod scenario_pane;
mod start;
mod theme_switch;
mod toolbar;
mod trace;
mod trace_node;
mod verdict;
mod verdict_pane;
mod who_can;

pub use icon::Icon;
pub use playground::Playground;
