//! What the benchmark programs share: their options, their clock, and one line of JSON a run.
//!
//! Each program does one thing several times and prints one line a time; `bench/run.py` starts it beside its
//! peer and makes `RESULTS.md` of the lines. The peers print the same fields.

use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::fs;
use std::time::Instant;

/// Options of the form `--name value` and what is left over.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Arguments without a name, in order.
    pub free: Vec<String>,
    named: BTreeMap<String, String>,
}

impl Options {
    /// From the command line.
    pub fn read() -> Result<Options> {
        let mut options = Options::default();
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.strip_prefix("--") {
                Some(name) => {
                    let value = arguments.next().with_context(|| format!("--{name} needs a value"))?;
                    options.named.insert(name.to_string(), value);
                }
                None => options.free.push(argument),
            }
        }
        Ok(options)
    }

    /// The one argument without a name.
    pub fn path(&self, what: &str) -> Result<&str> {
        match self.free.as_slice() {
            [one] => Ok(one),
            _ => bail!("give one argument: {what}"),
        }
    }

    /// A named value.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.named.get(name).map(String::as_str)
    }

    /// A named whole number, or `default`.
    pub fn number(&self, name: &str, default: usize) -> Result<usize> {
        match self.text(name) {
            Some(text) => text.parse().with_context(|| format!("--{name} {text}: not a whole number")),
            None => Ok(default),
        }
    }
}

/// Wall and processor seconds since a moment.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    wall: Instant,
    cpu_s: f64,
}

impl Clock {
    /// Starts.
    pub fn start() -> Clock {
        Clock { wall: Instant::now(), cpu_s: cpu_s() }
    }

    /// Prints the line of a run; `more` are further fields.
    pub fn print(&self, what: &str, more: &[(&str, f64)]) {
        let wall = self.wall.elapsed().as_secs_f64();
        let mut line = serde_json::json!({
            "peer": "jingce", "what": what, "seconds": rounded(wall), "cpu_seconds": rounded(cpu_s() - self.cpu_s),
        });
        for (name, value) in more {
            line[*name] = rounded(*value).into();
        }
        println!("{line}");
    }

    /// Wall seconds so far.
    pub fn seconds(&self) -> f64 {
        self.wall.elapsed().as_secs_f64()
    }
}

fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

/// Processor seconds of this process, all threads, to 10 ms; 0 where the system does not tell.
fn cpu_s() -> f64 {
    const TICKS_PER_S: f64 = 100.0;
    let text = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = text.rsplit(')').next().unwrap_or_default();
    let ticks =
        |position: usize| after_name.split_whitespace().nth(position).and_then(|field| field.parse::<f64>().ok());
    (ticks(11).unwrap_or(0.0) + ticks(12).unwrap_or(0.0)) / TICKS_PER_S
}

/// Little-endian 64-bit integers of a file.
pub fn read_i64(path: &str) -> Result<Vec<i64>> {
    let bytes = fs::read(path).with_context(|| path.to_string())?;
    Ok(bytes.chunks_exact(8).map(|chunk| i64::from_le_bytes(chunk.try_into().expect("a chunk has 8 bytes"))).collect())
}
