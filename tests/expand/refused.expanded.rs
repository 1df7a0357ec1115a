impl Circle {
    fn area(&self) -> f64 {
        self.radius
    }
    fn width(&self) -> f64 {
        ::memo_runtime::__private::instance(self, |caches| &caches.width)
            .call((), |()| -> f64 { 2.0 * self.radius })
    }
    /// The cache of `width`: its size and counts, and ways to look up, insert and forget entries.
    #[allow(dead_code)]
    #[must_use]
    #[inline]
    fn width_cache(
        &self,
    ) -> ::memo_runtime::__private::MethodCache<
        '_,
        impl ::memo_runtime::__private::CacheOf<(), f64>,
    > {
        ::memo_runtime::__private::instance(self, |caches| &caches.width).cache()
    }
}
const _: () = {
    #[allow(dead_code)]
    pub struct __CircleCaches {
        width: ::memo_runtime::__private::Once<f64>,
    }
    #[automatically_derived]
    impl ::memo_runtime::__private::CacheSet for __CircleCaches {
        fn new() -> Self {
            Self {
                width: ::memo_runtime::__private::Once::new(),
            }
        }
        fn empty(&mut self) {
            ::memo_runtime::__private::AnyStore::empty(&mut self.width);
        }
        fn absorb(&self, other: &Self) {
            ::memo_runtime::__private::AnyStore::absorb(&self.width, &other.width);
        }
    }
    #[automatically_derived]
    impl ::memo_runtime::__private::MemoizedBlock<::memo_runtime::__private::Unnamed>
    for Circle {
        type Caches = __CircleCaches;
    }
};
::core::compile_error! {
    "unknown scope `\"global\"`; expected `\"instance\"` or `\"type\"`"
}
