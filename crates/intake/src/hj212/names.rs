//! Short names → their numbers, for the catalog's tables: looked up for every field of every frame.
//!
//! A name of at most fifteen bytes is, with its length, one machine word, so that a look-up is one multiplication and
//! usually one comparison; the general map of the standard library takes several times as long.

/// Longest name that can be kept.
pub(super) const LONGEST: usize = 15;

/// Names with a number each.
#[derive(Clone, Debug)]
pub(super) struct Names {
    slots: Vec<(u128, u32)>,
    shift: u32,
}

impl Names {
    /// From names and their numbers; a later one of the same name is not kept. Names that are empty or
    /// longer than [`LONGEST`] are left out: the catalog's reader has refused them.
    pub(super) fn new<'n>(names: impl Iterator<Item = (&'n str, u32)>) -> Names {
        let names: Vec<(u128, u32)> =
            names.filter_map(|(name, number)| Some((pack(name.as_bytes())?, number))).collect();
        let bits = (names.len() * 4).max(16).next_power_of_two().trailing_zeros();
        let mut table = Names { slots: vec![(0, 0); 1 << bits], shift: 64 - bits };
        for (word, number) in names {
            let at = table.slot(word);
            if table.slots[at].0 == 0 {
                table.slots[at] = (word, number);
            }
        }
        table
    }

    /// The number of a name.
    #[inline]
    pub(super) fn get(&self, name: &[u8]) -> Option<u32> {
        let (word, number) = self.slots[self.slot(pack(name)?)];
        (word != 0).then_some(number)
    }

    /// Where a word is, or would be put.
    #[inline]
    fn slot(&self, word: u128) -> usize {
        let folded = (word as u64) ^ ((word >> 64) as u64).rotate_left(29);
        let mut at = (folded.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> self.shift) as usize;
        while self.slots[at].0 != 0 && self.slots[at].0 != word {
            at = (at + 1) & (self.slots.len() - 1);
        }
        at
    }
}

/// A name and its length as one word, so that different names are different words.
#[inline]
fn pack(name: &[u8]) -> Option<u128> {
    if name.is_empty() || name.len() > LONGEST {
        return None;
    }
    let mut bytes = [0; LONGEST + 1];
    bytes[..name.len()].copy_from_slice(name);
    bytes[LONGEST] = name.len() as u8;
    Some(u128::from_le_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_name_and_nothing_else() {
        let names: Vec<String> = (0..500).map(|n| format!("w{n:05}")).collect();
        let table = Names::new(names.iter().map(String::as_str).zip(0..));
        for (name, number) in names.iter().zip(0..) {
            assert_eq!(table.get(name.as_bytes()), Some(number));
        }
        assert_eq!(table.get(b"w00500"), None);
        assert_eq!(table.get(b""), None);
        assert_eq!(table.get(b"w0000\0"), None);
        assert_eq!(table.get(b"a name far longer than a word"), None);
    }
}
