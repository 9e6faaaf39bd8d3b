//! `jingce replay FILE --to HOST:PORT`

use super::Ending;
use super::print::out;
use crate::trouble::Trouble;
use clap::Args;
use domain::Lang;
use simulator::{ReplayOptions, replay};
use std::path::PathBuf;
use std::time::Duration;

#[derive(Debug, Args)]
pub(crate) struct Replay {
    /// File with one frame a line; what stands after a tab is left out.
    file: PathBuf,
    /// Gateway to send to.
    #[arg(long, value_name = "HOST:PORT")]
    to: String,
    /// Frames a second; 0 for as fast as they are taken.
    #[arg(long, default_value_t = 0.0)]
    rate: f64,
    /// Frames that may wait for their answer.
    #[arg(long, default_value_t = 64)]
    window: usize,
}

pub(crate) fn run(own: &Replay, lang: Lang) -> Result<Ending, Trouble> {
    let options = ReplayOptions { rate: own.rate, window: own.window, linger: Duration::from_secs(5) };
    let done = super::serve::runtime()?.block_on(replay(&own.file, &own.to, &options))?;
    let answers: Vec<String> = done.answers.iter().map(|(cn, count)| format!("{cn} × {count}")).collect();
    let answers = answers.join(", ");
    out(&match lang {
        Lang::Zh => format!("发送 {} 条，其中 {} 条要求应答；应答：{answers}\n", done.sent, done.asked),
        Lang::En => format!("{} frames sent, {} ask for an answer; answers: {answers}\n", done.sent, done.asked),
    })?;
    Ok(Ending::Done)
}
