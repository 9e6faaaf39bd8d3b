//! Requests to devices: what is sent, what a device may answer, how each ends, what the audit has.

use crate::world::*;
use domain::Cadence;
use gateway::{Dialogue, DialogueId, DialogueState, Direction, GatewayError, Request, Timing};
use intake::hj212::say::{self, Party};
use intake::hj212::{Answer, Decoded, Generation, Protocol};
use std::time::Duration;
use tokio::time::{sleep, timeout};

async fn over(world: &World, id: DialogueId) -> Dialogue {
    let end = async {
        loop {
            let dialogue = world.gateway.dialogue(id).unwrap();
            if dialogue.state.is_over() {
                return dialogue;
            }
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(PATIENCE, end).await.expect("it is over in time")
}

/// A device of 2017 that has spoken.
async fn connected(world: &World, party: &Party) -> Instrument {
    let mut instrument = world.connect().await;
    instrument.say(&minute(party, -3600, "1")).await;
    instrument.answer().await;
    known(world, &party.mn).await;
    instrument
}

/// Until the gateway knows where the device is, which is just after it was answered.
async fn known(world: &World, mn: &str) {
    until(|| world.gateway.devices().iter().any(|device| device.mn == *mn && device.connected)).await;
}

fn history() -> Request {
    Request::history(Cadence::Minute, at(0), at(600), Protocol::builtin()).unwrap()
}

fn commands(dialogue: &Dialogue) -> Vec<(Direction, &str)> {
    dialogue.steps.iter().map(|step| (step.direction, step.cn.as_str())).collect()
}

use Direction::{FromDevice as From, ToDevice as To};

async fn accept(instrument: &mut Instrument, party: &Party) -> Decoded<'static> {
    let request = instrument.hear().await;
    assert!(request.ok && request.conforms(), "{:?}", request.deviations);
    instrument.say(&say::request_answer(party, &request.qn, 1)).await;
    request
}

#[tokio::test(flavor = "multi_thread")]
async fn history_with_answers_is_answered_frame_by_frame() {
    // HJ 212-2017, C.48: request, 9011, each frame 9014, 9012.
    let world = World::of(config(), directory(1));
    let party = party(0, Generation::G2017);
    let mut instrument = connected(&world, &party).await;
    let id = world.gateway.ask(&mn(0), history(), "王工").unwrap();
    let request = accept(&mut instrument, &party).await;
    assert_eq!((request.cn.as_ref(), request.pw.as_ref()), ("2051", "123456"));
    assert_eq!(request.cp.text(), "BeginTime=20261125080000;EndTime=20261125081000");
    for n in 0..3 {
        let frame = minute(&party, n * 60, "5");
        instrument.say(&frame).await;
        assert_eq!(instrument.answer().await, ("9014".into(), frame.qn));
    }
    // A frame of another time is not what was asked for.
    instrument.say(&minute(&party, 3600, "6")).await;
    instrument.answer().await;
    instrument.say(&say::result(&party, &request.qn, 1)).await;
    let dialogue = over(&world, id).await;
    assert_eq!((dialogue.state, dialogue.data_count, dialogue.resent), (DialogueState::Done, 3, 0));
    assert_eq!(
        commands(&dialogue),
        [(To, "2051"), (From, "9011"), (From, "2051"), (From, "2051"), (From, "2051"), (From, "9012")]
    );
    assert!(dialogue.steps.iter().all(|step| !step.raw.contains("123456")), "no password is shown");
    assert_eq!(dialogue.steps[1].words.zh, "请求应答：准备执行请求");
    let times: Vec<_> = dialogue.data_frames.iter().map(|id| frame_time(&world, *id)).collect();
    assert_eq!(times, [Some(at(0)), Some(at(60)), Some(at(120))]);
    // The end of a dialogue is seen at once and written down a moment later.
    let query = store::EventQuery { subject: Some(mn(0)), ..Default::default() };
    let mut events = Vec::new();
    for _ in 0..200 {
        events = world.store.events().list(&query).unwrap();
        if events.len() >= 2 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let kinds: Vec<_> = events.iter().map(|event| (event.kind.as_str(), event.actor.as_str())).collect();
    assert_eq!(kinds, [("device-asked", "王工"), ("device-answered", "王工")]);
}

fn frame_time(world: &World, id: domain::FrameId) -> Option<domain::Instant> {
    world.store.journal().frame(id).unwrap().unwrap().data_time
}

#[tokio::test(flavor = "multi_thread")]
async fn history_without_answers_comes_at_once() {
    // HJ 212-2017, C.49: request, 9011, all frames, 9012.
    let world = World::of(config(), directory(1));
    let party = party(0, Generation::G2017);
    let mut instrument = connected(&world, &party).await;
    let id = world.gateway.ask(&mn(0), history(), "王工").unwrap();
    let request = accept(&mut instrument, &party).await;
    let mut bytes = Vec::new();
    for n in 0..10 {
        bytes.extend(intake::hj212::encode(&minute_with(&party, n * 60, "5", Answer::None)));
    }
    bytes.extend(intake::hj212::encode(&say::result(&party, &request.qn, 1)));
    instrument.send(&bytes).await;
    let dialogue = over(&world, id).await;
    assert_eq!((dialogue.state, dialogue.data_count), (DialogueState::Done, 10));
    instrument.silence().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_data_and_refusals_end_with_their_words() {
    let world = World::of(config(), directory(1));
    let party = party(0, Generation::G2017);
    let mut instrument = connected(&world, &party).await;
    let id = world.gateway.ask(&mn(0), history(), "a").unwrap();
    let request = accept(&mut instrument, &party).await;
    instrument.say(&say::result(&party, &request.qn, 100)).await;
    let dialogue = over(&world, id).await;
    assert_eq!(dialogue.state, DialogueState::Failed);
    assert_eq!(dialogue.outcome.unwrap().zh, "执行失败：没有数据（ExeRtn=100）");

    let id = world.gateway.ask(&mn(0), Request::new("3011", &[("PolId", "a21026")]), "a").unwrap();
    let request = instrument.hear().await;
    assert_eq!(request.cp.text(), "PolId=a21026");
    instrument.say(&say::request_answer(&party, &request.qn, 2)).await;
    let dialogue = over(&world, id).await;
    assert_eq!(dialogue.state, DialogueState::Refused);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_never_answers_is_asked_again_then_given_up() {
    let world = World::of(config(), directory(1));
    let party = party(0, Generation::G2017);
    let mut instrument = connected(&world, &party).await;
    // Command 1000 sets the times for this device, and later dialogues keep to them.
    assert_eq!(world.gateway.timing(&mn(0)), Timing { over_time_s: 10, resends: 3 });
    let id = world.gateway.ask(&mn(0), Request::timing(1, 2), "a").unwrap();
    let request = accept(&mut instrument, &party).await;
    assert_eq!((request.cn.as_ref(), request.cp.text()), ("1000", "OverTime=1;ReCount=2"));
    instrument.say(&say::result(&party, &request.qn, 1)).await;
    over(&world, id).await;
    let id = world.gateway.ask(&mn(0), Request::set_time(), "a").unwrap();
    let behind = world.gateway.ask(&mn(0), Request::new("1061", &[]), "a").unwrap();
    let qns = [instrument.hear().await.qn, instrument.hear().await.qn, instrument.hear().await.qn];
    assert!(qns.iter().all(|qn| *qn == qns[0]), "the same request, sent again: {qns:?}");
    assert_eq!(world.gateway.dialogue(behind).unwrap().state, DialogueState::Waiting);
    let dialogue = over(&world, id).await;
    assert_eq!((dialogue.state, dialogue.resent), (DialogueState::Failed, 2));
    assert!(dialogue.outcome.unwrap().en.contains("sent again 2 times"));
    // The next one has its turn.
    let next = accept(&mut instrument, &party).await;
    assert_eq!(next.cn, "1061");
    instrument.say(&say::realtime_interval_is(&party, at(0), 30)).await;
    instrument.say(&say::result(&party, &next.qn, 1)).await;
    let dialogue = over(&world, behind).await;
    assert_eq!((dialogue.state, dialogue.data_count), (DialogueState::Done, 1));
    // A result may come late.
    instrument.say(&say::result(&party, &qns[0], 1)).await;
    until(|| world.gateway.dialogue(id).unwrap().state == DialogueState::Done).await;
    // The times are known after a restart.
    let World { dir, store, gateway, .. } = world;
    gateway.shutdown().await;
    let world = World::on(dir, store, config(), directory(1));
    assert_eq!(world.gateway.timing(&mn(0)), Timing { over_time_s: 1, resends: 2 });
}

#[tokio::test(flavor = "multi_thread")]
async fn an_accepted_request_without_a_result_fails_without_being_sent_again() {
    let world = World::of(config(), directory(1));
    let party = party(0, Generation::G2017);
    let mut instrument = connected(&world, &party).await;
    world.gateway.ask(&mn(0), Request::timing(1, 2), "a").unwrap();
    let request = accept(&mut instrument, &party).await;
    instrument.say(&say::result(&party, &request.qn, 1)).await;
    let id = world.gateway.ask(&mn(0), Request::new("3012", &[("PolId", "w01018")]), "a").unwrap();
    accept(&mut instrument, &party).await;
    let dialogue = over(&world, id).await;
    assert_eq!((dialogue.state, dialogue.resent), (DialogueState::Failed, 0));
    instrument.silence().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_counts_from_the_moment_it_is_set() {
    let world = World::of(config(), directory(1));
    world.store.secrets().set(&mn(0), secret("123456", None)).unwrap();
    let party = party(0, Generation::G2017);
    let mut instrument = connected(&world, &party).await;
    let id = world.gateway.ask(&mn(0), Request::password("654321"), "a").unwrap();
    let request = accept(&mut instrument, &party).await;
    assert_eq!(request.cp.text(), "NewPW=654321");
    instrument.say(&say::result(&party, &request.qn, 1)).await;
    let dialogue = over(&world, id).await;
    assert_eq!(dialogue.request.field("NewPW"), Some("******"));
    assert!(!format!("{dialogue:?}").contains("654321"), "{dialogue:?}");
    until(|| world.store.secrets().get(&mn(0)).unwrap().unwrap().password == "654321").await;
    instrument.say(&minute(&party, 60, "1")).await;
    instrument.silence().await;
    let party = Party { pw: "654321".into(), ..party };
    instrument.say(&minute(&party, 120, "1")).await;
    instrument.answer().await;
    let events = world.store.events().list(&store::EventQuery::default()).unwrap();
    assert!(events.iter().all(|event| !event.body.to_string().contains("654321")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_of_2025_gets_a_new_key_when_it_asks() {
    let mut directory = directory(0);
    directory.register.devices.insert(mn(0), device(0, Generation::G2025));
    directory.secrets.insert(mn(0), secret("123456", Some(KEY)));
    let world = World::of(config(), directory);
    world.store.secrets().set(&mn(0), secret("123456", Some(KEY))).unwrap();
    let old = Party { key: intake::hj212::Key::from_hex(KEY), ..party(0, Generation::G2025) };
    let mut instrument = connected(&world, &old).await;
    let want = say::want_key(&old, at(0));
    instrument.say(&want).await;
    assert_eq!(instrument.answer().await, ("9011".into(), want.qn));
    let given = instrument.hear_with(KEY).await;
    assert!(given.ok && given.encrypted && given.cn == "1014", "{given:?}");
    let key = given.cp.get("NewSK").unwrap().to_string();
    instrument.say(&say::request_answer(&old, &given.qn, 1)).await;
    instrument.say(&say::result(&old, &given.qn, 1)).await;
    until(|| world.store.secrets().get(&mn(0)).unwrap().unwrap().key_hex.as_deref() == Some(key.as_str())).await;
    until(|| !world.gateway.devices()[0].key_due).await;
    // Frames with the new key are read, and so is one with the old key that was on its way.
    let new = Party { key: intake::hj212::Key::from_hex(&key), ..old.clone() };
    for (n, party) in [&new, &old, &new].into_iter().enumerate() {
        let frame = minute(party, n as i64 * 60, "1");
        instrument.say(&frame).await;
        assert_eq!(instrument.answer().await.1, frame.qn);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_asked_is_refused_with_the_reason() {
    let world = World::of(config(), directory(2));
    let party = party(0, Generation::G2017);
    let refused = |mn: &str, request: Request| world.gateway.ask(mn, request, "a").unwrap_err();
    assert!(matches!(refused(&mn(9), Request::set_time()), GatewayError::UnknownDevice(_)));
    assert!(matches!(refused(&mn(1), Request::set_time()), GatewayError::NotConnected(_)));
    let _instrument = connected(&world, &party).await;
    let argument = |request: Request| match refused(&mn(0), request) {
        GatewayError::Argument { value, allowed, .. } => format!("{value}: {allowed}"),
        other => panic!("{other}"),
    };
    // HJ 212-2017, Table 8: RtdInterval 30 to 3600 s; MinInterval one of a list.
    assert_eq!(
        argument(Request::new("1062", &[("RtdInterval", "29")])),
        "RtdInterval=29: a whole number from 30 to 3600"
    );
    assert_eq!(
        argument(Request::new("1064", &[("MinInterval", "7")])),
        "MinInterval=7: one of 1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30"
    );
    assert_eq!(argument(Request::new("1062", &[])), ": 1062 needs RtdInterval");
    assert_eq!(argument(Request::new("9014", &[])), "9014: a request of HJ 212-2017");
    assert_eq!(argument(Request::new("3024", &[("PolId", "a")])), "3024: a request of HJ 212-2017");
    assert_eq!(argument(Request::new("3011", &[("PolId", "a&&")])), "PolId=a&&: not empty, without ; & and line ends");
    assert_eq!(argument(Request::new("2011", &[("Speed", "1")])), "Speed: 2011 has no field");
}
