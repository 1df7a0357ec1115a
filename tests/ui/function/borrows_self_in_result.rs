use memo_runtime::memoize;

#[memoize]
struct Shape {
    name: String,
}

#[memoize]
impl Shape {
    #[memoize]
    fn label(&self) -> Result<&str, ()> { //~ ERROR
        Ok(&self.name)
    }
}

fn main() {}
