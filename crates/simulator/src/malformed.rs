//! A good frame → one spoilt in a way that is found in the wild. Which ways, how often, and what is to become of such
//! frames is said in `malformed.csv`; here is only what is done to the bytes.

use crate::chance::Chance;
use crate::frame::{Frame, Shape};
use intake::hj212::crc16;
use serde::Deserialize;

/// A way of spoiling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The length field counts something else.
    WrongLength,
    /// The length counts characters instead of bytes.
    LengthInCharacters,
    /// The usual Modbus CRC.
    ModbusCrc,
    /// A CRC without its leading zero.
    UnpaddedCrc,
    /// CRC in lower case.
    LowerCaseCrc,
    /// A changed digit.
    ChangedText,
    /// Cut off.
    Truncated,
    /// No QN.
    MissingQn,
    /// No Flag.
    MissingFlag,
    /// No CR LF.
    MissingCrlf,
    /// Noise before it.
    Garbage,
    /// Two frames in one segment.
    Joined,
    /// One frame in several segments.
    Split,
    /// Longer than allowed.
    OverLong,
    /// A comma after QN.
    HeaderComma,
    /// A semicolon between values of one item.
    FieldSemicolon,
    /// A comma between items.
    ItemComma,
    /// A code that is in no table.
    WrongCode,
    /// Text in GBK.
    GbkText,
    /// A QN of 13 digits.
    ShortQn,
    /// No device code.
    EmptyMn,
    /// `DataTime` with milliseconds.
    LongTime,
    /// A value that is no number.
    UnreadableValue,
}

/// What frames of modems and noise look like.
pub(crate) const NOISE: &[u8] = b"\r\n+IPD,1460:OK\r\n\xFF\x00\x7E#";
/// 模拟 in GBK.
const GBK: &[u8] = b"\xC4\xA3\xC4\xE2";
/// 模拟备注 in UTF-8.
const CHINESE: &str = "模拟备注";
/// A code that no table has.
const NO_CODE: &str = "x99999";
/// What stands where a number should.
const NO_NUMBER: &str = "***";
/// Bytes before and after a data segment: `##` and length; CRC and CR LF.
const AROUND: usize = 6;

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 23] = [
        Kind::WrongLength,
        Kind::LengthInCharacters,
        Kind::ModbusCrc,
        Kind::UnpaddedCrc,
        Kind::LowerCaseCrc,
        Kind::ChangedText,
        Kind::Truncated,
        Kind::MissingQn,
        Kind::MissingFlag,
        Kind::MissingCrlf,
        Kind::Garbage,
        Kind::Joined,
        Kind::Split,
        Kind::OverLong,
        Kind::HeaderComma,
        Kind::FieldSemicolon,
        Kind::ItemComma,
        Kind::WrongCode,
        Kind::GbkText,
        Kind::ShortQn,
        Kind::EmptyMn,
        Kind::LongTime,
        Kind::UnreadableValue,
    ];

    /// The word of the truth file and of `malformed.csv`.
    pub fn code(self) -> &'static str {
        match self {
            Kind::WrongLength => "wrong-length",
            Kind::LengthInCharacters => "length-in-characters",
            Kind::ModbusCrc => "modbus-crc",
            Kind::UnpaddedCrc => "unpadded-crc",
            Kind::LowerCaseCrc => "lower-case-crc",
            Kind::ChangedText => "changed-text",
            Kind::Truncated => "truncated",
            Kind::MissingQn => "missing-qn",
            Kind::MissingFlag => "missing-flag",
            Kind::MissingCrlf => "missing-crlf",
            Kind::Garbage => "garbage",
            Kind::Joined => "joined",
            Kind::Split => "split",
            Kind::OverLong => "over-long",
            Kind::HeaderComma => "header-comma",
            Kind::FieldSemicolon => "field-semicolon",
            Kind::ItemComma => "item-comma",
            Kind::WrongCode => "wrong-code",
            Kind::GbkText => "gbk-text",
            Kind::ShortQn => "short-qn",
            Kind::EmptyMn => "empty-mn",
            Kind::LongTime => "long-time",
            Kind::UnreadableValue => "unreadable-value",
        }
    }

    /// Back from its word.
    pub fn from_code(code: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// Spoils a frame whose bytes are good; `false`, and nothing changed, when this frame cannot be spoilt so.
pub(crate) fn spoil(kind: Kind, frame: &mut Frame, chance: Chance, segment_max: usize) -> bool {
    match kind {
        Kind::Joined => frame.shape = Shape::JoinNext,
        Kind::Split => frame.shape = Shape::Split,
        Kind::Garbage => {
            frame.bytes.splice(0..0, NOISE.iter().copied());
        }
        Kind::MissingCrlf => frame.bytes.truncate(frame.bytes.len() - 2),
        Kind::Truncated => {
            let room = frame.bytes.len() - 40;
            frame.bytes.truncate(30 + chance.pick(0, room));
        }
        Kind::WrongLength => {
            let length: usize =
                std::str::from_utf8(&frame.bytes[2..AROUND]).ok().and_then(|text| text.parse().ok()).unwrap_or(0);
            let wrong = length + 1 + chance.pick(0, 9);
            frame.bytes.splice(2..AROUND, format!("{wrong:04}").into_bytes());
        }
        Kind::ModbusCrc => {
            return replace_crc(frame, |segment, crc| {
                let modbus = format!("{:04X}", modbus(segment));
                (modbus != crc).then_some(modbus)
            });
        }
        Kind::LowerCaseCrc => {
            return replace_crc(frame, |_, crc| {
                let lower = crc.to_ascii_lowercase();
                (lower != crc).then_some(lower)
            });
        }
        Kind::UnpaddedCrc => return unpad(frame, chance),
        Kind::ChangedText => return change_digit(frame, chance),
        _ => return rewrite(kind, frame, segment_max),
    }
    true
}

/// Ways that change the text of the segment and count and sum it anew.
fn rewrite(kind: Kind, frame: &mut Frame, segment_max: usize) -> bool {
    let Ok(text) = std::str::from_utf8(segment(frame)) else { return false };
    let text = text.to_string();
    let counted = |text: &str| seal(text.as_bytes());
    let bytes = match kind {
        Kind::MissingQn => without(&text, "QN=").map(|text| counted(&text)),
        Kind::MissingFlag => without(&text, "Flag=").map(|text| counted(&text)),
        Kind::HeaderComma => text.find(';').map(|at| counted(&replaced(&text, at, ","))),
        Kind::EmptyMn => valued(&text, "MN=", |_| String::new()).map(|text| counted(&text)),
        Kind::LongTime => valued(&text, "DataTime=", |time| format!("{time}000")).map(|text| counted(&text)),
        Kind::ShortQn => {
            let time = crate::message::read_seconds(&frame.qn).map_or(0, |time| time.0);
            let qn = format!("{}", time + frame.qn.get(14..).and_then(|ms| ms.parse::<i64>().ok()).unwrap_or(0));
            let text = valued(&text, "QN=", |_| qn.clone());
            frame.qn = qn;
            text.map(|text| counted(&text))
        }
        Kind::FieldSemicolon => first_item(&text).and_then(|(from, to)| {
            let comma = text[from..to].find(',')? + from;
            Some(counted(&replaced(&text, comma, ";")))
        }),
        Kind::ItemComma => first_item(&text)
            .filter(|(_, to)| text[*to..].starts_with(';'))
            .map(|(_, to)| counted(&replaced(&text, to, ","))),
        Kind::WrongCode => wrong_code(frame, &text).map(|text| counted(&text)),
        Kind::UnreadableValue => unreadable(frame, &text).map(|text| counted(&text)),
        Kind::OverLong => {
            let lack = (segment_max + 20).saturating_sub(text.len());
            noted(&text, "x".repeat(lack.max(1)).as_bytes()).map(|segment| seal(&segment))
        }
        Kind::GbkText => noted(&text, GBK).map(|segment| seal(&segment)),
        Kind::LengthInCharacters => noted(&text, CHINESE.as_bytes()).map(|segment| {
            let characters = String::from_utf8_lossy(&segment).chars().count();
            let mut bytes = seal(&segment);
            bytes.splice(2..AROUND, format!("{characters:04}").into_bytes());
            bytes
        }),
        _ => None,
    };
    let done = bytes.is_some();
    if let Some(bytes) = bytes {
        frame.bytes = bytes;
    }
    done
}

/// A data segment with all that stands around it.
pub(crate) fn seal(segment: &[u8]) -> Vec<u8> {
    let mut bytes = format!("##{:04}", segment.len()).into_bytes();
    bytes.extend_from_slice(segment);
    bytes.extend_from_slice(format!("{:04X}\r\n", crc16(segment)).as_bytes());
    bytes
}

fn segment(frame: &Frame) -> &[u8] {
    &frame.bytes[AROUND..frame.bytes.len() - AROUND]
}

fn replace_crc(frame: &mut Frame, other: impl Fn(&[u8], &str) -> Option<String>) -> bool {
    let at = frame.bytes.len() - AROUND;
    let Ok(crc) = std::str::from_utf8(&frame.bytes[at..at + 4]) else { return false };
    let Some(wrong) = other(segment(frame), crc) else { return false };
    frame.bytes.splice(at..at + 4, wrong.into_bytes());
    true
}

/// Tries other milliseconds of QN until the CRC begins with a zero, and leaves that out.
fn unpad(frame: &mut Frame, chance: Chance) -> bool {
    let mut text = segment(frame).to_vec();
    let from = "QN=YYYYMMDDhhmmss".len();
    if !text.starts_with(b"QN=") || text.len() < from + 3 {
        return false;
    }
    let first = chance.pick(0, 100);
    for step in 0..100 {
        let ms = 900 + (first + step) % 100;
        text[from..from + 3].copy_from_slice(format!("{ms:03}").as_bytes());
        let crc = format!("{:04X}", crc16(&text));
        if let Some(short) = crc.strip_prefix('0') {
            frame.qn = String::from_utf8_lossy(&text[3..from + 3]).into_owned();
            let mut bytes = seal(&text);
            let at = bytes.len() - AROUND;
            bytes.splice(at..at + 4, short.bytes());
            frame.bytes = bytes;
            return true;
        }
    }
    false
}

/// Changes one digit of CP so that the CRC does not fit any more (one change in 256 would go unseen).
fn change_digit(frame: &mut Frame, chance: Chance) -> bool {
    let good = crc16(segment(frame));
    let end = frame.bytes.len() - AROUND;
    let start = frame.bytes.windows(3).position(|three| three == b"CP=").unwrap_or(AROUND);
    let first = start + chance.pick(0, (end - start).max(1));
    for at in (first..end).chain(start..first) {
        let old = frame.bytes[at];
        if old.is_ascii_digit() {
            frame.bytes[at] = b'0' + (old - b'0' + 1) % 10;
            if crc16(segment(frame)) != good {
                return true;
            }
            frame.bytes[at] = old;
        }
    }
    false
}

/// The Modbus checksum: the register's low byte takes the next byte, where the standard shifts first.
fn modbus(bytes: &[u8]) -> u16 {
    let mut register = 0xFFFF_u16;
    for byte in bytes {
        register ^= u16::from(*byte);
        for _ in 0..8 {
            let odd = register & 1 == 1;
            register >>= 1;
            if odd {
                register ^= 0xA001;
            }
        }
    }
    register
}

/// Without a field and the semicolon after it.
fn without(text: &str, name: &str) -> Option<String> {
    let from = text.find(name)?;
    let to = from + text[from..].find(';')? + 1;
    Some(format!("{}{}", &text[..from], &text[to..]))
}

/// With another value of a field.
fn valued(text: &str, name: &str, other: impl Fn(&str) -> String) -> Option<String> {
    let from = text.find(name)? + name.len();
    let to = from + text[from..].find([';', '&'])?;
    Some(format!("{}{}{}", &text[..from], other(&text[from..to]), &text[to..]))
}

fn replaced(text: &str, at: usize, by: &str) -> String {
    format!("{}{by}{}", &text[..at], &text[at + 1..])
}

/// Where the first item of CP begins and ends.
fn first_item(text: &str) -> Option<(usize, usize)> {
    let cp = text.find("CP=&&")?;
    let from = cp + text[cp..].find(';')? + 1;
    let to = from + text[from..].find([';', '&'])?;
    Some((from, to))
}

/// With a remark at the end of the last item.
fn noted(text: &str, remark: &[u8]) -> Option<Vec<u8>> {
    let end = text.strip_suffix("&&")?;
    let last = &end[end.rfind(';')? + 1..];
    let code = &last[..last.find('-')?];
    let mut segment = end.as_bytes().to_vec();
    segment.extend_from_slice(format!(",{code}-Info=").as_bytes());
    segment.extend_from_slice(remark);
    segment.extend_from_slice(b"&&");
    Some(segment)
}

fn wrong_code(frame: &mut Frame, text: &str) -> Option<String> {
    let (from, to) = first_item(text)?;
    let code = format!("{}-", &text[from..from + text[from..to].find('-')?]);
    let item = text[from..to].replace(&code, &format!("{NO_CODE}-"));
    let end = frame.items.find(' ')?;
    frame.items.replace_range(..end, NO_CODE);
    Some(format!("{}{item}{}", &text[..from], &text[to..]))
}

/// Takes the number out of the first value of the first item.
fn unreadable(frame: &mut Frame, text: &str) -> Option<String> {
    let (from, to) = first_item(text)?;
    let value = from + text[from..to].find('=')? + 1;
    let after = value + text[value..to].find(',')?;
    let gone = frame.items.find(' ')?;
    let next = gone + 1 + frame.items[gone + 1..].find(' ')?;
    frame.items.replace_range(gone..next, "");
    Some(format!("{}{NO_NUMBER}{}", &text[..value], &text[after..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The usual check value of CRC-16/MODBUS, of the ASCII text 123456789 (catalogue of parametrised CRCs).
    #[test]
    fn modbus_has_its_check_value() {
        assert_eq!(modbus(b"123456789"), 0x4B37);
    }

    #[test]
    fn every_kind_has_its_word() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_code(kind.code()), Some(kind));
        }
    }
}
