use memo_runtime::memoize;

trait Area {
    #[memoize(unbounded)] //~ ERROR `#[memoize]` goes on a struct, an `impl` block, a method in such a block, or a function
    fn area(side: u64) -> u64;
}

fn main() {}
