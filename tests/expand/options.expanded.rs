impl Index {
    fn skipped(&self, word: &str, log: &dyn Log) -> usize {
        ::memo_runtime::__private::instance(self, |caches| &caches.skipped)
            .call(
                (word,),
                |(word,)| -> usize {
                    log.note(word);
                    self.find(word)
                },
            )
    }
    /// The cache of `skipped`: its size and counts, and ways to look up, insert and forget entries. Its results depend on any field: what changes that forgets them.
    #[allow(dead_code)]
    #[must_use]
    #[inline]
    fn skipped_cache(
        &self,
    ) -> ::memo_runtime::__private::MethodCache<
        '_,
        impl ::memo_runtime::__private::CacheOf<
            (::memo_runtime::__private::Borrowed<str>,),
            usize,
        >,
    > {
        ::memo_runtime::__private::instance(self, |caches| &caches.skipped).cache()
    }
    fn keyed(&self, user: &User) -> String {
        ::memo_runtime::__private::instance(self, |caches| &caches.keyed)
            .call(
                (::memo_runtime::__private::Moved::<u64>(user.id),),
                |_| -> String { user.name.clone() },
            )
    }
    /// The cache of `keyed`: its size and counts, and ways to look up, insert and forget entries. Its results depend on no field.
    #[allow(dead_code)]
    #[must_use]
    #[inline]
    fn keyed_cache(
        &self,
    ) -> ::memo_runtime::__private::MethodCache<
        '_,
        impl ::memo_runtime::__private::CacheOf<
            (::memo_runtime::__private::ByValue<u64>,),
            String,
        >,
    > {
        ::memo_runtime::__private::instance(self, |caches| &caches.keyed).cache()
    }
    fn filtered(&self, argument0: (u32, u32), n: u32, _: u8) -> Option<u32> {
        ::memo_runtime::__private::instance(self, |caches| &caches.filtered)
            .only_if::<Option<u32>, _>(|found| found.is_some())
            .call(
                (argument0, n),
                |((a, b), mut n)| -> Option<u32> {
                    n += a;
                    Some(n + b)
                },
            )
    }
    /// The cache of `filtered`: its size and counts, and ways to look up, insert and forget entries. Its results depend on no field.
    #[allow(dead_code)]
    #[must_use]
    #[inline]
    fn filtered_cache(
        &self,
    ) -> ::memo_runtime::__private::MethodCache<
        '_,
        impl ::memo_runtime::__private::CacheOf<
            (
                ::memo_runtime::__private::ByValue<(u32, u32)>,
                ::memo_runtime::__private::ByValue<u32>,
            ),
            Option<u32>,
        >,
    > {
        ::memo_runtime::__private::instance(self, |caches| &caches.filtered).cache()
    }
    fn borrowed(&self, word: String) -> &Vec<usize> {
        ::memo_runtime::__private::instance(self, |caches| &caches.borrowed)
            .call_ref((word,), |(word,)| -> Vec<usize> { self.all(word) })
    }
    /// The cache of `borrowed`: its size and counts, and ways to look up, insert and forget entries. Its results depend on any field: what changes that forgets them.
    #[allow(dead_code)]
    #[must_use]
    #[inline]
    fn borrowed_cache(
        &self,
    ) -> ::memo_runtime::__private::MethodCache<
        '_,
        impl ::memo_runtime::__private::LastingCacheOf<
            '_,
            (::memo_runtime::__private::ByValue<String>,),
            Vec<usize>,
        >,
        ::memo_runtime::__private::HandsOutReferences,
    > {
        ::memo_runtime::__private::instance(self, |caches| &caches.borrowed)
            .lasting_cache()
    }
    fn perhaps_a_result(&self, word: &str) -> io::Result<usize> {
        ::memo_runtime::__private::instance(self, |caches| &caches.perhaps_a_result)
            .only_ok_of::<io::Result<usize>>()
            .call((word,), |(word,)| -> io::Result<usize> { self.read(word) })
    }
    /// The cache of `perhaps_a_result`: its size and counts, and ways to look up, insert and forget entries. Its results depend on any field: what changes that forgets them.
    #[allow(dead_code)]
    #[must_use]
    #[inline]
    fn perhaps_a_result_cache(
        &self,
    ) -> ::memo_runtime::__private::MethodCache<
        '_,
        impl ::memo_runtime::__private::CacheOf<
            (::memo_runtime::__private::Borrowed<str>,),
            usize,
        >,
    > {
        ::memo_runtime::__private::instance(self, |caches| &caches.perhaps_a_result)
            .cache()
    }
}
#[allow(unused_imports)]
use ::memo_runtime::__private::AnyFields as _;
const _: () = {
    #[allow(dead_code)]
    pub struct __IndexCaches {
        skipped: ::memo_runtime::__private::Reading<
            ::memo_runtime::__private::Map<
                (::memo_runtime::__private::Borrowed<str>,),
                usize,
            >,
            0,
        >,
        keyed: ::memo_runtime::__private::Reading<
            ::memo_runtime::__private::Map<
                (::memo_runtime::__private::ByValue<u64>,),
                String,
            >,
            1,
        >,
        filtered: ::memo_runtime::__private::Reading<
            ::memo_runtime::__private::Map<
                (
                    ::memo_runtime::__private::ByValue<(u32, u32)>,
                    ::memo_runtime::__private::ByValue<u32>,
                ),
                Option<u32>,
            >,
            2,
        >,
        borrowed: ::memo_runtime::__private::Reading<
            ::memo_runtime::__private::KeptMap<
                (::memo_runtime::__private::ByValue<String>,),
                Vec<usize>,
            >,
            3,
        >,
        perhaps_a_result: ::memo_runtime::__private::Reading<
            ::memo_runtime::__private::Map<
                (::memo_runtime::__private::Borrowed<str>,),
                usize,
            >,
            4,
        >,
    }
    #[automatically_derived]
    impl ::memo_runtime::__private::CacheSet for __IndexCaches {
        const READS: &'static [::memo_runtime::__private::Fields] = &[
            ::memo_runtime::__private::Fields::ALL,
            ::memo_runtime::__private::FieldsOf::<Index>::LIST
                .read(::core::module_path!(), &[]),
            ::memo_runtime::__private::FieldsOf::<Index>::LIST
                .read(::core::module_path!(), &[]),
            ::memo_runtime::__private::Fields::ALL,
            ::memo_runtime::__private::Fields::ALL,
        ];
        fn new() -> Self {
            Self {
                skipped: ::memo_runtime::__private::Reading::new(
                    ::memo_runtime::__private::Map::new(),
                ),
                keyed: ::memo_runtime::__private::Reading::new(
                    ::memo_runtime::__private::Map::new(),
                ),
                filtered: ::memo_runtime::__private::Reading::new(
                    ::memo_runtime::__private::Map::new(),
                ),
                borrowed: ::memo_runtime::__private::Reading::new(
                    ::memo_runtime::__private::KeptMap::new(),
                ),
                perhaps_a_result: ::memo_runtime::__private::Reading::new(
                    ::memo_runtime::__private::Map::new(),
                ),
            }
        }
        fn take(&mut self, changed: ::memo_runtime::__private::Fields, gone: &mut Self) {
            self.skipped.take::<Self>(changed, &mut gone.skipped);
            self.keyed.take::<Self>(changed, &mut gone.keyed);
            self.filtered.take::<Self>(changed, &mut gone.filtered);
            self.borrowed.take::<Self>(changed, &mut gone.borrowed);
            self.perhaps_a_result.take::<Self>(changed, &mut gone.perhaps_a_result);
        }
        fn absorb(&self, other: &Self) {
            self.skipped.absorb(&other.skipped);
            self.keyed.absorb(&other.keyed);
            self.filtered.absorb(&other.filtered);
            self.borrowed.absorb(&other.borrowed);
            self.perhaps_a_result.absorb(&other.perhaps_a_result);
        }
    }
    #[automatically_derived]
    impl ::memo_runtime::__private::MemoizedBlock<::memo_runtime::__private::Unnamed>
    for Index {
        type Caches = __IndexCaches;
    }
};
