//! Events of reviews → the reviews and overrides as of a moment.

use super::{
    APPROVED, ApprovedBody, NewReview, PROPOSED, ProposedBody, REJECTED, RejectedBody, Review, ReviewEvent,
    ReviewState, SeriesKey,
};
use crate::SuperviseError;
use crate::alert::{Act, Recorded, read};
use domain::Instant;
use std::collections::BTreeMap;

/// Reviews as of a moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reviews {
    by_id: BTreeMap<String, Review>,
    /// Ids of the approved ones of a series, in the order of approval.
    approved: BTreeMap<SeriesKey, Vec<String>>,
}

/// A stretch of a series over which one approved review holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverrideSpan<'a> {
    /// First moment.
    pub from: Instant,
    /// Last moment, inside.
    pub to: Instant,
    /// The review that prevails there.
    pub review: &'a Review,
}

impl Reviews {
    /// Kinds of events that tell of reviews.
    pub const KINDS: [&'static str; 3] = [PROPOSED, APPROVED, REJECTED];

    /// The reviews as of a moment: what was recorded later is not known yet. Events in the order they were kept. An
    /// event that cannot be read, or that the rules refuse, is told and the rest is folded.
    pub fn fold<'a>(events: impl IntoIterator<Item = Recorded<'a>>, as_of: Instant) -> (Reviews, Vec<SuperviseError>) {
        let mut reviews = Reviews::default();
        let mut problems = Vec::new();
        for event in events.into_iter().filter(|event| event.recorded <= as_of) {
            if let Err(problem) = reviews.apply(event) {
                problems.push(problem);
            }
        }
        (reviews, problems)
    }

    /// Takes one more event; other kinds are passed over.
    pub fn apply(&mut self, event: Recorded<'_>) -> Result<(), SuperviseError> {
        let act = |who: String, note: String| Act { who, at: event.recorded, note };
        match event.kind {
            PROPOSED => {
                let ProposedBody { review, body, actor } = read(event)?;
                let proposed = act(actor, body.reason.clone());
                let fresh = Review { id: review.clone(), body, proposed, state: ReviewState::Proposed, decided: None };
                self.by_id.entry(review).or_insert(fresh);
            }
            APPROVED => {
                let ApprovedBody { review, by } = read(event)?;
                self.decide(&review, ReviewState::Approved, act(by, String::new()))?;
            }
            REJECTED => {
                let RejectedBody { review, by, reason } = read(event)?;
                self.decide(&review, ReviewState::Rejected, act(by, reason))?;
            }
            _ => {}
        }
        Ok(())
    }

    /// The event that approves a review, or why it is refused.
    pub fn approve(&self, id: &str, by: &str) -> Result<ReviewEvent, SuperviseError> {
        self.open_for(id, by)?;
        Ok(ReviewEvent::Approved { review: id.to_string(), by: by.to_string() })
    }

    /// The event that rejects a review, or why it is refused.
    pub fn reject(&self, id: &str, by: &str, reason: &str) -> Result<ReviewEvent, SuperviseError> {
        self.open_for(id, by)?;
        match reason.trim() {
            "" => Err(SuperviseError::NoReason),
            reason => {
                Ok(ReviewEvent::Rejected { review: id.to_string(), by: by.to_string(), reason: reason.to_string() })
            }
        }
    }

    /// One by id.
    pub fn get(&self, id: &str) -> Option<&Review> {
        self.by_id.get(id)
    }

    /// All, the newest proposed first, by id where proposed at once.
    pub fn newest_first(&self) -> Vec<&Review> {
        let mut all: Vec<&Review> = self.by_id.values().collect();
        all.sort_by_key(|review| (std::cmp::Reverse(review.proposed.at), review.id.as_str()));
        all
    }

    /// The review that holds at a moment of a series: of the approved ones that cover it, the one approved last. One
    /// that accepts the flags holds too, and so ends an earlier override.
    pub fn at(&self, series: &SeriesKey, time: Instant) -> Option<&Review> {
        self.approved_of(series).rfind(|review| review.body.covers(time))
    }

    /// Every review of a series that covers some of the span from `from` to `to`, both inside, whatever its state; the
    /// newest proposed first. A value with one that is not rejected needs no other proposal.
    pub fn touching(&self, series: &SeriesKey, from: Instant, to: Instant) -> Vec<&Review> {
        let touches = |body: &NewReview| body.series == *series && body.from <= to && from <= body.to;
        self.newest_first().into_iter().filter(|review| touches(&review.body)).collect()
    }

    /// What holds over a series, in order of time, without overlap: for a whole column at once.
    pub fn spans(&self, series: &SeriesKey) -> Vec<OverrideSpan<'_>> {
        // Between two neighbouring edges the same review holds throughout.
        let mut edges: Vec<i64> = Vec::new();
        for review in self.approved_of(series) {
            edges.extend([review.body.from.0, review.body.to.0 + 1]);
        }
        edges.sort_unstable();
        edges.dedup();
        let mut spans: Vec<OverrideSpan<'_>> = Vec::new();
        for pair in edges.windows(2) {
            let (from, to) = (Instant(pair[0]), Instant(pair[1] - 1));
            let Some(review) = self.at(series, from) else { continue };
            match spans.last_mut() {
                Some(last) if last.review.id == review.id && last.to.0 + 1 == from.0 => last.to = to,
                _ => spans.push(OverrideSpan { from, to, review }),
            }
        }
        spans
    }

    fn approved_of(&self, series: &SeriesKey) -> impl DoubleEndedIterator<Item = &Review> {
        self.approved.get(series).into_iter().flatten().filter_map(|id| self.by_id.get(id))
    }

    fn decide(&mut self, id: &str, state: ReviewState, act: Act) -> Result<(), SuperviseError> {
        self.open_for(id, &act.who)?;
        let review = self.by_id.get_mut(id).ok_or_else(|| SuperviseError::NoReview(id.to_string()))?;
        (review.state, review.decided) = (state, Some(act));
        if state == ReviewState::Approved {
            self.approved.entry(review.body.series.clone()).or_default().push(id.to_string());
        }
        Ok(())
    }

    /// The review, if this person may decide on it.
    fn open_for(&self, id: &str, by: &str) -> Result<&Review, SuperviseError> {
        let review = self.get(id).ok_or_else(|| SuperviseError::NoReview(id.to_string()))?;
        if let Some(act) = &review.decided {
            return Err(SuperviseError::AlreadyDecided {
                review: id.to_string(),
                state: review.state.code(),
                who: act.who.clone(),
                at: act.at.to_iso(),
            });
        }
        if review.proposed.who == by {
            return Err(SuperviseError::SamePerson { review: id.to_string(), who: by.to_string() });
        }
        Ok(review)
    }
}
