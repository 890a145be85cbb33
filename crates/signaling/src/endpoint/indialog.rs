//! Requests of the peer within a call leg.
use super::Endpoint;
use super::receive::Refusal;
use super::server::{ALLOW, RequestIds};
use super::types::{CallState, Cancel, Dest};
use crate::message::{HeaderName, Message, Method, scan};
use crate::util::Ix;
use crate::{EndedBy, Event, Source, Time};

impl Endpoint {
    pub(super) fn on_dialog_request(&mut self, now: Time, source: Source, message: &Message, ids: &RequestIds) {
        let method = message.method().unwrap_or(Method::Other);
        let Some(ix) = self.dialog_of(message) else {
            return self.no_dialog(now, source, message, method);
        };
        let number = message.cseq().map_or(0, |c| c.number);
        let Some(call) = self.calls.get_mut(ix) else { return };
        // RFC 3261 §12.2.2. A BYE is taken in any order: whoever sent it is gone.
        let late = call.remote_cseq.is_some_and(|before| number < before);
        if late && method != Method::Bye {
            return self.refuse(now, &source, message, &Refusal::new(500, "CSeq Out Of Order"));
        }
        call.remote_cseq = Some(number.max(call.remote_cseq.unwrap_or(0)));
        self.seen_at(ix, Dest::of(&source));
        match method {
            Method::Bye => self.on_bye(now, ix, source, message, ids),
            Method::Invite => self.on_reinvite(now, ix, source, message, ids),
            Method::Update => self.on_update(now, ix, source, message, ids),
            Method::Info => self.on_info(now, ix, source, message, ids),
            Method::Refer => self.on_refer(now, ix, source, message, ids),
            Method::Options => self.finish_request(now, source, message, ids, 200, &[("Allow", ALLOW), ("Accept", "application/sdp")]),
            Method::Notify | Method::Prack => self.refuse(now, &source, message, &Refusal::plain(481)),
            Method::Subscribe | Method::Publish => self.refuse(now, &source, message, &Refusal::plain(489).with("Allow-Events", "refer")),
            Method::Other => self.refuse(now, &source, message, &Refusal::plain(501).with("Allow", ALLOW)),
            Method::Message | Method::Register | Method::Ack | Method::Cancel => {
                self.refuse(now, &source, message, &Refusal::plain(405).with("Allow", ALLOW));
            }
        }
    }

    /// A To-tag that is none of ours.
    fn no_dialog(&mut self, now: Time, source: Source, message: &Message, method: Method) {
        let refusal = match method {
            Method::Other => Refusal::plain(501).with("Allow", ALLOW),
            Method::Message => Refusal::plain(405).with("Allow", ALLOW),
            _ => Refusal::plain(481),
        };
        self.refuse(now, &source, message, &refusal);
    }

    fn on_bye(&mut self, now: Time, ix: Ix, source: Source, message: &Message, ids: &RequestIds) {
        self.finish_request(now, source, message, ids, 200, &[]);
        let reason = message.reason_header();
        let Some(call) = self.calls.get_mut(ix) else { return };
        match call.state {
            // Crossed with a BYE of ours: the leg goes when ours is answered.
            CallState::Ending if call.bye_tx.is_some() => {}
            CallState::Ending => self.remove_call(now, ix),
            CallState::Calling => {
                if call.cancel == Cancel::No
                    && let Some(tx) = call.invite_tx
                {
                    self.send_cancel(now, tx, None);
                }
                self.early_bye(now, ix, reason);
            }
            CallState::Incoming | CallState::Confirmed => {
                self.ended(ix, EndedBy::Remote, None, reason);
                self.remove_call(now, ix);
            }
        }
    }

    fn on_info(&mut self, now: Time, ix: Ix, source: Source, message: &Message, ids: &RequestIds) {
        let Some(call) = self.calls.get(ix) else { return };
        let (key, live) = (call.key, call.state != CallState::Ending);
        self.finish_request(now, source, message, ids, 200, &[]);
        if live {
            let kind = message.get(HeaderName::ContentType).unwrap_or_default();
            let content_type = scan::lossy(scan::trim(scan::split_once(kind, b';').0));
            self.event(Event::Info { key, content_type, body: message.body() });
        }
    }
}
