//! A file whose content is in a cache until it is flushed.

use super::chance::Chance;

/// What a drive writes whole or not at all.
pub(crate) const SECTOR: usize = 512;

#[derive(Debug, Default)]
pub(crate) struct File {
    pub(crate) mode: u16,
    pub(crate) live: Vec<u8>,
    flushed: Vec<u8>,
    /// What has happened since the flush.
    since: Vec<Write>,
}

/// A change of a file.
#[derive(Debug)]
pub(crate) enum Write {
    /// Bytes at an offset.
    At(usize, Vec<u8>),
    /// Another length.
    Length(usize),
}

impl File {
    pub(crate) fn with_mode(mode: u16) -> Self {
        Self {
            mode,
            ..Self::default()
        }
    }

    /// Changes what everybody sees.
    pub(crate) fn change(&mut self, write: Write) {
        write.apply(&mut self.live);
        self.since.push(write);
    }

    /// Makes all of it durable.
    pub(crate) fn flush(&mut self) {
        for write in self.since.drain(..) {
            write.apply(&mut self.flushed);
        }
    }

    /// What is found of it when the power is back.
    pub(crate) fn after_the_cut(self, chance: &mut Chance) -> Self {
        let mut length = self.flushed.clone();
        for write in &self.since[..chance.up_to(self.since.len())] {
            write.apply(&mut length);
        }
        let mut survived = vec![0; length.len()];
        for start in (0..survived.len()).step_by(SECTOR) {
            let end = survived.len().min(start + SECTOR);
            let touching: Vec<&Write> = self
                .since
                .iter()
                .filter(|write| write.touches(start, start + SECTOR))
                .collect();
            let mut sector = part(&self.flushed, start, SECTOR);
            for write in &touching[..chance.up_to(touching.len())] {
                write.apply_to_sector(start, &mut sector);
            }
            survived[start..end].copy_from_slice(&sector[..end - start]);
        }
        Self {
            mode: self.mode,
            live: survived.clone(),
            flushed: survived,
            since: Vec::new(),
        }
    }
}

/// So many bytes, zeros behind the end.
fn part(bytes: &[u8], start: usize, length: usize) -> Vec<u8> {
    let mut part: Vec<u8> = bytes.iter().skip(start).take(length).copied().collect();
    part.resize(length, 0);
    part
}

impl Write {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::At(offset, new) => {
                if bytes.len() < offset + new.len() {
                    bytes.resize(offset + new.len(), 0);
                }
                bytes[*offset..offset + new.len()].copy_from_slice(new);
            }
            Self::Length(length) => bytes.resize(*length, 0),
        }
    }

    fn touches(&self, start: usize, end: usize) -> bool {
        match self {
            Self::At(offset, new) => *offset < end && start < offset + new.len(),
            // What is cut off is zeros when the file grows again.
            Self::Length(length) => *length < end,
        }
    }

    fn apply_to_sector(&self, start: usize, sector: &mut [u8]) {
        match self {
            Self::At(offset, new) => {
                let from = (*offset).max(start);
                let to = (offset + new.len()).min(start + sector.len());
                sector[from - start..to - start].copy_from_slice(&new[from - offset..to - offset]);
            }
            Self::Length(length) => sector[length.saturating_sub(start)..].fill(0),
        }
    }
}
