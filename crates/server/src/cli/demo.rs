//! `jingce demo [--port N]`: a fresh data folder with the bundled data, then the web server.

use super::Ending;
use super::import::import_one;
use super::print::out;
use super::serve::{GatewayArgs, Listen, serve};
use crate::data::{Data, MAPS};
use crate::jobs::import::ImportAsk;
use crate::trouble::Trouble;
use clap::Args;
use domain::Lang;
use indicators::Plans;
use rust_embed::RustEmbed;
use std::path::{Path, PathBuf};

#[derive(RustEmbed)]
#[folder = "../../data/demo"]
struct Bundled;

/// Bundled files in the order of their import, with the mapping of each.
const FILES: [(&str, &str); 3] =
    [("areas.csv", "areas"), ("stations.csv", "stations"), ("beijing-2013-2017.parquet", "uci-beijing")];
/// List of the simulated files (模拟) of the other media: `file,mapping`, in the order of their import.
const SIMULATED: &str = "ziyang/files.csv";
/// Folder of these files.
const SIMULATED_FOLDER: &str = "ziyang";
/// Folder of the data folder that keeps the bundled files as they were imported.
const ORIGINALS: &str = "originals";

#[derive(Debug, Args)]
pub(crate) struct Demo {
    #[command(flatten)]
    listen: Listen,
    #[command(flatten)]
    gateway: GatewayArgs,
    /// Folder to make; it must not hold anything (default: a new one for temporary files).
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Makes the folder and stops, without serving it.
    #[arg(long)]
    no_serve: bool,
}

pub(crate) fn run(own: &Demo, lang: Lang) -> Result<Ending, Trouble> {
    let listener = if own.no_serve { None } else { Some(own.listen.bind()?) };
    let dir = fresh(own.data.as_deref())?;
    let data = Data::create(&dir, None)?;
    out(&match lang {
        Lang::Zh => format!("数据文件夹 {}：导入随附的真实数据与规划自身公布的数值 …\n", dir.display()),
        Lang::En => format!(
            "data folder {}: importing the bundled real data and the plan's own published values …\n",
            dir.display()
        ),
    })?;
    for (name, mapping) in FILES {
        import(&data, name, mapping, &bundled(name)?, lang)?;
    }
    out(match lang {
        Lang::Zh => "水、土、声、统计与项目为模拟数据：\n",
        Lang::En => "water, soil, noise, statistics and projects are simulated (模拟):\n",
    })?;
    for (name, mapping) in simulated()? {
        import(&data, &name, &mapping, &bundled(&format!("{SIMULATED_FOLDER}/{name}"))?, lang)?;
    }
    let plans = Plans::builtin_files();
    for folder in plans.folders_with("reported.csv") {
        let path = format!("{folder}/reported.csv");
        let text = plans.get(&path).expect("the folder was found by this file");
        import(&data, &format!("{folder}-reported.csv"), "reported", text.as_bytes(), lang)?;
    }
    for name in Bundled::iter().filter(|name| name.ends_with(".geojson")) {
        write(&dir.join(MAPS).join(&*name), &bundled(&name)?)?;
    }
    match listener {
        Some(listener) => serve(listener, data, &own.gateway, lang),
        None => Ok(Ending::Done),
    }
}

fn import(data: &Data, name: &str, mapping: &str, bytes: &[u8], lang: Lang) -> Result<(), Trouble> {
    let path = data.dir.join(ORIGINALS).join(name);
    write(&path, bytes)?;
    let ask = ImportAsk { path, name: name.to_string(), mapping: mapping.to_string(), station: None, again: false };
    import_one(data, &ask, lang).map(drop)
}

/// The simulated files and the mapping of each.
fn simulated() -> Result<Vec<(String, String)>, Trouble> {
    let list = bundled(SIMULATED)?;
    let mut reader = csv::Reader::from_reader(list.as_slice());
    let rows = reader.records().filter_map(Result::ok);
    Ok(rows.filter_map(|row| Some((row.get(0)?.to_string(), row.get(1)?.to_string()))).collect())
}

fn bundled(name: &str) -> Result<Vec<u8>, Trouble> {
    Bundled::get(name).map(|file| file.data.into_owned()).ok_or_else(|| {
        Trouble::broken(
            "bundled",
            format!("程序中没有随附文件 {name}。"),
            format!("the bundled file {name} is not in this binary."),
        )
    })
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Trouble> {
    let parent = path.parent().expect("the path was joined to a folder");
    std::fs::create_dir_all(parent)
        .and_then(|()| std::fs::write(path, bytes))
        .map_err(|error| Trouble::file(path, &error))
}

fn fresh(asked: Option<&Path>) -> Result<PathBuf, Trouble> {
    let stamp = crate::clock::now().to_iso().replace([':', '-', '+', '.'], "");
    let dir = asked.map_or_else(
        || std::env::temp_dir().join(format!("jingce-demo-{stamp}-{}", std::process::id())),
        Path::to_path_buf,
    );
    std::fs::create_dir_all(&dir).map_err(|error| Trouble::file(&dir, &error))?;
    let mut entries = std::fs::read_dir(&dir).map_err(|error| Trouble::file(&dir, &error))?;
    if entries.next().is_some() {
        return Err(Trouble::bad(
            "not-empty",
            format!(
                "文件夹 {} 不是空的；演示需要一个新文件夹。继续使用已有数据：jingce serve --data {}。",
                dir.display(),
                dir.display()
            ),
            format!(
                "folder {} is not empty; the demo needs a new one. To go on with what is there: jingce serve --data {}.",
                dir.display(),
                dir.display()
            ),
        ));
    }
    Ok(dir)
}
