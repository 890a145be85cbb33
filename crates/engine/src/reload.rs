//! The set-up follows the store: read at the start, on command, and looked at now and then for changes made elsewhere.
use crate::config::{Setup, SharedSetup};
use crate::hours::{self, SharedHours};
use crate::port::{VoiceCommand, VoiceHandle};
use crate::routing::{RouterError, RouterHandle};
use domain::routing::{AgentSetup, Input};
use std::sync::Arc;
use std::time::Duration;
use store::{Store, StoreError};
use tokio::sync::mpsc;

/// Changes by other nodes or tools are seen after this at the latest.
pub const LOOK_EVERY_MS: u64 = 60_000;
/// After a failed read the next try comes this soon.
const RETRY_MS: u64 = 1_000;

/// What the router must know of a set-up.
pub(crate) fn routing_input(setup: &Setup) -> Input {
    let takes_calls = |u: &domain::config::User| !u.disabled && u.roles.iter().any(|r| r.takes_calls());
    Input::Configure {
        queues: setup.queues.clone(),
        agents: setup
            .users
            .iter()
            .map(|u| &u.user)
            .filter(|u| takes_calls(u))
            .map(|u| AgentSetup { user: u.id, skills: u.skills.clone() })
            .collect(),
    }
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
    pub hours_changed: mpsc::Sender<()>,
}

impl Reload {
    /// Runs until the channel of requests is closed. Several requests while one is carried out are one.
    pub async fn run(self, mut requests: mpsc::Receiver<()>) {
        let mut wait_ms = LOOK_EVERY_MS;
        loop {
            let asked = tokio::select! {
                request = requests.recv() => match request {
                    Some(()) => true,
                    None => return,
                },
                () = tokio::time::sleep(Duration::from_millis(wait_ms)) => false,
            };
            while requests.try_recv().is_ok() {}
            wait_ms = match self.look(asked || wait_ms == RETRY_MS).await {
                Ok(()) => LOOK_EVERY_MS,
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
        let input = routing_input(&setup);
        tracing::info!(revision = setup.revision, "set-up loaded");
        self.hours.store(Arc::new(hours::table(&setup).await));
        self.setup.store(setup);
        self.router.ask(input).await?;
        // A full channel means that it is about to look anyway.
        let _ = self.hours_changed.try_send(());
        // A voice driver that is stopping needs no set-up.
        let _ = self.voice.send(VoiceCommand::SetupChanged);
        Ok(())
    }
}
