//! `micro.toml` → a checked [`Micro`].

use super::read::Statistic;
use domain::unit::Conversion;
use domain::{Cadence, DataFlag, Text, Units};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A declared form of payload.
#[derive(Clone, Debug)]
pub struct Micro {
    /// Id: the folder's name.
    pub id: String,
    /// Title.
    pub title: Text,
    /// What the form is.
    pub description: Text,
    /// Topics, with `{mn}` where the device stands and `{}` for any other level.
    pub topic: String,
    /// System code of its messages.
    pub st: String,
    /// What its values are.
    pub cadence: Cadence,
    /// Its values.
    pub values: Vec<MicroValue>,
    /// Where the form was seen.
    pub source: String,
    pub(super) mn_path: Option<String>,
    pub(super) time: TimeFile,
    pub(super) records: String,
    pub(super) list: Option<ListFile>,
    pub(super) flags: BTreeMap<String, DataFlag>,
}

/// One value of a payload.
#[derive(Clone, Debug)]
pub struct MicroValue {
    /// Where it stands in a record; with a list, its name in the list.
    pub path: String,
    /// Code of HJ 212-2017 Annex B.
    pub code: String,
    /// Unit in which the station sends it.
    pub unit: String,
    /// Unit in which it is handed on: that of the device's channel.
    pub to: String,
    pub(super) conversion: Conversion,
    pub(super) statistic: Statistic,
    pub(super) flag: Option<String>,
}

/// Where the time of a record is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TimeFile {
    pub(super) path: String,
    pub(super) form: TimeForm,
}

/// How a time is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum TimeForm {
    /// A civil time, UTC+8 unless it says otherwise, or digits as in HJ 212.
    Civil,
    /// Seconds since 1970 UTC.
    UnixS,
    /// Milliseconds since 1970 UTC.
    UnixMs,
}

/// Values that stand in a list of name and value.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ListFile {
    pub(super) path: String,
    pub(super) name: String,
    pub(super) value: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MicroFile {
    id: String,
    title: Text,
    description: Text,
    source: String,
    topic: String,
    st: String,
    cadence: Cadence,
    #[serde(default)]
    mn_path: Option<String>,
    time: TimeFile,
    #[serde(default)]
    records: String,
    #[serde(default)]
    list: Option<ListFile>,
    #[serde(default)]
    flags: BTreeMap<String, String>,
    value: Vec<ValueFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ValueFile {
    path: String,
    code: String,
    unit: String,
    #[serde(default)]
    to: Option<String>,
    #[serde(default)]
    statistic: Option<Statistic>,
    #[serde(default)]
    flag: Option<String>,
}

/// Reads one folder's file, or says all that is wrong with it.
pub(super) fn read(folder: &str, text: &str, units: &Units) -> Result<Micro, Vec<Text>> {
    let file: MicroFile = match toml::from_str(text) {
        Ok(file) => file,
        Err(error) => return Err(vec![Text::new(format!("无法读取：{error}"), format!("cannot be read: {error}"))]),
    };
    let mut faults = Vec::new();
    let name = folder.rsplit('/').next().unwrap_or(folder);
    if file.id != name {
        faults.push(Text::new(
            format!("id `{}` 与文件夹名 `{name}` 不一致", file.id),
            format!("the id `{}` differs from the folder's name `{name}`", file.id),
        ));
    }
    if file.mn_path.is_none() && !file.topic.contains("{mn}") {
        faults.push(Text::new(
            "设备编码既不在 topic 的 {mn} 中，也没有 mn_path",
            "the device stands neither in the topic as {mn} nor at an `mn_path`",
        ));
    }
    let flags = flags_of(file.flags, &mut faults);
    let values = values_of(file.value, file.cadence, units, &mut faults);
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(Micro {
        id: file.id,
        title: file.title,
        description: file.description,
        topic: file.topic,
        st: file.st,
        cadence: file.cadence,
        values,
        source: file.source,
        mn_path: file.mn_path,
        time: file.time,
        records: file.records,
        list: file.list,
        flags,
    })
}

fn flags_of(written: BTreeMap<String, String>, faults: &mut Vec<Text>) -> BTreeMap<String, DataFlag> {
    let mut flags = BTreeMap::new();
    for (word, letter) in written {
        match letter.chars().next().filter(|_| letter.len() == 1).and_then(DataFlag::from_letter) {
            Some(flag) => {
                flags.insert(word, flag);
            }
            None => faults.push(Text::new(
                format!("`{letter}` 不是数据标记；可用 N F M S D C T B"),
                format!("`{letter}` is no data flag; use one of N F M S D C T B"),
            )),
        }
    }
    flags
}

fn values_of(written: Vec<ValueFile>, cadence: Cadence, units: &Units, faults: &mut Vec<Text>) -> Vec<MicroValue> {
    let usual = if cadence == Cadence::RealTime { Statistic::Rtd } else { Statistic::Avg };
    let mut values = Vec::new();
    for value in written {
        let to = value.to.unwrap_or_else(|| value.unit.clone());
        match units.conversion(&value.unit, &to) {
            Ok(conversion) => values.push(MicroValue {
                path: value.path,
                code: value.code,
                unit: value.unit,
                to,
                conversion,
                statistic: value.statistic.unwrap_or(usual),
                flag: value.flag,
            }),
            Err(error) => {
                faults.push(Text::new(format!("{}：{error}", value.path), format!("{}: {error}", value.path)))
            }
        }
    }
    values
}

impl Micro {
    /// The topic to subscribe to.
    pub fn subscription(&self) -> String {
        let level = |level: &str| if level.starts_with('{') { "+".to_string() } else { level.to_string() };
        self.topic.split('/').map(level).collect::<Vec<_>>().join("/")
    }

    /// The device named in a topic of this form; empty when it stands in the payload.
    pub(super) fn captures<'t>(&self, topic: &'t str) -> Option<&'t str> {
        let mut mn = "";
        let mut levels = topic.split('/');
        for pattern in self.topic.split('/') {
            let level = levels.next()?;
            match pattern {
                "#" => return Some(mn),
                "{mn}" => mn = level,
                "+" | "{}" => {}
                fixed if fixed == level => {}
                _ => return None,
            }
        }
        levels.next().is_none().then_some(mn)
    }
}
