//! Erlang A: waiting callers give up after an exponentially distributed patience (C. Palm 1957; Garnett, Mandelbaum and Reiman,
//! "Designing a call center with impatient customers", 2002).
//!
//! States: k calls present, of which `min(k, N)` are served. Probabilities fall off from the mode, so the sums start there with
//! weight 1 and go outwards: no over- or underflow at any size.
//!
//! The share served within T needs the law of the offered wait V of somebody who finds j others waiting: a sum of exponential
//! stages with rates `Nμ + iθ, i = 0 … j`. Then `e^{−θV}` has the distribution Beta(c, j+1) with `c = Nμ/θ`, and with `b = e^{−θT}`
//! `P(V > T) = I_b(c, j+1)` and `E[e^{−θV}; V ≤ T] = c/(c+j+1) · (1 − I_b(c+1, j+1))`, where I is the regularised incomplete beta
//! function. For whole j it is the sum of negative binomial terms, which grows with j alongside the states.
use super::{Figures, SECONDS_MAX, StaffingError, agents_of, erlangs_of, invalid, within};

/// Terms below this share of the largest no longer count.
const NEGLIGIBLE: f64 = 1e-18;
/// A longer queue than this is not summed up: the demand is overloaded and its callers wait for days.
const STATES_MAX: u32 = 5_000_000;

/// What `agents` make of this load when callers wait `patience_s` on average before they hang up.
///
/// Stable at any load. `calls_per_s` > 0; times in seconds.
///
/// # Errors
/// Input out of range, 0 agents, or an overload with patience so long that millions wait.
pub fn erlang_a(calls_per_s: f64, aht_s: f64, patience_s: f64, agents: u32, threshold_s: f64) -> Result<Figures, StaffingError> {
    within("calls_per_s", calls_per_s, 1e-12, 1e9, "give calls per second above 0")?;
    within("aht_s", aht_s, 1e-3, SECONDS_MAX, "give a handling time above 0")?;
    within("patience_s", patience_s, 1e-3, SECONDS_MAX, "give a patience above 0, or none for callers that wait for ever")?;
    within("threshold_s", threshold_s, 0.0, SECONDS_MAX, "give 0 or more seconds")?;
    erlangs_of(calls_per_s * aht_s)?;
    if agents_of("agents", agents)? == 0 {
        return invalid("agents", "is 0", "give at least one agent");
    }
    let rates = Rates { lambda: calls_per_s, mu: 1.0 / aht_s, theta: 1.0 / patience_s, servers: agents };
    if (rates.lambda - rates.capacity()).max(0.0) * patience_s > f64::from(STATES_MAX) / 4.0 {
        return invalid("patience_s", "leaves more than a million callers waiting", "add agents or shorten the patience");
    }
    Ok(rates.figures(threshold_s))
}

struct Rates {
    lambda: f64,
    mu: f64,
    theta: f64,
    servers: u32,
}

/// Sums over the states, relative to the state of `servers` calls.
#[derive(Default)]
struct Queue {
    all_busy: f64,
    waiting: f64,
    served_in_time: f64,
    left_in_time: f64,
}

impl Rates {
    fn capacity(&self) -> f64 {
        f64::from(self.servers) * self.mu
    }

    /// Rate at which a call leaves when k are present.
    fn out(&self, k: u32) -> f64 {
        f64::from(k.min(self.servers)) * self.mu + f64::from(k.saturating_sub(self.servers)) * self.theta
    }

    /// The state with the largest probability: the last one that arrivals still push upwards.
    fn mode(&self) -> u32 {
        let surplus = self.lambda - self.capacity();
        let k = if surplus > 0.0 { f64::from(self.servers) + surplus / self.theta } else { self.lambda / self.mu };
        k.min(f64::from(STATES_MAX)) as u32
    }

    fn figures(&self, threshold_s: f64) -> Figures {
        let mode = self.mode();
        let (mut total, mut busy_agents) = (0.0, 0.0);
        let mut below = 1.0;
        for k in (0..mode).rev() {
            below *= self.out(k + 1) / self.lambda;
            if below < NEGLIGIBLE {
                break;
            }
            if k < self.servers {
                total += below;
                busy_agents += below * f64::from(k);
            }
        }
        let mut above = 1.0;
        for k in mode..self.servers {
            total += above;
            busy_agents += above * f64::from(k);
            above *= self.lambda / self.out(k + 1);
            if above < NEGLIGIBLE {
                break;
            }
        }
        let queue = self.queue(mode, threshold_s);
        total += queue.all_busy;
        busy_agents += queue.all_busy * f64::from(self.servers);
        self.read(&queue, total, busy_agents)
    }

    fn read(&self, queue: &Queue, total: f64, busy_agents: f64) -> Figures {
        let p_wait = queue.all_busy / total;
        // Arrivals see the time average (PASTA); who leaves, leaves from the queue.
        let p_abandon = self.theta * queue.waiting / total / self.lambda;
        let asa = p_abandon / self.theta;
        Figures {
            p_wait,
            p_abandon,
            asa_s: Some(asa),
            asa_waited_s: Some(if p_wait > 0.0 { asa / p_wait } else { 0.0 }),
            service_level: (1.0 - p_wait + queue.served_in_time / total).clamp(0.0, 1.0),
            abandon_within_threshold: (queue.left_in_time / total).max(0.0).min(p_abandon),
            occupancy: busy_agents / total / f64::from(self.servers),
        }
    }

    /// From the state of `servers` calls upwards. Weights are relative to the mode, as below it.
    fn queue(&self, mode: u32, threshold_s: f64) -> Queue {
        let mut ln_weight = self.ln_weight_of_servers(mode);
        let mut wait = OfferedWait::new(self, threshold_s);
        let mut sums = Queue::default();
        for k in self.servers..STATES_MAX.saturating_add(self.servers) {
            let ahead = k - self.servers;
            let (served, left) = wait.next(ahead);
            let weight = ln_weight.exp();
            sums.all_busy += weight;
            sums.waiting += weight * f64::from(ahead);
            sums.served_in_time += weight * served;
            sums.left_in_time += weight * left;
            let ratio = self.lambda / self.out(k + 1);
            ln_weight += ratio.ln();
            // Beyond the mode the terms fall at least as fast as a geometric series.
            if k >= mode && weight * f64::from(ahead + 1) <= NEGLIGIBLE * sums.all_busy * (1.0 - ratio) {
                break;
            }
        }
        sums
    }

    /// Logarithm of the probability of the state of `servers` calls relative to the mode's: far below a mode it is no longer a number
    /// above 0 itself, and the way up from it would be lost.
    fn ln_weight_of_servers(&self, mode: u32) -> f64 {
        if mode >= self.servers {
            (self.servers..mode).map(|k| (self.out(k + 1) / self.lambda).ln()).sum::<f64>()
        } else {
            (mode..self.servers).map(|k| (self.lambda / self.out(k + 1)).ln()).sum::<f64>()
        }
    }
}

/// What becomes of somebody who finds all agents busy and `ahead` callers waiting, `ahead` counting up from 0.
struct OfferedWait {
    c: f64,
    b: f64,
    ln_rest: f64,
    /// Logarithm of the next term, and the sum so far, of I_b(c, ·) and I_b(c+1, ·).
    late: (f64, f64),
    late_up: (f64, f64),
}

impl OfferedWait {
    fn new(rates: &Rates, threshold_s: f64) -> Self {
        let c = rates.capacity() / rates.theta;
        let ln_b = -rates.theta * threshold_s;
        Self { c, b: ln_b.exp(), ln_rest: (-ln_b.exp_m1()).ln(), late: (c * ln_b, 0.0), late_up: ((c + 1.0) * ln_b, 0.0) }
    }

    /// Shares of such callers that are served within the threshold, and that leave within it.
    fn next(&mut self, ahead: u32) -> (f64, f64) {
        let j = f64::from(ahead);
        let step = |(ln_term, sum): (f64, f64), a: f64| -> (f64, f64) {
            (ln_term + self.ln_rest + (a + j).ln() - (j + 1.0).ln(), (sum + ln_term.exp()).min(1.0))
        };
        self.late = step(self.late, self.c);
        self.late_up = step(self.late_up, self.c + 1.0);
        let served = self.c / (self.c + j + 1.0) * (1.0 - self.late_up.1);
        let left = (1.0 - served - self.b * self.late.1).max(0.0);
        (served, left)
    }
}
