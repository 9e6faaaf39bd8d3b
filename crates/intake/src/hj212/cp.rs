//! Text of a data area → its fields, in the order sent. Made by `decode`, read by everybody.

use std::borrow::Cow;
use std::fmt;

/// The data area `CP=&&…&&`, decrypted where it was encrypted.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Cp<'a> {
    text: Cow<'a, str>,
    pairs: Vec<Pair>,
}

/// Fields between two semicolons.
#[derive(Clone, Copy)]
pub struct Group<'c> {
    text: &'c str,
    pairs: &'c [Pair],
}

/// Where one field is in the text: `start..eq` its name, after the `=` to `end` its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pair {
    start: u32,
    eq: u32,
    end: u32,
    pub(super) group: u32,
}

/// What [`read`] found.
pub(super) struct Read {
    pub(super) pairs: Vec<Pair>,
    /// There is a separator with nothing between it and the next or the end.
    pub(super) empty_part: bool,
}

impl Pair {
    #[inline]
    pub(super) fn name<'t>(&self, text: &'t str) -> &'t str {
        &text[self.start as usize..self.eq as usize]
    }

    #[inline]
    pub(super) fn value<'t>(&self, text: &'t str) -> &'t str {
        if self.has_equals() { &text[self.eq as usize + 1..self.end as usize] } else { "" }
    }

    #[inline]
    pub(super) fn has_equals(&self) -> bool {
        self.eq < self.end
    }

    /// Name, `=` and value as sent.
    pub(super) fn whole<'t>(&self, text: &'t str) -> &'t str {
        &text[self.start as usize..self.end as usize]
    }
}

/// Cuts a data area at `;` and `,`. A part after a comma that has no `=` goes on with the value before it:
/// texts of `-Info` hold commas.
pub(super) fn read(text: &str) -> Read {
    let bytes = text.as_bytes();
    let mut pairs: Vec<Pair> = Vec::with_capacity(bytes.len() / 16 + 1);
    let mut empty_part = false;
    let (mut group, mut start, mut eq) = (0_u32, 0_usize, None);
    let mut after_comma = false;
    for at in 0..=bytes.len() {
        match bytes.get(at) {
            Some(b'=') if eq.is_none() => eq = Some(at),
            Some(b',' | b';') | None => {
                let ends_group = bytes.get(at) != Some(&b',');
                match (eq, pairs.last_mut()) {
                    (None, Some(last)) if after_comma && start < at => last.end = at as u32,
                    _ if start == at => empty_part |= !bytes.is_empty(),
                    _ => pairs.push(Pair { start: start as u32, eq: eq.unwrap_or(at) as u32, end: at as u32, group }),
                }
                group += u32::from(ends_group);
                after_comma = !ends_group;
                (start, eq) = (at + 1, None);
            }
            Some(_) => {}
        }
    }
    Read { pairs, empty_part }
}

impl<'a> Cp<'a> {
    pub(super) fn new(text: Cow<'a, str>, pairs: Vec<Pair>) -> Cp<'a> {
        Cp { text, pairs }
    }

    /// The whole area without its `&&`.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it has no field.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// Number of fields.
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Every field, name and value, in the order sent.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|pair| (pair.name(&self.text), pair.value(&self.text)))
    }

    /// The fields by the groups that semicolons make.
    pub fn groups(&self) -> impl Iterator<Item = Group<'_>> {
        self.pairs.chunk_by(|a, b| a.group == b.group).map(|pairs| Group { text: &self.text, pairs })
    }

    /// The value of the first field of that name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs().find(|(field, _)| *field == name).map(|(_, value)| value)
    }

    /// Without the frame it was read from.
    pub fn into_owned<'b>(self) -> Cp<'b> {
        Cp { text: Cow::Owned(self.text.into_owned()), pairs: self.pairs }
    }
}

impl<'c> Group<'c> {
    /// Every field, name and value, in the order sent.
    pub fn iter(&self) -> impl Iterator<Item = (&'c str, &'c str)> + use<'c> {
        let text = self.text;
        self.pairs.iter().map(move |pair| (pair.name(text), pair.value(text)))
    }

    /// The value of the first field of that name.
    pub fn get(&self, name: &str) -> Option<&'c str> {
        self.iter().find(|(field, _)| *field == name).map(|(_, value)| value)
    }
}

impl fmt::Debug for Cp<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.groups()).finish()
    }
}

impl fmt::Debug for Group<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let read = read(text);
        format!("{:?}{}", Cp::new(text.into(), read.pairs), if read.empty_part { " empty" } else { "" })
    }

    #[test]
    fn groups_in_the_order_sent() {
        assert_eq!(
            shown("DataTime=1;a-Rtd=2,a-Flag=N;b-Rtd="),
            r#"[{"DataTime": "1"}, {"a-Rtd": "2", "a-Flag": "N"}, {"b-Rtd": ""}]"#
        );
        assert_eq!(shown(""), "[]");
        assert_eq!(shown("a-Rtd=1;;b-Rtd=2;"), r#"[{"a-Rtd": "1"}, {"b-Rtd": "2"}] empty"#);
    }

    #[test]
    fn texts_with_commas_stay_whole() {
        assert_eq!(shown("i11001-Info=//one, two,//;x"), r#"[{"i11001-Info": "//one, two,//"}, {"x": ""}]"#);
        assert_eq!(shown(",a=1=2"), r#"[{"a": "1=2"}] empty"#);
    }
}
