//! A city → the register's tables as CSV files (`outlets.csv`, `devices.csv`, `channels.csv`, `limits.csv`) for
//! `jingce import`, and `secrets.csv` (MN, password, key, since). All outlets are marked as simulated.

use crate::city::{City, Device, MINUTE_MS};
use crate::error::SimulatorError;
use domain::{Day, OutletKind, Table};
use std::collections::BTreeMap;
use std::path::Path;

/// Columns of `secrets.csv`.
pub const SECRET_COLUMNS: [&str; 4] = ["mn", "password", "key_hex", "since"];
/// What a row has, by column; other columns are empty.
type Row = BTreeMap<&'static str, String>;

/// What stands in the notes.
const NOTE: &str = "模拟数据，非真实监测 / simulated, no measurement";
/// Document of limits outside flue gas.
const PERMIT: &str = "模拟许可证";

impl City {
    /// One of the register's tables as CSV, with all columns of the table; empty for tables it does not fill.
    pub fn table(&self, table: Table) -> String {
        let mut rows = Vec::new();
        for device in &self.devices {
            match table {
                Table::Outlets => rows.push(self.outlet_row(device)),
                Table::Devices => rows.push(self.device_row(device)),
                Table::Channels => rows.extend(self.channel_rows(device)),
                Table::Limits => rows.extend(self.limit_rows(device)),
                _ => return String::new(),
            }
        }
        sheet(table.columns(), &rows)
    }

    /// Passwords and keys as CSV.
    pub fn secrets(&self) -> String {
        let since = self.options.start.civil().0.to_string();
        let rows = self.devices.iter().map(|device| {
            let key = device.key_hex.clone().unwrap_or_default();
            let (mn, password) = (device.mn.clone(), device.password.clone());
            Row::from([("mn", mn), ("password", password), ("key_hex", key), ("since", since.clone())])
        });
        sheet(&SECRET_COLUMNS, &rows.collect::<Vec<_>>())
    }

    /// Writes all five files into a folder, which is made if it is not there.
    pub fn write_register(&self, folder: &Path) -> Result<(), SimulatorError> {
        std::fs::create_dir_all(folder).map_err(|error| SimulatorError::file(folder, error))?;
        let write = |name: String, text: String| {
            let path = folder.join(name);
            std::fs::write(&path, text).map_err(|error| SimulatorError::file(&path, error))
        };
        for table in [Table::Outlets, Table::Devices, Table::Channels, Table::Limits] {
            write(format!("{}.csv", table.code()), self.table(table))?;
        }
        write("secrets.csv".to_string(), self.secrets())
    }

    fn outlet_row(&self, device: &Device) -> Row {
        let (site, place) = (self.site(device), &self.catalog.places[device.place]);
        let number = device.enterprise % 10_000;
        let title = (format!("{}{number}", site.title_zh), format!("{} {number}", site.title_en));
        let enterprise = site.enterprise == "yes";
        let outlet = device.outlet.rsplit('-').next().unwrap_or_default();
        let names = match enterprise {
            true => {
                (format!("{}{}{outlet}", title.0, site.outlet_zh), format!("{}, {} {outlet}", title.1, site.outlet_en))
            }
            false => title.clone(),
        };
        let chance = device.enterprise_chance;
        let near = |middle: f64, index: u64, own: u64| {
            format!("{:.5}", middle + 0.12 * chance.sign(index) + 0.002 * device.chance.sign(own))
        };
        let stack = |text: &Option<String>| text.clone().unwrap_or_default();
        Row::from([
            ("outlet", device.outlet.clone()),
            ("name_zh", names.0),
            ("name_en", names.1),
            ("enterprise", if enterprise { title.0 } else { String::new() }),
            ("area", place.area.clone()),
            ("kind", device.kind.code().to_string()),
            ("lon", near(place.lon, 21, 21)),
            ("lat", near(place.lat, 22, 22)),
            ("datum", "wgs84".to_string()),
            ("section_m2", stack(&site.section_m2)),
            ("velocity_factor", stack(&site.velocity_factor)),
            ("reference_o2", stack(&site.reference_o2)),
            ("simulated", "1".to_string()),
            ("note", NOTE.to_string()),
        ])
    }

    fn device_row(&self, device: &Device) -> Row {
        let vendor = &self.catalog.vendors[device.vendor];
        Row::from([
            ("mn", device.mn.clone()),
            ("outlet", device.outlet.clone()),
            ("st", self.site(device).st.clone()),
            ("generation", device.generation.code().to_string()),
            ("vendor", vendor.vendor.clone()),
            ("model", vendor.model.clone()),
            ("minute_interval", (self.minute_ms() / MINUTE_MS).to_string()),
            ("realtime_interval", self.options.realtime_interval_s.to_string()),
            ("from", self.first_day().to_string()),
            ("note", NOTE.to_string()),
        ])
    }

    fn channel_rows(&self, device: &Device) -> Vec<Row> {
        let rows = device.channels.iter().map(|channel| {
            let row = self.channel(channel);
            let resolution = match channel.places {
                0 => "1".to_string(),
                places => format!("0.{}1", "0".repeat(places as usize - 1)),
            };
            Row::from([
                ("mn", device.mn.clone()),
                ("code", channel.code.clone()),
                ("unit", row.unit.clone()),
                ("resolution", resolution),
                ("range_low", row.range_low.clone()),
                ("range_high", row.range_high.clone()),
                ("note", NOTE.to_string()),
            ])
        });
        rows.collect()
    }

    fn limit_rows(&self, device: &Device) -> Vec<Row> {
        let rows = device.channels.iter().map(|channel| (channel, self.channel(channel)));
        let limited = rows.filter(|(_, row)| !row.limit_statistic.is_empty());
        limited
            .map(|(channel, row)| {
                let document = match device.kind {
                    OutletKind::Gas => self.site(device).reference_document.clone(),
                    _ => PERMIT.to_string(),
                };
                Row::from([
                    ("outlet", device.outlet.clone()),
                    ("code", channel.code.clone()),
                    ("statistic", row.limit_statistic.clone()),
                    ("basis", row.limit_basis.clone()),
                    ("kind", "permit".to_string()),
                    ("from", self.first_day().to_string()),
                    ("low", row.limit_low.clone()),
                    ("high", row.limit_high.clone()),
                    ("unit", row.unit.clone()),
                    ("document", document),
                    ("note", NOTE.to_string()),
                ])
            })
            .collect()
    }

    fn first_day(&self) -> Day {
        self.options.start.civil().0
    }
}

fn sheet(columns: &[&'static str], rows: &[Row]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let whole = "memory takes everything, and all rows have the columns of the header";
    writer.write_record(columns).expect(whole);
    for row in rows {
        writer.write_record(columns.iter().map(|column| row.get(column).map_or("", String::as_str))).expect(whole);
    }
    String::from_utf8(writer.into_inner().expect(whole)).expect("it is made of strings")
}
