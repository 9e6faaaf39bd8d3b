//! The raw journal: frames in, durable in one transaction per batch; frames out by number, by device and
//! time, by verdict. `gateway` appends; `server` reads, also to make values again from kept frames.
//!
//! A file per day of receipt, numbers rising without gaps across files. Appending writes to the ends of two
//! tables; the deviation ledger, the newest frames and what finds frames by device, time and verdict are
//! derived from them in runs (`tail`), and questions read both what was derived and the frames after it.

mod count;
mod day;
mod files;
mod latest;
mod query;
mod rows;
mod tail;
mod write;

pub use day::JournalFile;

use crate::error::StoreError;
use crate::sqlite::{self, Readers};
use day::DayFile;
use domain::{Day, FrameId, Instant};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use write::Writer;

/// Frames that make a run: enough that a run costs little per frame, few enough to be derived in an instant
/// and to be read again when the process starts.
const RUN: usize = 1 << 16;
/// Far enough for any clock, near enough that days can be counted.
const FAR_MS: i64 = 1 << 56;

/// The journal of raw frames.
#[derive(Debug)]
pub struct Journal {
    folder: PathBuf,
    writable: bool,
    /// In the order of their frames; the last one is written to.
    files: RwLock<Vec<Arc<DayFile>>>,
    /// `None` until the next append: at the beginning, and after one failed.
    writer: Mutex<Option<Writer>>,
    readers: Readers,
    /// Frames that make a run.
    run: usize,
}

impl Journal {
    pub(crate) fn open(folder: &Path, writable: bool) -> Result<Journal, StoreError> {
        let readers = Readers::default();
        let files = files::find(folder, &readers, writable)?;
        let journal = Journal {
            folder: folder.to_path_buf(),
            writable,
            files: RwLock::new(files.into_iter().map(Arc::new).collect()),
            writer: Mutex::new(None),
            readers,
            run: RUN,
        };
        if writable {
            journal.close_old_days()?;
        }
        Ok(journal)
    }

    /// Number of the newest durable frame, 0 before the first.
    pub fn last_id(&self) -> Result<FrameId, StoreError> {
        Ok(FrameId(self.files()?.last().map_or(0, |file| file.last())))
    }

    /// How many frames are kept.
    pub fn count(&self) -> Result<u64, StoreError> {
        Ok(self.files()?.iter().map(|file| file.frames()).sum())
    }

    /// The files, the oldest first, with their size on the disk.
    pub fn on_disk(&self) -> Result<Vec<JournalFile>, StoreError> {
        Ok(self.files()?.iter().map(|file| file.describe()).collect())
    }

    /// Whether a frame could be kept now, found out by writing to the folder. For a page of health; the
    /// answer counts for this moment, and `append` may be tried again at any time.
    pub fn probe(&self) -> Result<(), StoreError> {
        if !self.writable {
            return Err(StoreError::ReadOnly { path: self.folder.clone() });
        }
        sqlite::probe(&self.folder)
    }

    /// The files now. Another process may have appended to the newest if this one only reads.
    fn files(&self) -> Result<Vec<Arc<DayFile>>, StoreError> {
        let files = self.files.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(newest) = files.last().filter(|_| !self.writable) {
            self.readers.with(&newest.path, |reader| newest.refresh(reader))?;
        }
        Ok(files)
    }

    /// Makes every file but the newest one single file without a log beside it, so that it can be moved,
    /// copied and read from a disk that cannot be written to. One that is being read waits for the next start.
    fn close_old_days(&self) -> Result<(), StoreError> {
        let files = self.files.read().unwrap_or_else(PoisonError::into_inner).clone();
        let old = files.len().saturating_sub(1);
        for file in files[..old].iter().filter(|file| !file.archived) {
            if file.waiting() > 0 {
                file.derive(&mut sqlite::writing(&file.path)?)?;
            }
            files::close(&file.path, &self.readers);
        }
        Ok(())
    }
}

/// The day of a moment in UTC+8, also of one that no device can mean.
fn day_of(moment: Instant) -> Day {
    Instant(moment.0.clamp(-FAR_MS, FAR_MS)).civil().0
}
