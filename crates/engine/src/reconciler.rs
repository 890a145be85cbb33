//! The net under every lost message: calls and router are compared now and then, and the router heals what differs.
use crate::clock::Clock;
use crate::port::{VoiceCommand, VoiceHandle};
use crate::routing::RouterHandle;
use domain::routing::Input;
use std::time::Duration;

pub const RECONCILE_EVERY_MS: u64 = 5_000;

/// Runs for ever. Nothing is judged while the calls do not answer.
pub(crate) async fn run(voice: VoiceHandle, router: RouterHandle, clock: Clock) {
    let mut ticks = tokio::time::interval(Duration::from_millis(RECONCILE_EVERY_MS));
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        once(&voice, &router, clock).await;
    }
}

pub(crate) async fn once(voice: &VoiceHandle, router: &RouterHandle, clock: Clock) {
    // Before asking: what changes after this moment is too young to be judged.
    let taken_at = clock.now();
    match voice.ask(|reply| VoiceCommand::Beliefs { reply }).await {
        Ok(calls) => router.tell(Input::Reconcile { taken_at, calls }).await,
        Err(_) => tracing::debug!("calls did not tell what they believe"),
    }
}
