//! A frame and its row: texts as numbers, words as numbers, and back.

use crate::error::StoreError;
use crate::frame::{Frame, Source, Verdict};
use crate::sqlite::Reader;
use domain::{Cadence, FrameId, Instant};
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, Row, ToSql};
use std::collections::HashMap;

/// Columns in the order in which [`read`] takes them.
pub(super) const COLUMNS: &str = "f.id, f.received, f.connection, f.host, f.port, f.source, f.mn, f.st, f.cn, f.qn, \
                                  f.cadence, f.data_time, f.pnum, f.pno, f.verdict, f.deviations, f.raw";
/// Longest number of digits that is surely a number of SQLite.
const QN_DIGITS: usize = 18;

/// A request number: digits as a number, anything else as it is.
pub(super) enum Qn<'a> {
    Number(i64),
    Text(&'a str),
}

impl ToSql for Qn<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Qn::Number(number) => ToSqlOutput::Owned(Value::Integer(*number)),
            Qn::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
        })
    }
}

pub(super) fn qn_value(qn: &str) -> Qn<'_> {
    let plain = (1..=QN_DIGITS).contains(&qn.len()) && !qn.starts_with('0') && qn.bytes().all(|b| b.is_ascii_digit());
    match qn.parse() {
        Ok(number) if plain => Qn::Number(number),
        _ => Qn::Text(qn),
    }
}

/// `host:port` apart, because ports are many and hosts few; `None` when it would not come back the same.
pub(super) fn split_peer(peer: &str) -> (&str, Option<u16>) {
    let Some((host, port)) = peer.rsplit_once(':') else { return (peer, None) };
    match port.parse::<u16>() {
        Ok(number) if number.to_string() == port => (host, Some(number)),
        _ => (peer, None),
    }
}

pub(super) fn cadence_number(cadence: Cadence) -> u8 {
    match cadence {
        Cadence::RealTime => 0,
        Cadence::Minute => 1,
        Cadence::Hour => 2,
        Cadence::Day => 3,
    }
}

pub(super) fn verdict_number(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Conforms => 0,
        Verdict::Deviates => 1,
        Verdict::Broken => 2,
    }
}

/// Back from its number.
pub(super) fn verdict_of(number: u8) -> Verdict {
    Verdict::ALL.get(usize::from(number)).copied().unwrap_or(Verdict::Broken)
}

pub(super) fn source_number(source: Source) -> u8 {
    match source {
        Source::Hj212 => 0,
        Source::Mqtt => 1,
    }
}

/// The number of a text, given one if it has none yet.
pub(super) fn text_number(
    connection: &Connection,
    known: &mut HashMap<String, i64>,
    text: &str,
) -> rusqlite::Result<i64> {
    if let Some(number) = known.get(text) {
        return Ok(*number);
    }
    let mut find = connection.prepare_cached("SELECT id FROM texts WHERE text = ?")?;
    let mut rows = find.query([text])?;
    let number = match rows.next()? {
        Some(row) => row.get(0)?,
        None => {
            connection.prepare_cached("INSERT INTO texts (text) VALUES (?)")?.execute([text])?;
            connection.last_insert_rowid()
        }
    };
    known.insert(text.to_string(), number);
    Ok(number)
}

/// Frames by their numbers, in the order in which these are given.
pub(super) fn by_ids(reader: &mut Reader, ids: &[i64]) -> Result<Vec<Frame>, StoreError> {
    by_ids_where(reader, ids, "true")
}

/// The same, only those that fit `terms` about `f`.
pub(super) fn by_ids_where(reader: &mut Reader, ids: &[i64], terms: &str) -> Result<Vec<Frame>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let list: Vec<String> = ids.iter().map(i64::to_string).collect();
    let list = format!("[{}]", list.join(","));
    let statement =
        format!("SELECT {COLUMNS} FROM json_each(?) AS j CROSS JOIN frames AS f ON f.id = j.value WHERE {terms}");
    read(reader, &statement, &[&list])
}

/// Frames of a statement that selects [`COLUMNS`].
pub(super) fn read(reader: &mut Reader, statement: &str, values: &[&dyn ToSql]) -> Result<Vec<Frame>, StoreError> {
    let path = reader.path.clone();
    let sql = StoreError::sql(&path);
    let rows: Vec<(Frame, Texts)> = {
        let mut statement = reader.connection.prepare_cached(statement).map_err(&sql)?;
        let rows = statement.query_map(values, row).map_err(&sql)?;
        rows.collect::<Result<_, _>>().map_err(&sql)?
    };
    rows.into_iter().map(|(frame, texts)| texts.fill(frame, reader)).collect()
}

/// Numbers of the texts of a row.
struct Texts {
    host: i64,
    port: Option<u16>,
    mn: i64,
    st: i64,
    cn: i64,
    deviations: Option<i64>,
}

impl Texts {
    fn fill(self, mut frame: Frame, reader: &mut Reader) -> Result<Frame, StoreError> {
        let host = reader.text(self.host)?;
        frame.peer = match self.port {
            Some(port) => format!("{host}:{port}"),
            None => host.to_string(),
        };
        frame.mn = reader.text(self.mn)?.to_string();
        frame.st = reader.text(self.st)?.to_string();
        frame.cn = reader.text(self.cn)?.to_string();
        if let Some(deviations) = self.deviations {
            frame.deviations = reader.text(deviations)?.split(' ').map(str::to_string).collect();
        }
        Ok(frame)
    }
}

fn row(row: &Row<'_>) -> rusqlite::Result<(Frame, Texts)> {
    let texts = Texts {
        host: row.get(3)?,
        port: row.get(4)?,
        mn: row.get(6)?,
        st: row.get(7)?,
        cn: row.get(8)?,
        deviations: row.get(15)?,
    };
    let frame = Frame {
        id: FrameId(row.get::<_, i64>(0)? as u64),
        received: Instant(row.get(1)?),
        connection: row.get::<_, i64>(2)? as u64,
        peer: String::new(),
        source: if row.get::<_, u8>(5)? == 0 { Source::Hj212 } else { Source::Mqtt },
        mn: String::new(),
        st: String::new(),
        cn: String::new(),
        qn: match row.get_ref(9)? {
            ValueRef::Integer(number) => number.to_string(),
            text => text.as_str()?.to_string(),
        },
        cadence: row.get::<_, Option<u8>>(10)?.and_then(|number| Cadence::ALL.get(usize::from(number)).copied()),
        data_time: row.get::<_, Option<i64>>(11)?.map(Instant),
        pnum: row.get(12)?,
        pno: row.get(13)?,
        verdict: verdict_of(row.get(14)?),
        deviations: Vec::new(),
        raw: row.get(16)?,
    };
    Ok((frame, texts))
}
