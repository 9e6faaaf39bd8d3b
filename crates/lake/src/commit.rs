//! The log of commits: `commits/00000001.json`, `00000002.json` … What no commit lists does not exist.
//!
//! A commit file is put whole or not at all, is never changed, and carries the SHA-256 of itself, so that
//! damage is told and never skipped. Read by snapshots, appended by imports and compactions.

use crate::error::LakeError;
use crate::files::{self, COMMITS};
use crate::write::ImportMeta;
use domain::{Instant, Span};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Version of the layout that this code writes and reads.
const FORMAT: u32 = 1;

/// What an import brought, as kept for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportInfo {
    /// Identifier, unique in the lake.
    pub id: String,
    /// File name as the user gave it.
    pub file: String,
    /// SHA-256 of the file, lower-case hexadecimal.
    pub sha256: String,
    /// Mapping that it was read by.
    pub mapping: String,
    /// What was said at the import and changes how the file is read, such as `station=S1`; mostly empty.
    // Absent when empty, so that commits from before this field keep their checksum.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub given: String,
    /// When it became visible.
    #[serde(with = "iso")]
    pub recorded: Instant,
    /// Number of the commit that made it visible.
    pub commit: u32,
    /// Rows of the file that were read.
    pub rows: u64,
    /// Readings with a value, and records.
    pub values: u64,
    /// Of all readings and records: first of their key.
    pub new: u64,
    /// Equal to what was there.
    pub unchanged: u64,
    /// Different from what was there: a new revision.
    pub revised: u64,
    /// Readings that the file says are missing.
    pub missing: u64,
    /// Problems found, of any severity.
    pub problems: u64,
    /// Of them, errors: cells that could not be taken.
    pub errors: u64,
}

/// What a commit did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    /// New data.
    Import,
    /// The same data in fewer files.
    Compaction,
}

/// One file of observations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileEntry {
    /// Path relative to the lake, `/`-separated.
    pub path: String,
    /// Span of every row.
    #[serde(with = "span_code")]
    pub span: Span,
    /// Year of every row.
    pub year: i32,
    /// Rows.
    pub rows: u64,
    /// Size in bytes.
    pub bytes: u64,
    /// Earliest phenomenon time.
    #[serde(with = "iso")]
    pub time_min: Instant,
    /// Latest phenomenon time.
    #[serde(with = "iso")]
    pub time_max: Instant,
    /// Highest revision: 0 means that no row here replaces another.
    pub max_revision: u32,
    /// First commit of its rows.
    pub commit_min: u32,
    /// Last commit of its rows.
    pub commit_max: u32,
    /// Parameters in it, sorted.
    pub parameters: Vec<String>,
    /// First station code, in byte order.
    pub station_min: String,
    /// Last station code, in byte order.
    pub station_max: String,
}

/// One file of a small table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordsEntry {
    /// Table code.
    pub table: String,
    /// Path relative to the lake.
    pub path: String,
    /// Rows.
    pub rows: u64,
}

/// One commit, as in its file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Commit {
    /// Layout version.
    pub format: u32,
    /// Number, from 1 without gaps.
    pub commit: u32,
    /// When it became visible: later than that of the commit before.
    #[serde(with = "iso")]
    pub recorded: Instant,
    /// What it did.
    pub kind: Kind,
    /// The import, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub import: Option<ImportInfo>,
    /// List of the import's problems.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problems: Option<String>,
    /// The import's rejected rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rejects: Option<String>,
    /// Observation files added.
    #[serde(default)]
    pub add: Vec<FileEntry>,
    /// Files of small tables added.
    #[serde(default)]
    pub records: Vec<RecordsEntry>,
    /// Observation files that the added ones replace, row for row.
    #[serde(default)]
    pub remove: Vec<String>,
    /// SHA-256 of this object with this field empty.
    pub sha256: String,
}

/// The commits read so far and what they make of the lake's files.
#[derive(Clone, Debug, Default)]
pub(crate) struct Log {
    /// Every commit, in order.
    pub commits: Vec<Arc<Commit>>,
    /// Observation files not replaced since, in the order in which later rows prevail.
    pub files: Vec<Arc<FileEntry>>,
}

impl Commit {
    /// A commit without content.
    pub fn new(commit: u32, recorded: Instant, kind: Kind) -> Commit {
        Commit {
            format: FORMAT,
            commit,
            recorded,
            kind,
            import: None,
            problems: None,
            rejects: None,
            add: Vec::new(),
            records: Vec::new(),
            remove: Vec::new(),
            sha256: String::new(),
        }
    }

    fn digest(&self) -> String {
        let bare = Commit { sha256: String::new(), ..self.clone() };
        let bytes = serde_json::to_vec(&bare).expect("a commit is plain data");
        Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Every path that this commit lists.
    fn paths(&self) -> impl Iterator<Item = &str> {
        let files = self.add.iter().map(|file| file.path.as_str());
        let records = self.records.iter().map(|file| file.path.as_str());
        files.chain(records).chain(self.problems.as_deref()).chain(self.rejects.as_deref())
    }
}

impl Log {
    /// Number of the last commit; 0 before the first.
    pub fn last(&self) -> u32 {
        self.commits.len() as u32
    }

    /// Reads commits that came since; true if there were any.
    pub fn refresh(&mut self, root: &Path) -> Result<bool, LakeError> {
        let before = self.last();
        loop {
            let path = commit_path(root, self.last() + 1);
            let text = match std::fs::read(&path) {
                Ok(text) => text,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => break,
                Err(source) => return Err(LakeError::Io { path, source }),
            };
            let commit = parse(&path, &text, self.last() + 1)?;
            self.apply(commit);
        }
        Ok(self.last() > before)
    }

    /// Reads the whole log, and says so if a commit in the middle is gone.
    pub fn load(root: &Path) -> Result<Log, LakeError> {
        let mut log = Log::default();
        log.refresh(root)?;
        for (name, _) in files::entries(&root.join(COMMITS))? {
            let number = name.strip_suffix(".json").and_then(|stem| stem.parse::<u32>().ok());
            if number.is_some_and(|number| number > log.last()) {
                // It may have been put while we looked.
                log.refresh(root)?;
                if number.is_some_and(|number| number > log.last()) {
                    let path = commit_path(root, log.last() + 1);
                    return Err(LakeError::corrupt(&path, format!("it is missing, but {name} exists")));
                }
            }
        }
        Ok(log)
    }

    fn apply(&mut self, commit: Commit) {
        if !commit.remove.is_empty() {
            let gone: BTreeSet<&str> = commit.remove.iter().map(String::as_str).collect();
            self.files.retain(|file| !gone.contains(file.path.as_str()));
        }
        self.files.extend(commit.add.iter().cloned().map(Arc::new));
        if commit.kind == Kind::Compaction {
            // Its files hold rows of old commits: put them where those stood.
            self.files.sort_by_key(|file| file.commit_min);
        }
        self.commits.push(Arc::new(commit));
    }

    /// Puts the next commit on disk and takes it up. The files it lists must be durable already.
    pub fn append(&mut self, root: &Path, mut commit: Commit) -> Result<(), LakeError> {
        commit.sha256 = commit.digest();
        let mut text = serde_json::to_vec_pretty(&commit).expect("a commit is plain data");
        text.push(b'\n');
        files::put_new(&commit_path(root, commit.commit), &text)?;
        self.apply(commit);
        Ok(())
    }

    /// The moment at which a commit made now counts as recorded: never before the last one.
    pub fn next_recorded(&self, wanted: Instant) -> Instant {
        match self.commits.last() {
            Some(last) => wanted.max(Instant(last.recorded.0 + 1)),
            None => wanted,
        }
    }

    /// Number of the last commit recorded at or before a moment.
    pub fn as_of(&self, moment: Instant) -> u32 {
        self.commits.partition_point(|commit| commit.recorded <= moment) as u32
    }

    /// The import that read the same file in the same way, unless it is to be read again.
    pub fn same_import(&self, meta: &ImportMeta) -> Option<&ImportInfo> {
        let same = |info: &ImportInfo| {
            (&info.sha256, &info.mapping, &info.given) == (&meta.sha256, &meta.mapping, &meta.given)
        };
        self.imports().filter(|_| !meta.again).find(|info| same(info))
    }

    /// Every import.
    pub fn imports(&self) -> impl Iterator<Item = &ImportInfo> {
        self.commits.iter().filter_map(|commit| commit.import.as_ref())
    }

    /// The commit of an import.
    pub fn commit_of(&self, import: &str) -> Option<&Commit> {
        self.commits.iter().map(Arc::as_ref).find(|commit| commit.import.as_ref().is_some_and(|info| info.id == import))
    }

    /// Paths that must stay: live observation files, and everything else any commit lists.
    pub fn kept(&self) -> BTreeSet<&str> {
        let replaced: BTreeSet<&str> =
            self.commits.iter().flat_map(|commit| commit.remove.iter().map(String::as_str)).collect();
        let listed = self.commits.iter().flat_map(|commit| commit.paths());
        listed.filter(|path| !replaced.contains(path)).collect()
    }
}

fn commit_path(root: &Path, number: u32) -> PathBuf {
    root.join(COMMITS).join(format!("{number:08}.json"))
}

fn parse(path: &Path, text: &[u8], number: u32) -> Result<Commit, LakeError> {
    let commit: Commit = serde_json::from_slice(text).map_err(|error| LakeError::corrupt(path, error))?;
    if commit.format != FORMAT {
        let reason = format!("it has layout {}, this program knows layout {FORMAT}", commit.format);
        return Err(LakeError::corrupt(path, reason));
    }
    if commit.digest() != commit.sha256 {
        return Err(LakeError::corrupt(path, "its content does not match its checksum"));
    }
    if commit.commit != number {
        return Err(LakeError::corrupt(path, format!("it says that it is commit {}", commit.commit)));
    }
    Ok(commit)
}

/// [`Instant`] as ISO text.
mod iso {
    use domain::Instant;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(value: &Instant, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&value.to_iso())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Instant, D::Error> {
        let text = String::deserialize(deserializer)?;
        Instant::parse(&text).map_err(|_| serde::de::Error::custom(format!("`{text}` is not a time")))
    }
}

/// [`Span`] as its word.
mod span_code {
    use domain::Span;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(value: &Span, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(value.code())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Span, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|_| serde::de::Error::custom(format!("`{text}` is not a span")))
    }
}
