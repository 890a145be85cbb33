//! A slab with generations and a timer queue.
use crate::{Time, TimerReason};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A place in a [`Slab`] that notices when its occupant was replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Ix {
    at: u32,
    generation: u32,
}

#[derive(Debug)]
enum Slot<T> {
    Free { next: Option<u32> },
    Used(T),
}

#[derive(Debug)]
pub(crate) struct Slab<T> {
    slots: Vec<(u32, Slot<T>)>,
    free: Option<u32>,
    len: usize,
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Slab { slots: Vec::new(), free: None, len: 0 }
    }
}

impl<T> Slab<T> {
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn insert(&mut self, value: T) -> Ix {
        self.len += 1;
        match self.free {
            Some(at) => {
                let (generation, slot) = &mut self.slots[at as usize];
                if let Slot::Free { next } = slot {
                    self.free = *next;
                }
                *slot = Slot::Used(value);
                Ix { at, generation: *generation }
            }
            None => {
                let at = u32::try_from(self.slots.len()).expect("limits keep slabs far below 2^32");
                self.slots.push((0, Slot::Used(value)));
                Ix { at, generation: 0 }
            }
        }
    }

    pub fn get(&self, ix: Ix) -> Option<&T> {
        match self.slots.get(ix.at as usize) {
            Some((generation, Slot::Used(value))) if *generation == ix.generation => Some(value),
            _ => None,
        }
    }

    pub fn get_mut(&mut self, ix: Ix) -> Option<&mut T> {
        match self.slots.get_mut(ix.at as usize) {
            Some((generation, Slot::Used(value))) if *generation == ix.generation => Some(value),
            _ => None,
        }
    }

    pub fn remove(&mut self, ix: Ix) -> Option<T> {
        let (generation, slot) = self.slots.get_mut(ix.at as usize)?;
        if *generation != ix.generation || matches!(slot, Slot::Free { .. }) {
            return None;
        }
        *generation = generation.wrapping_add(1);
        self.len -= 1;
        let old = std::mem::replace(slot, Slot::Free { next: self.free });
        self.free = Some(ix.at);
        match old {
            Slot::Used(value) => Some(value),
            Slot::Free { .. } => None,
        }
    }
}

/// Deadlines in order. Nothing is cancelled: whoever is woken compares with its own deadline.
#[derive(Debug)]
pub(crate) struct TimerQueue<K> {
    heap: BinaryHeap<Reverse<(Time, u64, K, TimerReason)>>,
    number: u64,
}

impl<K: Ord + Copy> TimerQueue<K> {
    pub fn new() -> Self {
        TimerQueue { heap: BinaryHeap::new(), number: 0 }
    }

    pub fn push(&mut self, at: Time, key: K, reason: TimerReason) {
        self.number += 1;
        self.heap.push(Reverse((at, self.number, key, reason)));
    }

    pub fn peek(&self) -> Option<(Time, K, TimerReason)> {
        self.heap.peek().map(|Reverse((at, _, key, reason))| (*at, *key, *reason))
    }

    pub fn pop(&mut self) -> Option<(Time, K, TimerReason)> {
        self.heap.pop().map(|Reverse((at, _, key, reason))| (at, key, reason))
    }

    pub fn len(&self) -> usize {
        self.heap.len()
    }
}

/// A hash map whose keys are random or keyed hashes already.
pub(crate) type HashedMap<K, V> = std::collections::HashMap<K, V, std::hash::BuildHasherDefault<Identity>>;

/// Takes the key's own bits.
#[derive(Default)]
pub(crate) struct Identity(u64);

impl std::hash::Hasher for Identity {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &b in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(b);
        }
    }

    fn write_u64(&mut self, n: u64) {
        self.0 ^= n;
    }

    fn write_u128(&mut self, n: u128) {
        // The low half carries enough randomness; equality looks at both.
        self.0 ^= n as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_place_does_not_reach_its_successor() {
        let mut slab = Slab::default();
        let (a, b) = (slab.insert('a'), slab.insert('b'));
        assert_eq!(slab.remove(a), Some('a'));
        let c = slab.insert('c');
        assert_eq!((slab.get(a), slab.get(b), slab.get(c), slab.len()), (None, Some(&'b'), Some(&'c'), 2));
        assert_eq!((slab.remove(a), slab.get_mut(a)), (None, None));
    }

    #[test]
    fn timers_come_in_order_and_ties_first_come_first() {
        let mut queue = TimerQueue::new();
        for (at, key) in [(3, 'c'), (1, 'a'), (3, 'd'), (2, 'b')] {
            queue.push(Time(at), key, TimerReason::Linger);
        }
        let order: String = std::iter::from_fn(|| queue.pop()).map(|(_, key, _)| key).collect();
        assert_eq!(order, "abcd");
    }
}
