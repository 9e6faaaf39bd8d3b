//! A review and why an act on it is refused, in a sentence, Chinese and English.

use super::{Review, ReviewState, Verdict};
use crate::SuperviseError;
use domain::Text;

impl Verdict {
    /// Name for people.
    pub fn name(self) -> Text {
        let (zh, en) = match self {
            Verdict::Accept => ("维持检验结论", "flags stand"),
            Verdict::Valid => ("判为有效", "valid"),
            Verdict::Suspect => ("判为可疑", "suspect"),
            Verdict::Invalid => ("判为无效", "invalid"),
        };
        Text::new(zh, en)
    }
}

impl ReviewState {
    /// Name for people.
    pub fn name(self) -> Text {
        let (zh, en) = match self {
            ReviewState::Proposed => ("待复核", "awaiting a second person"),
            ReviewState::Approved => ("已通过", "approved"),
            ReviewState::Rejected => ("已退回", "rejected"),
        };
        Text::new(zh, en)
    }
}

impl Review {
    /// What it says, who proposed it and who decided.
    pub fn words(&self) -> Text {
        let (verdict, state) = (self.body.verdict.name(), self.state.name());
        let (from, to) = (self.body.from.to_iso(), self.body.to.to_iso());
        let (who, why) = (&self.proposed.who, &self.proposed.note);
        let decided = match &self.decided {
            None => Text::new(
                format!("{}：须由 {who} 以外的人复核", state.zh),
                format!("{}: someone other than {who} must decide", state.en),
            ),
            Some(act) if act.note.is_empty() => {
                Text::new(format!("{}（{}）", state.zh, act.who), format!("{} by {}", state.en, act.who))
            }
            Some(act) => Text::new(
                format!("{}（{}：{}）", state.zh, act.who, act.note),
                format!("{} by {}: {}", state.en, act.who, act.note),
            ),
        };
        Text::new(
            format!("{from} 至 {to} {}，{who} 提出：{why}；{}", verdict.zh, decided.zh),
            format!("{from} to {to} {}, proposed by {who}: {why}; {}", verdict.en, decided.en),
        )
    }
}

/// Why an act on a review was refused, and what to do; `None` for errors that are not of reviews.
pub fn refusal_words(error: &SuperviseError) -> Option<Text> {
    Some(match error {
        SuperviseError::NoReview(id) => Text::new(
            format!("没有编号为“{id}”的审核；请刷新页面后再试"),
            format!("there is no review `{id}`; load the page again"),
        ),
        SuperviseError::AlreadyDecided { review, state, who, at } => Text::new(
            format!("审核“{review}”已由 {who} 于 {at} 处理（{state}）；如仍不同意，请另提一条"),
            format!("review `{review}` was {state} by {who} at {at}; propose another if you disagree"),
        ),
        SuperviseError::SamePerson { review, who } => Text::new(
            format!("审核“{review}”由 {who} 本人提出，须由另一人复核"),
            format!("review `{review}` was proposed by {who}; another person must decide on it"),
        ),
        SuperviseError::ReviewEndsBefore { from, to } => Text::new(
            format!("末值时间 {to} 早于首值时间 {from}；请更正"),
            format!("the last value at {to} is before the first at {from}; correct one of them"),
        ),
        SuperviseError::NoReason => Text::new("请写明理由", "say why: a reason is needed"),
        _ => return None,
    })
}
