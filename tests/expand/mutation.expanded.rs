impl Walker {
    fn next_step(&self) -> u32 {
        ::memo_runtime::__private::instance(self, |caches| &caches.next_step)
            .call((), |()| -> u32 { self.position + 1 })
    }
    /// The cache of `next_step`: its size and counts, and ways to look up, insert and forget entries. Its results depend on `position`: what changes that forgets them.
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
        ::memo_runtime::__private::Instance::new(self)
            .forget(const {
                ::memo_runtime::__private::FieldsOf::<Self>::LIST
                    .changed(::core::module_path!(), &["position"])
            });
        self.position = position;
    }
    fn step(&mut self) -> u32 {
        let _mutation = ::memo_runtime::__private::Instance::new(self)
            .mutate(const {
                ::memo_runtime::__private::FieldsOf::<Self>::LIST
                    .change(::core::module_path!(), &["position"], &["position"])
            });
        {
            self.position = self.next_step();
            self.position
        }
    }
    fn steps(&mut self) -> impl Iterator<Item = u32> + '_ {
        let _mutation = ::memo_runtime::__private::Instance::new(self)
            .mutate(const {
                ::memo_runtime::__private::FieldsOf::<Self>::LIST
                    .change(::core::module_path!(), &["position"], &["position"])
            });
        (0..3)
            .map(move |_| {
                let _mutation = ::memo_runtime::__private::Observed::new(&*self)
                    .mutate(const {
                        ::memo_runtime::__private::FieldsOf::<Self>::LIST
                            .change(::core::module_path!(), &["position"], &["position"])
                    });
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
        let _mutation = ::memo_runtime::__private::Instance::new(&mut self)
            .mutate(::memo_runtime::__private::Change::ALL);
        Self {
            position: self.position + by,
            memo: ::core::default::Default::default(),
            ..self
        }
    }
}
#[allow(unused_imports)]
use ::memo_runtime::__private::AnyFields as _;
const _: () = {
    #[allow(dead_code)]
    pub struct __WalkerCaches {
        next_step: ::memo_runtime::__private::Reading<
            ::memo_runtime::__private::Once<u32>,
            0,
        >,
    }
    #[automatically_derived]
    impl ::memo_runtime::__private::CacheSet for __WalkerCaches {
        const READS: &'static [::memo_runtime::__private::Fields] = &[
            ::memo_runtime::__private::FieldsOf::<Walker>::LIST
                .read(::core::module_path!(), &["position"]),
        ];
        fn new() -> Self {
            Self {
                next_step: ::memo_runtime::__private::Reading::new(
                    ::memo_runtime::__private::Once::new(),
                ),
            }
        }
        fn take(&mut self, changed: ::memo_runtime::__private::Fields, gone: &mut Self) {
            self.next_step.take::<Self>(changed, &mut gone.next_step);
        }
        fn absorb(&self, other: &Self) {
            self.next_step.absorb(&other.next_step);
        }
    }
    #[automatically_derived]
    impl ::memo_runtime::__private::MemoizedBlock<::memo_runtime::__private::Unnamed>
    for Walker {
        type Caches = __WalkerCaches;
    }
};
const _: () = {
    trait OwnMethods {
        fn next_step(&mut self) {}
    }
    #[automatically_derived]
    impl OwnMethods for Walker {}
    #[allow(dead_code, single_use_lifetimes)]
    fn calls(instance: &mut Walker) {
        instance.next_step();
    }
};
