//! Bytes that wait to be written to a connection, in the segments in which they are to go out.

use crate::frame::Shape;
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// How many segments a split frame goes out in.
const SPLIT: usize = 3;
/// How long a frame waits for the one it is to be joined with.
const JOIN_WAIT: Duration = Duration::from_millis(200);
/// Longest segment that more is added to [bytes].
const SEGMENT: usize = 16 * 1024;

/// The bytes to be written.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    segments: VecDeque<Vec<u8>>,
    bytes: usize,
    closed: bool,
    joining: Option<Instant>,
}

impl Outbox {
    /// Adds a frame.
    pub(super) fn push(&mut self, bytes: &[u8], shape: Shape) {
        self.bytes += bytes.len();
        self.joining = (shape == Shape::JoinNext).then(Instant::now);
        if shape == Shape::Split {
            let piece = bytes.len().div_ceil(SPLIT).max(1);
            self.segments.extend(bytes.chunks(piece).map(<[u8]>::to_vec));
            self.closed = true;
            return;
        }
        match self.segments.back_mut().filter(|last| !self.closed && last.len() < SEGMENT) {
            Some(last) => last.extend_from_slice(bytes),
            None => self.segments.push_back(bytes.to_vec()),
        }
        self.closed = false;
    }

    /// What is to be written now, if anything.
    pub(super) fn front(&self) -> Option<&[u8]> {
        if self.segments.len() == 1 && self.joining.is_some_and(|since| since.elapsed() < JOIN_WAIT) {
            return None;
        }
        self.segments.front().map(Vec::as_slice)
    }

    /// Takes off what was written of the front.
    pub(super) fn written(&mut self, count: usize) {
        self.bytes -= count;
        let Some(front) = self.segments.front_mut() else { return };
        if count >= front.len() {
            self.segments.pop_front();
        } else {
            front.drain(..count);
        }
    }

    /// Nothing more is to come: what waits to be joined goes as it is.
    pub(super) fn flush(&mut self) {
        self.joining = None;
    }

    /// Bytes not written yet.
    pub(super) fn len(&self) -> usize {
        self.bytes
    }

    /// Forgets everything, when a connection is lost.
    pub(super) fn clear(&mut self) {
        *self = Outbox::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segments(mut outbox: Outbox) -> Vec<String> {
        outbox.flush();
        let mut list = Vec::new();
        while let Some(front) = outbox.front().map(<[u8]>::to_vec) {
            outbox.written(front.len());
            list.push(String::from_utf8(front).expect("text"));
        }
        assert_eq!(outbox.len(), 0);
        list
    }

    #[test]
    fn a_frame_is_split_or_joined() {
        let mut outbox = Outbox::default();
        outbox.push(b"abcdefg", Shape::Split);
        outbox.push(b"one", Shape::JoinNext);
        outbox.push(b"two", Shape::Whole);
        assert_eq!(segments(outbox), ["abc", "def", "g", "onetwo"]);
    }

    #[test]
    fn a_frame_to_be_joined_waits_for_the_next() {
        let mut outbox = Outbox::default();
        outbox.push(b"one", Shape::JoinNext);
        assert_eq!(outbox.front(), None);
        outbox.push(b"two", Shape::Whole);
        assert_eq!(outbox.front(), Some(&b"onetwo"[..]));
    }
}
