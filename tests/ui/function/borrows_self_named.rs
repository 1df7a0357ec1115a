use memo_runtime::memoize;

#[memoize]
struct Shape {
    name: String,
}

#[memoize]
impl Shape {
    #[memoize]
    fn label<'a>(&'a self) -> &'a str { //~ ERROR
        &self.name
    }
}

fn main() {}
