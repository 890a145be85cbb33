//! Calls: the SIP side, the call tasks, the routing task and the media workers.
pub mod media;
