//! What of a plan works, is declared, or is missing: its lists against the stories that are told and the catalogs.

use crate::catalogs::Catalogs;
use crate::jobs::plan_status::find;
use crate::trouble::Trouble;
use indicators::plan::coverage::{Coverage, Known, coverage as cover, read_stories};

/// The stories that the tests tell, as they were when this binary was built.
const STORIES: &str = include_str!("../../../../scenarios/index.csv");

/// How much of a plan stands.
pub fn coverage(catalogs: &Catalogs, plan: &str) -> Result<Coverage, Trouble> {
    let own = find(catalogs, plan)?;
    let (stories, found) = read_stories(STORIES);
    let mut known = Known { stories, ..Known::default() };
    known.add_defined(&catalogs.definitions, &catalogs.standards, own);
    known.add("mapping", catalogs.mappings.iter().map(|mapping| mapping.id.clone()));
    known.add("report", catalogs.templates.ids().map(str::to_string));
    known.add("alert", catalogs.alert_rules.iter().map(|rule| rule.id.clone()));
    known.add("micro", catalogs.micros.iter().map(|micro| micro.id.clone()));
    let lists = catalogs.lists.get(&own.id).cloned().unwrap_or_default();
    let mut made = cover(&lists, &known);
    made.problems.extend(found);
    Ok(made)
}
