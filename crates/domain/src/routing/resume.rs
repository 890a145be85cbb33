//! The place of somebody who was cut off, or hung up, and calls again soon: they go on waiting where they stood.
use super::{Effect, Router, record};
use crate::event::EventKind;
use crate::{InteractionId, QueueId, Timestamp};
use serde::{Deserialize, Serialize};

/// An earlier call of the same number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EarlierCall {
    pub started_at: Timestamp,
    /// The last queue it waited in, and since when it waited.
    pub waited: Option<(QueueId, Timestamp)>,
    pub ended_at: Timestamp,
    /// They have been talked to, promised a callback, or left a message: no wait is open.
    pub served: bool,
}

/// A place that may be taken up again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptPlace {
    pub queue: QueueId,
    pub since: Timestamp,
}

/// Which places a caller of `now` still has. `calls`: the earlier ones of their number, newest first; `resume_ms`: how long each queue
/// keeps a place. Somebody cut off twice has the place of the first call: each call came soon enough after the one before.
pub fn kept_places(now: Timestamp, calls: &[EarlierCall], resume_ms: impl Fn(QueueId) -> u64) -> Vec<KeptPlace> {
    let mut places: Vec<KeptPlace> = Vec::new();
    let mut called_again = now;
    for call in calls.iter().take_while(|c| !c.served) {
        // One that reached no queue is no new beginning: the way to the line may be long.
        let Some((queue, since)) = call.waited else { continue };
        let most_ms = resume_ms(queue);
        if most_ms == 0 || called_again.ms_since(call.ended_at) > most_ms {
            break;
        }
        match places.iter_mut().find(|p| p.queue == queue) {
            Some(place) => place.since = place.since.min(since),
            None => places.push(KeptPlace { queue, since }),
        }
        called_again = call.started_at;
    }
    places
}

impl Router {
    /// Harmless when it waits elsewhere, or no more.
    pub(super) fn resume(&mut self, now: Timestamp, interaction: InteractionId, places: &[KeptPlace], out: &mut Vec<Effect>) {
        let Some(entry) = self.entries.get_mut(&interaction) else { return };
        let (queue, since) = (entry.queue, entry.since);
        let Some(kept) = places.iter().find(|p| p.queue == queue && p.since < since) else { return };
        entry.since = kept.since;
        record(now, Some(interaction), None, Some(queue), EventKind::PlaceResumed { waited_ms: now.ms_since(kept.since) }, out);
        self.find_place(now, interaction);
        if let Some(e) = self.entries.get(&interaction) {
            out.push(Effect::Placed(Box::new(e.kept(interaction))));
            out.push(Effect::WaitingChanged(e.live(interaction)));
        }
        self.show_positions(queue, None, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const SERVICE: QueueId = QueueId(Uuid::from_u128(1));
    const BILLING: QueueId = QueueId(Uuid::from_u128(2));

    fn s(s: i64) -> Timestamp {
        Timestamp(s * 1_000_000)
    }
    /// From, waiting since, to, in seconds.
    fn call(started: i64, waited: Option<(QueueId, i64)>, ended: i64) -> EarlierCall {
        EarlierCall { started_at: s(started), waited: waited.map(|(q, at)| (q, s(at))), ended_at: s(ended), served: false }
    }
    /// `queue since` of what is kept at a second, for two minutes in the one queue and never in the other.
    fn kept(now: i64, calls: &[EarlierCall]) -> Vec<(QueueId, i64)> {
        let resume_ms = |q| if q == SERVICE { 120_000 } else { 0 };
        kept_places(s(now), calls, resume_ms).iter().map(|p| (p.queue, p.since.0 / 1_000_000)).collect()
    }

    #[test]
    fn a_place_is_kept_for_a_while() {
        let dropped = call(100, Some((SERVICE, 110)), 200);
        for (now, calls, expected) in [
            (210, vec![dropped], vec![(SERVICE, 110)]),
            (320, vec![dropped], vec![(SERVICE, 110)]),
            (321, vec![dropped], vec![]),
            (210, vec![], vec![]),
            // Cut off again and again.
            (500, vec![call(300, Some((SERVICE, 305)), 400), dropped], vec![(SERVICE, 110)]),
            // The first is too long before the second.
            (500, vec![call(330, Some((SERVICE, 335)), 400), dropped], vec![(SERVICE, 335)]),
            // Talked to: what was before is settled.
            (500, vec![EarlierCall { served: true, ..call(300, Some((SERVICE, 305)), 400) }, dropped], vec![]),
            (500, vec![call(390, Some((SERVICE, 395)), 400), EarlierCall { served: true, ..dropped }], vec![(SERVICE, 395)]),
            // A queue that keeps no places, and a call that reached none.
            (210, vec![call(100, Some((BILLING, 110)), 200)], vec![]),
            (210, vec![call(205, None, 208), dropped], vec![(SERVICE, 110)]),
        ] {
            assert_eq!(kept(now, &calls), expected, "{now} {calls:?}");
        }
    }
}
