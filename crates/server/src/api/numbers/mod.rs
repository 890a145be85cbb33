//! `/api/v1/numbers`: configuration of numbers.
pub mod create;
pub mod delete;
pub mod get;
pub mod list;
pub mod replace;

use crate::api::crud::{self, Wire};
use crate::api::dto::common::{WithoutId, same_with};
use crate::api::dto::number::{EntryPlan, Number, NumberBody};
use crate::api::dto::view;
use crate::app::App;
use crate::http::problem::{ApiResult, Problem};
use domain::NumberId;
use store::repo::Versioned;
use store::repo::config::kind::Numbers;

impl Wire for Numbers {
    type In = NumberBody;
    type Out = Number;
    const CREATE: &'static str = "number.create";
    const REPLACE: &'static str = "number.replace";
    const DELETE: &'static str = "number.delete";

    fn body(app: &App, input: &NumberBody, id: Option<&str>) -> ApiResult<Self::Body> {
        if let EntryPlan::Ivr { menu, .. } = &input.plan
            && let Some(digit) = menu.doubled_digit()
        {
            return Err(Problem::conflict(format!("two menu options have the digit {digit}")).field("plan.menu.options"));
        }
        let id = crud::id_or_new(app, id, NumberId::from_parts)?;
        same_with(input, &[("id", crud::json_id(id)?)])
    }
    async fn out(_: &App, row: Versioned<Self::Body>) -> ApiResult<Number> {
        Ok(Number { id: row.value.id.0, version: row.version, body: view(&WithoutId(&row.value))? })
    }
}
