//! `POST /api/v1/planning/staffing`
use crate::api::dto::planning::{
    ErlangFigures, SIMULATED_AGENTS_MAX, SimulatedDay, SimulatedInterval, StaffingChoice, StaffingInterval, StaffingPlan, StaffingQuestion,
    StaffingTotal,
};
use crate::api::dto::view;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Unread;
use crate::http::problem::{ApiResult, Problem};
use axum::{Json, extract::State};
use domain::access::{Permission, Resource};
use domain::staffing::{Demand, IntervalPlan, StaffingError, Target, headcount, intraday};
use sim::Report;
use sim::scenario::Curve;
use std::sync::Arc;
use std::time::Duration;

/// Days that are simulated.
const REPLICATIONS: u32 = 30;
/// How long a question waits for others to be computed.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many agents a load needs, interval by interval (Erlang A, or C without patience), what some other number would achieve, and on
/// request the same day played through the real router.
#[utoipa::path(post, path = "/api/v1/planning/staffing", operation_id = "plan_staffing", tag = "planning", request_body = StaffingQuestion,
    responses((status = 200, description = "The plan", body = StaffingPlan)))]
pub async fn handler(State(app): State<App>, caller: Caller, body: Unread<StaffingQuestion>) -> ApiResult<Json<StaffingPlan>> {
    caller.authorize(Permission::PlanningUse, &Resource::HOUSE)?;
    let question = body.parse()?;
    let (calls, interval_s) = question.check()?;
    let busy = || Problem::limit_reached("the calculator is busy");
    let permit = tokio::time::timeout(PATIENCE, Arc::clone(&app.planning.computing).acquire_owned()).await.map_err(|_| busy())?;
    let computed = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        plan(&question, &calls, interval_s)
    });
    computed.await.map_err(|e| Problem::internal(&e))?.map(Json)
}

fn refused(e: &StaffingError) -> Problem {
    match e {
        StaffingError::Invalid { key, reason, fix } => {
            let field = if matches!(*key, "service_level" | "threshold_s" | "occupancy_max" | "abandon_max") {
                format!("target.{key}")
            } else {
                (*key).to_owned()
            };
            Problem::invalid(&field, format!("{reason}; {fix}"))
        }
        StaffingError::OutOfReach { .. } => Problem::invalid("target", e.to_string()),
    }
}

fn plan(q: &StaffingQuestion, calls: &[f64], interval_s: u32) -> ApiResult<StaffingPlan> {
    let target = Target {
        service_level: q.target.service_level,
        threshold_s: q.target.threshold_s,
        occupancy_max: q.target.occupancy_max,
        abandon_max: q.target.abandon_max,
    };
    let demand = Demand { calls_per_hour: 0.0, aht_s: q.aht_s, patience_s: q.patience_s, concurrency: q.concurrency };
    let planned = intraday(calls, f64::from(interval_s), &demand, &target, q.shrinkage).map_err(|e| refused(&e))?;
    let mut intervals = Vec::with_capacity(planned.len());
    for (n, plan) in planned.iter().enumerate() {
        let here = Demand { calls_per_hour: plan.calls * 3600.0 / f64::from(interval_s), ..demand };
        let chosen = q.agents.as_ref().and_then(|a| a.get(n)).map(|agents| chosen(&here, *agents, &target, q.shrinkage)).transpose()?;
        intervals.push(interval(q.start_s + n as u32 * interval_s, plan, chosen)?);
    }
    let hours = f64::from(interval_s) / 3600.0;
    let total = |of: &dyn Fn(&StaffingInterval) -> Option<StaffingChoice>| total(&intervals, of, hours, q.shrinkage);
    let planned = total(&|i| Some(i.planned)).unwrap_or_default();
    let chosen = q.agents.as_ref().and_then(|_| total(&|i| i.chosen));
    let simulated = if q.simulate { Some(simulated(q, calls, interval_s, &intervals)?) } else { None };
    Ok(StaffingPlan { interval_s, calls: calls.iter().sum(), planned, chosen, intervals, simulated })
}

fn interval(at_s: u32, plan: &IntervalPlan, chosen: Option<StaffingChoice>) -> ApiResult<StaffingInterval> {
    let planned = StaffingChoice { agents: plan.agents, headcount: plan.headcount, expected: view(&plan.figures)? };
    Ok(StaffingInterval { at_s, calls: plan.calls, erlangs: plan.erlangs, planned, chosen })
}

fn chosen(here: &Demand, agents: u32, target: &Target, shrinkage: f64) -> ApiResult<StaffingChoice> {
    let figures = here.figures(agents, target.threshold_s).map_err(|e| refused(&e))?;
    let headcount = headcount(agents, shrinkage).map_err(|e| refused(&e))?;
    Ok(StaffingChoice { agents, headcount, expected: view::<ErlangFigures>(&figures)? })
}

/// Sums over the day; none when an interval has no such choice.
fn total(
    intervals: &[StaffingInterval],
    of: &dyn Fn(&StaffingInterval) -> Option<StaffingChoice>,
    hours: f64,
    shrinkage: f64,
) -> Option<StaffingTotal> {
    let rows: Vec<(f64, StaffingChoice)> = intervals.iter().map(|i| Some((i.calls, of(i)?))).collect::<Option<_>>()?;
    let calls: f64 = rows.iter().map(|r| r.0).sum();
    let agents: f64 = rows.iter().map(|r| f64::from(r.1.agents)).sum();
    let mean = |weight: &dyn Fn(&(f64, StaffingChoice)) -> f64, sum: f64, of: &dyn Fn(&ErlangFigures) -> f64| {
        (sum > 0.0).then(|| rows.iter().map(|r| weight(r) * of(&r.1.expected)).sum::<f64>() / sum)
    };
    let by_calls = |of: &dyn Fn(&ErlangFigures) -> f64| mean(&|r| r.0, calls, of);
    let endless = rows.iter().any(|r| r.0 > 0.0 && r.1.expected.asa_s.is_none());
    Some(StaffingTotal {
        agents_max: rows.iter().map(|r| r.1.agents).max().unwrap_or(0),
        headcount_max: rows.iter().map(|r| r.1.headcount).max().unwrap_or(0),
        agent_hours: agents * hours,
        paid_hours: agents * hours / (1.0 - shrinkage),
        service_level: by_calls(&|f| f.service_level),
        p_abandon: by_calls(&|f| f.p_abandon),
        asa_s: if endless { None } else { by_calls(&|f| f.asa_s.unwrap_or(0.0)) },
        occupancy: mean(&|r| f64::from(r.1.agents), agents, &|f| f.occupancy),
    })
}

fn simulated(q: &StaffingQuestion, calls: &[f64], interval_s: u32, intervals: &[StaffingInterval]) -> ApiResult<SimulatedDay> {
    let agents: Vec<u32> = intervals.iter().map(|i| i.chosen.unwrap_or(i.planned).agents).collect();
    if agents.iter().any(|a| *a > SIMULATED_AGENTS_MAX) {
        return Err(Problem::invalid("simulate", format!("plays at most {SIMULATED_AGENTS_MAX} agents")));
    }
    let curve = Curve {
        from_h: f64::from(q.start_s) / 3600.0,
        interval_min: interval_s / 60,
        calls,
        agents: &agents,
        aht_s: q.aht_s,
        patience_s: q.patience_s,
        threshold_s: q.target.threshold_s,
    };
    let mut scenario = curve.scenario();
    (scenario.seed, scenario.replications) = (Some(q.seed), Some(REPLICATIONS));
    let report = sim::simulate(&scenario).map_err(|e| Problem::internal(&e))?;
    let Report::Queues(report) = report else { return Err(Problem::internal(&"a curve is no single queue")) };
    let quarter = |i: &sim::IntervalFigures| SimulatedInterval { at_s: q.start_s + (i.at_ms / 1000) as u32, figures: (&i.figures).into() };
    Ok(SimulatedDay {
        replications: report.replications,
        seed: report.seed,
        total: (&report.total).into(),
        intervals: report.intervals.iter().map(quarter).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn asked(json: Value) -> ApiResult<StaffingPlan> {
        let question: StaffingQuestion = serde_json::from_value(json).unwrap();
        let (calls, interval_s) = question.check()?;
        plan(&question, &calls, interval_s)
    }

    #[test]
    fn the_table_of_the_reference() {
        // 200 calls in 30 minutes of 180 s, 80/20: 24 agents, 35 with 30 % shrinkage.
        let target = json!({ "service_level": 0.8, "threshold_s": 20 });
        let plan =
            asked(json!({ "calls": [200, 0], "interval_s": 1800, "aht_s": 180, "target": target, "shrinkage": 0.3, "agents": [23, 1] }))
                .unwrap();
        let first = &plan.intervals[0];
        assert_eq!((first.planned.agents, first.planned.headcount, plan.intervals[1].planned.agents), (24, 35, 0));
        assert!((first.planned.expected.service_level - 0.808_882).abs() < 1e-6);
        assert!((first.chosen.unwrap().expected.service_level - 0.702_111).abs() < 1e-6);
        assert_eq!((plan.planned.agent_hours, plan.chosen.unwrap().agent_hours), (12.0, 12.0));
        assert!((plan.planned.paid_hours - 12.0 / 0.7).abs() < 1e-9);
        assert_eq!(plan.planned.service_level, Some(first.planned.expected.service_level), "nobody comes in the second interval");
        let hour = asked(json!({ "calls_per_hour": 400, "aht_s": 180, "target": target })).unwrap();
        assert_eq!((hour.interval_s, hour.intervals[0].planned.agents), (3600, 24));
    }

    #[test]
    fn the_simulation_stands_beside_the_formula() {
        let plan = asked(json!({ "calls": [100, 100, 100, 100], "interval_s": 1800, "start_s": 28800, "aht_s": 180, "patience_s": 120,
            "target": { "service_level": 0.8, "threshold_s": 20 }, "simulate": true }))
        .unwrap();
        let simulated = plan.simulated.unwrap();
        assert_eq!((simulated.intervals.len(), simulated.intervals[1].at_s), (8, 29_700));
        let level = simulated.total.service_level;
        let formula = plan.planned.service_level.unwrap();
        assert!((level.value.unwrap() - formula).abs() < 0.06 && level.low < level.high, "{level:?} {formula}");
    }

    #[test]
    fn what_cannot_be_is_named() {
        let base = json!({ "calls": [10], "aht_s": 180, "target": { "service_level": 0.8, "threshold_s": 20 } });
        for (change, field) in [
            (json!({ "calls": null }), "calls"),
            (json!({ "calls": [1e9] }), "calls.0"),
            (json!({ "calls": [] }), "calls"),
            (json!({ "calls_per_hour": 3 }), "calls"),
            (json!({ "start_s": 86_000 }), "calls"),
            (json!({ "aht_s": 0 }), "aht_s"),
            (json!({ "interval_s": 1000 }), "interval_s"),
            (json!({ "patience_s": 36_000, "calls": [9_000] }), "patience_s"),
            (json!({ "agents": [1, 2] }), "agents"),
            (json!({ "simulate": true, "concurrency": 2 }), "simulate"),
            (json!({ "target": { "service_level": 0.8, "threshold_s": 20, "abandon_max": 0.1 } }), "target.abandon_max"),
            (json!({ "target": { "service_level": 1, "threshold_s": 20 } }), "target.service_level"),
        ] {
            let mut question = base.clone();
            question.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            assert_eq!(asked(question).unwrap_err().words().0.as_deref(), Some(field), "{change}");
        }
    }
}
