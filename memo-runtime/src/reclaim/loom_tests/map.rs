//! How a map's writers insert, grow, clear and remove while others read.
//!
//! The order of loads and stores is that of `store::map`, with two slots for a table: an entry is written, then its slot
//! (release); a bigger table is filled, then published (release); what is replaced or taken out is unlinked first, and
//! waits in the limbo list. To free a table or an entry is to write to it, which loom reports if a reader may still hold it.

use loom::{
    cell::UnsafeCell,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, AtomicUsize},
    },
    thread,
};

use super::{
    super::{Domain, Limbo},
    HERE, check,
};
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

const EMPTY: u32 = 0;
const GONE: u32 = 1;
/// The key that every model begins with, and another one. Both are above the marks; the upper half of a slot is an index.
const FIRST: u32 = 2;
const SECOND: u32 = 3;

/// No table.
const NONE: usize = 2;

struct Table {
    alive: UnsafeCell<bool>,
    slots: [AtomicU32; 2],
}

enum Garbage {
    Table(usize),
    Entry(u32),
}

struct Map {
    domain: Domain,
    table: AtomicUsize,
    tables: [Table; 2],
    /// An entry is its key, or 0 if it is freed.
    entries: [UnsafeCell<u32>; 2],
    limbo: Mutex<Limbo<Garbage>>,
}

fn slot_of(key: u32, index: u32) -> u32 {
    index << 16 | key
}

impl Map {
    /// A map with the first key, in the first table and with the first index.
    fn new() -> Arc<Self> {
        let table = |first| Table {
            alive: UnsafeCell::new(true),
            slots: [AtomicU32::new(first), AtomicU32::new(EMPTY)],
        };
        Arc::new(Self {
            domain: Domain::new(),
            table: AtomicUsize::new(0),
            tables: [table(slot_of(FIRST, 0)), table(EMPTY)],
            entries: [UnsafeCell::new(FIRST), UnsafeCell::new(0)],
            limbo: Mutex::new(Limbo::new()),
        })
    }

    /// A hit: whether the key is there.
    fn read(&self, key: u32) -> bool {
        let pin = self.domain.acquire();
        assert!(pin.enter(&self.domain, HERE, false));
        let found = self.find(key);
        pin.exit();
        pin.release();
        found
    }

    fn find(&self, key: u32) -> bool {
        let table = self.table.load(Acquire);
        if table == NONE {
            return false;
        }
        let table = &self.tables[table];
        // SAFETY: what the model is about, here and below.
        table.alive.with(|alive| assert!(unsafe { *alive }));
        for slot in &table.slots {
            let slot = slot.load(Acquire);
            if slot == EMPTY {
                return false;
            }
            if slot & 0xffff == key {
                // SAFETY: as above.
                self.entries[(slot >> 16) as usize]
                    .with(|entry| assert_eq!(unsafe { *entry }, key));
                return true;
            }
        }
        false
    }

    fn write(&self, index: u32, entry: u32) {
        // SAFETY: as above.
        self.entries[index as usize].with_mut(|it| unsafe { *it = entry });
    }

    /// Puts the second key in the second slot. Only who holds the lock may.
    fn insert(&self, table: usize, index: u32) {
        self.write(index, SECOND);
        self.tables[table].slots[1].store(slot_of(SECOND, index), Release);
    }

    /// Goes over to the second table.
    fn grow(&self) {
        let mut limbo = self.limbo.lock().unwrap();
        let word = self.tables[0].slots[0].load(Relaxed);
        self.tables[1].slots[0].store(word, Relaxed);
        self.table.store(1, Release);
        limbo.add(self.domain.advance(), Garbage::Table(0));
        self.collect(&mut limbo);
    }

    fn clear(&self) {
        let mut limbo = self.limbo.lock().unwrap();
        self.table.store(NONE, Release);
        let tag = self.domain.advance();
        limbo.add(tag, Garbage::Table(0));
        limbo.add(tag, Garbage::Entry(0));
        self.collect(&mut limbo);
    }

    /// Takes the first key out; whether its index may be used again at once.
    fn remove(&self) -> bool {
        let mut limbo = self.limbo.lock().unwrap();
        self.tables[0].slots[0].store(GONE, Release);
        limbo.add(self.domain.advance(), Garbage::Entry(0));
        self.collect(&mut limbo);
        limbo.is_empty()
    }

    fn collect(&self, limbo: &mut Limbo<Garbage>) {
        for garbage in limbo.take_below(self.domain.horizon(HERE)) {
            match garbage {
                // SAFETY: what the model is about.
                Garbage::Table(it) => {
                    self.tables[it].alive.with_mut(|alive| unsafe { *alive = false })
                }
                Garbage::Entry(index) => self.write(index, 0),
            }
        }
    }
}

/// Runs `write` while another thread runs `read`.
fn while_read<R>(
    read: impl Fn(&Map) + Copy + Send + Sync + 'static,
    write: impl Fn(&Map) -> R + Copy + Send + Sync + 'static,
) {
    check(move || {
        let map = Map::new();
        let reader = {
            let map = Arc::clone(&map);
            thread::spawn(move || read(&map))
        };
        write(&map);
        reader.join().unwrap();
        map.collect(&mut map.limbo.lock().unwrap());
        assert!(map.limbo.lock().unwrap().is_empty());
    });
}

#[test]
fn loom_an_inserted_entry_is_whole_when_it_is_found() {
    while_read(
        |map| {
            map.read(SECOND);
            assert!(map.read(FIRST));
        },
        |map| map.insert(0, 1),
    );
}

#[test]
fn loom_a_growing_map_keeps_its_entries() {
    while_read(
        |map| {
            assert!(map.read(FIRST));
            assert!(map.read(FIRST));
        },
        Map::grow,
    );
}

#[test]
fn loom_what_is_inserted_after_growing_is_found_whole() {
    while_read(
        |map| {
            map.read(SECOND);
        },
        |map| {
            map.grow();
            map.insert(1, 1);
        },
    );
}

#[test]
fn loom_a_cleared_map_is_not_freed_under_a_reader() {
    while_read(
        |map| {
            let before = map.read(FIRST);
            assert!(before || !map.read(FIRST), "what is cleared does not come back");
        },
        Map::clear,
    );
}

#[test]
fn loom_a_removed_entry_s_index_is_used_again_only_after_its_readers() {
    while_read(
        |map| {
            map.read(FIRST);
            map.read(SECOND);
        },
        |map| {
            let index = u32::from(!map.remove());
            map.insert(0, index);
        },
    );
}
