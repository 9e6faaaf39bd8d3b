//! `jingce device secrets FILE --data DIR`, `jingce device check --data DIR`

use super::Ending;
use super::ask::Folder;
use super::print::out;
use crate::trouble::Trouble;
use clap::{Args, Subcommand};
use domain::{Instant, Lang};
use intake::hj212::Key;
use std::path::{Path, PathBuf};
use store::Secret;

/// Secrets of devices, and what is wrong with the register.
#[derive(Debug, Args)]
pub(crate) struct DeviceCommand {
    #[command(subcommand)]
    command: Own,
}

#[derive(Debug, Subcommand)]
enum Own {
    /// Takes passwords and keys from a CSV file with the columns mn, password, key_hex, since. They are kept apart from
    /// everything that can be queried.
    Secrets {
        /// The file.
        file: PathBuf,
        #[command(flatten)]
        folder: Folder,
    },
    /// Lists what is wrong with outlets, devices, channels and limits.
    Check {
        #[command(flatten)]
        folder: Folder,
    },
}

pub(crate) fn run(own: &DeviceCommand, lang: Lang) -> Result<Ending, Trouble> {
    match &own.command {
        Own::Secrets { file, folder } => secrets(file, folder, lang),
        Own::Check { folder } => check(folder, lang),
    }
}

fn secrets(file: &Path, folder: &Folder, lang: Lang) -> Result<Ending, Trouble> {
    let data = folder.create(lang)?;
    let records = data.store()?;
    let mut reader = csv::Reader::from_path(file).map_err(|error| unreadable(file, &error))?;
    let header = reader.headers().map_err(|error| unreadable(file, &error))?.clone();
    let place = |name: &str| header.iter().position(|column| column.trim().trim_start_matches('\u{feff}') == name);
    let Some(mn) = place("mn") else {
        return Err(Trouble::bad(
            "no-such-column",
            format!("{} 没有 mn 列。应有 mn,password,key_hex,since。", file.display()),
            format!("{} has no column mn. It should have mn,password,key_hex,since.", file.display()),
        ));
    };
    let (password, key, since) = (place("password"), place("key_hex"), place("since"));
    let mut taken = 0_u64;
    let mut ending = Ending::Done;
    for (index, row) in reader.records().enumerate() {
        let row = row.map_err(|error| unreadable(file, &error))?;
        let cell = |at: Option<usize>| at.and_then(|at| row.get(at)).unwrap_or("").trim().to_string();
        let some = |text: String| Some(text).filter(|text| !text.is_empty());
        let key_hex = some(cell(key));
        if key_hex.as_deref().is_some_and(|hex| Key::from_hex(hex).is_none()) || cell(Some(mn)).is_empty() {
            let line = index + 2;
            eprintln!(
                "{}:{line}: {}",
                file.display(),
                match lang {
                    Lang::Zh => "MN 为空，或密钥不是 32 位十六进制数字；该行未采用",
                    Lang::En => "no MN, or the key is not 32 hexadecimal digits; the row was not taken",
                }
            );
            ending = Ending::WithProblems;
            continue;
        }
        let since = Instant::parse(&cell(since)).unwrap_or_else(|_| crate::clock::now());
        records.secrets().set(&cell(Some(mn)), Secret { password: cell(password), key_hex, since })?;
        taken += 1;
    }
    out(&match lang {
        Lang::Zh => format!("{}：{taken} 台设备的密码与密钥\n", file.display()),
        Lang::En => format!("{}: secrets of {taken} devices\n", file.display()),
    })?;
    Ok(ending)
}

fn check(folder: &Folder, lang: Lang) -> Result<Ending, Trouble> {
    let data = folder.open(lang)?;
    let (register, problems) = data.view(None)?.load_register()?;
    for problem in &problems {
        out(&format!("{}\n", problem.line(lang)))?;
    }
    let limits: usize = register.limits.values().map(Vec::len).sum();
    let (outlets, devices, channels) = (register.outlets.len(), register.devices.len(), register.channels.len());
    out(&match lang {
        Lang::Zh => {
            format!("排放口 {outlets}，设备 {devices}，因子 {channels}，限值 {limits}，问题 {}\n", problems.len())
        }
        Lang::En => format!(
            "{outlets} outlets, {devices} devices, {channels} channels, {limits} limits, {} problems\n",
            problems.len()
        ),
    })?;
    Ok(if problems.is_empty() { Ending::Done } else { Ending::WithProblems })
}

fn unreadable(file: &Path, error: &csv::Error) -> Trouble {
    Trouble::bad(
        "file",
        format!("{} 不能读取：{error}", file.display()),
        format!("{} cannot be read: {error}", file.display()),
    )
}
