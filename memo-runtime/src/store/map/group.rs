//! How are eight tags looked at at once, and which ones after them?
//!
//! A group is eight tags in one word. A tag is a byte: zero, which says that the slot has never been used, ends a search;
//! [`GONE`] does not; and that of an entry has the highest bit and seven bits of its hash.

use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use crate::sync::AtomicU64;

/// A slot whose entry is forgotten, or one that is not there.
pub(super) const GONE: u8 = 1;

/// How many tags a group has.
pub(super) const WIDTH: u32 = 8;
const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// The tags of a group, where readers see them.
pub(super) struct Tags(AtomicU64);

/// The tag of an entry.
#[inline]
pub(super) fn tag_of(hash: u64) -> u8 {
    (hash >> 57) as u8 | 0x80
}

impl Tags {
    /// Slots that have never been used.
    pub(super) fn new() -> Self {
        Self(AtomicU64::new(0))
    }

    /// The acquire makes the entries visible whose tags are seen.
    #[inline]
    pub(super) fn load(&self) -> Group {
        Group(self.0.load(Acquire))
    }

    /// Sets the tag of the first slot that has never been used, if there is one; its position. For tables that nobody else sees.
    #[inline]
    pub(super) fn take_first(&self, tag: u8) -> Option<u32> {
        let tags = Group(self.0.load(Relaxed));
        let position = tags.empty().first()?;
        self.0.store(tags.0 | u64::from(tag) << (position * 8), Relaxed);
        Some(position)
    }

    /// Publishes what was written to slots before. For the holder of the lock.
    #[inline]
    pub(super) fn store(&self, group: Group) {
        // The whole word, never a byte of it: accesses of different sizes to one place would be a race.
        self.0.store(group.0, Release);
    }
}

/// The groups that a search comes to.
pub(super) struct Steps {
    pub(super) group: u32,
    pub(super) stride: u32,
    mask: u32,
}

impl Steps {
    #[inline]
    #[allow(clippy::cast_possible_truncation, reason = "the low bits are what is taken")]
    pub(super) fn new(hash: u64, mask: u32) -> Self {
        Self { group: hash as u32 & mask, stride: 0, mask }
    }

    #[inline]
    pub(super) fn advance(&mut self) {
        self.stride += 1;
        self.group = (self.group + self.stride) & self.mask;
    }
}

/// What the tags of a group were.
#[derive(Clone, Copy)]
pub(super) struct Group(u64);

impl Group {
    /// Where that tag may be: all slots that have it, and perhaps some others that have entries.
    #[inline]
    pub(super) fn with(self, tag: u8) -> Positions {
        // Without the highest bit, so that this is left of each tag of an entry; nothing else is where it is the same.
        let left = self.0 ^ (ONES * u64::from(tag & 0x7f));
        Positions(left & !left.wrapping_sub(ONES) & HIGH)
    }

    /// The slots that have never been used.
    #[inline]
    pub(super) fn empty(self) -> Positions {
        // `GONE` has the lowest bit, tags of entries the highest.
        Positions(!self.0 & !(self.0 << 7) & HIGH)
    }

    /// The slots without an entry.
    #[inline]
    pub(super) fn vacant(self) -> Positions {
        Positions(!self.0 & HIGH)
    }

    /// The slots with an entry.
    #[inline]
    pub(super) fn taken(self) -> Positions {
        Positions(self.0 & HIGH)
    }

    pub(super) fn is_gone(self, position: u32) -> bool {
        self.tag(position) == u64::from(GONE)
    }

    /// The same with another tag for one slot.
    #[inline]
    pub(super) fn with_tag(self, position: u32, tag: u8) -> Self {
        let shift = position * 8;
        Self(self.0 & !(0xff << shift) | u64::from(tag) << shift)
    }

    /// Whether the slot has an entry.
    #[inline]
    pub(super) fn is_taken(self, position: u32) -> bool {
        self.tag(position) & 0x80 != 0
    }

    /// Whether the slot has never been used.
    #[inline]
    pub(super) fn is_empty(self, position: u32) -> bool {
        self.tag(position) == 0
    }

    #[inline]
    fn tag(self, position: u32) -> u64 {
        self.0 >> (position * 8) & 0xff
    }
}

/// Positions in a group, in order.
pub(super) struct Positions(u64);

impl Positions {
    #[inline]
    pub(super) fn first(&self) -> Option<u32> {
        Some(self.first_bit()? / 8)
    }

    /// The number of the highest bit of the first one's tag.
    #[inline]
    pub(super) fn first_bit(&self) -> Option<u32> {
        if self.0 == 0 { None } else { Some(self.0.trailing_zeros()) }
    }

    /// Those from that one on.
    #[inline]
    pub(super) fn from(self, position: u32) -> Self {
        Self(self.0 & (u64::MAX << (position * 8)))
    }
}

impl Iterator for Positions {
    type Item = u32;
    #[inline]
    fn next(&mut self) -> Option<u32> {
        let first = self.first()?;
        self.0 &= self.0 - 1;
        Some(first)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_group_tells_its_slots_apart() {
        let tags = Tags::new();
        let all = |positions: Positions| positions.collect::<Vec<_>>();
        assert_eq!(all(tags.load().empty()), [0, 1, 2, 3, 4, 5, 6, 7]);
        let (tag, near) = (tag_of(3 << 57), tag_of(2 << 57));
        for (position, tag) in [(0, tag), (1, near), (2, GONE), (5, tag), (7, near)] {
            tags.store(tags.load().with_tag(position, tag));
        }
        let group = tags.load();
        assert_eq!(all(group.empty()), [3, 4, 6]);
        assert_eq!(all(group.vacant()), [2, 3, 4, 6]);
        assert_eq!(all(group.taken()), [0, 1, 5, 7]);
        assert_eq!(all(group.taken().from(1)), [1, 5, 7]);
        assert!(group.is_gone(2) && !group.is_gone(3) && !group.is_gone(0));
        let found = all(group.with(tag));
        assert!(found.contains(&0) && found.contains(&5));
        assert!(found.iter().all(|it| [0, 1, 5, 7].contains(it)), "{found:?} have entries");
    }
}
