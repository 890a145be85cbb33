//! The configuration names its parts by key. After every write, in the same transaction, all names must lead somewhere.
use crate::http::problem::{ApiResult, Problem};
use domain::config::{EntryPlan, MenuTarget, Number, Overflow, Queue, RoutingRule};
use std::collections::{HashMap, HashSet};
use store::Tx;
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
    problems(&queues, &numbers, &rules, &prompts).into_iter().next().map_or(Ok(()), |p| Err(Problem::conflict(p)))
}

/// Everything that is wrong, in words.
pub fn problems(queues: &[Queue], numbers: &[Number], rules: &[RoutingRule], prompts: &HashSet<String>) -> Vec<String> {
    let keys: HashSet<&str> = queues.iter().map(|q| q.key.as_str()).collect();
    let mut found = Vec::new();
    let mut names = Names { queues: &keys, prompts, found: &mut found };
    for queue in queues {
        let who = format!("queue {}", queue.key);
        names.prompt(&who, &queue.music);
        match &queue.overflow {
            Overflow::HangUp { prompt } => names.maybe(&who, prompt.as_deref()),
            Overflow::Queue { queue } => names.queue(&who, queue),
        }
        names.rules(&who, &queue.routing.rules);
    }
    names.rules("a rule for all queues", rules);
    for number in numbers {
        names.plan(&format!("number {}", number.number), &number.plan);
    }
    found.extend(overflow_loops(queues));
    found
}

struct Names<'a> {
    queues: &'a HashSet<&'a str>,
    prompts: &'a HashSet<String>,
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

/// A caller who overflows in a circle would never leave.
fn overflow_loops(queues: &[Queue]) -> Option<String> {
    let next: HashMap<&str, &str> = queues
        .iter()
        .filter_map(|q| match &q.overflow {
            Overflow::Queue { queue } => Some((q.key.as_str(), queue.as_str())),
            Overflow::HangUp { .. } => None,
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
    queues.iter().find(|q| goes_round(&q.key)).map(|q| format!("queue {} overflows in a circle", q.key))
}
