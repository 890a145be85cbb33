//! Boards: what a wallboard shows, computed from the monitor, and only what changed sent out.
mod compute;
mod model;

pub use compute::{BoardChange, Computed, ComputedTile, Point, Row, Shown, TileLevel, compute, diff};
pub use model::{Board, BoardError, COLUMNS_MAX, Column, GRID_MAX, POINTS_MAX, ROWS_MAX, RowsOf, TILES_MAX, Thresholds, Tile, TileKind};
