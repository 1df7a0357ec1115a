use memo_runtime::memoize;

#[memoize]
struct Circle {
    radius: f64,
}

#[memoize(store = &REGION)] //~ ERROR `store` is an option of a method, not of an `impl` block; expected `block`, `field` or `crate`
impl Circle {
    #[memoize]
    fn area(&self) -> f64 {
        self.radius
    }
}

fn main() {}
