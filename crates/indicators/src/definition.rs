//! `catalog/air/<id>/indicator.toml` → definitions: which method makes an indicator, with which parameters.
//!
//! An indicator is data naming a method. Adding one touches its folder only; API, command line and web
//! list the catalog. Called by `air::value` and by the jobs of `server`.

use crate::amounts::{Class, Classes};
use crate::facts::{FactorTable, FactorTables, Items};
use crate::graph::GraphMethod;
use domain::catalog::Files;
use domain::{Confidence, Fixed, Text};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// One indicator of the catalog.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// Id, such as `air.pm25.mean`.
    pub id: String,
    /// Title.
    pub title: Text,
    /// Unit of the value.
    pub unit: String,
    /// How it is made.
    pub method: Method,
    /// Decimal places, where the standard's evaluation items do not already say.
    pub digits: Option<u32>,
    /// The equation in words, for people.
    pub equation: Text,
    /// Document and clause.
    pub source: String,
    /// Confidence in the definition itself.
    pub confidence: Confidence,
}

/// The methods an indicator may name.
#[derive(Clone, Debug, PartialEq)]
pub enum Method {
    /// A statistic over the year's valid day values of one item.
    DayStatistic {
        /// Item code of the daily report, such as `o3_8h`.
        item: String,
        /// Which statistic.
        statistic: Statistic,
    },
    /// Number of days of a class.
    DayCount(DayClass),
    /// Days of a class per judged day [%].
    DayShare(DayClass),
    /// Composite index of the rule set's ranking rule.
    Composite,
    /// A node of the graph: water, soil, amounts, stated facts.
    Graph(GraphMethod),
}

/// A statistic over day values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statistic {
    /// Arithmetic mean.
    Mean,
    /// Percentile by HJ 663, 0 to 100.
    Percentile(u8),
    /// Largest value.
    Max,
}

/// Which days are counted.
#[derive(Clone, Debug, PartialEq)]
pub enum DayClass {
    /// Every day with an AQI.
    Judged,
    /// Days whose level is marked `good` in the standard's table of levels.
    Good,
    /// Days judged and not good.
    Polluted,
    /// Days whose level is marked `heavy`.
    Heavy,
    /// Days whose item value is above a number.
    Above {
        /// Item code.
        item: String,
        /// Value in the item's unit.
        value: Fixed,
    },
}

/// The indicators of the catalog, in order of their id.
#[derive(Clone, Debug, Default)]
pub struct Definitions {
    list: Vec<Definition>,
    items: Items,
    factors: FactorTables,
    classes: Classes,
}

/// Something wrong in a catalog file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefinitionProblem {
    /// Path in the catalog.
    pub path: String,
    /// What is wrong and what to do.
    pub message: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    id: String,
    title: Text,
    unit: String,
    method: String,
    #[serde(default)]
    digits: Option<u32>,
    #[serde(default)]
    params: toml::Table,
    equation: Text,
    source: String,
    #[serde(default)]
    confidence: Option<Confidence>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Params {
    item: Option<String>,
    statistic: Option<String>,
    days: Option<String>,
    above: Option<String>,
}

impl Method {
    /// The one item it is made of, if it is of one.
    pub fn item(&self) -> Option<&str> {
        match self {
            Method::DayStatistic { item, .. } => Some(item),
            Method::DayCount(DayClass::Above { item, .. }) | Method::DayShare(DayClass::Above { item, .. }) => {
                Some(item)
            }
            Method::DayCount(_) | Method::DayShare(_) | Method::Composite | Method::Graph(_) => None,
        }
    }
}

impl DayClass {
    /// In both languages.
    pub fn name(&self) -> Text {
        match self {
            DayClass::Judged => Text::new("有 AQI 的天数", "days with an AQI"),
            DayClass::Good => Text::new("优良天数", "good days"),
            DayClass::Polluted => Text::new("超标天数", "polluted days"),
            DayClass::Heavy => Text::new("重度及以上污染天数", "days of heavy pollution or worse"),
            DayClass::Above { item, value } => {
                Text::new(format!("{item} 高于 {value} 的天数"), format!("days with {item} above {value}"))
            }
        }
    }
}

impl Statistic {
    /// The word used in catalogs: `mean`, `max`, `p95`.
    pub fn code(self) -> String {
        match self {
            Statistic::Mean => "mean".to_string(),
            Statistic::Max => "max".to_string(),
            Statistic::Percentile(p) => format!("p{p}"),
        }
    }

    /// Back from its word.
    pub fn from_code(code: &str) -> Option<Statistic> {
        let percentile = || code.strip_prefix('p').and_then(|p| p.parse::<u8>().ok()).filter(|p| *p <= 100);
        match code {
            "mean" => Some(Statistic::Mean),
            "max" => Some(Statistic::Max),
            _ => percentile().map(Statistic::Percentile),
        }
    }
}

impl Definitions {
    /// From a folder of `<id>/indicator.toml`; a bad file is a problem, the others stay usable.
    pub fn load(files: &Files) -> (Definitions, Vec<DefinitionProblem>) {
        let mut list: Vec<Definition> = Vec::new();
        let mut problems = Vec::new();
        for folder in files.folders_with("indicator.toml") {
            let path = format!("{folder}/indicator.toml");
            let Some(text) = files.get(&path) else { continue };
            match read(text, &folder) {
                Ok(definition) => list.push(definition),
                Err(message) => problems.push(DefinitionProblem { path, message }),
            }
        }
        list.sort_by(|a, b| a.id.cmp(&b.id));
        let (items, more) = Items::load(files);
        problems.extend(more);
        let (factors, more) = FactorTable::load(files, &items);
        problems.extend(more);
        let (classes, more) = Class::load(files, &items);
        problems.extend(more);
        (Definitions { list, items, factors, classes }, problems)
    }

    /// What the standards of a catalog cannot serve: an item that none of its rule sets evaluates would never
    /// have a value; and what formulas name that this catalog does not have. Called by `catalog check`.
    pub fn check(&self, catalog: &standards::Catalog) -> Vec<DefinitionProblem> {
        let known = |item: &str| catalog.rule_sets().iter().any(|set| set.evaluation.item(item).is_some());
        let problem = |definition: &Definition| {
            let item = definition.method.item().filter(|item| !known(item))?;
            let message = Text::new(
                format!("没有规则集评价项目“{item}”，这个指标永远没有值"),
                format!("no rule set evaluates the item `{item}`: this indicator would never have a value"),
            );
            Some(DefinitionProblem { path: format!("{}/indicator.toml", definition.id), message })
        };
        let mut problems: Vec<DefinitionProblem> = self.list.iter().filter_map(problem).collect();
        for definition in &self.list {
            if let Method::Graph(method) = &definition.method {
                problems.extend(method.check(&definition.id, self));
            }
        }
        problems
    }

    /// What departments state.
    pub fn items(&self) -> &Items {
        &self.items
    }

    /// Classes of emission-cutting projects, by id.
    pub fn classes(&self) -> &Classes {
        &self.classes
    }

    /// A table of factors.
    pub fn factors(&self, id: &str) -> Option<&FactorTable> {
        self.factors.get(id)
    }

    /// All, in order of id.
    pub fn iter(&self) -> impl Iterator<Item = &Definition> {
        self.list.iter()
    }

    /// Those that are made of judged days of the air, in order of id.
    pub fn of_air(&self) -> impl Iterator<Item = &Definition> {
        self.list.iter().filter(|definition| !matches!(definition.method, Method::Graph(_)))
    }

    /// One by id.
    pub fn get(&self, id: &str) -> Option<&Definition> {
        self.list.iter().find(|definition| definition.id == id)
    }
}

/// A TOML file of the catalog, or why it cannot be read.
pub(crate) fn read_toml<T: DeserializeOwned>(text: &str) -> Result<T, Text> {
    toml::from_str(text).map_err(|error| {
        let reason = error.message().to_string();
        Text::new(format!("无法读取：{reason}"), format!("cannot be read: {reason}"))
    })
}

/// A thing of the catalog is called as its folder is.
pub(crate) fn called_as_folder(id: &str, folder: &str) -> Result<(), Text> {
    let name = folder.rsplit('/').next().unwrap_or(folder);
    if id == name {
        return Ok(());
    }
    Err(Text::new(format!("id“{id}”应与文件夹名“{name}”相同"), format!("id `{id}` must be the folder's name `{name}`")))
}

fn read(text: &str, folder: &str) -> Result<Definition, Text> {
    let file: File = read_toml(text)?;
    called_as_folder(&file.id, folder)?;
    let method = method(&file.method, &file.params)?;
    Ok(Definition {
        id: file.id,
        title: file.title,
        unit: file.unit,
        method,
        digits: file.digits,
        equation: file.equation,
        source: file.source,
        confidence: file.confidence.unwrap_or(Confidence::Confirmed),
    })
}

fn method(name: &str, params: &toml::Table) -> Result<Method, Text> {
    if let Some(found) = GraphMethod::read(name, params) {
        return found.map(Method::Graph);
    }
    let params: &Params = &params.clone().try_into().map_err(|error: toml::de::Error| {
        let reason = error.message().to_string();
        Text::new(format!("params 无法读取：{reason}"), format!("params cannot be read: {reason}"))
    })?;
    match name {
        "day-statistic" => {
            let item = params.item.clone().ok_or_else(|| missing("item"))?;
            let statistic = params.statistic.as_deref().ok_or_else(|| missing("statistic"))?;
            Ok(Method::DayStatistic { item, statistic: read_statistic(statistic)? })
        }
        "day-count" => Ok(Method::DayCount(day_class(params)?)),
        "day-share" => Ok(Method::DayShare(day_class(params)?)),
        "composite" => Ok(Method::Composite),
        other => {
            let more = GraphMethod::NAMES.join(", ");
            Err(Text::new(
                format!("没有方法“{other}”；可用 day-statistic, day-count, day-share, composite, {more}"),
                format!("no method `{other}`; use day-statistic, day-count, day-share, composite, {more}"),
            ))
        }
    }
}

fn read_statistic(text: &str) -> Result<Statistic, Text> {
    Statistic::from_code(text).ok_or_else(|| {
        Text::new(
            format!("没有统计量“{text}”；可用 mean、max、p0 至 p100"),
            format!("no statistic `{text}`; use mean, max or p0 to p100"),
        )
    })
}

fn day_class(params: &Params) -> Result<DayClass, Text> {
    if let (Some(item), Some(above)) = (&params.item, &params.above) {
        let value = above.parse().map_err(|_| {
            Text::new(format!("above“{above}”不是数字"), format!("`above` must be a number, it is `{above}`"))
        })?;
        return Ok(DayClass::Above { item: item.clone(), value });
    }
    match params.days.as_deref() {
        Some("judged") => Ok(DayClass::Judged),
        Some("good") => Ok(DayClass::Good),
        Some("polluted") => Ok(DayClass::Polluted),
        Some("heavy") => Ok(DayClass::Heavy),
        Some(other) => Err(Text::new(
            format!("没有天类“{other}”；可用 judged、good、polluted、heavy，或 item 与 above"),
            format!("no class of days `{other}`; use judged, good, polluted, heavy, or item with above"),
        )),
        None => Err(missing("days")),
    }
}

fn missing(name: &str) -> Text {
    Text::new(format!("params 缺少“{name}”"), format!("params lack `{name}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_files_are_problems_and_good_ones_stay() {
        let mut files = Files::new();
        let good = "id = \"x.p50\"\ntitle = { zh = \"甲\", en = \"a\" }\nunit = \"µg/m³\"\nmethod = \"day-statistic\"\nparams = { item = \"pm25\", statistic = \"p50\" }\nequation = { zh = \"\", en = \"\" }\nsource = \"test\"\n";
        files.insert("x.p50/indicator.toml", good);
        files.insert("y/indicator.toml", good);
        files.insert("z/indicator.toml", good.replace("x.p50", "z").replace("p50", "p500"));
        files.insert("broken/indicator.toml", "id = ");
        let (definitions, problems) = Definitions::load(&files);
        let median = definitions.get("x.p50").expect("the good one");
        assert_eq!(median.method, Method::DayStatistic { item: "pm25".into(), statistic: Statistic::Percentile(50) });
        let paths: Vec<&str> = problems.iter().map(|problem| problem.path.as_str()).collect();
        assert_eq!(paths, ["broken/indicator.toml", "y/indicator.toml", "z/indicator.toml"]);
    }
}
