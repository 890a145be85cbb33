//! Recordings on their way to sealed files: the media threads hand over a second of audio at a time and never wait; one thread seals
//! and writes, another syncs finished files to disk.
use crate::clock::Clock;
use crate::writer::Writer;
use bytes::Bytes;
use domain::interaction::{Recording, RecordingState};
use domain::{InteractionId, RecordingId};
use media::recording::RecordSink;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use store::blob::{Blobs, SealedWriter, recording_name, wav};

/// Chunks (a second of one call each, 16 kB) waiting for the disk, over all recordings; beyond it a chunk is refused, which the
/// recorder fills with silence and counts.
pub const CHUNKS_QUEUED_MAX: usize = 4096;
const SAMPLE_RATE_HZ: u32 = 8000;
const CHANNELS: u8 = 2;

enum Job {
    Open { id: RecordingId, interaction: InteractionId },
    Chunk { id: RecordingId, bytes: Bytes },
    Close { id: RecordingId },
    Stop,
}

/// Cheap to clone. `stop` ends the threads.
#[derive(Debug, Clone)]
pub struct Recordings {
    jobs: mpsc::Sender<Job>,
    queued: Arc<AtomicUsize>,
}

/// The threads behind `Recordings`.
#[derive(Debug)]
pub struct RecordingThreads {
    jobs: mpsc::Sender<Job>,
    threads: Vec<JoinHandle<()>>,
}

impl Recordings {
    /// # Errors
    /// The operating system gives no thread.
    pub fn start(blobs: Blobs, writer: Writer, clock: Clock) -> std::io::Result<(Self, RecordingThreads)> {
        let (jobs, queue) = mpsc::channel();
        let (finished, finishing) = mpsc::channel();
        let queued = Arc::new(AtomicUsize::new(0));
        let seal = Sealer { blobs, writer: writer.clone(), clock, queued: queued.clone(), open: HashMap::new(), finished };
        let sealer = std::thread::Builder::new().name("recordings".into()).spawn(move || seal.run(&queue))?;
        let syncer = std::thread::Builder::new().name("recordings-sync".into()).spawn(move || sync_files(&finishing, &writer))?;
        let threads = RecordingThreads { jobs: jobs.clone(), threads: vec![sealer, syncer] };
        Ok((Self { jobs, queued }, threads))
    }

    /// Begins a recording and its row (`Running`); the sink goes to the media session. When the sink is dropped the file is finished
    /// and the row becomes `Complete`, or `Truncated` when it could not be written whole.
    pub fn begin(&self, id: RecordingId, interaction: InteractionId) -> Box<dyn RecordSink> {
        // Threads that are gone (the process is ending) refuse the chunks.
        let _ = self.jobs.send(Job::Open { id, interaction });
        Box::new(Sink { id, jobs: self.jobs.clone(), queued: self.queued.clone() })
    }
}

impl RecordingThreads {
    /// Finishes what is written so far and ends the threads; sinks that still live lose what they write later. Blocking.
    pub fn stop(self) {
        let _ = self.jobs.send(Job::Stop);
        for thread in self.threads {
            if thread.join().is_err() {
                tracing::error!("a recording thread had died");
            }
        }
    }
}

struct Sink {
    id: RecordingId,
    jobs: mpsc::Sender<Job>,
    queued: Arc<AtomicUsize>,
}
impl RecordSink for Sink {
    fn write(&mut self, bytes: Bytes) -> bool {
        if self.queued.fetch_add(1, Ordering::Relaxed) >= CHUNKS_QUEUED_MAX {
            self.queued.fetch_sub(1, Ordering::Relaxed);
            metrics::counter!("zhiyin_recording_chunks_refused_total").increment(1);
            return false;
        }
        self.jobs.send(Job::Chunk { id: self.id, bytes }).is_ok()
    }
}
impl Drop for Sink {
    fn drop(&mut self) {
        let _ = self.jobs.send(Job::Close { id: self.id });
    }
}

/// A recording that is being written. `file` is none when it could not be created.
struct Open {
    row: Recording,
    file: Option<SealedWriter>,
    /// A chunk was lost to the disk: the file is not what was said.
    damaged: bool,
}

struct Sealer {
    blobs: Blobs,
    writer: Writer,
    clock: Clock,
    queued: Arc<AtomicUsize>,
    open: HashMap<RecordingId, Open>,
    finished: mpsc::Sender<Open>,
}

impl Sealer {
    fn run(mut self, queue: &mpsc::Receiver<Job>) {
        while let Ok(job) = queue.recv() {
            match job {
                Job::Open { id, interaction } => self.open(id, interaction),
                Job::Chunk { id, bytes } => {
                    self.queued.fetch_sub(1, Ordering::Relaxed);
                    self.chunk(id, &bytes);
                }
                Job::Close { id } => self.close(id),
                Job::Stop => break,
            }
            metrics::gauge!("zhiyin_recordings_open").set(self.open.len() as f64);
        }
        for id in self.open.keys().copied().collect::<Vec<_>>() {
            self.close(id);
        }
        metrics::gauge!("zhiyin_recordings_open").set(0.0);
    }

    fn open(&mut self, id: RecordingId, interaction: InteractionId) {
        let row = Recording {
            id,
            interaction,
            blob: recording_name(id),
            started_at: self.clock.now(),
            duration_ms: 0,
            sample_rate_hz: SAMPLE_RATE_HZ,
            channels: CHANNELS,
            bytes: wav::wav_len(0),
            state: RecordingState::Running,
        };
        self.writer.recording(row.clone());
        let file = self.blobs.create_recording(id).inspect_err(|error| failed(id, error)).ok();
        self.open.insert(id, Open { row, damaged: file.is_none(), file });
    }

    /// Every chunk is flushed: a second of audio is what a crash may cost.
    fn chunk(&mut self, id: RecordingId, bytes: &[u8]) {
        let Some(open) = self.open.get_mut(&id) else { return };
        let Some(file) = &mut open.file else { return };
        if let Err(error) = file.append(bytes).and_then(|()| file.flush()) {
            // Said once a recording; the counter goes on.
            if !open.damaged {
                failed(id, &error);
            }
            open.damaged = true;
        }
    }

    fn close(&mut self, id: RecordingId) {
        if let Some(open) = self.open.remove(&id) {
            // The syncing thread lives until this end of the channel is dropped.
            let _ = self.finished.send(open);
        }
    }
}

fn failed(id: RecordingId, error: &store::StoreError) {
    metrics::counter!("zhiyin_recording_failures_total").increment(1);
    tracing::error!(recording = %id, %error, "a recording cannot be written");
}

/// Syncing takes the disk's time; it happens beside the thread that must keep up with the audio.
fn sync_files(finishing: &mpsc::Receiver<Open>, writer: &Writer) {
    while let Ok(Open { mut row, file, damaged }) = finishing.recv() {
        let clear = match file {
            Some(file) => {
                let taken = file.clear_len();
                match file.finish() {
                    Ok(clear) if !damaged => {
                        row.state = RecordingState::Complete;
                        clear
                    }
                    Ok(clear) => {
                        row.state = RecordingState::Truncated;
                        clear
                    }
                    Err(error) => {
                        failed(row.id, &error);
                        row.state = RecordingState::Truncated;
                        taken
                    }
                }
            }
            None => {
                row.state = RecordingState::Truncated;
                0
            }
        };
        row.bytes = wav::wav_len(clear);
        row.duration_ms = wav::duration_ms(row.sample_rate_hz, row.channels, clear);
        writer.recording(row);
    }
}
