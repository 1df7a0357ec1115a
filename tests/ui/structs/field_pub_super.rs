mod shapes {
    use memo_runtime::memoize;

    #[memoize]
    pub struct Shape {
        pub(super) side: u64, //~ ERROR
    }

    #[memoize]
    impl Shape {
        #[memoize]
        pub fn area(&self) -> u64 {
            self.side
        }
    }
}

fn main() {}
