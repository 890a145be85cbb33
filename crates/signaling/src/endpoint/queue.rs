//! INFO and NOTIFY of ours, one after the other: a request that overtakes its predecessor would make the peer refuse the
//! late one (CSeq out of order), and a digit would be lost.
use super::Endpoint;
use super::types::{CallState, Purpose};
use crate::message::Method;
use crate::message::write::Writer;
use crate::util::Ix;
use crate::{CommandError, DialogKey, Time};
use bytes::Bytes;

/// Requests that wait within one call leg.
const WAITING_MAX: usize = 64;

/// A request that waits for its turn.
#[derive(Debug)]
pub(super) struct Queued {
    pub method: Method,
    pub purpose: Purpose,
    pub lines: Vec<(&'static str, String)>,
    pub content_type: String,
    pub body: Bytes,
}

impl Endpoint {
    /// Sends it now or when those before it are answered.
    pub(super) fn enqueue(&mut self, now: Time, ix: Ix, queued: Queued) -> Result<(), CommandError> {
        let call = self.calls.get_mut(ix).ok_or(CommandError::Unknown)?;
        if !call.queue_busy {
            return self.send_queued(now, ix, &queued);
        }
        if call.queue.len() >= WAITING_MAX {
            return Err(CommandError::Limit);
        }
        call.queue.push_back(queued);
        Ok(())
    }

    fn send_queued(&mut self, now: Time, ix: Ix, queued: &Queued) -> Result<(), CommandError> {
        let lines = |w: &mut Writer| {
            for (name, value) in &queued.lines {
                w.line(name, value.as_bytes());
            }
        };
        let body = (!queued.body.is_empty()).then_some((queued.content_type.as_str(), &queued.body[..]));
        self.send_in_dialog(now, ix, queued.method, queued.purpose, lines, body)?;
        if let Some(call) = self.calls.get_mut(ix) {
            call.queue_busy = true;
        }
        Ok(())
    }

    /// The one in flight was answered or died: the next goes out.
    pub(super) fn queue_done(&mut self, now: Time, ix: Ix) {
        let Some(call) = self.calls.get_mut(ix) else { return };
        call.queue_busy = false;
        if call.state != CallState::Confirmed {
            return;
        }
        while let Some(next) = self.calls.get_mut(ix).and_then(|c| c.queue.pop_front()) {
            // Over the transaction limit this one is dropped and the next tried.
            if self.send_queued(now, ix, &next).is_ok() {
                return;
            }
        }
    }

    pub(super) fn cmd_info(&mut self, now: Time, key: DialogKey, content_type: String, body: Bytes) -> Result<(), CommandError> {
        let ix = self.confirmed(key)?;
        self.enqueue(now, ix, Queued { method: Method::Info, purpose: Purpose::Info, lines: Vec::new(), content_type, body })
    }
}
