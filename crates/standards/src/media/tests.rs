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
    let twice = bind(&["kind", "tp", "总磷(mg/L)"]);
    assert!(matches!(&twice, BindError::Twice { item, columns } if item == "tp" && columns.len() == 2), "{twice:?}");
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

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
}

/// Rows of a CSV text by its header.
fn table(text: &str) -> Vec<Vec<(String, String)>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header: Vec<String> = reader.headers().expect("a header").iter().map(str::to_string).collect();
    let pair = |record: csv::StringRecord| header.iter().cloned().zip(record.iter().map(str::to_string)).collect();
    reader.records().map(|record| pair(record.expect("a row"))).collect()
}

fn pairs(row: &[(String, String)]) -> Vec<(&str, &str)> {
    row.iter().map(|(name, cell)| (name.as_str(), cell.as_str())).collect()
}

/// `bench/oracle/water.py`, a second reading of the standard in Python's fractions.
#[test]
fn rows_are_judged_as_by_the_oracle() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../bench/oracle/cases-water.csv");
    let rows = table(&std::fs::read_to_string(path).expect("in the tree"));
    assert!(rows.len() >= 1000);
    for (line, own) in rows.iter().enumerate() {
        let (given, expect) = own.split_at(own.len() - 3);
        let (cells, problems) = row("gb3838-2002", &pairs(given), &[]);
        assert!(problems.iter().all(|own| own.code == "coarse-detection"), "{problems:?}");
        assert_eq!(cells[..3], *expect, "line {}: {given:?}", line + 2);
    }
}

/// The published classes of the national automatic stations, where the snapshot is at hand.
#[test]
fn the_published_stations_are_judged_alike() {
    let path =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/water_national_2026-02-04/sections_realtime.csv");
    let Ok(text) = std::fs::read_to_string(path) else { return };
    let columns = [("ph", "ph"), ("do_mgl", "do"), ("codmn_mgl", "codmn"), ("nh3n_mgl", "nh3n"), ("tp_mgl", "tp")];
    let (mut judged, mut same, mut lakes) = (0, 0, 0);
    for own in table(&text) {
        let cell = |name: &str| own.iter().find(|(own, _)| own == name).expect("a column").1.clone();
        let published = cell("water_class");
        let class_as = |kind: &str| {
            let mut given = vec![("kind".to_string(), kind.to_string())];
            given.extend(columns.iter().map(|(theirs, ours)| (ours.to_string(), cell(theirs))));
            row("gb3838-2002", &pairs(&given), &[]).0[0].1.clone()
        };
        let river = class_as("river");
        if river.is_empty() || !water().classes.iter().any(|class| class.id == published) {
            continue;
        }
        judged += 1;
        same += u32::from(river == published);
        lakes += u32::from(river != published && class_as("lake") == published);
    }
    let share = f64::from(same) / f64::from(judged);
    println!(
        "{same} of {judged} stations agree with river limits ({:.2} %), {lakes} more with lake limits",
        share * 100.0
    );
    assert!(share >= 0.965, "{same} of {judged}");
    assert!(judged - same - lakes <= 1, "all others but one are lakes");
}

/// Speed on one core: `cargo test --release -p standards -- --ignored --nocapture classes_by_columns`.
#[test]
#[ignore = "a measurement, meaningful in release only"]
fn classes_by_columns_are_fast() {
    const ROWS: usize = 2_000_000;
    let kernel = water().kernel("kind").expect("a kernel");
    let mut state = 3838_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as i64
    };
    let columns: Vec<Vec<i64>> =
        (0..kernel.items().len()).map(|_| (0..ROWS).map(|_| next() % 12_000_000 - 200_000).collect()).collect();
    let words: Vec<u8> = (0..ROWS).map(|_| (next() % 2) as u8).collect();
    let given: Vec<&[i64]> = columns.iter().map(Vec::as_slice).collect();
    let mut out = KernelColumns::default();
    kernel.judge(&words, &given, &mut out);
    let mut best = f64::MAX;
    for _ in 0..5 {
        let start = std::time::Instant::now();
        kernel.judge(&words, &given, &mut out);
        best = best.min(start.elapsed().as_secs_f64());
    }
    let rate = ROWS as f64 / best / 1e6;
    println!(
        "{rate:.1} M section-samples of 21 items a second, {} of class 6",
        out.class.iter().filter(|own| **own == 6).count()
    );
    assert!(rate >= 5.0, "{rate:.1} M/s");
}

/// GB 3096-2008: day from 6 to 22; a night level weighs 10 dB more.
#[test]
fn day_and_night_are_said_by_the_standard() {
    let own = CATALOG.limits("gb3096-2008").and_then(|own| own.day_night).expect("said");
    assert_eq!((own.day_from, own.night_from, own.night_addition), (6, 22, 10));
}

#[test]
fn a_unit_in_the_header_is_read() {
    assert_eq!(cell("gb3838-2002", &[("kind", "river"), ("CODMn(mg/L)", "5")], "class"), "Ⅲ");
    assert_eq!(cell("gb3838-2002", &[("kind", "river"), ("高锰酸盐指数（毫克/升）", "5")], "class"), "Ⅲ");
    assert_eq!(cell("gbt14848-2017", &[("苯(μg/L)", "5")], "class"), "Ⅲ");
    let evaluator = CATALOG.evaluator("gb3838-2002").expect("built in");
    for header in ["codmn(µg/L)", "codmn(furlong)", "cd [g/L]"] {
        let error = evaluator.bind(&["kind", header], &Options::default()).expect_err("another unit");
        assert!(matches!(&error, BindError::Unit { column, .. } if column == header), "{error:?}");
        assert!(error.text().en.contains("mg/L"), "{error:?}");
    }
}

#[test]
fn a_misspelt_column_is_told() {
    let evaluator = CATALOG.evaluator("gb3838-2002").expect("built in");
    let notes = |header: &[&str]| {
        let bound = evaluator.bind(header, &Options::default()).expect("fits");
        bound.notes().iter().map(|note| (note.raw.clone(), note.code)).collect::<Vec<_>>()
    };
    assert_eq!(notes(&["section", "kind", "tp", "codmm"]), [("codmm".to_string(), "unused-column")]);
    assert_eq!(notes(&["kind", "tp", "BOD-5", "phenols"]).len(), 2);
    assert!(notes(&["section", "kind", "tp", "river_name", "basin", "pd", "date"]).is_empty());
}

/// What is wrong in a folder is told with file and line, and the folder is not used.
#[test]
fn a_wrong_folder_is_told_and_left_out() {
    for (path, old, new, expect) in [
        ("limits.csv", "codmn,,,,2,4,6", "codmx,,,,2,4,6", "`codmx` is not in items.csv"),
        ("limits.csv", "kind=lake", "kind=pond", "`kind=pond` cannot be read"),
        ("limits.csv", "7.5,6,5,3,2", "7.5,6,five,3,2", "the limit `five` cannot be read"),
        ("limits.csv", "tp,kind=river,,", "tp,kind=river,depth,", "no number column `depth`"),
        ("items.csv", "codmn,codmn", "codmn,codmx", "`codmx` is not in parameters.csv"),
        ("items.csv", "do,do,mg/L,min", "do,do,mg/L,low", "`direction` is `low`"),
        ("items.csv", "tn,tn,mg/L", "tn,tn,°C", "the unit does not fit"),
        ("items.csv", "tn,tn,mg/L,max", "tp,tp,mg/L,max", "the item `tp` stands twice"),
        ("standard.toml", "reference = \"Ⅲ\"", "reference = \"Ⅵ\"", "`reference` names `Ⅵ`"),
        ("standard.toml", "number = \"do_sat\"", "number = \"do_set\"", "the [[limits.alternative]] of `do`"),
        ("standard.toml", "kind = \"limits\"", "kind = \"water-rules\"", "needs the part [water]"),
    ] {
        let path = format!("gb3838-2002/{path}");
        let mut files = Catalog::builtin_files();
        let text = files.get(&path).expect("built in").to_string();
        assert!(text.contains(old), "{path} holds `{old}`");
        files.insert(path.clone(), text.replacen(old, new, 1));
        let (catalog, problems) = Catalog::load(&files);
        let lines: Vec<String> = problems.iter().map(|problem| problem.line(domain::Lang::En)).collect();
        assert!(lines.iter().any(|line| line.contains(&path) && line.contains(expect)), "{new}: {lines:?}");
        assert!(catalog.limits("gb3838-2002").is_none(), "{new}");
    }
}

/// Every item of every standard with one direction: a worse value never has a better class.
#[test]
fn classes_grow_in_every_standard() {
    for limits in CATALOG.standards().filter_map(|own| own.limits()) {
        for item in &limits.items {
            for row in &item.rows {
                let sets = if row.picked.is_empty() { vec![&row.limits] } else { row.picked.iter().collect() };
                for set in sets {
                    let numbers: Vec<_> = set.iter().filter_map(|limit| limit.number()).collect();
                    let ordered = match item.direction {
                        crate::media::Direction::Max => numbers.windows(2).all(|pair| pair[0] <= pair[1]),
                        crate::media::Direction::Min => numbers.windows(2).all(|pair| pair[0] >= pair[1]),
                        crate::media::Direction::Range => true,
                    };
                    assert!(ordered, "{} {} {:?}", limits.id, item.code, set);
                }
            }
        }
    }
}

/// Rows of text as `jingce evaluate` gives them; printed, not asserted.
#[test]
#[ignore = "a measurement, meaningful in release only"]
fn rows_of_text_have_a_rate() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../bench/oracle/cases-water.csv");
    let text = std::fs::read_to_string(path).expect("in the tree");
    let rows = table(&text);
    let header: Vec<&str> = rows[0].iter().map(|(name, _)| name.as_str()).collect();
    let evaluator = CATALOG.evaluator("gb3838-2002").expect("built in");
    let bound = evaluator.bind(&header, &Options::default()).expect("fits");
    let cells: Vec<Vec<Option<&str>>> = rows
        .iter()
        .map(|row| row.iter().map(|(_, cell)| Some(cell.as_str()).filter(|cell| !cell.is_empty())).collect())
        .collect();
    let start = std::time::Instant::now();
    let judged: usize = (0..20).flat_map(|_| &cells).filter(|own| bound.row(own).cells[0].is_some()).count();
    println!("{:.0} rows a second", judged as f64 / start.elapsed().as_secs_f64());
}
