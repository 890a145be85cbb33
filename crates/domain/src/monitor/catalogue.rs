//! The catalogue: what every number of inbound voice means, once, as data.
//!
//! `off` under a rate is what was offered and no longer waits (`ans + ab + fo`): a caller who waits is not yet judged. For a closed
//! interval that is all that was offered. The sources are the paragraphs of the metrics reference (1 counting model, 2 service
//! level, 3 metrics, 6 wallboard, 7 alerts).
use super::metric::Compute::{self, Quotient, Total, WaitQuantile};
use super::metric::{Basis, Better, Definition, Metric, Now, Term, Unit};
use super::sums::Sum;
use crate::live::AgentStatus;

const CONCLUDED: &[Term] = &[(1, Sum::Answered), (1, Sum::Abandoned), (1, Sum::FlowOut)];
const CONCLUDED_NOT_SHORT: &[Term] = &[(1, Sum::Answered), (1, Sum::Abandoned), (1, Sum::FlowOut), (-1, Sum::ShortAbandoned)];

struct Words(&'static str, &'static str, &'static str);

const fn row(
    metric: Metric,
    words: Words,
    unit: Unit,
    better: Better,
    basis: Basis,
    compute: Compute,
    formula: &'static str,
    source: &'static str,
) -> Definition {
    let Words(id, zh, en) = words;
    Definition { metric, id, zh, en, unit, better, basis, formula, source, compute }
}

/// In the order of `Metric::ALL`.
#[rustfmt::skip]
pub static CATALOGUE: &[Definition] = &[
    row(Metric::Offered, Words("offered", "呼入量", "Offered"), Unit::Count, Better::Neither, Basis::QueueVisits,
        Total(&[(1, Sum::Offered)]), "off = ans + ab + fo + waiting", "§1 identity"),
    row(Metric::Answered, Words("answered", "接听量", "Answered"), Unit::Count, Better::Neither, Basis::QueueVisits,
        Total(&[(1, Sum::Answered)]), "ans: visits that ended at an agent's connect", "§1"),
    row(Metric::Abandoned, Words("abandoned", "放弃量", "Abandoned"), Unit::Count, Better::Lower, Basis::QueueVisits,
        Total(&[(1, Sum::Abandoned)]), "ab: the customer left while waiting or ringing", "§1"),
    row(Metric::ShortAbandons, Words("short_abandons", "短放弃量", "Short abandons"), Unit::Count, Better::Neither, Basis::QueueVisits,
        Total(&[(1, Sum::ShortAbandoned)]), "sab: ab with wait ≤ short_abandon_s", "§1"),
    row(Metric::FlowOuts, Words("flow_outs", "溢出量", "Flow-outs"), Unit::Count, Better::Lower, Basis::QueueVisits,
        Total(&[(1, Sum::FlowOut)]), "fo: left without an agent of this queue", "§1"),
    row(Metric::LostInQueue, Words("lost_in_queue", "排队丢失量", "Lost in queue"), Unit::Count, Better::Lower, Basis::QueueVisits,
        Total(&[(1, Sum::LostInQueue)]), "fo whose call was gone unheard", "§1"),
    row(Metric::AnsweredInThreshold, Words("answered_in_threshold", "时限内接听量", "Answered in threshold"), Unit::Count, Better::Higher, Basis::QueueVisits,
        Total(&[(1, Sum::AnsweredInThreshold)]), "ans_T: ans with wait ≤ T", "§2"),
    row(Metric::AbandonedInThreshold, Words("abandoned_in_threshold", "时限内放弃量", "Abandoned in threshold"), Unit::Count, Better::Neither, Basis::QueueVisits,
        Total(&[(1, Sum::AbandonedInThreshold)]), "ab_T: ab with wait ≤ T", "§2"),
    row(Metric::ServiceLevel, Words("service_level", "服务水平", "Service level"), Unit::Percent, Better::Higher, Basis::QueueVisits,
        Quotient { over: &[(1, Sum::LevelOver)], under: &[(1, Sum::LevelUnder)] }, "the queue's own variant SL1 … SL5 or Genesys", "§2"),
    row(Metric::Sl1, Words("sl1", "服务水平 SL1", "Service level SL1"), Unit::Percent, Better::Higher, Basis::QueueVisits,
        Quotient { over: &[(1, Sum::AnsweredInThreshold)], under: CONCLUDED }, "ans_T / off", "§2 SL1"),
    row(Metric::Sl2, Words("sl2", "服务水平 SL2", "Service level SL2"), Unit::Percent, Better::Higher, Basis::QueueVisits,
        Quotient { over: &[(1, Sum::AnsweredInThreshold)], under: CONCLUDED_NOT_SHORT }, "ans_T / (off − sab)", "§2 SL2"),
    row(Metric::Sl3, Words("sl3", "服务水平 SL3", "Service level SL3"), Unit::Percent, Better::Higher, Basis::QueueVisits,
        Quotient { over: &[(1, Sum::AnsweredInThreshold)], under: &[(1, Sum::Answered), (1, Sum::Abandoned), (-1, Sum::AbandonedInThreshold)] }, "ans_T / (ans + ab − ab_T)", "§2 SL3"),
    row(Metric::Sl4, Words("sl4", "服务水平 SL4", "Service level SL4"), Unit::Percent, Better::Higher, Basis::QueueVisits,
        Quotient { over: &[(1, Sum::AnsweredInThreshold), (1, Sum::AbandonedInThreshold)], under: CONCLUDED }, "(ans_T + ab_T) / off", "§2 SL4"),
    row(Metric::Sl5, Words("sl5", "服务水平 SL5", "Service level SL5"), Unit::Percent, Better::Higher, Basis::QueueVisits,
        Quotient { over: &[(1, Sum::AnsweredInThreshold)], under: &[(1, Sum::Answered)] }, "ans_T / ans", "§2 SL5"),
    row(Metric::SlGenesys, Words("sl_genesys", "服务水平 Genesys", "Service level, Genesys form"), Unit::Percent, Better::Higher, Basis::QueueVisits,
        Quotient { over: &[(1, Sum::AnsweredInThreshold)], under: &[(1, Sum::GenesysUnder)] }, "ans_T / (ans [+ ab [− sab]] [+ fo])", "§2 Genesys"),
    row(Metric::Asa, Words("asa", "平均应答速度", "Average speed of answer"), Unit::Seconds, Better::Lower, Basis::QueueVisits,
        Quotient { over: &[(1, Sum::WaitAnsweredMs)], under: &[(1, Sum::Answered)] }, "Σ wait of ans / ans, zero waits included", "§3 ASA"),
    row(Metric::AsaDelayed, Words("asa_delayed", "排队者平均应答速度", "Average speed of answer of the delayed"), Unit::Seconds, Better::Lower, Basis::QueueVisits,
        Quotient { over: &[(1, Sum::WaitAnsweredMs)], under: &[(1, Sum::Delayed)] }, "Σ wait of ans / ans with wait > 0", "§3 ASA"),
    row(Metric::WaitP50, Words("wait_p50", "等待中位数", "Median wait"), Unit::Seconds, Better::Lower, Basis::QueueVisits,
        WaitQuantile(500), "P50 of the waits of ans", "§3 ASA"),
    row(Metric::WaitP90, Words("wait_p90", "等待 P90", "Wait P90"), Unit::Seconds, Better::Lower, Basis::QueueVisits,
        WaitQuantile(900), "P90 of the waits of ans", "§3 ASA"),
    row(Metric::WaitMax, Words("wait_max", "最长应答等待", "Longest answered wait"), Unit::Seconds, Better::Lower, Basis::QueueVisits,
        WaitQuantile(1000), "max of the waits of ans", "§3 ASA"),
    row(Metric::AbandonTimeAvg, Words("abandon_time_avg", "平均放弃时间", "Average time to abandon"), Unit::Seconds, Better::Neither, Basis::QueueVisits,
        Quotient { over: &[(1, Sum::WaitAbandonedMs)], under: &[(1, Sum::Abandoned)] }, "Σ wait of ab / ab", "§3"),
    row(Metric::AbandonRate, Words("abandon_rate", "放弃率", "Abandon rate"), Unit::Percent, Better::Lower, Basis::QueueVisits,
        Quotient { over: &[(1, Sum::Abandoned)], under: CONCLUDED }, "ab / off", "§3"),
    row(Metric::AbandonRateNet, Words("abandon_rate_net", "净放弃率", "Net abandon rate"), Unit::Percent, Better::Lower, Basis::QueueVisits,
        Quotient { over: &[(1, Sum::Abandoned), (-1, Sum::ShortAbandoned)], under: CONCLUDED_NOT_SHORT }, "(ab − sab) / (off − sab)", "§3"),
    row(Metric::AnswerRate, Words("answer_rate", "人工接通率", "Answer rate"), Unit::Percent, Better::Higher, Basis::QueueVisits,
        Quotient { over: &[(1, Sum::Answered)], under: CONCLUDED }, "ans / off", "§3"),
    row(Metric::FlowOutRate, Words("flow_out_rate", "溢出率", "Flow-out rate"), Unit::Percent, Better::Lower, Basis::QueueVisits,
        Quotient { over: &[(1, Sum::FlowOut)], under: CONCLUDED }, "fo / off", "§1"),
    row(Metric::Handled, Words("handled", "处理量", "Handled"), Unit::Count, Better::Neither, Basis::Handlings,
        Total(&[(1, Sum::Handled)]), "talks of an agent that ended", "§3 AHT"),
    row(Metric::Aht, Words("aht", "平均处理时长", "Average handle time"), Unit::Seconds, Better::Lower, Basis::Handlings,
        Quotient { over: &[(1, Sum::TalkMs), (1, Sum::HoldMs), (1, Sum::WrapUpMs)], under: &[(1, Sum::Handled)] }, "(Σ talk + Σ hold + Σ wrap-up) / handled", "§3 AHT"),
    row(Metric::TalkAvg, Words("talk_avg", "平均通话时长", "Average talk time"), Unit::Seconds, Better::Neither, Basis::Handlings,
        Quotient { over: &[(1, Sum::TalkMs)], under: &[(1, Sum::Handled)] }, "Σ talk / handled", "§3 AHT"),
    row(Metric::HoldAvg, Words("hold_avg", "平均保持时长", "Average hold time"), Unit::Seconds, Better::Lower, Basis::Handlings,
        Quotient { over: &[(1, Sum::HoldMs)], under: &[(1, Sum::Handled)] }, "Σ hold / handled", "§3 AHT"),
    row(Metric::WrapUpAvg, Words("wrap_up_avg", "平均话后时长", "Average wrap-up time"), Unit::Seconds, Better::Lower, Basis::Handlings,
        Quotient { over: &[(1, Sum::WrapUpMs)], under: &[(1, Sum::Handled)] }, "Σ wrap-up / handled", "§3 ACW"),
    row(Metric::HoldPerHoldAvg, Words("hold_per_hold_avg", "单次保持时长", "Average length of a hold"), Unit::Seconds, Better::Lower, Basis::Handlings,
        Quotient { over: &[(1, Sum::HoldMs)], under: &[(1, Sum::Holds)] }, "Σ hold / holds", "§3 hold"),
    row(Metric::HoldRate, Words("hold_rate", "保持率", "Hold rate"), Unit::Percent, Better::Lower, Basis::Handlings,
        Quotient { over: &[(1, Sum::Held)], under: &[(1, Sum::Handled)] }, "handled with a hold / handled", "§3 hold"),
    row(Metric::Transfers, Words("transfers", "转接量", "Transfers"), Unit::Count, Better::Neither, Basis::Handlings,
        Total(&[(1, Sum::Transfers)]), "talks passed on", "§3 transfer"),
    row(Metric::TransferRate, Words("transfer_rate", "转接率", "Transfer rate"), Unit::Percent, Better::Lower, Basis::Handlings,
        Quotient { over: &[(1, Sum::Transfers)], under: &[(1, Sum::Handled)] }, "transfers / handled", "§3 transfer"),
    row(Metric::Offers, Words("offers", "派单量", "Offers to agents"), Unit::Count, Better::Neither, Basis::Offers,
        Total(&[(1, Sum::Offers)]), "offers that ended, however", "§1 RONA"),
    row(Metric::OffersAnswered, Words("offers_answered", "派单接听量", "Offers answered"), Unit::Count, Better::Higher, Basis::Offers,
        Total(&[(1, Sum::OffersAnswered)]), "offers taken by the agent", "§3 agent answer rate"),
    row(Metric::OffersNotAnswered, Words("offers_not_answered", "振铃未接量", "Offers not answered (RONA)"), Unit::Count, Better::Lower, Basis::Offers,
        Total(&[(1, Sum::OffersNotAnswered)]), "offers that rang out", "§1 RONA"),
    row(Metric::OffersDeclined, Words("offers_declined", "拒接量", "Offers declined"), Unit::Count, Better::Lower, Basis::Offers,
        Total(&[(1, Sum::OffersDeclined)]), "offers refused by the agent", "§3 agent answer rate"),
    row(Metric::OffersWithdrawn, Words("offers_withdrawn", "派单撤回量", "Offers withdrawn"), Unit::Count, Better::Neither, Basis::Offers,
        Total(&[(1, Sum::OffersWithdrawn)]), "the caller left, the agent or device went", "§3 agent answer rate"),
    row(Metric::AgentAnswerRate, Words("agent_answer_rate", "坐席应答率", "Agent answer rate"), Unit::Percent, Better::Higher, Basis::Offers,
        Quotient { over: &[(1, Sum::OffersAnswered)], under: &[(1, Sum::OffersAnswered), (1, Sum::OffersNotAnswered), (1, Sum::OffersDeclined)] }, "answered / (answered + not answered + declined)", "§3 agent answer rate"),
    row(Metric::Calls, Words("calls", "来电量", "Inbound calls"), Unit::Count, Better::Neither, Basis::Calls,
        Total(&[(1, Sum::Calls)]), "inbound calls that ended", "§3"),
    row(Metric::CallsHandled, Words("calls_handled", "人工服务来电", "Calls handled"), Unit::Count, Better::Neither, Basis::Calls,
        Total(&[(1, Sum::CallsHandled)]), "calls that talked to a person", "§3"),
    row(Metric::CallsSelfServed, Words("calls_self_served", "自助服务来电", "Calls self-served"), Unit::Count, Better::Neither, Basis::Calls,
        Total(&[(1, Sum::CallsSelfServed)]), "calls served without an agent", "§3"),
    row(Metric::CallsLeftInEntry, Words("calls_left_in_entry", "导航中放弃来电", "Calls left in the menu"), Unit::Count, Better::Lower, Basis::Calls,
        Total(&[(1, Sum::CallsLeftInEntry)]), "calls that left in welcome or menu", "§3"),
    row(Metric::CallsLost, Words("calls_lost", "丢失来电", "Calls lost"), Unit::Count, Better::Lower, Basis::Calls,
        Total(&[(1, Sum::CallsLost)]), "calls cut by a crash", "§3"),
    row(Metric::SystemAnswerRate, Words("system_answer_rate", "系统接通率", "System answer rate"), Unit::Percent, Better::Higher, Basis::Calls,
        Quotient { over: &[(1, Sum::CallsSelfServed), (1, Sum::CallsHandled)], under: &[(1, Sum::Calls)] }, "(self-served + handled) / calls", "§3 系统接通率"),
    row(Metric::Occupancy, Words("occupancy", "占用率", "Occupancy"), Unit::Percent, Better::Neither, Basis::AgentTime,
        Quotient { over: &[(1, Sum::OnCallMs), (1, Sum::WrappingUpMs)], under: &[(1, Sum::OnCallMs), (1, Sum::WrappingUpMs), (1, Sum::AvailableMs)] }, "(on call + wrap-up) / (on call + wrap-up + available), wall clock", "§3 occupancy"),
    row(Metric::TimeSignedIn, Words("time_signed_in", "签入时长", "Signed-in time"), Unit::Seconds, Better::Neither, Basis::AgentTime,
        Total(&[(1, Sum::AvailableMs), (1, Sum::RingingMs), (1, Sum::OnCallMs), (1, Sum::WrappingUpMs), (1, Sum::BreakMs), (1, Sum::AwayMs)]), "Σ time in every status but offline", "§3 utilization"),
    row(Metric::TimeAvailable, Words("time_available", "空闲时长", "Available time"), Unit::Seconds, Better::Neither, Basis::AgentTime,
        Total(&[(1, Sum::AvailableMs)]), "Σ time in the status, split at interval borders", "§1"),
    row(Metric::TimeRinging, Words("time_ringing", "振铃时长", "Ringing time"), Unit::Seconds, Better::Neither, Basis::AgentTime,
        Total(&[(1, Sum::RingingMs)]), "Σ time in the status, split at interval borders", "§1"),
    row(Metric::TimeOnCall, Words("time_on_call", "通话状态时长", "Time on calls"), Unit::Seconds, Better::Neither, Basis::AgentTime,
        Total(&[(1, Sum::OnCallMs)]), "Σ time in the status, split at interval borders", "§1"),
    row(Metric::TimeWrapUp, Words("time_wrap_up", "话后状态时长", "Time in wrap-up"), Unit::Seconds, Better::Neither, Basis::AgentTime,
        Total(&[(1, Sum::WrappingUpMs)]), "Σ time in the status, split at interval borders", "§1"),
    row(Metric::TimeBreak, Words("time_break", "小休时长", "Break time"), Unit::Seconds, Better::Neither, Basis::AgentTime,
        Total(&[(1, Sum::BreakMs)]), "Σ time in the status, split at interval borders", "§1"),
    row(Metric::TimeAway, Words("time_away", "离开时长", "Time away"), Unit::Seconds, Better::Neither, Basis::AgentTime,
        Total(&[(1, Sum::AwayMs)]), "Σ time in the status, split at interval borders", "§1"),
    row(Metric::Waiting, Words("waiting", "排队数", "Waiting"), Unit::Count, Better::Lower, Basis::WaitingNow,
        Compute::Now(Now::Waiting), "entered and neither connected nor left", "§1"),
    row(Metric::LongestWait, Words("longest_wait", "最长排队", "Longest wait"), Unit::Seconds, Better::Lower, Basis::WaitingNow,
        Compute::Now(Now::LongestWait), "now − earliest entry of those waiting", "§6"),
    row(Metric::WaitingPerAgent, Words("waiting_per_agent", "人均排队数", "Waiting per agent"), Unit::Ratio, Better::Lower, Basis::WaitingNow,
        Compute::Now(Now::WaitingPerAgent), "waiting / agents signed in", "§7"),
    row(Metric::Talking, Words("talking", "通话中", "Talking"), Unit::Count, Better::Neither, Basis::WaitingNow,
        Compute::Now(Now::Talking), "connected to an agent", "§6"),
    row(Metric::AgentsSignedIn, Words("agents_signed_in", "签入坐席", "Agents signed in"), Unit::Count, Better::Neither, Basis::AgentsNow,
        Compute::Now(Now::AgentsSignedIn), "agents in any status but offline", "§6"),
    row(Metric::AgentsAvailable, Words("agents_available", "空闲坐席", "Agents available"), Unit::Count, Better::Neither, Basis::AgentsNow,
        Compute::Now(Now::Agents(AgentStatus::Available)), "agents in the status", "§6"),
    row(Metric::AgentsRinging, Words("agents_ringing", "振铃坐席", "Agents ringing"), Unit::Count, Better::Neither, Basis::AgentsNow,
        Compute::Now(Now::Agents(AgentStatus::Ringing)), "agents in the status", "§6"),
    row(Metric::AgentsOnCall, Words("agents_on_call", "通话坐席", "Agents on calls"), Unit::Count, Better::Neither, Basis::AgentsNow,
        Compute::Now(Now::Agents(AgentStatus::OnCall)), "agents in the status", "§6"),
    row(Metric::AgentsWrapUp, Words("agents_wrap_up", "话后坐席", "Agents in wrap-up"), Unit::Count, Better::Neither, Basis::AgentsNow,
        Compute::Now(Now::Agents(AgentStatus::WrapUp)), "agents in the status", "§6"),
    row(Metric::AgentsBreak, Words("agents_break", "小休坐席", "Agents on break"), Unit::Count, Better::Neither, Basis::AgentsNow,
        Compute::Now(Now::Agents(AgentStatus::Break)), "agents in the status", "§6"),
    row(Metric::AgentsBreakOverstayed, Words("agents_break_overstayed", "小休超时坐席", "Agents past their break"), Unit::Count, Better::Lower, Basis::AgentsNow,
        Compute::Now(Now::AgentsOverstaying), "agents on a break that lasts longer than its reason allows", "§6"),
    row(Metric::AgentsAway, Words("agents_away", "离开坐席", "Agents away"), Unit::Count, Better::Neither, Basis::AgentsNow,
        Compute::Now(Now::Agents(AgentStatus::Away)), "agents in the status", "§6"),
    row(Metric::LongestAvailable, Words("longest_available", "最长空闲", "Longest available"), Unit::Seconds, Better::Neither, Basis::AgentsNow,
        Compute::Now(Now::LongestIn(AgentStatus::Available)), "now − earliest entry into the status", "§6"),
    row(Metric::LongestRinging, Words("longest_ringing", "最长振铃", "Longest ringing"), Unit::Seconds, Better::Lower, Basis::AgentsNow,
        Compute::Now(Now::LongestIn(AgentStatus::Ringing)), "now − earliest entry into the status", "§6"),
    row(Metric::LongestOnCall, Words("longest_on_call", "最长通话", "Longest on a call"), Unit::Seconds, Better::Lower, Basis::AgentsNow,
        Compute::Now(Now::LongestIn(AgentStatus::OnCall)), "now − earliest entry into the status", "§6"),
    row(Metric::LongestWrapUp, Words("longest_wrap_up", "最长话后", "Longest wrap-up"), Unit::Seconds, Better::Lower, Basis::AgentsNow,
        Compute::Now(Now::LongestIn(AgentStatus::WrapUp)), "now − earliest entry into the status", "§6"),
    row(Metric::LongestBreak, Words("longest_break", "最长小休", "Longest break"), Unit::Seconds, Better::Lower, Basis::AgentsNow,
        Compute::Now(Now::LongestIn(AgentStatus::Break)), "now − earliest entry into the status", "§6"),
    row(Metric::LongestAway, Words("longest_away", "最长离开", "Longest away"), Unit::Seconds, Better::Lower, Basis::AgentsNow,
        Compute::Now(Now::LongestIn(AgentStatus::Away)), "now − earliest entry into the status", "§6"),
];

impl Metric {
    pub fn definition(self) -> &'static Definition {
        // The order is held by a test; the search never goes further than one look.
        let at = CATALOGUE.get(self as usize).filter(|d| d.metric == self);
        at.or_else(|| CATALOGUE.iter().find(|d| d.metric == self)).unwrap_or(&CATALOGUE[0])
    }
    pub fn id(self) -> &'static str {
        self.definition().id
    }
    pub fn by_id(id: &str) -> Option<Metric> {
        CATALOGUE.iter().find(|d| d.id == id).map(|d| d.metric)
    }
}
