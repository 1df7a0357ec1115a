use memo_runtime::memoize;

trait Twice {
    fn twice(&self) -> u64;
}

#[memoize]
impl Twice for u64 { //~ ERROR an instance-scoped method needs a struct to keep its cache in
    #[memoize]
    fn twice(&self) -> u64 {
        self * 2
    }
}

fn main() {}
