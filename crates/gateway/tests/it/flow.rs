//! Frames in, answers out: what is kept, and what is answered.

use crate::world::*;
use gateway::{ADDRESS_NOT_ALLOWED, GARBAGE, UNKNOWN_MN, WRONG_PASSWORD};
use intake::hj212::say::{self, Part};
use intake::hj212::{Answer, Generation, encode};
use store::Verdict;

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_is_answered_when_it_is_durable() {
    let world = World::of(config(), directory(1));
    let mut instrument = world.connect().await;
    let frame = minute(&party(0, Generation::G2017), 0, "12.5");
    instrument.say(&frame).await;
    assert_eq!(instrument.answer().await, ("9014".into(), frame.qn.clone()));
    let kept = world.frames();
    assert_eq!(kept.len(), 1);
    let raw = encode(&frame);
    assert_eq!(kept[0].raw, raw[..raw.len() - 2], "as it came, without the line end");
    assert_eq!(
        (kept[0].mn.as_str(), kept[0].cn.as_str(), kept[0].verdict),
        (mn(0).as_str(), "2051", Verdict::Conforms)
    );
    assert_eq!(kept[0].data_time, Some(at(0)));
    let latest = world.gateway.latest_of(&mn(0));
    assert_eq!(latest.len(), 1);
    assert_eq!(latest[0].item().avg.unwrap().to_string(), "12.5");
    let states = world.gateway.devices();
    assert!(states[0].connected && states[0].registered, "{states:?}");
    drop(instrument);
    world.gateway.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn joined_and_split_segments_are_frames_all_the_same() {
    let world = World::of(config(), directory(1));
    let mut instrument = world.connect().await;
    let party = party(0, Generation::G2017);
    let frames: Vec<_> = (0..3).map(|n| minute(&party, n, "1")).collect();
    let bytes: Vec<u8> = frames.iter().flat_map(encode).collect();
    let (one, rest) = bytes.split_at(40);
    let (two, three) = rest.split_at(250);
    for part in [one, two, three] {
        instrument.send(part).await;
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    for frame in &frames {
        assert_eq!(instrument.answer().await, ("9014".into(), frame.qn.clone()));
    }
}
