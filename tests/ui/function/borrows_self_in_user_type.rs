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
    fn label(&self) -> Label<'_> { //~ ERROR a memoized result cannot borrow from `self` or an argument
        Label(&self.name)
    }
}

fn main() {}
