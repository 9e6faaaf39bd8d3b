//! `catalog/qc/*.csv` → the plan of a series, by its parameter and kind of site.
//!
//! One table a test, one row a parameter and kind of site; `*` stands for any. The most specific row is taken: first by
//! parameter, then by site. Called by `server`, which lays a deployment's own `qc/` on top.

use super::attenuated::{Attenuated, Liveliness};
use super::beside::{Cross, CrossRule, Neighbour};
use super::drift::{Drift, Reference};
use super::flag::TestKind;
use super::flat::FlatLine;
use super::gap::{Gap, Stuck};
use super::plan::{PlannedTest, QcPlan, QcTest};
use super::range::{Climatology, Spans};
use super::rate::Rate;
use super::row::{Row, rows};
use super::series;
use super::spike::{Spike, SpikeMethod};
use domain::catalog::Files;
use domain::{Confidence, OutletKind, Parameters, Problem, Units};

static CATALOG: include_dir::Dir<'_> = include_dir::include_dir!("$CARGO_MANIFEST_DIR/catalog/qc");
const ANY: &str = "*";
const HOUR_S: f64 = series::HOUR_S as f64;
const MINUTE_S: f64 = 60.0;

/// Limits of every test by parameter and kind of site.
#[derive(Clone, Debug, Default)]
pub struct QcCatalog {
    entries: Vec<Entry>,
}

#[derive(Clone, Debug)]
struct Entry {
    parameter: String,
    site: String,
    month: Option<usize>,
    planned: PlannedTest,
}

/// The built-in tables, `range.csv` and so on.
pub fn builtin_files() -> Files {
    Files::embedded(&CATALOG)
}

impl QcCatalog {
    /// The built-in catalog.
    pub fn builtin() -> QcCatalog {
        QcCatalog::load(&builtin_files()).0
    }

    /// From the tables of a folder. A row with a problem is left out; the others stay.
    pub fn load(files: &Files) -> (QcCatalog, Vec<Problem>) {
        let (mut catalog, mut problems) = (QcCatalog::default(), Vec::new());
        let known = (Parameters::builtin(), Units::builtin());
        for kind in TestKind::ALL {
            for row in rows(files, &format!("{}.csv", kind.code()), &mut problems) {
                let before = problems.len();
                let test = limits(kind, &row, &mut problems);
                let planned = test.and_then(|test| planned(test, &row, &known, &mut problems));
                let entry = planned.and_then(|planned| catalog.entry(&row, planned, &mut problems));
                if problems.len() == before {
                    catalog.entries.extend(entry);
                }
            }
        }
        (catalog, problems)
    }

    /// The tests of a series. Without any row for it the plan is empty, and every flag unknown.
    pub fn for_series(&self, parameter: &str, site: OutletKind) -> QcPlan {
        let tests = TestKind::ALL.into_iter().filter_map(|kind| match kind {
            TestKind::Cross => self.cross(parameter, site.code()),
            TestKind::Climatology => self.climatology(parameter, site.code()),
            _ => self.best(kind, parameter, site.code()).map(|entry| entry.planned.clone()),
        });
        QcPlan { parameter: parameter.to_string(), site: site.code().to_string(), tests: tests.collect() }
    }

    fn entry(&self, row: &Row, planned: PlannedTest, problems: &mut Vec<Problem>) -> Option<Entry> {
        let kind = planned.test.kind();
        let month = match kind {
            TestKind::Climatology => Some(month(row, problems)?),
            _ => None,
        };
        let parameter = if kind == TestKind::Cross { ANY } else { row.text("parameter") };
        let entry = Entry { parameter: parameter.to_string(), site: row.text("site").to_string(), month, planned };
        let same = |own: &&Entry| {
            own.planned.test.kind() == kind
                && (&own.parameter, &own.site, own.month) == (&entry.parameter, &entry.site, month)
        };
        if kind != TestKind::Cross && self.entries.iter().find(same).is_some() {
            problems.push(row.problem("site", "与前面的行重复", "is given twice for this parameter"));
        }
        Some(entry)
    }

    fn fitting<'a>(&'a self, kind: TestKind, parameter: &str, site: &str) -> impl Iterator<Item = &'a Entry> {
        self.entries.iter().filter(move |entry| {
            entry.planned.test.kind() == kind
                && (entry.parameter == ANY || entry.parameter == parameter)
                && (entry.site == ANY || entry.site == site)
        })
    }

    fn best(&self, kind: TestKind, parameter: &str, site: &str) -> Option<&Entry> {
        self.fitting(kind, parameter, site).max_by_key(|entry| (entry.parameter != ANY, entry.site != ANY))
    }

    /// The spans of each month from the most specific rows that are there for any month.
    fn climatology(&self, parameter: &str, site: &str) -> Option<PlannedTest> {
        let best = self.best(TestKind::Climatology, parameter, site)?;
        let mut months = [None; 12];
        let same = |entry: &&Entry| (&entry.parameter, &entry.site) == (&best.parameter, &best.site);
        for entry in self.fitting(TestKind::Climatology, parameter, site).filter(same) {
            if let (QcTest::Climatology(climate), Some(month)) = (&entry.planned.test, entry.month) {
                months[month] = climate.months[month];
            }
        }
        Some(PlannedTest { test: QcTest::Climatology(Box::new(Climatology { months })), ..best.planned.clone() })
    }

    /// Every rule that names the parameter on either side.
    fn cross(&self, parameter: &str, site: &str) -> Option<PlannedTest> {
        let mut whole: Option<PlannedTest> = None;
        for entry in self.fitting(TestKind::Cross, ANY, site) {
            let QcTest::Cross(own) = &entry.planned.test else { continue };
            let named = own.rules.iter().filter(|rule| rule.lower == parameter || rule.upper == parameter);
            let rules: Vec<CrossRule> = named.cloned().collect();
            if rules.is_empty() {
                continue;
            }
            let whole = whole.get_or_insert_with(|| PlannedTest {
                test: QcTest::Cross(Cross { own: parameter.to_string(), rules: Vec::new() }),
                ..entry.planned.clone()
            });
            whole.confidence = whole.confidence.and(entry.planned.confidence);
            if let QcTest::Cross(cross) = &mut whole.test {
                cross.rules.extend(rules);
            }
        }
        whole
    }
}

/// Unit, site, confidence and source of a row.
fn planned(
    test: QcTest,
    row: &Row,
    (parameters, units): &(Parameters, Units),
    problems: &mut Vec<Problem>,
) -> Option<PlannedTest> {
    let confidence = [Confidence::Confirmed, Confidence::Probable, Confidence::Unconfirmed]
        .into_iter()
        .find(|own| own.code() == row.text("confidence"));
    if confidence.is_none() {
        problems.push(row.problem(
            "confidence",
            "应为 confirmed、probable 或 unconfirmed",
            "should be confirmed, probable or unconfirmed",
        ));
    }
    let unit = row.text("unit").to_string();
    let own = parameters.get(row.text("parameter")).filter(|own| own.code == row.text("parameter"));
    if !unit.is_empty() && units.get(&unit).is_err() {
        problems.push(row.problem("unit", "不是已知的单位", "is no known unit"));
    } else if let Some(own) = own.filter(|own| own.unit != unit) {
        let (zh, en) = (format!("应为该参数的单位 {}", own.unit), format!("should be the parameter's {}", own.unit));
        problems.push(row.problem("unit", &zh, &en));
    }
    let site = row.text("site");
    if site != ANY && OutletKind::from_code(site).is_none() {
        problems.push(row.problem("site", "不是已知的站点类别", "is no known kind of site"));
    }
    Some(PlannedTest { test, unit, confidence: confidence?, source: row.text("source").to_string() })
}

fn month(row: &Row, problems: &mut Vec<Problem>) -> Option<usize> {
    match row.text("month").parse::<usize>() {
        Ok(month @ 1..=12) => Some(month - 1),
        _ => {
            problems.push(row.problem("month", "应为 1 至 12", "should be 1 to 12"));
            None
        }
    }
}

fn limits(kind: TestKind, row: &Row, problems: &mut Vec<Problem>) -> Option<QcTest> {
    match kind {
        TestKind::Range => spans(row, problems).map(QcTest::Range),
        TestKind::Climatology => {
            let mut months = [None; 12];
            months[month(row, problems)?] = Some(spans(row, problems)?);
            Some(QcTest::Climatology(Box::new(Climatology { months })))
        }
        TestKind::Spike => {
            let method = match row.text("method") {
                "average" => SpikeMethod::Average,
                "differential" => SpikeMethod::Differential,
                _ => {
                    problems.push(row.problem(
                        "method",
                        "应为 average 或 differential",
                        "should be average or differential",
                    ));
                    return None;
                }
            };
            let (suspect, fail) = pair(row, ("suspect", "fail"), problems)?;
            Some(QcTest::Spike(Spike { method, suspect: Some(suspect), fail }))
        }
        TestKind::Rate => {
            let (suspect, fail) = pair(row, ("suspect_per_hour", "fail_per_hour"), problems)?;
            let rate = Rate { suspect_per_s: suspect / HOUR_S, fail_per_s: fail.map(|fail| fail / HOUR_S) };
            Some(QcTest::Rate(rate))
        }
        TestKind::FlatLine => Some(QcTest::FlatLine(FlatLine {
            suspect_s: seconds(row.positive("suspect_minutes", problems)?),
            fail_s: seconds(row.positive("fail_minutes", problems)?),
            tolerance: row.positive("tolerance", problems)?,
        })),
        TestKind::Attenuated => attenuated(row, problems).map(QcTest::Attenuated),
        _ => limits_of_context(kind, row, problems),
    }
}

fn limits_of_context(kind: TestKind, row: &Row, problems: &mut Vec<Problem>) -> Option<QcTest> {
    match kind {
        TestKind::Gap => Some(QcTest::Gap(Gap {
            suspect_s: row.optional("suspect_minutes", problems).map(seconds),
            fail_s: row.optional("fail_minutes", problems).map(seconds),
        })),
        TestKind::Stuck => Some(QcTest::Stuck(Stuck {
            resolution: row.positive("resolution", problems)?,
            suspect_count: row.positive("suspect_count", problems)? as u32,
            fail_count: row.positive("fail_count", problems)? as u32,
            quiet_up_to: row.optional("quiet_up_to", problems),
        })),
        TestKind::Cross => {
            let rule = CrossRule {
                lower: row.text("lower").to_string(),
                upper: row.text("upper").to_string(),
                suspect: row.number("suspect", problems)?,
                suspect_share: row.optional("suspect_share", problems).unwrap_or(0.0),
                fail: row.optional("fail", problems),
                fail_share: row.optional("fail_share", problems).unwrap_or(0.0),
            };
            Some(QcTest::Cross(Cross { own: String::new(), rules: vec![rule] }))
        }
        TestKind::Neighbour => Some(QcTest::Neighbour(Neighbour {
            least: row.positive("least", problems)? as usize,
            suspect: row.positive("suspect", problems)?,
            fail: row.optional("fail", problems),
            floor: row.number("floor", problems)?,
            floor_share: row.optional("floor_share", problems).unwrap_or(0.0),
        })),
        TestKind::Drift => drift(row, problems).map(QcTest::Drift),
        _ => None,
    }
}

fn spans(row: &Row, problems: &mut Vec<Problem>) -> Option<Spans> {
    let fail = row.span(("fail_low", "fail_high"), problems);
    let suspect = row.span(("suspect_low", "suspect_high"), problems);
    if let (Some(fail), Some(suspect)) = (fail, suspect)
        && (suspect.0 < fail.0 || suspect.1 > fail.1)
    {
        problems.push(row.problem("suspect_high", "可疑范围应在失效范围之内", "should be within the fail span"));
        return None;
    }
    Some(Spans { fail, suspect })
}

fn pair(row: &Row, (low, high): (&str, &str), problems: &mut Vec<Problem>) -> Option<(f64, Option<f64>)> {
    let suspect = row.positive(low, problems)?;
    let fail = row.optional(high, problems);
    if fail.is_some_and(|fail| fail < suspect) {
        problems.push(row.problem(high, "应不小于可疑限", "should not be below the suspect limit"));
        return None;
    }
    Some((suspect, fail))
}

fn attenuated(row: &Row, problems: &mut Vec<Problem>) -> Option<Attenuated> {
    let by = match row.text("by") {
        "deviation" => Liveliness::Deviation,
        "range" => Liveliness::Range,
        _ => {
            problems.push(row.problem("by", "应为 deviation 或 range", "should be deviation or range"));
            return None;
        }
    };
    Some(Attenuated {
        by,
        period_s: (row.positive("period_hours", problems)? * HOUR_S) as i64,
        least: row.positive("least", problems)? as usize,
        suspect: row.positive("suspect", problems)?,
        fail: row.positive("fail", problems)?,
    })
}

fn drift(row: &Row, problems: &mut Vec<Problem>) -> Option<Drift> {
    let reference = match row.text("reference") {
        "neighbours" => Reference::Neighbours,
        "own" => Reference::Own,
        _ => {
            problems.push(row.problem("reference", "应为 neighbours 或 own", "should be neighbours or own"));
            return None;
        }
    };
    Some(Drift {
        reference,
        block_s: (row.positive("block_hours", problems)? * HOUR_S) as i64,
        least: row.positive("least", problems)? as usize,
        blocks: row.positive("blocks", problems)? as usize,
        suspect: row.positive("suspect", problems)?,
        fail: row.optional("fail", problems),
    })
}

fn seconds(minutes: f64) -> i64 {
    (minutes * MINUTE_S) as i64
}
