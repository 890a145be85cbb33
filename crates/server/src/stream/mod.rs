//! The live stream: one hub numbers the engine's changes per topic, every client gets what it may see.
pub mod card;
pub mod hub;
pub mod mask;
pub mod ring;
pub mod socket;
