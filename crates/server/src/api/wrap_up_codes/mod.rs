//! `/api/v1/wrap-up-codes`: configuration of wrap-up codes.
pub mod create;
pub mod delete;
pub mod get;
pub mod list;
pub mod replace;

use crate::api::crud::{self, Wire};
use crate::api::dto::queue::{Code, CodeBody};
use crate::api::dto::{same, view};
use crate::app::App;
use crate::http::problem::ApiResult;
use store::repo::Versioned;
use store::repo::config::kind::WrapUpCodes;

impl Wire for WrapUpCodes {
    type In = CodeBody;
    type Out = Code;
    const CREATE: &'static str = "wrap_up_code.create";
    const REPLACE: &'static str = "wrap_up_code.replace";
    const DELETE: &'static str = "wrap_up_code.delete";

    fn body(_: &App, input: &CodeBody, id: Option<&str>) -> ApiResult<Self::Body> {
        crud::same_key(&input.key, id)?;
        same(input)
    }
    async fn out(_: &App, row: Versioned<Self::Body>) -> ApiResult<Code> {
        Ok(Code { version: row.version, body: view(&row.value)? })
    }
}
