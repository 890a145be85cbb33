//! `[trouble]`: what goes wrong in a scenario, all of it by chance, every step checked.
use super::check::{Checked, at_most, within};
use domain::config::Needs;
use serde::{Deserialize, Serialize};

/// Rates are an hour's mean number; those of agents and phones are each agent's. What is absent never happens.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Trouble {
    /// The owner of the routing dies and another takes over, which knows nothing.
    pub router_dies_per_h: f64,
    /// The set-up is applied again.
    pub reload_per_h: f64,
    /// Each queue's service level is told to the router, 40 … 100 %.
    pub service_level_per_h: f64,
    /// An agent goes home, back after `absent_s`.
    pub sign_out_per_h: f64,
    pub break_per_h: f64,
    /// An agent's browser vanishes: nobody answers, and the router is not told.
    pub vanish_per_h: f64,
    /// Mean; exponential.
    pub absent_s: f64,
    /// Agents who work on a desk phone.
    pub desk_phone_share: f64,
    pub phone_lost_per_h: f64,
    /// Mean; exponential.
    pub phone_lost_s: f64,
    /// Answered, but not heard: the agent is set away, the caller comes back to the head.
    pub media_fails_share: f64,
    /// The caller hangs up in the very moment of the answer.
    pub hang_up_on_answer_share: f64,
    /// Callers who should have a certain agent.
    pub prefer_share: f64,
    /// Callers who ask for one of these.
    pub own_needs_share: f64,
    pub own_needs: Vec<Needs>,
    /// Every caller's priority is its queue's and 0 … this.
    pub priority_max: u8,
}

/// More often than once a second is no trouble but the end.
const PER_HOUR_MAX: f64 = 3_600.0;

impl Trouble {
    pub(crate) fn check(&self) -> Checked {
        for (key, per_hour) in [
            ("router_dies_per_h", self.router_dies_per_h),
            ("reload_per_h", self.reload_per_h),
            ("service_level_per_h", self.service_level_per_h),
            ("sign_out_per_h", self.sign_out_per_h),
            ("break_per_h", self.break_per_h),
            ("vanish_per_h", self.vanish_per_h),
            ("phone_lost_per_h", self.phone_lost_per_h),
        ] {
            within(&format!("trouble.{key}"), per_hour, 0.0, PER_HOUR_MAX)?;
        }
        for (key, share) in [
            ("desk_phone_share", self.desk_phone_share),
            ("media_fails_share", self.media_fails_share),
            ("hang_up_on_answer_share", self.hang_up_on_answer_share),
            ("prefer_share", self.prefer_share),
            ("own_needs_share", self.own_needs_share),
        ] {
            within(&format!("trouble.{key}"), share, 0.0, 1.0)?;
        }
        for (key, seconds) in [("absent_s", self.absent_s), ("phone_lost_s", self.phone_lost_s)] {
            within(&format!("trouble.{key}"), seconds, 0.0, super::SECONDS_MAX)?;
        }
        at_most("trouble.own_needs", self.own_needs.len(), usize::from(u8::MAX))
    }

    /// Mishaps of one agent, an hour.
    pub(crate) fn of_agent_per_h(&self) -> f64 {
        self.sign_out_per_h + self.break_per_h + self.vanish_per_h + self.phone_lost_per_h
    }
}
