//! What is to be said → the bytes of a frame. Used by the gateway, the simulator and the command line.

use super::Generation;
use super::crc::crc16;
use super::decode::{ANSWER_BIT, PARTS_BIT, VERSION_SHIFT};
use super::header::HeaderField;
use super::secret::Key;

/// A frame to be sent. Fields that are empty or `None` are left out, as is right in some generations.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// Decides the order of the header's fields.
    pub generation: Generation,
    /// `QN`.
    pub qn: String,
    /// `ST`.
    pub st: String,
    /// `CN`.
    pub cn: String,
    /// `PW`.
    pub pw: String,
    /// `MN`.
    pub mn: String,
    /// `Flag`.
    pub flag: Option<u8>,
    /// `PNUM`.
    pub pnum: Option<u32>,
    /// `PNO`.
    pub pno: Option<u32>,
    /// `RF=1`: sent again.
    pub rf: bool,
    /// The data area, without its `&&`.
    pub cp: String,
    /// Encrypt the data area with this.
    pub key: Option<Key>,
}

use HeaderField::*;

/// Order of 2005. Unconfirmed: its text was not at hand.
const ORDER_2005: [HeaderField; 8] = [Qn, Pnum, Pno, St, Cn, Pw, Mn, Flag];
/// Order of HJ 212-2017, 6.3.2 Table 3 and of HJ 212-2025, 6.3.3 Table 3.
const ORDER: [HeaderField; 9] = [Qn, St, Cn, Pw, Mn, Flag, Pnum, Pno, Rf];

/// The bytes of a frame, from `##` to the line end.
///
/// Length and checksum are those of the plain segment, also when the data area is encrypted (HJ 212-2025
/// Annex A.2).
pub fn encode(outgoing: &Outgoing) -> Vec<u8> {
    let head = head(outgoing);
    let plain = format!("{head}CP=&&{}&&", outgoing.cp);
    let crc = crc16(plain.as_bytes());
    let length = plain.len();
    let segment = match &outgoing.key {
        Some(key) if !outgoing.cp.is_empty() => format!("{head}CP=&&{}&&", key.seal(&outgoing.cp)),
        _ => plain,
    };
    format!("##{length:04}{segment}{crc:04X}\r\n").into_bytes()
}

impl Outgoing {
    /// The Flag of a generation.
    pub fn flag_of(version: u8, answer: Answer, parts: Parts) -> u8 {
        let answer = if answer == Answer::Wanted { ANSWER_BIT } else { 0 };
        let parts = if parts == Parts::Several { PARTS_BIT } else { 0 };
        version << VERSION_SHIFT | parts | answer
    }
}

/// Whether a frame is to be answered (bit A of the Flag).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is.
    Wanted,
    /// It is not.
    None,
}

/// Whether a message has several parts (bit D of the Flag).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parts {
    /// One: PNUM and PNO are left out.
    One,
    /// Several: PNUM and PNO are there.
    Several,
}

fn head(outgoing: &Outgoing) -> String {
    let order: &[HeaderField] = match outgoing.generation {
        Generation::G2005 => &ORDER_2005,
        Generation::G2017 | Generation::G2025 => &ORDER,
    };
    let mut head = String::new();
    for field in order {
        let value = match field {
            Qn => outgoing.qn.clone(),
            St => outgoing.st.clone(),
            Cn => outgoing.cn.clone(),
            Pw => outgoing.pw.clone(),
            Mn => outgoing.mn.clone(),
            Flag => outgoing.flag.map(|flag| flag.to_string()).unwrap_or_default(),
            Pnum => outgoing.pnum.map(|count| count.to_string()).unwrap_or_default(),
            Pno => outgoing.pno.map(|number| number.to_string()).unwrap_or_default(),
            Rf => if outgoing.rf { "1" } else { "" }.to_string(),
            Cp => String::new(),
        };
        if !value.is_empty() {
            head.push_str(field.name());
            head.push('=');
            head.push_str(&value);
            head.push(';');
        }
    }
    head
}
