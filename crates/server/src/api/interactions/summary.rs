//! Rows of a list with the names that a reader needs beside the ids.
use crate::api::dto::interaction::InteractionSummary;
use crate::api::dto::view;
use crate::app::App;
use crate::http::problem::{ApiResult, Problem};
use crate::stream::mask::Sight;
use domain::interaction::Interaction;
use domain::{CustomerId, QueueId, UserId};
use std::collections::HashMap;
use store::repo::{config, customers, users};

/// The names of a page's agents, queues and customers.
pub struct Names {
    agents: HashMap<UserId, String>,
    queues: HashMap<QueueId, domain::config::Label>,
    customers: HashMap<CustomerId, domain::Pii<String>>,
}

impl Names {
    pub async fn of(app: &App, rows: &[Interaction]) -> ApiResult<Self> {
        let mut ids: Vec<CustomerId> = rows.iter().filter_map(|i| i.customer).collect();
        ids.sort();
        ids.dedup();
        let customers = customers::get_many(&app.store, &ids).await?.into_iter().map(|c| (c.id, c.name)).collect();
        let agents = users::all(&app.store).await?.into_iter().map(|u| (u.id, u.display_name)).collect();
        let queues = config::list_all::<config::kind::Queues>(&app.store).await?;
        Ok(Self { agents, queues: queues.into_iter().map(|q| (q.value.id, q.value.name)).collect(), customers })
    }

    pub fn summary(&self, sight: Sight, i: &Interaction) -> ApiResult<InteractionSummary> {
        let mut summary = summary(sight, i)?;
        summary.agent_name = i.agent.and_then(|id| self.agents.get(&id).cloned());
        summary.customer_name = i.customer.and_then(|id| self.customers.get(&id)).map(|name| sight.name(name));
        summary.queue_name = i.queue.and_then(|id| self.queues.get(&id)).map(view).transpose()?;
        Ok(summary)
    }
}

/// Without names. Notes are shown to those who may read the interaction at all; they are the company's own words.
pub fn summary(sight: Sight, i: &Interaction) -> ApiResult<InteractionSummary> {
    let mut summary: InteractionSummary = view(i).map_err(|e| Problem::internal(&e.code()))?;
    summary.remote = sight.phone(&i.remote);
    Ok(summary)
}
