//! Where a plan stands → the plan's own table as XLSX, or PDF.

use crate::clock;
use crate::data::View;
use crate::jobs::plan_status::{PlanAsk, plan_answer, status};
use crate::jobs::report_air_year::Format;
use crate::trouble::Trouble;
use domain::{Lang, Text};
use indicators::plan::State;
use report::{Amount, PlanStatusRow, PlanStatusTable};

/// The document.
pub fn document(view: &View, ask: &PlanAsk, format: Format, lang: Lang) -> Result<Vec<u8>, Trouble> {
    let table = table(view, ask)?;
    match format {
        Format::Xlsx => Ok(report::plan_status_xlsx(&table, lang)?),
        Format::Pdf => {
            let value = serde_json::to_value(&table).expect("the table is made of plain values");
            Ok(view.data.catalogs.templates.render("plan-status", &value, lang)?)
        }
    }
}

fn table(view: &View, ask: &PlanAsk) -> Result<PlanStatusTable, Trouble> {
    let plan = plan_answer(&view.data.catalogs, &ask.plan)?;
    let status = status(view, ask)?;
    let own_area = ask.year.area.id == plan.area;
    let note = Text::new("指标规则用于另一区域，仅作示例", "the plan's rules applied to another area, as an example");
    let rows = status.rows.iter().map(|row| {
        let group = plan.groups.iter().find(|group| group.id == row.group);
        let named = |text: &str| {
            if text.is_empty() || text == "—" { Amount::missing("未列", "not listed") } else { Amount::of(text) }
        };
        let state = State::ALL.into_iter().find(|state| state.code() == row.state).map(State::name).unwrap_or_default();
        PlanStatusRow {
            group: group.map(|group| Text::new(&group.title.zh, &group.title.en)).unwrap_or_default(),
            number: format!("({})", row.no),
            name: Text::new(&row.title.zh, &row.title.en),
            unit: Text::new(&row.unit, &row.unit),
            base: named(&row.base.text),
            target: named(&row.target.text),
            cumulative: named(&row.cumulative.text),
            attribute: if row.attribute == "binding" {
                Text::new("约束性", "binding")
            } else {
                Text::new("预期性", "expected")
            },
            value: row
                .value
                .as_ref()
                .map_or_else(|| Amount::missing("暂无数据", "no data"), |value| Amount::of(&value.text)),
            value_year: row.value_year.map(|year| year.to_string()).unwrap_or_default(),
            state,
            met: match row.state.as_str() {
                "achieved" | "on-track" => Some(true),
                "behind" => Some(false),
                _ => None,
            },
            basis: row
                .document
                .as_ref()
                .map_or_else(|| Text::new(&row.why.zh, &row.why.en), |document| Text::new(document, document)),
        }
    });
    Ok(PlanStatusTable {
        plan: Text::new(&plan.title.zh, &plan.title.en),
        area: Text::new(&ask.year.area.name_zh, &ask.year.area.name_en),
        base_year: i32::from(plan.base_year),
        target_year: i32::from(plan.to),
        generated_at: clock::now().to_iso(),
        marks: if own_area { Vec::new() } else { vec![Text::new("示例", "example")] },
        rows: rows.collect(),
        notes: if own_area { Vec::new() } else { vec![note] },
    })
}
