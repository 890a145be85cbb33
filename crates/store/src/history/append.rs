//! The batch insert: one statement a table and chunk, no statement a row.
use super::{Record, WrapUp, rows};
use crate::entity::history::{event, interaction, leg_report, recording, segment};
use crate::jobs::{self, NewJob};
use crate::{Result, Source, Tx, repo};
use domain::callback::Callback;
use domain::interaction::{Interaction, LegReport, Recording, Segment};
use domain::monitor::Alert;
use domain::routing::Enqueue;
use domain::{CallbackId, InteractionId, LegId, RecordingId, SegmentId};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, Iterable, PrimaryKeyToColumn, QueryFilter};
use std::collections::BTreeMap;

/// Rows of one statement. SQLite takes 32 766 parameters, PostgreSQL 65 535; the widest row has 27.
const CHUNK_ROWS: usize = 100;

/// A batch sorted by table, each row once: PostgreSQL refuses to upsert a row twice in one statement.
#[derive(Default)]
struct Batch {
    interactions: BTreeMap<InteractionId, Interaction>,
    segments: BTreeMap<SegmentId, Segment>,
    legs: BTreeMap<(InteractionId, LegId), LegReport>,
    recordings: BTreeMap<RecordingId, Recording>,
    events: Vec<event::ActiveModel>,
    alerts: BTreeMap<u64, Alert>,
    callbacks: BTreeMap<CallbackId, Callback>,
    places: BTreeMap<InteractionId, Option<Box<Enqueue>>>,
    jobs: Vec<NewJob>,
    wrap_ups: Vec<WrapUp>,
}

pub(super) async fn append(tx: &Tx, records: Vec<Record>) -> Result<()> {
    let mut b = Batch::default();
    for record in records {
        match record {
            Record::Interaction(i) => drop(b.interactions.insert(i.id, i)),
            Record::Segment(s) => drop(b.segments.insert(s.id, s)),
            Record::Leg(l) => drop(b.legs.insert((l.interaction, l.leg), l)),
            Record::Recording(r) => drop(b.recordings.insert(r.id, r)),
            Record::Event(e) => b.events.push(rows::event_row(tx.crypto(), &e)?),
            Record::Alert(a) => drop(b.alerts.insert(a.number, a)),
            Record::Callback(c) => drop(b.callbacks.insert(c.id(), *c)),
            Record::Place { interaction, place } => drop(b.places.insert(interaction, place)),
            Record::Job(j) => b.jobs.push(j),
            Record::WrapUp(w) => b.wrap_ups.push(w),
        }
    }
    let keys = tx.crypto();
    let interactions: Vec<_> = b.interactions.values().map(|i| rows::interaction_row(keys, i)).collect();
    upsert::<interaction::Entity>(tx, interactions, WRAP_UP_COLUMNS).await?;
    upsert::<segment::Entity>(tx, b.segments.values().map(rows::segment_row).collect(), &[]).await?;
    upsert::<leg_report::Entity>(tx, b.legs.values().map(rows::leg_row).collect::<Result<_>>()?, &[]).await?;
    upsert::<recording::Entity>(tx, b.recordings.values().map(rows::recording_row).collect(), &[]).await?;
    for w in &b.wrap_ups {
        wrap_up(tx, w).await?;
    }
    insert_events(tx, b.events).await?;
    let alerts: Vec<Alert> = b.alerts.into_values().collect();
    repo::alerts::upsert(tx, &alerts).await?;
    let callbacks: Vec<Callback> = b.callbacks.into_values().collect();
    repo::callbacks::upsert(tx, &callbacks).await?;
    repo::waiting_list::write(tx, &b.places).await?;
    jobs::insert_many(tx, b.jobs).await
}

/// Columns of an interaction that only `Record::WrapUp` changes once the row exists.
const WRAP_UP_COLUMNS: &[&str] = &["wrap_up_code", "note", "wrap_up_ms"];

async fn wrap_up(tx: &Tx, w: &WrapUp) -> Result<()> {
    let mut row: interaction::ActiveModel = Default::default();
    if let Some(code) = &w.code {
        row.wrap_up_code = Set(Some(code.clone()));
    }
    if let Some(note) = &w.note {
        row.note = Set(Some(rows::seal_note(tx.crypto(), w.interaction, note)));
    }
    if let Some(ms) = w.wrap_up_ms {
        row.wrap_up_ms = Set(i64::try_from(ms).unwrap_or(i64::MAX));
    }
    if w.code.is_none() && w.note.is_none() && w.wrap_up_ms.is_none() {
        return Ok(());
    }
    interaction::Entity::update_many().set(row).filter(interaction::Column::Id.eq(w.interaction.0)).exec(&tx.conn).await?;
    Ok(())
}

/// Inserts, or replaces every column but the key and those to `keep`.
async fn upsert<E>(tx: &Tx, rows: Vec<E::Model>, keep: &[&str]) -> Result<()>
where
    E: EntityTrait,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    let keys: Vec<E::Column> = E::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column).collect();
    let names: Vec<String> = keys.iter().map(|k| sea_orm::IdenStatic::as_str(k).to_owned()).collect();
    let others = E::Column::iter()
        .filter(|c| !names.iter().any(|n| n == sea_orm::IdenStatic::as_str(c)) && !keep.contains(&sea_orm::IdenStatic::as_str(c)));
    let replace = OnConflict::columns(keys).update_columns(others).to_owned();
    let mut rows = rows.into_iter().map(IntoActiveModel::into_active_model).peekable();
    while rows.peek().is_some() {
        let chunk: Vec<E::ActiveModel> = rows.by_ref().take(CHUNK_ROWS).collect();
        E::insert_many(chunk).on_conflict(replace.clone()).exec_without_returning(&tx.conn).await?;
    }
    Ok(())
}

/// Events are written once; the same id again is the same event.
async fn insert_events(tx: &Tx, rows: Vec<event::ActiveModel>) -> Result<()> {
    let once = OnConflict::column(event::Column::Id).do_nothing().to_owned();
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let chunk: Vec<event::ActiveModel> = rows.by_ref().take(CHUNK_ROWS).collect();
        event::Entity::insert_many(chunk).on_conflict(once.clone()).exec_without_returning(&tx.conn).await?;
    }
    Ok(())
}
