//! What an agent does: several works beside each other, as many as its capacity admits.
use super::agents::{Agent, Presence};
use super::{Effect, OfferResult, Refusal, Router, Timer, record};
use crate::event::EventKind;
use crate::interaction::Channel;
use crate::live::{AgentStatus, AgentWork, WorkStage};
use crate::{InteractionId, OfferId, QueueId, Timestamp, UserId};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stage {
    Ringing(OfferId),
    /// Kept free: the customer's phone rings.
    Held,
    /// Talks, writes, works on it.
    Active,
    /// Of which queue, if it came through one.
    WrapUp(Option<QueueId>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Work {
    pub interaction: InteractionId,
    pub channel: Channel,
    pub stage: Stage,
    /// Begin of the stage.
    pub since: Timestamp,
}
impl Work {
    pub fn live(&self) -> AgentWork {
        let stage = match self.stage {
            Stage::Ringing(_) | Stage::Held => WorkStage::Ringing,
            Stage::Active => WorkStage::Active,
            Stage::WrapUp(_) => WorkStage::WrapUp,
        };
        AgentWork { interaction: self.interaction, channel: self.channel, stage }
    }
    pub fn is_active(&self) -> bool {
        self.stage == Stage::Active
    }
    pub fn is_wrap_up(&self) -> bool {
        matches!(self.stage, Stage::WrapUp(_))
    }
}

impl Agent {
    /// The work that the status tells of: what is served before what rings before what is wrapped up, calls before the rest.
    pub fn main_work(&self) -> Option<&Work> {
        self.works.iter().min_by_key(|w| {
            let stage = match w.stage {
                Stage::Active => 0,
                Stage::Ringing(_) | Stage::Held => 1,
                Stage::WrapUp(_) => 2,
            };
            (stage, w.channel)
        })
    }
    pub fn work(&self, interaction: InteractionId) -> Option<&Work> {
        self.works.iter().find(|w| w.interaction == interaction)
    }
    pub fn serves(&self, interaction: InteractionId) -> bool {
        self.work(interaction).is_some_and(Work::is_active)
    }
    fn held(&self) -> impl Iterator<Item = Channel> + Clone {
        self.works.iter().map(|w| w.channel)
    }
    pub fn has_room(&self, channel: Channel) -> bool {
        self.capacity.admits(self.held(), channel)
    }
    /// How much of its attention is taken; 0 when idle.
    pub fn load_percent(&self) -> u32 {
        self.capacity.load_percent(self.held())
    }
    pub fn rings(&self) -> impl Iterator<Item = (OfferId, Channel)> {
        self.works.iter().filter_map(|w| if let Stage::Ringing(offer) = w.stage { Some((offer, w.channel)) } else { None })
    }

    /// A new work, or the next stage of one.
    pub fn put_work(&mut self, now: Timestamp, interaction: InteractionId, channel: Channel, stage: Stage) {
        match self.works.iter_mut().find(|w| w.interaction == interaction) {
            Some(work) => (work.stage, work.since) = (stage, now),
            None => self.works.push(Work { interaction, channel, stage, since: now }),
        }
    }

    /// The work is over. After the last, what was asked for meanwhile takes effect.
    pub fn drop_work(&mut self, interaction: InteractionId) {
        self.works.retain(|w| w.interaction != interaction);
        if self.works.is_empty()
            && let Some(next) = self.next.take()
        {
            self.presence = next;
        }
    }
}

impl Router {
    /// An agent reserves itself for a call that it makes.
    pub(super) fn agent_busy(
        &mut self,
        now: Timestamp,
        user: UserId,
        interaction: InteractionId,
        out: &mut Vec<Effect>,
    ) -> Result<(), Refusal> {
        let agent = self.agent(user)?;
        if agent.serves(interaction) {
            return Ok(());
        }
        // A call out ends the wrap-ups; whatever else it does must leave room for a call.
        let rest = agent.works.iter().filter(|w| !w.is_wrap_up()).map(|w| w.channel);
        if !agent.capacity.admits(rest, Channel::Voice) {
            return Err(Refusal::Busy);
        }
        if agent.presence.status == AgentStatus::Offline {
            return Err(Refusal::Offline);
        }
        self.wrap_ups_over(now, user, out);
        self.change_agent(now, user, out, |a| a.put_work(now, interaction, Channel::Voice, Stage::Active));
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "the fields of one input")]
    pub(super) fn released(
        &mut self,
        now: Timestamp,
        user: UserId,
        interaction: InteractionId,
        queue: Option<QueueId>,
        wrap_up_ms: u64,
        away: Option<String>,
        out: &mut Vec<Effect>,
    ) -> Result<(), Refusal> {
        let work = self.agent(user)?.work(interaction).filter(|w| w.is_active()).ok_or(Refusal::NotTheirs)?;
        let (channel, talked_ms) = (work.channel, now.ms_since(work.since));
        if wrap_up_ms > 0 {
            self.timers.set(Timer::WrapUp(user, interaction), now.plus_ms(wrap_up_ms));
        }
        if wrap_up_ms == 0 {
            self.hold_next_break(now, user, out);
        }
        self.change_agent(now, user, out, |a| {
            a.talk_ms = a.talk_ms.saturating_add(talked_ms);
            a.last_end = Some(now);
            a.idle_since = now;
            if let Some(reason) = &away {
                a.presence = Presence::away(reason);
            }
            if wrap_up_ms > 0 {
                return a.put_work(now, interaction, channel, Stage::WrapUp(queue));
            }
            a.drop_work(interaction);
            if a.works.is_empty() && away.is_none() && a.presence.status == AgentStatus::Available && !a.reachable() {
                a.presence = Presence::away("phone_lost");
            }
        });
        Ok(())
    }

    pub(super) fn wrap_up_done(
        &mut self,
        now: Timestamp,
        user: UserId,
        interaction: InteractionId,
        code: Option<String>,
        out: &mut Vec<Effect>,
    ) -> Result<(), Refusal> {
        if !self.agent(user)?.work(interaction).is_some_and(Work::is_wrap_up) {
            return Err(Refusal::NotTheirs);
        }
        self.wrap_up_over(now, user, interaction, code, out);
        Ok(())
    }

    /// Ends a wrap-up, by hand or by time; nothing when there is none.
    pub(super) fn wrap_up_over(
        &mut self,
        now: Timestamp,
        user: UserId,
        interaction: InteractionId,
        code: Option<String>,
        out: &mut Vec<Effect>,
    ) {
        self.timers.clear(Timer::WrapUp(user, interaction));
        let Some(work) = self.agents.get(&user).and_then(|a| a.work(interaction)) else { return };
        let Stage::WrapUp(queue) = work.stage else { return };
        let took_ms = now.ms_since(work.since);
        record(now, Some(interaction), Some(user), queue, EventKind::WrapUpDone { code, took_ms }, out);
        self.hold_next_break(now, user, out);
        self.change_agent(now, user, out, |a| {
            a.drop_work(interaction);
            a.idle_since = now;
        });
    }

    /// Ends all of an agent's wrap-ups.
    pub(super) fn wrap_ups_over(&mut self, now: Timestamp, user: UserId, out: &mut Vec<Effect>) {
        let Some(agent) = self.agents.get(&user) else { return };
        let wrap_ups: Vec<InteractionId> = agent.works.iter().filter(|w| w.is_wrap_up()).map(|w| w.interaction).collect();
        for interaction in wrap_ups {
            self.wrap_up_over(now, user, interaction, None, out);
        }
    }

    /// Ends what rings at an agent, of the channels that `of` names.
    pub(super) fn stop_ringing(
        &mut self,
        now: Timestamp,
        user: UserId,
        of: impl Fn(Channel) -> bool,
        result: OfferResult,
        out: &mut Vec<Effect>,
    ) {
        let Some(agent) = self.agents.get(&user) else { return };
        let offers: Vec<OfferId> = agent.rings().filter(|(_, channel)| of(*channel)).map(|(offer, _)| offer).collect();
        for offer in offers {
            self.end_offer(now, offer, result, out);
        }
    }

    /// The offer ended; `answered`: the agent took it.
    pub(super) fn agent_rang(
        &mut self,
        now: Timestamp,
        user: UserId,
        (interaction, channel): (InteractionId, Channel),
        result: OfferResult,
        no_answer_max: u8,
        out: &mut Vec<Effect>,
    ) {
        if result != OfferResult::Answered {
            self.hold_next_break(now, user, out);
        }
        self.change_agent(now, user, out, |a| {
            if result == OfferResult::Answered {
                a.put_work(now, interaction, channel, Stage::Active);
                a.answered = a.answered.saturating_add(1);
                a.no_answers = 0;
            } else {
                a.drop_work(interaction);
            }
            match result {
                // Gone on the break it asked for.
                OfferResult::NoAnswer if a.presence.status != AgentStatus::Available => {}
                OfferResult::NoAnswer if a.no_answers.saturating_add(1) < no_answer_max => a.no_answers += 1,
                OfferResult::NoAnswer => a.presence = Presence::away("no_answer"),
                OfferResult::DeviceLost => a.presence = Presence::away("phone_lost"),
                _ => {}
            }
        });
    }
}
