//! The router dies in the middle of its work: nobody loses a place, an agent or a turn.
use super::*;
use crate::routing::POISON;
use domain::event::Event;
use domain::routing::OfferResult;
use store::repo::waiting_list;

impl House {
    async fn kill_router(&self) {
        let poison = Input::Leave { interaction: POISON, reason: "test".into() };
        let died = self.context.router.ask(poison).await;
        assert!(matches!(died, Err(crate::routing::RouterError::Unavailable)), "{died:?}");
        // Asked and answered: another one is there.
        self.context.router.ask(Input::Due).await.unwrap();
    }

    /// Anna is available, a call comes, she takes it.
    async fn anna_takes(&self, n: u128) {
        self.available(ANNA).await;
        self.enqueue(n).await;
        let offer = self.the_offer().await;
        self.context.router.ask(Input::Accept { agent: ANNA, offer }).await.unwrap();
    }

    async fn in_store(&self) -> Vec<InteractionId> {
        assert!(self.context.writer.flush().await);
        waiting_list::all(&*self.store).await.unwrap().iter().map(|p| p.interaction).collect()
    }

    async fn events_of(&self, n: u128) -> Vec<Event> {
        self.context.writer.interaction(self.row(n));
        assert!(self.context.writer.flush().await);
        interactions::detail(&*self.store, call(n)).await.unwrap().events
    }
}

#[tokio::test]
async fn another_router_takes_over_where_the_dead_one_was() {
    let h = house().await;
    h.anna_takes(1).await;
    h.enqueue(2).await;
    h.enqueue(3).await;
    h.enqueue(4).await;
    h.context.router.ask(Input::Leave { interaction: call(3), reason: "caller_left".into() }).await.unwrap();
    assert_eq!(h.in_store().await, [call(2), call(4)]);
    let before = h.handle.snapshot().await.unwrap();
    let mut changes = h.handle.subscribe();

    h.kill_router().await;
    let after = h.handle.snapshot().await.unwrap();
    assert_eq!(after.agents, before.agents, "on the same call since the same moment");
    assert_eq!(after.waiting, before.waiting, "everybody where they were");
    assert_eq!(h.in_store().await, [call(2), call(4)]);
    while let Ok(change) = changes.try_recv() {
        assert!(matches!(change, LiveChange::Waiting(_)), "nobody saw more than places: {change:?}");
    }

    // The agent becomes free: the first of the line rings. The next router dies while it does.
    let mut second = h.context.router.attach(call(2));
    h.context
        .router
        .ask(Input::Released { agent: ANNA, interaction: call(1), queue: Some(DESK), wrap_up_ms: 0, away: None })
        .await
        .unwrap();
    let Some(Effect::Offer { offer: rang, .. }) = second.next().await else { panic!("no offer") };
    assert_eq!(h.status(ANNA).await, AgentStatus::Ringing);
    h.kill_router().await;
    let Some(Effect::Withdraw { offer, result: OfferResult::Healed, .. }) = second.next().await else { panic!("still rings") };
    assert_eq!(offer, rang.offer);
    let Some(Effect::Offer { offer: rings, .. }) = second.next().await else { panic!("no offer of the new router") };
    assert_ne!(rings.offer, rang.offer);
    h.context.router.ask(Input::Accept { agent: ANNA, offer: rings.offer }).await.unwrap();
    assert!(matches!(second.next().await, Some(Effect::Assigned { agent: ANNA, .. })));
    assert_eq!(h.in_store().await, [call(4)]);

    let kinds = |events: &[Event]| events.iter().map(|e| serde_json::to_value(&e.kind).unwrap()["type"].to_string()).collect::<Vec<_>>();
    let told = kinds(&h.events_of(2).await);
    assert_eq!(told.iter().filter(|k| *k == "\"queued\"").count(), 3, "each router says that it stands in line: {told:?}");
}

#[tokio::test]
async fn breaks_wrap_ups_and_closed_queues_are_known_to_the_next_router() {
    let h = house().await;
    h.anna_takes(1).await;
    let released = Input::Released { agent: ANNA, interaction: call(1), queue: Some(DESK), wrap_up_ms: 30_000, away: None };
    h.context.router.ask(released).await.unwrap();
    h.enqueue(2).await;
    h.kill_router().await;
    assert_eq!(h.status(ANNA).await, AgentStatus::WrapUp, "and is not rung");
    assert!(h.handle.snapshot().await.unwrap().offers.is_empty());
    h.context.router.ask(Input::SetStatus { agent: ANNA, status: AgentStatus::Break, reason: Some("lunch".into()) }).await.unwrap();
    h.context.router.ask(Input::WrapUpDone { agent: ANNA, interaction: call(1), code: None }).await.unwrap();
    h.kill_router().await;
    let anna = h.handle.snapshot().await.unwrap().agents.into_iter().find(|a| a.user == ANNA).unwrap();
    assert_eq!((anna.status, anna.reason.as_deref()), (AgentStatus::Break, Some("lunch")));

    let shut = domain::routing::Shut { leave: false, way: Overflow::HangUp { prompt: None } };
    h.context.router.ask(Input::Hours { queue: DESK, closed: Some(shut) }).await.unwrap();
    h.kill_router().await;
    let mut third = h.context.router.attach(call(3));
    h.enqueue(3).await;
    let Some(Effect::Overflow { .. }) = third.next().await else { panic!("closed is closed") };
    assert_eq!(h.in_store().await, [call(2)]);
}

#[tokio::test]
async fn a_place_that_kills_routers_is_left_out() {
    let h = house().await;
    h.enqueue(1).await;
    let place = Box::new(Enqueue { again: true, ..Enqueue::new(POISON, DESK, h.context.clock.now()) });
    h.context.writer.record(store::Record::Place { interaction: POISON, place: Some(place) });
    h.enqueue(2).await;
    h.kill_router().await;
    let waiting: Vec<InteractionId> = h.handle.snapshot().await.unwrap().waiting.iter().map(|w| w.interaction).collect();
    assert_eq!(waiting, [call(1), call(2)]);
}
