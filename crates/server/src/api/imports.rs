//! `/api/imports`, `/api/mappings`, `/api/jobs`: a file comes in, its problems go out.

use super::Shared;
use super::asked::{Asked, Named};
use crate::answers::Text;
use crate::answers::imports::{ErrorBody, Import, Job, JobStarted, Mapping, Problems};
use crate::clock;
use crate::data::Data;
use crate::jobs::import::{Begun, ImportAsk, Importing, Tally, answer};
use crate::trouble::{Kind, Trouble};
use axum::Json;
use axum::extract::multipart::{Field, MultipartRejection};
use axum::extract::{DefaultBodyLimit, Multipart, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use serde::Deserialize;
use std::path::PathBuf;
use tokio::io::AsyncWriteExt;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Folder in the data folder that holds a file while it is being imported.
const UPLOADS: &str = "uploads";

pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(mappings))
        .routes(routes!(list, start))
        .routes(routes!(problems))
        .routes(routes!(rejects))
        .routes(routes!(job))
        .layer(DefaultBodyLimit::disable())
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct PageQuery {
    /// First problem, from 0.
    offset: Option<u64>,
    /// How many, at most 1000.
    limit: Option<u64>,
}

/// A file and how to read it.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the form for the API document only")]
struct ImportForm {
    /// Mapping id.
    mapping: String,
    /// Station of everything in the file, for mappings that need one.
    station: Option<String>,
    /// The file, last.
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    file: String,
}

/// Mappings of the catalog.
#[utoipa::path(get, path = "/api/mappings", responses((status = 200, body = Vec<Mapping>)))]
async fn mappings(State(shared): State<Shared>) -> Result<Json<Vec<Mapping>>, Trouble> {
    shared
        .run(|data| {
            let all = data.catalogs.mappings.iter().map(|own| Mapping {
                id: own.id.clone(),
                title: (&own.title).into(),
                into: own.into.code().to_string(),
                description: (&own.description).into(),
                columns: own.columns.clone(),
                formats: own.formats.clone(),
                needs_station: own.needs_station(),
            });
            Ok(all.collect())
        })
        .await
}

/// Imports made, newest first.
#[utoipa::path(get, path = "/api/imports", responses((status = 200, body = Vec<Import>)))]
async fn list(State(shared): State<Shared>) -> Result<Json<Vec<Import>>, Trouble> {
    shared
        .run(|data| {
            let mut all: Vec<Import> =
                data.view(None)?.snapshot.imports().iter().map(|info| answer(info, "done")).collect();
            all.reverse();
            Ok(all)
        })
        .await
}

/// Starts an import; follow `jobs/{job}`.
#[utoipa::path(post, path = "/api/imports", request_body(content = ImportForm, content_type = "multipart/form-data"), responses((status = 202, body = JobStarted), (status = 400, body = ErrorBody)))]
async fn start(
    State(shared): State<Shared>,
    headers: HeaderMap,
    form: Result<Multipart, MultipartRejection>,
) -> Result<(StatusCode, Json<JobStarted>), Trouble> {
    if headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site") {
        return Err(Trouble::bad(
            "cross-site",
            "不接受其他网站发来的导入。",
            "an import from another site is not taken.",
        ));
    }
    let form = form.map_err(|refused| broken_form(&refused.body_text()))?;
    let id = shared.jobs.start();
    let ask = match receive(&shared.data, id, form).await {
        Ok(ask) => ask,
        Err(trouble) => {
            shared.jobs.set(id, failed(&trouble, &Tally::default()));
            return Err(trouble);
        }
    };
    let own = shared.clone();
    tokio::task::spawn_blocking(move || {
        let done = work(&own, id, &ask);
        own.jobs.set(id, done);
        if let Err(error) = std::fs::remove_file(&ask.path) {
            tracing::warn!(%error, "an uploaded file could not be removed");
        }
    });
    Ok((StatusCode::ACCEPTED, Json(JobStarted { job: id.to_string() })))
}

/// Where a job stands.
#[utoipa::path(get, path = "/api/jobs/{id}", params(("id" = u64, Path, description = "job id")), responses((status = 200, body = Job), (status = 404, body = ErrorBody)))]
async fn job(State(shared): State<Shared>, Named(id): Named<u64>) -> Result<Json<Job>, Trouble> {
    shared.jobs.get(id).map(Json).ok_or_else(|| {
        Trouble::not_found(
            "no-such-job",
            format!("没有任务 {id}；服务重启后任务不再保留，请看导入历史。"),
            format!("there is no job {id}; jobs are forgotten when the server restarts: look at the list of imports."),
        )
    })
}

/// Problems of an import.
#[utoipa::path(get, path = "/api/imports/{id}/problems", params(("id" = String, Path, description = "import id"), PageQuery), responses((status = 200, body = Problems), (status = 404, body = ErrorBody)))]
async fn problems(
    State(shared): State<Shared>,
    Named(id): Named<String>,
    Asked(page): Asked<PageQuery>,
) -> Result<Json<Problems>, Trouble> {
    shared
        .run(move |data| {
            let (total, rows) = data.lake.problems(
                &id,
                page.offset.unwrap_or(0) as usize,
                page.limit.unwrap_or(100).min(1000) as usize,
            )?;
            Ok(Problems { total, problems: rows.into_iter().map(Into::into).collect() })
        })
        .await
}

/// Rows that were refused, to be corrected and imported again.
#[utoipa::path(get, path = "/api/imports/{id}/rejects.csv", params(("id" = String, Path, description = "import id")), responses((status = 200, description = "CSV"), (status = 404, body = ErrorBody)))]
async fn rejects(State(shared): State<Shared>, Named(id): Named<String>) -> Result<impl IntoResponse, Trouble> {
    let name = format!("attachment; filename=\"rejects-{}.csv\"", id.replace(['"', '\r', '\n'], ""));
    let text = shared
        .blocking(move |data| {
            let path = data.lake.rejects_path(&id).ok_or_else(|| {
                Trouble::not_found(
                    "no-rejects",
                    format!("导入 {id} 没有未采用的行。"),
                    format!("import {id} refused no rows."),
                )
            })?;
            std::fs::read(&path).map_err(|error| Trouble::file(&path, &error))
        })
        .await?;
    Ok(([(CONTENT_TYPE, "text/csv; charset=utf-8".to_string()), (CONTENT_DISPOSITION, name)], text))
}

/// Writes the form's file to disk as it comes.
async fn receive(data: &Data, id: u64, mut form: Multipart) -> Result<ImportAsk, Trouble> {
    let mut mapping = None;
    let mut station = None;
    while let Some(field) = form.next_field().await.map_err(|error| broken_form(&error.to_string()))? {
        let name = field.name().unwrap_or("").to_string();
        match name.as_str() {
            "file" => {
                let file = field.file_name().unwrap_or("upload").to_string();
                let path = keep(data, id, field).await?;
                let mapping = mapping.ok_or_else(|| broken_form("`mapping` must come before `file`"))?;
                return Ok(ImportAsk { path, name: file, mapping, station, again: false });
            }
            "mapping" => mapping = Some(text(field).await?),
            "station" => station = Some(text(field).await?).filter(|code| !code.trim().is_empty()),
            _ => {}
        }
    }
    Err(broken_form("the form has no `file`"))
}

async fn text(field: Field<'_>) -> Result<String, Trouble> {
    field.text().await.map_err(|error| broken_form(&error.to_string()))
}

async fn keep(data: &Data, id: u64, mut field: Field<'_>) -> Result<PathBuf, Trouble> {
    let folder = data.dir.join(UPLOADS);
    let path = folder.join(format!("{}-{id}", std::process::id()));
    let trouble = |error: std::io::Error| Trouble::file(&folder, &error);
    tokio::fs::create_dir_all(&folder).await.map_err(trouble)?;
    let mut file = tokio::fs::File::create(&path).await.map_err(trouble)?;
    while let Some(bytes) = field.chunk().await.map_err(|error| broken_form(&error.to_string()))? {
        file.write_all(&bytes).await.map_err(trouble)?;
    }
    file.flush().await.map_err(trouble)?;
    Ok(path)
}

fn broken_form(reason: &str) -> Trouble {
    Trouble::bad(
        "form",
        format!("上传没有完成：{reason}。请重新上传。"),
        format!("the upload did not complete: {reason}. Send it again."),
    )
}

/// The import itself, told to the job as it goes.
fn work(shared: &Shared, id: u64, ask: &ImportAsk) -> Job {
    let mut importing = match Importing::begin(&shared.data, ask) {
        Ok(Begun::Already(info)) => {
            let text = Text::new(
                "同一文件此前已导入，没有改变任何数据。",
                "The same file was imported before; nothing changed.",
            );
            return Job {
                state: "done".into(),
                progress: 1.0,
                text,
                import: Some(answer(&info, "already-imported")),
                problems: Vec::new(),
                error: None,
            };
        }
        Ok(Begun::Going(importing)) => importing,
        Err(trouble) => return failed(&trouble, &Tally::default()),
    };
    loop {
        match importing.step() {
            Ok(true) => shared.jobs.set(id, running(importing.tally())),
            Ok(false) => break,
            Err(trouble) => return failed(&trouble, importing.tally()),
        }
    }
    match importing.finish(&shared.data, clock::now()) {
        Ok((info, tally)) => {
            let text = Text::new(
                format!("已导入 {} 行，新增 {} 个值，更正 {} 个", info.rows, info.new, info.revised),
                format!("{} rows imported, {} values new, {} revised", info.rows, info.new, info.revised),
            );
            let problems = tally.problems;
            Job {
                state: "done".into(),
                progress: 1.0,
                text,
                import: Some(answer(&info, "done")),
                problems,
                error: None,
            }
        }
        Err(trouble) => failed(&trouble, &Tally::default()),
    }
}

fn running(tally: &Tally) -> Job {
    let text = Text::new(format!("已读 {} 行", tally.rows), format!("{} rows read", tally.rows));
    let problems = tally.problems.iter().take(20).cloned().collect();
    Job { state: "running".into(), progress: tally.progress(), text, import: None, problems, error: None }
}

fn failed(trouble: &Trouble, tally: &Tally) -> Job {
    if trouble.kind == Kind::Broken {
        tracing::error!(code = trouble.code, "{trouble}");
    }
    let problems = tally.problems.clone();
    Job {
        state: "failed".into(),
        progress: tally.progress(),
        text: trouble.message.clone(),
        import: None,
        problems,
        error: Some(trouble.body()),
    }
}
