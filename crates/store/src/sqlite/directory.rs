//! The directory that holds the file.

use std::fs::{DirBuilder, File};
use std::io;
use std::path::Path;

/// Makes a directory, and those above it that lack, for their owner alone. Their names are on the disk when it returns: to
/// flush what is in a directory does not flush the directory's own name, and a power cut would take all of it.
///
/// # Errors
/// What the system says.
pub fn make_directory(path: &Path) -> io::Result<()> {
    let mut lacking: Vec<&Path> = path
        .ancestors()
        .take_while(|above| !above.as_os_str().is_empty() && !above.exists())
        .collect();
    // An earlier run may have been stopped between making it and this.
    let known = lacking.is_empty();
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(path)?;
    if known {
        lacking.push(path);
    }
    for made in lacking {
        match flush(parent(made)) {
            // Who may not read what is above has not made it either.
            Err(error) if !known || error.kind() != io::ErrorKind::PermissionDenied => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// The directory in which a path is.
pub(super) fn parent(path: &Path) -> &Path {
    path.parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// Makes the names in a directory durable.
pub(super) fn flush(directory: &Path) -> io::Result<()> {
    // Elsewhere a directory cannot be opened, and names need no flush.
    if cfg!(unix) {
        File::open(directory)?.sync_all()?;
    }
    Ok(())
}
