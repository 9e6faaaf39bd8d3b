//! A header and the items asked for → where each column stands, and which items make the class.

use crate::media::evaluator::{Column, Options, Role};
use domain::{Text, Units};

/// Why a header cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BindError {
    /// A column without which nothing can be judged.
    #[error("the column `{column}` is needed; write one of {words:?} in it. The file has: {found:?}")]
    Required {
        /// Its name.
        column: String,
        /// What it may hold.
        words: Vec<String>,
        /// The columns of the file.
        found: Vec<String>,
    },
    /// No column that is judged.
    #[error("at least one of the columns {wanted:?} is needed; the file has: {found:?}")]
    NoItem {
        /// The items of the standard.
        wanted: Vec<String>,
        /// The columns of the file.
        found: Vec<String>,
    },
    /// A header that says another unit than the standard's.
    #[error("the column `{column}` says the unit `{given}`, the standard has it in `{wanted}`: convert the values")]
    Unit {
        /// As the file writes it.
        column: String,
        /// The unit it says.
        given: String,
        /// The unit of the standard.
        wanted: String,
    },
    /// Two columns for one item: nobody can tell which is meant.
    #[error("`{item}` stands in more than one column: {columns:?}; keep one")]
    Twice {
        /// The item.
        item: String,
        /// The columns, as the file writes them.
        columns: Vec<String>,
    },
    /// An item asked for that the standard does not have.
    #[error("`{item}` is no item of this standard; the items are {known:?}")]
    UnknownItem {
        /// As asked.
        item: String,
        /// The items of the standard.
        known: Vec<String>,
    },
}

impl BindError {
    /// For people, in both languages.
    pub fn text(&self) -> Text {
        let list = |names: &[String]| names.join(", ");
        match self {
            BindError::Required { column, words, found } => Text::new(
                format!("需要列 {column}（取值：{}）；文件的列是：{}。请补上此列。", list(words), list(found)),
                format!(
                    "the column {column} is needed (one of {}); the file has: {}. Add it.",
                    list(words),
                    list(found)
                ),
            ),
            BindError::NoItem { wanted, found } => Text::new(
                format!("至少需要一个项目列（{}）；文件的列是：{}。请检查表头和分隔符。", list(wanted), list(found)),
                format!(
                    "at least one item ({}) is needed; the file has: {}. Check the header and the delimiter.",
                    list(wanted),
                    list(found)
                ),
            ),
            BindError::Unit { column, given, wanted } => Text::new(
                format!("列“{column}”的单位是 {given}，此标准为 {wanted}；请换算数值并改正表头。"),
                format!(
                    "the column `{column}` is in {given}, the standard has {wanted}: convert the values and correct the header."
                ),
            ),
            BindError::Twice { item, columns } => Text::new(
                format!("{item} 在文件中有多列（{}），无法判断以哪一列为准；请只保留一列。", list(columns)),
                format!(
                    "{item} stands in several columns ({}), and which is meant cannot be told: keep one.",
                    list(columns)
                ),
            ),
            BindError::UnknownItem { item, known } => Text::new(
                format!("此标准没有项目“{item}”。项目有：{}。", list(known)),
                format!("this standard has no item `{item}`. Its items are: {}.", list(known)),
            ),
        }
    }
}

/// Where each column stands in the input, and whether each makes the class.
type Places = (Vec<Option<usize>>, Vec<bool>);

pub(crate) fn places(columns: &[Column], header: &[&str], options: &Options) -> Result<Places, BindError> {
    let found = || header.iter().map(|name| name.to_string()).collect::<Vec<_>>();
    let units = Units::builtin();
    let mut places = Vec::new();
    for column in columns {
        let own: Vec<&&str> = header.iter().filter(|name| is(column, name) || is(column, before_unit(name))).collect();
        if own.len() > 1 {
            let columns = own.iter().map(|name| name.trim().to_string()).collect();
            return Err(BindError::Twice { item: column.name.clone(), columns });
        }
        let plain = header.iter().position(|name| is(column, name));
        places.push(match plain {
            Some(at) => Some(at),
            None => with_unit(column, header, &units)?,
        });
    }
    let absent = columns.iter().zip(&places).find(|(column, place)| column.required && place.is_none());
    if let Some((column, _)) = absent {
        let words = column.words.iter().map(|(word, _)| word.clone()).collect();
        return Err(BindError::Required { column: column.name.clone(), words, found: found() });
    }
    let mut judged = columns.iter().zip(&places).filter(|(column, _)| judged(column));
    if !judged.any(|(_, place)| place.is_some()) {
        return Err(BindError::NoItem { wanted: names(columns), found: found() });
    }
    Ok((places, counted(columns, options)?))
}

/// A header without the unit that it may say in brackets at its end.
fn before_unit(name: &str) -> &str {
    let open = name.rfind(['(', '（', '[']).filter(|_| name.trim_end().ends_with([')', '）', ']']));
    open.map_or(name, |open| &name[..open])
}

/// A header such as `codmn(mg/L)`; one in another unit is refused.
fn with_unit(column: &Column, header: &[&str], units: &Units) -> Result<Option<usize>, BindError> {
    for (at, cell) in header.iter().enumerate() {
        let open = cell.rfind(['(', '（', '[']);
        let closed = cell.trim_end().ends_with([')', '）', ']']);
        let Some(open) = open.filter(|_| closed && !column.unit.is_empty()) else { continue };
        if !is(column, &cell[..open]) {
            continue;
        }
        let given = cell[open..].trim().trim_matches(['(', ')', '（', '）', '[', ']']).trim();
        let same = units.conversion(given, &column.unit).is_ok_and(|own| own.is_identity());
        if given != column.unit && !same {
            let (column, wanted) = (cell.trim().to_string(), column.unit.clone());
            return Err(BindError::Unit { column, given: given.to_string(), wanted });
        }
        return Ok(Some(at));
    }
    Ok(None)
}

/// Columns of a file that no rule takes although their name is nearly one that it does: as given, and as meant.
pub(crate) fn nearly(columns: &[Column], header: &[&str], places: &[Option<usize>]) -> Vec<(String, String)> {
    let unused = header.iter().enumerate().filter(|(at, _)| !places.contains(&Some(*at)));
    let mut list = Vec::new();
    for (_, name) in unused {
        let own = bare(name);
        let known = columns.iter().zip(places).filter(|(_, place)| place.is_none()).map(|(column, _)| column);
        let meant = known.into_iter().find(|column| {
            let names = column.also.iter().chain([&column.name]);
            names.into_iter().any(|other| close(&own, &bare(other)))
        });
        list.extend(meant.map(|column| (name.trim().to_string(), column.name.clone())));
    }
    list
}

/// A name without case, signs and spaces.
fn bare(name: &str) -> Vec<char> {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Equal, or one of at least four letters with one letter changed, added or left out.
fn close(a: &[char], b: &[char]) -> bool {
    const LETTERS_MIN: usize = 4;
    if a == b {
        return true;
    }
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if short.len() < LETTERS_MIN || long.len() - short.len() > 1 {
        return false;
    }
    let start = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    let rest = if short.len() == long.len() { &short[start + 1..] } else { &short[start..] };
    *rest == long[start + 1..]
}

fn judged(column: &Column) -> bool {
    matches!(column.role, Role::Item | Role::Reference)
}

fn names(columns: &[Column]) -> Vec<String> {
    columns.iter().filter(|column| judged(column)).map(|column| column.name.clone()).collect()
}

/// Whether a header cell means a column; case, spaces and a byte order mark do not matter.
fn is(column: &Column, name: &str) -> bool {
    let name = name.trim_start_matches('\u{feff}').trim();
    let same = |own: &str| own.eq_ignore_ascii_case(name) || (!own.is_ascii() && own == name);
    same(&column.name) || column.also.iter().any(|own| same(own))
}

fn counted(columns: &[Column], options: &Options) -> Result<Vec<bool>, BindError> {
    let mut asked = vec![false; columns.len()];
    for item in options.items.iter().map(|item| item.trim()).filter(|item| !item.is_empty()) {
        let at = columns.iter().position(|column| judged(column) && is(column, item));
        let unknown = || BindError::UnknownItem { item: item.to_string(), known: names(columns) };
        asked[at.ok_or_else(unknown)?] = true;
    }
    let own = |column: &Column| column.role == Role::Item;
    // Items outside the class add to it; a list that names one of the class is the class.
    let whole = columns.iter().zip(&asked).any(|(column, asked)| *asked && own(column));
    Ok(columns.iter().zip(asked).map(|(column, asked)| asked || (!whole && own(column))).collect())
}
