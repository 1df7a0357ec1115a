use memo_runtime::memoize;

#[memoize]
struct Shape {
    name: String,
}

#[memoize]
impl Shape {
    #[memoize]
    fn label(&self) -> &str { //~ ERROR
        &self.name
    }
}

fn main() {}
