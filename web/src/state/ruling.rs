//! What the engine said to one request, shared among the views.

use std::{ops::Deref, rc::Rc};

use keytrace::Answer;

/// An answer of the engine. Made once for a text and a request, and the same as another only if it is the
/// very same: views need not compare a whole trace to know that nothing changed.
#[derive(Clone, Debug)]
pub struct Ruling(Rc<Answer>);

impl From<Answer> for Ruling {
    fn from(answer: Answer) -> Self {
        Self(Rc::new(answer))
    }
}

impl Deref for Ruling {
    type Target = Answer;

    fn deref(&self) -> &Answer {
        &self.0
    }
}

impl PartialEq for Ruling {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}
