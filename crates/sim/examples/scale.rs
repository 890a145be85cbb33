//! The router at full size: 10,000 agents, 200 queues, 100,000 waiting; and a simulated day of a million interactions.
//! Prints one JSON row a figure.
#![expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]
use domain::config::{Label, Overflow, Queue, QueueMember};
use domain::live::{AgentStatus, Device};
use domain::routing::{Effect, Enqueue, Input, Router};
use domain::{InteractionId, OfferId, QueueId, Timestamp, UserId};
use std::time::Instant;

const AGENTS: u64 = 10_000;
const QUEUES: u64 = 200;
const WAITING: u64 = 100_000;
/// Agents of a queue; each serves two queues.
const MEMBERS: u64 = AGENTS * 2 / QUEUES;
const DECISIONS: u64 = 50_000;

fn bytes(n: u64) -> [u8; 10] {
    let mut all = [0; 10];
    all[..8].copy_from_slice(&n.to_be_bytes());
    all
}
fn user(n: u64) -> UserId {
    UserId::from_parts(Timestamp(0), bytes(n % AGENTS))
}
fn queue_id(n: u64) -> QueueId {
    QueueId::from_parts(Timestamp(0), bytes(n % QUEUES))
}

fn queue(n: u64) -> Queue {
    Queue {
        id: queue_id(n),
        key: format!("q{n}"),
        name: Label::default(),
        strategy: Default::default(),
        ring_timeout_ms: 20_000,
        wrap_up_ms: 0,
        queue_len_max: 10_000,
        wait_max_ms: 86_400_000,
        overflow: Overflow::HangUp { prompt: None },
        announce_every_ms: 0,
        music: String::new(),
        record: false,
        hours: None,
        closed: Default::default(),
        closing: Default::default(),
        waiting: Default::default(),
        callbacks: Default::default(),
        service_level_threshold_s: 20,
        measure: Default::default(),
        routing: Default::default(),
        members: (0..MEMBERS).map(|m| QueueMember::new(user(n * MEMBERS / 2 + m), 1)).collect(),
    }
}

struct Floor {
    router: Router,
    now: Timestamp,
    out: Vec<Effect>,
    took_us: Vec<f64>,
}

impl Floor {
    /// One step of the router; its time counts when `timed`.
    fn step(&mut self, input: Input, timed: bool) -> Vec<Effect> {
        self.now = self.now.plus_ms(1);
        self.out.clear();
        let begin = Instant::now();
        self.router.handle(self.now, input, &mut self.out);
        if timed {
            self.took_us.push(begin.elapsed().as_secs_f64() * 1e6);
        }
        std::mem::take(&mut self.out)
    }

    fn arrives(&mut self, n: u64, timed: bool) {
        let interaction = InteractionId::from_parts(self.now, bytes(n));
        let enqueue = Enqueue { priority: (n % 3) as u8, ..Enqueue::new(interaction, queue_id(n), self.now) };
        self.step(Input::Enqueue(enqueue), timed);
    }
}

fn offer_in(effects: &[Effect]) -> Option<(UserId, OfferId, InteractionId, Option<QueueId>)> {
    effects.iter().find_map(|e| match e {
        Effect::Offer { offer, .. } => Some((offer.agent, offer.offer, offer.interaction, offer.queue)),
        _ => None,
    })
}

fn resident_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:")).and_then(|l| l.trim().split(' ').next()?.parse::<f64>().ok());
    line.unwrap_or(0.0) / 1024.0
}

fn main() {
    let mut floor = Floor { router: Router::new(1), now: Timestamp::from_ms(1_800_000_000_000), out: Vec::new(), took_us: Vec::new() };
    let begin = Instant::now();
    floor.step(Input::Configure { queues: (0..QUEUES).map(queue).collect(), agents: (0..AGENTS).map(|n| user(n).into()).collect() }, false);
    println!("{{\"figure\":\"configure_ms\",\"value\":{:.1}}}", begin.elapsed().as_secs_f64() * 1e3);
    for n in 0..WAITING {
        floor.arrives(n, true);
    }
    report("enqueue", &mut floor.took_us);
    // Every agent comes, takes the first, and the work goes round with new arrivals.
    let mut talks = Vec::new();
    for n in 0..AGENTS {
        floor.step(Input::SignIn { agent: user(n), device: Device::Browser }, false);
        let said = floor.step(Input::SetStatus { agent: user(n), status: AgentStatus::Available, reason: None }, true);
        if let Some((agent, offer, interaction, queue)) = offer_in(&said) {
            floor.step(Input::Accept { agent, offer }, true);
            talks.push((agent, interaction, queue));
        }
    }
    report("sign_in_and_offer", &mut floor.took_us);
    for n in 0..DECISIONS {
        let at = (n as usize * 7919) % talks.len();
        let (agent, interaction, queue) = talks[at];
        let said = floor.step(Input::Released { agent, interaction, queue, wrap_up_ms: 0, away: None }, true);
        if let Some((agent, offer, interaction, queue)) = offer_in(&said) {
            floor.step(Input::Accept { agent, offer }, true);
            talks[at] = (agent, interaction, queue);
        }
        floor.arrives(WAITING + n, true);
    }
    report("release_decide_accept_enqueue", &mut floor.took_us);
    println!("{{\"figure\":\"resident_mb\",\"value\":{:.0}}}", resident_mb());
    drop(floor);
    day();
}

/// A million interactions in one run, on one core.
fn day() {
    let begin = Instant::now();
    match sim::simulate(&sim::scenario::bench_scenario(1_000_000)) {
        Ok(_) => println!("{{\"figure\":\"million_interactions_s\",\"value\":{:.1}}}", begin.elapsed().as_secs_f64()),
        Err(error) => println!("{{\"figure\":\"million_interactions_s\",\"error\":\"{error}\"}}"),
    }
}

fn report(what: &str, took_us: &mut Vec<f64>) {
    took_us.sort_by(f64::total_cmp);
    let at = |share: f64| took_us[((took_us.len() - 1) as f64 * share) as usize];
    println!(
        "{{\"figure\":\"{what}_us\",\"n\":{},\"p50\":{:.1},\"p99\":{:.1},\"p999\":{:.1},\"max\":{:.1}}}",
        took_us.len(),
        at(0.5),
        at(0.99),
        at(0.999),
        at(1.0)
    );
    took_us.clear();
}
