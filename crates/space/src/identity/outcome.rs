//! The numbers of a comparison → the parts of “面积不减少、功能不降、性质不改”.

use super::{Amount, Identity, Tolerance};
use domain::Text;

/// What one test says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Outcome {
    /// It holds, slivers counted.
    Holds,
    /// It holds only if the slivers do not count; look at them.
    OnlyWithoutSlivers,
    /// It does not hold.
    Fails,
    /// Plots overlap or have no class, by more than the tolerance: the data decide nothing.
    Undecided,
    /// Not a matter of geometry; it must be reported.
    #[default]
    NotGeometry,
}

/// The tests by parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Tests {
    /// 面积不减少: the area now is not smaller than before, less the tolerance. Ground gained elsewhere counts.
    pub area_not_reduced: Outcome,
    /// The stricter reading of the same: no ground of the baseline was lost, whatever was gained elsewhere.
    pub nothing_lost: Outcome,
    /// 性质不改: no ground kept has another land class.
    pub land_class_unchanged: Outcome,
    /// 功能不降: always a reported value.
    pub function_not_lower: Outcome,
}

/// Whether a pair of known classes differs.
pub(super) fn differ((from, to): &(String, String)) -> bool {
    from != to && !from.is_empty() && !to.is_empty()
}

/// Judges a comparison.
pub(super) fn judge(identity: &Identity, tolerance: Tolerance) -> Tests {
    let allowed_m2 = tolerance.area_m2;
    let twice_counted = identity.overlap_before_m2.max(identity.overlap_after_m2) > allowed_m2;
    let class_unknown = identity.class_unknown.area_m2 > allowed_m2;
    let reduced = identity.after_m2 < identity.before_m2 - allowed_m2;
    let unless = |undecided: bool, outcome: Outcome| if undecided { Outcome::Undecided } else { outcome };
    Tests {
        area_not_reduced: unless(twice_counted, if reduced { Outcome::Fails } else { Outcome::Holds }),
        nothing_lost: unless(twice_counted, none_of(identity.lost, allowed_m2)),
        land_class_unchanged: match none_of(identity.reclassed, allowed_m2) {
            // What is known to have changed is not undone by what is not known.
            Outcome::Fails if !twice_counted => Outcome::Fails,
            outcome => unless(twice_counted || class_unknown, outcome),
        },
        function_not_lower: Outcome::NotGeometry,
    }
}

fn none_of(amount: Amount, allowed_m2: f64) -> Outcome {
    if amount.area_m2 <= allowed_m2 {
        Outcome::Holds
    } else if amount.solid_m2() <= allowed_m2 {
        Outcome::OnlyWithoutSlivers
    } else {
        Outcome::Fails
    }
}

impl Outcome {
    /// The word used in files and answers.
    pub fn code(self) -> &'static str {
        match self {
            Outcome::Holds => "holds",
            Outcome::OnlyWithoutSlivers => "only-without-slivers",
            Outcome::Fails => "fails",
            Outcome::Undecided => "undecided",
            Outcome::NotGeometry => "not-geometry",
        }
    }

    /// In words, with what to do.
    pub fn text(self) -> Text {
        match self {
            Outcome::Holds => Text::new("满足", "holds"),
            Outcome::OnlyWithoutSlivers => {
                Text::new("不计碎屑图斑时满足；请核对这些图斑", "holds if slivers do not count; look at them")
            }
            Outcome::Fails => Text::new("不满足", "does not hold"),
            Outcome::Undecided => Text::new(
                "无法判定：图斑相互重叠或地类缺失，请先改正数据",
                "undecided: plots overlap or have no land class; correct the data first",
            ),
            Outcome::NotGeometry => {
                Text::new("不能由图形得出，须填报", "cannot be seen in geometry; it must be reported")
            }
        }
    }
}
