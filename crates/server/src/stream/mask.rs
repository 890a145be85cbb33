//! What a reader sees of personal data: everything, or its masked form.
use crate::api::dto::breaks::BreakRequestLive;
use crate::api::dto::interaction::{Channel, Direction, InteractionState};
use crate::api::dto::live::{
    AgentLive, AgentStatus, AgentWork, CallLive, Device, Live, OfferLive, TrunkLive, TrunkState, WaitingLive, WorkStage,
};
use crate::api::dto::stream::CustomerCard;
use domain::access::{Permission, Principal, scope_of};
use domain::pii::{mask_name, mask_phone};
use domain::{Pii, UserId, config, interaction, live};
use engine::handle;
use std::collections::HashMap;

/// Decided once a request or stream by the reader's grants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    Clear,
    /// Names in clear, numbers and addresses masked: who serves customers greets them by name.
    Named,
    Masked,
}

impl Sight {
    /// People see personal data masked and reveal it one card at a time, for a reason that is audited. A machine cannot give
    /// one: a key that may reveal sees everything.
    pub fn of(principal: &Principal, machine: bool) -> Self {
        if machine && scope_of(principal, Permission::CustomerReveal).is_some() {
            Self::Clear
        } else if scope_of(principal, Permission::AgentWork).is_some() {
            Self::Named
        } else {
            Self::Masked
        }
    }
    pub fn phone(self, value: &Pii<String>) -> String {
        match self {
            Self::Clear => value.reveal().clone(),
            Self::Named | Self::Masked => mask_phone(value.reveal()),
        }
    }
    pub fn name(self, value: &Pii<String>) -> String {
        match self {
            Self::Clear | Self::Named => value.reveal().clone(),
            Self::Masked => mask_name(value.reveal()),
        }
    }
    /// `a***@example.com`: the domain helps the agent, the mailbox is personal.
    pub fn email(self, value: &Pii<String>) -> String {
        match (self, value.reveal().split_once('@')) {
            (Self::Clear, _) => value.reveal().clone(),
            (Self::Named | Self::Masked, Some((local, host))) => format!("{}@{host}", mask_name(local)),
            (Self::Named | Self::Masked, None) => mask_name(value.reveal()),
        }
    }
}

/// Display names by user.
pub type UserNames = HashMap<UserId, String>;

pub fn agent_view(a: &live::AgentLive, display_name: Option<&String>) -> AgentLive {
    AgentLive {
        user: a.user.0,
        display_name: display_name.cloned(),
        status: status(a.status),
        reason: a.reason.clone(),
        since: a.since.as_us(),
        break_until: a.break_until.map(|t| t.as_us()),
        break_request: a.break_request.as_ref().map(|r| BreakRequestLive {
            request: r.request.0,
            reason: r.reason.clone(),
            asked_at: r.asked_at.as_us(),
        }),
        next: a.next.map(status),
        device: match a.device {
            live::Device::Browser => Device::Browser,
            live::Device::DeskPhone => Device::DeskPhone,
        },
        phone_registered: a.phone_registered,
        interaction: a.interaction.map(|i| i.0),
        works: a.works.iter().map(work_view).collect(),
        queues: a.queues.iter().map(|q| q.0).collect(),
    }
}

fn work_view(w: &live::AgentWork) -> AgentWork {
    let stage = match w.stage {
        live::WorkStage::Ringing => WorkStage::Ringing,
        live::WorkStage::Active => WorkStage::Active,
        live::WorkStage::WrapUp => WorkStage::WrapUp,
    };
    AgentWork { interaction: w.interaction.0, channel: channel_view(w.channel), stage }
}

fn status(s: live::AgentStatus) -> AgentStatus {
    match s {
        live::AgentStatus::Offline => AgentStatus::Offline,
        live::AgentStatus::Available => AgentStatus::Available,
        live::AgentStatus::Ringing => AgentStatus::Ringing,
        live::AgentStatus::OnCall => AgentStatus::OnCall,
        live::AgentStatus::WrapUp => AgentStatus::WrapUp,
        live::AgentStatus::Break => AgentStatus::Break,
        live::AgentStatus::Away => AgentStatus::Away,
    }
}

pub fn waiting_view(sight: Sight, w: &live::WaitingLive) -> WaitingLive {
    WaitingLive {
        interaction: w.interaction.0,
        queue: w.queue.0,
        channel: channel_view(w.channel),
        remote: sight.phone(&w.remote),
        customer: w.customer.map(|c| c.0),
        since: w.since.as_us(),
        priority: w.priority,
        position: w.position,
        callback: w.callback,
    }
}

pub fn offer_view(sight: Sight, o: &live::OfferLive) -> OfferLive {
    OfferLive {
        offer: o.offer.0,
        agent: o.agent.0,
        interaction: o.interaction.0,
        queue: o.queue.map(|q| q.0),
        channel: channel_view(o.channel),
        remote: sight.phone(&o.remote),
        local: o.local.clone(),
        customer: o.customer.map(|c| c.0),
        waited_ms: o.waited_ms,
        expires_at: o.expires_at.as_us(),
        reason: o.reason.clone(),
    }
}

pub fn call_view(sight: Sight, c: &live::CallLive) -> CallLive {
    CallLive {
        call: c.call.0,
        state: state(c.state),
        direction: match c.direction {
            interaction::Direction::Inbound => Direction::Inbound,
            interaction::Direction::Outbound => Direction::Outbound,
            interaction::Direction::Internal => Direction::Internal,
        },
        remote: sight.phone(&c.remote),
        local: c.local.clone(),
        customer: c.customer.map(|x| x.0),
        queue: c.queue.map(|x| x.0),
        agent: c.agent.map(|x| x.0),
        caller: c.caller.map(|x| x.0),
        started_at: c.started_at.as_us(),
        answered_at: c.answered_at.map(|t| t.as_us()),
        held: c.held,
        muted: c.muted,
        recording: c.recording,
        resume_until: c.resume_until.map(|t| t.as_us()),
    }
}

fn state(s: interaction::InteractionState) -> InteractionState {
    match s {
        interaction::InteractionState::Entry => InteractionState::Entry,
        interaction::InteractionState::Waiting => InteractionState::Waiting,
        interaction::InteractionState::Offered => InteractionState::Offered,
        interaction::InteractionState::Dialling => InteractionState::Dialling,
        interaction::InteractionState::Connected => InteractionState::Connected,
        interaction::InteractionState::Ended => InteractionState::Ended,
        interaction::InteractionState::Lost => InteractionState::Lost,
    }
}

pub fn channel_view(c: interaction::Channel) -> Channel {
    match c {
        interaction::Channel::Voice => Channel::Voice,
        interaction::Channel::Video => Channel::Video,
        interaction::Channel::Chat => Channel::Chat,
        interaction::Channel::Message => Channel::Message,
        interaction::Channel::Ticket => Channel::Ticket,
    }
}

pub fn trunk_view(t: &handle::TrunkLive) -> TrunkLive {
    let state = match t.state {
        "up" => TrunkState::Up,
        "down" => TrunkState::Down,
        "disabled" => TrunkState::Disabled,
        _ => TrunkState::Unknown,
    };
    TrunkLive { key: t.key.clone(), state, calls: t.calls, last_error: t.last_error.clone() }
}

pub fn live_view(sight: Sight, s: &handle::Snapshot, names: &UserNames) -> Live {
    Live {
        agents: s.agents.iter().map(|a| agent_view(a, names.get(&a.user))).collect(),
        waiting: s.waiting.iter().map(|w| waiting_view(sight, w)).collect(),
        offers: s.offers.iter().map(|o| offer_view(sight, o)).collect(),
        calls: s.calls.iter().map(|c| call_view(sight, c)).collect(),
        trunks: s.trunks.iter().map(trunk_view).collect(),
    }
}

pub fn card_view(sight: Sight, c: &config::Customer) -> CustomerCard {
    CustomerCard {
        id: c.id.0,
        name: sight.name(&c.name),
        phones: c.phones.iter().map(|p| sight.phone(p)).collect(),
        email: c.email.as_ref().map(|e| sight.email(e)),
        company: c.company.clone(),
        tags: c.tags.clone(),
        vip: c.vip,
        note: c.note.as_ref().map(|n| n.reveal().clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_hide_the_personal_part() {
        let p = |s: &str| Pii::new(s.to_owned());
        assert_eq!(Sight::Masked.phone(&p("13812348000")), "138****8000");
        assert_eq!(Sight::Masked.name(&p("张伟")), "张*");
        assert_eq!(Sight::Masked.email(&p("wei@example.com")), "w**@example.com");
        assert_eq!(Sight::Clear.email(&p("wei@example.com")), "wei@example.com");
    }
}
