use memo_runtime::memoize;

#[derive(Clone)]
struct Glyph(u32);

#[memoize(engine = moka::sync::Cache::new(10))]
fn outline(glyph: Glyph) -> u32 { //~ ERROR a value of type `Glyph` cannot be part of a key
    glyph.0
}

fn main() {}
