//! The command line: arguments → a job → text or JSON on standard output, messages on standard error.
//!
//! Exit codes: 0 done, 1 done with problems listed, 2 could not.

mod ask;
mod catalog;
mod compact;
mod compare;
mod demo;
mod device;
mod evaluate;
mod explain;
mod hj212;
mod import;
mod indicators;
mod operator;
mod plan;
mod print;
mod query;
mod replay;
mod report;
mod serve;
mod simulate;
mod trend;

use crate::trouble::Trouble;
use clap::{Parser, Subcommand};
use domain::Lang;
use std::process::ExitCode;

/// 境策 Jingce: a city's environmental plan as software.
#[derive(Debug, Parser)]
#[command(name = "jingce", version, about, max_term_width = 110)]
struct Arguments {
    /// Language of messages and tables: zh or en (default: by LANG, JINGCE_LANG first).
    #[arg(long, global = true, value_parser = ["zh", "en"])]
    lang: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// A fresh data folder with the bundled data and plan, and the web server on it.
    Demo(demo::Demo),
    /// The web server on a data folder.
    Serve(serve::Serve),
    /// Imports files of measurements, stations, areas, reported values or exceptional periods.
    Import(import::Import),
    /// Judges rows of concentrations by a standard; nothing is kept.
    Evaluate(evaluate::Evaluate),
    /// Annual statistics of an area, and a plan's indicators.
    Indicators(indicators::Indicators),
    /// What a value was made of, down to file and row.
    Explain(explain::Explain),
    /// The same year under two rule sets, with the days that change class.
    Compare(compare::Compare),
    /// SQL over observations and small tables (read only).
    Query(query::Query),
    /// Checks or lists the catalogs.
    Catalog(catalog::CatalogCommand),
    /// Where a plan stands, what of it works, its evaluation as a document, what changed, what if.
    Plan(plan::PlanCommand),
    /// Makes a document.
    Report(report::Report),
    /// Merges the files of the lake; results do not change.
    Compact(compact::Compact),
    /// Frames of HJ 212: decodes and encodes them.
    Hj212(hj212::Hj212),
    /// Trends of a series: of a monitoring point, of an indicator, or of a file.
    Trend(trend::Trend),
    /// A simulated city of instruments (模拟) that sends to a gateway; or compares what is held with what it sent.
    Simulate(simulate::Simulate),
    /// Sends the frames of a file to a gateway.
    Replay(replay::Replay),
    /// Secrets of devices: passwords and keys.
    Device(device::DeviceCommand),
    /// People who may act: their tokens and what they may do.
    Operator(operator::OperatorCommand),
}

/// How a command ended, when it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// All is well.
    Done,
    /// Done, and problems were listed.
    WithProblems,
}

/// Runs the command line of the process.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let lang = language(arguments.lang.as_deref());
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn".into());
    // Colours are for people at a terminal; in a file they would be noise.
    let colours = std::io::IsTerminal::is_terminal(&std::io::stderr());
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(std::io::stderr).init();
    match dispatch(arguments.command, lang) {
        Ok(Ending::Done) => ExitCode::SUCCESS,
        Ok(Ending::WithProblems) => ExitCode::from(1),
        Err(trouble) => {
            eprintln!("jingce: {}", trouble.line(lang));
            ExitCode::from(2)
        }
    }
}

fn dispatch(command: Command, lang: Lang) -> Result<Ending, Trouble> {
    match command {
        Command::Demo(own) => demo::run(&own, lang),
        Command::Serve(own) => serve::run(&own, lang),
        Command::Import(own) => import::run(&own, lang),
        Command::Evaluate(own) => evaluate::run(&own, lang),
        Command::Indicators(own) => indicators::run(&own, lang),
        Command::Explain(own) => explain::run(&own, lang),
        Command::Compare(own) => compare::run(&own, lang),
        Command::Query(own) => query::run(&own, lang),
        Command::Catalog(own) => catalog::run(&own, lang),
        Command::Plan(own) => plan::run(&own, lang),
        Command::Report(own) => report::run(&own, lang),
        Command::Compact(own) => compact::run(&own, lang),
        Command::Hj212(own) => hj212::run(&own, lang),
        Command::Trend(own) => trend::run(&own, lang),
        Command::Simulate(own) => simulate::run(&own, lang),
        Command::Replay(own) => replay::run(&own, lang),
        Command::Device(own) => device::run(&own, lang),
        Command::Operator(own) => operator::run(&own, lang),
    }
}

fn language(asked: Option<&str>) -> Lang {
    let from_env = || {
        let named = ["JINGCE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| std::env::var(name).ok());
        named.filter(|value| !value.is_empty()).unwrap_or_default()
    };
    let text = asked.map(str::to_string).unwrap_or_else(from_env);
    if text.starts_with("zh") { Lang::Zh } else { Lang::En }
}
