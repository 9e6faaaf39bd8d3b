//! Areas with their stations and the years that have hours.

use crate::answers::Text;
use crate::answers::places::Area;
use crate::data::{MAPS, View};
use crate::trouble::Trouble;
use domain::Station;

/// Every area, those with a plan first.
pub fn areas(view: &View) -> Result<Vec<Area>, Trouble> {
    let mut answers = Vec::new();
    for area in view.areas()? {
        let stations = view.stations(&area.id)?;
        let years = years_of(view, &stations)?;
        let name_en = if area.name_en.is_empty() { &area.name_zh } else { &area.name_en };
        let note = Some(area.note().into()).filter(|note: &Text| !note.zh.is_empty());
        answers.push(Area {
            name: Text::new(&area.name_zh, name_en),
            plan: Some(area.plan).filter(|plan| !plan.is_empty()),
            has_map: !area.map.is_empty(),
            stations: stations.len() as u32,
            years,
            note,
            id: area.id,
        });
    }
    answers.sort_by(|a, b| b.plan.is_some().cmp(&a.plan.is_some()).then_with(|| a.id.cmp(&b.id)));
    Ok(answers)
}

/// Years in which any of the stations has hourly values.
pub fn years_of(view: &View, stations: &[Station]) -> Result<Vec<i16>, Trouble> {
    let coverage = view.snapshot.coverage()?;
    let own = coverage.iter().filter(|own| stations.iter().any(|station| station.code == own.station));
    let mut years: Vec<i16> = own.flat_map(|own| own.first.day().year().0..=own.last.day().year().0).collect();
    years.sort_unstable();
    years.dedup();
    Ok(years)
}

/// The boundary file of an area, as GeoJSON text.
pub fn area_map(view: &View, id: &str) -> Result<String, Trouble> {
    let area = view.area(id)?;
    let none = || {
        Trouble::not_found(
            "no-map",
            format!(
                "区域 {} 没有边界文件。请在 areas 的 map 列写文件名，并把 GeoJSON 放入数据文件夹的 {MAPS} 子文件夹。",
                area.id
            ),
            format!(
                "area {} has no boundary file. Name it in the column `map` of areas and put the GeoJSON into {MAPS}/ of the data folder.",
                area.id
            ),
        )
    };
    let name = std::path::Path::new(&area.map).file_name().ok_or_else(none)?;
    std::fs::read_to_string(view.data.dir.join(MAPS).join(name)).map_err(|_| none())
}
