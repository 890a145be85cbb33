//! History: the engine's batching writer appends what happened, in one transaction a batch.
mod append;
pub(crate) mod rows;

use crate::jobs::NewJob;
use crate::{Result, Store, Tx};
use domain::callback::Callback;
use domain::event::Event;
use domain::interaction::{Interaction, LegReport, Recording, Segment};
use domain::monitor::Alert;
use domain::routing::Enqueue;
use domain::{InteractionId, Pii, Timestamp};

/// One thing to write. Rows are upserts (the newest of a batch wins), events and jobs are inserted once.
#[derive(Debug, Clone)]
pub enum Record {
    /// The whole row as it stands now, but for its wrap-up fields (code, note, time), which only `WrapUp` writes: a call that
    /// runs on after its first agent left must not wipe what that agent wrote.
    Interaction(Interaction),
    WrapUp(WrapUp),
    Segment(Segment),
    Leg(LegReport),
    Recording(Recording),
    Event(Event),
    Alert(Alert),
    Callback(Box<Callback>),
    /// Where it stands in line; none: it left.
    Place {
        interaction: InteractionId,
        place: Option<Box<Enqueue>>,
    },
    Job(NewJob),
}

/// What an agent left behind about an interaction; none = leave as it is. Applied after the rows of its batch; an
/// interaction that does not exist is passed over.
#[derive(Debug, Clone)]
pub struct WrapUp {
    pub interaction: InteractionId,
    pub code: Option<String>,
    pub note: Option<Pii<String>>,
    /// Time of the newest wrap-up; each agent's own is in the events.
    pub wrap_up_ms: Option<u64>,
}

impl Store {
    /// Writes a batch in one transaction: all or nothing. Writing the same batch again changes nothing, so a caller
    /// that does not know whether a commit arrived may simply repeat it. Best in batches of 50–1000 records.
    ///
    /// # Errors
    /// What the database says; then nothing was written.
    pub async fn append(&self, now: Timestamp, records: Vec<Record>) -> Result<()> {
        if records.is_empty() {
            return Ok(());
        }
        let tx = self.begin(now).await?;
        tx.append(records).await?;
        tx.commit().await
    }
}

impl Tx {
    /// The same within a transaction that does more.
    pub async fn append(&self, records: Vec<Record>) -> Result<()> {
        append::append(self, records).await
    }
}
