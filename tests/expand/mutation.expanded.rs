impl Walker {
    fn next_step(&self) -> u32 {
        ::memo_runtime::__private::instance(self, |caches| &caches.next_step)
            .call((), |()| -> u32 { self.position + 1 })
    }
    /// The cache of `next_step`: its size and counts, and ways to look up, insert and forget entries.
    #[allow(dead_code)]
    #[must_use]
    #[inline]
    fn next_step_cache(
        &self,
    ) -> ::memo_runtime::__private::MethodCache<
        '_,
        impl ::memo_runtime::__private::CacheOf<(), u32>,
    > {
        ::memo_runtime::__private::instance(self, |caches| &caches.next_step).cache()
    }
    fn set(&mut self, position: u32) {
        ::memo_runtime::__private::Instance::new(self).forget();
        self.position = position;
    }
    fn step(&mut self) -> u32 {
        let _mutation = ::memo_runtime::__private::Instance::new(self).mutate();
        self.position = self.next_step();
        self.position
    }
    fn steps(&mut self) -> impl Iterator<Item = u32> + '_ {
        let _mutation = ::memo_runtime::__private::Instance::new(self).mutate();
        (0..3)
            .map(move |_| {
                let _mutation = ::memo_runtime::__private::Observed::new(&*self)
                    .mutate_again();
                {
                    self.position = self.next_step();
                    self.position
                }
            })
    }
    fn log(&mut self) {
        self.calls += 1;
    }
    fn moved(mut self, by: u32) -> Self {
        let _mutation = ::memo_runtime::__private::Instance::new(&mut self).mutate();
        Self {
            position: self.position + by,
            memo: ::core::default::Default::default(),
            ..self
        }
    }
}
const _: () = {
    #[allow(dead_code)]
    pub struct __WalkerCaches {
        next_step: ::memo_runtime::__private::Once<u32>,
    }
    #[automatically_derived]
    impl ::memo_runtime::__private::CacheSet for __WalkerCaches {
        fn new() -> Self {
            Self {
                next_step: ::memo_runtime::__private::Once::new(),
            }
        }
        fn empty(&mut self) {
            ::memo_runtime::__private::AnyStore::empty(&mut self.next_step);
        }
        fn absorb(&self, other: &Self) {
            ::memo_runtime::__private::AnyStore::absorb(
                &self.next_step,
                &other.next_step,
            );
        }
    }
    #[automatically_derived]
    impl ::memo_runtime::__private::MemoizedBlock<::memo_runtime::__private::Unnamed>
    for Walker {
        type Caches = __WalkerCaches;
    }
};
