//! The zip: two entries in one order, no time but the oldest that zip knows, one compression.

use std::io::{Cursor, Write as _};

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::bootstrap::Bootstrap;
use super::configuration::{self, Configuration};

/// What Lambda starts.
pub(super) const BOOTSTRAP: &str = "bootstrap";

/// A zip, whole.
pub(super) struct Archive {
    pub(super) bytes: Vec<u8>,
    /// SHA-256 of the bytes in Base64, as Lambda shows it.
    pub(super) code_sha256: String,
    pub(super) entries: Vec<Entry>,
}

/// A file in it.
pub(super) struct Entry {
    pub(super) name: &'static str,
    pub(super) size: usize,
    pub(super) mode: u32,
}

impl Archive {
    pub(super) fn of(bootstrap: &Bootstrap, configuration: Option<&Configuration>) -> anyhow::Result<Self> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let mut entries = Vec::new();
        let files = [
            // Lambda runs it as another user than the one who owns it: everybody may execute.
            Some((BOOTSTRAP, 0o755, bootstrap.bytes.as_slice())),
            configuration.map(|file| (configuration::NAME, 0o644, file.text.as_bytes())),
        ];
        for (name, mode, bytes) in files.into_iter().flatten() {
            let options = SimpleFileOptions::default()
                .compression_method(CompressionMethod::Deflated)
                .compression_level(Some(9))
                // 1 January 1980.
                .last_modified_time(DateTime::default())
                .unix_permissions(mode);
            zip.start_file(name, options)?;
            zip.write_all(bytes)?;
            entries.push(Entry {
                name,
                size: bytes.len(),
                mode,
            });
        }
        let bytes = zip.finish()?.into_inner();
        let code_sha256 = STANDARD.encode(digest(&SHA256, &bytes));
        Ok(Self {
            bytes,
            code_sha256,
            entries,
        })
    }
}
