//! The routing task, sole owner of the `Router`, and the handle by which the rest of the engine reaches it.
mod handle;
mod journal;
pub(crate) mod learned;
mod metrics;
mod rebuild;
mod task;
pub use handle::{ATTACHMENT_QUEUE_LEN_MAX, Attachment, ROUTER_QUEUE_LEN_MAX, RouterError, RouterHandle};
pub(crate) use handle::{Attached, EFFECTS};
pub use journal::JOURNAL_QUEUE_LEN_MAX;
pub(crate) use journal::Journal;
#[cfg(test)]
pub(crate) use rebuild::POISON;
pub(crate) use task::{RoutingTask, deliver};
