//! The start after a crash: what was open is closed as lost, in one transaction.
use crate::blob::wav;
use crate::entity::history::{interaction, recording, segment};
use crate::history::Record;
use crate::history::rows;
use crate::repo::word;
use crate::{Result, Source, Store};
use domain::event::{Event, EventKind};
use domain::interaction::{Interaction, InteractionState, Outcome, Recording, RecordingState};
use domain::{EventId, Timestamp};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

/// An interaction that was open when the process died, as it is closed now.
#[derive(Debug, Clone, PartialEq)]
pub struct LostInteraction {
    pub interaction: Interaction,
    /// What it was doing.
    pub was: InteractionState,
    /// Its recordings that were running, now truncated, with the length that can still be played.
    pub recordings: Vec<Recording>,
}

impl Store {
    /// Closes everything that is still open: state and outcome `Lost`, `ended_at` = the last moment known of it (its
    /// newest event, the end of its recording, else its start), open segments ended, recordings `Truncated`, one
    /// `InteractionLost` event each. `new_id` draws event ids. Call it before the engine takes its first call; a second
    /// run finds nothing.
    pub async fn close_lost(&self, now: Timestamp, mut new_id: impl FnMut() -> EventId) -> Result<Vec<LostInteraction>> {
        let running = self.cut_recordings().await?;
        let tx = self.begin(now).await?;
        let closed = [word(&InteractionState::Ended), word(&InteractionState::Lost)];
        let open = interaction::Entity::find().filter(interaction::Column::State.is_not_in(closed)).all(&tx.conn).await?;
        let mut records: Vec<Record> = running.iter().cloned().map(Record::Recording).collect();
        let mut lost = Vec::with_capacity(open.len());
        for row in &open {
            let mut i = rows::interaction_from(tx.crypto(), row)?;
            let was = i.state;
            i.state = InteractionState::Lost;
            i.outcome = Some(Outcome::Lost);
            let recordings: Vec<Recording> = running.iter().filter(|r| r.interaction == i.id).cloned().collect();
            i.recording = i.recording.or(recordings.first().map(|r| r.id));
            i.ended_at = Some(last_known(&tx, &i, &recordings).await?);
            records.push(Record::Interaction(i.clone()));
            records.push(Record::Event(Event {
                id: new_id(),
                at: now,
                interaction: Some(i.id),
                agent: i.agent,
                queue: i.queue,
                kind: EventKind::InteractionLost,
            }));
            lost.push(LostInteraction { interaction: i, was, recordings });
        }
        for l in &lost {
            segment::Entity::update_many()
                .col_expr(segment::Column::EndedAt, Expr::value(l.interaction.ended_at.map(Timestamp::as_us)))
                .col_expr(segment::Column::Result, Expr::value("lost"))
                .filter(segment::Column::InteractionId.eq(l.interaction.id.0))
                .filter(segment::Column::EndedAt.is_null())
                .exec(&tx.conn)
                .await?;
        }
        tx.append(records).await?;
        crate::repo::waiting_list::clear(&tx).await?;
        tx.commit().await?;
        Ok(lost)
    }

    /// The recordings that were running, as truncated ones with the length that can be played.
    async fn cut_recordings(&self) -> Result<Vec<Recording>> {
        let blobs = self.blobs()?;
        let state = word(&RecordingState::Running);
        let mut out = Vec::new();
        for row in recording::Entity::find().filter(recording::Column::State.eq(state)).all(self.conn()).await? {
            let mut r = rows::recording_from(row)?;
            let clear = blobs.recover(&r).await?;
            r.state = RecordingState::Truncated;
            r.bytes = wav::wav_len(clear);
            r.duration_ms = wav::duration_ms(r.sample_rate_hz, r.channels, clear);
            out.push(r);
        }
        Ok(out)
    }
}

/// The newest moment that history knows of an interaction.
async fn last_known(tx: &crate::Tx, i: &Interaction, recordings: &[Recording]) -> Result<Timestamp> {
    let events = crate::repo::interactions::events(tx, i.id).await?;
    let heard = recordings.iter().map(|r| r.started_at.plus_ms(r.duration_ms));
    let known = events.iter().map(|e| e.at).chain(heard).chain(i.answered_at);
    Ok(known.fold(i.started_at, Timestamp::max))
}
