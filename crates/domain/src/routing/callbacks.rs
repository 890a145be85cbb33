//! A callback's turn: the customer is called while an agent is kept free, so that who answers does not wait again.
use super::work::Stage;
use super::{CallbackStage, Effect, Router, Timer};
use crate::{InteractionId, Timestamp, UserId};

/// An agent is kept free this long at most; longer than any phone rings.
pub const HELD_MAX_MS: u64 = 150_000;

impl Router {
    /// The turn of a callback that calls its customer first; false: offer it like any other.
    pub(super) fn turn(&mut self, now: Timestamp, interaction: InteractionId, agent: UserId, out: &mut Vec<Effect>) -> bool {
        let first = |stage: Option<CallbackStage>| stage == Some(CallbackStage::CustomerFirst);
        let Some(channel) = self.entries.get(&interaction).filter(|e| first(e.callback)).map(|e| e.channel) else { return false };
        self.take_out(now, interaction, "turn", out);
        self.held.insert(interaction, agent);
        self.timers.set(Timer::Held(interaction), now.plus_ms(HELD_MAX_MS));
        self.change_agent(now, agent, out, |a| a.put_work(now, interaction, channel, Stage::Held));
        out.push(Effect::Turn { interaction, agent });
        true
    }

    /// The agent who was kept free for this customer is free again; none was.
    pub(super) fn let_go(&mut self, now: Timestamp, interaction: InteractionId, out: &mut Vec<Effect>) -> Option<UserId> {
        let agent = self.held.remove(&interaction)?;
        self.timers.clear(Timer::Held(interaction));
        self.hold_next_break(now, agent, out);
        self.change_agent(now, agent, out, |a| a.drop_work(interaction));
        Some(agent)
    }
}
