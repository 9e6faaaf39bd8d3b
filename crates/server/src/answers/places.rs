//! Areas as the web lists them.

use super::Text;
use serde::Serialize;
use utoipa::ToSchema;

/// A city or county.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Area {
    /// Code by GB/T 2260.
    pub id: String,
    /// Name.
    pub name: Text,
    /// Plan it is measured against.
    pub plan: Option<String>,
    /// Whether `areas/{id}/map` has something.
    pub has_map: bool,
    /// Stations listed.
    pub stations: u32,
    /// Years with hourly values.
    pub years: Vec<i16>,
    /// What a reader should know.
    pub note: Option<Text>,
}

/// Version of the server.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Version {
    /// Version.
    pub version: String,
    /// Commit it was built from, if known.
    pub commit: Option<String>,
}
