//! Runs `scenarios/<story>/*.toml`: text that a person of the field can read.
//!
//! A story's files are steps in order on one data folder (`story.toml` may say `data = "demo"`). A step has
//! exactly one of `get` (an address), `post` (an address, with `body` and the `token` of an operator), `import`
//! (a file of the step, by a mapping, over HTTP), `run` (arguments of `jingce`) or `send` (frames of an instrument
//! over one connection), with `{data}`, `{file}` and kept values filled in, and what is expected: `status`, `exit`,
//! `says` (texts that must be in the answer), `never_says`, `json` (a part of the answer: objects may have more
//! fields; every element of an expected list must be found in the answer's list).
//!
//! `send` needs `gateway = true` in `story.toml`. A frame that does not begin with `##` is a data segment, and gets
//! its length and CRC. `answers` are the commands that come back, such as `9014`, in order; none means silence.
//! With a gateway what is made of a frame takes a moment: a `get` is asked again until it is as expected.

use crate::kit::{Server, command, demo, jingce, post, root};
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Until what is made of frames must be seen.
const PATIENCE: Duration = Duration::from_secs(20);
/// So long the gateway is heard for an answer that should not come.
const SILENCE: Duration = Duration::from_millis(500);
/// Until the gateway knows a changed register (the engine looks five times a second).
const REGISTER_KNOWN: Duration = Duration::from_secs(1);

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Story {
    #[serde(default)]
    data: Option<String>,
    #[serde(default)]
    gateway: bool,
    #[expect(dead_code, reason = "for the reader of the file")]
    about: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    #[serde(default)]
    file: Option<Written>,
    step: Vec<Action>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    text: String,
    #[serde(default)]
    encoding: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Action {
    what: String,
    #[serde(default)]
    get: Option<String>,
    #[serde(default)]
    post: Option<String>,
    #[serde(default)]
    token: Option<String>,
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    send: Option<Vec<String>>,
    #[serde(default)]
    answers: Vec<String>,
    #[serde(default)]
    import: Option<String>,
    #[serde(default)]
    run: Option<Vec<String>>,
    #[serde(default)]
    status: Option<u16>,
    #[serde(default)]
    exit: Option<i32>,
    #[serde(default)]
    says: Vec<String>,
    #[serde(default)]
    never_says: Vec<String>,
    #[serde(default)]
    json: Option<String>,
    /// Name → JSON pointer, or nothing for the whole line: a value of the answer that later steps use as `{name}`.
    #[serde(default)]
    keep: BTreeMap<String, String>,
}

#[test]
fn every_story_holds() {
    let folder = root().join("scenarios");
    let mut stories: Vec<PathBuf> = std::fs::read_dir(&folder)
        .expect("scenarios/ is there")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.is_dir())
        .collect();
    stories.sort();
    assert!(!stories.is_empty(), "no story in {}", folder.display());
    let mut failures = Vec::new();
    let mut steps = 0;
    for story in &stories {
        match tell(story) {
            Ok(count) => steps += count,
            Err(failure) => {
                failures.push(format!("{}: {failure}", story.file_name().unwrap_or_default().to_string_lossy()))
            }
        }
    }
    failures.extend(unlike_the_index(&folder, &stories));
    assert!(failures.is_empty(), "{} of {} stories failed:\n{}", failures.len(), stories.len(), failures.join("\n"));
    println!("{} stories, {steps} steps", stories.len());
}

/// `scenarios/index.csv` names the stories that are told here, all of them and no other: what it names was run.
/// The coverage of a plan relies on it.
fn unlike_the_index(folder: &Path, stories: &[PathBuf]) -> Vec<String> {
    let text = std::fs::read_to_string(folder.join("index.csv")).expect("scenarios/index.csv is there");
    let (named, problems) = indicators::plan::read_stories(&text);
    let told: BTreeSet<String> =
        stories.iter().filter_map(|story| Some(story.file_name()?.to_string_lossy().to_string())).collect();
    let mut faults: Vec<String> =
        problems.into_iter().map(|problem| format!("index.csv: {}", problem.message.en)).collect();
    let unnamed = told.iter().filter(|story| !named.contains_key(*story));
    faults.extend(unnamed.map(|story| format!("index.csv: `{story}` is told but not named; add it with its titles")));
    let untold = named.keys().filter(|story| !told.contains(*story));
    faults.extend(untold.map(|story| format!("index.csv: names `{story}`, and there is no such story")));
    faults
}

fn tell(story: &Path) -> Result<usize, String> {
    let about: Story = read(&story.join("story.toml"))?;
    let own = tempfile::tempdir().map_err(|error| error.to_string())?;
    let data = if about.data.as_deref() == Some("demo") { demo().to_path_buf() } else { own.path().join("data") };
    if about.data.is_none() {
        std::fs::create_dir_all(&data).map_err(|error| error.to_string())?;
    }
    let told = Told::on(&data, about.gateway);
    let mut files: Vec<PathBuf> = std::fs::read_dir(story)
        .map_err(|error| error.to_string())?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    files.retain(|path| {
        path.extension().is_some_and(|ending| ending == "toml")
            && path.file_name().is_some_and(|name| name != "story.toml")
    });
    files.sort();
    let mut kept = BTreeMap::from([("data".to_string(), data.to_string_lossy().to_string())]);
    let mut count = 0;
    for path in files {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_string();
        let step: Step = read(&path)?;
        let file = step.file.as_ref().map(|written| put(own.path(), written)).transpose()?;
        kept.insert(
            "file".to_string(),
            file.as_ref().map(|file| file.to_string_lossy().to_string()).unwrap_or_default(),
        );
        for action in &step.step {
            told.act(action, &mut kept, file.as_deref())
                .map_err(|reason| format!("{name}, “{}”: {reason}", action.what))?;
            count += 1;
        }
    }
    Ok(count)
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
}

fn put(folder: &Path, written: &Written) -> Result<PathBuf, String> {
    let path = folder.join(&written.name);
    let bytes = match written.encoding.as_deref() {
        Some("gbk") => encoding(&written.text)?,
        _ => written.text.clone().into_bytes(),
    };
    std::fs::write(&path, bytes).map_err(|error| error.to_string())?;
    Ok(path)
}

fn encoding(text: &str) -> Result<Vec<u8>, String> {
    let (bytes, _, lost) = encoding_rs::GBK.encode(text);
    if lost { Err("the text has no GBK form".to_string()) } else { Ok(bytes.into_owned()) }
}

/// The server that a story is told to.
struct Told {
    server: Server,
    /// Where instruments connect.
    hj212: Option<String>,
}

impl Told {
    fn on(data: &Path, gateway: bool) -> Told {
        if !gateway {
            return Told { server: Server::on(data), hj212: None };
        }
        let data = data.to_string_lossy().to_string();
        let arguments = ["serve", "--port", "0", "--hj212-port", "0", "--data", &data];
        let (server, mut printed) = Server::started(&mut command(&arguments));
        let mut line = String::new();
        printed.read_line(&mut line).expect("it prints the gateway's address");
        Told { server, hj212: line.split_whitespace().nth(2).map(str::to_string) }
    }

    fn act(&self, action: &Action, kept: &mut BTreeMap<String, String>, file: Option<&Path>) -> Result<(), String> {
        let begun = Instant::now();
        loop {
            match self.once(action, kept, file) {
                Err(_) if action.get.is_some() && self.hj212.is_some() && begun.elapsed() < PATIENCE => {
                    std::thread::sleep(Duration::from_millis(100));
                }
                ended => return ended,
            }
        }
    }

    fn once(&self, action: &Action, kept: &mut BTreeMap<String, String>, file: Option<&Path>) -> Result<(), String> {
        let (code, answer) = self.done(action, kept, file)?;
        let expected = match (&action.run, &action.import, &action.send) {
            (Some(_), ..) => action.exit.unwrap_or(0),
            (_, Some(_), _) => 202,
            (.., Some(_)) => 0,
            _ => i32::from(action.status.unwrap_or(200)),
        };
        if code != expected {
            return Err(format!("ended with {code}, expected {expected}: {answer}"));
        }
        is_as_expected(action, &answer, kept)?;
        for (name, pointer) in &action.keep {
            kept.insert(name.clone(), at(&answer, pointer)?);
        }
        Ok(())
    }

    /// Does it: how it ended, and what was answered.
    fn done(
        &self,
        action: &Action,
        kept: &BTreeMap<String, String>,
        file: Option<&Path>,
    ) -> Result<(i32, String), String> {
        match (&action.get, &action.post, &action.import, &action.run, &action.send) {
            (Some(address), None, None, None, None) => {
                let (status, body) = self.server.get(&fill(address, kept, true));
                Ok((i32::from(status), body))
            }
            (None, Some(address), None, None, None) => {
                let token = action.token.as_ref().map(|token| fill(token, kept, false));
                let body = fill(action.body.as_deref().unwrap_or("{}"), kept, false);
                let (status, body) = post(&self.server.address, &fill(address, kept, true), token.as_deref(), &body);
                Ok((i32::from(status), body))
            }
            (None, None, Some(mapping), None, None) => {
                let file = file.ok_or("the step has no [file]")?;
                let name = file.file_name().unwrap_or_default().to_string_lossy().to_string();
                let bytes = std::fs::read(file).map_err(|error| error.to_string())?;
                Ok((202, self.server.import(mapping, &name, &bytes).to_string()))
            }
            (None, None, None, Some(arguments), None) => {
                let arguments: Vec<String> = arguments.iter().map(|text| fill(text, kept, false)).collect();
                let ran = jingce(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
                let alone = action.json.is_some() || !action.keep.is_empty();
                Ok((ran.code, if alone { ran.out } else { format!("{}{}", ran.out, ran.err) }))
            }
            (None, None, None, None, Some(frames)) => {
                let to = self.hj212.as_deref().ok_or("the story has no `gateway = true`")?;
                answered(to, frames, &action.answers).map(|answer| (0, answer))
            }
            _ => Err("a step needs exactly one of get, post, import, run, send".to_string()),
        }
    }
}

/// Sends frames over one connection and hears what is answered.
fn answered(to: &str, frames: &[String], answers: &[String]) -> Result<String, String> {
    std::thread::sleep(REGISTER_KNOWN);
    let broken = |error: std::io::Error| format!("{to}: {error}");
    let mut stream = TcpStream::connect(to).map_err(broken)?;
    stream.set_read_timeout(Some(Duration::from_millis(50))).map_err(broken)?;
    for frame in frames {
        stream.write_all(whole(frame).as_bytes()).map_err(broken)?;
    }
    let commands = |heard: &str| -> Vec<String> {
        let commands = heard.lines().filter_map(|line| line.split("CN=").nth(1)?.split(';').next());
        commands.map(str::to_string).collect()
    };
    let (begun, mut heard, mut bytes) = (Instant::now(), String::new(), [0; 4096]);
    let mut last = begun;
    // Whoever waits for answers waits long; then it must be silent.
    while last.elapsed() < SILENCE || (commands(&heard).len() < answers.len() && begun.elapsed() < PATIENCE) {
        match stream.read(&mut bytes) {
            Ok(0) => break,
            Ok(length) => {
                heard.push_str(&String::from_utf8_lossy(&bytes[..length]));
                last = Instant::now();
            }
            Err(error) if matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => {}
            Err(error) => return Err(broken(error)),
        }
    }
    if commands(&heard) == answers { Ok(heard) } else { Err(format!("expected {answers:?}, answered: {heard:?}")) }
}

/// A data segment with its length and CRC; a whole frame as it stands.
fn whole(frame: &str) -> String {
    if frame.starts_with("##") {
        return format!("{frame}\r\n");
    }
    format!("##{:04}{frame}{:04X}\r\n", frame.len(), intake::hj212::crc16(frame.as_bytes()))
}

fn is_as_expected(action: &Action, answer: &str, kept: &BTreeMap<String, String>) -> Result<(), String> {
    if let Some(missing) = action.says.iter().find(|text| !answer.contains(&fill(text, kept, false))) {
        return Err(format!("does not say {missing:?}: {answer}"));
    }
    if let Some(extra) = action.never_says.iter().find(|text| answer.contains(&fill(text, kept, false))) {
        return Err(format!("says {extra:?}: {answer}"));
    }
    if let Some(part) = &action.json {
        let part: Value =
            serde_json::from_str(&fill(part, kept, false)).map_err(|error| format!("the expected JSON: {error}"))?;
        let whole: Value = serde_json::from_str(answer).map_err(|error| format!("{error}: {answer}"))?;
        within(&part, &whole, "$").map_err(|place| format!("{place} in {}", shortened(answer)))?;
    }
    Ok(())
}

/// What stands at a place of an answer; its line where no place is named.
fn at(answer: &str, pointer: &str) -> Result<String, String> {
    if pointer.is_empty() {
        return Ok(answer.trim().to_string());
    }
    let whole: Value = serde_json::from_str(answer).map_err(|error| format!("{error}: {answer}"))?;
    let value = whole.pointer(pointer).ok_or_else(|| format!("nothing at {pointer} in {}", shortened(answer)))?;
    Ok(value.as_str().map_or_else(|| value.to_string(), str::to_string))
}

/// Puts kept values in place of `{name}`; in an address the plus sign of a time is escaped.
fn fill(text: &str, kept: &BTreeMap<String, String>, address: bool) -> String {
    kept.iter().fold(text.to_string(), |text, (name, value)| {
        let value = if address { value.replace('+', "%2B") } else { value.clone() };
        text.replace(&format!("{{{name}}}"), &value)
    })
}

/// Whether `part` is a part of `whole`; the error names the first place that is not.
fn within(part: &Value, whole: &Value, place: &str) -> Result<(), String> {
    match (part, whole) {
        (Value::Object(part), Value::Object(whole)) => part.iter().try_for_each(|(key, value)| {
            let own = whole.get(key).ok_or_else(|| format!("{place}.{key} is absent"))?;
            within(value, own, &format!("{place}.{key}"))
        }),
        (Value::Array(part), Value::Array(whole)) => {
            if part.is_empty() && !whole.is_empty() {
                return Err(format!("{place} is not empty"));
            }
            part.iter().try_for_each(|value| match whole.iter().any(|own| within(value, own, place).is_ok()) {
                true => Ok(()),
                false => Err(format!("{place} has no element like {value}")),
            })
        }
        (Value::Number(a), Value::Number(b)) if a.as_f64() == b.as_f64() => Ok(()),
        (a, b) if a == b => Ok(()),
        (a, b) => Err(format!("{place} is {b}, expected {a}")),
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(600).collect()
}

#[test]
fn a_part_is_found_and_a_difference_is_named() {
    let whole: Value = serde_json::json!({ "rows": [{ "id": "a", "n": 1.0 }, { "id": "b", "n": 2 }] });
    assert_eq!(within(&serde_json::json!({ "rows": [{ "id": "b", "n": 2.0 }] }), &whole, "$"), Ok(()));
    let difference = within(&serde_json::json!({ "rows": [{ "id": "c" }] }), &whole, "$").expect_err("there is no c");
    assert!(difference.contains("$.rows has no element"), "{difference}");
}
