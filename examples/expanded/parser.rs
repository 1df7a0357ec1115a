//! What `#[memoize]` makes of `examples/parser.rs`; a test keeps it so.

#![allow(clippy::all, clippy::pedantic)]
#![cfg_attr(rustfmt, rustfmt_skip)]

use memo_runtime::__private as memo;
/// What a rule found: its value, and where the rest begins.
type Parsed<T> = Option<(T, usize)>;
/// ```text
/// sum     = product ("+" sum | "-" sum)?
/// product = power ("*" product)?
/// power   = atom ("^" power)?
/// atom    = number | name | "(" sum ")"
/// ```
struct Parser<'s> {
    source: &'s str,
    #[doc(hidden)]
    memo: memo::InstanceCaches<Self>,
}
#[automatically_derived]
impl<'s> memo::CacheField for Parser<'s> {
    #[allow(deprecated, unused_imports)]
    const FIELDS: memo::FieldList = {
        use memo::Unknown as _;
        memo::FieldList::new(
            ::core::module_path!(),
            &[
                memo::NamedField::new(
                    "source",
                    memo::Holding::<&'s str>::MAY_BE_REFERENCE,
                    memo::Holding::<&'s str>::MAY_HOLD_REFERENCE,
                    memo::Holding::<&'s str>::LOOKS,
                    memo::Holding::<&'s str>::CLONES,
                ),
            ],
        )
    };
    #[inline]
    fn caches(&self) -> &memo::InstanceCaches<Self> {
        &self.memo
    }
    #[inline]
    fn caches_mut(&mut self) -> &mut memo::InstanceCaches<Self> {
        &mut self.memo
    }
}
#[automatically_derived]
impl<'s> memo::CacheHome for Parser<'s>
where
    Parser<'s>: memo::MemoizedBlock<memo::Unnamed>,
{
    type AllCaches = (<Self as memo::MemoizedBlock<memo::Unnamed>>::Caches,);
}
#[automatically_derived]
impl<'s> memo::BlockHome<memo::Unnamed> for Parser<'s>
where
    Parser<'s>: memo::MemoizedBlock<memo::Unnamed>,
{
    type Caches = <Self as memo::MemoizedBlock<memo::Unnamed>>::Caches;
    #[inline]
    fn block(caches: &Self::AllCaches) -> &Self::Caches {
        &caches.0
    }
}
const _: () = memo::has_block::<Parser<'static>, memo::Unnamed>();
#[automatically_derived]
impl<'s> memo::Steady for Parser<'s> {}
const _: () = {
    #[allow(deprecated, unused_imports, clippy::multiple_bound_locations)]
    fn __asking<'s>(instance: &Parser<'s>)
    where
        for<'__any> Parser<'s>: ::core::panic::RefUnwindSafe,
    {
        use memo::{Field, steady};
        steady(Field::of(&instance.source).kind());
    }
};
impl<'s> Parser<'s> {
    fn new(source: &'s str) -> Self {
        Self {
            source,
            memo: ::core::default::Default::default(),
        }
    }
    fn rest(&self, at: usize) -> &'s str {
        self.source[at..].trim_start()
    }
    /// Where the rest begins after `symbol`.
    fn symbol(&self, at: usize, symbol: char) -> Option<usize> {
        let rest = self.rest(at).strip_prefix(symbol)?;
        Some(self.source.len() - rest.len())
    }
    /// A name or number: a part of the source itself.
    fn word(&self, at: usize) -> Parsed<&'s str> {
        memo::instance(self, |caches| &caches.word)
            .only_if(|result: &Parsed<&'s str>| { memo::Probe::new(result).is_kept() })
            .call(
                (at,),
                |(at,)| -> Parsed<&'s str> {
                    let rest = self.rest(at);
                    let len = rest
                        .find(|c: char| !c.is_alphanumeric())
                        .unwrap_or(rest.len());
                    (len > 0)
                        .then(|| (&rest[..len], self.source.len() - rest.len() + len))
                },
            )
    }
    /// The cache of `word`: its size and counts, and ways to look up, insert and forget entries. Its results depend on `source`: what changes that forgets them.
    #[allow(dead_code)]
    #[must_use]
    #[inline]
    fn word_cache(
        &self,
    ) -> memo::MethodCache<
        '_,
        impl memo::CacheOf<(memo::ByValue<usize>,), Parsed<&'s str>>,
    > {
        memo::instance(self, |caches| &caches.word).cache()
    }
    /// Each rule tries its longer form first, and goes back for the shorter one.
    fn sum(&self, at: usize) -> Parsed<i64> {
        memo::instance(self, |caches| &caches.sum)
            .only_if(|result: &Parsed<i64>| { memo::Probe::new(result).is_kept() })
            .call(
                (at,),
                |(at,)| -> Parsed<i64> {
                    let longer = |symbol| {
                        let (left, at) = self.product(at)?;
                        let (right, at) = self.sum(self.symbol(at, symbol)?)?;
                        Some((
                            if symbol == '+' { left + right } else { left - right },
                            at,
                        ))
                    };
                    longer('+').or_else(|| longer('-')).or_else(|| self.product(at))
                },
            )
    }
    /// The cache of `sum`: its size and counts, and ways to look up, insert and forget entries. Its results depend on `source`: what changes that forgets them.
    #[allow(dead_code)]
    #[must_use]
    #[inline]
    fn sum_cache(
        &self,
    ) -> memo::MethodCache<
        '_,
        impl memo::CacheOf<(memo::ByValue<usize>,), Parsed<i64>>,
    > {
        memo::instance(self, |caches| &caches.sum).cache()
    }
    fn product(&self, at: usize) -> Parsed<i64> {
        memo::instance(self, |caches| &caches.product)
            .only_if(|result: &Parsed<i64>| { memo::Probe::new(result).is_kept() })
            .call(
                (at,),
                |(at,)| -> Parsed<i64> {
                    let longer = || {
                        let (left, at) = self.power(at)?;
                        let (right, at) = self.product(self.symbol(at, '*')?)?;
                        Some((left * right, at))
                    };
                    longer().or_else(|| self.power(at))
                },
            )
    }
    /// The cache of `product`: its size and counts, and ways to look up, insert and forget entries. Its results depend on `source`: what changes that forgets them.
    #[allow(dead_code)]
    #[must_use]
    #[inline]
    fn product_cache(
        &self,
    ) -> memo::MethodCache<
        '_,
        impl memo::CacheOf<(memo::ByValue<usize>,), Parsed<i64>>,
    > {
        memo::instance(self, |caches| &caches.product).cache()
    }
    fn power(&self, at: usize) -> Parsed<i64> {
        memo::instance(self, |caches| &caches.power)
            .only_if(|result: &Parsed<i64>| { memo::Probe::new(result).is_kept() })
            .call(
                (at,),
                |(at,)| -> Parsed<i64> {
                    let longer = || {
                        let (base, at) = self.atom(at)?;
                        let (exponent, at) = self.power(self.symbol(at, '^')?)?;
                        Some((base.pow(u32::try_from(exponent).ok()?), at))
                    };
                    longer().or_else(|| self.atom(at))
                },
            )
    }
    /// The cache of `power`: its size and counts, and ways to look up, insert and forget entries. Its results depend on `source`: what changes that forgets them.
    #[allow(dead_code)]
    #[must_use]
    #[inline]
    fn power_cache(
        &self,
    ) -> memo::MethodCache<
        '_,
        impl memo::CacheOf<(memo::ByValue<usize>,), Parsed<i64>>,
    > {
        memo::instance(self, |caches| &caches.power).cache()
    }
    fn atom(&self, at: usize) -> Parsed<i64> {
        memo::instance(self, |caches| &caches.atom)
            .only_if(|result: &Parsed<i64>| { memo::Probe::new(result).is_kept() })
            .call(
                (at,),
                |(at,)| -> Parsed<i64> {
                    let nested = || {
                        let (value, at) = self.sum(self.symbol(at, '(')?)?;
                        Some((value, self.symbol(at, ')')?))
                    };
                    let number = || {
                        let (word, at) = self.word(at)?;
                        Some((word.parse().ok()?, at))
                    };
                    nested().or_else(number)
                },
            )
    }
    /// The cache of `atom`: its size and counts, and ways to look up, insert and forget entries. Its results depend on `source`: what changes that forgets them.
    #[allow(dead_code)]
    #[must_use]
    #[inline]
    fn atom_cache(
        &self,
    ) -> memo::MethodCache<
        '_,
        impl memo::CacheOf<(memo::ByValue<usize>,), Parsed<i64>>,
    > {
        memo::instance(self, |caches| &caches.atom).cache()
    }
    fn value(&self) -> Option<i64> {
        let (value, at) = self.sum(0)?;
        self.rest(at).is_empty().then_some(value)
    }
}
#[allow(unused_imports)]
use memo::AnyFields as _;
const _: () = {
    #[allow(dead_code)]
    pub struct __ParserCaches<'s> {
        word: memo::Reading<
            memo::Map<(memo::ByValue<usize>,), Parsed<&'s str>, memo::Stats>,
            0,
        >,
        sum: memo::Reading<
            memo::Map<(memo::ByValue<usize>,), Parsed<i64>, memo::Stats>,
            1,
        >,
        product: memo::Reading<
            memo::Map<(memo::ByValue<usize>,), Parsed<i64>, memo::Stats>,
            2,
        >,
        power: memo::Reading<
            memo::Map<(memo::ByValue<usize>,), Parsed<i64>, memo::Stats>,
            3,
        >,
        atom: memo::Reading<
            memo::Map<(memo::ByValue<usize>,), Parsed<i64>, memo::Stats>,
            4,
        >,
        __owner: ::core::marker::PhantomData<fn() -> Parser<'s>>,
    }
    #[automatically_derived]
    impl<'s> memo::CacheSet for __ParserCaches<'s> {
        const READS: &'static [memo::Fields] = &[
            memo::FieldsOf::<Parser<'s>>::LIST.read(::core::module_path!(), &["source"]),
            memo::FieldsOf::<Parser<'s>>::LIST.read(::core::module_path!(), &["source"]),
            memo::FieldsOf::<Parser<'s>>::LIST.read(::core::module_path!(), &["source"]),
            memo::FieldsOf::<Parser<'s>>::LIST.read(::core::module_path!(), &["source"]),
            memo::FieldsOf::<Parser<'s>>::LIST.read(::core::module_path!(), &["source"]),
        ];
        fn new() -> Self {
            Self {
                word: memo::Reading::new(memo::Map::new()),
                sum: memo::Reading::new(memo::Map::new()),
                product: memo::Reading::new(memo::Map::new()),
                power: memo::Reading::new(memo::Map::new()),
                atom: memo::Reading::new(memo::Map::new()),
                __owner: ::core::marker::PhantomData,
            }
        }
        fn take(&mut self, changed: memo::Fields, gone: &mut Self) {
            self.word.take::<Self>(changed, &mut gone.word);
            self.sum.take::<Self>(changed, &mut gone.sum);
            self.product.take::<Self>(changed, &mut gone.product);
            self.power.take::<Self>(changed, &mut gone.power);
            self.atom.take::<Self>(changed, &mut gone.atom);
        }
        fn absorb(&self, other: &Self) {
            self.word.absorb(&other.word);
            self.sum.absorb(&other.sum);
            self.product.absorb(&other.product);
            self.power.absorb(&other.power);
            self.atom.absorb(&other.atom);
        }
    }
    #[automatically_derived]
    impl<'s> memo::MemoizedBlock<memo::Unnamed> for Parser<'s> {
        type Caches = __ParserCaches<'s>;
    }
};
fn main() {
    for source in [
        "1 + 2 * 3",
        "2 ^ 3 ^ 2 - 500",
        "((((((1))))))",
        "1 +",
        "2 * (3 + x)",
    ] {
        println!("{source:>20} = {:?}", Parser::new(source).value());
    }
    assert_eq!(Parser::new("1 + 2 * 3").value(), Some(7));
    assert_eq!(Parser::new("2 ^ 3 ^ 2 - 500").value(), Some(12));
    assert_eq!(Parser::new("1 +").value(), None);
    let source = format!("{}42{}", "(".repeat(30), ")".repeat(30));
    let parser = Parser::new(&source);
    println!("30 parentheses: {:?}", parser.value());
    println!("   sum:  {}", parser.sum_cache().info());
    println!("   atom: {}", parser.atom_cache().info());
    assert_eq!(parser.value(), Some(42));
    assert_eq!(parser.atom_cache().info().misses, Some(31));
    let (word, _) = Parser::new("borrowed words").word(0).expect("a word");
    println!("a word that outlives its parser: {word:?}");
}
