//! Rows of calendar and instant → state, and a hunt for changes that were overlooked.
mod change;
mod rows;
mod view;
mod written;

use super::*;
use crate::Timestamp;

/// Rules of today, as in the zone files, so that no test needs any.
pub const SHANGHAI: &str = "CST-8";
pub const BERLIN: &str = "CET-1CEST,M3.5.0,M10.5.0/3";
pub const NEW_YORK: &str = "EST5EDT,M3.2.0,M11.1.0";
/// The clock goes from 24:00 to 01:00, and from 24:00 back to 23:00.
pub const SANTIAGO: &str = "<-04>4<-03>,M9.1.6/24,M4.1.6/24";
/// The clock goes back from 01:00 to midnight, on the same date.
pub const HAVANA: &str = "CST5CDT,M3.2.0/0,M11.1.0/1";
/// The clock went back from 00:01 to 23:01 of the day before.
pub const ST_JOHNS: &str = "NST3:30NDT,M3.2.0/0:01,M11.1.0/0:01";
pub const LORD_HOWE: &str = "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0";
pub const ZONES: [&str; 7] = [SHANGHAI, BERLIN, NEW_YORK, SANTIAGO, HAVANA, ST_JOHNS, LORD_HOWE];

pub fn calendar(toml: &str) -> Calendar {
    let head = "key = \"service\"\nname = { zh = \"客服\", en = \"Service\" }\ntimezone = \"Test/Zone\"\n";
    toml::from_str(&format!("{head}{toml}")).unwrap()
}

pub fn hours(zone: &str, toml: &str) -> Hours {
    Hours::new(calendar(toml), Zone::posix(zone).unwrap()).unwrap()
}

/// `2026-03-02T12:00+08:00` as an instant.
pub fn at(written: &str) -> Timestamp {
    Timestamp(written.parse::<jiff::Timestamp>().unwrap().as_microsecond())
}

/// `open weekly mon until 2026-03-02T04:00:00Z`
pub fn said(state: &State) -> String {
    let why = match &state.why {
        Why::Switch { set, .. } => format!("switch {set:?}").to_lowercase(),
        Why::Closure { name } => format!("closure {}", name.en),
        Why::MakeUp { name } => format!("make-up {}", name.en),
        Why::Holiday { name } => format!("holiday {}", name.en),
        Why::Weekly { day } => format!("weekly {day:?}").to_lowercase(),
    };
    let until = state.until.map_or("ever".to_string(), |t| jiff::Timestamp::from_microsecond(t.0).unwrap().to_string());
    format!("{} {} until {until}", if state.open { "open" } else { "closed" }, why.trim())
}
