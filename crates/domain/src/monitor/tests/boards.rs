//! Boards: numbers, colours, and only what changed.
use super::*;

fn board(tiles: &str) -> Board {
    serde_json::from_str(&format!(
        r#"{{"id":"018f0000-0000-7000-8000-0000000000b0","key":"b","name":{{"zh":"大屏","en":"Wallboard"}},"tiles":{tiles}}}"#
    ))
    .unwrap()
}

fn line(n: u128, ms: u64) -> Monitor {
    let mut tape = Tape::default();
    tape.status(0, ALICE, AgentStatus::Offline, AgentStatus::Available, 0);
    (0..n).for_each(|i| tape.queued(0, i, Q));
    tape.monitor(ms, QueueOptions::default())
}

const TILES: &str = r#"[
    {"id":"waiting","shows":{"kind":"value","metric":"waiting","scope":{"of":"tenant"},"window":"now","thresholds":{"warn":10,"critical":50}}},
    {"id":"sl","shows":{"kind":"gauge","metric":"service_level","scope":{"of":"tenant"},"window":"last_15_min","min":0,"max":100,"target":80,
        "thresholds":{"warn":80,"critical":70,"n_min":20}}},
    {"id":"trend","shows":{"kind":"trend","metric":"offered","scope":{"of":"tenant"},"points":4}},
    {"id":"queues","shows":{"kind":"table","rows":{"of":"queues"},"columns":[{"metric":"waiting","window":"now"},{"metric":"asa","window":"today"}]}},
    {"id":"agents","shows":{"kind":"table","rows":{"of":"agents","scope":{"of":"tenant"}},"columns":[{"metric":"time_available","window":"today"}]}}
]"#;

#[test]
fn computed_and_only_the_changed_sent() {
    let board = board(TILES);
    assert_eq!(board.check(), Ok(()));
    let first = compute(&board, &line(11, 0), None, at(0));
    let levels = |c: &Computed| c.tiles.iter().map(|(id, t)| format!("{id}:{:?}", t.level)).collect::<Vec<_>>().join(" ");
    assert_eq!(levels(&first), "agents:Ok queues:Ok sl:NoData trend:Ok waiting:Warn");
    assert_eq!(diff(&first, &first.clone()), None);
    let second = compute(&board, &line(12, 0), Some(&first), at(0));
    let change = diff(&first, &second).unwrap();
    assert_eq!(change.changed.keys().collect::<Vec<_>>(), ["queues", "trend", "waiting"]);
    let json = serde_json::to_string(&second).unwrap();
    assert_eq!(serde_json::from_str::<Computed>(&json).unwrap(), second);
    let fewer = compute(&Board { tiles: board.tiles[..1].to_vec(), ..board.clone() }, &line(12, 0), Some(&second), at(0));
    assert_eq!(diff(&second, &fewer).unwrap().removed, ["agents", "queues", "sl", "trend"]);
}

#[test]
fn colours_go_only_when_the_number_is_back() {
    let board = board(TILES);
    let mut before = None;
    let mut level = |n| {
        let now = compute(&board, &line(n, 0), before.as_ref(), at(0));
        let level = now.tiles["waiting"].level;
        before = Some(now);
        level
    };
    use TileLevel::*;
    let seen = [10, 11, 10, 9, 51, 46, 45, 10, 9, 10].map(&mut level);
    assert_eq!(seen, [Ok, Warn, Warn, Ok, Critical, Critical, Warn, Warn, Ok, Ok]);
}

#[test]
fn below_is_bad_where_critical_is_below_warn() {
    let board = board(TILES);
    for (late, expected) in [(4, TileLevel::Ok), (5, TileLevel::Warn), (7, TileLevel::Critical)] {
        let mut tape = Tape::default();
        (0..20).for_each(|n| tape.visit(0, n, if n < late { 30_000 } else { 1_000 }, "answered"));
        let m = tape.monitor(60_000, QueueOptions::default());
        assert_eq!(compute(&board, &m, None, at(60_000)).tiles["sl"].level, expected, "{late}");
    }
}

#[test]
fn boards_are_checked() {
    let tile = |shows: &str| board(&format!(r#"[{{"id":"t","shows":{shows}}}]"#)).check().unwrap_err().to_string();
    insta::assert_snapshot!(
        [
            tile(r#"{"kind":"value","metric":"waiting","scope":{"of":"tenant"},"window":"today"}"#),
            tile(r#"{"kind":"gauge","metric":"waiting","scope":{"of":"tenant"},"window":"now","min":1,"max":1}"#),
            tile(r#"{"kind":"trend","metric":"offered","scope":{"of":"tenant"},"points":0}"#),
            tile(r#"{"kind":"table","rows":{"of":"queues"},"columns":[]}"#),
            tile(r#"{"kind":"table","rows":{"of":"agents","scope":{"of":"tenant"}},"columns":[{"metric":"asa","window":"today"}]}"#),
            board(&TILES.replace("\"sl\"", "\"waiting\"")).check().unwrap_err().to_string(),
        ]
        .join("\n"),
        @r"
    tile t: waiting cannot be asked for tenant over today: choose another scope or window
    tile t: warn, critical, min, max and target must be numbers, clear_ratio above 0 and at most 1, min below max
    tile t: give 1 to 96 points
    tile t: give 1 to 20 columns
    tile t: asa cannot be asked for agent over today: choose another scope or window
    tile waiting is there twice: rename one
    "
    );
    assert!(
        serde_json::from_str::<Tile>(
            r#"{"id":"t","shows":{"kind":"value","metric":"waiting","scope":{"of":"tenant"},"window":"now","x":1}}"#
        )
        .is_err()
    );
}
