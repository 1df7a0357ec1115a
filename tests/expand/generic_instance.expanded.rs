impl<'a, T> Parser<'a, T>
where
    T: Clone + Hash + Eq,
{
    fn parse(&self, token: T) -> &'a str {
        ::memo_runtime::__private::instance(self, |caches| &caches.parse)
            .call((token,), |(token,)| -> &'a str { self.text })
    }
    /// The cache of `parse`: its size and counts, and ways to look up, insert and forget entries.
    #[allow(dead_code)]
    #[must_use]
    #[inline]
    fn parse_cache(
        &self,
    ) -> ::memo_runtime::__private::MethodCache<
        '_,
        impl ::memo_runtime::__private::CacheOf<
            (::memo_runtime::__private::ByValue<T>,),
            &'a str,
        >,
    > {
        ::memo_runtime::__private::instance(self, |caches| &caches.parse).cache()
    }
    fn push(&mut self, token: T) {
        let _mutation = ::memo_runtime::__private::Instance::new(self).mutate();
        self.advance(token);
    }
}
const _: () = {
    #[allow(dead_code)]
    pub struct __ParserCaches<'a, T>
    where
        T: Clone + Hash + Eq,
    {
        parse: ::memo_runtime::__private::Map<
            (::memo_runtime::__private::ByValue<T>,),
            &'a str,
        >,
        __owner: ::core::marker::PhantomData<fn() -> Parser<'a, T>>,
    }
    #[automatically_derived]
    impl<'a, T> ::memo_runtime::__private::CacheSet for __ParserCaches<'a, T>
    where
        T: Clone + Hash + Eq,
    {
        fn new() -> Self {
            Self {
                parse: ::memo_runtime::__private::Map::new(),
                __owner: ::core::marker::PhantomData,
            }
        }
        fn empty(&mut self) {
            ::memo_runtime::__private::AnyStore::empty(&mut self.parse);
        }
        fn absorb(&self, other: &Self) {
            ::memo_runtime::__private::AnyStore::absorb(&self.parse, &other.parse);
        }
    }
    #[automatically_derived]
    impl<
        'a,
        T,
    > ::memo_runtime::__private::MemoizedBlock<::memo_runtime::__private::Unnamed>
    for Parser<'a, T>
    where
        T: Clone + Hash + Eq,
    {
        type Caches = __ParserCaches<'a, T>;
    }
};
