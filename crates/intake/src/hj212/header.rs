//! Text of a data segment → its header fields and its data area, for `decode`.
//!
//! Reads what is there, in any order and case, with commas for semicolons; what is amiss is noted.

use super::deviation::{Found, Slip};

/// A field of the segment's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HeaderField {
    Qn,
    St,
    Cn,
    Pw,
    Mn,
    Flag,
    Pnum,
    Pno,
    Rf,
    Cp,
}

/// The header as sent.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Header<'t> {
    values: [&'t str; HeaderField::COUNT],
    /// Which fields are there, as bits.
    present: u16,
    /// The order in which they came.
    order: [u8; HeaderField::COUNT],
    count: u8,
}

use HeaderField::*;

impl HeaderField {
    pub(super) const NAMES: [&str; 10] = ["QN", "ST", "CN", "PW", "MN", "Flag", "PNUM", "PNO", "RF", "CP"];
    pub(super) const COUNT: usize = HeaderField::NAMES.len();
    pub(super) const ALL: [HeaderField; 10] = [Qn, St, Cn, Pw, Mn, Flag, Pnum, Pno, Rf, Cp];

    pub(super) fn name(self) -> &'static str {
        HeaderField::NAMES[self as usize]
    }

    /// By its name as the standard writes it.
    fn of(name: &str) -> Option<HeaderField> {
        Some(match name {
            "QN" => Qn,
            "ST" => St,
            "CN" => Cn,
            "PW" => Pw,
            "MN" => Mn,
            "Flag" => Flag,
            "PNUM" => Pnum,
            "PNO" => Pno,
            "RF" => Rf,
            "CP" => Cp,
            _ => return None,
        })
    }

    #[cold]
    fn of_any_case(name: &str) -> Option<HeaderField> {
        HeaderField::ALL.into_iter().find(|field| field.name().eq_ignore_ascii_case(name))
    }
}

impl<'t> Header<'t> {
    /// Reads a segment; the data area is the value of [`HeaderField::Cp`], with its `&&`.
    pub(super) fn read(segment: &'t str, found: &mut Found<'t>) -> Header<'t> {
        let mut header = Header::default();
        let mut rest = segment;
        while !rest.is_empty() && !header.has(Cp) {
            let part_end = if starts_with_data(rest) { None } else { memchr::memchr(b';', rest.as_bytes()) };
            let (part, after) = part_end.map_or((rest, ""), |end| (&rest[..end], &rest[end + 1..]));
            header.part(part, found);
            rest = after;
        }
        if header.has(Cp) {
            // The data go on to the end, also where a comma before `CP=` hid their beginning.
            let start = header.get(Cp).as_ptr() as usize - segment.as_ptr() as usize;
            header.values[Cp as usize] = segment[start..].trim_end();
        }
        header
    }

    /// One part between semicolons.
    fn part(&mut self, part: &'t str, found: &mut Found<'t>) {
        let trimmed = part.trim();
        if trimmed.len() != part.len() && !trimmed.is_empty() {
            found.add(Slip::StrayBlank, part, "");
        }
        let Some((name, value)) = trimmed.split_once('=') else {
            if trimmed.is_empty() {
                found.add(Slip::TrailingSeparator, ";;", "");
            } else {
                found.add(Slip::NoEquals, trimmed, "");
            }
            return;
        };
        let field = match HeaderField::of(name) {
            Some(field) => Some(field),
            None => HeaderField::of_any_case(name.trim()).inspect(|field| {
                found.add(Slip::FieldCase, name, field.name());
            }),
        };
        let Some(field) = field else {
            found.add(Slip::UnknownHeaderField, trimmed, "");
            return;
        };
        match comma_before_field(value) {
            Some(comma) if field != Cp => {
                found.add(Slip::SeparatorSlip, trimmed, "");
                self.set(field, &value[..comma], found);
                self.part(&value[comma + 1..], found);
            }
            _ => self.set(field, value, found),
        }
    }

    fn set(&mut self, field: HeaderField, value: &'t str, found: &mut Found<'t>) {
        if self.has(field) {
            found.add(Slip::RepeatedHeaderField, field.name(), "");
            return;
        }
        self.present |= 1 << field as u16;
        self.values[field as usize] = value;
        self.order[usize::from(self.count)] = field as u8;
        self.count += 1;
    }

    /// Its value, empty when it is not there.
    #[inline]
    pub(super) fn get(&self, field: HeaderField) -> &'t str {
        self.values[field as usize]
    }

    /// Whether it is there.
    #[inline]
    pub(super) fn has(&self, field: HeaderField) -> bool {
        self.present & (1 << field as u16) != 0
    }

    /// Which are there, as bits.
    pub(super) fn present(&self) -> u16 {
        self.present
    }

    /// The first field that stands after one that should follow it.
    pub(super) fn out_of_place(&self, rank: &[u8; HeaderField::COUNT]) -> Option<&'static str> {
        let order = &self.order[..usize::from(self.count)];
        let wrong = order.windows(2).find(|pair| rank[usize::from(pair[0])] > rank[usize::from(pair[1])])?;
        Some(HeaderField::NAMES[usize::from(wrong[1])])
    }
}

fn starts_with_data(rest: &str) -> bool {
    let rest = rest.trim_ascii_start().as_bytes();
    rest.len() >= 3 && rest[..3].eq_ignore_ascii_case(b"CP=")
}

/// A comma before another header field: `20160801085857534,ST=32`.
fn comma_before_field(value: &str) -> Option<usize> {
    let comma = memchr::memchr(b',', value.as_bytes())?;
    let (name, _) = value[comma + 1..].split_once('=')?;
    HeaderField::of_any_case(name.trim()).map(|_| comma)
}
