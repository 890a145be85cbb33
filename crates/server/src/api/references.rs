//! The configuration names its parts by key. After every write, in the same transaction, all names must lead somewhere.
use crate::http::problem::{ApiResult, Problem};
use domain::config::{EntryPlan, MenuTarget, Number, Overflow, Queue, RoutingRule};
use std::collections::{HashMap, HashSet};
use store::Tx;
use store::repo::calendar_switches;
use store::repo::config::{kind, list_all};

/// # Errors
/// 409 `conflict` that says who names what in vain.
pub async fn check(tx: &Tx) -> ApiResult<()> {
    let queues: Vec<Queue> = list_all::<kind::Queues>(tx).await?.into_iter().map(|r| r.value).collect();
    let numbers: Vec<Number> = list_all::<kind::Numbers>(tx).await?.into_iter().map(|r| r.value).collect();
    let rules: Vec<RoutingRule> = list_all::<kind::RoutingRules>(tx).await?.into_iter().map(|r| r.value).collect();
    let profiles: HashSet<String> = list_all::<kind::CapacityProfiles>(tx).await?.into_iter().map(|r| r.value.key).collect();
    let people = store::repo::users::all(tx).await?;
    if let Some(user) = people.iter().find(|u| u.capacity.as_ref().is_some_and(|key| !profiles.contains(key))) {
        let key = user.capacity.as_deref().unwrap_or_default();
        return Err(Problem::conflict(format!("user {} names the capacity profile \"{key}\", which does not exist", user.username)));
    }
    let prompts: HashSet<String> = list_all::<kind::Prompts>(tx).await?.into_iter().map(|r| r.value.key).collect();
    let calendars: HashSet<String> = list_all::<kind::Calendars>(tx).await?.into_iter().map(|r| r.value.key).collect();
    let said = calendar_switches::all(tx).await?.into_iter().filter_map(|(calendar, switch)| Some((calendar, switch.prompt?)));
    let missing = said.filter(|(_, prompt)| !prompts.contains(prompt));
    let switches =
        missing.map(|(calendar, prompt)| format!("the switch of calendar {calendar} names the prompt \"{prompt}\", which does not exist"));
    problems(&queues, &numbers, &rules, &prompts, &calendars)
        .into_iter()
        .chain(switches)
        .next()
        .map_or(Ok(()), |p| Err(Problem::conflict(p)))
}

/// Everything that is wrong, in words.
pub fn problems(
    queues: &[Queue],
    numbers: &[Number],
    rules: &[RoutingRule],
    prompts: &HashSet<String>,
    calendars: &HashSet<String>,
) -> Vec<String> {
    let keys: HashSet<&str> = queues.iter().map(|q| q.key.as_str()).collect();
    let mut found = Vec::new();
    let mut names = Names { queues: &keys, prompts, calendars, found: &mut found };
    for queue in queues {
        let who = format!("queue {}", queue.key);
        names.prompt(&who, &queue.music);
        names.way(&who, &queue.overflow);
        names.hours(&who, queue.hours.as_deref(), &queue.closed);
        queue.waiting.comfort.iter().for_each(|prompt| names.prompt(&who, prompt));
        names.maybe(&who, queue.callbacks.greeting.as_deref());
        queue.waiting.exits.iter().for_each(|exit| names.way(&who, &exit.to));
        names.rules(&who, &queue.routing.rules);
    }
    names.rules("a rule for all queues", rules);
    for number in numbers {
        let who = format!("number {}", number.number);
        names.plan(&who, &number.plan);
        names.hours(&who, number.hours.as_deref(), &number.closed);
        if matches!(number.closed, Overflow::Callback { .. }) && !matches!(number.plan, EntryPlan::Queue { .. }) {
            names.found.push(format!("{who} offers a callback when closed, but leads to no one queue"));
        }
    }
    found.extend(circle(queues, "overflows", |q| Some(&q.overflow)));
    found.extend(circle(queues, "when closed leads", |q| q.hours.as_ref().map(|_| &q.closed)));
    found
}

struct Names<'a> {
    queues: &'a HashSet<&'a str>,
    prompts: &'a HashSet<String>,
    calendars: &'a HashSet<String>,
    found: &'a mut Vec<String>,
}
impl Names<'_> {
    fn queue(&mut self, who: &str, key: &str) {
        if !self.queues.contains(key) {
            self.found.push(format!("{who} names the queue \"{key}\", which does not exist"));
        }
    }
    fn rules(&mut self, who: &str, rules: &[RoutingRule]) {
        for rule in rules {
            if let Some(key) = &rule.queue {
                self.queue(&format!("{who}, rule {}", rule.key), key);
            }
        }
    }
    fn prompt(&mut self, who: &str, key: &str) {
        if !self.prompts.contains(key) {
            self.found.push(format!("{who} names the prompt \"{key}\", which does not exist"));
        }
    }
    fn maybe(&mut self, who: &str, key: Option<&str>) {
        if let Some(key) = key {
            self.prompt(who, key);
        }
    }
    fn way(&mut self, who: &str, way: &Overflow) {
        match way {
            Overflow::HangUp { prompt } => self.maybe(who, prompt.as_deref()),
            Overflow::Queue { queue } => self.queue(who, queue),
            Overflow::Voicemail { greeting, .. } => self.prompt(who, greeting),
            Overflow::Callback { ask, other, booked } => {
                self.prompt(who, ask);
                self.maybe(who, other.as_deref());
                self.maybe(who, booked.as_deref());
            }
        }
    }
    fn hours(&mut self, who: &str, calendar: Option<&str>, closed: &Overflow) {
        if let Some(key) = calendar.filter(|key| !self.calendars.contains(*key)) {
            self.found.push(format!("{who} names the calendar \"{key}\", which does not exist"));
        }
        self.way(who, closed);
    }
    fn plan(&mut self, who: &str, plan: &EntryPlan) {
        match plan {
            EntryPlan::Ivr { welcome, recording_notice, menu } => {
                self.maybe(who, welcome.as_deref());
                self.maybe(who, recording_notice.as_deref());
                self.prompt(who, &menu.prompt);
                for target in menu.options.iter().map(|o| &o.target).chain([&menu.otherwise]) {
                    self.target(who, target);
                }
            }
            EntryPlan::Queue { queue, welcome, recording_notice, .. } => {
                self.queue(who, queue);
                self.maybe(who, welcome.as_deref());
                self.maybe(who, recording_notice.as_deref());
            }
            EntryPlan::Prompt { prompt } => self.prompt(who, prompt),
            EntryPlan::Voicemail { greeting, .. } => self.prompt(who, greeting),
            EntryPlan::Echo | EntryPlan::Bridge { .. } => {}
        }
    }
    fn target(&mut self, who: &str, target: &MenuTarget) {
        match target {
            MenuTarget::Queue { queue, .. } => self.queue(who, queue),
            MenuTarget::Prompt { prompt } => self.prompt(who, prompt),
            MenuTarget::HangUp { prompt } => self.maybe(who, prompt.as_deref()),
            MenuTarget::Repeat => {}
        }
    }
}

/// A caller who is passed on in a circle would never leave.
fn circle(queues: &[Queue], word: &str, way: impl Fn(&Queue) -> Option<&Overflow>) -> Option<String> {
    let next: HashMap<&str, &str> = queues
        .iter()
        .filter_map(|q| match way(q)? {
            Overflow::Queue { queue } => Some((q.key.as_str(), queue.as_str())),
            _ => None,
        })
        .collect();
    let goes_round = |start: &str| {
        let mut at = start;
        for _ in 0..=next.len() {
            match next.get(at) {
                Some(to) if *to == start => return true,
                Some(to) => at = to,
                None => return false,
            }
        }
        false
    };
    queues.iter().find(|q| goes_round(&q.key)).map(|q| format!("queue {} {word} in a circle", q.key))
}
