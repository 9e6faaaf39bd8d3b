//! The parts that every sheet of a plan's evaluation is made of: titles, heads, cells. Called by `sheets` and
//! `detail_sheets`.

use super::{Detail, Evaluation, IndicatorLine, PlanReport, Standing};
use crate::amount::Amount;
use crate::sheet::{Cell, Column, Sheet};
use crate::words::Words;
use domain::{Confidence, Text};

/// The data and the words while sheets are laid out.
pub(super) struct Book<'a> {
    pub(super) report: &'a PlanReport,
    pub(super) words: &'a Words,
}

impl Book<'_> {
    pub(super) fn title(&self) -> String {
        let report = self.report;
        let title = self.words.get(match report.evaluation {
            Evaluation::Annual => "title_annual",
            Evaluation::MidTerm => "title_mid-term",
            Evaluation::Final => "title_final",
        });
        [self.words.of(&report.plan), self.year(report.year), title].join(" ").trim().to_string()
    }

    pub(super) fn year(&self, year: i32) -> String {
        self.words.fill("year", &[("year", &year.to_string())])
    }

    pub(super) fn sheet(&self, name: String, columns: Vec<Column>, rows: Vec<Vec<Cell>>) -> Sheet {
        let mut title = vec![format!("{} · {name}", self.title())];
        let marks: Vec<String> = self.report.marks.iter().map(|mark| self.words.of(mark)).collect();
        if !marks.is_empty() {
            title[0] = format!("【{}】{}", self.words.join(&marks), title[0]);
        }
        Sheet { name, title, columns, rows, notes: Vec::new() }
    }

    /// The same under the title that the plan gives the table.
    pub(super) fn titled(&self, sheet: Sheet, label: &Text, title: &Text) -> Sheet {
        let line = format!("{} {}", self.words.of(label), self.words.of(title));
        if line.trim().is_empty() { sheet } else { sheet.with_line(line.trim()) }
    }

    /// The same, saying that it is empty, or what its yellow ground means.
    pub(super) fn finished(&self, sheet: Sheet) -> Sheet {
        if sheet.rows.is_empty() {
            return sheet.with_notes(vec![self.words.get("empty_sheet")]);
        }
        let is_marked = sheet.rows.iter().flatten().any(Cell::is_marked);
        if is_marked { sheet.with_line(self.words.get("marked_ground")) } else { sheet }
    }

    pub(super) fn columns(&self, heads: &[(&str, f64)]) -> Vec<Column> {
        heads.iter().map(|(key, width)| Column::new(self.words.get(key), *width)).collect()
    }

    pub(super) fn column_of(&self, key: &str, year: i32, width: f64) -> Column {
        Column::new(self.words.fill(key, &[("year", &year.to_string())]), width)
    }

    /// The groups of rows; a group over several rows is one cell.
    pub(super) fn grouped<'t>(&self, groups: impl Iterator<Item = &'t Text>) -> impl Iterator<Item = Cell> {
        let mut last: Option<&Text> = None;
        groups.map(move |group| {
            let is_same = last == Some(group) && !self.words.of(group).is_empty();
            last = Some(group);
            if is_same { Cell::same_as_above() } else { self.text(group) }
        })
    }

    /// Number, name and unit of the indicator that a detail belongs to.
    pub(super) fn indicator_of(&self, detail: &Detail) -> Vec<Cell> {
        let (name, unit) =
            self.row_of(detail).map_or_else(Default::default, |row| (self.text(&row.name), self.text(&row.unit)));
        vec![Cell::number(&detail.number), name, unit]
    }

    /// The row of the plan's table that a detail belongs to.
    pub(super) fn row_of(&self, detail: &Detail) -> Option<&IndicatorLine> {
        self.report.indicators.rows.iter().find(|row| row.number == detail.number)
    }

    /// Whether a text says anything.
    pub(super) fn has(&self, text: &Text) -> bool {
        !self.words.of(text).is_empty()
    }

    pub(super) fn entry(&self, key: &str, cell: Cell) -> Vec<Cell> {
        vec![Cell::text(self.words.get(key)), cell]
    }

    pub(super) fn text(&self, text: &Text) -> Cell {
        Cell::text(self.words.of(text))
    }

    /// A text of the data; a word if it is empty.
    pub(super) fn label(&self, text: &Text, key: &str) -> String {
        let own = self.words.of(text);
        if own.is_empty() { self.words.get(key) } else { own }
    }

    pub(super) fn amount(&self, amount: &Amount) -> Cell {
        Cell::amount(amount, self.words.lang())
    }

    pub(super) fn state_word(&self, state: Standing) -> String {
        self.words.get(&format!("state_{}", state.code()))
    }

    pub(super) fn state(&self, state: Standing) -> Cell {
        Cell::text(self.state_word(state)).on(ground(state))
    }

    pub(super) fn confidence(&self, confidence: Confidence) -> Cell {
        let cell = Cell::text(self.words.get(confidence.code()));
        if confidence == Confidence::Unconfirmed { cell.marked() } else { cell }
    }
}

/// The ground of a state; its word stands on it.
fn ground(state: Standing) -> &'static str {
    match state {
        Standing::Achieved => "#BFE3CD",
        Standing::OnTrack => "#C5DCF0",
        Standing::Behind => "#F2C1BD",
        Standing::NoData => "#DDE3E5",
        Standing::Text => "#DCD0EA",
        Standing::NotDue => "#EEF1F2",
    }
}
