//! The status of a plan → XLSX in the form of the plan's own table, with the words of
//! `catalog/plan-status/words.toml`. Called by the jobs of `server`.

use crate::ReportError;
use crate::plan_status::{PlanStatusRow, PlanStatusTable};
use crate::sheet::{Cell, Column, Sheet, workbook};
use crate::words::Words;
use domain::Lang;

/// The report whose words the workbook uses.
const REPORT: &str = "plan-status";
/// Grounds of a state that is met or not; the words say it too.
const MET: &str = "#D8F0E0";
const UNMET: &str = "#F9DCDA";

/// A plan's indicators as a workbook of one sheet: base, target, cumulative change and nature as the plan prints
/// them, then the value now, its year, its state and what it rests on.
///
/// # Errors
/// [`ReportError::Workbook`] if the data are beyond what the file format can hold.
pub fn plan_status_xlsx(table: &PlanStatusTable, lang: Lang) -> Result<Vec<u8>, ReportError> {
    let words = Words::builtin(REPORT, lang)?;
    let head = format!("{} {} {}", words.of(&table.area), words.of(&table.plan), words.get("title"));
    let head = head.trim().to_string();
    let marks: Vec<String> = table.marks.iter().map(|mark| words.of(mark)).collect();
    let first = if marks.is_empty() { head.clone() } else { format!("【{}】{head}", words.join(&marks)) };
    let mut sheet = Sheet {
        name: words.get("sheet"),
        title: vec![first, format!("{} {}", words.get("issued_at"), table.generated_at)],
        columns: columns(table, &words),
        rows: table.rows.iter().map(|row| cells(row, &words)).collect(),
        notes: table.notes.iter().map(|note| words.of(note)).collect(),
    };
    if table.rows.is_empty() {
        sheet.notes.push(words.get("no_rows"));
    }
    if sheet.rows.iter().flatten().any(Cell::is_marked) {
        sheet = sheet.with_line(words.get("marked_ground"));
    }
    workbook(&head, &table.generated_at, &[sheet])
}

fn columns(table: &PlanStatusTable, words: &Words) -> Vec<Column> {
    let of_year = |key: &str, year: i32| words.fill(key, &[("year", &year.to_string())]);
    let heads = [
        (words.get("group"), 16.0),
        (words.get("number"), 8.0),
        (words.get("indicator"), 52.0),
        (words.get("unit"), 10.0),
        (of_year("base", table.base_year), 12.0),
        (of_year("target", table.target_year), 24.0),
        (words.get("cumulative"), 18.0),
        (words.get("attribute"), 10.0),
        (words.get("value"), 12.0),
        (words.get("value_year"), 10.0),
        (words.get("state"), 16.0),
        (words.get("basis"), 50.0),
    ];
    heads.into_iter().map(|(head, width)| Column::new(head, width)).collect()
}

fn cells(row: &PlanStatusRow, words: &Words) -> Vec<Cell> {
    let amount = |amount| Cell::amount(amount, words.lang());
    let state = Cell::text(words.of(&row.state));
    vec![
        Cell::text(words.of(&row.group)),
        Cell::text(&row.number),
        Cell::text(words.of(&row.name)),
        Cell::text(words.of(&row.unit)),
        amount(&row.base),
        amount(&row.target),
        amount(&row.cumulative),
        Cell::text(words.of(&row.attribute)),
        amount(&row.value),
        Cell::number(&row.value_year),
        match row.met {
            Some(true) => state.on(MET),
            Some(false) => state.on(UNMET),
            None => state,
        },
        Cell::text(words.of(&row.basis)),
    ]
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::Amount;
    use crate::sheet::tests::Read;
    use domain::{Confidence, Text};

    /// Two rows of an invented plan.
    pub(crate) fn rows() -> Vec<PlanStatusRow> {
        let first = PlanStatusRow {
            group: Text::new("环境治理", "treatment"),
            number: "(1)".to_string(),
            name: Text::new("优良天数比例", "good-day ratio"),
            unit: Text::new("%", "%"),
            base: Amount::of("88.80"),
            target: Amount::of("90.8"),
            cumulative: Amount::missing("", ""),
            attribute: Text::new("约束性", "binding"),
            value: Amount::of("89.3").with_confidence(Confidence::Unconfirmed),
            value_year: "2023".to_string(),
            state: Text::new("未达到", "not met"),
            met: Some(false),
            basis: Text::new("示例", "sample"),
        };
        let second = PlanStatusRow {
            number: "(2)".to_string(),
            target: Amount::of("基本消除"),
            value: Amount::missing("没有上报值", "nothing reported"),
            value_year: String::new(),
            met: None,
            ..first.clone()
        };
        vec![first, second]
    }

    #[test]
    fn the_sheet_holds_the_plan_as_it_prints_itself() {
        let table = PlanStatusTable { base_year: 2020, target_year: 2025, rows: rows(), ..PlanStatusTable::default() };
        let bytes = plan_status_xlsx(&table, Lang::Zh).expect("a workbook");
        crate::sample::keep("plan-status.xlsx", &bytes);
        let mut read = Read::new(bytes);
        let sheet = read.sheet("指标体系");
        let head = sheet.row_of("类别");
        assert_eq!(sheet.text(head, 4), "2020 年\n（基期）");
        assert_eq!(sheet.number(head + 1, 4), 88.8);
        assert_eq!(sheet.number(head + 1, 5), 90.8);
        assert_eq!(sheet.text(head + 1, 10), "未达到");
        assert_eq!(sheet.number(head + 1, 9), 2023.0);
        assert_eq!(sheet.text(head + 2, 5), "基本消除");
        assert_eq!(sheet.text(head + 2, 8), "没有上报值");
        let empty = plan_status_xlsx(&PlanStatusTable::default(), Lang::En).expect("a workbook");
        assert!(Read::new(empty).sheet("Indicators").all().contains("no indicators"));
    }
}
