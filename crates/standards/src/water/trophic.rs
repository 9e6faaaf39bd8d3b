//! Chlorophyll, phosphorus, nitrogen, transparency and CODMn of a lake → its trophic index and grade.

use crate::media::{Class, Column, Item, Judged, Limit, Output, Reading, Role, Rule, above_zero, incomplete, reading};
use domain::{Confidence, Ratio, Text};

/// Decimal places that the logarithms are right to; the grade is taken from the index rounded to them.
const SURE_PLACES: i32 = 9;

/// The rule of a trophic index.
#[derive(Clone, Debug)]
pub struct Trophic {
    /// Standard id.
    pub id: String,
    /// Confidence in the rule.
    pub confidence: Confidence,
    /// Words for "not detected".
    pub undetected: Vec<String>,
    /// Decimal places in which an index is given.
    pub digits: usize,
    /// What it is made of.
    pub items: Vec<TrophicItem>,
    /// Grades in order, each with what the index must be; the first that fits is taken.
    pub grades: Vec<(Class, Limit)>,
}

/// One part of the index.
#[derive(Clone, Debug)]
pub struct TrophicItem {
    /// Column, unit and names.
    pub item: Item,
    /// `TLI = scale · (intercept + slope · ln x)`.
    pub scale: f64,
    /// See `scale`.
    pub intercept: f64,
    /// See `scale`.
    pub slope: f64,
    /// Correlation with the first item.
    pub r: f64,
}

/// The index of a sample.
#[derive(Clone, Debug, PartialEq)]
pub struct TrophicValue {
    /// The index.
    pub index: f64,
    /// Its parts, in the order of [`Trophic::items`].
    pub parts: Vec<f64>,
    /// Its grade, by its place in [`Trophic::grades`].
    pub grade: Option<usize>,
}

impl Trophic {
    /// Weight of every part: `Wⱼ = rⱼ² / Σ rⱼ²`.
    pub fn weights(&self) -> Vec<f64> {
        let all: f64 = self.items.iter().map(|item| item.r * item.r).sum();
        self.items.iter().map(|item| item.r * item.r / all).collect()
    }

    /// The index of values in the order of [`Trophic::items`], each above zero.
    ///
    /// ```text
    /// TLI(Σ) = Σ Wⱼ · TLI(j)     TLI(j) = 10 · (aⱼ + bⱼ · ln xⱼ)
    /// ```
    /// * `x`: chlorophyll a [mg/m³], TP, TN and CODMn [mg/L], transparency [m].
    ///
    /// Binary floats, since there is no exact logarithm: right to 10⁻⁹ of the index. `None` where a value is missing
    /// or not above zero: the weights are those of all five.
    ///
    /// Reference: 地表水环境质量评价办法（试行）, 环办〔2011〕22号. Example: 10, 0.05, 1, 1, 4 → 48.0181.
    pub fn evaluate(&self, values: &[Option<f64>]) -> Option<TrophicValue> {
        let mut parts = Vec::new();
        for (at, item) in self.items.iter().enumerate() {
            let value = values.get(at).copied().flatten().filter(|value| *value > 0.0)?;
            parts.push(item.scale * (item.intercept + item.slope * value.ln()));
        }
        let index: f64 = self.weights().iter().zip(&parts).map(|(weight, part)| weight * part).sum();
        Some(TrophicValue { grade: self.grade(index), index, parts })
    }

    fn grade(&self, index: f64) -> Option<usize> {
        let whole = (index * 10_f64.powi(SURE_PLACES)).round();
        let exact = Ratio::new(whole as i128, 10_i128.pow(SURE_PLACES as u32));
        self.grades.iter().position(|(_, limit)| limit.met(exact) == Some(true))
    }

    fn said(&self, value: f64) -> String {
        format!("{value:.*}", self.digits)
    }
}

impl Rule for Trophic {
    fn id(&self) -> &str {
        &self.id
    }

    fn confidence(&self) -> Confidence {
        self.confidence
    }

    fn columns(&self) -> Vec<Column> {
        let column = |own: &TrophicItem| Column {
            name: own.item.code.clone(),
            also: own.item.also.iter().cloned().chain([own.item.name.zh.clone()]).collect(),
            unit: own.item.unit.clone(),
            meaning: own.item.name.clone(),
            role: Role::Item,
            required: false,
            words: Vec::new(),
        };
        self.items.iter().map(column).collect()
    }

    fn outputs(&self) -> Vec<Output> {
        let output = |name: &str, zh: String, en: String| Output { name: name.to_string(), meaning: Text::new(zh, en) };
        let mut list = vec![
            output("class", "营养状态".to_string(), "trophic state".to_string()),
            output("tli", "综合营养状态指数".to_string(), "trophic index of all items".to_string()),
        ];
        list.extend(self.items.iter().map(|own| {
            let (zh, en) = (&own.item.name.zh, &own.item.name.en);
            output(&format!("tli_{}", own.item.code), format!("{zh}的营养状态指数"), format!("trophic index of {en}"))
        }));
        list.push(output("confidence", "所用规则的可信度".to_string(), "confidence in the rules used".to_string()));
        list
    }

    fn row(&self, cells: &[Option<&str>], _counted: &[bool]) -> Judged {
        let mut problems = Vec::new();
        let mut values = Vec::new();
        for (at, own) in self.items.iter().enumerate() {
            let text = cells.get(at).copied().flatten().map_or("", str::trim);
            let value = match reading(&self.undetected, &own.item, text) {
                Ok(Reading::Value(value)) if value.num() <= 0 => {
                    problems.push(above_zero(&own.item, text));
                    None
                }
                Ok(Reading::Value(value)) => Some(value.to_f64()),
                Ok(Reading::Below(detection)) => Some(detection.to_f64() / 2.0).filter(|value| *value > 0.0),
                Ok(Reading::Undetected | Reading::Missing) => None,
                Err(problem) => {
                    problems.push(*problem);
                    None
                }
            };
            values.push(value);
        }
        let width = self.items.len() + 3;
        let Some(value) = self.evaluate(&values) else {
            let absent: Vec<&Item> =
                self.items.iter().zip(&values).filter(|(_, own)| own.is_none()).map(|(own, _)| &own.item).collect();
            if absent.len() < self.items.len() {
                problems.push(incomplete(&absent));
            }
            return Judged { cells: vec![None; width], problems };
        };
        let grade = value.grade.map(|at| self.grades[at].0.id.clone());
        let mut cells = vec![grade, Some(self.said(value.index))];
        cells.extend(value.parts.iter().map(|part| Some(self.said(*part))));
        cells.push(Some(self.confidence.code().to_string()));
        Judged { cells, problems }
    }
}
