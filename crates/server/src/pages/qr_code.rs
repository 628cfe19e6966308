//! QR codes, as pictures without a file: `data:` in SVG.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use qrcodegen::{QrCode, QrCodeEcc};

/// Around the code; four modules (ISO/IEC 18004), of which the page's own white border gives two.
const QUIET: i32 = 2;

/// The picture of a text; `None` for one that is too long (some two thousand bytes).
pub(super) fn picture(text: &str) -> Option<String> {
    use std::fmt::Write as _;
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let side = code.size() + 2 * QUIET;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            let _ = write!(path, "M{} {}h1v1h-1z", x + QUIET, y + QUIET);
        }
    }
    let svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{path}"/></svg>"##
    );
    Some(format!("data:image/svg+xml;base64,{}", STANDARD.encode(svg)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_a_picture_that_holds_nothing_of_it_in_clear() {
        let picture = picture("otpauth://totp/x:ann?secret=ABC&issuer=<script>").unwrap();
        assert!(picture.starts_with("data:image/svg+xml;base64,"));
        let svg = STANDARD.decode(picture.split_once(',').unwrap().1).unwrap();
        assert!(!String::from_utf8(svg).unwrap().contains("script"));
        assert!(super::picture(&"x".repeat(5000)).is_none());
    }
}
