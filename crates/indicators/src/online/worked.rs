//! `worked.csv` of a standard → its formulas run on worked examples, beside the cases of the catalog.
//!
//! A line is `formula,given,expect,source`; `NA` means no value. Run by tests and by `jingce catalog check`.

use domain::{Fixed, Ratio};
use observe::online::gas::{self, ActualState, Converted, Reference, StandardState};
use observe::online::water;
use standards::Catalog;

/// What became of a worked example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkedCase {
    /// Standard id.
    pub standard: String,
    /// Row of the table, from 1.
    pub row: usize,
    /// Formula and what was given.
    pub given: String,
    /// What the source says comes out.
    pub expect: String,
    /// What came out.
    pub got: String,
    /// Whether both agree.
    pub pass: bool,
}

/// File name of the table.
const FILE: &str = "worked.csv";
const PLACES: u32 = 6;

/// Runs the worked examples of every standard that has some.
pub fn run_worked(catalog: &Catalog) -> Vec<WorkedCase> {
    let mut results = Vec::new();
    for standard in catalog.standards() {
        let rules = catalog.online_rules(domain::OutletKind::Gas, standard.from);
        let state = rules.and_then(|rules| rules.state).map(|state| StandardState {
            kelvin: state.kelvin.into(),
            pressure_pa: state.pressure_pa.into(),
            molar_volume_l: state.molar_volume_l.into(),
            air_oxygen_percent: state.air_oxygen_percent.into(),
            guard_oxygen_percent: state.guard_oxygen_percent.into(),
        });
        let (Some(state), Some(table)) = (state, standard.tables.iter().find(|table| table.file == FILE)) else {
            continue;
        };
        for (index, row) in table.rows.iter().enumerate() {
            let cell = |at: usize| row.get(at).map_or("", String::as_str);
            let given = Given { text: cell(1), state: &state };
            let got = given.run(cell(0)).map_or("NA".to_string(), |value| value.round(PLACES).to_string());
            results.push(WorkedCase {
                standard: standard.id.clone(),
                row: index + 1,
                given: format!("{} {}", cell(0), cell(1)),
                expect: cell(2).to_string(),
                pass: got == cell(2),
                got,
            });
        }
    }
    results
}

struct Given<'a> {
    text: &'a str,
    state: &'a StandardState,
}

impl Given<'_> {
    fn word(&self, key: &str) -> Option<&str> {
        self.text
            .split_whitespace()
            .filter_map(|word| word.split_once('='))
            .find(|(own, _)| *own == key)
            .map(|(_, v)| v)
    }

    fn number(&self, key: &str) -> Option<Ratio> {
        self.word(key)?.parse::<Fixed>().ok().map(Ratio::from)
    }

    fn list(&self, key: &str) -> Option<Vec<Ratio>> {
        self.word(key)?.split(';').map(|text| text.parse::<Fixed>().ok().map(Ratio::from)).collect()
    }

    fn actual(&self) -> Option<ActualState> {
        Some(ActualState { celsius: self.number("t")?, pressure_pa: self.number("outside")?.plus(self.number("ps")?) })
    }

    fn seconds(&self) -> Option<i64> {
        self.word("seconds")?.parse().ok()
    }

    fn run(&self, formula: &str) -> Option<Ratio> {
        match formula {
            "standard-state" => gas::standard_state(self.number("c")?, &self.actual()?, self.state),
            "dry" => gas::dry(self.number("c")?, self.number("moisture")?),
            "ppm" => gas::from_ppm(self.number("c")?, self.number("molar")?, self.state),
            "parts" => gas::sum_of(&self.parts()?),
            "oxygen" => self.converted(Reference::Oxygen(self.number("reference")?)),
            "air-ratio" => self.converted(Reference::AirRatio(self.number("reference")?)),
            "stack-flow" => gas::stack_flow(self.number("section")?, self.number("factor")?, self.number("velocity")?),
            "dry-flow" => {
                gas::standard_dry_flow(self.number("qs")?, &self.actual()?, self.number("moisture")?, self.state)
            }
            "gas-mass" => gas::mass_kg(self.number("c")?, self.number("q")?),
            "water-volume" => water::volume_m3(self.number("q")?, self.seconds()?),
            "water-mass" => water::mass_kg(self.number("c")?, self.number("volume")?),
            "weighted-mean" => self.weighted(),
            "water-flow" => water::mean_flow_l_s(self.number("volume")?, self.seconds()?),
            _ => None,
        }
    }

    /// `parts=60*46/30;8*1/1`.
    fn parts(&self) -> Option<Vec<(Ratio, u32, u32)>> {
        let one = |part: &str| {
            let (value, factor) = part.split_once('*')?;
            let (num, den) = factor.split_once('/')?;
            Some((Ratio::from(value.parse::<Fixed>().ok()?), num.parse().ok()?, den.parse().ok()?))
        };
        self.word("parts")?.split(';').map(one).collect()
    }

    fn converted(&self, reference: Reference) -> Option<Ratio> {
        match gas::converted(self.number("c")?, self.number("o2"), reference, self.state) {
            Converted::Value(value) => Some(value),
            _ => None,
        }
    }

    fn weighted(&self) -> Option<Ratio> {
        let mut mean = water::Weighted::default();
        for (conc, flow) in self.list("c")?.into_iter().zip(self.list("q")?) {
            let volume = water::volume_m3(flow, 60)?;
            mean.add(water::mass_kg(conc, volume)?, volume);
        }
        mean.mean_mg_l()
    }
}
