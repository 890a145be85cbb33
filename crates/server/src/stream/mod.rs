//! The live stream: one hub numbers the engine's changes per topic, every client gets what it may see.
pub mod boards;
pub mod card;
pub mod follow;
pub mod hub;
pub mod mask;
pub mod ring;
pub mod socket;
