//! The set-up follows the store: read at the start, on command, and looked at now and then for changes made elsewhere.
use crate::config::{Setup, SharedSetup};
use crate::hours::{self, SharedHours};
use crate::port::{VoiceCommand, VoiceHandle};
use crate::routing::{RouterError, RouterHandle};
use domain::config::Capacity;
use domain::routing::{AgentSetup, House, Input, QuotaSetup};
use std::sync::Arc;
use std::time::Duration;
use store::{Store, StoreError};
use tokio::sync::{mpsc, oneshot};

/// Changes by other nodes or tools are seen after this at the latest.
pub const LOOK_EVERY_MS: u64 = 60_000;
/// Changes that wait to be taken in. Who finds it full is not told when; the next look takes it in with the others.
pub const REQUESTS_LEN_MAX: usize = 64;
/// After a failed read the next try comes this soon.
const RETRY_MS: u64 = 1_000;

/// Who may be given work.
fn people(setup: &Setup) -> impl Iterator<Item = &domain::config::User> {
    let takes_calls = |u: &&domain::config::User| !u.disabled && u.roles.iter().any(|r| r.takes_calls());
    setup.users.iter().map(|u| &u.user).filter(takes_calls)
}

/// What the router must know of a set-up.
pub(crate) fn routing_input(setup: &Setup) -> Input {
    Input::Configure {
        queues: setup.queues.clone(),
        agents: people(setup).map(|u| AgentSetup { skills: u.skills.clone(), capacity: capacity_of(setup, u), ..u.id.into() }).collect(),
    }
}

/// A key that leads nowhere gives the usual capacity.
fn capacity_of(setup: &Setup, user: &domain::config::User) -> Capacity {
    let named = user.capacity.as_ref().and_then(|key| setup.capacity_profiles.iter().find(|p| p.key == *key));
    named.map(|p| p.channels.clone()).unwrap_or_default()
}

/// What holds for all queues.
pub(crate) fn house_input(setup: &Setup) -> Input {
    let team = |t: &domain::config::Team| QuotaSetup {
        agents: people(setup).filter(|u| u.team == Some(t.id)).map(|u| u.id).collect(),
        quota: t.breaks,
    };
    let queue = |q: &domain::config::Queue| QuotaSetup { agents: q.members.iter().map(|m| m.user).collect(), quota: q.routing.breaks };
    let quotas = setup.teams.iter().map(team).chain(setup.queues.iter().map(queue));
    Input::House(House {
        rules: setup.routing_rules.clone(),
        break_quotas: quotas.filter(|q| q.quota.limit(q.agents.len()).is_some()).collect(),
        break_reasons: setup.break_reasons.clone(),
    })
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum ReloadError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Router(#[from] RouterError),
}

pub(crate) struct Reload {
    pub store: Store,
    pub setup: SharedSetup,
    pub router: RouterHandle,
    pub voice: VoiceHandle,
    pub hours: SharedHours,
    /// Wakes the task of the opening hours.
    pub hours_changed: mpsc::Sender<oneshot::Sender<()>>,
}

impl Reload {
    /// Runs until the channel of requests is closed. Several requests while one is carried out are one.
    pub async fn run(self, mut requests: mpsc::Receiver<oneshot::Sender<()>>) {
        let mut wait_ms = LOOK_EVERY_MS;
        loop {
            let mut asking = Vec::new();
            tokio::select! {
                request = requests.recv() => match request {
                    Some(done) => asking.push(done),
                    None => return,
                },
                () = tokio::time::sleep(Duration::from_millis(wait_ms)) => {}
            }
            while let Ok(done) = requests.try_recv() {
                asking.push(done);
            }
            wait_ms = match self.look(!asking.is_empty() || wait_ms == RETRY_MS).await {
                Ok(()) => {
                    for done in asking {
                        // Who no longer waits need not hear it.
                        let _ = done.send(());
                    }
                    LOOK_EVERY_MS
                }
                Err(error) => {
                    tracing::error!(%error, "the set-up could not be read; the last one stays in force");
                    RETRY_MS
                }
            };
        }
    }

    /// Reads the set-up if it is `asked` for or its revision grew, and gives it to everybody.
    pub async fn look(&self, asked: bool) -> Result<(), ReloadError> {
        if !asked && self.store.config_revision().await? == self.setup.load().revision {
            return Ok(());
        }
        let setup = Arc::new(self.store.load_config().await?);
        let (input, house) = (routing_input(&setup), house_input(&setup));
        tracing::info!(revision = setup.revision, "set-up loaded");
        self.hours.store(Arc::new(hours::table(&setup).await));
        self.setup.store(setup);
        self.router.ask(input).await?;
        self.router.ask(house).await?;
        let (done, hours_in_force) = oneshot::channel();
        // A full channel means that it is about to look anyway; a task or a driver that is stopping needs no set-up.
        let _ = self.hours_changed.try_send(done);
        let _ = self.voice.ask_in_turn(|done| VoiceCommand::SetupChanged { done }).await;
        let _ = hours_in_force.await;
        Ok(())
    }
}
