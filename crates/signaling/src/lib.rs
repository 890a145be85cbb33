//! SIP and SDP without any input or output of its own.
//!
//! [`Endpoint`] is one user agent for thousands of call legs. The driver owns sockets and the clock:
//!
//! ```text
//! datagram / stream bytes / command ──► handle_input(now, Input)
//! poll_output() until none          ──► SendDatagram, OpenStream, SendStream, CloseStream, Event
//! poll_timeout()                    ──► wake me at this Time with Input::Timeout
//! ```
//!
//! Drain `poll_output` after every input. Nothing here reads a clock or draws randomness: `now` and the seed are arguments,
//! so a run with the same inputs gives the same outputs.
//!
//! Rules of a call leg ([`DialogKey`]): it begins with [`Command::Invite`] or [`Event::IncomingInvite`] and ends with exactly one
//! [`Event::Failed`] or [`Event::Ended`], after which commands for it are refused with [`CommandError::Unknown`].
//!
//! Sources: RFC 3261, 3263 (target given resolved), 3264, 3326, 3515, 3581, 3891, 4028 (as the side that is refreshed), 6026,
//! 7616/2617, 8866. Deliberately absent: TLS, DNS, proxying, forking, 100rel.
mod api;
mod config;
pub mod digest;
pub mod dtmf;
mod endpoint;
mod message;
mod registrar;
pub mod sdp;
pub mod stream;
mod time;
mod util;

pub use api::*;
pub use config::{Cidr, EndpointConfig, Limits, RegistrarMode, SocketConfig, TimerValues, TrustedSource, UnknownSource};
pub use digest::{Algorithm, Ha1s};
pub use endpoint::{Endpoint, Stats};
pub use message::{
    AddrRef, CSeq, Defect, HeaderName, Message, Method, NameAddr, ParseError, Reason, Scheme, Uri, UriRef, ViaRef, reason_phrase,
};
pub use registrar::{Binding, Change, Contact, RegisterOutcome, Registrar, RequestInfo};
pub use time::{Time, TimerReason};
