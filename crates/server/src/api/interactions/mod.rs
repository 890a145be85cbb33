//! `/api/v1/interactions`: what happened.
pub mod get;
pub mod list;
pub mod recording;
pub mod summary;
pub mod waveform;
pub mod wrap_up;

use crate::app::App;
use crate::http::problem::ApiResult;
use domain::access::Resource;
use domain::interaction::Interaction;
use store::StoreError;
use store::repo::users;

/// Whose an interaction is: its agent's, and that agent's team's.
pub async fn resource(app: &App, interaction: &Interaction) -> ApiResult<Resource> {
    let team = match interaction.agent {
        Some(agent) => match users::get(&app.store, agent).await {
            Ok(row) => row.value.team,
            Err(StoreError::NotFound(_)) => None,
            Err(e) => return Err(e.into()),
        },
        None => None,
    };
    Ok(Resource { owner: interaction.agent, team })
}
