impl Circle {
    fn area(&self) -> f64 {
        ::memo_runtime::__private::instance(self, |caches| &caches.area)
            .call((), |()| -> f64 { self.radius * self.radius })
    }
    /// The cache of `area`: its size and counts, and ways to look up, insert and forget entries. Its results depend on `radius`: what changes that forgets them.
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
#[allow(unused_imports)]
use ::memo_runtime::__private::AnyFields as _;
const _: () = {
    #[allow(dead_code)]
    pub struct __CircleCaches {
        area: ::memo_runtime::__private::Reading<
            ::memo_runtime::__private::Once<f64>,
            0,
        >,
    }
    #[automatically_derived]
    impl ::memo_runtime::__private::CacheSet for __CircleCaches {
        const READS: &'static [::memo_runtime::__private::Fields] = &[
            ::memo_runtime::__private::FieldsOf::<Circle>::LIST
                .read(::core::module_path!(), &["radius"]),
        ];
        fn new() -> Self {
            Self {
                area: ::memo_runtime::__private::Reading::new(
                    ::memo_runtime::__private::Once::new(),
                ),
            }
        }
        fn take(&mut self, changed: ::memo_runtime::__private::Fields, gone: &mut Self) {
            self.area.take::<Self>(changed, &mut gone.area);
        }
        fn absorb(&self, other: &Self) {
            self.area.absorb(&other.area);
        }
    }
    #[automatically_derived]
    impl ::memo_runtime::__private::MemoizedBlock<::memo_runtime::__private::Unnamed>
    for Circle {
        type Caches = __CircleCaches;
    }
};
