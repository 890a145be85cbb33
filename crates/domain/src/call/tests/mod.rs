//! Rows of input → effects for every phase, and a hunt with random inputs. Effects are compared in a short written form.
mod callbacks;
mod entry;
mod outbound;
mod queue;
mod random;
mod supervising;
mod talk;

use super::*;
use crate::config::*;
use crate::interaction::{Interaction, Outcome};
use crate::live::Device;
use crate::{CallId, LegId, NumberId, OfferId, QueueId, Timestamp, TrunkId, UserId};
use std::sync::Arc;
use uuid::Uuid;

pub const ALICE: UserId = UserId(Uuid::from_u128(0xa1));
pub const BOB: UserId = UserId(Uuid::from_u128(0xb0));
pub const SERVICE: QueueId = QueueId(Uuid::from_u128(0x51));
pub const SALES: QueueId = QueueId(Uuid::from_u128(0x52));
pub const CARING: QueueId = QueueId(Uuid::from_u128(0x53));
pub const OUT: TrunkId = TrunkId(Uuid::from_u128(0x71));
pub const OFFER: OfferId = OfferId(Uuid::from_u128(0x0f));
pub const OFFER_2: OfferId = OfferId(Uuid::from_u128(0x10));
pub const L0: LegId = LegId(0);
pub const L1: LegId = LegId(1);
pub const L2: LegId = LegId(2);

pub fn number_id(number: &str) -> NumberId {
    NumberId(Uuid::from_u128(number.parse::<u128>().unwrap()))
}

fn label(s: &str) -> Label {
    Label { zh: s.into(), en: s.into() }
}

fn queue(id: QueueId, key: &str, record: bool) -> Queue {
    Queue {
        id,
        key: key.into(),
        name: label(key),
        strategy: Strategy::LongestIdle,
        ring_timeout_ms: 20_000,
        wrap_up_ms: 30_000,
        queue_len_max: 10,
        wait_max_ms: 600_000,
        overflow: Overflow::HangUp { prompt: Some("sorry".into()) },
        announce_every_ms: 30_000,
        music: "music".into(),
        record,
        hours: None,
        closed: Default::default(),
        closing: Default::default(),
        waiting: Default::default(),
        callbacks: Default::default(),
        service_level_threshold_s: 20,
        measure: Default::default(),
        routing: Default::default(),
        members: vec![QueueMember::new(if id == SERVICE { ALICE } else { BOB }, 1)],
    }
}

fn user(id: UserId, name: &str, extension: &str) -> User {
    User {
        id,
        username: name.into(),
        display_name: name.into(),
        roles: vec![],
        team: None,
        extension: Some(extension.into()),
        locale: Locale::ZhCn,
        skills: Default::default(),
        capacity: None,
        disabled: false,
    }
}

pub fn directory() -> Arc<Directory> {
    let menu = Menu {
        prompt: "menu".into(),
        timeout_ms: 5_000,
        repeats: 1,
        options: vec![
            MenuOption {
                digit: '1',
                label: label("service"),
                target: MenuTarget::Queue { queue: "service".into(), priority: 3 },
                needs: None,
            },
            MenuOption {
                digit: '3',
                label: label("english"),
                target: MenuTarget::Queue { queue: "service".into(), priority: 0 },
                needs: Some("english >= 3".parse().unwrap()),
            },
            MenuOption { digit: '2', label: label("hours"), target: MenuTarget::Prompt { prompt: "hours".into() }, needs: None },
            MenuOption { digit: '9', label: label("again"), target: MenuTarget::Repeat, needs: None },
            MenuOption { digit: '0', label: label("bye"), target: MenuTarget::HangUp { prompt: Some("bye".into()) }, needs: None },
        ],
        otherwise: MenuTarget::Queue { queue: "sales".into(), priority: 0 },
    };
    let plans = [
        ("4000", EntryPlan::Ivr { welcome: Some("welcome".into()), recording_notice: Some("notice".into()), menu }),
        ("4001", EntryPlan::Queue { queue: "service".into(), welcome: None, recording_notice: None, priority: 0 }),
        ("4002", EntryPlan::Echo),
        ("4004", EntryPlan::Prompt { prompt: "long".into() }),
        ("4005", EntryPlan::Voicemail { greeting: "greeting".into(), length_max_ms: 60_000 }),
        ("4009", EntryPlan::Queue { queue: "gone".into(), welcome: None, recording_notice: None, priority: 0 }),
        ("1000", EntryPlan::Bridge { target: "sip:agent@127.0.0.3:5062".into(), record: false }),
        ("1001", EntryPlan::Bridge { target: "sip:agent@127.0.0.3:5062".into(), record: true }),
    ];
    let numbers: Vec<Number> = plans
        .into_iter()
        .map(|(n, plan)| Number {
            id: number_id(n),
            number: n.into(),
            name: label(n),
            language: Default::default(),
            plan,
            announcement_wait_ms: 0,
            hours: None,
            closed: Default::default(),
            enabled: true,
        })
        .chain(closed_numbers())
        .collect();
    let trunk = Trunk {
        id: OUT,
        key: "out".into(),
        name: label("out"),
        host: "127.0.0.1".into(),
        port: 5080,
        transport: SipTransport::Udp,
        inbound: vec![],
        username: None,
        register: false,
        prefix: "9".into(),
        strip: 1,
        caller_id: Some("02155550000".into()),
        calls_max: 10,
        enabled: true,
    };
    let users = [user(ALICE, "alice", "2001"), user(BOB, "bob", "2002")];
    let exit = |digit, to| Exit { digit, to };
    let cared = WhileWaiting {
        comfort: vec!["comfort1".into(), "comfort2".into()],
        comfort_every_ms: 8_000,
        exits: vec![
            exit('1', Overflow::Voicemail { greeting: "greeting".into(), length_max_ms: 60_000 }),
            exit('2', Overflow::Queue { queue: "sales".into() }),
            exit('#', Overflow::HangUp { prompt: Some("bye".into()) }),
            exit('3', call_back()),
        ],
        ..Default::default()
    };
    let queues = [queue(SERVICE, "service", true), queue(SALES, "sales", false), Queue { waiting: cared, ..queue(CARING, "caring", true) }];
    let hours = [
        ("never", ""),
        ("always", "[[weekly]]\ndays = [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\", \"sat\", \"sun\"]\nopen = [\"00:00-24:00\"]"),
    ];
    let hours = hours.into_iter().chain([("fire", "[switch]\nset = \"emergency\"\nprompt = \"fire\"")]);
    let hours = hours.map(|(key, rules)| (key.to_owned(), Arc::new(crate::calendar::tests::hours("UTC0", rules)))).collect();
    Arc::new(Directory::new(&numbers, &queues, &users, &[trunk]).with_hours(hours))
}

fn call_back() -> Overflow {
    Overflow::Callback { ask: "ask".into(), other: Some("other".into()), booked: Some("booked".into()) }
}

/// 5001 … 5010: numbers with opening hours, waiting callers cared for, and personal announcements.
fn closed_numbers() -> Vec<Number> {
    let plan = EntryPlan::Queue { queue: "service".into(), welcome: None, recording_notice: None, priority: 0 };
    let caring = EntryPlan::Queue { queue: "caring".into(), welcome: None, recording_notice: None, priority: 0 };
    let welcomed = EntryPlan::Queue { queue: "service".into(), welcome: Some("welcome".into()), recording_notice: None, priority: 0 };
    let menu = Menu {
        prompt: "menu".into(),
        timeout_ms: 5_000,
        repeats: 1,
        options: vec![MenuOption {
            digit: '1',
            label: label("service"),
            target: MenuTarget::Queue { queue: "service".into(), priority: 0 },
            needs: None,
        }],
        otherwise: MenuTarget::HangUp { prompt: None },
    };
    let menu = EntryPlan::Ivr { welcome: None, recording_notice: None, menu };
    let night = plan.clone();
    let bridge = EntryPlan::Bridge { target: "sip:agent@127.0.0.3:5062".into(), record: false };
    let voicemail = Overflow::Voicemail { greeting: "greeting".into(), length_max_ms: 60_000 };
    let say = Overflow::HangUp { prompt: Some("closed".into()) };
    [
        ("5001", "never", say.clone(), plan.clone()),
        ("5002", "never", voicemail.clone(), plan.clone()),
        ("5003", "never", Overflow::Queue { queue: "sales".into() }, plan.clone()),
        ("5004", "always", say.clone(), plan.clone()),
        ("5005", "fire", voicemail, plan),
        ("5006", "never", say.clone(), bridge),
        ("5007", "always", say.clone(), caring),
        ("5008", "always", say.clone(), welcomed),
        ("5009", "always", say, menu),
        ("5010", "never", call_back(), night),
    ]
    .into_iter()
    .map(|(n, hours, closed, plan)| Number {
        id: number_id(n),
        number: n.into(),
        name: label(n),
        language: Default::default(),
        plan,
        announcement_wait_ms: if n == "5008" || n == "5009" { 1_500 } else { 0 },
        hours: Some(hours.into()),
        closed,
        enabled: true,
    })
    .collect()
}

/// A call under test with its own time.
pub struct Rig {
    pub call: Call,
    pub now: Timestamp,
    pub first: String,
    pub events: Vec<String>,
    pub segments: Vec<String>,
    pub rows: Vec<Interaction>,
}

impl Rig {
    pub fn start(origin: Origin) -> Rig {
        Rig::start_from(origin, None, "13800001111")
    }
    pub fn start_from(origin: Origin, trunk: Option<TrunkId>, remote: &str) -> Rig {
        let now = Timestamp::from_ms(1_800_000_000_000);
        let call = CallId(Uuid::from_u128(0x0192_0000_0000_7000_8000_1234_5678_9abc));
        let setup = Setup { call, origin, remote: remote.to_owned().into(), local: "4000".into(), trunk };
        let mut out = Vec::new();
        let call = Call::start(now, setup, directory(), Limits::default(), &mut out);
        let mut rig = Rig { call, now, first: String::new(), events: vec![], segments: vec![], rows: vec![] };
        rig.first = rig.note(out);
        rig
    }
    pub fn inbound(number: &str) -> Rig {
        Rig::start(Origin::Inbound { number: number_id(number) })
    }
    /// Feeds an input; the effects other than history, in short.
    pub fn send(&mut self, input: Input) -> String {
        let mut out = Vec::new();
        self.call.handle(self.now, input, &mut out);
        self.note(out)
    }
    pub fn later(&mut self, ms: u64) -> &mut Rig {
        self.now = self.now.plus_ms(ms);
        self
    }
    /// Goes to the next timer (other than the call's maximum) and fires it.
    pub fn due(&mut self) -> String {
        let (at, timer) = self.call.next_timeout().expect("a timer is set");
        assert_ne!(timer, Timer::CallMax, "no timer but the call's maximum is set");
        self.now = at.max(self.now);
        self.send(Input::Tick)
    }
    fn note(&mut self, out: Vec<Effect>) -> String {
        let mut words = Vec::new();
        for effect in out {
            match effect {
                Effect::Save(row) => self.rows.push(*row),
                Effect::Segment(s) => {
                    let took = s.ended_at.unwrap().ms_since(s.started_at);
                    self.segments.push(format!("{:?} {took} {}", s.kind, s.result.unwrap_or_default()));
                }
                Effect::Record(e) => self.events.push(serde_json::to_value(&e.kind).unwrap()["type"].as_str().unwrap().to_owned()),
                Effect::Live(_) => {}
                other => words.push(short(&other)),
            }
        }
        words.join(" | ")
    }
    pub fn row(&self) -> &Interaction {
        self.rows.last().unwrap()
    }
    pub fn outcome(&self) -> Option<Outcome> {
        self.row().outcome
    }
    pub fn up(&mut self, leg: LegId) -> String {
        self.send(Input::LegUp { leg })
    }
    pub fn down(&mut self, leg: LegId) -> String {
        self.send(Input::LegDown { leg, cause: Cause::NORMAL })
    }
    pub fn fail(&mut self, leg: LegId, sip: u16) -> String {
        self.send(Input::LegDown { leg, cause: Cause::from_sip(sip) })
    }
    pub fn digit(&mut self, digit: char) -> String {
        self.send(Input::Digit { leg: L0, digit })
    }
    pub fn ask(&mut self, ask: Ask) -> String {
        self.send(Input::Asked { request: 7, ask })
    }
    /// The play's end.
    pub fn played(&mut self, play: u32) -> String {
        self.send(Input::Played { leg: L0, play })
    }
    /// An inbound call on 4001, talking with Alice's browser on leg 1.
    pub fn talking() -> Rig {
        let mut rig = Rig::inbound("4001");
        rig.up(L0);
        rig.send(Input::Offered { offer: OFFER, agent: ALICE, device: Device::Browser });
        rig.send(Input::Assigned { offer: OFFER, agent: ALICE, device: Device::Browser });
        rig.up(L1);
        rig
    }
}

fn short(effect: &Effect) -> String {
    match effect {
        Effect::Ring { leg, early_media } => format!("ring {}{}", leg.0, if *early_media { " early" } else { "" }),
        Effect::Answer { leg } => format!("answer {}", leg.0),
        Effect::HangUp { leg, cause } => format!("hangup {} {}", leg.0, cause.sip),
        Effect::Dial { leg, to, caller, .. } => match to {
            DialTo::Phone(user) => format!("dial {} phone {}", leg.0, if *user == ALICE { "alice" } else { "bob" }),
            DialTo::Trunk { number, .. } => format!("dial {} trunk {number} as {}", leg.0, caller.reveal()),
            DialTo::Uri(uri) => format!("dial {} {uri} as {}", leg.0, caller.reveal()),
        },
        Effect::OpenBrowser { leg, .. } => format!("browser {}", leg.0),
        Effect::Adopt { leg, .. } => format!("adopt {}", leg.0),
        Effect::Play { leg, sounds, repeat, .. } => {
            let words: Vec<String> = sounds
                .iter()
                .map(|s| match s {
                    Sound::Prompt(key) => key.clone(),
                    Sound::Position { position, .. } => format!("position{position}"),
                    Sound::Wait { wait, .. } => wait.label().en,
                    Sound::Personal(PersonalSound(n)) => format!("personal{n}"),
                    Sound::Tone(tone) => format!("{tone:?}").to_lowercase(),
                })
                .collect();
            format!("play {} {}{}", leg.0, words.join("+"), if *repeat { " loop" } else { "" })
        }
        Effect::StopPlay { leg } => format!("stop {}", leg.0),
        Effect::Bridge { a, b } => format!("bridge {} {}", a.0, b.0),
        Effect::Unbridge => "unbridge".into(),
        Effect::Hear { from, to, on } => format!("{} {}>{}", if *on { "hear" } else { "unhear" }, from.0, to.0),
        Effect::Echo { leg } => format!("echo {}", leg.0),
        Effect::Mute { leg, on } => format!("mute {} {on}", leg.0),
        Effect::SendDigits { leg, digits } => format!("digits {} {digits}", leg.0),
        Effect::RecordStart { .. } => "record".into(),
        Effect::RecordStop => "record stop".into(),
        Effect::Route(r) => match r {
            RouteRequest::Enqueue { queue, priority, head, again, chosen, callback, .. } => {
                let needs = chosen.needs.as_ref().map(|n| format!(" needs {n}")).unwrap_or_default();
                let key = if *queue == SERVICE { "service" } else { "sales" };
                let stage = callback.map(|stage| format!(" {stage:?}")).unwrap_or_default();
                format!("enqueue {key} p{priority}{}{}{needs}{stage}", if *head { " head" } else { "" }, if *again { " again" } else { "" })
            }
            RouteRequest::OfferTo { agent, .. } => format!("offer-to {}", if *agent == ALICE { "alice" } else { "bob" }),
            RouteRequest::Leave { reason } => format!("leave {reason}"),
            RouteRequest::Accept { .. } => "accept".into(),
            RouteRequest::Decline { .. } => "decline".into(),
            RouteRequest::Occupy { agent } => format!("occupy {}", if *agent == ALICE { "alice" } else { "bob" }),
            RouteRequest::Release { wrap_up_ms, away, .. } => {
                format!("release {wrap_up_ms}{}", away.map_or(String::new(), |a| format!(" {a}")))
            }
        },
        Effect::Book(wish) => format!("book {} p{}", wish.number.reveal(), wish.priority),
        Effect::Unbook => "unbook".into(),
        Effect::Dialled => "dialled".into(),
        Effect::Identify => "identify".into(),
        Effect::Reply { result, .. } => match result {
            Ok(()) => "ok".into(),
            Err(why) => format!("refused: {why}"),
        },
        Effect::ReferProgress { status, .. } => format!("refer {status}"),
        Effect::LiveEnded { .. } => "live-ended".into(),
        Effect::Finished => "finished".into(),
        Effect::Save(_) | Effect::Segment(_) | Effect::Record(_) | Effect::Live(_) => String::new(),
    }
}
