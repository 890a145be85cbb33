//! The demo company's callbacks: some that are over, and one that is agreed for tomorrow.
use domain::call::Cause;
use domain::callback::{Callback, CancelledBy, Effect, End, Input, Request};
use domain::config::{CallbackMode, Customer, Queue};
use domain::{CallbackId, Timestamp};
use engine::IdSource;
use store::Record;

const HOUR_MS: u64 = 3_600_000;
const RETRY_GAP_MS: u64 = 600_000;

/// How long ago it was asked for, how, and how each of its tries ended.
const STORIES: [(u64, CallbackMode, &[End]); 5] = [
    (26 * HOUR_MS, CallbackMode::AgentFirst, &[End::NotAnswered(Cause::BUSY), End::Reached]),
    (
        23 * HOUR_MS,
        CallbackMode::AgentFirst,
        &[End::NotAnswered(Cause::NO_ANSWER), End::NotAnswered(Cause::NO_ANSWER), End::NotAnswered(Cause::NO_ANSWER)],
    ),
    (22 * HOUR_MS, CallbackMode::CustomerFirst, &[End::CustomerLeft]),
    (3 * HOUR_MS, CallbackMode::AgentFirst, &[End::Reached]),
    (2 * HOUR_MS, CallbackMode::AgentFirst, &[]),
];

/// Everything that was asked for of this queue.
pub(super) fn write(ids: &IdSource, now: Timestamp, queue: &Queue, people: &[Customer], records: &mut Vec<Record>) {
    let stories = STORIES.iter().zip(people.iter().filter(|p| !p.phones.is_empty()));
    for ((ago_ms, mode, tries), customer) in stories {
        let asked = Timestamp(now.0 - i64::try_from(*ago_ms).unwrap_or(0) * 1000);
        records.extend(told(ids, asked, *mode, queue, customer, tries));
    }
    // A day from now, so that there is one to see and to call off.
    if let Some(customer) = people.iter().rev().find(|p| !p.phones.is_empty()) {
        let request =
            Request { not_before: Some(now.plus_ms(24 * HOUR_MS)), ..request(ids, now, CallbackMode::AgentFirst, queue, customer) };
        records.extend(Callback::start(now, request, &|at| Some(at), &mut Vec::new()).ok().map(|c| Record::Callback(Box::new(c))));
    }
}

fn request(ids: &IdSource, asked: Timestamp, mode: CallbackMode, queue: &Queue, customer: &Customer) -> Request {
    Request {
        id: ids.new_id(asked, CallbackId::from_parts),
        asked_in: None,
        queue: queue.id,
        number: customer.phones.first().cloned().unwrap_or_default(),
        local: String::new(),
        trunk: None,
        customer: Some(customer.id),
        priority: 0,
        needs: None,
        since: asked,
        mode,
        not_before: None,
        expires_at: asked.plus_ms(48 * HOUR_MS),
        tries: 3,
        retry_gap_ms: RETRY_GAP_MS,
    }
}

/// One from the request to its end; without tries it is called off.
fn told(ids: &IdSource, asked: Timestamp, mode: CallbackMode, queue: &Queue, customer: &Customer, tries: &[End]) -> Option<Record> {
    let (open, mut out) = (|at| Some(at), Vec::<Effect>::new());
    let mut callback = Callback::start(asked, request(ids, asked, mode, queue, customer), &open, &mut out).ok()?;
    let mut now = asked;
    for end in tries {
        now = callback.next_timeout().map_or(now, |(at, _)| if callback.place() > callback.attempts().into() { now } else { at });
        callback.handle(now, Input::Tick, &open, &mut out);
        let place = callback.place();
        callback.handle(now.plus_ms(60_000), Input::Dialled { place }, &open, &mut out);
        now = now.plus_ms(90_000);
        callback.handle(now, Input::PlaceEnded { place, end: *end }, &open, &mut out);
    }
    if tries.is_empty() {
        callback.handle(asked.plus_ms(120_000), Input::Cancel { by: CancelledBy::Agent }, &open, &mut out);
    }
    callback.state().is_final().then(|| Record::Callback(Box::new(callback)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Pii;

    #[test]
    fn every_story_comes_to_its_end() {
        let ids = IdSource::seeded(1);
        let queue: Queue = serde_json::from_value(serde_json::json!({
            "id": uuid::Uuid::nil(), "key": "q", "name": {"zh": "", "en": ""}, "strategy": "longest_idle", "ring_timeout_ms": 1, "wrap_up_ms": 1,
            "queue_len_max": 1, "wait_max_ms": 1, "overflow": {"do": "hang_up", "prompt": null}, "announce_every_ms": 0, "music": "",
            "record": false, "service_level_threshold_s": 1, "members": []
        }))
        .unwrap();
        let person = |n: u128| -> Customer {
            serde_json::from_value(serde_json::json!({
                "id": uuid::Uuid::from_u128(n), "name": "x", "phones": [format!("1380000{n:04}")], "email": null, "company": null, "tags": [],
                "vip": false, "note": null
            }))
            .unwrap()
        };
        let people: Vec<Customer> = (1..=8).map(person).collect();
        let mut records = Vec::new();
        write(&ids, Timestamp::from_ms(1_800_000_000_000), &queue, &people, &mut records);
        let states: Vec<String> = records
            .iter()
            .map(|r| match r {
                Record::Callback(c) => format!("{} {}", c.state().word(), c.attempts()),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(states, ["done 2", "done 3", "done 1", "done 1", "cancelled 0", "requested 0"]);
        assert_ne!(people[0].phones[0], Pii::default());
    }
}
