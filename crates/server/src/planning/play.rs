//! One what-if run: read the days, build the two worlds, play them, and put what really happened beside.
use super::read::PastDays;
use crate::api::dto::planning::MeasuredFigures;
use crate::api::dto::what_if::{QuarterReal, WhatIfAssumption, WhatIfBody, WhatIfCompared, WhatIfQuarter, WhatIfQueueResult, WhatIfResult};
use crate::api::dto::{same, view};
use crate::http::problem::{ApiResult, Problem};
use axum::http::StatusCode;
use domain::config::Queue;
use domain::monitor::Stay;
use domain::planning::{INTERVAL_MS, Measured, Tally, measure};
use domain::{QueueId, Timestamp, UserId};
use sim::scenario::Crew;
use sim::{Changes, Comparison, Difference, IntervalDifference, Rebuilt, Scenario, SimError};
use std::collections::{BTreeMap, BTreeSet};

/// Callers of all replications of both worlds: some minutes of work.
const PLAYED_MAX: u64 = 4_000_000;
/// Queues times quarters of an hour of one answer.
const CELLS_MAX: usize = 30_000;
const DAY_MS: u64 = 24 * 3_600_000;

/// The two worlds.
#[derive(Debug)]
pub struct Worlds {
    pub rebuilt: Rebuilt,
    pub changed: Scenario,
}

/// What is changed, in the simulator's words.
///
/// # Errors
/// 400 `invalid` with the field, for what the shape of the body could not tell (`needs`).
pub fn changes(body: &WhatIfBody) -> ApiResult<Changes> {
    same(&body.changes).map_err(|p| under("changes", p))
}

fn under(place: &str, problem: Problem) -> Problem {
    let (field, reason) = problem.words();
    Problem::invalid(&field.map_or_else(|| place.to_owned(), |f| format!("{place}.{f}")), reason)
}

/// # Errors
/// 400 `invalid`: a change that does not fit these days, or too much work; 409 `no_calls`.
pub fn worlds(days: &PastDays, body: &WhatIfBody) -> ApiResult<Worlds> {
    let only: Option<BTreeSet<String>> = body.queues.as_ref().map(|keys| keys.iter().cloned().collect());
    let mut rebuilt = sim::rebuild(&days.records(only.as_ref()));
    if rebuilt.scenario.replay.is_empty() {
        return Err(Problem::new(StatusCode::CONFLICT, "no_calls", "Nobody came").detail("no caller came into these queues on these days"));
    }
    rebuilt.scenario.seed = Some(body.seed);
    rebuilt.scenario.replications = Some(body.replications);
    let refused = |e: sim::ScenarioError| Problem::invalid(&e.key, format!("{}; {}", e.reason, e.fix));
    rebuilt.scenario.check().map_err(refused)?;
    let changed = changes(body)?.apply(&rebuilt.scenario, body.seed).map_err(|e| under("changes", refused(e)))?;
    let callers = (rebuilt.scenario.replay.len() + changed.replay.len()) as u64;
    if callers * u64::from(body.replications) > PLAYED_MAX {
        let most = (PLAYED_MAX / callers).max(1);
        return Err(Problem::invalid("replications", format!("too much work for {callers} callers: give at most {most}, or fewer days")));
    }
    if (rebuilt.scenario.queues.len() + 1) * days.days as usize * 96 > CELLS_MAX {
        return Err(Problem::invalid("queues", "are too many for so many days: choose some"));
    }
    Ok(Worlds { rebuilt, changed })
}

/// Plays both. `go_on` as of [`sim::what_if_watched`]. None: it was stopped.
///
/// # Errors
/// 500 when the router broke one of its rules.
pub fn play(days: &PastDays, worlds: &Worlds, utc_offset_s: i32, go_on: impl FnMut(u32, u32) -> bool) -> ApiResult<Option<WhatIfResult>> {
    let compared = match sim::what_if_watched(&worlds.rebuilt.scenario, &worlds.changed, go_on) {
        Ok(compared) => compared,
        Err(SimError::Stopped) => return Ok(None),
        Err(SimError::Scenario(e)) => return Err(Problem::invalid(&e.key, format!("{}; {}", e.reason, e.fix))),
        Err(e @ SimError::Broken(_)) => return Err(Problem::internal(&e)),
    };
    result(days, worlds, &compared, utc_offset_s).map(Some)
}

fn result(days: &PastDays, worlds: &Worlds, compared: &Comparison, utc_offset_s: i32) -> ApiResult<WhatIfResult> {
    let base = &worlds.rebuilt.scenario;
    let thresholds: BTreeMap<QueueId, u64> = days.queues.iter().map(|q| (q.id, u64::from(q.service_level_threshold_s) * 1000)).collect();
    let real = Real { days, thresholds };
    let played: Vec<&Queue> = base.queues.iter().filter_map(|s| days.queues.iter().find(|q| q.key == s.key)).collect();
    let everybody: BTreeSet<UserId> = played.iter().flat_map(|q| members(q)).collect();
    let all = real.measured(&worlds.rebuilt.contacts, &everybody);
    let queues = compared.queues.iter().filter_map(|of| {
        let queue = played.iter().find(|q| q.key == of.key)?;
        let measured = real.measured(days.stays.iter().filter(|s| s.queue == queue.id), &members(queue).collect());
        Some(WhatIfQueueResult {
            key: of.key.clone(),
            compared: real.compared(&measured, &of.difference),
            quarters: quarters(&measured, &of.intervals),
        })
    });
    Ok(WhatIfResult {
        date: days.date.to_string(),
        days: days.days,
        utc_offset_s,
        seed: compared.seed,
        replications: compared.replications,
        agents: if let Some(Crew::Groups(groups)) = &base.agents { groups.iter().map(|g| g.count).sum() } else { 0 },
        assumptions: worlds.rebuilt.assumptions.iter().map(view).collect::<ApiResult<Vec<WhatIfAssumption>>>()?,
        total: real.compared(&all, &compared.total),
        quarters: quarters(&all, &compared.intervals),
        queues: queues.collect(),
    })
}

fn members(queue: &Queue) -> impl Iterator<Item = UserId> {
    queue.members.iter().map(|m| m.user)
}

/// The days as they were, one after the other.
struct Real<'a> {
    days: &'a PastDays,
    thresholds: BTreeMap<QueueId, u64>,
}

impl Real<'_> {
    fn measured<'s>(&self, stays: impl IntoIterator<Item = &'s Stay>, agents: &BTreeSet<UserId>) -> Vec<Measured> {
        let threshold = |s: &Stay| self.thresholds.get(&s.queue).copied().unwrap_or_default();
        let stays: Vec<&Stay> = stays.into_iter().collect();
        let day = |n: u32| {
            let midnight: Timestamp = self.days.from.plus_ms(u64::from(n) * DAY_MS);
            let mut one = Measured::default();
            measure(&mut one, midnight, threshold, stays.iter().copied(), self.days.present(agents));
            one
        };
        (0..self.days.days).map(day).collect()
    }

    fn compared(&self, measured: &[Measured], of: &Difference) -> WhatIfCompared {
        let mut total = Tally::default();
        measured.iter().for_each(|m| total.join(&m.total));
        WhatIfCompared {
            // Counts are those of all days together, as the simulation's are.
            real: MeasuredFigures::of(&total, 1, u64::from(self.days.days) * DAY_MS),
            before: (&of.base).into(),
            after: (&of.changed).into(),
            difference: (&of.difference).into(),
        }
    }
}

/// Those in which somebody came, in either world or in truth.
fn quarters(measured: &[Measured], intervals: &[IntervalDifference]) -> Vec<WhatIfQuarter> {
    let real = measured.iter().flat_map(|m| &m.intervals);
    let quarter = |(tally, i): (&Tally, &IntervalDifference)| {
        let (before, after) = (i.difference.base.offered.value.unwrap_or(0.0), i.difference.changed.offered.value.unwrap_or(0.0));
        (tally.offered > 0 || before > 0.0 || after > 0.0).then(|| WhatIfQuarter {
            at_s: (i.at_ms / 1000) as u32,
            offered: tally.offered as f64,
            real: QuarterReal { service_level: tally.service_level(), asa_s: tally.asa_s(), abandon: tally.abandon() },
            before: (&i.difference.base).into(),
            after: (&i.difference.changed).into(),
            difference: (&i.difference.difference).into(),
        })
    };
    debug_assert!(intervals.windows(2).all(|w| matches!(w, [a, b] if b.at_ms - a.at_ms == INTERVAL_MS)));
    real.zip(intervals).filter_map(quarter).collect()
}
