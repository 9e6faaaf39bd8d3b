//! What is known of single indicators → sheets. Called by `sheets`.

use super::book::Book;
use super::{Detail, Share};
use crate::sheet::{Cell, Sheet};
use domain::Text;

impl Book<'_> {
    pub(super) fn history(&self) -> Sheet {
        let rows = self.report.details.iter().flat_map(|detail| {
            detail.history.iter().map(|point| {
                let mut row = self.indicator_of(detail);
                row.extend([
                    Cell::number(point.year.to_string()),
                    self.amount(&point.value),
                    self.amount(&point.path),
                    self.text(&point.kind),
                    self.text(&point.basis),
                ]);
                row
            })
        });
        let columns = self.columns(&[
            ("number", 7.0),
            ("indicator", 52.0),
            ("unit", 9.0),
            ("year_head", 9.0),
            ("value", 13.0),
            ("path", 12.0),
            ("kind", 14.0),
            ("basis_only", 48.0),
        ]);
        self.sheet(self.words.get("history"), columns, rows.collect())
    }

    pub(super) fn sides(&self) -> Sheet {
        let rows = self.report.details.iter().flat_map(|detail| {
            detail.sides.iter().map(|side| {
                let judged = if side.judged { self.words.get("judged") } else { String::new() };
                let mut row = self.indicator_of(detail);
                row.extend([
                    self.text(&side.kind),
                    self.amount(&side.value),
                    if side.judged { Cell::empty() } else { self.amount(&side.difference) },
                    Cell::text(judged),
                    self.text(&side.basis),
                ]);
                row
            })
        });
        let columns = self.columns(&[
            ("number", 7.0),
            ("indicator", 52.0),
            ("unit", 9.0),
            ("kind", 16.0),
            ("value", 13.0),
            ("difference", 14.0),
            ("judged", 12.0),
            ("basis_only", 48.0),
        ]);
        self.sheet(self.words.get("sides"), columns, rows.collect())
    }

    pub(super) fn contributions(&self) -> Sheet {
        let rows = self.report.details.iter().flat_map(|detail| {
            let parts = &detail.contributions;
            parts.rows.iter().map(|part| {
                let mut row = self.indicator_of(detail);
                row.extend([
                    self.text(&parts.part_head),
                    Cell::text(&part.code),
                    self.text(&part.name),
                    self.text(&parts.value_head),
                    self.amount(&part.value),
                    self.text(&parts.amount_head),
                    self.amount(&part.amount),
                    self.text(&part.note),
                ]);
                row
            })
        });
        let rests = self.report.details.iter().map(|detail| &detail.contributions.rest);
        let rests = rests.map(|rest| self.words.of(rest)).collect();
        let columns = self.columns(&[
            ("number", 7.0),
            ("indicator", 44.0),
            ("unit", 9.0),
            ("part_kind", 12.0),
            ("code", 14.0),
            ("part", 36.0),
            ("kind", 14.0),
            ("part_value", 14.0),
            ("kind", 18.0),
            ("part_amount", 12.0),
            ("note", 44.0),
        ]);
        self.sheet(self.words.get("contributions"), columns, rows.collect()).with_notes(rests)
    }

    pub(super) fn completeness(&self) -> Sheet {
        let line = |detail: &Detail, share: &Share| {
            let mut row = self.indicator_of(detail);
            row.extend([
                self.text(&share.name),
                Cell::count(share.have),
                Cell::count(share.of),
                self.text(&share.note),
            ]);
            row
        };
        let missing = |detail: &Detail, what: &Text| {
            let mut row = self.indicator_of(detail);
            row.extend([Cell::text(self.words.get("missing")), Cell::empty(), Cell::empty(), self.text(what)]);
            row
        };
        let rows = self.report.details.iter().flat_map(|detail| {
            let shares = detail.completeness.iter().map(|share| line(detail, share));
            shares.chain(detail.missing.iter().map(|what| missing(detail, what))).collect::<Vec<_>>()
        });
        let columns = self.columns(&[
            ("number", 7.0),
            ("indicator", 52.0),
            ("unit", 9.0),
            ("kind", 18.0),
            ("have", 10.0),
            ("should_have", 10.0),
            ("note", 60.0),
        ]);
        self.sheet(self.words.get("completeness"), columns, rows.collect())
    }

    /// Trends, forecasts and scenarios.
    pub(super) fn outlook(&self) -> Sheet {
        let columns = self.columns(&[
            ("number", 7.0),
            ("indicator", 52.0),
            ("unit", 9.0),
            ("kind", 12.0),
            ("assumption", 44.0),
            ("value", 12.0),
            ("difference", 14.0),
            ("state", 12.0),
            ("note", 60.0),
        ]);
        let rows = self.report.details.iter().flat_map(|detail| self.outlook_of(detail)).collect();
        self.sheet(self.words.get("outlook"), columns, rows)
    }

    fn outlook_of(&self, detail: &Detail) -> Vec<Vec<Cell>> {
        let line = |kind: &str, cells: [Cell; 5]| {
            let mut row = self.indicator_of(detail);
            row.push(Cell::text(self.words.get(kind)));
            row.extend(cells);
            row
        };
        let mut rows = Vec::new();
        if self.has(&detail.trend) {
            let empty = Cell::empty;
            rows.push(line("trend", [empty(), empty(), empty(), empty(), self.text(&detail.trend)]));
        }
        let forecast = self.row_of(detail).filter(|row| row.forecast.is_some());
        if let Some(row) = forecast {
            let year = Cell::number(&self.report.indicators.forecast_year);
            let note = self.text(&detail.forecast_note);
            let cells = [year, self.amount(&row.forecast), Cell::empty(), Cell::empty(), note];
            rows.push(line("forecast_word", cells));
        }
        rows.extend(detail.scenarios.iter().map(|scenario| {
            let (value, difference) = (self.amount(&scenario.value), self.amount(&scenario.difference));
            let cells = [self.text(&scenario.assumption), value, difference, self.state(scenario.state), Cell::empty()];
            line("scenario", cells)
        }));
        rows
    }
}
