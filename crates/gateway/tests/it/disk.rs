//! A full disk: nothing is answered, the reason is told, and it goes on by itself.

use crate::world::*;
use intake::hj212::Generation;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use store::Store;

/// A small disk of its own, gone when dropped; `None` where the system does not let us have one.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn new() -> Option<SmallDisk> {
        let dir = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=8m", "tmpfs"]).arg(dir.path()).output();
        mounted.is_ok_and(|output| output.status.success()).then(|| SmallDisk(dir))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Takes all the room that is left.
    fn fill(&self) {
        let mut file = std::fs::File::create(self.path().join("filler")).unwrap();
        while std::io::Write::write_all(&mut file, &[0; 4096]).is_ok() {}
    }

    fn make_room(&self) {
        std::fs::remove_file(self.path().join("filler")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Open files of a failed test do not keep it.
        let _ = Command::new("umount").arg("-l").arg(self.path()).output();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_full_disk_nothing_is_answered_and_it_goes_on_by_itself() {
    let Some(disk) = SmallDisk::new() else {
        println!("skipped: no disk can be mounted here (it needs the rights of root)");
        return;
    };
    let store = Arc::new(Store::open(disk.path()).unwrap());
    let world = World::on(tempfile::tempdir().unwrap(), store, config(), directory(3));
    let party = party(0, Generation::G2017);
    let mut instrument = world.connect().await;
    let mut answered = 0;
    instrument.say(&minute(&party, answered, "1")).await;
    instrument.answer().await;
    disk.fill();
    // What was there already has some room left in the log: at some frame it is used up.
    while world.gateway.health().accepting {
        answered += 1;
        instrument.say(&minute(&party, answered, "1")).await;
        tokio::select! {
            _ = instrument.answer() => {}
            () = until(|| !world.gateway.health().accepting) => {}
        }
    }
    let health = world.gateway.health();
    let reason = health.reason.expect("a reason");
    assert!(reason.zh.contains("磁盘空间已满") && reason.en.contains("no space is left"), "{reason:?}");
    assert!(health.in_flight_bytes > 0, "what could not be written waits");
    // Others may connect, but get no answer either.
    let mut other = world.connect().await;
    other.say(&minute(&crate::world::party(1, Generation::G2017), 0, "1")).await;
    instrument.silence().await;
    other.silence().await;
    let before = world.frames().len();

    disk.make_room();
    assert_eq!(instrument.answer().await.1, minute(&party, answered, "1").qn);
    other.answer().await;
    until(|| world.gateway.health().accepting).await;
    assert_eq!(world.gateway.health().reason, None);
    let kept = world.frames();
    assert_eq!(kept.len(), before + 2, "each frame once");
    assert_eq!(kept.iter().filter(|frame| frame.mn == mn(0)).count() as i64, answered + 1);
    instrument.say(&minute(&party, answered + 1, "1")).await;
    instrument.answer().await;
    world.gateway.shutdown().await;
}
