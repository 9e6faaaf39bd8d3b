//! One record of the register → its cells, typed; what cannot be read is told with its place and raw text.
//! Used by the loaders of `device` and `city`.

use crate::fixed::Fixed;
use crate::period::Day;
use crate::problem::{Place, Problem, Severity};
use crate::record::{Record, Table};
use crate::text::Text;

/// A record being read, and where its problems go.
pub(crate) struct Row<'a> {
    table: Table,
    record: &'a Record,
    problems: &'a mut Vec<Problem>,
}

/// What a cell holds.
pub(crate) enum Cell<T> {
    /// Nothing.
    Empty,
    /// A value.
    Is(T),
    /// Something else; it has been told.
    Bad,
}

impl<T> Cell<T> {
    /// The value, if there is one.
    pub(crate) fn value(self) -> Option<T> {
        match self {
            Cell::Is(value) => Some(value),
            Cell::Empty | Cell::Bad => None,
        }
    }
}

impl<'a> Row<'a> {
    pub(crate) fn new(table: Table, record: &'a Record, problems: &'a mut Vec<Problem>) -> Row<'a> {
        Row { table, record, problems }
    }

    /// A cell without white space around it.
    pub(crate) fn text(&self, column: &str) -> &'a str {
        self.record.get(column).trim()
    }

    pub(crate) fn owned(&self, column: &str) -> String {
        self.text(column).to_string()
    }

    /// Tells what is wrong with a cell; an empty column means the whole row.
    pub(crate) fn tell(&mut self, severity: Severity, code: &'static str, column: &str, message: Text) {
        let raw =
            if column.is_empty() { self.record.key(self.table).join(" ") } else { self.record.get(column).to_string() };
        self.problems.push(Problem { severity, code, place: self.place(column), raw, message });
    }

    /// The row cannot be used.
    pub(crate) fn refuse(&mut self, code: &'static str, column: &str, message: Text) {
        self.tell(Severity::Error, code, column, message);
    }

    /// The row is used, this cell is not or is in doubt.
    pub(crate) fn warn(&mut self, code: &'static str, column: &str, message: Text) {
        self.tell(Severity::Warning, code, column, message);
    }

    /// A cell that must not be empty.
    pub(crate) fn needed(&mut self, column: &str) -> Option<String> {
        let text = self.text(column);
        if text.is_empty() {
            let message = Text::new(
                format!("缺少 {column}，这一行不能使用；请补上后重新导入"),
                format!("`{column}` is empty and the row cannot be used; fill it in and import again"),
            );
            self.refuse("field-missing", column, message);
            return None;
        }
        Some(text.to_string())
    }

    /// A decimal number.
    pub(crate) fn number(&mut self, column: &str, severity: Severity) -> Cell<Fixed> {
        let text = self.text(column);
        if text.is_empty() {
            return Cell::Empty;
        }
        if let Ok(number) = text.parse() {
            return Cell::Is(number);
        }
        let message = Text::new(
            format!("{column} 的值“{text}”不是数字；请改为十进制数字后重新导入"),
            format!("`{column}` must be a decimal number, it is `{text}`; correct it and import again"),
        );
        self.tell(severity, "not-a-number", column, message);
        Cell::Bad
    }

    /// A number above zero; anything else is told and left out.
    pub(crate) fn positive(&mut self, column: &str) -> Option<Fixed> {
        let number = self.number(column, Severity::Warning).value()?;
        if number > Fixed::ZERO {
            return Some(number);
        }
        let message = Text::new(
            format!("{column} 的值“{number}”必须大于 0，暂不采用；请核对"),
            format!("`{column}` must be above 0, it is `{number}` and is left out; check it"),
        );
        self.warn("out-of-range", column, message);
        None
    }

    /// A number of degrees within ± `most`; anything else is told and left out.
    pub(crate) fn degrees(&mut self, column: &str, most: i32) -> Option<f64> {
        let number = self.number(column, Severity::Warning).value()?;
        if Fixed::from_integer(-most) <= number && number <= Fixed::from_integer(most) {
            return Some(number.to_f64());
        }
        let message = Text::new(
            format!("{column} 的值“{number}”超出 ±{most} 度，暂不采用；经纬度是否写反？"),
            format!("`{column}` is `{number}`, beyond ±{most} degrees, and is left out; are the two swapped?"),
        );
        self.warn("out-of-range", column, message);
        None
    }

    /// A date.
    pub(crate) fn day(&mut self, column: &str, severity: Severity) -> Cell<Day> {
        let text = self.text(column);
        if text.is_empty() {
            return Cell::Empty;
        }
        if let Ok(day) = text.parse() {
            return Cell::Is(day);
        }
        let message = Text::new(
            format!("{column} 的值“{text}”不是日期；请写成 2025-01-31 的形式后重新导入"),
            format!("`{column}` must be a date like 2025-01-31, it is `{text}`; correct it and import again"),
        );
        self.tell(severity, "not-a-day", column, message);
        Cell::Bad
    }

    /// A whole number of at least 1; empty or wrong gives `otherwise`, and that is told.
    pub(crate) fn interval(&mut self, column: &str, otherwise: u32) -> u32 {
        let text = self.text(column);
        match text.parse::<u32>() {
            Ok(number) if number > 0 => number,
            _ if text.is_empty() => {
                let message = Text::new(
                    format!("未填 {column}，按 {otherwise} 计；如果实际不同请补上"),
                    format!("`{column}` is not stated and taken as {otherwise}; state it if it is another"),
                );
                self.tell(Severity::Note, "interval-assumed", column, message);
                otherwise
            }
            _ => {
                let message = Text::new(
                    format!("{column} 的值“{text}”应为正整数，按 {otherwise} 计；请更正"),
                    format!("`{column}` must be a whole number above 0, it is `{text}`; taken as {otherwise}"),
                );
                self.warn("not-an-interval", column, message);
                otherwise
            }
        }
    }

    /// Tells that a word is none of those expected. `whole`: the row cannot be used without it.
    pub(crate) fn wrong_word(&mut self, column: &str, choices: &str, severity: Severity) {
        let text = self.text(column);
        let (zh, en) = match severity {
            Severity::Error => ("这一行不能使用", "the row cannot be used"),
            Severity::Warning | Severity::Note => ("照原样保留", "it is kept as it stands"),
        };
        let message = Text::new(
            format!("{column} 的值“{text}”无法识别，{zh}；可用：{choices}"),
            format!("`{column}` cannot be `{text}`, {en}; use one of: {choices}"),
        );
        self.tell(severity, "unknown-word", column, message);
    }

    /// A yes or no; empty is no.
    pub(crate) fn yes(&mut self, column: &str) -> bool {
        match self.text(column).to_ascii_lowercase().as_str() {
            "" | "false" | "no" | "0" | "否" => false,
            "true" | "yes" | "1" | "是" => true,
            _ => {
                // Shown as simulated until somebody says otherwise: real data are never passed off by a slip.
                self.wrong_word(column, "true, false", Severity::Warning);
                true
            }
        }
    }

    fn place(&self, column: &str) -> Place {
        let table = self.table.code().to_string();
        let (file, sheet) = match self.record.import.as_str() {
            "" => (table, String::new()),
            import => (import.to_string(), table),
        };
        Place { file, sheet, row: Some(self.record.row), column: column.to_string() }
    }
}
