//! Hours of stations as they were kept, newest revision first, each with the file and row it came from.

use crate::answers::Text;
use crate::answers::air::{EarlierHour, HourRow};
use crate::data::View;
use crate::trouble::Trouble;
use domain::{Day, Hour, Observation, Span};
use lake::ObservationQuery;

/// Every hour of a day of the given stations, all parameters.
pub fn hours(view: &View, stations: &[String], day: Day) -> Result<Vec<HourRow>, Trouble> {
    if stations.is_empty() {
        return Ok(Vec::new());
    }
    let mut kept = view.snapshot.observations(&ObservationQuery {
        stations: stations.to_vec(),
        parameters: Vec::new(),
        span: Span::Hour,
        from: Hour::of(day, 1).end(),
        to: Hour::of(day, 24).end(),
    })?;
    kept.sort_by(|a, b| {
        (&a.station, &a.parameter, a.time, std::cmp::Reverse(a.revision)).cmp(&(
            &b.station,
            &b.parameter,
            b.time,
            std::cmp::Reverse(b.revision),
        ))
    });
    let mut rows: Vec<HourRow> = Vec::new();
    for own in &kept {
        let label = Hour::ending_at(own.time).map_or_else(|| own.time.to_iso(), |hour| hour.to_string());
        match rows.last_mut() {
            Some(row) if row.station == own.station && row.parameter == own.parameter && row.hour == label => {
                row.earlier.push(earlier(view, own));
            }
            _ => rows.push(newest(view, own, label)),
        }
    }
    let order = |code: &str| view.data.catalogs.parameters.iter().position(|parameter| parameter.code == code);
    rows.sort_by(|a, b| (&a.station, order(&a.parameter), &a.hour).cmp(&(&b.station, order(&b.parameter), &b.hour)));
    Ok(rows)
}

fn newest(view: &View, own: &Observation, hour: String) -> HourRow {
    let parameter = view.data.catalogs.parameters.get(&own.parameter);
    HourRow {
        station: own.station.clone(),
        hour,
        parameter: own.parameter.clone(),
        name: parameter.map_or_else(|| Text::same(&own.parameter), |parameter| (&parameter.name).into()),
        unit: parameter.map_or_else(String::new, |parameter| parameter.unit.clone()),
        value: own.value.map(|value| value.to_string()),
        flag: own.flag.code().to_string(),
        revision: own.revision,
        import: own.import.clone(),
        file: file(view, &own.import),
        row: Some(own.row),
        recorded: own.recorded.to_iso(),
        earlier: Vec::new(),
    }
}

fn earlier(view: &View, own: &Observation) -> EarlierHour {
    EarlierHour {
        value: own.value.map(|value| value.to_string()),
        revision: own.revision,
        recorded: own.recorded.to_iso(),
        file: file(view, &own.import),
        row: Some(own.row),
    }
}

fn file(view: &View, import: &str) -> String {
    view.snapshot.import_info(import).map_or_else(|| import.to_string(), |info| info.file)
}
