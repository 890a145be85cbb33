//! Which browser leg a datagram on a worker's shared socket is for.
use super::queue::SessionId;
use media::session::LegId;
use std::collections::HashMap;
use std::net::SocketAddr;

/// Addresses remembered for one worker; a leg has one or two. Beyond it no new address is taken.
const ADDRESSES_MAX: usize = 65_536;

type Owner = (SessionId, LegId);

#[derive(Debug, Default)]
pub(super) struct WebPeers {
    ufrags: HashMap<String, Owner>,
    addresses: HashMap<SocketAddr, Owner>,
}

impl WebPeers {
    /// Checks with this `ice-ufrag` will be for that leg.
    pub fn expect(&mut self, ufrag: &str, owner: Owner) {
        self.ufrags.insert(ufrag.to_owned(), owner);
    }

    pub fn by_ufrag(&self, ufrag: &str) -> Option<Owner> {
        self.ufrags.get(ufrag).copied()
    }

    pub fn by_address(&self, from: SocketAddr) -> Option<Owner> {
        self.addresses.get(&from).copied()
    }

    /// This address has proved that it is that leg's.
    pub fn claim(&mut self, from: SocketAddr, owner: Owner) {
        if self.addresses.len() < ADDRESSES_MAX || self.addresses.contains_key(&from) {
            self.addresses.insert(from, owner);
        }
    }

    pub fn forget(&mut self, is_gone: impl Fn(Owner) -> bool) {
        // Called for every ended session, mostly one without browser legs.
        if self.ufrags.values().any(|owner| is_gone(*owner)) {
            self.ufrags.retain(|_, owner| !is_gone(*owner));
            self.addresses.retain(|_, owner| !is_gone(*owner));
        }
    }
}
