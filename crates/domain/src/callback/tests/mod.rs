//! Rows of input → effects under virtual time, and a hunt with random inputs. Effects are compared in a short written form.
mod book;
mod random;
mod rows;

use super::*;
use crate::{InteractionId, OfferId, Pii, QueueId, Timestamp, UserId};
use uuid::Uuid;

pub const ALICE: UserId = UserId(Uuid::from_u128(0xa1));
pub const BOB: UserId = UserId(Uuid::from_u128(0xb0));
pub const SERVICE: QueueId = QueueId(Uuid::from_u128(0x51));
pub const OFFER: OfferId = OfferId(Uuid::from_u128(0x0f));
pub const HOUR_MS: u64 = 3_600_000;

pub fn start() -> Timestamp {
    Timestamp::from_ms(1_800_000_000_000)
}

pub fn request(mode: Mode) -> Request {
    Request {
        interaction: InteractionId(Uuid::from_u128(1)),
        queue: SERVICE,
        number: Pii::new("13800001111".to_string()),
        local: "4001".into(),
        customer: None,
        priority: 3,
        since: Timestamp::from_ms(1_800_000_000_000 - 240_000),
        mode,
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
        let callback = Callback::start(start(), request, Limits::default(), &window, &mut out).unwrap();
        Rig { callback, now: start(), first: written(&out), window: Box::new(window) }
    }
    pub fn new(mode: Mode) -> Rig {
        Rig::with(request(mode), always)
    }
    pub fn send(&mut self, input: Input) -> String {
        let mut out = Vec::new();
        self.callback.handle(self.now, input, &*self.window, &mut out);
        written(&out)
    }
    /// On to the next timer, which is fired; `Ring +30 s: effects`.
    pub fn due(&mut self) -> String {
        let (at, timer) = self.callback.next_timeout().unwrap();
        let after_s = at.ms_since(self.now) / 1000;
        self.now = at;
        format!("{timer:?} +{after_s} s: {}", self.send(Input::Tick))
    }
    pub fn offered(&mut self) -> String {
        self.send(Input::Offered { offer: OFFER, agent: ALICE })
    }
    pub fn assigned(&mut self) -> String {
        self.send(Input::Assigned { agent: ALICE })
    }
    pub fn up(&mut self, attempt: u8) -> String {
        self.send(Input::LegUp { attempt })
    }
    pub fn down(&mut self, attempt: u8, sip: u16) -> String {
        self.send(Input::LegDown { attempt, sip })
    }
}

pub fn name(agent: UserId) -> &'static str {
    if agent == ALICE { "alice" } else { "bob" }
}

fn word(state: &State) -> String {
    match state {
        State::Requested { .. } => "requested".into(),
        State::Waiting => "waiting".into(),
        State::Offered { agent, .. } => format!("offered {}", name(*agent)),
        State::Dialling { agent } => format!("dialling{}", agent.map_or(String::new(), |a| format!(" with {}", name(a)))),
        State::Holding => "holding".into(),
        State::Connected { agent } => format!("connected {}", name(*agent)),
        State::RetryAt { .. } => "retry-at".into(),
        State::Done { outcome } => format!("done {outcome:?}"),
        State::Cancelled { by } => format!("cancelled {by:?}"),
    }
}

pub fn written(effects: &[Effect]) -> String {
    let words: Vec<String> = effects
        .iter()
        .map(|e| match e {
            Effect::Enqueue(q) if q.head => "enqueue head".into(),
            Effect::Enqueue(q) => format!("enqueue p{} since {} s", q.priority, (q.since.0 - start().0) / 1_000_000),
            Effect::Leave { reason } => format!("leave {reason}"),
            Effect::Dial { attempt, number, agent } => {
                format!("dial {attempt} {}{}", number.reveal(), agent.map_or(String::new(), |a| format!(" with {}", name(a))))
            }
            Effect::HangUp { attempt } => format!("hangup {attempt}"),
            Effect::Hold { attempt } => format!("hold {attempt}"),
            Effect::Connect { attempt, agent } => format!("connect {attempt} {}", name(*agent)),
            Effect::Release { agent } => format!("release {}", name(*agent)),
            Effect::Changed(live) => format!("[{}]", word(&live.state)),
            Effect::Finished { .. } => "finished".into(),
        })
        .collect();
    words.join(" | ")
}
