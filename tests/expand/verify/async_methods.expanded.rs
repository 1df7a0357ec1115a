impl Client {
    pub async fn fetch(&self, url: &str) -> Result<String, Error> {
        let call = ::memo_runtime::__private::instance(self, |caches| &caches.fetch)
            .only_ok_of::<Result<String, Error>>()
            .verified(::memo_runtime::__private::Checks {
                site: &::memo_runtime::__private::Site {
                    name: "Client::fetch",
                    file: ::core::file!(),
                    line: ::core::line!(),
                    parts: &["url"],
                    is_plain: true,
                    skipped: &[],
                    is_keyed: false,
                    is_result: true,
                    is_generic: false,
                    reads: &[],
                    promises: &[],
                },
                differ: ::memo_runtime::__private::Compared::<
                    String,
                    Result<String, Error>,
                >::NEW
                    .differ(),
                cached: ::memo_runtime::__private::Shown::<String>::NEW.text(),
                now: ::memo_runtime::__private::Shown::<Result<String, Error>>::NEW
                    .text(),
                key: |
                    key: &::memo_runtime::__private::Stored<
                        (::memo_runtime::__private::Borrowed<str>,),
                    >|
                {
                    ::std::vec![
                        ::memo_runtime::__private::Shown:: <
                        ::memo_runtime::__private::Stored <
                        ::memo_runtime::__private::Borrowed < str > >> ::NEW.text() (&
                        key.0)
                    ]
                },
            });
        call.call_async::<
                _,
                _,
                _,
                _,
                _,
            >(
                (url,),
                move |(url,)| async move {
                    #[allow(clippy::diverging_sub_expression)]
                    let result: Result<String, Error> = {
                        self.get(url).await?.text().await
                    };
                    #[allow(unreachable_code)] result
                },
            )
            .await
    }
    /// The cache of `fetch`: its size and counts, and ways to look up, insert and forget entries. Its results depend on any field: what changes that forgets them.
    #[allow(dead_code)]
    #[must_use]
    #[inline]
    pub fn fetch_cache(
        &self,
    ) -> ::memo_runtime::__private::MethodCache<
        '_,
        impl ::memo_runtime::__private::CacheOf<
            (::memo_runtime::__private::Borrowed<str>,),
            String,
        >,
    > {
        ::memo_runtime::__private::instance(self, |caches| &caches.fetch).cache()
    }
}
#[allow(unused_imports)]
use ::memo_runtime::__private::AnyFields as _;
const _: () = {
    #[allow(dead_code)]
    pub struct __ClientCaches {
        fetch: ::memo_runtime::__private::Reading<
            ::memo_runtime::__private::Map<
                (::memo_runtime::__private::Borrowed<str>,),
                String,
            >,
            0,
        >,
    }
    #[automatically_derived]
    impl ::memo_runtime::__private::CacheSet for __ClientCaches {
        const READS: &'static [::memo_runtime::__private::Fields] = &[
            ::memo_runtime::__private::Fields::ALL,
        ];
        fn new() -> Self {
            Self {
                fetch: ::memo_runtime::__private::Reading::new(
                    ::memo_runtime::__private::Map::new(),
                ),
            }
        }
        fn take(&mut self, changed: ::memo_runtime::__private::Fields, gone: &mut Self) {
            self.fetch.take::<Self>(changed, &mut gone.fetch);
        }
        fn absorb(&self, other: &Self) {
            self.fetch.absorb(&other.fetch);
        }
    }
    #[automatically_derived]
    impl ::memo_runtime::__private::MemoizedBlock<::memo_runtime::__private::Unnamed>
    for Client {
        type Caches = __ClientCaches;
    }
};
