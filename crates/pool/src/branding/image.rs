//! Pictures, told apart by their first bytes: what a request says that they are does not count.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// Its kind.
    pub kind: ImageKind,
    /// 16 letters of its SHA-256: the name under which browsers keep it.
    pub digest: String,
    /// Its content.
    #[serde(with = "crate::encoding::base64_bytes")]
    pub content: Vec<u8>,
}

impl Image {
    /// The picture of this content, if it is one.
    #[must_use]
    pub fn new(content: Vec<u8>) -> Option<Self> {
        Some(Self {
            kind: ImageKind::of(&content)?,
            digest: short_digest(&content),
            content,
        })
    }
}

/// 16 letters that stand for a content: 96 bits of its SHA-256.
#[must_use]
pub fn short_digest(content: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, content).as_ref().get(..12).unwrap_or_default())
}

/// The kind of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each is the format's name")]
pub enum ImageKind {
    Png,
    Jpeg,
    Webp,
    Ico,
    Svg,
}

impl ImageKind {
    /// The kind of a content, if it is a picture.
    #[must_use]
    pub fn of(content: &[u8]) -> Option<Self> {
        match content {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::Webp),
            [0, 0, 1, 0, ..] => Some(Self::Ico),
            _ if is_svg(content) => Some(Self::Svg),
            _ => None,
        }
    }

    /// The kind that `AssetType.Extension` names.
    #[must_use]
    pub fn of_extension(extension: &str) -> Option<Self> {
        Some(match extension {
            "PNG" => Self::Png,
            "JPEG" => Self::Jpeg,
            "WEBP" => Self::Webp,
            "ICO" => Self::Ico,
            "SVG" => Self::Svg,
            _ => return None,
        })
    }

    /// Its media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
            Self::Ico => "image/x-icon",
            Self::Svg => "image/svg+xml",
        }
    }

    /// How its files end.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Webp => "webp",
            Self::Ico => "ico",
            Self::Svg => "svg",
        }
    }
}

/// XML whose first element is `svg`.
fn is_svg(content: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(content) else {
        return false;
    };
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    while rest.starts_with("<?") || rest.starts_with("<!") {
        let end = if rest.starts_with("<!--") { "-->" } else { ">" };
        let Some((_, after)) = rest.split_once(end) else {
            return false;
        };
        rest = after.trim_start();
    }
    rest.starts_with("<svg")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_known_by_its_content() {
        assert_eq!(ImageKind::of(b"\x89PNG\r\n\x1a\nrest"), Some(ImageKind::Png));
        assert_eq!(ImageKind::of(b"\xff\xd8\xff\xe0"), Some(ImageKind::Jpeg));
        assert_eq!(ImageKind::of(b"RIFF0000WEBPVP8 "), Some(ImageKind::Webp));
        let svg = b"<?xml version=\"1.0\"?><!-- a --><!DOCTYPE svg><svg xmlns=\"x\"/>";
        assert_eq!(ImageKind::of(svg), Some(ImageKind::Svg));
        for other in [&b"<html><svg>"[..], b"GIF89a", b"", b"<?xml"] {
            assert_eq!(ImageKind::of(other), None);
        }
    }
}
