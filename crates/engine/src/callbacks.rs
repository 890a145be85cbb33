//! The book of callbacks: takes wishes from calls and from the API, keeps them in the store, and begins a call for each whenever it
//! should stand in the line. The calls themselves are the voice driver's.
use crate::clock::{Clock, IdSource};
use crate::config::{Setup, SharedSetup};
use crate::handle::{CommandError, CommandResult};
use crate::hours::{SharedHours, Table};
use crate::port::{CallBack, CallbackNews, Context, VoiceCommand, VoiceHandle};
use crate::writer::Writer;
use domain::call::{CallbackOrder, Wish};
use domain::callback::{Book, CALLBACKS_MAX, Callback, CancelledBy, Effect, End, Input, KEPT_MAX_MS, Refusal, Request, State};
use domain::config::CallbackMode;
use domain::event::{Draft, EventKind};
use domain::{CallId, CallbackId, CustomerId, InteractionId, Pii, QueueId, Timestamp};
use std::collections::HashMap;
use std::sync::Arc;
use store::{Record, Store, StoreError};
use tokio::sync::{mpsc, oneshot};

/// Orders waiting for the book.
pub const ORDERS_LEN_MAX: usize = 1024;
/// News of calls waiting for the book; what no longer fits is counted (`zhiyin_callback_news_dropped_total`) and found by the check.
pub const NEWS_LEN_MAX: usize = 16_384;
/// Calls are asked this often whether they still live: the net under news that were lost.
const CHECK_EVERY_MS: u64 = 60_000;
/// A place this young may not be known to the driver yet.
const CHECK_GRACE_MS: u64 = 10_000;

/// What somebody who does not call asks for.
#[derive(Debug, Clone)]
pub struct CallbackWish {
    pub queue: QueueId,
    pub number: Pii<String>,
    pub customer: Option<CustomerId>,
    pub priority: u8,
    /// None: the queue's.
    pub mode: Option<CallbackMode>,
    /// The agreed time; none: as soon as its place comes.
    pub not_before: Option<Timestamp>,
}

#[derive(Debug)]
pub(crate) enum CallbackCommand {
    Request { wish: Box<CallbackWish>, reply: oneshot::Sender<CommandResult<Callback>> },
    Cancel { id: CallbackId, by: CancelledBy, reply: oneshot::Sender<CommandResult<()>> },
}

struct Place {
    callback: CallbackId,
    number: u32,
    since: Timestamp,
}

pub(crate) struct Callbacks {
    store: Store,
    setup: SharedSetup,
    hours: SharedHours,
    voice: VoiceHandle,
    writer: Writer,
    clock: Clock,
    ids: IdSource,
    book: Book,
    places: HashMap<CallId, Place>,
    /// What a call asked for last, while it may still take it back.
    asked: HashMap<CallId, CallbackId>,
    checked_at: Timestamp,
}

type Out = Vec<(CallbackId, Effect)>;

impl Callbacks {
    /// With what was open when the last process ended; the driver must run.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn restore(ctx: &Context, voice: VoiceHandle) -> Result<Self, StoreError> {
        let mut book = Self::new(ctx, voice);
        let open = store::repo::callbacks::open(&book.store, CALLBACKS_MAX as u64).await?;
        let ids: Vec<CallbackId> = open.iter().map(Callback::id).collect();
        open.into_iter().for_each(|callback| book.book.restore(callback));
        for id in ids {
            book.feed(id, Input::Restarted);
        }
        Ok(book)
    }

    fn new(ctx: &Context, voice: VoiceHandle) -> Self {
        Self {
            store: (*ctx.store).clone(),
            setup: ctx.setup.clone(),
            hours: ctx.hours.clone(),
            voice,
            writer: ctx.writer.clone(),
            clock: ctx.clock,
            ids: ctx.ids.clone(),
            book: Book::default(),
            places: HashMap::new(),
            asked: HashMap::new(),
            checked_at: ctx.clock.now(),
        }
    }

    /// Runs until both channels are closed.
    pub async fn run(mut self, mut commands: mpsc::Receiver<CallbackCommand>, mut news: mpsc::Receiver<CallbackNews>) {
        loop {
            let check = self.checked_at.plus_ms(CHECK_EVERY_MS);
            let wake = self.book.next_timeout().map_or(check, |(at, _)| at.min(check));
            tokio::select! {
                command = commands.recv() => match command {
                    Some(command) => self.command(command),
                    None => return,
                },
                Some(news) = news.recv() => self.heard(news),
                () = self.clock.sleep_until(wake) => {}
            }
            self.tick();
            if self.clock.now() >= check {
                self.check().await;
            }
            metrics::gauge!("zhiyin_callbacks_open").set(self.book.len() as f64);
        }
    }

    fn tick(&mut self) {
        let now = self.clock.now();
        if self.book.next_timeout().is_none_or(|(at, _)| at > now) {
            return;
        }
        let (setup, hours, mut out) = (self.setup.load_full(), self.hours.load_full(), Out::new());
        self.book.tick(now, &|queue, at| window(&setup, &hours, queue, at), &mut out);
        self.carry_out(now, out);
    }

    fn feed(&mut self, id: CallbackId, input: Input) {
        let (now, setup, hours, mut out) = (self.clock.now(), self.setup.load_full(), self.hours.load_full(), Out::new());
        self.book.handle(now, id, input, &|queue, at| window(&setup, &hours, queue, at), &mut out);
        self.carry_out(now, out);
    }

    fn command(&mut self, command: CallbackCommand) {
        match command {
            CallbackCommand::Request { wish, reply } => {
                let taken = self.wanted(*wish).and_then(|request| {
                    let id = request.id;
                    self.take(request).map_err(refused)?;
                    self.book.get(id).cloned().ok_or(CommandError::Conflict("it ended at once"))
                });
                self.answer(reply, taken);
            }
            CallbackCommand::Cancel { id, by, reply } => {
                let known = self.book.get(id).is_some();
                self.feed(id, Input::Cancel { by });
                self.answer(reply, if known { Ok(()) } else { Err(CommandError::NotFound("open callback")) });
            }
        }
    }

    /// When it is in the store, beside the book's own work: the database's time is not the next caller's.
    fn answer<T: Send + 'static>(&self, reply: oneshot::Sender<CommandResult<T>>, answer: CommandResult<T>) {
        let writer = self.writer.clone();
        tokio::spawn(async move {
            let answer = if writer.flush().await { answer } else { Err(CommandError::Unavailable) };
            // A reply that nobody waits for any more is no error.
            let _ = reply.send(answer);
        });
    }

    fn heard(&mut self, news: CallbackNews) {
        match news {
            CallbackNews::Wished { call, wish } => {
                let taken = self.wished(call, *wish);
                if let Err(why) = &taken {
                    tracing::info!(%call, %why, "no callback");
                }
                // A call that already waits for one is told yes: the place is kept.
                let taken = matches!(taken, Ok(()) | Err(Refusal::Duplicate { .. }));
                // A driver that is gone has no call to tell.
                let _ = self.voice.send(VoiceCommand::Booked { call, taken });
            }
            CallbackNews::Unwished { call } => {
                if let Some(id) = self.asked.remove(&call) {
                    self.feed(id, Input::Cancel { by: CancelledBy::Customer });
                }
            }
            CallbackNews::Dialled { call } => {
                if let Some(place) = self.places.get(&call) {
                    let (id, place) = (place.callback, place.number);
                    metrics::counter!("zhiyin_callback_tries_total").increment(1);
                    self.feed(id, Input::Dialled { place });
                }
            }
            CallbackNews::Ended { call, end } => {
                if let Some(place) = self.places.remove(&call) {
                    self.feed(place.callback, Input::PlaceEnded { place: place.number, end });
                }
            }
        }
    }

    fn wished(&mut self, call: CallId, wish: Wish) -> Result<(), Refusal> {
        let request = Request {
            asked_in: Some(call.into()),
            local: wish.local,
            trunk: wish.trunk,
            needs: wish.needs,
            since: wish.since,
            ..self.request(wish.queue, wish.number, wish.customer, wish.priority, None, None).ok_or(Refusal::NoTime)?
        };
        let id = request.id;
        self.take(request)?;
        self.asked.insert(call, id);
        Ok(())
    }

    fn wanted(&self, wish: CallbackWish) -> CommandResult<Request> {
        let CallbackWish { queue, number, customer, priority, mode, not_before } = wish;
        if !self.setup.load().queues.iter().any(|q| q.id == queue) {
            return Err(CommandError::NotFound("queue"));
        }
        self.request(queue, number, customer, priority, mode, not_before).ok_or_else(|| refused(Refusal::NoTime))
    }

    /// By the queue's settings; none: it never opens.
    fn request(
        &self,
        queue: QueueId,
        number: Pii<String>,
        customer: Option<CustomerId>,
        priority: u8,
        mode: Option<CallbackMode>,
        not_before: Option<Timestamp>,
    ) -> Option<Request> {
        let (now, setup) = (self.clock.now(), self.setup.load_full());
        let policy = setup.queues.iter().find(|q| q.id == queue).map(|q| &q.callbacks)?;
        // Kept from the first moment in which it could be called: a night or a holiday does not use it up.
        let first = window(&setup, &self.hours.load(), queue, not_before.unwrap_or(now).max(now))?;
        let expires_at = first.plus_ms(policy.kept_ms).min(now.plus_ms(KEPT_MAX_MS));
        let spaced = |c: &char| !matches!(c, ' ' | '-' | '(' | ')' | '.');
        Some(Request {
            id: self.ids.new_id(now, CallbackId::from_parts),
            asked_in: None,
            queue,
            number: Pii::new(number.reveal().chars().filter(spaced).collect()),
            local: String::new(),
            trunk: None,
            customer,
            priority,
            needs: None,
            since: now,
            mode: mode.unwrap_or(policy.mode),
            not_before,
            expires_at,
            tries: policy.tries,
            retry_gap_ms: policy.retry_gap_ms,
        })
    }

    fn take(&mut self, request: Request) -> Result<(), Refusal> {
        let (now, setup, hours, mut out) = (self.clock.now(), self.setup.load_full(), self.hours.load_full(), Out::new());
        let (id, queue, asked_in) = (request.id, request.queue, request.asked_in);
        let taken = self.book.request(now, request, &|queue, at| window(&setup, &hours, queue, at), &mut out);
        let result = if taken.is_ok() { "taken" } else { "refused" };
        metrics::counter!("zhiyin_callbacks_total", "result" => result).increment(1);
        taken?;
        self.record(now, asked_in, queue, EventKind::CallbackRequested { callback: id });
        self.carry_out(now, out);
        Ok(())
    }

    fn record(&self, at: Timestamp, interaction: Option<InteractionId>, queue: QueueId, kind: EventKind) {
        self.writer.event(Draft { at, interaction, agent: None, queue: Some(queue), kind });
    }

    fn carry_out(&mut self, now: Timestamp, out: Out) {
        let mut newest: HashMap<CallbackId, Callback> = HashMap::new();
        for (id, effect) in out {
            match effect {
                Effect::Changed(callback) => {
                    self.writer.record(Record::Callback(callback.clone()));
                    newest.insert(id, *callback);
                }
                Effect::Place { place } => self.place(now, id, place),
                Effect::Withdraw { place } => {
                    let of = |p: &Place| p.callback == id && p.number == place;
                    if let Some(call) = self.places.iter().find(|(_, p)| of(p)).map(|(call, _)| *call) {
                        // A driver that is gone has no call to end.
                        let _ = self.voice.send(VoiceCommand::WithdrawCallback { call });
                    }
                }
                Effect::Finished { state } => {
                    self.asked.retain(|_, asked| *asked != id);
                    if let Some(callback) = newest.get(&id) {
                        self.finished(now, callback, state);
                    }
                }
            }
        }
    }

    fn finished(&self, now: Timestamp, callback: &Callback, state: State) {
        let result = match state {
            State::Done { outcome } => outcome.word(),
            _ => state.word(),
        };
        metrics::counter!("zhiyin_callbacks_ended_total", "result" => result).increment(1);
        let kind = EventKind::CallbackEnded { callback: callback.id(), result: result.to_owned(), attempts: callback.attempts() };
        let request = callback.request();
        self.record(now, request.asked_in, request.queue, kind);
    }

    /// Begins the call that stands in the line.
    fn place(&mut self, now: Timestamp, id: CallbackId, number: u32) {
        let Some(request) = self.book.get(id).map(Callback::request) else { return };
        let order = CallbackOrder {
            queue: request.queue,
            priority: request.priority,
            needs: request.needs.clone(),
            since: request.since,
            mode: request.mode,
            trunk: request.trunk,
        };
        let call = self.ids.new_id(now, CallId::from_parts);
        let begin = CallBack { call, order, number: request.number.clone(), local: request.local.clone() };
        self.places.insert(call, Place { callback: id, number, since: now });
        // A driver whose queue is full: the check finds that no call lives, and the place is taken again.
        if self.voice.send(VoiceCommand::CallBack(Box::new(begin))).is_err() {
            tracing::warn!(callback = %id, "the voice driver takes no callback now");
        }
    }

    /// Places whose call does not live (any more) have ended, whatever became of the news.
    async fn check(&mut self) {
        let taken_at = self.clock.now();
        self.checked_at = taken_at;
        if self.places.is_empty() {
            return;
        }
        let Ok(beliefs) = self.voice.ask(|reply| VoiceCommand::Beliefs { reply }).await else { return };
        let living: std::collections::HashSet<CallId> = beliefs.iter().map(|b| b.interaction.into()).collect();
        let old = |p: &Place| taken_at.ms_since(p.since) >= CHECK_GRACE_MS;
        let dead: Vec<CallId> = self.places.iter().filter(|(c, p)| old(p) && !living.contains(*c)).map(|(c, _)| *c).collect();
        for call in dead {
            metrics::counter!("zhiyin_reconciler_healed_total", "what" => "callback_without_call").increment(1);
            self.heard(CallbackNews::Ended { call, end: End::NotDialled });
        }
    }
}

/// When a queue may call: while it is open. A queue that is gone never does; a calendar that is not there closes nothing.
fn window(setup: &Arc<Setup>, hours: &Table, queue: QueueId, at: Timestamp) -> Option<Timestamp> {
    let queue = setup.queues.iter().find(|q| q.id == queue)?;
    match queue.hours.as_ref().and_then(|key| hours.get(key)) {
        Some(hours) => hours.next_open(at),
        None => Some(at),
    }
}

fn refused(why: Refusal) -> CommandError {
    let field = match why {
        Refusal::Number => "number",
        Refusal::NoTime => "not_before",
        Refusal::Tries | Refusal::RetryGap | Refusal::Expiry => "queue",
        Refusal::Duplicate { .. } => return CommandError::Conflict("this number already waits for a callback of this queue"),
        Refusal::Full => return CommandError::Limit("callbacks"),
    };
    CommandError::Invalid { field, reason: why.to_string() }
}
