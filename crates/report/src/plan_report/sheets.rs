//! The evaluation of a plan → XLSX, the plan's own tables first, with the words of
//! `catalog/plan-report/words.toml`. Called by the jobs of `server`.

use super::book::Book;
use super::{CountLine, CountTable, IndicatorLine, ListLine, PastLine, PlanReport, Standing, TargetLine};
use crate::ReportError;
use crate::sheet::{Cell, Column, Sheet, workbook};
use crate::words::Words;
use domain::Lang;

/// The report whose words the workbook uses.
const REPORT: &str = "plan-report";

/// The evaluation of a plan as a workbook: summary, the past plan's table, the plan's indicators, other targets,
/// history, contributions, projects, coverage of systems, rules and sources. These are always there; lists that
/// only some plans have (values side by side, completeness, every project, every system) are left out if empty.
///
/// # Errors
/// [`ReportError::Workbook`] if the data are beyond what the file format can hold.
pub fn plan_report_xlsx(report: &PlanReport, lang: Lang) -> Result<Vec<u8>, ReportError> {
    let words = Words::builtin(REPORT, lang)?;
    let book = Book { report, words: &words };
    let sheets = [
        (book.summary(), true),
        (book.past(), true),
        (book.indicators(), true),
        (book.targets(), true),
        (book.history(), true),
        (book.sides(), false),
        (book.contributions(), true),
        (book.completeness(), false),
        (book.outlook(), false),
        (book.counts("projects_sheet", "box", &report.projects), true),
        (book.list("project_list", ["box", "project"], &report.project_list), false),
        (book.counts("coverage_sheet", "subject", &report.coverage), true),
        (book.list("system_list", ["subject", "system"], &report.system_list), false),
        (book.rules(), true),
        (book.sources(), true),
    ];
    let kept = sheets.into_iter().filter(|(sheet, always)| *always || !sheet.rows.is_empty());
    let sheets: Vec<Sheet> = kept.map(|(sheet, _)| book.finished(sheet)).collect();
    workbook(&book.title(), &report.generated_at, &sheets)
}

impl Book<'_> {
    fn summary(&self) -> Sheet {
        let (report, words) = (self.report, self.words);
        let as_of = if report.as_of.is_empty() { words.get("as_of_newest") } else { report.as_of.clone() };
        let marks: Vec<String> = report.marks.iter().map(|mark| words.of(mark)).collect();
        let mut rows = vec![
            self.entry("area", Cell::text(words.of(&report.area))),
            self.entry("area_code", Cell::text(&report.area_code)),
            self.entry("period", Cell::text(format!("{}–{}", report.from, report.to))),
            self.entry("evaluated", Cell::text(self.year(report.year))),
            self.entry("rule_set", Cell::text(words.of(&report.rule_set))),
            self.entry("as_of", Cell::text(as_of)),
            self.entry("issuer", Cell::text(words.of(&report.issuer))),
            self.entry("issued_at", Cell::text(&report.generated_at)),
            self.entry("note", Cell::text(words.join(&marks))),
        ];
        for tally in &report.tallies {
            let name = words.of(&tally.name);
            let part = |word: &str| Cell::text(format!("{name} · {word}"));
            rows.push(vec![part(&words.get("total")), Cell::count(tally.total)]);
            let counts = Standing::ALL.into_iter().zip(tally.counts);
            rows.extend(counts.map(|(state, n)| vec![part(&self.state_word(state)), Cell::count(n)]));
        }
        let mut notes: Vec<String> = report.notes.iter().chain(&report.statements).map(|note| words.of(note)).collect();
        if report.indicators.rows.is_empty() {
            notes.push(words.get("no_rows_text"));
        }
        self.sheet(words.get("summary"), self.columns(&[("field", 40.0), ("content", 60.0)]), rows).with_notes(notes)
    }

    fn past(&self) -> Sheet {
        let past = &self.report.past;
        let groups = past.rows.iter().map(|row| &row.group);
        let rows = self.grouped(groups).zip(&past.rows).map(|(group, row)| self.past_row(group, row));
        let mut columns = self.columns(&[("group", 18.0), ("indicator", 56.0), ("unit", 9.0)]);
        columns.extend([
            self.column_of("base_of", past.base_year, 14.0),
            self.column_of("target_of", past.target_year, 18.0),
            self.column_of("actual_of", past.target_year, 34.0),
        ]);
        columns.extend(self.columns(&[("attribute", 10.0), ("done", 10.0), ("note", 60.0)]));
        let sheet = self.sheet(self.label(&past.label, "past"), columns, rows.collect());
        self.titled(sheet, &past.label, &past.title)
    }

    fn past_row(&self, group: Cell, row: &PastLine) -> Vec<Cell> {
        vec![
            group,
            self.text(&row.name),
            self.text(&row.unit),
            self.amount(&row.base),
            self.amount(&row.target),
            self.amount(&row.actual),
            self.text(&row.attribute),
            self.text(&row.done),
            self.text(&row.note),
        ]
    }

    fn indicators(&self) -> Sheet {
        let table = &self.report.indicators;
        let groups = table.rows.iter().map(|row| &row.group);
        let rows = self.grouped(groups).zip(&table.rows).map(|(group, row)| self.indicator_row(group, row));
        let mut columns = self.columns(&[("group", 14.0), ("number", 7.0), ("indicator", 52.0), ("unit", 9.0)]);
        columns.extend([
            self.column_of("base_of", table.base_year, 11.0),
            self.column_of("target_of", table.target_year, 22.0),
        ]);
        columns.extend(self.columns(&[
            ("cumulative", 16.0),
            ("attribute", 10.0),
            ("value_now", 12.0),
            ("value_year", 10.0),
            ("path", 11.0),
            ("state", 12.0),
        ]));
        let head = self.words.fill("forecast_of", &[("year", &table.forecast_year)]);
        let head = if table.forecast_year.is_empty() { self.words.get("forecast") } else { head };
        columns.push(Column::new(head, 14.0));
        columns.extend(self.columns(&[
            ("forecast_low", 11.0),
            ("forecast_high", 11.0),
            ("basis_only", 40.0),
            ("why", 44.0),
            ("responsible", 20.0),
            ("confidence", 11.0),
            ("note", 60.0),
        ]));
        let sheet = self.sheet(self.label(&table.label, "indicators"), columns, rows.collect());
        let notes = table.notes.iter().map(|note| self.words.of(note)).collect();
        self.titled(sheet, &table.label, &table.title).with_notes(notes)
    }

    fn indicator_row(&self, group: Cell, row: &IndicatorLine) -> Vec<Cell> {
        vec![
            group,
            Cell::number(&row.number),
            self.text(&row.name),
            self.text(&row.unit),
            self.amount(&row.base),
            self.amount(&row.target),
            self.amount(&row.cumulative),
            self.text(&row.attribute),
            self.amount(&row.value),
            Cell::number(&row.value_year),
            self.amount(&row.path),
            self.state(row.state),
            self.amount(&row.forecast),
            Cell::number(&row.forecast_low),
            Cell::number(&row.forecast_high),
            self.text(&row.basis),
            self.text(&row.why),
            self.text(&row.responsible),
            self.confidence(row.value.confidence),
            self.text(&row.note),
        ]
    }

    fn targets(&self) -> Sheet {
        let rows = self.report.targets.iter().map(|row| self.target_row(row)).collect();
        let columns = self.columns(&[
            ("target_id", 8.0),
            ("quote", 60.0),
            ("place", 12.0),
            ("target", 22.0),
            ("deadline", 14.0),
            ("value", 14.0),
            ("state", 12.0),
            ("why", 40.0),
            ("evidence", 40.0),
            ("responsible", 20.0),
        ]);
        self.sheet(self.words.get("targets"), columns, rows)
    }

    fn target_row(&self, row: &TargetLine) -> Vec<Cell> {
        vec![
            Cell::text(&row.id),
            self.text(&row.quote),
            self.text(&row.place),
            self.text(&row.target),
            self.text(&row.deadline),
            self.amount(&row.value),
            self.state(row.state),
            self.text(&row.why),
            self.text(&row.evidence),
            self.text(&row.responsible),
        ]
    }

    fn counts(&self, key: &str, group: &str, table: &CountTable) -> Sheet {
        let line = |row: &CountLine, name: Cell| {
            let mut cells = vec![self.text(&row.code), name, Cell::count(row.total)];
            cells.extend(row.counts.iter().map(|n| Cell::count(*n)));
            cells
        };
        let mut rows: Vec<Vec<Cell>> = table.rows.iter().map(|row| line(row, self.text(&row.name))).collect();
        if !rows.is_empty() {
            let name = self.label(&table.total.name, "total");
            rows.push(line(&table.total, Cell::text(name)));
        }
        let mut columns = self.columns(&[("code", 12.0), (group, 46.0), ("total", 10.0)]);
        columns.extend(table.states.iter().map(|state| Column::new(self.words.of(state), 12.0)));
        let notes = table.notes.iter().map(|note| self.words.of(note)).collect();
        self.sheet(self.words.get(key), columns, rows).with_notes(notes)
    }

    fn list(&self, key: &str, [group, name]: [&str; 2], lines: &[ListLine]) -> Sheet {
        let rows = lines.iter().map(|line| {
            vec![
                Cell::text(&line.id),
                self.text(&line.group),
                self.text(&line.name),
                self.text(&line.area),
                self.text(&line.state),
                self.text(&line.evidence),
                self.text(&line.responsible),
            ]
        });
        let columns = self.columns(&[
            ("target_id", 26.0),
            (group, 26.0),
            (name, 56.0),
            ("area", 16.0),
            ("state", 12.0),
            ("evidence", 48.0),
            ("responsible", 22.0),
        ]);
        self.sheet(self.words.get(key), columns, rows.collect())
    }

    fn rules(&self) -> Sheet {
        let rows = self.report.rules.iter().map(|rule| {
            vec![
                Cell::text(&rule.number),
                self.text(&rule.title),
                Cell::text(self.words.join(&rule.clauses)),
                Cell::text(&rule.in_force),
                self.confidence(rule.confidence),
                Cell::text(&rule.id),
            ]
        });
        let columns = self.columns(&[
            ("standard_number", 22.0),
            ("standard_title", 50.0),
            ("clauses", 40.0),
            ("in_force", 24.0),
            ("confidence", 12.0),
            ("code", 18.0),
        ]);
        let sheet = self.sheet(self.words.get("rules_sheet"), columns, rows.collect());
        sheet.with_notes(vec![self.words.get("confidence_text")])
    }

    fn sources(&self) -> Sheet {
        let rows = self.report.sources.iter().map(|source| {
            vec![
                Cell::text(&source.file),
                Cell::text(&source.recorded),
                Cell::count(source.rows),
                Cell::text(&source.attribution),
                Cell::text(&source.sha256),
            ]
        });
        let columns = self.columns(&[
            ("file", 52.0),
            ("recorded", 20.0),
            ("rows", 12.0),
            ("attribution", 40.0),
            ("sha256", 68.0),
        ]);
        let statements = self.report.statements.iter().map(|statement| self.words.of(statement)).collect();
        self.sheet(self.words.get("sources"), columns, rows.collect()).with_notes(statements)
    }
}
