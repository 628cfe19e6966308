//! A company's own look: its logo, its colours, its style.

/// What the frame of a page takes from it.
#[derive(Clone, Debug)]
pub(super) struct Look {
    /// `light`, `dark`, or both as the person has it.
    pub(super) color_scheme: &'static str,
    /// The path of the company's style.
    pub(super) theme: Option<String>,
    /// The path of its logo.
    pub(super) logo: Option<String>,
    /// The path of its logo on dark ground.
    pub(super) logo_dark: Option<String>,
    /// The path of its sign in the tab.
    pub(super) favicon: Option<String>,
}

impl Look {
    /// Ours.
    pub(super) fn plain() -> Self {
        Self {
            color_scheme: "light dark",
            theme: None,
            logo: None,
            logo_dark: None,
            favicon: None,
        }
    }

    /// What the tab shows; an empty picture keeps browsers from asking for one that is not there.
    pub(super) fn icon(&self) -> &str {
        self.favicon.as_deref().unwrap_or("data:,")
    }
}
