//! The golden table of roles and permissions, and the reach of each scope.
use super::*;
use uuid::Uuid;

/// Rows: permissions. Columns in the order of `Role::ALL`. `.` none, `o` own, `t` team, `A` all.
const GOLDEN: &str = "\
agent.work          o o o . . . . . .
agent.supervise     . . t . . . A . .
call.dial           o o o . . . . . .
call.control        o o t . . . . . .
call.monitor        . . t . . . . . .
live.view           . . A . . A A . .
board.write         . . A . . A A . .
alert.acknowledge   . . A . . . A . .
planning.use        . . A . . A A . .
interaction.read    o t A A o A A . .
callback.read       A A A . . A A . .
callback.write      A A A . . . A . .
interaction.wrap_up o o t . . . . . .
recording.play      o t t A . . . . .
customer.read       A A A A . . A . .
customer.write      A A A . . . . . .
customer.reveal     . A A . . . . . .
user.read           . . A A . A A A .
user.manage         . . . . . . A . .
user.credentials    . . . . . . . A .
role.assign         . . . . . . . A .
config.read         A A A A A A A . .
config.write        . . . . . . A . .
calendar.switch     . . A . . . A . .
api_key.manage      . . . . . . . A .
audit.read          . . . . . . . . A
";

fn user(n: u128) -> UserId {
    UserId(Uuid::from_u128(n))
}
fn team(n: u128) -> TeamId {
    TeamId(Uuid::from_u128(n))
}

#[test]
fn roles_hold_exactly_what_the_table_says() {
    let mut table = String::new();
    for p in Permission::ALL {
        let cells = Role::ALL.map(|r| match scope_of(&Principal::with_roles(user(1), None, &[r]), *p) {
            None => ".",
            Some(Scope::Own) => "o",
            Some(Scope::Team) => "t",
            Some(Scope::All) => "A",
        });
        table += &format!("{:<19} {}\n", p.name(), cells.join(" "));
    }
    assert_eq!(table, GOLDEN);
}

#[test]
fn a_scope_reaches_what_it_names_and_no_further() {
    // (scope, resource, reached) for user 1 of team 10.
    let rows = [
        (Scope::Own, Resource::owned(user(1), Some(team(10))), true),
        (Scope::Own, Resource::owned(user(2), Some(team(10))), false),
        (Scope::Own, Resource::HOUSE, false),
        (Scope::Team, Resource::owned(user(1), None), true),
        (Scope::Team, Resource::owned(user(2), Some(team(10))), true),
        (Scope::Team, Resource { owner: None, team: Some(team(10)) }, true),
        (Scope::Team, Resource::owned(user(2), Some(team(11))), false),
        (Scope::Team, Resource::owned(user(2), None), false),
        (Scope::Team, Resource::HOUSE, false),
        (Scope::All, Resource::owned(user(2), Some(team(11))), true),
        (Scope::All, Resource::HOUSE, true),
    ];
    for (scope, resource, reached) in rows {
        let p = Principal { user: user(1), team: Some(team(10)), grants: vec![(Permission::RecordingPlay, scope)] };
        assert_eq!(authorize(&p, Permission::RecordingPlay, &resource).is_ok(), reached, "{scope:?} {resource:?}");
    }
    // Without a team of one's own, `None == None` is not a team in common.
    let p = Principal { user: user(1), team: None, grants: vec![(Permission::RecordingPlay, Scope::Team)] };
    assert_eq!(
        authorize(&p, Permission::RecordingPlay, &Resource::owned(user(2), None)),
        Err(Denied::OutOfScope(Permission::RecordingPlay))
    );
}

#[test]
fn nothing_is_allowed_by_default() {
    let nobody = Principal::with_roles(user(1), None, &[]);
    for p in Permission::ALL {
        assert_eq!(authorize(&nobody, *p, &Resource::owned(user(1), None)), Err(Denied::Missing(*p)));
    }
}

#[test]
fn the_wider_of_two_roles_counts() {
    let p = Principal::with_roles(user(1), None, &[Role::Supervisor, Role::Inspector, Role::Agent]);
    assert_eq!(scope_of(&p, Permission::RecordingPlay), Some(Scope::All));
    assert_eq!(p.grants.iter().filter(|g| g.0 == Permission::RecordingPlay).count(), 1);
}

#[test]
fn names_are_stable_both_ways() {
    for p in Permission::ALL {
        assert_eq!(p.name().parse::<Permission>(), Ok(*p));
        assert_eq!(serde_json::from_value::<Permission>(serde_json::to_value(p).unwrap()).unwrap(), *p);
    }
    assert!("recording.steal".parse::<Permission>().is_err());
    assert!(serde_json::from_str::<Permission>("\"x\"").is_err());
    for r in Role::ALL {
        assert_eq!(serde_json::to_value(r).unwrap(), r.name());
    }
}
