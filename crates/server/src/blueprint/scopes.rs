//! Boards and alert rules speak of queues and agents: by key and user name in a blueprint, by id in the store.
use super::BlueprintError;
use super::apply::name_of;
use serde_json::{Map, Value};
use std::collections::HashMap;
use store::Source;
use store::repo::config::{kind, list_all};
use store::repo::users;

/// Out of one kind's names and what stands there: what is to stand there.
type Rename<'a> = dyn FnMut(&HashMap<String, String>, &str) -> Option<String> + 'a;

/// The names of what a scope may speak of.
pub(super) struct Scopes {
    queues: HashMap<String, String>,
    agents: HashMap<String, String>,
}

impl Scopes {
    pub async fn read(source: &impl Source) -> Result<Self, BlueprintError> {
        let queues = list_all::<kind::Queues>(source).await?.into_iter().map(|q| (q.value.key, q.value.id.to_string())).collect();
        let agents = users::all(source).await?.into_iter().map(|u| (u.username, u.id.to_string())).collect();
        Ok(Self { queues, agents })
    }

    /// # Errors
    /// A queue or user of that name does not exist.
    pub fn to_ids(&self, word: &str, entry: &Map<String, Value>) -> Result<Map<String, Value>, BlueprintError> {
        let mut out = entry.clone();
        let mut missing = None;
        out.values_mut().for_each(|v| {
            self.walk(v, &mut |names, name| {
                let id = names.get(name).cloned();
                if id.is_none() {
                    missing.get_or_insert_with(|| name.to_owned());
                }
                id
            })
        });
        match missing {
            Some(name) => Err(BlueprintError::entry(&name_of(word, "key", entry)?, format!("speaks of {name:?}, which does not exist"))),
            None => Ok(out),
        }
    }

    /// The other way, for an export; an id without a name stays.
    pub fn to_names(&self, fields: &mut Map<String, Value>) {
        let by_id = |names: &HashMap<String, String>, id: &str| names.iter().find(|(_, i)| *i == id).map(|(name, _)| name.clone());
        fields.values_mut().for_each(|v| self.walk(v, &mut |names, id| by_id(names, id)));
    }

    /// Every `{ of = "queue", queue = … }` and `{ of = "agent", agent = … }` anywhere within.
    fn walk(&self, value: &mut Value, rename: &mut Rename<'_>) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|v| self.walk(v, rename)),
            Value::Object(fields) => {
                let names = match fields.get("of").and_then(Value::as_str) {
                    Some("queue") => Some(("queue", &self.queues)),
                    Some("agent") => Some(("agent", &self.agents)),
                    _ => None,
                };
                if let Some((field, names)) = names
                    && let Some(Value::String(text)) = fields.get_mut(field)
                    && let Some(new) = rename(names, text)
                {
                    *text = new;
                }
                fields.values_mut().for_each(|v| self.walk(v, rename));
            }
            _ => {}
        }
    }
}
