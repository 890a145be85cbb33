//! Which role holds which permission, and how far. This table is the product's; `tests.rs` keeps a golden copy.
use super::Permission::*;
use super::Scope::{All, Own, Team};
use super::{Permission, Role, Scope};

type Grants = &'static [(Permission, Scope)];

const AGENT: Grants = &[
    (AgentWork, Own),
    (CallDial, Own),
    (CallControl, Own),
    (InteractionRead, Own),
    (CallbackRead, All),
    (CallbackWrite, All),
    (InteractionWrapUp, Own),
    (RecordingPlay, Own),
    (CustomerRead, All),
    (CustomerWrite, All),
    (ConfigRead, All),
];
const SENIOR_AGENT: Grants = &[
    (AgentWork, Own),
    (CallDial, Own),
    (CallControl, Own),
    (InteractionRead, Team),
    (CallbackRead, All),
    (CallbackWrite, All),
    (InteractionWrapUp, Own),
    (RecordingPlay, Team),
    (CustomerRead, All),
    (CustomerWrite, All),
    (CustomerReveal, All),
    (ConfigRead, All),
];
/// Sees the whole floor and every interaction (an abandoned call has no team), but listens and steps in only within the team.
const SUPERVISOR: Grants = &[
    (AgentWork, Own),
    (AgentSupervise, Team),
    (CallDial, Own),
    (CallControl, Team),
    (CallMonitor, Team),
    (LiveView, All),
    (BoardWrite, All),
    (AlertAcknowledge, All),
    (PlanningUse, All),
    (InteractionRead, All),
    (CallbackRead, All),
    (CallbackWrite, All),
    (InteractionWrapUp, Team),
    (RecordingPlay, Team),
    (CustomerRead, All),
    (CustomerWrite, All),
    (CustomerReveal, All),
    (UserRead, All),
    (ConfigRead, All),
    (CalendarSwitch, All),
];
const INSPECTOR: Grants = &[(InteractionRead, All), (RecordingPlay, All), (CustomerRead, All), (UserRead, All), (ConfigRead, All)];
const KNOWLEDGE_EDITOR: Grants = &[(InteractionRead, Own), (ConfigRead, All)];
const ANALYST: Grants = &[
    (LiveView, All),
    (BoardWrite, All),
    (PlanningUse, All),
    (InteractionRead, All),
    (CallbackRead, All),
    (UserRead, All),
    (ConfigRead, All),
];
/// Runs the set-up. No audit, no recordings, no roles: those belong to others.
const ADMIN: Grants = &[
    (AgentSupervise, All),
    (LiveView, All),
    (BoardWrite, All),
    (AlertAcknowledge, All),
    (PlanningUse, All),
    (InteractionRead, All),
    (CallbackRead, All),
    (CallbackWrite, All),
    (CustomerRead, All),
    (UserRead, All),
    (UserManage, All),
    (ConfigRead, All),
    (ConfigWrite, All),
    (CalendarSwitch, All),
];
const SECURITY_ADMIN: Grants = &[(UserRead, All), (UserCredentials, All), (RoleAssign, All), (ApiKeyManage, All)];
const AUDITOR: Grants = &[(AuditRead, All)];

/// The permissions of one role with their scopes.
pub const fn grants_of(role: Role) -> Grants {
    match role {
        Role::Agent => AGENT,
        Role::SeniorAgent => SENIOR_AGENT,
        Role::Supervisor => SUPERVISOR,
        Role::Inspector => INSPECTOR,
        Role::KnowledgeEditor => KNOWLEDGE_EDITOR,
        Role::Analyst => ANALYST,
        Role::Admin => ADMIN,
        Role::SecurityAdmin => SECURITY_ADMIN,
        Role::Auditor => AUDITOR,
    }
}
