//! `jingce compact --data DIR`

use super::Ending;
use super::ask::Folder;
use super::print::out;
use crate::trouble::Trouble;
use clap::Args;
use domain::Lang;

#[derive(Debug, Args)]
pub(crate) struct Compact {
    #[command(flatten)]
    folder: Folder,
}

pub(crate) fn run(own: &Compact, lang: Lang) -> Result<Ending, Trouble> {
    let data = own.folder.open(lang)?;
    let done = data.lake.compact(crate::clock::now())?;
    out(&match lang {
        Lang::Zh => format!("{} 个文件合并为 {} 个\n", done.files_before, done.files_after),
        Lang::En => format!("{} files became {}\n", done.files_before, done.files_after),
    })?;
    Ok(Ending::Done)
}
