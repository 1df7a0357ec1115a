use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        self.side * self.side
    }

    #[cfg(not(windows))]
    #[memoize]
    fn on_this_system(&self) -> u64 {
        self.side
    }

    #[cfg(windows)]
    #[memoize]
    fn on_this_system(&self, drive: char) -> String {
        drive.to_string()
    }
}

fn main() {}
