impl Feed {
    fn keys(&self) -> Vec<Key> {
        ::memo_runtime::__private::instance(self, |caches| &caches.keys)
            .ttl(|_| ::core::time::Duration::from_secs(30))
            .call((), |()| -> Vec<Key> { self.server.fetch() })
    }
    /// The cache of `keys`: its size and counts, and ways to look up, insert and forget entries. Its results depend on `server`: what changes that forgets them.
    #[allow(dead_code)]
    #[must_use]
    #[inline]
    fn keys_cache(
        &self,
    ) -> ::memo_runtime::__private::MethodCache<
        '_,
        impl ::memo_runtime::__private::CacheOf<(), Vec<Key>>,
    > {
        ::memo_runtime::__private::instance(self, |caches| &caches.keys)
            .cache()
            .ttl(|_| ::core::time::Duration::from_secs(30))
    }
    fn rate(&self, from: &str) -> f64 {
        ::memo_runtime::__private::instance(self, |caches| &caches.rate)
            .ttl(|value| ::memo_runtime::__private::lifespan(value, self.age))
            .call((from,), |(from,)| -> f64 { self.server.rate(from) })
    }
    /// The cache of `rate`: its size and counts, and ways to look up, insert and forget entries. Its results depend on any field: what changes that forgets them.
    #[allow(dead_code)]
    #[must_use]
    #[inline]
    fn rate_cache(
        &self,
    ) -> ::memo_runtime::__private::MethodCache<
        '_,
        impl ::memo_runtime::__private::CacheOf<
            (::memo_runtime::__private::Borrowed<str>,),
            f64,
        >,
    > {
        ::memo_runtime::__private::instance(self, |caches| &caches.rate)
            .cache()
            .ttl(|value| ::memo_runtime::__private::lifespan(value, self.age))
    }
    fn profile(user: u64) -> Result<Profile, ApiError> {
        ::memo_runtime::__private::memoize(Self::profile_cache())
            .only_ok_of::<Result<Profile, ApiError>>()
            .call((user,), |(user,)| -> Result<Profile, ApiError> { fetch(user) })
    }
    /// The cache of `profile`: its size and counts, and ways to look up, insert and forget entries.
    #[allow(dead_code)]
    #[must_use]
    #[inline]
    fn profile_cache() -> ::memo_runtime::__private::MethodCache<
        'static,
        impl ::memo_runtime::__private::CacheOf<
            (::memo_runtime::__private::ByValue<u64>,),
            Profile,
        >,
    > {
        static CACHE: ::std::sync::OnceLock<
            ::memo_runtime::__private::TypeCache<
                ::memo_runtime::__private::TimedMap<
                    (::memo_runtime::__private::ByValue<u64>,),
                    Profile,
                >,
            >,
        > = ::std::sync::OnceLock::new();
        ::memo_runtime::__private::MethodCache::of(
                CACHE
                    .get_or_init(|| ::memo_runtime::__private::TypeCache::new(
                        "Feed::profile",
                        &CACHE,
                        ::memo_runtime::__private::TimedMap::new(),
                    ))
                    .get(),
            )
            .ttl(|profile| profile.valid_for())
    }
}
#[allow(unused_imports)]
use ::memo_runtime::__private::AnyFields as _;
const _: () = {
    #[allow(dead_code)]
    pub struct __FeedCaches {
        keys: ::memo_runtime::__private::Reading<
            ::memo_runtime::__private::TimedOnce<Vec<Key>>,
            0,
        >,
        rate: ::memo_runtime::__private::Reading<
            ::memo_runtime::__private::TimedLru<
                (::memo_runtime::__private::Borrowed<str>,),
                f64,
                ::memo_runtime::__private::NoStats,
                ::memo_runtime::__private::Threads,
                100,
            >,
            1,
        >,
    }
    #[automatically_derived]
    impl ::memo_runtime::__private::CacheSet for __FeedCaches {
        const READS: &'static [::memo_runtime::__private::Fields] = &[
            ::memo_runtime::__private::FieldsOf::<Feed>::LIST
                .read(::core::module_path!(), &["server"]),
            ::memo_runtime::__private::Fields::ALL,
        ];
        fn new() -> Self {
            Self {
                keys: ::memo_runtime::__private::Reading::new(
                    ::memo_runtime::__private::TimedOnce::new(),
                ),
                rate: ::memo_runtime::__private::Reading::new(
                    ::memo_runtime::__private::TimedLru::new(),
                ),
            }
        }
        fn take(&mut self, changed: ::memo_runtime::__private::Fields, gone: &mut Self) {
            self.keys.take::<Self>(changed, &mut gone.keys);
            self.rate.take::<Self>(changed, &mut gone.rate);
        }
        fn absorb(&self, other: &Self) {
            self.keys.absorb(&other.keys);
            self.rate.absorb(&other.rate);
        }
    }
    #[automatically_derived]
    impl ::memo_runtime::__private::MemoizedBlock<::memo_runtime::__private::Unnamed>
    for Feed {
        type Caches = __FeedCaches;
    }
};
fn outline(glyph: u32) -> Outline {
    ::memo_runtime::__private::memoize(outline_cache())
        .only_if(|result: &Outline| {
            ::memo_runtime::__private::Probe::new(result).is_kept()
        })
        .call((glyph,), |(glyph,)| -> Outline { draw(glyph) })
}
/// The cache of `outline`: its size and counts, and ways to look up, insert and forget entries.
#[allow(dead_code)]
#[must_use]
#[inline]
fn outline_cache() -> ::memo_runtime::__private::MethodCache<
    'static,
    impl ::memo_runtime::__private::CacheOf<
        (::memo_runtime::__private::ByValue<u32>,),
        Outline,
    >,
> {
    static CACHE: ::std::sync::OnceLock<
        ::memo_runtime::__private::TypeCache<
            ::memo_runtime::__private::TimedSieve<
                (::memo_runtime::__private::ByValue<u32>,),
                Outline,
                ::memo_runtime::__private::NoStats,
                ::memo_runtime::__private::Threads,
                8,
            >,
        >,
    > = ::std::sync::OnceLock::new();
    ::memo_runtime::__private::MethodCache::of(
            CACHE
                .get_or_init(|| ::memo_runtime::__private::TypeCache::new(
                    "outline",
                    &CACHE,
                    ::memo_runtime::__private::TimedSieve::new(),
                ))
                .get(),
        )
        .ttl(|_| ::core::time::Duration::from_secs(5400))
}
