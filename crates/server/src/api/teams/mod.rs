//! `/api/v1/teams`: configuration of teams.
pub mod create;
pub mod delete;
pub mod get;
pub mod list;
pub mod replace;

use crate::api::crud::{self, Wire};
use crate::api::dto::common::{WithoutId, same_with};
use crate::api::dto::queue::{Team, TeamBody};
use crate::api::dto::view;
use crate::app::App;
use crate::http::problem::{ApiResult, Problem};
use domain::TeamId;
use store::repo::config::kind::Teams;
use store::repo::{Versioned, users};
use store::{PageRequest, Tx};

impl Wire for Teams {
    type In = TeamBody;
    type Out = Team;
    const CREATE: &'static str = "team.create";
    const REPLACE: &'static str = "team.replace";
    const DELETE: &'static str = "team.delete";

    fn body(app: &App, input: &TeamBody, id: Option<&str>) -> ApiResult<Self::Body> {
        let id = crud::id_or_new(app, id, TeamId::from_parts)?;
        same_with(input, &[("id", crud::json_id(id)?)])
    }
    async fn out(_: &App, row: Versioned<Self::Body>) -> ApiResult<Team> {
        Ok(Team { id: row.value.id.0, version: row.version, body: view(&WithoutId(&row.value))? })
    }
    async fn unused(tx: &Tx, team: &Self::Body) -> ApiResult<()> {
        let filter = users::UserFilter { team: Some(team.id), ..Default::default() };
        let page = users::list(tx, &filter, PageRequest { cursor: None, limit: Some(1) }).await?;
        if page.items.is_empty() { Ok(()) } else { Err(Problem::conflict("people still belong to this team")) }
    }
}
