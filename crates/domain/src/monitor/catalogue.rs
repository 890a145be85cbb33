//! The catalogue: what every number of inbound voice means, once, as data.
//!
//! "Offered" under a rate is what was offered and no longer waits (answered, abandoned, flow-outs): a caller who waits is not yet judged. For a closed
//! interval that is all that was offered. The sources are the paragraphs of the metrics reference (1 counting model, 2 service
//! level, 3 metrics, 6 wallboard, 7 alerts).
use super::metric::Compute::{self, Quotient, Total, WaitQuantile};
use super::metric::{Basis, Better, Definition, Formula, Metric, Now, Term, Unit};
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
    formula: Formula,
    source: &'static str,
) -> Definition {
    let Words(id, zh, en) = words;
    Definition { metric, id, zh, en, unit, better, basis, formula, source, compute }
}

/// In the order of `Metric::ALL`.
#[rustfmt::skip]
pub static CATALOGUE: &[Definition] = &[
    row(Metric::Offered, Words("offered", "呼入量", "Offered"), Unit::Count, Better::Neither, Basis::QueueVisits,
        Total(&[(1, Sum::Offered)]), Formula { zh: "接听 + 放弃 + 溢出 + 正在排队", en: "answered + abandoned + flow-outs + waiting" }, "§1 identity"),
    row(Metric::Answered, Words("answered", "接听量", "Answered"), Unit::Count, Better::Neither, Basis::QueueVisits,
        Total(&[(1, Sum::Answered)]), Formula { zh: "排队后接通坐席的次数", en: "visits that ended at an agent's connect" }, "§1"),
    row(Metric::Abandoned, Words("abandoned", "放弃量", "Abandoned"), Unit::Count, Better::Lower, Basis::QueueVisits,
        Total(&[(1, Sum::Abandoned)]), Formula { zh: "客户在排队或振铃中离开的次数", en: "visits that the customer left while waiting or ringing" }, "§1"),
    row(Metric::ShortAbandons, Words("short_abandons", "短放弃量", "Short abandons"), Unit::Count, Better::Neither, Basis::QueueVisits,
        Total(&[(1, Sum::ShortAbandoned)]), Formula { zh: "等待不超过短放弃上限的放弃", en: "abandoned with a wait up to the short abandon limit" }, "§1"),
    row(Metric::FlowOuts, Words("flow_outs", "溢出量", "Flow-outs"), Unit::Count, Better::Lower, Basis::QueueVisits,
        Total(&[(1, Sum::FlowOut)]), Formula { zh: "未经本队列坐席而离开的次数", en: "visits that left without an agent of this queue" }, "§1"),
    row(Metric::LostInQueue, Words("lost_in_queue", "排队丢失量", "Lost in queue"), Unit::Count, Better::Lower, Basis::QueueVisits,
        Total(&[(1, Sum::LostInQueue)]), Formula { zh: "通话已不存在而无人告知的溢出", en: "flow-outs whose call was gone unheard" }, "§1"),
    row(Metric::AnsweredInThreshold, Words("answered_in_threshold", "时限内接听量", "Answered in threshold"), Unit::Count, Better::Higher, Basis::QueueVisits,
        Total(&[(1, Sum::AnsweredInThreshold)]), Formula { zh: "等待不超过 T 的接听（T 为服务水平时限）", en: "answered with a wait up to T, the threshold of the service level" }, "§2"),
    row(Metric::AbandonedInThreshold, Words("abandoned_in_threshold", "时限内放弃量", "Abandoned in threshold"), Unit::Count, Better::Neither, Basis::QueueVisits,
        Total(&[(1, Sum::AbandonedInThreshold)]), Formula { zh: "等待不超过 T 的放弃（T 为服务水平时限）", en: "abandoned with a wait up to T, the threshold of the service level" }, "§2"),
    row(Metric::ServiceLevel, Words("service_level", "服务水平", "Service level"), Unit::Percent, Better::Higher, Basis::QueueVisits,
        Quotient { over: &[(1, Sum::LevelOver)], under: &[(1, Sum::LevelUnder)] }, Formula { zh: "按队列所选口径：SL1 … SL5 或 Genesys", en: "the variant that the queue chose: SL1 … SL5 or Genesys" }, "§2"),
    row(Metric::Sl1, Words("sl1", "服务水平 SL1", "Service level SL1"), Unit::Percent, Better::Higher, Basis::QueueVisits,
        Quotient { over: &[(1, Sum::AnsweredInThreshold)], under: CONCLUDED }, Formula { zh: "T 内接听 / 呼入", en: "answered in T / offered" }, "§2 SL1"),
    row(Metric::Sl2, Words("sl2", "服务水平 SL2", "Service level SL2"), Unit::Percent, Better::Higher, Basis::QueueVisits,
        Quotient { over: &[(1, Sum::AnsweredInThreshold)], under: CONCLUDED_NOT_SHORT }, Formula { zh: "T 内接听 /（呼入 − 短放弃）", en: "answered in T / (offered − short abandons)" }, "§2 SL2"),
    row(Metric::Sl3, Words("sl3", "服务水平 SL3", "Service level SL3"), Unit::Percent, Better::Higher, Basis::QueueVisits,
        Quotient { over: &[(1, Sum::AnsweredInThreshold)], under: &[(1, Sum::Answered), (1, Sum::Abandoned), (-1, Sum::AbandonedInThreshold)] }, Formula { zh: "T 内接听 /（接听 + 放弃 − T 内放弃）", en: "answered in T / (answered + abandoned − abandoned in T)" }, "§2 SL3"),
    row(Metric::Sl4, Words("sl4", "服务水平 SL4", "Service level SL4"), Unit::Percent, Better::Higher, Basis::QueueVisits,
        Quotient { over: &[(1, Sum::AnsweredInThreshold), (1, Sum::AbandonedInThreshold)], under: CONCLUDED }, Formula { zh: "（T 内接听 + T 内放弃）/ 呼入", en: "(answered in T + abandoned in T) / offered" }, "§2 SL4"),
    row(Metric::Sl5, Words("sl5", "服务水平 SL5", "Service level SL5"), Unit::Percent, Better::Higher, Basis::QueueVisits,
        Quotient { over: &[(1, Sum::AnsweredInThreshold)], under: &[(1, Sum::Answered)] }, Formula { zh: "T 内接听 / 接听", en: "answered in T / answered" }, "§2 SL5"),
    row(Metric::SlGenesys, Words("sl_genesys", "服务水平 Genesys", "Service level, Genesys form"), Unit::Percent, Better::Higher, Basis::QueueVisits,
        Quotient { over: &[(1, Sum::AnsweredInThreshold)], under: &[(1, Sum::GenesysUnder)] }, Formula { zh: "T 内接听 /（接听 [+ 放弃 [− 短放弃]] [+ 溢出]）", en: "answered in T / (answered [+ abandoned [− short abandons]] [+ flow-outs])" }, "§2 Genesys"),
    row(Metric::Asa, Words("asa", "平均应答速度", "Average speed of answer"), Unit::Seconds, Better::Lower, Basis::QueueVisits,
        Quotient { over: &[(1, Sum::WaitAnsweredMs)], under: &[(1, Sum::Answered)] }, Formula { zh: "接听的等待之和 / 接听，含零等待", en: "Σ wait of the answered / answered, zero waits included" }, "§3 ASA"),
    row(Metric::AsaDelayed, Words("asa_delayed", "排队者平均应答速度", "Average speed of answer of the delayed"), Unit::Seconds, Better::Lower, Basis::QueueVisits,
        Quotient { over: &[(1, Sum::WaitAnsweredMs)], under: &[(1, Sum::Delayed)] }, Formula { zh: "接听的等待之和 / 有等待的接听", en: "Σ wait of the answered / answered with a wait" }, "§3 ASA"),
    row(Metric::WaitP50, Words("wait_p50", "等待中位数", "Median wait"), Unit::Seconds, Better::Lower, Basis::QueueVisits,
        WaitQuantile(500), Formula { zh: "接听等待的中位数", en: "median of the waits of the answered" }, "§3 ASA"),
    row(Metric::WaitP90, Words("wait_p90", "等待 P90", "Wait P90"), Unit::Seconds, Better::Lower, Basis::QueueVisits,
        WaitQuantile(900), Formula { zh: "九成接听的等待不超过它", en: "nine in ten of the answered waited no longer" }, "§3 ASA"),
    row(Metric::WaitMax, Words("wait_max", "最长应答等待", "Longest answered wait"), Unit::Seconds, Better::Lower, Basis::QueueVisits,
        WaitQuantile(1000), Formula { zh: "接听的最长等待", en: "longest wait of the answered" }, "§3 ASA"),
    row(Metric::AbandonTimeAvg, Words("abandon_time_avg", "平均放弃时间", "Average time to abandon"), Unit::Seconds, Better::Neither, Basis::QueueVisits,
        Quotient { over: &[(1, Sum::WaitAbandonedMs)], under: &[(1, Sum::Abandoned)] }, Formula { zh: "放弃的等待之和 / 放弃", en: "Σ wait of the abandoned / abandoned" }, "§3"),
    row(Metric::AbandonRate, Words("abandon_rate", "放弃率", "Abandon rate"), Unit::Percent, Better::Lower, Basis::QueueVisits,
        Quotient { over: &[(1, Sum::Abandoned)], under: CONCLUDED }, Formula { zh: "放弃 / 呼入", en: "abandoned / offered" }, "§3"),
    row(Metric::AbandonRateNet, Words("abandon_rate_net", "净放弃率", "Net abandon rate"), Unit::Percent, Better::Lower, Basis::QueueVisits,
        Quotient { over: &[(1, Sum::Abandoned), (-1, Sum::ShortAbandoned)], under: CONCLUDED_NOT_SHORT }, Formula { zh: "（放弃 − 短放弃）/（呼入 − 短放弃）", en: "(abandoned − short abandons) / (offered − short abandons)" }, "§3"),
    row(Metric::AnswerRate, Words("answer_rate", "人工接通率", "Answer rate"), Unit::Percent, Better::Higher, Basis::QueueVisits,
        Quotient { over: &[(1, Sum::Answered)], under: CONCLUDED }, Formula { zh: "接听 / 呼入", en: "answered / offered" }, "§3"),
    row(Metric::FlowOutRate, Words("flow_out_rate", "溢出率", "Flow-out rate"), Unit::Percent, Better::Lower, Basis::QueueVisits,
        Quotient { over: &[(1, Sum::FlowOut)], under: CONCLUDED }, Formula { zh: "溢出 / 呼入", en: "flow-outs / offered" }, "§1"),
    row(Metric::Handled, Words("handled", "处理量", "Handled"), Unit::Count, Better::Neither, Basis::Handlings,
        Total(&[(1, Sum::Handled)]), Formula { zh: "坐席已结束的通话", en: "talks of an agent that ended" }, "§3 AHT"),
    row(Metric::Aht, Words("aht", "平均处理时长", "Average handle time"), Unit::Seconds, Better::Lower, Basis::Handlings,
        Quotient { over: &[(1, Sum::TalkMs), (1, Sum::HoldMs), (1, Sum::WrapUpMs)], under: &[(1, Sum::Handled)] }, Formula { zh: "（通话 + 保持 + 话后）之和 / 处理量", en: "(Σ talk + Σ hold + Σ wrap-up) / handled" }, "§3 AHT"),
    row(Metric::TalkAvg, Words("talk_avg", "平均通话时长", "Average talk time"), Unit::Seconds, Better::Neither, Basis::Handlings,
        Quotient { over: &[(1, Sum::TalkMs)], under: &[(1, Sum::Handled)] }, Formula { zh: "通话之和 / 处理量", en: "Σ talk / handled" }, "§3 AHT"),
    row(Metric::HoldAvg, Words("hold_avg", "平均保持时长", "Average hold time"), Unit::Seconds, Better::Lower, Basis::Handlings,
        Quotient { over: &[(1, Sum::HoldMs)], under: &[(1, Sum::Handled)] }, Formula { zh: "保持之和 / 处理量", en: "Σ hold / handled" }, "§3 AHT"),
    row(Metric::WrapUpAvg, Words("wrap_up_avg", "平均话后时长", "Average wrap-up time"), Unit::Seconds, Better::Lower, Basis::Handlings,
        Quotient { over: &[(1, Sum::WrapUpMs)], under: &[(1, Sum::Handled)] }, Formula { zh: "话后之和 / 处理量", en: "Σ wrap-up / handled" }, "§3 ACW"),
    row(Metric::HoldPerHoldAvg, Words("hold_per_hold_avg", "单次保持时长", "Average length of a hold"), Unit::Seconds, Better::Lower, Basis::Handlings,
        Quotient { over: &[(1, Sum::HoldMs)], under: &[(1, Sum::Holds)] }, Formula { zh: "保持之和 / 保持次数", en: "Σ hold / holds" }, "§3 hold"),
    row(Metric::HoldRate, Words("hold_rate", "保持率", "Hold rate"), Unit::Percent, Better::Lower, Basis::Handlings,
        Quotient { over: &[(1, Sum::Held)], under: &[(1, Sum::Handled)] }, Formula { zh: "有保持的处理 / 处理量", en: "handled with a hold / handled" }, "§3 hold"),
    row(Metric::Transfers, Words("transfers", "转接量", "Transfers"), Unit::Count, Better::Neither, Basis::Handlings,
        Total(&[(1, Sum::Transfers)]), Formula { zh: "转给他人的通话", en: "talks passed on" }, "§3 transfer"),
    row(Metric::TransferRate, Words("transfer_rate", "转接率", "Transfer rate"), Unit::Percent, Better::Lower, Basis::Handlings,
        Quotient { over: &[(1, Sum::Transfers)], under: &[(1, Sum::Handled)] }, Formula { zh: "转接 / 处理量", en: "transfers / handled" }, "§3 transfer"),
    row(Metric::Offers, Words("offers", "派单量", "Offers to agents"), Unit::Count, Better::Neither, Basis::Offers,
        Total(&[(1, Sum::Offers)]), Formula { zh: "已结束的派单，不论结果", en: "offers that ended, however" }, "§1 RONA"),
    row(Metric::OffersAnswered, Words("offers_answered", "派单接听量", "Offers answered"), Unit::Count, Better::Higher, Basis::Offers,
        Total(&[(1, Sum::OffersAnswered)]), Formula { zh: "坐席接起的派单", en: "offers taken by the agent" }, "§3 agent answer rate"),
    row(Metric::OffersNotAnswered, Words("offers_not_answered", "振铃未接量", "Offers not answered (RONA)"), Unit::Count, Better::Lower, Basis::Offers,
        Total(&[(1, Sum::OffersNotAnswered)]), Formula { zh: "振铃到时无人接的派单", en: "offers that rang out" }, "§1 RONA"),
    row(Metric::OffersDeclined, Words("offers_declined", "拒接量", "Offers declined"), Unit::Count, Better::Lower, Basis::Offers,
        Total(&[(1, Sum::OffersDeclined)]), Formula { zh: "坐席拒接的派单", en: "offers refused by the agent" }, "§3 agent answer rate"),
    row(Metric::OffersWithdrawn, Words("offers_withdrawn", "派单撤回量", "Offers withdrawn"), Unit::Count, Better::Neither, Basis::Offers,
        Total(&[(1, Sum::OffersWithdrawn)]), Formula { zh: "客户离开、坐席或话机不在而撤回", en: "the caller left, the agent or device went" }, "§3 agent answer rate"),
    row(Metric::AgentAnswerRate, Words("agent_answer_rate", "坐席应答率", "Agent answer rate"), Unit::Percent, Better::Higher, Basis::Offers,
        Quotient { over: &[(1, Sum::OffersAnswered)], under: &[(1, Sum::OffersAnswered), (1, Sum::OffersNotAnswered), (1, Sum::OffersDeclined)] }, Formula { zh: "接听 /（接听 + 未接 + 拒接）", en: "answered / (answered + not answered + declined)" }, "§3 agent answer rate"),
    row(Metric::Calls, Words("calls", "来电量", "Inbound calls"), Unit::Count, Better::Neither, Basis::Calls,
        Total(&[(1, Sum::Calls)]), Formula { zh: "已结束的来电", en: "inbound calls that ended" }, "§3"),
    row(Metric::CallsHandled, Words("calls_handled", "人工服务来电", "Calls handled"), Unit::Count, Better::Neither, Basis::Calls,
        Total(&[(1, Sum::CallsHandled)]), Formula { zh: "与人工通话的来电", en: "calls that talked to a person" }, "§3"),
    row(Metric::CallsSelfServed, Words("calls_self_served", "自助服务来电", "Calls self-served"), Unit::Count, Better::Neither, Basis::Calls,
        Total(&[(1, Sum::CallsSelfServed)]), Formula { zh: "无需坐席即完成的来电", en: "calls served without an agent" }, "§3"),
    row(Metric::CallsLeftInEntry, Words("calls_left_in_entry", "导航中放弃来电", "Calls left in the menu"), Unit::Count, Better::Lower, Basis::Calls,
        Total(&[(1, Sum::CallsLeftInEntry)]), Formula { zh: "在欢迎语或菜单中离开的来电", en: "calls that left in welcome or menu" }, "§3"),
    row(Metric::CallsLost, Words("calls_lost", "丢失来电", "Calls lost"), Unit::Count, Better::Lower, Basis::Calls,
        Total(&[(1, Sum::CallsLost)]), Formula { zh: "因故障中断的来电", en: "calls cut by a crash" }, "§3"),
    row(Metric::SystemAnswerRate, Words("system_answer_rate", "系统接通率", "System answer rate"), Unit::Percent, Better::Higher, Basis::Calls,
        Quotient { over: &[(1, Sum::CallsSelfServed), (1, Sum::CallsHandled)], under: &[(1, Sum::Calls)] }, Formula { zh: "（自助 + 人工）/ 来电", en: "(self-served + handled) / calls" }, "§3 系统接通率"),
    row(Metric::Occupancy, Words("occupancy", "占用率", "Occupancy"), Unit::Percent, Better::Neither, Basis::AgentTime,
        Quotient { over: &[(1, Sum::OnCallMs), (1, Sum::WrappingUpMs)], under: &[(1, Sum::OnCallMs), (1, Sum::WrappingUpMs), (1, Sum::AvailableMs)] }, Formula { zh: "（通话 + 话后）/（通话 + 话后 + 空闲），按时长", en: "(on call + wrap-up) / (on call + wrap-up + available), wall clock" }, "§3 occupancy"),
    row(Metric::TimeSignedIn, Words("time_signed_in", "签入时长", "Signed-in time"), Unit::Seconds, Better::Neither, Basis::AgentTime,
        Total(&[(1, Sum::AvailableMs), (1, Sum::RingingMs), (1, Sum::OnCallMs), (1, Sum::WrappingUpMs), (1, Sum::BreakMs), (1, Sum::AwayMs)]), Formula { zh: "除离线外各状态时长之和", en: "Σ time in every status but offline" }, "§3 utilization"),
    row(Metric::TimeAvailable, Words("time_available", "空闲时长", "Available time"), Unit::Seconds, Better::Neither, Basis::AgentTime,
        Total(&[(1, Sum::AvailableMs)]), Formula { zh: "处于该状态的时长之和，在时段边界切分", en: "Σ time in the status, split at interval borders" }, "§1"),
    row(Metric::TimeRinging, Words("time_ringing", "振铃时长", "Ringing time"), Unit::Seconds, Better::Neither, Basis::AgentTime,
        Total(&[(1, Sum::RingingMs)]), Formula { zh: "处于该状态的时长之和，在时段边界切分", en: "Σ time in the status, split at interval borders" }, "§1"),
    row(Metric::TimeOnCall, Words("time_on_call", "通话状态时长", "Time on calls"), Unit::Seconds, Better::Neither, Basis::AgentTime,
        Total(&[(1, Sum::OnCallMs)]), Formula { zh: "处于该状态的时长之和，在时段边界切分", en: "Σ time in the status, split at interval borders" }, "§1"),
    row(Metric::TimeWrapUp, Words("time_wrap_up", "话后状态时长", "Time in wrap-up"), Unit::Seconds, Better::Neither, Basis::AgentTime,
        Total(&[(1, Sum::WrappingUpMs)]), Formula { zh: "处于该状态的时长之和，在时段边界切分", en: "Σ time in the status, split at interval borders" }, "§1"),
    row(Metric::TimeBreak, Words("time_break", "小休时长", "Break time"), Unit::Seconds, Better::Neither, Basis::AgentTime,
        Total(&[(1, Sum::BreakMs)]), Formula { zh: "处于该状态的时长之和，在时段边界切分", en: "Σ time in the status, split at interval borders" }, "§1"),
    row(Metric::TimeAway, Words("time_away", "离开时长", "Time away"), Unit::Seconds, Better::Neither, Basis::AgentTime,
        Total(&[(1, Sum::AwayMs)]), Formula { zh: "处于该状态的时长之和，在时段边界切分", en: "Σ time in the status, split at interval borders" }, "§1"),
    row(Metric::Waiting, Words("waiting", "排队数", "Waiting"), Unit::Count, Better::Lower, Basis::WaitingNow,
        Compute::Now(Now::Waiting), Formula { zh: "已进队列，尚未接通也未离开", en: "entered and neither connected nor left" }, "§1"),
    row(Metric::LongestWait, Words("longest_wait", "最长排队", "Longest wait"), Unit::Seconds, Better::Lower, Basis::WaitingNow,
        Compute::Now(Now::LongestWait), Formula { zh: "现在 − 最早进入的时间", en: "now − earliest entry of those waiting" }, "§6"),
    row(Metric::WaitingPerAgent, Words("waiting_per_agent", "人均排队数", "Waiting per agent"), Unit::Ratio, Better::Lower, Basis::WaitingNow,
        Compute::Now(Now::WaitingPerAgent), Formula { zh: "排队数 / 签入坐席", en: "waiting / agents signed in" }, "§7"),
    row(Metric::Talking, Words("talking", "通话中", "Talking"), Unit::Count, Better::Neither, Basis::WaitingNow,
        Compute::Now(Now::Talking), Formula { zh: "正与坐席通话", en: "connected to an agent" }, "§6"),
    row(Metric::AgentsSignedIn, Words("agents_signed_in", "签入坐席", "Agents signed in"), Unit::Count, Better::Neither, Basis::AgentsNow,
        Compute::Now(Now::AgentsSignedIn), Formula { zh: "除离线外的坐席", en: "agents in any status but offline" }, "§6"),
    row(Metric::AgentsAvailable, Words("agents_available", "空闲坐席", "Agents available"), Unit::Count, Better::Neither, Basis::AgentsNow,
        Compute::Now(Now::Agents(AgentStatus::Available)), Formula { zh: "处于该状态的坐席", en: "agents in the status" }, "§6"),
    row(Metric::AgentsRinging, Words("agents_ringing", "振铃坐席", "Agents ringing"), Unit::Count, Better::Neither, Basis::AgentsNow,
        Compute::Now(Now::Agents(AgentStatus::Ringing)), Formula { zh: "处于该状态的坐席", en: "agents in the status" }, "§6"),
    row(Metric::AgentsOnCall, Words("agents_on_call", "通话坐席", "Agents on calls"), Unit::Count, Better::Neither, Basis::AgentsNow,
        Compute::Now(Now::Agents(AgentStatus::OnCall)), Formula { zh: "处于该状态的坐席", en: "agents in the status" }, "§6"),
    row(Metric::AgentsWrapUp, Words("agents_wrap_up", "话后坐席", "Agents in wrap-up"), Unit::Count, Better::Neither, Basis::AgentsNow,
        Compute::Now(Now::Agents(AgentStatus::WrapUp)), Formula { zh: "处于该状态的坐席", en: "agents in the status" }, "§6"),
    row(Metric::AgentsBreak, Words("agents_break", "小休坐席", "Agents on break"), Unit::Count, Better::Neither, Basis::AgentsNow,
        Compute::Now(Now::Agents(AgentStatus::Break)), Formula { zh: "处于该状态的坐席", en: "agents in the status" }, "§6"),
    row(Metric::AgentsBreakOverstayed, Words("agents_break_overstayed", "小休超时坐席", "Agents past their break"), Unit::Count, Better::Lower, Basis::AgentsNow,
        Compute::Now(Now::AgentsOverstaying), Formula { zh: "小休超过该原因时限的坐席", en: "agents on a break that lasts longer than its reason allows" }, "§6"),
    row(Metric::AgentsAway, Words("agents_away", "离开坐席", "Agents away"), Unit::Count, Better::Neither, Basis::AgentsNow,
        Compute::Now(Now::Agents(AgentStatus::Away)), Formula { zh: "处于该状态的坐席", en: "agents in the status" }, "§6"),
    row(Metric::LongestAvailable, Words("longest_available", "最长空闲", "Longest available"), Unit::Seconds, Better::Neither, Basis::AgentsNow,
        Compute::Now(Now::LongestIn(AgentStatus::Available)), Formula { zh: "现在 − 最早进入该状态的时间", en: "now − earliest entry into the status" }, "§6"),
    row(Metric::LongestRinging, Words("longest_ringing", "最长振铃", "Longest ringing"), Unit::Seconds, Better::Lower, Basis::AgentsNow,
        Compute::Now(Now::LongestIn(AgentStatus::Ringing)), Formula { zh: "现在 − 最早进入该状态的时间", en: "now − earliest entry into the status" }, "§6"),
    row(Metric::LongestOnCall, Words("longest_on_call", "最长通话", "Longest on a call"), Unit::Seconds, Better::Lower, Basis::AgentsNow,
        Compute::Now(Now::LongestIn(AgentStatus::OnCall)), Formula { zh: "现在 − 最早进入该状态的时间", en: "now − earliest entry into the status" }, "§6"),
    row(Metric::LongestWrapUp, Words("longest_wrap_up", "最长话后", "Longest wrap-up"), Unit::Seconds, Better::Lower, Basis::AgentsNow,
        Compute::Now(Now::LongestIn(AgentStatus::WrapUp)), Formula { zh: "现在 − 最早进入该状态的时间", en: "now − earliest entry into the status" }, "§6"),
    row(Metric::LongestBreak, Words("longest_break", "最长小休", "Longest break"), Unit::Seconds, Better::Lower, Basis::AgentsNow,
        Compute::Now(Now::LongestIn(AgentStatus::Break)), Formula { zh: "现在 − 最早进入该状态的时间", en: "now − earliest entry into the status" }, "§6"),
    row(Metric::LongestAway, Words("longest_away", "最长离开", "Longest away"), Unit::Seconds, Better::Lower, Basis::AgentsNow,
        Compute::Now(Now::LongestIn(AgentStatus::Away)), Formula { zh: "现在 − 最早进入该状态的时间", en: "now − earliest entry into the status" }, "§6"),
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
