use memo_runtime::memoize;

macro_rules! setter {
    ($name:ident, $field:ident) => {
        fn $name(&mut self, value: u32) {
            self.$field = value;
        }
    };
}

#[memoize]
struct S {
    x: u32,
}

#[memoize]
impl S {
    #[memoize]
    fn double(&self) -> u32 {
        self.x * 2
    }
    setter!(set_x, x); //~ ERROR a macro in an annotated block hides its methods
}

fn main() {}
