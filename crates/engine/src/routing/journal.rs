//! The routing task's journal: every input, written by a thread of its own, so that what the router decided can be played again
//! (`zhiyin simulate FILE.jsonl`). Off unless the configuration names a file.
use domain::Timestamp;
use domain::routing::{Input, JOURNAL_VERSION, JournalLine};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// Lines waiting for the disk; what no longer fits is left out and counted, also in the journal.
pub const JOURNAL_QUEUE_LEN_MAX: usize = 16_384;

/// The routing task's end. Never waits.
#[derive(Debug)]
pub(crate) struct Journal {
    lines: SyncSender<JournalLine>,
    /// Left out since the last line that fitted.
    missing: u64,
}

impl Journal {
    /// Appends to the file, a router's life after the other; no more than `bytes_max` in all.
    ///
    /// # Errors
    /// The file cannot be opened, or no thread begun.
    pub fn open(path: &Path, bytes_max: u64) -> std::io::Result<Self> {
        let mut options = File::options();
        options.create(true).append(true);
        // It names agents and interactions: nobody else's business.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path)?;
        let bytes_left = bytes_max.saturating_sub(file.metadata()?.len());
        let (lines, queue) = sync_channel(JOURNAL_QUEUE_LEN_MAX);
        std::thread::Builder::new().name("routing journal".into()).spawn(move || write(&queue, file, bytes_left))?;
        Ok(Self { lines, missing: 0 })
    }

    pub fn begin(&mut self, seed: u64) {
        self.put(JournalLine::Router { version: JOURNAL_VERSION, seed });
    }

    pub fn input(&mut self, at: Timestamp, input: &Input) {
        self.put(JournalLine::Input { at_us: at, input: input.clone().without_personal_data() });
    }

    fn put(&mut self, line: JournalLine) {
        if self.missing > 0 {
            if self.lines.try_send(JournalLine::Gap { inputs: self.missing }).is_err() {
                return self.lost();
            }
            self.missing = 0;
        }
        if self.lines.try_send(line).is_err() {
            self.lost();
        }
    }

    fn lost(&mut self) {
        self.missing += 1;
        metrics::counter!("zhiyin_routing_journal_dropped_total").increment(1);
    }
}

/// Runs until the routing task is gone, the file full, or the disk fails. What is written is on its way to the disk as soon as
/// nothing more waits.
fn write(queue: &Receiver<JournalLine>, file: File, mut bytes_left: u64) {
    let mut file = BufWriter::new(file);
    while let Ok(first) = queue.recv() {
        let mut next = Some(first);
        while let Some(line) = next {
            if let Err(error) = write_line(&mut file, &line, &mut bytes_left) {
                tracing::error!(%error, "the routing journal ends here");
                // What was written before the limit is whole.
                let _ = file.flush();
                return;
            }
            next = queue.try_recv().ok();
        }
        if let Err(error) = file.flush() {
            tracing::error!(%error, "the routing journal ends here");
            return;
        }
    }
}

fn write_line(file: &mut impl Write, line: &JournalLine, bytes_left: &mut u64) -> std::io::Result<()> {
    let mut text = serde_json::to_vec(line)?;
    text.push(b'\n');
    *bytes_left = bytes_left.checked_sub(text.len() as u64).ok_or_else(|| std::io::Error::other("journal_bytes_max is reached"))?;
    file.write_all(&text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::UserId;
    use uuid::Uuid;

    fn lines(path: &Path) -> Vec<JournalLine> {
        std::fs::read_to_string(path).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect()
    }

    const AT: Timestamp = Timestamp(1_800_000_000_000_000);

    #[test]
    fn lives_follow_each_other_up_to_the_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.jsonl");
        let (lines_out, queue) = sync_channel(4);
        let write_all = |bytes_max: u64, queue: &Receiver<JournalLine>| {
            let file = File::options().create(true).append(true).open(&path).unwrap();
            let left = bytes_max.saturating_sub(file.metadata().unwrap().len());
            write(queue, file, left);
        };
        let mut journal = Journal { lines: lines_out, missing: 0 };
        journal.begin(7);
        journal.input(AT, &Input::SignOut { agent: UserId(Uuid::from_u128(1)) });
        drop(journal);
        write_all(1_000, &queue);
        let begin = JournalLine::Router { version: JOURNAL_VERSION, seed: 7 };
        let out = JournalLine::Input { at_us: AT, input: Input::SignOut { agent: UserId(Uuid::from_u128(1)) } };
        assert_eq!(lines(&path), [begin.clone(), out.clone()]);
        // The next life has room for its beginning only.
        let (lines_out, queue) = sync_channel(4);
        let mut journal = Journal { lines: lines_out, missing: 0 };
        journal.begin(7);
        journal.input(AT, &Input::Due);
        drop(journal);
        write_all(std::fs::metadata(&path).unwrap().len() + 60, &queue);
        assert_eq!(lines(&path), [begin.clone(), out, begin]);
    }

    #[test]
    fn what_does_not_fit_is_left_out_and_said() {
        let (lines, queue) = sync_channel(2);
        let mut journal = Journal { lines, missing: 0 };
        journal.begin(1);
        for _ in 0..5 {
            journal.input(AT, &Input::Due);
        }
        assert_eq!(journal.missing, 4);
        queue.recv().unwrap();
        queue.recv().unwrap();
        journal.input(AT, &Input::Due);
        assert_eq!(queue.recv().unwrap(), JournalLine::Gap { inputs: 4 });
        assert_eq!(queue.recv().unwrap(), JournalLine::Input { at_us: AT, input: Input::Due });
    }
}
