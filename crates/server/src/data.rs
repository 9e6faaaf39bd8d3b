//! A data folder opened: the lake, the catalogs with the folder's own overlay, and the years judged so far.

use crate::catalogs::{CatalogProblem, Catalogs};
use crate::jobs::city::Cities;
use crate::jobs::judge::JudgedYears;
use crate::live::Live;
use crate::trouble::Trouble;
use domain::{Area, Instant, Problem, Register, Station, Table};
use gateway::Directory;
use lake::{Lake, Snapshot};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use store::{EventId, Store, StoreError};
use supervise::Alerts;

/// Name of the overlay folder in a data folder.
pub const OVERLAY: &str = "catalog.d";
/// The folder by which a data folder is known.
const COMMITS: &str = "commits";
/// Name of the folder of online monitoring.
const ONLINE: &str = "online";
/// Name of the folder with boundary files.
pub const MAPS: &str = "maps";

/// An open data folder.
#[derive(Debug)]
pub struct Data {
    /// The folder.
    pub dir: PathBuf,
    /// Observations and small tables.
    pub lake: Lake,
    /// Rules and definitions.
    pub catalogs: Catalogs,
    /// What is wrong in the overlay.
    pub problems: Vec<CatalogProblem>,
    /// Years already judged.
    pub years: JudgedYears,
    /// Graphs of indicators already computed.
    pub cities: Cities,
    store: OnceLock<Arc<Store>>,
    register: Mutex<Option<Registered>>,
    /// The alerts of now.
    pub(crate) alerts: Mutex<Folded>,
    live: OnceLock<Arc<Live>>,
}

/// The register as of the last commits that brought rows of its four tables.
#[derive(Debug)]
struct Registered {
    commits: [u32; 4],
    register: Arc<Register>,
}

/// The alerts up to an event: later ones are added to it.
#[derive(Debug, Default)]
pub(crate) struct Folded {
    pub last: Option<EventId>,
    pub alerts: Arc<Alerts>,
}

/// The data as they stood at one moment; every job reads through one of these.
#[derive(Debug)]
pub struct View<'a> {
    /// The folder it looks into.
    pub data: &'a Data,
    /// What is visible.
    pub snapshot: Snapshot,
    /// The past moment that was asked for.
    pub as_of: Option<Instant>,
}

impl Data {
    /// Opens `dir`, which must hold data already.
    pub fn open(dir: &Path, catalog: Option<&Path>) -> Result<Data, Trouble> {
        if !dir.join(COMMITS).is_dir() {
            return Err(Trouble::not_found(
                "no-data",
                format!("没有数据文件夹 {}。请先用 jingce import … --data {} 导入。", dir.display(), dir.display()),
                format!(
                    "there is no data folder {}. Import something first: jingce import … --data {}.",
                    dir.display(),
                    dir.display()
                ),
            ));
        }
        Data::create(dir, catalog)
    }

    /// Opens `dir`, making it if it is not there.
    pub fn create(dir: &Path, catalog: Option<&Path>) -> Result<Data, Trouble> {
        if !dir.join(COMMITS).is_dir() && holds_other_things(dir) {
            return Err(Trouble::bad(
                "not-a-data-folder",
                format!("{} 里有别的文件，不是境策的数据文件夹。请指定新的或空的文件夹。", dir.display()),
                format!(
                    "{} holds other files and is not a data folder of Jingce. Name a new or an empty folder.",
                    dir.display()
                ),
            ));
        }
        let lake = Lake::create_or_open(dir)?;
        let own = dir.join(OVERLAY);
        let overlay = catalog.map(Path::to_path_buf).or_else(|| own.is_dir().then_some(own));
        let (catalogs, problems) = Catalogs::load(overlay.as_deref())?;
        lake.set_catalog(Arc::clone(&catalogs.standards));
        Ok(Data {
            dir: dir.to_path_buf(),
            lake,
            catalogs,
            problems,
            years: JudgedYears::default(),
            cities: Cities::default(),
            store: OnceLock::new(),
            register: Mutex::new(None),
            alerts: Mutex::default(),
            live: OnceLock::new(),
        })
    }

    /// Whether anything of online monitoring is kept.
    pub fn has_online(&self) -> bool {
        self.dir.join(ONLINE).is_dir()
    }

    /// Frames, events, secrets and judged values. While another process serves the folder its frames are read only.
    pub fn store(&self) -> Result<Arc<Store>, Trouble> {
        if let Some(store) = self.store.get() {
            return Ok(Arc::clone(store));
        }
        let store = match Store::open(&self.dir) {
            Err(StoreError::Busy { .. }) => Store::open_beside(&self.dir)?,
            Err(StoreError::ReadOnly { .. }) => Store::open_for_reading(&self.dir)?,
            other => other?,
        };
        Ok(Arc::clone(self.store.get_or_init(|| Arc::new(store))))
    }

    /// Outlets, devices, channels and limits as a view has them.
    pub fn register(&self, view: &View<'_>) -> Result<Arc<Register>, Trouble> {
        let tables = [Table::Outlets, Table::Devices, Table::Channels, Table::Limits];
        let commits = tables.map(|table| view.snapshot.records_commit(table));
        let mut kept = self.register.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = kept.as_ref().filter(|kept| kept.commits == commits) {
            return Ok(Arc::clone(&kept.register));
        }
        let (register, _) = view.load_register()?;
        // Rows that change nothing leave the object as it is.
        let register = match kept.as_ref().filter(|kept| *kept.register == register) {
            Some(kept) => Arc::clone(&kept.register),
            None => Arc::new(register),
        };
        *kept = Some(Registered { commits, register: Arc::clone(&register) });
        Ok(register)
    }

    /// Who may speak to the gateway.
    pub fn directory(&self) -> Result<Directory, Trouble> {
        let view = self.view(None)?;
        let register = self.register(&view)?.as_ref().clone();
        let secrets = self.store()?.secrets().all()?.into_iter().collect();
        Ok(Directory { register, secrets })
    }

    /// The running gateway, if this process serves one.
    pub fn live(&self) -> Option<Arc<Live>> {
        self.live.get().cloned()
    }

    /// The gateway has started.
    pub fn set_live(&self, live: Arc<Live>) {
        // Only `serve` starts one, and only once.
        let _ = self.live.set(live);
    }

    /// The data now, or as they stood at a past moment.
    pub fn view(&self, as_of: Option<Instant>) -> Result<View<'_>, Trouble> {
        Ok(View { data: self, snapshot: self.lake.snapshot(as_of)?, as_of })
    }
}

/// Whether a folder holds anything that no data folder has; one whose making was cut off holds only its own.
fn holds_other_things(dir: &Path) -> bool {
    let own =
        ["observations", "records", "problems", "rejects", "staging", "writer.lock", "uploads", ONLINE, MAPS, OVERLAY];
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().to_string()).any(|name| !own.contains(&name.as_str()))
}

impl View<'_> {
    /// The register, and what is wrong with its rows.
    pub fn load_register(&self) -> Result<(Register, Vec<Problem>), Trouble> {
        let rows = |table| self.snapshot.records(table);
        let (outlets, devices) = (rows(Table::Outlets)?, rows(Table::Devices)?);
        Ok(Register::load(&outlets, &devices, &rows(Table::Channels)?, &rows(Table::Limits)?))
    }

    /// Every area.
    pub fn areas(&self) -> Result<Vec<Area>, Trouble> {
        Ok(self.snapshot.records(Table::Areas)?.iter().map(Area::from_record).collect())
    }

    /// The area that a person called `name`: code, Chinese or English name.
    pub fn area(&self, name: &str) -> Result<Area, Trouble> {
        let areas = self.areas()?;
        if let Some(area) = areas.iter().find(|area| area.is_called(name)) {
            return Ok(area.clone());
        }
        if let Some(moment) = self.as_of.filter(|_| areas.is_empty()) {
            let moment = moment.to_iso();
            return Err(Trouble::not_found(
                "nothing-recorded",
                format!("截至 {moment} 尚未记录任何数据。请选择更晚的时刻，或查看最新数据。"),
                format!(
                    "nothing had been recorded yet at {moment}. Choose a later moment, or look at the newest data."
                ),
            ));
        }
        let known: Vec<String> = areas.iter().map(|area| format!("{} {}", area.id, area.name_zh)).collect();
        let known = if known.is_empty() { "—".to_string() } else { known.join(", ") };
        Err(Trouble::not_found(
            "no-such-area",
            format!("没有区域“{name}”。现有：{known}。新区域用映射 areas 导入。"),
            format!("there is no area `{name}`. There are: {known}. Import new ones with the mapping `areas`."),
        ))
    }

    /// Stations of an area and of the areas below it, in order of their code.
    pub fn stations(&self, area: &str) -> Result<Vec<Station>, Trouble> {
        let areas = self.areas()?;
        let mut within = vec![area.to_string()];
        let mut next = 0;
        while let Some(parent) = within.get(next).cloned() {
            next += 1;
            let below = areas.iter().filter(|area| area.parent == parent && !within.contains(&area.id));
            let below: Vec<String> = below.map(|area| area.id.clone()).collect();
            within.extend(below);
        }
        let mut stations: Vec<Station> = self
            .snapshot
            .records(Table::Stations)?
            .iter()
            .map(Station::from_record)
            .filter(|station| within.contains(&station.area))
            .collect();
        stations.sort_by(|a, b| a.code.cmp(&b.code));
        Ok(stations)
    }
}
