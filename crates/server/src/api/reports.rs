//! `/api/reports/…`: the yearly air evaluation and the evaluations of a plan as files.

use super::asked::Asked;
use super::{Shared, moment, rules_word};
use crate::answers::imports::ErrorBody;
use crate::jobs;
pub(crate) use crate::jobs::report_air_year::Format;
use crate::trouble::Trouble;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::Response;
use domain::Lang;
use report::plan_report::Evaluation;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(air_year)).routes(routes!(plan))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ReportQuery {
    /// Area: code or name.
    area: String,
    /// Calendar year.
    year: i16,
    /// Rule set or standard id.
    rules: Option<String>,
    /// Read the data as they stood at this moment.
    as_of: Option<String>,
    /// `pdf` or `xlsx`.
    format: Option<String>,
    /// `zh` or `en`.
    lang: Option<String>,
}

/// The yearly air evaluation of an area.
#[utoipa::path(get, path = "/api/reports/air-year", params(ReportQuery), responses((status = 200, description = "the document"), (status = 404, body = ErrorBody)))]
async fn air_year(State(shared): State<Shared>, Asked(query): Asked<ReportQuery>) -> Result<Response, Trouble> {
    let format = Format::of(query.format.as_deref().unwrap_or("pdf"))?;
    let lang = lang(query.lang.as_deref());
    let name = format!("air-year-{}-{}", query.area, query.year);
    let document = shared
        .blocking(move |data| {
            let view = data.view(moment(query.as_of.as_deref())?)?;
            let ask = jobs::judge::AreaYear {
                area: view.area(&query.area)?,
                year: crate::asked::calendar_year(query.year)?,
                rules: rules_word(query.rules.as_deref()),
            };
            jobs::report_air_year::document(&view, &ask, format, lang)
        })
        .await?;
    Ok(attachment(document, &name, format))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct PlanQuery {
    /// Plan id.
    plan: String,
    /// Area: code or name.
    area: String,
    /// Calendar year.
    year: i16,
    /// `mid-term`, `final` or `annual`.
    kind: Option<String>,
    /// Read the data as they stood at this moment.
    as_of: Option<String>,
    /// `pdf` or `xlsx`.
    format: Option<String>,
    /// `zh` or `en`.
    lang: Option<String>,
}

/// The evaluation of a plan: mid-term, final, or of any year.
#[utoipa::path(get, path = "/api/reports/plan", params(PlanQuery), responses((status = 200, description = "the document"), (status = 404, body = ErrorBody)))]
async fn plan(State(shared): State<Shared>, Asked(query): Asked<PlanQuery>) -> Result<Response, Trouble> {
    let format = Format::of(query.format.as_deref().unwrap_or("pdf"))?;
    let lang = lang(query.lang.as_deref());
    let which = match query.kind.as_deref() {
        None | Some("annual" | "") => Evaluation::Annual,
        Some("mid-term") => Evaluation::MidTerm,
        Some("final") => Evaluation::Final,
        Some(other) => {
            return Err(Trouble::bad(
                "kind",
                format!("没有名为“{other}”的评估；可用 mid-term、final、annual。"),
                format!("there is no evaluation `{other}`; use mid-term, final or annual."),
            ));
        }
    };
    let name = format!("{}-{}-{}", query.plan, query.kind.as_deref().unwrap_or("annual"), query.year);
    let document = shared
        .blocking(move |data| {
            let view = data.view(moment(query.as_of.as_deref())?)?;
            let year = jobs::judge::AreaYear {
                area: view.area(&query.area)?,
                year: crate::asked::calendar_year(query.year)?,
                rules: rules_word(None),
            };
            let ask = jobs::plan_status::PlanAsk { plan: query.plan, year };
            jobs::report_plan::document(&view, &ask, which, (format, lang))
        })
        .await?;
    Ok(attachment(document, &name, format))
}

/// The language of a document.
pub(crate) fn lang(text: Option<&str>) -> Lang {
    if text == Some("en") { Lang::En } else { Lang::Zh }
}

/// A file for the browser to keep.
pub(crate) fn attachment(document: Vec<u8>, name: &str, format: Format) -> Response {
    let ascii: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_')).collect();
    Response::builder()
        .header(CONTENT_TYPE, format.mime())
        .header(CONTENT_DISPOSITION, format!("attachment; filename=\"{ascii}.{}\"", format.extension()))
        .body(Body::from(document))
        .expect("the headers are plain ASCII")
}
