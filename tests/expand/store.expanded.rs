fn exchange_rate(from: &str, to: &str) -> Result<f64, RateError> {
    ::memo_runtime::__private::stored(exchange_rate_cache())
        .only_ok_of::<Result<f64, RateError>>()
        .single_flight("exchange_rate")
        .call_stored(
            (from, to),
            |(from, to)| -> Result<f64, RateError> { ask(from, to) },
        )
}
/// The cache of `exchange_rate`: its size and counts, and ways to look up, insert and forget entries.
#[allow(dead_code)]
#[must_use]
#[inline]
fn exchange_rate_cache() -> ::memo_runtime::__private::StoreCache<
    (::memo_runtime::__private::Borrowed<str>, ::memo_runtime::__private::Borrowed<str>),
    f64,
> {
    static CACHE: ::std::sync::OnceLock<
        ::memo_runtime::__private::TypeCache<
            ::memo_runtime::__private::InStore<
                (
                    ::memo_runtime::__private::Borrowed<str>,
                    ::memo_runtime::__private::Borrowed<str>,
                ),
                f64,
            >,
        >,
    > = ::std::sync::OnceLock::new();
    ::memo_runtime::__private::StoreCache::of(
            ::memo_runtime::__private::TypeCache::made(
                &CACHE,
                "exchange_rate",
                || {
                    ::memo_runtime::__private::Identity::of(
                            || (),
                            ::core::option::Option::Some("exchange_rate"),
                        )
                        .version("dc0b659f558ef081")
                        .store("exchange_rate", &BILLING)
                        .stats()
                },
            ),
        )
        .ttl(|_| ::core::time::Duration::from_secs(300))
}
impl<T: Model + 'static> Service<T> {
    pub async fn profile(user: u64) -> Result<Profile, ApiError> {
        let call = ::memo_runtime::__private::stored(Self::profile_cache())
            .only_ok_of::<Result<Profile, ApiError>>();
        call.call_stored_async::<
                _,
                _,
                _,
                _,
                _,
            >(
                (user,),
                move |(user,)| async move {
                    #[allow(clippy::diverging_sub_expression)]
                    let result: Result<Profile, ApiError> = { T::fetch(user).await };
                    #[allow(unreachable_code)] result
                },
            )
            .await
    }
    /// The cache of `profile`: its size and counts, and ways to look up, insert and forget entries.
    #[allow(dead_code)]
    #[must_use]
    #[inline]
    pub fn profile_cache() -> ::memo_runtime::__private::AsyncStoreCache<
        (::memo_runtime::__private::ByValue<u64>,),
        Profile,
    > {
        static CACHE: ::std::sync::OnceLock<::memo_runtime::__private::Registry> = ::std::sync::OnceLock::new();
        ::memo_runtime::__private::AsyncStoreCache::of(
                CACHE
                    .get_or_init(|| ::memo_runtime::__private::Registry::new("profile"))
                    .get_or_make::<
                        Service<T>,
                        ::memo_runtime::__private::InAsyncStore<
                            (::memo_runtime::__private::ByValue<u64>,),
                            Profile,
                        >,
                    >(|| {
                        ::memo_runtime::__private::Identity::of(
                                || (),
                                ::core::option::Option::Some("profile"),
                            )
                            .version("b0dffb78ce74dd3f")
                            .async_store("Service::profile", &PROFILES)
                    }),
            )
            .ttl(|profile| profile.valid_for())
    }
    fn weights() -> Vec<f64> {
        ::memo_runtime::__private::stored(Self::weights_cache())
            .call_stored((), |()| -> Vec<f64> { T::weights() })
    }
    /// The cache of `weights`: its size and counts, and ways to look up, insert and forget entries.
    #[allow(dead_code)]
    #[must_use]
    #[inline]
    fn weights_cache() -> ::memo_runtime::__private::StoreCache<(), Vec<f64>> {
        static CACHE: ::std::sync::OnceLock<::memo_runtime::__private::Registry> = ::std::sync::OnceLock::new();
        ::memo_runtime::__private::StoreCache::of(
            CACHE
                .get_or_init(|| ::memo_runtime::__private::Registry::new("weights"))
                .get_or_make::<
                    Service<T>,
                    ::memo_runtime::__private::InStore<(), Vec<f64>>,
                >(|| {
                    ::memo_runtime::__private::Identity::named_for::<
                        Service<T>,
                    >("weights")
                        .version(T::VERSION)
                        .store("Service::weights", &PROFILES)
                }),
        )
    }
}
#[allow(unused_imports)]
use ::memo_runtime::__private::AnyFields as _;
