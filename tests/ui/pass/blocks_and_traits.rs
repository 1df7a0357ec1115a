use memo_runtime::memoize;

#[memoize(blocks("render"))]
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        self.side * self.side
    }
}

trait Render {
    fn render(&self) -> String;
}

#[memoize(block = "render")]
impl Render for Shape {
    #[memoize]
    fn render(&self) -> String {
        self.side.to_string()
    }
}

#[memoize]
impl Default for Shape {
    fn default() -> Self {
        Self { side: 1 }
    }
}

fn outside() -> Shape {
    Shape { side: 2, memo: Default::default() }
}

fn main() {}
