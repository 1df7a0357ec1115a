impl Client {
    pub async fn fetch(&self, url: &str) -> Result<String, Error> {
        ::memo_runtime::__private::instance(self, |caches| &caches.fetch)
            .only_ok()
            .call_async::<
                _,
                Result<String, Error>,
                _,
                _,
                _,
            >((url,), move |(url,)| async move { self.get(url).await?.text().await })
            .await
    }
    /// The cache of `fetch`: its size and counts, and ways to look up, insert and forget entries.
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
const _: () = {
    #[allow(dead_code)]
    pub struct __ClientCaches {
        fetch: ::memo_runtime::__private::Map<
            (::memo_runtime::__private::Borrowed<str>,),
            String,
        >,
    }
    #[automatically_derived]
    impl ::memo_runtime::__private::CacheSet for __ClientCaches {
        fn new() -> Self {
            Self {
                fetch: ::memo_runtime::__private::Map::new(),
            }
        }
        fn empty(&mut self) {
            ::memo_runtime::__private::AnyStore::empty(&mut self.fetch);
        }
        fn absorb(&self, other: &Self) {
            ::memo_runtime::__private::AnyStore::absorb(&self.fetch, &other.fetch);
        }
    }
    #[automatically_derived]
    impl ::memo_runtime::__private::MemoizedBlock<::memo_runtime::__private::Unnamed>
    for Client {
        type Caches = __ClientCaches;
    }
};
