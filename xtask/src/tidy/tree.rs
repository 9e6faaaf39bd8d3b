//! The folder of the workspace → its texts by path, without what is built or ignored.
//!
//! Called once per run by `tidy`; every check reads only this.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

/// Endings of files that are read; of others only the path is known.
const TEXTS: [&str; 16] =
    ["rs", "toml", "md", "csv", "ts", "mjs", "js", "svelte", "css", "html", "json", "typ", "py", "sh", "sql", "txt"];
/// Texts larger than this are data, not prose or code.
const TEXT_BYTES_MAX: u64 = 2_000_000;
/// Folders that tools make.
const BUILT: [&str; 5] = ["target", "node_modules", "dist", "test-results", ".git"];

/// Paths relative to the root, `/`-separated, in order.
#[derive(Debug, Default)]
pub struct Tree {
    texts: BTreeMap<String, String>,
    paths: BTreeSet<String>,
}

impl Tree {
    /// Reads the folder `root`.
    pub fn read(root: &Path) -> io::Result<Tree> {
        let ignored = std::fs::read_to_string(root.join(".gitignore")).unwrap_or_default();
        let mut tree = Tree::default();
        tree.walk(root, "", &Ignored::new(&ignored))?;
        Ok(tree)
    }

    /// A tree made of `files`, for trying a check.
    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Tree {
        Tree {
            texts: files.iter().map(|(path, text)| (path.to_string(), text.to_string())).collect(),
            paths: files.iter().map(|(path, _)| path.to_string()).collect(),
        }
    }

    /// The text of one file.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.texts.get(path).map(String::as_str)
    }

    /// Every text with its path.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Every text whose name has this ending.
    pub fn ending(&self, ending: &str) -> impl Iterator<Item = (&str, &str)> {
        self.texts().filter(move |(path, _)| path.rsplit_once('.').is_some_and(|(_, last)| last == ending))
    }

    /// Every Rust source.
    pub fn rust(&self) -> impl Iterator<Item = (&str, &str)> {
        self.ending("rs")
    }

    /// Whether a file or folder of this path is there.
    pub fn has(&self, path: &str) -> bool {
        let folder = format!("{path}/");
        self.paths.contains(path)
            || self.paths.range(folder.clone()..).next().is_some_and(|next| next.starts_with(&folder))
    }

    /// Every path, read or not.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().map(String::as_str)
    }

    /// Folders of workspace members, by their manifest.
    pub fn members(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts().filter_map(|(path, text)| Some((path.strip_suffix("/Cargo.toml")?, text)))
    }

    fn walk(&mut self, folder: &Path, below: &str, ignored: &Ignored) -> io::Result<()> {
        for entry in folder.read_dir()? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if below.is_empty() { name.clone() } else { format!("{below}/{name}") };
            if BUILT.contains(&name.as_str()) || ignored.covers(&path) {
                continue;
            }
            let kind = entry.file_type()?;
            if kind.is_dir() {
                self.walk(&entry.path(), &path, ignored)?;
            } else if kind.is_file() {
                self.add(path, &entry)?;
            }
        }
        Ok(())
    }

    fn add(&mut self, path: String, entry: &std::fs::DirEntry) -> io::Result<()> {
        let name = path.rsplit('/').next().unwrap_or(&path);
        let text = match name.rsplit_once('.') {
            Some((_, ending)) => TEXTS.contains(&ending),
            None => true,
        };
        if text && entry.metadata()?.len() <= TEXT_BYTES_MAX {
            // A text in another encoding is a sample, not ours to read.
            if let Ok(content) = String::from_utf8(std::fs::read(entry.path())?) {
                self.texts.insert(path.clone(), content);
            }
        }
        self.paths.insert(path);
        Ok(())
    }
}

/// The simple patterns of the root's `.gitignore`: `/path`, `name`, `*.ending`.
#[derive(Debug)]
struct Ignored<'a>(Vec<&'a str>);

impl<'a> Ignored<'a> {
    fn new(text: &'a str) -> Ignored<'a> {
        let lines = text.lines().map(|line| line.trim().trim_end_matches('/'));
        Ignored(lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect())
    }

    fn covers(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        self.0.iter().any(|pattern| {
            if let Some(ending) = pattern.strip_prefix('*') {
                name.ends_with(ending)
            } else if pattern.contains('/') {
                pattern.trim_start_matches('/') == path
            } else {
                *pattern == name
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ignored_paths_names_and_endings() {
        let ignored = Ignored::new("# built\n/target\n/web/dist/\n*.log\nscratch\n");
        for path in ["target", "web/dist", "a/b.log", "deep/scratch"] {
            assert!(ignored.covers(path), "{path}");
        }
        for path in ["crates/target", "dist", "log", "scratches"] {
            assert!(!ignored.covers(path), "{path}");
        }
    }

    #[test]
    fn folders_are_there_when_a_file_in_them_is() {
        let tree = Tree::of(&[("docs/how-to/x.md", ""), ("docs-old", "")]);
        assert!(tree.has("docs/how-to") && tree.has("docs") && tree.has("docs/how-to/x.md"));
        assert!(!tree.has("docs/how") && !tree.has("doc"));
    }
}
