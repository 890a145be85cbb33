//! Who may do what: permissions, the roles that bundle them, and the scope each holds in.
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Agent,
    SeniorAgent,
    Supervisor,
    Inspector,
    KnowledgeEditor,
    Analyst,
    Admin,
    SecurityAdmin,
    Auditor,
}
