//! Transfers asked for by a phone: REFER and its notifications (RFC 3515), blind and attended (RFC 3891).
use super::Endpoint;
use super::dialog::Replaces;
use super::queue::Queued;
use super::receive::Refusal;
use super::server::RequestIds;
use super::types::{CallState, Purpose, ReferState};
use crate::message::{HeaderName, Message, Method, NameAddr, reason_phrase};
use crate::util::Ix;
use crate::{CommandError, DialogKey, Event, Refer, Source, Time};

impl Endpoint {
    pub(super) fn on_refer(&mut self, now: Time, ix: Ix, source: Source, message: &Message, ids: &RequestIds) {
        let Some(call) = self.calls.get(ix) else { return };
        let single = message.count(HeaderName::ReferTo) == 1;
        let refer_to = message.get(HeaderName::ReferTo).filter(|_| single).and_then(NameAddr::parse);
        let refusal = match (&refer_to, call.state) {
            (_, CallState::Ending) => Some(Refusal::plain(481)),
            (None, _) => Some(Refusal::new(400, "Missing Or Malformed Refer-To")),
            (_, CallState::Calling | CallState::Incoming) => Some(Refusal::plain(403)),
            _ if call.refer.is_some() => Some(Refusal::plain(491)),
            _ => None,
        };
        let key = call.key;
        let (None, Some(refer_to)) = (&refusal, refer_to) else {
            return self.refuse(now, &source, message, &refusal.unwrap_or_else(|| Refusal::plain(400)));
        };
        let tx = self.start_server(now, source, message, ids);
        let foreign = refer_to.uri.header("Replaces");
        let replaces = foreign.as_ref().and_then(|r| Replaces::parse(r.as_bytes())).and_then(|r| self.replaced(&r));
        if let Some(call) = self.calls.get_mut(ix) {
            call.refer = Some(ReferState { tx: Some(tx), cseq: message.cseq().map_or(0, |c| c.number) });
        }
        self.event(Event::Refer(Box::new(Refer {
            key,
            replaces,
            replaces_foreign: if replaces.is_some() { None } else { foreign },
            referred_by: message.get(HeaderName::ReferredBy).and_then(NameAddr::parse),
            refer_to,
        })));
    }

    fn waiting_refer(&mut self, key: DialogKey) -> Result<(Ix, Ix), CommandError> {
        let ix = self.confirmed(key)?;
        let refer = self.calls.get_mut(ix).and_then(|c| c.refer.as_mut()).ok_or(CommandError::State)?;
        let tx = refer.tx.take().ok_or(CommandError::State)?;
        Ok((ix, tx))
    }

    pub(super) fn cmd_accept_refer(&mut self, now: Time, key: DialogKey) -> Result<(), CommandError> {
        let (ix, tx) = self.waiting_refer(key)?;
        let contact = self.calls.get(ix).map(|c| c.contact.clone()).unwrap_or_default();
        self.respond(now, tx, 202, None, |w| w.line("Contact", &contact), None);
        self.notify(now, ix, 100)
    }

    pub(super) fn cmd_reject_refer(&mut self, now: Time, key: DialogKey, status: u16) -> Result<(), CommandError> {
        if !(300..=699).contains(&status) {
            return Err(CommandError::Invalid);
        }
        let (ix, tx) = self.waiting_refer(key)?;
        self.respond(now, tx, status, None, |_| (), None);
        if let Some(call) = self.calls.get_mut(ix) {
            call.refer = None;
        }
        Ok(())
    }

    pub(super) fn cmd_notify_refer(&mut self, now: Time, key: DialogKey, status: u16) -> Result<(), CommandError> {
        if !(100..=699).contains(&status) {
            return Err(CommandError::Invalid);
        }
        let ix = self.confirmed(key)?;
        if self.calls.get(ix).and_then(|c| c.refer.as_ref()).is_none_or(|r| r.tx.is_some()) {
            return Err(CommandError::State);
        }
        self.notify(now, ix, status)
    }

    fn notify(&mut self, now: Time, ix: Ix, status: u16) -> Result<(), CommandError> {
        let last = status >= 200;
        let cseq = self.calls.get(ix).and_then(|c| c.refer.as_ref()).map_or(0, |r| r.cseq);
        let body = format!("SIP/2.0 {status} {}\r\n", reason_phrase(status));
        let state = if last { "terminated;reason=noresource" } else { "active;expires=120" };
        let lines = vec![("Event", format!("refer;id={cseq}")), ("Subscription-State", state.to_owned())];
        let queued = Queued {
            method: Method::Notify,
            purpose: Purpose::Notify,
            lines,
            content_type: "message/sipfrag;version=2.0".into(),
            body: body.into(),
        };
        self.enqueue(now, ix, queued)?;
        if last && let Some(call) = self.calls.get_mut(ix) {
            call.refer = None;
        }
        Ok(())
    }
}
