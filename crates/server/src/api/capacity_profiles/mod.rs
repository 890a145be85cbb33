//! `/api/v1/capacity-profiles`: configuration of capacity profiles.
pub mod create;
pub mod delete;
pub mod get;
pub mod list;
pub mod replace;

use crate::api::crud::{self, Wire};
use crate::api::dto::capacity::{CapacityProfile, CapacityProfileBody};
use crate::api::dto::{same, view};
use crate::app::App;
use crate::http::problem::ApiResult;
use store::repo::Versioned;
use store::repo::config::kind::CapacityProfiles;

impl Wire for CapacityProfiles {
    type In = CapacityProfileBody;
    type Out = CapacityProfile;
    const CREATE: &'static str = "capacity_profile.create";
    const REPLACE: &'static str = "capacity_profile.replace";
    const DELETE: &'static str = "capacity_profile.delete";

    fn body(_: &App, input: &CapacityProfileBody, id: Option<&str>) -> ApiResult<Self::Body> {
        crud::same_key(&input.key, id)?;
        same(input)
    }
    async fn out(_: &App, row: Versioned<Self::Body>) -> ApiResult<CapacityProfile> {
        Ok(CapacityProfile { version: row.version, body: view(&row.value)? })
    }
}
