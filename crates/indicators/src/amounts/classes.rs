//! `class.toml` → classes of emission-cutting projects: which formula over a project's facts gives the tonnes that it
//! cuts. Another class is another folder.

use crate::definition::{DefinitionProblem, called_as_folder, read_toml};
use crate::facts::{About, Items};
use crate::formula::Formula;
use domain::catalog::Files;
use domain::{Confidence, Fixed, Text};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A class of projects.
#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    /// Id, the folder's name; a project names it.
    pub id: String,
    /// Title.
    pub title: Text,
    /// Document that gives the formula.
    pub source: String,
    /// Confidence in the formula.
    pub confidence: Confidence,
    /// What it cuts, by pollutant.
    pub cuts: Vec<Cut>,
}

/// How many tonnes of one pollutant a project of a class cuts in a year.
#[derive(Clone, Debug, PartialEq)]
pub struct Cut {
    /// Pollutant.
    pub pollutant: String,
    /// Formula [t].
    pub value: Formula,
    /// The formula's inputs: items of the project.
    pub inputs: BTreeMap<String, CutInput>,
    /// The input that states what was cut before, by another project of the facility or in earlier years.
    pub base: String,
}

/// An input of a cut.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CutInput {
    /// Item of the project.
    pub item: String,
    /// What a blank stands for, where the form says so.
    #[serde(default, deserialize_with = "blank")]
    pub blank: Option<Fixed>,
}

/// The classes of a catalog, by id.
pub type Classes = BTreeMap<String, Class>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    id: String,
    title: Text,
    source: String,
    confidence: Confidence,
    cut: Vec<FileCut>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileCut {
    pollutant: String,
    value: Formula,
    base: String,
    inputs: BTreeMap<String, CutInput>,
}

fn blank<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Fixed>, D::Error> {
    let text = String::deserialize(from)?;
    text.parse().map(Some).map_err(|_| serde::de::Error::custom(format!("`{text}` is not a decimal number")))
}

impl Class {
    /// From every folder with a `class.toml`; a bad one is a problem, the others stay usable.
    pub fn load(files: &Files, items: &Items) -> (Classes, Vec<DefinitionProblem>) {
        let (mut classes, mut problems) = (Classes::new(), Vec::new());
        for folder in files.folders_with("class.toml") {
            let path = format!("{folder}/class.toml");
            match read(files.get(&path).unwrap_or(""), &folder, items) {
                Ok(class) => {
                    classes.insert(class.id.clone(), class);
                }
                Err(message) => problems.push(DefinitionProblem { path, message }),
            }
        }
        (classes, problems)
    }

    /// What it cuts of a pollutant.
    pub fn cut(&self, pollutant: &str) -> Option<&Cut> {
        self.cuts.iter().find(|cut| cut.pollutant == pollutant)
    }
}

fn read(text: &str, folder: &str, items: &Items) -> Result<Class, Text> {
    let file: File = read_toml(text)?;
    called_as_folder(&file.id, folder)?;
    for cut in &file.cut {
        check(cut, items)?;
    }
    let cut = |own: FileCut| Cut { pollutant: own.pollutant, value: own.value, inputs: own.inputs, base: own.base };
    Ok(Class {
        id: file.id,
        title: file.title,
        source: file.source,
        confidence: file.confidence,
        cuts: file.cut.into_iter().map(cut).collect(),
    })
}

fn check(cut: &FileCut, items: &Items) -> Result<(), Text> {
    let named = cut.value.names().iter().chain(std::iter::once(&cut.base));
    if let Some(name) = named.into_iter().find(|name| !cut.inputs.contains_key(name.as_str())) {
        return Err(Text::new(format!("“{name}”没有对应的输入"), format!("no input gives `{name}`")));
    }
    for input in cut.inputs.values() {
        let item = &input.item;
        match items.get(item).map(|known| known.about) {
            Some(About::Project) => {}
            Some(_) => {
                return Err(Text::new(
                    format!("项目“{item}”不是工程项目的"),
                    format!("the item `{item}` is not about projects"),
                ));
            }
            None => {
                return Err(Text::new(
                    format!("没有项目“{item}”；请先加入 items.csv"),
                    format!("no item `{item}`: add it to items.csv first"),
                ));
            }
        }
    }
    Ok(())
}
