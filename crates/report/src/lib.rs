//! Plain data → documents: PDF (typeset by typst) and XLSX.
//!
//! Called by the jobs of `server`. Nothing is queried and nothing is computed here: every number arrives
//! rounded, as the text that is to be printed. A report is a folder of `catalog/` (`report.toml`,
//! `template.typ`, `words.toml`); a new PDF report is a new folder and needs no Rust.

pub mod air_year;
mod air_year_sheets;
mod amount;
pub mod plan_report;
mod sheet;
mod template;
mod words;
mod world;

pub use air_year::AirYear;
pub use air_year_sheets::air_year_xlsx;
pub use amount::Amount;
pub use plan_report::{PlanReport, plan_report_xlsx};
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
    render_pdf("air-year", &to_json(year)?, lang)
}

/// The evaluation of a plan as PDF: report `plan-report` of the catalog.
///
/// # Errors
/// [`ReportError::Template`] if the built-in template does not compile with this data.
pub fn plan_report_pdf(report: &PlanReport, lang: Lang) -> Result<Vec<u8>, ReportError> {
    render_pdf("plan-report", &to_json(report)?, lang)
}

fn to_json<T: serde::Serialize>(data: &T) -> Result<serde_json::Value, ReportError> {
    serde_json::to_value(data).map_err(|error| ReportError::Data(error.to_string()))
}

#[cfg(test)]
mod sample;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::text_of;

    fn pages(id: &str, data: &serde_json::Value, lang: Lang) -> (Vec<u8>, usize) {
        Templates::builtin().typeset(id, data, lang).expect("the built-in template compiles")
    }

    fn air_year(year: &AirYear, lang: Lang) -> (Vec<u8>, usize) {
        pages("air-year", &to_json(year).expect("plain data"), lang)
    }

    #[test]
    fn the_pages_say_what_the_data_say_in_both_languages() {
        let year = sample::year();
        for (lang, words) in [
            (Lang::Zh, ["示例市", "年度环境空气质量评价报告", "优良天数比例", "超标", "模拟", "沙尘天气", "未经确认"]),
            (
                Lang::En,
                [
                    "Sample City",
                    "Annual ambient air quality",
                    "Good-day ratio",
                    "over",
                    "simulated",
                    "沙尘天气",
                    "unconfirmed",
                ],
            ),
        ] {
            let (pdf, count) = air_year(&year, lang);
            sample::keep(&format!("air-year-{lang:?}.pdf"), &pdf);
            assert!(pdf.starts_with(b"%PDF-") && (7..=14).contains(&count), "{count} pages");
            let Some(text) = text_of(&pdf) else { continue };
            for figure in ["73.5", "4.56", "328", "241", "38", "41", "0.09", "26.3", "≥90.8", "219", "105120"] {
                assert!(text.contains(figure), "{figure} is not in the {lang:?} document");
            }
            for word in words {
                assert!(text.contains(word), "{word} is not in the {lang:?} document");
            }
            // On every page but the cover: the head with area and year, and the mark.
            let mark = if lang == Lang::Zh { "模拟" } else { "simulated" };
            for (at, page) in text.split('\u{c}').take(count).enumerate() {
                assert!(page.contains(mark), "page {} lacks the mark", at + 1);
            }
            assert!(!text.contains('₂') && !text.contains('³'), "subscripts must be real ones");
        }
    }

    #[test]
    fn the_same_data_give_the_same_bytes() {
        let year = sample::year();
        assert_eq!(air_year(&year, Lang::Zh), air_year(&year, Lang::Zh));
        let sheets = || air_year_xlsx(&year, Lang::Zh).expect("a workbook");
        assert!(sheets() == sheets());
    }

    #[test]
    fn a_year_without_data_says_so() {
        let empty = AirYear { name: domain::Text::new("示例市", "Sample City"), year: 2023, ..AirYear::default() };
        for (lang, words) in [(Lang::Zh, "没有数据"), (Lang::En, "No data")] {
            let (pdf, count) = air_year(&empty, lang);
            sample::keep(&format!("air-year-empty-{lang:?}.pdf"), &pdf);
            assert!(count >= 2);
            assert!(text_of(&pdf).is_none_or(|text| text.contains(words)));
        }
        // Not even a name.
        air_year_pdf(&AirYear::default(), Lang::Zh).expect("no field is needed");
    }

    #[test]
    fn hundreds_of_polluted_days_run_over_pages_under_repeated_heads() {
        let mut year = sample::year();
        let (_, before) = air_year(&year, Lang::Zh);
        let day = year.polluted[0].clone();
        year.polluted = vec![day; 400];
        let (pdf, after) = air_year(&year, Lang::Zh);
        sample::keep("air-year-400-polluted.pdf", &pdf);
        assert!(after > before + 1, "{before} pages became {after}");
        if let Some(text) = text_of(&pdf) {
            let day = &year.polluted[0].date;
            assert!(text.matches(day.as_str()).count() >= 400);
            let with_days = text.split('\u{c}').filter(|page| page.matches(day.as_str()).count() > 20);
            assert!(with_days.clone().count() > 2);
            for page in with_days {
                assert!(page.contains("首要污染物"), "the head of the table is repeated");
            }
        }
    }

    #[test]
    fn another_report_id_is_refused_and_the_known_ones_are_named() {
        let error = render_pdf("air-month", &serde_json::json!({}), Lang::Zh).expect_err("no such report");
        assert_eq!(
            error,
            ReportError::Unknown { id: "air-month".to_string(), known: "air-year, plan-report".to_string() }
        );
        assert!(matches!(render_pdf("common", &serde_json::json!({}), Lang::Zh), Err(ReportError::Unknown { .. })));
    }
}
