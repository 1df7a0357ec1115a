use memo_runtime::memoize;

struct Table(Vec<u64>);

#[memoize(engine = moka::sync::Cache::new(10))] //~ ERROR cannot be the engine of this function
fn table(n: u64) -> Table { //~ ERROR a result of type `Table` cannot be cached
    Table(vec![n])
}

fn main() {}
