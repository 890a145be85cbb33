//! Text to speech. `Synthesiser` is a closed enum: what runs with no download is the default variant, others are added here.
mod espeak;
mod wav;

pub use espeak::Espeak;

use std::time::Duration;

/// Longest text of one request, in characters: about five minutes of speech.
pub const TEXT_CHARS_MAX: usize = 4000;
/// Longest result, in bytes of the synthesiser's output (ten minutes at 22.05 kHz).
pub const AUDIO_BYTES_MAX: usize = 27 * 1024 * 1024;
/// A request that takes longer is given up.
pub const TIMEOUT: Duration = Duration::from_secs(15);
/// Requests worked on at once; more wait (each within its own `TIMEOUT`).
pub const CONCURRENT_MAX: usize = 2;

/// Language of a text; decides the voice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// Mandarin, written in Chinese characters.
    Chinese,
    /// American English.
    English,
}

/// Speech as 16-bit mono PCM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Speech {
    /// In Hz; what the engine gives (espeak-ng: 22 050). The player resamples.
    pub rate: u32,
    pub samples: Vec<i16>,
}

#[derive(Debug, thiserror::Error)]
pub enum TtsError {
    #[error("text is empty")]
    Empty,
    #[error("text is longer than {TEXT_CHARS_MAX} characters")]
    TooLong,
    #[error("synthesis took longer than {} s", TIMEOUT.as_secs())]
    TimedOut,
    #[error("synthesiser gave more than {AUDIO_BYTES_MAX} bytes")]
    TooMuchAudio,
    #[error("synthesiser could not be run: {0}")]
    Run(#[from] std::io::Error),
    /// It ended with an error, or what it wrote is no audio.
    #[error("synthesiser failed: {0}")]
    Failed(String),
}

/// An engine that speaks.
#[derive(Debug, Clone)]
pub enum Synthesiser {
    Espeak(Espeak),
}

impl Synthesiser {
    /// The best engine that is installed on this machine, none if there is none.
    pub async fn detect() -> Option<Self> {
        Espeak::detect().await.map(Self::Espeak)
    }

    /// Name for logs and the readiness page.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Espeak(_) => "espeak-ng",
        }
    }

    /// Speaks `text`. May be called from many tasks; dropping the future ends the work.
    pub async fn say(&self, language: Language, text: &str) -> Result<Speech, TtsError> {
        self.say_within(language, text, TIMEOUT).await
    }

    async fn say_within(&self, language: Language, text: &str, timeout: std::time::Duration) -> Result<Speech, TtsError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(TtsError::Empty);
        }
        if text.chars().count() > TEXT_CHARS_MAX {
            return Err(TtsError::TooLong);
        }
        let work = async {
            match self {
                Self::Espeak(espeak) => espeak.say(language, text).await,
            }
        };
        tokio::time::timeout(timeout, work).await.map_err(|_| TtsError::TimedOut)?
    }
}
