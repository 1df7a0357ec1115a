use memo_runtime::memoize;

#[memoize]
struct Shape {
    r#type: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn r#match(&self, r#fn: u64) -> u64 {
        self.r#type * r#fn
    }

    #[memoize(skip(r#in))]
    fn r#loop(&self, r#in: u64) -> u64 {
        let _ = r#in;
        self.r#type
    }
}
fn show(shape: &Shape) -> usize {
    shape.match_cache().len() + shape.loop_cache().len()
}

fn main() {}
