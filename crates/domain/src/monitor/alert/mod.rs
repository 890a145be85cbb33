//! Alerts: rules over numbers, and the machine that fires, escalates and clears them.
mod defaults;
mod judge;
mod machine;
mod rule;

pub use defaults::default_rules;
pub use machine::{ACTIVE_MAX, Acknowledged, Alert, AlertEffect, AlertError, Alerts, ClearedWhy};
pub use rule::{
    AlertLevel, CLEAR_RATIO, CONDITIONS_MAX, Compare, Condition, ESCALATE_AFTER_MS, EVALUATIONS_MIN, Each, Join, MUTES_MAX, Mute,
    RULES_MAX, Rule, RuleError, Target, check_rules,
};
