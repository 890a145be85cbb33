//! espeak-ng as a separate process (its licence, GPL-3.0, does not reach across that border).
use super::{AUDIO_BYTES_MAX, CONCURRENT_MAX, Language, Speech, TtsError, wav};
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;
use tokio::sync::Semaphore;

/// Its messages are kept up to this length.
const MESSAGE_BYTES_MAX: u64 = 500;

#[derive(Debug, Clone)]
pub struct Espeak {
    program: PathBuf,
    slots: Arc<Semaphore>,
}

impl Espeak {
    /// Takes the program at this path, without looking whether it is there.
    pub fn at(program: impl Into<PathBuf>) -> Self {
        Self { program: program.into(), slots: Arc::new(Semaphore::new(CONCURRENT_MAX)) }
    }

    /// The `espeak-ng` of the search path, if it can be started.
    pub async fn detect() -> Option<Self> {
        let found = Command::new("espeak-ng").arg("--version").stdin(Stdio::null()).output().await;
        found.is_ok_and(|output| output.status.success()).then(|| Self::at("espeak-ng"))
    }

    pub(super) async fn say(&self, language: Language, text: &str) -> Result<Speech, TtsError> {
        // The semaphore is never closed.
        let _slot = self.slots.acquire().await.map_err(|e| TtsError::Failed(e.to_string()))?;
        let mut child = self.command(language).spawn()?;
        let missing = || TtsError::Failed("no pipe".into());
        let mut stdin = child.stdin.take().ok_or_else(missing)?;
        let stdout = child.stdout.take().ok_or_else(missing)?;
        let stderr = child.stderr.take().ok_or_else(missing)?;
        let (mut audio, mut message) = (Vec::new(), String::new());
        let write = async {
            // It may end before it has read everything (an unknown voice); its message tells more than our broken pipe.
            let _ = stdin.write_all(text.as_bytes()).await;
            drop(stdin);
        };
        let mut limited = stdout.take(AUDIO_BYTES_MAX as u64 + 1);
        let ((), read) = tokio::join!(write, limited.read_to_end(&mut audio));
        read?;
        if audio.len() > AUDIO_BYTES_MAX {
            // Dropping the child kills it.
            return Err(TtsError::TooMuchAudio);
        }
        // A message that is not text is no loss; the status still tells.
        let _ = stderr.take(MESSAGE_BYTES_MAX).read_to_string(&mut message).await;
        let status = child.wait().await?;
        if !status.success() {
            return Err(TtsError::Failed(format!("{status}: {}", message.trim())));
        }
        wav::parse(&audio).filter(|speech| !speech.samples.is_empty()).ok_or_else(|| TtsError::Failed("wrote no audio".into()))
    }

    fn command(&self, language: Language) -> Command {
        // Debian's `cmn` reads Chinese characters as English letters of their pinyin; this voice takes them correctly.
        let voice = match language {
            Language::Chinese => "cmn-latn-pinyin",
            Language::English => "en-us",
        };
        let speed = match language {
            Language::Chinese => "190",
            Language::English => "165",
        };
        let mut command = Command::new(&self.program);
        // The text goes in by a pipe: an argument could be taken for an option, and other users could read it.
        command.args(["-v", voice, "-s", speed, "-b", "1", "--stdin", "--stdout"]).env("LC_ALL", "C.UTF-8");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        command
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Synthesiser, TEXT_CHARS_MAX, TtsError};
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    /// A program that behaves as the script says.
    fn fake(script: &str) -> (tempfile::TempDir, Synthesiser) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("speak");
        std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        (folder, Synthesiser::Espeak(Espeak::at(path)))
    }

    #[tokio::test]
    async fn speaks_both_languages_when_installed() {
        // Machines without it are served by the other tests; there is nothing to ask for here then.
        let Some(synthesiser) = Synthesiser::detect().await else { return };
        for (language, text) in [(Language::Chinese, "您好，欢迎致电。"), (Language::English, "-h; Hello $(id) there")] {
            let speech = synthesiser.say(language, text).await.unwrap();
            let seconds = speech.samples.len() as f32 / speech.rate as f32;
            let peak = speech.samples.iter().map(|s| s.unsigned_abs()).max().unwrap();
            assert!((0.5..10.0).contains(&seconds) && peak > 1000, "{language:?}: {seconds} s, peak {peak}");
        }
    }

    #[tokio::test]
    async fn the_text_is_handed_over_whole() {
        // Echoes a WAV whose samples are the bytes of the text.
        let (_folder, synthesiser) = fake(
            "printf 'RIFF\\0\\0\\0\\0WAVEfmt \\020\\0\\0\\0\\001\\0\\001\\0\\100\\037\\0\\0\\200\\076\\0\\0\\002\\0\\020\\0data\\377\\377\\377\\177'; cat",
        );
        let speech = synthesiser.say(Language::English, "  abcd ").await.unwrap();
        assert_eq!((speech.rate, speech.samples), (8000, vec![i16::from_le_bytes(*b"ab"), i16::from_le_bytes(*b"cd")]));
    }

    #[tokio::test]
    async fn failures_are_told_apart() {
        let say = |script: &str| {
            let (folder, synthesiser) = fake(script);
            async move {
                let _folder = folder;
                synthesiser.say(Language::English, "hello").await
            }
        };
        assert!(matches!(say("echo broken >&2; exit 3").await, Err(TtsError::Failed(m)) if m.contains("broken")));
        assert!(matches!(say("cat >/dev/null").await, Err(TtsError::Failed(_))));
        let (_folder, nobody) = (0, Synthesiser::Espeak(Espeak::at("/nonexistent/speak")));
        assert!(matches!(nobody.say(Language::English, "hello").await, Err(TtsError::Run(_))));
        assert!(matches!(nobody.say(Language::English, " \n").await, Err(TtsError::Empty)));
        assert!(matches!(nobody.say(Language::Chinese, &"字".repeat(TEXT_CHARS_MAX + 1)).await, Err(TtsError::TooLong)));
    }

    #[tokio::test]
    async fn endless_output_is_cut_off() {
        let (_folder, synthesiser) = fake("cat /dev/zero");
        assert!(matches!(synthesiser.say(Language::English, "hello").await, Err(TtsError::TooMuchAudio)));
    }

    #[tokio::test]
    async fn a_hanging_process_is_given_up() {
        let (_folder, synthesiser) = fake("exec sleep 1000");
        assert!(matches!(
            synthesiser.say_within(Language::English, "hello", std::time::Duration::from_millis(200)).await,
            Err(TtsError::TimedOut)
        ));
    }
}
