//! What is said to people of indicators of monitored points.

use crate::media::point_year::PointYear;
use domain::{Medium, Ratio, Text};
use standards::Catalog;
use standards::water::FlowSatisfaction;

/// What the points of a medium are called.
pub(super) fn counted(medium: Medium) -> Text {
    match medium {
        Medium::SurfaceWater | Medium::Flow => Text::new("断面", "sections"),
        Medium::DrinkingWater => Text::new("水源", "sources"),
        Medium::Groundwater | Medium::BlackOdorous | Medium::Soil | Medium::Noise | Medium::Outfall => {
            Text::new("点位", "points")
        }
    }
}

pub(super) fn no_points(medium: Medium, network: &str) -> Text {
    let name = counted(medium);
    if network.is_empty() {
        return Text::new(
            format!("名录中没有这类{}；请导入点位名录（medium 写 {}）", name.zh, medium.code()),
            format!("the register lists no such {}: import points with medium `{}`", name.en, medium.code()),
        );
    }
    Text::new(
        format!("名录中没有网络“{network}”的{}；请在点位名录的 networks 列写上 {network}", name.zh),
        format!("the register lists no {} of the network `{network}`: write it in the column `networks`", name.en),
    )
}

pub(super) fn no_rule(id: &str) -> Text {
    Text::new(format!("目录中没有规则“{id}”"), format!("the catalog has no rule `{id}`"))
}

pub(super) fn no_class(class: &str) -> Text {
    Text::new(
        format!("所用标准没有类别“{class}”；请改正指标定义的 classes"),
        format!("no standard in use has a class `{class}`: correct `classes` of the definition"),
    )
}

pub(super) fn year_so_far(months: u32) -> Text {
    Text::new(
        format!("数据只到 {months} 月，是当年累计值，不是全年值"),
        format!("data end with month {months}: this is the year so far, not the year"),
    )
}

pub(super) fn class_share(hits: u32, n: u32, of: u32, classes: &[String]) -> Text {
    let classes = classes.join("、");
    if n == 0 {
        return Text::new(
            format!("{of} 个点位都没有足够月份的监测值，无法评价"),
            format!("none of {of} points has enough months of values to be judged"),
        );
    }
    let (left_zh, left_en) = if n < of {
        (
            format!("；{} 个监测月份不足，未计入", of - n),
            format!("; {} have too few months and are not counted", of - n),
        )
    } else {
        (String::new(), String::new())
    };
    Text::new(
        format!("{n} 个已评价点位中 {hits} 个为 {classes}{left_zh}"),
        format!("{hits} of {n} judged points are {classes}{left_en}"),
    )
}

/// A point in a list: its main pollutants with their multiple, and its months.
pub(super) fn point(catalog: &Catalog, own: &PointYear, counted: bool) -> Text {
    let (zh, en) = main(catalog, own);
    let months = format!("{}/{}", own.n, own.needed);
    let (dry_zh, dry_en) = match own.dry.len() {
        0 => (String::new(), String::new()),
        count => (format!("，{count} 个月无水样"), format!(", {count} without water")),
    };
    let (left_zh, left_en) = match (own.class, counted) {
        (None, _) => ("，没有可评价的监测值", ", nothing to judge"),
        (Some(_), false) => ("，月份不足，未计入", ", too few, not counted"),
        (Some(_), true) => ("", ""),
    };
    let (assumed_zh, assumed_en) = if own.assumed { ("情景假设；", "assumed; ") } else { ("", "") };
    Text::new(
        format!("{assumed_zh}{zh}监测月份 {months}{dry_zh}{left_zh}"),
        format!("{assumed_en}{en}months {months}{dry_en}{left_en}"),
    )
}

/// Main items of every standard that judges the point, each with its exceedance.
fn main(catalog: &Catalog, own: &PointYear) -> (String, String) {
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    for judged in &own.judged {
        let Some(limits) = catalog.limits(&judged.standard) else { continue };
        for item in limits.main_items(&judged.verdict) {
            let name = &limits.items[item.item].name;
            let far = item.exceed.map_or_else(String::new, |far| format!("({})", far.round(limits.exceed_digits)));
            zh.push(format!("{}{far}", name.zh));
            en.push(format!("{}{far}", name.en));
        }
    }
    if zh.is_empty() {
        (String::new(), String::new())
    } else {
        (format!("{}；", zh.join("、")), format!("{}; ", en.join(", ")))
    }
}

/// A note of one point among those of many.
pub(super) fn of_point(own: &PointYear, note: &Text) -> Text {
    let name = own.point.name();
    Text::new(format!("{}：{}", name.zh, note.zh), format!("{}: {}", name.en, note.en))
}

pub(super) fn deducted_title() -> Text {
    Text::new("扣除上游来水影响后", "with upstream inflow deducted")
}

pub(super) fn deducted(why: &Text, class: &str) -> Text {
    Text::new(
        format!("{}；扣除上游来水影响后为 {class}", why.zh),
        format!("{}; {class} with upstream inflow deducted", why.en),
    )
}

pub(super) fn deducted_points(points: &[Text]) -> Text {
    if points.is_empty() {
        return Text::new(
            "没有扣除上游来水影响的认定，扣除后与原始值相同",
            "no deduction of upstream inflow is stated: both values are the same",
        );
    }
    let join = |pick: fn(&Text) -> &str, by: &str| points.iter().map(pick).collect::<Vec<_>>().join(by);
    Text::new(
        format!("有扣除上游来水影响认定的：{}", join(|own| &own.zh, "、")),
        format!("with a stated deduction of upstream inflow: {}", join(|own| &own.en, ", ")),
    )
}

pub(super) fn exceeded_items(items: &[Text]) -> Text {
    if items.is_empty() {
        return Text::new("“5+X”：没有超标的 X 指标", "5+X: no item exceeded");
    }
    let join = |pick: fn(&Text) -> &str, by: &str| items.iter().map(pick).collect::<Vec<_>>().join(by);
    Text::new(format!("“5+X”的 X：{}", join(|own| &own.zh, "、")), format!("X of 5+X: {}", join(|own| &own.en, ", ")))
}

pub(super) fn index(rivers: u32, lakes: u32, missing: &[Text]) -> Text {
    if rivers + lakes == 0 {
        return Text::new("没有断面有足够月份的监测值", "no section has enough months of values");
    }
    if missing.is_empty() {
        return Text::new(
            format!("河流断面 {rivers} 个、湖库点位 {lakes} 个，各以均值计算后按个数加权"),
            format!("{rivers} river sections and {lakes} lake points, each by its mean, weighted by number"),
        );
    }
    let mut names: Vec<&Text> = missing.iter().collect();
    names.dedup();
    let join = |pick: fn(&Text) -> &str, by: &str| names.iter().map(|own| pick(own)).collect::<Vec<_>>().join(by);
    Text::new(
        format!("指数需要全部项目，缺少 {}；请补上", join(|own| &own.zh, "、")),
        format!("the index needs all its items; {} missing: add them", join(|own| &own.en, ", ")),
    )
}

pub(super) fn by_volume() -> Text {
    Text::new("按水量计", "by volume")
}

pub(super) fn by_number() -> Text {
    Text::new("按个数计", "by number")
}

pub(super) fn sources(met: u32, judged: u32, of: u32, no_volume: bool) -> Text {
    let (zh, en) = if no_volume && judged > 0 {
        ("；缺少取水量，无法按水量计", "; volumes are missing, so there is no share of them")
    } else {
        ("", "")
    };
    Text::new(
        format!("{of} 个水源中 {judged} 个已评价，{met} 个达标{zh}"),
        format!("{judged} of {of} sources judged, {met} meet the standard{en}"),
    )
}

pub(super) fn meets(good: Option<bool>) -> Text {
    match good {
        Some(true) => Text::new("达标", "meets"),
        Some(false) => Text::new("超标", "exceeds"),
        None => Text::new("", ""),
    }
}

pub(super) fn flow(rate: Option<FlowSatisfaction>, target: &str, days: bool) -> Text {
    let Some(own) = rate else {
        return Text::new(
            "没有目标流量；请在名录的 target 列写上，如 3.5 m³/s",
            "no target flow: write it in the register's column `target`, such as 3.5 m³/s",
        );
    };
    let (unit_zh, unit_en) = if days { ("天", "days") } else { ("个月", "months") };
    Text::new(
        format!("{} {unit_zh}有流量（应有 {}），{} {unit_zh}达到目标 {target}", own.known, own.due, own.met),
        format!("{} {unit_en} with a flow of {}, {} reach the target {target}", own.known, own.due, own.met),
    )
}

pub(super) fn flow_points(known: u32, of: u32, least: bool) -> Text {
    let (zh, en) = if least { ("取最小值", "the least") } else { ("取平均值", "the mean") };
    Text::new(
        format!("{of} 个控制断面中 {known} 个有结果，{zh}"),
        format!("{known} of {of} points have a result; {en}"),
    )
}

pub(super) fn flow_by(days: bool) -> Text {
    if days {
        Text::new("按日均流量计", "by day means")
    } else {
        Text::new("按月均流量计", "by month means")
    }
}

pub(super) fn flow_reading() -> Text {
    Text::new(
        "“月均保障目标满足程度”的算法规划未说明，此处按目录参数取；另一算法并列给出",
        "how the plan counts satisfaction is not said; the catalog's parameter chooses, the other account stands beside",
    )
}

pub(super) fn point_times(met: u32, all: u32, known: u32, of: u32) -> Text {
    Text::new(
        format!("{all} 个点次中 {met} 个达标；{of} 个测点中 {known} 个有数据"),
        format!("{met} of {all} point-times meet their limit; {known} of {of} points have data"),
    )
}

pub(super) fn zone_times(zone: &str, met: u32, all: u32) -> Text {
    Text::new(format!("{zone} 类区，{all} 个点次中 {met} 个达标"), format!("zone {zone}, {met} of {all} point-times"))
}

pub(super) fn level(measured: bool, length: Option<Ratio>, by_length: bool) -> Text {
    match (measured, length, by_length) {
        (false, ..) => Text::new("没有监测值", "not measured"),
        (true, None, _) => Text::new("缺少路段长度，未计入", "the length of the road is missing: not counted"),
        (true, Some(length), true) => {
            let length = length.round(3);
            Text::new(format!("路段长度 {length}"), format!("length {length}"))
        }
        (true, Some(_), false) => Text::default(),
    }
}

pub(super) fn levels(known: u32, of: u32, by_length: bool) -> Text {
    let (zh, en) =
        if by_length { ("按路段长度加权平均", "averaged by length") } else { ("算术平均", "averaged") };
    Text::new(format!("{of} 个测点中 {known} 个有数据，{zh}"), format!("{known} of {of} points have data, {en}"))
}

pub(super) fn bodies(black: u32, known: u32, of: u32) -> Text {
    Text::new(
        format!("{of} 个水体中 {known} 个有监测结果，{black} 个为黑臭水体"),
        format!("{known} of {of} water bodies were monitored, {black} are black-odorous"),
    )
}

pub(super) fn black_by(worst: bool) -> Text {
    if worst {
        Text::new("按全年最差月", "by the worst month of the year")
    } else {
        Text::new("按最近一次监测", "by the latest monitoring")
    }
}

pub(super) fn black(black: Option<bool>, severe: Option<bool>) -> Text {
    match (black, severe) {
        (None, _) => Text::new("", ""),
        (Some(false), _) => Text::new("无黑臭", "not black-odorous"),
        (Some(true), Some(true)) => Text::new("重度黑臭", "heavily black-odorous"),
        (Some(true), Some(false)) => Text::new("轻度黑臭", "lightly black-odorous"),
        (Some(true), None) => Text::new("黑臭", "black-odorous"),
    }
}

pub(super) fn body(points: usize, latest: Option<bool>, worst: Option<bool>) -> Text {
    let said = |black: Option<bool>| black.map(|black| super::words::black(Some(black), None)).unwrap_or_default();
    let (now, ever) = (said(latest), said(worst));
    if latest.is_none() {
        return Text::new(format!("{points} 个点位，没有监测值"), format!("{points} points, no values"));
    }
    Text::new(
        format!("{points} 个点位；最近一次{}，全年最差{}", now.zh, ever.zh),
        format!("{points} points; latest {}, worst of the year {}", now.en, ever.en),
    )
}
