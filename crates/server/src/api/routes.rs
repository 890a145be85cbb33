//! Every route, and the layers around them.
use super::*;
use crate::app::App;
use crate::auth::authenticate;
use crate::http::problem::Problem;
use crate::http::{headers, idempotency, pages};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, Request, Response};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::IntoResponse;
use std::any::Any;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::request_id::{MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Routes with their documentation, before layers.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(identity())
        .merge(desk())
        .merge(records())
        .merge(watching())
        .merge(plans())
        .merge(configuration())
        .merge(system_routes())
}

fn identity() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(session::create::handler, session::get::handler, session::delete::handler))
        .routes(routes!(setup::get::handler, setup::create::handler))
        .routes(routes!(users::list::handler, users::create::handler))
        .routes(routes!(users::get::handler, users::replace::handler))
        .routes(routes!(users::password::handler))
        .routes(routes!(users::unlock::handler))
        .routes(routes!(users::phone_password::handler))
        .routes(routes!(roles::list::handler))
        .routes(routes!(api_keys::list::handler, api_keys::create::handler))
        .routes(routes!(api_keys::delete::handler))
        .routes(routes!(audit::list::handler))
}

fn desk() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(me::patch::handler))
        .routes(routes!(me::password::handler))
        .routes(routes!(me::directory::handler))
        .routes(routes!(me::agent_get::handler, me::agent_set::handler))
        .routes(routes!(me::accept::handler))
        .routes(routes!(me::decline::handler))
        .routes(routes!(me::dial::handler))
        .routes(routes!(me::resume::handler))
        .routes(routes!(calls::hangup::handler))
        .routes(routes!(calls::hold::handler))
        .routes(routes!(calls::unhold::handler))
        .routes(routes!(calls::mute::handler))
        .routes(routes!(calls::dtmf::handler))
        .routes(routes!(calls::transfer::handler))
        .routes(routes!(calls::monitor::handler, calls::monitor_as::handler, calls::monitor_end::handler))
        .routes(routes!(live::get::handler))
        .routes(routes!(agents::status::handler))
        .routes(routes!(break_requests::approve::handler))
        .routes(routes!(break_requests::decline::handler))
        .routes(routes!(queues::diagnosis::handler))
        .routes(routes!(queues::member_put::handler, queues::member_delete::handler))
        .routes(routes!(phone::config::handler))
        .routes(routes!(demo::call_me::handler))
        .routes(routes!(stream::get::handler))
}

fn records() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(interactions::list::handler))
        .routes(routes!(interactions::get::handler))
        .routes(routes!(interactions::wrap_up::handler))
        .routes(routes!(interactions::recording::handler))
        .routes(routes!(interactions::waveform::handler))
        .routes(routes!(customers::list::handler, customers::create::handler))
        .routes(routes!(customers::get::handler, customers::patch::handler))
        .routes(routes!(customers::reveal::handler))
        .routes(routes!(callbacks::list::handler, callbacks::create::handler))
        .routes(routes!(callbacks::get::handler, callbacks::cancel::handler))
}

fn watching() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(monitor::catalogue::handler))
        .routes(routes!(monitor::records::handler))
        .routes(routes!(boards::live::handler))
        .routes(routes!(alerts::list::handler))
        .routes(routes!(alerts::acknowledge::handler))
        .routes(routes!(webhooks::test::handler))
}

fn plans() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(planning::history::handler))
        .routes(routes!(planning::scenario::handler))
        .routes(routes!(planning::staffing::handler))
        .routes(routes!(planning::what_if_create::handler))
        .routes(routes!(planning::what_if_get::handler, planning::what_if_delete::handler))
}

fn configuration() -> OpenApiRouter<App> {
    macro_rules! resource {
        ($router:expr, $($module:ident),*) => {
            $router$(
                .routes(routes!($module::list::handler, $module::create::handler))
                .routes(routes!($module::get::handler, $module::replace::handler, $module::delete::handler))
            )*
        };
    }
    let router = resource!(OpenApiRouter::new(), teams, queues, numbers, trunks, calendars, prompts, break_reasons, wrap_up_codes);
    resource!(router, boards, alert_rules, webhooks, capacity_profiles, routing_rules)
        .routes(routes!(queues::estimate::handler))
        .routes(routes!(calendars::switch::handler))
        .routes(routes!(calendars::state::handler))
        .routes(routes!(calendars::preview::handler))
        .routes(routes!(calendars::holidays::handler))
}

fn system_routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(system::livez::handler))
        .routes(routes!(system::readyz::handler))
        .routes(routes!(system::metrics::handler))
        .routes(routes!(system::openapi::handler))
        .routes(routes!(system::docs::handler))
}

/// The whole HTTP side.
pub fn router(app: App) -> Router {
    let (router, _) = routes().split_for_parts();
    let id = HeaderName::from_static("x-request-id");
    router
        .method_not_allowed_fallback(pages::method_not_allowed)
        .fallback(pages::serve)
        .layer(from_fn_with_state(app.clone(), idempotency::layer))
        .layer(from_fn_with_state(app.clone(), authenticate::layer))
        .layer(RequestBodyLimitLayer::new(app.config.limits.body_bytes_max))
        .layer(DefaultBodyLimit::disable())
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(headers::tidy))
        .layer(from_fn(headers::secure))
        .layer(PropagateRequestIdLayer::new(id.clone()))
        .layer(SetRequestIdLayer::new(id, RequestIds { ids: app.ids.clone() }))
        .with_state(app)
}

#[derive(Clone)]
struct RequestIds {
    ids: engine::IdSource,
}
impl MakeRequestId for RequestIds {
    fn make_request_id<B>(&mut self, _: &Request<B>) -> Option<RequestId> {
        hex::encode(self.ids.bytes::<8>()).parse().ok().map(RequestId::new)
    }
}

/// A bug in one request must not take the calls of others along.
fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response<axum::body::Body> {
    let text = cause.downcast_ref::<&str>().map(|s| (*s).to_owned()).or_else(|| cause.downcast_ref::<String>().cloned());
    metrics::counter!("zhiyin_http_panics_total").increment(1);
    Problem::internal(&text.unwrap_or_else(|| "panic".to_owned())).into_response()
}
