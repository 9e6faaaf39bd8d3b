//! Why a model gives no answer: always a reason with its numbers, never a NaN.

use domain::Text;

/// Why a model gives no answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ModelError {
    /// Too few values.
    #[error("{have} values, {need} needed")]
    TooFew {
        /// Values there are.
        have: usize,
        /// Values needed.
        need: usize,
    },
    /// No season, column or year has enough values.
    #[error("no season has {need} values")]
    NoSeason {
        /// Values that one season needs.
        need: usize,
    },
    /// No past year says anything of the slots of a year that are to come.
    #[error("{years} past years have nothing of the rest of the year")]
    NoCourse {
        /// How many past years there are.
        years: usize,
    },
    /// All values are equal, where the method divides by their spread.
    #[error("all {n} values are {value}")]
    Constant {
        /// How many.
        n: usize,
        /// The value.
        value: f64,
    },
    /// Nothing is left when the line through the values is taken away, where the method corrects by the rest.
    #[error("{n} values lie on a line")]
    NoRest {
        /// How many.
        n: usize,
    },
    /// A variance that the method divides by is not positive.
    #[error("the variance is {variance}")]
    NoVariance {
        /// What came out.
        variance: f64,
    },
    /// A value is infinite or not a number.
    #[error("value {at} is not finite")]
    NotFinite {
        /// Its place, from 0.
        at: usize,
    },
    /// A value below zero, where a method goes by ratios.
    #[error("value {at} is {value}")]
    Negative {
        /// Its place, from 0.
        at: usize,
        /// The value.
        value: f64,
    },
    /// A significance level outside of 0 to 1.
    #[error("significance level {0}")]
    Level(f64),
    /// A period that makes no seasons.
    #[error("period {0}")]
    Period(usize),
    /// A lag that the series does not have.
    #[error("lag {lag} of {n} values")]
    Lag {
        /// The lag asked for.
        lag: usize,
        /// Values there are.
        n: usize,
    },
    /// Columns of different lengths, or the wrong number of them.
    #[error("columns: {0}")]
    Columns(String),
    /// No test of this name.
    #[error("no test `{0}`")]
    UnknownTest(String),
    /// A table of the catalog cannot be read.
    #[error("{path}: {problem}")]
    Catalog {
        /// The file.
        path: String,
        /// What is wrong.
        problem: String,
    },
}

impl ModelError {
    /// A stable code for answers.
    pub fn code(&self) -> &'static str {
        match self {
            ModelError::TooFew { .. } => "too-few-values",
            ModelError::NoSeason { .. } => "too-few-values-in-season",
            ModelError::NoCourse { .. } => "no-usual-course",
            ModelError::Constant { .. } => "constant-series",
            ModelError::NoRest { .. } => "values-on-a-line",
            ModelError::NoVariance { .. } => "no-variance",
            ModelError::NotFinite { .. } => "not-finite",
            ModelError::Negative { .. } => "negative-value",
            ModelError::Level(_) => "bad-level",
            ModelError::Period(_) => "bad-period",
            ModelError::Lag { .. } => "bad-lag",
            ModelError::Columns(_) => "bad-columns",
            ModelError::UnknownTest(_) => "unknown-test",
            ModelError::Catalog { .. } => "bad-catalog",
        }
    }

    /// For a person: what is wrong, and what to do.
    pub fn words(&self) -> Text {
        match self {
            ModelError::TooFew { have, need } => Text::new(
                format!("只有 {have} 个有效值，至少需要 {need} 个；请延长时段"),
                format!("only {have} values, at least {need} are needed; take a longer period"),
            ),
            ModelError::NoSeason { need } => Text::new(
                format!("没有一个季节有 {need} 个有效值；请延长时段，或改用不分季节的检验"),
                format!("no season has {need} values; take a longer period or a test without seasons"),
            ),
            ModelError::NoCourse { years } => Text::new(
                format!("{years} 个往年在今年余下的时段都没有数据，无法外推；请补齐往年数据"),
                format!(
                    "{years} past years have no values for the rest of the year, so nothing can be foretold; complete them"
                ),
            ),
            ModelError::Constant { n, value } => Text::new(
                format!("{n} 个值全部等于 {value}，没有可检验的变化"),
                format!("all {n} values equal {value}: there is no change to test"),
            ),
            ModelError::NoRest { n } => Text::new(
                format!("{n} 个值恰在一条直线上，没有余项可供修正；请改用 mk"),
                format!("the {n} values lie exactly on a line, so there is no rest to correct by; take mk"),
            ),
            ModelError::NoVariance { variance } => Text::new(
                format!("修正后的方差为 {variance}，不为正，此方法不适用；请改用 mk 或 hamed-rao"),
                format!("the variance is {variance}, not positive, so the method does not apply; try mk or hamed-rao"),
            ),
            ModelError::NotFinite { at } => Text::new(
                format!("第 {} 个值不是有限数；缺失值请留空", at + 1),
                format!("value {} is not a finite number; leave missing values empty", at + 1),
            ),
            ModelError::Negative { at, value } => Text::new(
                format!("第 {} 个值为 {value}，小于零；此预测按比值折算，只适用于不为负的量", at + 1),
                format!(
                    "value {} is {value}, below zero; this forecast goes by ratios and is for quantities that are never negative",
                    at + 1
                ),
            ),
            ModelError::Level(level) => Text::new(
                format!("显著性水平 {level} 不在 0 与 1 之间；常用 0.05"),
                format!("the significance level {level} is not between 0 and 1; 0.05 is usual"),
            ),
            ModelError::Period(period) => Text::new(
                format!("周期 {period} 分不出季节；月数据用 12，季数据用 4"),
                format!("a period of {period} makes no seasons; 12 for months, 4 for quarters"),
            ),
            ModelError::Lag { lag, n } => Text::new(
                format!("滞后 {lag} 超出 {n} 个值；请取小于 {n} 的滞后"),
                format!("lag {lag} is beyond {n} values; take one below {n}"),
            ),
            ModelError::Columns(problem) => Text::new(
                format!("各列不能一起检验：{problem}"),
                format!("the columns cannot be tested together: {problem}"),
            ),
            ModelError::UnknownTest(name) => Text::new(
                format!("没有名为“{name}”的检验；可用：{}", crate::trend::Test::codes()),
                format!("there is no test `{name}`; known are {}", crate::trend::Test::codes()),
            ),
            ModelError::Catalog { path, problem } => Text::new(
                format!("目录 {path} 无法读取：{problem}"),
                format!("catalog {path} cannot be read: {problem}"),
            ),
        }
    }
}
