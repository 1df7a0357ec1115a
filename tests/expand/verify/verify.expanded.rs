impl Shelf {
    fn total(&self, factor: f64) -> Result<f64, Error> {
        ::memo_runtime::__private::instance(self, |caches| &caches.total)
            .only_ok_of::<Result<f64, Error>>()
            .verified(::memo_runtime::__private::Checks {
                site: &::memo_runtime::__private::Site {
                    name: "Shelf::total",
                    file: ::core::file!(),
                    line: ::core::line!(),
                    parts: &["factor"],
                    is_plain: true,
                    skipped: &[],
                    is_keyed: false,
                    is_result: true,
                    is_generic: false,
                    reads: &[],
                    promises: &["`changes(log)` on `note`"],
                },
                differ: ::memo_runtime::__private::Compared::<
                    f64,
                    Result<f64, Error>,
                >::NEW
                    .differ(),
                cached: ::memo_runtime::__private::Shown::<f64>::NEW.text(),
                now: ::memo_runtime::__private::Shown::<Result<f64, Error>>::NEW.text(),
                key: |
                    key: &::memo_runtime::__private::Stored<
                        (::memo_runtime::__private::Bits<f64>,),
                    >|
                {
                    ::std::vec![
                        ::memo_runtime::__private::Shown:: <
                        ::memo_runtime::__private::Stored <
                        ::memo_runtime::__private::Bits < f64 > >> ::NEW.text() (& key.0)
                    ]
                },
            })
            .call(
                (factor,),
                |(factor,)| -> Result<f64, Error> { Ok(self.sum()? * factor) },
            )
    }
    /// The cache of `total`: its size and counts, and ways to look up, insert and forget entries. Its results depend on any field: what changes that forgets them.
    #[allow(dead_code)]
    #[must_use]
    #[inline]
    fn total_cache(
        &self,
    ) -> ::memo_runtime::__private::MethodCache<
        '_,
        impl ::memo_runtime::__private::CacheOf<
            (::memo_runtime::__private::Bits<f64>,),
            f64,
        >,
    > {
        ::memo_runtime::__private::instance(self, |caches| &caches.total).cache()
    }
    fn age(&self) -> Duration {
        ::memo_runtime::__private::instance(self, |caches| &caches.age)
            .unverified()
            .call((), |()| -> Duration { self.made.elapsed() })
    }
    /// The cache of `age`: its size and counts, and ways to look up, insert and forget entries. Its results depend on `made`: what changes that forgets them.
    #[allow(dead_code)]
    #[must_use]
    #[inline]
    fn age_cache(
        &self,
    ) -> ::memo_runtime::__private::MethodCache<
        '_,
        impl ::memo_runtime::__private::CacheOf<(), Duration>,
    > {
        ::memo_runtime::__private::instance(self, |caches| &caches.age).cache()
    }
    fn note(&mut self, line: &str) {
        ::memo_runtime::__private::Instance::new(self)
            .forget(const {
                ::memo_runtime::__private::FieldsOf::<Self>::LIST
                    .changed(::core::module_path!(), &["log"])
            });
        let _ = |instance: &Self| {
            let _ = &instance.log;
        };
        self.log.push(line)
    }
}
#[allow(unused_imports)]
use ::memo_runtime::__private::AnyFields as _;
const _: () = {
    #[allow(dead_code)]
    pub struct __ShelfCaches {
        total: ::memo_runtime::__private::Reading<
            ::memo_runtime::__private::Map<(::memo_runtime::__private::Bits<f64>,), f64>,
            0,
        >,
        age: ::memo_runtime::__private::Reading<
            ::memo_runtime::__private::Once<Duration>,
            1,
        >,
    }
    #[automatically_derived]
    impl ::memo_runtime::__private::CacheSet for __ShelfCaches {
        const READS: &'static [::memo_runtime::__private::Fields] = &[
            ::memo_runtime::__private::Fields::ALL,
            ::memo_runtime::__private::FieldsOf::<Shelf>::LIST
                .read(::core::module_path!(), &["made"]),
        ];
        fn new() -> Self {
            Self {
                total: ::memo_runtime::__private::Reading::new(
                    ::memo_runtime::__private::Map::new(),
                ),
                age: ::memo_runtime::__private::Reading::new(
                    ::memo_runtime::__private::Once::new(),
                ),
            }
        }
        fn take(&mut self, changed: ::memo_runtime::__private::Fields, gone: &mut Self) {
            self.total.take::<Self>(changed, &mut gone.total);
            self.age.take::<Self>(changed, &mut gone.age);
        }
        fn absorb(&self, other: &Self) {
            self.total.absorb(&other.total);
            self.age.absorb(&other.age);
        }
    }
    #[automatically_derived]
    impl ::memo_runtime::__private::MemoizedBlock<::memo_runtime::__private::Unnamed>
    for Shelf {
        type Caches = __ShelfCaches;
    }
};
fn seconds(path: &str) -> u64 {
    ::memo_runtime::__private::memoize(seconds_cache())
        .unverified()
        .call((path,), |(path,)| -> u64 { age_of(path) })
}
/// The cache of `seconds`: its size and counts, and ways to look up, insert and forget entries.
#[allow(dead_code)]
#[must_use]
#[inline]
fn seconds_cache() -> ::memo_runtime::__private::MethodCache<
    'static,
    impl ::memo_runtime::__private::CacheOf<
        (::memo_runtime::__private::Borrowed<str>,),
        u64,
    >,
> {
    static CACHE: ::std::sync::OnceLock<
        ::memo_runtime::__private::TypeCache<
            ::memo_runtime::__private::Map<
                (::memo_runtime::__private::Borrowed<str>,),
                u64,
            >,
        >,
    > = ::std::sync::OnceLock::new();
    ::memo_runtime::__private::MethodCache::of_type(
        CACHE
            .get_or_init(|| ::memo_runtime::__private::TypeCache::new(
                "seconds",
                &CACHE,
                ::memo_runtime::__private::Map::new(),
            ))
            .get(),
    )
}
