//! `/api/v1/queues`: configuration of queues.
pub mod create;
pub mod delete;
pub mod diagnosis;
pub mod estimate;
pub mod get;
pub mod list;
pub mod member_delete;
pub mod member_put;
pub mod replace;

use crate::api::crud::{self, Wire};
use crate::api::dto::common::{WithoutId, same_with};
use crate::api::dto::queue::{MEMBERS_MAX, Queue, QueueBody};
use crate::api::dto::view;
use crate::app::App;
use crate::audit::{self, EntryExt};
use crate::auth::Caller;
use crate::http::problem::{ApiResult, Problem};
use domain::config::QueueMember;
use domain::{QueueId, UserId};
use std::collections::HashSet;
use store::repo::Versioned;
use store::repo::config::{self, kind::Queues};

/// Changes a queue's members and says so in the audit; `change` tells whether there was anything to change.
///
/// # Errors
/// 404 without the queue or without anything to change, 409 with too many members.
pub async fn change_members(
    app: &App,
    caller: &Caller,
    queue: QueueId,
    action: &'static str,
    user: UserId,
    change: impl FnOnce(&mut Vec<QueueMember>) -> bool,
) -> ApiResult<()> {
    let tx = app.store.begin(app.now()).await?;
    let Versioned { version, mut value } = config::get::<Queues>(&tx, &queue.to_string()).await?;
    if !change(&mut value.members) {
        return Err(Problem::not_found("member"));
    }
    if value.members.len() > MEMBERS_MAX {
        return Err(Problem::conflict(format!("a queue has at most {MEMBERS_MAX} members")));
    }
    config::update::<Queues>(&tx, &value, version).await?;
    audit::by(caller, action).on("queue", queue).with("key", value.key).with("user", user.to_string()).write(&tx).await?;
    tx.commit().await?;
    app.engine.config_changed().await;
    Ok(())
}

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
