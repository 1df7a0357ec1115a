use memo_runtime::memoize;

/// What hides a closure, under a name of the standard library.
struct String<'a>(Box<dyn FnMut(u64) -> u64 + 'a>);

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

    fn growing(&mut self) -> String { //~ ERROR `String<'_>` is not the standard library's
        let this = self;
        String(Box::new(move |by| {
            this.side += by;
            this.area()
        }))
    }
}

fn main() {}
