use memo_runtime::memoize;

trait Area {
    fn area(&self) -> u64;
}

trait Side {
    fn side(&self) -> u64;
}

#[memoize]
impl<T: Side> Area for &T { //~ ERROR an instance-scoped method needs a struct to keep its cache in
    #[memoize]
    fn area(&self) -> u64 {
        self.side() * self.side()
    }
}

fn main() {}
