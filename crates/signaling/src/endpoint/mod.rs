//! The user agent.
use crate::digest::Ha1s;
use crate::{Command, CommandError, EndpointConfig, Event, Input, Output, Registrar, Time, TimerReason, TrustedSource};
use std::collections::VecDeque;

/// Counters for metrics.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stats {
    pub dialogs: usize,
    pub transactions: usize,
    pub streams: usize,
    pub timers: usize,
    /// Datagrams or frames that were no SIP.
    pub malformed: u64,
    /// Requests answered 503 because a limit was reached.
    pub overloaded: u64,
    pub retransmitted: u64,
}

/// One user agent for thousands of call legs.
pub struct Endpoint {
    config: EndpointConfig,
    out: VecDeque<Output>,
    registrar: Registrar,
}

impl Endpoint {
    /// `seed` makes tags, branches and nonces unguessable: draw it from the system once at start.
    pub fn new(config: EndpointConfig, seed: [u8; 32]) -> Endpoint {
        let _ = seed;
        let registrar = Registrar::new(config.limits.aors_max, config.limits.bindings_per_aor_max);
        Endpoint { config, out: VecDeque::new(), registrar }
    }

    /// Feeds one input; then drain [`Endpoint::poll_output`].
    pub fn handle_input(&mut self, now: Time, input: Input) {
        let _ = (now, input);
    }

    /// Carries out a command at once.
    pub fn command(&mut self, now: Time, command: Command) -> Result<(), CommandError> {
        let _ = (now, command);
        Err(CommandError::State)
    }

    /// The next thing to do, none when drained.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.out.pop_front()
    }

    /// When [`Input::Timeout`] is due and why.
    pub fn poll_timeout(&mut self) -> Option<(Time, TimerReason)> {
        None
    }

    /// Adds or replaces what a user proves itself with.
    pub fn set_credentials(&mut self, user: &str, ha1s: Ha1s) {
        let _ = (user, ha1s);
    }

    pub fn remove_credentials(&mut self, user: &str) {
        let _ = user;
    }

    /// Replaces the list of sources that need not authenticate.
    pub fn set_trusted(&mut self, trusted: Vec<TrustedSource>) {
        self.config.trusted = trusted;
    }

    /// While draining, new calls get 503 and OPTIONS too; calls in progress go on.
    pub fn set_draining(&mut self, draining: bool) {
        let _ = draining;
    }

    pub fn registrar(&self) -> &Registrar {
        &self.registrar
    }

    pub fn stats(&self) -> Stats {
        Stats::default()
    }

    #[allow(dead_code)]
    fn event(&mut self, event: Event) {
        self.out.push_back(Output::Event(event));
    }
}
