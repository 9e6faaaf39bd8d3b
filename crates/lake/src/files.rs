//! Files on disk: where they stand, how they are made durable, and who may write.
//!
//! Called by the commit log and by writers. Nothing here knows what the files contain.

use crate::error::LakeError;
use std::collections::BTreeSet;
use std::fs::{File, TryLockError};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// Folder of commit files.
pub(crate) const COMMITS: &str = "commits";
/// Folder of observation files.
pub(crate) const OBSERVATIONS: &str = "observations";
/// Folder of the small tables.
pub(crate) const RECORDS: &str = "records";
/// Folder of problem lists.
pub(crate) const PROBLEMS: &str = "problems";
/// Folder of rejected rows.
pub(crate) const REJECTS: &str = "rejects";
/// Folder of files still being written.
pub(crate) const STAGING: &str = "staging";
/// The file that the one writer holds locked.
const LOCK: &str = "writer.lock";
/// Last bytes of a Parquet file.
const PARQUET_END: [u8; 4] = *b"PAR1";

/// The right to write, until dropped. The kernel frees it when the process dies, however it dies.
#[derive(Debug)]
pub(crate) struct WriterLock {
    _file: File,
}

/// Takes the writer's lock at once or says [`LakeError::Busy`].
pub(crate) fn lock(root: &Path) -> Result<WriterLock, LakeError> {
    let path = root.join(LOCK);
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .read(true)
        .open(&path)
        .map_err(LakeError::io(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(WriterLock { _file: file }),
        Err(TryLockError::WouldBlock) => Err(LakeError::Busy { path: root.to_path_buf() }),
        Err(TryLockError::Error(source)) => Err(LakeError::Io { path, source }),
    }
}

/// Makes the folders of a lake.
pub(crate) fn create_folders(root: &Path) -> Result<(), LakeError> {
    for folder in [COMMITS, OBSERVATIONS, RECORDS, PROBLEMS, REJECTS, STAGING] {
        create_dir(&root.join(folder))?;
    }
    sync_dir(root)
}

/// Makes a folder and those above it.
pub(crate) fn create_dir(path: &Path) -> Result<(), LakeError> {
    std::fs::create_dir_all(path).map_err(LakeError::io(path))
}

/// Makes a file's content durable.
pub(crate) fn sync_file(path: &Path) -> Result<(), LakeError> {
    File::open(path).and_then(|file| file.sync_all()).map_err(LakeError::io(path))
}

/// Makes a folder's entries durable (on systems where a folder can be synced; elsewhere nothing).
pub(crate) fn sync_dir(path: &Path) -> Result<(), LakeError> {
    if cfg!(unix) { File::open(path).and_then(|dir| dir.sync_all()).map_err(LakeError::io(path)) } else { Ok(()) }
}

/// Makes every folder durable from those of the files up to the root.
pub(crate) fn sync_dirs_of<'a>(root: &Path, files: impl Iterator<Item = &'a str>) -> Result<(), LakeError> {
    let mut dirs: BTreeSet<PathBuf> = BTreeSet::new();
    for file in files {
        let path = root.join(file);
        dirs.extend(path.ancestors().skip(1).take_while(|dir| dir.starts_with(root)).map(Path::to_path_buf));
    }
    // The deepest first: a name is durable once the folder that holds it is.
    dirs.iter().rev().try_for_each(|dir| sync_dir(dir))
}

/// Puts `content` at `path` whole and durable, only if nothing is there yet: the local form of the
/// conditional put of an object store.
pub(crate) fn put_new(path: &Path, content: &[u8]) -> Result<(), LakeError> {
    let temporary = path.with_extension("tmp");
    let written = std::fs::write(&temporary, content).and_then(|()| File::open(&temporary)?.sync_all());
    let linked = written.and_then(|()| match std::fs::hard_link(&temporary, path) {
        // A file system without hard links: the writer's lock keeps others out between look and rename.
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists && !path.exists() => {
            std::fs::rename(&temporary, path)
        }
        other => other,
    });
    // Left behind only if the removal itself fails; the next writer sweeps it away.
    let _ = std::fs::remove_file(&temporary);
    linked.map_err(LakeError::io(path))?;
    path.parent().map_or(Ok(()), sync_dir)
}

/// Removes every data file that is not in `keep` (paths relative to the root, `/`-separated): what dead
/// writers left and what compactions replaced. Only the holder of the lock may call it.
pub(crate) fn sweep(root: &Path, keep: &BTreeSet<&str>) -> Result<(), LakeError> {
    for folder in [OBSERVATIONS, RECORDS, PROBLEMS, REJECTS, STAGING] {
        sweep_folder(root, folder, keep)?;
    }
    let commits = root.join(COMMITS);
    for (name, path) in entries(&commits)? {
        if name.ends_with(".tmp") {
            std::fs::remove_file(&path).map_err(LakeError::io(&path))?;
        }
    }
    Ok(())
}

fn sweep_folder(root: &Path, relative: &str, keep: &BTreeSet<&str>) -> Result<(), LakeError> {
    for (name, path) in entries(&root.join(relative))? {
        let below = format!("{relative}/{name}");
        if path.is_dir() {
            sweep_folder(root, &below, keep)?;
        } else if !keep.contains(below.as_str()) {
            std::fs::remove_file(&path).map_err(LakeError::io(&path))?;
        }
    }
    Ok(())
}

/// Fails unless a file is there with this many bytes.
pub(crate) fn check_length(path: &Path, bytes: u64) -> Result<(), LakeError> {
    let found = std::fs::metadata(path).map_err(LakeError::io(path))?.len();
    if found == bytes {
        return Ok(());
    }
    Err(LakeError::corrupt(path, format!("it has {found} bytes, its commit says {bytes}")))
}

/// Fails unless a Parquet file is there and ends as one does: cut short it does not.
pub(crate) fn check_end(path: &Path) -> Result<(), LakeError> {
    let mut file = File::open(path).map_err(LakeError::io(path))?;
    let mut end = [0; PARQUET_END.len()];
    let bytes = file.metadata().map_err(LakeError::io(path))?.len();
    if bytes > end.len() as u64 {
        file.seek(SeekFrom::End(-(end.len() as i64))).map_err(LakeError::io(path))?;
        file.read_exact(&mut end).map_err(LakeError::io(path))?;
    }
    if end == PARQUET_END {
        return Ok(());
    }
    Err(LakeError::corrupt(path, format!("it has {bytes} bytes and no end of a Parquet file")))
}

/// Names and paths in a folder; none if the folder is absent.
pub(crate) fn entries(dir: &Path) -> Result<Vec<(String, PathBuf)>, LakeError> {
    let listing = match std::fs::read_dir(dir) {
        Ok(listing) => listing,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(LakeError::Io { path: dir.to_path_buf(), source: error }),
    };
    let mut found = Vec::new();
    for entry in listing {
        let entry = entry.map_err(LakeError::io(dir))?;
        found.push((entry.file_name().to_string_lossy().into_owned(), entry.path()));
    }
    found.sort();
    Ok(found)
}
