use memo_runtime::memoize;

trait Area {
    #[memoize(unbounded)] //~ ERROR
    fn area(side: u64) -> u64;
}

fn main() {}
