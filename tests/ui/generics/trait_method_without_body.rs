use memo_runtime::memoize;

trait Area {
    #[memoize] //~ ERROR `#[memoize]` goes on a struct, an `impl` block, a method in such a block, or a function
    fn area(&self) -> u64;
}

fn main() {}
