//! What does the injected field add to what its struct is? Nothing: a clone starts empty, all are equal, and nothing is hashed.

use std::{
    fmt,
    hash::{Hash, Hasher},
};

use super::InstanceCaches;

impl<S> Default for InstanceCaches<S> {
    #[inline]
    fn default() -> Self {
        Self::new()
    }
}
impl<S> Clone for InstanceCaches<S> {
    #[inline]
    fn clone(&self) -> Self {
        Self::new()
    }
}
impl<S> PartialEq for InstanceCaches<S> {
    #[inline]
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}
impl<S> Eq for InstanceCaches<S> {}
impl<S> Hash for InstanceCaches<S> {
    #[inline]
    fn hash<H: Hasher>(&self, _state: &mut H) {}
}
impl<S> PartialOrd for InstanceCaches<S> {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<S> Ord for InstanceCaches<S> {
    #[inline]
    fn cmp(&self, _other: &Self) -> std::cmp::Ordering {
        std::cmp::Ordering::Equal
    }
}
impl<S> fmt::Debug for InstanceCaches<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<caches>")
    }
}
