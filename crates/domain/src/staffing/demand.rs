//! A load and what a number of agents makes of it.
use super::erlang_bc::waiting;
use super::{AGENTS_MAX, CONCURRENCY_MAX, ERLANGS_MAX, SECONDS_MAX, StaffingError, agents_of, erlang_a, invalid, within};
use serde::{Deserialize, Serialize};

fn one() -> f64 {
    1.0
}

/// What comes in, and how long it takes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Demand {
    pub calls_per_hour: f64,
    /// Talk, hold and wrap-up of one call, mean.
    pub aht_s: f64,
    /// Mean time after which a waiting caller hangs up; none: callers wait for ever (Erlang C).
    #[serde(default)]
    pub patience_s: Option<f64>,
    /// Conversations one agent effectively holds at a time: 1 for calls, below the nominal number for chat (an approximation).
    #[serde(default = "one")]
    pub concurrency: f64,
}

/// The steady state. Shares are of all calls, those that hang up included.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// Finds no agent free.
    pub p_wait: f64,
    pub p_abandon: f64,
    /// Mean wait of all calls, in seconds; none when the queue grows without end.
    pub asa_s: Option<f64>,
    /// Mean wait of those that wait.
    pub asa_waited_s: Option<f64>,
    /// Answered within the threshold.
    pub service_level: f64,
    /// Hung up within the threshold.
    pub abandon_within_threshold: f64,
    /// Busy share of the agents' time.
    pub occupancy: f64,
}

impl Figures {
    /// Nothing comes in.
    const IDLE: Self = Self {
        p_wait: 0.0,
        p_abandon: 0.0,
        asa_s: Some(0.0),
        asa_waited_s: Some(0.0),
        service_level: 1.0,
        abandon_within_threshold: 0.0,
        occupancy: 0.0,
    };
    /// The load is as large as the agents' capacity or larger, and nobody gives up.
    const GROWING: Self = Self {
        p_wait: 1.0,
        p_abandon: 0.0,
        asa_s: None,
        asa_waited_s: None,
        service_level: 0.0,
        abandon_within_threshold: 0.0,
        occupancy: 1.0,
    };
}

impl Demand {
    /// Calls, one at a time an agent.
    pub const fn calls(calls_per_hour: f64, aht_s: f64, patience_s: Option<f64>) -> Self {
        Self { calls_per_hour, aht_s, patience_s, concurrency: 1.0 }
    }

    /// # Errors
    /// The first field that is out of range.
    pub fn check(&self) -> Result<(), StaffingError> {
        within("calls_per_hour", self.calls_per_hour, 0.0, 1e9, "give 0 or more calls an hour")?;
        within("aht_s", self.aht_s, 1e-3, SECONDS_MAX, "give a handling time above 0")?;
        if let Some(patience_s) = self.patience_s {
            within("patience_s", patience_s, 1e-3, SECONDS_MAX, "give a patience above 0, or none for callers that wait for ever")?;
        }
        within("concurrency", self.concurrency, 1.0, CONCURRENCY_MAX, "give 1 for calls, 1 to 50 for chat")?;
        if self.erlangs() > ERLANGS_MAX {
            return invalid("calls_per_hour", "makes more than 100,000 erlangs with this aht_s", "lower one of them");
        }
        Ok(())
    }

    /// The offered load A.
    pub fn erlangs(&self) -> f64 {
        self.calls_per_hour * self.aht_s / 3600.0
    }

    /// Conversations that `agents` hold at a time.
    pub(super) fn slots(&self, agents: u32) -> u32 {
        // A hair above, so that 10 × 1.1 is 11.
        (f64::from(agents) * self.concurrency + 1e-9).min(f64::from(AGENTS_MAX)) as u32
    }

    /// Erlang C without, Erlang A with patience. `threshold_s` is that of the service level.
    ///
    /// # Errors
    /// Input out of range. No agents for calls that wait for ever is an overload, not an error; for impatient ones everybody leaves.
    pub fn figures(&self, agents: u32, threshold_s: f64) -> Result<Figures, StaffingError> {
        self.check()?;
        within("threshold_s", threshold_s, 0.0, SECONDS_MAX, "give 0 or more seconds")?;
        agents_of("agents", agents)?;
        let slots = self.slots(agents);
        if self.calls_per_hour < 1e-6 {
            return Ok(Figures::IDLE);
        }
        match self.patience_s {
            None => Ok(self.figures_c(slots, threshold_s)),
            Some(patience_s) if slots == 0 => Ok(Figures {
                p_abandon: 1.0,
                asa_s: Some(patience_s),
                asa_waited_s: Some(patience_s),
                abandon_within_threshold: -(-threshold_s / patience_s).exp_m1(),
                ..Figures::GROWING
            }),
            Some(patience_s) => erlang_a(self.calls_per_hour / 3600.0, self.aht_s, patience_s, slots, threshold_s),
        }
    }

    /// `SL(T) = 1 − C·e^{−(N−A)T/AHT}; ASA = C·AHT/(N−A)`.
    fn figures_c(&self, slots: u32, threshold_s: f64) -> Figures {
        let spare = f64::from(slots) - self.erlangs();
        if spare <= 0.0 {
            return Figures::GROWING;
        }
        let c = waiting(self.erlangs(), slots);
        let asa_waited_s = self.aht_s / spare;
        Figures {
            p_wait: c,
            asa_s: Some(c * asa_waited_s),
            asa_waited_s: Some(asa_waited_s),
            service_level: 1.0 - c * (-threshold_s / asa_waited_s).exp(),
            occupancy: self.erlangs() / f64::from(slots),
            ..Figures::IDLE
        }
    }
}
