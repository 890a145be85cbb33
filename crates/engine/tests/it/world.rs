//! An engine with a temporary store on free ports of the loopback.
use domain::calendar::Calendar;
use domain::config::*;
use domain::interaction::{Interaction, Segment};
use domain::{NumberId, QueueId, Timestamp, TrunkId, UserId};
use engine::{Engine, EngineConfig, EngineTask, Handle};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use store::repo::config::{self as rows, kind};
use store::repo::users;
use store::{MasterKeySource, SipSecret, Store, StoreConfig};

pub const REALM: &str = "test";
pub const ALICE: UserId = UserId(uuid::Uuid::from_u128(0xa1));
pub const BOB: UserId = UserId(uuid::Uuid::from_u128(0xb0));
pub const SERVICE: QueueId = QueueId(uuid::Uuid::from_u128(0x51));
pub const SALES: QueueId = QueueId(uuid::Uuid::from_u128(0x52));
pub const WAIT: QueueId = QueueId(uuid::Uuid::from_u128(0x53));
const NOW: Timestamp = Timestamp(1_800_000_000_000_000);

fn label(s: &str) -> Label {
    Label { zh: s.into(), en: s.into() }
}

pub fn number(number: &str, plan: EntryPlan) -> Number {
    Number {
        id: NumberId(uuid::Uuid::from_u128(number.parse().unwrap())),
        number: number.into(),
        name: label(number),
        language: Default::default(),
        plan,
        announcement_wait_ms: 0,
        hours: None,
        closed: Default::default(),
        enabled: true,
    }
}

pub fn queue(id: QueueId, key: &str, member: UserId) -> Queue {
    Queue {
        id,
        key: key.into(),
        name: label(key),
        strategy: Strategy::LongestIdle,
        ring_timeout_ms: 2_000,
        wrap_up_ms: 1_000,
        queue_len_max: 10,
        wait_max_ms: 60_000,
        overflow: Overflow::HangUp { prompt: None },
        announce_every_ms: 0,
        music: "music".into(),
        record: true,
        hours: None,
        closed: Default::default(),
        closing: Default::default(),
        waiting: Default::default(),
        callbacks: Default::default(),
        service_level_threshold_s: 20,
        measure: Default::default(),
        routing: Default::default(),
        members: vec![QueueMember::new(member, 1)],
    }
}

fn calendar(key: &str, open: &str) -> Calendar {
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let weekly = if open.is_empty() { serde_json::json!([]) } else { serde_json::json!([{ "days": days, "open": [open] }]) };
    let name = serde_json::json!({ "zh": key, "en": key });
    serde_json::from_value(serde_json::json!({ "key": key, "name": name, "timezone": "Asia/Shanghai", "weekly": weekly })).unwrap()
}

fn voicemail() -> Overflow {
    Overflow::Voicemail { greeting: "welcome".into(), length_max_ms: 5_000 }
}

/// Never open: who calls leaves a message for `sales`.
fn closed_number() -> Number {
    let plan = EntryPlan::Queue { queue: "sales".into(), welcome: None, recording_notice: None, priority: 0 };
    Number { hours: Some("never".into()), closed: voicemail(), ..number("4007", plan) }
}

/// Comforted every second with the menu's tone; 1 leaves a message. Open while nobody turns the switch of `always`.
fn waiting_queue() -> Queue {
    let waiting = WhileWaiting {
        comfort: vec!["menu".into()],
        comfort_every_ms: 1_000,
        exits: vec![Exit { digit: '1', to: voicemail() }],
        ..Default::default()
    };
    let closed = Overflow::HangUp { prompt: Some("welcome".into()) };
    Queue { hours: Some("always".into()), closed, waiting, ..queue(WAIT, "wait", BOB) }
}

fn user(id: UserId, name: &str, extension: &str) -> User {
    User {
        id,
        username: name.into(),
        display_name: name.into(),
        roles: vec![domain::access::Role::Agent],
        team: None,
        extension: Some(extension.into()),
        locale: Locale::ZhCn,
        skills: Default::default(),
        capacity: None,
        disabled: false,
    }
}

/// What a test sets up beside the usual people (alice 2001 in `service`, bob 2002 in `sales`).
pub struct Plan {
    pub numbers: Vec<Number>,
    pub trunk_port: u16,
    pub prompts: Vec<(String, Vec<u8>)>,
}

pub struct World {
    pub handle: Handle,
    pub task: EngineTask,
    pub sip: SocketAddr,
    pub store: Arc<Store>,
    /// Removed when the test is over.
    _dir: tempfile::TempDir,
}

/// A stretch of ports that nobody uses at this moment: tests run side by side.
fn free_ports() -> (u16, u16) {
    let free = std::net::UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().min(65_000);
    (free, free + 500)
}

/// A tone as a WAV, for prompts.
pub fn tone_wav(hz: f32, ms: usize) -> Vec<u8> {
    let samples: Vec<i16> = (0..8 * ms).map(|i| (8_000.0 * (std::f32::consts::TAU * hz * i as f32 / 8_000.0).sin()) as i16).collect();
    media::wav::write_pcm16(8_000, 1, &samples)
}

impl World {
    /// Free ports, the usual numbers: 4000 menu, 4001 service, 4002 echo, 4005 voicemail, 4007 closed, 4008 queue `wait`, 1000/1001 bridge to `target`.
    pub async fn usual(target: SocketAddr) -> World {
        let bridge = |record| EntryPlan::Bridge { target: format!("sip:agent@{target}"), record };
        let option = |digit, key: &str| MenuOption {
            digit,
            label: label(key),
            target: MenuTarget::Queue { queue: key.into(), priority: 0 },
            needs: None,
        };
        let menu = Menu {
            prompt: "menu".into(),
            timeout_ms: 5_000,
            repeats: 1,
            options: vec![
                option('1', "service"),
                option('2', "sales"),
                MenuOption { digit: '*', label: label("again"), target: MenuTarget::Repeat, needs: None },
            ],
            otherwise: MenuTarget::HangUp { prompt: None },
        };
        let plan = Plan {
            numbers: vec![
                number("4000", EntryPlan::Ivr { welcome: Some("welcome".into()), recording_notice: None, menu }),
                number("4001", EntryPlan::Queue { queue: "service".into(), welcome: None, recording_notice: None, priority: 0 }),
                number("4002", EntryPlan::Echo),
                number("4005", EntryPlan::Voicemail { greeting: "welcome".into(), length_max_ms: 1_000 }),
                closed_number(),
                number("4008", EntryPlan::Queue { queue: "wait".into(), welcome: None, recording_notice: None, priority: 0 }),
                number("1000", bridge(false)),
                number("1001", bridge(true)),
            ],
            trunk_port: target.port(),
            prompts: vec![
                ("welcome".into(), tone_wav(500.0, 400)),
                ("menu".into(), tone_wav(600.0, 3_000)),
                ("music".into(), tone_wav(900.0, 1_000)),
                ("closed".into(), tone_wav(400.0, 2_000)),
            ],
        };
        World::start(plan, SocketAddr::from(([127, 0, 0, 1], 0)), free_ports()).await
    }

    /// Signs an agent in on the desk phone and makes them available.
    pub async fn available(&self, agent: UserId, device: domain::live::Device) {
        use engine::handle::Command;
        self.handle.ask(|reply| Command::SignIn { agent, device, reply }).await.unwrap();
        let registered = |agents: Vec<domain::live::AgentLive>| agents.iter().any(|a| a.user == agent && a.phone_registered);
        while device == domain::live::Device::DeskPhone && !registered(self.handle.snapshot().await.unwrap().agents) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        self.handle
            .ask(|reply| Command::SetStatus { agent, status: domain::live::AgentStatus::Available, reason: None, reply })
            .await
            .unwrap();
    }

    /// Waits until the agent has this status.
    pub async fn status(&self, agent: UserId, wanted: domain::live::AgentStatus) -> domain::live::AgentLive {
        let mut last = None;
        for _ in 0..400 {
            let found = self.handle.snapshot().await.unwrap().agents.into_iter().find(|a| a.user == agent);
            match found {
                Some(agent) if agent.status == wanted => return agent,
                other => last = other,
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("{wanted:?} never came; last {last:?}");
    }

    /// The one running call, once it is in the wanted state.
    pub async fn call(&self, wanted: domain::interaction::InteractionState) -> domain::live::CallLive {
        for _ in 0..400 {
            if let Some(call) = self.handle.snapshot().await.unwrap().calls.into_iter().find(|c| c.state == wanted) {
                return call;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("no call became {wanted:?}");
    }

    pub async fn start(plan: Plan, sip_addr: SocketAddr, rtp_ports: (u16, u16)) -> World {
        // `RUST_LOG=engine=debug` shows what happens; a second start finds it set up already.
        let _ = tracing_subscriber::fmt().with_env_filter(tracing_subscriber::EnvFilter::from_default_env()).try_init();
        let dir = tempfile::tempdir().unwrap();
        let mut config = StoreConfig::embedded(dir.path());
        config.master_key = MasterKeySource::Raw([7; 32]);
        let store = Arc::new(Store::open(config, NOW).await.unwrap());
        fill(&store, plan).await;
        let config = EngineConfig {
            sip_addr,
            sip_realm: REALM.into(),
            allow_anonymous: vec!["127.0.0.0/8".parse().unwrap()],
            rtp_addr: IpAddr::V4(Ipv4Addr::LOCALHOST),
            rtp_ports,
            webrtc_addr: SocketAddr::from(([127, 0, 0, 1], 0)),
            media_workers: 1,
            drain_ms: 200,
            ..EngineConfig::default()
        };
        let (handle, task) = Engine::start(config, store.clone()).await.unwrap();
        World { handle, sip: task.sip_addr, task, store, _dir: dir }
    }

    /// All interactions with their segments, oldest first, once `wanted` of them have ended.
    pub async fn ended(&self, wanted: usize) -> Vec<(Interaction, Vec<Segment>)> {
        for _ in 0..200 {
            let page = store::PageRequest::parse(None, Some(200)).unwrap();
            let found = store::repo::interactions::list(&*self.store, &Default::default(), page).await.unwrap();
            if found.items.len() >= wanted && found.items.iter().all(|i| i.ended_at.is_some()) {
                let mut all = Vec::new();
                for i in found.items.into_iter().rev() {
                    let segments = store::repo::interactions::segments(&*self.store, i.id).await.unwrap();
                    all.push((i, segments));
                }
                return all;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("{wanted} interactions did not end in time");
    }

    pub async fn stop(self) {
        self.task.drain().await;
    }
}

async fn fill(store: &Store, plan: Plan) {
    let blobs = store.blobs().unwrap();
    let tx = store.begin(NOW).await.unwrap();
    for (id, name, extension) in [(ALICE, "alice", "2001"), (BOB, "bob", "2002")] {
        users::insert(&tx, &user(id, name, extension)).await.unwrap();
        let secret = SipSecret::derive(extension, REALM, "secret");
        users::set_sip_secret(&tx, id, Some(&secret)).await.unwrap();
    }
    for (key, open) in [("always", "00:00-24:00"), ("never", "")] {
        rows::insert::<kind::Calendars>(&tx, &calendar(key, open)).await.unwrap();
    }
    for q in [queue(SERVICE, "service", ALICE), queue(SALES, "sales", BOB), waiting_queue()] {
        rows::insert::<kind::Queues>(&tx, &q).await.unwrap();
    }
    for n in &plan.numbers {
        rows::insert::<kind::Numbers>(&tx, n).await.unwrap();
    }
    for (key, wav) in plan.prompts {
        let path = format!("{key}.wav");
        blobs.put_prompt(&path, &wav).await.unwrap();
        let prompt = Prompt { key: key.clone(), name: label(&key), source: PromptSource::File { path } };
        rows::insert::<kind::Prompts>(&tx, &prompt).await.unwrap();
    }
    let trunk = Trunk {
        id: TrunkId(uuid::Uuid::from_u128(0x71)),
        key: "out".into(),
        name: label("out"),
        host: "127.0.0.1".into(),
        port: plan.trunk_port,
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
    rows::insert::<kind::Trunks>(&tx, &trunk).await.unwrap();
    tx.commit().await.unwrap();
}
