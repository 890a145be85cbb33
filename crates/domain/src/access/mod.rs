//! Who may do what: permissions, the roles that bundle them, and the scope each holds in.
//!
//! There is one decision, [`authorize`], and it denies by default. Duties are separated as MLPS 2.0 level 3 asks: who runs the
//! system (`admin`) neither reads the audit nor listens to customers; who guards it (`security_admin`) gives out roles and
//! keys but cannot change the business set-up; who checks it (`auditor`) reads the audit and nothing else.
mod permission;
mod roles;
pub use permission::{Permission, UnknownPermission};
pub use roles::grants_of;

use crate::{TeamId, UserId};
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
impl Role {
    pub const ALL: [Role; 9] = [
        Role::Agent,
        Role::SeniorAgent,
        Role::Supervisor,
        Role::Inspector,
        Role::KnowledgeEditor,
        Role::Analyst,
        Role::Admin,
        Role::SecurityAdmin,
        Role::Auditor,
    ];
    /// The stable word of the API and of blueprints; equals the serde form.
    pub const fn name(self) -> &'static str {
        match self {
            Role::Agent => "agent",
            Role::SeniorAgent => "senior_agent",
            Role::Supervisor => "supervisor",
            Role::Inspector => "inspector",
            Role::KnowledgeEditor => "knowledge_editor",
            Role::Analyst => "analyst",
            Role::Admin => "admin",
            Role::SecurityAdmin => "security_admin",
            Role::Auditor => "auditor",
        }
    }
    /// This role's users take calls: they are known to the router.
    pub const fn takes_calls(self) -> bool {
        matches!(self, Role::Agent | Role::SeniorAgent | Role::Supervisor)
    }
}

/// How far a permission reaches; a wider scope holds every narrower one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// What belongs to the principal.
    Own,
    /// What belongs to the principal or to its team.
    Team,
    /// Everything, also what belongs to nobody (a waiting caller, the configuration).
    All,
}

/// Somebody, or an API key, that asks. Built once a request from roles or from the key's own grants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Principal {
    pub user: UserId,
    pub team: Option<TeamId>,
    pub grants: Vec<(Permission, Scope)>,
}
impl Principal {
    /// The union of the roles' grants; where two roles give one permission, the wider scope counts.
    pub fn with_roles(user: UserId, team: Option<TeamId>, roles: &[Role]) -> Self {
        let mut grants: Vec<(Permission, Scope)> = Vec::new();
        for (permission, scope) in roles.iter().flat_map(|r| grants_of(*r)) {
            match grants.iter_mut().find(|g| g.0 == *permission) {
                Some(held) => held.1 = held.1.max(*scope),
                None => grants.push((*permission, *scope)),
            }
        }
        grants.sort();
        Self { user, team, grants }
    }
}

/// What is asked for: who owns it, if anybody, and whose team that is. Configuration and unassigned calls have neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Resource {
    pub owner: Option<UserId>,
    pub team: Option<TeamId>,
}
impl Resource {
    /// Belongs to nobody: only scope `All` reaches it.
    pub const HOUSE: Resource = Resource { owner: None, team: None };
    pub const fn owned(owner: UserId, team: Option<TeamId>) -> Self {
        Self { owner: Some(owner), team }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// None of the principal's roles gives this permission.
    #[error("needs the permission {}", .0.name())]
    Missing(Permission),
    /// The permission is held, but not for this resource. Answer as for a thing that does not exist.
    #[error("the permission {} does not reach this", .0.name())]
    OutOfScope(Permission),
}

/// The scope in which `principal` holds `permission`: the filter of a list. `None` = refuse the whole list.
pub fn scope_of(principal: &Principal, permission: Permission) -> Option<Scope> {
    principal.grants.iter().filter(|g| g.0 == permission).map(|g| g.1).max()
}

/// The one decision: may `principal` use `permission` on `resource`? No unless a grant says yes.
///
/// # Errors
/// `Missing` without the permission in any scope, `OutOfScope` when the scope does not reach the resource.
pub fn authorize(principal: &Principal, permission: Permission, resource: &Resource) -> Result<(), Denied> {
    let scope = scope_of(principal, permission).ok_or(Denied::Missing(permission))?;
    let own = resource.owner == Some(principal.user);
    let same_team = resource.team.is_some() && resource.team == principal.team;
    let reached = match scope {
        Scope::All => true,
        Scope::Team => own || same_team,
        Scope::Own => own,
    };
    if reached { Ok(()) } else { Err(Denied::OutOfScope(permission)) }
}

#[cfg(test)]
mod tests;
