//! `[limits]`, `items.csv` and `limits.csv` of a folder → [`Limits`]. Called by [`crate::standard`].

use crate::media::condition;
use crate::media::file::LimitsFile;
use crate::media::limits::{Alternative, Direction, Item, Limit, LimitRow, Limits, NumberInput};
use crate::media::number::exact;
use crate::problem::CatalogProblem;
use crate::sheet::{Row, Sheet};
use crate::standard::{Header, Names};
use domain::Ratio;
use domain::catalog::Files;

const ITEMS: &str = "items.csv";
const LIMITS: &str = "limits.csv";
const ITEM_COLUMNS: [&str; 11] = [
    "item",
    "parameter",
    "unit",
    "direction",
    "in_class",
    "priority",
    "multiple",
    "words",
    "also",
    "name_zh",
    "name_en",
];
const ROW_COLUMNS: [&str; 6] = ["item", "when", "per", "raised_by", "clause", "confidence"];
/// Between the two numbers of a range.
const RANGE: &str = "..";

/// Reads the tables of a standard of limits.
pub(crate) fn read(
    files: &Files,
    header: &Header,
    own: &LimitsFile,
    names: &Names,
    problems: &mut Vec<CatalogProblem>,
) -> Option<Limits> {
    let toml = header.path("standard.toml");
    let mut absent = |key: &str, value: &str| {
        problems.push(CatalogProblem::file(
            &toml,
            format!("`{key}` 所指的 `{value}` 不存在"),
            format!("`{key}` names `{value}`, which does not exist"),
        ));
    };
    let reference = own.class.iter().position(|class| class.id == own.reference).map(|at| at + 1);
    if reference.is_none_or(|reference| reference >= own.class.len()) {
        absent("reference", &own.reference);
    }
    let pick = own.pick.as_ref().map(|pick| own.select.iter().position(|select| select.column == *pick));
    if pick == Some(None) {
        absent("pick", own.pick.as_deref().unwrap_or(""));
    }
    for select in &own.select {
        if let Some(word) = select.default.as_ref().filter(|word| !select.words.iter().any(|own| own.code == **word)) {
            absent("default", word);
        }
    }
    let mut limits = Limits {
        id: header.id.clone(),
        number: header.number.clone(),
        title: header.title.clone(),
        confidence: header.confidence,
        medium: own.medium.clone(),
        classes: own.class.clone(),
        reference: reference?,
        exceed_as: own.exceed,
        exceed_digits: own.exceed_digits,
        main: own.main,
        below: own.below_detection,
        undetected: own.undetected.clone(),
        selectors: own.select.clone(),
        pick: pick.flatten(),
        numbers: numbers(own, &toml, problems),
        items: items(files, header, names, problems)?,
        day_night: own.day_night,
        outputs: own.output.iter().map(|own| (own.column.clone(), own.shows, own.meaning.clone())).collect(),
    };
    rows(files, header, &mut limits, problems);
    alternatives(own, &toml, &mut limits, problems);
    problems.is_empty().then_some(limits)
}

fn numbers(own: &LimitsFile, toml: &str, problems: &mut Vec<CatalogProblem>) -> Vec<NumberInput> {
    let mut list = Vec::new();
    for number in &own.number {
        let assumed = number.assumed.as_deref().map(exact);
        if assumed == Some(None) {
            let text = number.assumed.as_deref().unwrap_or("");
            problems.push(CatalogProblem::file(
                toml,
                format!("`assumed` 的值 `{text}` 不是数字"),
                format!("`assumed` is `{text}`, which is no number"),
            ));
        }
        list.push(NumberInput {
            column: number.column.clone(),
            unit: number.unit.clone(),
            meaning: number.meaning.clone(),
            assumed: assumed.flatten(),
        });
    }
    list
}

fn items(files: &Files, header: &Header, names: &Names, problems: &mut Vec<CatalogProblem>) -> Option<Vec<Item>> {
    let sheet = Sheet::read_columns(files, &header.path(ITEMS), &ITEM_COLUMNS);
    let sheet = sheet.map_err(|problem| problems.push(problem)).ok()?;
    let mut list: Vec<Item> = Vec::new();
    for row in &sheet.rows {
        match item(row, names) {
            Ok(item) if list.iter().any(|own| own.code == item.code) => {
                let code = &item.code;
                problems
                    .push(row.problem(format!("项目 `{code}` 出现两次"), format!("the item `{code}` stands twice")));
            }
            Ok(item) => list.push(item),
            Err(problem) => problems.push(problem),
        }
    }
    Some(list)
}

/// One row of `items.csv`.
pub(crate) fn item(row: &Row, names: &Names) -> Result<Item, CatalogProblem> {
    let parameter = names.parameter(row, "parameter")?;
    let unit = row.required("unit")?.to_string();
    let direction = match row.required("direction")? {
        "max" => Direction::Max,
        "min" => Direction::Min,
        "range" => Direction::Range,
        other => {
            return Err(row.problem(
                format!("`direction` 的值 `{other}` 应为 max、min 或 range"),
                format!("`direction` is `{other}`, write max, min or range"),
            ));
        }
    };
    let range = names.range_in(row, &parameter, &unit)?;
    let word = |part: &str| {
        let (word, value) = part.split_once('=')?;
        Some((word.to_string(), exact(value)?))
    };
    let parts = |column: &str| row.text(column).split(';').filter(|part| !part.is_empty()).collect::<Vec<_>>();
    let words = parts("words").into_iter().map(word).collect::<Option<Vec<_>>>();
    Ok(Item {
        code: row.required("item")?.to_string(),
        parameter,
        name: row.both("name")?,
        unit,
        also: parts("also").into_iter().map(str::to_string).collect(),
        direction,
        in_class: row.yes("in_class")?,
        priority: row.yes("priority")?,
        multiple: row.yes("multiple")?,
        words: words.ok_or_else(|| row.problem("`words` 应写成 无=0;有=1", "write `words` like 无=0;有=1"))?,
        range,
        rows: Vec::new(),
        alternatives: Vec::new(),
    })
}

/// Columns that hold limits: `limit1`, `limit2` …, or `limit1@word` where a selector picks the column.
fn columns(limits: &Limits) -> Vec<Vec<String>> {
    let classes = 1..limits.classes.len();
    match limits.pick {
        None => vec![classes.map(|class| format!("limit{class}")).collect()],
        Some(pick) => {
            let words = limits.selectors[pick].words.iter();
            words.map(|word| classes.clone().map(|class| format!("limit{class}@{}", word.code)).collect()).collect()
        }
    }
}

fn rows(files: &Files, header: &Header, limits: &mut Limits, problems: &mut Vec<CatalogProblem>) {
    let columns = columns(limits);
    let known: Vec<&str> = ROW_COLUMNS.into_iter().chain(columns.iter().flatten().map(String::as_str)).collect();
    let sheet = match Sheet::read_columns(files, &header.path(LIMITS), &known) {
        Ok(sheet) => sheet,
        Err(problem) => return problems.push(problem),
    };
    for row in &sheet.rows {
        match one_row(row, limits, header, &columns) {
            Ok((at, own)) => limits.items[at].rows.push(own),
            Err(problem) => problems.push(problem),
        }
    }
}

fn one_row(
    row: &Row,
    limits: &Limits,
    header: &Header,
    columns: &[Vec<String>],
) -> Result<(usize, LimitRow), CatalogProblem> {
    let code = row.required("item")?;
    let at = limits
        .item_at(code)
        .ok_or_else(|| row.problem(format!("`{code}` 不在 {ITEMS} 中"), format!("`{code}` is not in {ITEMS}")))?;
    let when = condition::parse(row.text("when"), &limits.selectors, &limits.numbers).map_err(|part| {
        row.problem(
            format!("条件 `{part}` 无法读取；写成 kind=river 或 ph<=6.5，列名和取值须已声明"),
            format!(
                "the condition `{part}` cannot be read: write kind=river or ph<=6.5, of declared columns and words"
            ),
        )
    })?;
    let number = |column: &str| match row.text(column) {
        "" => Ok(None),
        name => match limits.numbers.iter().position(|number| number.column == name) {
            Some(at) => Ok(Some(at)),
            None => Err(row.problem(format!("没有数值列 `{name}`"), format!("there is no number column `{name}`"))),
        },
    };
    let direction = limits.items[at].direction;
    let cells = |names: &Vec<String>| {
        let all = names.iter().map(|name| {
            let text = row.text(name);
            limit(text, direction).ok_or_else(|| {
                row.problem(format!("限值 `{text}` 无法读取"), format!("the limit `{text}` cannot be read"))
            })
        });
        all.collect::<Result<Vec<Limit>, CatalogProblem>>()
    };
    let mut sets = columns.iter().map(cells).collect::<Result<Vec<_>, _>>()?;
    let own = LimitRow {
        when,
        limits: if limits.pick.is_none() { sets.swap_remove(0) } else { Vec::new() },
        picked: if limits.pick.is_none() { Vec::new() } else { sets },
        per: number("per")?,
        raised_by: number("raised_by")?,
        clause: row.text("clause").to_string(),
        confidence: row.confidence("confidence", header.confidence)?,
    };
    Ok((at, own))
}

/// A cell: a number in the item's direction, `6..9`, `>50`, `<5`, `any`, or nothing.
pub(crate) fn limit(text: &str, direction: Direction) -> Option<Limit> {
    match text {
        "" => return Some(Limit::None),
        "any" => return Some(Limit::Any),
        _ => {}
    }
    if let Some((low, high)) = text.split_once(RANGE) {
        return Some(Limit::Between(exact(low)?, exact(high)?));
    }
    if let Some(number) = text.strip_prefix('>') {
        return Some(Limit::Above(exact(number)?));
    }
    if let Some(number) = text.strip_prefix('<') {
        return Some(Limit::Below(exact(number)?));
    }
    let number: Ratio = exact(text)?;
    match direction {
        Direction::Max => Some(Limit::AtMost(number)),
        Direction::Min => Some(Limit::AtLeast(number)),
        Direction::Range => None,
    }
}

fn alternatives(own: &LimitsFile, toml: &str, limits: &mut Limits, problems: &mut Vec<CatalogProblem>) {
    for other in &own.alternative {
        let item = limits.item_at(&other.item);
        let class = limits.classes.iter().position(|class| class.id == other.class).map(|at| at + 1);
        let number = limits.numbers.iter().position(|number| number.column == other.number);
        match (item, class, number, limit(&other.limit, Direction::Min)) {
            (Some(item), Some(class), Some(number), Some(limit)) => {
                limits.items[item].alternatives.push(Alternative { class, number, limit, clause: other.clause.clone() })
            }
            _ => problems.push(CatalogProblem::file(
                toml,
                format!("[[limits.alternative]] 中 `{}` 的项目、类别、数值列或限值不存在", other.item),
                format!(
                    "the [[limits.alternative]] of `{}` names an item, class, number or limit that is not there",
                    other.item
                ),
            )),
        }
    }
}
