//! SM4 of HJ 212-2025: the data area as it is sent ↔ plain text. Called by `decode` and `encode`.
//!
//! 6.4.2 and Annex A.2: SM4-ECB without padding over the bytes between `CP=&&` and `&&`; every full block of
//! sixteen is written as `{0xE4,0x3E,…}`, what is left stays plain. Length and checksum are those of the
//! plain segment, as the standard's examples have them.

use sm4::Sm4;
use sm4::cipher::{Array, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};

/// Bytes of a block and of a key (GB/T 32907).
const BLOCK: usize = 16;
/// `0xE4,`
const WRITTEN_BYTE: usize = 5;
/// Digits of a byte as it is written.
const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// A device's SM4 key. It is never shown.
#[derive(Clone)]
pub struct Key(Sm4);

/// A data area as encrypted.
pub(super) struct Sealed<'t> {
    blocks: Vec<u8>,
    tail: &'t str,
    /// Written as the standard's examples are.
    pub(super) in_form: bool,
}

impl Key {
    /// From 32 hexadecimal digits.
    ///
    /// ```
    /// use intake::hj212::Key;
    /// assert!(Key::from_hex("30303030303030303030303030303030").is_some());
    /// assert!(Key::from_hex("3030").is_none());
    /// ```
    pub fn from_hex(hex: &str) -> Option<Key> {
        let hex = hex.trim().as_bytes();
        if hex.len() != 2 * BLOCK {
            return None;
        }
        let mut bytes = [0; BLOCK];
        for (byte, digits) in bytes.iter_mut().zip(hex.chunks_exact(2)) {
            *byte = digit(digits[0])? << 4 | digit(digits[1])?;
        }
        Some(Key(Sm4::new(&Array::from(bytes))))
    }

    /// A data area as it is sent encrypted.
    pub(super) fn seal(&self, plain: &str) -> String {
        let bytes = plain.as_bytes();
        // The tail must be whole characters, so that the frame stays text.
        let mut whole = bytes.len() / BLOCK * BLOCK;
        while !plain.is_char_boundary(whole) {
            whole -= BLOCK;
        }
        let mut sealed = String::with_capacity(2 + whole * WRITTEN_BYTE + BLOCK);
        sealed.push('{');
        for chunk in bytes[..whole].chunks_exact(BLOCK) {
            let mut block = Array::from(<[u8; BLOCK]>::try_from(chunk).expect("a chunk has the length of a block"));
            self.0.encrypt_block(&mut block);
            for byte in block {
                sealed.push_str(if sealed.len() > 1 { ",0x" } else { "0x" });
                sealed.push(char::from(HEX[usize::from(byte >> 4)]));
                sealed.push(char::from(HEX[usize::from(byte & 15)]));
            }
        }
        sealed.push('}');
        sealed.push_str(&plain[whole..]);
        sealed
    }

    /// The plain bytes of an encrypted data area.
    pub(super) fn open(&self, sealed: &Sealed<'_>) -> Vec<u8> {
        let mut plain = Vec::with_capacity(sealed.plain_len());
        for chunk in sealed.blocks.chunks_exact(BLOCK) {
            let mut block = Array::from(<[u8; BLOCK]>::try_from(chunk).expect("a chunk has the length of a block"));
            self.0.decrypt_block(&mut block);
            plain.extend_from_slice(&block);
        }
        plain.extend_from_slice(sealed.tail.as_bytes());
        plain
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

impl<'t> Sealed<'t> {
    /// Whether a data area looks encrypted.
    pub(super) fn looks_so(area: &str) -> bool {
        area.starts_with("{0x") || area.starts_with("{0X") || area.starts_with("{}")
    }

    /// Reads `{0xE4,0x3E,…}tail`; `None` when it is not of that form or not in whole blocks.
    pub(super) fn read(area: &'t str) -> Option<Sealed<'t>> {
        let (written, tail) = area.strip_prefix('{')?.split_once('}')?;
        let mut blocks = Vec::with_capacity(written.len() / WRITTEN_BYTE + 1);
        for byte in written.split(',').map(str::trim).filter(|_| !written.is_empty()) {
            let digits = byte.strip_prefix("0x").or_else(|| byte.strip_prefix("0X"))?.as_bytes();
            let &[high, low] = digits else { return None };
            blocks.push(digit(high)? << 4 | digit(low)?);
        }
        let plainly = written.len() == (blocks.len() * WRITTEN_BYTE).saturating_sub(1) && !written.contains("0X");
        let in_form = plainly && tail.len() < BLOCK;
        (blocks.len() % BLOCK == 0).then_some(Sealed { blocks, tail, in_form })
    }

    /// Bytes of the plain text.
    pub(super) fn plain_len(&self) -> usize {
        self.blocks.len() + self.tail.len()
    }
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).map(|digit| digit as u8)
}
