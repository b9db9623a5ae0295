//! Renders views to text.

use yew::{BaseComponent, ServerRenderer};

/// The HTML that a component writes for the properties that `props` makes.
pub fn render<C: BaseComponent>(props: impl FnOnce() -> C::Properties + Send + 'static) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(ServerRenderer::<C>::with_props(props).hydratable(false).render())
}
