//! One party's connection within a call.
use super::types::Side;
use crate::{LegId, UserId};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LegState {
    /// An INVITE to us that we have not answered; `ringing`: we said 180 or 183.
    Offering {
        ringing: bool,
    },
    /// We said yes; `LegUp` is to come.
    Answering,
    /// We dial it or wait for its browser.
    Dialling,
    Up,
    /// We asked for its end.
    Closing,
    Down,
}

#[derive(Debug, Clone)]
pub(super) struct Leg {
    pub id: LegId,
    pub side: Side,
    /// Whose phone or browser it is.
    pub agent: Option<UserId>,
    pub browser: bool,
    pub state: LegState,
}

impl Leg {
    pub fn is_live(&self) -> bool {
        !matches!(self.state, LegState::Closing | LegState::Down)
    }
    pub fn is_up(&self) -> bool {
        self.state == LegState::Up
    }
}
