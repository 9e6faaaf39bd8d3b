//! Runs `scenarios/<story>/*.toml`: text that a person of the field can read.
//!
//! A story's files are steps in order on one data folder (`story.toml` may say `data = "demo"`). A step has
//! exactly one of `get` (an address), `import` (a file of the step, by a mapping, over HTTP) or `run`
//! (arguments of `jingce`, `{data}` and `{file}` filled in), and what is expected: `status`, `exit`, `says`
//! (texts that must be in the answer), `never_says`, `json` (a part of the answer: objects may have more
//! fields; every element of an expected list must be found in the answer's list).

use crate::kit::{Server, demo, jingce, root};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Story {
    #[serde(default)]
    data: Option<String>,
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
    /// Name → JSON pointer: a value of the answer that later steps use as `{name}`.
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
    assert!(failures.is_empty(), "{} of {} stories failed:\n{}", failures.len(), stories.len(), failures.join("\n"));
    println!("{} stories, {steps} steps", stories.len());
}

fn tell(story: &Path) -> Result<usize, String> {
    let about: Story = read(&story.join("story.toml"))?;
    let own = tempfile::tempdir().map_err(|error| error.to_string())?;
    let data = if about.data.as_deref() == Some("demo") { demo().to_path_buf() } else { own.path().join("data") };
    if about.data.is_none() {
        std::fs::create_dir_all(&data).map_err(|error| error.to_string())?;
    }
    let server = Server::on(&data);
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
            act(action, &server, &mut kept, file.as_deref())
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

fn act(
    action: &Action,
    server: &Server,
    kept: &mut BTreeMap<String, String>,
    file: Option<&Path>,
) -> Result<(), String> {
    let (code, answer) = match (&action.get, &action.import, &action.run) {
        (Some(address), None, None) => {
            let (status, body) = server.get(&fill(address, kept, true));
            (i32::from(status), body)
        }
        (None, Some(mapping), None) => {
            let file = file.ok_or("the step has no [file]")?;
            let name = file.file_name().unwrap_or_default().to_string_lossy().to_string();
            let bytes = std::fs::read(file).map_err(|error| error.to_string())?;
            (202, server.import(mapping, &name, &bytes).to_string())
        }
        (None, None, Some(arguments)) => {
            let arguments: Vec<String> = arguments.iter().map(|text| fill(text, kept, false)).collect();
            let ran = jingce(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
            let both = if action.json.is_some() { ran.out } else { format!("{}{}", ran.out, ran.err) };
            (ran.code, both)
        }
        _ => return Err("a step needs exactly one of get, import, run".to_string()),
    };
    let expected = match (&action.get, &action.run) {
        (Some(_), _) => i32::from(action.status.unwrap_or(200)),
        (_, Some(_)) => action.exit.unwrap_or(0),
        _ => 202,
    };
    if code != expected {
        return Err(format!("ended with {code}, expected {expected}: {answer}"));
    }
    if let Some(missing) = action.says.iter().find(|text| !answer.contains(text.as_str())) {
        return Err(format!("does not say {missing:?}: {answer}"));
    }
    if let Some(extra) = action.never_says.iter().find(|text| answer.contains(text.as_str())) {
        return Err(format!("says {extra:?}: {answer}"));
    }
    if let Some(part) = &action.json {
        let part: Value = serde_json::from_str(part).map_err(|error| format!("the expected JSON: {error}"))?;
        let whole: Value = serde_json::from_str(&answer).map_err(|error| format!("{error}: {answer}"))?;
        within(&part, &whole, "$").map_err(|place| format!("{place} in {}", shortened(&answer)))?;
    }
    for (name, pointer) in &action.keep {
        let whole: Value = serde_json::from_str(&answer).map_err(|error| format!("{error}: {answer}"))?;
        let value = whole.pointer(pointer).ok_or_else(|| format!("nothing at {pointer} in {}", shortened(&answer)))?;
        kept.insert(name.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_string));
    }
    Ok(())
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
