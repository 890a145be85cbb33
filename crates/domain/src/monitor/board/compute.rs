//! A board's numbers at one moment, their colours, and the difference to what was sent before.
use super::model::{Board, Column, ROWS_MAX, RowsOf, Thresholds, TileKind};
use crate::monitor::{Better, Compare, Condition, Metric, Monitor, Scope, Value, Window};
use crate::{BoardId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TileLevel {
    /// Nothing under the line, or a sample below `n_min`.
    NoData,
    Ok,
    Warn,
    Critical,
}

/// A number with its colour.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    pub value: Option<Value>,
    pub level: TileLevel,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    pub scope: Scope,
    /// One for each column.
    pub cells: Vec<Point>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Shown {
    Value(Point),
    Trend { points: Vec<(Timestamp, Option<Value>)> },
    Table { rows: Vec<Row>, more: bool },
}

/// `level` is the worst in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ComputedTile {
    pub level: TileLevel,
    pub shown: Shown,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Computed {
    pub board: BoardId,
    pub at: Timestamp,
    pub tiles: BTreeMap<String, ComputedTile>,
}

/// What to send to somebody who has the board of before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BoardChange {
    pub board: BoardId,
    pub at: Timestamp,
    pub changed: BTreeMap<String, ComputedTile>,
    pub removed: Vec<String>,
}

/// The board now. `before` is the last result: hysteresis needs the colours that were shown.
pub fn compute(board: &Board, monitor: &Monitor, before: Option<&Computed>, now: Timestamp) -> Computed {
    let before = before.filter(|b| b.board == board.id);
    let tiles = board.tiles.iter().map(|tile| {
        let was = before.and_then(|b| b.tiles.get(&tile.id));
        (tile.id.clone(), compute_tile(&tile.shows, monitor, was, now))
    });
    Computed { board: board.id, at: now, tiles: tiles.collect() }
}

fn compute_tile(kind: &TileKind, monitor: &Monitor, was: Option<&ComputedTile>, now: Timestamp) -> ComputedTile {
    match kind {
        TileKind::Value { metric, scope, window, thresholds } | TileKind::Gauge { metric, scope, window, thresholds, .. } => {
            let was = was.and_then(|w| if let Shown::Value(p) = &w.shown { Some(p.level) } else { None });
            let column = Column { metric: *metric, window: *window, thresholds: *thresholds };
            let point = point(&column, *scope, monitor, was, now);
            ComputedTile { level: point.level, shown: Shown::Value(point) }
        }
        TileKind::Trend { metric, scope, points } => {
            let points = monitor.trend(*metric, *scope, *points, now);
            let level = if points.iter().any(|(_, v)| v.is_some()) { TileLevel::Ok } else { TileLevel::NoData };
            ComputedTile { level, shown: Shown::Trend { points } }
        }
        TileKind::Table { rows, columns } => table(*rows, columns, monitor, was, now),
    }
}

fn table(rows: RowsOf, columns: &[Column], monitor: &Monitor, was: Option<&ComputedTile>, now: Timestamp) -> ComputedTile {
    let mut scopes: Vec<Scope> = match rows {
        RowsOf::Queues => monitor.queues().into_iter().map(|queue| Scope::Queue { queue }).collect(),
        RowsOf::Agents { scope } => monitor.agents(scope).into_iter().map(|agent| Scope::Agent { agent }).collect(),
    };
    let more = scopes.len() > ROWS_MAX;
    scopes.truncate(ROWS_MAX);
    let old: BTreeMap<Scope, &Row> = match was.map(|w| &w.shown) {
        Some(Shown::Table { rows, .. }) => rows.iter().map(|r| (r.scope, r)).collect(),
        _ => BTreeMap::new(),
    };
    let row = |scope: Scope| {
        let level = |i: usize| old.get(&scope).and_then(|r| r.cells.get(i)).map(|c| c.level);
        Row { scope, cells: columns.iter().enumerate().map(|(i, c)| point(c, scope, monitor, level(i), now)).collect() }
    };
    let rows: Vec<Row> = scopes.into_iter().map(row).collect();
    let level = rows.iter().flat_map(|r| r.cells.iter().map(|c| c.level)).max().unwrap_or(TileLevel::NoData);
    ComputedTile { level, shown: Shown::Table { rows, more } }
}

fn point(column: &Column, scope: Scope, monitor: &Monitor, was: Option<TileLevel>, now: Timestamp) -> Point {
    let value = monitor.value(column.metric, scope, column.window, now);
    Point { value, level: level(column.metric, column.window, value, column.thresholds.as_ref(), was) }
}

/// The colour of a number that had the colour `was`.
fn level(metric: Metric, window: Window, value: Option<Value>, thresholds: Option<&Thresholds>, was: Option<TileLevel>) -> TileLevel {
    let Some(value) = value else { return TileLevel::NoData };
    let Some(t) = thresholds else { return TileLevel::Ok };
    if value.n < t.n_min {
        return TileLevel::NoData;
    }
    let upper = if t.warn == t.critical { metric.definition().better != Better::Higher } else { t.critical > t.warn };
    let compare = if upper { Compare::Above } else { Compare::Below };
    // The same rule of clearing as alerts have.
    let reached = |threshold: f64, level: TileLevel| {
        let c = Condition { metric, scope: None, window, compare, threshold, n_min: 0, for_ms: None };
        let clear_at = c.clear_at(t.clear_ratio);
        let not_back = if upper { value.value > clear_at } else { value.value < clear_at };
        compare.holds(value.value, threshold) || was.is_some_and(|w| w >= level) && not_back
    };
    if reached(t.critical, TileLevel::Critical) {
        TileLevel::Critical
    } else if reached(t.warn, TileLevel::Warn) {
        TileLevel::Warn
    } else {
        TileLevel::Ok
    }
}

/// The tiles that are not as before. None: nothing to send.
pub fn diff(before: &Computed, after: &Computed) -> Option<BoardChange> {
    let changed: BTreeMap<String, ComputedTile> =
        after.tiles.iter().filter(|(id, tile)| before.tiles.get(*id) != Some(*tile)).map(|(id, tile)| (id.clone(), tile.clone())).collect();
    let removed: Vec<String> = before.tiles.keys().filter(|id| !after.tiles.contains_key(*id)).cloned().collect();
    if changed.is_empty() && removed.is_empty() {
        return None;
    }
    Some(BoardChange { board: after.board, at: after.at, changed, removed })
}
