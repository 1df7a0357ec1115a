impl Draw for Circle {
    fn outline(&self) -> Outline {
        ::memo_runtime::__private::instance_in::<
            13219106096605043557u64,
            _,
            _,
            _,
        >(self, |caches| &caches.outline)
            .only_if(|result: &Outline| {
                ::memo_runtime::__private::Probe::new(result).is_kept()
            })
            .call((), |()| -> Outline { Outline::of(self) })
    }
}
impl Circle {
    /// The cache of `outline`: its size and counts, and ways to look up, insert and forget entries.
    #[allow(dead_code)]
    #[must_use]
    #[inline]
    pub(crate) fn outline_cache(
        &self,
    ) -> ::memo_runtime::__private::MethodCache<
        '_,
        impl ::memo_runtime::__private::CacheOf<(), Outline>,
    > {
        ::memo_runtime::__private::instance_in::<
            13219106096605043557u64,
            _,
            _,
            _,
        >(self, |caches| &caches.outline)
            .cache()
    }
}
const _: () = {
    #[allow(dead_code)]
    pub struct __CircleCaches {
        outline: ::memo_runtime::__private::Once<Outline>,
    }
    #[automatically_derived]
    impl ::memo_runtime::__private::CacheSet for __CircleCaches {
        fn new() -> Self {
            Self {
                outline: ::memo_runtime::__private::Once::new(),
            }
        }
        fn empty(&mut self) {
            ::memo_runtime::__private::AnyStore::empty(&mut self.outline);
        }
        fn absorb(&self, other: &Self) {
            ::memo_runtime::__private::AnyStore::absorb(&self.outline, &other.outline);
        }
    }
    #[automatically_derived]
    impl ::memo_runtime::__private::MemoizedBlock<
        ::memo_runtime::__private::Named<13219106096605043557u64>,
    > for Circle {
        type Caches = __CircleCaches;
    }
};
