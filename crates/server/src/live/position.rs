//! Which frame the engine heard last, written down beside the journal: where it goes on after a restart.

use crate::data::Data;
use domain::FrameId;
use std::path::PathBuf;

const POSITION: &str = "engine.position";

fn position_file(data: &Data) -> PathBuf {
    data.dir.join("online").join(POSITION)
}

/// The last frame heard, if it is known.
pub(super) fn position(data: &Data) -> Option<FrameId> {
    std::fs::read_to_string(position_file(data)).ok()?.trim().parse().ok().map(FrameId)
}

/// A position that cannot be written is an older one: frames are then fed again, and known events passed over.
pub(super) fn write_position(data: &Data, last: FrameId) {
    let file = position_file(data);
    let next = file.with_extension("next");
    let written = std::fs::write(&next, last.0.to_string()).and_then(|()| std::fs::rename(&next, &file));
    if let Err(error) = written {
        tracing::debug!(%error, "the engine's position is not written");
    }
}
