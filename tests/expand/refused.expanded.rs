impl Circle {
    fn area(&self) -> f64 {
        self.radius
    }
    fn width(&self) -> f64 {
        ::memo_runtime::__private::instance(self, |caches| &caches.width)
            .call((), |()| -> f64 { 2.0 * self.radius })
    }
    /// The cache of `width`: its size and counts, and ways to look up, insert and forget entries. Its results depend on `radius`: what changes that forgets them.
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
#[allow(unused_imports)]
use ::memo_runtime::__private::AnyFields as _;
const _: () = {
    #[allow(dead_code)]
    pub struct __CircleCaches {
        width: ::memo_runtime::__private::Reading<
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
                width: ::memo_runtime::__private::Reading::new(
                    ::memo_runtime::__private::Once::new(),
                ),
            }
        }
        fn take(&mut self, changed: ::memo_runtime::__private::Fields, gone: &mut Self) {
            self.width.take::<Self>(changed, &mut gone.width);
        }
        fn absorb(&self, other: &Self) {
            self.width.absorb(&other.width);
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
