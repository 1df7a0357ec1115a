impl Shape for Circle {
    type Unit = Meter;
    fn area(&self, unit: Self::Unit) -> Area {
        ::memo_runtime::__private::instance(self, |caches| &caches.area)
            .only_if(|result: &Area| {
                ::memo_runtime::__private::Probe::new(result).is_kept()
            })
            .call((unit,), |(unit,)| -> Area { unit.area(self.radius) })
    }
}
impl Circle {
    /// The cache of `area`: its size and counts, and ways to look up, insert and forget entries.
    #[allow(dead_code)]
    #[must_use]
    #[inline]
    pub(crate) fn area_cache(
        &self,
    ) -> ::memo_runtime::__private::MethodCache<
        '_,
        impl ::memo_runtime::__private::CacheOf<
            (::memo_runtime::__private::ByValue<Meter>,),
            Area,
        >,
    > {
        ::memo_runtime::__private::instance(self, |caches| &caches.area).cache()
    }
}
const _: () = {
    #[allow(dead_code)]
    pub struct __CircleCaches {
        area: ::memo_runtime::__private::Map<
            (::memo_runtime::__private::ByValue<Meter>,),
            Area,
            ::memo_runtime::__private::Stats,
        >,
    }
    #[automatically_derived]
    impl ::memo_runtime::__private::CacheSet for __CircleCaches {
        fn new() -> Self {
            Self {
                area: ::memo_runtime::__private::Map::new(),
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
