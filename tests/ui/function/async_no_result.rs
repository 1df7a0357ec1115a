use memo_runtime::memoize;

#[memoize(unbounded)]
async fn print(n: u64) { //~ ERROR there is nothing to cache
    println!("{n}");
}

fn main() {}
