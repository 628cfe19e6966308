//! The colours and shapes of a managed login style, as a style sheet for our pages.
//!
//! Source: the branding editor's settings. Each that our pages have a part for sets that part's variable; a value that is no
//! colour (six or eight hexadecimal digits) or number is passed over.

use std::fmt::Write as _;

use pool::branding::{Brandings, ManagedLoginBranding};
use serde_json::Value;

/// In which light pages are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    /// Always light.
    Light,
    /// Always dark.
    Dark,
    /// As the browser wishes.
    Both,
}

impl Scheme {
    /// As `color-scheme` has it.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Both => "light dark",
        }
    }
}

/// One of two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// In the light.
    Light,
    /// In the dark.
    Dark,
}

impl Mode {
    /// As an asset's `ColorMode` has it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Light => "LIGHT",
            Self::Dark => "DARK",
        }
    }

    /// The other one.
    pub(super) fn other(self) -> Self {
        match self {
            Self::Light => Self::Dark,
            Self::Dark => Self::Light,
        }
    }

    fn member(self) -> &'static str {
        match self {
            Self::Light => "lightMode",
            Self::Dark => "darkMode",
        }
    }
}

/// Where in the settings a colour stands, below `lightMode` or `darkMode`, and the variable that it sets.
const COLOURS: [(&str, &str, &str); 18] = [
    ("/components/pageBackground", "/color", "ground"),
    ("/components/form", "/backgroundColor", "surface"),
    ("/components/form", "/borderColor", "edge"),
    ("/components/pageText", "/headingColor", "ink"),
    ("/components/pageText", "/bodyColor", "ink"),
    ("/components/pageText", "/descriptionColor", "soft"),
    ("/components/primaryButton", "/defaults/backgroundColor", "accent"),
    (
        "/components/primaryButton",
        "/hover/backgroundColor",
        "accent-hover",
    ),
    ("/components/primaryButton", "/defaults/textColor", "on-accent"),
    ("/componentClasses/input", "/defaults/backgroundColor", "field"),
    ("/componentClasses/input", "/defaults/borderColor", "line"),
    ("/componentClasses/link", "/defaults/textColor", "link"),
    ("/componentClasses/focusState", "/borderColor", "focus"),
    ("/componentClasses/divider", "/borderColor", "edge"),
    ("/components/alert", "/error/borderColor", "danger"),
    ("/components/alert", "/error/backgroundColor", "danger-ground"),
    (
        "/componentClasses/statusIndicator",
        "/success/indicatorColor",
        "good",
    ),
    (
        "/componentClasses/statusIndicator",
        "/success/backgroundColor",
        "good-ground",
    ),
];

/// Where a radius stands, in pixels, and the variable that it sets.
const RADII: [(&str, &str); 2] = [
    ("/componentClasses/buttons/borderRadius", "round"),
    ("/components/form/borderRadius", "card-round"),
];

/// What the settings leave open where they set a colour that goes with it: variable, and the one that it follows.
const FOLLOWERS: [(&str, &str); 2] = [("accent-hover", "accent"), ("focus", "accent")];

/// In which light the pages are shown. Chosen: a classic style has one set of colours, so pages that have one stay light, unless a
/// style of managed login says otherwise.
pub(super) fn scheme(brandings: &Brandings) -> Scheme {
    let mode = brandings.managed_login().and_then(settings);
    let mode = mode.and_then(|settings| settings.pointer("/categories/global/colorSchemeMode"));
    let has_classic_style = brandings.ui_customization().is_some_and(|set| set.css.is_some());
    match mode.and_then(Value::as_str) {
        Some("LIGHT") => Scheme::Light,
        Some("DARK") => Scheme::Dark,
        None if has_classic_style => Scheme::Light,
        _ => Scheme::Both,
    }
}

/// The style sheet, if there is anything in it. `ground` gives the path of a picture behind all.
pub(super) fn css(
    brandings: &Brandings,
    style: &ManagedLoginBranding,
    ground: &dyn Fn(Mode) -> Option<String>,
) -> Option<String> {
    let settings = settings(style)?;
    let rules = |mode| rules(settings, mode, ground);
    let css = match scheme(brandings) {
        Scheme::Light => rules(Mode::Light),
        Scheme::Dark => rules(Mode::Dark),
        Scheme::Both => {
            let (light, dark) = (rules(Mode::Light), rules(Mode::Dark));
            if dark.is_empty() {
                light
            } else {
                format!("{light}@media (prefers-color-scheme: dark) {{\n{dark}}}\n")
            }
        }
    };
    (!css.is_empty()).then_some(css)
}

/// The settings that count.
fn settings(style: &ManagedLoginBranding) -> Option<&Value> {
    let settings = style.settings.as_ref();
    settings.filter(|_| !style.use_cognito_provided_values)
}

/// What holds in a mode.
fn rules(settings: &Value, mode: Mode, ground: &dyn Fn(Mode) -> Option<String>) -> String {
    let variables = variables(settings, mode.member()) + &radii(settings);
    let mut css = String::new();
    // Writing to a string cannot fail.
    if !variables.is_empty() {
        let _ = writeln!(css, ":root {{ {variables}}}");
    }
    let is_wanted = settings.pointer("/components/pageBackground/image/enabled") == Some(&Value::Bool(true));
    if let Some(path) = ground(mode).filter(|_| is_wanted) {
        let _ = writeln!(
            css,
            "body {{ background-image: url(\"{path}\"); background-size: cover; background-position: center; background-attachment: fixed; }}"
        );
    }
    css
}

fn variables(settings: &Value, mode: &str) -> String {
    let mut set: Vec<(&str, &str)> = Vec::new();
    for (place, member, variable) in COLOURS {
        let value = settings.pointer(&format!("{place}/{mode}{member}"));
        if let Some(colour) = value.and_then(Value::as_str).filter(|colour| is_colour(colour)) {
            set.push((variable, colour));
        }
    }
    for (follower, leader) in FOLLOWERS {
        let of = |name: &str| {
            set.iter()
                .find(|(variable, _)| *variable == name)
                .map(|(_, colour)| *colour)
        };
        if let (None, Some(colour)) = (of(follower), of(leader)) {
            set.push((follower, colour));
        }
    }
    let line = |(variable, colour): &(&str, &str)| format!("--{variable}: #{colour}; ");
    set.iter().map(line).collect()
}

fn radii(settings: &Value) -> String {
    let radius = |(place, variable): (&str, &str)| {
        let radius = settings.pointer(place).and_then(Value::as_f64)?;
        let is_sound = (0.0..=100.0).contains(&radius);
        is_sound.then(|| format!("--{variable}: {radius}px; "))
    };
    RADII.into_iter().filter_map(radius).collect()
}

fn is_colour(text: &str) -> bool {
    matches!(text.len(), 6 | 8) && text.bytes().all(|b| b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn nothing(_: Mode) -> Option<String> {
        None
    }

    #[test]
    fn colours_become_variables_and_what_is_none_is_passed_over() {
        let button = json!({
            "lightMode": { "defaults": { "backgroundColor": "ff0000ff", "textColor": "red; } body { x" } },
            "darkMode": { "defaults": { "backgroundColor": "00ff00" }, "hover": { "backgroundColor": "00ee00" } },
        });
        let settings = json!({ "components": { "primaryButton": button } });
        assert_eq!(
            rules(&settings, Mode::Light, &nothing),
            ":root { --accent: #ff0000ff; --accent-hover: #ff0000ff; --focus: #ff0000ff; }\n"
        );
        assert_eq!(
            rules(&settings, Mode::Dark, &nothing),
            ":root { --accent: #00ff00; --accent-hover: #00ee00; --focus: #00ff00; }\n"
        );
        assert_eq!(rules(&json!({}), Mode::Light, &nothing), "");
    }

    #[test]
    fn a_picture_lies_behind_all_where_the_settings_say_so() {
        let ground = |mode: Mode| Some(format!("/pages/{}.png", mode.name()));
        let image = |enabled: bool| json!({ "components": { "pageBackground": { "image": { "enabled": enabled } } } });
        assert!(rules(&image(true), Mode::Dark, &ground).contains("url(\"/pages/DARK.png\")"));
        assert_eq!(rules(&image(false), Mode::Dark, &ground), "");
    }
}
