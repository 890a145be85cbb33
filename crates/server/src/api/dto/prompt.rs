//! Prompts.
use super::common::{Label, Validate, key, text};
use crate::http::problem::{ApiResult, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where the samples come from.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "from", rename_all = "snake_case", deny_unknown_fields)]
pub enum PromptSource {
    /// An asset built into the program.
    Builtin {
        #[schema(pattern = "^[A-Za-z0-9_.-]{1,80}$")]
        asset: String,
    },
    /// A WAV kept in the blob store under this name.
    File {
        #[schema(pattern = "^[A-Za-z0-9_.-]{1,80}$")]
        path: String,
    },
    /// Synthesised when first used, if a synthesiser is installed.
    Speech { text: Speech },
}

/// Words to be spoken, in both languages.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Speech {
    #[schema(min_length = 1, max_length = 1000)]
    pub zh: String,
    #[schema(min_length = 1, max_length = 1000)]
    pub en: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PromptBody {
    #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
    pub key: String,
    pub name: Label,
    pub source: PromptSource,
}
impl Validate for PromptBody {
    fn check(&self) -> ApiResult<()> {
        key("key", &self.key)?;
        self.name.check("name")?;
        match &self.source {
            PromptSource::Builtin { asset } => file_name("source.asset", asset),
            PromptSource::File { path } => file_name("source.path", path),
            PromptSource::Speech { text: speech } => {
                text("source.text.zh", &speech.zh, 1, 1000)?;
                text("source.text.en", &speech.en, 1, 1000)
            }
        }
    }
}

fn file_name(field: &str, name: &str) -> ApiResult<()> {
    let ok = (1..=80).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'));
    if ok { Ok(()) } else { Err(Problem::invalid(field, "1 to 80 of A-Z, a-z, 0-9, _, . and -")) }
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Prompt {
    /// The ETag without its quotes.
    pub version: i64,
    #[serde(flatten)]
    pub body: PromptBody,
}
