//! Rows of input → effects under virtual time, and a hunt with random inputs. Effects are compared in a short written form.
mod book;
mod random;
mod rows;

use super::*;
use crate::call::Cause;
use crate::config::CallbackMode;
use crate::{CallbackId, Pii, QueueId, Timestamp};
use uuid::Uuid;

pub const SERVICE: QueueId = QueueId(Uuid::from_u128(0x51));
pub const HOUR_MS: u64 = 3_600_000;

pub fn start() -> Timestamp {
    Timestamp::from_ms(1_800_000_000_000)
}

pub fn request() -> Request {
    Request {
        id: CallbackId(Uuid::from_u128(1)),
        asked_in: None,
        queue: SERVICE,
        number: Pii::new("13800001111".to_string()),
        local: "4001".into(),
        trunk: None,
        customer: None,
        priority: 3,
        needs: None,
        since: Timestamp::from_ms(1_800_000_000_000 - 240_000),
        mode: CallbackMode::AgentFirst,
        not_before: None,
        expires_at: start().plus_ms(24 * HOUR_MS),
        tries: 3,
        retry_gap_ms: 600_000,
    }
}

/// A window that is always open.
pub fn always(at: Timestamp) -> Option<Timestamp> {
    Some(at)
}

/// Open every day for the first `hours` of 24, counted from `start`.
pub fn daily(hours: u64) -> impl Fn(Timestamp) -> Option<Timestamp> {
    move |at| {
        let (day, into) = ((at.0 - start().0).div_euclid(86_400_000_000), (at.0 - start().0).rem_euclid(86_400_000_000));
        let open = into < (hours * HOUR_MS * 1000) as i64;
        Some(if open { at } else { Timestamp(start().0 + (day + 1) * 86_400_000_000) })
    }
}

/// A callback under test with its own time.
pub struct Rig {
    pub callback: Callback,
    pub now: Timestamp,
    pub first: String,
    window: Box<dyn Fn(Timestamp) -> Option<Timestamp>>,
}
impl Rig {
    pub fn with(request: Request, window: impl Fn(Timestamp) -> Option<Timestamp> + 'static) -> Rig {
        let mut out = Vec::new();
        let callback = Callback::start(start(), request, &window, &mut out).unwrap();
        Rig { callback, now: start(), first: written(&out), window: Box::new(window) }
    }
    pub fn new() -> Rig {
        Rig::with(request(), always)
    }
    pub fn send(&mut self, input: Input) -> String {
        let mut out = Vec::new();
        self.callback.handle(self.now, input, &*self.window, &mut out);
        written(&out)
    }
    /// On to the next timer, which is fired; `Due +30 s: effects`.
    pub fn due(&mut self) -> String {
        let (at, timer) = self.callback.next_timeout().unwrap();
        let after_s = at.ms_since(self.now) / 1000;
        self.now = at;
        format!("{timer:?} +{after_s} s: {}", self.send(Input::Tick))
    }
    pub fn dialled(&mut self, place: u32) -> String {
        self.send(Input::Dialled { place })
    }
    pub fn ended(&mut self, place: u32, end: End) -> String {
        self.send(Input::PlaceEnded { place, end })
    }
    pub fn unanswered(&mut self, place: u32, sip: u16) -> String {
        self.ended(place, End::NotAnswered(Cause::from_sip(sip)))
    }
}

fn word(state: &State) -> String {
    match state {
        State::Done { outcome } => format!("done {}", outcome.word()),
        State::Cancelled { by } => format!("cancelled {by:?}"),
        other => other.word().into(),
    }
}

pub fn written(effects: &[Effect]) -> String {
    let words: Vec<String> = effects
        .iter()
        .map(|e| match e {
            Effect::Place { place } => format!("place {place}"),
            Effect::Withdraw { place } => format!("withdraw {place}"),
            Effect::Changed(callback) => format!("[{}]", word(&callback.state())),
            Effect::Finished { .. } => "finished".into(),
        })
        .collect();
    words.join(" | ")
}
