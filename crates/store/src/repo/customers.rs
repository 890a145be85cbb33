//! Customer cards: personal columns sealed, phone numbers found by blind index.
use super::{Versioned, from_json, to_json};
use crate::crypto::{Domain, Field};
use crate::entity::customers::{customer, phone};
use crate::{Cursor, Page, PageRequest, Result, Source, StoreError, Tx};
use domain::config::{Customer, Known};
use domain::{CustomerId, Pii};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Numbers kept of one customer.
pub const PHONES_MAX: usize = 20;

fn field<'a>(column: &'static str, id: &'a Uuid) -> Field<'a> {
    Field::new("customers", column, id.as_bytes())
}

fn columns(tx: &Tx, c: &Customer) -> Result<customer::ActiveModel> {
    if c.phones.len() > PHONES_MAX {
        return Err(StoreError::Invalid { field: "phones", reason: format!("at most {PHONES_MAX}") });
    }
    let keys = tx.crypto();
    let id = &c.id.0;
    let text = |column, value: &Pii<String>| keys.seal(Domain::Customer, field(column, id), value.reveal().as_bytes());
    Ok(customer::ActiveModel {
        name: Set(text("name", &c.name)),
        phones: Set(keys.seal_json(Domain::Customer, field("phones", id), &c.phones)?),
        email: Set(c.email.as_ref().map(|v| text("email", v))),
        note: Set(c.note.as_ref().map(|v| text("note", v))),
        announcement: Set(c.announcement.as_ref().map(|v| text("announcement", v))),
        company: Set(c.company.clone()),
        tags: Set(to_json(&c.tags, "tags")?),
        vip: Set(c.vip),
        updated_at: Set(tx.now.as_us()),
        ..Default::default()
    })
}

fn from_row(source: &impl Source, row: &customer::Model) -> Result<Versioned<Customer>> {
    let keys = source.crypto();
    let text = |column, sealed: &[u8]| -> Result<Pii<String>> {
        let clear = keys.open(Domain::Customer, field(column, &row.id), sealed)?;
        Ok(Pii::new(String::from_utf8(clear).map_err(|_| StoreError::Corrupt("customer"))?))
    };
    let value = Customer {
        id: CustomerId(row.id),
        name: text("name", &row.name)?,
        phones: keys.open_json(Domain::Customer, field("phones", &row.id), &row.phones)?,
        email: row.email.as_ref().map(|v| text("email", v)).transpose()?,
        company: row.company.clone(),
        tags: from_json(&row.tags, "tags")?,
        vip: row.vip,
        note: row.note.as_ref().map(|v| text("note", v)).transpose()?,
        announcement: row.announcement.as_ref().map(|v| text("announcement", v)).transpose()?,
    };
    Ok(Versioned { version: row.version, value })
}

/// A new card, version 1.
pub async fn insert(tx: &Tx, c: &Customer) -> Result<i64> {
    let row = customer::ActiveModel { id: Set(c.id.0), version: Set(1), created_at: Set(tx.now.as_us()), ..columns(tx, c)? };
    customer::Entity::insert(row).exec_without_returning(&tx.conn).await.map_err(|e| StoreError::unique(e, &["id"]))?;
    index_phones(tx, c).await?;
    Ok(1)
}

/// Replaces a card if its version is still `expected`; returns the new version.
///
/// # Errors
/// `NotFound`, `Conflict`.
pub async fn update(tx: &Tx, c: &Customer, expected: i64) -> Result<i64> {
    let row = customer::ActiveModel { version: Set(expected + 1), ..columns(tx, c)? };
    let done = customer::Entity::update_many()
        .set(row)
        .filter(customer::Column::Id.eq(c.id.0))
        .filter(customer::Column::Version.eq(expected))
        .exec(&tx.conn)
        .await?;
    if done.rows_affected == 0 {
        let found = get(tx, c.id).await?.version;
        return Err(StoreError::Conflict { expected, found });
    }
    phone::Entity::delete_many().filter(phone::Column::CustomerId.eq(c.id.0)).exec(&tx.conn).await?;
    index_phones(tx, c).await?;
    Ok(expected + 1)
}

async fn index_phones(tx: &Tx, c: &Customer) -> Result<()> {
    let indexes: BTreeSet<Vec<u8>> = c.phones.iter().map(|p| tx.crypto().phone_index(p.reveal())).collect();
    if indexes.is_empty() {
        return Ok(());
    }
    let rows = indexes.into_iter().map(|idx| phone::ActiveModel { customer_id: Set(c.id.0), idx: Set(idx) });
    phone::Entity::insert_many(rows).exec_without_returning(&tx.conn).await?;
    Ok(())
}

/// # Errors
/// `NotFound("customer")`.
pub async fn get(source: &impl Source, id: CustomerId) -> Result<Versioned<Customer>> {
    let row = customer::Entity::find_by_id(id.0).one(source.conn()).await?.ok_or(StoreError::NotFound("customer"))?;
    from_row(source, &row)
}

/// Several at once (names beside a list of interactions); unknown ids are left out.
pub async fn get_many(source: &impl Source, ids: &[CustomerId]) -> Result<Vec<Customer>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = customer::Entity::find().filter(customer::Column::Id.is_in(ids.iter().map(|i| i.0))).all(source.conn()).await?;
    rows.iter().map(|r| from_row(source, r).map(|v| v.value)).collect()
}

/// What rules of routing may ask about these; unknown ids are left out. Nothing sealed is opened.
pub async fn known(source: &impl Source, ids: &[CustomerId]) -> Result<Vec<(CustomerId, Known)>> {
    use customer::Column as C;
    let rows = customer::Entity::find()
        .select_only()
        .columns([C::Id, C::Vip, C::Tags, C::Company])
        .filter(C::Id.is_in(ids.iter().map(|i| i.0)))
        .into_tuple::<(Uuid, bool, String, Option<String>)>();
    let rows = rows.all(source.conn()).await?.into_iter();
    rows.map(|(id, vip, tags, company)| Ok((CustomerId(id), Known { vip, tags: from_json(&tags, "tags")?, company }))).collect()
}

/// The customer of a phone number in any spelling. Several share it: the one changed last.
pub async fn find_by_phone(source: &impl Source, number: &str) -> Result<Option<Versioned<Customer>>> {
    let index = source.crypto().phone_index(number);
    let ids: Vec<Uuid> =
        phone::Entity::find().filter(phone::Column::Idx.eq(index)).all(source.conn()).await?.into_iter().map(|p| p.customer_id).collect();
    if ids.is_empty() {
        return Ok(None);
    }
    let row = customer::Entity::find()
        .filter(customer::Column::Id.is_in(ids))
        .order_by_desc(customer::Column::UpdatedAt)
        .one(source.conn())
        .await?;
    row.map(|r| from_row(source, &r)).transpose()
}

/// Changed last first; `phone` restricts to the exact number.
pub async fn list(source: &impl Source, phone_number: Option<&str>, page: PageRequest) -> Result<Page<Versioned<Customer>>> {
    let limit = page.limit();
    let mut query = customer::Entity::find();
    if let Some(number) = phone_number {
        let index = source.crypto().phone_index(number);
        let ids = phone::Entity::find().filter(phone::Column::Idx.eq(index)).all(source.conn()).await?;
        query = query.filter(customer::Column::Id.is_in(ids.into_iter().map(|p| p.customer_id)));
    }
    if let Some(cursor) = page.cursor {
        let (at, id) = cursor.int()?;
        query = query.filter(
            Condition::any()
                .add(customer::Column::UpdatedAt.lt(at))
                .add(Condition::all().add(customer::Column::UpdatedAt.eq(at)).add(customer::Column::Id.lt(id))),
        );
    }
    let rows =
        query.order_by_desc(customer::Column::UpdatedAt).order_by_desc(customer::Column::Id).limit(limit + 1).all(source.conn()).await?;
    let page = Page::from_rows(rows, limit, |r| Cursor::Int(r.updated_at, r.id));
    let items = page.items.iter().map(|r| from_row(source, r)).collect::<Result<Vec<_>>>()?;
    Ok(Page { items, next_cursor: page.next_cursor })
}
