//! Rows, headers and columns by the built-in standards.

use crate::catalog::Catalog;
use crate::media::{BindError, Kernel, KernelColumns, Limits, Options, Reading, Role, exact};
use domain::Problem;
use domain::fixed::Fixed;
use proptest::prelude::*;
use std::sync::LazyLock;

static CATALOG: LazyLock<Catalog> = LazyLock::new(Catalog::builtin);

fn water() -> &'static Limits {
    CATALOG.limits("gb3838-2002").expect("built in")
}

/// One row through the door; the outputs by name, and the problems.
fn row(id: &str, given: &[(&str, &str)], items: &[&str]) -> (Vec<(String, String)>, Vec<Problem>) {
    let evaluator = CATALOG.evaluator(id).unwrap_or_else(|| panic!("{id} is built in"));
    let header: Vec<&str> = given.iter().map(|(name, _)| *name).collect();
    let options = Options { items: items.iter().map(|item| item.to_string()).collect() };
    let bound = evaluator.bind(&header, &options).unwrap_or_else(|error| panic!("{error}"));
    let cells: Vec<Option<&str>> = given.iter().map(|(_, cell)| (!cell.is_empty()).then_some(*cell)).collect();
    let judged = bound.row(&cells);
    let outputs = evaluator.outputs();
    assert_eq!(outputs.len(), judged.cells.len());
    let named = outputs.iter().zip(judged.cells).map(|(own, cell)| (own.name.clone(), cell.unwrap_or_default()));
    (named.collect(), judged.problems)
}

fn cell(id: &str, given: &[(&str, &str)], column: &str) -> String {
    let (cells, _) = row(id, given, &[]);
    cells.into_iter().find(|(name, _)| name == column).unwrap_or_else(|| panic!("{column} is there")).1
}

#[test]
fn every_evaluator_says_its_columns_and_adds_a_confidence() {
    for evaluator in CATALOG.evaluators() {
        let columns = evaluator.columns();
        assert!(columns.iter().any(|column| column.role == Role::Item), "{evaluator:?}");
        for column in &columns {
            assert!(!column.meaning.zh.is_empty() && !column.meaning.en.is_empty(), "{evaluator:?} {}", column.name);
            assert_eq!(column.unit.is_empty(), column.role == Role::Word, "{evaluator:?} {}", column.name);
            assert_eq!(column.words.is_empty(), column.role != Role::Word, "{evaluator:?} {}", column.name);
        }
        let mut names: Vec<String> = columns
            .iter()
            .flat_map(|column| column.also.iter().chain([&column.name]))
            .map(|name| name.to_lowercase())
            .collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count, "{evaluator:?} has two columns of one name");
        assert!(evaluator.outputs().iter().any(|output| output.name == "confidence"), "{evaluator:?}");
    }
}

/// The columns that the command line promises.
#[test]
fn surface_water_takes_the_promised_columns() {
    let names: Vec<String> = CATALOG
        .evaluator("gb3838-2002")
        .expect("built in")
        .columns()
        .into_iter()
        .filter(|column| column.role != Role::Number)
        .map(|column| column.name)
        .collect();
    let promised =
        "kind,water_temp,ph,do,codmn,cod,bod5,nh3n,tp,tn,cu,zn,f,se,as,hg,cd,cr6,pb,cn,phenol,oil,las,s,fecal";
    assert_eq!(names.join(","), promised);
}

#[test]
fn nothing_given_is_nothing_judged() {
    let (cells, problems) = row("gb3838-2002", &[("kind", "river"), ("codmn", "")], &[]);
    assert!(cells.iter().all(|(_, cell)| cell.is_empty()), "{cells:?}");
    assert!(problems.is_empty(), "{problems:?}");
}

#[test]
fn a_wrong_cell_is_told_with_its_text_and_what_to_do() {
    for (given, code, column) in [
        ([("kind", "pond"), ("codmn", "5")], "unknown-word", "kind"),
        ([("kind", ""), ("codmn", "5")], "no-word", "kind"),
        ([("kind", "river"), ("codmn", "-1")], "negative", "codmn"),
        ([("kind", "river"), ("codmn", "5 mg/L")], "not-a-number", "codmn"),
        ([("kind", "river"), ("codmn", "NaN")], "not-a-number", "codmn"),
        ([("kind", "river"), ("ph", "71")], "out-of-range", "ph"),
        ([("kind", "river"), ("codmn", "未检出")], "no-detection-limit", "codmn"),
        ([("kind", "river"), ("codmn", "7L")], "coarse-detection", "codmn"),
    ] {
        let (cells, problems) = row("gb3838-2002", &given, &[]);
        assert_eq!(problems.len(), 1, "{given:?}: {problems:?}");
        let problem = &problems[0];
        assert_eq!((problem.code, problem.place.column.as_str()), (code, column));
        if ["unknown-word", "negative", "not-a-number", "out-of-range"].contains(&code) {
            let raw = given.iter().find(|(name, _)| *name == column).expect("given").1;
            assert_eq!(problem.raw, raw);
            assert!(problem.message.zh.contains(raw) && problem.message.en.contains(raw), "{problem:?}");
        }
        if code != "coarse-detection" {
            assert_eq!(cells[0].1, "", "{given:?} has no class");
        }
    }
}

#[test]
fn spellings_of_headers_and_words() {
    for header in ["CODMn", "codmn", "高锰酸盐指数", "\u{feff}codmn", " codmn "] {
        for kind in ["lake", "Lake", "湖库", "水库", "lake or reservoir"] {
            assert_eq!(
                cell("gb3838-2002", &[("kind", kind), (header, "5"), ("总磷", "0.06")], "class"),
                "Ⅳ",
                "{header} {kind}"
            );
        }
    }
}

#[test]
fn items_asked_for_join_or_replace() {
    let given = [("kind", "lake"), ("codmn", "7"), ("tn", "9"), ("fecal", "1000")];
    let class = |items: &[&str]| row("gb3838-2002", &given, items).0[0].1.clone();
    assert_eq!(class(&[]), "Ⅳ");
    assert_eq!(class(&["fecal"]), "Ⅳ");
    assert_eq!(class(&["tn"]), "劣Ⅴ");
    assert_eq!(class(&["codmn", "fecal"]), "Ⅳ");
    assert_eq!(class(&["codmn", "tn"]), "劣Ⅴ");
    assert_eq!(class(&["ph", "do"]), "", "neither is in the file");
    let evaluator = CATALOG.evaluator("gb3838-2002").expect("built in");
    let asked = Options { items: vec!["mercury(x)".to_string()] };
    let error = evaluator.bind(&["kind", "codmn"], &asked).expect_err("no such item");
    assert!(matches!(&error, BindError::UnknownItem { item, .. } if item == "mercury(x)"));
    assert!(error.text().zh.contains("mercury(x)") && error.text().en.contains("codmn"));
}

#[test]
fn a_header_without_what_is_needed_is_refused() {
    let evaluator = CATALOG.evaluator("gb3838-2002").expect("built in");
    let bind = |header: &[&str]| evaluator.bind(header, &Options::default()).expect_err("refused");
    assert!(matches!(bind(&["codmn"]), BindError::Required { column, .. } if column == "kind"));
    assert!(matches!(bind(&["kind", "section"]), BindError::NoItem { .. }));
}

/// A hundred columns of a short row, a cell too many: nothing panics, and nothing is judged from nowhere.
#[test]
fn short_rows_are_missing() {
    let evaluator = CATALOG.evaluator("gb3838-2002").expect("built in");
    let bound = evaluator.bind(&["kind", "codmn", "do"], &Options::default()).expect("fits");
    assert_eq!(bound.row(&[Some("river"), Some("3")]).cells[0].as_deref(), Some("Ⅱ"));
    assert_eq!(bound.row(&[Some("river")]).cells[0], None);
    assert_eq!(bound.row(&[]).problems.len(), 1);
}

fn exact_class(kernel: &Kernel, word: usize, values: &[Option<i64>], saturation: Option<i64>) -> (u8, u32) {
    let limits = water();
    let mut sample = limits.sample();
    sample.say(limits, "kind", &kernel.words()[word]);
    let fixed = |units: i64| Reading::Value(Fixed::from_millionths(units).into());
    for (item, value) in kernel.items().iter().zip(values) {
        if let Some(value) = value {
            sample.set(limits, item, fixed(*value));
        }
    }
    if let Some(saturation) = saturation {
        sample.set(limits, &kernel.numbers()[0], fixed(saturation));
    }
    let verdict = limits.judge(&sample, &limits.default_items());
    let mut over = 0;
    for own in verdict.items.iter().filter(|own| own.counted && own.class > limits.reference) {
        let code = &limits.items[own.item].code;
        over |= 1 << kernel.items().iter().position(|item| item == code).expect("an item of the kernel");
    }
    (verdict.class.unwrap_or(0) as u8, over)
}

/// Values near every limit, on it, and anywhere.
fn near() -> impl Strategy<Value = Option<i64>> {
    let limits: Vec<i64> = water()
        .items
        .iter()
        .flat_map(|item| &item.rows)
        .flat_map(|row| &row.limits)
        .filter_map(|limit| limit.number())
        .map(|number| number.round(6).millionths())
        .collect();
    prop_oneof![
        Just(None),
        (prop::sample::select(limits), -1_i64..=1).prop_map(|(limit, by)| Some((limit + by).max(0))),
        (0_i64..60_000_000).prop_map(Some),
    ]
}

proptest! {
    #[test]
    fn columns_are_judged_like_rows(
        rows in prop::collection::vec((0_usize..2, prop::collection::vec(near(), 21), near()), 1..40),
    ) {
        let kernel = water().kernel("kind").expect("a kernel");
        prop_assert_eq!(kernel.items().len(), 21);
        let mut columns: Vec<Vec<i64>> = (0..kernel.items().len())
            .map(|item| rows.iter().map(|(_, values, _)| values[item].unwrap_or(i64::MIN)).collect())
            .collect();
        columns.push(rows.iter().map(|(_, _, saturation)| saturation.unwrap_or(-1)).collect());
        let words: Vec<u8> = rows.iter().map(|(word, _, _)| *word as u8).collect();
        let given: Vec<&[i64]> = columns.iter().map(Vec::as_slice).collect();
        let mut out = KernelColumns::default();
        kernel.judge(&words, &given, &mut out);
        for (at, (word, values, saturation)) in rows.iter().enumerate() {
            let expect = exact_class(&kernel, *word, values, *saturation);
            prop_assert_eq!((out.class[at], out.over[at]), expect, "row {} {:?}", at, values);
        }
    }

    #[test]
    fn worse_water_never_has_a_better_class(a in 0_i64..60_000_000, b in 0_i64..60_000_000, item in 0_usize..21, word in 0_usize..2) {
        let kernel = water().kernel("kind").expect("a kernel");
        let own = water().item(&kernel.items()[item]).expect("an item");
        if own.direction != crate::media::Direction::Range {
            let (low, high) = (a.min(b), a.max(b));
            let of = |value: i64| {
                let mut values = vec![None; 21];
                values[item] = Some(value);
                exact_class(&kernel, word, &values, None).0
            };
            let (better, worse) =
                if own.direction == crate::media::Direction::Max { (of(low), of(high)) } else { (of(high), of(low)) };
            prop_assert!(better <= worse);
        }
    }

    #[test]
    fn no_row_panics(cells in prop::collection::vec(prop::option::of("\\PC{0,12}|-?[0-9]{1,25}(\\.[0-9]{0,25})?L?"), 0..60)) {
        for evaluator in CATALOG.evaluators() {
            let columns = evaluator.columns();
            let header: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
            let bound = evaluator.bind(&header, &Options::default()).expect("its own header");
            let given: Vec<Option<&str>> = cells.iter().map(Option::as_deref).collect();
            let judged = bound.row(&given);
            prop_assert_eq!(judged.cells.len(), evaluator.outputs().len());
        }
    }

    #[test]
    fn the_order_of_columns_does_not_matter(values in prop::collection::vec(near(), 22), turn in 0_usize..22) {
        let kernel = water().kernel("kind").expect("a kernel");
        let mut given: Vec<(String, String)> = kernel
            .items()
            .iter()
            .zip(&values)
            .map(|(item, value)| (item.clone(), value.map_or(String::new(), |own| Fixed::from_millionths(own).to_string())))
            .collect();
        given.push(("kind".to_string(), "lake".to_string()));
        let as_given = |given: &[(String, String)]| {
            let pairs: Vec<(&str, &str)> = given.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
            row("gb3838-2002", &pairs, &[]).0
        };
        let one = as_given(&given);
        given.rotate_left(turn);
        prop_assert_eq!(one, as_given(&given));
    }
}

#[test]
fn limits_of_table_one_by_name() {
    let at = |item: &str, class, words: &[(&str, &str)]| water().limit(item, class, words).and_then(|own| own.number());
    assert_eq!(at("tp", 3, &[("kind", "river")]), exact("0.2"));
    assert_eq!(at("tp", 3, &[("kind", "lake")]), exact("0.05"));
    assert_eq!(at("do", 3, &[("kind", "lake")]), exact("5"));
    assert_eq!(at("tp", 3, &[]), None, "the kind is not said");
    assert_eq!(at("tp", 6, &[("kind", "lake")]), None, "the last class has no limit");
}
