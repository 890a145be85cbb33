//! What the engine's figures mean, for `/metrics`. Labels never hold a call, an agent or a number.
use ::metrics::{Unit, describe_counter, describe_gauge, describe_histogram};

/// Tells the recorder the meaning of every figure; harmless to repeat.
pub(crate) fn describe() {
    describe_gauge!("zhiyin_queue_waiting", "Interactions waiting, by queue");
    describe_gauge!("zhiyin_agents", "Agents, by status");
    describe_gauge!("zhiyin_offers", "Offers that ring now");
    describe_counter!("zhiyin_offers_total", "Offers made");
    describe_counter!("zhiyin_offers_ended_total", "Offers ended, by result");
    describe_gauge!("zhiyin_wait_estimate_error_seconds", Unit::Seconds, "How far off the last promised waits were, by queue and quantile");
    describe_counter!("zhiyin_overflows_total", "Interactions that left a queue by overflow, by reason");
    describe_histogram!("zhiyin_router_step_seconds", Unit::Seconds, "Time of one step of the router with all it passes on");
    describe_counter!("zhiyin_router_effects_dropped_total", "Effects that did not reach their call");
    describe_counter!("zhiyin_router_inputs_dropped_total", "Inputs that did not reach the router");
    describe_counter!("zhiyin_routing_journal_dropped_total", "Inputs that did not get into the routing journal");
    describe_counter!("zhiyin_reconciler_healed_total", "Differences between calls and router that were healed, by kind");
    describe_counter!("zhiyin_router_rebuilds_total", "Routers that panicked and were replaced from the store and what agents do");
    describe_counter!("zhiyin_places_resumed_total", "Callers who called again and have the place they had");
    describe_gauge!("zhiyin_calendars_broken", "Calendars that cannot be used on this machine; see the log for what to do");
    describe_gauge!("zhiyin_writer_queue_length", "Records of history waiting for the store");
    describe_counter!("zhiyin_writer_failures_total", "Batches that the store did not take");
    describe_counter!("zhiyin_writer_dropped_total", "Records given up: queue full, or refused by the store");
    describe_counter!("zhiyin_monitor_events_lost_total", "Events the monitor missed on the bus and read from the store instead");
    describe_counter!("zhiyin_monitor_events_ignored_total", "Events the monitor could not count: a wrong clock, or above a limit");
    describe_counter!("zhiyin_alerts_total", "Alerts, by what happened to them");
    describe_counter!("zhiyin_webhooks_total", "Posts to webhooks, by result");
    describe_gauge!("zhiyin_alerts_active", "Alerts that have not cleared");
    describe_gauge!("zhiyin_recordings_open", "Recordings being written");
    describe_counter!("zhiyin_recording_failures_total", "Errors of recording files");
    describe_counter!("zhiyin_recording_chunks_refused_total", "Seconds of recorded audio refused because the disk is behind");
    describe_counter!("zhiyin_customer_lookup_failures_total", "Customer look-ups that failed");
    describe_counter!("zhiyin_customer_lookup_timeouts_total", "Customer look-ups that took too long");
}
