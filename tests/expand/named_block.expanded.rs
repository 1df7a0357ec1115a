impl Draw for Circle {
    fn outline(&self) -> Outline {
        ::memo_runtime::__private::instance_in::<
            13219106096605043557u64,
            _,
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
    /// The cache of `outline`: its size and counts, and ways to look up, insert and forget entries. Its results depend on any field: what changes that forgets them.
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
            _,
        >(self, |caches| &caches.outline)
            .cache()
    }
}
#[allow(unused_imports)]
use ::memo_runtime::__private::AnyFields as _;
const _: () = {
    #[allow(dead_code)]
    pub struct __CircleCaches {
        outline: ::memo_runtime::__private::Reading<
            ::memo_runtime::__private::Once<Outline>,
            0,
        >,
    }
    #[automatically_derived]
    impl ::memo_runtime::__private::CacheSet for __CircleCaches {
        const READS: &'static [::memo_runtime::__private::Fields] = &[
            ::memo_runtime::__private::Fields::ALL,
        ];
        fn new() -> Self {
            Self {
                outline: ::memo_runtime::__private::Reading::new(
                    ::memo_runtime::__private::Once::new(),
                ),
            }
        }
        fn take(&mut self, changed: ::memo_runtime::__private::Fields, gone: &mut Self) {
            self.outline.take::<Self>(changed, &mut gone.outline);
        }
        fn absorb(&self, other: &Self) {
            self.outline.absorb(&other.outline);
        }
    }
    #[automatically_derived]
    impl ::memo_runtime::__private::MemoizedBlock<
        ::memo_runtime::__private::Named<13219106096605043557u64>,
    > for Circle {
        type Caches = __CircleCaches;
    }
};
