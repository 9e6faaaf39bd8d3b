//! A CSV table of a catalog → rows that can be asked by column name, with problems that name file and line.

use crate::problem::CatalogProblem;
use domain::catalog::Files;
use domain::{Confidence, Fixed, Text};
use std::str::FromStr;

/// A table as printed.
#[derive(Clone, Debug)]
pub(crate) struct Sheet {
    pub path: String,
    pub header: Vec<String>,
    pub rows: Vec<Row>,
}

/// One line of it.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    path: String,
    pub line: u64,
    cells: Vec<(String, String)>,
}

impl Sheet {
    /// Reads `path`; lines that are not as wide as the header are problems.
    pub fn read(files: &Files, path: &str) -> Result<Sheet, CatalogProblem> {
        let Some(text) = files.get(path) else {
            return Err(CatalogProblem::file(
                path,
                "缺少此文件；standard.toml 中声明了它",
                "this file is missing; `standard.toml` declares it",
            ));
        };
        let unreadable = |error: csv::Error| {
            let line = error.position().map_or(1, csv::Position::line);
            CatalogProblem::at(path, line, format!("无法读取：{error}"), format!("cannot be read: {error}"))
        };
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let header: Vec<String> = reader.headers().map_err(unreadable)?.iter().map(str::to_string).collect();
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(unreadable)?;
            let cells = header.iter().cloned().zip(record.iter().map(|cell| cell.trim().to_string())).collect();
            let line = record.position().map_or(0, csv::Position::line);
            rows.push(Row { path: path.to_string(), line, cells });
        }
        Ok(Sheet { path: path.to_string(), header, rows })
    }

    /// Reads `path`, whose columns must be exactly `columns`.
    pub fn read_columns(files: &Files, path: &str, columns: &[&str]) -> Result<Sheet, CatalogProblem> {
        let sheet = Sheet::read(files, path)?;
        if let Some(unknown) = sheet.header.iter().find(|name| !columns.contains(&name.as_str())) {
            let known = columns.join(", ");
            return Err(CatalogProblem::at(
                path,
                1,
                format!("未知的列 `{unknown}`；可用的列：{known}"),
                format!("unknown column `{unknown}`; the columns are {known}"),
            ));
        }
        if let Some(missing) = columns.iter().find(|name| !sheet.header.iter().any(|own| own == *name)) {
            return Err(CatalogProblem::at(
                path,
                1,
                format!("缺少列 `{missing}`"),
                format!("the column `{missing}` is missing"),
            ));
        }
        Ok(sheet)
    }

    /// One value a row; a row that cannot be read becomes a problem.
    pub fn map<T>(
        &self,
        problems: &mut Vec<CatalogProblem>,
        mut read: impl FnMut(&Row) -> Result<T, CatalogProblem>,
    ) -> Vec<T> {
        let mut values = Vec::new();
        for row in &self.rows {
            match read(row) {
                Ok(value) => values.push(value),
                Err(problem) => problems.push(problem),
            }
        }
        values
    }
}

impl Row {
    /// A problem with this line.
    pub fn problem(&self, zh: impl Into<String>, en: impl Into<String>) -> CatalogProblem {
        CatalogProblem::at(&self.path, self.line, zh, en)
    }

    /// A cell; empty where the column does not exist.
    pub fn text(&self, column: &str) -> &str {
        self.cells.iter().find(|(name, _)| name == column).map_or("", |(_, cell)| cell)
    }

    /// A cell that must not be empty.
    pub fn required(&self, column: &str) -> Result<&str, CatalogProblem> {
        match self.text(column) {
            "" => Err(self.problem(format!("`{column}` 不能为空"), format!("`{column}` must not be empty"))),
            text => Ok(text),
        }
    }

    /// The columns `<stem>_zh` and `<stem>_en`.
    pub fn both(&self, stem: &str) -> Result<Text, CatalogProblem> {
        Ok(Text::new(self.required(&format!("{stem}_zh"))?, self.required(&format!("{stem}_en"))?))
    }

    /// A value of any readable type, or nothing where the cell is empty.
    pub fn optional<T: FromStr>(&self, column: &str) -> Result<Option<T>, CatalogProblem> {
        match self.text(column) {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| self.unreadable(column, text)),
        }
    }

    /// A value of any readable type.
    pub fn value<T: FromStr>(&self, column: &str) -> Result<T, CatalogProblem> {
        let text = self.required(column)?;
        text.parse().map_err(|_| self.unreadable(column, text))
    }

    /// A concentration: a decimal number that is not negative.
    pub fn amount(&self, column: &str) -> Result<Option<Fixed>, CatalogProblem> {
        let value: Option<Fixed> = self.optional(column)?;
        match value {
            Some(value) if value < Fixed::ZERO => Err(self.unreadable(column, self.text(column))),
            other => Ok(other),
        }
    }

    /// `yes` or `no`.
    pub fn yes(&self, column: &str) -> Result<bool, CatalogProblem> {
        match self.required(column)? {
            "yes" => Ok(true),
            "no" => Ok(false),
            other => Err(self.problem(
                format!("`{column}` 的值 `{other}` 应为 yes 或 no"),
                format!("`{column}` is `{other}`, write yes or no"),
            )),
        }
    }

    /// A confidence word; empty means `otherwise`.
    pub fn confidence(&self, column: &str, otherwise: Confidence) -> Result<Confidence, CatalogProblem> {
        let words = [Confidence::Confirmed, Confidence::Probable, Confidence::Unconfirmed];
        match self.text(column) {
            "" => Ok(otherwise),
            text => words.into_iter().find(|word| word.code() == text).ok_or_else(|| {
                self.problem(
                    format!("`{column}` 的值 `{text}` 应为 confirmed、probable 或 unconfirmed"),
                    format!("`{column}` is `{text}`, write confirmed, probable or unconfirmed"),
                )
            }),
        }
    }

    fn unreadable(&self, column: &str, text: &str) -> CatalogProblem {
        self.problem(format!("`{column}` 的值 `{text}` 无法读取"), format!("`{column}` cannot be read from `{text}`"))
    }
}
