//! How much one agent does at once: slots per channel, what each contact takes of the agent's attention, and what may interrupt what.
use super::Label;
use crate::interaction::Channel;
use serde::{Deserialize, Serialize};

/// Contacts of one channel that an agent may be given at most.
pub const SLOTS_MAX: u8 = 50;
/// An agent's whole attention.
pub const LOAD_MAX_PERCENT: u32 = 100;

/// A capacity with a name that people may be given; those without one have `Capacity::default()`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CapacityProfile {
    pub key: String,
    pub name: Label,
    pub channels: Capacity,
}

/// A channel that is not named is not served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Capacity(pub Vec<ChannelCapacity>);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChannelCapacity {
    pub channel: Channel,
    /// Contacts of this channel at once.
    pub slots: u8,
    /// What one takes of the agent's attention, per cent: all that is not interrupted sums up to 100 at most.
    pub load_percent: u8,
    /// What is set aside while one of this channel is served, and so does not stand in its way.
    #[serde(default)]
    pub interrupts: Vec<Channel>,
}

/// One call or five chats, or tickets and messages beside each other, which a call or a video call interrupts.
impl Default for Capacity {
    fn default() -> Self {
        let of = |channel, slots, load_percent, interrupts: &[Channel]| ChannelCapacity {
            channel,
            slots,
            load_percent,
            interrupts: interrupts.to_vec(),
        };
        Self(vec![
            of(Channel::Voice, 1, 100, &[Channel::Message, Channel::Ticket]),
            of(Channel::Video, 1, 100, &[Channel::Message, Channel::Ticket]),
            of(Channel::Chat, 5, 20, &[Channel::Ticket]),
            of(Channel::Message, 10, 10, &[]),
            of(Channel::Ticket, 5, 20, &[]),
        ])
    }
}

impl Capacity {
    pub fn of(&self, channel: Channel) -> Option<&ChannelCapacity> {
        self.0.iter().find(|c| c.channel == channel)
    }

    /// Whether one of `channel` may come to somebody who serves `held`. Nothing that stands aside counts against what interrupts
    /// it, and nothing comes that would stand aside at once; so whatever order contacts come and go in, those that do not stand
    /// aside never sum up to more than 100 per cent.
    pub fn admits(&self, held: impl IntoIterator<Item = Channel>, channel: Channel) -> bool {
        let Some(own) = self.of(channel) else { return false };
        let (mut same, mut load) = (0u32, u32::from(own.load_percent));
        for other in held {
            let of = self.of(other);
            if of.is_some_and(|o| o.interrupts.contains(&channel)) {
                return false;
            }
            same += u32::from(other == channel);
            if !own.interrupts.contains(&other) {
                // A channel that the profile no longer has takes all until it is over.
                load += of.map_or(LOAD_MAX_PERCENT, |o| u32::from(o.load_percent));
            }
        }
        same < u32::from(own.slots) && load <= LOAD_MAX_PERCENT
    }

    /// What `held` takes together, per cent; may exceed 100 while something stands aside.
    pub fn load_percent(&self, held: impl IntoIterator<Item = Channel>) -> u32 {
        held.into_iter().map(|c| self.of(c).map_or(LOAD_MAX_PERCENT, |o| u32::from(o.load_percent))).sum()
    }

    /// Whether `held` breaks a rule: too many of a channel, or more than 100 per cent that does not stand aside.
    pub fn exceeded(&self, held: &[Channel]) -> bool {
        let aside = |c: Channel| held.iter().any(|h| self.of(*h).is_some_and(|o| o.interrupts.contains(&c)));
        let too_many = |c: &ChannelCapacity| held.iter().filter(|h| **h == c.channel).count() > usize::from(c.slots);
        self.0.iter().any(too_many) || self.load_percent(held.iter().copied().filter(|c| !aside(*c))) > LOAD_MAX_PERCENT
    }

    /// What is wrong with it, in words; none: nothing.
    pub fn fault(&self) -> Option<&'static str> {
        let twice = self.0.iter().enumerate().any(|(i, c)| self.0.iter().skip(i + 1).any(|o| o.channel == c.channel));
        let mutual = self
            .0
            .iter()
            .any(|c| c.interrupts.iter().any(|i| *i == c.channel || self.of(*i).is_some_and(|o| o.interrupts.contains(&c.channel))));
        if twice {
            Some("a channel stands here twice")
        } else if mutual {
            Some("two channels cannot interrupt each other, nor one itself")
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Channel::{Chat, Message, Ticket, Voice};
    use proptest::prelude::*;

    #[test]
    fn one_call_or_five_chats_and_what_a_call_interrupts() {
        let c = Capacity::default();
        for (held, channel, admitted) in [
            (vec![], Voice, true),
            (vec![Voice], Voice, false),
            (vec![Chat], Voice, false),
            (vec![Chat; 4], Chat, true),
            (vec![Chat; 5], Chat, false),
            (vec![Ticket; 5], Voice, true),
            (vec![Ticket, Message], Voice, true),
            (vec![Voice], Ticket, false),
            (vec![Voice], Chat, false),
            (vec![Ticket; 3], Ticket, true),
            (vec![Ticket; 5], Message, false),
        ] {
            assert_eq!(c.admits(held.clone(), channel), admitted, "{held:?} + {channel:?}");
        }
        assert!(!Capacity(vec![]).admits([], Voice));
    }

    fn capacity() -> impl Strategy<Value = Capacity> {
        let row = |channel| {
            (0u8..5, 0u8..=100, proptest::sample::subsequence(Channel::ALL.to_vec(), 0..4))
                .prop_map(move |(slots, load_percent, interrupts)| ChannelCapacity { channel, slots, load_percent, interrupts })
        };
        (row(Voice), row(Chat), row(Ticket), row(Message))
            .prop_map(|(a, b, c, d)| Capacity(vec![a, b, c, d]))
            .prop_filter("two may not interrupt each other", |c| c.fault().is_none())
    }

    proptest! {
        /// Whatever comes and goes, what was admitted never exceeds the capacity.
        #[test]
        fn what_is_admitted_never_exceeds(c in capacity(), steps in proptest::collection::vec((0usize..5, any::<bool>(), 0usize..8), 1..60)) {
            let mut held: Vec<Channel> = vec![];
            for (channel, goes, which) in steps {
                if goes && !held.is_empty() {
                    held.remove(which % held.len());
                } else if c.admits(held.iter().copied(), Channel::ALL[channel]) {
                    held.push(Channel::ALL[channel]);
                }
                prop_assert!(!c.exceeded(&held), "{held:?}");
            }
        }
    }
}
