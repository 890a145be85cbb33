//! Domain values ↔ rows: what is sealed, what is indexed, what is clear.
use crate::crypto::{Crypto, Domain, Field};
use crate::entity::history::{event, interaction, leg_report, recording, segment};
use crate::repo::{from_json, from_word, to_json, word};
use crate::{Result, StoreError};
use domain::event::{Event, EventKind};
use domain::interaction::{HangupCause, Interaction, LegReport, Recording, Segment};
use domain::{CustomerId, EventId, InteractionId, LegId, NumberId, Pii, QueueId, RecordingId, SegmentId, Timestamp, TrunkId, UserId};
use sea_orm::ActiveValue::{NotSet, Set};
use uuid::Uuid;

fn field<'a>(column: &'static str, id: &'a Uuid) -> Field<'a> {
    Field::new("interactions", column, id.as_bytes())
}

fn ms(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn unsigned(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

pub(crate) fn interaction_row(keys: &Crypto, i: &Interaction) -> interaction::Model {
    let id = i.id.0;
    let remote = i.remote.reveal();
    interaction::Model {
        id,
        channel: word(&i.channel),
        direction: word(&i.direction),
        state: word(&i.state),
        outcome: i.outcome.as_ref().map(word),
        remote: keys.seal(Domain::History, field("remote", &id), remote.as_bytes()),
        remote_index: (!remote.is_empty()).then(|| keys.phone_index(remote)),
        local: i.local.clone(),
        number_id: i.number.map(|v| v.0),
        trunk_id: i.trunk.map(|v| v.0),
        queue_id: i.queue.map(|v| v.0),
        agent_id: i.agent.map(|v| v.0),
        customer_id: i.customer.map(|v| v.0),
        started_at: i.started_at.as_us(),
        queued_at: i.queued_at.map(Timestamp::as_us),
        answered_at: i.answered_at.map(Timestamp::as_us),
        ended_at: i.ended_at.map(Timestamp::as_us),
        wait_ms: ms(i.wait_ms),
        talk_ms: ms(i.talk_ms),
        hold_ms: ms(i.hold_ms),
        wrap_up_ms: ms(i.wrap_up_ms),
        hangup_by: i.hangup.as_ref().map(|h| word(&h.by)),
        sip_status: i.hangup.as_ref().and_then(|h| h.sip_status).map(i32::from),
        q850: i.hangup.as_ref().and_then(|h| h.q850).map(i32::from),
        wrap_up_code: i.wrap_up_code.clone(),
        note: i.note.as_ref().map(|n| seal_note(keys, i.id, n)),
        recording_id: i.recording.map(|v| v.0),
    }
}

pub(crate) fn seal_note(keys: &Crypto, id: InteractionId, note: &Pii<String>) -> Vec<u8> {
    keys.seal(Domain::History, field("note", &id.0), note.reveal().as_bytes())
}

pub(crate) fn interaction_from(keys: &Crypto, r: &interaction::Model) -> Result<Interaction> {
    let text = |column, sealed: &[u8]| -> Result<Pii<String>> {
        let clear = keys.open(Domain::History, field(column, &r.id), sealed)?;
        Ok(Pii::new(String::from_utf8(clear).map_err(|_| StoreError::Corrupt("interaction"))?))
    };
    let hangup = match &r.hangup_by {
        Some(by) => Some(HangupCause {
            by: from_word(by, "hang-up cause")?,
            sip_status: r.sip_status.and_then(|v| u16::try_from(v).ok()),
            q850: r.q850.and_then(|v| u8::try_from(v).ok()),
        }),
        None => None,
    };
    Ok(Interaction {
        id: InteractionId(r.id),
        channel: from_word(&r.channel, "channel")?,
        direction: from_word(&r.direction, "direction")?,
        state: from_word(&r.state, "state")?,
        outcome: r.outcome.as_ref().map(|o| from_word(o, "outcome")).transpose()?,
        remote: text("remote", &r.remote)?,
        local: r.local.clone(),
        number: r.number_id.map(NumberId),
        trunk: r.trunk_id.map(TrunkId),
        queue: r.queue_id.map(QueueId),
        agent: r.agent_id.map(UserId),
        customer: r.customer_id.map(CustomerId),
        started_at: Timestamp(r.started_at),
        queued_at: r.queued_at.map(Timestamp),
        answered_at: r.answered_at.map(Timestamp),
        ended_at: r.ended_at.map(Timestamp),
        wait_ms: unsigned(r.wait_ms),
        talk_ms: unsigned(r.talk_ms),
        hold_ms: unsigned(r.hold_ms),
        wrap_up_ms: unsigned(r.wrap_up_ms),
        hangup,
        wrap_up_code: r.wrap_up_code.clone(),
        note: r.note.as_ref().map(|n| text("note", n)).transpose()?,
        recording: r.recording_id.map(RecordingId),
    })
}

pub(crate) fn segment_row(s: &Segment) -> segment::Model {
    segment::Model {
        id: s.id.0,
        interaction_id: s.interaction.0,
        kind: word(&s.kind),
        queue_id: s.queue.map(|v| v.0),
        agent_id: s.agent.map(|v| v.0),
        started_at: s.started_at.as_us(),
        ended_at: s.ended_at.map(Timestamp::as_us),
        result: s.result.clone(),
    }
}

pub(crate) fn segment_from(r: segment::Model) -> Result<Segment> {
    Ok(Segment {
        id: SegmentId(r.id),
        interaction: InteractionId(r.interaction_id),
        kind: from_word(&r.kind, "segment")?,
        queue: r.queue_id.map(QueueId),
        agent: r.agent_id.map(UserId),
        started_at: Timestamp(r.started_at),
        ended_at: r.ended_at.map(Timestamp),
        result: r.result,
    })
}

pub(crate) fn leg_row(l: &LegReport) -> Result<leg_report::Model> {
    Ok(leg_report::Model {
        interaction_id: l.interaction.0,
        leg: i32::from(l.leg.0),
        party: l.party.clone(),
        agent_id: l.agent.map(|v| v.0),
        peer: l.peer.clone(),
        codec: l.codec.clone(),
        quality: to_json(&l.quality, "leg report")?,
    })
}

pub(crate) fn leg_from(r: leg_report::Model) -> Result<LegReport> {
    Ok(LegReport {
        interaction: InteractionId(r.interaction_id),
        leg: LegId(u16::try_from(r.leg).map_err(|_| StoreError::Corrupt("leg report"))?),
        party: r.party,
        agent: r.agent_id.map(UserId),
        peer: r.peer,
        codec: r.codec,
        quality: from_json(&r.quality, "leg report")?,
    })
}

pub(crate) fn recording_row(r: &Recording) -> recording::Model {
    recording::Model {
        id: r.id.0,
        interaction_id: r.interaction.0,
        blob: r.blob.clone(),
        started_at: r.started_at.as_us(),
        duration_ms: ms(r.duration_ms),
        sample_rate_hz: i32::try_from(r.sample_rate_hz).unwrap_or(i32::MAX),
        channels: i32::from(r.channels),
        bytes: ms(r.bytes),
        state: word(&r.state),
    }
}

pub(crate) fn recording_from(r: recording::Model) -> Result<Recording> {
    Ok(Recording {
        id: RecordingId(r.id),
        interaction: InteractionId(r.interaction_id),
        blob: r.blob,
        started_at: Timestamp(r.started_at),
        duration_ms: unsigned(r.duration_ms),
        sample_rate_hz: u32::try_from(r.sample_rate_hz).map_err(|_| StoreError::Corrupt("recording"))?,
        channels: u8::try_from(r.channels).map_err(|_| StoreError::Corrupt("recording"))?,
        bytes: unsigned(r.bytes),
        state: from_word(&r.state, "recording")?,
    })
}

/// Kinds whose body holds nothing about a person. Everything else, and every kind added later, is sealed until it is
/// listed here: digits may be a PIN, a transfer target or a healed difference may name a number.
fn is_clear(kind: &EventKind) -> bool {
    use EventKind as K;
    matches!(
        kind,
        K::SegmentStarted { .. }
            | K::SegmentEnded { .. }
            | K::Queued { .. }
            | K::Dequeued { .. }
            | K::Offered { .. }
            | K::Routed { .. }
            | K::OfferEnded { .. }
            | K::Answered { .. }
            | K::Held
            | K::Unheld
            | K::Muted { .. }
            | K::RecordingStarted { .. }
            | K::RecordingEnded { .. }
            | K::InteractionEnded { .. }
            | K::WrapUpDone { .. }
            | K::AgentStatusChanged { .. }
            | K::InteractionLost
    )
}

fn event_field(id: &Uuid) -> Field<'_> {
    Field::new("events", "sealed", id.as_bytes())
}

pub(crate) fn event_row(keys: &Crypto, e: &Event) -> Result<event::ActiveModel> {
    // `{"type": "...", …}`: the type is a column of its own too, in clear, for queries.
    let mut body = serde_json::to_value(&e.kind).map_err(|_| StoreError::Corrupt("event"))?;
    let kind = match body.as_object_mut().and_then(|o| o.remove("type")) {
        Some(serde_json::Value::String(s)) => s,
        _ => return Err(StoreError::Corrupt("event")),
    };
    let text = body.to_string();
    let (body, sealed) = if is_clear(&e.kind) {
        (Some(text), None)
    } else {
        (None, Some(keys.seal(Domain::History, event_field(&e.id.0), text.as_bytes())))
    };
    Ok(event::ActiveModel {
        seq: NotSet,
        id: Set(e.id.0),
        at: Set(e.at.as_us()),
        interaction_id: Set(e.interaction.map(|v| v.0)),
        agent_id: Set(e.agent.map(|v| v.0)),
        queue_id: Set(e.queue.map(|v| v.0)),
        kind: Set(kind),
        body: Set(body),
        sealed: Set(sealed),
    })
}

pub(crate) fn event_from(keys: &Crypto, r: event::Model) -> Result<Event> {
    let mut body: serde_json::Value = match (&r.body, &r.sealed) {
        (Some(text), None) => from_json(text, "event")?,
        (None, Some(sealed)) => keys.open_json(Domain::History, event_field(&r.id), sealed)?,
        _ => return Err(StoreError::Corrupt("event")),
    };
    body.as_object_mut().ok_or(StoreError::Corrupt("event"))?.insert("type".into(), r.kind.into());
    Ok(Event {
        id: EventId(r.id),
        at: Timestamp(r.at),
        interaction: r.interaction_id.map(InteractionId),
        agent: r.agent_id.map(UserId),
        queue: r.queue_id.map(QueueId),
        kind: serde_json::from_value(body).map_err(|_| StoreError::Corrupt("event"))?,
    })
}
