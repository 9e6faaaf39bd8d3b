//! The protocol's tables → what is looked up for every field of every frame. Called by `decode` and `message`.

use super::Generation;
use super::catalog::{Code, Command, Field, GenerationRules, Named};
use super::header::HeaderField;
use super::names::Names;
use domain::Cadence;
use std::collections::BTreeMap;

/// What is looked up for every frame.
#[derive(Clone, Debug)]
pub(super) struct Index {
    commands: Names,
    /// Forms of each command number of `commands`.
    pub(super) forms: Vec<Forms>,
    params: Names,
    items: Names,
    /// Fields in small letters, to tell a wrong case from an unknown name.
    folded: BTreeMap<String, u32>,
    codes: Names,
    codes_2005: Names,
    systems: Names,
    /// Generations of each field, as bits.
    pub(super) field_generations: Vec<u8>,
    /// Place of each header field in the order of a generation.
    pub(super) header_rank: [[u8; HeaderField::COUNT]; 3],
}

/// The forms of one command, summed up.
#[derive(Clone, Debug, Default)]
pub(super) struct Forms {
    /// Places in [`Protocol::commands`].
    pub(super) forms: Vec<usize>,
    /// For each generation and form: fields that must be there and fields that may, as bits.
    pub(super) fields: [Vec<(u128, u128)>; 3],
    /// Generations that have it, as bits.
    pub(super) generations: u8,
    /// Cadence of its upload.
    pub(super) cadence: Option<Cadence>,
}
impl Index {
    pub(super) fn new(
        generations: &[GenerationRules; 3],
        commands: &[Command],
        fields: &[Field],
        codes: &[Code],
        systems: &[Named],
    ) -> Index {
        let numbered = |of_item: bool| {
            let named = fields.iter().zip(0..).filter(move |(field, _)| field.of_item == of_item);
            Names::new(named.map(|(field, number)| (field.name.as_str(), number)))
        };
        let (params, items) = (numbered(false), numbered(true));
        let bit = |name: &str| match name.strip_prefix("*-") {
            Some(name) => items.get(name.as_bytes()).map_or(0, |at| 1_u128 << at),
            None => params.get(name.as_bytes()).map_or(0, |at| 1_u128 << at),
        };
        let bits = |names: &[String]| names.iter().fold(0, |bits, name| bits | bit(name));
        let mut forms: BTreeMap<&str, Forms> = BTreeMap::new();
        for (at, command) in commands.iter().enumerate() {
            let entry = forms.entry(&command.cn).or_default();
            entry.forms.push(at);
            entry.cadence = entry.cadence.or(command.cadence);
            entry.generations |= bits_of(&command.generations);
            for generation in &command.generations {
                let required = bits(&command.required);
                entry.fields[*generation as usize].push((required, required | bits(&command.optional)));
            }
        }
        let numbers = Names::new(forms.keys().copied().zip(0..));
        Index {
            commands: numbers,
            forms: forms.into_values().collect(),
            folded: fields.iter().zip(0..).map(|(field, at)| (folded(&field.name, field.of_item), at)).collect(),
            params,
            items,
            codes: Names::new(codes.iter().map(|code| code.code.as_str()).zip(0..)),
            codes_2005: Names::new(codes.iter().map(|code| code.code_2005.as_str()).zip(0..)),
            systems: Names::new(systems.iter().map(|system| system.code.as_str()).zip(0..)),
            field_generations: fields.iter().map(|field| bits_of(&field.generations)).collect(),
            header_rank: std::array::from_fn(|at| header_rank(&generations[at].order)),
        }
    }

    #[inline]
    pub(super) fn command(&self, cn: &str) -> Option<&Forms> {
        self.commands.get(cn.as_bytes()).map(|at| &self.forms[at as usize])
    }

    #[inline]
    pub(super) fn param(&self, name: &str) -> Option<usize> {
        self.params.get(name.as_bytes()).map(|at| at as usize)
    }

    #[inline]
    pub(super) fn item_field(&self, name: &str) -> Option<usize> {
        self.items.get(name.as_bytes()).map(|at| at as usize)
    }

    /// A field of the same name in another case.
    pub(super) fn in_other_case(&self, name: &str, of_item: bool) -> Option<usize> {
        self.folded.get(&folded(name, of_item)).map(|at| *at as usize)
    }

    /// An annex code, or the row `e101xx` of e10101.
    #[inline]
    pub(super) fn code(&self, code: &str) -> Option<u32> {
        self.codes.get(code.as_bytes()).or_else(|| self.code_of_row(code))
    }

    fn code_of_row(&self, code: &str) -> Option<u32> {
        let (row, number) = code.split_at_checked(4)?;
        if number.len() != 2 || !number.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        let mut name = *b"....xx";
        name[..4].copy_from_slice(row.as_bytes());
        self.codes.get(&name)
    }

    #[inline]
    pub(super) fn code_2005(&self, code: &str) -> Option<u32> {
        self.codes_2005.get(code.as_bytes())
    }

    #[inline]
    pub(super) fn system(&self, st: &str) -> Option<u32> {
        self.systems.get(st.as_bytes())
    }
}
/// Place of each header field; one that the generation does not have goes with the data, which come last.
fn header_rank(order: &[String]) -> [u8; HeaderField::COUNT] {
    std::array::from_fn(|at| {
        let place = order.iter().position(|name| name == HeaderField::NAMES[at]);
        place.unwrap_or(order.len().saturating_sub(1)) as u8
    })
}

fn bits_of(generations: &[Generation]) -> u8 {
    generations.iter().fold(0, |bits, generation| bits | 1 << *generation as u8)
}
fn folded(name: &str, of_item: bool) -> String {
    format!("{}{}", if of_item { "-" } else { "" }, name.to_ascii_lowercase())
}
