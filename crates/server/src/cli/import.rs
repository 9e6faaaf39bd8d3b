//! `jingce import FILE… --mapping ID --data DIR`

use super::Ending;
use super::ask::Folder;
use super::print::out;
use crate::answers::imports::Problem;
use crate::data::Data;
use crate::jobs::import::{Begun, ImportAsk, Importing, Tally};
use crate::trouble::Trouble;
use clap::Args;
use domain::{Lang, Severity};
use indicatif::{ProgressBar, ProgressStyle};
use lake::ImportInfo;
use std::path::{Path, PathBuf};

/// Problems printed for one file; the rest is counted and kept.
const PRINTED: usize = 20;

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// Files (CSV, XLSX, Parquet, each also as .gz).
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Mapping: see `jingce catalog list mappings`.
    #[arg(long, value_name = "ID")]
    mapping: String,
    /// Station of everything in the file, for mappings that need one.
    #[arg(long, value_name = "CODE")]
    station: Option<String>,
    /// Reads a file that was imported before once more: what differs from the present values becomes a revision.
    #[arg(long)]
    again: bool,
    #[command(flatten)]
    folder: Folder,
}

pub(crate) fn run(own: &Import, lang: Lang) -> Result<Ending, Trouble> {
    let data = own.folder.create(lang)?;
    let mut ending = Ending::Done;
    let mut failed: Option<Trouble> = None;
    for path in &own.files {
        match import_one(&data, &ask(own, path), lang) {
            Ok(Ending::Done) => {}
            Ok(Ending::WithProblems) => ending = Ending::WithProblems,
            Err(trouble) if own.files.len() == 1 => return Err(trouble),
            Err(trouble) => {
                eprintln!("jingce: {}", trouble.line(lang));
                failed = Some(trouble);
            }
        }
    }
    match failed {
        Some(trouble) => Err(trouble),
        None => Ok(ending),
    }
}

fn ask(own: &Import, path: &Path) -> ImportAsk {
    ImportAsk {
        path: path.to_path_buf(),
        name: path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().to_string(),
        mapping: own.mapping.clone(),
        station: own.station.clone(),
        again: own.again,
    }
}

/// Imports one file, with a progress bar on a terminal and a summary.
pub(crate) fn import_one(data: &Data, ask: &ImportAsk, lang: Lang) -> Result<Ending, Trouble> {
    let mut importing = match Importing::begin(data, ask)? {
        Begun::Already(info) => {
            out(&already(&ask.name, &info, lang))?;
            return Ok(Ending::Done);
        }
        Begun::Going(importing) => importing,
    };
    let bar = ProgressBar::new(importing.tally().len);
    let style = ProgressStyle::with_template("{msg} {wide_bar} {bytes}/{total_bytes} {eta}");
    bar.set_style(style.expect("the template is right"));
    bar.set_message(ask.name.clone());
    while importing.step()? {
        bar.set_position(importing.tally().bytes);
    }
    bar.finish_and_clear();
    let (info, tally) = importing.finish(data, crate::clock::now())?;
    out(&summary(data, &info, &tally, lang))?;
    Ok(if tally.faults == 0 { Ending::Done } else { Ending::WithProblems })
}

/// `file[sheet]:row:column: message`.
fn line(problem: &Problem, lang: Lang) -> String {
    let mut place = problem.file.clone();
    if let Some(sheet) = &problem.sheet {
        place.push_str(&format!("[{sheet}]"));
    }
    if let Some(row) = problem.row {
        place.push_str(&format!(":{row}"));
    }
    if let Some(column) = &problem.column {
        place.push_str(&format!(":{column}"));
    }
    let message = if lang == Lang::Zh { &problem.message.zh } else { &problem.message.en };
    format!("{place}: {message}")
}

fn already(name: &str, info: &ImportInfo, lang: Lang) -> String {
    let (id, when) = (&info.id, info.recorded.to_iso());
    match lang {
        Lang::Zh => format!(
            "{name}：同一文件已于 {when} 导入（{id}），没有改变任何数据（此后的更正仍然有效；要重新读取请加 --again）\n"
        ),
        Lang::En => format!(
            "{name}: the same file was imported at {when} ({id}); nothing changed (later corrections stay; read it once more with --again)\n"
        ),
    }
}

fn summary(data: &Data, info: &ImportInfo, tally: &Tally, lang: Lang) -> String {
    let ImportInfo { file, id, rows, values, new, unchanged, revised, missing, .. } = info;
    let mut text = match lang {
        Lang::Zh => format!(
            "{file}：{rows} 行，{values} 个值（新增 {new}，未变 {unchanged}，更正 {revised}，缺测 {missing}）[导入 {id}]\n"
        ),
        Lang::En => format!(
            "{file}: {rows} rows, {values} values ({new} new, {unchanged} unchanged, {revised} revised, {missing} missing) [import {id}]\n"
        ),
    };
    let errors = tally.problems.iter().filter(|problem| problem.severity == Severity::Error.code());
    let others = tally.problems.iter().filter(|problem| problem.severity != Severity::Error.code());
    let shown: Vec<String> =
        errors.chain(others).take(PRINTED).map(|problem| format!("  {}\n", line(problem, lang))).collect();
    let total: u64 = tally.codes.values().sum::<u64>() + tally.folded;
    text.push_str(&shown.concat());
    let more = total.saturating_sub(shown.len() as u64);
    if total > 0 {
        let codes: Vec<String> = tally.codes.iter().map(|(code, count)| format!("{code} {count}")).collect();
        let codes = codes.join(", ");
        text.push_str(&match lang {
            Lang::Zh => format!("  问题 {total} 个（{codes}），另有 {more} 个未列出；全部：jingce query \"SELECT * FROM problems WHERE import = '{id}'\"\n"),
            Lang::En => format!("  {total} problems ({codes}), {more} not shown; all: jingce query \"SELECT * FROM problems WHERE import = '{id}'\"\n"),
        });
    }
    if let Some(path) = data.lake.rejects_path(id) {
        text.push_str(&match lang {
            Lang::Zh => format!("  未采用的行：{}（改正后可用同一映射再导入）\n", path.display()),
            Lang::En => {
                format!("  refused rows: {} (correct them and import them with the same mapping)\n", path.display())
            }
        });
    }
    text
}
