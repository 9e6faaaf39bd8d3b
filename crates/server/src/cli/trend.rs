//! `jingce trend`: trends of a point's item, of an indicator's years, or of a column of a file.

use super::Ending;
use super::ask::Format;
use super::print::{Table, json, out};
use crate::answers::media::TrendResult;
use crate::data::Data;
use crate::jobs::city::{Asked, city};
use crate::jobs::media::series::{SeriesAsk, series};
use crate::jobs::trend::{Series, of_months, tests, trends};
use crate::trouble::Trouble;
use clap::Args;
use domain::Lang;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(crate) struct Trend {
    /// Data folder, for --point and --indicator.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Code of a monitoring point, with --item: its months.
    #[arg(long, requires = "data", requires = "item", conflicts_with_all = ["input", "indicator"])]
    point: Option<String>,
    /// Item of the point, such as tp.
    #[arg(long)]
    item: Option<String>,
    /// An indicator, with --area: its years.
    #[arg(long, requires = "data", requires = "area", conflicts_with = "input")]
    indicator: Option<String>,
    /// Area of the indicator.
    #[arg(long)]
    area: Option<String>,
    /// A CSV file with a header; `-` is standard input. Empty cells are gaps.
    #[arg(long, value_name = "FILE", required_unless_present_any = ["point", "indicator"])]
    input: Option<String>,
    /// Column of the file (default: the last).
    #[arg(long, requires = "input")]
    column: Option<String>,
    /// Steps of a year in the file: 12 for months, 1 for years.
    #[arg(long, default_value_t = 12, requires = "input")]
    period: usize,
    /// First month or year, `YYYY-MM` or `YYYY`.
    #[arg(long)]
    from: Option<String>,
    /// Last month or year.
    #[arg(long)]
    to: Option<String>,
    /// Tests by name (default: the customary ones).
    #[arg(long, value_delimiter = ',')]
    test: Vec<String>,
    /// Level of significance.
    #[arg(long, default_value_t = 0.05)]
    alpha: f64,
    /// Form of the output.
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

pub(crate) fn run(own: &Trend, lang: Lang) -> Result<Ending, Trouble> {
    let (name, series) = match (&own.input, &own.point, &own.indicator) {
        (Some(file), ..) => of_file(own, file)?,
        (None, Some(point), _) => of_point(own, point)?,
        (None, None, Some(indicator)) => of_indicator(own, indicator)?,
        (None, None, None) => {
            return Err(Trouble::bad(
                "series",
                "请用 --input、--point 或 --indicator 指明序列。",
                "say which series: --input, --point or --indicator.",
            ));
        }
    };
    let made = trends(&series, &tests(&own.test, series.period)?, own.alpha);
    if own.format == Format::Json {
        json(&serde_json::json!({ "series": name, "unit": series.unit, "trends": made }))?;
        return Ok(Ending::Done);
    }
    if own.format == Format::Table {
        let (n, of) = (series.values.iter().flatten().count(), series.values.len());
        out(&format!("{name}  {n}/{of}  {}\n", series.unit))?;
    }
    table(&made, lang).print(own.format)?;
    Ok(Ending::Done)
}

fn table(made: &[TrendResult], lang: Lang) -> Table {
    let mut table =
        Table::new(&["test", "direction", "p", "slope", "low", "high", "unit", "n", "missing", "at", "result"]);
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    for own in made {
        let result = if lang == Lang::Zh { &own.result.zh } else { &own.result.en };
        table.rows.push(vec![
            own.test.clone(),
            text(&own.direction),
            text(&own.p),
            text(&own.slope),
            text(&own.low),
            text(&own.high),
            text(&own.slope_unit),
            own.n.to_string(),
            own.missing.to_string(),
            text(&own.at),
            result.clone(),
        ]);
    }
    table
}

fn open(own: &Trend) -> Result<Data, Trouble> {
    Data::open(own.data.as_deref().unwrap_or(Path::new(".")), None)
}

fn of_point(own: &Trend, point: &str) -> Result<(String, Series), Trouble> {
    let data = open(own)?;
    let view = data.view(None)?;
    let month = |text: &Option<String>| text.as_deref().map(crate::asked::civil_month).transpose();
    let item = own.item.clone().unwrap_or_default();
    let ask = SeriesAsk {
        point: point.to_string(),
        item: item.clone(),
        from: month(&own.from)?,
        to: month(&own.to)?,
        tests: own.test.clone(),
    };
    let made = series(&view, &ask)?;
    Ok((format!("{point} {item}"), of_months(&made.points, &made.unit)))
}

fn of_indicator(own: &Trend, indicator: &str) -> Result<(String, Series), Trouble> {
    let data = open(own)?;
    let view = data.view(None)?;
    let area = view.area(own.area.as_deref().unwrap_or_default())?;
    // A plan's own number of an indicator names the same series.
    let row = data.catalogs.plans.iter().find_map(|plan| plan.row_called(indicator));
    let indicator = row.and_then(|row| row.indicator.as_deref()).unwrap_or(indicator);
    let definition = data.catalogs.definitions.get(indicator).ok_or_else(|| {
        Trouble::not_found(
            "no-such-indicator",
            format!("没有指标“{indicator}”。可用 jingce catalog list indicators 查看。"),
            format!("there is no indicator `{indicator}`. See jingce catalog list indicators."),
        )
    })?;
    let today = crate::clock::today().year().0;
    let year = |text: &Option<String>, otherwise: i16| match text {
        Some(text) => text
            .parse::<i16>()
            .map_err(|_| Trouble::bad("year", format!("“{text}”不是年份。"), format!("`{text}` is no year."))),
        None => Ok(otherwise),
    };
    let (first, last) = (year(&own.from, today - 20)?, year(&own.to, today)?);
    let kept = city(&view)?;
    let mut asked = Asked::new(&view, &kept);
    let mut values = Vec::new();
    for at in first..=last {
        let node = asked.value(indicator, &area.id, at)?;
        values.push((at, node.exact.filter(|_| node.valid).map(|exact| exact.to_f64())));
    }
    let from = values.iter().position(|own| own.1.is_some()).unwrap_or(0);
    let until = values.iter().rposition(|own| own.1.is_some()).map_or(from, |at| at + 1);
    let values = &values[from..until];
    let series = Series {
        unit: definition.unit.clone(),
        places: values.iter().map(|own| own.0.to_string()).collect(),
        values: values.iter().map(|own| own.1).collect(),
        period: 1,
    };
    Ok((format!("{indicator} {}", area.id), series))
}

fn of_file(own: &Trend, file: &str) -> Result<(String, Series), Trouble> {
    let bytes = super::evaluate::read(file)?;
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(bytes.as_slice());
    let unreadable = |error: csv::Error| {
        Trouble::bad("csv", format!("不能读取 CSV：{error}"), format!("the CSV cannot be read: {error}"))
    };
    let header = reader.headers().map_err(unreadable)?.clone();
    let at = match &own.column {
        Some(name) => header.iter().position(|own| own.trim_start_matches('\u{feff}') == name).ok_or_else(|| {
            let known = header.iter().collect::<Vec<_>>().join(", ");
            Trouble::bad(
                "no-such-column",
                format!("没有列“{name}”；文件的列：{known}。"),
                format!("there is no column `{name}`; the file has: {known}."),
            )
        })?,
        None => header.len().saturating_sub(1),
    };
    let (mut places, mut values) = (Vec::new(), Vec::new());
    for (row, record) in reader.records().enumerate() {
        let record = record.map_err(unreadable)?;
        let cell = record.get(at).unwrap_or_default();
        let value = match cell {
            "" | "NA" | "NaN" | "nan" | "-" => None,
            text => Some(text.parse::<f64>().ok().filter(|own| own.is_finite()).ok_or_else(|| {
                let line = row + 2;
                Trouble::bad(
                    "not-a-number",
                    format!("第 {line} 行的“{text}”不是数字；缺测请留空。"),
                    format!("row {line}: `{text}` is no number; leave gaps empty."),
                )
            })?),
        };
        places.push(if at == 0 { (row + 2).to_string() } else { record.get(0).unwrap_or_default().to_string() });
        values.push(value);
    }
    let name = format!("{file} {}", header.get(at).unwrap_or_default());
    Ok((name, Series { unit: String::new(), places, values, period: own.period.max(1) }))
}
