//! The traits of a store that is nothing but a [`Guarded`](super::Guarded) with a fixed limit.

/// Implements them for `$store`, whose one field is `guarded`.
///
/// `any` are its parameters, with the bounds that make it exist.
macro_rules! delegate {
    (
        $store:ty;
        any [$($any:tt)*];
        key $key:ty; value $value:ident;
        limit $limit:expr; capacity $capacity:expr;
        $($hash:item)*
    ) => {
        impl<$($any)*> Default for $store {
            fn default() -> Self {
                Self::new()
            }
        }

        impl<$($any)*> $crate::store::AnyStore for $store {
            fn empty(&mut self) {
                self.guarded.empty();
            }
            fn absorb(&self, other: &Self) {
                self.guarded.absorb($limit, &other.guarded);
            }
        }

        impl<$($any)*> $crate::store::Store for $store {
            type Key = $key;
            type Value = $value;
            $($hash)*
            fn begin(&self, _hash: u64) -> $crate::store::Ticket {
                self.guarded.begin($limit)
            }
            fn contains<A: $crate::key::Lookup<$key>>(&self, hash: u64, args: &A) -> bool {
                self.guarded.contains(hash, args)
            }
            fn info(&self) -> $crate::info::CacheInfo {
                self.guarded.info($capacity)
            }
        }

        impl<$($any)*> $crate::store::CloneStore for $store {
            #[inline]
            fn hit<A: $crate::key::Lookup<$key>>(&self, hash: u64, args: &A) -> Option<$value>
            where
                $value: Clone,
            {
                self.guarded.hit(hash, args)
            }
            #[inline]
            fn hit_or<A, O, R>(
                &self,
                hash: u64,
                args: A,
                miss: impl FnOnce(&Self, u64, A) -> R,
            ) -> R
            where
                A: $crate::key::Lookup<$key>,
                O: $crate::outcome::Outcome<R, Value = $value>,
                $value: Clone,
            {
                self.guarded.hit_or::<A, O, R>(hash, args, |hash, args| miss(self, hash, args))
            }
            fn keep_by(
                &self,
                ticket: $crate::store::Ticket,
                hash: u64,
                key: $crate::store::StoredKey<Self>,
                value: $value,
                same: impl $crate::store::Same<$crate::store::StoredKey<Self>>,
            ) -> $crate::store::Kept<$value>
            where
                $value: Clone,
            {
                self.guarded.keep($limit, ticket, hash, key, value, same)
            }
            fn peek<A: $crate::key::Lookup<$key>>(&self, hash: u64, args: &A) -> Option<$value>
            where
                $value: Clone,
            {
                self.guarded.peek(hash, args)
            }
            fn insert(&self, hash: u64, key: $crate::store::StoredKey<Self>, value: $value)
            where
                Self::Key: $crate::key::KeyType,
            {
                self.guarded.insert($limit, hash, key, value);
            }
            fn remove<A: $crate::key::Lookup<$key>>(&self, hash: u64, args: &A) -> bool {
                self.guarded.remove($limit, hash, args)
            }
            fn clear(&self) {
                self.guarded.clear();
            }
        }
    };
}
pub(crate) use delegate;
