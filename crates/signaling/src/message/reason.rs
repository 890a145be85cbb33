//! Reason (RFC 3326): why a call ended.
use super::scan;

/// `Reason: Q.850;cause=16;text="Normal call clearing"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// `Q.850`, `SIP` …
    pub protocol: String,
    pub cause: Option<u16>,
    pub text: Option<String>,
}

impl Reason {
    pub fn q850(cause: u16) -> Reason {
        Reason { protocol: "Q.850".to_owned(), cause: Some(cause), text: None }
    }

    pub fn sip(status: u16) -> Reason {
        Reason { protocol: "SIP".to_owned(), cause: Some(status), text: None }
    }

    pub fn parse(value: &[u8]) -> Option<Reason> {
        let (protocol, params) = scan::split_once(value, b';');
        let protocol = scan::trim(protocol);
        if protocol.is_empty() || !protocol.iter().all(|b| scan::is_token(*b)) {
            return None;
        }
        let params = params.unwrap_or_default();
        Some(Reason {
            protocol: scan::lossy(protocol),
            cause: scan::param(params, "cause").and_then(scan::number).and_then(|n| u16::try_from(n).ok()),
            text: scan::param(params, "text").map(|t| scan::lossy(&scan::unquote(t))),
        })
    }

    /// The Q.850 cause, if that is the protocol.
    pub fn q850_cause(&self) -> Option<u16> {
        self.protocol.eq_ignore_ascii_case("Q.850").then_some(self.cause).flatten()
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.extend(self.protocol.bytes().filter(|b| scan::is_token(*b)));
        if let Some(cause) = self.cause {
            out.extend_from_slice(b";cause=");
            super::write::decimal(u64::from(cause), out);
        }
        if let Some(text) = &self.text {
            out.extend_from_slice(b";text=");
            super::write::quoted(text, out);
        }
    }
}
