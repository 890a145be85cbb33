//! `/api/v1/customers`: cards of the people who call.
pub mod create;
pub mod get;
pub mod list;
pub mod patch;
pub mod reveal;

use crate::api::dto::customer::Customer;
use crate::stream::mask::Sight;
use store::repo::Versioned;

pub fn customer_view(sight: Sight, row: &Versioned<domain::config::Customer>) -> Customer {
    let c = &row.value;
    Customer {
        id: c.id.0,
        version: row.version,
        name: sight.name(&c.name),
        phones: c.phones.iter().map(|p| sight.phone(p)).collect(),
        email: c.email.as_ref().map(|e| sight.email(e)),
        company: c.company.clone(),
        tags: c.tags.clone(),
        vip: c.vip,
        note: c.note.as_ref().map(|n| n.reveal().clone()),
        announcement: c.announcement.as_ref().map(|a| a.reveal().clone()),
        masked: sight != Sight::Clear,
    }
}
