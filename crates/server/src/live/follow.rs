//! How the engine and the pages hear of what the gateway does: new frames, and dialogues that went on.

use super::Live;
use crate::data::Data;
use crate::jobs::online::desk::Desk;
use crate::jobs::online::dialogues;
use domain::FrameId;
use std::sync::Arc;
use std::time::{Duration, Instant as Clock};
use tokio::sync::watch::Receiver;
use tokio::sync::watch::error::RecvError;

/// Longest wait for the next frame.
pub(super) const EVERY: Duration = Duration::from_millis(200);
/// How often it is looked whether a frame has come.
const LOOK: Duration = Duration::from_millis(4);

/// Until frames became durable, or for a while. Without the runtime's clock, which ends before this thread does.
pub(super) fn wait(arrivals: &mut Receiver<FrameId>) -> Result<(), RecvError> {
    let since = Clock::now();
    while !arrivals.has_changed()? && since.elapsed() < EVERY {
        std::thread::sleep(LOOK);
    }
    arrivals.mark_unchanged();
    Ok(())
}

/// Tells pages of every dialogue that has changed.
pub(super) async fn tell_dialogues(data: Arc<Data>, live: Arc<Live>) {
    let mut changes = live.gateway().dialogue_changes();
    while changes.changed().await.is_ok() {
        let id = *changes.borrow_and_update();
        let (data, live) = (Arc::clone(&data), Arc::clone(&live));
        let told = tokio::task::spawn_blocking(move || {
            let Some(dialogue) = live.gateway().dialogue(id) else { return };
            let Ok(desk) = Desk::open(&data) else { return };
            let outlet = desk.outlet_of(&dialogue.mn).map(|outlet| outlet.code);
            live.say_dialogue(&dialogues::answer(desk.protocol, &dialogue), outlet.as_deref());
        });
        let _ = told.await;
    }
}
