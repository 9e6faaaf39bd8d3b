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
    // Those who follow are told just after the answer.
    until(|| world.gateway.latest_of(&mn(0)).len() == 1).await;
    assert_eq!(world.gateway.latest_of(&mn(0))[0].item().avg.unwrap().to_string(), "12.5");
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

#[tokio::test(flavor = "multi_thread")]
async fn without_the_answer_bit_a_frame_is_kept_and_not_answered() {
    let world = World::of(config(), directory(1));
    let mut instrument = world.connect().await;
    instrument.say(&minute_with(&party(0, Generation::G2017), 0, "1", Answer::None)).await;
    assert_eq!(world.kept(1).await[0].verdict, Verdict::Conforms);
    instrument.silence().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_part_is_answered_with_its_own_qn() {
    // HJ 212-2017, C.47 to C.50: each part has its own QN, and its answer repeats it.
    let world = World::of(config(), directory(1));
    let mut instrument = world.connect().await;
    let party = party(0, Generation::G2017);
    for number in 1..=2 {
        let part = minute(&party, i64::from(number), "1").part(Part { count: 2, number });
        instrument.say(&part).await;
        assert_eq!(instrument.answer().await, ("9014".into(), part.qn));
    }
    let parts: Vec<_> = world.frames().iter().map(|frame| (frame.pnum, frame.pno)).collect();
    assert_eq!(parts, [(2, 1), (2, 2)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_again_is_answered_again_and_is_one_value() {
    let world = World::of(config(), directory(1));
    let mut instrument = world.connect().await;
    let frame = minute(&party(0, Generation::G2017), 0, "1");
    for _ in 0..2 {
        instrument.say(&frame).await;
        assert_eq!(instrument.answer().await, ("9014".into(), frame.qn.clone()));
    }
    assert_eq!(world.frames().len(), 2, "both are kept as they came");
    let values = world.store.journal().messages(&mn(0), domain::Cadence::Minute, at(-60), at(60)).unwrap();
    assert_eq!(values.len(), 1);
    until(|| world.gateway.latest_of(&mn(0)).len() == 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_device_is_kept_reported_and_not_answered() {
    let mut config = config();
    config.limits.stranger_frames = 3;
    let world = World::of(config, directory(1));
    let mut instrument = world.connect().await;
    let stranger = party(7, Generation::G2017);
    instrument.say(&minute(&stranger, 0, "1")).await;
    instrument.silence().await;
    let kept = world.kept(1).await;
    assert_eq!(
        (kept[0].mn.as_str(), kept[0].deviations.as_slice()),
        (mn(7).as_str(), [UNKNOWN_MN.to_string()].as_slice())
    );
    assert_eq!(kept[0].data_time, Some(at(0)), "its values are found when it is registered");
    instrument.say(&minute(&stranger, 60, "1")).await;
    instrument.say(&minute(&stranger, 120, "1")).await;
    instrument.closed().await;
    assert_eq!(world.frames().len(), 3);
    assert!(world.gateway.latest_of(&mn(7)).is_empty());
    until(|| world.gateway.health().counts.closed_stranger == 1).await;

    // Registered meanwhile, it is answered.
    world.directory.send_replace(std::sync::Arc::new(directory(8)));
    let mut instrument = world.connect().await;
    let frame = minute(&stranger, 180, "1");
    tokio::time::sleep(SILENCE).await;
    instrument.say(&frame).await;
    assert_eq!(instrument.answer().await.1, frame.qn);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_kept_but_never_a_value_of_the_device() {
    let world = World::of(config(), directory(1));
    let (mut real, mut false_one) = (world.connect().await, world.connect().await);
    let party = party(0, Generation::G2017);
    real.say(&minute(&party, 0, "1")).await;
    real.answer().await;
    let impostor = say::Party { pw: "654321".into(), ..party };
    false_one.say(&minute(&impostor, 60, "999")).await;
    false_one.silence().await;
    let kept = world.kept(2).await;
    assert_eq!(kept[1].deviations, [WRONG_PASSWORD]);
    assert_eq!((kept[1].cadence, kept[1].data_time), (None, None));
    until(|| world.gateway.devices()[0].frames == 2).await;
    let state = &world.gateway.devices()[0];
    assert_eq!((state.untrusted, state.connected), (1, true));
    assert_eq!(world.gateway.latest_of(&mn(0))[0].item().avg.unwrap().to_string(), "1");
    drop(real);
    // The impostor's connection is not the device's.
    until(|| !world.gateway.devices()[0].connected).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_not_allowed_is_kept_and_not_answered() {
    let mut directory = directory(2);
    directory.register.devices.get_mut(&mn(0)).unwrap().networks = vec!["10.0.0.0/8".into()];
    directory.register.devices.get_mut(&mn(1)).unwrap().networks = vec!["10.0.0.0/8".into(), "127.0.0.1".into()];
    let world = World::of(config(), directory);
    let mut instrument = world.connect().await;
    instrument.say(&minute(&party(0, Generation::G2017), 0, "1")).await;
    instrument.silence().await;
    assert_eq!(world.kept(1).await[0].deviations, [ADDRESS_NOT_ALLOWED]);
    instrument.say(&minute(&party(1, Generation::G2017), 0, "1")).await;
    instrument.answer().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn damaged_frames_and_garbage_are_kept_under_the_device_of_the_connection() {
    let world = World::of(config(), directory(1));
    let mut instrument = world.connect().await;
    let party = party(0, Generation::G2017);
    instrument.say(&minute(&party, 0, "1")).await;
    instrument.answer().await;
    let mut damaged = encode(&minute(&party, 60, "2"));
    let at_value = damaged.iter().rposition(|byte| *byte == b'2').unwrap();
    damaged[at_value] ^= 1;
    instrument.send(&damaged).await;
    instrument.send(b"hello, is anybody there?").await;
    let good = minute(&party, 120, "3");
    instrument.say(&good).await;
    assert_eq!(instrument.answer().await.1, good.qn, "the frame after is understood, the damaged one not answered");
    let kept = world.frames();
    assert_eq!(kept.len(), 4);
    assert_eq!((kept[1].verdict, kept[1].mn.clone()), (Verdict::Broken, mn(0)));
    assert_eq!((kept[2].deviations.as_slice(), kept[2].mn.clone()), ([GARBAGE.to_string()].as_slice(), mn(0)));
    assert_eq!(kept[2].raw, b"hello, is anybody there?");
    let ledger = world.store.journal().deviations(&store::DeviationQuery::default()).unwrap();
    assert!(ledger.iter().all(|count| count.mn == mn(0)), "{ledger:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn notices_and_heartbeats_get_9013_and_the_time_is_set_when_a_device_asks() {
    let world = World::of(config(), directory(1));
    let mut instrument = world.connect().await;
    let party = party(0, Generation::G2017);
    let want = say::want_time(&party, at(0), None);
    instrument.say(&want).await;
    assert_eq!(instrument.answer().await, ("9013".into(), want.qn));
    let set = instrument.hear().await;
    assert_eq!((set.cn.as_ref(), set.ok, set.wants_answer()), ("1012", true, true));
    assert!(set.cp.get("SystemTime").is_some_and(|time| time.len() == 14));
    instrument.say(&say::request_answer(&party, &set.qn, 1)).await;
    instrument.say(&say::result(&party, &set.qn, 1)).await;
    let heartbeat = intake::hj212::Outgoing { flag: Some(9), ..say::heartbeat(&party, at(5)) };
    instrument.say(&heartbeat).await;
    assert_eq!(instrument.answer().await, ("9013".into(), heartbeat.qn));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_encrypted_frame_is_read_with_the_key_of_its_device() {
    let mut directory = directory(0);
    directory.register.devices.insert(mn(0), device(0, Generation::G2025));
    directory.secrets.insert(mn(0), secret("123456", Some(KEY)));
    let world = World::of(config(), directory);
    let mut instrument = world.connect().await;
    let party = say::Party { key: intake::hj212::Key::from_hex(KEY), ..party(0, Generation::G2025) };
    let frame = minute(&party, 0, "12.5");
    let raw = encode(&frame);
    assert!(raw.windows(3).any(|bytes| bytes == b"{0x"), "2051 is to be encrypted");
    instrument.say(&frame).await;
    assert_eq!(instrument.answer().await, ("9014".into(), frame.qn));
    until(|| world.gateway.latest_of(&mn(0)).len() == 1).await;
    assert_eq!(world.gateway.latest_of(&mn(0))[0].item().avg.unwrap().to_string(), "12.5");
    let state = &world.gateway.devices()[0];
    assert!(state.key_due && state.generation == Some(Generation::G2025), "the key is of 1970");
}

#[tokio::test(flavor = "multi_thread")]
async fn values_and_devices_are_known_again_after_a_restart() {
    let world = World::of(config(), directory(2));
    let mut instrument = world.connect().await;
    instrument.say(&minute(&party(1, Generation::G2017), 0, "7")).await;
    instrument.answer().await;
    let World { dir, store, gateway, .. } = world;
    gateway.shutdown().await;
    instrument.closed().await;
    let world = World::on(dir, store, config(), directory(2));
    let latest = world.gateway.latest();
    assert_eq!(latest.len(), 1);
    assert_eq!((latest[0].message().mn.clone(), latest[0].item().avg.unwrap().to_string()), (mn(1), "7".into()));
    let states = world.gateway.devices();
    assert_eq!(states.iter().map(|state| state.last_frame.is_some()).collect::<Vec<_>>(), [false, true]);
    assert_eq!(*world.gateway.arrivals().borrow(), domain::FrameId(1));
}
