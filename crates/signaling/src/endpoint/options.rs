//! OPTIONS of ours: is the other side there?
use super::Endpoint;
use super::client::{Outcome, party_with_tag};
use super::types::Owner;
use crate::message::Method;
use crate::message::write::Writer;
use crate::{CommandError, Event, Options, RequestKey, Time};

/// Probes in flight.
const OPTIONS_MAX: usize = 10_000;

impl Endpoint {
    pub(super) fn cmd_options(&mut self, now: Time, options: &Options) -> Result<(), CommandError> {
        if self.options.contains_key(&options.key) {
            return Err(CommandError::BadKey);
        }
        if self.options.len() >= OPTIONS_MAX || !self.has_room(false) {
            return Err(CommandError::Limit);
        }
        let dest = self.dest_for(&options.target)?;
        let (branch, tag) = (self.random(), self.random());
        let call_id = self.new_call_id(dest.socket);
        let uri = options.request_uri.without_headers();
        let mut w = Writer::request(b"OPTIONS", uri.as_str().as_bytes());
        w.line("Via", &self.via_value(&dest, branch));
        w.number("Max-Forwards", 70);
        w.line("From", &party_with_tag(&options.from, tag));
        w.line("To", format!("<{uri}>").as_bytes());
        w.line("Call-ID", &call_id);
        w.cseq(1, b"OPTIONS");
        w.line("Contact", &super::dialog::contact_value(options.from.uri.user(), self.advertised(dest.socket), dest.transport));
        w.line("Accept", b"application/sdp");
        w.line("User-Agent", self.config.product.as_bytes());
        let tx = self.start_client(now, Method::Options, branch, dest, w.finish(None), Owner::Options(options.key))?;
        self.options.insert(options.key, tx);
        Ok(())
    }

    pub(super) fn on_options_outcome(&mut self, key: RequestKey, outcome: &Outcome) {
        let status = outcome.status();
        if status >= 200 && self.options.remove(&key).is_some() {
            let status = outcome.message().map(|_| status);
            self.event(Event::OptionsResult { key, status });
        }
    }
}
