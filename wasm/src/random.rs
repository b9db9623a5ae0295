use keytrace::random::{Random, RandomError};

/// The randomness of the platform: `crypto.getRandomValues` in browsers and in Node.js.
pub struct Platform;

impl Random for Platform {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), RandomError> {
        getrandom::fill(bytes).map_err(|_| RandomError::Unavailable)
    }
}
