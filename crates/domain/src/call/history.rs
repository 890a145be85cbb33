//! The interaction's row, its segments and events: each made exactly once, in order.
use super::types::Effect;
use crate::event::{Draft, EventKind};
use crate::interaction::{Direction, HangupCause, Interaction, InteractionState, Outcome, Segment, SegmentKind};
use crate::live::CallLive;
use crate::{CallId, RecordingId, SegmentId, Timestamp, UserId, ids::uuid_v7};

pub(super) struct History {
    pub row: Interaction,
    /// See `CallLive::caller`.
    pub caller: Option<UserId>,
    open: Vec<Segment>,
    counter: u16,
    /// Nothing that anybody would call an interaction has happened yet.
    pub quiet: bool,
}

impl History {
    pub fn new(row: Interaction) -> Self {
        Self { row, caller: None, open: Vec::new(), counter: 0, quiet: false }
    }

    /// A new id: the call's own randomness with a counter in UUIDv7's `rand_a`, so ids of one call sort in the order made.
    fn id(&mut self, now: Timestamp) -> uuid::Uuid {
        self.counter = self.counter.wrapping_add(1);
        let mut random = [0; 10];
        random.copy_from_slice(&self.row.id.0.as_bytes()[6..]);
        random[..2].copy_from_slice(&self.counter.to_be_bytes());
        uuid_v7(now, random)
    }
    pub fn recording_id(&mut self, now: Timestamp) -> RecordingId {
        RecordingId(self.id(now))
    }

    pub fn record(&self, now: Timestamp, kind: EventKind, out: &mut Vec<Effect>) {
        if self.quiet {
            return;
        }
        let (agent, queue) = (self.row.agent, self.row.queue);
        out.push(Effect::Record(Draft { at: now, interaction: Some(self.row.id), agent, queue, kind }));
    }

    pub fn open(&mut self, now: Timestamp, kind: SegmentKind, agent: Option<UserId>) {
        let id = SegmentId(self.id(now));
        self.open.push(Segment {
            id,
            interaction: self.row.id,
            kind,
            queue: self.row.queue,
            agent,
            started_at: now,
            ended_at: None,
            result: None,
        });
    }
    /// Closes the open segments of this kind and adds talk and hold time up.
    pub fn close(&mut self, now: Timestamp, kind: SegmentKind, result: &str, out: &mut Vec<Effect>) {
        while let Some(i) = self.open.iter().position(|s| s.kind == kind) {
            self.finish(i, now, result, out);
        }
    }
    /// The open segment of this kind and agent only: others may ring too.
    pub fn close_of(&mut self, now: Timestamp, kind: SegmentKind, agent: UserId, result: &str, out: &mut Vec<Effect>) {
        while let Some(i) = self.open.iter().position(|s| s.kind == kind && s.agent == Some(agent)) {
            self.finish(i, now, result, out);
        }
    }
    /// Stretches of what turned out to be no interaction yet.
    pub fn forget_open(&mut self) {
        self.open.clear();
    }
    pub fn close_all(&mut self, now: Timestamp, result: &str, out: &mut Vec<Effect>) {
        while let Some(i) = self.open.len().checked_sub(1) {
            self.finish(i, now, result, out);
        }
    }
    fn finish(&mut self, index: usize, now: Timestamp, result: &str, out: &mut Vec<Effect>) {
        let mut segment = self.open.remove(index);
        let took = now.ms_since(segment.started_at);
        match segment.kind {
            SegmentKind::Talk => self.row.talk_ms += took,
            SegmentKind::Hold => self.row.hold_ms += took,
            SegmentKind::Queue => self.row.wait_ms += took,
            _ => {}
        }
        segment.ended_at = Some(segment.started_at.max(now));
        segment.result = Some(result.to_owned());
        if !self.quiet {
            out.push(Effect::Segment(segment));
        }
    }
    /// Time waited so far in all queues, the running wait included.
    pub fn waited_ms(&self, now: Timestamp) -> u64 {
        self.row.wait_ms + self.open.iter().filter(|s| s.kind == SegmentKind::Queue).map(|s| now.ms_since(s.started_at)).sum::<u64>()
    }

    pub fn save(&self, out: &mut Vec<Effect>) {
        if !self.quiet {
            out.push(Effect::Save(Box::new(self.row.clone())));
        }
    }

    pub fn ended(&mut self, now: Timestamp, outcome: Outcome, hangup: HangupCause, out: &mut Vec<Effect>) {
        self.row.state = InteractionState::Ended;
        self.row.outcome = Some(outcome);
        self.row.hangup = Some(hangup.clone());
        self.row.ended_at = Some(now);
        self.record(now, EventKind::InteractionEnded { outcome, hangup }, out);
        self.save(out);
        if !self.quiet {
            out.push(Effect::LiveEnded { agent: self.row.agent });
        }
    }

    pub fn live(&self, call: CallId, held: bool, muted: bool, recording: bool, resume_until: Option<Timestamp>) -> CallLive {
        let r = &self.row;
        CallLive {
            call,
            state: r.state,
            direction: r.direction,
            remote: r.remote.clone(),
            local: r.local.clone(),
            customer: r.customer,
            queue: r.queue,
            agent: r.agent,
            caller: self.caller,
            started_at: r.started_at,
            answered_at: r.answered_at,
            held,
            muted,
            recording,
            resume_until,
        }
    }
}

/// The first row of an interaction, before anything happened.
pub(super) fn first_row(call: CallId, now: Timestamp, direction: Direction, setup: &super::Setup) -> Interaction {
    Interaction {
        id: call.into(),
        channel: crate::interaction::Channel::Voice,
        direction,
        state: if direction == Direction::Inbound { InteractionState::Entry } else { InteractionState::Dialling },
        outcome: None,
        remote: setup.remote.clone(),
        local: setup.local.clone(),
        number: None,
        trunk: setup.trunk,
        queue: None,
        agent: None,
        customer: None,
        started_at: now,
        queued_at: None,
        answered_at: None,
        ended_at: None,
        wait_ms: 0,
        talk_ms: 0,
        hold_ms: 0,
        wrap_up_ms: 0,
        hangup: None,
        wrap_up_code: None,
        note: None,
        recording: None,
    }
}
