//! A seed, a number of devices and options → a city: who stands where, speaks which generation, measures what,
//! and which scene is played at whose outlet. Used by everything else of the crate.

use crate::catalog::{Behaviour, Catalog, ChannelRow, Effect, Role, SiteRow};
use crate::chance::{Chance, Recurrence};
use crate::error::SimulatorError;
use crate::options::CityOptions;
use domain::{Fixed, OutletKind};
use intake::hj212::{Generation, Key};

/// Milliseconds of a minute.
pub(crate) const MINUTE_MS: i64 = 60_000;

/// A simulated city.
#[derive(Debug)]
pub struct City {
    /// What it was made with.
    pub options: CityOptions,
    /// Its tables.
    pub catalog: Catalog,
    /// Its devices.
    pub devices: Vec<Device>,
    pub(crate) outage: Recurrence,
    pub(crate) batch: Recurrence,
}

/// One logger with its outlet.
#[derive(Debug)]
pub struct Device {
    /// Its place in [`City::devices`].
    pub index: usize,
    /// Device code.
    pub mn: String,
    /// Generation it speaks.
    pub generation: Generation,
    /// Its password `PW`.
    pub password: String,
    /// Key of 2025 in hexadecimal digits, if it encrypts.
    pub key_hex: Option<String>,
    /// The same, ready for use.
    pub key: Option<Key>,
    /// What it stands for: row of `sites.csv`.
    pub site: usize,
    /// Kind of its outlet.
    pub kind: OutletKind,
    /// Which of its kind, from 1.
    pub ordinal: usize,
    /// Code of the outlet.
    pub outlet: String,
    /// Number of the enterprise, from 1; stations have their own.
    pub enterprise: usize,
    /// Row of `places.csv`.
    pub place: usize,
    /// Row of `vendors.csv`.
    pub vendor: usize,
    /// What it measures, in the order sent.
    pub channels: Vec<Channel>,
    pub(crate) chance: Chance,
    pub(crate) enterprise_chance: Chance,
    pub(crate) states: Vec<State>,
    pub(crate) stack: Option<Stack>,
    pub(crate) normal_share: f64,
}

/// One quantity of one device.
#[derive(Debug)]
pub struct Channel {
    /// Row of `channels.csv`.
    pub row: usize,
    /// Code of HJ 212-2017 Annex B.
    pub code: String,
    /// Code as this device sends it.
    pub sent_code: String,
    /// Decimal places sent.
    pub places: u32,
    /// What it is to the others.
    pub role: Role,
    pub(crate) chance: Chance,
    pub(crate) shape: [f64; 24],
    pub(crate) base: f64,
    pub(crate) load: f64,
    pub(crate) slow: f64,
    pub(crate) fast: f64,
    pub(crate) bounds: (f64, f64),
    pub(crate) range_high: f64,
    pub(crate) limit_high: Option<f64>,
    pub(crate) adds: Option<usize>,
    pub(crate) sends: Sends,
    pub(crate) effects: Vec<Scene>,
}

/// Which values of a channel are sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sends {
    pub(crate) realtime: bool,
    pub(crate) spread: bool,
    pub(crate) amount: bool,
}

/// What a scene does to a channel, between two moments.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scene {
    pub(crate) effect: Effect,
    pub(crate) value: f64,
    pub(crate) from_ms: i64,
    pub(crate) to_ms: i64,
    /// Whether states come over the device meanwhile.
    pub(crate) states: bool,
}

/// Something that comes over a device now and then.
#[derive(Clone, Copy, Debug)]
pub(crate) struct State {
    pub(crate) flag: char,
    pub(crate) behaviour: Behaviour,
    pub(crate) recurrence: Recurrence,
    pub(crate) chance: Chance,
}

/// What a stack is like.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stack {
    pub(crate) section_m2: f64,
    pub(crate) velocity_factor: f64,
    pub(crate) reference_o2: f64,
}

/// Names of the streams of chance, so that no two things share their numbers.
mod stream {
    pub(super) const DEVICE: u64 = 1;
    pub(super) const ENTERPRISE: u64 = 2;
    pub(super) const CHANNEL: u64 = 3;
    pub(super) const STATE: u64 = 4;
}

impl City {
    /// Makes the city of a seed with `count` devices.
    pub fn new(seed: u64, count: usize, options: CityOptions) -> Result<City, SimulatorError> {
        City::with_catalog(seed, count, options, Catalog::builtin()?)
    }

    /// The same with tables of one's own.
    pub fn with_catalog(
        seed: u64,
        count: usize,
        options: CityOptions,
        catalog: Catalog,
    ) -> Result<City, SimulatorError> {
        let chance = Chance::new(seed);
        let mut builder = Builder::new(&catalog, &options, chance)?;
        let devices = (0..count).map(|index| builder.device(index)).collect::<Result<_, _>>()?;
        let (outage, batch) = (&catalog.constants.outage, &catalog.constants.batch);
        let mean_min = (outage.min_min + outage.max_min) as f64 / 2.0;
        let outage = Recurrence {
            chance: options.late_permille / 1000.0 * outage.every_min as f64 / mean_min,
            ..recurrence(outage.every_min, 0.0, (outage.min_min, outage.max_min))
        };
        let batch = recurrence(batch.every_min, batch.chance_permille, (batch.min_min, batch.max_min));
        Ok(City { options, devices, outage, batch, catalog })
    }

    /// The device of an MN.
    pub fn device(&self, mn: &str) -> Option<&Device> {
        self.devices.iter().find(|device| device.mn == mn)
    }

    /// The row of a device in `sites.csv`.
    pub fn site(&self, device: &Device) -> &SiteRow {
        &self.catalog.sites[device.site]
    }

    /// The row of a channel in `channels.csv`.
    pub fn channel(&self, channel: &Channel) -> &ChannelRow {
        &self.catalog.channels[channel.row]
    }
}

fn recurrence(every_min: i64, chance_permille: f64, (min_min, max_min): (i64, i64)) -> Recurrence {
    Recurrence {
        every_ms: every_min * MINUTE_MS,
        chance: chance_permille / 1000.0,
        min_ms: min_min * MINUTE_MS,
        max_ms: max_min * MINUTE_MS,
    }
}

/// Deals out sites, generations and places so that even a small city has some of each.
struct Builder<'a> {
    catalog: &'a Catalog,
    options: &'a CityOptions,
    chance: Chance,
    places: Vec<usize>,
    per_site: Vec<usize>,
    per_kind: std::collections::BTreeMap<OutletKind, usize>,
}

/// Whose codes a device sends.
#[derive(Clone, Copy)]
enum Codes {
    /// HJ/T 212-2005, where it has one.
    Old,
    /// HJ 212-2017.
    Present,
}

/// The golden ratio less one: its multiples fill [0, 1) evenly.
const GOLDEN: f64 = 0.618_033_988_749_894_9;

impl<'a> Builder<'a> {
    fn new(catalog: &'a Catalog, options: &'a CityOptions, chance: Chance) -> Result<Builder<'a>, SimulatorError> {
        let inside =
            |area: &str, parent: &str| options.area.is_empty() || options.area == area || options.area == parent;
        let rows = catalog.places.iter().enumerate();
        let places: Vec<usize> = rows.filter(|(_, row)| inside(&row.area, &row.parent)).map(|(at, _)| at).collect();
        if places.is_empty() {
            let what = format!("no place of area {:?}; add its rows, or leave the area out", options.area);
            return Err(SimulatorError::Catalog { file: "places.csv".into(), row: 0, what });
        }
        let per_site = vec![0; catalog.sites.len()];
        Ok(Builder { catalog, options, chance, places, per_site, per_kind: Default::default() })
    }

    fn device(&mut self, index: usize) -> Result<Device, SimulatorError> {
        let site = self.next_site();
        let row = &self.catalog.sites[site];
        let kind = OutletKind::from_code(&row.kind).expect("Catalog::check has seen the kinds");
        let chance = self.chance.of(stream::DEVICE).of(index as u64);
        let nth = self.per_site[site];
        self.per_site[site] += 1;
        let ordinal = self.per_kind.entry(kind).or_insert(0);
        *ordinal += 1;
        let ordinal = *ordinal;
        // Two outlets an enterprise.
        let enterprise = (site + 1) * 10_000 + if row.enterprise == "yes" { nth / 2 + 1 } else { nth + 1 };
        let generation = self.generation(site, nth);
        let old = if matches!(generation, Generation::G2005) { Codes::Old } else { Codes::Present };
        let encrypts = matches!(generation, Generation::G2025)
            && even(nth / 2, site + 3) * 1000.0 < self.options.encrypted_permille;
        let key_hex = encrypts.then(|| format!("{:016X}{:016X}", chance.bits(11), chance.bits(12)));
        let enterprise_chance = self.chance.of(stream::ENTERPRISE).of(enterprise as u64);
        Ok(Device {
            index,
            mn: mn(&generation, index),
            password: format!("{:06}", chance.pick(10, 1_000_000)),
            key: key_hex.as_deref().and_then(Key::from_hex),
            key_hex,
            generation,
            site,
            kind,
            ordinal,
            outlet: format!("SIM{enterprise}-{}{:03}", row.tag, if row.enterprise == "yes" { nth % 2 + 1 } else { 1 }),
            enterprise,
            place: self.places[enterprise_chance.pick(0, self.places.len())],
            vendor: weighted(chance.unit(13), self.catalog.vendors.iter().map(|vendor| vendor.weight)),
            channels: self.channels(site, ordinal, chance, old)?,
            states: self.states(&row.kind, chance, enterprise_chance),
            chance,
            enterprise_chance,
            stack: stack(row),
            normal_share: self.catalog.constants.normal_share.get(&row.kind).copied().unwrap_or(1.0),
        })
    }

    /// The site that is furthest below its share.
    fn next_site(&self) -> usize {
        let total: f64 = self.catalog.sites.iter().map(|site| site.weight).sum();
        let count = self.per_site.iter().sum::<usize>() as f64 + 1.0;
        let lack = |at: usize| self.catalog.sites[at].weight / total * count - self.per_site[at] as f64;
        let mut best = 0;
        for at in 1..self.per_site.len() {
            if lack(at) > lack(best) {
                best = at;
            }
        }
        best
    }

    fn generation(&self, site: usize, nth: usize) -> Generation {
        let name = &self.catalog.sites[site].site;
        let mut rows = self.catalog.channels.iter().filter(|row| row.site == *name);
        let [old, present, new] = self.options.generations;
        // 2005 has no word for what some sites measure.
        let old = if rows.any(|row| row.code_2005.is_empty()) { 0.0 } else { old };
        match weighted(even(nth, site), [old, present, new]) {
            0 => Generation::G2005,
            1 => Generation::G2017,
            _ => Generation::G2025,
        }
    }

    fn channels(
        &self,
        site: usize,
        ordinal: usize,
        device: Chance,
        codes: Codes,
    ) -> Result<Vec<Channel>, SimulatorError> {
        let name = &self.catalog.sites[site].site;
        let rows = self.catalog.channels.iter().enumerate().filter(|(_, row)| &row.site == name);
        let mut channels: Vec<Channel> = Vec::new();
        for (number, row) in rows {
            let chance = device.of(stream::CHANNEL).of(number as u64);
            let shape = self.catalog.diurnals.iter().find(|shape| shape.profile == row.diurnal);
            channels.push(Channel {
                row: number,
                code: row.code.clone(),
                sent_code: match codes {
                    Codes::Old if !row.code_2005.is_empty() => row.code_2005.clone(),
                    _ => row.code.clone(),
                },
                places: row.places,
                role: row.role,
                chance,
                shape: shape.map_or([1.0; 24], |shape| shape.hours),
                base: row.base * (1.0 + row.vary * chance.sign(0)),
                load: row.load,
                slow: row.slow,
                fast: row.fast,
                bounds: (row.low, row.high),
                range_high: number_in(&row.range_high, number, row.high)?,
                limit_high: (!row.limit_high.is_empty())
                    .then(|| number_in(&row.limit_high, number, 0.0))
                    .transpose()?,
                adds: channels.iter().position(|other| other.code == row.adds),
                sends: Sends {
                    realtime: row.sends.contains('R'),
                    spread: row.sends.contains('M'),
                    amount: row.sends.contains('C'),
                },
                effects: self.effects(site, ordinal, &row.code),
            });
        }
        Ok(channels)
    }

    fn effects(&self, site: usize, ordinal: usize, code: &str) -> Vec<Scene> {
        let kind = &self.catalog.sites[site].kind;
        let start = self.options.start.0;
        let scenes = self.catalog.scenes.iter();
        scenes
            .filter(|scene| scene.kind == *kind && scene.ordinal == ordinal && scene.code == code)
            .map(|scene| Scene {
                effect: scene.effect,
                value: scene.value,
                from_ms: start + scene.from_min * MINUTE_MS,
                to_ms: start + scene.to_min * MINUTE_MS,
                states: scene.states == "yes",
            })
            .collect()
    }

    fn states(&self, kind: &str, device: Chance, enterprise: Chance) -> Vec<State> {
        let rows = self.catalog.states.iter().enumerate();
        rows.filter(|(_, row)| row.kinds.split(';').any(|one| one == kind))
            .map(|(number, row)| State {
                flag: row.flag,
                behaviour: row.behaviour,
                recurrence: recurrence(row.every_min, row.chance_permille, (row.min_min, row.max_min)),
                chance: if row.stream == "enterprise" { enterprise } else { device }
                    .of(stream::STATE)
                    .of(number as u64),
            })
            .collect()
    }
}

/// The `nth` number of an even sequence in [0, 1), another one for each `which`.
fn even(nth: usize, which: usize) -> f64 {
    ((nth + 1) as f64 * GOLDEN + which as f64 * 0.37).fract()
}

/// Which of the weights `at` in [0, 1) falls on.
fn weighted(at: f64, weights: impl IntoIterator<Item = f64> + Clone) -> usize {
    let total: f64 = weights.clone().into_iter().sum();
    let mut rest = at * total;
    let mut last = 0;
    for (index, weight) in weights.into_iter().enumerate() {
        if weight > 0.0 {
            last = index;
            if rest < weight {
                return index;
            }
        }
        rest -= weight;
    }
    last
}

/// Codes that nobody was given: 14 characters in 2005, 24 hexadecimal digits later.
fn mn(generation: &Generation, index: usize) -> String {
    match generation {
        Generation::G2005 => format!("88888880{index:06}"),
        Generation::G2017 => format!("8888888020170000{index:08}"),
        Generation::G2025 => format!("8888888020250000{index:08}"),
    }
}

fn stack(row: &SiteRow) -> Option<Stack> {
    let number = |text: &Option<String>| text.as_deref()?.parse::<f64>().ok();
    Some(Stack {
        section_m2: number(&row.section_m2)?,
        velocity_factor: number(&row.velocity_factor)?,
        reference_o2: number(&row.reference_o2)?,
    })
}

fn number_in(text: &str, row: usize, empty: f64) -> Result<f64, SimulatorError> {
    if text.is_empty() {
        return Ok(empty);
    }
    text.parse::<Fixed>().map(Fixed::to_f64).map_err(|error| SimulatorError::Catalog {
        file: "channels.csv".into(),
        row: row as u64 + 2,
        what: format!("{text:?}: {error}"),
    })
}
