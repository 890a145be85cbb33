//! `/api/v1/routing-rules`: configuration of routing rules.
pub mod create;
pub mod delete;
pub mod get;
pub mod list;
pub mod replace;

use crate::api::crud::{self, Wire};
use crate::api::dto::rules::{RoutingRule, RoutingRuleBody};
use crate::api::dto::{same, view};
use crate::app::App;
use crate::http::problem::ApiResult;
use store::repo::Versioned;
use store::repo::config::kind::RoutingRules;

impl Wire for RoutingRules {
    type In = RoutingRuleBody;
    type Out = RoutingRule;
    const CREATE: &'static str = "routing_rule.create";
    const REPLACE: &'static str = "routing_rule.replace";
    const DELETE: &'static str = "routing_rule.delete";

    fn body(_: &App, input: &RoutingRuleBody, id: Option<&str>) -> ApiResult<Self::Body> {
        crud::same_key(&input.key, id)?;
        same(input)
    }
    async fn out(_: &App, row: Versioned<Self::Body>) -> ApiResult<RoutingRule> {
        Ok(RoutingRule { version: row.version, body: view(&row.value)? })
    }
}
