//! The built-in plan and its states, against the plan's own text and hand calculations.

use super::*;
use domain::catalog::Files;
use domain::{Confidence, Fixed, Ratio, Record, Text};
use proptest::prelude::*;

fn plan() -> Plan {
    Plans::builtin().get("ziyang-145").cloned().expect("the built-in plan")
}

fn fixed(text: &str) -> Fixed {
    text.parse().expect("a number in the test")
}

fn reported(indicator: &str, year: &str, kind: &str, value: &str) -> Record {
    let fields = [("indicator", indicator), ("year", year), ("kind", kind), ("value", value), ("document", "文件1号")];
    Record::new(fields.iter().map(|(name, cell)| (name.to_string(), cell.to_string())).collect(), 2)
}

fn computed(indicator: &str, year: i16, exact: Ratio, valid: bool) -> ComputedValue {
    let n = if valid { 365 } else { 200 };
    ComputedValue {
        exact: Some(exact),
        unit: "%".to_string(),
        valid,
        rules: "air-2012".to_string(),
        confidence: Confidence::Probable,
        ..ComputedValue::of_days(indicator, year, Some(exact.round(1)), (n, 365))
    }
}

fn row(status: &PlanStatus, no: u16) -> &PlanRow {
    status.rows.iter().find(|row| row.no == no).expect("the row")
}

fn state(no: u16, year: i16, records: &[Record]) -> State {
    row(&plan_status(&plan(), year, &[], records), no).state
}

/// Counts of the plan's text: box 2 has 23 rows in 4 groups, box 1 has 9, 56 other targets were listed.
#[test]
fn the_built_in_plan_is_whole() {
    let (plans, problems) = Plans::load(&Plans::builtin_files());
    assert_eq!(problems, vec![]);
    let plan = plans.get("ziyang-145").expect("the plan");
    assert_eq!((plan.rows.len(), plan.past.rows.len(), plan.targets.len()), (23, 9, 56));
    let numbers: Vec<u16> = plan.rows.iter().map(|row| row.no).collect();
    assert_eq!(numbers, (1..=23).collect::<Vec<_>>());
    let groups = ["treatment", "climate", "risk", "ecology"];
    let sizes = groups.map(|group| plan.rows.iter().filter(|row| row.group == group).count());
    assert_eq!(sizes, [15, 3, 2, 3]);
    let expected: Vec<u16> =
        plan.rows.iter().filter(|row| row.attribute == Attribute::Expected).map(|row| row.no).collect();
    assert_eq!(expected, [9, 10, 11, 18, 21]);
    for target in plan.targets.iter().filter(|target| !target.indicator.is_empty()) {
        assert!(plan.row_called(&target.indicator).is_some(), "{}", target.id);
    }
    let known = crate::Definitions::builtin();
    for id in plan.rows.iter().filter_map(|row| row.indicator.as_deref()) {
        assert!(known.get(id).is_some(), "{id}");
    }
    let (values, unread) = read_reported(&plan.reported);
    assert_eq!((values.len(), unread), (27, vec![]));
}

#[test]
fn every_kind_of_value_is_there_as_printed() {
    let plan = plan();
    let target = |no: u16| plan.row(no).expect("the row").target.clone();
    assert_eq!((target(1).kind, target(1).number), (ValueKind::Number, Some(fixed("90.8"))));
    assert_eq!((target(3).kind, target(3).text.as_str()), (ValueKind::Text, "基本消除"));
    assert!(target(17).is_absent() && target(18).is_absent(), "the plan leaves both cells blank");
    let sum = plan.row(12).expect("the row");
    assert_eq!(
        (sum.cumulative.kind, sum.goal(), sum.start()),
        (ValueKind::Cumulative, Some(fixed("4218")), Some(Fixed::ZERO))
    );
    assert_eq!(plan.row(7).expect("the row").base.text, "/");
    let water = &plan.past.rows[2];
    assert_eq!(water.actual.text, "80（扣除上游来水影响后为100）");
    assert_eq!((water.actual.number, water.actual_adjusted), (Some(fixed("80")), Some(fixed("100"))));
    assert_eq!(plan.past.rows[5].target.kind, ValueKind::Cumulative);
    assert_eq!((plan.past.rows[4].done.zh.as_str(), plan.past.rows[4].base.is_absent()), ("完成", true));
}

/// Hand: 88.8 + 2.0·k/5 = 89.2, 89.6, 90.0, 90.4, 90.8; 30 − k/5 = 29.8 … 29; 4218·2/5 = 1687.2.
#[test]
fn the_path_is_a_straight_line() {
    let plan = plan();
    let at = |no: u16, year: i16| {
        let own = path(plan.row(no).expect("the row"));
        own.into_iter().find(|(own, _)| *own == year).expect("the year").1.map(|value| value.to_string())
    };
    assert_eq!(at(1, 2020).as_deref(), Some("88.8"));
    assert_eq!(at(1, 2023).as_deref(), Some("90"));
    assert_eq!(at(2, 2021).as_deref(), Some("29.8"));
    assert_eq!(at(12, 2022).as_deref(), Some("1687.2"));
    assert_eq!(at(19, 2023), None, "no base value");
    assert_eq!(at(23, 2023), None, "a target in words");
}

/// Hand, against the path of the test above and the targets of box 2.
#[test]
fn numbers_are_held_against_path_and_target() {
    let one = |year: &str, value: &str| [reported("ziyang-145.01", year, "official", value)];
    assert_eq!(state(1, 2022, &one("2022", "89.6")), State::OnTrack);
    assert_eq!(state(1, 2022, &one("2022", "89.5")), State::Behind);
    assert_eq!(state(1, 2022, &one("2022", "90.8")), State::Achieved);
    assert_eq!(state(1, 2025, &one("2025", "90.7")), State::Behind);
    assert_eq!(state(1, 2025, &one("2025", "90.75")), State::Achieved, "rounded half to even to 90.8 first");
    // PM2.5: the path of 2022 is 29.6, rounded 30 like the value.
    let two = |year: &str, value: &str| [reported("ziyang-145.02", year, "official", value)];
    assert_eq!(state(2, 2022, &two("2022", "30")), State::OnTrack);
    assert_eq!(state(2, 2023, &two("2023", "30")), State::Behind, "29.4 rounds to 29");
    assert_eq!(state(2, 2023, &two("2023", "29")), State::Achieved);
    // A sum over the years.
    assert_eq!(state(12, 2022, &[reported("ziyang-145.12", "2022", "official", "1687")]), State::OnTrack);
    assert_eq!(state(12, 2022, &[reported("ziyang-145.12", "2022", "official", "累计减排1600")]), State::Behind);
    // No base value, so no path before the target year.
    assert_eq!(state(19, 2023, &[reported("ziyang-145.19", "2023", "official", "92")]), State::NotDue);
    assert_eq!(state(19, 2023, &[reported("ziyang-145.19", "2023", "official", "94")]), State::Achieved);
}

#[test]
fn targets_in_words_and_blank_targets_are_not_guessed() {
    let done = [reported("20", "2025", "official", "有效保障")];
    assert_eq!(state(20, 2025, &done), State::Achieved, "the target's own words");
    assert_eq!(state(20, 2025, &[reported("20", "2025", "official", "部分地块未完成")]), State::Text);
    assert_eq!(state(7, 2025, &[reported("7", "2025", "official", "3.1")]), State::Text);
    let blank = [reported("17", "2024", "official", "12.5")];
    let status = plan_status(&plan(), 2024, &[], &blank);
    assert_eq!(row(&status, 17).state, State::Text);
    assert!(row(&status, 17).why.zh.contains("没有写明目标值"), "{}", row(&status, 17).why.zh);
    assert_eq!(state(3, 2023, &[reported("3", "2023", "official", "0.0")]), State::Achieved);
    let heavy = plan_status(&plan(), 2023, &[], &[reported("3", "2023", "official", "0.3")]);
    assert_eq!((row(&heavy, 3).state, row(&heavy, 3).confidence), (State::Behind, Confidence::Unconfirmed));
    assert!(row(&heavy, 3).why.zh.contains("省级认定为准"));
}

#[test]
fn without_a_value_there_is_no_state_but_no_data() {
    let plan = plan();
    let status = plan_status(&plan, 2025, &[], &plan.reported);
    assert!(status.rows.iter().all(|row| row.state == State::NoData), "{:?}", status.counts);
    assert_eq!(status.counts["no_data"], 23);
    assert_eq!(status.counts.values().sum::<u32>(), 23);
    let first = row(&status, 1);
    assert_eq!((first.value_year, first.value.as_ref().map(|value| value.text.as_str())), (Some(2020), Some("88.8")));
    assert!(first.why.zh.contains("2021–2025"), "{}", first.why.zh);
    assert!(first.document.as_deref().is_some_and(|document| document.contains("第157行")));
    assert!(status.targets.iter().all(|target| target.state == State::NoData));
    let base = plan_status(&plan, 2020, &[], &plan.reported);
    assert_eq!(row(&base, 1).state, State::NotDue);
    let bare = plan_status(&plan, 2020, &[], &[]);
    assert_eq!(row(&bare, 1).value.as_ref().map(|value| value.text.as_str()), Some("88.8"), "the plan's own base");
    assert_eq!((row(&bare, 7).state, &row(&bare, 7).value), (State::NoData, &None));
}

/// The official value prevails; the computed one and the difference stay: 89.1 − 88.8 = 0.3.
#[test]
fn reported_and_computed_stand_side_by_side() {
    let computed = [computed("air.good_ratio", 2022, Ratio::new(8880, 100), true)];
    let alone = plan_status(&plan(), 2022, &computed, &[]);
    assert_eq!((row(&alone, 1).source, row(&alone, 1).confidence), (Some(ValueSource::Computed), Confidence::Probable));
    assert_eq!(row(&alone, 1).value.as_ref().map(|value| value.text.as_str()), Some("88.8"));
    let both = plan_status(&plan(), 2022, &computed, &[reported("1", "2022", "official", "89.1")]);
    let first = row(&both, 1);
    assert_eq!(first.source, Some(ValueSource::Reported));
    assert_eq!((first.computed, first.difference), (Some(fixed("88.8")), Some(fixed("0.3"))));
    assert!(first.why.zh.contains("由观测计算为 88.8，相差 0.3"), "{}", first.why.zh);
}

#[test]
fn raw_and_adjusted_stand_side_by_side() {
    let records = [reported("4", "2022", "adjusted", "94.1"), reported("4", "2022", "raw", "82.4")];
    let status = plan_status(&plan(), 2022, &[], &records);
    let water = row(&status, 4);
    assert_eq!(water.value.as_ref().map(|value| value.text.as_str()), Some("82.4"), "base and target are raw too");
    assert_eq!(water.others, vec![(ReportedKind::Adjusted, ValueText::read("94.1"))]);
    assert!(water.why.zh.contains("同年调整后的值 94.1"), "{}", water.why.zh);
    let points = history(&plan(), 4, &[], &records);
    let shown: Vec<(i16, &str, bool)> =
        points.iter().map(|point| (point.year, point.value.text.as_str(), point.prevails)).collect();
    assert_eq!(shown, [(2020, "80", true), (2022, "82.4", true), (2022, "94.1", false)]);
}

#[test]
fn an_incomplete_year_is_shown_and_not_judged() {
    let half = [computed("air.good_ratio", 2022, Ratio::new(95, 1), false)];
    let status = plan_status(&plan(), 2022, &half, &[]);
    assert_eq!(row(&status, 1).state, State::NoData);
    assert!(row(&status, 1).why.en.contains("only 200 of 365 valid days"), "{}", row(&status, 1).why.en);
    assert_eq!(row(&status, 1).value.as_ref().map(|value| value.text.as_str()), Some("95.0"));
    let older = [computed("air.good_ratio", 2021, Ratio::new(895, 10), true), half[0].clone()];
    let status = plan_status(&plan(), 2022, &older, &[]);
    assert_eq!((row(&status, 1).value_year, row(&status, 1).state), (Some(2021), State::OnTrack));
    assert!(row(&status, 1).why.zh.contains("2022 年计算值 95.0"), "{}", row(&status, 1).why.zh);
}

#[test]
fn another_area_is_an_example() {
    let values = [computed("air.good_ratio", 2014, Ratio::new(471, 10), true)];
    let status = plan_status_of(&plan(), "110000", 2014, &values, &[]);
    let first = row(&status, 1);
    assert_eq!((first.state, first.path, first.value_year), (State::Behind, None, Some(2014)));
    assert!(first.why.zh.starts_with("示例"), "{}", first.why.zh);
    assert_eq!(
        (row(&status, 4).state, &row(&status, 4).value),
        (State::NoData, &None),
        "the plan's base is not theirs"
    );
}

#[test]
fn targets_of_the_text_take_reports_and_follow_their_row() {
    let records = [
        reported("T07", "2023", "official", "45"),
        reported("ziyang-145.T13", "2023", "official", "9500000"),
        reported("T46", "2023", "official", "98"),
        reported("T37", "2022", "official", "已完成"),
        reported("9", "2025", "official", "76.2"),
    ];
    let plan = plan();
    let at = |year: i16, id: &str| {
        let status = plan_status(&plan, year, &[], &records);
        status.targets.into_iter().find(|target| target.id == id).expect("the target").state
    };
    assert_eq!(at(2023, "T07"), State::NotDue, "no deadline is stated, so the plan's end counts");
    assert_eq!(at(2025, "T07"), State::Behind);
    assert_eq!(at(2023, "T46"), State::Behind, "a standing duty is always due");
    assert_eq!(at(2023, "T13"), State::NotDue);
    assert_eq!(at(2025, "T13"), State::Behind);
    assert_eq!(at(2021, "T37"), State::NoData, "reported later");
    assert_eq!(at(2022, "T37"), State::Achieved);
    assert_eq!(at(2025, "T27"), State::Achieved, "same as indicator 9");
    assert_eq!(at(2025, "T54"), State::NoData);
}

#[test]
fn reports_that_cannot_be_read_are_told() {
    let records = [reported("1", "二〇二二", "official", "89"), reported("1", "2022", "rumour", "99")];
    let status = plan_status(&plan(), 2022, &[], &records);
    assert_eq!(status.problems.len(), 2);
    assert!(status.problems[1].zh.contains("rumour"));
    assert_eq!(row(&status, 1).state, State::NoData);
}

#[test]
fn a_bad_row_is_a_problem_and_the_rest_stays() {
    let builtin = Plans::builtin_files();
    let folder = "plans/ziyang-145";
    let mut files = Files::new();
    for (path, content) in builtin.below("plans/").iter() {
        files.insert(format!("plans/{path}"), content);
    }
    let indicators = files.get(&format!("{folder}/indicators.csv")).expect("the file").to_string();
    files.insert(format!("{folder}/indicators.csv"), indicators.replace("90.8,number", "许多,number"));
    files.insert("plans/next/plan.toml", "id = \"other\"");
    let (plans, problems) = Plans::load(&files);
    assert_eq!(plans.get("ziyang-145").expect("still there").rows.len(), 22);
    let texts: Vec<String> = problems.iter().map(|own| format!("{}: {}", own.path, own.message.zh)).collect();
    assert!(texts.iter().any(|text| text.contains("indicators.csv: 第 2 行") && text.contains("许多")), "{texts:?}");
    assert!(texts.iter().any(|text| text.starts_with("plans/next/plan.toml")), "{texts:?}");
}

proptest! {
    /// Whatever is reported, every row has one state, the counts add up, and nothing panics.
    #[test]
    fn any_report_gives_every_row_a_state(
        records in proptest::collection::vec(("[0-9]{1,2}|T[0-9]{2}|\\PC{0,4}", "20[12][0-9]|\\PC{0,3}", "official|raw|adjusted|computed||x", "[0-9]{1,3}(\\.[0-9])?|\\PC{0,5}"), 0..12),
        year in 2010_i16..2035,
    ) {
        let records: Vec<Record> = records.iter().map(|(a, b, c, d)| reported(a, b, c, d)).collect();
        let status = plan_status(&plan(), year, &[], &records);
        prop_assert_eq!(status.rows.len(), 23);
        prop_assert_eq!(status.counts.values().sum::<u32>(), 23);
        prop_assert!(status.rows.iter().all(|row| !row.why.zh.is_empty() && !row.why.en.is_empty()));
        prop_assert!(status.rows.iter().all(|row| row.value_year.is_none_or(|own| own <= year)));
    }

    /// A better value never has a worse state.
    #[test]
    fn a_better_value_is_never_judged_worse(tenths in 0_i64..999, more in 1_i64..100, year in 2021_i16..2026) {
        let rank = |state: State| match state { State::Achieved => 2, State::OnTrack => 1, _ => 0 };
        let value = |tenths: i64| Fixed::from_millionths(tenths * 100_000).to_string();
        let own = |tenths: i64| state(1, year, &[reported("1", &year.to_string(), "official", &value(tenths))]);
        prop_assert!(rank(own(tenths + more)) >= rank(own(tenths)));
    }
}

/// A target in words is judged by the conditions that the indicator tells (inventory 2.2 (23): three tests).
#[test]
fn a_target_in_words_is_judged_by_its_conditions() {
    let judged = |conditions: &[(&str, Option<bool>)]| {
        let mut plan = plan();
        let own = plan.rows.iter_mut().find(|row| row.no == 23).expect("the red line");
        own.text_rule = Some(crate::plan::TextRule::Conditions);
        own.indicator = Some("redline.area".to_string());
        let conditions = conditions.iter().map(|(name, met)| (Text::new(*name, *name), *met)).collect();
        let value =
            ComputedValue { conditions, ..ComputedValue::of_days("redline.area", 2025, Some(fixed("1.91")), (3, 3)) };
        let status = plan_status(&plan, 2025, &[value], &[]);
        let row = row(&status, 23);
        (row.state, row.why.zh.clone())
    };
    assert_eq!(judged(&[("面积不减少", Some(true)), ("性质不改", Some(true))]).0, State::Achieved);
    let (state, why) = judged(&[("面积不减少", Some(false)), ("性质不改", Some(true))]);
    assert!(state == State::Behind && why.contains("不满足：面积不减少"), "{why}");
    let (state, why) = judged(&[("面积不减少", Some(true)), ("功能不降", None)]);
    assert!(state == State::Text && why.contains("尚不能判定：功能不降"), "{why}");
}
