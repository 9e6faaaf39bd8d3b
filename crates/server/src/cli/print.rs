//! Tables of text for people and machines.

use super::ask::Format;
use crate::trouble::Trouble;
use serde::Serialize;
use std::io::Write;

/// A table to print: header and rows of the same length.
#[derive(Debug, Default)]
pub(crate) struct Table {
    /// Column names.
    pub header: Vec<String>,
    /// Rows.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// An empty table with these columns.
    pub fn new(header: &[&str]) -> Table {
        Table { header: header.iter().map(|name| name.to_string()).collect(), rows: Vec::new() }
    }

    /// As aligned columns or CSV.
    pub fn print(&self, format: Format) -> Result<(), Trouble> {
        let text = match format {
            Format::Csv => self.to_csv(),
            _ => self.aligned(),
        };
        out(&text)
    }

    /// As CSV text.
    pub fn to_csv(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let mut all = std::iter::once(&self.header).chain(&self.rows);
        let written = all.try_for_each(|row| writer.write_record(row));
        written.expect("writing to memory does not fail");
        let bytes = writer.into_inner().expect("flushing memory does not fail");
        String::from_utf8(bytes).expect("the cells were text")
    }

    fn aligned(&self) -> String {
        let mut widths: Vec<usize> = self.header.iter().map(|cell| width(cell)).collect();
        for row in &self.rows {
            for (cell, widest) in row.iter().zip(&mut widths) {
                *widest = (*widest).max(width(cell));
            }
        }
        let mut text = String::new();
        for row in std::iter::once(&self.header).chain(&self.rows) {
            let mut line = String::new();
            for (cell, widest) in row.iter().zip(&widths) {
                line.push_str(cell);
                line.extend(std::iter::repeat_n(' ', widest - width(cell) + 2));
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

/// JSON with line breaks.
pub(crate) fn json(value: &impl Serialize) -> Result<(), Trouble> {
    let mut text = serde_json::to_string_pretty(value).expect("answers are made of plain values");
    text.push('\n');
    out(&text)
}

/// To standard output; a reader that went away (`| head`) is no failure.
pub(crate) fn out(text: &str) -> Result<(), Trouble> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Trouble::broken("output", format!("不能输出：{error}"), format!("cannot write the output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Columns a text takes on a terminal: Han and full-width characters take two.
fn width(text: &str) -> usize {
    text.chars().map(|c| if matches!(c as u32, 0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0xFE30..=0xFE4F | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6) { 2 } else { 1 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_under_han_characters() {
        let mut table = Table::new(&["id", "n"]);
        table.rows.push(vec!["资阳".into(), "1".into()]);
        assert_eq!(table.aligned(), "id    n\n资阳  1\n");
        assert_eq!(table.to_csv(), "id,n\n资阳,1\n");
    }
}
