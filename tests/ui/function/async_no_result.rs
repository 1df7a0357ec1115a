use memo_runtime::memoize;

#[memoize(unbounded)]
async fn print(n: u64) { //~ ERROR
    println!("{n}");
}

fn main() {}
