//! `/api/v1/break-reasons`: configuration of break reasons.
pub mod create;
pub mod delete;
pub mod get;
pub mod list;
pub mod replace;

use crate::api::crud::{self, Wire};
use crate::api::dto::breaks::{BreakReason, BreakReasonBody};
use crate::api::dto::{same, view};
use crate::app::App;
use crate::http::problem::ApiResult;
use store::repo::Versioned;
use store::repo::config::kind::BreakReasons;

impl Wire for BreakReasons {
    type In = BreakReasonBody;
    type Out = BreakReason;
    const CREATE: &'static str = "break_reason.create";
    const REPLACE: &'static str = "break_reason.replace";
    const DELETE: &'static str = "break_reason.delete";

    fn body(_: &App, input: &BreakReasonBody, id: Option<&str>) -> ApiResult<Self::Body> {
        crud::same_key(&input.key, id)?;
        same(input)
    }
    async fn out(_: &App, row: Versioned<Self::Body>) -> ApiResult<BreakReason> {
        Ok(BreakReason { version: row.version, body: view(&row.value)? })
    }
}
