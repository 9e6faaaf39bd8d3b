//! Samples beside a mapping, run as tests: `samples/NAME.json` must give what `samples/NAME.expect.txt` says.
//!
//! One line an item, `!` a problem:
//!
//! ```text
//! M1 22 realtime 2024-05-20T21:06:00+08:00 a34004 rtd=35 flag=N
//! ! error not-a-number pm25 `--`
//! ```

use super::file::Micro;
use super::read::read;
use crate::mapping::{SampleResult, difference};
use domain::catalog::Files;
use domain::{Fixed, FrameId, OnlineItem, Text};
use std::fmt::Write;

/// Runs every sample of a mapping.
pub(super) fn run_all(micro: &Micro, files: &Files) -> Vec<SampleResult> {
    let prefix = format!("{}/samples/", micro.id);
    let mut results = Vec::new();
    for (path, content) in files.iter() {
        let Some(stem) = path.strip_prefix(&prefix).and_then(|name| name.strip_suffix(".json")) else { continue };
        let expect_path = format!("{prefix}{stem}.expect.txt");
        let fault = match files.get(&expect_path) {
            Some(expect) => difference(&expect.replace("\r\n", "\n"), &transcript(micro, content.as_bytes())),
            None => Some(Text::new(
                format!("样例没有预期结果；请添加 {expect_path}"),
                format!("the sample has no expectation; add {expect_path}"),
            )),
        };
        results.push(SampleResult { mapping: micro.id.clone(), sample: path.to_string(), fault });
    }
    if results.is_empty() {
        let fault = Some(Text::new("没有样例；请在 samples/ 下添加", "there is no sample; add one under samples/"));
        results.push(SampleResult { mapping: micro.id.clone(), sample: format!("{}/micro.toml", micro.id), fault });
    }
    results
}

/// What a payload gives, as text. The device named in the topic is `M1`.
pub fn transcript(micro: &Micro, payload: &[u8]) -> String {
    let (messages, problems) = read(micro, "M1", payload, FrameId(0));
    let mut lines = String::new();
    for message in messages {
        let head = format!("{} {} {} {}", message.mn, message.st, message.cadence.code(), message.time.to_iso());
        for item in message.items {
            writeln!(lines, "{head} {}", line(&item)).expect("writing to a string cannot fail");
        }
    }
    for problem in problems {
        let (severity, column) = (problem.severity.code(), problem.place.column);
        writeln!(lines, "! {severity} {} {column} `{}`", problem.code, problem.raw)
            .expect("writing to a string cannot fail");
    }
    lines
}

fn line(item: &OnlineItem) -> String {
    let numbers: [(&str, Option<Fixed>); 5] =
        [("rtd", item.rtd), ("min", item.min), ("avg", item.avg), ("max", item.max), ("cou", item.cou)];
    let mut line = item.code.clone();
    for (name, number) in numbers {
        if let Some(number) = number {
            line.push_str(&format!(" {name}={number}"));
        }
    }
    if let Some(flag) = item.flag {
        line.push_str(&format!(" flag={}", flag.letter()));
    }
    for (name, value) in &item.other {
        line.push_str(&format!(" {name}:{value}"));
    }
    line
}
