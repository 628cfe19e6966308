//! The disk as a file system of the machine (FUSE), so that an unchanged server runs on it.

use std::ffi::OsStr;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use fuser::{
    BackgroundSession, BsdFileFlags, Config, Errno, FileAttr, FileHandle, FileType, Filesystem, FopenFlags,
    Generation, INodeNo, LockOwner, OpenFlags, RenameFlags, ReplyAttr, ReplyCreate, ReplyData,
    ReplyDirectory, ReplyEmpty, ReplyEntry, ReplyOpen, ReplyStatfs, ReplyWrite, Request, TimeOrNow,
    WriteFlags,
};

use super::disk::{Directory, Disk, Node, Refused};
use super::file::File;

/// The kernel may remember what it was told: nobody else changes the disk.
const FOR_EVER: Duration = Duration::from_hours(1);

/// A disk that is mounted.
pub(crate) struct Mounted {
    disk: Arc<Mutex<Disk>>,
    session: BackgroundSession,
}

impl Mounted {
    /// Mounts a disk at a directory.
    pub(crate) fn new(disk: Disk, at: &Path) -> Self {
        let disk = Arc::new(Mutex::new(disk));
        let served = Served(Arc::clone(&disk));
        let session = fuser::spawn_mount(served, at, &Config::default()).unwrap_or_else(|error| {
            panic!(
                "no file system can be mounted ({error}): this test needs /dev/fuse, and root or fusermount3 (Debian's fuse3)"
            )
        });
        Self { disk, session }
    }

    pub(crate) fn disk(&self) -> MutexGuard<'_, Disk> {
        lock(&self.disk)
    }

    /// Takes it down; the machine forgets all that it has read.
    pub(crate) fn unmount(self) -> Disk {
        self.session.umount_and_join().unwrap();
        let disk = Arc::into_inner(self.disk).expect("nobody else has it");
        disk.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

fn lock(disk: &Mutex<Disk>) -> MutexGuard<'_, Disk> {
    disk.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Served(Arc<Mutex<Disk>>);

fn errno(refused: Refused) -> Errno {
    match refused {
        Refused::Off => Errno::EIO,
        Refused::Missing => Errno::ENOENT,
        Refused::Exists => Errno::EEXIST,
        Refused::NotEmpty => Errno::ENOTEMPTY,
    }
}

fn attributes(disk: &Disk, number: u64) -> Result<FileAttr, Refused> {
    let (kind, mode, size) = match disk.node(number)? {
        Node::File(file) => (FileType::RegularFile, file.mode, file.live.len() as u64),
        Node::Directory(directory) => (FileType::Directory, directory.mode, 0),
    };
    Ok(FileAttr {
        ino: INodeNo(number),
        size,
        blocks: size.div_ceil(512),
        atime: UNIX_EPOCH,
        mtime: UNIX_EPOCH,
        ctime: UNIX_EPOCH,
        crtime: UNIX_EPOCH,
        kind,
        perm: mode,
        nlink: 1,
        uid: rustix::process::geteuid().as_raw(),
        gid: rustix::process::getegid().as_raw(),
        rdev: 0,
        blksize: 4096,
        flags: 0,
    })
}

impl Served {
    fn entry(&self, reply: ReplyEntry, made: impl FnOnce(&mut Disk) -> Result<u64, Refused>) {
        let mut disk = lock(&self.0);
        match made(&mut disk).and_then(|number| attributes(&disk, number)) {
            Ok(attributes) => reply.entry(&FOR_EVER, &attributes, Generation(0)),
            Err(refused) => reply.error(errno(refused)),
        }
    }

    fn done(&self, reply: ReplyEmpty, done: impl FnOnce(&mut Disk) -> Result<(), Refused>) {
        match done(&mut lock(&self.0)) {
            Ok(()) => reply.ok(),
            Err(refused) => reply.error(errno(refused)),
        }
    }
}

fn permissions(mode: u32, umask: u32) -> u16 {
    u16::try_from(mode & !umask & 0o7777).unwrap_or(0)
}

fn place(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

impl Filesystem for Served {
    fn lookup(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEntry) {
        self.entry(reply, |disk| disk.find(parent.0, name));
    }

    fn getattr(&self, _: &Request, number: INodeNo, _: Option<FileHandle>, reply: ReplyAttr) {
        match attributes(&lock(&self.0), number.0) {
            Ok(attributes) => reply.attr(&FOR_EVER, &attributes),
            Err(refused) => reply.error(errno(refused)),
        }
    }

    fn setattr(
        &self,
        _: &Request,
        number: INodeNo,
        _mode: Option<u32>,
        _: Option<u32>,
        _: Option<u32>,
        size: Option<u64>,
        _: Option<TimeOrNow>,
        _: Option<TimeOrNow>,
        _: Option<SystemTime>,
        _: Option<FileHandle>,
        _: Option<SystemTime>,
        _: Option<SystemTime>,
        _: Option<SystemTime>,
        _: Option<BsdFileFlags>,
        reply: ReplyAttr,
    ) {
        let mut disk = lock(&self.0);
        let changed = size.map_or(Ok(()), |size| disk.set_length(number.0, place(size)));
        match changed.and_then(|()| attributes(&disk, number.0)) {
            Ok(attributes) => reply.attr(&FOR_EVER, &attributes),
            Err(refused) => reply.error(errno(refused)),
        }
    }

    fn mkdir(&self, _: &Request, parent: INodeNo, name: &OsStr, mode: u32, umask: u32, reply: ReplyEntry) {
        let directory = Directory::with_mode(permissions(mode, umask));
        self.entry(reply, |disk| {
            disk.make(parent.0, name, Node::Directory(directory))
        });
    }

    fn unlink(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEmpty) {
        self.done(reply, |disk| disk.remove(parent.0, name));
    }

    fn rmdir(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEmpty) {
        self.done(reply, |disk| disk.remove(parent.0, name));
    }

    fn rename(
        &self,
        _: &Request,
        parent: INodeNo,
        name: &OsStr,
        new_parent: INodeNo,
        new_name: &OsStr,
        flags: RenameFlags,
        reply: ReplyEmpty,
    ) {
        let replaces = !flags.contains(RenameFlags::RENAME_NOREPLACE);
        self.done(reply, |disk| {
            disk.rename((parent.0, name), (new_parent.0, new_name), replaces)
        });
    }

    fn link(&self, _: &Request, number: INodeNo, parent: INodeNo, name: &OsStr, reply: ReplyEntry) {
        self.entry(reply, |disk| {
            disk.link(number.0, parent.0, name).map(|()| number.0)
        });
    }

    fn open(&self, _: &Request, _: INodeNo, _: OpenFlags, reply: ReplyOpen) {
        reply.opened(FileHandle(0), FopenFlags::FOPEN_KEEP_CACHE);
    }

    fn create(
        &self,
        _: &Request,
        parent: INodeNo,
        name: &OsStr,
        mode: u32,
        umask: u32,
        _: i32,
        reply: ReplyCreate,
    ) {
        let mut disk = lock(&self.0);
        let file = Node::File(File::with_mode(permissions(mode, umask)));
        match disk
            .make(parent.0, name, file)
            .and_then(|number| attributes(&disk, number))
        {
            Ok(attributes) => reply.created(
                &FOR_EVER,
                &attributes,
                Generation(0),
                FileHandle(0),
                FopenFlags::FOPEN_KEEP_CACHE,
            ),
            Err(refused) => reply.error(errno(refused)),
        }
    }

    fn read(
        &self,
        _: &Request,
        number: INodeNo,
        _: FileHandle,
        offset: u64,
        size: u32,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyData,
    ) {
        match lock(&self.0).file(number.0) {
            Ok(file) => {
                let start = place(offset).min(file.live.len());
                let end = (start + size as usize).min(file.live.len());
                reply.data(&file.live[start..end]);
            }
            Err(refused) => reply.error(errno(refused)),
        }
    }

    fn write(
        &self,
        _: &Request,
        number: INodeNo,
        _: FileHandle,
        offset: u64,
        bytes: &[u8],
        _: WriteFlags,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyWrite,
    ) {
        match lock(&self.0).write(number.0, place(offset), bytes) {
            Ok(()) => reply.written(u32::try_from(bytes.len()).unwrap_or(u32::MAX)),
            Err(refused) => reply.error(errno(refused)),
        }
    }

    fn flush(&self, _: &Request, _: INodeNo, _: FileHandle, _: LockOwner, reply: ReplyEmpty) {
        // It comes with every close and flushes nothing.
        reply.ok();
    }

    fn fsync(&self, _: &Request, number: INodeNo, _: FileHandle, _: bool, reply: ReplyEmpty) {
        self.done(reply, |disk| disk.flush(number.0));
    }

    fn fsyncdir(&self, _: &Request, number: INodeNo, _: FileHandle, _: bool, reply: ReplyEmpty) {
        self.done(reply, |disk| disk.flush(number.0));
    }

    fn readdir(&self, _: &Request, number: INodeNo, _: FileHandle, offset: u64, mut reply: ReplyDirectory) {
        let disk = lock(&self.0);
        let directory = match disk.directory(number.0) {
            Ok(directory) => directory,
            Err(refused) => return reply.error(errno(refused)),
        };
        for (place, (name, number)) in directory.live.iter().enumerate().skip(place(offset)) {
            let kind = match disk.node(*number) {
                Ok(Node::Directory(_)) => FileType::Directory,
                _ => FileType::RegularFile,
            };
            if reply.add(INodeNo(*number), place as u64 + 1, kind, name) {
                break;
            }
        }
        reply.ok();
    }

    fn statfs(&self, _: &Request, _: INodeNo, reply: ReplyStatfs) {
        reply.statfs(1 << 20, 1 << 20, 1 << 20, 1 << 20, 1 << 20, 4096, 255, 4096);
    }
}
