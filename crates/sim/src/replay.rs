//! The journal of a live router, played again: a fresh router with the same seed is told the same inputs, and what it decides is
//! written down, to be compared with what the live one decided.
use domain::routing::{Effect, Input, JOURNAL_VERSION, JournalLine, OfferResult, Router};
use domain::{InteractionId, OfferId, QueueId, Timestamp, UserId};
use serde::Serialize;
use std::collections::BTreeMap;

/// What a journal's routers decided.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Replayed {
    /// Lives of the router in it: one a start of the process.
    pub routers: u64,
    pub inputs: u64,
    /// Inputs that the journal did not keep; with any of these the live router may have decided otherwise.
    pub missing: u64,
    /// In the order in which they were made.
    pub offers: Vec<ReplayedOffer>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReplayedOffer {
    pub at_us: Timestamp,
    pub offer: OfferId,
    pub interaction: InteractionId,
    /// None: offered to this agent past the queues.
    pub queue: Option<QueueId>,
    pub agent: UserId,
    /// `answered`: this agent has it. None: still open at the journal's end.
    pub result: Option<&'static str>,
    pub ended_at_us: Option<Timestamp>,
}

/// Why a journal cannot be played.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct ReplayError {
    /// From 1.
    pub line: u64,
    pub reason: String,
}

/// Give it the journal's lines one by one, then [`Replay::end`].
#[derive(Debug, Default)]
pub struct Replay {
    line: u64,
    router: Option<Router>,
    /// Of the last input; also what a test compares.
    effects: Vec<Effect>,
    /// Where an open offer stands in the list.
    open: BTreeMap<OfferId, usize>,
    result: Replayed,
}

impl Replay {
    /// What the router answered to the line.
    ///
    /// # Errors
    /// The line is none of a journal, or comes before the router's beginning.
    pub fn line(&mut self, text: &str) -> Result<&[Effect], ReplayError> {
        self.line += 1;
        self.effects.clear();
        if text.trim().is_empty() {
            return Ok(&self.effects);
        }
        let line = serde_json::from_str(text).map_err(|e| self.wrong(e.to_string()))?;
        match line {
            JournalLine::Router { version: JOURNAL_VERSION, seed } => {
                self.result.routers += 1;
                self.open.clear();
                // What an offer was explained by is not looked at here, and changes nothing.
                self.router = Some(Router::without_explanations(seed));
            }
            JournalLine::Router { version, .. } => {
                return Err(self.wrong(format!("a journal of version {version}; this program reads version {JOURNAL_VERSION}")));
            }
            JournalLine::Gap { inputs } => self.result.missing += inputs,
            JournalLine::Input { at_us, input } => self.input(at_us, input)?,
        }
        Ok(&self.effects)
    }

    pub fn end(self) -> Replayed {
        self.result
    }

    fn wrong(&self, reason: String) -> ReplayError {
        ReplayError { line: self.line, reason }
    }

    fn input(&mut self, at: Timestamp, input: Input) -> Result<(), ReplayError> {
        let Some(router) = &mut self.router else {
            return Err(self.wrong("an input before the router's beginning".into()));
        };
        router.handle(at, input, &mut self.effects);
        self.result.inputs += 1;
        for effect in &self.effects {
            let (offer, result) = match effect {
                Effect::Offer { offer, .. } => {
                    self.open.insert(offer.offer, self.result.offers.len());
                    self.result.offers.push(ReplayedOffer {
                        at_us: at,
                        offer: offer.offer,
                        interaction: offer.interaction,
                        queue: offer.queue,
                        agent: offer.agent,
                        result: None,
                        ended_at_us: None,
                    });
                    continue;
                }
                Effect::Withdraw { offer, result, .. } => (offer, *result),
                Effect::Assigned { offer, .. } => (offer, OfferResult::Answered),
                _ => continue,
            };
            if let Some(row) = self.open.remove(offer).and_then(|at| self.result.offers.get_mut(at)) {
                (row.result, row.ended_at_us) = (Some(result.word()), Some(at));
            }
        }
        Ok(())
    }
}
