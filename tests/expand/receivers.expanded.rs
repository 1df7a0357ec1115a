impl Node {
    fn by_arc(self: Arc<Self>, n: u32) -> u32 {
        let home = ::core::clone::Clone::clone(&self);
        ::memo_runtime::__private::instance(&*home, |caches| &caches.by_arc)
            .call((n,), |(n,)| -> u32 { self.weight + n })
    }
    /// The cache of `by_arc`: its size and counts, and ways to look up, insert and forget entries.
    #[allow(dead_code)]
    #[must_use]
    #[inline]
    fn by_arc_cache(
        &self,
    ) -> ::memo_runtime::__private::MethodCache<
        '_,
        impl ::memo_runtime::__private::CacheOf<
            (::memo_runtime::__private::ByValue<u32>,),
            u32,
        >,
    > {
        ::memo_runtime::__private::instance(self, |caches| &caches.by_arc).cache()
    }
    fn by_pin(self: Pin<&Self>, n: u32) -> u32 {
        ::memo_runtime::__private::instance(
                ::core::pin::Pin::get_ref(self),
                |caches| &caches.by_pin,
            )
            .call((n,), |(n,)| -> u32 { self.weight + n })
    }
    /// The cache of `by_pin`: its size and counts, and ways to look up, insert and forget entries.
    #[allow(dead_code)]
    #[must_use]
    #[inline]
    fn by_pin_cache(
        &self,
    ) -> ::memo_runtime::__private::MethodCache<
        '_,
        impl ::memo_runtime::__private::CacheOf<
            (::memo_runtime::__private::ByValue<u32>,),
            u32,
        >,
    > {
        ::memo_runtime::__private::instance(self, |caches| &caches.by_pin).cache()
    }
}
const _: () = {
    #[allow(dead_code)]
    pub struct __NodeCaches {
        by_arc: ::memo_runtime::__private::Map<
            (::memo_runtime::__private::ByValue<u32>,),
            u32,
        >,
        by_pin: ::memo_runtime::__private::Map<
            (::memo_runtime::__private::ByValue<u32>,),
            u32,
        >,
    }
    #[automatically_derived]
    impl ::memo_runtime::__private::CacheSet for __NodeCaches {
        fn new() -> Self {
            Self {
                by_arc: ::memo_runtime::__private::Map::new(),
                by_pin: ::memo_runtime::__private::Map::new(),
            }
        }
        fn empty(&mut self) {
            ::memo_runtime::__private::AnyStore::empty(&mut self.by_arc);
            ::memo_runtime::__private::AnyStore::empty(&mut self.by_pin);
        }
        fn absorb(&self, other: &Self) {
            ::memo_runtime::__private::AnyStore::absorb(&self.by_arc, &other.by_arc);
            ::memo_runtime::__private::AnyStore::absorb(&self.by_pin, &other.by_pin);
        }
    }
    #[automatically_derived]
    impl ::memo_runtime::__private::MemoizedBlock<::memo_runtime::__private::Unnamed>
    for Node {
        type Caches = __NodeCaches;
    }
};
