//! The callers: how they come, wait, give up, are answered, sent on and done.
use super::{Call, End, Happening, OVERFLOWS_MAX, Observer, START, World, interaction, slot_of};
use crate::floor::Violation;
use domain::routing::{Card, Enqueue, Input};
use domain::{InteractionId, Timestamp};

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

    pub(super) fn arrive(&mut self, queue: usize, handle_us: Option<u64>, patience_us: Option<u64>) -> Result<(), Violation> {
        let plan = self.plan;
        let (Some(q), Some(from)) = (plan.queues.get(queue), self.arriving.get_mut(queue)) else { return Ok(()) };
        from.number += 1;
        let gap_us = (self.now_us - from.last_us).max(0) as u64;
        from.last_us = self.now_us;
        // Everything is drawn, needed or not: the next caller's luck does not hang on this one's.
        let handle_us = handle_us.unwrap_or(from.handling.draw_us(&q.handling));
        let wrap_us = q.wrap_up.map_or(0, |w| from.wrap_up.draw_us(&w));
        let drawn_us = q.patience.map(|p| from.patience.draw_us(&p));
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
            handle_us,
            wrap_us,
            luck: (q.stream, from.number),
            ..Call::default()
        };
        self.observer.arrived(&mut call, gap_us);
        let slot = self.vacant.pop().unwrap_or(self.calls.len() as u32);
        match self.calls.get_mut(slot as usize) {
            Some(place) => *place = call,
            None => self.calls.push(call),
        }
        self.open_calls += 1;
        if let Some(us) = patience_us.or(drawn_us) {
            self.plan_after(us, Happening::HangUp { slot, serial: call.serial });
        }
        self.enter(slot, &call);
        self.feed_all()
    }

    pub(super) fn enter(&mut self, slot: u32, call: &Call) {
        self.observer.entered(call);
        let Some(q) = self.plan.queues.get(call.queue) else { return };
        let enqueue = Enqueue {
            interaction: interaction(slot, call.serial),
            queue: q.config.id,
            priority: q.priority,
            card: Card::default(),
            since: Timestamp(START.as_us().saturating_add(call.first_us)),
            head: false,
            needs: None,
            prefer: None,
            estimate_ms: None,
        };
        self.inputs.push_back(Input::Enqueue(enqueue));
    }

    pub(super) fn hang_up(&mut self, slot: u32, serial: u32) -> Result<(), Violation> {
        let Some(call) = self.calls.get(slot as usize).copied().filter(|c| c.open && c.waiting && c.serial == serial) else {
            return Ok(());
        };
        self.close(slot);
        self.observer.ended(self.now_us, &call, End::Abandoned);
        self.feed(Input::Leave { interaction: interaction(slot, serial), reason: "caller_left".into() })
    }

    pub(super) fn talk_over(&mut self, agent: usize, slot: u32) -> Result<(), Violation> {
        let plan = self.plan;
        let (Some(a), Some(call)) = (plan.agents.get(agent), self.calls.get(slot as usize).copied()) else { return Ok(()) };
        self.close(slot);
        let queue = plan.queues.get(call.queue).map(|q| q.config.id);
        // The router counts milliseconds; half of one is lost or won.
        let wrap_up_ms = (call.wrap_us + 500) / 1000;
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
            worker.ringing = None;
        }
        let Some(call) = self.calls.get_mut(slot as usize).filter(|c| c.open) else { return };
        call.waiting = false;
        let call = *call;
        self.observer.ended(self.now_us, &call, End::Answered);
        self.plan_after(call.handle_us, Happening::TalkOver { agent: agent as u32, slot });
    }

    pub(super) fn overflowed(&mut self, interaction: InteractionId, to: Option<usize>) {
        let slot = slot_of(interaction);
        let Some(call) = self.calls.get_mut(slot as usize).filter(|c| c.open) else { return };
        let Some(queue) = to.filter(|_| call.overflows < OVERFLOWS_MAX) else {
            let call = *call;
            self.close(slot);
            return self.observer.ended(self.now_us, &call, End::OverflowedOut);
        };
        self.observer.ended(self.now_us, call, End::OverflowedOn);
        call.overflows += 1;
        (call.queue, call.entered_us, call.waited, call.fresh) = (queue, self.now_us, true, true);
        let call = *call;
        self.enter(slot, &call);
    }
}
