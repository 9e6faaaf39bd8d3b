//! A source → a stream of plain bytes: counted for the progress bar, unpacked if gzip, and its format
//! told by the first bytes rather than by the file's name.

use crate::mapping::Format;
use crate::{ReadSeek, Source};
use std::io::{self, BufReader, Read, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What the first bytes say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Nothing at all.
    Empty,
    /// Gzip.
    Gzip,
    /// A format that is read, or text.
    Known(Format),
    /// The older workbook format.
    Xls,
    /// Something that is no table, by name.
    Other(&'static str),
}

/// Counts what passes.
pub(crate) struct Counted<R> {
    inner: R,
    count: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buf)?;
        self.count.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// Looks at the first bytes and goes back to the start.
pub(crate) fn kind(data: &mut (dyn ReadSeek + Send)) -> io::Result<Kind> {
    let mut head = [0; 8];
    data.seek(SeekFrom::Start(0))?;
    let len = fill(data, &mut head)?;
    data.seek(SeekFrom::Start(0))?;
    Ok(kind_of(&head[..len]))
}

/// What the first bytes of a file say.
pub(crate) fn kind_of(head: &[u8]) -> Kind {
    const MAGIC: [(&[u8], Kind); 9] = [
        (b"\x1f\x8b", Kind::Gzip),
        (b"PAR1", Kind::Known(Format::Parquet)),
        (b"PK\x03\x04", Kind::Known(Format::Xlsx)),
        (b"\xd0\xcf\x11\xe0", Kind::Xls),
        (b"%PDF", Kind::Other("PDF")),
        (b"\x89PNG", Kind::Other("PNG")),
        (b"\xff\xd8\xff", Kind::Other("JPEG")),
        (b"7z\xbc\xaf", Kind::Other("7-Zip")),
        (b"Rar!", Kind::Other("RAR")),
    ];
    if head.is_empty() {
        return Kind::Empty;
    }
    MAGIC.iter().find(|(magic, _)| head.starts_with(magic)).map_or(Kind::Known(Format::Csv), |(_, kind)| *kind)
}

/// The bytes of a source, unpacked, and the counter of packed bytes read.
pub(crate) fn stream(source: Source, gzip: Gzip) -> (Box<dyn Read + Send>, Arc<AtomicU64>) {
    let count = Arc::new(AtomicU64::new(0));
    let counted = Counted { inner: source.data, count: Arc::clone(&count) };
    let bytes: Box<dyn Read + Send> = match gzip {
        Gzip::No => Box::new(counted),
        Gzip::Yes => Box::new(flate2::bufread::MultiGzDecoder::new(BufReader::with_capacity(1 << 17, counted))),
    };
    (bytes, count)
}

/// Whether a source is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gzip {
    /// It is.
    Yes,
    /// It is not.
    No,
}

/// Reads until `buf` is full or the end.
pub(crate) fn fill(input: &mut (impl Read + ?Sized), buf: &mut [u8]) -> io::Result<usize> {
    let mut len = 0;
    while len < buf.len() {
        match input.read(&mut buf[len..]) {
            Ok(0) => break,
            Ok(read) => len += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(len)
}
