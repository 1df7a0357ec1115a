use memo_runtime::memoize;

#[memoize]
struct Shape {
    name: String,
}

#[memoize]
impl Shape {
    #[memoize]
    fn label(&self) -> &str { //~ ERROR a memoized result cannot borrow from `self` or an argument
        &self.name
    }
}

fn main() {}
