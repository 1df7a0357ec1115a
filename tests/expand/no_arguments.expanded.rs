impl Circle {
    fn area(&self) -> f64 {
        ::memo_runtime::__private::instance(self, |caches| &caches.area)
            .call((), |()| -> f64 { self.radius * self.radius })
    }
    /// The cache of `area`: its size and counts, and ways to look up, insert and forget entries.
    #[allow(dead_code)]
    #[must_use]
    #[inline]
    fn area_cache(
        &self,
    ) -> ::memo_runtime::__private::MethodCache<
        '_,
        impl ::memo_runtime::__private::CacheOf<(), f64>,
    > {
        ::memo_runtime::__private::instance(self, |caches| &caches.area).cache()
    }
}
const _: () = {
    #[allow(dead_code)]
    pub struct __CircleCaches {
        area: ::memo_runtime::__private::Once<f64>,
    }
    #[automatically_derived]
    impl ::memo_runtime::__private::CacheSet for __CircleCaches {
        fn new() -> Self {
            Self {
                area: ::memo_runtime::__private::Once::new(),
            }
        }
        fn empty(&mut self) {
            ::memo_runtime::__private::AnyStore::empty(&mut self.area);
        }
        fn absorb(&self, other: &Self) {
            ::memo_runtime::__private::AnyStore::absorb(&self.area, &other.area);
        }
    }
    #[automatically_derived]
    impl ::memo_runtime::__private::MemoizedBlock<::memo_runtime::__private::Unnamed>
    for Circle {
        type Caches = __CircleCaches;
    }
};
