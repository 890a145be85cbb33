//! The last messages of one topic, so that a client that was away a moment misses none.
use std::collections::VecDeque;

/// A bounded history: `seq` counts from 1 and never repeats within an epoch.
#[derive(Debug)]
pub struct Ring<T> {
    items: VecDeque<T>,
    /// Sequence number of the newest item; 0 = none yet.
    last: u64,
    len_max: usize,
}

impl<T: Clone> Ring<T> {
    pub fn new(len_max: usize) -> Self {
        Self { items: VecDeque::new(), last: 0, len_max: len_max.max(1) }
    }

    pub fn last(&self) -> u64 {
        self.last
    }

    /// Adds a message and gives its number.
    pub fn push(&mut self, item: T) -> u64 {
        if self.items.len() == self.len_max {
            self.items.pop_front();
        }
        self.items.push_back(item);
        self.last += 1;
        self.last
    }

    /// Everything after `seq`, with numbers; `None` when some of it is gone or `seq` was never given out.
    pub fn after(&self, seq: u64) -> Option<Vec<(u64, T)>> {
        let oldest_kept = self.last - self.items.len() as u64 + 1;
        if seq > self.last || seq + 1 < oldest_kept {
            return None;
        }
        let skip = (seq + 1 - oldest_kept) as usize;
        Some(self.items.iter().skip(skip).cloned().zip(seq + 1..).map(|(item, n)| (n, item)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resumes_from_what_is_kept_and_only_from_that() {
        let mut ring = Ring::new(3);
        assert_eq!(ring.after(0), Some(vec![]), "nothing happened, nothing missed");
        assert_eq!(ring.after(1), None, "a number never given out");
        for c in ['a', 'b', 'c', 'd'] {
            ring.push(c);
        }
        assert_eq!(ring.last(), 4);
        assert_eq!(ring.after(4), Some(vec![]));
        assert_eq!(ring.after(2), Some(vec![(3, 'c'), (4, 'd')]));
        assert_eq!(ring.after(1), Some(vec![(2, 'b'), (3, 'c'), (4, 'd')]));
        assert_eq!(ring.after(0), None, "a is gone");
    }
}
