//! UTF-8 with delimiters → rows of cells, streaming, without an allocation per cell.
//!
//! Quoting as in RFC 4180, read leniently: a quote inside of an unquoted cell is itself. Line ends are
//! LF, CRLF or CR. Memory is bounded: a quoted cell and a row have a largest size. A quote that is never
//! closed costs its own line only; reading goes on with the next.

use super::cell::{Cell, Cells, Rows, Step};
use super::decode::Decoder;
use crate::problems::{After, FileFault, RowFault, place};
use std::io;

/// Largest row, in bytes of UTF-8.
pub(crate) const MAX_ROW: usize = 1 << 20;
/// Largest quoted cell, in bytes: so far a quote that is never closed is looked for its end.
const MAX_QUOTED: usize = 1 << 16;
/// How much of a row that is too long is kept for the rejects file.
const KEPT_OF_LONG: usize = 1 << 16;

/// Rows of a text file.
pub(crate) struct TextRows {
    file: String,
    input: Decoder,
    buf: Vec<u8>,
    /// Start of the next row in `buf`.
    at: usize,
    /// Start of the current row in `buf`.
    base: usize,
    ended: bool,
    failure: Option<io::Error>,
    skipping: bool,
    row: u64,
    delimiter: u8,
    most_quoted: usize,
    /// Cells of the header; 0 while there is none.
    width: usize,
    spans: Vec<(u32, u32)>,
    scratch: Vec<u8>,
    in_scratch: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scan {
    Found { len: usize, multiline: bool },
    More,
    Unclosed,
    End,
}

impl TextRows {
    /// Reads the first block.
    pub(crate) fn new(file: String, input: Decoder) -> TextRows {
        let mut rows = TextRows {
            file,
            input,
            buf: Vec::new(),
            at: 0,
            base: 0,
            ended: false,
            failure: None,
            skipping: false,
            row: 0,
            delimiter: b',',
            most_quoted: MAX_QUOTED,
            width: 0,
            spans: Vec::new(),
            scratch: Vec::new(),
            in_scratch: false,
        };
        // A block that is not full may hide an error behind it: find out now, while the header is looked for.
        while !rows.ended && rows.buf.len() < super::decode::BLOCK {
            rows.refill();
        }
        rows
    }

    /// The bytes read so far and not yet passed.
    pub(crate) fn ahead(&self) -> &[u8] {
        &self.buf[self.at..]
    }

    /// Lets a quoted cell be as long as a row, for geometries.
    pub(crate) fn long_cells(&mut self) {
        self.most_quoted = MAX_ROW;
    }

    /// Name of the file.
    pub(crate) fn file(&self) -> &str {
        &self.file
    }

    /// Everything that is left, for a text that is no table of rows; at most `most` bytes.
    pub(crate) fn rest(&mut self, most: usize) -> Result<Vec<u8>, FileFault> {
        let mut all = std::mem::take(&mut self.buf).split_off(self.at);
        self.at = 0;
        while !self.ended && all.len() <= most {
            self.refill();
            all.append(&mut self.buf);
        }
        match self.broken() {
            Some(fault) => Err(fault),
            None if all.len() > most => Err(FileFault::Unreadable(format!("> {} MiB", most >> 20), After::Nothing)),
            None => Ok(all),
        }
    }

    /// Which encoding was found, if it is not UTF-8.
    pub(crate) fn encoding_found(&self) -> Option<&'static str> {
        self.input.found
    }

    /// The first rows as they would be with a delimiter, without passing them.
    pub(crate) fn first_rows(&mut self, delimiter: u8, count: u64) -> Vec<Vec<String>> {
        let (at, row) = (self.at, self.row);
        self.delimiter = delimiter;
        let mut rows = Vec::new();
        while (rows.len() as u64) < count {
            // Only what the buffer holds: a header further down than that is not looked for.
            let text = &self.buf[self.at..];
            let found = match scan(text, self.cut(delimiter), &mut self.spans, &mut self.scratch) {
                (Scan::Unclosed, _) => {
                    let literal = scan_plain(text, self.ended, delimiter, Quotes::Literal, &mut self.spans);
                    (literal.unwrap_or(Scan::More), false)
                }
                found => found,
            };
            let (Scan::Found { len, .. }, in_scratch) = found else { break };
            self.in_scratch = in_scratch;
            self.base = self.at;
            self.at += len;
            rows.push((0..self.count()).map(|column| self.cell(column).text().into_owned()).collect());
        }
        (self.at, self.row) = (at, row);
        rows
    }

    /// Sets the delimiter, and how many cells a row has.
    pub(crate) fn shape(&mut self, delimiter: u8, width: usize) {
        self.delimiter = delimiter;
        self.width = width;
    }

    fn cut(&self, delimiter: u8) -> Cut {
        Cut { ended: self.ended, delimiter, most_quoted: self.most_quoted }
    }

    fn refill(&mut self) {
        self.buf.copy_within(self.at.., 0);
        self.buf.truncate(self.buf.len() - self.at);
        self.at = 0;
        match self.input.fill(&mut self.buf) {
            Ok(more) => self.ended = !more,
            Err(error) => {
                self.failure = Some(error);
                self.ended = true;
            }
        }
    }

    /// Passes the rest of a row that was too long.
    fn skip_line(&mut self) {
        loop {
            match self.buf[self.at..].iter().position(|byte| *byte == b'\n' || *byte == b'\r') {
                Some(end) => {
                    self.at += end + 1;
                    if self.buf[self.at - 1] == b'\r' && self.buf.get(self.at) == Some(&b'\n') {
                        self.at += 1;
                    }
                    return;
                }
                None if self.ended => {
                    self.at = self.buf.len();
                    return;
                }
                None => {
                    self.at = self.buf.len();
                    self.refill();
                }
            }
        }
    }

    /// Takes the physical line at `at` as it stands, quotes and all.
    fn literal(&mut self, fault: RowFault) -> Step {
        loop {
            let text = &self.buf[self.at..];
            match scan_plain(text, self.ended, self.delimiter, Quotes::Literal, &mut self.spans) {
                Some(Scan::Found { len, .. }) => {
                    self.in_scratch = false;
                    self.base = self.at;
                    self.at += len;
                    return Step::Odd(self.row, fault);
                }
                _ if text.len() >= MAX_ROW => return self.too_long(),
                _ => self.refill(),
            }
        }
    }

    fn too_long(&mut self) -> Step {
        self.spans.clear();
        self.spans.push((0, KEPT_OF_LONG.min(self.buf.len() - self.at) as u32));
        self.in_scratch = false;
        self.base = self.at;
        self.skipping = true;
        Step::Odd(self.row, RowFault::TooLong { kept: KEPT_OF_LONG })
    }

    /// What stopped the reading, if something did.
    pub(crate) fn broken(&mut self) -> Option<FileFault> {
        self.failure.take().map(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => FileFault::TruncatedGzip(After::Rows),
            _ => FileFault::Unreadable(error.to_string(), After::Rows),
        })
    }

    fn finish(&mut self) -> Step {
        match self.broken() {
            None => Step::End,
            Some(fault) => {
                let mut place = place(&self.file, "");
                place.row = Some(self.row);
                Step::Broken(Box::new(fault.at(place, "")))
            }
        }
    }
}

impl Cells for TextRows {
    fn count(&self) -> usize {
        self.spans.len()
    }

    #[inline]
    fn cell(&self, column: usize) -> Cell<'_> {
        match self.spans.get(column) {
            None => Cell::Empty,
            Some((from, to)) => {
                let (from, to) = (*from as usize, *to as usize);
                Cell::Text(if self.in_scratch {
                    &self.scratch[from..to]
                } else {
                    &self.buf[self.base + from..self.base + to]
                })
            }
        }
    }
}

impl Rows for TextRows {
    fn step(&mut self) -> Step {
        if std::mem::take(&mut self.skipping) {
            self.skip_line();
        }
        self.row += 1;
        loop {
            let text = &self.buf[self.at..];
            let (found, in_scratch) = scan(text, self.cut(self.delimiter), &mut self.spans, &mut self.scratch);
            match found {
                Scan::Found { multiline, .. } if multiline && self.width > 0 && self.spans.len() != self.width => {
                    return self.literal(RowFault::UnterminatedQuote);
                }
                Scan::Found { len, .. } => {
                    let cut_off = self.failure.is_some() && self.at + len == self.buf.len() && !ends_line(text);
                    self.in_scratch = in_scratch;
                    self.base = self.at;
                    self.at += len;
                    return if cut_off { Step::Odd(self.row, RowFault::CutOff) } else { Step::Row(self.row) };
                }
                Scan::Unclosed => return self.literal(RowFault::UnterminatedQuote),
                Scan::End => {
                    self.spans.clear();
                    return self.finish();
                }
                Scan::More if text.len() >= MAX_ROW => return self.too_long(),
                Scan::More => self.refill(),
            }
        }
    }
}

fn ends_line(text: &[u8]) -> bool {
    matches!(text.last(), Some(b'\n' | b'\r'))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Quotes {
    Special,
    Literal,
}

/// How rows are cut into cells.
#[derive(Clone, Copy)]
struct Cut {
    /// Whether there is nothing behind the text.
    ended: bool,
    delimiter: u8,
    most_quoted: usize,
}

/// One row: the spans of its cells in `text`, or in `scratch` (second result) if there are quotes.
fn scan(text: &[u8], cut: Cut, spans: &mut Vec<(u32, u32)>, scratch: &mut Vec<u8>) -> (Scan, bool) {
    match scan_plain(text, cut.ended, cut.delimiter, Quotes::Special, spans) {
        Some(found) => (found, false),
        None => (scan_quoted(text, cut, spans, scratch), true),
    }
}

/// A row without quotes; `None` when a cell begins with one and they are special.
#[inline]
fn scan_plain(text: &[u8], ended: bool, delimiter: u8, quotes: Quotes, spans: &mut Vec<(u32, u32)>) -> Option<Scan> {
    spans.clear();
    let mut start = 0;
    for (index, &byte) in text.iter().enumerate() {
        // Digits, letters and all of non-ASCII are above every special byte but `|`.
        if byte > b',' && byte != delimiter {
            continue;
        }
        if byte == delimiter {
            spans.push((start as u32, index as u32));
            start = index + 1;
        } else if byte == b'\n' || byte == b'\r' {
            spans.push((start as u32, index as u32));
            let len = match (byte, text.get(index + 1)) {
                (b'\r', Some(b'\n')) => index + 2,
                (b'\r', None) if !ended => return Some(Scan::More),
                _ => index + 1,
            };
            return Some(Scan::Found { len, multiline: false });
        } else if byte == b'"' && index == start && quotes == Quotes::Special {
            return None;
        }
    }
    if !ended {
        return Some(Scan::More);
    }
    if text.is_empty() {
        return Some(Scan::End);
    }
    spans.push((start as u32, text.len() as u32));
    Some(Scan::Found { len: text.len(), multiline: false })
}

fn scan_quoted(text: &[u8], cut: Cut, spans: &mut Vec<(u32, u32)>, scratch: &mut Vec<u8>) -> Scan {
    let Cut { ended, delimiter, .. } = cut;
    spans.clear();
    scratch.clear();
    let mut at = 0;
    let mut multiline = false;
    loop {
        let start = scratch.len() as u32;
        if text.get(at) == Some(&b'"') {
            match quoted_cell(&text[at + 1..], cut, scratch) {
                Ok(len) => {
                    multiline |= scratch[start as usize..].contains(&b'\n');
                    at += 1 + len;
                }
                Err(stop) => return stop,
            }
        }
        loop {
            match text.get(at) {
                None if !ended => return Scan::More,
                None => {
                    spans.push((start, scratch.len() as u32));
                    return Scan::Found { len: at, multiline };
                }
                Some(byte) if *byte == delimiter => {
                    spans.push((start, scratch.len() as u32));
                    at += 1;
                    break;
                }
                Some(b'\r') if at + 1 == text.len() && !ended => return Scan::More,
                Some(b'\n' | b'\r') => {
                    spans.push((start, scratch.len() as u32));
                    let pair = text[at] == b'\r' && text.get(at + 1) == Some(&b'\n');
                    return Scan::Found { len: at + 1 + usize::from(pair), multiline };
                }
                Some(byte) => {
                    scratch.push(*byte);
                    at += 1;
                }
            }
        }
    }
}

/// The content of a quoted cell into `scratch`; how many bytes it took, its closing quote included.
fn quoted_cell(text: &[u8], cut: Cut, scratch: &mut Vec<u8>) -> Result<usize, Scan> {
    let mut at = 0;
    loop {
        if at > cut.most_quoted {
            return Err(Scan::Unclosed);
        }
        match text.get(at) {
            None => return Err(if cut.ended { Scan::Unclosed } else { Scan::More }),
            Some(b'"') if text.get(at + 1) == Some(&b'"') => {
                scratch.push(b'"');
                at += 2;
            }
            Some(b'"') if at + 1 == text.len() && !cut.ended => return Err(Scan::More),
            Some(b'"') => return Ok(at + 1),
            Some(byte) => {
                scratch.push(*byte);
                at += 1;
            }
        }
    }
}
