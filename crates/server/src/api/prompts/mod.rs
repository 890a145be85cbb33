//! `/api/v1/prompts`: configuration of prompts.
pub mod create;
pub mod delete;
pub mod get;
pub mod list;
pub mod replace;

use crate::api::crud::{self, Wire};
use crate::api::dto::prompt::{Prompt, PromptBody};
use crate::api::dto::{same, view};
use crate::app::App;
use crate::http::problem::ApiResult;
use store::repo::Versioned;
use store::repo::config::kind::Prompts;

impl Wire for Prompts {
    type In = PromptBody;
    type Out = Prompt;
    const CREATE: &'static str = "prompt.create";
    const REPLACE: &'static str = "prompt.replace";
    const DELETE: &'static str = "prompt.delete";

    fn body(_: &App, input: &PromptBody, id: Option<&str>) -> ApiResult<Self::Body> {
        crud::same_key(&input.key, id)?;
        same(input)
    }
    async fn out(_: &App, row: Versioned<Self::Body>) -> ApiResult<Prompt> {
        Ok(Prompt { version: row.version, body: view(&row.value)? })
    }
}
