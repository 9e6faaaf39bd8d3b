//! Bytes in any accepted encoding → UTF-8, block by block. Called by `text`.
//!
//! UTF-8 passes untouched and unchecked: a cell is checked where it is used, so that one bad byte costs
//! one cell. Without a byte order mark the first block that is not ASCII decides: bytes that are
//! (almost) UTF-8 are UTF-8, others GB 18030, which holds GBK and GB 2312.

use crate::mapping::TextEncoding;
use encoding_rs::{Decoder as Inner, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use std::io::{self, Read};

/// Bytes read at a time.
pub(crate) const BLOCK: usize = 1 << 18;

/// A stream of UTF-8.
pub(crate) struct Decoder {
    input: Box<dyn Read + Send>,
    mode: Mode,
    block: Vec<u8>,
    started: bool,
    pending: Option<io::Error>,
    /// Set when the encoding was found out and is not UTF-8.
    pub found: Option<&'static str>,
}

enum Mode {
    Undecided,
    Plain,
    Decode(Inner),
    Ended,
}

impl Decoder {
    /// Over plain bytes.
    pub(crate) fn new(input: Box<dyn Read + Send>, encoding: TextEncoding) -> Decoder {
        let mode = match encoding {
            TextEncoding::Auto => Mode::Undecided,
            TextEncoding::Stated(encoding) if encoding == UTF_8 => Mode::Plain,
            TextEncoding::Stated(encoding) => Mode::Decode(encoding.new_decoder()),
        };
        Decoder { input, mode, block: Vec::new(), started: false, pending: None, found: None }
    }

    /// Appends the next block to `out`; `false` at the end. An error comes after all bytes before it.
    pub(crate) fn fill(&mut self, out: &mut Vec<u8>) -> io::Result<bool> {
        if let Some(error) = self.pending.take() {
            self.mode = Mode::Ended;
            return Err(error);
        }
        if matches!(self.mode, Mode::Ended) {
            return Ok(false);
        }
        let from = out.len();
        self.read_block(out);
        let ended = out.len() - from < BLOCK;
        if !self.started {
            self.started = true;
            self.mark(out, from);
        }
        if matches!(self.mode, Mode::Undecided) && !out[from..].is_ascii() {
            self.decide(&out[from..]);
        }
        if let Mode::Decode(decoder) = &mut self.mode {
            self.block.clear();
            self.block.extend_from_slice(&out[from..]);
            out.truncate(from);
            let last = ended && self.pending.is_none();
            decode(decoder, &self.block, out, last);
        }
        if ended && self.pending.is_none() {
            self.mode = Mode::Ended;
        }
        Ok(!ended || self.pending.is_some())
    }

    /// Reads up to a block; what was read before an error is kept, the error comes at the next call.
    fn read_block(&mut self, out: &mut Vec<u8>) {
        let from = out.len();
        out.resize(from + BLOCK, 0);
        let mut len = from;
        while len < out.len() {
            match self.input.read(&mut out[len..]) {
                Ok(0) => break,
                Ok(read) => len += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.pending = Some(error);
                    break;
                }
            }
        }
        out.truncate(len);
    }

    /// Takes a byte order mark off and obeys it.
    fn mark(&mut self, out: &mut Vec<u8>, from: usize) {
        let Some((encoding, len)) = Encoding::for_bom(&out[from..]) else { return };
        if matches!(self.mode, Mode::Decode(_)) && encoding == UTF_8 {
            return; // A stated encoding's own decoder sees to the mark.
        }
        out.drain(from..from + len);
        if encoding == UTF_8 {
            self.mode = Mode::Plain;
        } else if encoding == UTF_16LE || encoding == UTF_16BE {
            self.found = Some(encoding.name());
            self.mode = Mode::Decode(encoding.new_decoder_without_bom_handling());
        }
    }

    fn decide(&mut self, block: &[u8]) {
        let (good, bad) = utf8_evidence(block);
        if bad == 0 || good > 3 * bad {
            self.mode = Mode::Plain;
        } else {
            self.found = Some("GB18030 (GBK)");
            self.mode = Mode::Decode(GB18030.new_decoder_without_bom_handling());
        }
    }
}

/// How many multi-byte characters of UTF-8 there are, and how many broken ones.
fn utf8_evidence(block: &[u8]) -> (usize, usize) {
    let (mut good, mut bad) = (0, 0);
    for chunk in block.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    // A character that the block's end cuts in two is no evidence against UTF-8.
    let cut =
        std::str::from_utf8(&block[block.len().saturating_sub(3)..]).is_err_and(|error| error.error_len().is_none());
    (good, bad.saturating_sub(usize::from(cut)))
}

fn decode(decoder: &mut Inner, mut block: &[u8], out: &mut Vec<u8>, last: bool) {
    loop {
        let from = out.len();
        let room = decoder.max_utf8_buffer_length(block.len()).unwrap_or(block.len() * 3 + 16);
        out.resize(from + room, 0);
        let (result, read, written, _) = decoder.decode_to_utf8(block, &mut out[from..], last);
        out.truncate(from + written);
        block = &block[read..];
        if result == encoding_rs::CoderResult::InputEmpty {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8]) -> (Vec<u8>, Option<&'static str>) {
        let mut decoder = Decoder::new(Box::new(io::Cursor::new(bytes.to_vec())), TextEncoding::Auto);
        let mut out = Vec::new();
        while decoder.fill(&mut out).expect("memory does not fail") {}
        (out, decoder.found)
    }

    #[test]
    fn finds_out_the_encoding() {
        let text = "点位,时间\n资阳中学,2020-01-01\n".repeat(3);
        assert_eq!(decoded(text.as_bytes()), (text.clone().into_bytes(), None));
        let gbk = encoding_rs::GBK.encode(&text).0.into_owned();
        assert_eq!(decoded(&gbk), (text.clone().into_bytes(), Some("GB18030 (GBK)")));
        let with_mark = [b"\xef\xbb\xbf", text.as_bytes()].concat();
        assert_eq!(decoded(&with_mark), (text.clone().into_bytes(), None));
        let wide: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        assert_eq!(decoded(&wide), (text.into_bytes(), Some("UTF-16LE")));
    }

    #[test]
    fn gbk_after_a_long_run_of_ascii_is_still_found() {
        let ascii = "1,2,3\n".repeat(BLOCK / 3);
        let text = format!("{ascii}资阳\n");
        let gbk = encoding_rs::GBK.encode(&text).0.into_owned();
        assert_eq!(decoded(&gbk), (text.into_bytes(), Some("GB18030 (GBK)")));
    }

    #[test]
    fn a_character_across_two_blocks_stays_whole() {
        let text = format!("{}资阳{}", "x".repeat(BLOCK - 1), "资".repeat(BLOCK / 2));
        assert_eq!(decoded(text.as_bytes()).0, text.into_bytes());
    }

    #[test]
    fn one_bad_byte_in_utf8_does_not_make_it_gbk() {
        let mut bytes = "资阳中学资阳中学资阳中学".as_bytes().to_vec();
        bytes.extend_from_slice(b",\xff,1");
        assert_eq!(decoded(&bytes), (bytes, None));
    }
}
