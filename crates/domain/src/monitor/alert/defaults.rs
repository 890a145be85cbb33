//! The rules that a new contact centre begins with, as data. Each can be changed or switched off.
use super::rule::{AlertLevel, CLEAR_RATIO, Compare, Condition, ESCALATE_AFTER_MS, Each, Join, Rule, Target};
use crate::config::Label;
use crate::monitor::{Metric, Window};
use AlertLevel::{Critical, Warn};
use Compare::{Above, AtLeast, Below};

/// Metric, window, comparison, threshold, smallest sample, duration.
struct Test(Metric, Window, Compare, f64, u64, Option<u64>);
/// Key, Chinese, English, level, for each, all of these tests.
struct Row(&'static str, &'static str, &'static str, AlertLevel, Option<Each>, &'static [Test]);

const QUEUE: Option<Each> = Some(Each::Queue);
const AGENT: Option<Each> = Some(Each::Agent);
const NOW: Window = Window::Now;
const M15: Window = Window::Last15Min;
const M30: Window = Window::Last30Min;

/// Thresholds of the reference, paragraph 7. `Some(0)`: what is there for all to see needs no second look.
#[rustfmt::skip]
const ROWS: &[Row] = &[
    Row("waiting_warn", "排队较多", "Many waiting", Warn, QUEUE, &[Test(Metric::Waiting, NOW, Above, 10.0, 0, Some(0))]),
    Row("waiting_critical", "排队超过 50", "More than 50 waiting", Critical, QUEUE, &[Test(Metric::Waiting, NOW, Above, 50.0, 0, Some(0))]),
    Row("waiting_per_agent_warn", "排队多于坐席", "More waiting than agents", Warn, QUEUE, &[Test(Metric::WaitingPerAgent, NOW, Above, 1.0, 1, None)]),
    Row("longest_wait_warn", "等待超过 60 秒", "Longest wait above 60 s", Warn, QUEUE, &[Test(Metric::LongestWait, NOW, Above, 60.0, 1, Some(0))]),
    Row("longest_wait_critical", "等待超过 180 秒", "Longest wait above 180 s", Critical, QUEUE, &[Test(Metric::LongestWait, NOW, Above, 180.0, 1, Some(0))]),
    Row("service_level_warn", "服务水平低于 80%", "Service level below 80 %", Warn, QUEUE, &[Test(Metric::ServiceLevel, M15, Below, 80.0, 20, None)]),
    Row("service_level_critical", "服务水平低于 70%", "Service level below 70 %", Critical, QUEUE, &[Test(Metric::ServiceLevel, M15, Below, 70.0, 20, None)]),
    Row("abandon_rate_warn", "净放弃率高于 5%", "Net abandon rate above 5 %", Warn, QUEUE, &[Test(Metric::AbandonRateNet, M15, Above, 5.0, 20, None)]),
    Row("abandon_rate_critical", "净放弃率高于 10%", "Net abandon rate above 10 %", Critical, QUEUE, &[Test(Metric::AbandonRateNet, M15, Above, 10.0, 20, None)]),
    Row("answer_rate_warn", "人工接通率低于 95%", "Answer rate below 95 %", Warn, QUEUE, &[Test(Metric::AnswerRate, M15, Below, 95.0, 20, None)]),
    Row("answer_rate_critical", "人工接通率低于 90%", "Answer rate below 90 %", Critical, QUEUE, &[Test(Metric::AnswerRate, M15, Below, 90.0, 20, None)]),
    Row("asa_warn", "平均应答速度超过 20 秒", "Speed of answer above 20 s", Warn, QUEUE, &[Test(Metric::Asa, M15, Above, 20.0, 5, None)]),
    Row("asa_critical", "平均应答速度超过 40 秒", "Speed of answer above 40 s", Critical, QUEUE, &[Test(Metric::Asa, M15, Above, 40.0, 5, None)]),
    Row("occupancy_warn", "占用率高于 88%", "Occupancy above 88 %", Warn, QUEUE, &[Test(Metric::Occupancy, M30, Above, 88.0, 30, None)]),
    Row("occupancy_critical", "占用率高于 92%", "Occupancy above 92 %", Critical, QUEUE, &[Test(Metric::Occupancy, M30, Above, 92.0, 30, None)]),
    Row("occupancy_low", "占用率低于 50%", "Occupancy below 50 %", Warn, QUEUE, &[Test(Metric::Occupancy, M30, Below, 50.0, 30, None)]),
    Row("nobody_available_warn", "有人排队但无空闲坐席 30 秒", "Waiting, nobody available for 30 s", Warn, QUEUE,
        &[Test(Metric::Waiting, NOW, Above, 0.0, 0, Some(30_000)), Test(Metric::AgentsAvailable, NOW, Below, 1.0, 0, Some(30_000))]),
    Row("nobody_available_critical", "有人排队但无空闲坐席 60 秒", "Waiting, nobody available for 60 s", Critical, QUEUE,
        &[Test(Metric::Waiting, NOW, Above, 0.0, 0, Some(60_000)), Test(Metric::AgentsAvailable, NOW, Below, 1.0, 0, Some(60_000))]),
    Row("wrap_up_warn", "话后超过 90 秒", "Wrap-up above 90 s", Warn, AGENT, &[Test(Metric::LongestWrapUp, NOW, Above, 90.0, 1, Some(0))]),
    Row("wrap_up_critical", "话后超过 180 秒", "Wrap-up above 180 s", Critical, AGENT, &[Test(Metric::LongestWrapUp, NOW, Above, 180.0, 1, Some(0))]),
    Row("long_call", "通话超过 15 分钟", "Call above 15 min", Warn, AGENT, &[Test(Metric::LongestOnCall, NOW, Above, 900.0, 1, Some(0))]),
    Row("break_overstayed", "小休超时", "Break too long", Warn, AGENT, &[Test(Metric::AgentsBreakOverstayed, NOW, AtLeast, 1.0, 0, Some(0))]),
    Row("rona", "30 分钟内振铃未接 2 次", "Two offers not answered in 30 min", Warn, AGENT, &[Test(Metric::OffersNotAnswered, M30, AtLeast, 2.0, 0, Some(0))]),
];

/// Every default rule: shown in the app, critical ones escalate after `ESCALATE_AFTER_MS`.
pub fn default_rules() -> Vec<Rule> {
    ROWS.iter()
        .map(|Row(key, zh, en, level, each, tests)| Rule {
            key: (*key).to_owned(),
            name: Label { zh: (*zh).to_owned(), en: (*en).to_owned() },
            enabled: true,
            level: *level,
            each: *each,
            join: Join::All,
            conditions: tests.iter().map(condition).collect(),
            clear_ratio: CLEAR_RATIO,
            mutes: Vec::new(),
            escalate_after_ms: (*level == Critical).then_some(ESCALATE_AFTER_MS),
            notify: vec![Target::App],
        })
        .collect()
}

fn condition(&Test(metric, window, compare, threshold, n_min, for_ms): &Test) -> Condition {
    Condition { metric, scope: None, window, compare, threshold, n_min, for_ms }
}
