//! The nouns of a plan's lists: what it asks to be built, by whom, where, and what must be joined with what.
//!
//! Made by `coverage_load` from the plan's folder of the catalog; [`crate::plan::coverage`] says how much of it stands.

use domain::{Confidence, Text};
use serde::Serialize;

/// The lists of one plan. A plan without lists has an empty one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PlanCatalog {
    /// Id of the plan.
    pub plan: String,
    /// What the short codes mean.
    pub codes: Vec<Code>,
    /// Every system that the plan asks for.
    pub systems: Vec<PlanSystem>,
    /// What serves them now.
    pub served: Vec<Served>,
    /// Its projects.
    pub projects: Vec<PlanProject>,
    /// Places, waters, works and enterprises that it names.
    pub entities: Vec<PlanEntity>,
    /// Who acts.
    pub actors: Vec<PlanActor>,
    /// Which system must be joined with which.
    pub relations: Vec<PlanRelation>,
    /// Who answers for each row of the plan, and what shows it.
    pub bodies: Vec<PlanBody>,
}

/// A short code of the lists, with its meaning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Code {
    /// What it is a code of.
    pub kind: CodeKind,
    /// The code.
    pub id: String,
    /// What it means.
    pub title: Text,
}

/// What a [`Code`] is a code of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CodeKind {
    /// The domain of a system, such as air.
    Group,
    /// How much science a system needs.
    Depth,
    /// A part that many systems are made of.
    Primitive,
    /// A computation that several systems share.
    Kernel,
    /// A box of the plan that lists projects.
    Box,
    /// A type of entity.
    Type,
}

/// A system that the plan asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlanSystem {
    /// Position in the list, from 1.
    pub no: u16,
    /// Id.
    pub id: String,
    /// Name: the plan's in Chinese, a plain one in English.
    pub name: Text,
    /// Its domain: a [`CodeKind::Group`].
    pub group: String,
    /// What it is made of: [`CodeKind::Primitive`]s.
    pub primitives: Vec<String>,
    /// How much science it needs: a [`CodeKind::Depth`].
    pub depth: String,
    /// The computations it needs: [`CodeKind::Kernel`]s.
    pub kernels: Vec<String>,
    /// Chapter of the plan.
    pub chapter: String,
    /// Line of the plan's text.
    pub plan_line: u32,
    /// The plan's words on that line.
    pub quote: String,
    /// What it does.
    pub does: Text,
    /// What goes in.
    pub inputs: String,
    /// What comes out.
    pub outputs: String,
    /// Documents that say how, as far as known; `(?)` and `unsure` mark a doubtful number.
    pub standards: String,
}

/// What serves a system now. Its state is derived from this, never written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Served {
    /// Id of the system.
    pub system: String,
    /// Stories of `scenarios/` that use it.
    pub scenarios: Vec<String>,
    /// How much of it they show.
    pub shows: Shows,
    /// Definitions of the catalog that serve it, as `kind:id`.
    pub serves: Vec<String>,
    /// Commands (`jingce …`) and pages (`/…`) where its user finds it.
    pub places: Vec<String>,
    /// What of it is there and what is not.
    pub note: Text,
}

/// How much of a system its scenarios show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Shows {
    /// No scenario is named.
    Nothing,
    /// Something beside its main job.
    Part,
    /// Its main job.
    Main,
}

/// A project of the plan's boxes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlanProject {
    /// Id.
    pub id: String,
    /// The box that lists it: a [`CodeKind::Box`].
    pub r#box: String,
    /// The part of the box.
    pub category: String,
    /// Where it is.
    pub area: String,
    /// What is to be done.
    pub project: String,
    /// Line of the plan's text.
    pub plan_line: u32,
    /// The plan's words on that line.
    pub quote: String,
    /// Id of the system that it builds, or empty.
    pub system: String,
    /// Id of the project that it repeats, or empty: the two are one work.
    pub same_as: String,
}

/// Something that the plan names: a county, a river, a reservoir, a works, an enterprise, a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlanEntity {
    /// Id of this list; the plan's text has none.
    pub id: String,
    /// Name as written in the text.
    pub name: String,
    /// Its type: a [`CodeKind::Type`].
    pub r#type: String,
    /// Group of types.
    pub group: String,
    /// First line of the plan's text that names it.
    pub plan_line: u32,
    /// How often the text names it.
    pub mentions: u32,
    /// Other ways in which it is written.
    pub aliases: Vec<String>,
    /// What a reader must know.
    pub note: String,
}

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlanActor {
    /// Id.
    pub id: String,
    /// Name.
    pub name: Text,
    /// What they have to get done.
    pub jobs: Text,
}

/// Ends that the plan wants joined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlanRelation {
    /// Id of this list; the plan's text has none.
    pub id: String,
    /// Ids of systems and entities that it goes from.
    pub from: Vec<String>,
    /// An end that is in no list.
    pub from_other: String,
    /// Ids of systems and entities that it goes to.
    pub to: Vec<String>,
    /// An end that is in no list.
    pub to_other: String,
    /// The plan's words; several are parted by ` / `.
    pub quote: String,
    /// Line of the plan's text.
    pub plan_line: u32,
}

/// Who answers for a row of the plan, and what shows that it is met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlanBody {
    /// Number of the row of the table of indicators, or id of another target.
    pub row: String,
    /// Actors who answer for it.
    pub lead: Vec<String>,
    /// Actors who take part.
    pub with: Vec<String>,
    /// Confidence in who it is: the plan's text names few bodies.
    pub confidence: Confidence,
    /// Where it is said.
    pub source: Text,
    /// What must be shown.
    pub evidence: Text,
}

impl PlanCatalog {
    /// A system by id.
    pub fn system(&self, id: &str) -> Option<&PlanSystem> {
        self.systems.iter().find(|system| system.id == id)
    }

    /// An entity by its id, its name or another way in which it is written.
    pub fn entity(&self, name: &str) -> Option<&PlanEntity> {
        let named = |entity: &&PlanEntity| entity.id == name || entity.name == name;
        let aliased = |entity: &&PlanEntity| entity.aliases.iter().any(|alias| alias == name);
        self.entities.iter().find(named).or_else(|| self.entities.iter().find(aliased))
    }

    /// An actor by id.
    pub fn actor(&self, id: &str) -> Option<&PlanActor> {
        self.actors.iter().find(|actor| actor.id == id)
    }

    /// The actors with these ids, such as [`PlanBody::lead`].
    pub fn actors_called(&self, ids: &[String]) -> Vec<&PlanActor> {
        ids.iter().filter_map(|id| self.actor(id)).collect()
    }

    /// Who answers for a row of the plan: by its number (`4`) or the id of a target (`T05`).
    pub fn body(&self, row: &str) -> Option<&PlanBody> {
        self.bodies.iter().find(|body| body.row == row)
    }

    /// The codes of one kind, in the order of the catalog.
    pub fn codes_of(&self, kind: CodeKind) -> impl Iterator<Item = &Code> {
        self.codes.iter().filter(move |code| code.kind == kind)
    }
}
