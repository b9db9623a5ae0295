//! The shapes that stand beside words. A screen reader skips them: the word is always there too.

use yew::prelude::*;

/// A shape of the page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Icon {
    /// A full disc with a check.
    Allowed,
    /// A full octagon, the sign to stop, with a bar.
    ExplicitDeny,
    /// An empty ring with a bar: nobody said yes.
    ImplicitDeny,
    /// A lozenge with a question mark.
    Undetermined,
    /// A full square with a cross: it was allowed, and KMS does not do it.
    Fails,
    /// A dotted ring.
    NotApplicable,
    Check,
    Cross,
    Error,
    Warning,
    Book,
    Chevron,
    Clipboard,
    Copy,
    Dark,
    External,
    Indent,
    Light,
    Lock,
    Plus,
    System,
    Undo,
}

impl Icon {
    /// The drawing.
    pub fn svg(self) -> Html {
        html! {
            <svg class="icon" viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor"
                stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">
                { self.shape() }
            </svg>
        }
    }

    fn shape(self) -> Html {
        let lines = |d: &'static str| html! { <path {d} /> };
        // Drawn in the colour of what lies behind a full shape.
        let mark = |d: &'static str| html! { <path class="icon__mark" {d} stroke-width="2.6" /> };
        let full = |d: &'static str| html! { <path {d} fill="currentColor" /> };
        const RING: &str = "M12 2.5a9.5 9.5 0 1 0 0 19 9.5 9.5 0 0 0 0-19z";
        const OCTAGON: &str = "M8 2.5h8L21.5 8v8L16 21.5H8L2.5 16V8z";
        const LOZENGE: &str = "M12 2 22 12 12 22 2 12z";
        const SQUARE: &str = "M5 3h14a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2z";
        const TRIANGLE: &str = "M12 3 22 20.5H2z";
        const QUESTION: &str = "M9.6 9.6a2.4 2.4 0 1 1 3.6 2.1c-.8.5-1.2.9-1.2 1.8M12 16.4v.01";
        match self {
            Self::Allowed => html! { <>{ full(RING) }{ mark("m7.5 12.4 3.1 3.1 6-6.6") }</> },
            Self::ExplicitDeny => html! { <>{ full(OCTAGON) }{ mark("M7.5 12h9") }</> },
            Self::ImplicitDeny => html! { <>{ lines(RING) }{ lines("M8 12h8") }</> },
            Self::Fails => html! { <>{ full(SQUARE) }{ mark("m8.5 8.5 7 7M15.5 8.5l-7 7") }</> },
            Self::Undetermined => html! { <>{ lines(LOZENGE) }{ lines(QUESTION) }</> },
            Self::NotApplicable => html! { <path d={RING} stroke-dasharray="1.5 4.5" /> },
            Self::Check => lines("m5 12.5 4.5 4.5L19 7"),
            Self::Cross => lines("m6 6 12 12M18 6 6 18"),
            Self::Error => html! { <>{ full(RING) }{ mark("M12 7v6M12 16.8v.01") }</> },
            Self::Warning => html! { <>{ full(TRIANGLE) }{ mark("M12 9.5v4.2M12 17.2v.01") }</> },
            Self::Book => lines(
                "M12 6.5C10 5 7 4.5 3.5 4.5v13.5c3.5 0 6.5.5 8.5 2 2-1.5 5-2 8.5-2V4.5c-3.5 0-6.5.5-8.5 2zm0 0V20",
            ),
            Self::Chevron => lines("m9 6 6 6-6 6"),
            Self::Clipboard => lines("M9 4.5H6.5v16h11v-16H15M9 3h6v3.5H9zM9.5 12h5M9.5 16h5"),
            Self::Copy => lines("M9 9h11v11H9zM5.5 15H4V4h11v1.5"),
            Self::Dark => lines("M20 14.5A8.5 8.5 0 1 1 9.5 4 7 7 0 0 0 20 14.5z"),
            Self::External => lines("M14 4h6v6M20 4l-9 9M18 14v6H4V6h6"),
            Self::Indent => lines("M4 6h16M9 10.5h11M9 15h11M4 19.5h16"),
            Self::Light => lines(
                "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6 19 19M19 5l-1.4 1.4M6.4 17.6 5 19",
            ),
            Self::Lock => lines("M5.5 11h13v9.5h-13zM8 11V7.5a4 4 0 0 1 8 0V11"),
            Self::Plus => lines("M12 5v14M5 12h14"),
            Self::System => lines("M3.5 5h17v11.5h-17zM9 20h6M12 16.5V20"),
            Self::Undo => lines("M8 5 4 9l4 4M4 9h10a5.5 5.5 0 0 1 0 11h-3"),
        }
    }
}
