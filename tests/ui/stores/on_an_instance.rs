use memo_runtime::memoize;

#[memoize]
struct Circle {
    radius: f64,
}

#[memoize]
impl Circle {
    #[memoize(store = &REGION, ttl = "5m")] //~ ERROR `store` is for type scope; an instance's cache is a part of the instance, and gone with it; write `scope = "type"`, and name the state that the body reads: `reads(field: Type)`
    fn scaled(&self, factor: u64) -> f64 {
        self.radius * factor as f64
    }
}

fn main() {}
