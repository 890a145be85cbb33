//! The routing task, sole owner of the `Router`, and the handle by which the rest of the engine reaches it.
mod handle;
mod metrics;
mod task;
pub use handle::{ATTACHMENT_QUEUE_LEN_MAX, Attachment, ROUTER_QUEUE_LEN_MAX, RouterError, RouterHandle};
pub(crate) use handle::{Attached, EFFECTS};
pub(crate) use task::{RoutingTask, deliver};
