//! Speech and language engines. So far: speech synthesis.
pub mod tts;
