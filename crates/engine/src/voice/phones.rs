//! Desk phones: what they prove themselves with, and who is registered.
use super::driver::Driver;
use super::router_link::Want;
use domain::call::Directory;
use domain::{CallId, routing};
use signaling::{Ha1s, RegistrationChange};
use std::collections::HashSet;
use std::sync::Arc;

#[derive(Default)]
pub(super) struct Phones {
    with_secret: HashSet<String>,
}

impl Driver {
    /// `Context::setup` holds something new: dial plan, names, trunks, secrets, sounds follow it. Running calls keep what they began with.
    pub fn setup_changed(&mut self) {
        let setup = self.ctx.setup.load_full();
        let users: Vec<_> = setup.users.iter().map(|u| u.user.clone()).collect();
        let trunks: Vec<_> = setup.trunks.iter().map(|t| t.trunk.clone()).collect();
        let hours = (*self.ctx.hours.load_full()).clone();
        self.directory = Arc::new(Directory::new(&setup.numbers, &setup.queues, &users, &trunks).with_hours(hours));
        self.follow_names();
        self.follow_trunks();
        self.follow_sounds();
        self.follow_secrets(&setup);
    }

    /// Phones prove themselves with the hash that the set-up holds; one without a hash, or of somebody disabled, cannot register.
    fn follow_secrets(&mut self, setup: &crate::config::Setup) {
        let phones = setup.users.iter().filter(|u| !u.user.disabled).filter_map(|u| {
            let secret = u.sip.as_ref()?;
            let ha1s = Ha1s { md5: Some(secret.ha1_md5.clone()), sha256: Some(secret.ha1_sha256.clone()) };
            Some((u.user.extension.clone()?, ha1s))
        });
        let mut now = HashSet::new();
        for (extension, ha1s) in phones {
            self.endpoint.set_credentials(&extension, ha1s);
            now.insert(extension);
        }
        for gone in self.phones.with_secret.difference(&now) {
            self.endpoint.remove_credentials(gone);
        }
        self.phones.with_secret = now;
    }

    pub fn on_registration(&mut self, change: RegistrationChange) {
        tracing::info!(extension = change.user, bindings = change.bindings, "desk phone registration");
        if !(change.came || change.gone) {
            return;
        }
        if let Some(agent) = self.directory.user_by_extension(&change.user) {
            let none = CallId(uuid::Uuid::nil());
            self.tell_router(none, routing::Input::PhoneRegistered { agent, registered: change.came }, Want::Nothing);
        }
    }
}
