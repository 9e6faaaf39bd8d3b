//! Every catalog of the product, with the deployment's own folder laid on top.
//!
//! The overlay has the subfolders `standards/`, `indicators/`, `plans/`, `mappings/`, `reports/`, `protocol/`, `alerts/`,
//! `qc/`; it stands
//! in `DATA/catalog.d` or where `--catalog` says. The same checks run on both.

use crate::answers::Text;
use crate::trouble::Trouble;
use domain::catalog::Files;
use domain::{Parameters, Units};
use indicators::plan::PlanCatalog;
use indicators::{Definitions, Plans};
use intake::Mappings;
use intake::hj212::Protocol;
use intake::micro::Micros;
use observe::qc::QcCatalog;
use report::Templates;
use standards::Catalog;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use supervise::Rules;

/// All rules and definitions, read once at start.
#[derive(Debug)]
pub struct Catalogs {
    /// Standards and rule sets.
    pub standards: Arc<Catalog>,
    /// Indicators.
    pub definitions: Definitions,
    /// Plans.
    pub plans: Plans,
    /// What each plan asks for: systems, projects, entities, actors, relations, bodies.
    pub lists: BTreeMap<String, PlanCatalog>,
    /// Import mappings.
    pub mappings: Mappings,
    /// Report templates.
    pub templates: Templates,
    /// Units.
    pub units: Units,
    /// Parameters.
    pub parameters: Parameters,
    /// What HJ 212 says.
    pub protocol: Arc<Protocol>,
    /// How micro-stations say what they measure.
    pub micros: Arc<Micros>,
    /// Rules of alerts.
    pub alert_rules: Arc<Rules>,
    /// Limits of the series tests.
    pub qc: QcCatalog,
}

/// Something wrong in a catalog file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogProblem {
    /// Path in the catalog.
    pub path: String,
    /// What is wrong and what to do.
    pub message: Text,
}

impl Catalogs {
    /// The built-in catalogs, with `overlay` on top if it exists. A bad folder is a problem; the rest stays usable.
    pub fn load(overlay: Option<&Path>) -> Result<(Catalogs, Vec<CatalogProblem>), Trouble> {
        let over = match overlay {
            Some(dir) => read_folder(dir)?,
            None => Files::new(),
        };
        let mut problems = Vec::new();
        let mut note = |root: &str, path: String, message: domain::Text| {
            problems.push(CatalogProblem { path: format!("{root}/{path}"), message: message.into() });
        };
        let layered = |mut base: Files, root: &str, thing: &str| {
            base.overlay_named(&over.below(&format!("{root}/")), thing);
            base
        };
        let (standards, found) = Catalog::load(&layered(Catalog::builtin_files(), "standards", "standard.toml"));
        found.into_iter().for_each(|problem| note("standards", problem.path, problem.message));
        let (definitions, found) =
            Definitions::load(&layered(Definitions::builtin_files(), "indicators", "indicator.toml"));
        let unknown = definitions.check(&standards);
        found.into_iter().chain(unknown).for_each(|problem| note("indicators", problem.path, problem.message));
        let plan_files = layered(Plans::builtin_files(), "plans", "plan.toml");
        let (plans, found) = Plans::load(&plan_files);
        found.into_iter().for_each(|problem| note("plans", problem.path, problem.message));
        let mut lists = BTreeMap::new();
        for plan in plans.iter() {
            let (own, found) = PlanCatalog::load(&plan_files, &plan.id);
            found.into_iter().for_each(|problem| note("plans", problem.path, problem.message));
            lists.insert(plan.id.clone(), own);
        }
        let (mappings, found) = Mappings::load(&layered(Mappings::builtin_files(), "mappings", "mapping.toml"));
        found.into_iter().for_each(|problem| note("mappings", problem.path, problem.message));
        let protocol = Protocol::load(&layered(Protocol::builtin_files(), "protocol", "generations.toml"));
        let protocol = protocol.unwrap_or_else(|found| {
            found.into_iter().for_each(|problem| note("protocol", problem.path, problem.message));
            Protocol::builtin().clone()
        });
        let (micros, found) = Micros::load(&layered(Micros::builtin_files(), "micro", "micro.toml"), &Units::builtin());
        found.into_iter().for_each(|problem| note("micro", problem.path, problem.message));
        let (alert_rules, found) = Rules::load(&layered(supervise::builtin_files(), "alerts", "rule.toml"));
        found.into_iter().for_each(|problem| note("alerts", problem.path, problem.message));
        let (qc, found) = QcCatalog::load(&layered(observe::qc::catalog::builtin_files(), "qc", "range.csv"));
        found.into_iter().for_each(|problem| note("qc", problem.place.to_string(), problem.message));
        let mut templates = Templates::builtin();
        if let Some(reports) = overlay.map(|dir| dir.join("reports")).filter(|dir| dir.is_dir()) {
            templates.add_dir(&reports)?;
        }
        problems.extend(overlay.map(unknown_folders).transpose()?.unwrap_or_default());
        let catalogs = Catalogs {
            standards: Arc::new(standards),
            definitions,
            plans,
            lists,
            mappings,
            templates,
            units: Units::builtin(),
            parameters: Parameters::builtin(),
            protocol: Arc::new(protocol),
            micros: Arc::new(micros),
            alert_rules: Arc::new(alert_rules),
            qc,
        };
        Ok((catalogs, problems))
    }
}

impl Catalogs {
    /// The files of the indicator catalog with `overlay` on top, for running their cases.
    pub fn indicator_files(overlay: Option<&Path>) -> Result<Files, Trouble> {
        let mut files = Definitions::builtin_files();
        if let Some(dir) = overlay {
            files.overlay_named(&read_folder(dir)?.below("indicators/"), "indicator.toml");
        }
        Ok(files)
    }
}

/// The folders an overlay may have.
const FOLDERS: [&str; 9] =
    ["standards", "indicators", "plans", "mappings", "reports", "protocol", "micro", "alerts", "qc"];

/// A misspelt folder would be silently without effect.
fn unknown_folders(dir: &Path) -> Result<Vec<CatalogProblem>, Trouble> {
    let mut problems = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(|error| Trouble::file(dir, &error))? {
        let path = entry.map_err(|error| Trouble::file(dir, &error))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_string();
        if path.is_dir() && !FOLDERS.contains(&name.as_str()) {
            let known = FOLDERS.join(", ");
            problems.push(CatalogProblem {
                path: name.clone(),
                message: Text::new(
                    format!("没有名为“{name}”的目录类别，其中的文件不起作用；可用 {known}"),
                    format!("`{name}` is no kind of catalog, so what is in it has no effect; use {known}"),
                ),
            });
        }
    }
    Ok(problems)
}

/// Every text file below a folder, by its path relative to it; other files are left out.
fn read_folder(dir: &Path) -> Result<Files, Trouble> {
    let mut files = Files::new();
    let mut open = vec![dir.to_path_buf()];
    while let Some(folder) = open.pop() {
        let entries = std::fs::read_dir(&folder).map_err(|error| Trouble::file(&folder, &error))?;
        for entry in entries {
            let path = entry.map_err(|error| Trouble::file(&folder, &error))?.path();
            if path.is_dir() {
                open.push(path);
            } else if let Ok(text) = std::fs::read_to_string(&path) {
                let relative = path.strip_prefix(dir).expect("the path was listed below the folder");
                files.insert(relative.to_string_lossy(), text);
            }
        }
    }
    Ok(files)
}
