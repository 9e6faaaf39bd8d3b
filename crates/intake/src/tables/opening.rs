//! A source and a mapping → [`Chunks`] ready to read: format, encoding, delimiter, sheet and header found,
//! or the one problem that makes the whole file unreadable.

use super::bind::{BindFault, Plan, What, bind};
use super::bytes::{Gzip, Kind, kind, kind_of, stream};
use super::cell::Rows;
use super::columnar::ParquetRows;
use super::decode::Decoder;
use super::ledger::Ledger;
use super::readings::ReadingMaker;
use super::records::RecordMaker;
use super::sheet::{Old, SheetRows, Workbook};
use super::text::TextRows;
use super::{Chunks, Maker, Reader};
use crate::mapping::{Body, Format};
use crate::problems::{After, FileFault, place};
use crate::{Context, Mapping, Source};
use domain::{Place, Problem};
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
    check_text(&mut rows, gzip)?;
    accept(Format::Csv, "CSV", mapping)?;
    let mut misses = Misses::default();
    for delimiter in &mapping.form.delimiters {
        let first = rows.first_rows(*delimiter, mapping.form.header_within);
        if let Some(found) = misses.try_rows(first, mapping, context).map_err(whole)? {
            rows.shape(*delimiter, 0);
            skip(&mut rows, found.row);
            rows.shape(*delimiter, found.header.len());
            return Ok(chunks((Reader::Text(Box::new(rows)), count), found, place(&name, ""), mapping, context));
        }
    }
    Err(whole(rows.broken().map_or_else(|| misses.fault(mapping), FileFault::before_rows)))
}

/// Whether there is anything, and whether it is text.
fn check_text(rows: &mut TextRows, gzip: Gzip) -> Result<(), Failed> {
    let ahead = rows.ahead();
    if ahead.is_empty() {
        return Err(whole(rows.broken().map_or(FileFault::Empty, FileFault::before_rows)));
    }
    let inner = match kind_of(&ahead[..ahead.len().min(8)]) {
        Kind::Known(Format::Csv) | Kind::Empty => None,
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
        let first = rows.first_rows(mapping.form.header_within);
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
        for (index, header) in rows.into_iter().enumerate() {
            match bind(&header, mapping, context) {
                Ok(plan) => return Ok(Some(Found { plan, header, row: index as u64 + 1 })),
                Err(BindFault::Fatal(fault)) => return Err(fault),
                Err(BindFault::Lacking(lacking, found)) => {
                    let blank = header.iter().all(|name| name.trim().is_empty());
                    let better = self.best.as_ref().is_none_or(|best| {
                        let wider = best.header.len() <= 1 && header.len() > best.header.len();
                        found > best.found || (found == best.found && wider)
                    });
                    if better && !blank {
                        self.best = Some(Miss { found, row: index as u64 + 1, lacking, header });
                    }
                }
            }
        }
        Ok(None)
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
        ledger.file(FileFault::UnknownColumn, column);
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
