//! What the driver holds of one call: its machine, its media session, its legs.
use super::leg::LegIo;
use crate::handle::{CommandResult, Connected};
use crate::voice::media::SessionHandle;
use domain::call::{Call, Effect, Input, Sound};
use domain::config::Known;
use domain::live::Device;
use domain::routing::KeptPlace;
use domain::{CallId, LegId, Timestamp, TrunkId, UserId};
use std::collections::VecDeque;
use tokio::sync::oneshot;

/// Inputs that one input may cause in a chain; beyond it the call is broken and ended.
pub const CHAIN_LEN_MAX: usize = 256;

/// Who waits for the answer to an order.
pub(super) enum Waiter {
    Done(oneshot::Sender<CommandResult<()>>),
    /// A supervisor whose desk phone is to ring.
    Joined(oneshot::Sender<CommandResult<Connected>>),
    /// Whoever sent the offer in `CallCell::browser`; `OpenBrowser` answers, only a refusal comes this way.
    Browser,
}

/// A browser's offer that came with an order and waits for `OpenBrowser`.
pub(super) struct BrowserOffer {
    pub sdp: String,
    pub reply: oneshot::Sender<CommandResult<Connected>>,
}

/// A play list that waits for one of its sounds to be loaded.
pub(super) struct PendingPlay {
    pub leg: LegId,
    pub play: u32,
    pub sounds: Vec<Sound>,
    pub repeat: bool,
}

pub(super) struct CallCell {
    pub id: CallId,
    pub machine: Call,
    /// Opened with the first leg that has media, so that a call which fails before costs nothing.
    pub session: Option<SessionHandle>,
    pub legs: Vec<LegIo>,
    pub bridge: Option<(u32, u32)>,
    pub pending: VecDeque<Input>,
    pub effects: Vec<Effect>,
    pub waiters: Vec<(u32, Waiter)>,
    pub requests: u32,
    pub browser: Option<BrowserOffer>,
    /// What was made for this caller alone.
    pub personal: Option<std::sync::Arc<media::player::Prompt>>,
    pub plays: Vec<PendingPlay>,
    /// Forwards the router's effects; stopped with the call.
    pub attachment: Option<tokio::task::JoinHandle<()>>,
    pub timer: Option<Timestamp>,
    /// Trunks whose places this call takes, one each time.
    pub trunks: Vec<(LegId, TrunkId)>,
    /// A leg that another call gave and `Adopt` will take.
    pub given: Option<LegIo>,
    /// How the agent that accepted wants to take the call, where that differs from their device.
    pub device: Option<Device>,
    /// What is known of the customer, for the router's rules.
    pub known: Option<Box<Known>>,
    /// The agent that the customer had last.
    pub prefer: Option<UserId>,
    /// Where this caller stood in line a short while ago.
    pub places: Vec<KeptPlace>,
    /// The router reserved this agent before the call began.
    pub reserved: Option<UserId>,
    /// It is a place in a line, with nobody on it.
    pub place: bool,
    pub finished: bool,
}

impl CallCell {
    pub fn new(id: CallId, machine: Call) -> Self {
        Self {
            id,
            machine,
            session: None,
            legs: Vec::with_capacity(2),
            bridge: None,
            pending: VecDeque::new(),
            effects: Vec::new(),
            waiters: Vec::new(),
            requests: 0,
            browser: None,
            personal: None,
            plays: Vec::new(),
            attachment: None,
            timer: None,
            trunks: Vec::new(),
            given: None,
            device: None,
            known: None,
            prefer: None,
            places: Vec::new(),
            reserved: None,
            place: false,
            finished: false,
        }
    }

    pub fn leg(&mut self, id: LegId) -> Option<&mut LegIo> {
        self.legs.iter_mut().find(|l| l.id == id)
    }
    pub fn media_of(&self, id: LegId) -> Option<media::session::LegId> {
        self.legs.iter().find(|l| l.id == id).map(|l| media::session::LegId(l.media))
    }

    /// An order to the media session. A worker that is too busy or gone loses it; the call goes on and its timers end it.
    pub fn media(&self, command: media::session::Command) {
        if let Some(session) = &self.session
            && let Err(error) = session.command(command)
        {
            metrics::counter!("zhiyin_media_commands_lost_total").increment(1);
            tracing::warn!(call = %self.id, %error, "media order lost");
        }
    }

    /// Remembers who asked, under a number that the machine hands back.
    pub fn expect(&mut self, waiter: Waiter) -> u32 {
        self.requests = self.requests.wrapping_add(1);
        self.waiters.push((self.requests, waiter));
        self.requests
    }
}

impl Drop for CallCell {
    fn drop(&mut self) {
        if let Some(task) = self.attachment.take() {
            task.abort();
        }
    }
}
