use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn total(&self, n: *const u64) -> u64 { //~ ERROR a pointer cannot be part of a key
        self.side + n as usize as u64
    }
}

fn main() {}
