//! `jingce hj212 decode [--key HEX] FILE|-` and `jingce hj212 encode FILE|-`

use super::Ending;
use crate::trouble::Trouble;
use clap::{Args, Subcommand};
use domain::Lang;
use intake::hj212::{self, Key, Protocol};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

/// HJ 212 frames of all three generations, one a line.
#[derive(Debug, Args)]
pub(crate) struct Hj212 {
    #[command(subcommand)]
    command: Hj212Command,
}

#[derive(Debug, Subcommand)]
enum Hj212Command {
    /// Frames → one JSON line each: what it says, and every departure from the standard.
    ///
    /// `ok` is the frame's integrity: length and CRC are right and the structure can be read. Every other departure is
    /// listed in `deviations` with its clause.
    Decode(Decode),
    /// JSON lines of the same shape → frames.
    Encode(Encode),
}

#[derive(Debug, Args)]
struct Decode {
    /// File with one frame a line; `-` for standard input.
    file: PathBuf,
    /// Key for the encrypted data areas of HJ 212-2025: 32 hexadecimal digits.
    #[arg(long, value_name = "HEX")]
    key: Option<String>,
}

#[derive(Debug, Args)]
struct Encode {
    /// File with one JSON object a line; `-` for standard input.
    file: PathBuf,
    /// Key for the encrypted data areas of HJ 212-2025: 32 hexadecimal digits.
    #[arg(long, value_name = "HEX")]
    key: Option<String>,
}

pub(crate) fn run(own: &Hj212, lang: Lang) -> Result<Ending, Trouble> {
    match &own.command {
        Hj212Command::Decode(own) => decode(own),
        Hj212Command::Encode(own) => encode(own, lang),
    }
}

fn decode(own: &Decode) -> Result<Ending, Trouble> {
    let key = own.key.as_deref().map(key).transpose()?;
    let protocol = Protocol::builtin();
    let mut out = Output::new();
    for_each_line(&own.file, &mut |_, line| {
        let decoded = hj212::decode(line, key.as_ref(), protocol);
        out.line(hj212::json::line(&decoded).to_string().as_bytes())
    })?;
    out.finish()?;
    Ok(Ending::Done)
}

/// A line that is no frame's description is told on standard error and leaves an empty line, so that the lines keep
/// their places.
fn encode(own: &Encode, lang: Lang) -> Result<Ending, Trouble> {
    let key = own.key.as_deref().map(key).transpose()?;
    let mut out = Output::new();
    let mut ending = Ending::Done;
    for_each_line(&own.file, &mut |number, line| {
        let read = serde_json::from_slice::<serde_json::Value>(line)
            .map_err(|error| error.to_string())
            .and_then(|value| match value["encrypted"] == true && key.is_none() {
                true => Err(no_key(lang)),
                false => Ok(value),
            })
            .and_then(|value| hj212::json::outgoing(&value).map_err(|problem| problem.line(lang)));
        match read {
            Ok(mut outgoing) => {
                outgoing.key = key.clone();
                let frame = hj212::encode(&outgoing);
                out.line(frame.strip_suffix(b"\r\n").unwrap_or(&frame))
            }
            Err(reason) => {
                eprintln!("{}:{number}: {reason}", own.file.display());
                ending = Ending::WithProblems;
                out.line(b"")
            }
        }
    })?;
    out.finish()?;
    Ok(ending)
}

fn no_key(lang: Lang) -> String {
    match lang {
        Lang::Zh => "该报文的数据区是加密的：请用 --key 给出密钥，或去掉 encrypted",
        Lang::En => "its data area is encrypted: give the key with --key, or take `encrypted` out",
    }
    .to_string()
}

fn key(hex: &str) -> Result<Key, Trouble> {
    Key::from_hex(hex).ok_or_else(|| {
        Trouble::bad(
            "key",
            format!("密钥应为 32 位十六进制数字，现有 {} 个字符。", hex.chars().count()),
            format!("a key has 32 hexadecimal digits; there are {} characters.", hex.chars().count()),
        )
    })
}

/// What is done with a line, by its number and bytes.
type EachLine<'a> = dyn FnMut(u64, &[u8]) -> Result<(), Trouble> + 'a;

/// Every line that is not empty, with its number from 1, without the end of line; the bytes need not be UTF-8.
fn for_each_line(path: &Path, each: &mut EachLine<'_>) -> Result<(), Trouble> {
    let fail = |error: &std::io::Error| Trouble::file(path, error);
    let mut input: Box<dyn BufRead> = if path.as_os_str() == "-" {
        Box::new(BufReader::new(std::io::stdin()))
    } else {
        Box::new(BufReader::new(std::fs::File::open(path).map_err(|error| fail(&error))?))
    };
    let mut line = Vec::new();
    let mut number = 0;
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line).map_err(|error| fail(&error))? == 0 {
            return Ok(());
        }
        number += 1;
        let end = line.iter().rposition(|byte| !matches!(byte, b'\r' | b'\n')).map_or(0, |last| last + 1);
        if end > 0 {
            each(number, &line[..end])?;
        }
    }
}

/// Standard output for many lines; a reader who has gone is no failure.
struct Output(BufWriter<std::io::StdoutLock<'static>>);

impl Output {
    fn new() -> Output {
        Output(BufWriter::with_capacity(1 << 16, std::io::stdout().lock()))
    }

    fn line(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        told(self.0.write_all(bytes).and_then(|()| self.0.write_all(b"\n")))
    }

    fn finish(mut self) -> Result<(), Trouble> {
        told(self.0.flush())
    }
}

fn told(written: std::io::Result<()>) -> Result<(), Trouble> {
    match written {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => std::process::exit(0),
        other => other.map_err(|error| Trouble::file(Path::new("-"), &error)),
    }
}
