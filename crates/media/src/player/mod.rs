//! Prompts: audio held ready in every form in which a leg may want it, and lists of them.
mod playlist;
mod prompt;

pub use playlist::{Frame, Playlist};
pub use prompt::{PROMPT_MS_MAX, Payloads, Prompt, PromptError};
