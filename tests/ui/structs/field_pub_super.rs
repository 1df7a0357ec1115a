mod shapes {
    use memo_runtime::memoize;

    #[memoize]
    pub struct Shape {
        pub(super) side: u64, //~ ERROR the field `side` is not private
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
