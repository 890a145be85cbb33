//! The types at the border of [`crate::Endpoint`]: what goes in, what comes out.
mod command;
mod event;
mod io;

pub use command::{Answer, Command, CommandError, Credentials, Headers, Invite, Options, Party, Register, Target};
pub use event::{AuthState, EndedBy, Event, IncomingInvite, Refer, RegisterRequest, RegistrationChange};
pub use io::{CloseReason, ConnId, DialogKey, Input, Output, RequestKey, Source, Transport};
