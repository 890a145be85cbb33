//! A time zone as an argument: the driver reads the zone file, this turns wall time into instants.
use super::text::Date;
use crate::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};

/// The rules of one time zone. Cheap to clone.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone(TimeZone);

impl Zone {
    pub const UTC: Zone = Zone(TimeZone::UTC);

    /// A compiled zone file (RFC 8536): the bytes of `/usr/share/zoneinfo/<name>`.
    ///
    /// # Errors
    /// The operator must act: the file is not a zone file.
    pub fn tzif(name: &str, data: &[u8]) -> Result<Zone, String> {
        TimeZone::tzif(name, data).map(Zone).map_err(|e| format!("time zone {name}: {e}"))
    }

    /// A rule in POSIX form (`CST-8`, `CET-1CEST,M3.5.0,M10.5.0/3`), where no zone file is at hand.
    ///
    /// # Errors
    /// Whoever wrote the rule must act.
    pub fn posix(rule: &str) -> Result<Zone, String> {
        TimeZone::posix(rule).map(Zone).map_err(|e| format!("time zone {rule}: {e}"))
    }

    /// The IANA name, if it came from a zone file.
    pub fn name(&self) -> Option<&str> {
        self.0.iana_name()
    }

    /// The date on the wall at this instant; instants beyond the years ±9999 count as the last ones within.
    pub(super) fn date_at(&self, at: Timestamp) -> Date {
        Date(self.0.to_datetime(instant(at)).date())
    }

    /// The first instant at which the wall shows `local` or later; none beyond the years ±9999.
    pub(super) fn first(&self, local: DateTime) -> Option<Timestamp> {
        match self.0.to_ambiguous_timestamp(local).offset() {
            AmbiguousOffset::Gap { after, .. } => self.jump_after(after.to_timestamp(local).ok()?),
            AmbiguousOffset::Fold { before: offset, .. } | AmbiguousOffset::Unambiguous { offset } => {
                stamp(offset.to_timestamp(local).ok()?)
            }
        }
    }

    /// The end of the last stretch in which the wall shows a time before `local`, of those next to it.
    pub(super) fn end(&self, local: DateTime) -> Option<Timestamp> {
        const MICROSECOND: jiff::SignedDuration = jiff::SignedDuration::from_micros(1);
        // What counts is the last wall time within; `local` itself is outside and may well come twice.
        let last = local.checked_sub(MICROSECOND).ok()?;
        match self.0.to_ambiguous_timestamp(last).offset() {
            AmbiguousOffset::Gap { after, .. } => self.jump_after(after.to_timestamp(last).ok()?),
            AmbiguousOffset::Fold { after: offset, .. } | AmbiguousOffset::Unambiguous { offset } => {
                Some(Timestamp(stamp(offset.to_timestamp(last).ok()?)?.0.saturating_add(1)))
            }
        }
    }

    /// A skipped wall time, read with the offset that follows the jump, lies before the jump.
    fn jump_after(&self, before: jiff::Timestamp) -> Option<Timestamp> {
        self.0.following(before).next().and_then(|t| stamp(t.timestamp()))
    }
}

fn stamp(at: jiff::Timestamp) -> Option<Timestamp> {
    Some(Timestamp(at.as_microsecond()))
}

fn instant(at: Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::from_microsecond(at.as_us()).unwrap_or(if at.as_us() < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX })
}
