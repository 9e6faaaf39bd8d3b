//! What can go wrong at the edge, in plain words, with one table to HTTP status and exit code.
//!
//! Every job and command answers `Result<_, Trouble>`; library errors become one here and nowhere else.

use crate::answers::{Text, imports::ErrorBody};
use domain::Lang;
use lake::LakeError;
use report::ReportError;
use store::StoreError;

/// A failure that a person will read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What kind.
    pub kind: Kind,
    /// Stable code.
    pub code: &'static str,
    /// What is wrong and what to do.
    pub message: Text,
}

/// Kinds of trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// What was asked for does not exist.
    NotFound,
    /// The question cannot be understood.
    BadRequest,
    /// It was done before, or somebody else is doing it.
    Conflict,
    /// The machine refused: disk, permission, damaged file.
    Broken,
    /// Nobody known asks for what only an operator may do.
    Nobody,
    /// The operator may not do this.
    Forbidden,
}

impl Kind {
    /// HTTP status.
    pub fn status(self) -> u16 {
        match self {
            Kind::NotFound => 404,
            Kind::BadRequest => 400,
            Kind::Conflict => 409,
            Kind::Broken => 500,
            Kind::Nobody => 401,
            Kind::Forbidden => 403,
        }
    }
}

impl Trouble {
    /// Something that does not exist.
    pub fn not_found(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Trouble {
        Trouble { kind: Kind::NotFound, code, message: Text::new(zh, en) }
    }

    /// A question that cannot be understood.
    pub fn bad(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Trouble {
        Trouble { kind: Kind::BadRequest, code, message: Text::new(zh, en) }
    }

    /// The machine refused.
    pub fn broken(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Trouble {
        Trouble { kind: Kind::Broken, code, message: Text::new(zh, en) }
    }

    /// A file that cannot be opened, read or written.
    pub fn file(path: &std::path::Path, error: &std::io::Error) -> Trouble {
        let path = path.display();
        Trouble::broken(
            "file",
            format!("文件 {path} 不能读写：{error}。请检查路径、权限和磁盘空间。"),
            format!(
                "file {path} cannot be read or written: {error}. Check the path, the permissions and the disk space."
            ),
        )
    }

    /// As the API answers it.
    pub fn body(&self) -> ErrorBody {
        ErrorBody { code: self.code.to_string(), message: self.message.clone() }
    }

    /// In one language, for a terminal.
    pub fn line(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.message.zh,
            Lang::En => &self.message.en,
        }
    }
}

impl From<LakeError> for Trouble {
    fn from(error: LakeError) -> Trouble {
        let (kind, code) = match &error {
            LakeError::AlreadyImported(_) => (Kind::Conflict, "already-imported"),
            LakeError::Busy { .. } => (Kind::Conflict, "busy"),
            LakeError::Sql { .. } | LakeError::ReadOnly { .. } => (Kind::BadRequest, "sql"),
            _ => (Kind::Broken, "lake"),
        };
        Trouble { kind, code, message: error.text().into() }
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Trouble {
        let (kind, code) = match &error {
            StoreError::Busy { .. } => (Kind::Conflict, "busy"),
            StoreError::Exists { .. } => (Kind::Conflict, "exists"),
            StoreError::Full { .. } => (Kind::Broken, "disk-full"),
            StoreError::ReadOnly { .. } => (Kind::Broken, "read-only"),
            _ => (Kind::Broken, "store"),
        };
        Trouble { kind, code, message: error.text().into() }
    }
}

impl From<ReportError> for Trouble {
    fn from(error: ReportError) -> Trouble {
        let kind = match error {
            ReportError::Unknown { .. } => Kind::NotFound,
            _ => Kind::Broken,
        };
        Trouble { kind, code: "report", message: Text::same(&error.to_string()) }
    }
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} / {}", self.message.zh, self.message.en)
    }
}

impl std::error::Error for Trouble {}
