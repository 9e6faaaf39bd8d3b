//! Plain data → documents: PDF (typeset by typst) and XLSX.
//!
//! Called by the jobs of `server`. Nothing is queried and nothing is computed here: every number arrives
//! rounded, as the text that is to be printed. A report is a folder of `catalog/` (`report.toml`,
//! `template.typ`, `words.toml`); a new PDF report is a new folder and needs no Rust.

pub mod air_year;
mod air_year_sheets;
mod amount;
mod plan_status;
mod plan_status_sheets;
mod sheet;
mod template;
mod world;

pub use air_year::AirYear;
pub use air_year_sheets::air_year_xlsx;
pub use amount::Amount;
pub use plan_status::{PlanStatusRow, PlanStatusTable};
pub use plan_status_sheets::plan_status_xlsx;
pub use sheet::{Cell, Column, Sheet, workbook};
pub use template::{Templates, render_pdf};

use domain::Lang;

/// Why a document could not be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReportError {
    /// No folder of that name in the catalog.
    #[error("no report `{id}`; there are: {known} / 没有报告“{id}”，现有：{known}")]
    Unknown {
        /// What was asked for.
        id: String,
        /// What there is, joined by commas.
        known: String,
    },
    /// A file of the report's folder cannot be used.
    #[error("report `{id}`, file {file}: {reason} / 报告“{id}”的文件 {file} 不能使用：{reason}")]
    Template {
        /// Report id.
        id: String,
        /// File in its folder.
        file: String,
        /// What is wrong and where.
        reason: String,
    },
    /// The data cannot be written as JSON.
    #[error("the data of the report cannot be written as JSON: {0} / 报告数据不能写成 JSON：{0}")]
    Data(String),
    /// The workbook cannot be written.
    #[error("the workbook cannot be written: {0} / 工作簿不能写出：{0}")]
    Workbook(String),
}

/// The yearly air evaluation as PDF: report `air-year` of the catalog.
///
/// # Errors
/// [`ReportError::Template`] if the built-in template does not compile with this data.
pub fn air_year_pdf(year: &AirYear, lang: Lang) -> Result<Vec<u8>, ReportError> {
    let data = serde_json::to_value(year).map_err(|error| ReportError::Data(error.to_string()))?;
    render_pdf("air-year", &data, lang)
}
