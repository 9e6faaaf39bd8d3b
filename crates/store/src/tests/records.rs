//! Events, secrets, operators, judged values.

use super::open;
use crate::{EventId, EventQuery, JudgedQuery, JudgedRow, NewEvent, Scope, Secret, Store, StoreError};
use domain::{Instant, Span};
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;

fn event(recorded: i64, kind: &str, subject: &str) -> NewEvent {
    NewEvent {
        recorded: Instant(recorded),
        kind: kind.to_string(),
        subject: subject.to_string(),
        actor: "王工".to_string(),
        body: json!({ "note": "试", "n": recorded }),
        once: None,
    }
}

#[test]
fn events_are_listed_by_kind_subject_and_moment() {
    let (dir, store) = open();
    let events = store.events();
    assert_eq!(events.last_id().unwrap(), EventId(0));
    let once = NewEvent { once: Some("alert/1/opened".to_string()), ..event(10, "opened", "o1") };
    assert_eq!(events.append(once.clone()).unwrap(), Some(EventId(1)));
    assert_eq!(events.append(NewEvent { recorded: Instant(11), ..once }).unwrap(), None);
    let ids = events.append_all(&[event(20, "closed", "o1"), event(30, "opened", "o2")]).unwrap();
    assert!(ids.iter().all(Option::is_some));
    let list =
        |query: EventQuery| -> Vec<i64> { events.list(&query).unwrap().iter().map(|event| event.recorded.0).collect() };
    assert_eq!(list(EventQuery::default()), [10, 20, 30]);
    assert_eq!(list(EventQuery { kinds: vec!["opened".to_string(), "x".to_string()], ..Default::default() }), [10, 30]);
    assert_eq!(list(EventQuery { subject: Some("o1".to_string()), ..Default::default() }), [10, 20]);
    assert_eq!(list(EventQuery { as_of: Some(Instant(20)), ..Default::default() }), [10, 20]);
    assert_eq!(list(EventQuery { after: ids[0], ..Default::default() }), [30]);
    assert_eq!(list(EventQuery { limit: 1, ..Default::default() }), [10]);
    assert_eq!(
        events.newest(&EventQuery { limit: 1, ..Default::default() }).unwrap()[0].body,
        json!({ "note": "试", "n": 30 })
    );
    assert_eq!(Some(events.last_id().unwrap()), ids[1]);
    let reading = Store::open_for_reading(dir.path()).unwrap();
    assert_eq!(reading.events().list(&EventQuery::default()).unwrap().len(), 3);
    assert!(matches!(reading.events().append(event(1, "k", "s")), Err(StoreError::ReadOnly { .. })));
}

#[test]
fn what_is_kept_cannot_be_changed_by_anyone_with_the_file() {
    let (dir, store) = open();
    store.events().append(event(1, "k", "s")).unwrap();
    store.journal().append(&[super::minute_frame("MN1", 1)]).unwrap();
    store.judged().put(&[judged("o", 1, 1, json!(1))]).unwrap();
    let statements = [
        ("records.sqlite", "UPDATE events SET actor = 'x'"),
        ("records.sqlite", "DELETE FROM events"),
        ("records.sqlite", "UPDATE judged SET body = 'x'"),
        ("records.sqlite", "DELETE FROM judged"),
        ("frames-2026-11-25.sqlite", "UPDATE frames SET raw = x'00'"),
        ("frames-2026-11-25.sqlite", "DELETE FROM frames"),
        ("frames-2026-11-25.sqlite", "UPDATE texts SET text = 'x' || text"),
        ("frames-2026-11-25.sqlite", "DELETE FROM texts"),
    ];
    for (file, statement) in statements {
        let connection = rusqlite::Connection::open(dir.path().join("online").join(file)).unwrap();
        connection.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
        let error = connection.execute_batch(statement).unwrap_err().to_string();
        assert!(error.contains("never") || error.contains("revised"), "{statement}: {error}");
    }
}

#[test]
fn anyone_can_read_the_frames_with_any_tool() {
    let (dir, store) = open();
    let frame = super::minute_frame("MN1", 1);
    store.journal().append(std::slice::from_ref(&frame)).unwrap();
    let connection = rusqlite::Connection::open(dir.path().join("online/frames-2026-11-25.sqlite")).unwrap();
    let row: [String; 5] = connection
        .query_row("SELECT received, mn, qn, peer, data_time FROM readable", [], |row| {
            Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?])
        })
        .unwrap();
    let peer = "10.1.2.3:50123";
    assert_eq!(row, ["2026-11-25T00:02:02.000+08:00", "MN1", "20261125000000001", peer, "2026-11-25T00:01:00+08:00"]);
}

#[test]
fn the_newest_secret_counts_and_none_is_printed() {
    let (dir, store) = open();
    let secret =
        |password: &str, since| Secret { password: password.to_string(), key_hex: None, since: Instant(since) };
    store.secrets().set("MN1", secret("first", 1)).unwrap();
    store.secrets().set("MN1", Secret { key_hex: Some("00ff".to_string()), ..secret("second", 9) }).unwrap();
    store.secrets().set("MN2", secret("other", 2)).unwrap();
    assert_eq!(store.secrets().get("MN1").unwrap().unwrap().password, "second");
    assert_eq!(store.secrets().get("MN3").unwrap(), None);
    assert_eq!(store.secrets().history("MN1").unwrap().len(), 2);
    let all = store.secrets().all().unwrap();
    assert_eq!(
        all.iter().map(|(mn, secret)| (mn.as_str(), secret.password.as_str())).collect::<Vec<_>>(),
        [("MN1", "second"), ("MN2", "other")]
    );
    let printed = format!("{all:?}");
    assert!(!printed.contains("second") && !printed.contains("00ff"), "{printed}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(dir.path().join("online/records.sqlite")).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "for the owner only");
    }
}

#[test]
fn a_token_is_known_by_its_hash_only() {
    let (dir, store) = open();
    let operators = store.operators();
    let token = operators.add("王工", &[Scope::Review, Scope::Control]).unwrap();
    let other = operators.add("李工", &[Scope::Approve]).unwrap();
    assert_eq!(token.len(), 64);
    assert_ne!(token, other);
    let who = operators.check(&token).unwrap().unwrap();
    assert_eq!(who.name, "王工");
    assert!(who.may(Scope::Control) && who.may(Scope::Review) && !who.may(Scope::Approve));
    assert_eq!(operators.check("").unwrap(), None);
    assert_eq!(operators.check(&token.to_uppercase()).unwrap(), None);
    assert_eq!(operators.add("王工", &[]), Err(StoreError::Exists { name: "王工".to_string() }));
    assert_eq!(operators.list().unwrap().len(), 2);
    for entry in std::fs::read_dir(dir.path().join("online")).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(64).any(|window| window == token.as_bytes()));
    }
    assert!(operators.remove("王工").unwrap());
    assert!(!operators.remove("王工").unwrap());
    assert_eq!(operators.check(&token).unwrap(), None);
}

fn judged(outlet: &str, start: i64, computed: i64, body: serde_json::Value) -> JudgedRow {
    JudgedRow {
        outlet: outlet.to_string(),
        code: "w01018".to_string(),
        span: Span::Hour,
        start: Instant(start),
        computed: Instant(computed),
        body,
    }
}

#[test]
fn the_newest_period_of_every_series_is_known() {
    let (_dir, store) = open();
    let rows = [judged("o1", 7, 1, json!(1)), judged("o1", 3, 2, json!(2)), judged("o2", 5, 2, json!(3))];
    assert_eq!(store.judged().put(&rows).unwrap(), 3);
    assert_eq!(store.judged().put(&[judged("o1", 7, 4, json!(4))]).unwrap(), 1);
    let newest = store.judged().newest(Span::Hour).unwrap();
    let newest: Vec<_> = newest.iter().map(|row| (row.outlet.as_str(), row.start.0, row.body.clone())).collect();
    assert_eq!(newest, [("o1", 7, json!(4)), ("o2", 5, json!(3))]);
    assert!(store.judged().newest(Span::Day).unwrap().is_empty());
    let revisions = store.judged().revisions("o1", "w01018", Span::Hour, Instant(7)).unwrap();
    assert_eq!(revisions.iter().map(|row| row.computed.0).collect::<Vec<_>>(), [1, 4]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// As of any moment a period has the body that was put last until then; equal bodies make no revision.
    #[test]
    fn judged_values_as_of_any_moment(puts in prop::collection::vec((0..3_i64, 0..3_i64), 1..25)) {
        let (_dir, store) = open();
        let mut bodies: BTreeMap<i64, Vec<(i64, i64)>> = BTreeMap::new();
        for (computed, (start, body)) in (0..).zip(puts.iter().copied()) {
            let revisions = bodies.entry(start).or_default();
            let new = revisions.last().is_none_or(|(_, last)| *last != body);
            if new {
                revisions.push((computed, body));
            }
            let put = store.judged().put(&[judged("o", start, computed, json!({ "value": body }))]).unwrap();
            prop_assert_eq!(put, usize::from(new));
        }
        for as_of in -1..=puts.len() as i64 {
            let query = JudgedQuery {
                outlet: "o".to_string(),
                code: (as_of % 2 == 0).then(|| "w01018".to_string()),
                span: Span::Hour,
                from: Instant(0),
                to: Instant(3),
                as_of: Some(Instant(as_of)),
            };
            let found = store.judged().get(&query).unwrap();
            let found: Vec<_> = found.iter().map(|row| (row.start.0, row.computed.0, row.body["value"].as_i64().unwrap())).collect();
            let expected = bodies.iter().filter_map(|(start, revisions)| {
                let (computed, body) = revisions.iter().rfind(|(computed, _)| *computed <= as_of)?;
                Some((*start, *computed, *body))
            });
            prop_assert_eq!(found, expected.collect::<Vec<_>>());
        }
    }
}
