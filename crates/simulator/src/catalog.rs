//! The tables of `catalog/` → [`Catalog`]: what kinds of sites there are, what they measure and how it varies,
//! what goes wrong, and how frames are spoilt. Read once by [`crate::City::new`]; the numbers are invented.

use crate::error::SimulatorError;
use domain::OutletKind;
use domain::catalog::Files;
use serde::Deserialize;
use serde::de::DeserializeOwned;

static BUILTIN: include_dir::Dir<'_> = include_dir::include_dir!("$CARGO_MANIFEST_DIR/catalog");

/// A place that devices stand in.
#[derive(Clone, Debug, Deserialize)]
pub struct PlaceRow {
    /// Code of the area.
    pub area: String,
    /// Code of the area it belongs to.
    pub parent: String,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
    /// Longitude of its middle, degrees (WGS 84).
    pub lon: f64,
    /// Latitude of its middle, degrees (WGS 84).
    pub lat: f64,
}

/// What a device stands for.
#[derive(Clone, Debug, Deserialize)]
pub struct SiteRow {
    /// Its name in the other tables.
    pub site: String,
    /// `gas`, `water` …: see [`OutletKind`].
    pub kind: String,
    /// System code `ST`.
    pub st: String,
    /// How many of all devices are such, relatively.
    pub weight: f64,
    /// Letters of the outlet's code.
    pub tag: String,
    /// Name of the enterprise or station.
    pub title_zh: String,
    /// The same in English.
    pub title_en: String,
    /// Name of the outlet.
    pub outlet_zh: String,
    /// The same in English.
    pub outlet_en: String,
    /// `yes` when the outlet belongs to an enterprise.
    pub enterprise: String,
    /// Cross-section of a stack [m²].
    pub section_m2: Option<String>,
    /// Velocity field coefficient [1].
    pub velocity_factor: Option<String>,
    /// Reference oxygen [%].
    pub reference_o2: Option<String>,
    /// What sets it.
    pub reference_document: String,
}

/// What a value is to the others of its site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// On its own.
    Plain,
    /// A concentration that makes a mass with the flow, and is converted to reference oxygen in flue gas.
    Pollutant,
    /// Oxygen in flue gas.
    Oxygen,
    /// Flue-gas velocity.
    Velocity,
    /// Flue-gas temperature.
    Temperature,
    /// Flue-gas moisture.
    Moisture,
    /// Static pressure of flue gas.
    Pressure,
    /// Flow of flue gas, computed from the four above.
    GasFlow,
    /// Waste-water flow that never stops.
    WaterFlow,
    /// Waste-water flow that comes in batches.
    BatchFlow,
}

/// One quantity of a site.
#[derive(Clone, Debug, Deserialize)]
pub struct ChannelRow {
    /// Which site.
    pub site: String,
    /// Code of HJ 212-2017 Annex B.
    pub code: String,
    /// Code of HJ/T 212-2005, empty when that has none.
    pub code_2005: String,
    /// What it is to the others.
    pub role: Role,
    /// Unit it is sent in.
    pub unit: String,
    /// Decimal places it is sent with.
    pub places: u32,
    /// Level about which it varies, in `unit`.
    pub base: f64,
    /// Share by which that level differs from device to device.
    pub vary: f64,
    /// How much of the plant's load shows in it; negative when it falls with the load.
    pub load: f64,
    /// Shape of its day.
    pub diurnal: String,
    /// Share by which it varies over hours.
    pub slow: f64,
    /// Share by which it varies from minute to minute.
    pub fast: f64,
    /// Never below.
    pub low: f64,
    /// Never above.
    pub high: f64,
    /// Code of a channel that is contained in it.
    pub adds: String,
    /// Lower end of the measuring range.
    pub range_low: String,
    /// Upper end of the measuring range.
    pub range_high: String,
    /// Which values it sends: `R`eal time, `M`inimum, `A`verage, ma`X`imum, `C`umulated amount.
    pub sends: String,
    /// Statistic its limit is for, empty without one.
    pub limit_statistic: String,
    /// What the limit is compared with.
    pub limit_basis: String,
    /// Not below.
    pub limit_low: String,
    /// Not above.
    pub limit_high: String,
}

/// Something that happens to a device now and then, and shows in its flags.
#[derive(Clone, Debug, Deserialize)]
pub struct StateRow {
    /// Its name.
    pub state: String,
    /// Flag it sets.
    pub flag: char,
    /// Kinds of outlet it happens to, joined by `;`.
    pub kinds: String,
    /// `device` or `enterprise`: who has it at the same time.
    pub stream: String,
    /// Length of the block of time in which it happens at most once [min].
    pub every_min: i64,
    /// Probability that a block has it [‰].
    pub chance_permille: f64,
    /// Shortest [min].
    pub min_min: i64,
    /// Longest [min].
    pub max_min: i64,
    /// What the values do meanwhile.
    pub behaviour: Behaviour,
}

/// What values do while a state lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Behaviour {
    /// The plant stands still: no flow, no pollutant.
    Still,
    /// Zero gas for the first half, span gas for the second.
    Calibrate,
    /// The last value before it.
    Hold,
    /// The last value before it, with nothing but zeros behind the flag of a fault.
    Stuck,
    /// Zero: nothing is read from the instrument.
    Blank,
}

/// What somebody did, or what happened once.
#[derive(Clone, Debug, Deserialize)]
pub struct SceneRow {
    /// Its name.
    pub scene: String,
    /// Kind of the outlet it happens at.
    pub kind: String,
    /// Which of that kind, from 1.
    pub ordinal: usize,
    /// Code of the channel.
    pub code: String,
    /// What is done to the value.
    pub effect: Effect,
    /// How much of it.
    pub value: f64,
    /// From how many minutes after the start.
    pub from_min: i64,
    /// To how many minutes after the start.
    pub to_min: i64,
    /// `yes` when calibrations, faults and stops come meanwhile as at other times.
    pub states: String,
}

/// What a scene does to a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// Times the number.
    Scale,
    /// Never above this share of the upper limit.
    Cap,
    /// Only this share of the variation is left.
    Attenuate,
    /// Always this number.
    Stuck,
}

/// A maker of instruments.
#[derive(Clone, Debug, Deserialize)]
pub struct VendorRow {
    /// Name.
    pub vendor: String,
    /// Model.
    pub model: String,
    /// How many of all devices are his, relatively.
    pub weight: f64,
}

/// A way in which frames are spoilt in the wild.
#[derive(Clone, Debug, Deserialize)]
pub struct MalformedRow {
    /// What is done.
    pub kind: crate::malformed::Kind,
    /// How many of all spoilt frames are such, relatively.
    pub weight: f64,
    /// `yes` when length, CRC and structure still hold, so that it is to be read all the same.
    pub ok: String,
    /// `yes` when its values are to be held.
    pub held: String,
    /// `yes` when an answer that repeats its QN can be waited for.
    pub answered: String,
    /// Generations to whose frames it is done, joined by `;`; empty for all.
    pub generations: String,
    /// Codes of deviations, joined by `;`: at least one of them is to be told. Empty when none is due.
    pub codes: String,
    /// `yes` when it can be done to an encrypted frame.
    pub encrypted: String,
    /// What it looks like.
    pub note: String,
}

/// What the simulated instruments compute with: `constants.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Constants {
    /// Oxygen of dry air [%].
    pub air_oxygen_percent: f64,
    /// From this oxygen up nothing is converted [%].
    pub no_conversion_from_percent: f64,
    /// Temperature of the standard state [K].
    pub standard_temperature_k: f64,
    /// Pressure of the standard state [kPa].
    pub standard_pressure_kpa: f64,
    /// Pressure of the air about the stacks [kPa].
    pub ambient_pressure_kpa: f64,
    /// Longest CP field [bytes].
    pub cp_max_bytes: usize,
    /// Longest data segment [bytes].
    pub segment_max_bytes: usize,
    /// Longest header with what encloses the CP field [bytes].
    pub head_max_bytes: usize,
    /// Decimal places of volumes in m³.
    pub volume_places: u32,
    /// Decimal places of masses in kg.
    pub mass_places: u32,
    /// Share of normal values that makes an hour normal, by kind of outlet.
    pub normal_share: std::collections::BTreeMap<String, f64>,
    /// Discharge in batches.
    pub batch: BatchRow,
    /// Loss of the line.
    pub outage: OutageRow,
}

/// How often waste water comes in batches.
#[derive(Clone, Debug, Deserialize)]
pub struct BatchRow {
    /// Block of time [min].
    pub every_min: i64,
    /// Probability of a batch in it [‰].
    pub chance_permille: f64,
    /// Shortest [min].
    pub min_min: i64,
    /// Longest [min].
    pub max_min: i64,
}

/// How long the line is down.
#[derive(Clone, Debug, Deserialize)]
pub struct OutageRow {
    /// Block of time [min].
    pub every_min: i64,
    /// Shortest [min].
    pub min_min: i64,
    /// Longest [min].
    pub max_min: i64,
}

#[derive(Clone, Debug, Deserialize)]
struct DiurnalRow {
    profile: String,
    #[serde(flatten)]
    hours: std::collections::BTreeMap<String, f64>,
}

/// The shape of a day: a factor for the start of each hour, joined by straight lines.
#[derive(Clone, Debug, PartialEq)]
pub struct Diurnal {
    /// Its name in the channels' table.
    pub profile: String,
    /// 24 factors, about 1.
    pub hours: [f64; 24],
}

/// All tables.
#[derive(Clone, Debug)]
pub struct Catalog {
    /// Where.
    pub places: Vec<PlaceRow>,
    /// What.
    pub sites: Vec<SiteRow>,
    /// What is measured.
    pub channels: Vec<ChannelRow>,
    /// How a day goes.
    pub diurnals: Vec<Diurnal>,
    /// What goes wrong.
    pub states: Vec<StateRow>,
    /// What happened.
    pub scenes: Vec<SceneRow>,
    /// Who made it.
    pub vendors: Vec<VendorRow>,
    /// How frames are spoilt.
    pub malformed: Vec<MalformedRow>,
    /// What instruments compute with.
    pub constants: Constants,
}

impl Catalog {
    /// The tables that come with the product.
    pub fn builtin() -> Result<Catalog, SimulatorError> {
        Catalog::load(&Files::embedded(&BUILTIN))
    }

    /// From files: the names are those of `catalog/`.
    pub fn load(files: &Files) -> Result<Catalog, SimulatorError> {
        let catalog = Catalog {
            places: rows(files, "places.csv")?,
            sites: rows(files, "sites.csv")?,
            channels: rows(files, "channels.csv")?,
            diurnals: rows(files, "diurnal.csv")?.into_iter().map(diurnal).collect::<Result<_, _>>()?,
            states: rows(files, "states.csv")?,
            scenes: rows(files, "scenes.csv")?,
            vendors: rows(files, "vendors.csv")?,
            malformed: rows(files, "malformed.csv")?,
            constants: constants(files)?,
        };
        catalog.check()?;
        Ok(catalog)
    }

    /// The row of a way of spoiling.
    pub fn malformed(&self, kind: crate::malformed::Kind) -> Option<&MalformedRow> {
        self.malformed.iter().find(|row| row.kind == kind)
    }

    fn check(&self) -> Result<(), SimulatorError> {
        for (number, row) in self.channels.iter().enumerate() {
            let wrong =
                |what: String| SimulatorError::Catalog { file: "channels.csv".into(), row: number as u64 + 2, what };
            if !self.sites.iter().any(|site| site.site == row.site) {
                return Err(wrong(format!("site {:?} is not in sites.csv", row.site)));
            }
            if !self.diurnals.iter().any(|shape| shape.profile == row.diurnal) {
                return Err(wrong(format!("profile {:?} is not in diurnal.csv", row.diurnal)));
            }
            if row.places > domain::fixed::PLACES {
                return Err(wrong(format!("{} decimal places are more than are kept", row.places)));
            }
        }
        for (number, row) in self.sites.iter().enumerate() {
            if OutletKind::from_code(&row.kind).is_none() {
                let what = format!("{:?} is no kind of outlet", row.kind);
                return Err(SimulatorError::Catalog { file: "sites.csv".into(), row: number as u64 + 2, what });
            }
        }
        Ok(())
    }
}

fn rows<T: DeserializeOwned>(files: &Files, file: &str) -> Result<Vec<T>, SimulatorError> {
    let wrong = |row: u64, what: String| SimulatorError::Catalog { file: file.to_string(), row, what };
    let text = files.get(file).ok_or_else(|| wrong(0, "the file is missing".to_string()))?;
    let mut list = Vec::new();
    for row in csv::Reader::from_reader(text.as_bytes()).deserialize() {
        list.push(row.map_err(|error| wrong(list.len() as u64 + 2, error.to_string()))?);
    }
    if list.is_empty() {
        return Err(wrong(0, "it has no rows".to_string()));
    }
    Ok(list)
}

fn constants(files: &Files) -> Result<Constants, SimulatorError> {
    let file = "constants.toml";
    let wrong = |what: String| SimulatorError::Catalog { file: file.to_string(), row: 0, what };
    let text = files.get(file).ok_or_else(|| wrong("the file is missing".to_string()))?;
    toml::from_str(text).map_err(|error| wrong(error.to_string()))
}

fn diurnal(row: DiurnalRow) -> Result<Diurnal, SimulatorError> {
    let mut hours = [1.0; 24];
    for (hour, factor) in hours.iter_mut().enumerate() {
        *factor = *row.hours.get(&format!("h{hour:02}")).ok_or_else(|| SimulatorError::Catalog {
            file: "diurnal.csv".into(),
            row: 0,
            what: format!("profile {:?} has no column h{hour:02}", row.profile),
        })?;
    }
    Ok(Diurnal { profile: row.profile, hours })
}
