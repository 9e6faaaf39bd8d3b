//! The lake as a whole: opened once per process, cheap to clone, safe to share between threads.

use crate::commit::{FileEntry, Log};
use crate::compact::{self, CompactionInfo};
use crate::error::LakeError;
use crate::files::{self, COMMITS, WriterLock};
use crate::problems::{self, ProblemRow};
use crate::schema::Footer;
use crate::snapshot::Snapshot;
use crate::write::{ImportMeta, ImportWriter};
use domain::Instant;
use standards::Catalog;
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Readings that an import holds before it writes a file: 32 bytes each, in three copies at most.
const BUFFER_ROWS: usize = 1 << 21;

/// A lake of observations in a folder.
#[derive(Clone, Debug)]
pub struct Lake {
    shared: Arc<Shared>,
}

/// What every handle and snapshot shares.
#[derive(Debug)]
pub(crate) struct Shared {
    /// The lake's folder.
    pub root: PathBuf,
    /// Readings that an import holds.
    pub buffer_rows: usize,
    log: Mutex<Arc<Log>>,
    footers: Mutex<HashMap<String, Footer>>,
    catalog: Mutex<Option<Arc<Catalog>>>,
    #[cfg(test)]
    pub crash_after: std::sync::atomic::AtomicI32,
}

impl Lake {
    /// Opens the lake in `dir`, or makes an empty one.
    pub fn create_or_open(dir: &Path) -> Result<Lake, LakeError> {
        files::create_dir(dir)?;
        files::create_folders(dir)?;
        Lake::open(dir)
    }

    /// Opens the lake in `dir`.
    pub fn open(dir: &Path) -> Result<Lake, LakeError> {
        Lake::open_with_buffer(dir, BUFFER_ROWS)
    }

    /// Opens the lake in `dir` for imports that hold at most `rows` readings in memory (96 bytes each).
    pub fn open_with_buffer(dir: &Path, rows: usize) -> Result<Lake, LakeError> {
        if !dir.join(COMMITS).is_dir() {
            return Err(LakeError::NotFound { path: dir.to_path_buf() });
        }
        let shared = Shared {
            root: dir.to_path_buf(),
            buffer_rows: rows.max(1),
            log: Mutex::new(Arc::new(Log::load(dir)?)),
            footers: Mutex::default(),
            catalog: Mutex::default(),
            #[cfg(test)]
            crash_after: std::sync::atomic::AtomicI32::new(i32::MAX),
        };
        Ok(Lake { shared: Arc::new(shared) })
    }

    /// The lake's folder.
    pub fn dir(&self) -> &Path {
        &self.shared.root
    }

    /// The lake as it is now, or as it was at a past moment of recording.
    pub fn snapshot(&self, as_of: Option<Instant>) -> Result<Snapshot, LakeError> {
        let log = self.shared.log()?;
        let commit = as_of.map_or(log.last(), |moment| log.as_of(moment));
        Ok(Snapshot::new(self.shared.clone(), log, commit))
    }

    /// Starts an import. Nothing of it is visible before [`ImportWriter::commit`].
    ///
    /// Fails with [`LakeError::AlreadyImported`] if the same bytes were committed under the same mapping and
    /// with the same [`ImportMeta::given`] (unless [`ImportMeta::again`] is set), with [`LakeError::Corrupt`] if a
    /// file of the lake is missing or cut short, and with [`LakeError::Busy`] while another import or compaction runs. What dead writers left is removed.
    pub fn begin(&self, meta: ImportMeta) -> Result<ImportWriter, LakeError> {
        let log = self.shared.log()?;
        if let Some(info) = log.same_import(&meta) {
            return Err(LakeError::AlreadyImported(Box::new(info.clone())));
        }
        let (lock, log) = self.shared.begin()?;
        if let Some(info) = log.same_import(&meta) {
            return Err(LakeError::AlreadyImported(Box::new(info.clone())));
        }
        ImportWriter::new(self.shared.clone(), lock, &log, meta)
    }

    /// Problems of an import from `offset` on, at most `limit`, with how many there are in all.
    pub fn problems(&self, import: &str, offset: usize, limit: usize) -> Result<(u64, Vec<ProblemRow>), LakeError> {
        let log = self.shared.log()?;
        match log.commit_of(import).and_then(|commit| commit.problems.as_ref()) {
            Some(path) => problems::read(&self.shared.root.join(path), offset, limit).map_err(LakeError::into_damage),
            None => Ok((0, Vec::new())),
        }
    }

    /// The rejected rows of an import, if it has any: a CSV that can be corrected and imported again.
    pub fn rejects_path(&self, import: &str) -> Option<PathBuf> {
        let log = self.shared.log().ok()?;
        let path = log.commit_of(import)?.rejects.clone()?;
        Some(self.shared.root.join(path))
    }

    /// Merges the files of each span and year into few sorted ones. Every row stays, with its revision, commit
    /// and recorded time, so that reading as of any moment gives what it gave before.
    pub fn compact(&self, recorded: Instant) -> Result<CompactionInfo, LakeError> {
        let (_lock, log) = self.shared.begin()?;
        compact::compact(&self.shared, &log, recorded)
    }

    /// Makes SQL judge by this catalog of standards instead of the built-in one.
    pub fn set_catalog(&self, catalog: Arc<Catalog>) {
        *guard(&self.shared.catalog) = Some(catalog);
    }

    #[cfg(test)]
    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }
}

impl Shared {
    /// The log as it is on disk now.
    pub fn log(&self) -> Result<Arc<Log>, LakeError> {
        let mut held = guard(&self.log);
        let mut log = Log::clone(&held);
        if log.refresh(&self.root)? {
            *held = Arc::new(log);
        }
        Ok(held.clone())
    }

    /// Whether every file that the first `commit` commits show is there, whole by its length or its end.
    /// A file that is gone is told as the system does ([`LakeError::is_gone`]): a compaction may have replaced it.
    pub fn check(&self, log: &Log, commit: u32) -> Result<(), LakeError> {
        for file in log.files.iter().filter(|file| file.commit_min <= commit) {
            files::check_length(&self.path(file), file.bytes)?;
        }
        for done in log.commits.iter().take(commit as usize) {
            let small = done.records.iter().map(|file| file.path.as_str()).chain(done.problems.as_deref());
            for path in small {
                files::check_end(&self.root.join(path))?;
            }
        }
        Ok(())
    }

    /// Takes the writer's lock, looks at the log again, sweeps away what no commit lists, and makes sure that
    /// what they list is there.
    fn begin(&self) -> Result<(WriterLock, Arc<Log>), LakeError> {
        let lock = files::lock(&self.root)?;
        files::create_folders(&self.root)?;
        let log = self.log()?;
        files::sweep(&self.root, &log.kept())?;
        let live: BTreeSet<&str> = log.files.iter().map(|file| file.path.as_str()).collect();
        guard(&self.footers).retain(|path, _| live.contains(path.as_str()));
        // Nobody replaces a file while we hold the lock.
        self.check(&log, log.last()).map_err(LakeError::into_damage)?;
        Ok((lock, log))
    }

    /// Appends a commit to the log on disk.
    pub fn append(&self, commit: crate::commit::Commit) -> Result<(), LakeError> {
        let mut held = guard(&self.log);
        let mut log = Log::clone(&held);
        log.append(&self.root, commit)?;
        *held = Arc::new(log);
        Ok(())
    }

    /// Path of a listed file.
    pub fn path(&self, entry: &FileEntry) -> PathBuf {
        self.root.join(&entry.path)
    }

    /// The footer of a listed file, read once.
    pub fn footer(&self, entry: &FileEntry) -> Result<Footer, LakeError> {
        if let Some(footer) = guard(&self.footers).get(&entry.path) {
            return Ok(footer.clone());
        }
        let path = self.path(entry);
        let footer = Footer::read(&path, true)?;
        if footer.index.rows() != entry.rows {
            return Err(LakeError::corrupt(&path, format!("its commit says {} rows", entry.rows)));
        }
        guard(&self.footers).insert(entry.path.clone(), footer.clone());
        Ok(footer)
    }

    /// The catalog of standards for SQL.
    pub fn catalog(&self) -> Arc<Catalog> {
        guard(&self.catalog).get_or_insert_with(|| Arc::new(Catalog::builtin())).clone()
    }

    /// In tests: dies here if it was told to, leaving everything as it is.
    #[cfg_attr(not(test), expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "a hook of tests"))]
    pub fn step(&self) -> Result<(), LakeError> {
        #[cfg(test)]
        if self.crash_after.fetch_sub(1, std::sync::atomic::Ordering::SeqCst) == 0 {
            return Err(LakeError::WriterStopped);
        }
        Ok(())
    }

    /// In tests: whether it died.
    pub fn killed(&self) -> bool {
        #[cfg(test)]
        return self.crash_after.load(std::sync::atomic::Ordering::SeqCst) < 0;
        #[cfg(not(test))]
        false
    }
}

fn guard<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What the mutexes hold is replaced whole, so a panic elsewhere cannot leave it half-made.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
