//! `/api/online/…`: instruments, their frames and values, and what people decide about them.

mod acts;
mod bearer;
mod reads;
mod stream;

use super::Shared;
use utoipa_axum::router::OpenApiRouter;

pub(super) fn routes() -> OpenApiRouter<Shared> {
    reads::routes().merge(acts::routes()).merge(stream::routes())
}
