use memo_runtime::memoize;

#[memoize]
struct Shape { //~ ERROR
    side: u64,
}

fn main() {
    println!("{}", Shape { side: 1, memo: Default::default() }.side);
}
