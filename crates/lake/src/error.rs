//! Why the lake could not do something, with words for people in both languages.

use crate::commit::ImportInfo;
use domain::Text;
use std::path::{Path, PathBuf};

/// Reason of [`LakeError::Corrupt`] for a file that is not there.
const GONE: &str = "the file is missing";

/// What went wrong. Data are never half-visible after an error: a commit is whole or absent.
#[derive(Debug, thiserror::Error)]
pub enum LakeError {
    /// There is no lake in the folder.
    #[error("no lake in {path}")]
    NotFound {
        /// The folder.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("{path}: {source}")]
    Io {
        /// File or folder concerned.
        path: PathBuf,
        /// The system's own reason.
        source: std::io::Error,
    },
    /// A file of the lake is not what was written.
    #[error("{path} is damaged: {reason}")]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Another import or compaction is running.
    #[error("another import or compaction is writing to {path}")]
    Busy {
        /// The lake's folder.
        path: PathBuf,
    },
    /// The same bytes under the same mapping were imported before.
    #[error("already imported as {}", .0.id)]
    AlreadyImported(Box<ImportInfo>),
    /// A query that is not a question.
    #[error("only SELECT, EXPLAIN, SHOW and DESCRIBE are accepted: {reason}")]
    ReadOnly {
        /// What was asked instead.
        reason: String,
    },
    /// The engine cannot answer the query.
    #[error("{reason}")]
    Sql {
        /// The engine's reason.
        reason: String,
    },
    /// A writing thread ended without saying why.
    #[error("the writing thread stopped unexpectedly")]
    WriterStopped,
}

impl LakeError {
    pub(crate) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> LakeError + '_ {
        move |source| LakeError::Io { path: path.to_path_buf(), source }
    }

    pub(crate) fn corrupt(path: &Path, reason: impl ToString) -> LakeError {
        LakeError::Corrupt { path: path.to_path_buf(), reason: reason.to_string() }
    }

    /// An error of the Parquet library: the system's own error where there is one, else damage.
    pub(crate) fn parquet(path: &Path) -> impl FnOnce(parquet::errors::ParquetError) -> LakeError + '_ {
        move |error| match error {
            parquet::errors::ParquetError::External(inner) => match inner.downcast::<std::io::Error>() {
                Ok(source) => LakeError::Io { path: path.to_path_buf(), source: *source },
                Err(other) => LakeError::corrupt(path, other),
            },
            other => LakeError::corrupt(path, other),
        }
    }

    pub(crate) fn arrow(path: &Path) -> impl FnOnce(arrow::error::ArrowError) -> LakeError + '_ {
        move |error| match error {
            arrow::error::ArrowError::IoError(_, source) => LakeError::Io { path: path.to_path_buf(), source },
            other => LakeError::corrupt(path, other),
        }
    }

    /// Whether a file was gone: a compaction may have replaced it while we read.
    pub(crate) fn is_gone(&self) -> bool {
        matches!(self, LakeError::Io { source, .. } if source.kind() == std::io::ErrorKind::NotFound)
    }

    /// The same where no compaction explains that a file is gone: then the lake is damaged.
    pub(crate) fn into_damage(self) -> LakeError {
        match self {
            LakeError::Io { path, .. } if self.is_gone() => LakeError::Corrupt { path, reason: GONE.to_string() },
            other => other,
        }
    }

    /// For people: what is wrong and what to do.
    pub fn text(&self) -> Text {
        match self {
            LakeError::NotFound { path } => {
                let path = path.display();
                Text::new(
                    format!("{path} 中没有数据湖；请检查 --data 路径，或先导入数据"),
                    format!("there is no lake in {path}; check the --data folder, or import data first"),
                )
            }
            LakeError::Io { path, source } => io_text(path, source),
            LakeError::Corrupt { path, reason } => {
                let path = path.display();
                let zh = if reason == GONE { "文件缺失" } else { reason };
                Text::new(
                    format!("文件 {path} 已损坏（{zh}）；请从备份恢复该文件，系统不会跳过它"),
                    format!("{path} is damaged ({reason}); restore it from a backup, it is never skipped silently"),
                )
            }
            LakeError::Busy { path } => {
                let path = path.display();
                Text::new(
                    format!("另一个导入或整理任务正在写入 {path}；请等待其结束后重试"),
                    format!("another import or compaction is writing to {path}; wait for it to end and try again"),
                )
            }
            LakeError::AlreadyImported(info) => Text::new(
                format!("此文件（{}）已作为 {} 导入，数据未改变", info.file, info.id),
                format!("this file ({}) was already imported as {}; nothing changed", info.file, info.id),
            ),
            LakeError::ReadOnly { reason } => Text::new(
                format!("只接受 SELECT、EXPLAIN、SHOW、DESCRIBE 查询（{reason}）；数据只能通过导入改变"),
                format!("only SELECT, EXPLAIN, SHOW and DESCRIBE are accepted ({reason}); data change by imports only"),
            ),
            LakeError::Sql { reason } => {
                Text::new(format!("查询无法执行：{reason}"), format!("the query cannot be answered: {reason}"))
            }
            LakeError::WriterStopped => Text::new(
                "写入线程意外中止，未保存任何数据；请重试".to_string(),
                "the writing thread stopped unexpectedly, nothing was kept; try again".to_string(),
            ),
        }
    }
}

fn io_text(path: &Path, source: &std::io::Error) -> Text {
    let path = path.display();
    match source.kind() {
        std::io::ErrorKind::StorageFull => Text::new(
            format!("磁盘已满，无法写入 {path}；未保存任何数据，请腾出空间后重新导入"),
            format!("the disk is full at {path}; nothing was kept, free some space and import again"),
        ),
        std::io::ErrorKind::PermissionDenied => Text::new(
            format!("没有权限读写 {path}；请检查文件夹权限"),
            format!("no permission for {path}; check the rights of the folder"),
        ),
        _ => Text::new(format!("无法读写 {path}：{source}"), format!("cannot read or write {path}: {source}")),
    }
}
