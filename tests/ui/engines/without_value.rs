use memo_runtime::memoize;

#[memoize(engine)] //~ ERROR `engine` expects an expression; write `engine = …`
fn square(n: u64) -> u64 {
    n * n
}

fn main() {}
