//! The boards that one client follows: the whole picture first, then only the tiles that changed, and a sign of life.
use super::boards::Picture;
use crate::api::dto::board::{BoardAlive, BoardChange, BoardLive};
use crate::api::dto::view;
use crate::app::App;
use crate::http::problem::ApiResult;
use domain::monitor::diff;
use domain::{BoardId, Timestamp};
use serde_json::{Value, json};
use std::sync::Arc;

/// Boards that one client may follow at once.
pub const BOARDS_MAX: usize = 8;
/// A board that did not change says so this often.
const ALIVE_MS: u64 = 2_000;

#[derive(Debug)]
struct Followed {
    board: BoardId,
    sent: Option<Picture>,
    said_at: Timestamp,
}

#[derive(Debug, Default)]
pub struct Follow {
    boards: Vec<Followed>,
}

/// Type and data of a message on the topic `board`.
pub type BoardMessage = (&'static str, Value);

impl Follow {
    /// Follows these and no others; those that were followed go on from what was sent.
    pub fn set(&mut self, boards: &[BoardId]) {
        let mut old = std::mem::take(&mut self.boards);
        for board in boards.iter().take(BOARDS_MAX) {
            if self.boards.iter().any(|f| f.board == *board) {
                continue;
            }
            let known = old.iter().position(|f| f.board == *board).map(|i| old.swap_remove(i));
            self.boards.push(known.unwrap_or(Followed { board: *board, sent: None, said_at: Timestamp(0) }));
        }
    }

    pub fn is_empty(&self) -> bool {
        self.boards.is_empty()
    }

    /// What the client must be told now.
    pub async fn news(&mut self, app: &App) -> Vec<BoardMessage> {
        let mut out = Vec::new();
        let mut gone = Vec::new();
        for followed in &mut self.boards {
            match app.boards.computed(&app.store, app.engine.monitor(), followed.board).await {
                Ok(Some(now)) => match followed.message(now, app.now()) {
                    Ok(message) => out.extend(message),
                    Err(problem) => tracing::error!(code = problem.code(), "a board could not be shown"),
                },
                Ok(None) => gone.push(followed.board),
                // No news: the client sees that its picture grows old.
                Err(problem) => tracing::warn!(code = problem.code(), "a board could not be read"),
            }
        }
        self.boards.retain(|f| !gone.contains(&f.board));
        out.extend(gone.into_iter().map(|board| ("gone", json!({ "board": board }))));
        out
    }
}

impl Followed {
    fn message(&mut self, new: Picture, now: Timestamp) -> ApiResult<Option<BoardMessage>> {
        let message = match &self.sent {
            Some(sent) if Arc::ptr_eq(&sent.board, &new.board) => match diff(&sent.computed, &new.computed) {
                Some(change) => Some(("change", json(&view::<BoardChange>(&change)?))),
                None if now.ms_since(self.said_at) >= ALIVE_MS => {
                    Some(("alive", json(&BoardAlive { board: self.board.0, at: new.computed.at.as_us() })))
                }
                None => None,
            },
            // Not sent yet, or changed by somebody: names and thresholds too.
            _ => Some(("board", json(&view::<BoardLive>(new.computed.as_ref())?))),
        };
        if message.is_some() {
            self.said_at = now;
        }
        self.sent = Some(new);
        Ok(message)
    }
}

fn json(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}
