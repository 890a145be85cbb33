//! What goes into the machine of a call and what comes out of it.
use super::directory::Target;
use crate::config::{CallbackMode, Locale, Needs};
use crate::estimate::Spoken;
use crate::event::Draft;
use crate::interaction::{Direction, Interaction, Segment};
use crate::live::{CallLive, Device};
use crate::routing::{CallbackStage, OverflowTo};
use crate::{CallId, CustomerId, LegId, NumberId, OfferId, Pii, QueueId, RecordingId, Timestamp, TrunkId, UserId};
use serde::{Deserialize, Serialize};

/// Why a leg ended: final SIP status and Q.850 cause where the far side gave them (RFC 3326).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cause {
    pub sip: u16,
    pub q850: Option<u8>,
}
impl Cause {
    /// Normal call clearing.
    pub const NORMAL: Cause = Cause { sip: 200, q850: Some(16) };
    pub const BUSY: Cause = Cause { sip: 486, q850: Some(17) };
    pub const NO_ANSWER: Cause = Cause { sip: 480, q850: Some(19) };
    pub const UNAVAILABLE: Cause = Cause { sip: 503, q850: Some(41) };
    pub const NOT_FOUND: Cause = Cause { sip: 404, q850: Some(1) };
    pub const TIMEOUT: Cause = Cause { sip: 408, q850: Some(102) };
    pub const CANCELLED: Cause = Cause { sip: 487, q850: Some(16) };

    /// A final status with the Q.850 cause that RFC 3398 §8.2 maps it to.
    pub const fn from_sip(sip: u16) -> Cause {
        let q850 = match sip {
            200..=299 => 16,
            400 | 481 | 500 => 41,
            401 | 402 | 403 | 407 | 603 => 21,
            404 | 604 => 1,
            408 | 504 => 102,
            410 => 22,
            480 => 18,
            482 | 483 => 25,
            484 => 28,
            486 | 600 => 17,
            487 => 16,
            488 | 606 | 415 => 65,
            501 => 79,
            503 => 41,
            _ => 31,
        };
        Cause { sip, q850: Some(q850) }
    }
}

/// Which side of the interaction a leg is: decides the recording channel (customer left, agent right) and who hung up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    Customer,
    Agent,
}

/// Whom to ring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DialTo {
    /// The registered desk phone of a person.
    Phone(UserId),
    /// A number out through a trunk.
    Trunk { trunk: TrunkId, number: String },
    /// A fixed SIP address (`sip:user@host:port`).
    Uri(String),
}

/// How a call begins.
#[derive(Debug, Clone, PartialEq)]
pub enum Origin {
    /// Leg 0 is an INVITE for a number of ours, from a trunk or anyone that may call it.
    Inbound { number: NumberId },
    /// Leg 0 is an INVITE from a person's registered phone.
    Phone { user: UserId, target: Target },
    /// A person clicked to dial: their own side (leg 0) is connected first.
    Click { user: UserId, device: Device, target: Target },
    /// Somebody who did not want to wait is called back: it stands in line first, with nobody on it.
    Callback(Box<CallbackOrder>),
}

/// Whom to call back, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct CallbackOrder {
    pub queue: QueueId,
    pub priority: u8,
    pub needs: Option<Needs>,
    /// When the customer began to wait.
    pub since: Timestamp,
    pub mode: CallbackMode,
    /// Goes out here when no trunk's prefix takes the number.
    pub trunk: Option<TrunkId>,
}

/// What a caller wants who does not want to wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    pub queue: QueueId,
    pub number: Pii<String>,
    pub local: String,
    pub trunk: Option<TrunkId>,
    pub customer: Option<CustomerId>,
    pub priority: u8,
    pub needs: Option<Needs>,
    pub since: Timestamp,
}

#[derive(Debug, Clone)]
pub struct Setup {
    pub call: CallId,
    pub origin: Origin,
    /// The far side's number as shown to agents; for `Click` and `Phone` what was dialled.
    pub remote: Pii<String>,
    /// Our number or extension that takes part.
    pub local: String,
    pub trunk: Option<TrunkId>,
}

/// Limits of one call, ms.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// A dialled leg rings this long at most.
    pub answer_timeout_ms: u64,
    /// An accepted browser must have media within this.
    pub connect_timeout_ms: u64,
    /// A lost browser may come back within this.
    pub resume_ms: u64,
    pub call_max_ms: u64,
    /// Legs that do not confirm their end are forgotten after this.
    pub teardown_ms: u64,
}
impl Default for Limits {
    fn default() -> Self {
        Self { answer_timeout_ms: 45_000, connect_timeout_ms: 10_000, resume_ms: 15_000, call_max_ms: 4 * 3_600_000, teardown_ms: 35_000 }
    }
}

/// What an agent or supervisor asks of a running call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    HangUp,
    Hold,
    Unhold,
    Mute(bool),
    Dtmf(String),
    TransferQueue(QueueId),
    TransferAgent(UserId),
    /// A supervisor joins the talk (a browser's offer came with the request), changes how, or leaves.
    Supervise {
        user: UserId,
        device: Device,
        mode: SuperviseMode,
    },
    SuperviseAs {
        user: UserId,
        mode: SuperviseMode,
    },
    StopSupervising {
        user: UserId,
    },
    /// A number as dialled, already looked up.
    TransferTo {
        dialled: String,
        target: Target,
    },
}

/// How a supervisor takes part: heard by nobody, by the agent, by both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuperviseMode {
    Listen,
    Whisper,
    Barge,
}

/// Why an `Ask` was refused; the words are shown to the agent.
pub type Refusal = &'static str;

#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// A dialled leg rings (180) or offers early media (183 with SDP).
    LegRinging {
        leg: LegId,
        early_media: bool,
    },
    /// The leg is answered and its media is agreed (SIP), or ICE and DTLS are through (browser).
    LegUp {
        leg: LegId,
    },
    /// The leg is gone for good, whoever wanted it. Comes exactly once per leg.
    LegDown {
        leg: LegId,
        cause: Cause,
    },
    /// A phone put us on hold (re-INVITE with sendonly or inactive) or took us back.
    LegHeld {
        leg: LegId,
        held: bool,
    },
    /// Nothing was heard from the leg for so long that its peer must be gone.
    LegSilent {
        leg: LegId,
    },
    /// A browser's media stopped (ICE consent gone, page closed).
    MediaLost {
        leg: LegId,
    },
    /// A phone asked for a blind transfer (REFER without Replaces); `target` is none when the number means nothing.
    Referred {
        leg: LegId,
        dialled: String,
        target: Option<Target>,
    },
    /// A phone asked for an attended transfer (REFER with Replaces): the far leg of its consultation joins this call in
    /// place of `replaces`. `agent` is whose phone it is, if anyone's.
    Adopt {
        replaces: LegId,
        agent: Option<UserId>,
    },
    /// The consultation's own call: `leg` left for the other call.
    GivenAway {
        leg: LegId,
    },
    Digit {
        leg: LegId,
        digit: char,
    },
    /// A sound came to its end by itself (not when stopped or replaced).
    Played {
        leg: LegId,
        play: u32,
    },

    /// The router wants the caller to hear its position, 1 = next, and how long it will take, if that is known well enough.
    Announce {
        position: u32,
        wait: Option<Spoken>,
    },
    Offered {
        offer: OfferId,
        agent: UserId,
        device: Device,
    },
    /// The offer is over without this agent; the word says why (`declined`, `no_answer` …).
    OfferEnded {
        offer: OfferId,
        result: &'static str,
    },
    /// The agent has the call; `device` is how they take it.
    Assigned {
        offer: OfferId,
        agent: UserId,
        device: Device,
    },
    /// It no longer waits: queue full, wait limit, queue gone.
    Overflow {
        to: OverflowTo,
    },
    /// The router refused the last `Enqueue` or `Offer` to a person; the word says why.
    RouteRefused {
        why: &'static str,
    },
    /// A callback's turn has come: call the customer.
    Turn,
    /// Whether the callback that was asked for is taken.
    Booked {
        taken: bool,
    },
    /// The callback is not wanted any more.
    Withdrawn,
    /// The router lost the call: ask again.
    EnqueueAgain,
    /// The customer behind the number was found.
    Customer {
        customer: CustomerId,
    },

    /// What this caller is to hear personally is ready to be played; none: there is nothing, or it cannot be had.
    Announcement {
        sound: Option<PersonalSound>,
    },

    Asked {
        request: u32,
        ask: Ask,
    },
    /// The agent's page came back with new media.
    Resumed {
        request: u32,
    },
    /// The engine stops: end now.
    Shutdown,
    /// A timer of `next_timeout` is due.
    Tick,
}

/// A thing to hear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sound {
    /// A configured prompt by key.
    Prompt(String),
    /// "You are number n in the queue.", 1 = next.
    Position {
        position: u32,
        language: Locale,
    },
    /// "About five minutes."
    Wait {
        wait: Spoken,
        language: Locale,
    },
    /// Made for this call alone; the driver has it.
    Personal(PersonalSound),
    Tone(Tone),
}
/// A sound that the driver made for one call, by the number it gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PersonalSound(pub u32);

/// Signals by ITU-T E.180; the driver knows the frequencies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Ringback,
    Busy,
    Congestion,
    /// Starts a voicemail recording.
    Beep,
}

/// What the caller chose in the menu of the number, as long as nobody decided otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Chosen {
    pub menu_digit: Option<char>,
    /// What the option asks of an agent.
    pub needs: Option<Needs>,
    /// It comes from the number's plan: a rule may still send it to another queue.
    pub may_move: bool,
}

/// What the call wants of the router; the driver adds the call's id and card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RouteRequest {
    /// Wait for an agent of this queue. `head`: the caller was already served and goes first. `since`: when it began to wait.
    /// `again`: it has its place here, but the router forgot.
    Enqueue {
        queue: QueueId,
        priority: u8,
        head: bool,
        since: Timestamp,
        reason: Option<String>,
        again: bool,
        chosen: Chosen,
        callback: Option<CallbackStage>,
    },
    /// Ring this agent only.
    OfferTo { agent: UserId, queue: Option<QueueId>, since: Timestamp, ring_timeout_ms: u64, reason: Option<String> },
    /// The caller left or the call ended while waiting or offered.
    Leave { reason: &'static str },
    /// The offered agent's desk phone answered.
    Accept { offer: OfferId, agent: UserId },
    /// The offered agent's desk phone refused or failed.
    Decline { offer: OfferId, agent: UserId },
    /// The agent takes part without an offer (outbound, call between phones).
    Occupy { agent: UserId },
    /// The agent's part is over. `wrap_up_ms` 0: no wrap-up. `away`: their media failed, do not give them the next call.
    Release { agent: UserId, queue: Option<QueueId>, wrap_up_ms: u64, away: Option<&'static str> },
}

#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Tell an unanswered caller that it rings; `early_media`: with the far side's sound.
    Ring {
        leg: LegId,
        early_media: bool,
    },
    /// Accept an unanswered inbound leg; `LegUp` follows.
    Answer {
        leg: LegId,
    },
    /// End the leg in whatever way its state needs (CANCEL, BYE, final status); `LegDown` follows.
    HangUp {
        leg: LegId,
        cause: Cause,
    },
    /// Start a leg. `caller` is the number it sees, `near` the leg it will talk to (codec choice, early media).
    Dial {
        leg: LegId,
        side: Side,
        to: DialTo,
        caller: Pii<String>,
        near: Option<LegId>,
    },
    /// Start a browser leg from the SDP offer that came with the request.
    OpenBrowser {
        leg: LegId,
        agent: UserId,
    },
    /// The leg that another call gave away is this one from now on.
    Adopt {
        leg: LegId,
        side: Side,
    },

    /// Play to the leg, replacing what it hears; `repeat`: for ever (no `Played`).
    Play {
        leg: LegId,
        play: u32,
        sounds: Vec<Sound>,
        repeat: bool,
    },
    StopPlay {
        leg: LegId,
    },
    /// The two legs hear each other; replaces what either heard.
    Bridge {
        a: LegId,
        b: LegId,
    },
    Unbridge,
    /// `to` hears `from` too, or no longer, beside the bridge.
    Hear {
        from: LegId,
        to: LegId,
        on: bool,
    },
    Echo {
        leg: LegId,
    },
    /// The leg is heard by nobody (or again).
    Mute {
        leg: LegId,
        on: bool,
    },
    /// Digits to the leg's far side.
    SendDigits {
        leg: LegId,
        digits: String,
    },
    RecordStart {
        recording: RecordingId,
    },
    RecordStop,

    Route(RouteRequest),
    /// Take this callback; `Booked` follows.
    Book(Box<Wish>),
    /// The callback that was taken is not wanted after all.
    Unbook,
    /// This callback's customer is being dialled.
    Dialled,
    /// Find out who `remote` is; `Customer` may follow.
    Identify,
    /// The answer to `Asked` or `Resumed`.
    Reply {
        request: u32,
        result: Result<(), Refusal>,
    },
    /// Progress of a REFER to the phone that sent it (NOTIFY with this status).
    ReferProgress {
        leg: LegId,
        status: u16,
    },

    /// The interaction's row as it stands.
    Save(Box<Interaction>),
    /// A finished stretch of it.
    Segment(Segment),
    Record(Draft),
    Live(Box<CallLive>),
    LiveEnded {
        agent: Option<UserId>,
    },
    /// All legs are down, nothing follows: forget the call.
    Finished,
}

/// Why the machine woke.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Timer {
    /// A dialled leg was not answered.
    Answer,
    /// An accepted browser has no media yet.
    Connect,
    /// No digit came, in a menu or while a callback is offered.
    Menu,
    /// The personal announcement is not ready.
    Announcement,
    /// The next comfort prompt.
    Comfort,
    /// The lost browser did not return.
    Resume,
    /// The voicemail is as long as it may be.
    Voicemail,
    /// A last prompt or tone did not report its end.
    Farewell,
    /// A supervisor's side did not get through.
    Supervise,
    CallMax,
    Teardown,
}
pub(super) const TIMERS: [Timer; 11] = [
    Timer::Answer,
    Timer::Connect,
    Timer::Menu,
    Timer::Announcement,
    Timer::Comfort,
    Timer::Resume,
    Timer::Voicemail,
    Timer::Farewell,
    Timer::Supervise,
    Timer::CallMax,
    Timer::Teardown,
];

/// Which way the call runs, for reports.
pub(super) fn direction(origin: &Origin) -> Direction {
    match origin {
        Origin::Inbound { .. } => Direction::Inbound,
        Origin::Phone { target: Target::Trunk { .. }, .. } | Origin::Click { target: Target::Trunk { .. }, .. } => Direction::Outbound,
        Origin::Callback(_) => Direction::Outbound,
        Origin::Phone { .. } | Origin::Click { .. } => Direction::Internal,
    }
}
