//! Bytes of a data segment → the checksum of HJ 212, for `decode` and `encode`.
//!
//! HJ 212-2017 Annex A (2025: Annex A.1) shifts first: `reg = (reg >> 8) ^ byte`, where Modbus has
//! `reg ^= byte`. The low byte is thrown away at every step, so that the next state depends on the high
//! byte only: a machine of 256 states over GF(2), which lets eight bytes be taken at once.

/// Reflected polynomial of HJ 212-2017 Annex A.
const POLYNOMIAL: u16 = 0xA001;
/// Start value of HJ 212-2017 Annex A.
const START: u16 = 0xFFFF;
/// Bytes taken at once.
const STRIDE: usize = 8;

/// `TABLE[x]`: eight shifts of `x`.
const TABLE: [u16; 256] = table();
/// `AHEAD[n][x]`: high byte of the register `n + 1` steps after `x` came in.
const AHEAD: [[u8; 256]; STRIDE] = ahead();

/// A checksum under way: parts of a segment may be fed one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crc(u16);

/// Checksum of a whole data segment.
///
/// `reg = 0xFFFF; for each byte: reg = T[(reg >> 8) ^ byte]`, T the table of the reflected polynomial A001.
/// Only 256 values can come out: a changed segment passes with probability 1/256, so length and fields
/// must be looked at as well.
///
/// Reference: HJ 212-2017 Annex A; HJ 212-2025 Annex A.1.
///
/// ```
/// use intake::hj212::crc16;
/// let segment = b"QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&";
/// assert_eq!(crc16(segment), 0x1C80);
/// ```
pub fn crc16(segment: &[u8]) -> u16 {
    Crc::new().feed(segment).value()
}

/// The checksum of Modbus over the same bytes, which many devices send by mistake.
pub(super) fn modbus(segment: &[u8]) -> u16 {
    segment.iter().fold(START, |reg, byte| TABLE[usize::from((reg ^ u16::from(*byte)) & 0xFF)] ^ (reg >> 8))
}

impl Crc {
    /// Nothing fed yet.
    pub fn new() -> Crc {
        Crc(START)
    }

    /// With more bytes.
    pub fn feed(self, bytes: &[u8]) -> Crc {
        let Some((last, before)) = bytes.split_last() else { return self };
        let mut high = (self.0 >> 8) as u8;
        let mut strides = before.chunks_exact(STRIDE);
        for stride in &mut strides {
            high = AHEAD[7][usize::from(high ^ stride[0])]
                ^ AHEAD[6][usize::from(stride[1])]
                ^ AHEAD[5][usize::from(stride[2])]
                ^ AHEAD[4][usize::from(stride[3])]
                ^ AHEAD[3][usize::from(stride[4])]
                ^ AHEAD[2][usize::from(stride[5])]
                ^ AHEAD[1][usize::from(stride[6])]
                ^ AHEAD[0][usize::from(stride[7])];
        }
        for byte in strides.remainder() {
            high = AHEAD[0][usize::from(high ^ byte)];
        }
        Crc(TABLE[usize::from(high ^ last)])
    }

    /// The value so far.
    pub fn value(self) -> u16 {
        self.0
    }
}

impl Default for Crc {
    fn default() -> Crc {
        Crc::new()
    }
}

const fn table() -> [u16; 256] {
    let mut table = [0; 256];
    let mut x = 0;
    while x < 256 {
        let mut reg = x as u16;
        let mut bit = 0;
        while bit < 8 {
            reg = if reg & 1 == 1 { (reg >> 1) ^ POLYNOMIAL } else { reg >> 1 };
            bit += 1;
        }
        table[x] = reg;
        x += 1;
    }
    table
}

const fn ahead() -> [[u8; 256]; STRIDE] {
    let mut ahead = [[0; 256]; STRIDE];
    let mut x = 0;
    while x < 256 {
        let mut high = (TABLE[x] >> 8) as u8;
        let mut step = 0;
        while step < STRIDE {
            ahead[step][x] = high;
            high = (TABLE[high as usize] >> 8) as u8;
            step += 1;
        }
        x += 1;
    }
    ahead
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The loop as Annex A prints it.
    fn printed(segment: &[u8]) -> u16 {
        let mut reg = 0xFFFF_u16;
        for byte in segment {
            reg = (reg >> 8) ^ u16::from(*byte);
            for _ in 0..8 {
                let low = reg & 1;
                reg >>= 1;
                if low == 1 {
                    reg ^= 0xA001;
                }
            }
        }
        reg
    }

    #[test]
    fn the_printed_example() {
        // HJ 212-2017 Annex A: 1C80 (the prose has 1C08, a slip). Modbus of the same bytes is 0759.
        let segment =
            b"QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&";
        assert_eq!(crc16(segment), 0x1C80);
        assert_eq!(modbus(segment), 0x0759);
        assert_eq!((TABLE[1], TABLE[2]), (0xC0C1, 0xC181));
    }

    proptest! {
        #[test]
        fn strides_and_parts_equal_the_printed_loop(bytes in prop::collection::vec(any::<u8>(), 0..200), cut in 0usize..200) {
            prop_assert_eq!(crc16(&bytes), printed(&bytes));
            let (first, second) = bytes.split_at(cut.min(bytes.len()));
            prop_assert_eq!(Crc::new().feed(first).feed(second).value(), printed(&bytes));
        }

        #[test]
        fn any_single_changed_byte_is_seen(bytes in prop::collection::vec(any::<u8>(), 1..100), at in 0usize..100, change in 1u8..) {
            let mut changed = bytes.clone();
            let at = at % bytes.len();
            changed[at] ^= change;
            prop_assert_ne!(crc16(&bytes), crc16(&changed));
        }
    }
}
