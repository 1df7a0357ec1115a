use memo_runtime::memoize;

#[memoize]
struct Shape { //~ ERROR the struct `Shape` has no block with an instance-scoped method
    side: u64,
}

fn main() {
    println!("{}", Shape { side: 1, memo: Default::default() }.side);
}
