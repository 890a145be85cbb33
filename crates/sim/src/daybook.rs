//! What one simulated day was like: counts by queue and quarter of an hour, and the staff's time.
//!
//! A contact belongs to the interval in which it entered the queue; durations of agents are split at the borders of intervals.
use crate::estimate::Pairs;
use crate::plan::Plan;
use crate::report::{Figures, INTERVAL_US};
use crate::world::{Call, End, Observer};

/// Counts of one queue in one interval, or of any sum of them. Times in microseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Cell {
    pub offered: u64,
    pub answered: u64,
    pub abandoned: u64,
    pub overflowed: u64,
    pub waited: u64,
    pub within: u64,
    pub abandoned_within: u64,
    pub wait_us: u64,
    pub wait_answered_us: u64,
    pub busy_us: u64,
    pub staffed_us: u64,
}

pub(crate) const FIGURES: usize = 11;

impl Cell {
    pub fn join(&mut self, other: &Self) {
        self.offered += other.offered;
        self.answered += other.answered;
        self.abandoned += other.abandoned;
        self.overflowed += other.overflowed;
        self.waited += other.waited;
        self.within += other.within;
        self.abandoned_within += other.abandoned_within;
        self.wait_us += other.wait_us;
        self.wait_answered_us += other.wait_answered_us;
        self.busy_us += other.busy_us;
        self.staffed_us += other.staffed_us;
    }

    fn end(&mut self, wait_us: u64, threshold_us: u64, waited: bool, end: End) {
        let within = u64::from(wait_us <= threshold_us);
        self.waited += u64::from(waited);
        self.wait_us += wait_us;
        match end {
            End::Answered => {
                self.answered += 1;
                self.within += within;
                self.wait_answered_us += wait_us;
            }
            End::Abandoned => {
                self.abandoned += 1;
                self.abandoned_within += within;
            }
            End::OverflowedOn | End::OverflowedOut => self.overflowed += 1,
        }
    }

    /// Numerator and denominator of every figure, in the order of [`Figures`].
    pub fn parts(&self) -> [(f64, f64); FIGURES] {
        let n = |count: u64| count as f64;
        let seconds = |us: u64| us as f64 / 1e6;
        let offered = n(self.offered);
        [
            (offered, 1.0),
            (n(self.answered), 1.0),
            (n(self.abandoned), 1.0),
            (n(self.overflowed), 1.0),
            (n(self.waited), offered),
            (n(self.within), offered),
            (seconds(self.wait_us), offered),
            (seconds(self.wait_answered_us), n(self.answered)),
            (n(self.abandoned), offered),
            (n(self.abandoned_within), offered),
            (n(self.busy_us), n(self.staffed_us)),
        ]
    }
}

/// One day. `cells[queue][interval]`; the last "queue" is all of them together, where a contact counts once however often it overflowed.
pub(crate) struct DayBook<'a> {
    plan: &'a Plan,
    pub cells: Vec<Vec<Cell>>,
    staff: Vec<Staff>,
}

struct Staff {
    staffed: i64,
    busy: i64,
    counted_to_us: i64,
    /// Busy and staffed time by interval.
    times: Vec<(u64, u64)>,
}

impl<'a> DayBook<'a> {
    pub fn new(plan: &'a Plan) -> Self {
        let intervals = intervals(plan);
        let staff = || Staff { staffed: 0, busy: 0, counted_to_us: plan.warm_up_us, times: vec![(0, 0); intervals] };
        Self {
            plan,
            cells: vec![vec![Cell::default(); intervals]; plan.queues.len() + 1],
            staff: plan.groups.iter().map(|_| staff()).collect(),
        }
    }

    /// Closes the staff's books at the end of the day and gives every queue the time of its own agents.
    pub fn finish(mut self) -> Vec<Vec<Cell>> {
        for group in 0..self.staff.len() {
            self.staff(self.plan.length_us, group, 0, 0);
        }
        let all: Vec<usize> = (0..self.staff.len()).collect();
        let groups = self.plan.queues.iter().map(|q| &q.groups).chain(std::iter::once(&all));
        for (cells, groups) in self.cells.iter_mut().zip(groups) {
            for staff in groups.iter().filter_map(|g| self.staff.get(*g)) {
                for (cell, (busy_us, staffed_us)) in cells.iter_mut().zip(&staff.times) {
                    cell.busy_us += busy_us;
                    cell.staffed_us += staffed_us;
                }
            }
        }
        self.cells
    }

    fn cell(&mut self, queue: usize, at_us: i64) -> Option<&mut Cell> {
        let interval = usize::try_from((at_us - self.plan.warm_up_us).div_euclid(INTERVAL_US)).ok()?;
        self.cells.get_mut(queue)?.get_mut(interval)
    }
}

pub(crate) fn intervals(plan: &Plan) -> usize {
    usize::try_from((plan.length_us - plan.warm_up_us + INTERVAL_US - 1) / INTERVAL_US).unwrap_or(0)
}

impl Observer for DayBook<'_> {
    fn arrived(&mut self, call: &mut Call, _: u64) {
        let all = self.plan.queues.len();
        if let Some(cell) = self.cell(all, call.first_us) {
            cell.offered += 1;
        }
    }

    fn entered(&mut self, call: &Call) {
        if let Some(cell) = self.cell(call.queue, call.entered_us) {
            cell.offered += 1;
        }
    }

    fn moved(&mut self, call: &Call) {
        if let Some(cell) = self.cell(call.queue, call.entered_us) {
            cell.offered -= 1;
        }
    }

    fn ended(&mut self, now_us: i64, call: &Call, end: End) {
        let plan = self.plan;
        let threshold = |queue: usize| plan.queues.get(queue).map_or(0, |q| q.threshold_us);
        let since = |from: i64| (now_us - from).max(0) as u64;
        if let Some(cell) = self.cell(call.queue, call.entered_us) {
            cell.end(since(call.entered_us), threshold(call.queue), call.waited, end);
        }
        if end == End::OverflowedOn {
            return;
        }
        if let Some(cell) = self.cell(plan.queues.len(), call.first_us) {
            cell.end(since(call.first_us), threshold(call.first_queue), call.waited_first, end);
        }
    }

    fn staff(&mut self, now_us: i64, group: usize, staffed: i64, busy: i64) {
        let (warm_up_us, end_us) = (self.plan.warm_up_us, self.plan.length_us);
        let Some(staff) = self.staff.get_mut(group) else { return };
        let to_us = now_us.min(end_us);
        while staff.counted_to_us < to_us {
            let interval = (staff.counted_to_us - warm_up_us) / INTERVAL_US;
            let border = (warm_up_us + (interval + 1) * INTERVAL_US).min(to_us);
            let span = border - staff.counted_to_us;
            if let Some(times) = usize::try_from(interval).ok().and_then(|i| staff.times.get_mut(i)) {
                times.0 += (span * staff.busy) as u64;
                times.1 += (span * staff.staffed) as u64;
            }
            staff.counted_to_us = border;
        }
        staff.staffed += staffed;
        staff.busy += busy;
    }
}

/// The same cell of many days.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Days([Pairs; FIGURES]);

impl Days {
    pub fn add(&mut self, cell: &Cell) {
        self.0.iter_mut().zip(cell.parts()).for_each(|(pairs, (x, y))| pairs.add(x, y));
    }

    pub fn figures(&self) -> Figures {
        Figures::from(self.0.map(|pairs| pairs.ratio()))
    }
}
