//! A floor for measurements: many queues, shared agents, every habit that callers and agents have.
use super::{AgentGroup, Arrivals, Crew, Distribution, QueueSetup, Scenario};

/// One replication of about `interactions` interactions (up to `INTERACTIONS_MAX`) in 6 queues with 120 agents, steps not checked.
/// The agents are busy about 80 % of their time. Time `sim::simulate` on it.
pub fn bench_scenario(interactions: u64) -> Scenario {
    const QUEUES: usize = 6;
    const PER_HOUR: f64 = 280.0;
    let key = |n: usize| format!("queue-{}", n % QUEUES);
    let queues = (0..QUEUES)
        .map(|n| QueueSetup {
            arrivals: Some(Arrivals { per_hour: Some(PER_HOUR), ..Arrivals::default() }),
            handling: Distribution::Lognormal { mean_s: 180.0, sd_s: 140.0 },
            wrap_up: Some(Distribution::Exponential { mean_s: 30.0 }),
            patience: Some(Distribution::Exponential { mean_s: 120.0 }),
            ..QueueSetup::new(&key(n))
        })
        .collect();
    let group = |n: usize| AgentGroup {
        answer_delay: Some(Distribution::Exponential { mean_s: 3.0 }),
        decline_share: 0.01,
        ..AgentGroup::new(20, &[key(n).as_str(), key(n + 1).as_str()])
    };
    Scenario {
        check: Some(false),
        hours: Some((interactions as f64 / (QUEUES as f64 * PER_HOUR)).min(super::HOURS_MAX)),
        replications: Some(1),
        queues,
        agents: Some(Crew::Groups((0..QUEUES).map(group).collect())),
        ..Scenario::default()
    }
}
