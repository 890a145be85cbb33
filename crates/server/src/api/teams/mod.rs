//! `/api/v1/teams`: configuration of teams.
pub mod create;
pub mod delete;
pub mod get;
pub mod list;
pub mod replace;

use crate::api::crud::{self, Wire};
use crate::api::dto::queue::{Team, TeamBody};
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
        Ok(domain::config::Team { id: crud::id_or_new(app, id, TeamId::from_parts)?, name: input.name.clone() })
    }
    async fn out(_: &App, row: Versioned<Self::Body>) -> ApiResult<Team> {
        Ok(Team { id: row.value.id.0, version: row.version, name: row.value.name })
    }
    async fn unused(tx: &Tx, team: &Self::Body) -> ApiResult<()> {
        let filter = users::UserFilter { team: Some(team.id), ..Default::default() };
        let page = users::list(tx, &filter, PageRequest { cursor: None, limit: Some(1) }).await?;
        if page.items.is_empty() { Ok(()) } else { Err(Problem::conflict("people still belong to this team")) }
    }
}
