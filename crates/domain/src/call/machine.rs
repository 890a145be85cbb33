//! The machine itself: what it holds, how inputs reach the phase that is running, and how a call ends.
use super::directory::{Directory, Target};
use super::entry::Entry;
use super::history::{History, first_row};
use super::leg::{Leg, LegState};
use super::supervising::Supervision;
use super::types::*;
use crate::event::EventKind;
use crate::interaction::{Direction, HangupBy, HangupCause, Interaction, Outcome};
use crate::live::Device;
use crate::{CallId, CustomerId, LegId, Timestamp, UserId};
use std::sync::Arc;

/// A call may have this many legs in its life (transfers, resumes, offers); more end it.
pub const LEGS_MAX: u16 = 256;

pub struct Call {
    pub(super) id: CallId,
    pub(super) directory: Arc<Directory>,
    pub(super) limits: Limits,
    pub(super) legs: Vec<Leg>,
    pub(super) phase: Phase,
    pub(super) timers: [Option<Timestamp>; TIMERS.len()],
    pub(super) plays: u32,
    pub(super) history: History,
    pub(super) recording: Option<(crate::RecordingId, Timestamp)>,
    /// Agents the router holds for this call, and whether they talked (then wrap-up is due).
    pub(super) occupied: Vec<(UserId, bool)>,
    pub(super) identified: bool,
    pub(super) supervision: Supervision,
    pub(super) chosen: Chosen,
    /// What the number or its menu gave: kept from queue to queue until an agent decides.
    pub(super) priority: u8,
    pub(super) personal: super::personal::Personal,
    /// The customer did not want to wait and is called back.
    pub(super) callback: Option<Box<super::callback::Callback>>,
    legs_made: u16,
}

pub(super) enum Phase {
    /// Within `start` only.
    Starting,
    Entry {
        caller: LegId,
        step: Entry,
    },
    Waiting(super::waiting::Waiting),
    /// The agent's own side is being connected before anyone is dialled.
    AgentFirst {
        agent: LegId,
        target: Target,
    },
    Dialling(super::dial::Dialling),
    /// A callback's customer is dialled before any agent is on the line.
    Calling {
        customer: LegId,
    },
    Talking(super::talk::Talking),
    /// A last prompt or tone, then the end.
    Farewell {
        leg: LegId,
        play: u32,
        outcome: Outcome,
        cause: Cause,
    },
    /// Waiting for the legs to confirm their end.
    Ending,
    Finished,
}

impl Call {
    /// Begins a call. Leg 0 exists from here on: an unanswered INVITE, or (for `Origin::Click`) the agent's side, which
    /// the returned effects start.
    pub fn start(now: Timestamp, setup: Setup, directory: Arc<Directory>, limits: Limits, out: &mut Vec<Effect>) -> Call {
        let row = first_row(setup.call, now, direction(&setup.origin), &setup);
        let mut call = Call {
            id: setup.call,
            directory,
            limits,
            legs: Vec::with_capacity(2),
            phase: Phase::Starting,
            timers: [None; TIMERS.len()],
            plays: 0,
            history: History::new(row),
            recording: None,
            occupied: Vec::new(),
            identified: false,
            supervision: Supervision::default(),
            chosen: Chosen::default(),
            priority: 0,
            personal: Default::default(),
            callback: None,
            legs_made: 0,
        };
        call.set_timer(Timer::CallMax, now.plus_ms(limits.call_max_ms));
        match setup.origin {
            Origin::Inbound { number } => call.start_inbound(now, number, out),
            Origin::Phone { user, target } => call.start_phone(now, user, target, out),
            Origin::Click { user, device, target } => call.start_click(now, user, device, target, out),
            Origin::Callback(order) => call.start_callback(now, *order, out),
        }
        call
    }

    fn start_inbound(&mut self, now: Timestamp, number: crate::NumberId, out: &mut Vec<Effect>) {
        let caller = self.new_leg(Side::Customer, None, false, LegState::Offering { ringing: false });
        self.history.row.number = Some(number);
        self.started(now, out);
        self.run_plan(now, number, caller, out);
    }

    fn start_phone(&mut self, now: Timestamp, user: UserId, target: Target, out: &mut Vec<Effect>) {
        // A colleague who calls one of our numbers is served like a customer; otherwise it is an agent's call out.
        let served = matches!(target, Target::Number(_));
        let side = if served { Side::Customer } else { Side::Agent };
        let near = self.new_leg(side, Some(user), false, LegState::Offering { ringing: false });
        match served {
            true => self.history.caller = Some(user),
            false => self.history.row.agent = Some(user),
        }
        if let Target::Number(number) = target {
            self.history.row.number = Some(number);
        }
        self.started(now, out);
        self.occupy(user, out);
        self.proceed(now, near, target, out);
    }

    fn start_click(&mut self, now: Timestamp, user: UserId, device: Device, target: Target, out: &mut Vec<Effect>) {
        let served = matches!(target, Target::Number(_));
        let side = if served { Side::Customer } else { Side::Agent };
        match served {
            true => self.history.caller = Some(user),
            false => self.history.row.agent = Some(user),
        }
        self.started(now, out);
        self.occupy(user, out);
        let leg = self.connect_agent(now, user, device, side, out);
        self.phase = Phase::AgentFirst { agent: leg, target };
        self.live(out);
    }

    pub(super) fn started(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        let r = &self.history.row;
        let kind = EventKind::InteractionStarted {
            channel: r.channel,
            direction: r.direction,
            remote: r.remote.clone(),
            local: r.local.clone(),
            number: r.number,
            trunk: r.trunk,
            customer: None,
        };
        self.history.save(out);
        self.history.record(now, kind, out);
    }

    /// Feeds one input. Never panics, whatever comes; inputs about things that are over are ignored.
    pub fn handle(&mut self, now: Timestamp, input: Input, out: &mut Vec<Effect>) {
        match input {
            Input::LegRinging { leg, early_media } => self.leg_ringing(leg, early_media, out),
            Input::LegUp { leg } => self.leg_up(now, leg, out),
            Input::LegDown { leg, cause } => self.leg_down(now, leg, cause, out),
            Input::LegHeld { leg, held } => self.leg_held(now, leg, held, out),
            Input::LegSilent { leg } => self.leg_silent(now, leg, out),
            Input::MediaLost { leg } => self.media_lost(now, leg, out),
            Input::Referred { leg, dialled, target } => self.referred(now, leg, dialled, target, out),
            Input::Adopt { replaces, agent } => self.adopt(now, replaces, agent, out),
            Input::GivenAway { leg } => self.given_away(now, leg, out),
            Input::Digit { leg, digit } => self.digit(now, leg, digit, out),
            Input::Played { leg, play } => self.played(now, leg, play, out),
            Input::Announce { position, wait } => self.announce(position, wait, out),
            Input::Offered { offer, agent, device } => self.offered(now, offer, agent, device, out),
            Input::OfferEnded { offer, result } => self.offer_ended(now, offer, result, out),
            Input::Assigned { offer, agent, device } => self.assigned(now, offer, agent, device, out),
            Input::Overflow { to } => self.overflow(now, to, out),
            Input::RouteRefused { why } => self.route_refused(now, why, out),
            Input::Turn => self.turn(now, out),
            Input::Booked { taken } => self.booked(now, taken, out),
            Input::Withdrawn => self.withdrawn(now, out),
            Input::EnqueueAgain => self.enqueue_again(out),
            Input::Customer { customer } => self.customer(customer, out),
            Input::Announcement { sound } => self.announcement(now, sound, out),
            Input::Asked { request, ask } => self.asked(now, request, ask, out),
            Input::Resumed { request } => self.resumed(now, request, out),
            Input::Shutdown => {
                let outcome = self.outcome_now(Outcome::Failed);
                self.end(now, outcome, HangupBy::System, Cause::UNAVAILABLE, out);
            }
            Input::Tick => self.tick(now, out),
        }
        self.mix(now, out);
    }

    /// When `Input::Tick` is wanted next, and why.
    pub fn next_timeout(&self) -> Option<(Timestamp, Timer)> {
        self.timers.iter().zip(TIMERS).filter_map(|(at, timer)| at.map(|at| (at, timer))).min()
    }

    pub fn id(&self) -> CallId {
        self.id
    }
    /// The interaction as it stands.
    pub fn interaction(&self) -> &Interaction {
        &self.history.row
    }
    pub fn is_finished(&self) -> bool {
        matches!(self.phase, Phase::Finished)
    }
    /// Whether this person takes part now (may give orders to the call).
    pub fn has_agent(&self, agent: UserId) -> bool {
        self.occupied.iter().any(|(a, _)| *a == agent) || self.history.row.agent == Some(agent) && !self.is_over()
    }
    /// It waits for an agent (also while one rings, not while one is being connected).
    pub fn is_waiting(&self) -> bool {
        matches!(&self.phase, Phase::Waiting(w) if w.taken.is_none())
    }
    /// The agents that take part now.
    pub fn agents(&self) -> impl Iterator<Item = UserId> + '_ {
        self.occupied.iter().map(|(a, _)| *a)
    }
    /// The live leg of this person, if any.
    pub fn agent_leg(&self, agent: UserId) -> Option<LegId> {
        self.legs.iter().rev().find(|l| l.agent == Some(agent) && l.is_live()).map(|l| l.id)
    }
    /// Which side a leg is on and whose it is.
    pub fn leg_party(&self, leg: LegId) -> Option<(Side, Option<UserId>)> {
        self.leg(leg).map(|l| (l.side, l.agent))
    }
    /// The leg that `leg` talks with now.
    pub fn partner(&self, leg: LegId) -> Option<LegId> {
        match &self.phase {
            Phase::Talking(t) if t.near == leg => Some(t.far),
            Phase::Talking(t) if t.far == leg => Some(t.near),
            _ => None,
        }
    }

    fn tick(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        // Each due timer fires once; those that a firing one sets wait for the next tick.
        let due: Vec<Timer> = self.timers.iter().zip(TIMERS).filter(|(at, _)| at.is_some_and(|at| at <= now)).map(|(_, t)| t).collect();
        for timer in due {
            if self.timers[timer as usize].is_some_and(|at| at <= now) {
                self.timers[timer as usize] = None;
                self.fire(now, timer, out);
            }
        }
    }

    fn fire(&mut self, now: Timestamp, timer: Timer, out: &mut Vec<Effect>) {
        match timer {
            Timer::Answer => self.answer_timeout(now, out),
            Timer::Connect => self.connect_timeout(now, out),
            Timer::Menu if self.is_booking() => self.booking_timeout(now, out),
            Timer::Menu => self.menu_timeout(now, out),
            Timer::Announcement => self.announcement(now, None, out),
            Timer::Comfort => self.comfort(now, out),
            Timer::Resume => self.resume_timeout(now, out),
            Timer::Voicemail => self.voicemail_full(now, out),
            Timer::Farewell => {
                if let Phase::Farewell { leg, play, .. } = self.phase {
                    self.played(now, leg, play, out);
                }
            }
            Timer::Supervise => self.supervise_timeout(out),
            Timer::CallMax => {
                let outcome = self.outcome_now(Outcome::Failed);
                self.end(now, outcome, HangupBy::System, Cause { sip: 200, q850: Some(102) }, out);
            }
            Timer::Teardown => {
                for leg in &mut self.legs {
                    leg.state = LegState::Down;
                }
                self.try_finish(out);
            }
        }
    }

    fn leg_up(&mut self, now: Timestamp, id: LegId, out: &mut Vec<Effect>) {
        let Some(leg) = self.leg_mut(id) else { return };
        if !matches!(leg.state, LegState::Answering | LegState::Dialling) {
            return;
        }
        leg.state = LegState::Up;
        if self.is_supervisor(id) {
            return;
        }
        match &self.phase {
            Phase::Entry { caller, step: Entry::Answering { .. } } if *caller == id => self.begin_plan(now, out),
            Phase::Waiting(_) => self.offer_leg_up(now, id, out),
            Phase::AgentFirst { agent, .. } if *agent == id => self.agent_side_up(now, out),
            Phase::Calling { customer } if *customer == id => self.customer_answered(now, id, out),
            Phase::Dialling(_) => self.dialled_leg_up(now, id, out),
            Phase::Talking(_) => self.talk_leg_up(now, id, out),
            _ => {}
        }
    }

    fn leg_down(&mut self, now: Timestamp, id: LegId, cause: Cause, out: &mut Vec<Effect>) {
        let Some(leg) = self.leg_mut(id) else { return };
        if leg.state == LegState::Down {
            return;
        }
        let asked = leg.state == LegState::Closing;
        leg.state = LegState::Down;
        match &self.phase {
            Phase::Ending | Phase::Finished => self.try_finish(out),
            _ if asked || self.is_supervisor(id) => {}
            Phase::Waiting(w) if w.caller != Some(id) => self.offer_leg_down(now, id, cause, out),
            Phase::AgentFirst { agent, .. } if *agent == id => self.end(now, Outcome::NotReached, HangupBy::Agent, cause, out),
            Phase::Calling { customer } if *customer == id => self.customer_not_reached(now, cause, out),
            Phase::Dialling(_) => self.dialling_leg_down(now, id, cause, out),
            Phase::Talking(_) => self.talk_leg_down(now, id, cause, out),
            Phase::Farewell { leg, outcome, .. } if *leg == id => {
                let outcome = *outcome;
                self.end(now, outcome, self.by(id), cause, out);
            }
            Phase::Entry { caller, .. } | Phase::Waiting(super::waiting::Waiting { caller: Some(caller), .. }) if *caller == id => {
                self.caller_left(now, id, cause, out)
            }
            _ => {}
        }
    }

    fn leg_silent(&mut self, now: Timestamp, id: LegId, out: &mut Vec<Effect>) {
        if self.is_supervisor(id) {
            return self.hang_up(id, Cause::TIMEOUT, out);
        }
        if self.leg(id).is_some_and(Leg::is_up) {
            let outcome = self.outcome_now(match &self.phase {
                Phase::Entry { step, .. } if step.serves() => Outcome::SelfServed,
                Phase::Entry { .. } => Outcome::LeftInEntry,
                Phase::Waiting(_) => Outcome::Abandoned,
                _ => Outcome::Failed,
            });
            self.end(now, outcome, HangupBy::System, Cause::TIMEOUT, out);
        }
    }

    /// The served caller hung up before anyone talked (or between two talks).
    pub(super) fn caller_left(&mut self, now: Timestamp, caller: LegId, cause: Cause, out: &mut Vec<Effect>) {
        let outcome = match &self.phase {
            Phase::Entry { step, .. } if step.serves() => Outcome::SelfServed,
            // They had waited, and did not want to leave a message.
            Phase::Entry { .. } if self.history.row.queued_at.is_some() => Outcome::Overflowed,
            Phase::Entry { .. } => Outcome::LeftInEntry,
            _ => Outcome::Abandoned,
        };
        let outcome = self.outcome_now(outcome);
        self.end(now, outcome, self.by(caller), cause, out);
    }

    /// Ends the call once: history, router, recording, legs. `cause` is what the remaining legs are told.
    pub(super) fn end(&mut self, now: Timestamp, outcome: Outcome, by: HangupBy, cause: Cause, out: &mut Vec<Effect>) {
        if self.is_over() {
            return;
        }
        let was = std::mem::replace(&mut self.phase, Phase::Ending);
        if let Phase::Waiting(w) = &was {
            self.leave_queue(w, if by == HangupBy::Customer { "caller_left" } else { "ended" }, out);
        }
        let word = match by {
            HangupBy::Customer => "caller_left",
            HangupBy::Agent => "agent_left",
            HangupBy::System => "ended",
        };
        self.history.close_all(now, word, out);
        self.stop_recording(now, out);
        for (agent, talked) in std::mem::take(&mut self.occupied) {
            self.release_agent(agent, talked, None, out);
        }
        self.history.ended(now, outcome, HangupCause { by, sip_status: Some(cause.sip), q850: cause.q850 }, out);
        for i in 0..self.legs.len() {
            let id = self.legs[i].id;
            self.hang_up(id, cause, out);
        }
        self.timers = [None; TIMERS.len()];
        self.set_timer(Timer::Teardown, now.plus_ms(self.limits.teardown_ms));
        self.try_finish(out);
    }

    fn try_finish(&mut self, out: &mut Vec<Effect>) {
        if matches!(self.phase, Phase::Ending) && self.legs.iter().all(|l| l.state == LegState::Down) {
            self.phase = Phase::Finished;
            self.timers = [None; TIMERS.len()];
            out.push(Effect::Finished);
        }
    }

    // ---- what the phases share ----

    pub(super) fn is_over(&self) -> bool {
        matches!(self.phase, Phase::Ending | Phase::Finished)
    }
    pub(super) fn set_timer(&mut self, timer: Timer, at: Timestamp) {
        self.timers[timer as usize] = Some(at);
    }
    pub(super) fn stop_timer(&mut self, timer: Timer) {
        self.timers[timer as usize] = None;
    }
    pub(super) fn leg(&self, id: LegId) -> Option<&Leg> {
        self.legs.iter().find(|l| l.id == id)
    }
    pub(super) fn leg_mut(&mut self, id: LegId) -> Option<&mut Leg> {
        self.legs.iter_mut().find(|l| l.id == id)
    }
    pub(super) fn new_leg(&mut self, side: Side, agent: Option<UserId>, browser: bool, state: LegState) -> LegId {
        // Legs that are down are forgotten so that a long life of transfers stays small; ids are never reused.
        self.legs.retain(|l| l.state != LegState::Down);
        let id = LegId(self.legs_made);
        self.legs_made = self.legs_made.saturating_add(1);
        self.legs.push(Leg { id, side, agent, browser, state });
        id
    }
    pub(super) fn legs_exhausted(&self) -> bool {
        self.legs_made >= LEGS_MAX
    }
    /// Asks for a leg's end unless that was done already.
    pub(super) fn hang_up(&mut self, id: LegId, cause: Cause, out: &mut Vec<Effect>) {
        if let Some(leg) = self.leg_mut(id).filter(|l| l.is_live()) {
            leg.state = LegState::Closing;
            out.push(Effect::HangUp { leg: id, cause });
        }
    }
    pub(super) fn by(&self, leg: LegId) -> HangupBy {
        match self.leg(leg).map(|l| l.side) {
            Some(Side::Customer) => HangupBy::Customer,
            Some(Side::Agent) => HangupBy::Agent,
            None => HangupBy::System,
        }
    }
    /// Once someone talked the call counts as handled, whatever ends it.
    pub(super) fn outcome_now(&self, otherwise: Outcome) -> Outcome {
        if self.history.row.answered_at.is_some() { Outcome::Handled } else { otherwise }
    }
    pub(super) fn play(&mut self, leg: LegId, sounds: Vec<Sound>, repeat: bool, out: &mut Vec<Effect>) -> u32 {
        self.plays = self.plays.wrapping_add(1);
        out.push(Effect::Play { leg, play: self.plays, sounds, repeat });
        self.plays
    }
    pub(super) fn occupy(&mut self, agent: UserId, out: &mut Vec<Effect>) {
        if !self.occupied.iter().any(|(a, _)| *a == agent) {
            self.occupied.push((agent, false));
            out.push(Effect::Route(RouteRequest::Occupy { agent }));
        }
    }
    pub(super) fn release(&mut self, agent: UserId, away: Option<&'static str>, out: &mut Vec<Effect>) {
        if let Some(i) = self.occupied.iter().position(|(a, _)| *a == agent) {
            let (agent, talked) = self.occupied.remove(i);
            self.release_agent(agent, talked, away, out);
        }
    }
    /// Wrap-up follows a talk that came through a queue, or one with a customer outside.
    fn release_agent(&self, agent: UserId, talked: bool, away: Option<&'static str>, out: &mut Vec<Effect>) {
        let row = &self.history.row;
        let queue = row.queue.and_then(|q| self.directory.queue_by_id(q)).or_else(|| {
            let outside = row.direction == Direction::Outbound;
            if outside { self.directory.queue_of(agent) } else { None }
        });
        let wrap_up_ms = queue.filter(|_| talked).map_or(0, |q| q.wrap_up_ms);
        out.push(Effect::Route(RouteRequest::Release { agent, queue: queue.map(|q| q.id), wrap_up_ms, away }));
    }
    /// Connects an agent's side: their browser (its offer came with the request) or their desk phone.
    pub(super) fn connect_agent(&mut self, now: Timestamp, agent: UserId, device: Device, side: Side, out: &mut Vec<Effect>) -> LegId {
        let browser = device == Device::Browser;
        let leg = self.new_leg(side, Some(agent), browser, LegState::Dialling);
        if browser {
            out.push(Effect::OpenBrowser { leg, agent });
            self.set_timer(Timer::Connect, now.plus_ms(self.limits.connect_timeout_ms));
        } else {
            let caller = self.history.row.remote.clone();
            out.push(Effect::Dial { leg, side, to: DialTo::Phone(agent), caller, near: None });
            self.set_timer(Timer::Answer, now.plus_ms(self.limits.answer_timeout_ms));
        }
        leg
    }
    /// A last prompt or tone on a leg that is up, then the end.
    pub(super) fn farewell(
        &mut self,
        now: Timestamp,
        leg: LegId,
        sound: Option<Sound>,
        outcome: Outcome,
        cause: Cause,
        out: &mut Vec<Effect>,
    ) {
        let Some(sound) = sound.filter(|_| self.leg(leg).is_some_and(Leg::is_up)) else {
            return self.end(now, outcome, HangupBy::System, cause, out);
        };
        let play = self.play(leg, vec![sound], false, out);
        self.phase = Phase::Farewell { leg, play, outcome, cause };
        self.set_timer(Timer::Farewell, now.plus_ms(FAREWELL_MAX_MS));
    }
    pub(super) fn live(&self, out: &mut Vec<Effect>) {
        let (held, muted, until) = match &self.phase {
            Phase::Talking(t) => (t.held, t.muted, t.lost_until),
            _ => (false, false, None),
        };
        if self.history.quiet {
            return;
        }
        out.push(Effect::Live(Box::new(self.history.live(self.id, held, muted, self.recording.is_some(), until))));
    }
    pub(super) fn start_recording(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        if self.recording.is_none() && self.history.row.recording.is_none() {
            let recording = self.history.recording_id(now);
            self.recording = Some((recording, now));
            self.history.row.recording = Some(recording);
            out.push(Effect::RecordStart { recording });
            self.history.record(now, EventKind::RecordingStarted { recording }, out);
        }
    }
    pub(super) fn stop_recording(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        if let Some((recording, since)) = self.recording.take() {
            out.push(Effect::RecordStop);
            self.history.record(now, EventKind::RecordingEnded { recording, duration_ms: now.ms_since(since) }, out);
        }
    }
    pub(super) fn identify(&mut self, out: &mut Vec<Effect>) {
        if !self.identified {
            self.identified = true;
            out.push(Effect::Identify);
        }
    }
    fn customer(&mut self, customer: CustomerId, out: &mut Vec<Effect>) {
        if !self.is_over() && self.history.row.customer != Some(customer) {
            self.history.row.customer = Some(customer);
            self.history.save(out);
            self.live(out);
        }
    }
}

/// A last prompt that does not report its end is taken as over after this.
const FAREWELL_MAX_MS: u64 = 60_000;
