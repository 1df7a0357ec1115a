//! What `#[memoize]` makes of `examples/shared_reads.rs`; a test keeps it so.

#![allow(clippy::all, clippy::pedantic)]
#![cfg_attr(rustfmt, rustfmt_skip)]

use memo_runtime::__private as memo;
/// A customer's contract. Thousands of them have one of a few tariffs. The struct needs no attribute: nothing is cached in it.
#[derive(Clone)]
struct Contract {
    customer: String,
    tariff: String,
    /// In cents.
    base_fee: u64,
}
impl Contract {
    fn new(customer: &str, tariff: &str, base_fee: u64) -> Self {
        Self {
            customer: customer.to_owned(),
            tariff: tariff.to_owned(),
            base_fee,
        }
    }
    /// One cache for all contracts, keyed by the tariff and the argument. The body cannot reach the customer, or the fee: to write
    /// `self.customer` here does not compile.
    fn price(&self, units: u64) -> u64 {
        struct __ContractReads {
            tariff: String,
        }
        #[allow(clippy::missing_const_for_fn)]
        impl __ContractReads {
            fn price(&self, units: u64) -> u64 {
                println!(
                    "   (a price of {:?} for {units} units is computed)", self.tariff
                );
                let cents = if self.tariff == "night" { 12 } else { 25 };
                units * cents
            }
        }
        memo::memoize(Self::price_cache())
            .call(
                (memo::State::<String>(&self.tariff), units),
                |(state_tariff, units)| -> u64 {
                    __ContractReads {
                        tariff: state_tariff,
                    }
                        .price(units)
                },
            )
    }
    /// The cache of `price`: its size and counts, and ways to look up, insert and forget entries.
    #[allow(dead_code)]
    #[must_use]
    #[inline]
    fn price_cache() -> memo::MethodCache<
        'static,
        impl memo::CacheOf<(memo::ByValue<String>, memo::ByValue<u64>), u64>,
    > {
        static CACHE: ::std::sync::OnceLock<
            memo::TypeCache<
                memo::Lru<
                    (memo::ByValue<String>, memo::ByValue<u64>),
                    u64,
                    memo::Stats,
                    memo::Threads,
                    100,
                >,
            >,
        > = ::std::sync::OnceLock::new();
        memo::MethodCache::of(
            CACHE
                .get_or_init(|| memo::TypeCache::new(
                    "Contract::price",
                    &CACHE,
                    memo::Lru::new(),
                ))
                .get(),
        )
    }
    fn bill(&self, units: u64) -> u64 {
        self.base_fee + self.price(units)
    }
    fn change_tariff(&mut self, tariff: &str) {
        memo::Instance::new(self)
            .forget(const {
                memo::FieldsOf::<Self>::LIST.changed(::core::module_path!(), &["tariff"])
            });
        tariff.clone_into(&mut self.tariff);
    }
}
#[allow(unused_imports)]
use memo::AnyFields as _;
const _: () = {
    #[allow(dead_code, single_use_lifetimes)]
    fn asking() {
        memo::visible(&memo::BlockFor::<Contract>::NEW.answer());
    }
};
fn main() {
    let mut contracts: Vec<Contract> = (0..1_000)
        .map(|n| {
            let tariff = if n % 2 == 0 { "day" } else { "night" };
            Contract::new(&format!("customer {n}"), tariff, n)
        })
        .collect();
    println!("1,000 contracts, two tariffs:");
    let total: u64 = contracts.iter().map(|contract| contract.bill(100)).sum();
    println!("   total: {total} cents; {}", Contract::price_cache().info());
    assert_eq!(total, 999 * 500 + 500 * 2_500 + 500 * 1_200);
    assert_eq!(Contract::price_cache().info().misses, Some(2));
    println!("one customer changes the tariff, and finds what others have paid for it:");
    assert_eq!(contracts[0].customer, "customer 0");
    contracts[0].change_tariff("night");
    println!("   {} pays {} cents", contracts[0].customer, contracts[0].bill(100));
    assert_eq!(contracts[0].bill(100), 1_200);
    assert_eq!(Contract::price_cache().info().misses, Some(2));
    println!("instances go, the results stay; none of them holds an instance:");
    drop(contracts);
    assert!(Contract::price_cache().contains((String::from("day"), 100)));
    println!("   {}", Contract::price_cache().info());
}
