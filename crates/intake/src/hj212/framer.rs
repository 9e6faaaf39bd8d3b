//! Bytes as they arrive → pieces: frames and what is between them. Used by the gateway, one framer a
//! connection, and by `replay`.
//!
//! Sans-IO: it is given bytes and asked for pieces. Where a frame ends is decided at the first byte at
//! which it can be known, so that the same bytes give the same pieces however they were cut on the way.
//! An end is any of: the declared length, if the data really close there; a line end after `&&` and a
//! checksum (encrypted frames of 2025 declare the length of the plain text, and lengths are often wrong);
//! the beginning of the next frame.

use std::ops::Range;

/// What a connection may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FramerLimits {
    /// Bytes after which something that began like a frame is given up, and in which garbage is handed on.
    pub max_frame_bytes: usize,
}

/// One piece of the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// From `##` to the checksum, without the line end. It may be cut short or wrong: `decode` tells.
    Frame(Vec<u8>),
    /// Bytes that belong to no frame.
    Garbage(Vec<u8>),
}

/// The framer of one connection.
#[derive(Debug)]
pub struct Framer {
    limits: FramerLimits,
    buffer: Vec<u8>,
    /// Where what is not yet handed out begins.
    start: usize,
    /// Up to where, from `start`, no decision was possible.
    scanned: usize,
}

/// `##`, four digits, checksum.
const MIN_FRAME: usize = 2 + 4 + 4;
/// Letters that no name of a first field has: enough to tell a frame's beginning from data.
const OPENING_NAME: usize = 6;

impl Default for FramerLimits {
    /// 16 KiB: an encrypted frame of 1,024 plain bytes has about 5 KiB.
    fn default() -> FramerLimits {
        FramerLimits { max_frame_bytes: 16 * 1024 }
    }
}

impl Piece {
    /// Its bytes, whatever it is.
    pub fn raw(&self) -> &[u8] {
        match self {
            Piece::Frame(raw) | Piece::Garbage(raw) => raw,
        }
    }
}

impl Framer {
    /// An empty framer.
    pub fn new(limits: FramerLimits) -> Framer {
        let limits = FramerLimits { max_frame_bytes: limits.max_frame_bytes.max(MIN_FRAME) };
        Framer { limits, buffer: Vec::new(), start: 0, scanned: 0 }
    }

    /// Takes bytes. Call [`Framer::next`] until it has nothing before pushing more: what is held is then
    /// at most `max_frame_bytes` and what was pushed last.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.start > 0 {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// Bytes held.
    pub fn buffered(&self) -> usize {
        self.buffer.len() - self.start
    }

    /// The next piece, if one can be told from what has arrived.
    #[expect(clippy::should_implement_trait, reason = "more may come after None, which an iterator does not promise")]
    pub fn next(&mut self) -> Option<Piece> {
        self.skip_line_ends();
        let held = &self.buffer[self.start..];
        let cut = match find_opening(held, self.scanned) {
            Opening::At(0) => self.frame_end(),
            Opening::At(at) => Some(at.min(self.limits.max_frame_bytes)),
            Opening::NotBefore(at) => {
                self.scanned = at;
                (at >= self.limits.max_frame_bytes).then_some(self.limits.max_frame_bytes)
            }
        };
        cut.map(|end| self.take(end))
    }

    /// The connection has ended: what is left, as the piece it would have become.
    pub fn finish(&mut self) -> Option<Piece> {
        let piece = self.next();
        if piece.is_some() || self.buffered() == 0 {
            return piece;
        }
        let end = self.buffered().min(self.limits.max_frame_bytes);
        Some(self.take(end))
    }

    /// Line ends and blanks between frames belong to nobody.
    fn skip_line_ends(&mut self) {
        let held = &self.buffer[self.start..];
        let blanks = held.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        if blanks > 0 {
            self.start += blanks;
            self.scanned = 0;
        }
        if self.start == self.buffer.len() {
            self.buffer.clear();
            self.start = 0;
            self.scanned = 0;
            // A connection that once sent much does not hold it for ever.
            self.buffer.shrink_to(self.limits.max_frame_bytes);
        }
    }

    fn take(&mut self, end: usize) -> Piece {
        let raw = self.buffer[self.start..self.start + end].to_vec();
        self.start += end;
        self.scanned = 0;
        let raw_frame = raw.starts_with(b"##") && raw.get(2).is_some_and(u8::is_ascii_digit) && raw.contains(&b'=');
        if raw_frame { Piece::Frame(trimmed(raw)) } else { Piece::Garbage(raw) }
    }

    /// Where the frame that begins here ends, from here.
    fn frame_end(&mut self) -> Option<usize> {
        let held = &self.buffer[self.start..];
        let max = self.limits.max_frame_bytes;
        let declared = declared_end(held).filter(|end| *end <= max);
        let mut from = self.scanned.max(2);
        loop {
            let mark = memchr::memchr3(b'\n', b'\r', b'#', held.get(from..).unwrap_or(&[])).map(|at| from + at);
            // The declared end is known once its last byte is here; a mark before that byte comes first.
            if let Some(end) = declared
                && end <= held.len()
                && mark.is_none_or(|mark| mark >= end)
                && closes(held, end)
            {
                return Some(end);
            }
            let Some(mark) = mark.filter(|mark| *mark < max) else {
                self.scanned = held.len();
                return (held.len() >= max).then_some(max);
            };
            let ends = match held[mark] {
                b'#' => match opens(&held[mark..]) {
                    Some(opens) => opens,
                    None => {
                        self.scanned = mark;
                        return None;
                    }
                },
                _ => closes_line(&held[..mark]),
            };
            if ends {
                return Some(mark);
            }
            from = mark + 1;
        }
    }
}

enum Opening {
    /// A frame begins here.
    At(usize),
    /// None begins before here.
    NotBefore(usize),
}

/// Finds `##` and a digit.
fn find_opening(held: &[u8], from: usize) -> Opening {
    if held.starts_with(b"##") && held.get(2).is_some_and(u8::is_ascii_digit) {
        return Opening::At(0);
    }
    let mut at = from;
    while let Some(found) = memchr::memchr(b'#', held.get(at..).unwrap_or(&[])).map(|found| at + found) {
        match held.get(found + 1..found + 3) {
            Some([b'#', digit]) if digit.is_ascii_digit() => return Opening::At(found),
            None if held.get(found + 1).is_none_or(|next| *next == b'#') => return Opening::NotBefore(found),
            _ => at = found + 1,
        }
    }
    Opening::NotBefore(held.len())
}

/// Where the checksum ends by the declared length.
fn declared_end(held: &[u8]) -> Option<usize> {
    let digits: Range<usize> = 2..held.len().min(6);
    let count = held[digits].iter().take_while(|byte| byte.is_ascii_digit()).count();
    // With fewer than four digits here, more may come.
    if count == 0 || held.len() < 2 + count + 1 {
        return None;
    }
    let length = held[2..2 + count].iter().fold(0, |length, digit| length * 10 + usize::from(digit - b'0'));
    Some(2 + count + length + 4)
}

/// Whether data and checksum really close at `end`: `…&&` and four hexadecimal digits.
fn closes(held: &[u8], end: usize) -> bool {
    let Some(tail) = end.checked_sub(6).and_then(|from| held.get(from..end)) else { return false };
    tail.starts_with(b"&&") && tail[2..].iter().all(u8::is_ascii_hexdigit)
}

/// Whether a line that ends here ends a frame: `…&&` and up to four signs, however wrong the checksum.
fn closes_line(line: &[u8]) -> bool {
    let line = line.trim_ascii_end();
    let tail = &line[line.len().saturating_sub(7)..];
    let signs = tail.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let before = &tail[..tail.len() - signs];
    signs <= 4 && before.ends_with(b"&&") && !before.ends_with(b"=&&")
}

/// Whether a frame begins here: `##`, digits, a field's name and `=`. `None`: more bytes are needed.
fn opens(held: &[u8]) -> Option<bool> {
    for (at, mark) in b"##".iter().enumerate() {
        match held.get(at) {
            None => return None,
            Some(byte) if byte == mark => {}
            Some(_) => return Some(false),
        }
    }
    let digits = held[2..].iter().take(5).take_while(|byte| byte.is_ascii_digit()).count();
    if digits == 0 && held.len() > 2 {
        return Some(false);
    }
    let name = &held[2 + digits..];
    let letters = name.iter().take(OPENING_NAME).take_while(|byte| byte.is_ascii_alphabetic()).count();
    match name.get(letters) {
        _ if digits > 4 || letters == OPENING_NAME => Some(false),
        None => None,
        Some(b'=') => Some(digits > 0 && letters >= 2),
        _ => Some(false),
    }
}

fn trimmed(mut raw: Vec<u8>) -> Vec<u8> {
    raw.truncate(raw.trim_ascii_end().len());
    raw
}
