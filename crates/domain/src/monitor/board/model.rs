//! A board as it is stored and edited.
use crate::BoardId;
use crate::config::Label;
use crate::monitor::{CLEAR_RATIO, Metric, Scope, ScopeKind, Window};
use serde::{Deserialize, Serialize};

pub const TILES_MAX: usize = 60;
pub const COLUMNS_MAX: usize = 20;
/// Rows of a table that are sent; `Shown::Table::more` says that there are others.
pub const ROWS_MAX: usize = 200;
pub const POINTS_MAX: u32 = 96;
/// The grid is so many columns wide; a tile is at most as high.
pub const GRID_MAX: u8 = 12;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Board {
    pub id: BoardId,
    /// Stable natural key: `[a-z0-9_-]{1,40}`.
    pub key: String,
    pub name: Label,
    pub tiles: Vec<Tile>,
}

/// Colours a number. Bad is above when `critical` is above `warn`, below when it is below; alike, by the metric's better direction.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    pub warn: f64,
    pub critical: f64,
    /// A smaller sample has no colour.
    #[serde(default)]
    pub n_min: u64,
    /// A colour goes only when the number is back at this part of its threshold; 1: no hysteresis.
    #[serde(default = "clear_ratio")]
    pub clear_ratio: f64,
}
fn clear_ratio() -> f64 {
    CLEAR_RATIO
}

fn width() -> u8 {
    3
}
fn height() -> u8 {
    2
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tile {
    /// Unique on its board.
    pub id: String,
    /// None: the metric's name.
    #[serde(default)]
    pub title: Option<Label>,
    /// Columns of twelve, and rows: tiles flow in their order.
    #[serde(default = "width")]
    pub w: u8,
    #[serde(default = "height")]
    pub h: u8,
    /// A tone when it becomes critical.
    #[serde(default)]
    pub sound: bool,
    pub shows: TileKind,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum TileKind {
    Value {
        metric: Metric,
        scope: Scope,
        window: Window,
        #[serde(default)]
        thresholds: Option<Thresholds>,
    },
    /// A value on a scale, with its target marked.
    Gauge {
        metric: Metric,
        scope: Scope,
        window: Window,
        min: f64,
        max: f64,
        #[serde(default)]
        target: Option<f64>,
        #[serde(default)]
        thresholds: Option<Thresholds>,
    },
    /// The last `points` intervals.
    Trend { metric: Metric, scope: Scope, points: u32 },
    /// A row for each queue or agent.
    Table { rows: RowsOf, columns: Vec<Column> },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case", deny_unknown_fields)]
pub enum RowsOf {
    Queues,
    /// Signed-in agents: of the tenant, or of one queue.
    Agents {
        scope: Scope,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    pub metric: Metric,
    pub window: Window,
    #[serde(default)]
    pub thresholds: Option<Thresholds>,
}

/// Whoever edits the board must change the named tile.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BoardError {
    #[error("give at most {TILES_MAX} tiles")]
    Tiles,
    #[error("tile {0} is there twice: rename one")]
    Twice(String),
    #[error("tile {0}: {1} cannot be asked for {2} over {3}: choose another scope or window")]
    Question(String, &'static str, &'static str, &'static str),
    #[error("tile {0}: warn, critical, min, max and target must be numbers, clear_ratio above 0 and at most 1, min below max")]
    Numbers(String),
    #[error("tile {0}: w and h are 1 to {GRID_MAX}")]
    Size(String),
    #[error("tile {0}: give 1 to {POINTS_MAX} points")]
    Points(String),
    #[error("tile {0}: give 1 to {COLUMNS_MAX} columns")]
    Columns(String),
}

impl Thresholds {
    fn is_fine(&self) -> bool {
        self.warn.is_finite() && self.critical.is_finite() && self.clear_ratio > 0.0 && self.clear_ratio <= 1.0
    }
}

impl Board {
    /// # Errors
    /// The first tile that cannot be shown, and why.
    pub fn check(&self) -> Result<(), BoardError> {
        if self.tiles.len() > TILES_MAX {
            return Err(BoardError::Tiles);
        }
        let mut ids = std::collections::BTreeSet::new();
        for tile in &self.tiles {
            if !ids.insert(tile.id.as_str()) {
                return Err(BoardError::Twice(tile.id.clone()));
            }
            tile.check()?;
        }
        Ok(())
    }
}

impl Tile {
    fn check(&self) -> Result<(), BoardError> {
        let id = || self.id.clone();
        if ![self.w, self.h].iter().all(|n| (1..=GRID_MAX).contains(n)) {
            return Err(BoardError::Size(id()));
        }
        let fits = |metric: Metric, scope: ScopeKind, window: Window| {
            let definition = metric.definition();
            if definition.fits(scope, window) {
                Ok(())
            } else {
                Err(BoardError::Question(id(), definition.id, scope.word(), window.word()))
            }
        };
        let fine = |t: &Option<Thresholds>| if t.is_none_or(|t| t.is_fine()) { Ok(()) } else { Err(BoardError::Numbers(id())) };
        match &self.shows {
            TileKind::Value { metric, scope, window, thresholds } => {
                fits(*metric, scope.kind(), *window)?;
                fine(thresholds)
            }
            TileKind::Gauge { metric, scope, window, min, max, target, thresholds } => {
                fits(*metric, scope.kind(), *window)?;
                if !min.is_finite() || !max.is_finite() || min >= max || target.is_some_and(|t| !t.is_finite()) {
                    return Err(BoardError::Numbers(id()));
                }
                fine(thresholds)
            }
            TileKind::Trend { metric, scope, points } => {
                if !(1..=POINTS_MAX).contains(points) {
                    return Err(BoardError::Points(id()));
                }
                fits(*metric, scope.kind(), Window::Interval)
            }
            TileKind::Table { rows, columns } => {
                if columns.is_empty() || columns.len() > COLUMNS_MAX {
                    return Err(BoardError::Columns(id()));
                }
                let kind = if matches!(rows, RowsOf::Queues) { ScopeKind::Queue } else { ScopeKind::Agent };
                columns.iter().try_for_each(|c| {
                    fits(c.metric, kind, c.window)?;
                    fine(&c.thresholds)
                })
            }
        }
    }
}
