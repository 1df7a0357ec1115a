impl Index {
    fn skipped(&self, word: &str, log: &dyn Log) -> usize {
        ::memo_runtime::__private::instance(self, |caches| &caches.skipped)
            .verified(::memo_runtime::__private::Checks {
                site: &::memo_runtime::__private::Site {
                    name: "Index::skipped",
                    file: ::core::file!(),
                    line: ::core::line!(),
                    parts: &["word"],
                    is_plain: true,
                    skipped: &["log"],
                    is_keyed: false,
                    is_result: false,
                    is_generic: false,
                    reads: &[],
                    promises: &[],
                },
                differ: ::memo_runtime::__private::Compared::<usize, usize>::NEW
                    .differ(),
                cached: ::memo_runtime::__private::Shown::<usize>::NEW.text(),
                now: ::memo_runtime::__private::Shown::<usize>::NEW.text(),
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
            })
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
            .verified(::memo_runtime::__private::Checks {
                site: &::memo_runtime::__private::Site {
                    name: "Index::keyed",
                    file: ::core::file!(),
                    line: ::core::line!(),
                    parts: &["id"],
                    is_plain: true,
                    skipped: &[],
                    is_keyed: true,
                    is_result: false,
                    is_generic: false,
                    reads: &[],
                    promises: &[],
                },
                differ: ::memo_runtime::__private::Compared::<String, String>::NEW
                    .differ(),
                cached: ::memo_runtime::__private::Shown::<String>::NEW.text(),
                now: ::memo_runtime::__private::Shown::<String>::NEW.text(),
                key: |
                    key: &::memo_runtime::__private::Stored<
                        (::memo_runtime::__private::ByValue<u64>,),
                    >|
                {
                    ::std::vec![
                        ::memo_runtime::__private::Shown:: <
                        ::memo_runtime::__private::Stored <
                        ::memo_runtime::__private::ByValue < u64 > >> ::NEW.text() (& key
                        .0)
                    ]
                },
            })
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
            .verified(::memo_runtime::__private::Checks {
                site: &::memo_runtime::__private::Site {
                    name: "Index::filtered",
                    file: ::core::file!(),
                    line: ::core::line!(),
                    parts: &["(a , b)", "n"],
                    is_plain: false,
                    skipped: &[],
                    is_keyed: false,
                    is_result: false,
                    is_generic: false,
                    reads: &[],
                    promises: &[],
                },
                differ: ::memo_runtime::__private::Compared::<
                    Option<u32>,
                    Option<u32>,
                >::NEW
                    .differ(),
                cached: ::memo_runtime::__private::Shown::<Option<u32>>::NEW.text(),
                now: ::memo_runtime::__private::Shown::<Option<u32>>::NEW.text(),
                key: |
                    key: &::memo_runtime::__private::Stored<
                        (
                            ::memo_runtime::__private::ByValue<(u32, u32)>,
                            ::memo_runtime::__private::ByValue<u32>,
                        ),
                    >|
                {
                    ::std::vec![
                        ::memo_runtime::__private::Shown:: <
                        ::memo_runtime::__private::Stored <
                        ::memo_runtime::__private::ByValue < (u32, u32) > >> ::NEW.text()
                        (& key.0), ::memo_runtime::__private::Shown:: <
                        ::memo_runtime::__private::Stored <
                        ::memo_runtime::__private::ByValue < u32 > >> ::NEW.text() (& key
                        .1)
                    ]
                },
            })
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
            .verified(::memo_runtime::__private::Checks {
                site: &::memo_runtime::__private::Site {
                    name: "Index::borrowed",
                    file: ::core::file!(),
                    line: ::core::line!(),
                    parts: &["word"],
                    is_plain: true,
                    skipped: &[],
                    is_keyed: false,
                    is_result: false,
                    is_generic: false,
                    reads: &[],
                    promises: &[],
                },
                differ: ::memo_runtime::__private::Compared::<
                    Vec<usize>,
                    Vec<usize>,
                >::NEW
                    .differ(),
                cached: ::memo_runtime::__private::Shown::<Vec<usize>>::NEW.text(),
                now: ::memo_runtime::__private::Shown::<Vec<usize>>::NEW.text(),
                key: |
                    key: &::memo_runtime::__private::Stored<
                        (::memo_runtime::__private::ByValue<String>,),
                    >|
                {
                    ::std::vec![
                        ::memo_runtime::__private::Shown:: <
                        ::memo_runtime::__private::Stored <
                        ::memo_runtime::__private::ByValue < String > >> ::NEW.text() (&
                        key.0)
                    ]
                },
            })
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
            .verified(::memo_runtime::__private::Checks {
                site: &::memo_runtime::__private::Site {
                    name: "Index::perhaps_a_result",
                    file: ::core::file!(),
                    line: ::core::line!(),
                    parts: &["word"],
                    is_plain: true,
                    skipped: &[],
                    is_keyed: false,
                    is_result: true,
                    is_generic: false,
                    reads: &[],
                    promises: &[],
                },
                differ: ::memo_runtime::__private::Compared::<
                    usize,
                    io::Result<usize>,
                >::NEW
                    .differ(),
                cached: ::memo_runtime::__private::Shown::<usize>::NEW.text(),
                now: ::memo_runtime::__private::Shown::<io::Result<usize>>::NEW.text(),
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
            })
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
