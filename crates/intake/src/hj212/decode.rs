//! A raw frame → everything that can be understood of it, and each departure from the standard.
//!
//! Called for every frame that arrives and, because the journal keeps raw frames only, for every value that
//! is looked at later: nothing is allocated here but the list of fields, unless there is something to tell.

use super::area::{Judge, check};
use super::catalog::{GenerationRules, Protocol};
use super::cp::{Cp, read};
use super::crc::{Crc, crc16, modbus};
use super::deviation::{Deviation, Found, Slip};
use super::header::{Header, HeaderField};
use super::secret::{Key, Sealed};
use super::{Generation, head};
use std::borrow::Cow;
use std::ops::Range;

/// A frame as read leniently, with what is wrong with it.
#[derive(Clone, Debug)]
pub struct Decoded<'a> {
    /// By the version in the Flag; 2005 frames often have none. `None`: a version that nobody knows.
    pub generation: Option<Generation>,
    /// Length, checksum and structure are right, so that the rest may be trusted.
    pub ok: bool,
    /// The declared length is the segment's length in bytes.
    pub length_ok: bool,
    /// The checksum is right. An encrypted frame without its key cannot be checked: see `locked`.
    pub crc_ok: bool,
    /// Length as declared.
    pub declared_length: Option<u32>,
    /// Length of the plain data segment, bytes.
    pub length: u32,
    /// Checksum as sent.
    pub crc: Cow<'a, str>,
    /// Every departure from the standard, each kind once.
    pub deviations: Vec<Deviation<'a>>,
    /// Request code, empty when missing.
    pub qn: Cow<'a, str>,
    /// System code.
    pub st: Cow<'a, str>,
    /// Command code.
    pub cn: Cow<'a, str>,
    /// Password.
    pub pw: Cow<'a, str>,
    /// Device code.
    pub mn: Cow<'a, str>,
    /// Version and answer bits.
    pub flag: Option<u8>,
    /// Number of parts.
    pub pnum: Option<u32>,
    /// Number of this part, from 1.
    pub pno: Option<u32>,
    /// Sent again: `RF=1`.
    pub rf: bool,
    /// The data area.
    pub cp: Cp<'a>,
    /// The data area came encrypted.
    pub encrypted: bool,
    /// It came encrypted and could not be opened: `cp` is empty.
    pub locked: bool,
    /// Which header fields are there, as bits of [`HeaderField`].
    pub(super) present: u16,
}

/// Where the parts of a frame are.
struct Envelope<'a> {
    digits: &'a [u8],
    segment: &'a [u8],
    crc: &'a [u8],
}

/// Bits of the Flag: HJ 212-2017, 6.3.2 Table 3.
pub(super) const ANSWER_BIT: u8 = 0b01;
pub(super) const PARTS_BIT: u8 = 0b10;
pub(super) const VERSION_SHIFT: u32 = 2;
/// Digits of the length and of the checksum.
const LENGTH_DIGITS: usize = 4;
const CRC_DIGITS: usize = 4;

/// Reads one frame, from `##` to its checksum, with or without a line end.
pub fn decode<'a>(raw: &'a [u8], key: Option<&Key>, protocol: &Protocol) -> Decoded<'a> {
    let mut found = Found::default();
    let envelope = cut(raw, &mut found);
    match std::str::from_utf8(envelope.segment) {
        Ok(segment) => read_segment(segment, &envelope, (key, protocol), found),
        Err(_) => {
            found.add(Slip::NotUtf8, "", "");
            let text = encoding_rs::GBK.decode_without_bom_handling(envelope.segment).0.into_owned();
            read_segment(&text, &envelope, (key, protocol), found.into_owned()).into_owned()
        }
    }
}

impl Decoded<'_> {
    /// Whether an answer is asked for (bit A).
    pub fn wants_answer(&self) -> bool {
        self.flag.is_some_and(|flag| flag & ANSWER_BIT != 0)
    }

    /// Whether the frame says that it has PNUM and PNO (bit D).
    pub fn says_parts(&self) -> bool {
        self.flag.is_some_and(|flag| flag & PARTS_BIT != 0)
    }

    /// `(PNUM, PNO)`, `(1, 1)` for a message of one part.
    pub fn part(&self) -> (u32, u32) {
        match (self.pnum, self.pno) {
            (Some(count), Some(number)) if number >= 1 && count >= number => (count, number),
            _ => (1, 1),
        }
    }

    /// Whether nothing departs from the standard.
    pub fn conforms(&self) -> bool {
        self.deviations.is_empty()
    }

    /// Whether a deviation of that code is there.
    pub fn has(&self, code: &str) -> bool {
        self.deviations.iter().any(|deviation| deviation.code == code)
    }

    /// Without the bytes it was read from.
    pub fn into_owned<'b>(self) -> Decoded<'b> {
        fn owned<'b>(text: Cow<'_, str>) -> Cow<'b, str> {
            Cow::Owned(text.into_owned())
        }
        Decoded {
            generation: self.generation,
            ok: self.ok,
            length_ok: self.length_ok,
            crc_ok: self.crc_ok,
            declared_length: self.declared_length,
            length: self.length,
            crc: owned(self.crc),
            deviations: self.deviations.into_iter().map(Deviation::into_owned).collect(),
            qn: owned(self.qn),
            st: owned(self.st),
            cn: owned(self.cn),
            pw: owned(self.pw),
            mn: owned(self.mn),
            flag: self.flag,
            pnum: self.pnum,
            pno: self.pno,
            rf: self.rf,
            cp: self.cp.into_owned(),
            encrypted: self.encrypted,
            locked: self.locked,
            present: self.present,
        }
    }
}

/// Cuts a frame into length, segment and checksum: by the length where it fits, otherwise by the `&&` that
/// closes the data.
fn cut<'a>(raw: &'a [u8], found: &mut Found<'a>) -> Envelope<'a> {
    let raw = raw.trim_ascii();
    let body = match raw.strip_prefix(b"##") {
        Some(body) => body,
        None => {
            found.add(Slip::NoHeader, String::from_utf8_lossy(&raw[..raw.len().min(12)]), "");
            memchr::memmem::find(raw, b"##").map_or(raw, |at| &raw[at + 2..])
        }
    };
    let digits = body.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = body.split_at(digits);
    if digits.len() != LENGTH_DIGITS {
        found.add(Slip::LengthNot4Digits, String::from_utf8_lossy(&digits[..digits.len().min(12)]), "");
    }
    let fits = declared(digits).filter(|length| rest.len() == *length as usize + CRC_DIGITS);
    let at = match fits {
        Some(length) => length as usize,
        None => closing(rest),
    };
    Envelope { digits, segment: &rest[..at], crc: &rest[at..] }
}

fn declared(digits: &[u8]) -> Option<u32> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// Where the segment ends by its `&&`; by the last four digits when there is none.
fn closing(rest: &[u8]) -> usize {
    let last = memchr::memmem::rfind(rest, b"&&").filter(|at| *at == 0 || rest[at - 1] != b'=');
    match last {
        Some(at) => at + 2,
        None => match rest.len().checked_sub(CRC_DIGITS) {
            Some(at) if rest[at..].iter().all(u8::is_ascii_hexdigit) => at,
            _ => rest.len(),
        },
    }
}

/// Reads a segment that is text.
fn read_segment<'t>(
    segment: &'t str,
    envelope: &Envelope<'t>,
    (key, protocol): (Option<&Key>, &Protocol),
    mut found: Found<'t>,
) -> Decoded<'t> {
    let header = Header::read(segment, &mut found);
    let said = head::read(&header, protocol, &mut found);
    let rules = protocol.rules_of(said.judged_by);

    let range = area_of(&header, segment, &mut found);
    let area = &segment[range.clone()];
    let sealed = Sealed::looks_so(area).then(|| Sealed::read(area));
    if let Some(Some(sealed)) = &sealed
        && !sealed.in_form
    {
        found.add(Slip::CipherForm, area, "");
    }
    let plain = plain_of(area, sealed.as_ref(), key, &mut found);
    let outer = Outer { segment, range, plain: plain.as_deref(), sealed: sealed.as_ref().and_then(Option::as_ref) };
    let length = outer.plain_len(envelope);
    let length_ok = check_length(envelope, length, &outer, rules, &mut found);
    let crc_ok = check_crc(envelope, &outer, &mut found);

    let cn = header.get(HeaderField::Cn);
    let judge = Judge { protocol, generation: said.judged_by, forms: protocol.index.command(cn), cn };
    // Wrongly opened, nothing of it means anything.
    let locked = plain.is_none() || (sealed.is_some() && !crc_ok);
    let cp = if locked { Cp::default() } else { fields_of(plain.unwrap_or_default(), &judge, &mut found) };
    let deviations = found.finish(&protocol.kinds, said.judged_by);
    let text = |field| Cow::Borrowed(header.get(field));
    Decoded {
        generation: said.generation,
        ok: !deviations.iter().any(|deviation| deviation.breaks),
        length_ok,
        crc_ok,
        declared_length: declared(envelope.digits),
        length: length as u32,
        crc: String::from_utf8_lossy(envelope.crc),
        deviations,
        qn: text(HeaderField::Qn),
        st: text(HeaderField::St),
        cn: text(HeaderField::Cn),
        pw: text(HeaderField::Pw),
        mn: text(HeaderField::Mn),
        flag: said.flag,
        pnum: said.pnum,
        pno: said.pno,
        rf: header.get(HeaderField::Rf) == "1",
        cp,
        encrypted: sealed.is_some(),
        locked,
        present: header.present(),
    }
}

/// The segment as sent and as plain text.
struct Outer<'t> {
    segment: &'t str,
    /// Where the data area is in it, without its `&&`.
    range: Range<usize>,
    plain: Option<&'t str>,
    sealed: Option<&'t Sealed<'t>>,
}

impl Outer<'_> {
    /// Bytes of the segment, with the data as plain text.
    fn plain_len(&self, envelope: &Envelope<'_>) -> usize {
        match self.sealed {
            Some(sealed) => self.segment.len() - self.range.len() + sealed.plain_len(),
            None => envelope.segment.len(),
        }
    }

    /// Checksum of the segment with the data as plain text, where they could be opened.
    fn plain_crc(&self, envelope: &Envelope<'_>) -> Option<u16> {
        if self.sealed.is_none() {
            return Some(crc16(envelope.segment));
        }
        let before = Crc::new().feed(&self.segment.as_bytes()[..self.range.start]);
        let plain = before.feed(self.plain?.as_bytes());
        Some(plain.feed(&self.segment.as_bytes()[self.range.end..]).value())
    }
}

/// Where the data area is, without its `&&`.
fn area_of<'t>(header: &Header<'t>, segment: &'t str, found: &mut Found<'t>) -> Range<usize> {
    // The area is the last of the header's fields, so that its value ends the segment.
    let end = segment.trim_end().len();
    if !header.has(HeaderField::Cp) {
        found.add(Slip::NoCp, segment, "");
        return end..end;
    }
    let value = header.get(HeaderField::Cp);
    let mut range = end - value.len()..end;
    let inner = match value.strip_prefix("&&") {
        Some(inner) => {
            range.start += 2;
            inner
        }
        None => {
            found.add(Slip::NoCp, segment, "");
            value
        }
    };
    if inner.ends_with("&&") {
        range.end -= 2;
    } else {
        let last = inner.char_indices().rev().take(8).last().map_or(0, |(at, _)| at);
        found.add(Slip::CpNotClosed, &inner[last..], "");
    }
    range
}

/// The data area as plain text; `None` when it is encrypted and cannot be opened.
fn plain_of<'t>(
    area: &'t str,
    sealed: Option<&Option<Sealed<'t>>>,
    key: Option<&Key>,
    found: &mut Found<'t>,
) -> Option<Cow<'t, str>> {
    match (sealed, key) {
        (None, _) => Some(Cow::Borrowed(area)),
        (Some(None), _) => {
            found.add(Slip::CipherUnreadable, area, "");
            None
        }
        (Some(Some(_)), None) => {
            found.add(Slip::NoKey, "", "");
            None
        }
        (Some(Some(sealed)), Some(key)) => {
            let plain = String::from_utf8(key.open(sealed));
            Some(Cow::Owned(plain.unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())))
        }
    }
}

fn check_length<'t>(
    envelope: &Envelope<'_>,
    length: usize,
    outer: &Outer<'_>,
    rules: &GenerationRules,
    found: &mut Found<'t>,
) -> bool {
    if length > rules.max_segment_bytes {
        found.add(Slip::SegmentTooLong, length.to_string(), rules.max_segment_bytes.to_string());
    }
    let sent = envelope.segment.len();
    let area = length.saturating_sub(outer.segment.len() - outer.range.len());
    if area > rules.max_cp_bytes {
        found.add(Slip::CpTooLong, area.to_string(), rules.max_cp_bytes.to_string());
    }
    let digits = || String::from_utf8_lossy(&envelope.digits[..envelope.digits.len().min(12)]).into_owned();
    match declared(envelope.digits).map(|declared| declared as usize) {
        Some(declared) if declared == length => true,
        Some(declared) if outer.sealed.is_some() && declared == sent => {
            found.add(Slip::LengthOfCiphertext, digits(), length.to_string());
            true
        }
        _ => {
            found.add(Slip::LengthMismatch, digits(), length.to_string());
            false
        }
    }
}

fn check_crc<'t>(envelope: &Envelope<'t>, outer: &Outer<'_>, found: &mut Found<'t>) -> bool {
    let computed = outer.plain_crc(envelope);
    let expected = || computed.map(|crc| format!("{crc:04X}")).unwrap_or_default();
    let text = envelope.crc;
    let quoted = || String::from_utf8_lossy(text);
    let hex = !text.is_empty() && text.len() <= CRC_DIGITS && text.iter().all(u8::is_ascii_hexdigit);
    let sent = hex.then(|| u16::from_str_radix(&quoted(), 16).ok()).flatten();
    let Some(sent) = sent.filter(|_| text.len() == CRC_DIGITS) else {
        found.add(Slip::CrcNot4Hex, quoted(), expected());
        return sent.is_some() && sent == computed;
    };
    if text.iter().any(u8::is_ascii_lowercase) {
        found.add(Slip::CrcLowerCase, quoted(), "");
    }
    if computed == Some(sent) {
        return true;
    }
    if outer.sealed.is_some() && sent == crc16(envelope.segment) {
        found.add(Slip::CrcOfCiphertext, quoted(), expected());
        return true;
    }
    if computed.is_none() {
        return false;
    }
    let modbus = modbus(envelope.segment);
    let slip = if sent == modbus || sent == modbus.swap_bytes() { Slip::CrcModbus } else { Slip::CrcMismatch };
    found.add(slip, quoted(), expected());
    false
}

/// The fields of a plain data area, with what is wrong with them.
fn fields_of<'t>(plain: Cow<'t, str>, judge: &Judge<'_>, found: &mut Found<'t>) -> Cp<'t> {
    match plain {
        Cow::Borrowed(text) => {
            let fields = read(text);
            check(text, &fields, judge, found);
            Cp::new(Cow::Borrowed(text), fields.pairs)
        }
        Cow::Owned(text) => {
            let fields = read(&text);
            let mut within = Found::default();
            check(&text, &fields, judge, &mut within);
            found.append(within.into_owned());
            Cp::new(Cow::Owned(text), fields.pairs)
        }
    }
}
