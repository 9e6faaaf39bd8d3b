//! The documents of a plan's evaluation, read back.

use super::sample;
use super::sample_rows::{INDICATORS, PAST, TARGETS};
use super::*;
use crate::sample::{keep, text_of};
use crate::sheet::tests::Read;
use crate::template::Templates;
use domain::Lang;

fn typeset(report: &PlanReport, lang: Lang) -> (Vec<u8>, usize) {
    let data = serde_json::to_value(report).expect("plain data");
    Templates::builtin().typeset("plan-report", &data, lang).expect("the built-in template compiles")
}

/// A text as `pdftotext` may break it: without spaces.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[test]
fn the_pages_hold_every_row_of_the_plan_in_both_languages() {
    let report = sample::report();
    for lang in [Lang::Zh, Lang::En] {
        let (pdf, count) = typeset(&report, lang);
        keep(&format!("plan-report-{lang:?}.pdf"), &pdf);
        assert!(pdf.starts_with(b"%PDF-") && (10..=24).contains(&count), "{count} pages");
        let Some(text) = text_of(&pdf) else { continue };
        let squeezed = squeezed(&text);
        for figure in ["82.4", "84.9", "80.1–91.5", "+5.8", "196/204", "68.40", "累计减排7749", "4218", "143"] {
            assert!(squeezed.contains(figure), "{figure} is not in the {lang:?} document");
        }
        for row in &TARGETS {
            assert!(text.contains(row[0]), "{} is not in the {lang:?} document", row[0]);
        }
        let words = match lang {
            Lang::Zh => ["中期评估报告", "专栏1", "专栏2", "未确认", "进度正常", "30.2％", "所缺数据", "模拟"],
            Lang::En => {
                ["Mid-term evaluation", "Box 1", "Box 2", "unconfirmed", "On track", "30.2 %", "missing", "simulated"]
            }
        };
        for word in words {
            let word = self::squeezed(word);
            assert!(squeezed.contains(&word), "{word} is not in the {lang:?} document");
        }
        for (at, page) in text.split('\u{c}').take(count).enumerate() {
            assert!(
                page.contains(if lang == Lang::Zh { "模拟" } else { "simulated" }),
                "page {} lacks the mark",
                at + 1
            );
        }
    }
}

#[test]
fn the_same_data_give_the_same_bytes() {
    let report = sample::report();
    assert_eq!(typeset(&report, Lang::Zh), typeset(&report, Lang::Zh));
    let sheets = || plan_report_xlsx(&report, Lang::Zh).expect("a workbook");
    assert!(sheets() == sheets());
}

#[test]
fn an_empty_report_says_so_and_needs_no_field() {
    for (lang, words) in [(Lang::Zh, "没有数据"), (Lang::En, "No data")] {
        let (pdf, _) = typeset(&PlanReport::default(), lang);
        keep(&format!("plan-report-empty-{lang:?}.pdf"), &pdf);
        assert!(text_of(&pdf).is_none_or(|text| text.contains(words)));
    }
    let bytes = plan_report_xlsx(&PlanReport::default(), Lang::Zh).expect("a workbook");
    let mut read = Read::new(bytes);
    assert_eq!(read.names().len(), 10);
    assert!(read.sheet("其他目标").all().contains("没有数据"));
}

#[test]
fn very_long_words_and_many_rows_run_over_pages_under_repeated_heads() {
    let mut report = sample::report();
    let long = "一段很长的说明，含有 an unbrokenwordofmanyletters 和标点。".repeat(120);
    report.indicators.rows[3].why = Text::new(&long, &long);
    report.targets[5].evidence = Text::new(&long, &long);
    report.details[2].contributions.rows = vec![report.details[2].contributions.rows[0].clone(); 150];
    report.past.rows[2].note = Text::new(&long, &long);
    for lang in [Lang::Zh, Lang::En] {
        let (pdf, count) = typeset(&report, lang);
        keep(&format!("plan-report-long-{lang:?}.pdf"), &pdf);
        let Some(text) = text_of(&pdf) else { continue };
        assert!(text.split('\u{c}').count() > count);
        let part = if lang == Lang::Zh { "示例河甲断面" } else { "Sample river A" };
        assert_eq!(text.matches(part).count(), 150);
        for page in text.split('\u{c}').filter(|page| page.matches(part).count() > 10) {
            assert!(page.contains(if lang == Lang::Zh { "水质类别" } else { "Class" }), "the head is repeated");
        }
        // Nothing of the long words runs off the page.
        let whole = squeezed(&text).matches("unbrokenwordofmanyletters").count();
        assert!(whole >= 340, "{whole} of 360 pieces are printed whole");
    }
}

#[test]
fn every_state_and_evaluation_has_its_word() {
    for state in Standing::ALL {
        assert_eq!(Standing::of_code(state.code()), Some(state));
        let code = serde_json::to_value(state).expect("a plain value");
        assert_eq!(code, state.code());
    }
    assert_eq!(Standing::of_code("late"), None);
    for (evaluation, words) in
        [(Evaluation::Annual, "年度评估"), (Evaluation::MidTerm, "中期评估"), (Evaluation::Final, "终期评估")]
    {
        let report = PlanReport { evaluation, ..PlanReport::default() };
        let bytes = plan_report_xlsx(&report, Lang::Zh).expect("a workbook");
        assert!(Read::new(bytes).sheet("摘要").text(0, 0).contains(words));
        let (pdf, _) = typeset(&report, Lang::Zh);
        assert!(text_of(&pdf).is_none_or(|text| text.contains(words)));
    }
}

#[test]
fn the_sheets_hold_the_plans_tables_with_numbers_as_numbers() {
    let report = sample::report();
    let bytes = plan_report_xlsx(&report, Lang::Zh).expect("a workbook");
    keep("plan-report.xlsx", &bytes);
    let mut read = Read::new(bytes);
    let past = read.sheet("专栏1");
    let head = past.row_of("类别");
    for (row, plan) in (head + 1..).zip(&PAST) {
        assert_eq!(past.text(row, 1), plan[2]);
        match plan[7].parse::<f64>() {
            Ok(number) => assert_eq!(past.number(row, 5), number),
            Err(_) => assert_eq!(past.text(row, 5), plan[7]),
        }
    }
    let indicators = read.sheet("专栏2");
    let head = indicators.row_of("类别");
    for (at, (row, plan)) in (head + 1..).zip(&INDICATORS).enumerate() {
        assert_eq!(indicators.number(row, 1), (at + 1) as f64);
        assert_eq!(indicators.text(row, 2), plan[2]);
        for (column, printed) in [(4, plan[5]), (5, plan[6]), (6, plan[7])] {
            match printed.parse::<f64>() {
                Ok(number) => assert_eq!(indicators.number(row, column), number),
                Err(_) => assert_eq!(indicators.text(row, column), printed),
            }
        }
    }
    let fourth = head + 4;
    assert_eq!(indicators.number(fourth, 8), 82.4);
    assert_eq!(indicators.number(fourth, 10), 84.9);
    assert_eq!(indicators.text(fourth, 11), "落后");
    assert_eq!(indicators.number(fourth, 13), 80.1);
    // The number that rests on an unconfirmed clause says so.
    assert_eq!(indicators.text(head + 12, 18), "未确认");
    assert!(indicators.all().contains("黄底"));

    let targets = read.sheet("其他目标");
    let head = targets.row_of("编号");
    assert_eq!(targets.text(head + 56, 0), "T56");
    assert_eq!(targets.text(head + 24, 6), "落后");
    let sides = read.sheet("数值对照");
    let head = sides.row_of("序号");
    assert_eq!(sides.number(head + 2, 5), 0.4);
    let outlook = read.sheet("趋势、预测与情景").all();
    assert!(outlook.contains("若甲断面达到Ⅲ类") && outlook.contains("平均误差"));
    let systems = read.sheet("系统覆盖");
    let head = systems.row_of("编号");
    assert_eq!(systems.number(head + 4, 2), 117.0);
}

#[test]
fn no_word_is_missing_and_every_sheet_has_a_title() {
    for (lang, names) in [
        (Lang::Zh, ["摘要", "专栏1", "专栏2", "其他目标", "指标历史", "贡献", "项目", "系统覆盖", "依据"]),
        (
            Lang::En,
            ["Summary", "Box 1", "Box 2", "Other targets", "History", "Contributions", "Projects", "Coverage", "Basis"],
        ),
    ] {
        let mut read = Read::new(plan_report_xlsx(&sample::report(), lang).expect("a workbook"));
        let own = read.names();
        assert_eq!(own.len(), 15, "{own:?}");
        for name in names {
            assert!(own.iter().any(|own| own.starts_with(name)), "{name} is not one of {own:?}");
        }
        for name in own {
            let sheet = read.sheet(&name);
            assert!(sheet.text(0, 0).contains("2023"), "{name}");
            let keys: Vec<_> = sheet.texts().filter(|text| text.contains('_') && !text.contains('.')).collect();
            assert!(keys.is_empty(), "{name}: {keys:?}");
        }
    }
}
