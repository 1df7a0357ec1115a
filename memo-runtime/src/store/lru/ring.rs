//! In which order were entries used?
//!
//! Entries form a ring: each one knows the next newer and the next older one, and the newest and the oldest one know each
//! other. They lie in chunks that never move, and are known by a [`Link`], their address.
//!
//! # Invariants
//!
//! - A node is *in the ring*, or *free* and in the list of free nodes, or has never been used. Only one in the ring has an
//!   entry, and only `newer` and `older` of those, and `older` of a free one, are read.
//! - `newest` is null if there is no entry. The pointers of nodes in the ring go to nodes in the ring.
//! - All nodes are in chunks of the ring, which are freed only when it is dropped.

use crate::store::guarded::drop_each;
use std::{
    mem::{self, MaybeUninit},
    ptr::{self, NonNull},
};

/// Entries in the order of their use.
pub(super) struct Ring<E> {
    newest: *mut Node<E>,
    free: *mut Node<E>,
    len: usize,
    /// How many nodes of the last chunk have never been used; they are the first ones.
    unused: usize,
    chunks: Chunks<E>,
}

struct Node<E> {
    newer: *mut Node<E>,
    older: *mut Node<E>,
    entry: MaybeUninit<E>,
}

/// From `Box::into_raw`.
struct Chunks<E>(Vec<*mut [MaybeUninit<Node<E>>]>);

const FIRST_CHUNK: usize = 4;

/// Where an entry is.
pub(super) struct Link<E>(NonNull<Node<E>>);

impl<E> Clone for Link<E> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<E> Copy for Link<E> {}
impl<E> PartialEq for Link<E> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<E> Ring<E> {
    pub(super) fn new() -> Self {
        Ring {
            newest: ptr::null_mut(),
            free: ptr::null_mut(),
            len: 0,
            unused: 0,
            chunks: Chunks(Vec::new()),
        }
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// An entry.
    ///
    /// # Safety
    ///
    /// The entry at `link` is in this ring.
    #[inline]
    #[allow(clippy::unused_self, reason = "the entry is borrowed like the ring")]
    pub(super) unsafe fn get(&self, link: Link<E>) -> &E {
        // SAFETY: a node in the ring has an entry, which is borrowed like the ring.
        unsafe { (*link.0.as_ptr()).entry.assume_init_ref() }
    }

    /// Makes an entry the newest one.
    ///
    /// # Safety
    ///
    /// The entry at `link` is in this ring.
    #[inline]
    pub(super) unsafe fn touch(&mut self, link: Link<E>) {
        let node = link.0.as_ptr();
        if node != self.newest {
            // SAFETY: the node is in the ring, and not alone there; then it is not.
            unsafe {
                unlink(node);
                self.link_as_newest(node);
            }
        }
    }

    /// Adds an entry as the newest one. `limit` is how many there will ever be.
    pub(super) fn push(&mut self, entry: E, limit: usize) -> Link<E> {
        let node = self.vacant(limit);
        // SAFETY: the node is in a chunk, and in nobody's use.
        unsafe {
            (*node).entry = MaybeUninit::new(entry);
            if self.newest.is_null() {
                (*node).newer = node;
                (*node).older = node;
                self.newest = node;
            } else {
                self.link_as_newest(node);
            }
            self.len += 1;
            Link(NonNull::new_unchecked(node))
        }
    }

    /// Puts an entry in the place of the oldest one, and makes it the newest one; the old one. If there is one.
    pub(super) fn replace_oldest(&mut self, entry: E) -> Option<(Link<E>, E)> {
        let newest = NonNull::new(self.newest)?;
        // SAFETY: `newest` is in the ring, and so is `oldest`, which has an entry.
        unsafe {
            let oldest = (*newest.as_ptr()).newer;
            self.newest = oldest;
            let old = mem::replace((*oldest).entry.assume_init_mut(), entry);
            Some((Link(NonNull::new_unchecked(oldest)), old))
        }
    }

    /// Takes an entry out.
    ///
    /// # Safety
    ///
    /// The entry at `link` is in this ring. It is not any more.
    pub(super) unsafe fn remove(&mut self, link: Link<E>) -> E {
        let node = link.0.as_ptr();
        // SAFETY: the node is in the ring, so it has an entry; then it is free, and its entry is not used again.
        unsafe {
            if (*node).newer == node {
                self.newest = ptr::null_mut();
            } else if self.newest == node {
                self.newest = (*node).older;
            }
            unlink(node);
            (*node).older = self.free;
            self.free = node;
            self.len -= 1;
            (*node).entry.assume_init_read()
        }
    }

    /// A node that is in nobody's use.
    fn vacant(&mut self, limit: usize) -> *mut Node<E> {
        if let Some(node) = NonNull::new(self.free) {
            // SAFETY: a free node leads to the next one.
            self.free = unsafe { (*node.as_ptr()).older };
            return node.as_ptr();
        }
        if self.unused == 0 {
            self.unused = self.len.max(FIRST_CHUNK).min(limit.saturating_sub(self.len)).max(1);
            self.chunks.0.push(Box::into_raw(Box::new_uninit_slice(self.unused)));
        }
        self.unused -= 1;
        let chunk = self.chunks.0.last().copied().expect("there is one now");
        // SAFETY: the last chunk has more than `unused` nodes.
        unsafe { chunk.cast::<Node<E>>().add(self.unused) }
    }

    /// # Safety
    ///
    /// `node` is in a chunk and not in the ring, which is not empty.
    #[inline]
    unsafe fn link_as_newest(&mut self, node: *mut Node<E>) {
        let newest = self.newest;
        // SAFETY: `newest` is in the ring, and so is the oldest one; `node` is the caller's.
        unsafe {
            let oldest = (*newest).newer;
            (*newest).newer = node;
            (*oldest).older = node;
            (*node).newer = oldest;
            (*node).older = newest;
        }
        self.newest = node;
    }
}

/// Makes the neighbours of a node each other's.
///
/// # Safety
///
/// The node is in a ring.
#[inline]
unsafe fn unlink<E>(node: *mut Node<E>) {
    // SAFETY: its neighbours are in the ring, too.
    unsafe {
        let Node { newer, older, .. } = *node;
        (*newer).older = older;
        (*older).newer = newer;
    }
}

impl<E> Drop for Ring<E> {
    fn drop(&mut self) {
        drop_each(|| {
            let newest = NonNull::new(self.newest)?;
            // SAFETY: `newest` is in the ring.
            Some(unsafe { self.remove(Link(newest)) })
        });
    }
}

impl<E> Drop for Chunks<E> {
    fn drop(&mut self) {
        for chunk in self.0.drain(..) {
            // SAFETY: it comes from `Box::into_raw`; the ring is gone, and with it all that points there.
            drop(unsafe { Box::from_raw(chunk) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::{cell::RefCell, rc::Rc};

    /// From the newest to the oldest, and back.
    fn entries(ring: &Ring<Rc<u32>>) -> Vec<u32> {
        let Some(newest) = NonNull::new(ring.newest) else { return Vec::new() };
        let (mut node, mut there, mut back) = (newest.as_ptr(), Vec::new(), Vec::new());
        for _ in 0..ring.len {
            // SAFETY: nodes in the ring lead to nodes in the ring.
            unsafe {
                there.push(**(*node).entry.assume_init_ref());
                node = (*node).older;
            }
        }
        for _ in 0..ring.len {
            // SAFETY: as above.
            unsafe {
                node = (*node).newer;
                back.insert(0, **(*node).entry.assume_init_ref());
            }
        }
        assert_eq!(there, back);
        there
    }

    proptest! {
        #[test]
        fn it_is_a_list_of_entries(steps in proptest::collection::vec((0..5u8, any::<usize>()), 0..200)) {
            let mut ring = Ring::new();
            let mut model = Vec::<(u32, Link<Rc<u32>>)>::new();
            let all = RefCell::new(Vec::new());
            let new = |value| {
                let entry = Rc::new(value);
                all.borrow_mut().push(Rc::downgrade(&entry));
                entry
            };
            for (value, (step, pick)) in (0..).zip(steps) {
                match step {
                    0 | 1 => model.insert(0, (value, ring.push(new(value), 100))),
                    _ if model.is_empty() => {}
                    2 => {
                        let touched = model.remove(pick % model.len());
                        // SAFETY: the model has those that are in the ring.
                        unsafe { ring.touch(touched.1) };
                        model.insert(0, touched);
                    }
                    3 => {
                        let (gone, _) = model.pop().expect("it is not empty");
                        let (link, old) = ring.replace_oldest(new(value)).expect("it is not empty");
                        prop_assert_eq!(*old, gone);
                        model.insert(0, (value, link));
                    }
                    _ => {
                        let (gone, link) = model.remove(pick % model.len());
                        // SAFETY: as above.
                        prop_assert_eq!(*unsafe { ring.remove(link) }, gone);
                    }
                }
                let expected: Vec<_> = model.iter().map(|entry| entry.0).collect();
                prop_assert_eq!((entries(&ring), ring.len()), (expected, model.len()));
                let alive = all.borrow().iter().filter(|entry| entry.strong_count() > 0).count();
                prop_assert_eq!(alive, model.len());
            }
            drop(ring);
            prop_assert!(all.borrow().iter().all(|entry| entry.strong_count() == 0));
        }
    }
}
