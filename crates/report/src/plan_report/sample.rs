//! A mid-term evaluation for the tests of this crate: the rows of a published plan, and invented values beyond its
//! base year.

use super::sample_rows::{INDICATORS, PAST, TARGETS};
use super::*;
use crate::air_year::{Rule, Source};
use domain::Confidence;

fn both(zh: &str, en: &str) -> Text {
    Text::new(zh, en)
}

fn same(text: &str) -> Text {
    both(text, text)
}

fn printed(text: &str) -> Amount {
    if text.is_empty() { Amount::missing("", "") } else { Amount::of(text) }
}

fn attribute(zh: &str) -> Text {
    both(zh, if zh == "约束性" { "binding" } else { "expected" })
}

/// The whole report.
pub(crate) fn report() -> PlanReport {
    let indicators = indicators();
    let targets: Vec<TargetLine> = TARGETS.iter().enumerate().map(|(at, row)| target(at, row)).collect();
    let state_of = |attribute: &'static str| {
        let rows = indicators.rows.iter().filter(move |row| attribute.is_empty() || row.attribute.zh == attribute);
        rows.map(|row| row.state).collect::<Vec<_>>()
    };
    PlanReport {
        plan: both(
            "资阳市“十四五”生态环境保护规划",
            "Ziyang ecological environment plan for the 14th five-year period",
        ),
        evaluation: Evaluation::MidTerm,
        year: 2023,
        from: 2021,
        to: 2025,
        area_code: "512000".to_string(),
        area: both("资阳市", "Ziyang"),
        issuer: both("示例市生态环境局综合规划科", "Sample bureau, planning division"),
        as_of: "2024-03-31".to_string(),
        generated_at: "2026-11-25 18:00".to_string(),
        rule_set: both("评估年份当时施行的标准", "the standards in force in the year evaluated"),
        marks: vec![both("模拟", "simulated")],
        notes: notes(),
        tallies: vec![
            Tally::of(both("规划指标", "the plan's indicators"), state_of("")),
            Tally::of(both("其中：约束性", "of these: binding"), state_of("约束性")),
            Tally::of(both("其中：预期性", "of these: expected"), state_of("预期性")),
            Tally::of(both("其他目标", "other targets"), targets.iter().map(|target| target.state)),
        ],
        past: past(),
        indicators,
        targets,
        details: details(),
        projects: projects(),
        project_list: vec![ListLine {
            id: "P3-01".to_string(),
            group: both("专栏3", "Box 3"),
            name: both("退耕还林和成果巩固管护", "farmland returned to forest, and its upkeep"),
            area: both("全市", "whole city"),
            state: both("在建", "under way"),
            evidence: both("2023年项目调度表", "project list of 2023"),
            responsible: both("市林业局", "forestry bureau"),
        }],
        coverage: coverage(),
        system_list: vec![ListLine {
            id: "surface-section-network".to_string(),
            group: both("水", "water"),
            name: both("地表水断面网络", "surface-water sections"),
            state: both("可用", "works"),
            evidence: both("场景 water-year", "scenario water-year"),
            ..ListLine::default()
        }],
        rules: rules(),
        sources: vec![Source {
            file: "2023年重点工程减排核算表.xlsx".to_string(),
            sha256: "4b1d0c54f0d7a2b2".repeat(4),
            recorded: "2024-02-18 09:30".to_string(),
            rows: 126,
            attribution: "市生态环境局总量办".to_string(),
        }],
        statements: vec![both("2021年以后的数值均为虚构。", "Every value after 2020 is invented.")],
    }
}

fn notes() -> Vec<Text> {
    vec![
        both(
            "正文第 14 行“下降30.2％”与专栏1（42.9→30，即 30.07%）不一致；以专栏1 的数值为准。",
            "The text (line 14) says “a fall of 30.2 %”; box 1 (42.9 to 30) makes 30.07 %. The numbers of box 1 are kept.",
        ),
        both(
            "断面比例的基准 80% 来自 5 个断面，目标 88.2% 来自 17 个断面，两者不可直接相比。",
            "The base of 80 % rests on 5 sections, the target of 88.2 % on 17: not directly comparable.",
        ),
    ]
}

fn past() -> PastTable {
    let row = |row: &[&str; 10]| PastLine {
        group: both(row[0], row[1]),
        name: both(row[2], row[3]),
        unit: same(row[4]),
        base: printed(row[5]),
        target: printed(row[6]),
        actual: printed(row[7]),
        attribute: attribute("约束性"),
        done: both("完成", "done"),
        note: both(row[8], row[9]),
    };
    PastTable {
        label: both("专栏1", "Box 1"),
        title: both(
            "资阳市“十三五”生态环境保护规划目标完成情况",
            "Targets of the 13th five-year period and how they were met",
        ),
        base_year: 2015,
        target_year: 2020,
        rows: PAST.iter().map(row).collect(),
    }
}

fn indicators() -> IndicatorTable {
    IndicatorTable {
        label: both("专栏2", "Box 2"),
        title: both("资阳市“十四五”生态环境保护规划指标体系", "Indicators of the plan for the 14th five-year period"),
        base_year: 2020,
        target_year: 2025,
        forecast_year: "2025".to_string(),
        rows: INDICATORS.iter().enumerate().map(|(at, row)| indicator(at, row)).collect(),
        notes: vec![both(
            "路径值为基期到目标年的直线；没有基期数值的指标没有路径。",
            "The path is the straight line from base to target; without a base there is none.",
        )],
    }
}

/// State, value, path, forecast with its interval, why: invented.
fn judged(number: usize) -> (Standing, [&'static str; 5], Text) {
    match number {
        1 => (
            Standing::OnTrack,
            ["90.1", "90.0", "90.9", "88.6", "93.2"],
            both("优于路径值 0.1 个百分点", "0.1 points better than the path"),
        ),
        2 => (
            Standing::Behind,
            ["31", "29", "30", "27", "33"],
            both(
                "高于路径值 2 μg/m3，目标年前须下降 2 μg/m3",
                "2 μg/m3 above the path; it must fall by 2 before the year of the target",
            ),
        ),
        4 => (
            Standing::Behind,
            ["82.4", "84.9", "86.0", "80.1", "91.5"],
            both(
                "17 个断面中 14 个达到Ⅲ类，另有 3 个断面总磷或高锰酸盐指数超标",
                "14 of 17 sections are of class III; three exceed in total phosphorus or permanganate index",
            ),
        ),
        5 | 6 | 8 => (Standing::Achieved, ["0", "0", "", "", ""], both("已达到目标", "the target is met")),
        9 => (
            Standing::OnTrack,
            ["68.40", "67.43", "76.10", "74.00", "78.20"],
            both("优于路径值", "better than the path"),
        ),
        12 => (
            Standing::OnTrack,
            ["2604", "2531", "4310", "", ""],
            both("累计减排进度正常", "the sum of cuts is on its path"),
        ),
        7 | 16 => (
            Standing::NoData,
            [""; 5],
            both("省下达的目标尚未录入", "the target set by the province is not yet entered"),
        ),
        20 | 21 => (Standing::Text, [""; 5], both("文字目标，由人评定", "a target in words, for people to judge")),
        23 => (
            Standing::Text,
            ["1.91", "", "", "", ""],
            both(
                "面积未减少；功能与性质由人评定",
                "the area has not shrunk; function and nature are for people to judge",
            ),
        ),
        _ => (Standing::NoData, [""; 5], both("评估年份没有上报值", "nothing was reported for the year")),
    }
}

fn indicator(at: usize, row: &[&str; 11]) -> IndicatorLine {
    let number = at + 1;
    let (state, [value, path, forecast, low, high], why) = judged(number);
    let (value, path) = if number == 8 { ("100", "100") } else { (value, path) };
    let weak = if number == 12 { Confidence::Unconfirmed } else { Confidence::Confirmed };
    IndicatorLine {
        group: both(row[0], row[1]),
        number: number.to_string(),
        name: both(row[2], row[3]),
        unit: same(row[4]),
        base: printed(row[5]),
        target: printed(row[6]),
        cumulative: printed(row[7]),
        attribute: attribute(row[8]),
        value: if value.is_empty() {
            Amount::missing("评估年份没有上报值", "nothing was reported for the year")
        } else {
            Amount::of(value).with_confidence(weak)
        },
        value_year: if value.is_empty() {
            String::new()
        } else {
            if number == 23 { "2022" } else { "2023" }.to_string()
        },
        path: printed(path),
        state,
        why,
        forecast: printed(forecast),
        forecast_low: low.to_string(),
        forecast_high: high.to_string(),
        basis: if value.is_empty() { Text::default() } else { both("2023年环境质量公报", "bulletin of 2023") },
        responsible: if number > 8 {
            both("市农业农村局", "agriculture bureau")
        } else {
            both("市生态环境局", "environment bureau")
        },
        note: both(row[9], row[10]),
    }
}

fn target(at: usize, row: &[&str; 5]) -> TargetLine {
    let (state, value, why) = match at {
        0 => (Standing::OnTrack, "64", both("按期推进", "in time")),
        13 | 15 => (Standing::Achieved, "0", both("已达到", "met")),
        23 => (
            Standing::Behind,
            "",
            both(
                "期限 2022-12-31 已过，没有完成的依据",
                "the deadline 2022-12-31 has passed and nothing shows that it is done",
            ),
        ),
        10 | 13..=17 => (Standing::Text, "", both("文字目标，由人评定", "a target in words, for people to judge")),
        40..=52 => (Standing::NotDue, "", both("未到期限", "not yet due")),
        _ => (Standing::NoData, "", both("没有上报值", "nothing reported")),
    };
    let deadline = match row[4] {
        "standing" => both("持续", "standing"),
        "yearly" => both("每年", "yearly"),
        other => same(other),
    };
    TargetLine {
        id: row[0].to_string(),
        quote: same(row[2]),
        place: both(&format!("第{}行", row[1]), &format!("line {}", row[1])),
        target: same(row[3]),
        deadline,
        value: if value.is_empty() {
            Amount::missing("没有上报值", "nothing reported")
        } else {
            Amount::of(value)
        },
        state,
        why,
        evidence: if value.is_empty() {
            Text::default()
        } else {
            both("2023年部门统计表", "department statistics of 2023")
        },
        responsible: both("市住建局", "housing bureau"),
    }
}

fn year_value(year: i32, value: &str, path: &str) -> YearValue {
    let (kind, basis) = if year == 2020 {
        (both("规划基期", "base of the plan"), both("专栏2", "box 2"))
    } else {
        (both("上报", "reported"), both("环境质量公报", "bulletin"))
    };
    let none = value.is_empty();
    YearValue {
        year,
        value: if none { Amount::missing("", "") } else { Amount::of(value) },
        path: printed(path),
        kind: if none { Text::default() } else { kind },
        basis: if none { Text::default() } else { basis },
    }
}

fn history(values: [&str; 6], paths: [&str; 6]) -> Vec<YearValue> {
    (2020..).zip(values.iter().zip(paths)).map(|(year, (value, path))| year_value(year, value, path)).collect()
}

fn details() -> Vec<Detail> {
    vec![
        Detail {
            number: "1".to_string(),
            scope: both("市辖区国控城市评价点", "national control points of the urban area"),
            history: history(
                ["88.8", "87.4", "89.0", "90.1", "", ""],
                ["88.8", "89.2", "89.6", "90.0", "90.4", "90.8"],
            ),
            completeness: vec![Share {
                name: both("有效日", "valid days"), have: 361, of: 365, note: Text::default()
            }],
            rules: vec![used("HJ 663—2013", "表 1", "table 1", Confidence::Confirmed)],
            ..Detail::default()
        },
        Detail {
            number: "2".to_string(),
            scope: both("市辖区国控城市评价点", "national control points of the urban area"),
            history: history(["30", "33", "30", "31", "", ""], ["30", "30", "30", "29", "29", "29"]),
            sides: vec![
                side(both("上报", "reported"), "31", "", both("环境质量公报", "bulletin")),
                side(both("计算", "computed"), "31.4", "+0.4", both("小时值", "hourly values")),
            ],
            rules: vec![used("HJ 663—2013", "表 1", "table 1", Confidence::Confirmed)],
            ..Detail::default()
        },
        sections(),
        Detail {
            number: "12".to_string(),
            scope: both("全市，自 2021 年累计", "whole city, summed from 2021"),
            history: history(["", "870", "1790", "2604", "", ""], ["0", "844", "1687", "2531", "3374", "4218"]),
            contributions: Contributions {
                part_head: both("项目", "Project"),
                value_head: both("核定状态", "Finding"),
                amount_head: both("减排量（t）", "Cut (t)"),
                rows: vec![Contribution {
                    code: "P5-10".to_string(),
                    name: both("城镇污水处理厂提标改造", "town sewage works brought to a stricter standard"),
                    value: Amount::of("核定"),
                    amount: Amount::of("412").with_confidence(Confidence::Unconfirmed),
                    note: Text::default(),
                }],
                rest: both("另有 38 个项目共 2192 t。", "38 further projects: 2192 t."),
            },
            rules: vec![used("总量减排核算技术指南", "第 3 章", "chapter 3", Confidence::Unconfirmed)],
            ..Detail::default()
        },
        Detail {
            number: "16".to_string(),
            missing: vec![
                both("省下达的五年目标文件", "the document of the province that sets the target"),
                both("2020—2023 年能源平衡表", "energy balances of 2020 to 2023"),
            ],
            ..Detail::default()
        },
        Detail {
            number: "21".to_string(),
            missing: vec![both("首个可比年度的生态质量指数", "the index of the first comparable year")],
            ..Detail::default()
        },
    ]
}

/// The indicator on sections of rivers: adjusted values, contributions, everything filled.
fn sections() -> Detail {
    let part = |code: &str, name: (&str, &str), class: &str, amount: &str, note: (&str, &str)| Contribution {
        code: code.to_string(),
        name: both(name.0, name.1),
        value: Amount::of(class),
        amount: Amount::of(amount),
        note: both(note.0, note.1),
    };
    Detail {
        number: "4".to_string(),
        scope: both("国、省考断面，“十四五”为 17 个", "national and provincial sections, 17 in 2021-2025"),
        history: history(["80", "76.5", "82.4", "82.4", "", ""], ["80", "81.6", "83.3", "84.9", "86.6", "88.2"]),
        sides: vec![
            side(both("上报", "reported"), "82.4", "", both("2023年环境质量公报", "bulletin of 2023")),
            side(both("计算", "computed"), "82.4", "0.0", both("17 个断面月度数据", "monthly data of 17 sections")),
            side(
                both("扣除上游来水后", "less upstream inflow"),
                "88.2",
                "+5.8",
                both("省级核定函（示例）", "letter of the province (example)"),
            ),
        ],
        contributions: Contributions {
            part_head: both("断面", "Section"),
            value_head: both("水质类别", "Class"),
            amount_head: both("影响（百分点）", "Adds (points)"),
            rows: vec![
                part(
                    "S03",
                    ("示例河甲断面", "Sample river A"),
                    "Ⅳ",
                    "-5.9",
                    ("主要污染物：总磷（0.3）", "total phosphorus (0.3)"),
                ),
                part(
                    "S09",
                    ("示例河乙断面", "Sample river B"),
                    "Ⅳ",
                    "-5.9",
                    ("主要污染物：高锰酸盐指数（0.1）", "permanganate index (0.1)"),
                ),
                part(
                    "S14",
                    ("示例河丙断面", "Sample river C"),
                    "Ⅴ",
                    "-5.9",
                    ("主要污染物：总磷（0.9）", "total phosphorus (0.9)"),
                ),
            ],
            rest: both("其余 14 个断面均达到或好于Ⅲ类。", "The other 14 sections are of class III or better."),
        },
        completeness: vec![
            Share { name: both("断面", "sections"), have: 17, of: 17, note: Text::default() },
            Share {
                name: both("断面月", "section-months"),
                have: 196,
                of: 204,
                note: both("2 个断面断流 8 个月", "two sections were dry for 8 months"),
            },
        ],
        rules: vec![
            used("GB 3838—2002", "表 1", "table 1", Confidence::Confirmed),
            used("地表水环境质量评价办法（试行）", "第 2 节", "section 2", Confidence::Unconfirmed),
        ],
        missing: vec![both("2023 年 7 月乙断面的人工监测报告", "the laboratory report of section B for July 2023")],
        trend: both(
            "2020—2023 年没有显著趋势（Mann–Kendall，p = 0.73，4 年）",
            "no significant trend in 2020 to 2023 (Mann–Kendall, p = 0.73, 4 years)",
        ),
        forecast_note: both(
            "按季节趋势外推；对 2021—2023 年回算，平均误差 3.1 个百分点",
            "seasonal trend carried on; tried on 2021 to 2023, its mean error is 3.1 points",
        ),
        scenarios: vec![Scenario {
            assumption: both("若甲断面达到Ⅲ类", "if section A reached class III"),
            value: Amount::of("88.2"),
            difference: Amount::of("+5.8"),
            state: Standing::Achieved,
        }],
    }
}

fn side(kind: Text, value: &str, difference: &str, basis: Text) -> Side {
    Side { kind, value: Amount::of(value), difference: printed(difference), judged: difference.is_empty(), basis }
}

fn used(number: &str, zh: &str, en: &str, confidence: Confidence) -> UsedRule {
    UsedRule { number: number.to_string(), clause: both(zh, en), confidence }
}

fn count(code: (&str, &str), name: (&str, &str), counts: &[u32]) -> CountLine {
    CountLine {
        code: both(code.0, code.1),
        name: both(name.0, name.1),
        total: counts.iter().sum(),
        counts: counts.to_vec(),
    }
}

fn projects() -> CountTable {
    let states = [
        ("已验收", "accepted"),
        ("已完工", "finished"),
        ("在建", "under way"),
        ("未开工", "not begun"),
        ("没有信息", "nothing known"),
    ];
    CountTable {
        states: states.iter().map(|(zh, en)| both(zh, en)).collect(),
        rows: vec![
            count(("专栏3", "Box 3"), ("生态环境空间格局优化工程", "space and landscape"), &[4, 2, 6, 3, 2]),
            count(("专栏4", "Box 4"), ("大气污染防治工程", "air"), &[3, 1, 4, 1, 2]),
            count(("专栏5", "Box 5"), ("水污染防治工程", "water"), &[18, 6, 22, 10, 8]),
            count(("专栏6", "Box 6"), ("农村环境工程", "rural environment"), &[5, 1, 7, 2, 2]),
            count(("专栏7", "Box 7"), ("土壤与固废工程", "soil and waste"), &[4, 2, 5, 4, 2]),
            count(("专栏8", "Box 8"), ("能力建设工程", "capacity"), &[6, 1, 6, 3, 1]),
        ],
        total: count(("", ""), ("合计", "Total"), &[40, 13, 50, 23, 17]),
        notes: Vec::new(),
    }
}

fn coverage() -> CountTable {
    CountTable {
        states: vec![both("可用", "works"), both("已声明", "declared"), both("缺", "missing")],
        rows: vec![
            count(("A", "A"), ("大气", "air"), &[12, 18, 12]),
            count(("W", "W"), ("水", "water"), &[9, 28, 20]),
            count(("S", "S"), ("土壤", "soil"), &[3, 9, 6]),
        ],
        total: count(("", ""), ("", ""), &[24, 55, 38]),
        notes: vec![both("“可用”指有可运行的场景。", "“works” needs a scenario that runs.")],
    }
}

fn rules() -> Vec<Rule> {
    let rule = |id: &str, number: &str, title: (&str, &str), in_force: &str, confidence| Rule {
        id: id.to_string(),
        number: number.to_string(),
        title: both(title.0, title.1),
        clauses: vec!["表 1".to_string()],
        in_force: in_force.to_string(),
        confidence,
    };
    vec![
        rule(
            "gb3838-2002",
            "GB 3838—2002",
            ("地表水环境质量标准", "Environmental quality standards for surface water"),
            "2002-06-01 –",
            Confidence::Confirmed,
        ),
        rule(
            "swe-2011",
            "环办〔2011〕22号",
            ("地表水环境质量评价办法（试行）", "Evaluation of surface water (trial)"),
            "2011-03-09 –",
            Confidence::Unconfirmed,
        ),
    ]
}
