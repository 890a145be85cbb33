//! A telephone with helpers for tests: waits that end, tones that are measured.
use engine::Clock;
use engine::voice::phone::{CallKey, Phone, PhoneNews, PhoneOrder, SAMPLE_RATE_HZ, Sound};
use signaling::sdp::Codec;
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::mpsc;

/// Everything in these tests happens within this, or they fail.
pub const PATIENCE: Duration = Duration::from_secs(10);
static SEED: AtomicU64 = AtomicU64::new(1);

pub struct Tel {
    pub phone: Phone,
    news: mpsc::Receiver<PhoneNews>,
    calls: CallKey,
}

/// What a call hears.
#[derive(Clone, Default)]
pub struct Ear(Arc<Mutex<VecDeque<i16>>>);

impl Tel {
    pub async fn new() -> Tel {
        Tel::at("127.0.0.1:0".parse().unwrap(), vec![Codec::Pcma, Codec::Pcmu]).await
    }
    /// One that knows no RFC 4733.
    pub async fn old() -> Tel {
        Tel::with("127.0.0.1:0".parse().unwrap(), vec![Codec::Pcma], false).await
    }
    pub async fn at(addr: SocketAddr, codecs: Vec<Codec>) -> Tel {
        Tel::with(addr, codecs, true).await
    }
    async fn with(addr: SocketAddr, codecs: Vec<Codec>, telephone_event: bool) -> Tel {
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&SEED.fetch_add(1, Ordering::Relaxed).to_le_bytes());
        let (phone, news) = Phone::start(addr, codecs, telephone_event, Clock::start(), seed).await.unwrap();
        Tel { phone, news, calls: 0 }
    }
    pub async fn registered(sip: SocketAddr, user: &str) -> Tel {
        let mut tel = Tel::new().await;
        tel.phone.order(PhoneOrder::Register { registrar: sip, user: user.into(), password: "secret".into() });
        tel.until(|n| matches!(n, PhoneNews::Registered)).await;
        tel
    }
    pub fn call(&mut self, sip: SocketAddr, number: &str, from: &str) -> CallKey {
        self.calls += 1;
        self.phone.order(PhoneOrder::Call { call: self.calls, server: sip, number: number.into(), from: from.into() });
        self.calls
    }
    pub async fn called(&mut self, sip: SocketAddr, number: &str, from: &str) -> CallKey {
        let call = self.call(sip, number, from);
        self.until(|n| *n == PhoneNews::Up { call }).await;
        call
    }
    /// Skips news until one fits.
    pub async fn until(&mut self, wanted: impl Fn(&PhoneNews) -> bool) -> PhoneNews {
        let mut seen = Vec::new();
        let wait = async {
            loop {
                match self.news.recv().await {
                    Some(news) if wanted(&news) => return news,
                    Some(news) => seen.push(news),
                    None => panic!("the phone is gone"),
                }
            }
        };
        match tokio::time::timeout(PATIENCE, wait).await {
            Ok(news) => news,
            Err(_) => panic!("waited in vain; seen: {seen:?}"),
        }
    }
    pub async fn incoming(&mut self) -> (CallKey, String) {
        match self.until(|n| matches!(n, PhoneNews::Incoming { .. })).await {
            PhoneNews::Incoming { call, from, .. } => (call, from),
            _ => unreachable!("matched above"),
        }
    }
    pub async fn down(&mut self, call: CallKey) -> u16 {
        match self.until(|n| matches!(n, PhoneNews::Down { call: c, .. } if *c == call)).await {
            PhoneNews::Down { status, .. } => status,
            _ => unreachable!("matched above"),
        }
    }
    pub fn order(&self, order: PhoneOrder) {
        assert!(self.phone.order(order));
    }
    pub fn say(&self, call: CallKey, sound: Sound) {
        self.order(PhoneOrder::Say { call, sound });
    }
    pub fn listen(&self, call: CallKey) -> Ear {
        let ear = Ear::default();
        self.say(call, Sound::Listen(ear.0.clone()));
        ear
    }
}

impl Ear {
    /// Waits until this tone makes up most of the last 200 ms heard.
    pub async fn hears(&self, hz: f32) {
        self.until(&format!("{hz} Hz"), |pcm| share(pcm, hz) > 0.8).await;
    }
    async fn until(&self, what: &str, fits: impl Fn(&[i16]) -> bool) {
        let window = SAMPLE_RATE_HZ as usize / 5;
        let mut ticks = tokio::time::interval(Duration::from_millis(20));
        let wait = async {
            loop {
                ticks.tick().await;
                let heard: Vec<i16> = {
                    let all = self.0.lock().unwrap();
                    if all.len() < window {
                        continue;
                    }
                    all.iter().skip(all.len() - window).copied().collect()
                };
                if fits(&heard) {
                    return;
                }
            }
        };
        assert!(tokio::time::timeout(PATIENCE, wait).await.is_ok(), "never heard {what}");
    }
}

/// Share of the energy at one frequency.
pub fn share(pcm: &[i16], hz: f32) -> f32 {
    let (mut re, mut im, mut energy) = (0f32, 0f32, 1f32);
    for (i, s) in pcm.iter().enumerate() {
        let (angle, s) = (std::f32::consts::TAU * hz * i as f32 / SAMPLE_RATE_HZ as f32, f32::from(*s));
        (re, im, energy) = (re + s * angle.cos(), im + s * angle.sin(), energy + s * s);
    }
    2.0 * (re * re + im * im) / (pcm.len() as f32 * energy)
}
