//! What-if runs: a short line, one worker, results kept in memory.
use super::play;
use super::read::{PastDays, first_day};
use crate::api::dto::what_if::{RunState, WhatIf, WhatIfBody, WhatIfResult};
use crate::app::App;
use crate::http::problem::{ApiResult, Problem};
use domain::Timestamp;
use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::sync::{Notify, Semaphore};
use uuid::Uuid;

/// Runs that wait behind the one that is played.
const WAITING_MAX: usize = 4;
/// Runs remembered; the oldest that is over is forgotten first.
const KEPT_MAX: usize = 20;
/// Questions of the calculator that are computed at once; others wait a moment.
const COMPUTING_MAX: usize = 2;

/// Whatever is planned at the moment.
#[derive(Debug)]
pub struct Runs {
    state: Mutex<State>,
    /// Something is in line.
    news: Notify,
    /// Bounds how many threads the calculator takes.
    pub computing: Arc<Semaphore>,
}

impl Default for Runs {
    fn default() -> Self {
        Self { state: Mutex::default(), news: Notify::new(), computing: Arc::new(Semaphore::new(COMPUTING_MAX)) }
    }
}

#[derive(Debug, Default)]
struct State {
    /// Ids are in order of time.
    runs: BTreeMap<Uuid, Run>,
    line: VecDeque<Uuid>,
}

#[derive(Debug)]
struct Run {
    state: RunState,
    created_at: Timestamp,
    request: WhatIfBody,
    watch: Arc<Watch>,
    outcome: Option<Result<Arc<WhatIfResult>, Problem>>,
}

/// What the player and those who ask have in common.
#[derive(Debug, Default)]
struct Watch {
    stop: AtomicBool,
    done: AtomicU32,
    of: AtomicU32,
}

impl Watch {
    fn progress(&self) -> f64 {
        let of = self.of.load(Ordering::Relaxed);
        if of == 0 { 0.0 } else { f64::from(self.done.load(Ordering::Relaxed)) / f64::from(of) }
    }
}

const fn is_over(state: RunState) -> bool {
    matches!(state, RunState::Done | RunState::Failed | RunState::Cancelled)
}

impl Run {
    fn view(&self, id: Uuid) -> WhatIf {
        let (result, problem) = match &self.outcome {
            Some(Ok(result)) => (Some(WhatIfResult::clone(result)), None),
            Some(Err(problem)) => (None, Some(problem.body())),
            None => (None, None),
        };
        let progress = if self.state == RunState::Done { 1.0 } else { self.watch.progress() };
        WhatIf { id, state: self.state, progress, created_at: self.created_at.as_us(), request: self.request.clone(), result, problem }
    }
}

impl Runs {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Puts a run in line.
    ///
    /// # Errors
    /// 429 `limit_reached` when the line is full.
    pub fn add(&self, id: Uuid, now: Timestamp, request: WhatIfBody) -> ApiResult<WhatIf> {
        let mut state = self.lock();
        if state.line.len() >= WAITING_MAX {
            count("refused");
            return Err(Problem::limit_reached(format!("{WAITING_MAX} what-if runs are waiting: try again when one is over")));
        }
        let run = Run { state: RunState::Waiting, created_at: now, request, watch: Arc::default(), outcome: None };
        let view = run.view(id);
        state.runs.insert(id, run);
        state.line.push_back(id);
        while state.runs.len() > KEPT_MAX {
            let Some(old) = state.runs.iter().find(|(_, r)| is_over(r.state)).map(|(id, _)| *id) else { break };
            state.runs.remove(&old);
        }
        gauge(&state);
        self.news.notify_one();
        Ok(view)
    }

    /// # Errors
    /// 404 when there is none, or no longer.
    pub fn get(&self, id: Uuid) -> ApiResult<WhatIf> {
        self.lock().runs.get(&id).map(|r| r.view(id)).ok_or_else(|| Problem::not_found("what-if run"))
    }

    /// Ends a run that waits or is played. One that is over stays as it is: whoever cancels at the last moment loses nothing.
    ///
    /// # Errors
    /// As `get`.
    pub fn cancel(&self, id: Uuid) -> ApiResult<()> {
        let mut state = self.lock();
        let Some(run) = state.runs.get_mut(&id) else { return Err(Problem::not_found("what-if run")) };
        run.watch.stop.store(true, Ordering::Relaxed);
        if run.state == RunState::Waiting {
            run.state = RunState::Cancelled;
            count("cancelled");
        }
        state.line.retain(|waiting| *waiting != id);
        gauge(&state);
        Ok(())
    }

    fn next(&self) -> Option<(Uuid, WhatIfBody, Arc<Watch>)> {
        let mut state = self.lock();
        let id = state.line.pop_front()?;
        let run = state.runs.get_mut(&id)?;
        run.state = RunState::Running;
        let next = (id, run.request.clone(), Arc::clone(&run.watch));
        gauge(&state);
        Some(next)
    }

    fn end(&self, id: Uuid, outcome: ApiResult<Option<WhatIfResult>>) {
        let mut state = self.lock();
        let Some(run) = state.runs.get_mut(&id) else { return };
        (run.state, run.outcome) = match outcome {
            Ok(Some(result)) => (RunState::Done, Some(Ok(Arc::new(result)))),
            Ok(None) => (RunState::Cancelled, None),
            Err(problem) => (RunState::Failed, Some(Err(problem))),
        };
        count(match run.state {
            RunState::Done => "done",
            RunState::Failed => "failed",
            _ => "cancelled",
        });
        gauge(&state);
    }
}

fn count(result: &'static str) {
    metrics::counter!("zhiyin_planning_runs_total", "result" => result).increment(1);
}

fn gauge(state: &State) {
    let open = state.runs.values().filter(|r| !is_over(r.state)).count();
    metrics::gauge!("zhiyin_planning_runs").set(open as f64);
}

/// The one worker: plays what is in line for as long as the process lives.
pub async fn work(app: App) {
    metrics::describe_counter!("zhiyin_planning_runs_total", "What-if runs, by what became of them");
    metrics::describe_gauge!("zhiyin_planning_runs", "What-if runs that wait or are played");
    loop {
        while let Some((id, request, watch)) = app.planning.next() {
            let outcome = one(&app, request, watch).await;
            app.planning.end(id, outcome);
        }
        app.planning.news.notified().await;
    }
}

async fn one(app: &App, request: WhatIfBody, watch: Arc<Watch>) -> ApiResult<Option<WhatIfResult>> {
    let date = first_day(app, request.date.as_deref())?;
    let days = PastDays::read_with_callers(app, date, request.days).await?;
    let (app, utc_offset_s) = (app.clone(), app.config.site.utc_offset_s);
    let played = tokio::task::spawn_blocking(move || {
        let worlds = play::worlds(&days, &request)?;
        play::play(&days, &worlds, utc_offset_s, |done, of| {
            watch.done.store(done, Ordering::Relaxed);
            watch.of.store(of, Ordering::Relaxed);
            !watch.stop.load(Ordering::Relaxed) && !app.draining()
        })
    });
    played.await.map_err(|e| Problem::internal(&e))?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body() -> WhatIfBody {
        serde_json::from_value(serde_json::json!({})).unwrap()
    }
    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    #[test]
    fn the_line_is_short_and_what_is_over_is_forgotten_first() {
        let runs = Runs::default();
        for n in 1..=4 {
            assert_eq!(runs.add(id(n), Timestamp(0), body()).unwrap().state, RunState::Waiting);
        }
        assert_eq!(runs.add(id(5), Timestamp(0), body()).unwrap_err().code(), "limit_reached");
        runs.cancel(id(2)).unwrap();
        assert_eq!(runs.get(id(2)).unwrap().state, RunState::Cancelled);
        let order: Vec<Uuid> = std::iter::from_fn(|| runs.next()).map(|n| n.0).collect();
        assert_eq!(order, [id(1), id(3), id(4)], "who is cancelled is not played");
        runs.end(id(1), Err(Problem::conflict("x")));
        runs.end(id(3), Ok(None));
        assert_eq!(runs.get(id(1)).unwrap().problem.unwrap().code, "conflict");
        assert_eq!(runs.get(id(3)).unwrap().state, RunState::Cancelled);
        runs.cancel(id(1)).unwrap();
        assert_eq!(runs.get(id(1)).unwrap().state, RunState::Failed, "too late to cancel");
        assert_eq!(runs.get(id(9)).unwrap_err().code(), "not_found");
        for n in 10..60 {
            runs.add(id(n), Timestamp(0), body()).unwrap();
            assert_eq!(runs.next().unwrap().0, id(n));
            runs.end(id(n), Ok(None));
        }
        assert_eq!(runs.lock().runs.len(), KEPT_MAX);
        assert_eq!(runs.get(id(4)).unwrap().state, RunState::Running, "who is played is not forgotten");
    }

    #[test]
    fn a_running_one_hears_that_it_should_stop() {
        let runs = Runs::default();
        runs.add(id(1), Timestamp(0), body()).unwrap();
        let (_, _, watch) = runs.next().unwrap();
        watch.of.store(20, Ordering::Relaxed);
        watch.done.store(5, Ordering::Relaxed);
        assert_eq!(runs.get(id(1)).unwrap().progress, 0.25);
        runs.cancel(id(1)).unwrap();
        assert!(watch.stop.load(Ordering::Relaxed));
        runs.end(id(1), Ok(None));
        assert_eq!(runs.get(id(1)).unwrap().state, RunState::Cancelled);
    }
}
