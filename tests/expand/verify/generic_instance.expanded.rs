impl<'a, T> Parser<'a, T>
where
    T: Clone + Hash + Eq,
{
    fn parse(&self, token: T) -> &'a str {
        ::memo_runtime::__private::instance(self, |caches| &caches.parse)
            .verified(::memo_runtime::__private::Checks {
                site: &::memo_runtime::__private::Site {
                    name: "Parser::parse",
                    file: ::core::file!(),
                    line: ::core::line!(),
                    parts: &["token"],
                    is_plain: false,
                    skipped: &[],
                    is_keyed: false,
                    is_result: false,
                    is_generic: true,
                    reads: &[],
                    promises: &[],
                },
                differ: ::memo_runtime::__private::Compared::<&'a str, &'a str>::NEW
                    .differ(),
                cached: ::memo_runtime::__private::Shown::<&'a str>::NEW.text(),
                now: ::memo_runtime::__private::Shown::<&'a str>::NEW.text(),
                key: |
                    key: &::memo_runtime::__private::Stored<
                        (::memo_runtime::__private::ByValue<T>,),
                    >|
                {
                    ::std::vec![
                        ::memo_runtime::__private::Shown:: <
                        ::memo_runtime::__private::Stored <
                        ::memo_runtime::__private::ByValue < T > >> ::NEW.text() (& key
                        .0)
                    ]
                },
            })
            .call((token,), |(token,)| -> &'a str { self.text })
    }
    /// The cache of `parse`: its size and counts, and ways to look up, insert and forget entries. Its results depend on `text`: what changes that forgets them.
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
        let _mutation = ::memo_runtime::__private::Instance::new(self)
            .mutate(::memo_runtime::__private::Change::ALL);
        {
            self.advance(token);
        }
    }
}
#[allow(unused_imports)]
use ::memo_runtime::__private::AnyFields as _;
const _: () = {
    #[allow(dead_code)]
    pub struct __ParserCaches<'a, T>
    where
        T: Clone + Hash + Eq,
    {
        parse: ::memo_runtime::__private::Reading<
            ::memo_runtime::__private::Map<
                (::memo_runtime::__private::ByValue<T>,),
                &'a str,
            >,
            0,
        >,
        __owner: ::core::marker::PhantomData<fn() -> Parser<'a, T>>,
    }
    #[automatically_derived]
    impl<'a, T> ::memo_runtime::__private::CacheSet for __ParserCaches<'a, T>
    where
        T: Clone + Hash + Eq,
    {
        const READS: &'static [::memo_runtime::__private::Fields] = &[
            ::memo_runtime::__private::FieldsOf::<Parser<'a, T>>::LIST
                .read(::core::module_path!(), &["text"]),
        ];
        fn new() -> Self {
            Self {
                parse: ::memo_runtime::__private::Reading::new(
                    ::memo_runtime::__private::Map::new(),
                ),
                __owner: ::core::marker::PhantomData,
            }
        }
        fn take(&mut self, changed: ::memo_runtime::__private::Fields, gone: &mut Self) {
            self.parse.take::<Self>(changed, &mut gone.parse);
        }
        fn absorb(&self, other: &Self) {
            self.parse.absorb(&other.parse);
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
