//! What the words of `Dequeued.reason` mean for counting: the one table.

/// How a visit to a queue ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Left {
    /// An agent took it. The wait still runs until they are connected.
    Answered,
    /// The customer left while waiting or ringing.
    Abandoned,
    /// It went elsewhere without an agent of this queue.
    FlowOut,
    /// The call was gone and nobody said so; counted as a flow-out and on its own.
    Lost,
    /// The call ended: how it ended decides (`InteractionEnded`): an abandon if the customer left, else a flow-out.
    Ended,
}

/// The router's and the call's words; an unknown one is a flow-out, so that the books balance.
pub const DEQUEUED: &[(&str, Left)] = &[
    ("answered", Left::Answered),
    ("caller_left", Left::Abandoned),
    ("ended", Left::Ended),
    ("wait_max", Left::FlowOut),
    ("queue_full", Left::FlowOut),
    ("queue_gone", Left::FlowOut),
    ("closed", Left::FlowOut),
    ("no_agent", Left::FlowOut),
    ("too_many_waiting", Left::FlowOut),
    ("rule", Left::FlowOut),
    ("estimate", Left::FlowOut),
    ("key", Left::FlowOut),
    ("transferred", Left::FlowOut),
    ("callback", Left::FlowOut),
    ("voicemail", Left::FlowOut),
    ("robot", Left::FlowOut),
    ("healed", Left::Lost),
    ("lost", Left::Lost),
];

pub fn left(word: &str) -> Left {
    DEQUEUED.iter().find(|(w, _)| *w == word).map_or(Left::FlowOut, |(_, left)| *left)
}
