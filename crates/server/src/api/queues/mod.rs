//! `/api/v1/queues`: configuration of queues.
pub mod create;
pub mod delete;
pub mod estimate;
pub mod get;
pub mod list;
pub mod replace;

use crate::api::crud::{self, Wire};
use crate::api::dto::common::{WithoutId, same_with};
use crate::api::dto::queue::{Queue, QueueBody};
use crate::api::dto::view;
use crate::app::App;
use crate::http::problem::{ApiResult, Problem};
use domain::QueueId;
use std::collections::HashSet;
use store::repo::Versioned;
use store::repo::config::kind::Queues;

impl Wire for Queues {
    type In = QueueBody;
    type Out = Queue;
    const CREATE: &'static str = "queue.create";
    const REPLACE: &'static str = "queue.replace";
    const DELETE: &'static str = "queue.delete";

    fn body(app: &App, input: &QueueBody, id: Option<&str>) -> ApiResult<Self::Body> {
        let mut seen = HashSet::new();
        if let Some(twice) = input.members.iter().find(|m| !seen.insert(m.user)) {
            return Err(Problem::conflict(format!("{} is a member twice", twice.user)).field("members"));
        }
        let id = crud::id_or_new(app, id, QueueId::from_parts)?;
        same_with(input, &[("id", crud::json_id(id)?)])
    }
    async fn out(_: &App, row: Versioned<Self::Body>) -> ApiResult<Queue> {
        Ok(Queue { id: row.value.id.0, version: row.version, body: view(&WithoutId(&row.value))? })
    }
}
