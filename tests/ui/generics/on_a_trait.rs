use memo_runtime::memoize;

#[memoize] //~ ERROR
trait Area {
    fn area(&self) -> u64;
}

fn main() {}
