//! `/api/v1/boards`: wallboards.
pub mod create;
pub mod delete;
pub mod get;
pub mod list;
pub mod live;
pub mod replace;

use crate::api::crud::{self, Wire};
use crate::api::dto::board::{Board, BoardBody};
use crate::api::dto::common::{WithoutId, same_with};
use crate::api::dto::view;
use crate::app::App;
use crate::http::problem::ApiResult;
use domain::BoardId;
use domain::access::Permission;
use store::repo::Versioned;
use store::repo::config::kind::Boards;

impl Wire for Boards {
    type In = BoardBody;
    type Out = Board;
    const CREATE: &'static str = "board.create";
    const REPLACE: &'static str = "board.replace";
    const DELETE: &'static str = "board.delete";
    const READ: Permission = Permission::LiveView;
    const WRITE: Permission = Permission::BoardWrite;

    fn body(app: &App, input: &BoardBody, id: Option<&str>) -> ApiResult<Self::Body> {
        let id = crud::id_or_new(app, id, BoardId::from_parts)?;
        same_with(input, &[("id", crud::json_id(id)?)])
    }
    async fn out(_: &App, row: Versioned<Self::Body>) -> ApiResult<Board> {
        Ok(Board { id: row.value.id.0, version: row.version, body: view(&WithoutId(&row.value))? })
    }
}
