//! Why the store could not do something, with words for people in both languages.

use domain::Text;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// What went wrong. After an error nothing of the call is kept: a batch is whole or absent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// No space is left, or the quota is used up. The same call succeeds once there is space again.
    #[error("no space left for {path}")]
    Full {
        /// The file that could not grow.
        path: PathBuf,
    },
    /// The folder or its disk cannot be written to, or the store was opened for reading.
    #[error("{path} cannot be written to")]
    ReadOnly {
        /// File or folder concerned.
        path: PathBuf,
    },
    /// A file is not what was written.
    #[error("{path} is damaged: {reason}")]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The operating system refused.
    #[error("{path}: {reason}")]
    Io {
        /// File or folder concerned.
        path: PathBuf,
        /// The system's own reason.
        reason: String,
    },
    /// Another process writes to the store.
    #[error("another process is writing to {path}")]
    Busy {
        /// The folder or file.
        path: PathBuf,
    },
    /// A file was written by another version of the program.
    #[error("{path} has layout {found}, this program knows {known}")]
    Version {
        /// The file.
        path: PathBuf,
        /// Number of its layout.
        found: u32,
        /// Newest layout this program knows.
        known: u32,
    },
    /// The name is taken.
    #[error("`{name}` exists already")]
    Exists {
        /// The name.
        name: String,
    },
    /// A statement failed in a way that is our own mistake.
    #[error("{path}: {reason}")]
    Internal {
        /// The file.
        path: PathBuf,
        /// The engine's reason.
        reason: String,
    },
}

impl StoreError {
    /// The system's own error at a file.
    pub(crate) fn io(path: &Path, source: &std::io::Error) -> StoreError {
        let path = path.to_path_buf();
        match source.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => StoreError::Full { path },
            ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => StoreError::ReadOnly { path },
            _ => StoreError::Io { path, reason: source.to_string() },
        }
    }

    /// An error of the engine, for calls that read.
    pub(crate) fn sql(path: &Path) -> impl Fn(rusqlite::Error) -> StoreError + '_ {
        move |error| {
            use rusqlite::ErrorCode;
            let reason = error.to_string();
            let path = path.to_path_buf();
            match error.sqlite_error_code() {
                Some(ErrorCode::DiskFull) => StoreError::Full { path },
                Some(ErrorCode::ReadOnly) => StoreError::ReadOnly { path },
                Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StoreError::Corrupt { path, reason },
                Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed) => {
                    StoreError::Busy { path }
                }
                Some(
                    ErrorCode::SystemIoFailure
                    | ErrorCode::CannotOpen
                    | ErrorCode::PermissionDenied
                    | ErrorCode::NoLargeFileSupport
                    | ErrorCode::OutOfMemory,
                ) => StoreError::Io { path, reason },
                _ => StoreError::Internal { path, reason },
            }
        }
    }

    /// A stable word for the kind.
    pub fn code(&self) -> &'static str {
        match self {
            StoreError::Full { .. } => "disk-full",
            StoreError::ReadOnly { .. } => "read-only",
            StoreError::Corrupt { .. } => "corrupt",
            StoreError::Io { .. } => "io",
            StoreError::Busy { .. } => "busy",
            StoreError::Version { .. } => "version",
            StoreError::Exists { .. } => "exists",
            StoreError::Internal { .. } => "internal",
        }
    }

    /// Whether the same call may succeed later without anybody repairing a file.
    pub fn may_pass(&self) -> bool {
        matches!(
            self,
            StoreError::Full { .. } | StoreError::ReadOnly { .. } | StoreError::Io { .. } | StoreError::Busy { .. }
        )
    }

    /// For people: what is wrong and what to do.
    pub fn text(&self) -> Text {
        match self {
            StoreError::Full { path } => {
                let path = path.display();
                Text::new(
                    format!("磁盘空间已满，无法写入 {path}；请腾出空间，系统会自动恢复接收，已应答的数据没有丢失"),
                    format!(
                        "no space is left for {path}; free some space, receiving goes on by itself, nothing answered was lost"
                    ),
                )
            }
            StoreError::ReadOnly { path } => {
                let path = path.display();
                Text::new(
                    format!("{path} 不可写；请检查磁盘是否只读及文件夹权限"),
                    format!(
                        "{path} cannot be written to; check whether the disk is read-only and the rights of the folder"
                    ),
                )
            }
            StoreError::Corrupt { path, reason } => {
                let path = path.display();
                Text::new(
                    format!("文件 {path} 已损坏（{reason}）；请从备份恢复该文件，系统不会跳过它"),
                    format!("{path} is damaged ({reason}); restore it from a backup, it is never skipped silently"),
                )
            }
            StoreError::Io { path, reason } => {
                let path = path.display();
                Text::new(
                    format!("无法读写 {path}：{reason}；请检查磁盘"),
                    format!("cannot read or write {path}: {reason}; check the disk"),
                )
            }
            StoreError::Busy { path } => {
                let path = path.display();
                Text::new(
                    format!("另一个进程正在写入 {path}；请先停止它，或等待其结束后重试"),
                    format!("another process is writing to {path}; stop it first, or wait for it to end and try again"),
                )
            }
            StoreError::Version { path, found, known } => version_text(path, *found, *known),
            StoreError::Exists { name } => Text::new(
                format!("“{name}”已存在；请换一个名称，或先删除原有的"),
                format!("`{name}` exists already; take another name, or remove the old one first"),
            ),
            StoreError::Internal { path, reason } => {
                let path = path.display();
                Text::new(
                    format!("{path} 的操作失败：{reason}；这是程序错误，请报告"),
                    format!(
                        "an operation on {path} failed: {reason}; this is a mistake of the program, please report it"
                    ),
                )
            }
        }
    }
}

fn version_text(path: &Path, found: u32, known: u32) -> Text {
    let path = path.display();
    if found > known {
        return Text::new(
            format!("文件 {path} 的格式版本为 {found}，本程序只认识到 {known}；请使用更新的程序"),
            format!("{path} has layout {found}, this program knows up to {known}; use a newer program"),
        );
    }
    Text::new(
        format!(
            "文件 {path} 的格式版本为 {found}，本程序需要 {known}；请把它移回可写的 online 文件夹后重新启动，以便升级"
        ),
        format!(
            "{path} has layout {found}, this program needs {known}; move it back to the writable folder `online` and start again, so that it is upgraded"
        ),
    )
}
