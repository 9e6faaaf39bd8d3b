//! Catalogs are folders of text. This is the folder: path to content, embedded or read by the edge, so
//! that a deployment's own folder can add to or override the built-in one with the same checks.

use std::collections::BTreeMap;

/// Text files by path, `/`-separated, relative to the catalog's root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files(BTreeMap<String, String>);

impl Files {
    /// No files.
    pub fn new() -> Files {
        Files::default()
    }

    /// Every text file of an embedded folder.
    pub fn embedded(dir: &include_dir::Dir<'_>) -> Files {
        let mut files = Files::default();
        collect(dir, &mut files);
        files
    }

    /// Adds or replaces one file.
    pub fn insert(&mut self, path: impl Into<String>, content: impl Into<String>) {
        self.0.insert(path.into().replace('\\', "/"), content.into());
    }

    /// Adds another folder on top: a folder (`<id>/`) present in `other` replaces that whole folder here,
    /// with what is below it.
    pub fn overlay(&mut self, other: &Files) {
        let folders: std::collections::BTreeSet<&str> = other.0.keys().filter_map(|path| folder(path)).collect();
        self.0.retain(|path, _| !ancestors(path).any(|dir| folders.contains(dir)));
        for (path, content) in &other.0 {
            self.0.insert(path.clone(), content.clone());
        }
    }

    /// Adds another folder on top, where a thing is known by its folder's own name, wherever that folder stands:
    /// `x/` of `other` replaces `group/x/` here if both hold a file called `name`.
    pub fn overlay_named(&mut self, other: &Files, name: &str) {
        let leaf = |path: &str| path.rsplit('/').next().unwrap_or(path).to_string();
        let own: std::collections::BTreeSet<String> = other.folders_with(name).iter().map(|path| leaf(path)).collect();
        for folder in self.folders_with(name).into_iter().filter(|folder| own.contains(&leaf(folder))) {
            self.0.retain(|path, _| !ancestors(path).any(|dir| dir == folder));
        }
        self.overlay(other);
    }

    /// The files below a prefix such as `standards/`, with the prefix taken off.
    pub fn below(&self, prefix: &str) -> Files {
        Files(
            self.0
                .iter()
                .filter_map(|(path, content)| Some((path.strip_prefix(prefix)?.to_string(), content.clone())))
                .collect(),
        )
    }

    /// A file's content.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }

    /// Every path with its content, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(path, content)| (path.as_str(), content.as_str()))
    }

    /// Folders that hold a file called `name`, in order: `ids("standard.toml")`.
    pub fn folders_with(&self, name: &str) -> Vec<String> {
        self.0.keys().filter_map(|path| path.strip_suffix(name)?.strip_suffix('/').map(str::to_string)).collect()
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The folders that a file is in, from the nearest up.
fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(folder(path), |dir| folder(dir))
}

fn folder(path: &str) -> Option<&str> {
    path.rsplit_once('/').map(|(dir, _)| dir)
}

fn collect(dir: &include_dir::Dir<'_>, files: &mut Files) {
    for file in dir.files() {
        if let Some(content) = file.contents_utf8() {
            files.insert(file.path().to_string_lossy(), content);
        }
    }
    for below in dir.dirs() {
        collect(below, files);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_overlaid_folder_replaces_the_whole_folder() {
        let mut base = Files::new();
        base.insert("a/x.toml", "1");
        base.insert("a/old.csv", "1");
        base.insert("a/samples/old.csv", "1");
        base.insert("b/x.toml", "1");
        let mut over = Files::new();
        over.insert("a/x.toml", "2");
        base.overlay(&over);
        assert_eq!(base.iter().collect::<Vec<_>>(), vec![("a/x.toml", "2"), ("b/x.toml", "1")]);
        assert_eq!(base.folders_with("x.toml"), vec!["a", "b"]);
    }

    #[test]
    fn a_thing_is_replaced_by_its_name_wherever_it_stands() {
        let mut base = Files::new();
        base.insert("air/one/x.toml", "1");
        base.insert("air/one/cases.csv", "1");
        base.insert("air/two/x.toml", "1");
        let mut over = Files::new();
        over.insert("one/x.toml", "2");
        base.overlay_named(&over, "x.toml");
        assert_eq!(base.iter().collect::<Vec<_>>(), vec![("air/two/x.toml", "1"), ("one/x.toml", "2")]);
    }
}
