use memo_runtime::memoize;

type Res<T> = Result<T, String>;

#[memoize(unbounded, returns = "ref")]
fn load(n: u64) -> Res<u64> { //~ ERROR `returns = "ref"` needs a result that is always cached
    Err(n.to_string())
}

fn main() {}
