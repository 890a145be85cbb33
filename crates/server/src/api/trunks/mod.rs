//! `/api/v1/trunks`: configuration of trunks.
pub mod create;
pub mod delete;
pub mod get;
pub mod list;
pub mod replace;

use crate::api::crud::{self, Wire};
use crate::api::dto::common::{WithoutId, same_with};
use crate::api::dto::trunk::{Trunk, TrunkBody};
use crate::api::dto::view;
use crate::app::App;
use crate::http::problem::ApiResult;
use domain::TrunkId;
use secrecy::SecretString;
use store::Tx;
use store::repo::config::kind::Trunks;
use store::repo::{Versioned, secrets};

impl Wire for Trunks {
    type In = TrunkBody;
    type Out = Trunk;
    const CREATE: &'static str = "trunk.create";
    const REPLACE: &'static str = "trunk.replace";
    const DELETE: &'static str = "trunk.delete";

    fn body(app: &App, input: &TrunkBody, id: Option<&str>) -> ApiResult<Self::Body> {
        let id = crud::id_or_new(app, id, TrunkId::from_parts)?;
        same_with(input, &[("id", crud::json_id(id)?)])
    }
    async fn out(app: &App, row: Versioned<Self::Body>) -> ApiResult<Trunk> {
        let has_password = secrets::is_set::<Trunks>(&app.store, &row.value.id.to_string()).await?;
        Ok(Trunk { id: row.value.id.0, version: row.version, body: view(&WithoutId(&row.value))?, has_password })
    }
    async fn secrets(tx: &Tx, input: &TrunkBody, trunk: &Self::Body) -> ApiResult<()> {
        if let Some(password) = &input.password {
            secrets::set::<Trunks>(tx, &trunk.id.to_string(), Some(&SecretString::from(password.clone()))).await?;
        }
        Ok(())
    }
}
