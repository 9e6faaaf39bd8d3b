//! A test and what it said → a name and a sentence for people, in Chinese and English.

use super::attenuated::Liveliness;
use super::drift::Reference;
use super::flag::{QcFlag, TestKind};
use super::plan::{PlannedTest, QcPlan, QcTest};
use super::series::HOUR_S;
use domain::{Confidence, Text};

impl TestKind {
    /// Name of the test.
    pub fn name(self) -> Text {
        let (zh, en) = match self {
            TestKind::Range => ("范围检验", "range"),
            TestKind::Climatology => ("气候值检验", "climatology"),
            TestKind::Spike => ("尖峰检验", "spike"),
            TestKind::Rate => ("变化率检验", "rate of change"),
            TestKind::FlatLine => ("恒值检验", "flat line"),
            TestKind::Attenuated => ("信号衰减检验", "attenuated signal"),
            TestKind::Gap => ("中断检验", "gap"),
            TestKind::Stuck => ("读数停滞检验", "stuck reading"),
            TestKind::Cross => ("参数间检验", "cross-parameter"),
            TestKind::Neighbour => ("邻站检验", "neighbours"),
            TestKind::Drift => ("漂移检验", "drift"),
        };
        Text::new(zh, en)
    }
}

impl QcFlag {
    /// Name of the flag.
    pub fn name(self) -> Text {
        let (zh, en) = match self {
            QcFlag::Good => ("通过", "good"),
            QcFlag::Unknown => ("未检验", "not evaluated"),
            QcFlag::Suspect => ("可疑", "suspect"),
            QcFlag::Fail => ("不通过", "fail"),
            QcFlag::Missing => ("缺测", "missing"),
        };
        Text::new(zh, en)
    }
}

impl QcPlan {
    /// What a test said of a value, with the limit that it was held against and what to do; `None` for a test that is
    /// not in the plan.
    pub fn explain(&self, kind: TestKind, flag: QcFlag, value: f64) -> Option<Text> {
        self.test(kind).map(|planned| planned.explain(flag, value))
    }
}

impl PlannedTest {
    /// What the test said of a value, with the limit that it was held against and what to do.
    pub fn explain(&self, flag: QcFlag, value: f64) -> Text {
        let (name, said) = (self.test.kind().name(), flag.name());
        let (limit, todo) = (self.limit(flag), self.test.kind().todo());
        let unit = &self.unit;
        let doubt = match self.confidence {
            Confidence::Unconfirmed => ("（限值未经证实）", " (limits unconfirmed)"),
            _ => ("", ""),
        };
        match flag {
            QcFlag::Suspect | QcFlag::Fail => Text::new(
                format!("{}：{}。值为 {value} {unit}；{}{}。{}", name.zh, said.zh, limit.zh, doubt.0, todo.zh),
                format!("{}: {}. The value is {value} {unit}; {}{}. {}", name.en, said.en, limit.en, doubt.1, todo.en),
            ),
            QcFlag::Unknown => Text::new(
                format!("{}：{}，所需的数据不足或尚未到达。", name.zh, said.zh),
                format!("{}: {}, what it needs is not there or not yet.", name.en, said.en),
            ),
            QcFlag::Good | QcFlag::Missing => {
                Text::new(format!("{}：{}。", name.zh, said.zh), format!("{}: {}.", name.en, said.en))
            }
        }
    }

    /// The limit that a flag of suspect or fail goes back to.
    fn limit(&self, flag: QcFlag) -> Text {
        let unit = &self.unit;
        let fail = flag == QcFlag::Fail;
        let pick = |suspect: Option<f64>, own: Option<f64>| {
            (if fail { own } else { suspect }).map_or_else(|| "–".to_string(), |limit| limit.to_string())
        };
        match &self.test {
            QcTest::Range(spans) => {
                let (low, high) = (if fail { spans.fail } else { spans.suspect }).unwrap_or((f64::NAN, f64::NAN));
                Text::new(
                    format!("应在 {low} 至 {high} {unit} 之间"),
                    format!("it should be from {low} to {high} {unit}"),
                )
            }
            QcTest::Climatology(_) => Text::new("超出该月的常见范围", "it is outside the range usual in its month"),
            QcTest::Spike(spike) => {
                let limit = pick(spike.suspect, spike.fail);
                Text::new(
                    format!("与前后两值之差应不大于 {limit} {unit}"),
                    format!("it should stand out from both neighbours in time by at most {limit} {unit}"),
                )
            }
            QcTest::Rate(rate) => {
                // Back from per second to the number of the catalog, without the digits that the division left.
                let hourly = |per_s: f64| (per_s * HOUR_S as f64 * 1e6).round() / 1e6;
                let limit = pick(Some(hourly(rate.suspect_per_s)), rate.fail_per_s.map(hourly));
                Text::new(
                    format!("每小时变化应不大于 {limit} {unit}"),
                    format!("it should change by at most {limit} {unit} an hour"),
                )
            }
            QcTest::FlatLine(flat) => {
                let minutes = (if fail { flat.fail_s } else { flat.suspect_s }) / 60;
                let tolerance = flat.tolerance;
                Text::new(
                    format!("{minutes} 分钟内变幅小于 {tolerance} {unit}"),
                    format!("its range over {minutes} min is below {tolerance} {unit}"),
                )
            }
            QcTest::Attenuated(test) => {
                let (hours, limit) = (test.period_s / HOUR_S, pick(Some(test.suspect), Some(test.fail)));
                let by = match test.by {
                    Liveliness::Deviation => ("标准差", "standard deviation"),
                    Liveliness::Range => ("变幅", "range"),
                };
                Text::new(
                    format!("{hours} 小时内{}小于 {limit} {unit}", by.0),
                    format!("its {} over {hours} h is below {limit} {unit}", by.1),
                )
            }
            _ => self.limit_of_context(fail),
        }
    }

    fn limit_of_context(&self, fail: bool) -> Text {
        let unit = &self.unit;
        match &self.test {
            QcTest::Gap(gap) => {
                let minutes = (if fail { gap.fail_s } else { gap.suspect_s }).unwrap_or_default() / 60;
                Text::new(
                    format!("之前中断超过 {minutes} 分钟"),
                    format!("it comes after more than {minutes} min of silence"),
                )
            }
            QcTest::Stuck(stuck) => {
                let count = if fail { stuck.fail_count } else { stuck.suspect_count };
                Text::new(
                    format!("连续 {count} 个及以上读数相同（分辨力 {} {unit}）", stuck.resolution),
                    format!("{count} or more readings in a row are equal (resolution {} {unit})", stuck.resolution),
                )
            }
            QcTest::Cross(cross) => {
                let pairs: Vec<String> =
                    cross.rules.iter().map(|rule| format!("{} ≤ {}", rule.lower, rule.upper)).collect();
                let pairs = pairs.join(", ");
                Text::new(format!("同一地点应有 {pairs}"), format!("at one place {pairs} should hold"))
            }
            QcTest::Neighbour(test) => {
                let limit = if fail { test.fail.unwrap_or(test.suspect) } else { test.suspect };
                Text::new(
                    format!("与邻站中位数之差超过 {limit} 倍稳健偏差"),
                    format!("it is more than {limit} robust deviations from the neighbours' median"),
                )
            }
            QcTest::Drift(drift) => {
                let limit = if fail { drift.fail.unwrap_or(drift.suspect) } else { drift.suspect };
                let days = drift.block_s * drift.blocks as i64 / (24 * HOUR_S);
                let against = match drift.reference {
                    Reference::Neighbours => ("相对邻站", "against its neighbours"),
                    Reference::Own => ("自身", "by its own trend"),
                };
                Text::new(
                    format!("{days} 天内{}漂移超过 {limit} {unit}", against.0),
                    format!("it shifts by more than {limit} {unit} in {days} days {}", against.1),
                )
            }
            _ => Text::default(),
        }
    }
}

impl TestKind {
    /// What a person does about a flag of this test.
    fn todo(self) -> Text {
        let (zh, en) = match self {
            TestKind::Range => ("请核对量程、单位和校准。", "Check range, unit and calibration."),
            TestKind::Climatology => ("请对照天气与周边站点。", "Compare with the weather and the stations around."),
            TestKind::Spike => ("请查看原始数据和当时的运维记录。", "Look at the raw data and the log of that time."),
            TestKind::Rate => ("请确认是否有真实的突变。", "Find out whether the change was real."),
            TestKind::FlatLine | TestKind::Stuck => {
                ("请检查采样与数据采集仪是否停滞。", "Check whether sampling or the logger has stopped.")
            }
            TestKind::Attenuated => ("请检查采样管路与响应。", "Check the sampling line and the response."),
            TestKind::Gap => ("恢复后的首个数据请核对。", "Check the first value after the silence."),
            TestKind::Cross => ("请核对两台仪器。", "Check both instruments."),
            TestKind::Neighbour => ("请对照邻站和局地源。", "Compare with the neighbours and with sources nearby."),
            TestKind::Drift => ("请安排校准核查。", "Have the calibration checked."),
        };
        Text::new(zh, en)
    }
}
