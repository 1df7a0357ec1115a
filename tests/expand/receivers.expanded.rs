impl Node {
    fn by_arc(self: Arc<Self>, n: u32) -> u32 {
        let home = ::core::clone::Clone::clone(&self);
        ::memo_runtime::__private::instance(&*home, |caches| &caches.by_arc)
            .call((n,), |(n,)| -> u32 { self.weight + n })
    }
    /// The cache of `by_arc`: its size and counts, and ways to look up, insert and forget entries. Its results depend on `weight`: what changes that forgets them.
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
    /// The cache of `by_pin`: its size and counts, and ways to look up, insert and forget entries. Its results depend on `weight`: what changes that forgets them.
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
#[allow(unused_imports)]
use ::memo_runtime::__private::AnyFields as _;
const _: () = {
    #[allow(dead_code)]
    pub struct __NodeCaches {
        by_arc: ::memo_runtime::__private::Reading<
            ::memo_runtime::__private::Map<
                (::memo_runtime::__private::ByValue<u32>,),
                u32,
            >,
            0,
        >,
        by_pin: ::memo_runtime::__private::Reading<
            ::memo_runtime::__private::Map<
                (::memo_runtime::__private::ByValue<u32>,),
                u32,
            >,
            1,
        >,
    }
    #[automatically_derived]
    impl ::memo_runtime::__private::CacheSet for __NodeCaches {
        const READS: &'static [::memo_runtime::__private::Fields] = &[
            ::memo_runtime::__private::FieldsOf::<Node>::LIST
                .read(::core::module_path!(), &["weight"]),
            ::memo_runtime::__private::FieldsOf::<Node>::LIST
                .read(::core::module_path!(), &["weight"]),
        ];
        fn new() -> Self {
            Self {
                by_arc: ::memo_runtime::__private::Reading::new(
                    ::memo_runtime::__private::Map::new(),
                ),
                by_pin: ::memo_runtime::__private::Reading::new(
                    ::memo_runtime::__private::Map::new(),
                ),
            }
        }
        fn take(&mut self, changed: ::memo_runtime::__private::Fields, gone: &mut Self) {
            self.by_arc.take::<Self>(changed, &mut gone.by_arc);
            self.by_pin.take::<Self>(changed, &mut gone.by_pin);
        }
        fn absorb(&self, other: &Self) {
            self.by_arc.absorb(&other.by_arc);
            self.by_pin.absorb(&other.by_pin);
        }
    }
    #[automatically_derived]
    impl ::memo_runtime::__private::MemoizedBlock<::memo_runtime::__private::Unnamed>
    for Node {
        type Caches = __NodeCaches;
    }
};
