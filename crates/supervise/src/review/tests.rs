//! Reviews of two people over made-up hours.

use super::*;
use crate::alert::Recorded;
use domain::Lang;
use proptest::prelude::*;

/// 2025-01-01 00:00 +08:00.
const START: i64 = 1_735_660_800_000;
const HOUR: i64 = 3_600_000;

fn at(hour: i64) -> Instant {
    Instant(START + hour * HOUR)
}

fn series() -> SeriesKey {
    SeriesKey { mn: "M1".to_string(), code: "a21026".to_string(), cadence: Cadence::Hour }
}

fn new(from: i64, to: i64, verdict: Verdict) -> NewReview {
    let (outlet, reason) = ("DA001".to_string(), "标气核查正常".to_string());
    NewReview { outlet, series: series(), from: at(from), to: at(to), verdict, reason }
}

/// The store, as far as reviews need one: events in order, each once-key taken once.
#[derive(Clone, Debug, Default)]
struct Kept {
    events: Vec<(Instant, &'static str, String, serde_json::Value)>,
    once: std::collections::BTreeSet<String>,
}

impl Kept {
    fn keep(&mut self, recorded: Instant, actor: &str, event: &ReviewEvent) -> bool {
        let fresh = self.once.insert(event.once());
        if fresh {
            self.events.push((recorded, event.kind(), actor.to_string(), event.body(actor)));
        }
        fresh
    }

    fn fold(&self, as_of: Instant) -> Reviews {
        let (reviews, problems) = Reviews::fold(self.recorded(), as_of);
        assert_eq!(problems, []);
        reviews
    }

    fn recorded(&self) -> impl Iterator<Item = Recorded<'_>> {
        self.events.iter().map(|(recorded, kind, actor, body)| Recorded { recorded: *recorded, kind, actor, body })
    }

    fn propose(&mut self, hour: i64, actor: &str, review: NewReview) -> String {
        let event = review.propose(actor, at(hour)).expect("a proposal");
        self.keep(at(hour), actor, &event);
        event.review().to_string()
    }

    fn approve(&mut self, hour: i64, actor: &str, id: &str) {
        let event = self.fold(at(hour)).approve(id, actor).expect("an approval");
        self.keep(at(hour), actor, &event);
    }
}

fn holds(reviews: &Reviews, hour: i64) -> Option<u8> {
    reviews.at(&series(), at(hour)).and_then(|review| review.body.verdict.flag())
}

#[test]
fn an_override_holds_once_a_second_person_approves() {
    let mut kept = Kept::default();
    let id = kept.propose(100, "li", new(1, 3, Verdict::Valid));
    assert_eq!(holds(&kept.fold(at(101)), 2), None);
    kept.approve(102, "wang", &id);
    let now = kept.fold(at(102));
    assert_eq!([0, 1, 2, 3, 4].map(|hour| holds(&now, hour)), [None, Some(1), Some(1), Some(1), None]);
    assert_eq!(holds(&kept.fold(at(101)), 2), None, "as of before the approval");
    assert_eq!(now.at(&SeriesKey { code: "a21002".into(), ..series() }, at(2)), None);
    let said = now.get(&id).expect("it is there").words();
    assert!(said.zh.contains("判为有效") && said.zh.contains("wang"), "{}", said.zh);
}

#[test]
fn who_proposed_may_not_decide_and_nobody_decides_twice() {
    let mut kept = Kept::default();
    let id = kept.propose(100, "li", new(1, 3, Verdict::Invalid));
    let open = kept.fold(at(100));
    let same = open.approve(&id, "li").expect_err("the same person");
    assert_eq!(same, SuperviseError::SamePerson { review: id.clone(), who: "li".to_string() });
    assert!(refusal_words(&same).expect("words").get(Lang::En).contains("another person"));
    assert!(open.reject(&id, "li", "no").is_err());
    assert_eq!(open.reject(&id, "wang", " "), Err(SuperviseError::NoReason));
    // Two people at the same moment: the store keeps the first.
    let (approved, rejected) = (open.approve(&id, "wang"), open.reject(&id, "zhao", "看过曲线，是真实排放"));
    assert!(kept.keep(at(101), "wang", &approved.expect("an approval")));
    assert!(!kept.keep(at(101), "zhao", &rejected.expect("a rejection")));
    let now = kept.fold(at(101));
    assert_eq!(holds(&now, 2), Some(4));
    let again = now.approve(&id, "zhao").expect_err("it is decided");
    assert!(matches!(&again, SuperviseError::AlreadyDecided { who, .. } if who == "wang"), "{again}");
    assert_eq!(now.approve("r-0", "zhao"), Err(SuperviseError::NoReview("r-0".to_string())));
}

#[test]
fn a_rejected_proposal_never_holds() {
    let mut kept = Kept::default();
    let id = kept.propose(100, "li", new(1, 3, Verdict::Invalid));
    let event = kept.fold(at(100)).reject(&id, "wang", "证据不足").expect("a rejection");
    kept.keep(at(101), "wang", &event);
    let now = kept.fold(at(101));
    assert_eq!((holds(&now, 2), now.get(&id).map(|own| own.state)), (None, Some(ReviewState::Rejected)));
    assert!(now.get(&id).expect("it is there").words().zh.contains("证据不足"));
}

/// The order of approval counts, not that of proposal; accepting the flags ends an override.
#[test]
fn where_reviews_overlap_the_one_approved_last_prevails() {
    let mut kept = Kept::default();
    let early = kept.propose(100, "li", new(1, 6, Verdict::Invalid));
    let late = kept.propose(101, "li", new(4, 9, Verdict::Valid));
    kept.approve(102, "wang", &late);
    kept.approve(103, "wang", &early);
    let accept = kept.propose(104, "wang", new(2, 2, Verdict::Accept));
    kept.approve(105, "li", &accept);
    let now = kept.fold(at(105));
    let got: Vec<Option<u8>> = (0..11).map(|hour| holds(&now, hour)).collect();
    let (bad, good) = (Some(4), Some(1));
    assert_eq!(got, [None, bad, None, bad, bad, bad, bad, good, good, good, None]);
    let spans: Vec<(i64, i64, Verdict)> =
        now.spans(&series()).iter().map(|own| (own.from.0, own.to.0, own.review.body.verdict)).collect();
    let ms = |hour: i64| START + hour * HOUR;
    assert_eq!(
        spans,
        [
            (ms(1), ms(2) - 1, Verdict::Invalid),
            (ms(2), ms(2), Verdict::Accept),
            (ms(2) + 1, ms(6), Verdict::Invalid),
            (ms(6) + 1, ms(9), Verdict::Valid),
        ]
    );
    assert_eq!(now.touching(&series(), at(3), at(3)).len(), 1);
}

#[test]
fn a_proposal_needs_a_reason_and_a_span() {
    let silent = NewReview { reason: "  ".to_string(), ..new(1, 3, Verdict::Valid) };
    assert_eq!(silent.propose("li", at(9)), Err(SuperviseError::NoReason));
    let error = new(3, 1, Verdict::Valid).propose("li", at(9)).expect_err("it is upside down");
    let words = refusal_words(&error).expect("words");
    assert!(words.zh.contains("2025-01-01T01:00:00+08:00"), "{}", words.zh);
}

#[test]
fn the_body_is_plain_and_a_broken_one_is_told() {
    let event = new(1, 3, Verdict::Valid).propose("li", at(9)).expect("a proposal");
    let expect = serde_json::json!({
        "review": event.review(), "outlet": "DA001", "mn": "M1", "code": "a21026", "cadence": "hour",
        "from": "2025-01-01T01:00:00+08:00", "to": "2025-01-01T03:00:00+08:00", "verdict": "valid",
        "reason": "标气核查正常", "actor": "li",
    });
    assert_eq!(event.body("li"), expect);
    let broken = serde_json::json!({"review": "r-1", "verdict": "perhaps"});
    let body = serde_json::json!({"review": "r-1", "by": "wang"});
    let events = [("review-proposed", &broken), ("review-approved", &body), ("mark-added", &body)];
    let recorded = events.map(|(kind, body)| Recorded { recorded: at(1), kind, actor: "li", body });
    let (reviews, problems) = Reviews::fold(recorded, at(2));
    assert_eq!((reviews.newest_first().len(), problems.len()), (0, 2), "{problems:?}");
}

#[test]
fn verdicts_lead_to_flags_and_back() {
    for verdict in Verdict::ALL {
        assert_eq!(Verdict::from_code(verdict.code()), Some(verdict));
        assert_eq!(verdict.flag().and_then(Verdict::of_flag).unwrap_or(Verdict::Accept), verdict);
    }
    assert_eq!([2, 9, 0].map(Verdict::of_flag), [None; 3]);
}

/// A random history: people propose, and decide on what is open.
fn history() -> impl Strategy<Value = Kept> {
    let act = (0_i64..3, 0_i64..20, 0_i64..6, 0_usize..4, any::<prop::sample::Index>(), 0_u8..3, 0_usize..3);
    prop::collection::vec(act, 0..40).prop_map(|acts| {
        let (mut kept, mut hour) = (Kept::default(), 1000);
        for (later, from, length, verdict, pick, what, who) in acts {
            hour += later;
            let actor = ["li", "wang", "zhao"][who];
            let now = kept.fold(at(hour));
            let ids: Vec<&str> = now.newest_first().iter().map(|review| review.id.as_str()).collect();
            let event = match what {
                0 => new(from, from + length, Verdict::ALL[verdict]).propose(actor, at(hour)),
                _ if ids.is_empty() => continue,
                1 => now.approve(ids[pick.index(ids.len())], actor),
                _ => now.reject(ids[pick.index(ids.len())], actor, "no"),
            };
            if let Ok(event) = event {
                kept.keep(at(hour), actor, &event);
            }
        }
        kept
    })
}

proptest! {
    /// What was known at a moment does not depend on what came later, and can be built one event at a time.
    #[test]
    fn the_past_is_rebuilt_whatever_came_later(kept in history(), hour in 990_i64..1100) {
        let as_of = at(hour);
        let mut then = kept.clone();
        then.events.retain(|(recorded, ..)| *recorded <= as_of);
        prop_assert_eq!(kept.fold(as_of), then.fold(at(1_000_000)));
        let mut one_by_one = Reviews::default();
        for event in then.recorded() {
            prop_assert_eq!(one_by_one.apply(event), Ok(()));
        }
        prop_assert_eq!(kept.fold(as_of), one_by_one);
    }

    /// The spans say what the moments say, and nobody ever decided on their own proposal.
    #[test]
    fn spans_agree_with_moments(kept in history()) {
        let now = kept.fold(at(1_000_000));
        let (key, spans) = (series(), now.spans(&series()));
        for hour in -1..30 {
            for time in [Instant(at(hour).0 - 1), at(hour), Instant(at(hour).0 + 1)] {
                let span = spans.iter().find(|own| own.from <= time && time <= own.to);
                prop_assert_eq!(span.map(|own| own.review), now.at(&key, time));
            }
        }
        prop_assert!(spans.windows(2).all(|pair| pair[0].to < pair[1].from));
        for review in now.newest_first() {
            prop_assert!(review.decided.as_ref().is_none_or(|act| act.who != review.proposed.who));
        }
    }
}
