//! `docs/how-to/*.md` → proof that they suffice: their files are written and their commands run, nothing else.
//!
//! In a page, a line `**`path`**` before a fence makes the fence that file; a `sh` fence holds commands; a
//! `text` fence after it holds what they must print, line by line, where `…` stands for anything.
//! Called by `suite` with the built binary.

use crate::steps::{Failure, Steps, command};
use crate::tally::Tally;
use std::path::{Path, PathBuf};

/// What the commands of a page may read besides the page's own files.
const BUNDLED: &str = "data/demo";

/// One thing a page says to do.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    /// Write this file.
    File { path: String, text: String },
    /// Type these lines; then all these lines must have been printed.
    Run { lines: Vec<String>, prints: Vec<String> },
}

/// Follows every page in an empty folder of its own, below the folder of `binary`.
pub fn follow_all(root: &Path, binary: &Path, steps: &mut Steps) -> Result<(), Failure> {
    steps.step("how-to pages", |tally| {
        for page in pages(&root.join("docs/how-to")).map_err(|error| Failure::new(format!("docs/how-to: {error}")))? {
            let name = page.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&page).map_err(|error| Failure::new(format!("{name}: {error}")))?;
            let folder = binary.with_file_name("how-to").join(&name);
            empty(&folder, root).map_err(|error| Failure::new(format!("{}: {error}", folder.display())))?;
            for part in parts(&text) {
                follow(&part, &folder, binary).map_err(|why| Failure::new(format!("docs/how-to/{name}.md: {why}")))?;
            }
            println!("ok   {name}");
            *tally += Tally { passed: 1, failed: 0 };
        }
        Ok(())
    })
}

fn pages(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut pages: Vec<PathBuf> = folder.read_dir()?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
    pages.retain(|page| page.extension().is_some_and(|ending| ending == "md"));
    pages.sort();
    Ok(pages)
}

/// An empty folder but for the bundled data.
fn empty(folder: &Path, root: &Path) -> std::io::Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    copy_tree(&root.join(BUNDLED), &folder.join(BUNDLED))
}

/// Every file below a folder, into another.
fn copy_tree(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in from.read_dir()? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_tree(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut last = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(kind) = line.strip_prefix("```") else {
            if !line.trim().is_empty() {
                last = line.trim().to_string();
            }
            continue;
        };
        let body: Vec<String> =
            lines.by_ref().take_while(|line| !line.starts_with("```")).map(str::to_string).collect();
        let named = last.strip_prefix("**`").and_then(|rest| rest.strip_suffix("`**"));
        match (named, kind, parts.last_mut()) {
            (Some(path), ..) => parts.push(Part::File { path: path.to_string(), text: body.join("\n") + "\n" }),
            (None, "sh", _) => parts.push(Part::Run { lines: body, prints: Vec::new() }),
            (None, "text", Some(Part::Run { prints, .. })) => prints.extend(body),
            _ => {}
        }
        last.clear();
    }
    parts
}

fn follow(part: &Part, folder: &Path, binary: &Path) -> Result<(), String> {
    match part {
        Part::File { path, text } => {
            let file = folder.join(path);
            let parent = file.parent().ok_or_else(|| format!("`{path}` is no file"))?;
            let written = std::fs::create_dir_all(parent).and_then(|()| std::fs::write(&file, text));
            written.map_err(|error| format!("`{path}`: {error}"))
        }
        Part::Run { lines, prints } => {
            let mut printed = String::new();
            for line in lines.iter().filter(|line| !line.trim().is_empty()) {
                printed.push_str(&run(line, folder, binary)?);
            }
            match prints.iter().find(|wanted| !printed.lines().any(|line| is_like(line, wanted))) {
                None => Ok(()),
                Some(wanted) => Err(format!("`{}` must print\n  {wanted}\nand printed\n{printed}", lines.join("; "))),
            }
        }
    }
}

fn run(line: &str, folder: &Path, binary: &Path) -> Result<String, String> {
    let mut shell = command("sh", folder);
    let own = binary.parent().unwrap_or(folder).to_path_buf();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::iter::once(own).chain(std::env::split_paths(&path)));
    shell.args(["-c", line]).env("PATH", path.map_err(|error| error.to_string())?).env("JINGCE_LANG", "en");
    let output = shell.output().map_err(|error| format!("`{line}` could not be started: {error}"))?;
    let printed = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if output.status.success() {
        Ok(printed)
    } else {
        Err(format!("`{line}` ended with {} and printed\n{printed}", output.status))
    }
}

/// Whether `line` is `wanted`, spaces aside, where `…` stands for anything.
fn is_like(line: &str, wanted: &str) -> bool {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (line, wanted) = (plain(line), plain(wanted));
    let pieces: Vec<&str> = wanted.split('…').collect();
    let mut rest = line.as_str();
    for (at, piece) in pieces.iter().enumerate() {
        let piece = piece.trim();
        let found = if at == 0 { rest.starts_with(piece).then_some(0) } else { rest.find(piece) };
        match found {
            Some(begin) => rest = &rest[begin + piece.len()..],
            None => return false,
        }
    }
    pieces.len() > 1 || rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# How\n\n**`a/b.toml`**\n```toml\nid = \"b\"\n```\nThen:\n\n```sh\ncat a/b.toml\n```\nprints\n```text\nid = …\n```\n```text\nmore\n```\n```toml\nnot = 1\n```\n";

    #[test]
    fn a_page_is_files_and_commands_with_what_they_print() {
        let file = Part::File { path: "a/b.toml".into(), text: "id = \"b\"\n".into() };
        let run = Part::Run { lines: vec!["cat a/b.toml".into()], prints: vec!["id = …".into(), "more".into()] };
        assert_eq!(parts(PAGE), [file, run]);
    }

    #[test]
    fn a_command_that_prints_something_else_is_told() {
        let folder = std::env::temp_dir().join(format!("xtask-how-to-{}", std::process::id()));
        let binary = folder.join("jingce");
        let mut found = Vec::new();
        for part in parts(PAGE) {
            found.push(follow(&part, &folder, &binary));
        }
        let fails = follow(&Part::Run { lines: vec!["exit 3".into()], prints: vec![] }, &folder, &binary);
        std::fs::remove_dir_all(&folder).expect("it was made here");
        assert!(found[0].is_ok());
        assert_eq!(found[1], Err("`cat a/b.toml` must print\n  more\nand printed\nid = \"b\"\n".to_string()));
        assert!(fails.is_err_and(|why| why.starts_with("`exit 3` ended with exit status: 3")));
    }

    #[test]
    fn an_ellipsis_stands_for_anything() {
        assert!(is_like("air.x   12  d  true", "air.x 12 … true"));
        assert!(is_like("imported [i-1]", "imported […"));
        assert!(!is_like("air.x 12 d", "air.x 13 …"));
        assert!(!is_like("air.x 12 d", "air.x 12"));
    }
}
