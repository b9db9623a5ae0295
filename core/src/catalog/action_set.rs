use core::fmt;

use super::Action;

/// A set of [`Action`]s, one bit each.
///
/// ```
/// use keytrace::catalog::{Action, ActionSet};
///
/// let reads = ActionSet::from_actions(&[Action::DescribeKey, Action::GetPublicKey]);
/// assert!(reads.contains(Action::GetPublicKey));
/// assert!(!reads.complement().contains(Action::GetPublicKey));
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct ActionSet(u64);

const _: () = assert!(Action::ALL.len() <= u64::BITS as usize, "every action needs a bit");

impl ActionSet {
    /// No action.
    pub const EMPTY: ActionSet = ActionSet(0);

    /// Every action of KMS.
    pub const ALL: ActionSet = ActionSet::from_actions(Action::ALL);

    /// These actions.
    #[must_use]
    pub const fn from_actions(actions: &[Action]) -> Self {
        let mut bits = 0;
        let mut rest = actions;
        while let [action, others @ ..] = rest {
            bits |= Self::bit(*action);
            rest = others;
        }
        ActionSet(bits)
    }

    /// Adds an action.
    pub const fn insert(&mut self, action: Action) {
        self.0 |= Self::bit(action);
    }

    /// Whether the action is in the set.
    #[must_use]
    pub const fn contains(self, action: Action) -> bool {
        self.0 & Self::bit(action) != 0
    }

    /// What is in either set.
    #[must_use]
    pub const fn union(self, other: ActionSet) -> ActionSet {
        ActionSet(self.0 | other.0)
    }

    /// What is in both sets.
    #[must_use]
    pub const fn intersection(self, other: ActionSet) -> ActionSet {
        ActionSet(self.0 & other.0)
    }

    /// Every action that is not in the set.
    #[must_use]
    pub const fn complement(self) -> ActionSet {
        ActionSet(Self::ALL.0 & !self.0)
    }

    /// Whether the set has no action.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The actions, ordered by name.
    pub fn iter(self) -> impl Iterator<Item = Action> {
        Action::ALL.iter().copied().filter(move |action| self.contains(*action))
    }

    const fn bit(action: Action) -> u64 {
        1 << action as u8
    }
}

impl FromIterator<Action> for ActionSet {
    fn from_iter<Actions: IntoIterator<Item = Action>>(actions: Actions) -> Self {
        let mut set = ActionSet::EMPTY;
        actions.into_iter().for_each(|action| set.insert(action));
        set
    }
}

impl fmt::Debug for ActionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{format, vec::Vec};

    #[test]
    fn sets_behave_like_sets() {
        let some: ActionSet = [Action::Verify, Action::Decrypt, Action::Decrypt].into_iter().collect();
        assert_eq!(some, ActionSet::from_actions(&[Action::Decrypt, Action::Verify]));
        assert_eq!(some.iter().collect::<Vec<_>>(), [Action::Decrypt, Action::Verify]);
        assert_eq!(some.union(some.complement()), ActionSet::ALL);
        assert!(some.intersection(some.complement()).is_empty());
        assert_eq!(some.complement().complement(), some);
        assert_eq!(format!("{some:?}"), "{Decrypt, Verify}");
    }

    #[test]
    fn the_bounds_are_what_they_say() {
        assert_eq!(ActionSet::ALL.iter().count(), Action::ALL.len());
        assert_eq!(ActionSet::EMPTY.complement(), ActionSet::ALL);
        assert!(ActionSet::EMPTY.is_empty() && !ActionSet::ALL.is_empty());
    }
}
