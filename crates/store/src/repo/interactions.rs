//! Reading history: interactions with their parts.
use crate::entity::history::{event, interaction, leg_report, recording, segment};
use crate::history::rows;
use crate::{Cursor, Page, PageRequest, Result, Source, StoreError, Tx};
use domain::event::Event;
use domain::interaction::{Direction, Interaction, InteractionState, LegReport, Outcome, Recording, Segment};
use domain::{CustomerId, InteractionId, Pii, QueueId, RecordingId, TeamId, Timestamp, UserId};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// Which interactions; all none = all.
#[derive(Debug, Clone, Default)]
pub struct InteractionFilter {
    pub agent: Option<UserId>,
    /// Handled by someone of this team (scope `team`).
    pub agent_team: Option<TeamId>,
    pub queue: Option<QueueId>,
    pub customer: Option<CustomerId>,
    /// Far side's number, exact in any spelling.
    pub phone: Option<String>,
    /// Started at or after.
    pub from: Option<Timestamp>,
    /// Started before.
    pub to: Option<Timestamp>,
    pub state: Option<InteractionState>,
    pub outcome: Option<Outcome>,
}

/// One interaction with everything that belongs to it, each list in order of time.
#[derive(Debug, Clone, PartialEq)]
pub struct InteractionDetail {
    pub interaction: Interaction,
    pub segments: Vec<Segment>,
    pub legs: Vec<LegReport>,
    pub recordings: Vec<Recording>,
    pub events: Vec<Event>,
}

fn condition(source: &impl Source, f: &InteractionFilter) -> Condition {
    use interaction::Column as C;
    let team = f.agent_team.map(|team| {
        let users = Query::select().column("id").from("users").and_where(Expr::col("team").eq(team.0)).take();
        C::AgentId.in_subquery(users)
    });
    Condition::all()
        .add_option(f.agent.map(|v| C::AgentId.eq(v.0)))
        .add_option(team)
        .add_option(f.queue.map(|v| C::QueueId.eq(v.0)))
        .add_option(f.customer.map(|v| C::CustomerId.eq(v.0)))
        .add_option(f.phone.as_ref().map(|p| C::RemoteIndex.eq(source.crypto().phone_index(p))))
        .add_option(f.from.map(|v| C::StartedAt.gte(v.as_us())))
        .add_option(f.to.map(|v| C::StartedAt.lt(v.as_us())))
        .add_option(f.state.map(|v| C::State.eq(super::word(&v))))
        .add_option(f.outcome.map(|v| C::Outcome.eq(super::word(&v))))
}

/// Newest first.
pub async fn list(source: &impl Source, filter: &InteractionFilter, page: PageRequest) -> Result<Page<Interaction>> {
    use interaction::Column as C;
    let limit = page.limit();
    let mut query = interaction::Entity::find().filter(condition(source, filter));
    if let Some(cursor) = page.cursor {
        let (at, id) = cursor.int()?;
        query = query.filter(Condition::any().add(C::StartedAt.lt(at)).add(Condition::all().add(C::StartedAt.eq(at)).add(C::Id.lt(id))));
    }
    let rows = query.order_by_desc(C::StartedAt).order_by_desc(C::Id).limit(limit + 1).all(source.conn()).await?;
    let page = Page::from_rows(rows, limit, |r| Cursor::Int(r.started_at, r.id));
    let items = page.items.iter().map(|r| rows::interaction_from(source.crypto(), r)).collect::<Result<Vec<_>>>()?;
    Ok(Page { items, next_cursor: page.next_cursor })
}

/// The agent of the customer's newest answered interaction that began at `from` or later.
pub async fn last_agent(source: &impl Source, customer: CustomerId, from: Timestamp) -> Result<Option<UserId>> {
    use interaction::Column as C;
    let newest = interaction::Entity::find()
        .select_only()
        .column(C::AgentId)
        .filter(C::CustomerId.eq(customer.0))
        .filter(C::StartedAt.gte(from.as_us()))
        .filter(C::AnsweredAt.is_not_null())
        .filter(C::AgentId.is_not_null())
        .order_by_desc(C::StartedAt);
    Ok(newest.into_tuple::<uuid::Uuid>().one(source.conn()).await?.map(UserId))
}

/// Who talked with these customers, in order of time.
pub async fn talked(
    source: &impl Source,
    customers: &[CustomerId],
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<(CustomerId, Timestamp, UserId)>> {
    use interaction::Column as C;
    let rows = interaction::Entity::find()
        .select_only()
        .columns([C::CustomerId, C::StartedAt, C::AgentId])
        .filter(C::CustomerId.is_in(customers.iter().map(|c| c.0)))
        .filter(C::StartedAt.gte(from.as_us()))
        .filter(C::StartedAt.lt(to.as_us()))
        .filter(C::AnsweredAt.is_not_null())
        .filter(C::AgentId.is_not_null())
        .order_by_asc(C::StartedAt);
    let rows = rows.into_tuple::<(uuid::Uuid, i64, uuid::Uuid)>().all(source.conn()).await?;
    Ok(rows.into_iter().map(|(customer, at, agent)| (CustomerId(customer), Timestamp(at), UserId(agent))).collect())
}

/// Who came in between, and when: the number that was called, and the customer. In no order; `limit` at most.
pub async fn who_came(
    source: &impl Source,
    from: Timestamp,
    to: Timestamp,
    limit: u32,
) -> Result<Vec<(InteractionId, Timestamp, String, Option<CustomerId>)>> {
    use interaction::Column as C;
    let rows = interaction::Entity::find()
        .select_only()
        .columns([C::Id, C::StartedAt, C::Local, C::CustomerId])
        .filter(C::StartedAt.gte(from.as_us()))
        .filter(C::StartedAt.lt(to.as_us()))
        .filter(C::Direction.eq(super::word(&Direction::Inbound)))
        .limit(u64::from(limit));
    let rows = rows.into_tuple::<(uuid::Uuid, i64, String, Option<uuid::Uuid>)>().all(source.conn()).await?;
    Ok(rows.into_iter().map(|(id, at, local, customer)| (InteractionId(id), Timestamp(at), local, customer.map(CustomerId))).collect())
}

/// # Errors
/// `NotFound("interaction")`.
pub async fn get(source: &impl Source, id: InteractionId) -> Result<Interaction> {
    let row = interaction::Entity::find_by_id(id.0).one(source.conn()).await?.ok_or(StoreError::NotFound("interaction"))?;
    rows::interaction_from(source.crypto(), &row)
}

/// Those of `ids` that exist, in no order.
pub async fn get_many(source: &impl Source, ids: &[InteractionId]) -> Result<Vec<Interaction>> {
    let wanted = interaction::Column::Id.is_in(ids.iter().map(|i| i.0));
    let rows = interaction::Entity::find().filter(wanted).all(source.conn()).await?;
    rows.iter().map(|r| rows::interaction_from(source.crypto(), r)).collect()
}

/// # Errors
/// `NotFound("interaction")`.
pub async fn detail(source: &impl Source, id: InteractionId) -> Result<InteractionDetail> {
    let interaction = get(source, id).await?;
    Ok(InteractionDetail {
        interaction,
        segments: segments(source, id).await?,
        legs: legs(source, id).await?,
        recordings: recordings(source, id).await?,
        events: events(source, id).await?,
    })
}

pub async fn segments(source: &impl Source, id: InteractionId) -> Result<Vec<Segment>> {
    use segment::Column as C;
    let rows = segment::Entity::find().filter(C::InteractionId.eq(id.0)).all(source.conn()).await?;
    let mut segments = rows.into_iter().map(rows::segment_from).collect::<Result<Vec<_>>>()?;
    // Of two that begin at once the one that ended first came first; an open one is the last.
    segments.sort_by_key(|s| (s.started_at, s.ended_at.unwrap_or(Timestamp(i64::MAX)), s.id));
    Ok(segments)
}

pub async fn legs(source: &impl Source, id: InteractionId) -> Result<Vec<LegReport>> {
    use leg_report::Column as C;
    let rows = leg_report::Entity::find().filter(C::InteractionId.eq(id.0)).order_by_asc(C::Leg).all(source.conn()).await?;
    rows.into_iter().map(rows::leg_from).collect()
}

pub async fn recordings(source: &impl Source, id: InteractionId) -> Result<Vec<Recording>> {
    use recording::Column as C;
    let rows = recording::Entity::find().filter(C::InteractionId.eq(id.0)).order_by_asc(C::StartedAt).all(source.conn()).await?;
    rows.into_iter().map(rows::recording_from).collect()
}

/// # Errors
/// `NotFound("recording")`.
pub async fn recording(source: &impl Source, id: RecordingId) -> Result<Recording> {
    let row = recording::Entity::find_by_id(id.0).one(source.conn()).await?.ok_or(StoreError::NotFound("recording"))?;
    rows::recording_from(row)
}

pub async fn events(source: &impl Source, id: InteractionId) -> Result<Vec<Event>> {
    use event::Column as C;
    let rows = event::Entity::find().filter(C::InteractionId.eq(id.0)).order_by_asc(C::Seq).all(source.conn()).await?;
    rows.into_iter().map(|r| rows::event_from(source.crypto(), r)).collect()
}

/// Events of all interactions and agents after a position (0 = from the start) in the order they were written, each
/// with its own position: how reports and checks read history. With several writers a lower number may appear late.
pub async fn events_after(source: &impl Source, seq: i64, limit: u32) -> Result<Vec<(i64, Event)>> {
    use event::Column as C;
    let query = event::Entity::find().filter(C::Seq.gt(seq)).order_by_asc(C::Seq).limit(u64::from(limit));
    let rows = query.all(source.conn()).await?;
    rows.into_iter().map(|r| Ok((r.seq, rows::event_from(source.crypto(), r)?))).collect()
}

/// Events at `from` or later and before `to`, in the order they were written, after a position as for [`events_after`].
pub async fn events_between(source: &impl Source, from: Timestamp, to: Timestamp, seq: i64, limit: u32) -> Result<Vec<(i64, Event)>> {
    use event::Column as C;
    let span = Condition::all().add(C::At.gte(from.as_us())).add(C::At.lt(to.as_us())).add(C::Seq.gt(seq));
    let rows = event::Entity::find().filter(span).order_by_asc(C::Seq).limit(u64::from(limit)).all(source.conn()).await?;
    rows.into_iter().map(|r| Ok((r.seq, rows::event_from(source.crypto(), r)?))).collect()
}

/// As [`events_between`], only those of these types (the `type` of their JSON form).
pub async fn events_of(
    source: &impl Source,
    types: &[&str],
    from: Timestamp,
    to: Timestamp,
    seq: i64,
    limit: u32,
) -> Result<Vec<(i64, Event)>> {
    use event::Column as C;
    let span = Condition::all().add(C::At.gte(from.as_us())).add(C::At.lt(to.as_us())).add(C::Seq.gt(seq));
    let wanted = span.add(C::Kind.is_in(types.iter().copied()));
    let rows = event::Entity::find().filter(wanted).order_by_asc(C::Seq).limit(u64::from(limit)).all(source.conn()).await?;
    rows.into_iter().map(|r| Ok((r.seq, rows::event_from(source.crypto(), r)?))).collect()
}

/// Changes code and note of an interaction that the engine has let go of (an edit after wrap-up). None = leave as is.
///
/// # Errors
/// `NotFound("interaction")`.
pub async fn set_wrap_up(tx: &Tx, id: InteractionId, code: Option<&str>, note: Option<&Pii<String>>) -> Result<()> {
    let mut row: interaction::ActiveModel = Default::default();
    if code.is_none() && note.is_none() {
        return get(tx, id).await.map(drop);
    }
    if let Some(code) = code {
        row.wrap_up_code = Set(Some(code.to_owned()));
    }
    if let Some(note) = note {
        row.note = Set(Some(rows::seal_note(tx.crypto(), id, note)));
    }
    let done = interaction::Entity::update_many().set(row).filter(interaction::Column::Id.eq(id.0)).exec(&tx.conn).await?;
    if done.rows_affected == 0 { Err(StoreError::NotFound("interaction")) } else { Ok(()) }
}
