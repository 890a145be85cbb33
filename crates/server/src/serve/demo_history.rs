//! The demo company's last three days: calls that never were, so that its lists are not empty. Made once, from the seed.
//! Yesterday is a whole working day ([`super::demo_day`]); the calls of the other days are strewn at random.
use domain::calendar::Date;
use domain::config::{Customer, Queue};
use domain::event::{Event, EventKind};
use domain::interaction::{
    Channel, Direction, HangupBy, HangupCause, Interaction, InteractionState, LegQuality, LegReport, Outcome, Segment, SegmentKind,
};
use domain::{EventId, InteractionId, LegId, OfferId, Pii, SegmentId, Timestamp, UserId};
use engine::IdSource;
use store::repo::config::{kind::Queues, list_all};
use store::repo::customers;
use store::{PageRequest, Record, Tx};

/// How many calls, and how far back.
const CALLS: u64 = 48;
const SPAN_MS: u64 = 3 * 24 * 3_600_000;
/// Every this many callers give up while waiting.
const ABANDONED_EVERY: u64 = 7;

const NOTES: [&str; 8] = [
    "已解释账单明细，客户认可。",
    "预约周六上午上门维修。",
    "客户要求主管回电。",
    "退货已受理，等待取件。",
    "Explained the warranty, customer satisfied.",
    "指导重置路由器后恢复正常。",
    "Wants a call back after 18:00.",
    "核实地址后已修改配送信息。",
];
const CODES: [&str; 5] = ["solved", "solved", "follow_up", "repair", "refund"];

/// Writes the history into the demo's own transaction.
///
/// # Errors
/// What the store says.
pub async fn write(tx: &Tx, ids: &IdSource, now: Timestamp, utc_offset_s: i32) -> store::Result<()> {
    let queues: Vec<Queue> = list_all::<Queues>(tx).await?.into_iter().map(|r| r.value).filter(|q| !q.members.is_empty()).collect();
    let people = customers::list(tx, None, PageRequest { cursor: None, limit: Some(100) }).await?;
    let people: Vec<Customer> = people.items.into_iter().map(|r| r.value).collect();
    if queues.is_empty() || people.is_empty() {
        return Ok(());
    }
    let today = Date::at(now, utc_offset_s);
    let (yesterday, midnight) = (today.plus_days(-1).unwrap_or(today).begins(utc_offset_s), today.begins(utc_offset_s));
    let mut records = Vec::new();
    for n in 0..CALLS {
        let back_ms = SPAN_MS * (CALLS - n) / CALLS + ids.next_u64() % 900_000;
        let started = Timestamp(now.as_us() - (back_ms as i64) * 1000);
        let queue = pick(ids, &queues);
        let customer = pick(ids, &people);
        if started >= yesterday && started < midnight {
            continue;
        }
        let call = Call { ids, started, queue, customer };
        if n % ABANDONED_EVERY == ABANDONED_EVERY - 1 { call.left_somewhen(&mut records) } else { call.handled_somehow(&mut records) }
    }
    super::demo_day::write(ids, yesterday, &queues, &people, &mut records);
    let service = queues.iter().find(|q| q.key == "service").or(queues.first());
    service.into_iter().for_each(|queue| super::demo_callbacks::write(ids, now, queue, &people, &mut records));
    tx.append(records).await
}

pub(super) fn pick<'a, T>(ids: &IdSource, of: &'a [T]) -> &'a T {
    &of[(ids.next_u64() % of.len() as u64) as usize]
}

pub(super) struct Call<'a> {
    pub ids: &'a IdSource,
    pub started: Timestamp,
    pub queue: &'a Queue,
    pub customer: &'a Customer,
}

/// When what happened to a caller who was answered.
pub(super) struct Answered {
    pub agent: UserId,
    pub queued: Timestamp,
    pub offered: Timestamp,
    pub answered: Timestamp,
    pub ended: Timestamp,
    pub wrap_up_ms: u64,
}

impl Call<'_> {
    fn between(&self, min_ms: u64, max_ms: u64) -> u64 {
        min_ms + self.ids.next_u64() % (max_ms - min_ms)
    }

    fn base(&self, id: InteractionId, queued: Timestamp) -> Interaction {
        Interaction {
            id,
            channel: Channel::Voice,
            direction: Direction::Inbound,
            state: InteractionState::Ended,
            outcome: None,
            remote: self.customer.phones.first().cloned().unwrap_or_else(|| Pii::new(String::new())),
            local: "4000".into(),
            number: None,
            trunk: None,
            queue: Some(self.queue.id),
            agent: None,
            customer: Some(self.customer.id),
            started_at: self.started,
            queued_at: Some(queued),
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

    fn segment(&self, interaction: &Interaction, kind: SegmentKind, from: Timestamp, to: Timestamp, result: &str) -> Record {
        let agent = matches!(kind, SegmentKind::Talk | SegmentKind::WrapUp | SegmentKind::Offer).then_some(interaction.agent).flatten();
        Record::Segment(Segment {
            id: self.ids.new_id(from, SegmentId::from_parts),
            interaction: interaction.id,
            kind,
            queue: interaction.queue,
            agent,
            started_at: from,
            ended_at: Some(to),
            result: Some(result.to_owned()),
        })
    }

    fn event(&self, interaction: &Interaction, at: Timestamp, kind: EventKind) -> Record {
        Record::Event(Event {
            id: self.ids.new_id(at, EventId::from_parts),
            at,
            interaction: Some(interaction.id),
            agent: interaction.agent,
            queue: interaction.queue,
            kind,
        })
    }

    fn began(&self, i: &Interaction) -> EventKind {
        EventKind::InteractionStarted {
            channel: i.channel,
            direction: i.direction,
            remote: i.remote.clone(),
            local: i.local.clone(),
            number: None,
            trunk: None,
            customer: i.customer,
        }
    }

    fn handled_somehow(&self, out: &mut Vec<Record>) {
        let queued = self.started.plus_ms(self.between(9_000, 26_000));
        let offered = queued.plus_ms(self.between(500, 40_000));
        let answered = offered.plus_ms(self.between(1_500, 9_000));
        let (ended, wrap_up_ms) = (answered.plus_ms(self.between(40_000, 420_000)), self.between(5_000, 40_000));
        let agent = pick(self.ids, &self.queue.members).user;
        self.handled(&Answered { agent, queued, offered, answered, ended, wrap_up_ms }, out);
    }

    pub fn handled(&self, times: &Answered, out: &mut Vec<Record>) {
        let &Answered { agent, queued, offered, answered, ended, wrap_up_ms } = times;
        let id = self.ids.new_id(self.started, InteractionId::from_parts);
        let mut i = self.base(id, queued);
        i.outcome = Some(Outcome::Handled);
        i.agent = Some(agent);
        let talk_ms = ended.ms_since(answered);
        (i.answered_at, i.ended_at) = (Some(answered), Some(ended));
        (i.wait_ms, i.talk_ms, i.wrap_up_ms) = (answered.ms_since(queued), talk_ms, wrap_up_ms);
        i.hold_ms = if self.ids.next_u64().is_multiple_of(4) { self.between(5_000, 60_000).min(talk_ms) } else { 0 };
        let by = if self.ids.next_u64().is_multiple_of(3) { HangupBy::Agent } else { HangupBy::Customer };
        i.hangup = Some(HangupCause { by, sip_status: None, q850: Some(16) });
        i.wrap_up_code = Some((*pick(self.ids, &CODES)).to_owned());
        i.note = self.ids.next_u64().is_multiple_of(2).then(|| Pii::new((*pick(self.ids, &NOTES)).to_owned()));

        let offer = self.ids.new_id(offered, OfferId::from_parts);
        out.push(self.segment(&i, SegmentKind::Menu, self.started, queued, "digit_1"));
        out.push(self.segment(&i, SegmentKind::Queue, queued, answered, "answered"));
        out.push(self.segment(&i, SegmentKind::Offer, offered, answered, "answered"));
        out.push(self.segment(&i, SegmentKind::Talk, answered, ended, "ended"));
        out.push(self.segment(&i, SegmentKind::WrapUp, ended, ended.plus_ms(wrap_up_ms), "done"));
        out.push(self.event(&i, self.started, self.began(&i)));
        out.push(self.event(&i, queued, EventKind::Queued { priority: 0, callback: false }));
        out.push(self.event(&i, offered, EventKind::Offered { offer, ring_timeout_ms: self.queue.ring_timeout_ms }));
        out.push(self.event(&i, answered, EventKind::Answered { leg: LegId(1), wait_ms: i.wait_ms }));
        let hangup = i.hangup.clone().unwrap_or_default();
        out.push(self.event(&i, ended, EventKind::InteractionEnded { outcome: Outcome::Handled, hangup }));
        out.push(self.event(&i, ended.plus_ms(wrap_up_ms), EventKind::WrapUpDone { code: i.wrap_up_code.clone(), took_ms: wrap_up_ms }));
        for (leg, party) in [(0, "customer"), (1, "agent")] {
            out.push(self.leg(&i, leg, party));
        }
        out.push(Record::Interaction(i));
    }

    fn left_somewhen(&self, out: &mut Vec<Record>) {
        let queued = self.started.plus_ms(self.between(9_000, 26_000));
        self.abandoned(queued, queued.plus_ms(self.between(15_000, 90_000)), out);
    }

    pub fn abandoned(&self, queued: Timestamp, ended: Timestamp, out: &mut Vec<Record>) {
        let id = self.ids.new_id(self.started, InteractionId::from_parts);
        let mut i = self.base(id, queued);
        i.outcome = Some(Outcome::Abandoned);
        i.ended_at = Some(ended);
        i.wait_ms = ended.ms_since(queued);
        i.hangup = Some(HangupCause { by: HangupBy::Customer, sip_status: None, q850: Some(16) });
        out.push(self.segment(&i, SegmentKind::Menu, self.started, queued, "digit_2"));
        out.push(self.segment(&i, SegmentKind::Queue, queued, ended, "caller_left"));
        out.push(self.event(&i, self.started, self.began(&i)));
        out.push(self.event(&i, queued, EventKind::Queued { priority: 0, callback: false }));
        out.push(self.event(&i, ended, EventKind::Dequeued { wait_ms: i.wait_ms, reason: "caller_left".into() }));
        let hangup = i.hangup.clone().unwrap_or_default();
        out.push(self.event(&i, ended, EventKind::InteractionEnded { outcome: Outcome::Abandoned, hangup }));
        out.push(self.leg(&i, 0, "customer"));
        out.push(Record::Interaction(i));
    }

    fn leg(&self, i: &Interaction, leg: u16, party: &str) -> Record {
        let seconds = i.ended_at.map_or(0, |e| e.ms_since(i.started_at)) / 1000;
        let packets = seconds * 50;
        let lost = packets * (self.ids.next_u64() % 8) / 1000;
        let loss_pct = if packets == 0 { 0.0 } else { lost as f32 * 100.0 / packets as f32 };
        Record::Leg(LegReport {
            interaction: i.id,
            leg: LegId(leg),
            party: party.to_owned(),
            agent: i.agent.filter(|_| leg == 1),
            peer: if leg == 1 { "browser".into() } else { "127.0.0.1:5080".into() },
            codec: "PCMA".into(),
            quality: LegQuality {
                packets_received: packets - lost,
                packets_sent: packets,
                packets_lost: lost,
                loss_pct,
                jitter_ms: 1.0 + (self.ids.next_u64() % 40) as f32 / 10.0,
                round_trip_ms: Some(8.0 + (self.ids.next_u64() % 300) as f32 / 10.0),
                mos: (4.4 - loss_pct * 0.6).max(1.0),
                added_latency_ms: 0.3,
            },
        })
    }
}
