//! What the router was told, line by line: enough to do everything again, without a person's number in it.
//!
//! A journal is a list of JSON objects, one a line. A router's life begins with [`JournalLine::Router`]; then come its inputs in
//! order, `Due` included. The router hangs on its seed and its inputs alone, so the same lines make the same offers and winners.
use super::Input;
use crate::{Pii, Timestamp};
use serde::{Deserialize, Serialize};

/// Of the lines' form. Another one cannot be read.
pub const JOURNAL_VERSION: u32 = 1;

#[expect(clippy::large_enum_variant, reason = "nearly every line is an input, and one is held at a time")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "snake_case", deny_unknown_fields)]
pub enum JournalLine {
    /// A router begins, with nothing but this.
    Router {
        version: u32,
        seed: u64,
    },
    Input {
        at_us: Timestamp,
        input: Input,
    },
    /// So many inputs are missing here; what follows need not be what was.
    Gap {
        inputs: u64,
    },
}

impl Input {
    /// The same to the router, with nothing in it that belongs to a person: it never looks at a number.
    #[must_use]
    pub fn without_personal_data(mut self) -> Self {
        match &mut self {
            Input::Enqueue(e) => e.card.remote = Pii::default(),
            Input::DirectOffer(d) => d.card.remote = Pii::default(),
            Input::Configure { .. }
            | Input::House(_)
            | Input::Hours { .. }
            | Input::PutStatus { .. }
            | Input::DecideBreak { .. }
            | Input::ServiceLevel { .. }
            | Input::SignIn { .. }
            | Input::SignOut { .. }
            | Input::SetStatus { .. }
            | Input::SetDevice { .. }
            | Input::PhoneRegistered { .. }
            | Input::Leave { .. }
            | Input::Accept { .. }
            | Input::Decline { .. }
            | Input::AgentBusy { .. }
            | Input::Released { .. }
            | Input::WrapUpDone { .. }
            | Input::Due
            | Input::Identified { .. }
            | Input::Resumed { .. }
            | Input::Reconcile { .. } => {}
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Card, DirectOffer, Enqueue};
    use super::*;
    use crate::{InteractionId, QueueId, UserId};
    use uuid::Uuid;

    #[test]
    fn a_line_is_read_as_it_was_written_and_holds_no_number() {
        let card = Card { remote: "13800138000".to_owned().into(), local: "4001".into(), reason: Some("1".into()), ..Card::default() };
        let interaction = InteractionId(Uuid::from_u128(1));
        let since = Timestamp::from_ms(1_800_000_000_000);
        let enqueue = Enqueue {
            priority: 3,
            card: card.clone(),
            again: true,
            needs: Some("english >= 3 | vip".parse().unwrap()),
            prefer: Some(UserId(Uuid::from_u128(3))),
            ..Enqueue::new(interaction, QueueId(Uuid::from_u128(2)), since)
        };
        let agent = UserId(Uuid::from_u128(3));
        let direct = DirectOffer { interaction, channel: Default::default(), agent, queue: None, card, since, ring_timeout_ms: 5 };
        for input in [Input::Enqueue(enqueue), Input::DirectOffer(direct), Input::Due, Input::SignOut { agent }] {
            let line = JournalLine::Input { at_us: since, input: input.without_personal_data() };
            let text = serde_json::to_string(&line).unwrap();
            assert!(!text.contains("13800138000") && !text.contains('\n'), "{text}");
            assert_eq!(serde_json::from_str::<JournalLine>(&text).unwrap(), line, "{text}");
        }
        let begin = serde_json::to_string(&JournalLine::Router { version: JOURNAL_VERSION, seed: u64::MAX }).unwrap();
        assert_eq!(begin, r#"{"line":"router","version":1,"seed":18446744073709551615}"#);
    }
}
