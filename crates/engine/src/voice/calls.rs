//! Feeding calls and carrying out what their machines say.
use super::cell::{CHAIN_LEN_MAX, CallCell, Waiter};
use super::driver::Driver;
use super::leg::Kind;
use crate::customers::{LOOKUP_TIMEOUT_MS, NUMBER_LEN_MIN};
use crate::handle::{CommandError, Connected, LiveChange};
use crate::port::CallbackNews;
use domain::CallId;
use domain::call::{Call, Effect, Input, Limits, Setup};
use domain::event::{Draft, EventKind};
use domain::interaction::{Channel, Direction, HangupBy, HangupCause, InteractionState, Outcome};
use domain::routing::kept_places;
use media::session::Command as Media;
use std::time::Duration;

impl Driver {
    /// Begins a call and carries out its first effects. `prepare` adds what exists already (leg 0, a browser's offer).
    pub fn begin(&mut self, setup: Setup, prepare: impl FnOnce(&mut CallCell)) -> CallId {
        let id = setup.call;
        let mut effects = Vec::with_capacity(8);
        let machine = Call::start(self.now, setup, self.directory.clone(), Limits::default(), &mut effects);
        let mut cell = Box::new(CallCell::new(id, machine));
        prepare(&mut cell);
        cell.effects = effects;
        metrics::counter!("zhiyin_calls_total").increment(1);
        self.settle(cell);
        id
    }

    /// Calls that somebody takes part in, or will soon: places kept for callbacks are none.
    pub fn running(&self) -> usize {
        self.calls.len().saturating_sub(self.places)
    }

    pub fn tell_book(&self, news: CallbackNews) {
        if self.ctx.callbacks.try_send(news).is_err() {
            metrics::counter!("zhiyin_callback_news_dropped_total").increment(1);
        }
    }

    /// Gives one input to a call; unknown calls are over and ignore it.
    pub fn feed(&mut self, id: CallId, input: Input) {
        if let Some(mut cell) = self.calls.remove(&id) {
            cell.pending.push_back(input);
            self.settle(cell);
        }
    }

    /// Runs a call until it has nothing more to do, then puts it back with its next timer, or lets it go. A defect in one call ends
    /// that call and no other.
    pub fn settle(&mut self, mut cell: Box<CallCell>) {
        let ran = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.run_chain(&mut cell)));
        if ran.is_err() {
            self.abandon(&mut cell);
        }
        let next = if cell.finished { None } else { cell.machine.next_timeout().map(|(at, _)| at) };
        if next != cell.timer {
            if let Some(old) = cell.timer {
                self.timers.remove(&(old, cell.id));
            }
            if let Some(at) = next {
                self.timers.insert((at, cell.id));
            }
            cell.timer = next;
        }
        let place = !cell.finished && cell.machine.is_place();
        self.places = self.places + usize::from(place) - usize::from(cell.place);
        cell.place = place;
        if cell.finished {
            self.forget(cell);
        } else {
            self.calls.insert(cell.id, cell);
        }
    }

    fn run_chain(&mut self, cell: &mut CallCell) {
        let mut chain = 0;
        loop {
            let effects = std::mem::take(&mut cell.effects);
            for effect in effects {
                self.apply(cell, effect);
            }
            let Some(input) = cell.pending.pop_front() else { return };
            chain += 1;
            if chain == CHAIN_LEN_MAX {
                tracing::error!(call = %cell.id, "call goes round in circles: ended");
                cell.machine.handle(self.now, Input::Shutdown, &mut cell.effects);
                continue;
            }
            let CallCell { machine, effects, .. } = cell;
            machine.handle(self.now, input, effects);
        }
    }

    /// A call whose machine or driver panicked: its legs are ended and its row closed; the reconciler frees its agents.
    fn abandon(&mut self, cell: &mut CallCell) {
        metrics::counter!("zhiyin_calls_panicked_total").increment(1);
        tracing::error!(call = %cell.id, "a defect ended this call");
        cell.effects.clear();
        cell.pending.clear();
        let keys: Vec<_> = cell.legs.iter().filter_map(|l| if let Kind::Sip(sip) = &l.kind { Some(sip.key) } else { None }).collect();
        for key in keys {
            self.sip(signaling::Command::Bye { key, reason: None });
        }
        let mut row = cell.machine.interaction().clone();
        if row.ended_at.is_none() {
            let hangup = HangupCause { by: HangupBy::System, sip_status: Some(500), q850: Some(41) };
            row.state = InteractionState::Ended;
            row.outcome = Some(Outcome::Failed);
            row.ended_at = Some(self.now);
            row.hangup = Some(hangup.clone());
            let kind = EventKind::InteractionEnded { outcome: Outcome::Failed, hangup };
            self.ctx.writer.event(Draft { at: self.now, interaction: Some(row.id), agent: row.agent, queue: row.queue, kind });
            self.ctx.live.apply(LiveChange::CallEnded { call: cell.id, agent: row.agent, channel: Channel::Voice });
            self.ctx.writer.interaction(row);
        }
        cell.finished = true;
    }

    fn forget(&mut self, mut cell: Box<CallCell>) {
        if let Some(end) = cell.machine.callback_end() {
            self.tell_book(CallbackNews::Ended { call: cell.id, end });
        }
        for (_, waiter) in cell.waiters.drain(..) {
            // Whoever asked may be gone; that is no error.
            match waiter {
                Waiter::Done(reply) => drop(reply.send(Err(CommandError::Conflict("the call has ended")))),
                Waiter::Joined(reply) => drop(reply.send(Err(CommandError::Conflict("the call has ended")))),
                Waiter::Browser => {}
            }
        }
        if let Some(offer) = cell.browser.take() {
            // The asker may be gone.
            let _ = offer.reply.send(Err(CommandError::Conflict("the call has ended")));
        }
        for leg in std::mem::take(&mut cell.legs) {
            self.leg_gone(&mut cell, &leg);
        }
        for (_, trunk) in std::mem::take(&mut cell.trunks) {
            self.trunk_call_ended(trunk);
        }
    }

    fn apply(&mut self, cell: &mut CallCell, effect: Effect) {
        match effect {
            Effect::Ring { leg, early_media } => self.ring(cell, leg, early_media),
            Effect::Answer { leg } => self.answer(cell, leg),
            Effect::HangUp { leg, cause } => self.hang_up(cell, leg, cause),
            Effect::Dial { leg, side, to, caller, near } => self.dial(cell, leg, side, to, caller.reveal(), near),
            Effect::OpenBrowser { leg, agent } => self.open_browser(cell, leg, agent),
            Effect::Adopt { leg, side } => self.adopt(cell, leg, side),
            Effect::Play { leg, play, sounds, repeat } => self.play(cell, leg, play, sounds, repeat),
            Effect::StopPlay { leg } => self.stop_play(cell, leg),
            Effect::Bridge { a, b } => self.bridge(cell, a, b),
            Effect::Unbridge => self.unbridge(cell),
            Effect::Hear { from, to, on } => {
                if let (Some(from), Some(to)) = (cell.media_of(from), cell.media_of(to)) {
                    cell.media(Media::Gain { from, to, gain: if on { 1.0 } else { 0.0 } });
                }
            }
            Effect::Echo { leg } => {
                if let Some(leg) = cell.media_of(leg) {
                    cell.media(Media::Echo { leg, on: true });
                }
            }
            Effect::Mute { leg, on } => {
                if let Some(leg) = cell.media_of(leg) {
                    cell.media(Media::Mute { leg, on });
                }
            }
            Effect::SendDigits { leg, digits } => self.send_digits(cell, leg, digits),
            Effect::RecordStart { recording } => self.record_start(cell, recording),
            Effect::RecordStop => cell.media(Media::RecordStop),
            Effect::Route(request) => self.route(cell, request),
            Effect::Book(wish) => {
                let call = cell.id;
                if self.ctx.callbacks.try_send(CallbackNews::Wished { call, wish }).is_err() {
                    cell.pending.push_back(Input::Booked { taken: false });
                }
            }
            Effect::Unbook => self.tell_book(CallbackNews::Unwished { call: cell.id }),
            Effect::Dialled => self.tell_book(CallbackNews::Dialled { call: cell.id }),
            Effect::Identify => self.identify(cell),
            Effect::Reply { request, result } => self.reply(cell, request, result),
            Effect::ReferProgress { leg, status } => {
                if let Some(Kind::Sip(sip)) = cell.leg(leg).map(|l| &l.kind) {
                    let key = sip.key;
                    self.sip(signaling::Command::NotifyRefer { key, status });
                }
            }
            Effect::Save(row) => self.ctx.writer.interaction(*row),
            Effect::Segment(segment) => self.ctx.writer.segment(segment),
            Effect::Record(draft) => self.ctx.writer.event(draft),
            Effect::Live(live) => self.ctx.live.apply(LiveChange::Call(*live)),
            Effect::LiveEnded { agent } => self.ctx.live.apply(LiveChange::CallEnded { call: cell.id, agent, channel: Channel::Voice }),
            Effect::Finished => cell.finished = true,
        }
    }

    fn reply(&mut self, cell: &mut CallCell, request: u32, result: Result<(), &'static str>) {
        let Some(i) = cell.waiters.iter().position(|(r, _)| *r == request) else { return };
        let (_, waiter) = cell.waiters.swap_remove(i);
        // Whoever asked may be gone; that is no error.
        match (waiter, result) {
            (Waiter::Done(reply), result) => drop(reply.send(result.map_err(CommandError::Conflict))),
            (Waiter::Joined(reply), result) => {
                let joined = result.map(|()| Connected { call: cell.id, sdp_answer: None });
                drop(reply.send(joined.map_err(CommandError::Conflict)));
            }
            (Waiter::Browser, Err(why)) => {
                if let Some(offer) = cell.browser.take() {
                    drop(offer.reply.send(Err(CommandError::Conflict(why))));
                }
            }
            (Waiter::Browser, Ok(())) => {}
        }
    }

    fn bridge(&mut self, cell: &mut CallCell, a: domain::LegId, b: domain::LegId) {
        self.stop_play(cell, a);
        self.stop_play(cell, b);
        let (Some(ma), Some(mb)) = (cell.media_of(a), cell.media_of(b)) else { return };
        if cell.bridge != Some((ma.0, mb.0)) {
            self.unbridge(cell);
            cell.bridge = Some((ma.0, mb.0));
        }
        cell.media(Media::Bridge { a: ma, b: mb });
    }

    pub fn unbridge(&mut self, cell: &mut CallCell) {
        if let Some((a, b)) = cell.bridge.take() {
            cell.media(Media::Unbridge { a: media::session::LegId(a), b: media::session::LegId(b) });
        }
    }

    /// Looks the caller up without holding anything up.
    fn identify(&mut self, cell: &mut CallCell) {
        let (id, remote) = (cell.id, cell.machine.interaction().remote.clone());
        let (customers, inbox) = (self.ctx.customers.clone(), self.inbox.clone());
        self.find_announcement(cell);
        let setup = self.ctx.setup.load();
        let rules = setup.queues.iter().flat_map(|q| &q.routing.rules).chain(&setup.routing_rules);
        let keeps_agents = setup.queues.iter().any(|q| q.routing.preferred_wait_ms > 0)
            || rules.into_iter().any(|r| r.prefer_last_agent_ms.is_some_and(|ms| ms > 0));
        self.find_kept_places(cell);
        self.runtime.spawn(async move {
            let Some(found) = customers.find(remote.reveal()).await else { return };
            let agent = if keeps_agents { customers.last_agent(found.customer).await } else { None };
            // A driver that is gone needs no customer.
            let _ = inbox.send(super::driver::Inbox::Customer(id, found, agent)).await;
        });
    }

    /// Whether the caller was in a line a short while ago.
    fn find_kept_places(&self, cell: &CallCell) {
        let (id, row, now) = (cell.id, cell.machine.interaction(), self.now);
        let setup = self.ctx.setup.load_full();
        let digits = row.remote.reveal().chars().filter(char::is_ascii_digit).count();
        if row.direction != Direction::Inbound || digits < NUMBER_LEN_MIN || setup.queues.iter().all(|q| q.routing.resume_ms == 0) {
            return;
        }
        let (customers, inbox, remote) = (self.ctx.customers.clone(), self.inbox.clone(), row.remote.clone());
        let writer = self.ctx.writer.clone();
        self.runtime.spawn(async move {
            // The call before may have ended a moment ago; a store that does not take it in time does not know it either.
            let _ = tokio::time::timeout(Duration::from_millis(LOOKUP_TIMEOUT_MS), writer.written()).await;
            let calls = customers.earlier_calls(remote.reveal(), id.into()).await;
            let resume_ms = |id| setup.queues.iter().find(|q| q.id == id).map_or(0, |q| q.routing.resume_ms);
            let places = kept_places(now, &calls, resume_ms);
            if !places.is_empty() {
                // A driver that is gone has no caller.
                let _ = inbox.send(super::driver::Inbox::Places(id, places)).await;
            }
        });
    }
}
