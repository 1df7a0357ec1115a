use memo_runtime::memoize;

#[derive(Clone)]
struct Label<'a>(&'a str);

#[memoize]
struct Shape {
    name: String,
}

#[memoize]
impl Shape {
    #[memoize]
    fn label(&self) -> Label<'_> { //~ ERROR
        Label(&self.name)
    }
}

fn main() {}
