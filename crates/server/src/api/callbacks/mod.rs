//! `/api/v1/callbacks`: customers who did not want to wait.
pub mod cancel;
pub mod create;
pub mod get;
pub mod list;

use crate::api::dto::callback::Callback;
use crate::api::dto::common::same_with;
use crate::http::problem::ApiResult;
use crate::stream::mask::Sight;

/// As the reader may see it.
fn seen(sight: Sight, callback: &domain::callback::Callback) -> ApiResult<Callback> {
    let live = callback.live();
    let number = serde_json::Value::String(sight.phone(&live.number));
    let empty = |key: &'static str| (key, serde_json::Value::Null);
    // A state has at most one of these; the fields are there in any case.
    let state = serde_json::to_value(live.state).unwrap_or_default();
    let of = |key: &'static str| state.get(key).map_or_else(|| empty(key), |value| (key, value.clone()));
    same_with(&live, &[("number", number), of("at"), of("outcome")])
}
