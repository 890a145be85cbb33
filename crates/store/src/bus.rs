//! How owners of machines are reached: topics (fan-out) and services (one owner, questions and answers). Messages are
//! serde types, so that a networked variant can carry them; the local one passes the values as they are.
//!
//! Every queue is bounded: a subscriber that lags is told so and takes a snapshot, a full service refuses at once.
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::any::Any;
use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex};
use tokio::sync::{broadcast, mpsc, oneshot};

/// Messages a topic keeps for its slowest subscriber, when not said otherwise.
pub const TOPIC_LEN_MAX: usize = 4096;

/// What may travel. Implemented for everything that fits.
pub trait Message: Serialize + DeserializeOwned + Clone + Send + 'static {}
impl<T: Serialize + DeserializeOwned + Clone + Send + 'static> Message for T {}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BusError {
    /// Nobody serves this name (the owner is not up, or its task ended).
    #[error("nobody serves {0}")]
    NoOwner(&'static str),
    /// The owner's queue is full.
    #[error("the queue of {0} is full")]
    Full(&'static str),
    /// The owner took the message and went away without an answer.
    #[error("{0} did not answer")]
    NoAnswer(&'static str),
    /// Someone serves this name already: there is one owner at a time.
    #[error("{0} has an owner")]
    Taken(&'static str),
    /// Name used with two different message types: a programming error, refused instead of misread.
    #[error("{0} carries another type")]
    Type(&'static str),
}

/// A fan-out channel's name and type: `const LIVE: Topic<LiveChange> = Topic::new("live");`
pub struct Topic<M> {
    name: &'static str,
    len_max: usize,
    message: PhantomData<fn() -> M>,
}
impl<M> Topic<M> {
    pub const fn new(name: &'static str) -> Self {
        Self { name, len_max: TOPIC_LEN_MAX, message: PhantomData }
    }
    pub const fn with_len(name: &'static str, len_max: usize) -> Self {
        Self { name, len_max, message: PhantomData }
    }
}

/// A service's name and types: `const ROUTING: Service<Input, ()> = Service::new("routing");`
pub struct Service<Q, A> {
    name: &'static str,
    types: PhantomData<fn() -> (Q, A)>,
}
impl<Q, A> Service<Q, A> {
    pub const fn new(name: &'static str) -> Self {
        Self { name, types: PhantomData }
    }
}

/// A question as its owner receives it; `reply` is none for a one-way message.
#[derive(Debug)]
pub struct Request<Q, A> {
    pub message: Q,
    pub reply: Option<oneshot::Sender<A>>,
}

/// The owner's end of a service. Dropping it frees the name.
#[derive(Debug)]
pub struct Requests<Q, A> {
    queue: mpsc::Receiver<Request<Q, A>>,
}
impl<Q, A> Requests<Q, A> {
    /// None when the bus is gone.
    pub async fn recv(&mut self) -> Option<Request<Q, A>> {
        self.queue.recv().await
    }
    /// The next message that is there already.
    pub fn try_recv(&mut self) -> Option<Request<Q, A>> {
        self.queue.try_recv().ok()
    }
}

/// What a subscriber gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received<M> {
    Message(M),
    /// So many messages were lost because this subscriber was slow: take a snapshot.
    Lagged(u64),
}

#[derive(Debug)]
pub struct Subscription<M> {
    queue: broadcast::Receiver<M>,
}
impl<M: Clone> Subscription<M> {
    /// None when the bus is gone.
    pub async fn recv(&mut self) -> Option<Received<M>> {
        match self.queue.recv().await {
            Ok(message) => Some(Received::Message(message)),
            Err(broadcast::error::RecvError::Lagged(n)) => Some(Received::Lagged(n)),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}

/// The bus. A closed set of variants; a cluster adds its own.
#[derive(Clone)]
pub enum Bus {
    /// Inside this process.
    Local(Local),
}

impl std::fmt::Debug for Bus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Local(_) => f.write_str("Bus::Local"),
        }
    }
}

/// The in-process variant.
#[derive(Clone, Default)]
pub struct Local {
    topics: Arc<Mutex<Table>>,
    services: Arc<Mutex<Table>>,
}

/// Name → `broadcast::Sender<M>` or `mpsc::Sender<Request<Q, A>>`.
type Table = HashMap<&'static str, Box<dyn Any + Send>>;

fn lock(table: &Mutex<Table>) -> std::sync::MutexGuard<'_, Table> {
    // Nothing that can panic runs under the lock, and the table is whole after every statement.
    table.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl Bus {
    pub fn local() -> Self {
        Self::Local(Local::default())
    }

    /// Sends to all subscribers of this moment; returns how many. Never waits.
    ///
    /// # Errors
    /// `Type`.
    pub fn publish<M: Message>(&self, topic: &Topic<M>, message: M) -> Result<usize, BusError> {
        let Self::Local(local) = self;
        let sender = local.topic(topic)?;
        // An error means that nobody listens, which is fine.
        Ok(sender.send(message).unwrap_or(0))
    }

    /// # Errors
    /// `Type`.
    pub fn subscribe<M: Message>(&self, topic: &Topic<M>) -> Result<Subscription<M>, BusError> {
        let Self::Local(local) = self;
        Ok(Subscription { queue: local.topic(topic)?.subscribe() })
    }

    /// Becomes the owner of a service, with room for `len_max` waiting messages.
    ///
    /// # Errors
    /// `Taken` while another owner lives.
    pub fn serve<Q: Message, A: Message>(&self, service: &Service<Q, A>, len_max: usize) -> Result<Requests<Q, A>, BusError> {
        let Self::Local(local) = self;
        let mut services = lock(&local.services);
        if let Some(existing) = services.get(service.name) {
            let sender = existing.downcast_ref::<mpsc::Sender<Request<Q, A>>>().ok_or(BusError::Type(service.name))?;
            if !sender.is_closed() {
                return Err(BusError::Taken(service.name));
            }
        }
        let (sender, queue) = mpsc::channel(len_max.max(1));
        services.insert(service.name, Box::new(sender));
        Ok(Requests { queue })
    }

    /// One-way message to the owner. Never waits.
    ///
    /// # Errors
    /// `NoOwner`, `Full`.
    pub fn send<Q: Message, A: Message>(&self, service: &Service<Q, A>, message: Q) -> Result<(), BusError> {
        self.deliver(service, Request { message, reply: None })
    }

    /// Question to the owner, and its answer.
    ///
    /// # Errors
    /// `NoOwner`, `Full`, `NoAnswer`.
    pub async fn request<Q: Message, A: Message>(&self, service: &Service<Q, A>, message: Q) -> Result<A, BusError> {
        let (reply, answer) = oneshot::channel();
        self.deliver(service, Request { message, reply: Some(reply) })?;
        answer.await.map_err(|_| BusError::NoAnswer(service.name))
    }

    fn deliver<Q: Message, A: Message>(&self, service: &Service<Q, A>, request: Request<Q, A>) -> Result<(), BusError> {
        let Self::Local(local) = self;
        let sender = {
            let services = lock(&local.services);
            let entry = services.get(service.name).ok_or(BusError::NoOwner(service.name))?;
            entry.downcast_ref::<mpsc::Sender<Request<Q, A>>>().ok_or(BusError::Type(service.name))?.clone()
        };
        sender.try_send(request).map_err(|e| match e {
            mpsc::error::TrySendError::Full(_) => BusError::Full(service.name),
            mpsc::error::TrySendError::Closed(_) => BusError::NoOwner(service.name),
        })
    }
}

impl Local {
    fn topic<M: Message>(&self, topic: &Topic<M>) -> Result<broadcast::Sender<M>, BusError> {
        let mut topics = lock(&self.topics);
        let entry = topics.entry(topic.name).or_insert_with(|| Box::new(broadcast::channel::<M>(topic.len_max.max(1)).0));
        entry.downcast_ref::<broadcast::Sender<M>>().cloned().ok_or(BusError::Type(topic.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEWS: Topic<u32> = Topic::with_len("news", 2);
    const SUM: Service<(u32, u32), u32> = Service::new("sum");

    #[tokio::test]
    async fn a_slow_subscriber_is_told_what_it_lost() {
        let bus = Bus::local();
        assert_eq!(bus.publish(&NEWS, 0), Ok(0));
        let mut s = bus.subscribe(&NEWS).unwrap();
        for i in 1..=5 {
            assert_eq!(bus.publish(&NEWS, i), Ok(1));
        }
        assert_eq!(s.recv().await, Some(Received::Lagged(3)));
        assert_eq!(s.recv().await, Some(Received::Message(4)));
        assert_eq!(s.recv().await, Some(Received::Message(5)));
        drop(bus);
        assert_eq!(s.recv().await, None);
    }

    #[tokio::test]
    async fn one_owner_answers_and_a_full_queue_refuses() {
        let bus = Bus::local();
        assert_eq!(bus.request(&SUM, (1, 2)).await, Err(BusError::NoOwner("sum")));
        let mut owner = bus.serve(&SUM, 1).unwrap();
        assert_eq!(bus.serve(&SUM, 1).unwrap_err(), BusError::Taken("sum"));
        bus.send(&SUM, (0, 0)).unwrap();
        assert_eq!(bus.send(&SUM, (0, 0)), Err(BusError::Full("sum")));
        assert!(owner.try_recv().is_some_and(|r| r.reply.is_none()));
        let answering = tokio::spawn(async move {
            let r = owner.recv().await.unwrap();
            let _ = r.reply.unwrap().send(r.message.0 + r.message.1);
            owner
        });
        assert_eq!(bus.request(&SUM, (20, 22)).await, Ok(42));
        drop(answering.await.unwrap());
        assert_eq!(bus.send(&SUM, (0, 0)), Err(BusError::NoOwner("sum")));
        bus.serve(&SUM, 1).unwrap();
    }

    #[test]
    fn a_name_with_two_types_is_refused() {
        let bus = Bus::local();
        let _first = bus.subscribe(&NEWS).unwrap();
        const OTHER: Topic<String> = Topic::new("news");
        assert_eq!(bus.publish(&OTHER, "x".into()), Err(BusError::Type("news")));
    }
}
