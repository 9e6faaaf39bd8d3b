//! The yearly air evaluation → XLSX, one sheet a subject, with the words of `catalog/air-year/words.toml`.
//! Called by the jobs of `server`. Numbers are numbers with the decimals that they are published with.

use crate::ReportError;
use crate::air_year::{AirYear, Comparison, Level};
use crate::amount::Amount;
use crate::sheet::{Cell, Column, Sheet, workbook};
use crate::words::Words;
use domain::{Confidence, Lang};

/// The report whose words the workbook uses.
const REPORT: &str = "air-year";

/// The yearly air evaluation as a workbook: summary, annual statistics, levels, days, months, stations, polluted
/// days, composite index, targets, exceptional periods, comparisons, rules, sources. A sheet without rows is left
/// out; the summary, rules and sources are always there.
///
/// # Errors
/// [`ReportError::Workbook`] if the data are beyond what the file format can hold.
pub fn air_year_xlsx(year: &AirYear, lang: Lang) -> Result<Vec<u8>, ReportError> {
    let words = Words::builtin(REPORT, lang)?;
    let book = Book { year, words: &words };
    let mut sheets = vec![book.summary()];
    let optional = [
        book.statistics(),
        book.levels(),
        book.days(),
        book.months(),
        book.stations(),
        book.polluted(),
        book.polluted_by_primary(),
        book.composite(),
        book.targets(),
        book.exclusions(),
    ];
    sheets.extend(optional);
    sheets.extend(year.comparisons.iter().flat_map(|comparison| book.comparison(comparison)));
    sheets.retain(|sheet| !sheet.rows.is_empty());
    sheets.extend([book.rules(), book.sources()]);
    workbook(&book.title(), &year.generated_at, &sheets)
}

/// The data and the words while sheets are laid out.
struct Book<'a> {
    year: &'a AirYear,
    words: &'a Words,
}

impl Book<'_> {
    fn summary(&self) -> Sheet {
        let (year, words) = (self.year, self.words);
        let rules = words.get(if year.rules_in_force { "rules_in_force" } else { "rules_other" });
        let as_of = if year.as_of.is_empty() { words.get("as_of_newest") } else { year.as_of.clone() };
        let marks: Vec<String> = year.marks.iter().map(|mark| words.of(mark)).collect();
        let mut rows = vec![
            self.entry("issuer", Cell::text(words.of(&year.issuer)), ""),
            self.entry("area_code", Cell::text(&year.area), ""),
            self.entry("rules_basis", Cell::text(rules), ""),
            self.entry("as_of", Cell::text(as_of), ""),
            self.entry("issued_at", Cell::text(&year.generated_at), ""),
            self.entry("note", Cell::text(words.join(&marks)), ""),
        ];
        if self.has_data() {
            rows.extend(self.summary_figures());
        } else {
            let values = [("name", words.of(&year.name)), ("year", year.year.to_string())];
            let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
            rows.push(self.entry("no_data", Cell::text(words.fill("no_data_text", &values)), ""));
        }
        let columns = self.columns(&[("field", 30.0), ("content", 52.0), ("unit", 10.0)]);
        let notes = year.notes.iter().chain(&year.statements).map(|note| words.of(note)).collect();
        self.sheet("summary", columns, rows).with_notes(notes)
    }

    fn summary_figures(&self) -> Vec<Vec<Cell>> {
        let days = &self.year.days;
        let unit = self.words.get("day_unit");
        let complete = if days.complete { self.words.get("yes") } else { self.words.get("say_incomplete") };
        vec![
            self.entry("year_days", Cell::count(days.of), &unit),
            self.entry("valid_days", Cell::count(days.valid), &unit),
            self.entry("tile_good", Cell::count(days.good), &unit),
            self.entry("polluted", Cell::count(days.polluted), &unit),
            self.entry("tile_heavy", Cell::count(days.heavy), &unit),
            self.entry("tile_ratio", self.amount(&days.good_ratio), "%"),
            self.entry("tile_last_ratio", self.optional(days.last_good_ratio.as_ref()), "%"),
            self.entry("sufficient", Cell::text(complete), ""),
            self.entry("tile_composite", self.amount(&self.year.composite.value), ""),
        ]
    }

    fn statistics(&self) -> Sheet {
        let words = self.words;
        let verdict = |passes: Option<bool>| match passes {
            Some(true) => Cell::text(words.get("passes")),
            Some(false) => Cell::text(words.get("fails")),
            None => Cell::faint(words.get("undecided")),
        };
        let rows = self.year.statistics.iter().map(|statistic| {
            vec![
                Cell::text(&statistic.id),
                Cell::text(&statistic.symbol),
                Cell::text(words.of(&statistic.name)),
                self.amount(&statistic.value),
                Cell::text(&statistic.unit),
                self.amount(&statistic.limit),
                self.amount(&statistic.exceed),
                verdict(statistic.passes),
                Cell::count(statistic.days),
                Cell::count(statistic.of),
                self.yes_no(statistic.valid),
                self.optional(statistic.all_data.as_ref()),
                self.optional(statistic.last_year.as_ref()),
                Cell::text(statistic.change.clone().unwrap_or_default()),
                Cell::number(&statistic.value.exact),
                self.confidence(statistic.value.confidence),
                Cell::text(words.join(&statistic.clauses)),
            ]
        });
        let columns = self.columns(&[
            ("indicator_id", 20.0),
            ("item", 9.0),
            ("statistic", 34.0),
            ("value", 12.0),
            ("unit", 9.0),
            ("limit", 11.0),
            ("exceed", 10.0),
            ("verdict", 10.0),
            ("valid_days", 10.0),
            ("year_days", 10.0),
            ("sufficient", 10.0),
            ("all_data", 11.0),
            ("last_year", 10.0),
            ("change", 10.0),
            ("exact", 16.0),
            ("confidence", 11.0),
            ("clauses", 42.0),
        ]);
        self.sheet("statistics", columns, rows.collect())
    }

    fn levels(&self) -> Sheet {
        let rows = self.year.levels.iter().map(|level| {
            vec![
                Cell::text(self.words.of(&level.name)).on(&level.colour),
                Cell::text(&level.range),
                Cell::count(level.days),
                self.amount(&level.share),
            ]
        });
        let columns = self.columns(&[("level", 26.0), ("range", 14.0), ("days", 10.0), ("share", 16.0)]);
        let rows = if self.year.days.valid > 0 { rows.collect() } else { Vec::new() };
        self.sheet("levels", columns, rows)
    }

    fn days(&self) -> Sheet {
        let rows = self.year.calendar.iter().map(|day| {
            let mut row = vec![Cell::date(&day.date), self.index(day.aqi, &day.level), self.level(&day.level)];
            row.push(Cell::text(self.words.join(&day.primary)));
            row.extend(self.per_item(&day.values));
            row.push(if day.excluded { self.yes_no(true) } else { Cell::empty() });
            row.push(Cell::faint(self.words.of(&day.note)));
            row
        });
        let mut columns = self.columns(&[("date", 13.0), ("aqi", 9.0), ("level", 24.0), ("primary", 16.0)]);
        columns.extend(self.item_columns());
        columns.extend(self.columns(&[("excluded", 12.0), ("note", 36.0)]));
        self.sheet("daily", columns, rows.collect())
    }

    fn months(&self) -> Sheet {
        let year = self.year;
        let rows = year.months.iter().map(|month| {
            let mut row = vec![
                Cell::count(month.month),
                Cell::count(month.of),
                Cell::count(month.valid),
                Cell::count(month.good),
                self.amount(&month.good_ratio),
            ];
            let cell_at = |list: &[u32], at: usize| list.get(at).map_or_else(Cell::empty, |days| Cell::count(*days));
            row.extend((0..year.levels.len()).map(|at| cell_at(&month.by_level, at)));
            row.extend(self.per_item(&month.values));
            row.extend((0..year.items.len()).map(|at| cell_at(&month.item_days, at)));
            row
        });
        let mut columns = self.columns(&[
            ("month", 8.0),
            ("month_days", 10.0),
            ("valid_days", 10.0),
            ("good", 10.0),
            ("good_ratio", 12.0),
        ]);
        columns.extend(year.levels.iter().map(|level| Column::new(self.words.of(&level.name), 14.0)));
        columns.extend(self.item_columns());
        columns.extend(
            year.items.iter().map(|item| Column::new(self.words.fill("days_of", &[("item", &item.symbol)]), 12.0)),
        );
        self.sheet("months", columns, rows.collect())
    }

    fn stations(&self) -> Sheet {
        let rows = self.year.stations.iter().map(|station| {
            let mut row = vec![
                station.rank.map_or_else(Cell::empty, Cell::count),
                Cell::text(&station.code),
                Cell::text(self.words.of(&station.name)),
                Cell::count(station.valid),
                Cell::count(station.good),
                self.amount(&station.good_ratio),
            ];
            row.extend(self.per_item(&station.values));
            row.push(self.amount(&station.composite));
            row
        });
        let mut columns = self.columns(&[
            ("rank", 8.0),
            ("code", 14.0),
            ("station", 30.0),
            ("valid_days", 10.0),
            ("good", 10.0),
            ("good_ratio", 12.0),
        ]);
        columns.extend(self.item_columns());
        columns.extend(self.columns(&[("composite_short", 12.0)]));
        self.sheet("stations", columns, rows.collect())
    }

    fn polluted(&self) -> Sheet {
        let rows = self.year.polluted.iter().map(|day| {
            vec![
                Cell::date(&day.date),
                self.index(Some(day.aqi), &day.level),
                self.level(&day.level),
                Cell::text(self.words.join(&day.primary)),
                Cell::text(self.words.join(&day.values)),
                if day.excluded { self.yes_no(true) } else { Cell::empty() },
            ]
        });
        let columns = self.columns(&[
            ("date", 13.0),
            ("aqi", 9.0),
            ("level", 24.0),
            ("primary", 18.0),
            ("values", 30.0),
            ("excluded", 12.0),
        ]);
        self.sheet("polluted", columns, rows.collect())
    }

    fn polluted_by_primary(&self) -> Sheet {
        let rows = self.year.polluted_by_primary.iter();
        let rows = rows.map(|count| vec![Cell::text(&count.symbol), Cell::count(count.days)]).collect();
        self.sheet("primary", self.columns(&[("primary", 18.0), ("days", 10.0)]), rows)
    }

    fn composite(&self) -> Sheet {
        let composite = &self.year.composite;
        let parts = composite.parts.iter();
        let mut rows: Vec<Vec<Cell>> = parts
            .map(|part| vec![Cell::text(&part.symbol), self.amount(&part.value), self.amount(&part.share)])
            .collect();
        if composite.value.is_some() || !rows.is_empty() {
            rows.push(vec![Cell::text(self.words.get("total")), self.amount(&composite.value), Cell::empty()]);
        }
        if let Some(last) = &composite.last_year {
            rows.push(vec![Cell::text(self.words.get("last_year")), self.amount(last), Cell::empty()]);
        }
        let columns = self.columns(&[("item", 24.0), ("single_index", 14.0), ("share_percent", 14.0)]);
        let rule = self.words.fill("composite_rule", &[("rule", &self.words.of(&composite.rule))]);
        self.sheet("composite", columns, rows).with_notes(vec![rule])
    }

    fn targets(&self) -> Sheet {
        let rows = self.year.targets.iter().map(|target| {
            vec![
                Cell::text(self.words.of(&target.name)),
                Cell::text(self.words.of(&target.unit)),
                self.amount(&target.value),
                Cell::number(&target.target),
                Cell::text(&target.target_year),
                Cell::text(self.words.of(&target.attribute)),
                Cell::text(self.words.of(&target.state)),
                Cell::text(self.words.of(&target.source)),
            ]
        });
        let columns = self.columns(&[
            ("indicator", 36.0),
            ("unit", 10.0),
            ("this_year", 12.0),
            ("target", 14.0),
            ("target_year", 10.0),
            ("attribute", 12.0),
            ("state", 14.0),
            ("source", 40.0),
        ]);
        self.sheet("targets", columns, rows.collect())
    }

    fn exclusions(&self) -> Sheet {
        let rows = self.year.exclusions.iter().map(|period| {
            let all = period.items.is_empty();
            let items = if all { self.words.get("all_items") } else { self.words.join(&period.items) };
            vec![
                Cell::date(&period.from),
                Cell::date(&period.to),
                Cell::text(items),
                Cell::text(&period.reason),
                Cell::text(&period.document),
            ]
        });
        let columns = self.columns(&[
            ("from_day", 13.0),
            ("to_day", 13.0),
            ("items", 18.0),
            ("reason", 30.0),
            ("document", 50.0),
        ]);
        self.sheet("exclusions", columns, rows.collect()).with_notes(vec![self.words.get("exclusions_text")])
    }

    fn comparison(&self, comparison: &Comparison) -> [Sheet; 2] {
        let words = self.words;
        let two = |first: (&str, f64), widths: [f64; 2]| {
            let mut columns = self.columns(&[first]);
            columns.push(Column::new(&comparison.base, widths[0]));
            columns.push(Column::new(&comparison.other, widths[1]));
            columns
        };
        let unit_column = self.columns(&[("unit", 10.0)]);
        let figures = comparison.figures.iter().map(|figure| {
            let (base, other) = (self.amount(&figure.base), self.amount(&figure.other));
            vec![Cell::text(words.of(&figure.name)), base, other, Cell::text(words.of(&figure.unit))]
        });
        let mut columns = two(("figure_name", 36.0), [20.0, 20.0]);
        columns.extend(unit_column);
        let pair = [("base", comparison.base.as_str()), ("other", comparison.other.as_str())];
        let figures =
            self.sheet("comparison", columns, figures.collect()).with_line(words.fill("comparison_text", &pair));

        let days = comparison.days.iter().map(|day| {
            let index = |aqi: Option<u16>| aqi.map_or_else(Cell::empty, Cell::count);
            vec![
                Cell::date(&day.date),
                index(day.base_aqi),
                index(day.other_aqi),
                Cell::text(words.of(&day.base_level)).on(&day.base_colour),
                Cell::text(words.of(&day.other_level)).on(&day.other_colour),
                Cell::text(words.join(&day.primary)),
            ]
        });
        let mut columns = two(("date", 13.0), [16.0, 16.0]);
        columns.extend(self.columns(&[("base_rules", 24.0), ("other_rules", 24.0), ("primary", 18.0)]));
        let days = self.sheet("comparison_days", columns, days.collect());
        [figures, days.with_line(words.fill("comparison_text", &pair))]
    }

    fn rules(&self) -> Sheet {
        let rows = self.year.rules.iter().map(|rule| {
            vec![
                Cell::text(&rule.number),
                Cell::text(self.words.of(&rule.title)),
                Cell::text(self.words.join(&rule.clauses)),
                Cell::text(&rule.in_force),
                self.confidence(rule.confidence),
                Cell::text(&rule.id),
            ]
        });
        let columns = self.columns(&[
            ("standard_number", 18.0),
            ("standard_title", 46.0),
            ("clauses", 46.0),
            ("in_force", 26.0),
            ("confidence", 12.0),
            ("code", 18.0),
        ]);
        self.sheet("rules", columns, rows.collect()).with_notes(vec![self.words.get("confidence_text")])
    }

    fn sources(&self) -> Sheet {
        let rows = self.year.sources.iter().map(|source| {
            vec![
                Cell::text(&source.file),
                Cell::text(&source.sha256),
                Cell::text(&source.recorded),
                Cell::count(source.rows),
                Cell::text(&source.attribution),
            ]
        });
        let columns = self.columns(&[
            ("file", 44.0),
            ("sha256", 68.0),
            ("recorded", 20.0),
            ("rows", 12.0),
            ("attribution", 50.0),
        ]);
        let statements = self.year.statements.iter().map(|statement| self.words.of(statement)).collect();
        self.sheet("sources", columns, rows.collect()).with_notes(statements)
    }

    // ---- parts of sheets ----

    fn title(&self) -> String {
        let year = self.words.fill("year", &[("year", &self.year.year.to_string())]);
        [self.words.of(&self.year.name), year, self.words.get("title")].join(" ")
    }

    /// A sheet with the title line of the document, its marks, and what the yellow ground means.
    fn sheet(&self, key: &str, columns: Vec<Column>, rows: Vec<Vec<Cell>>) -> Sheet {
        let name = self.words.get(key);
        let mut title = vec![format!("{} · {name}", self.title())];
        let marks: Vec<String> = self.year.marks.iter().map(|mark| self.words.of(mark)).collect();
        if !marks.is_empty() {
            title[0] = format!("【{}】{}", self.words.join(&marks), title[0]);
        }
        if rows.iter().flatten().any(Cell::is_marked) {
            title.push(self.words.get("marked_ground"));
        }
        Sheet { name, title, columns, rows, notes: Vec::new() }
    }

    fn columns(&self, heads: &[(&str, f64)]) -> Vec<Column> {
        heads.iter().map(|(key, width)| Column::new(self.words.get(key), *width)).collect()
    }

    fn item_columns(&self) -> impl Iterator<Item = Column> {
        self.year.items.iter().map(|item| Column::new(format!("{}\n{}", item.symbol, item.unit), 11.0))
    }

    fn per_item(&self, amounts: &[Amount]) -> Vec<Cell> {
        let at = |at: usize| amounts.get(at).map_or_else(Cell::empty, |amount| self.amount(amount));
        (0..self.year.items.len()).map(at).collect()
    }

    fn entry(&self, key: &str, cell: Cell, unit: &str) -> Vec<Cell> {
        vec![Cell::text(self.words.get(key)), cell, Cell::text(unit)]
    }

    fn amount(&self, amount: &Amount) -> Cell {
        Cell::amount(amount, self.words.lang())
    }

    fn optional(&self, amount: Option<&Amount>) -> Cell {
        amount.map_or_else(Cell::empty, |amount| self.amount(amount))
    }

    fn yes_no(&self, yes: bool) -> Cell {
        Cell::text(self.words.get(if yes { "yes" } else { "no" }))
    }

    fn confidence(&self, confidence: Confidence) -> Cell {
        let cell = Cell::text(self.words.get(confidence.code()));
        if confidence == Confidence::Unconfirmed { cell.marked() } else { cell }
    }

    fn level_of(&self, code: &str) -> Option<&Level> {
        self.year.levels.iter().find(|level| level.code == code)
    }

    fn level(&self, code: &str) -> Cell {
        Cell::text(self.level_of(code).map_or_else(|| code.to_string(), |level| self.words.of(&level.name)))
    }

    fn index(&self, aqi: Option<u16>, code: &str) -> Cell {
        let Some(aqi) = aqi else { return Cell::empty() };
        let cell = Cell::count(aqi);
        self.level_of(code).map_or_else(|| cell.clone(), |level| cell.clone().on(&level.colour))
    }

    fn has_data(&self) -> bool {
        self.year.days.valid > 0 || self.year.statistics.iter().any(|statistic| statistic.value.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use crate::sheet::tests::Read;

    #[test]
    fn what_is_read_back_is_what_the_data_say() {
        let year = sample::year();
        let bytes = air_year_xlsx(&year, Lang::Zh).expect("a workbook");
        sample::keep("air-year.xlsx", &bytes);
        let mut read = Read::new(bytes);

        let statistics = read.sheet("年度统计与达标评价");
        let head = statistics.row_of("指标编号");
        assert_eq!(statistics.text(head + 1, 0), "air.pm25.mean");
        assert_eq!(statistics.text(head + 1, 1), "PM₂.₅");
        assert_eq!(statistics.number(head + 1, 3), 38.0);
        assert_eq!(statistics.number(head + 1, 5), 35.0);
        assert_eq!(statistics.number(head + 1, 6), 0.09);
        assert_eq!(statistics.text(head + 1, 7), "超标");
        assert_eq!(statistics.number(head + 1, 11), 41.0);
        assert_eq!(statistics.number(head + 1, 14), 38.4167);
        // No number, but the reason.
        assert_eq!(statistics.text(head + 2, 3), "有效天数不足");
        assert!(statistics.all().contains("模拟"));

        let days = read.sheet("逐日数值");
        let head = days.row_of("日期");
        for (row, day) in (head + 1..).zip(&year.calendar) {
            assert_eq!(days.date(row, 0), day.date);
            match day.aqi {
                Some(aqi) => assert_eq!(days.number(row, 1), f64::from(aqi)),
                None => assert_eq!(days.text(row, 4), "小时不足"),
            }
        }
        let sources = read.sheet("数据来源");
        let head = sources.row_of("文件");
        assert_eq!(sources.number(head + 1, 3), 105_120.0);
        // A text that looks like a formula stays a text.
        assert_eq!(sources.text(head + 1, 4), "=HYPERLINK(\"nowhere\")");
        assert!(read.sheet("评价依据").all().contains("未经确认"));
    }

    #[test]
    fn no_word_is_missing_and_every_sheet_has_a_title() {
        for (lang, summary) in [(Lang::Zh, "摘要"), (Lang::En, "Summary")] {
            let bytes = air_year_xlsx(&sample::year(), lang).expect("a workbook");
            let mut read = Read::new(bytes);
            let names = read.names();
            assert_eq!(names.len(), 15, "{names:?}");
            assert_eq!(names[0], summary);
            for name in names {
                let sheet = read.sheet(&name);
                assert!(sheet.text(0, 0).contains("2023"), "{name}");
                let keys =
                    sheet.texts().filter(|text| text.contains('_') && !text.ends_with(".csv")).collect::<Vec<_>>();
                assert!(keys.is_empty(), "{name}: {keys:?}");
            }
        }
    }

    #[test]
    fn an_empty_year_is_a_workbook_that_says_so() {
        let bytes = air_year_xlsx(&AirYear::default(), Lang::Zh).expect("a workbook");
        let mut read = Read::new(bytes);
        assert_eq!(read.names(), ["摘要", "评价依据", "数据来源"]);
        assert!(read.sheet("摘要").all().contains("没有数据"));
    }
}
