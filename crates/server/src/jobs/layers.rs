//! Polygons of layers → what became of a frozen baseline, in figures. The space crate measures; here layers are put
//! side by side.
//!
//! A comparison `x` sets the layer `x-baseline` against the layer `x-current`, both as they hold at the end of a year.

use domain::{Parcel, Ratio, Text, Year};
use indicators::graph::{LayerFigures, World};
use space::datum::{self, Datum, Wanted};
use space::identity::{self, Plot, Tolerance};
use space::{Region, Shape};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

const BASELINE: &str = "-baseline";
const CURRENT: &str = "-current";

/// What a comparison of layers allows: our own choice, named in every result.
const TOLERANCE: Tolerance = Tolerance { area_m2: 1.0, sliver_width_m: 0.5 };
/// How well a polygon of unknown datum must fit, and by how much better than any other datum.
const RECOGNISED: Wanted = Wanted { fit_m: 100.0, margin_m: 100.0 };

/// Figures of every comparison, by area, comparison and year. An area counts the polygons of the areas below it.
pub fn figures(world: &World, years: RangeInclusive<i16>) -> BTreeMap<(String, String, i16), LayerFigures> {
    let mut all = BTreeMap::new();
    let parcels = &world.city.parcels;
    let mut names: Vec<&str> = parcels.iter().filter_map(|own| own.layer.strip_suffix(BASELINE)).collect();
    names.sort_unstable();
    names.dedup();
    let read: Vec<(&Parcel, Result<Region, Text>)> = parcels.iter().map(|own| (own, region(own))).collect();
    for name in names {
        for (area, within) in areas(world) {
            for year in years.clone() {
                let own = |suffix: &str| -> Vec<&(&Parcel, Result<Region, Text>)> {
                    let layer = format!("{name}{suffix}");
                    let last = Year(year).last_day();
                    let held = |own: &&(&Parcel, Result<Region, Text>)| {
                        own.0.layer == layer && own.0.holds(last) && within.contains(&own.0.area)
                    };
                    read.iter().filter(held).collect()
                };
                // A baseline is frozen: it is compared with whatever year, from its first day on.
                let baseline = own(BASELINE);
                if !baseline.is_empty() {
                    all.insert((area.clone(), name.to_string(), year), compared(&baseline, &own(CURRENT)));
                }
            }
        }
    }
    all
}

/// Every area with a parcel in it or below it, with the codes that belong to it.
fn areas(world: &World) -> Vec<(String, Vec<String>)> {
    let mut all: Vec<(String, Vec<String>)> = Vec::new();
    for area in &world.areas {
        let mut within = vec![area.id.clone()];
        let mut at = 0;
        while let Some(parent) = within.get(at).cloned() {
            at += 1;
            let below = world.areas.iter().filter(|own| own.parent == parent && !within.contains(&own.id));
            let below: Vec<String> = below.map(|own| own.id.clone()).collect();
            within.extend(below);
        }
        all.push((area.id.clone(), within));
    }
    for parcel in &world.city.parcels {
        if !all.iter().any(|(area, _)| *area == parcel.area) {
            all.push((parcel.area.clone(), vec![parcel.area.clone()]));
        }
    }
    all
}

type Read<'a> = (&'a Parcel, Result<Region, Text>);

fn compared(baseline: &[&Read<'_>], current: &[&Read<'_>]) -> LayerFigures {
    let mut figures = LayerFigures::default();
    for (parcel, read) in baseline.iter().chain(current).copied() {
        figures.simulated |= parcel.simulated;
        if let Err(reason) = read {
            let (code, name) = (&parcel.code, parcel.name());
            figures.notes.push(Text::new(
                format!("{code} {}：{}", name.zh, reason.zh),
                format!("{code} {}: {}", name.en, reason.en),
            ));
        }
    }
    figures.document = baseline
        .iter()
        .chain(current)
        .map(|own| own.0.document.clone())
        .find(|own| !own.is_empty())
        .unwrap_or_default();
    // A polygon that cannot be measured would make the area too small without anybody seeing it: no figures at all.
    if !figures.notes.is_empty() {
        return figures;
    }
    let reference = Reference::of(baseline);
    let mut before = Vec::new();
    let mut after = Vec::new();
    for (side, list) in [(baseline, &mut before), (current, &mut after)] {
        for (parcel, read) in side.iter().copied() {
            let Ok(region) = read else { continue };
            match reference.in_cgcs2000(parcel, region) {
                Ok((region, note)) => {
                    figures.notes.extend(note);
                    list.push((parcel.code.as_str(), parcel.land_class.as_str(), region));
                }
                Err(reason) => figures.notes.push(reason),
            }
        }
    }
    if before.len() < baseline.len() || after.len() < current.len() {
        return figures;
    }
    let plots = |list: &'_ [(&'_ str, &'_ str, Region)]| -> Vec<(String, String, Region)> {
        list.iter().map(|(id, class, region)| (id.to_string(), class.to_string(), region.clone())).collect()
    };
    let (before, after) = (plots(&before), plots(&after));
    let found = identity::compare(&as_plots(&before), &as_plots(&after), TOLERANCE);
    figures.baseline_m2 = metres(found.before_m2);
    if current.is_empty() {
        figures.notes.push(Text::new("没有现状图形，无法比较", "there are no polygons of now to compare with"));
        return figures;
    }
    figures.current_m2 = metres(found.after_m2);
    figures.lost_m2 = metres(beyond(found.lost.solid_m2()));
    figures.gained_m2 = metres(beyond(found.gained.solid_m2()));
    figures.class_changed_m2 = metres(beyond(found.reclassed.solid_m2()));
    figures.notes.extend(slivers(&found));
    figures
}

fn as_plots(list: &[(String, String, Region)]) -> Vec<Plot<'_>> {
    list.iter().map(|(id, land_class, region)| Plot { id, land_class, region }).collect()
}

fn beyond(area_m2: f64) -> f64 {
    if area_m2 <= TOLERANCE.area_m2 { 0.0 } else { area_m2 }
}

/// What thin pieces add up to: counted apart, never hidden.
fn slivers(found: &identity::Identity) -> Option<Text> {
    let area = found.lost.sliver_m2 + found.gained.sliver_m2 + found.reclassed.sliver_m2;
    let width = TOLERANCE.sliver_width_m;
    (area > 0.0).then(|| {
        Text::new(
            format!("宽度不足 {width} 米的细长碎片共 {area:.1} 平方米，单独列出，不计入减少与变化"),
            format!("slivers thinner than {width} m add up to {area:.1} m² and are counted apart"),
        )
    })
}

/// Square metres as an exact number of thousandths; the ellipsoid is good to far less than that.
fn metres(area_m2: f64) -> Option<Ratio> {
    standards::media::exact(&format!("{area_m2:.3}"))
}

fn region(parcel: &Parcel) -> Result<Region, Text> {
    let (features, problems) = space::read(parcel.geometry.as_bytes(), &parcel.code);
    let mut polygons = Vec::new();
    for feature in features {
        match feature.shape {
            Shape::Region(region) => polygons.extend(region.polygons().to_vec()),
            Shape::Refused { faults, .. } => {
                let fault = faults.iter().find(|fault| fault.refuses()).map(space::Fault::text).unwrap_or_default();
                return Err(fault);
            }
            Shape::Points(_) | Shape::Lines(_) => {
                return Err(Text::new("不是多边形，没有面积", "it is no polygon and has no area"));
            }
        }
    }
    if polygons.is_empty() {
        let told = problems.first().map(|problem| problem.message.clone());
        return Err(told.unwrap_or_else(|| Text::new("图形为空", "the geometry is empty")));
    }
    let (region, faults) = Region::check(&polygons);
    region.ok_or_else(|| faults.iter().find(|fault| fault.refuses()).map(space::Fault::text).unwrap_or_default())
}

/// The polygons of the baseline whose datum is known: by them the datum of others is recognised.
struct Reference(Option<Region>);

impl Reference {
    fn of(baseline: &[&Read<'_>]) -> Reference {
        let known = baseline.iter().filter_map(|(parcel, read)| {
            let datum = Datum::from_code(&parcel.datum)?;
            datum::region_to_cgcs2000(read.as_ref().ok()?, datum).0
        });
        let polygons: Vec<_> = known.flat_map(|region| region.polygons().to_vec()).collect();
        Reference(if polygons.is_empty() { None } else { Region::check(&polygons).0 })
    }

    /// The region in CGCS2000, with what a reader must know; or why it cannot be told.
    fn in_cgcs2000(&self, parcel: &Parcel, region: &Region) -> Result<(Region, Option<Text>), Text> {
        let code = &parcel.code;
        let (datum, note) = match Datum::from_code(&parcel.datum) {
            Some(Datum::Cgcs2000) => return Ok((region.clone(), None)),
            Some(datum) => {
                let name = datum.name();
                let note = Text::new(
                    format!("{code} 由 {} 换算为 CGCS2000（换算公式未经官方公布）", name.zh),
                    format!(
                        "{code} was converted from {} to CGCS2000 (by a formula that no authority published)",
                        name.en
                    ),
                );
                (datum, note)
            }
            None => {
                let found = self.0.as_ref().map(|reference| datum::recognise(region, reference, RECOGNISED));
                let Some(datum) = found.and_then(|found| found.answer.ok()) else {
                    return Err(Text::new(
                        format!("{code} 的坐标系未注明，也无法由基线识别；请在 datum 列写明 cgcs2000、gcj02 或 bd09"),
                        format!(
                            "the datum of {code} is not stated and cannot be recognised by the baseline; write cgcs2000, gcj02 or bd09 in the column datum"
                        ),
                    ));
                };
                let name = datum.name();
                let note = Text::new(
                    format!("{code} 的坐标系未注明，与基线比对识别为 {}", name.zh),
                    format!("the datum of {code} is not stated; by the baseline it is {}", name.en),
                );
                (datum, note)
            }
        };
        let (converted, faults) = datum::region_to_cgcs2000(region, datum);
        let refused = || faults.iter().find(|fault| fault.refuses()).map(space::Fault::text).unwrap_or_default();
        converted.map(|region| (region, Some(note))).ok_or_else(refused)
    }
}
