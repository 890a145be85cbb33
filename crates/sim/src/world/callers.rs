//! The callers: how they come, wait, give up, are answered, sent on and done.
use super::{Call, End, Happening, OVERFLOWS_MAX, Observer, World, interaction, slot_of};
use crate::chance::{quantile_us, unit_of};
use crate::floor::Violation;
use crate::plan::{PlanQueue, PlanReplay};
use crate::scenario::Distribution;
use domain::InteractionId;
use domain::routing::{Enqueue, Input};

/// Tells replayed callers from drawn ones of the same queue.
const REPLAYED: u64 = 0x5245_504c_4159;

/// Who the caller with this number is; none: a stranger.
fn kind(q: &PlanQueue, seed: u64, number: u64) -> Option<u32> {
    if q.kinds.is_empty() {
        return None;
    }
    let unit = unit_of(seed ^ q.stream, number, 5);
    q.kinds.iter().find(|(up_to, _)| unit < *up_to).map(|(_, caller)| *caller)
}

/// What chance decides about a caller.
struct Luck {
    /// Stream and number: what names it.
    name: (u64, u64),
    handle_us: u64,
    wrap_us: u64,
    patience_us: Option<u64>,
    caller: Option<u32>,
    prefer: Option<u32>,
    may_move: bool,
}

impl<O: Observer> World<'_, O> {
    pub(super) fn plan_arrival(&mut self, queue: usize) {
        let (Some(q), Some(arriving)) = (self.plan.queues.get(queue), self.arriving.get_mut(queue)) else { return };
        let work = arriving.gaps.exponential();
        // The profile runs on the clock of the day.
        let clock = self.now_us + self.plan.start_us;
        if let Some(at) = q.rate.after(clock, work, self.plan.length_us + self.plan.start_us) {
            self.sources += 1;
            self.plan(at - self.plan.start_us, Happening::Arrival(queue as u32));
        }
    }

    pub(super) fn plan_replay(&mut self, index: usize) {
        if let Some(replay) = self.plan.replay.get(index).filter(|r| r.at_us <= self.plan.length_us) {
            self.sources += 1;
            self.plan(replay.at_us, Happening::Replay(index as u32));
        }
    }

    /// The next caller of this queue.
    pub(super) fn arrive(&mut self, queue: usize) -> Result<(), Violation> {
        let plan = self.plan;
        let (Some(q), Some(from)) = (plan.queues.get(queue), self.arriving.get_mut(queue)) else { return Ok(()) };
        from.number += 1;
        // Everything is drawn, needed or not: the next caller's luck does not hang on this one's.
        let luck = Luck {
            name: (q.stream, from.number),
            handle_us: from.handling.draw_us(&q.handling),
            wrap_us: q.wrap_up.map_or(0, |w| from.wrap_up.draw_us(&w)),
            patience_us: q.patience.map(|p| from.patience.draw_us(&p)),
            caller: kind(q, self.seed, from.number),
            prefer: None,
            may_move: true,
        };
        self.come(queue, luck, 0)
    }

    /// One that came before.
    pub(super) fn replayed(&mut self, was: &PlanReplay) -> Result<(), Violation> {
        let plan = self.plan;
        let Some(q) = plan.queues.get(was.queue) else { return Ok(()) };
        let name = (q.stream ^ REPLAYED, was.at_us as u64);
        let unit = |purpose: u64| unit_of(self.seed ^ name.0, name.1, purpose);
        let drawn_us = |of: Option<Distribution>, purpose: u64| of.map(|d| quantile_us(&d, unit(purpose)));
        let luck = Luck {
            name,
            handle_us: was.handle_us.unwrap_or_else(|| quantile_us(&q.handling, unit(2))),
            wrap_us: was.wrap_us.or_else(|| drawn_us(q.wrap_up, 3)).unwrap_or(0),
            patience_us: was.patience_us.or_else(|| drawn_us(q.patience, 4).map(|us| us.saturating_add(was.patience_over_us))),
            caller: was.caller,
            prefer: was.prefer,
            may_move: was.may_move,
        };
        self.come(was.queue, luck, was.priority)
    }

    fn come(&mut self, queue: usize, luck: Luck, priority: u8) -> Result<(), Violation> {
        let Some(from) = self.arriving.get_mut(queue) else { return Ok(()) };
        let gap_us = (self.now_us - from.last_us).max(0) as u64;
        from.last_us = self.now_us;
        self.serial = self.serial.wrapping_add(1);
        let mut call = Call {
            serial: self.serial,
            open: true,
            waiting: true,
            queue,
            first_queue: queue,
            first_us: self.now_us,
            entered_us: self.now_us,
            waited: true,
            waited_first: true,
            fresh: true,
            handle_us: luck.handle_us,
            wrap_us: luck.wrap_us,
            luck: luck.name,
            extra_priority: priority,
            caller: luck.caller,
            prefer: luck.prefer,
            may_move: luck.may_move,
            ..Call::default()
        };
        self.observer.arrived(&mut call, gap_us);
        let slot = self.vacant.pop().unwrap_or(self.calls.len() as u32);
        self.wishes(&mut call, slot);
        match self.calls.get_mut(slot as usize) {
            Some(place) => *place = call,
            None => self.calls.push(call),
        }
        self.open_calls += 1;
        if let Some(us) = luck.patience_us {
            self.plan_after(us, Happening::HangUp { slot, serial: call.serial });
        }
        self.enter(slot, &call);
        self.feed_all()
    }

    pub(super) fn enter(&mut self, slot: u32, call: &Call) {
        self.observer.entered(call);
        self.enqueue(slot, call, false);
    }

    /// Asks the router for a place; `again`: for the one it has.
    pub(super) fn enqueue(&mut self, slot: u32, call: &Call, again: bool) {
        let plan = self.plan;
        let Some(q) = plan.queues.get(call.queue) else { return };
        let own_needs = call.own_needs.and_then(|n| plan.trouble.as_ref()?.own_needs.get(usize::from(n)));
        let card = call.caller.and_then(|c| plan.callers.get(c as usize)).cloned().unwrap_or_default();
        let enqueue = Enqueue {
            card,
            may_move: call.may_move,
            priority: q.priority.saturating_add(call.extra_priority),
            head: call.head,
            again,
            needs: own_needs.cloned(),
            prefer: call.prefer.and_then(|a| plan.agents.get(a as usize)).map(|a| a.user),
            ..Enqueue::new(interaction(slot, call.serial), q.config.id, self.at(call.first_us))
        };
        self.inputs.push_back(Input::Enqueue(enqueue));
    }

    pub(super) fn hang_up(&mut self, slot: u32, serial: u32) -> Result<(), Violation> {
        let Some(call) = self.calls.get(slot as usize).copied().filter(|c| c.open && c.waiting && c.serial == serial) else {
            return Ok(());
        };
        self.close(slot);
        self.observer.ended(self.now_us, &call, End::Abandoned);
        let interaction = interaction(slot, serial);
        // Answered, but not connected yet: the agent is let go.
        if let Some((agent, a)) = call.agent.and_then(|a| Some((a as usize, self.plan.agents.get(a as usize)?))) {
            self.hung_up_with(agent, 0);
            self.feed(Input::Released { agent: a.user, interaction, queue: None, wrap_up_ms: 0, away: None })?;
        }
        self.feed(Input::Leave { interaction, reason: "caller_left".into() })
    }

    pub(super) fn talk_over(&mut self, agent: usize, slot: u32) -> Result<(), Violation> {
        let plan = self.plan;
        let (Some(a), Some(call)) = (plan.agents.get(agent), self.calls.get(slot as usize).copied()) else { return Ok(()) };
        self.close(slot);
        let queue = plan.queues.get(call.queue).map(|q| q.config.id);
        // The router counts milliseconds; half of one is lost or won.
        let wrap_up_ms = (call.wrap_us + 500) / 1000;
        self.hung_up_with(agent, call.wrap_us);
        self.feed(Input::Released { agent: a.user, interaction: interaction(slot, call.serial), queue, wrap_up_ms, away: None })
    }

    pub(super) fn close(&mut self, slot: u32) {
        if let Some(call) = self.calls.get_mut(slot as usize).filter(|c| c.open) {
            call.open = false;
            self.vacant.push(slot);
            self.open_calls -= 1;
        }
    }

    pub(super) fn assigned(&mut self, interaction: InteractionId, agent: usize) {
        let slot = slot_of(interaction);
        if let Some(worker) = self.workers.get_mut(agent) {
            (worker.ringing, worker.rings_for) = (None, None);
        }
        let known = self.open_call(interaction).is_some();
        let Some(call) = self.calls.get_mut(slot as usize).filter(|_| known) else { return };
        if std::mem::take(&mut call.gone_on_answer) {
            let call = *call;
            self.close(slot);
            self.observer.ended(self.now_us, &call, End::Abandoned);
            let user = self.plan.agents.get(agent).map(|a| a.user);
            let release = |agent| Input::Released { agent, interaction, queue: None, wrap_up_ms: 0, away: None };
            return self.inputs.extend(user.map(release));
        }
        call.agent = Some(agent as u32);
        let serial = call.serial;
        if let Some(desk) = self.desk(agent) {
            desk.talks = Some(slot);
        }
        if self.media_will_fail(agent, slot, serial) {
            return;
        }
        let Some(call) = self.calls.get_mut(slot as usize) else { return };
        call.waiting = false;
        let call = *call;
        self.observer.ended(self.now_us, &call, End::Answered);
        self.plan_after(call.handle_us, Happening::TalkOver { agent: agent as u32, slot });
    }

    /// A rule sends it on before it stood anywhere.
    pub(super) fn moved(&mut self, interaction: InteractionId, queue: usize) {
        let slot = slot_of(interaction);
        let known = self.open_call(interaction).is_some();
        let Some(call) = self.calls.get_mut(slot as usize).filter(|_| known) else { return };
        self.observer.moved(call);
        (call.queue, call.first_queue, call.may_move) = (queue, queue, false);
        let call = *call;
        self.enter(slot, &call);
    }

    pub(super) fn overflowed(&mut self, interaction: InteractionId, to: Option<usize>) {
        let slot = slot_of(interaction);
        let known = self.open_call(interaction).is_some();
        let Some(call) = self.calls.get_mut(slot as usize).filter(|_| known) else { return };
        let Some(queue) = to.filter(|_| call.overflows < OVERFLOWS_MAX) else {
            let call = *call;
            self.close(slot);
            return self.observer.ended(self.now_us, &call, End::OverflowedOut);
        };
        self.observer.ended(self.now_us, call, End::OverflowedOn);
        call.overflows += 1;
        (call.queue, call.entered_us, call.waited, call.fresh, call.head) = (queue, self.now_us, true, true, false);
        call.may_move = false;
        let call = *call;
        self.enter(slot, &call);
    }
}
