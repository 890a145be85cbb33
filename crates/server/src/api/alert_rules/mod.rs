//! `/api/v1/alert-rules`: when to raise an alert, and whom to tell.
pub mod create;
pub mod delete;
pub mod get;
pub mod list;
pub mod replace;

use crate::api::crud::{self, Wire};
use crate::api::dto::alert::{AlertRule, AlertRuleBody};
use crate::api::dto::{same, view};
use crate::app::App;
use crate::http::problem::ApiResult;
use store::repo::Versioned;
use store::repo::config::kind::AlertRules;

impl Wire for AlertRules {
    type In = AlertRuleBody;
    type Out = AlertRule;
    const CREATE: &'static str = "alert_rule.create";
    const REPLACE: &'static str = "alert_rule.replace";
    const DELETE: &'static str = "alert_rule.delete";

    fn body(_: &App, input: &AlertRuleBody, id: Option<&str>) -> ApiResult<Self::Body> {
        crud::same_key(&input.key, id)?;
        same(input)
    }
    async fn out(_: &App, row: Versioned<Self::Body>) -> ApiResult<AlertRule> {
        Ok(AlertRule { version: row.version, body: view(&row.value)? })
    }
}
