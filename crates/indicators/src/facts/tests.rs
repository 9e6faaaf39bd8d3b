//! The built-in catalog of facts: its cases, its checks, and what holds whatever the numbers are.

use crate::definition::{Definitions, Method};
use crate::facts::{check, missing};
use crate::graph::cases::world;
use crate::graph::{Assumption, Graph, GraphMethod, Leaf, NodeKey, NodeValue, World};
use domain::catalog::Files;
use domain::{Confidence, Fixed, Ratio, RatioSum};
use proptest::prelude::*;
use standards::Catalog;
use std::sync::{Arc, LazyLock};

static CATALOG: LazyLock<Arc<Catalog>> = LazyLock::new(|| Arc::new(Catalog::builtin()));
static DEFINITIONS: LazyLock<Definitions> = LazyLock::new(Definitions::builtin);

fn city(below: &str, facts: &str) -> World {
    world(&CATALOG, below, facts, "", 2025).expect("the text of the test")
}

fn value(id: &str, world: &World, year: i16) -> Arc<NodeValue> {
    Graph::default().value(&NodeKey::new(id, "city", year), world, &DEFINITIONS)
}

fn shown(value: &NodeValue) -> Option<String> {
    value.value.map(|own| own.to_string())
}

/// Definitions of a test: one folder, with its params, beside the built-in items.
fn with(params: &str) -> Definitions {
    let mut files = Files::new();
    let items = crate::builtin_files();
    files.insert("items/items.csv", items.get("facts/items/items.csv").expect("the built-in items"));
    let monthly = "item,name_zh,name_en,unit,feature,period,note_zh,note_en,source\nx.monthly,月,month,t,area,month,,,test\nx.size,大小,size,ha,parcel,year,,,test\n";
    files.insert("more/items.csv", monthly);
    let head = "id = \"x\"\ntitle = { zh = \"甲\", en = \"a\" }\nunit = \"t\"\nmethod = \"expression\"\nequation = { zh = \"\", en = \"\" }\nsource = \"test\"\n";
    files.insert("x/indicator.toml", format!("{head}{params}"));
    let (definitions, problems) = Definitions::load(&files);
    assert_eq!(problems, []);
    definitions
}

fn value_with(definitions: &Definitions, world: &World) -> Arc<NodeValue> {
    Graph::default().value(&NodeKey::new("x", "city", 2025), world, definitions)
}

fn of_facts(method: &Method) -> bool {
    use GraphMethod::{Amounts, Expression, Layer};
    matches!(method, Method::Graph(Expression(_) | Amounts(_) | Layer(_)))
}

#[test]
fn the_builtin_indicators_of_facts_agree_with_their_cases() {
    let files = crate::builtin_files();
    assert_eq!(DEFINITIONS.check(&CATALOG), []);
    let cases = crate::run_cases(&files, &DEFINITIONS, &CATALOG);
    for definition in DEFINITIONS.iter().filter(|own| of_facts(&own.method) && own.id != "redline.area") {
        let path = format!("/{}/cases.csv", definition.id);
        let own: Vec<_> = cases.iter().filter(|case| case.path.ends_with(&path)).collect();
        assert!(!own.is_empty(), "{} has no worked case", definition.id);
        for case in own {
            let (path, row, name) = (&case.path, case.row, &case.name);
            assert!(case.passed, "{path} row {row} ({name}): expected {}, got {}", case.expect, case.got);
        }
    }
}

#[test]
fn a_formula_that_names_what_is_not_there_is_a_problem() {
    let definitions = with("params = { value = \"a + b\", inputs = { a = { fact = \"no.such\" } } }");
    let found: Vec<String> = definitions.check(&CATALOG).into_iter().map(|problem| problem.message.en).collect();
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains("no.such") && found[1].contains("`b`"), "{found:?}");
}

#[test]
fn items_and_factors_that_cannot_be_read_are_told() {
    let mut files = Files::new();
    let head = "item,name_zh,name_en,unit,feature,period,note_zh,note_en,source\n";
    files.insert("a/items.csv", format!("{head}x,甲,a,t,area,year,,,s\nx,甲,a,t,area,year,,,s\ny,甲,a,furlong,area,year,,,s\nz,甲,a,t,moon,year,,,s\n,甲,a,t,area,year,,,s\n"));
    files.insert("f/factors.toml", "id = \"f\"\ntitle = { zh = \"\", en = \"\" }\nunit = \"t\"\nsource = \"\"\n");
    files.insert("f/factors.csv", "item,factor,from,to,confidence,note\nx,1,,2020,confirmed,\nx,2,2021,,confirmed,\nx,3,2025,,confirmed,\nw,1,,,confirmed,\nx,1 / 0,2019,2019,confirmed,\nx,a,,,confirmed,\n");
    files.insert("g/factors.toml", "id = \"f\"\n");
    let (_, problems) = Definitions::load(&files);
    let found: Vec<(&str, &str)> = problems.iter().map(|own| (own.path.as_str(), own.message.en.as_str())).collect();
    let paths: Vec<&str> = found.iter().map(|(path, _)| *path).collect();
    assert_eq!(
        paths,
        [
            "a/items.csv",
            "a/items.csv",
            "a/items.csv",
            "a/items.csv",
            "f/factors.csv",
            "f/factors.csv",
            "f/factors.csv",
            "f/factors.csv",
            "g/factors.toml"
        ],
        "{found:?}"
    );
    assert!(found[4].1.contains("two factors for the same year"), "{found:?}");
}

/// The plan's rows and targets name indicators that exist.
#[test]
fn what_the_plans_name_exists() {
    for plan in crate::Plans::builtin().iter() {
        assert!(plan.rows.iter().all(|row| row.indicator.is_some()), "every row is computed");
        let rows = plan.rows.iter().filter_map(|row| row.indicator.as_deref());
        for id in rows.chain(plan.targets.iter().filter_map(|target| target.computed_by.as_deref())) {
            assert!(DEFINITIONS.get(id).is_some(), "{id}");
        }
    }
}

/// Emission factors printed beside net calorific value, carbon and oxidation in the table they were read from.
#[test]
fn factors_recompute_what_their_table_prints() {
    let printed = [
        ("gasoline", "2.925056"),
        ("diesel", "3.09591"),
        ("natural_gas", "21.621888"),
        ("bituminous", "1.74175"),
        ("lignite", "1.172864"),
        ("coke", "2.860419"),
        ("petroleum_coke", "3.211542"),
        ("crude", "3.020202"),
        ("fuel_oil", "3.170461"),
        ("lng", "2.831257"),
        ("lpg", "3.10133"),
        ("blast_furnace_gas", "8.481132"),
        ("converter_gas", "15.124032"),
        ("coke_oven_gas", "8.863806"),
    ];
    let table = DEFINITIONS.factors("co2-fuels-2025").expect("the table");
    for (fuel, expect) in printed {
        let picked = table.pick(&format!("energy.{fuel}"), 2025).expect("a factor");
        assert_eq!(picked.row.factor.round(6).to_string(), expect, "{fuel}");
    }
    let items = |id: &str| {
        let mut items: Vec<String> =
            DEFINITIONS.factors(id).expect("a table").items().iter().map(|item| item.to_string()).collect();
        items.sort();
        items
    };
    assert_eq!(items("co2-fuels-2025"), items("co2-fuels-enterprise"), "no fuel is lost by one of the accounts");
    assert_eq!(items("co2-fuels-2025"), items("gb2589-2020"));
}

#[test]
fn the_factor_of_the_year_picks_itself_and_one_that_stands_in_says_so() {
    let table = DEFINITIONS.factors("grid-national").expect("the table");
    let of =
        |year| table.pick("power.net_import", year).map(|own| (own.row.factor.round(3).to_string(), own.carried_from));
    assert_eq!(of(2021), Some(("5.568".into(), None)));
    assert_eq!(of(2023), Some(("5.306".into(), None)));
    assert_eq!(of(2025), Some(("5.306".into(), Some(2023))));
    assert_eq!(of(2020), Some(("5.568".into(), Some(2021))));
    let world = city("", "power.net_import=1 亿kWh; energy.diesel=1 t");
    let value = value("co2.energy", &world, 2025);
    assert_eq!(value.confidence, Confidence::Unconfirmed);
    assert!(value.notes.iter().any(|note| note.en.contains("of 2022 stands in")), "{:?}", value.notes);
    assert!(value.notes.iter().any(|note| note.zh.contains("未填报、未计入") && note.zh.contains("汽油")));
    assert_eq!(value.variants.len(), 2, "the stated account and the other set of factors stand beside");
}

/// Hand: 300 of 400 villages; county a 200 of 300, b 100 of 100.
#[test]
fn counties_contribute_what_adds_up() {
    let facts = "a/rural.villages=300 个; a/rural.villages_treated=200 个; b/rural.villages=100 个; b/rural.villages_treated=100 个";
    let value = value("rural.sewage_villages", &city("a b", facts), 2025);
    let shares: Vec<(&str, &str, Option<Ratio>)> = value
        .parts
        .iter()
        .filter(|part| part.contribution.is_some())
        .map(|part| (part.feature.as_str(), part.value.as_str(), part.contribution))
        .collect();
    assert_eq!(shares, [("a", "66.67 %", Some(Ratio::new(50, 1))), ("b", "100 %", Some(Ratio::new(25, 1)))]);
    assert!(value.parts.iter().any(|part| part.why.en.contains("the sum of 2 areas below")), "{:?}", value.parts);
}

#[test]
fn a_stated_total_prevails_and_a_sum_that_differs_is_noted() {
    let facts = "manure.produced=100 t; manure.used=90 t; a/manure.used=50 t; b/manure.used=41 t";
    let value = value("rural.manure_use", &city("a b", facts), 2025);
    assert_eq!(shown(&value).as_deref(), Some("90"));
    assert_eq!(value.notes.len(), 1);
    assert!(value.notes[0].en.contains("91 t as the sum of the areas below"), "{:?}", value.notes);
}

#[test]
fn facts_in_another_unit_are_converted_or_refused() {
    let world = city("", "film.used=2 万吨; film.recovered=18000000 千克");
    assert_eq!(shown(&value("rural.film_recovery", &world, 2025)).as_deref(), Some("90"));
    let world = city("", "film.used=2 万吨; film.recovered=80 %");
    let refused = value("rural.film_recovery", &world, 2025);
    assert_eq!(refused.value, None);
    assert!(refused.why.en.contains("is written `80 %` and was not used"), "{}", refused.why.en);
}

#[test]
fn months_add_up_and_a_missing_one_is_named() {
    let definitions = with("params = { value = \"a\", inputs = { a = { fact = \"x.monthly\" } } }");
    let months: Vec<String> = (1..=12).map(|month| format!("x.monthly@2025-{month:02}={month} t")).collect();
    assert_eq!(shown(&value_with(&definitions, &city("", &months.join(";")))).as_deref(), Some("78"));
    let value = value_with(&definitions, &city("", &months[1..].join(";")));
    assert_eq!(value.why.zh, "缺少 2025-01 city 的 x.monthly（t）：月");
}

#[test]
fn projects_are_summed_and_counted_by_state() {
    let params = "[params]\nvalue = \"sum / n\"\nparts = [\"sum\"]\n[params.inputs]\nsum = { fact = \"cut.leak\", projects = \"ldar\" }\nn = { projects = \"ldar\" }\n";
    let definitions = with(params);
    let facts = "p1/cut.leak=3 t; p2/cut.leak=5 t";
    let projects = "p1 ldar accepted; p2 ldar verified; p3 ldar planned";
    let world = world(&CATALOG, "", facts, projects, 2025).expect("the text of the test");
    let value = value_with(&definitions, &world);
    assert_eq!(shown(&value).as_deref(), Some("4"));
    let shares: Vec<Option<Ratio>> = value.parts.iter().map(|part| part.contribution).filter(Option::is_some).collect();
    assert_eq!(shares, [Some(Ratio::new(3, 2)), Some(Ratio::new(5, 2))]);
}

/// By hand: 60, 60.4, 60.2 rise by 0.1 a year; 60, 59.5, 58.9 fall.
#[test]
fn stable_and_improving_is_judged_by_its_conditions() {
    let met = |facts: &str| -> Vec<Option<bool>> {
        let value = value("ecology.eqi", &city("", facts), 2023);
        value.parts.iter().filter(|part| part.met.is_some() || !part.counted).map(|part| part.met).collect()
    };
    let years = |a: &str, b: &str, c: &str| format!("eqi.index@2021={a} 1; eqi.index@2022={b} 1; eqi.index@2023={c} 1");
    assert_eq!(met(&years("60", "60.4", "60.2")), [Some(true), Some(true)]);
    assert_eq!(met(&years("60", "59.5", "58.9")), [Some(false), Some(false)]);
    assert_eq!(met(&years("60", "59.5", "59.0")), [Some(false), Some(false)], "a change of exactly −1 is worse");
    assert_eq!(met(&years("60", "60", "60")), [Some(true), Some(true)]);
    assert_eq!(
        met("eqi.index@2022=60 1; eqi.index@2023=60 1"),
        [None, None],
        "2021 is missing, two years make no line"
    );
}

#[test]
fn a_scenario_assumes_a_fact_of_the_asked_year_only() {
    let mut world = city("", "fertiliser.pure=110 t; fertiliser.pure@2024=100 t");
    assert_eq!(shown(&value("rural.fertiliser_growth", &world, 2025)).as_deref(), Some("10"));
    let (feature, item) = ("city".to_string(), "fertiliser.pure".to_string());
    world.assumed.push(Assumption { feature, item, value: "95".to_string() });
    assert_eq!(shown(&value("rural.fertiliser_growth", &world, 2025)).as_deref(), Some("-5"));
}

#[test]
fn a_corrected_fact_changes_what_rests_on_it_and_nothing_else() {
    let mut world = city("", "film.used=100 t; film.recovered=80 t; waste.generated=10 t; waste.treated=10 t");
    let mut graph = Graph::default();
    let keys = ["rural.film_recovery", "waste.treated_share"].map(|id| NodeKey::new(id, "city", 2025));
    keys.iter().for_each(|key| drop(graph.value(key, &world, &DEFINITIONS)));
    let corrected = city("", "film.used=100 t; film.recovered=81 t; waste.generated=10 t; waste.treated=10 t");
    let leaves = world.put_city(corrected.city);
    assert!(matches!(&leaves[..], [Leaf::Fact(key)] if key.item == "film.recovered"), "{leaves:?}");
    let changes = graph.changed(&leaves, &world, &DEFINITIONS);
    assert_eq!(changes.iter().map(|own| &own.key).collect::<Vec<_>>(), [&keys[0]]);
    assert_eq!(changes[0].after.as_ref().and_then(|own| own.value).map(|own| own.to_string()).as_deref(), Some("81"));
}

#[test]
fn what_is_missing_is_listed_with_unit_and_period() {
    let listed = |id: &str, world: &World| -> Vec<(String, String, String, String, bool, bool)> {
        let key = NodeKey::new(id, "city", 2025);
        let all = missing(&key, &mut Graph::default(), world, &DEFINITIONS).into_iter();
        all.map(|own| (own.feature, own.item, own.period, own.unit, own.refused.is_some(), own.optional)).collect()
    };
    let row = |feature: &str, item: &str, period: &str, unit: &str, refused: bool| {
        (feature.to_string(), item.to_string(), period.to_string(), unit.to_string(), refused, false)
    };
    let world = city("a b", "a/film.used=3 t; film.recovered=2 ha");
    let expect = [row("city", "film.recovered", "2025", "t", true), row("b", "film.used", "2025", "t", false)];
    let mut found = listed("rural.film_recovery", &world);
    found.sort_by(|a, b| a.1.cmp(&b.1));
    assert_eq!(found, expect);
    let expect: Vec<_> = ["2020", "2025"].map(|year| row("city", "gdp.constant", year, "万元", false)).to_vec();
    let found = listed("co2.intensity_fall", &city("", "co2.stated=1 t; co2.stated@2020=1 t"));
    assert_eq!(found.iter().filter(|own| own.1 == "gdp.constant").cloned().collect::<Vec<_>>(), expect);
    assert_eq!(listed("rural.film_recovery", &city("", "film.used=3 t; film.recovered=2 t")), []);
}

#[test]
fn a_project_owes_the_facts_of_the_years_it_speaks_of() {
    let facts = "p1/cut.volume@2023=1 m³; p1/cut.cod_in@2023=30 mg/L";
    let projects = "p1 wwtp-new verified; p2 ldar verified; p3 wwtp-upgrade accepted; p4 wwtp-upgrade planned";
    let world = world(&CATALOG, "", facts, projects, 2025).expect("the text of the test");
    let all = missing(&NodeKey::new("amounts.cod", "city", 2025), &mut Graph::default(), &world, &DEFINITIONS);
    let owed = all.iter().filter(|own| !own.optional);
    let owed: Vec<String> = owed.map(|own| format!("{} {} {}", own.feature, own.item, own.period)).collect();
    let expect = ["p1 cut.cod_out 2023", "p3 cut.cod_out 2025", "p3 cut.cod_out_before 2025", "p3 cut.volume 2025"];
    assert_eq!(owed, expect);
}

#[test]
fn what_no_indicator_will_use_is_told() {
    let facts = "straw.usde=1 t; straw.used=1 ha; film.used@2025-03=1 t; zz/waste.treated=1 t; p9/cut.leak=1 t; p1/cut.leak=1 t; film.recovered=1 t";
    let world = world(&CATALOG, "", facts, "p1 ldar verified; p2 ladr verified", 2025).expect("the text of the test");
    let problems = check(&world.city, &world.areas, &DEFINITIONS);
    let mut found: Vec<(&str, &str)> = problems.iter().map(|own| (own.code, own.raw.as_str())).collect();
    found.sort();
    let expect = [
        ("unknown-class", "ladr"),
        ("unknown-feature", "p9"),
        ("unknown-feature", "zz"),
        ("unknown-item", "straw.usde"),
        ("wrong-period", "2025-03"),
        ("wrong-unit", "ha"),
    ];
    assert_eq!(found, expect);
    let typo = problems.iter().find(|own| own.code == "unknown-item").expect("the typo");
    assert!(typo.message.en.contains("straw.used"), "{}", typo.message.en);
}

/// 1 g is a millionth of a tonne, and a third of a gram is not lost.
#[test]
fn units_convert_without_rounding() {
    let world = city("", "film.used=3 t; film.recovered=0.000003 g");
    let value = value("rural.film_recovery", &world, 2025);
    assert_eq!(value.exact, Some(Ratio::new(1, 10_000_000_000)));
}

proptest! {
    /// Shares of the counties add up to the value, whatever they are and in whatever order they came.
    #[test]
    fn shares_add_up(counties in proptest::collection::vec((1_i64..1_000_000, 1_i64..1_000_000), 1..6)) {
        let codes: Vec<String> = (0..counties.len()).map(|at| format!("c{at}")).collect();
        let mut facts: Vec<String> = Vec::new();
        for (code, (used, produced)) in codes.iter().zip(&counties) {
            facts.push(format!("{code}/manure.used={} t", Fixed::from_millionths(*used)));
            facts.push(format!("{code}/manure.produced={} kg", Fixed::from_millionths(*produced * 1000)));
        }
        let forward = value("rural.manure_use", &city(&codes.join(" "), &facts.join(";")), 2025);
        let mut sum = RatioSum::default();
        forward.parts.iter().filter_map(|part| part.contribution).for_each(|own| sum.add(own));
        prop_assert_eq!(forward.exact, Some(sum.total()));
        facts.reverse();
        let backward = value("rural.manure_use", &city(&codes.join(" "), &facts.join(";")), 2025);
        prop_assert_eq!(&*forward, &*backward);
    }

    /// Whatever is stated, there is a value or a reason.
    #[test]
    fn a_value_or_a_reason(used in -5_i64..5, collectable in -5_i64..5, unit in "t|kg|ha|x|") {
        let world = city("", &format!("straw.used={used} {unit}; straw.collectable={collectable} t"));
        let value = value("rural.straw_use", &world, 2025);
        prop_assert!(value.value.is_some() != value.why.zh.contains("缺少") || !value.why.zh.is_empty());
        prop_assert_eq!(value.value.is_some(), collectable != 0 && ["t", "kg"].contains(&unit.as_str()));
    }
}
