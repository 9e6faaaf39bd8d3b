//! What is wrong with a file of shapes → problems with the words for people.

use crate::fault::Fault;
use domain::{Place, Problem, Severity, Text};

/// Longest piece of a file that is quoted.
const QUOTE: usize = 160;

/// Collects the problems of one file.
pub struct Teller {
    file: String,
    /// What was told so far.
    pub problems: Vec<Problem>,
}

impl Teller {
    pub fn new(file: &str) -> Teller {
        Teller { file: file.to_string(), problems: Vec::new() }
    }

    pub fn not_utf8(&mut self) {
        let words = Text::new(
            "文件不是UTF-8编码，无法识别的字节已替换；请转存为UTF-8后重新提交。",
            "the file is not UTF-8, bytes that mean nothing were replaced; save it as UTF-8 and submit it again",
        );
        self.tell(Severity::Warning, "not-utf8", None, ("", words));
    }

    pub fn empty(&mut self) {
        let words = Text::new("文件是空的；请提供WKT或GeoJSON。", "the file is empty; give WKT or GeoJSON");
        self.tell(Severity::Error, "empty", None, ("", words));
    }

    pub fn nothing(&mut self) {
        let words =
            Text::new("文件中没有任何图形；请检查导出设置。", "the file holds no shapes; check how it was exported");
        self.tell(Severity::Error, "no-shapes", None, ("", words));
    }

    pub fn unreadable(&mut self, number: Option<u64>, raw: &str, reason: &str) {
        let (kind_zh, kind_en) = if number.is_some() { ("图形", "the shape") } else { ("文件", "the file") };
        let words = Text::new(
            format!("无法读取{kind_zh}：“{}”（{reason}）；请按WKT或GeoJSON改正。", quoted(raw)),
            format!("{kind_en} cannot be read: “{}” ({reason}); correct it as WKT or GeoJSON", quoted(raw)),
        );
        self.tell(Severity::Error, "unreadable", number, (raw, words));
    }

    pub fn no_geometry(&mut self, number: u64, raw: &str) {
        let words = Text::new("没有图形；请补充坐标。", "has no geometry; give its coordinates");
        self.tell(Severity::Error, "no-geometry", Some(number), (raw, words));
    }

    pub fn heights(&mut self, number: u64) {
        let words = Text::new(
            "坐标中的高程等第三个数未使用。",
            "heights and other third numbers of the coordinates are not used",
        );
        self.tell(Severity::Note, "heights-not-used", Some(number), ("", words));
    }

    pub fn short_line(&mut self, number: u64, raw: &str) {
        let words =
            Text::new("线至少需要2个不同的点；请补全。", "a line needs at least 2 different points; complete it");
        self.tell(Severity::Error, "too-few-points", Some(number), (raw, words));
    }

    pub fn short_position(&mut self, number: u64, raw: &str) {
        let words = Text::new(
            format!("坐标“{raw}”缺少经度或纬度；请补全。"),
            format!("the coordinates “{raw}” lack longitude or latitude; complete them"),
        );
        self.tell(Severity::Error, "position-incomplete", Some(number), (raw, words));
    }

    pub fn unknown_datum(&mut self, number: Option<u64>, raw: &str) {
        let words = Text::new(
            format!("坐标系“{}”不能使用；请转换为CGCS2000经纬度（EPSG:4490）。", quoted(raw)),
            format!(
                "the coordinate system “{}” cannot be used; convert to degrees of CGCS2000 (EPSG:4490)",
                quoted(raw)
            ),
        );
        self.tell(Severity::Error, "unknown-datum", number, (raw, words));
    }

    pub fn fault(&mut self, number: u64, fault: &Fault) {
        self.problems.push(fault.problem(self.place(Some(number))));
    }

    fn tell(&mut self, severity: Severity, code: &'static str, row: Option<u64>, (raw, message): (&str, Text)) {
        self.problems.push(Problem { severity, code, place: self.place(row), raw: raw.to_string(), message });
    }

    /// The row of a place is the number of the feature.
    fn place(&self, row: Option<u64>) -> Place {
        Place { file: self.file.clone(), sheet: String::new(), row, column: String::new() }
    }
}

fn quoted(text: &str) -> String {
    match text.char_indices().nth(QUOTE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_string(),
    }
}
