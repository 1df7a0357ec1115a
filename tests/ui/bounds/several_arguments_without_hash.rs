use memo_runtime::memoize;

#[derive(Clone, PartialEq, Eq)]
struct Unit(u64);

#[derive(Clone, Hash)]
struct Scale(u64);

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn convert(
        &self,
        n: u64,
        unit: &Unit, //~ ERROR a value of type `Unit` cannot be part of a key
        name: &str,
        scale: Option<Scale>, //~ ERROR a value of type `Option<Scale>` cannot be part of a key
    ) -> u64 {
        self.side * unit.0 * n + name.len() as u64 + scale.map_or(0, |scale| scale.0)
    }
}

fn main() {}
