//! A source and a mapping → [`Chunks`] ready to read: format, encoding, delimiter, sheet and header found,
//! or the one problem that makes the whole file unreadable.

use super::bind::{BindFault, Plan, What, bind, nearest_column};
use super::bytes::{Gzip, Kind, kind, kind_of, stream};
use super::cell::Rows;
use super::columnar::ParquetRows;
use super::decode::Decoder;
use super::features;
use super::ledger::Ledger;
use super::readings::ReadingMaker;
use super::records::RecordMaker;
use super::sheet::{Old, SheetRows, Workbook};
use super::text::TextRows;
use super::{Chunks, Maker, Reader};
use crate::mapping::{Body, Format};
use crate::problems::{After, FileFault, folded, place};
use crate::{Context, Mapping, Source};
use domain::{Place, Problem};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

/// A header that the mapping fits.
struct Found {
    plan: Plan,
    header: Vec<String>,
    /// Its row, from 1.
    row: u64,
}

/// A row that could have been the header.
struct Miss {
    found: usize,
    row: u64,
    lacking: Vec<String>,
    header: Vec<String>,
}

/// What was tried and did not fit; the nearest miss is told.
#[derive(Default)]
struct Misses {
    best: Option<Miss>,
}

/// Opens a file by a mapping. The error is what makes the whole file unreadable.
#[expect(clippy::result_large_err, reason = "once a file, and callers keep the problem as it is")]
pub fn open(source: Source, mapping: &Mapping, context: &Context) -> Result<Chunks, Problem> {
    let name = source.name.clone();
    open_any(source, mapping, context).map_err(|(fault, sheet)| fault.at(place(&name, &sheet), ""))
}

type Failed = (FileFault, String);

fn open_any(mut source: Source, mapping: &Mapping, context: &Context) -> Result<Chunks, Failed> {
    let found =
        kind(source.data.as_mut()).map_err(|error| whole(FileFault::Unreadable(error.to_string(), After::Nothing)))?;
    match found {
        Kind::Empty => Err(whole(FileFault::Empty)),
        Kind::Other(kind) => Err(whole(FileFault::NotText(kind))),
        Kind::Gzip => open_text(source, Gzip::Yes, mapping, context),
        Kind::Known(Format::Csv) => {
            // A CSV is read whatever it is called; what cannot be read as one is told by what its name promises.
            let workbook = named_as_workbook(&source.name);
            open_text(source, Gzip::No, mapping, context).map_err(|(fault, sheet)| match fault {
                FileFault::WrongDelimiter { .. }
                | FileFault::MissingColumns { .. }
                | FileFault::NoHeader { .. }
                | FileFault::NotText(_)
                | FileFault::WrongFormat { .. }
                    if workbook =>
                {
                    (FileFault::NotAWorkbook, sheet)
                }
                other => (other, sheet),
            })
        }
        Kind::Known(Format::Xlsx) => open_workbook(source, Old::No, mapping, context),
        Kind::Xls => open_workbook(source, Old::Yes, mapping, context),
        Kind::Known(Format::GeoJson) => open_text(source, Gzip::No, mapping, context),
        Kind::Known(Format::Parquet) => open_parquet(source, mapping, context),
    }
}

fn named_as_workbook(name: &str) -> bool {
    let extension = std::path::Path::new(name).extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| ["xlsx", "xls", "xlsm"].iter().any(|known| extension.eq_ignore_ascii_case(known)))
}

fn whole(fault: FileFault) -> Failed {
    (fault, String::new())
}

fn accept(format: Format, found: &'static str, mapping: &Mapping) -> Result<(), Failed> {
    if mapping.form.formats.contains(&format) {
        return Ok(());
    }
    Err(whole(FileFault::WrongFormat { found, accepted: mapping.formats.join(", ") }))
}

fn open_text(source: Source, gzip: Gzip, mapping: &Mapping, context: &Context) -> Result<Chunks, Failed> {
    let name = source.name.clone();
    let (bytes, count) = stream(source, gzip);
    let mut rows = TextRows::new(name.clone(), Decoder::new(bytes, mapping.form.encoding));
    if mapping.form.body.has_geometry() {
        rows.long_cells();
    }
    check_text(&mut rows, gzip)?;
    let json = is_json(rows.ahead());
    if json && mapping.form.formats.contains(&Format::GeoJson) {
        return open_features(rows, count, mapping, context);
    }
    accept(Format::Csv, if json { "JSON" } else { "CSV" }, mapping)?;
    let mut misses = Misses::default();
    for delimiter in &mapping.form.delimiters {
        let first = rows.first_rows(*delimiter, mapping.form.header_within + mapping.form.header_rows - 1);
        if let Some(found) = misses.try_rows(first, mapping, context).map_err(whole)? {
            rows.shape(*delimiter, 0);
            skip(&mut rows, found.row);
            rows.shape(*delimiter, found.header.len());
            return Ok(chunks((Reader::Text(Box::new(rows)), count), found, place(&name, ""), mapping, context));
        }
    }
    let accepted = || mapping.formats.join(", ");
    Err(whole(match rows.broken() {
        Some(broken) => broken.before_rows(),
        None if json => FileFault::WrongFormat { found: "JSON", accepted: accepted() },
        None => misses.fault(mapping),
    }))
}

/// Whether a text begins as an object of JSON does.
fn is_json(ahead: &[u8]) -> bool {
    let mut marks = ahead.iter().filter(|byte| !byte.is_ascii_whitespace());
    marks.next() == Some(&b'{') && matches!(marks.next(), None | Some(b'"' | b'}'))
}

fn open_features(
    mut rows: TextRows,
    count: Arc<AtomicU64>,
    mapping: &Mapping,
    context: &Context,
) -> Result<Chunks, Failed> {
    let at = place(rows.file(), "");
    let bytes = rows.rest(features::MAX_FILE).map_err(|fault| whole(fault.before_rows()))?;
    let text = String::from_utf8_lossy(&bytes);
    let (header, rows) = features::features(&text).map_err(whole)?;
    let mut misses = Misses::default();
    match misses.try_rows(vec![header], mapping, context).map_err(whole)? {
        Some(found) => Ok(chunks((Reader::Features(Box::new(rows)), count), found, at, mapping, context)),
        None => Err(whole(misses.fault(mapping))),
    }
}

/// Whether there is anything, and whether it is text.
fn check_text(rows: &mut TextRows, gzip: Gzip) -> Result<(), Failed> {
    let ahead = rows.ahead();
    if ahead.is_empty() {
        return Err(whole(rows.broken().map_or(FileFault::Empty, FileFault::before_rows)));
    }
    let inner = match kind_of(&ahead[..ahead.len().min(8)]) {
        Kind::Known(Format::Csv | Format::GeoJson) | Kind::Empty => None,
        Kind::Gzip => Some("gzip inside of gzip"),
        Kind::Known(Format::Parquet) => Some("Parquet inside of gzip"),
        Kind::Known(Format::Xlsx) | Kind::Xls => Some("a workbook inside of gzip"),
        Kind::Other(kind) => Some(kind),
    };
    if let (Some(kind), Gzip::Yes) = (inner, gzip) {
        return Err(whole(FileFault::NotText(kind)));
    }
    if ahead[..ahead.len().min(4096)].contains(&0) {
        return Err(whole(FileFault::NotText("binary data")));
    }
    if ahead.iter().all(u8::is_ascii_whitespace) && ahead.len() < super::decode::BLOCK {
        return Err(whole(FileFault::Empty));
    }
    Ok(())
}

fn skip(rows: &mut impl Rows, count: u64) {
    for _ in 0..count {
        rows.step();
    }
}

fn open_workbook(source: Source, old: Old, mapping: &Mapping, context: &Context) -> Result<Chunks, Failed> {
    let zip_other = if old == Old::Yes { "XLS" } else { "XLSX / ZIP" };
    accept(Format::Xlsx, zip_other, mapping)?;
    let Source { name, len, data } = source;
    let workbook = Workbook::open(data, old, &mapping.form.sheets).map_err(whole)?;
    let mut misses = Misses::default();
    if workbook.sheets.iter().all(|(_, range)| range.is_empty()) {
        let names: Vec<&str> = workbook.sheets.iter().map(|(name, _)| name.as_str()).collect();
        return Err(whole(FileFault::EmptySheet(names.join(", "))));
    }
    for (sheet, range) in workbook.sheets {
        let mut rows = SheetRows::new(range);
        let first = rows.first_rows(mapping.form.header_within + mapping.form.header_rows - 1);
        let tried = misses.try_rows(first, mapping, context).map_err(|fault| (fault, sheet.clone()))?;
        let Some(found) = tried else { continue };
        skip(&mut rows, found.row);
        let count = Arc::new(AtomicU64::new(len));
        return Ok(chunks((Reader::Sheet(Box::new(rows)), count), found, place(&name, &sheet), mapping, context));
    }
    Err(whole(misses.fault(mapping)))
}

fn open_parquet(source: Source, mapping: &Mapping, context: &Context) -> Result<Chunks, Failed> {
    accept(Format::Parquet, "Parquet", mapping)?;
    let Source { name, len, data } = source;
    let count = Arc::new(AtomicU64::new(0));
    let (rows, header) = ParquetRows::open(name.clone(), data, len, Arc::clone(&count)).map_err(whole)?;
    let mut misses = Misses::default();
    match misses.try_rows(vec![header], mapping, context).map_err(whole)? {
        Some(found) => Ok(chunks((Reader::Columns(Box::new(rows)), count), found, place(&name, ""), mapping, context)),
        None => Err(whole(misses.fault(mapping))),
    }
}

impl Misses {
    /// Tries each row as the header.
    fn try_rows(
        &mut self,
        rows: Vec<Vec<String>>,
        mapping: &Mapping,
        context: &Context,
    ) -> Result<Option<Found>, FileFault> {
        let tall = mapping.form.header_rows as usize;
        let names: BTreeSet<String> = match tall {
            1 => BTreeSet::new(),
            _ => mapping.form.body.column_names().into_iter().map(folded).collect(),
        };
        // pH is both an item and a unit: below a group's title it is the item.
        let is_unit = |text: &str| context.units.get(text).is_ok() && !names.contains(&folded(text));
        let mut best: Option<Found> = None;
        let mut fatal = None;
        let mut until = rows.len().min(mapping.form.header_within as usize);
        let mut index = 0;
        while index < until {
            for last in index + 1..=rows.len().min(index + tall) {
                let header = merged(&rows[index..last], is_unit);
                match bind(&header, mapping, context) {
                    Ok(plan) => {
                        // A title above may have been taken for the top of the header: look that much further.
                        until = until.min(index + tall);
                        // The rows that make the most columns known, then the most units, are the header; of
                        // equals, the first and fewest.
                        if best.as_ref().is_none_or(|best| plan.used > best.plan.used) {
                            best = Some(Found { plan, header, row: last as u64 });
                        }
                    }
                    Err(BindFault::Fatal(fault)) => {
                        fatal.get_or_insert(fault);
                    }
                    Err(BindFault::Lacking(lacking, found)) => {
                        self.note(Miss { found, row: last as u64, lacking, header });
                    }
                }
            }
            index += 1;
        }
        match (best, fatal) {
            (Some(best), _) => Ok(Some(best)),
            (None, Some(fatal)) => Err(fatal),
            (None, None) => Ok(None),
        }
    }

    /// Keeps the nearest miss.
    fn note(&mut self, miss: Miss) {
        let blank = miss.header.iter().all(|name| name.trim().is_empty());
        let better = self.best.as_ref().is_none_or(|best| {
            let wider = best.header.len() <= 1 && miss.header.len() > best.header.len();
            miss.found > best.found || (miss.found == best.found && wider)
        });
        if better && !blank {
            self.best = Some(miss);
        }
    }

    fn fault(self, mapping: &Mapping) -> FileFault {
        let delimiter = |byte: &u8| if *byte == b'\t' { "Tab".to_string() } else { format!("`{}`", *byte as char) };
        match self.best {
            Some(Miss { row, lacking, header, .. }) if header.len() == 1 && lacking.len() > 1 => {
                FileFault::WrongDelimiter {
                    row,
                    found: crate::problems::quoted(&header[0]),
                    expected: lacking.join(", "),
                    accepted: mapping.form.delimiters.iter().map(delimiter).collect::<Vec<_>>().join(" "),
                }
            }
            Some(Miss { row, lacking, header, .. }) => {
                let mut found: Vec<String> = header.iter().take(60).map(|name| crate::problems::quoted(name)).collect();
                if header.len() > found.len() {
                    found.push(format!("… ({})", header.len()));
                }
                FileFault::MissingColumns { row, lacking: lacking.join(", "), found: found.join(", ") }
            }
            None => FileFault::NoHeader { rows: mapping.form.header_within, columns: mapping.columns.join(", ") },
        }
    }
}

/// A header over several rows as one: in each column the lowest text stands, and a unit alone goes in brackets
/// behind the name above it. Merged cells hold their text in the first of them, so that a group's title gives
/// way to the names below it.
fn merged(rows: &[Vec<String>], is_unit: impl Fn(&str) -> bool) -> Vec<String> {
    if let [row] = rows {
        return row.clone();
    }
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let cell = |row: &Vec<String>, column: usize| row.get(column).map_or("", |text| text.trim()).to_string();
    let column = |column: usize| {
        rows.iter().fold(String::new(), |above, row| match cell(row, column) {
            text if text.is_empty() => above,
            text if !above.is_empty() && is_unit(&text) => format!("{above}({text})"),
            text => text,
        })
    };
    (0..width).map(column).collect()
}

fn chunks(
    (rows, bytes): (Reader, Arc<AtomicU64>),
    found: Found,
    at: Place,
    mapping: &Mapping,
    context: &Context,
) -> Chunks {
    let width = found.header.len();
    let mut ledger = Ledger::new(at, found.header);
    for column in &found.plan.unknown {
        ledger.file(FileFault::UnknownColumn { near: nearest_column(column, &mapping.form) }, column);
    }
    let missing = &mapping.form.missing;
    let maker = match (found.plan.what, &mapping.form.body) {
        (What::Readings(plan), Body::Observations(body)) => {
            Maker::Readings(Box::new(ReadingMaker::new(*plan, body, missing, context)))
        }
        (What::Records(plan), _) => Maker::Records(Box::new(RecordMaker::new(plan, missing, context))),
        (What::Readings(_), Body::Records(_)) => unreachable!("a plan has the kind of its mapping's body"),
    };
    Chunks { rows, maker, ledger, width, bytes, blank: 0, read: 0, done: false }
}
