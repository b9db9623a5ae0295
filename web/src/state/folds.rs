//! Which nodes of the trace are open.

use std::collections::BTreeMap;

/// The way to a node of the trace: its place among its siblings, level by level.
pub type NodePath = Vec<usize>;

/// The nodes that the user opened or closed; all others are as the trace suggests.
#[derive(Clone, Default, PartialEq)]
pub struct Folds(BTreeMap<NodePath, bool>);

impl Folds {
    pub fn set(&mut self, path: NodePath, open: bool) {
        self.0.insert(path, open);
    }

    /// Whether the node at `path` is open; `suggested` if the user did not touch it.
    pub fn is_open(&self, path: &[usize], suggested: bool) -> bool {
        self.0.get(path).copied().unwrap_or(suggested)
    }
}
