//! The routing task, sole owner of the `Router`, and the handle by which the rest of the engine reaches it.
mod handle;
pub use handle::{Attachment, RouterError, RouterHandle};
