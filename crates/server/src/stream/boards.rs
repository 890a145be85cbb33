//! Boards that somebody looks at, computed once for everybody and no more often than people can see.
use crate::http::problem::ApiResult;
use domain::BoardId;
use domain::monitor::{Board, Computed, compute};
use engine::monitor::MonitorHandle;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use store::repo::config::{self, kind};
use store::{Store, StoreError};
use tokio::time::Instant;

/// A board is computed again when it is this old.
pub const FRESH: Duration = Duration::from_millis(200);
/// And its layout is read again when that is this old.
const LAYOUT_FRESH: Duration = Duration::from_secs(2);
/// Nobody asked for so long: forgotten.
const IDLE: Duration = Duration::from_secs(60);

/// A board as it was laid out when its numbers were computed: the same `Arc` for as long as nobody changes it.
#[derive(Debug, Clone)]
pub struct Picture {
    pub board: Arc<Board>,
    pub computed: Arc<Computed>,
}

#[derive(Debug)]
struct Entry {
    board: Arc<Board>,
    read_at: Instant,
    computed: Option<(Instant, Arc<Computed>)>,
}

#[derive(Debug, Default)]
pub struct Boards {
    entries: Mutex<HashMap<BoardId, Entry>>,
}

impl Boards {
    fn lock(&self) -> MutexGuard<'_, HashMap<BoardId, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The board and its numbers, at most `FRESH` old. None: there is no such board (any more).
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn computed(&self, store: &Store, monitor: &MonitorHandle, id: BoardId) -> ApiResult<Option<Picture>> {
        let now = Instant::now();
        let known = {
            let entries = self.lock();
            entries.get(&id).map(|e| (e.board.clone(), e.read_at, e.computed.clone()))
        };
        let (board, read_at, before) = match known {
            Some((board, _, Some((at, computed)))) if now.duration_since(at) < FRESH => {
                return Ok(Some(Picture { board, computed }));
            }
            Some((board, read_at, before)) if now.duration_since(read_at) < LAYOUT_FRESH => (board, read_at, before),
            known => match config::get::<kind::Boards>(store, &id.to_string()).await {
                Ok(row) => (
                    known.as_ref().map(|k| k.0.clone()).filter(|b| **b == row.value).unwrap_or_else(|| Arc::new(row.value)),
                    now,
                    known.and_then(|k| k.2),
                ),
                Err(StoreError::NotFound(_)) => {
                    self.lock().remove(&id);
                    return Ok(None);
                }
                Err(error) => return Err(error.into()),
            },
        };
        let computed = Arc::new(monitor.look(|m, at| compute(&board, m, before.as_ref().map(|b| b.1.as_ref()), at)));
        let mut entries = self.lock();
        entries.retain(|_, e| e.computed.as_ref().is_none_or(|(at, _)| now.duration_since(*at) < IDLE));
        entries.insert(id, Entry { board: board.clone(), read_at, computed: Some((now, computed.clone())) });
        Ok(Some(Picture { board, computed }))
    }
}
