//! Frames sent → the truth file, and back. Written by the player beside what it sends, read by `compare`.
//!
//! CSV with one line a frame sent, in the order planned, packed when the name ends in `.gz`. Columns:
//!
//! | column | what |
//! |---|---|
//! | `time` | simulated moment of sending, `YYYYMMDDhhmmsszzz` in UTC+8 |
//! | `mn` | device code |
//! | `generation` | `2005`, `2017`, `2025` |
//! | `cn` | command |
//! | `cadence` | `realtime`, `minute`, `hour`, `day` |
//! | `data_time` | `DataTime`, `YYYYMMDDhhmmss` |
//! | `pnum`, `pno` | number of parts, and which part |
//! | `qn` | QN as sent, or as it would be if it were there |
//! | `expected` | `held`, `late`, `resent`, `malformed` |
//! | `kind` | how it is spoilt, empty when it is not |
//! | `keeps` | `yes` when its values are to be held, else empty |
//! | `raw` | digest of the bytes of a spoilt frame from `##` to the CRC, FNV-1a in hexadecimal digits |
//! | `items` | items joined by `;`: code of HJ 212-2017, then values, each with the letter of what it is: `r` Rtd, `i` Min, `a` Avg, `x` Max, `c` Cou, `R` `I` `A` `X` the same of Zs, `f` flag |

use crate::city::City;
use crate::error::SimulatorError;
use crate::frame::{Expected, Frame, command};
use crate::message::{push_seconds, qn};
use domain::Instant;
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;

/// First line of a truth file.
pub const HEADER: &str = "time,mn,generation,cn,cadence,data_time,pnum,pno,qn,expected,kind,keeps,raw,items";
const COLUMNS: usize = 14;

/// Writes a truth file.
pub struct TruthWriter {
    out: Box<dyn Write + Send>,
    line: String,
}

/// Reads a truth file line by line.
pub struct TruthReader<R> {
    lines: R,
    line: u64,
    text: String,
}

/// One line of a truth file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TruthRow<'a> {
    /// Device code.
    pub mn: &'a str,
    /// `realtime`, `minute`, `hour`, `day`.
    pub cadence: &'a str,
    /// `YYYYMMDDhhmmss`.
    pub data_time: &'a str,
    /// `(PNUM, PNO)`.
    pub part: (u32, u32),
    /// QN.
    pub qn: &'a str,
    /// `held`, `late`, `resent`, `malformed`.
    pub expected: &'a str,
    /// How it is spoilt.
    pub kind: &'a str,
    /// Whether its values are to be held.
    pub keeps: bool,
    /// Digest of the raw frame.
    pub raw: u64,
    /// Items.
    pub items: &'a str,
}

impl std::fmt::Debug for TruthWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TruthWriter").finish_non_exhaustive()
    }
}

impl<R> std::fmt::Debug for TruthReader<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TruthReader").field("line", &self.line).finish_non_exhaustive()
    }
}

impl TruthWriter {
    /// Makes a file, packed when its name ends in `.gz`.
    pub fn create(path: &Path) -> Result<TruthWriter, SimulatorError> {
        let file = File::create(path).map_err(|error| SimulatorError::file(path, error))?;
        let packed = path.extension().is_some_and(|ending| ending == "gz");
        let writer = match packed {
            true => TruthWriter::new(BufWriter::new(GzEncoder::new(file, Compression::fast()))),
            false => TruthWriter::new(BufWriter::with_capacity(1 << 16, file)),
        };
        writer.map_err(|error| SimulatorError::file(path, error))
    }

    /// Writes to anything, beginning with the header.
    pub fn new(out: impl Write + Send + 'static) -> std::io::Result<TruthWriter> {
        let mut out: Box<dyn Write + Send> = Box::new(out);
        writeln!(out, "{HEADER}")?;
        Ok(TruthWriter { out, line: String::new() })
    }

    /// Adds a frame.
    pub fn frame(&mut self, city: &City, time: Instant, frame: &Frame) -> std::io::Result<()> {
        let device = &city.devices[frame.device];
        let line = &mut self.line;
        line.clear();
        line.push_str(&qn(time));
        for field in [&device.mn, device.generation.code(), command(frame.cadence), frame.cadence.code()] {
            line.push(',');
            line.push_str(field);
        }
        line.push(',');
        push_seconds(line, frame.data_time);
        line.push_str(&format!(",{},{},{},{},", frame.part.0, frame.part.1, frame.qn, frame.expected.code()));
        if let Expected::Malformed(kind) = frame.expected {
            line.push_str(kind.code());
        }
        line.push_str(if frame.held { ",yes," } else { ",," });
        line.push_str(&format!("{:016x},", frame.raw));
        line.push_str(&frame.items);
        line.push('\n');
        self.out.write_all(line.as_bytes())
    }

    /// Brings everything to the file.
    pub fn finish(mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}

impl TruthReader<Box<dyn BufRead>> {
    /// Opens a file, packed or not.
    pub fn open(path: &Path) -> Result<TruthReader<Box<dyn BufRead>>, SimulatorError> {
        let file = File::open(path).map_err(|error| SimulatorError::file(path, error))?;
        let packed = path.extension().is_some_and(|ending| ending == "gz");
        let bytes: Box<dyn Read> =
            if packed { Box::new(MultiGzDecoder::new(BufReader::new(file))) } else { Box::new(file) };
        Ok(TruthReader::new(Box::new(BufReader::with_capacity(1 << 16, bytes))))
    }
}

impl<R: BufRead> TruthReader<R> {
    /// Reads from anything.
    pub fn new(lines: R) -> TruthReader<R> {
        TruthReader { lines, line: 0, text: String::new() }
    }

    /// The next line; `None` at the end.
    pub fn next_row(&mut self) -> Result<Option<TruthRow<'_>>, SimulatorError> {
        loop {
            self.text.clear();
            self.line += 1;
            let line = self.line;
            let read = self.lines.read_line(&mut self.text);
            if read.map_err(|error| SimulatorError::Truth { line, what: error.to_string() })? == 0 {
                return Ok(None);
            }
            let head = line == 1;
            if head && self.text.trim_end() != HEADER {
                let what = "the header is another one; this is no truth file of this version".to_string();
                return Err(SimulatorError::Truth { line, what });
            }
            if !head {
                break;
            }
        }
        row(self.text.trim_end_matches(['\r', '\n']))
            .map(Some)
            .map_err(|what| SimulatorError::Truth { line: self.line, what })
    }
}

fn row(text: &str) -> Result<TruthRow<'_>, String> {
    let mut fields = [""; COLUMNS];
    let mut count = 0;
    for (field, place) in text.splitn(COLUMNS, ',').zip(&mut fields) {
        *place = field;
        count += 1;
    }
    if count < COLUMNS {
        return Err(format!("{count} columns where {COLUMNS} should be"));
    }
    let [_, mn, _, _, cadence, data_time, pnum, pno, qn, expected, kind, keeps, raw, items] = fields;
    let number = |text: &str| text.parse::<u32>().map_err(|_| format!("{text:?} is no number of a part"));
    let raw = u64::from_str_radix(raw, 16).map_err(|_| format!("{raw:?} is no digest"))?;
    let part = (number(pnum)?, number(pno)?);
    Ok(TruthRow { mn, cadence, data_time, part, qn, expected, kind, keeps: keeps == "yes", raw, items })
}
