use memo_runtime::memoize;

trait Area {
    #[memoize] //~ ERROR
    fn area(&self) -> u64;
}

fn main() {}
