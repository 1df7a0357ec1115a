//! Instances that share results by exactly the state that a method reads.
//!
//! Run it with `cargo run --example shared_reads`. It checks itself.

use memo_runtime::memoize;

/// A customer's contract. Thousands of them have one of a few tariffs. The struct needs no attribute: nothing is cached in it.
#[derive(Clone)]
struct Contract {
    customer: String,
    tariff: String,
    /// In cents.
    base_fee: u64,
}

#[memoize]
impl Contract {
    fn new(customer: &str, tariff: &str, base_fee: u64) -> Self {
        Self { customer: customer.to_owned(), tariff: tariff.to_owned(), base_fee }
    }

    /// One cache for all contracts, keyed by the tariff and the argument. The body cannot reach the customer, or the fee: to write
    /// `self.customer` here does not compile.
    #[memoize(scope = "type", capacity = 100, stats, reads(tariff: String))]
    fn price(&self, units: u64) -> u64 {
        println!("   (a price of {:?} for {units} units is computed)", self.tariff);
        let cents = if self.tariff == "night" { 12 } else { 25 };
        units * cents
    }

    fn bill(&self, units: u64) -> u64 {
        self.base_fee + self.price(units)
    }

    fn change_tariff(&mut self, tariff: &str) {
        tariff.clone_into(&mut self.tariff);
    }
}

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
