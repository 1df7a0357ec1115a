use memo_runtime::memoize;

#[memoize] //~ ERROR `#[memoize]` does not go on a trait
trait Area {
    fn area(&self) -> u64;
}

fn main() {}
