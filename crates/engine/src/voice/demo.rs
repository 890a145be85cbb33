//! The demo's traffic: simulated customers who really call over the loopback, and an outside world that our calls out reach.
use super::assets;
use super::phone::{CallKey, Phone, PhoneNews, PhoneOrder, SAMPLE_RATE_HZ, Sound};
use crate::clock::IdSource;
use crate::handle::LiveChange;
use crate::port::Context;
use domain::Timestamp;
use domain::config::EntryPlan;
use domain::interaction::InteractionState;
use signaling::sdp::Codec;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use tokio::sync::{broadcast, mpsc};

/// Orders that wait, and customers that may be on the line, calm and busy.
pub(super) const ORDERS_MAX: usize = 16;
const CALM_MAX: usize = 2;
const BUSY_MAX: usize = 10;
/// More calls an hour than this are "busy".
const CALM_CALLS_PER_HOUR: u32 = 120;
/// How often the simulation looks at its calls.
const STEP_MS: u64 = 250;
/// A waiting customer gives up after this much, plus up to as much again.
const PATIENCE_MS: u64 = 90_000;
/// A conversation's length, plus up to as much again.
const TALK_MS: u64 = 35_000;
const SENTENCE_PAUSE_MS: u64 = 5_000;
/// Into a menu a customer presses its digit after this long (welcome and notice are over by then).
const PRESS_AFTER_MS: u64 = 17_000;
const OUTSIDE_RING_MS: u64 = 2_000;
const OUTSIDE_TALK_MS: u64 = 60_000;
const CUSTOMERS_READ: u32 = 100;

/// What the demo's customers are told.
#[derive(Debug)]
pub(super) enum Order {
    /// One of them calls this number at once, and presses the digit in its menu.
    CallNow { number: String, digit: Option<char> },
}

/// A simulated person in a call.
struct Person {
    number: String,
    outside: bool,
    up: bool,
    /// When the talk began, as the live state shows it.
    talking: Option<Timestamp>,
    next_sentence: Timestamp,
    press: Option<(Timestamp, char)>,
    answer_at: Option<Timestamp>,
    hang_up_at: Timestamp,
}

struct Demo {
    ctx: Context,
    sip: SocketAddr,
    chance: IdSource,
    caller: Phone,
    outside: Option<Phone>,
    callers: Vec<String>,
    people: HashMap<(bool, CallKey), Person>,
    sentences: Vec<Arc<Vec<i16>>>,
    next_call: Option<Timestamp>,
    calls: CallKey,
}

/// Runs the simulation until the engine drops the orders.
pub(super) async fn run(ctx: Context, sip: SocketAddr, mut orders: mpsc::Receiver<Order>) {
    let chance = IdSource::seeded(ctx.config.demo_seed);
    let sip = if sip.ip().is_unspecified() { SocketAddr::new(Ipv4Addr::LOCALHOST.into(), sip.port()) } else { sip };
    let codecs = vec![Codec::Pcma, Codec::Pcmu];
    let any = SocketAddr::new(sip.ip(), 0);
    let (caller, mut caller_news) = match Phone::start(any, codecs.clone(), true, ctx.clock, chance.bytes()).await {
        Ok(started) => started,
        Err(error) => return tracing::warn!(%error, "no simulated customers"),
    };
    let (outside, outside_news) = match outside_addr(&ctx) {
        Some(addr) => match Phone::start(addr, codecs, true, ctx.clock, chance.bytes()).await {
            Ok((phone, news)) => (Some(phone), Some(news)),
            Err(error) => {
                tracing::warn!(%addr, %error, "no simulated outside world: its address is taken");
                (None, None)
            }
        },
        None => (None, None),
    };
    // Without an outside world its news never come.
    let (_silent, never) = mpsc::channel(1);
    let mut outside_news = outside_news.unwrap_or(never);
    let mut live = ctx.live.sender().subscribe();
    let sentences = tokio::task::spawn_blocking(sentences).await.unwrap_or_default();
    let mut demo =
        Demo { sip, chance, caller, outside, callers: Vec::new(), people: HashMap::new(), sentences, next_call: None, calls: 0, ctx };
    demo.read_callers().await;
    demo.schedule();
    let mut steps = tokio::time::interval(std::time::Duration::from_millis(STEP_MS));
    steps.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    loop {
        tokio::select! {
            order = orders.recv() => match order {
                Some(Order::CallNow { number, digit }) => demo.call(number, digit),
                None => return,
            },
            Some(news) = caller_news.recv() => demo.caller_news(news),
            Some(news) = outside_news.recv() => demo.outside_news(news),
            change = live.recv() => match change {
                Ok(LiveChange::Call(call)) if call.state == InteractionState::Connected => demo.connected(call.remote.reveal()),
                Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => return,
            },
            _ = steps.tick() => demo.step(),
        }
    }
}

/// Where the outside world listens: the first trunk that leads to this machine.
fn outside_addr(ctx: &Context) -> Option<SocketAddr> {
    let setup = ctx.setup.load();
    setup.trunks.iter().find_map(|t| {
        let ip: IpAddr = t.trunk.host.parse().ok()?;
        (t.trunk.enabled && ip.is_loopback()).then(|| SocketAddr::new(ip, t.trunk.port))
    })
}

fn sentences() -> Vec<Arc<Vec<i16>>> {
    let names = ["zh_bill", "zh_network", "zh_refund", "zh_address", "en_bill", "en_network", "en_password", "en_refund"];
    let speak = |name: &&str| {
        let wav = assets::find(&format!("customer_{name}"))?;
        let prompt = media::player::Prompt::from_wav(&wav).ok()?;
        Some(Arc::new(prompt.pcm(SAMPLE_RATE_HZ).to_vec()))
    };
    names.iter().filter_map(speak).collect()
}

impl Demo {
    fn below(&self, n: u64) -> u64 {
        self.chance.next_u64() % n.max(1)
    }

    async fn read_callers(&mut self) {
        let Ok(page) = store::PageRequest::parse(None, Some(CUSTOMERS_READ)) else { return };
        match store::repo::customers::list(&*self.ctx.store, None, page).await {
            Ok(found) => self.callers = found.items.iter().flat_map(|c| c.value.phones.first().map(|p| p.reveal().clone())).collect(),
            Err(error) => tracing::warn!(%error, "customers of the demo not read"),
        }
    }

    /// The next call comes after half to one and a half of the mean pause.
    fn schedule(&mut self) {
        let per_hour = u64::from(self.ctx.config.demo_calls_per_hour);
        self.next_call = (per_hour > 0).then(|| {
            let mean = 3_600_000 / per_hour;
            self.ctx.clock.now().plus_ms(mean / 2 + self.below(mean))
        });
    }

    /// A number that people call, and the digit they press there.
    fn pick_number(&self) -> Option<(String, Option<char>)> {
        let setup = self.ctx.setup.load();
        let mut choices = Vec::new();
        for n in setup.numbers.iter().filter(|n| n.enabled) {
            match &n.plan {
                EntryPlan::Queue { .. } => choices.push((n.number.clone(), None)),
                EntryPlan::Ivr { menu, .. } => choices.extend(
                    menu.options
                        .iter()
                        .filter(|o| matches!(o.target, domain::config::MenuTarget::Queue { .. }))
                        .map(|o| (n.number.clone(), Some(o.digit))),
                ),
                _ => {}
            }
        }
        if choices.is_empty() {
            return None;
        }
        let i = self.below(choices.len() as u64) as usize;
        Some(choices.swap_remove(i))
    }

    fn call(&mut self, number: String, digit: Option<char>) {
        let busy = |from: &str| self.people.values().any(|p| !p.outside && p.number == from);
        let free: Vec<&String> = self.callers.iter().filter(|c| !busy(c)).collect();
        let from = match free.is_empty() {
            true => format!("138{:08}", self.below(100_000_000)),
            false => free[self.below(free.len() as u64) as usize].clone(),
        };
        self.calls += 1;
        let now = self.ctx.clock.now();
        let person = Person {
            number: from.clone(),
            outside: false,
            up: false,
            talking: None,
            next_sentence: now,
            press: digit.map(|d| (now.plus_ms(PRESS_AFTER_MS), d)),
            answer_at: None,
            hang_up_at: now.plus_ms(PATIENCE_MS + self.below(PATIENCE_MS)),
        };
        if self.caller.order(PhoneOrder::Call { call: self.calls, server: self.sip, number, from }) {
            self.people.insert((false, self.calls), person);
        }
    }

    fn caller_news(&mut self, news: PhoneNews) {
        match news {
            PhoneNews::Up { call } => {
                if let Some(p) = self.people.get_mut(&(false, call)) {
                    p.up = true;
                }
            }
            PhoneNews::Down { call, .. } => drop(self.people.remove(&(false, call))),
            PhoneNews::Spoken { call } => self.spoken(false, call),
            PhoneNews::Incoming { call, .. } => drop(self.caller.order(PhoneOrder::Reject { call, status: 486 })),
            _ => {}
        }
    }

    fn outside_news(&mut self, news: PhoneNews) {
        let Some(outside) = &self.outside else { return };
        match news {
            PhoneNews::Incoming { call, number, .. } => {
                // Two numbers that never answer, so that failure can be tried out.
                if number.ends_with("00") {
                    outside.order(PhoneOrder::Reject { call, status: 486 });
                    return;
                }
                outside.order(PhoneOrder::Ring { call });
                let now = self.ctx.clock.now();
                let silent = number.ends_with("01");
                let person = Person {
                    number,
                    outside: true,
                    up: false,
                    talking: None,
                    next_sentence: now,
                    press: None,
                    answer_at: (!silent).then(|| now.plus_ms(OUTSIDE_RING_MS)),
                    hang_up_at: now.plus_ms(OUTSIDE_RING_MS + OUTSIDE_TALK_MS + self.below(OUTSIDE_TALK_MS)),
                };
                self.people.insert((true, call), person);
            }
            PhoneNews::Up { call } => {
                let now = self.ctx.clock.now();
                if let Some(p) = self.people.get_mut(&(true, call)) {
                    (p.up, p.talking, p.next_sentence) = (true, Some(now), now.plus_ms(500));
                }
            }
            PhoneNews::Down { call, .. } => drop(self.people.remove(&(true, call))),
            PhoneNews::Spoken { call } => self.spoken(true, call),
            _ => {}
        }
    }

    fn spoken(&mut self, outside: bool, call: CallKey) {
        let next = self.ctx.clock.now().plus_ms(SENTENCE_PAUSE_MS);
        if let Some(p) = self.people.get_mut(&(outside, call)) {
            p.next_sentence = next;
        }
    }

    /// The live state shows that somebody talks with this caller.
    fn connected(&mut self, remote: &str) {
        let now = self.ctx.clock.now();
        let length = TALK_MS + self.below(TALK_MS);
        for p in self.people.values_mut().filter(|p| !p.outside && p.talking.is_none() && p.number == remote) {
            (p.talking, p.next_sentence, p.hang_up_at, p.press) = (Some(now), now.plus_ms(1_000), now.plus_ms(length), None);
        }
    }

    fn step(&mut self) {
        let now = self.ctx.clock.now();
        let per_hour = self.ctx.config.demo_calls_per_hour;
        let most = if per_hour > CALM_CALLS_PER_HOUR { BUSY_MAX } else { CALM_MAX };
        if self.next_call.is_some_and(|at| at <= now) {
            if self.people.values().filter(|p| !p.outside).count() < most
                && let Some((number, digit)) = self.pick_number()
            {
                self.call(number, digit);
            }
            self.schedule();
        }
        let sentence = self.below(self.sentences.len() as u64) as usize;
        for ((outside, call), p) in &mut self.people {
            let phone = if *outside { self.outside.as_ref() } else { Some(&self.caller) };
            let Some(phone) = phone else { continue };
            let call = *call;
            if p.hang_up_at <= now {
                p.hang_up_at = now.plus_ms(PATIENCE_MS);
                phone.order(PhoneOrder::HangUp { call });
                continue;
            }
            if p.answer_at.is_some_and(|at| at <= now) {
                p.answer_at = None;
                phone.order(PhoneOrder::Answer { call });
            }
            if let Some((at, digit)) = p.press
                && p.up
                && at <= now
            {
                p.press = None;
                phone.order(PhoneOrder::Say { call, sound: Sound::Digits(digit.to_string()) });
            }
            if p.talking.is_some()
                && p.next_sentence <= now
                && let Some(speech) = self.sentences.get(sentence)
            {
                // Said again only when it is over and a pause has passed.
                p.next_sentence = now.plus_ms(PATIENCE_MS);
                phone.order(PhoneOrder::Say { call, sound: Sound::Speech(speech.clone()) });
            }
        }
    }
}
