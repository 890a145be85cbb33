//! Wallboards.
use super::common::{Label, Validate, count, key, same_with, text, within};
use super::monitor::{MetricName, MetricScope, MetricValue, MetricWindow};
use crate::http::problem::{ApiResult, Problem};
use domain::monitor as m;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// Colours a number. Bad is above when `critical` is above `warn`, below when it is below.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    #[schema(minimum = -1e12, maximum = 1e12)]
    pub warn: f64,
    #[schema(minimum = -1e12, maximum = 1e12)]
    pub critical: f64,
    /// A smaller sample has no colour.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub n_min: u64,
    /// A colour goes only when the number is back at this part of its threshold; 1: at once.
    #[serde(default = "clear_ratio")]
    #[schema(minimum = 0.01, maximum = 1)]
    pub clear_ratio: f64,
}
fn clear_ratio() -> f64 {
    m::CLEAR_RATIO
}
impl Thresholds {
    fn check(&self, field: &str) -> ApiResult<()> {
        finite(field, &[self.warn, self.critical])?;
        within(&format!("{field}.n_min"), self.n_min, 0, 1_000_000)?;
        if !(0.01..=1.0).contains(&self.clear_ratio) {
            return Err(Problem::invalid(&format!("{field}.clear_ratio"), "0.01 to 1"));
        }
        Ok(())
    }
}

/// Numbers that a board or a rule compares with.
pub fn finite(field: &str, numbers: &[f64]) -> ApiResult<()> {
    if numbers.iter().all(|n| n.abs() <= 1e12) { Ok(()) } else { Err(Problem::invalid(field, "numbers from -1e12 to 1e12")) }
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BoardColumn {
    pub metric: MetricName,
    pub window: MetricWindow,
    #[serde(default)]
    pub thresholds: Option<Thresholds>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(tag = "of", rename_all = "snake_case", deny_unknown_fields)]
pub enum BoardRows {
    Queues,
    /// Signed-in agents: of everybody, or of one queue.
    Agents {
        scope: MetricScope,
    },
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum TileShows {
    Value {
        metric: MetricName,
        scope: MetricScope,
        window: MetricWindow,
        #[serde(default)]
        thresholds: Option<Thresholds>,
    },
    /// A value on a scale, with its target marked.
    Gauge {
        metric: MetricName,
        scope: MetricScope,
        window: MetricWindow,
        #[schema(minimum = -1e12, maximum = 1e12)]
        min: f64,
        #[schema(minimum = -1e12, maximum = 1e12)]
        max: f64,
        #[serde(default)]
        #[schema(minimum = -1e12, maximum = 1e12)]
        target: Option<f64>,
        #[serde(default)]
        thresholds: Option<Thresholds>,
    },
    /// The last `points` quarters of an hour.
    Trend {
        metric: MetricName,
        scope: MetricScope,
        #[schema(minimum = 1, maximum = 96)]
        points: u32,
    },
    /// A row for each queue or agent.
    Table {
        rows: BoardRows,
        #[schema(min_items = 1, max_items = 20)]
        columns: Vec<BoardColumn>,
    },
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Tile {
    /// Unique on its board.
    #[schema(pattern = "^[A-Za-z0-9_-]{1,40}$")]
    pub id: String,
    /// None: the metric's name.
    #[serde(default)]
    pub title: Option<Label>,
    /// Columns of twelve; tiles flow in their order.
    #[serde(default = "width")]
    #[schema(minimum = 1, maximum = 12)]
    pub w: u8,
    #[serde(default = "height")]
    #[schema(minimum = 1, maximum = 12)]
    pub h: u8,
    /// A tone when it becomes critical.
    #[serde(default)]
    pub sound: bool,
    pub shows: TileShows,
}
fn width() -> u8 {
    3
}
fn height() -> u8 {
    2
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BoardBody {
    /// Stable natural key.
    #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
    pub key: String,
    pub name: Label,
    #[schema(max_items = 60)]
    pub tiles: Vec<Tile>,
}

impl Validate for BoardBody {
    fn check(&self) -> ApiResult<()> {
        key("key", &self.key)?;
        self.name.check("name")?;
        count("tiles", self.tiles.len(), m::TILES_MAX)?;
        self.tiles.iter().enumerate().try_for_each(|(i, t)| t.check(&format!("tiles.{i}")))?;
        // What a schema cannot say: whether a metric can be asked so.
        let board: m::Board = same_with(self, &[("id", serde_json::json!(Uuid::nil()))])?;
        board.check().map_err(|e| Problem::conflict(e.to_string()).field("tiles"))
    }
}

impl Tile {
    fn check(&self, field: &str) -> ApiResult<()> {
        let at = |name: &str| format!("{field}.{name}");
        text(&at("id"), &self.id, 1, 40)?;
        if !self.id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-') {
            return Err(Problem::invalid(&at("id"), "letters, digits, _ and -"));
        }
        self.title.as_ref().map_or(Ok(()), |t| t.check(&at("title")))?;
        within(&at("w"), u64::from(self.w), 1, 12)?;
        within(&at("h"), u64::from(self.h), 1, 12)?;
        let colours = |t: &Option<Thresholds>| t.map_or(Ok(()), |t| t.check(&at("shows.thresholds")));
        match &self.shows {
            TileShows::Value { thresholds, .. } => colours(thresholds),
            TileShows::Gauge { min, max, target, thresholds, .. } => {
                finite(&at("shows"), &[*min, *max, target.unwrap_or_default()])?;
                colours(thresholds)
            }
            TileShows::Trend { points, .. } => within(&at("shows.points"), u64::from(*points), 1, u64::from(m::POINTS_MAX)),
            TileShows::Table { columns, .. } => {
                within(&at("shows.columns"), columns.len() as u64, 1, m::COLUMNS_MAX as u64)?;
                columns.iter().try_for_each(|c| colours(&c.thresholds))
            }
        }
    }
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Board {
    pub id: Uuid,
    /// The ETag without its quotes.
    pub version: i64,
    #[serde(flatten)]
    pub body: BoardBody,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TileLevel {
    /// Nothing to say yet, or too small a sample.
    NoData,
    Ok,
    Warn,
    Critical,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct BoardPoint {
    pub value: Option<MetricValue>,
    pub level: TileLevel,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct BoardRow {
    pub scope: MetricScope,
    /// One for each column.
    pub cells: Vec<BoardPoint>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TileShown {
    Value(BoardPoint),
    /// Begin of each quarter of an hour in microseconds UTC, and its number.
    Trend {
        points: Vec<(i64, Option<MetricValue>)>,
    },
    Table {
        rows: Vec<BoardRow>,
        /// There are more rows than are sent.
        more: bool,
    },
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ComputedTile {
    /// The worst in it.
    pub level: TileLevel,
    pub shown: TileShown,
}

/// A board's numbers at one moment; on the stream `data` of `board`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct BoardLive {
    pub board: Uuid,
    /// Microseconds UTC.
    pub at: i64,
    /// By the tiles' ids.
    pub tiles: BTreeMap<String, ComputedTile>,
}

/// `data` of `change` on a board: the tiles that are not as before.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct BoardChange {
    pub board: Uuid,
    pub at: i64,
    pub changed: BTreeMap<String, ComputedTile>,
    pub removed: Vec<String>,
}

/// `data` of `alive` on a board: its numbers are as they were. Without one for 5 s the picture is stale.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BoardAlive {
    pub board: Uuid,
    pub at: i64,
}
