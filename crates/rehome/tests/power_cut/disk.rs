//! A disk with a cache that a power cut empties: what has not been flushed survives in part or not at all.
//!
//! - Of a file, each sector of 512 bytes is as it was after the last flush or after any of the writes since, whichever the
//!   others are at; so writes are torn and come in any order. Its length is that after any of them.
//! - Of a directory, the entries made, renamed and removed since its last flush survive up to one of them, as from a journal.
//!   Flushing a file does not flush its name.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

use super::chance::Chance;
use super::file::{File, Write};

/// The directory that is mounted.
pub(crate) const ROOT: u64 = 1;

/// What a flush is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Promise {
    /// What has been flushed survives.
    Kept,
    /// Of names it does, of what is in files it may not: the drive lies.
    Broken,
}

/// Why something was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The power is off.
    Off,
    Missing,
    Exists,
    NotEmpty,
}

/// All files.
#[derive(Debug)]
pub(crate) struct Disk {
    nodes: BTreeMap<u64, Node>,
    promise: Promise,
    /// So many changes and flushes are left until the power goes.
    left: Option<u64>,
    is_off: bool,
}

#[derive(Debug)]
pub(crate) enum Node {
    File(File),
    Directory(Directory),
}

#[derive(Debug, Default)]
pub(crate) struct Directory {
    pub(crate) mode: u16,
    pub(crate) live: BTreeMap<OsString, u64>,
    flushed: BTreeMap<OsString, u64>,
    /// What has happened since the flush, each whole or not at all.
    since: Vec<Vec<(OsString, Option<u64>)>>,
}

impl Disk {
    /// An empty one.
    pub(crate) fn new(promise: Promise) -> Self {
        let root = Node::Directory(Directory::with_mode(0o755));
        Self {
            nodes: BTreeMap::from([(ROOT, root)]),
            promise,
            left: None,
            is_off: false,
        }
    }

    /// The power goes after so many more changes and flushes.
    pub(crate) fn cut_after(&mut self, changes: u64) {
        self.left = Some(changes);
    }

    pub(crate) fn is_off(&self) -> bool {
        self.is_off
    }

    /// What is found when the power is back.
    pub(crate) fn after_the_cut(self, chance: &mut Chance) -> Self {
        let nodes = self.nodes.into_iter().map(|(number, node)| {
            let node = match node {
                Node::File(file) => Node::File(file.after_the_cut(chance)),
                Node::Directory(directory) => Node::Directory(directory.after_the_cut(chance)),
            };
            (number, node)
        });
        Self {
            nodes: nodes.collect(),
            promise: self.promise,
            left: None,
            is_off: false,
        }
    }

    pub(crate) fn node(&self, number: u64) -> Result<&Node, Refused> {
        if self.is_off {
            return Err(Refused::Off);
        }
        self.nodes.get(&number).ok_or(Refused::Missing)
    }

    pub(crate) fn file(&self, number: u64) -> Result<&File, Refused> {
        match self.node(number)? {
            Node::File(file) => Ok(file),
            Node::Directory(_) => Err(Refused::Missing),
        }
    }

    pub(crate) fn directory(&self, number: u64) -> Result<&Directory, Refused> {
        match self.node(number)? {
            Node::Directory(directory) => Ok(directory),
            Node::File(_) => Err(Refused::Missing),
        }
    }

    pub(crate) fn find(&self, parent: u64, name: &OsStr) -> Result<u64, Refused> {
        self.directory(parent)?
            .live
            .get(name)
            .copied()
            .ok_or(Refused::Missing)
    }

    /// Makes a file or a directory and gives its number.
    pub(crate) fn make(&mut self, parent: u64, name: &OsStr, node: Node) -> Result<u64, Refused> {
        if self.find(parent, name).is_ok() {
            return Err(Refused::Exists);
        }
        let number = self.nodes.keys().last().map_or(ROOT, |last| last + 1);
        self.enter(parent, vec![(name.to_owned(), Some(number))])?;
        self.nodes.insert(number, node);
        Ok(number)
    }

    /// Gives a file another name.
    pub(crate) fn link(&mut self, number: u64, parent: u64, name: &OsStr) -> Result<(), Refused> {
        if self.find(parent, name).is_ok() {
            return Err(Refused::Exists);
        }
        self.enter(parent, vec![(name.to_owned(), Some(number))])
    }

    /// Takes a name away. What it named stays for those who have it open, and for a power cut.
    pub(crate) fn remove(&mut self, parent: u64, name: &OsStr) -> Result<(), Refused> {
        if let Ok(directory) = self.directory(self.find(parent, name)?)
            && !directory.live.is_empty()
        {
            return Err(Refused::NotEmpty);
        }
        self.enter(parent, vec![(name.to_owned(), None)])
    }

    /// Within a directory, old name and new name change at once.
    pub(crate) fn rename(
        &mut self,
        from: (u64, &OsStr),
        to: (u64, &OsStr),
        replaces: bool,
    ) -> Result<(), Refused> {
        let number = self.find(from.0, from.1)?;
        if !replaces && self.find(to.0, to.1).is_ok() {
            return Err(Refused::Exists);
        }
        let (gone, new) = ((from.1.to_owned(), None), (to.1.to_owned(), Some(number)));
        if from.0 == to.0 {
            return self.enter(from.0, vec![gone, new]);
        }
        self.enter(to.0, vec![new])?;
        self.enter(from.0, vec![gone])
    }

    pub(crate) fn write(&mut self, number: u64, offset: usize, bytes: &[u8]) -> Result<(), Refused> {
        self.change(number, Write::At(offset, bytes.to_vec()))
    }

    pub(crate) fn set_length(&mut self, number: u64, length: usize) -> Result<(), Refused> {
        self.change(number, Write::Length(length))
    }

    /// Flushes a file's content, or a directory's entries.
    pub(crate) fn flush(&mut self, number: u64) -> Result<(), Refused> {
        self.step()?;
        let keeps = self.promise == Promise::Kept;
        match self.nodes.get_mut(&number).ok_or(Refused::Missing)? {
            Node::File(_) if !keeps => {}
            Node::File(file) => {
                file.flush();
            }
            Node::Directory(directory) => {
                directory.flushed.clone_from(&directory.live);
                directory.since.clear();
            }
        }
        Ok(())
    }

    fn change(&mut self, number: u64, write: Write) -> Result<(), Refused> {
        self.step()?;
        let Some(Node::File(file)) = self.nodes.get_mut(&number) else {
            return Err(Refused::Missing);
        };
        file.change(write);
        Ok(())
    }

    fn enter(&mut self, parent: u64, change: Vec<(OsString, Option<u64>)>) -> Result<(), Refused> {
        self.step()?;
        let Some(Node::Directory(directory)) = self.nodes.get_mut(&parent) else {
            return Err(Refused::Missing);
        };
        apply(&mut directory.live, &change);
        directory.since.push(change);
        Ok(())
    }

    /// One more change or flush, if there is power for it.
    fn step(&mut self) -> Result<(), Refused> {
        match &mut self.left {
            Some(0) => self.is_off = true,
            Some(left) => *left -= 1,
            None => {}
        }
        if self.is_off { Err(Refused::Off) } else { Ok(()) }
    }
}

fn apply(entries: &mut BTreeMap<OsString, u64>, change: &[(OsString, Option<u64>)]) {
    for (name, number) in change {
        match number {
            Some(number) => entries.insert(name.clone(), *number),
            None => entries.remove(name),
        };
    }
}

impl Directory {
    pub(crate) fn with_mode(mode: u16) -> Self {
        Self {
            mode,
            ..Self::default()
        }
    }

    fn after_the_cut(mut self, chance: &mut Chance) -> Self {
        let survive = chance.up_to(self.since.len());
        for change in &self.since[..survive] {
            apply(&mut self.flushed, change);
        }
        Self {
            mode: self.mode,
            live: self.flushed.clone(),
            flushed: self.flushed,
            since: Vec::new(),
        }
    }
}

#[test]
fn what_was_flushed_survives_and_the_rest_may_not() {
    let (name, old, new) = (OsStr::new("file"), [1_u8; 2000], [2_u8; 2000]);
    let (mut whole, mut torn, mut nameless) = (0, 0, 0);
    for seed in 0..300 {
        let mut chance = Chance::new(seed);
        let mut disk = Disk::new(Promise::Kept);
        let number = disk.make(ROOT, name, Node::File(File::default())).unwrap();
        disk.write(number, 0, &old).unwrap();
        disk.flush(number).unwrap();
        let named = seed % 2 == 0;
        if named {
            disk.flush(ROOT).unwrap();
        }
        disk.write(number, 0, &new).unwrap();
        assert_eq!(disk.file(number).unwrap().live, new);
        let disk = disk.after_the_cut(&mut chance);
        let Ok(number) = disk.find(ROOT, name) else {
            assert!(!named, "its name was flushed");
            nameless += 1;
            continue;
        };
        let live = &disk.file(number).unwrap().live;
        assert_eq!(live.len(), 2000);
        for sector in live.chunks(super::file::SECTOR) {
            assert!(sector.iter().all(|byte| *byte == sector[0]), "a sector is whole");
        }
        if live.iter().all(|byte| *byte == live[0]) {
            whole += 1;
        } else {
            torn += 1;
        }
    }
    assert!(
        whole > 10 && torn > 10 && nameless > 10,
        "{whole} {torn} {nameless}"
    );
}
